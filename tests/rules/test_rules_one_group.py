"""A single arm against a fixed value: its number is computed again, its method fits, its first stage is a look."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit import api
from protocolkit.document import Document
from protocolkit.findings import Severity
from protocolkit.rules import RULES, run

BY_CODE = {rule.code: rule for rule in RULES}
EXACT = {
    "objective": "O1", "method": "one_prop_exact", "p0": 0.65, "p0_source": "meta-analysis", "p1": 0.76,
    "p1_source": "phase 2", "alpha": 0.05, "sided": 2, "power": 0.9, "missing": "15 %",
}  # fmt: skip
STAGES = {
    "objective": "O1", "method": "simon_two_stage", "optimality": "optimal", "p0": 0.2, "p0_source": "registry",
    "p1": 0.4, "p1_source": "phase 1", "alpha": 0.05, "sided": 1, "power": 0.8, "missing": "0 %",
}  # fmt: skip


def _found(code: str, entry: dict[str, Any], **more: Any) -> list[tuple[str, Severity | None, str]]:
    """Run a rule over a trial of one arm that is sized by one computation."""
    endpoint = {"id": "E1", "metric": "event", "aggregation": "proportion", **more.get("endpoint", {})}
    estimand = {"id": "S1", "variable": "E1", "treatment": {"arms": ["A"]}}
    root = {
        "design": {"model": "single_group", "framework": {"kind": "superiority"}, **more.get("design", {})},
        "objectives": [
            {"id": "O1", "level": "primary", "kind": "benefit", "endpoints": [endpoint], "estimands": [estimand]}
        ],
        "arms": more.get("arms", [{"id": "A", "name": "Examplib", "type": "experimental"}]),
        "statistics": {"sample_size": [entry], **more.get("statistics", {})},
    }
    (ran,) = run([BY_CODE[code]], Document("x", root), (), frozenset({"drug"}))
    return [(each.pointer, each.severity, each.message) for each in ran.findings]


@pytest.mark.parametrize(
    ("numbers", "place"),
    [
        ({"evaluable_total": 150, "enrolled_max": 330}, "evaluable_total"),
        ({"enrolled_max": 200}, "enrolled_max"),
        ({"evaluable_total": 194, "enrolled_max": 220}, "enrolled_max"),
        ({"evaluable_total": 194, "enrolled_max": 229}, ""),
        ({"enrolled_max": 216}, ""),
        ({"randomised_total": 200}, "randomised_total"),
    ],
)
def test_the_number_of_one_group_is_computed_again(numbers: dict[str, int], place: str) -> None:
    """183 are needed (193 from which on all have the power), 194 / 0.85 is 229, and 200 less 15 % are 170."""
    found = _found("STAT15", {**EXACT, **numbers})
    assert [at for at, _, _ in found] == ([f"/statistics/sample_size/0/{place}"] if place else [])


def test_another_method_does_not_hide_too_few_for_those_who_are_missed() -> None:
    """280 / (1 - 0.15) is 330, whatever the method."""
    other = {"objective": "O1", "method": "other", "rationale": "exact", "missing": "15 %", "evaluable_total": 280}
    found = _found("STAT15", {**other, "enrolled_max": 200})
    assert "enrolled_max: stated 200, 280 / (1 - 0.15) is 330" in [message for _, _, message in found]


def test_a_number_in_a_trough_of_the_sawtooth_is_told() -> None:
    """At 188 the exact power is below 90 % again, though 183 have it; that is a warning."""
    ((at, severity, message),) = _found("STAT15", {**EXACT, "evaluable_total": 192, "enrolled_max": 230})
    assert (at, severity) == ("/statistics/sample_size/0/evaluable_total", Severity.WARNING)
    assert message == "evaluable in all: 192 give a power of 0.894 (one_prop_exact), though 183 have 0.9"


@pytest.mark.parametrize(
    ("entry", "numbers", "wanted"),
    [
        (STAGES, {"evaluable_total": 40, "enrolled_max": 45}, "recomputed 43"),
        ({"objective": "O1", "method": "ci_width_one_prop", "p1": 0.5, "half_width": "5 %", "alpha": 0.05,
          "interval_by": "wilson"}, {"evaluable_total": 380}, "recomputed 381"),
        ({"objective": "O1", "method": "one_rate_poisson", "rate_null": 4, "rate_trt": 2,
          "rate_per": "100 woman-years", "mean_followup": "0.7 a", "test_by": "exact", "alpha": 0.05, "sided": 2,
          "power": 0.95}, {"evaluable_total": 1000}, "recomputed 1361"),
        ({"objective": "O1", "method": "ci_width_one_rate_poisson", "rate_trt": 2, "half_width": 1,
          "rate_per": "100 participant-years", "mean_followup": "0.5 a", "interval_by": "wald", "alpha": 0.05},
         {"evaluable_total": 1000}, "recomputed 1537"),
    ],
)  # fmt: skip
def test_every_method_of_one_group_is_computed_from_its_inputs(
    entry: dict[str, Any], numbers: dict[str, int], wanted: str
) -> None:
    """Percent are shares, and rates are counted per unit of time of participants."""
    ((_, _, message),) = _found("STAT15", {**entry, **numbers})
    assert wanted in message


@pytest.mark.parametrize(
    ("method", "more", "words"),
    [
        ("one_prop_exact", {}, ""),
        ("simon_two_stage", {}, ""),
        ("one_mean_t", {}, "is about means"),
        ("one_rate_poisson", {}, "is about rates"),
        ("two_props_pooled", {}, "is for separate arms, and the design is single_group"),
        ("two_props_pooled", {"design": {"external_comparators": [{"id": "H"}]}}, ""),
        ("two_props_pooled", {"design": {"model": "crossover"}}, ""),
        ("two_props_pooled", {"design": {"model": "crossover", "sequences": [{"id": "AB"}]}},
         "is for separate arms, and the design is crossover"),
        ("one_prop_exact", {"design": {"model": "parallel"}, "arms": [{"id": "A"}, {"id": "B"}]}, ""),
    ],
)  # fmt: skip
def test_a_method_fits_the_design(method: str, more: dict[str, Any], words: str) -> None:
    """An arm of several that an estimand is about alone is one group too; a crossover has sequences."""
    found = [message for _, _, message in _found("STAT21", {"objective": "O1", "method": method}, **more)]
    assert (words in found[0]) if words else found == []


def test_two_arms_that_are_compared_are_not_one_group() -> None:
    """The estimand sets one arm against the other."""
    arms = [{"id": "A", "type": "experimental"}, {"id": "B", "type": "placebo_comparator"}]
    root = {
        "design": {"model": "parallel", "framework": {"kind": "superiority"}},
        "objectives": [{"id": "O1", "level": "primary", "endpoints": [{"id": "E1", "metric": "event"}],
                        "estimands": [{"id": "S1", "treatment": {"arms": ["A", "B"]}}]}],
        "arms": arms,
        "statistics": {"sample_size": [{"objective": "O1", "method": "one_prop_exact"}]},
    }  # fmt: skip
    (ran,) = run([BY_CODE["STAT21"]], Document("x", root), (), frozenset({"drug"}))
    assert [each.message for each in ran.findings] == ["one_prop_exact is for one group, and the design is parallel"]


LOOK = {"id": "IA1", "purpose": "futility", "seen_by": "data monitoring committee"}


@pytest.mark.parametrize(
    ("look", "place"),
    [
        (None, "/statistics/sample_size/0/method"),
        ({"information": "30 %", "rule": "stop with at most 3 of 13 responses"}, ""),
        ({"information": "50 %", "rule": "stop with at most 3 of 13 responses"}, "/statistics/interim/0/information"),
        ({"when": "after 13", "rule": "go on with at least 4 of 13"}, ""),
        ({"when": "after 13", "bounds": ["go on with 6/13"]}, "/statistics/interim/0/bounds/0"),
        ({"when": "after 13", "rule": "stop with at most 4 responses in the first 18"}, "/statistics/interim/0/rule"),
        ({"when": "after 13", "bounds": ["at most 3 of the first 13", "at the end 12 of 43"]}, ""),
    ],
)
def test_the_end_of_the_first_stage_is_a_look_of_its_design(look: dict[str, str] | None, place: str) -> None:
    """Simon's optimal design for 20 % and 40 % stops with 3 of 13, and needs more than 12 of 43."""
    statistics = {"interim": [{**LOOK, **look}]} if look else {}
    found = [at for at, _, _ in _found("STAT11", STAGES, statistics=statistics) if "efficacy" not in at]
    assert found == ([place] if place else [])


