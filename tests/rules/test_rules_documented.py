"""Every rule: its documentation is whole, both its examples do what they say, and its code is its own."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from rulecases import Case, cases, changed, example

from protocolkit import api
from protocolkit.document import Document
from protocolkit.rules import RULES, SHAPE_RULES, Outcome, Rule, run
from protocolkit.rules.docs import documented
from protocolkit.rules.profiles import TAGS
from protocolkit.schema import check

if TYPE_CHECKING:
    from protocolkit.findings import Finding

EXAMPLES = (
    "ketamine-crps", "memantine-dpn", "dextromethorphan-fm", "examplipril-hypertension", "examplinib-phase1",
)  # fmt: skip
PINNED: dict[str, set[tuple[str, str]]] = {}
STATS = find_spec("statsmodels") is not None and find_spec("gsdesign") is not None
NO_STATS = "protocolkit[stats] is not installed"


def _document(text: str) -> Document:
    data: Any = yaml.safe_load(text)
    return Document("example.protocol.yaml", {"protocolkit": 1, **data})


def _tags(rule: Rule) -> frozenset[str]:
    return (rule.tags or frozenset(TAGS)) - rule.tags_off


def _outcome(rule: Rule, text: str) -> tuple[Outcome, list[Finding], str]:
    ran = run([rule], _document(text), (), _tags(rule))[0]
    return ran.outcome, list(ran.findings), ran.trace or ran.reason


@pytest.mark.parametrize("rule", [*RULES, *SHAPE_RULES], ids=lambda rule: rule.code)
def test_a_rule_says_what_why_and_on_whose_word(rule: Rule) -> None:
    """Title, reason, basis and both examples are there; the basis is parsed to clauses with their confidence."""
    docs = documented(rule)
    assert docs.title.endswith(".")
    assert docs.why
    assert docs.sources
    assert rule.reads
    assert all(place.startswith("/") for place in rule.reads)


def test_codes_are_unique() -> None:
    """One code, one rule."""
    codes = [rule.code for rule in (*RULES, *SHAPE_RULES)]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_examples_of_a_rule_fail_and_pass(rule: Rule) -> None:
    """The failing example brings a finding of this rule with words and a place; the passing one brings none."""
    docs = documented(rule)
    if rule.code == "STAT19" and not STATS:
        pytest.skip(NO_STATS)
    outcome, findings, why = _outcome(rule, docs.fails)
    assert outcome is Outcome.FOUND, why
    assert all(finding.message and finding.code == rule.code for finding in findings)
    outcome, findings, why = _outcome(rule, docs.passes)
    assert outcome is Outcome.PASSED, (why, [finding.message for finding in findings])


@pytest.mark.parametrize("rule", SHAPE_RULES, ids=lambda rule: rule.code)
def test_what_the_shape_decides_is_found_under_the_rules_code(rule: Rule) -> None:
    """The schema gives the failing example this code, and the passing one not."""
    docs = documented(rule)
    assert rule.code in {finding.code for finding in check(_document(docs.fails))}
    assert rule.code not in {finding.code for finding in check(_document(docs.passes))}


@cache
def _clean(name: str, profiles: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    report = api.validate(example(name), profile=profiles)
    return frozenset((placed.finding.code, placed.locator) for placed in report.findings)


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_one_change_brings_exactly_the_expected_findings(case: Case) -> None:
    """A clean example with one change gives the findings that the case names, at their places, and no other."""
    if case.stats and not STATS:
        pytest.skip(NO_STATS)
    clean = _clean(case.example, case.profiles)
    report = api.validate(changed(case), profile=case.profiles)
    found = [(placed.finding.code, placed.locator) for placed in report.findings]
    assert sorted(row for row in found if row not in clean) == list(case.expected), [
        (placed.finding.code, placed.finding.message) for placed in report.findings
    ]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_shipped_examples_have_only_their_pinned_findings(name: str) -> None:
    """An example is clean apart from what is pinned for it."""
    report = api.validate(example(name))
    found = {(placed.finding.code, placed.locator) for placed in report.findings if placed.suppression is None}
    # Without the extra a sample size that needs it is told as not checked, and nothing else is.
    unchecked = set() if STATS else {row for row in found if row[0] == "RULE02"}
    assert found - unchecked == PINNED.get(name, set()), [(p.finding.code, p.finding.message) for p in report.findings]
    assert not report.outcomes[Outcome.CRASHED]
