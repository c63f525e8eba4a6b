"""Rule on interim looks: when, with how much information, what they spend, and who sees their results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_sizes import sized_by
from protocolkit.rules.statistics_stages import unlike_stages
from protocolkit.rules.statistics_when import other_clusters, other_count, other_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_EFFICACY = Pattern(r"\befficacy\b|\bsuperiority\b|\boverwhelming\b")
_NOT = Pattern(r"\b(?:no|not|none|without|futility)\b")
WHOLE = 100
_RUNS_IT = Pattern(
    r"^(?:the )?(?:sponsor|investigators?|trial team|study team|steering committee"
    r"|(?:chief|principal|coordinating|lead|site) investigators?)\b"
)
_LEADS_IT = Pattern(r"^(?:the )?(?:chief|principal|coordinating|lead) investigators?\b")
_AND = Pattern(r",|;|/|\band\b|\bwith\b|\bas well as\b")
_LAST = Pattern(r"\b(?:final|last|main|primary) (?:analys[ei]s|look|test)\b|^final\b|^end\b")
_FINAL = Pattern(r"final(?: analysis| test| look)\b|final$")
_APART = Pattern(r"\b(?:unblinded|independent|firewall|separate|apart|not involved|except|only if|after)\b")


def tests_of(look: Node) -> list[Node]:
    """Return what a look tests, each with an endpoint of its own; the look itself where it tests all alike."""
    return [*look["tests"]] or [look]


def tested_by(test: Node) -> list[str]:
    """Return the ids of the endpoints that a look, or one of its tests, is about; none where it is about all."""
    return [node.text for node in (*test["endpoints"], test["endpoint"]) if node]


def look_of(trial: Trial, test: Node) -> Node:
    """Return the look to which a test belongs."""
    return trial.at("/statistics/interim")[test.path[2]]


def share(look: Node) -> float | None:
    """Return the share of the information at a look, in percent; None where it is not stated."""
    found = quantity(look["information"])
    return float(found.value) if found is not None and found.unit.code == "%" else None


def planned_events(trial: Trial, look: Node) -> Node | None:
    """Return the number of events to which a trial goes on in what a look tests; None where it is not one number.

    That is the target of the endpoint of the look, else the events by which its objective is sized, else those of its
    last test at another look, else those of the only sample size.
    """
    plan = trial.at("/design/event_driven")
    targets = {each["endpoint"].text: each["target"] for each in (plan, *plan["also"]) if each["target"]}
    tested = tested_by(look)
    of_look = [targets[name] for name in ("", *(tested or targets)) if name in targets]
    if not of_look and (tested or not targets):
        of_look = _sized_events(trial, tested) or _last_events(trial, look, tested)
        of_look = of_look or ([] if targets else _only_events(trial))
    return of_look[0] if len({node.text for node in of_look}) == 1 else None


def _sized_events(trial: Trial, tested: list[str]) -> list[Node]:
    """Return the events of the sample sizes of what is tested."""
    sized = [each for each in trial.at("/statistics/sample_size") if each["events"]]
    return [each["events"] for each in sized if {end["id"].text for end in sized_by(each)} & {*tested}]


def _last_events(trial: Trial, look: Node, tested: list[str]) -> list[Node]:
    """Return the events of the last test of the one endpoint of a look, where another look has it."""
    others = (test for each in trial.at("/statistics/interim") for test in each["tests"] if test.path != look.path)
    return [test["events"] for test in others if test["final"].value is True and tested_by(test) == tested]


def _only_events(trial: Trial) -> list[Node]:
    """Return the events of the sample size where it is the only one that has some."""
    sized = [each["events"] for each in trial.at("/statistics/sample_size") if each["events"]]
    return sized if len(sized) == 1 else []


@rule(
    "STAT11",
    Severity.ERROR,
    reads=(
        "/statistics/interim",
        "/statistics/sample_size",
        "/design/event_driven",
        "/design/blinding",
        "/arms/*/id",
        "/design/cluster",
    ),
)
def looks(trial: Trial) -> Iterator[Found]:
    """An interim analysis has a purpose, a time by information, what it spends, and people who see it; looks rise.

    Why: a look whose time or rule is chosen on the way is a chance to stop on a high. (That the keys are there, and a
    monitoring committee or the reason for none, the shape of the file tells.)

    Applies: an interim analysis is planned. Its events are a share of those that the trial goes on to, or of those of
    the last test of the endpoint, and where the share is stated too, it is that one; the last test is at all of them.
    The first stage of a design of two stages is such a look, at its number and with its limit; that none is planned is
    a warning. So is a number of participants, in words or in a bound such as 2 of 20, or one of clusters, that is not
    the stated share of those planned. So is that those who run a blinded trial, or the chief investigator of any, see
    results of an interim look, even beside a committee; the last look, whose tests are all final, is none.

    Basis:
        ICH M11 Step 4, 10.9 (H)
        SPIRIT 2025, 28b (H)

    Fails::

        statistics:
          interim:
            - {id: IA1, purpose: efficacy, information: 60 %, spending: O'Brien-Fleming type, seen_by: DMC}
            - {id: IA2, purpose: efficacy, information: 40 %, spending: O'Brien-Fleming type, seen_by: DMC}
        outcomes: []

    Passes::

        statistics:
          interim:
            - {id: IA1, purpose: efficacy, information: 40 %, spending: O'Brien-Fleming type, seen_by: DMC}
            - {id: IA2, purpose: efficacy, information: 60 %, spending: O'Brien-Fleming type, seen_by: DMC}
        outcomes: []
    """
    planned = [*trial.at("/statistics/interim")]
    staged = [*unlike_stages(trial, planned)]
    yield from staged
    if not planned and not staged:
        raise NotApplicable("no interim analysis is planned")
    for look in planned:
        yield from _unspent(look)
        yield from _seen(trial, look)
        yield from other_count(trial, look)
        yield from other_clusters(trial, look)
        yield from other_whole(trial, look)
    tests = [test for look in planned for test in tests_of(look)]
    for place, test in enumerate(tests):
        yield from _rises(trial, test, tests[:place])
        yield from _falls(trial, test, tests[:place])
        yield from _other_events(trial, test)
    yield from _other_fractions(trial, tests)


def _rises(trial: Trial, look: Node, earlier: list[Node]) -> Iterator[Found]:
    """Find a look with no more information than one before it at the same endpoint, or with more than all."""
    now = share(look)
    same = [(known, each) for each in earlier if _shared(each, look) and (known := share(each)) is not None]
    before, where = max(same, key=lambda row: row[0], default=(0.0, None))
    if now is not None and not before < now <= WHOLE:
        related = ((where["information"], "the look before"),) if where is not None else ()
        told = f", after a look at {before:g} %" if where is not None else ""
        message = f"{look_of(trial, look)['id'].text} is at {look['information'].text} of the information{told}"
        hint = "let the shares rise from look to look, up to 100 %"
        yield Found(look["information"], message, hint, related)


def _falls(trial: Trial, look: Node, earlier: list[Node]) -> Iterator[Found]:
    """Find a look at an endpoint with no more events than one before it."""
    same = [each for each in earlier if _counts(each["events"]) and _of_one(each, look)]
    before = max(same, key=lambda each: each["events"].value, default=None)
    now = look["events"]
    if before is not None and _counts(now) and now.value <= before["events"].value:
        message = f"{look_of(trial, look)['id'].text} is at {now.text} events, after a look at {before['events'].text}"
        yield Found(now, message, "let the events rise from look to look", ((before["events"], "the look before"),))


def _of_one(one: Node, other: Node) -> bool:
    """Say whether two looks count the events of one endpoint: they name the same, or neither names any."""
    return {*tested_by(one)} == {*tested_by(other)}


def _shared(one: Node, other: Node) -> bool:
    """Say whether two looks test an endpoint together; one that names none tests every one."""
    ends = [{*tested_by(look)} for look in (one, other)]
    return not all(ends) or bool(ends[0] & ends[1])


def _other_events(trial: Trial, look: Node) -> Iterator[Found]:
    """Find a look whose events are not the stated share of those of the trial, or are none before its end."""
    at, whole, told = look["events"], planned_events(trial, look), share(look)
    reached = reached_at(trial, look)
    if reached is None or whole is None:
        return
    related = ((whole, "the events of the trial"),)
    name = look_of(trial, look)["id"].text
    if reached > WHOLE:
        message = f"{name} is at {at.text} events, and the trial ends at {whole.text}"
        yield Found(at, message, "place the look before the end", related)
    elif look["final"].value is True and reached < WHOLE:
        message = (
            f"the last test of {look['endpoint'].text} is at {at.text} events, and the trial goes on to {whole.text}"
        )
        yield Found(at, message, "test at the events that the trial is sized for", related)
    elif reached == WHOLE and not _is_last(trial, look):
        message = f"{name} is at {at.text} of {whole.text} events, which is the end"
        yield Found(at, message, "place the look before the end, or say that it is the final analysis", related)
    elif told is not None and abs(told - reached) > 1:
        message = f"{name} is at {look['information'].text} of the information and at {at.text} of {whole.text} "
        yield Found(look["information"], f"{message}events, which are {reached:.1f} %", "tell one of both", related)


def _is_last(trial: Trial, test: Node) -> bool:
    """Say whether a look is said to be the last one."""
    look = look_of(trial, test)
    if any(each["final"] for each in tests_of(look)):
        return test["final"].value is True
    return any(_LAST.search(look[key].text) for key in ("id", "purpose", "when"))


def reached_at(trial: Trial, look: Node) -> float | None:
    """Return the share of the events of the trial that there are at a look, in percent; None where it is not known."""
    at, whole = look["events"], planned_events(trial, look)
    if whole is None or not _counts(at) or not _counts(whole):
        return None
    return float(WHOLE * at.value / whole.value)


def _ends_it_all(trial: Trial, look: Node) -> bool:
    """Say whether a look is the final analysis: no other one follows, and all that it tests is tested for good."""
    follows = look.path[-1] != len([*trial.at("/statistics/interim")]) - 1
    final = [test["final"].value is True for test in look["tests"]]
    named = any(_FINAL.match(look[key].text) for key in ("id", "purpose", "when"))
    return not follows and (all(final) if final else named)


def _counts(node: Node) -> bool:
    return type(node.value) is int and node.value > 0


def spends(look: Node) -> bool:
    """Say whether a look, or a test of it, says what it spends."""
    return bool(look["spending"]) or any(test["spending"] or test["alpha"] for test in look["tests"])


def _unspent(look: Node) -> Iterator[Found]:
    stops = look["efficacy_stop"]
    bounds = [*look["bounds"], *(bound for test in look["tests"] for bound in test["bounds"])]
    crossed = next((each for each in bounds if _EFFICACY.search(each.text)), None)
    if stops.value is False and crossed is not None and not _NOT.search(crossed.text):
        message = f"{look['id'].text} has a bound for efficacy ({crossed.text[:60]}), and efficacy_stop is false"
        yield Found(stops, message, "tell one of both", ((crossed, "the bound"),), severity=Severity.WARNING)
    if spends(look) or bounds or stops.value is False or stops.text.casefold().startswith("no"):
        return
    if (stops and stops.value is True) or (_EFFICACY.search(look["purpose"].text) and not stops and not look["rule"]):
        message = f"{look['id'].text} can stop for efficacy, and what it spends of the level is not stated"
        yield Found(look, message, "state spending or bounds, or efficacy_stop: false")


def _seen(trial: Trial, look: Node) -> Iterator[Found]:
    """Find results of a blinded trial that people who run it are to see, and of any that its lead is to see."""
    seen_by, last = look["seen_by"], all(_is_last(trial, test) for test in tests_of(look))
    if _ends_it_all(trial, look):
        return
    parts = [part.strip() for part in _AND.sub(";", seen_by.text).split(";")]
    for part in parts:
        leads = bool(_LEADS_IT.search(part)) and not last
        if _APART.search(part) or not (leads or (trial.blinds_participants and _RUNS_IT.search(part))):
            continue
        how = "the trial is blinded" if trial.blinds_participants else "it is the lead who can act on them"
        message = f"the results of {look['id'].text} are seen by {seen_by.text}, and {how}"
        hint = "let an independent committee see them, or say how those who see them are kept apart"
        yield Found(seen_by, message, hint, severity=Severity.WARNING)
        return


def _other_fractions(trial: Trial, planned: list[Node]) -> Iterator[Found]:
    """Find fractions of the sample size that are not those of the looks."""
    shares = [share(look) for look in planned]
    known = [each for each in shares if each is not None]
    for entry in trial.at("/statistics/sample_size"):
        stated = [node.value for node in entry["info"] if isinstance(node.value, int | float)]
        wanted = [each * WHOLE for each in stated if each < 1]
        if not stated or len(known) != len(shares) or not _differ([each for each in known if each < WHOLE], wanted):
            continue
        message = f"the sample size counts on looks at {_in_percent(wanted)}, the interim analyses are at "
        yield Found(entry["info"], message + _in_percent(known), "tell one set of fractions")


def _differ(one: list[float], other: list[float]) -> bool:
    return len(one) != len(other) or any(abs(a - b) > 1 for a, b in zip(one, other, strict=True))


def _in_percent(shares: list[float]) -> str:
    return ", ".join(f"{each:g} %" for each in shares) or "no look"


RULES: tuple[Rule, ...] = (looks,)
