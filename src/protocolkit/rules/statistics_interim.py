"""Rules on interim looks: when, with how much information, what they spend, where their bounds lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, NotChecked, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_EFFICACY = Pattern(r"\befficacy\b|\bsuperiority\b|\boverwhelming\b")
_Z = Pattern(r"(?:\bz\b|critical value)[^0-9;]{0,12}([0-9]\.[0-9]{2,5})")
_LAST = Pattern(r"^final\b|\bat the (?:final|last) analysis")
_P = Pattern(r"\bp\b[^0-9;]{0,12}(0\.[0-9]{1,6})")
_KINDS = (("obf", Pattern(r"brien")), ("pocock", Pattern(r"pocock")))
_WHOLE = 100
_AGREE = 0.005
_LEAST_LOOKS = 1
_RUNS_IT = Pattern(
    r"^(?:the )?(?:sponsor|investigators?|trial team|study team|steering committee|chief investigator)\b"
)
_APART = Pattern(r"\b(?:unblinded|independent|firewall|separate|apart|not involved|except|only if|after)\b")


def share(look: Node) -> float | None:
    """Return the share of the information at a look, in percent; None where it is not stated."""
    found = quantity(look["information"])
    return float(found.value) if found is not None and found.unit.code == "%" else None


def planned_events(trial: Trial) -> Node | None:
    """Return the number of events that the trial goes on to: the target, else the one of its only sample size."""
    target = trial.at("/design/event_driven/target")
    sized = [each["events"] for each in trial.at("/statistics/sample_size") if each["events"]]
    return target or (sized[0] if len(sized) == 1 else None)


@rule(
    "STAT11",
    Severity.ERROR,
    reads=("/statistics/interim", "/statistics/sample_size", "/design/event_driven", "/design/blinding"),
)
def looks(trial: Trial) -> Iterator[Found]:
    """An interim analysis has a purpose, a time by information, what it spends, and people who see it; looks rise.

    Why: a look whose time or rule is chosen on the way is a chance to stop on a high. (That the keys are there, and a
    monitoring committee or the reason for none, the shape of the file tells.)

    Applies: an interim analysis is planned. Its events are a share of those that the trial goes on to, and where the
    share is stated too, it is that one. That those who run a blinded trial see its results is a warning.

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
    if not planned:
        raise NotApplicable("no interim analysis is planned")
    before, where = 0.0, None
    for look in planned:
        now = share(look)
        if now is not None:
            if not before < now <= _WHOLE:
                related = ((where["information"], "the look before"),) if where else ()
                message = f"{look['id'].text} is at {look['information'].text} of the information"
                told = f", after a look at {before:g} %" if where else ""
                hint = "let the shares rise from look to look, up to 100 %"
                yield Found(look["information"], message + told, hint, related)
            before, where = now, look
        yield from _unspent(look)
        yield from _seen(trial, look)
        yield from _other_events(trial, look)
    yield from _other_fractions(trial, planned)


def _other_events(trial: Trial, look: Node) -> Iterator[Found]:
    """Find a look whose events are not the stated share of those of the trial, or are none before its end."""
    at, whole, told = look["events"], planned_events(trial), share(look)
    reached = _reached(trial, look)
    if reached is None or whole is None:
        return
    related = ((whole, "the events of the trial"),)
    if reached > _WHOLE:
        message = f"{look['id'].text} is at {at.text} events, and the trial ends at {whole.text}"
        yield Found(at, message, "place the look before the end", related)
    elif told is not None and abs(told - reached) > 1:
        message = (
            f"{look['id'].text} is at {look['information'].text} of the information and at {at.text} of {whole.text} "
        )
        yield Found(look["information"], f"{message}events, which are {reached:.1f} %", "tell one of both", related)


def _reached(trial: Trial, look: Node) -> float | None:
    """Return the share of the events of the trial that there are at a look, in percent; None where it is not known."""
    at, whole = look["events"], planned_events(trial)
    endpoint = trial.at("/design/event_driven/endpoint").text
    if whole is None or not _counts(at) or not _counts(whole) or (endpoint and not _tests(look, endpoint)):
        return None
    return float(_WHOLE * at.value / whole.value)


