"""Rules on the order of claims: one within the margin before superiority, what is primary before what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_analyses import EQUAL, framework_of
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_SENTENCE = Pattern(r"\.(?:\s|$)|;", exact=True)
_ID = Pattern(r"[A-Za-z][A-Za-z0-9_-]*", exact=True)
_IN_ORDER = Pattern(r"\bsequen|\border\b|\bhierarch|\bthen\b|\bstep|\bfollowed by\b|gate-?keep")
# Words by which what is named first is tested later, or not in a line.
_OTHERWISE = Pattern(
    r"\b(?:if|when|once|unless|until|provided|after|before|only|parallel|holm|hochberg|graph\w*|split|recycl\w*)\b"
)
_NAMED = ("/statistics/testing_order", "/statistics/testing_graph/hypotheses", "/statistics/analyses")


@rule(
    "STAT29", Severity.ERROR,
    reads=("/design/framework", *below("/objectives/*", "endpoints", "framework"), "/statistics/testing_order",
           "/statistics/testing_graph",
           "/statistics/analyses"),
)  # fmt: skip
def claims(trial: Trial) -> Iterator[Found]:
    """A second claim on an endpoint follows one within a margin, and whatever names a claim names one that is made.

    Why: superiority may be tested after non-inferiority of the same endpoint without a price, since the interval is the
    same and the order is fixed. In the other order, or where the framework announces one claim alone, it is a choice
    that is made after the results.

    Applies: a framework states a second claim (then), or a test or an analysis names its claim. In the order of tests,
    superiority comes after the claim within the margin.

    Basis:
        EMA CPMP/EWP/482/99, 2 (M)
        ICH E9, 3.3.2 (M)

    Fails::

        design: {framework: {kind: non_inferiority, margin: 5 %}}
        objectives: [{id: O1, level: primary, endpoints: [{id: E1}, {id: E2}]}]
        statistics: {testing_order: [E1, {endpoint: E1, claim: superiority}, E2]}

    Passes::

        design: {framework: {kind: non_inferiority, margin: 5 %, then: superiority}}
        objectives: [{id: O1, level: primary, endpoints: [{id: E1}, {id: E2}]}]
        statistics: {testing_order: [E1, {endpoint: E1, claim: superiority}, E2]}
    """
    seconds = [*trial.each("/design/framework/then"), *trial.each("/objectives/*/framework/then")]
    named = [each for place in _NAMED for each in trial.at(place) if each["claim"]]
    if not seconds and not named:
        raise NotApplicable("no endpoint has a second claim")
    yield from _after_nothing(trial)
    made = {
        endpoint["id"].text: framework_of(objective)
        for objective in trial.root["objectives"]
        for endpoint in objective["endpoints"]
    }
    for each in named:
        yield from _not_made(each, made.get(each["endpoint"].text))
    yield from _too_early(trial)


def _after_nothing(trial: Trial) -> Iterator[Found]:
    """Find a second claim that follows no claim within a margin."""
    for framework in (trial.at("/design/framework"), *trial.each("/objectives/*/framework")):
        kind = framework["kind"]
        if framework["then"] and kind and kind.text not in EQUAL:
            message = f"{framework['then'].text} is to follow a claim within a margin, and the framework is {kind.text}"
            hint = "state kind: non_inferiority with its margin, or leave `then` out"
            yield Found(framework["then"], message, hint, ((kind, "the framework"),))


def _not_made(each: Node, framework: Node | None) -> Iterator[Found]:
    """Find a claim that the framework of its endpoint does not announce."""
    if framework is None or not framework["kind"]:
        return
    announced = [framework[key].text for key in ("kind", "then") if framework[key]]
    claim = each["claim"]
    if claim.text not in announced:
        message = f"{claim.text} of {each['endpoint'].text} is named, and its framework is {listed(announced)}"
        hint = "state `then: superiority` at the framework, or leave the claim out"
        yield Found(claim, message, hint, ((framework["kind"], "the framework"),))


def _too_early(trial: Trial) -> Iterator[Found]:
    """Find a superiority that is tested before the claim within the margin of the same endpoint."""
    early: dict[str, Node] = {}
    for each in trial.at("/statistics/testing_order"):
        name = each["endpoint"].text or each.text
        if each["claim"].text == "superiority":
            early.setdefault(name, each)
        elif name in early and each["claim"].text in ("", *EQUAL):
            message = f"superiority of {name} is tested before the claim within the margin"
            yield Found(early.pop(name), message, "name the claim within the margin first", ((each, "comes later"),))


@rule(
    "STAT36",
    Severity.WARNING,
    reads=("/statistics/testing_order", "/statistics/testing_graph", *below("/objectives/*", "endpoints", "level")),
)
def primary_first(trial: Trial) -> Iterator[Found]:
    """A fixed order of tests begins with a primary endpoint.

    Why: each test of the order is made only after success of the one before; a secondary endpoint in front can take the
    chance from the primary one.

    Applies: tests have an order and no graph, and the order holds a primary endpoint.

    Basis:
        ICH E9, 2.2.2 and 2.2.5 (M)
        internal consistency of the protocol, objectives and order of tests (H)

    Fails::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1}]}, {id: O2, level: secondary, endpoints: [{id: E2}]}]
        statistics: {testing_order: [E2, E1]}

    Passes::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1}]}, {id: O2, level: secondary, endpoints: [{id: E2}]}]
        statistics: {testing_order: [E1, E2]}
    """
    order = [(each, each["endpoint"].text or each.text) for each in trial.at("/statistics/testing_order")]
    primary = {each["id"].text for each in trial.primary}
    if trial.at("/statistics/testing_graph") or not any(name in primary for _, name in order):
        raise NotApplicable("no order of tests holds a primary endpoint")
    known = {each["id"].text for each in trial.each("/objectives/*/endpoints/*")}
    first, name = order[0]
    if name in known - primary:
        later = next(other for _, other in order if other in primary)
        message = f"{name} is tested before {later}, which is primary"
        yield Found(first, message, "begin with the primary endpoint, or give the objectives other levels")


@rule("STAT38", Severity.WARNING, reads=("/statistics/testing_order", "/statistics/multiplicity"))
def order_in_words(trial: Trial) -> Iterator[Found]:
    """The order of tests that a sentence on multiplicity names is the order of tests of the file.

    Why: a claim that fails ends the sequence, so that two endpoints that change places change what the trial may claim;
    the sentence is what people read, the list is what is programmed.

    Applies: tests have an order, and a sentence on multiplicity names endpoints of it by their ids, one after another.
    A sentence that says after what, or on which condition, an endpoint is tested is not read.

    Basis:
        ICH E9, 2.2.5 (M)
        internal consistency of the protocol, multiplicity and order of tests (H)

    Fails::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1}, {id: E2}, {id: E3}]}]
        statistics: {testing_order: [E1, E3, E2], multiplicity: 'Fixed sequence: E1, E2 and E3.'}

    Passes::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1}, {id: E2}, {id: E3}]}]
        statistics: {testing_order: [E1, E2, E3], multiplicity: 'Fixed sequence: E1, E2 and E3.'}
    """
    order, told = trial.at("/statistics/testing_order"), trial.at("/statistics/multiplicity")
    listed_ids = [*dict.fromkeys(each["endpoint"].text or each.text for each in order)]
    sentences = [[*dict.fromkeys(_named(part, listed_ids))] for part in _SENTENCE.split(told.text) if _read(part)]
    sequences = [names for names in sentences if len(names) > 1]
    if not sequences:
        raise NotApplicable("no sentence names an order of tests")
    for names in sequences:
        wanted = [name for name in listed_ids if name in names]
        if names != wanted:
            message = f"the order in words is {listed(names)}, and that of the tests is {listed(wanted)}"
            yield Found(told, message, "tell one order", ((order, "the order of tests"),))
            return


def _read(sentence: str) -> bool:
    return bool(_IN_ORDER.search(sentence)) and not _OTHERWISE.search(sentence)


def _named(sentence: str, ids: list[str]) -> list[str]:
    """Return the ids that a sentence names, in its order."""
    return [word for word in _ID.findall(sentence) if word in ids]


RULES: tuple[Rule, ...] = (claims, primary_first, order_in_words)