def test_inputs_of_one_group_and_their_sources_are_asked_for() -> None:
    """By the shape of the file, in the name of the rule."""
    entry = {"objective": "O1", "method": "one_prop_exact", "p1": 0.76, "enrolled_max": 100}
    report = api.validate(Document("x", {"protocolkit": 1, "statistics": {"sample_size": [entry]}}))
    asked = " ".join(each.finding.message for each in report.findings if each.finding.code == "STAT01")
    for name in ("p0", "alpha", "sided", "power", "p0_source", "p1_source", "missing"):
        assert name in asked.split()


GOAL = "lower bound above the goals: sensitivity 65 %, specificity 60 %; from 3 registries of 2019 at week 12"


def _judged(benchmark: str, success: Any, sized: dict[str, Any] | None = None, **framework: Any) -> list[str]:
    """Run the rule on goals over an endpoint called sensitivity."""
    design = {"framework": {"kind": "superiority", **({"benchmark": benchmark} if benchmark else {}), **framework}}
    key = "success_bounds" if isinstance(success, dict) else "success"
    analysis = {"endpoint": "E1", "role": "main", **({key: success} if success else {})}
    root = {
        "design": {"model": "single_group", **design},
        "objectives": [{"id": "O1", "level": "primary", "kind": "benefit",
                        "endpoints": [{"id": "E1", "outcome": "SENS", "metric": "event"}]}],
        "outcomes": [{"id": "SENS", "name": "sensitivity"}],
        "statistics": {"analyses": [analysis], "sample_size": [{"objective": "O1", **(sized or {})}]},
    }  # fmt: skip
    (ran,) = run([BY_CODE["STAT33"]], Document("x", root), (), frozenset({"drug"}))
    return [f"{each.severity.value}: {each.message}" for each in ran.findings if each.severity is not None]


