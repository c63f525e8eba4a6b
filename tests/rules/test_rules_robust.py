"""Odd data is no excuse for a crash: every rule stands a document with any part missing or of another kind."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from mutations import WRONG, deleted, paths, replaced, sample
from rulecases import example

from protocolkit.document import Document
from protocolkit.rules import RULES, Outcome, run
from protocolkit.rules.profiles import TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = (
    "ketamine-crps", "memantine-dpn", "dextromethorphan-fm", "examplipril-hypertension", "examplinib-phase1",
    "xanomeline-ad",
)  # fmt: skip
OFF = frozenset({"pilot", "crossover", "single-arm", "dose-escalation", "enriched-withdrawal"})
WANTED = 12


def _crashed(data: Any) -> list[tuple[str, str]]:
    """Run every rule as though the shape were right, in a profile that switches on as many rules as can be."""
    document = Document("odd.protocol.yaml", data)
    return [
        (ran.code, ran.trace)
        for tags in (frozenset(TAGS) - OFF, frozenset(TAGS))
        for ran in run(RULES, document, (), tags)
        if ran.outcome is Outcome.CRASHED
    ]


def _mutants(name: str, number: int) -> Iterator[tuple[Any, Any]]:
    data = example(name).data
    for path in sample(list(paths(data)), number, 7):
        yield path, deleted(data, path)
        # one of the wrong values for each path, the same one in every run
        yield path, replaced(data, path, random.Random(repr(path)).choice(WRONG))  # noqa: S311 - no secret


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_rule_crashes_on_a_missing_or_mistyped_part(name: str) -> None:
    """A sample of every path of an example, deleted and then replaced by something else."""
    crashed = {path: found for path, data in _mutants(name, WANTED) if (found := _crashed(data))}
    assert crashed == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_rule_crashes_whatever_part_is_missing_or_mistyped(name: str) -> None:
    """Every path of an example."""
    crashed = {path: found for path, data in _mutants(name, 100_000) if (found := _crashed(data))}
    assert crashed == {}


def test_levels_and_methods_that_are_lists_or_mappings_crash_no_rule() -> None:
    """They stand in no set: the level of a test, the way of rounding a dose."""
    data = replaced(example("xanomeline-ad").data, ("statistics", "sample_size", 1, "alpha"), [0.05])
    assert _crashed(data) == []
    step = ("interventions", 0, "regimen", "steps", 0, "rounding", "method")
    assert _crashed(replaced(example("ketamine-crps").data, step, {"a": 1})) == []


def test_a_spread_beyond_all_measure_crashes_no_rule() -> None:
    """The participants that it asks for are more than there are."""
    data = example("dextromethorphan-fm").data
    for value in (10**30, "1000000000000000000000000 {score}"):
        assert _crashed(replaced(data, ("statistics", "sample_size", 0, "sd_diff"), value)) == []


def test_days_that_are_no_list_crash_no_rule_that_reads_the_schedule() -> None:
    """The last dose follows from the days of a step; where these are a number, no day follows, and rules go on."""
    data = replaced(example("ketamine-crps").data, ("interventions", 0, "regimen", "steps", 0, "days"), 7)
    assert _crashed(data) == []


def test_no_rule_crashes_on_steps_for_cohorts_that_nobody_tells() -> None:
    """A regimen and its placebo have steps for a cohort, and the population has none."""
    steps = [{"id": "S", "when": "course", "from": "0 d", "to": "27 d", "dose": "1 {tablet}", "frequency": "QD",
              "cohorts": ["OLD"]}]  # fmt: skip
    regimen = {"anchor": "first_dose", "steps": steps}
    data = {
        "design": {"blinding": {"schema": "double_blind", "roles": ["participant"]}},
        "arms": [{"id": "A", "interventions": ["EX"]}, {"id": "B", "interventions": ["PBO"]}],
        "interventions": [
            {"id": "EX", "name": "Examplol", "kind": "drug", "role": "experimental", "regimen": regimen},
            {"id": "PBO", "name": "Placebo", "kind": "drug", "role": "placebo", "matching": {"to": "EX"},
             "regimen": regimen},
        ],
        "schedule": {"anchors": [{"id": "first_dose", "kind": "first_dose"}]},
    }  # fmt: skip
    assert _crashed(data) == []
