"""Section 10.11 shows what was recomputed, by what, the power of the stated numbers, and how the size moves."""

from __future__ import annotations

from typing import Any

import pytest
from docxtools import outline

from protocolkit import api
from protocolkit.document import Document
from protocolkit.render.tables_sample_size import recomputation
from protocolkit.render.values import Values
from protocolkit.render.view import View
from protocolkit.rules.statistics_recompute import recomputed
from protocolkit.rules.statistics_sensitivity import Case, cases
from protocolkit.sample_size import NotComputable, libraries

ENTRY: dict[str, Any] = {
    "objective": "O1", "method": "two_means_z", "delta": "1 {score}", "sd": "2.2 {score}", "alpha": 0.05, "sided": 2,
    "power": 0.9, "ratio": "1:1", "missing": "15 %", "evaluable_per_arm": 110,
}  # fmt: skip


def _view(entry: dict[str, Any]) -> View:
    document = Document("a", {"protocolkit": 1, "statistics": {"sample_size": [entry]}})
    return View(Values(document, ()), document.root["statistics"]["sample_size"][0])


def _words(entry: dict[str, Any]) -> str:
    document = Document("a", {"protocolkit": 1, "statistics": {"sample_size": [entry]}})
    text = outline(api.render(document))
    return text[text.rfind("Sample Size Determination") :]


def test_the_recomputed_number_and_the_power_of_the_stated_one_are_printed() -> None:
    """With the method and the library, so that a reader can do the same."""
    told = _words(ENTRY)
    assert "Recomputed by two-sample comparison of means (statistics.NormalDist of Python)" in told
    assert ": 102 evaluable per arm." in told
    assert "The stated numbers (220 in all) give a power of 0.921." in told
    assert "= Randomised, 15 % missing = Randomised, 25 % missing" in told
    assert "| as stated | as stated | 102 | 120 | 136" in told
    assert told.count(" | +20 % | ") == 3


def test_those_without_data_do_not_count_for_the_power_where_no_drop_out_is_computed() -> None:
    """They are allowed for apart, so that the evaluable ones have the power; with a hazard of drop-out it is in."""
    entry = {
        "method": "ni_survival_schoenfeld_n", "hr": 1, "margin": 1.45, "alpha": 0.025, "sided": 1, "power": 0.8,
        "ratio": "1:1", "median_control": "255.9 mo", "accrual": "36 mo", "followup": "60 mo", "missing": "5 %",
        "evaluable_per_arm": 599, "randomised_per_arm": 631,
    }  # fmt: skip
    assert "The stated numbers (1198 in all)" in _words({**entry, "dropout_hazard": 0})
    assert "The stated numbers (1262 in all)" in _words({**entry, "dropout_hazard": 0.001})


def test_difference_and_spread_move_by_a_fifth() -> None:
    """A smaller difference or a larger spread needs more; both by the same factor leave it as it is."""
    entry = _view(ENTRY).node
    needed = recomputed(entry)
    assert needed is not None
    found = {(case.difference, case.spread): case for case in cases(entry, needed)}
    assert found[1.0, 1.0] == Case(1.0, 1.0, 102, (120, 136))
    assert found[0.8, 0.8].evaluable == found[1.2, 1.2].evaluable == 102
    assert [found[0.8, 1.0].evaluable, found[1.2, 1.0].evaluable, found[1.0, 1.2].evaluable] == [159, 71, 147]


def test_beside_a_margin_the_frequency_moves_too() -> None:
    """How often the event is expected decides about the number; both proportions move by the same factor."""
    rates = {
        "method": "ni_props_unpooled",
        "ratio": "1:1",
        "margin": 0.04,
        "p_trt": 0.06,
        "p_ctl": 0.06,
        "alpha": 0.025,
        "sided": 1,
    }
    told = _words({**ENTRY, "delta": None, "sd": None, **rates, "power": 0.8, "missing": None})
    assert "Margin = Proportions = Evaluable per arm" in told
    # 2 x 0.06 x 0.94 x (1.959964 + 0.841621)^2 / 0.04^2 and the same at 7.2 %
    assert "| as stated | as stated | 554" in told
    assert "| as stated | +20 % | 656" in told


def test_nobody_is_randomised_into_one_group() -> None:
    """A single group is enrolled, and differs from a value that is fixed."""
    rates = {"method": "one_prop_z", "p0": 0.3, "p1": 0.5, "ratio": None, "evaluable_per_arm": None, "missing": "10 %"}
    told = _words({**ENTRY, "delta": None, "sd": None, **rates})
    assert "Difference from the fixed proportion" in told
    assert "= Enrolled, 10 % missing = Enrolled, 20 % missing" in told
    assert "Randomised" not in told


@pytest.mark.parametrize(
    ("change", "cases_found"),
    [
        ({"method": "two_props_pooled", "p1": 0.4, "p2": 0.6}, [1.0, 0.8, 1.2]),
        ({"method": "survival_schoenfeld_events", "hr": 0.7}, [1.0, 0.8, 1.2]),
        ({"method": "ve_exact_events", "ve": 0.6, "ve_null": 0.2}, [1.0, 0.8, 1.2]),
        ({"method": "two_props_pooled", "p1": 0.05, "p2": 0.99}, [1.0, 0.8]),
    ],
)
def test_what_has_no_spread_moves_by_its_difference_alone(change: dict[str, Any], cases_found: list[float]) -> None:
    """Proportions and hazard ratios; a case beyond what is possible is said not to be computable."""
    entry = _view({**ENTRY, **change}).node
    needed = recomputed(entry)
    assert needed is not None
    found = {case.difference: case.evaluable for case in cases(entry, needed)}
    assert len(found) == 3
    for factor in (0.8, 1.0, 1.2):
        assert (found[factor] is not None) is (factor in cases_found)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"method": "other"}, "Not recomputed: the sample size was found by another method, described above."),
        ({"sd": "-2 {score}"}, "Not recomputed: sd: "), ({"delta": "0 {score}"}, "Not recomputed: delta: "),
        ({"method": "spend_ldobf", "info": [0.5, 1]}, "Not recomputed: the method gives no number"),
    ],
)  # fmt: skip
def test_what_cannot_be_recomputed_is_said(change: dict[str, Any], words: str) -> None:
    """Never silence where a method is stated."""
    blocks = recomputation(_view({**ENTRY, **change}))
    assert words in "".join(part.text for part in blocks[0].content)  # type: ignore[union-attr]


def test_without_the_library_the_draft_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """And names what to install."""

    def absent(name: str) -> None:
        raise NotComputable(f"not computed: {name} is missing; install {libraries.EXTRA}")

    monkeypatch.setattr("protocolkit.sample_size.libraries.module", absent)
    told = _words({**ENTRY, "method": "tost_parallel_exact", "margin": "1 {score}", "true_diff": "0 {score}"})
    assert "Not recomputed: scipy" in told
    assert "install protocolkit[stats]" in told
    assert "Sensitivity" not in told


def test_a_library_that_only_the_power_needs_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever part of it cannot be computed, the draft is written."""

    def absent(*_: object) -> None:
        raise NotComputable("not computed: scipy is missing")

    monkeypatch.setattr("protocolkit.render.tables_sample_size.power_of", absent)
    assert "Not recomputed: scipy is missing." in _words(ENTRY)
