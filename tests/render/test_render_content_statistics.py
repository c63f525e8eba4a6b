"""Section 10 says which analysis handles missing data how, when looks take place, and which objective is sized."""

from __future__ import annotations

from typing import Any

import contentcase
import pytest

POINTS = [{"id": "E1", "outcome": "PAIN"}, {"id": "E2", "outcome": "WALK"}]
OBJECTIVES = [{"id": "O1", "level": "primary", "text": "Does it help?", "endpoints": POINTS}]
OUTCOMES = [{"id": "PAIN", "name": "pain"}, {"id": "WALK", "name": "walking"}]


def section(number: str, statistics: dict[str, Any], objectives: Any = OBJECTIVES) -> str:
    """Return one section of the draft of a trial with some statistics."""
    trial = {"protocolkit": 1, "objectives": objectives, "outcomes": OUTCOMES, "statistics": statistics}
    return "\n".join(contentcase.section(contentcase.of(trial), number))


def analysis(role: str, missing: str, endpoint: str = "E1", **more: Any) -> dict[str, Any]:
    """Return an analysis."""
    return {"endpoint": endpoint, "role": role, "model": f"{role} model", "missing_data": missing, **more}


HANDLED = [
    ([analysis("main", "imputed")], ["In the main analysis, missing data are handled as follows: imputed."]),
    (
        [analysis("main", "imputed"), analysis("main", "imputed", "E2")],
        ["In the main analyses, missing data are handled as follows: imputed."],
    ),
    (
        [analysis("main", "imputed"), analysis("main", "left out", "E2")],
        [
            "In the main analysis of pain, missing data are handled as follows: imputed.",
            "In the main analysis of walking, missing data are handled as follows: left out.",
        ],
    ),
    (
        [analysis("main", "imputed"), analysis("sensitivity", "worst case"), analysis("supplementary", "left out")],
        [
            "In the main analysis, missing data are handled as follows: imputed.",
            "In the sensitivity analysis (sensitivity model), missing data are handled as follows: worst case.",
            "In the supplementary analysis (supplementary model), missing data are handled as follows: left out.",
        ],
    ),
]


@pytest.mark.parametrize(("analyses", "wanted"), HANDLED)
def test_the_handling_of_missing_data_names_its_analysis(analyses: list[dict[str, Any]], wanted: list[str]) -> None:
    """The worst case of a sensitivity analysis is not what the main one does."""
    assert section("10.4.1.3", {"analyses": analyses}).splitlines() == wanted


def test_the_criterion_of_success_stands_with_its_endpoint() -> None:
    """In the table of the analyses, or with the analysis that is told in words; not among the general points."""
    stated = {"analyses": [analysis("main", "imputed", success="p below 0.05")]}
    assert "| Main | Pain | " in section("10.4.1.1", stated)
    assert "Success: p below 0.05." in section("10.4.1.1", stated)
    assert "success" not in section("10.1", stated)
    varied = {"analyses": [analysis("sensitivity", "none", success="the same sign")]}
    assert "; success: the same sign." in section("10.4.1.4", varied)


def test_the_estimators_of_several_estimands_say_whose_they_are() -> None:
    """A single one needs no name."""
    estimands = [{"id": f"S{n}", "variable": f"E{n}", "main_estimator": f"method {n}"} for n in (1, 2)]
    told = section("10.4.1.1", {}, [{**OBJECTIVES[0], "estimands": estimands}])
    assert "For pain (E1), the main estimator is: method 1." in told
    assert "For walking (E2), the main estimator is: method 2." in told
    assert "The main estimator is: method 1." in section(
        "10.4.1.1", {}, [{**OBJECTIVES[0], "estimands": estimands[:1]}]
    )


LOOKS: list[tuple[dict[str, Any], str]] = [
    ({"when": "after 100 participants"}, "| IA | After 100 participants"),
    ({"information": "50 %"}, "| IA | 50 %"),
    ({"information": "50 %", "when": "after 100 participants"}, "| IA | 50 % / After 100 participants"),
    ({}, "| IA | information: share of the planned information"),
]


@pytest.mark.parametrize(("stated", "words"), LOOKS)
def test_a_look_says_when_it_is(stated: dict[str, Any], words: str) -> None:
    """The share of information is asked for only where neither it nor the time is stated."""
    told = {"interim": [{"id": "IA", **stated}]}
    assert words in section("10.9", told)
    assert "Interim" not in section("10.1", told)


def test_each_sample_size_names_its_objective() -> None:
    """By its number where there are several of a level, as in the titles."""
    both = [*OBJECTIVES, {"id": "O2", "level": "primary", "text": "Does it last?"}]
    sizes = [{"objective": name, "method": "other"} for name in ("O1", "O2")]
    told = section("10.11", {"sample_size": sizes}, both)
    assert "TABLE Sample size for the primary objective 1" in told
    assert "TABLE Sample size for the primary objective 2" in told
    assert "TABLE Sample size for the primary objective\n" in section("10.11", {"sample_size": sizes[:1]})
    twice = section("10.11", {"sample_size": [sizes[0], sizes[0]]})
    assert "TABLE Sample size for the primary objective (calculation 2)" in twice


LEVELS = {"alpha": 0.05, "sided": 2, "power": 0.9, "ratio": "1:1"}
VARIED: list[tuple[dict[str, Any], str]] = [
    ({"method": "survival_schoenfeld_events", "hr": 0.7}, "| Logarithm of the hazard ratio | Events"),
    ({"method": "two_props_pooled", "p1": 0.4, "p2": 0.6}, "| Difference of proportions | Evaluable per arm"),
    ({"method": "ve_exact_events", "ve": 0.6, "ve_null": 0.2}, "| Efficacy above the one to rule out | Events"),
    ({"method": "two_means_z", "delta": "1 mm", "sd": "2 mm"}, "| Difference | Standard deviation | Evaluable per arm"),
    (
        {"method": "equiv_means_z", "margin": "1 mm", "true_diff": "0 mm", "sd": "2 mm"},
        "| Margin | Standard deviation |",
    ),
]


@pytest.mark.parametrize(("inputs", "heads"), VARIED)
def test_what_is_varied_has_the_names_of_the_method(inputs: dict[str, Any], heads: str) -> None:
    """A hazard ratio has no standard deviation; an equivalence varies its margin."""
    told = section("10.11", {"sample_size": [{"objective": "O1", **LEVELS, **inputs}]})
    assert "TABLE Sensitivity of the sample size for the primary objective to its assumptions" in told
    assert heads in told