def _counts(node: Node) -> bool:
    return type(node.value) is int and node.value > 0


def _tests(look: Node, endpoint: str) -> bool:
    return not look["endpoints"] or endpoint in {node.text for node in look["endpoints"]}


def _unspent(look: Node) -> Iterator[Found]:
    stops = look["efficacy_stop"]
    if look["spending"] or look["bounds"] or stops.value is False or stops.text.casefold().startswith("no"):
        return
    if (stops and stops.value is True) or (_EFFICACY.search(look["purpose"].text) and not stops and not look["rule"]):
        message = f"{look['id'].text} can stop for efficacy, and what it spends of the level is not stated"
        yield Found(look, message, "state spending or bounds, or efficacy_stop: false")


def _seen(trial: Trial, look: Node) -> Iterator[Found]:
    """Find results of a blinded trial that people who run it are to see."""
    seen_by = look["seen_by"]
    if trial.blinds_participants and _RUNS_IT.search(seen_by.text) and not _APART.search(seen_by.text):
        message = f"the results of {look['id'].text} are seen by {seen_by.text}, and the trial is blinded"
        hint = "let an independent committee see them, or say how those who see them are kept apart"
        yield Found(seen_by, message, hint, severity=Severity.WARNING)


def _other_fractions(trial: Trial, planned: list[Node]) -> Iterator[Found]:
    """Find fractions of the sample size that are not those of the looks."""
    shares = [share(look) for look in planned]
    known = [each for each in shares if each is not None]
    for entry in trial.at("/statistics/sample_size"):
        stated = [node.value for node in entry["info"] if isinstance(node.value, int | float)]
        wanted = [each * _WHOLE for each in stated if each < 1]
        if not stated or len(known) != len(shares) or not _differ([each for each in known if each < _WHOLE], wanted):
            continue
        message = f"the sample size counts on looks at {_in_percent(wanted)}, the interim analyses are at "
        yield Found(entry["info"], message + _in_percent(known), "tell one set of fractions")


def _differ(one: list[float], other: list[float]) -> bool:
    return len(one) != len(other) or any(abs(a - b) > 1 for a, b in zip(one, other, strict=True))


def _in_percent(shares: list[float]) -> str:
    return ", ".join(f"{each:g} %" for each in shares) or "no look"


@rule(
    "STAT19", Severity.ERROR, reads=("/statistics/interim", "/statistics/sample_size", "/design/event_driven"),
    tags_off=("pilot",),
)  # fmt: skip
def bounds(trial: Trial) -> Iterator[Found]:
    """The stated bounds of interim looks are those that the spending function gives.

    Why: a bound from another design, level or number of looks spends another error than the trial claims. Bounds as z
    agree within 0.005, as p within the digits that are stated.

    Applies: looks state bounds as z or p, their spending is of the kind of O'Brien and Fleming or Pocock, and their
    information is known: their events among those of the trial, else the share that is stated.

    Basis:
        ICH M11 Step 4, 10.9 (H)
        Jennison and Turnbull 2000 (Group sequential methods), 7.2 (M)

    Fails::

        statistics:
          sample_size: [{objective: O1, alpha: 0.05, sided: 2}]
          interim: [{id: IA1, information: 50 %, spending: O'Brien-Fleming type, bounds: [z = 2.50]}]

    Passes::

        statistics:
          sample_size: [{objective: O1, alpha: 0.05, sided: 2}]
          interim: [{id: IA1, information: 50 %, spending: O'Brien-Fleming type, bounds: [z = 2.963]}]
    """
    designs = _designs(trial)
    if not designs or not any(designs[0].stated):
        raise NotApplicable("no interim look has a bound whose spending function and information are known")
    from protocolkit.sample_size import NotComputable, ParameterError  # noqa: PLC0415 - where bounds are stated

    try:
        found = [[*_unlike(design, _computed(design))] for design in designs]
    except NotComputable as missing:
        raise NotChecked(f"bounds of interim looks are {missing}", trial.at("/statistics/interim")) from missing
    except ParameterError as fault:
        raise NotApplicable(f"the bounds cannot be computed: {fault}") from fault
    # Where hypotheses have levels of their own, the looks are those of one of them.
    yield from min(found, key=len)


