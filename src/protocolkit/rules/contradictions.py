"""Rules on parts of a protocol that contradict each other: criteria, numbers of participants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.contradictions_ages import age_of_all, ages, told_early_birth
from protocolkit.rules.contradictions_strata import beyond_entry
from protocolkit.rules.matching import lies_between
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_arms import numbered_arms, told_elsewhere
from protocolkit.rules.statistics_sizes import SIZED_FOR
from protocolkit.values import NamedTuple
from protocolkit.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.quantities import Quantity
    from protocolkit.rules.trial import Trial

_SEX = Pattern(r"\b(?:sex|gender)\b")
_LIMIT = Pattern(
    r"(?P<what>[A-Za-z][A-Za-z0-9 ()/-]{0,59}?) ?(?:of |is |was )?"
    r"(?P<sign><=|>=|<|>|\N{LESS-THAN OR EQUAL TO}|\N{GREATER-THAN OR EQUAL TO}) ?"
    r"(?P<value>[0-9]+(?:\.[0-9]+)?)(?P<unit> ?[^\s,;.()]{0,20})",
    exact=True,
)
_SIGNS = {"\N{LESS-THAN OR EQUAL TO}": "<=", "\N{GREATER-THAN OR EQUAL TO}": ">="}
_ARTICLE = Pattern(r"^(?:an?|the|any|with|has|have|having|screening|baseline|who|whose)\s+")
_EXCEPT = Pattern(r"\bexcept\b|\bunless\b|\bother than\b|\bbeyond\b|\babove\b|\bmore than\b")


class _Limit(NamedTuple):
    """A threshold of a criterion: what, in which direction, the value and the unit; where it stands."""

    what: str
    up: bool
    inclusive: bool
    value: float
    unit: str
    at: Node
    keyed: bool = False


@rule(
    "ID11",
    Severity.ERROR,
    reads=(
        "/population/inclusion",
        "/population/exclusion",
        "/population/age",
        "/population/gestational_age",
        "/population/cohorts",
        "/population/sex",
        "/population/childbearing_potential",
        "/design/randomisations",
        "/statistics/subgroups",
        "/objectives/*/estimands/*/population",
    ),
)
def criteria(trial: Trial) -> Iterator[Found]:
    """Criteria and age limits can be met together.

    Why: where what is required is also excluded, nobody can enter, or each site decides which of both counts.

    Applies: criteria or age limits are stated. Only what contradicts exactly is told: limits in the wrong order, an age
    (in days, weeks or months too, or of gestation) in a criterion, the description or an estimand that is not that of
    the limits, a value that is included and excluded, values that are required or excluded so that nobody is left, one
    text in both lists, one sex and what the other has. A stated limit of exclusion inside one of inclusion is a
    warning, and so is a stratum or subgroup that is cut where nobody may enter.

    Basis:
        SPIRIT 2025, 14a (H)
        internal consistency of the protocol, criteria (H)

    Fails::

        population:
          inclusion: [{id: I1, text: HbA1c >= 7 %}]
          exclusion: [{id: X1, text: HbA1c >= 7 %}]
        outcomes: []

    Passes::

        population:
          inclusion: [{id: I1, text: HbA1c >= 7 %}]
          exclusion: [{id: X1, text: HbA1c >= 10 %}]
        outcomes: []
    """
    population = trial.at("/population")
    required, excluded = [*population["inclusion"]], [*population["exclusion"]]
    if not required and not population["age"] and not population["gestational_age"]:
        raise NotApplicable("no criteria and no age limits are stated")
    yield from ages(population, required)
    for each in excluded:
        yield from told_early_birth(each, population["gestational_age"]["min"])
    for each in trial.each("/objectives/*/estimands/*/population"):
        yield from age_of_all(each, population)
    yield from _sexes(trial)
    yield from beyond_entry(trial)
    limits = [(each, limit) for each in required for limit in _limits(each)]
    yield from _nobody(limits, required=True)
    yield from _nobody([(each, limit) for each in excluded for limit in _limits(each)], required=False)
    texts = {folded(each["text"].text): each for each in required if _speaks(each["text"].text)}
    for each in excluded:
        same = texts.get(folded(each["text"].text))
        if same is not None:
            message = f"{each['id'].text} excludes what {same['id'].text} requires: {each['text'].text[:80]}"
            yield Found(each["text"], message, "keep one of them", ((same["text"], "required here"),))
        else:
            yield from _both(each, limits)


def _nobody(limits: list[tuple[Node, _Limit]], *, required: bool) -> Iterator[Found]:
    """Find two criteria for one measurement that nobody can meet together, or that together keep out everybody."""
    general = [(each, limit) for each, limit in limits if not each["domains"] and not each["cohorts"]]
    for one, low in general:
        for other, high in general:
            if not low.up or high.up or not _together(one, other) or (low.what, low.unit) != (high.what, high.unit):
                continue
            if low.value > high.value if required else low.value < high.value:
                what = "asks for" if required else "keeps out"
                told = f"{other['id'].text} {what} {high.what} {_side(high)}, {one['id'].text} {_side(low)}"
                left = "nobody has both" if required else "nobody is left"
                yield Found(high.at, f"{told}: {left}", "correct one of both", ((low.at, "the other one"),))


def _together(one: Node, other: Node) -> bool:
    """Say whether two criteria are told apart and looked at together, not at two visits between which a value moves."""
    visits = {each["visit"].text for each in (one, other)} - {""}
    return one.path != other.path and len(visits) <= 1


def _sexes(trial: Trial) -> Iterator[Found]:
    """Find what only women can have, or a factor of sex, where one sex alone may enter."""
    sex = trial.at("/population/sex/eligible")
    if sex.text not in ("male", "female"):
        return
    bearing = trial.at("/population/childbearing_potential")
    if sex.text == "male" and bearing.text == "eligible":
        message = "only men may enter, and people of childbearing potential are said to be eligible"
        yield Found(bearing, message, "correct one of both", ((sex, "the sex"),))
    for factor in trial.each("/design/randomisations/*/strata/*/factor"):
        if _SEX.search(factor.text):
            message = f"only one sex may enter ({sex.text}), and randomisation is stratified by {factor.text}"
            yield Found(factor, message, "correct one of both", ((sex, "the sex"),))


def _speaks(text: str) -> bool:
    """Say whether a text is a criterion, not a line such as `Further criteria apply.`."""
    return bool(text) and "criteria" not in text.casefold()


def _both(excluded: Node, required: list[tuple[Node, _Limit]]) -> Iterator[Found]:
    for out in _limits(excluded):
        same = next(((each, limit) for each, limit in required if _contradict(limit, out)), None)
        if same is not None:
            each, limit = same
            message = f"{excluded['id'].text} excludes all that {each['id'].text} requires of {limit.what}"
            yield Found(out.at, message, "correct one of both", ((limit.at, "required here"),))
            continue
        wider = next(((each, limit) for each, limit in required if _narrowed(limit, out)), None)
        if wider is not None:
            each, limit = wider
            message = (
                f"{each['id'].text} lets in {limit.what} {_side(limit)}, {excluded['id'].text} keeps out {_side(out)}"
            )
            related = ((limit.at, "the other limit"),)
            yield Found(out.at, message, "tell one limit", related, severity=Severity.WARNING)


def _side(limit: _Limit) -> str:
    return f"{'above' if limit.up else 'below'} {limit.value:g} {limit.unit}"


def _narrowed(inside: _Limit, out: _Limit) -> bool:
    """Say whether an exclusion takes away a part of what is required on the same scale, by keys and not by words."""
    if (inside.what, inside.unit) != (out.what, out.unit) or inside.up is out.up or not (inside.keyed and out.keyed):
        return False
    return out.value < inside.value if out.up else out.value > inside.value


def _contradict(inside: _Limit, out: _Limit) -> bool:
    """Say whether every value that is required is excluded: the same side, from the same value or further in."""
    if (inside.what, inside.up, inside.unit) != (out.what, out.up, out.unit):
        return False
    if inside.value == out.value:
        return out.inclusive or not inside.inclusive
    return inside.value > out.value if inside.up else inside.value < out.value


def _limits(criterion: Node) -> list[_Limit]:
    """Read the thresholds of a criterion: its own keys, else the signs of comparison in a text that has but one."""
    if criterion.path[1:2] == ("exclusion",) and lies_between(criterion):
        return []  # what lies beyond may enter on both sides
    if measure := folded(criterion["measure"].text):
        keyed = (("above", True), ("below", False))
        return [_keyed(criterion, measure, key, up) for key, up in keyed if quantity(criterion[key]) is not None]
    text = criterion["text"]
    found = [*_LIMIT.finditer(text.text[:500])]
    if len(found) != 1 or _EXCEPT.search(text.text):
        return []
    match = found[0]
    sign = _SIGNS.get(match["sign"], match["sign"])
    what = folded(_ARTICLE.sub("", match["what"].strip()))
    return [_Limit(what, sign[0] == ">", "=" in sign, float(match["value"]), match["unit"].strip(), text)]


def _keyed(criterion: Node, measure: str, key: str, up: bool) -> _Limit:
    node = criterion[key]
    found: Quantity | None = quantity(node)
    value, unit = (float(found.value), found.unit.code) if found is not None else (0.0, "")
    inclusive = criterion["inclusive"].value is True
    return _Limit(measure, up, inclusive=inclusive, value=value, unit=unit, at=node, keyed=True)


@rule(
    "ID12", Severity.ERROR,
    reads=("/statistics/sample_size", "/arms/*/participants", "/design/randomisations", "/design/sequences",
           "/population/participants", "/population/cohorts", "/design/external_comparators",
           *SIZED_FOR),
    tags=("pilot", "dose-escalation"),
)  # fmt: skip
def numbers(trial: Trial) -> Iterator[Found]:
    """In a pilot or an escalation of doses, too, the numbers of participants agree wherever they are told.

    Why: a number that differs between arms, cohorts and sample size is approved by one committee and planned for by
    another. (STAT15 tells it in other trials, where numbers are recomputed as well.)

    Applies: participants of the arms are stated.

    Basis:
        SPIRIT 2025, 19 (H)
        internal consistency of the protocol, numbers of participants (H)

    Fails::

        arms: [{id: A, participants: 20}, {id: B, participants: 20}]
        statistics: {sample_size: [{objective: O1, method: other, randomised_total: 50}]}

    Passes::

        arms: [{id: A, participants: 20}, {id: B, participants: 20}]
        statistics: {sample_size: [{objective: O1, method: other, randomised_total: 40}]}
    """
    if not numbered_arms(trial):
        raise NotApplicable("the participants of the arms are not stated")
    yield from told_elsewhere(trial, [*trial.at("/statistics/sample_size")])


RULES: tuple[Rule, ...] = (criteria, numbers)