@pytest.mark.parametrize(
    ("benchmark", "success", "sized", "words"),
    [
        (GOAL, "lower bound of the exact 95 % interval above 65 %", {"p0": 0.65}, []),
        (GOAL, "lower bound of the exact 95 % interval above 50 %", {},
         ["warning: success is judged against 50 %, and the goal is 65 %"]),
        (GOAL, "lower bound above 60 %", {}, ["warning: success is judged against 60 %, and the goal is 65 %"]),
        (GOAL, "lower bound above 65 %", {"p0": 0.5},
         ["warning: the trial is sized against 0.5, and success is judged against 65 %"]),
        (GOAL, "", {"p0": 0.5}, ["warning: the trial is sized against 0.5, and the goal is 65 % or 60 %"]),
        (GOAL, {"lower": "65 %", "level": "95 %"}, {}, []),
        (GOAL, {"lower": "55 %", "level": "95 %"}, {},
         ["warning: success is judged against 55 %, and the goal is 65 %"]),
        (GOAL, "at least 12 of 35 respond", {}, []),
        ("0.65 in three registries", "lower limit exceeds 65 %", {"p0": 0.65}, []),
        ("upper bound below 4.0 per 100 woman-years", "upper bound of the 95 % confidence interval below 4.0", {}, []),
        ("index of 4.0 per 100 woman-years", "upper bound of the 95 % confidence interval below 3.5", {},
         ["warning: success is judged against 3.5, and the goal is 4.0"]),
        ("index of 4.0", "upper bound below 4", {"rate_null": 5},
         ["warning: the trial is sized against 5, and success is judged against 4"]),
        ("", "", {}, ["warning: O1 is to show superiority with a single arm, and nothing says over what"]),
        ("", "", {"method": "ci_width_one_prop"}, []),
        ("", "", {"p0": 0.65}, ["warning: O1 is set against a value, and no main analysis says when that is met"]),
        ("sensitivity of 65 % in three registries", "", {},
         ["warning: O1 is set against a value, and no main analysis says when that is met"]),
        ("historical controls of the 1990s", "better than historical controls", {},
         ["warning: O1 is set against historical controls of the 1990s, without a value"]),
        ("response at week 24 in historical controls", "lower bound above 30 %", {}, []),
    ],
)  # fmt: skip
def test_a_single_arm_is_judged_by_the_goal_that_it_is_set_against(
    benchmark: str, success: Any, sized: dict[str, Any], words: list[str]
) -> None:
    """One value in the benchmark, the criterion of success and the sample size; what is missing is a warning."""
    assert _judged(benchmark, success, sized) == words


@pytest.mark.parametrize(("bound", "told"), [("lower bound above 65 %", 0), ("lower bound above 60 %", 1)])
def test_the_goal_of_an_endpoint_is_its_own(bound: str, told: int) -> None:
    """Another endpoint of the objective may have another one."""
    ends = [{"id": name, "outcome": name, "metric": "event", "goal": {"value": goal}}
            for name, goal in (("SENS", "65 %"), ("SPEC", "60 %"))]  # fmt: skip
    root = {
        "design": {"model": "single_group", "framework": {"kind": "superiority"}},
        "objectives": [{"id": "O1", "level": "primary", "kind": "benefit", "endpoints": ends}],
        "outcomes": [{"id": "SENS", "name": "sensitivity"}, {"id": "SPEC", "name": "specificity"}],
        "statistics": {"analyses": [{"endpoint": "SENS", "role": "main", "success": bound}]},
    }
    (ran,) = run([BY_CODE["STAT33"]], Document("x", root), (), frozenset({"drug"}))
    assert len(ran.findings) == told


def test_what_only_estimates_or_has_a_margin_needs_no_goal() -> None:
    """A goal with a margin is judged at the goal less the margin, too."""
    assert _judged("", "", kind="exploratory") == []
    assert _judged("", "", kind="non_inferiority", margin="3.5 {event}") == []
    assert _judged("freedom of 88 %", "lower bound above 78 %", kind="non_inferiority", margin="10 %") == []
    assert _judged("freedom of 88 %", "lower bound above 80 %", kind="non_inferiority", margin="10 %") != []


@pytest.mark.parametrize(("method", "found"), [("one_prop_exact", False), ("two_props_pooled", True)])
def test_the_bound_of_one_group_is_the_value_that_it_is_sized_against(method: str, found: bool) -> None:
    """Two arms that are sized for a difference from nothing are another matter."""
    analysis = {"endpoint": "E1", "role": "main", "success_bounds": {"lower": "65 %"}}
    told = _found("STAT28", {"objective": "O1", "method": method, "p0": 0.65}, statistics={"analyses": [analysis]})
    assert bool(told) is found