def _unlike(design: _Design, computed: dict[str, tuple[float, ...]]) -> Iterator[Found]:
    """Find the stated bounds that no computation gives."""
    for number, stated in enumerate(design.stated):
        for each in stated:
            at = -1 if each.is_last else number
            if not any(_agrees(each, values[at], design.sided) for values in computed.values()):
                given = " or ".join(f"{values[at]:.3f} ({name})" for name, values in computed.items())
                message = f"{each.look['id'].text}: stated {each.text}, computed z {given}"
                yield Found(each.at, message, "state the bound that the spending function gives")


class _Stated(NamedTuple):
    """A bound as stated: its place, its text, the number, whether it is a p value or one of the final analysis."""

    look: Node
    at: Node
    text: str
    value: str
    is_p: bool
    is_last: bool


class _Design(NamedTuple):
    """The looks up to the end: fractions, bounds at each, the kind of spending, the level."""

    info: list[float]
    stated: list[list[_Stated]]
    kind: str
    alpha: float
    sided: int


def _designs(trial: Trial) -> list[_Design]:
    """Return the design of the looks at each level that a sample size states, the first stated one first."""
    planned = [*trial.at("/statistics/interim")]
    shares = [share(look) if (reached := _reached(trial, look)) is None else reached for look in planned]
    words = " ".join(look["spending"].text for look in planned)
    kind = next((name for name, pattern in _KINDS if pattern.search(words)), "")
    pairs = [(each["alpha"].value, each["sided"].value) for each in trial.at("/statistics/sample_size")]
    levels = dict.fromkeys(pair for pair in pairs if all(isinstance(part, int | float) for part in pair))
    known = [each for each in shares if each is not None]
    if not planned or len(known) != len(shares) or not kind:
        return []
    info = [each / _WHOLE for each in known]
    stated = [_bounds(look) for look in planned]
    if info[-1] < 1:
        info.append(1.0)
        stated.append([])
    return [_Design(info, stated, kind, alpha, sided) for alpha, sided in levels]


def _bounds(look: Node) -> list[_Stated]:
    found = []
    for node in look["bounds"]:
        is_last = bool(_LAST.search(node.text))
        if match := _Z.search(node.text):
            found.append(_Stated(look, node, match[0], match[1], is_p=False, is_last=is_last))
        elif match := _P.search(node.text):
            found.append(_Stated(look, node, match[0], match[1], is_p=True, is_last=is_last))
    return found


def _computed(design: _Design) -> dict[str, tuple[float, ...]]:
    from protocolkit.sample_size import required  # noqa: PLC0415 - where bounds are stated

    level: dict[str, Any] = {"alpha": design.alpha, "sided": design.sided}
    spent = f"gsd_ld{design.kind}"
    values: dict[str, Any] = {spent: required(spent, info=design.info, **level)["critical_values"]}
    looks_planned = len(design.info)
    even = all(abs(each - (number + 1) / looks_planned) < 1e-9 for number, each in enumerate(design.info))  # noqa: PLR2004 - a rounding error
    if even and looks_planned > _LEAST_LOOKS:
        name = f"gsd_{design.kind}"
        values[name] = required(name, k=looks_planned, **level)["critical_values"]
    return values


def _agrees(stated: _Stated, bound: float, sided: int) -> bool:
    if not stated.is_p:
        return abs(float(stated.value) - bound) <= _AGREE + 1e-9
    from statistics import NormalDist  # noqa: PLC0415 - where a bound is a p value

    tolerance = 0.5 * 10 ** -len(stated.value.partition(".")[2]) + 1e-12
    return any(abs(float(stated.value) - sides * NormalDist().cdf(-bound)) <= tolerance for sides in {1, sided})


RULES: tuple[Rule, ...] = (looks, bounds)
