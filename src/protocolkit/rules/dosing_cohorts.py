"""Doses by cohorts that a value at entry tells apart: whether these leave nobody out and give nobody two doses."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise, product
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.matching import lies_between, measurement
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.values import NamedTuple
from protocolkit.words import plain

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from protocolkit.document import Node, Path
    from protocolkit.rules.trial import Trial

_MOST = 3  # measures, beyond which nobody can say in one line who is left out
_TURNED = {"above": "below", "below": "above"}
_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
_UNIT = r"([^,;0-9 ][^,;]*)"
_MEASURE = r"(?P<measure>[A-Za-z][A-Za-z0-9() /-]*?)(?: is| of)?"
_AT_ENTRY = Pattern(r" (?:at|before) (?:screening|baseline|randomi[sz]ation|entry|inclusion|consent|enrolment)\.?$")
_END = Pattern(r" (?:or|and) (?:(?P<more>more|above|over|higher|greater)|less|below|under|lower)\b")
_BETWEEN = Pattern(rf"\bbetween {_NUMBER}([^,;]*?) and {_NUMBER}")
_SPELT = str.maketrans("^", "*", "{}[]")
_AND, _OR = " and ", " or "
_ONE_END = Pattern(
    rf"{_MEASURE} (?P<sign><=?|>=?|\N{{LESS-THAN OR EQUAL TO}}|\N{{GREATER-THAN OR EQUAL TO}}|below|above|under|over"
    rf"|less than|more than|at least|at most) ?{_NUMBER} {_UNIT}"
)
_NAMED_END = Pattern(rf"{_MEASURE} {_NUMBER} {_UNIT}~(?P<end>more|less)")
_BOTH_ENDS = Pattern(rf"{_MEASURE}(?: from)? {_NUMBER}(?: {_UNIT})? to {_NUMBER} {_UNIT}")
_UPWARDS = {
    ">": False, "above": False, "over": False, "more than": False,
    ">=": True, "\N{GREATER-THAN OR EQUAL TO}": True, "at least": True,
}  # fmt: skip
_DOWNWARDS = {
    "<": False, "below": False, "under": False, "less than": False,
    "<=": True, "\N{LESS-THAN OR EQUAL TO}": True, "at most": True,
}  # fmt: skip


class _Limit(NamedTuple):
    """A range of one measure in one unit, and both as they are written; None is an open end."""

    measure: str
    unit: str
    low: Decimal | None
    high: Decimal | None
    with_low: bool = True
    with_high: bool = True
    words: tuple[str, str] = ("", "")

    def holds(self, cell: _Cell) -> bool:
        """Say whether all of a cell lies in it."""
        low, high = cell
        least = self.low is None or (low is not None and (low > self.low or (low == self.low and self._at(cell, low))))
        most = self.high is None or (
            high is not None and (high < self.high or (high == self.high and self._at(cell, high, upper=True)))
        )
        return least and most

    def _at(self, cell: _Cell, end: Decimal, *, upper: bool = False) -> bool:
        """Say whether an end that a cell shares is in both, or in neither: a stretch of values lacks its own ends."""
        low, high = cell
        point = low == high == end
        return not point or (self.with_high if upper else self.with_low)


class _Cohort(NamedTuple):
    """Who belongs to a cohort: limits that hold together, or one of which is enough; whether its words alone say so."""

    node: Node
    limits: tuple[_Limit, ...]
    one_is_enough: bool
    worded: bool

    def has(self, where: dict[str, _Cell]) -> bool:
        """Say whether people with such values belong to it."""
        held = [limit.holds(where[limit.measure]) for limit in self.limits]
        return any(held) if self.one_is_enough else all(held)


# A single value, or the stretch of values between two; None is an open end.
_Cell = tuple[Decimal | None, Decimal | None]


def faults(trial: Trial, interventions: Sequence[Node]) -> Iterator[Found]:
    """Find values that may enter and belong to no cohort with a dose, or to two that nothing else tells apart."""
    regimens = [[*each["regimen"]["steps"]] for each in interventions]
    parted = [step for steps in regimens if all(step["cohorts"] for step in steps) for step in steps]
    doses: dict[str, set[Path]] = {}
    for step in parted:
        for node in step["cohorts"]:
            doses.setdefault(node.text, set()).add(step.path)
    nodes = [each for each in trial.assigned_cohorts if each["id"].text in doses]
    cohorts = [_cohort(node) for node in nodes]
    known = [each for each in cohorts if each is not None]
    arms = {tuple(sorted(node.text for node in each["arms"])) for each in nodes}
    if len(known) < 2 or len(known) != len(cohorts) or len(arms) > 1:  # noqa: PLR2004 - two are told apart
        return
    entry = [*_entry(trial)]
    units = {(limit.measure, limit.unit) for limit in (*(limit for each in known for limit in each.limits), *entry)}
    measures = list(dict.fromkeys(limit.measure for each in known for limit in each.limits))
    told = {frozenset(limit.measure for limit in each.limits) for each in known}
    if any(each.worded for each in known) and len(told) > 1:
        return  # two names of one measure cannot be told from two measures
    if len(measures) > _MOST or any(len({unit for what, unit in units if what == each}) > 1 for each in measures):
        return
    alike = len({frozenset(doses[each["id"].text]) for each in nodes}) < len(nodes)
    yield from _first_fault(known, entry, measures, alike=alike)


def _first_fault(cohorts: list[_Cohort], entry: list[_Limit], measures: list[str], *, alike: bool) -> Iterator[Found]:
    """Look at every part of the values at entry, stretches before single values, and tell of the first fault.

    Where some cohorts have their doses together, are told apart otherwise or have the same limits, none is sought that
    holds twice.
    """
    differ = not alike and len({each.limits for each in cohorts}) == len(cohorts)
    apart = differ and not any(map(_told_otherwise, cohorts))
    cells = [_cells(each, cohorts, entry) for each in measures]
    parts = sorted(product(*cells), key=lambda part: sum(low == high for low, high in part))
    for part in parts:
        where = dict(zip(measures, part, strict=True))
        if not all(limit.holds(where[limit.measure]) for limit in entry if limit.measure in where):
            continue
        own = [each for each in cohorts if each.has(where)]
        outside = any(None in cell for cell in part)  # entry may be limited there in words
        whole = any(_is_next(cell) for cell in part)
        if (not own and not outside and not whole) or (len(own) > 1 and apart):
            told = " and ".join(_shown(each, where[each], cohorts) for each in measures)
            what = "two cohorts hold" if own else "no cohort holds"
            message = f"doses differ by cohort, and {what} for {told}"
            hint = "let each cohort begin where another ends, and the cohorts together hold whoever may enter"
            at, other = (own[0].node, own[1].node) if own else (cohorts[0].node, cohorts[1].node)
            weight = Severity.WARNING if any(each.worded for each in cohorts) else None
            yield Found(at, message, hint, ((other, "another cohort"),), severity=weight)
            return


def _told_otherwise(cohort: _Cohort) -> bool:
    """Say whether more than its limits tells who is in a cohort, or when it opens."""
    node = cohort.node
    return bool(node["age"] or node["opens_when"] or (node["definition"] and not cohort.worded))


def _is_next(cell: _Cell) -> bool:
    """Say whether nothing lies between two values as they are counted: after 89 comes 90, after 7.9 comes 8.0."""
    low, high = cell
    if low is None or high is None or low == high:
        return False
    places = min(int(each.as_tuple().exponent) for each in cell if each is not None)
    return high - low == Decimal(1).scaleb(places)


def _cells(measure: str, cohorts: list[_Cohort], entry: list[_Limit]) -> list[_Cell]:
    """Return the values at which something ends, and the stretches between them."""
    own = [limit for limit in (*(each for one in cohorts for each in one.limits), *entry) if limit.measure == measure]
    ends = sorted({end for limit in own for end in (limit.low, limit.high) if end is not None})
    points: list[_Cell] = [(end, end) for end in ends]
    return [*points, *pairwise(ends), (None, ends[0]), (ends[-1], None)] if ends else [(None, None)]


def _shown(measure: str, cell: _Cell, cohorts: list[_Cohort]) -> str:
    name, unit = next(limit.words for each in cohorts for limit in each.limits if limit.measure == measure)
    low, high = (None if end is None else plain(end) for end in cell)
    if low == high:
        return f"{name} of {low} {unit}" if low else f"any {name}"
    if low is None or high is None:
        return f"{name} {'below' if low is None else 'above'} {high or low} {unit}"
    return f"{name} between {low} and {high} {unit}"


def _entry(trial: Trial) -> Iterator[_Limit]:
    """Yield the values that may enter, by the criteria that state a limit as keys."""
    for key in ("inclusion", "exclusion"):
        for criterion in trial.at(f"/population/{key}"):
            sides = [side for side in _TURNED if quantity(criterion[side])]
            if criterion["cohorts"] or (key == "exclusion" and lies_between(criterion)):
                continue  # what lies beyond may enter on both sides
            for side in sides if criterion["measure"] else ():
                within = key == "inclusion"
                yield _limit_of(criterion, side, side if within else _TURNED[side], within=within)


def _limit_of(criterion: Node, key: str, side: str, *, within: bool) -> _Limit:
    found = quantity(criterion[key])
    value, unit = (found.value, _unit(found.unit.code)) if found else (None, "")
    included = (criterion["inclusive"].value is True) is within
    low, high = (value, None) if side == "above" else (None, value)
    return _Limit(measurement(criterion["measure"].text), unit, low, high, included, included)


def _cohort(node: Node) -> _Cohort | None:
    """Read who belongs to a cohort from its limits, or from a definition that says nothing else; None where neither."""
    if node["limits"]:
        limits = [_stated(each) for each in node["limits"]]
        known = tuple(each for each in limits if each is not None)
        any_limit = node["any_limit"].value is True
        return _Cohort(node, known, any_limit, worded=False) if len(known) == len(limits) else None
    return _defined(node)


def _stated(entry: Node) -> _Limit | None:
    value = entry["value"]
    low, high = quantity(value["min"]), quantity(value["max"])
    codes = {each.unit.code for each in (low, high) if each is not None}
    if len(codes) != 1 or (value["min"] and low is None) or (value["max"] and high is None):
        return None
    name, code = entry["measure"].text, codes.pop()
    return _Limit(
        measurement(name), _unit(code), low.value if low else None, high.value if high else None,
        value["min_inclusive"].value is not False, value["max_inclusive"].value is not False, (name, code),
    )  # fmt: skip


def _defined(node: Node) -> _Cohort | None:
    """Read a definition such as `weight of 77 kg or more and platelets below 150 x 10*9/L at screening`."""
    text = _AT_ENTRY.sub("", node["definition"].text.strip()).rstrip(".")
    text = _BETWEEN.compiled.sub(r"\1\2 to \3", text)
    text = _END.compiled.sub(lambda end: "~more" if end["more"] else "~less", text)
    joiner = _OR if _OR in text else _AND
    mixed = _OR in text and _AND in text
    limits = [_worded(part.strip()) for part in text.split(joiner)] if text and not mixed else []
    known = tuple(each for each in limits if each is not None)
    return _Cohort(node, known, joiner == _OR, worded=True) if limits and len(known) == len(limits) else None


def _worded(text: str) -> _Limit | None:
    if match := _NAMED_END.fullmatch(text):
        value = Decimal(match[2])
        return _said(match, match[3], *((value, None) if match["end"] == "more" else (None, value)))
    if match := _BOTH_ENDS.fullmatch(text):
        if match[3] and _unit(match[3]) != _unit(match[5]):
            return None
        return _said(match, match[5], Decimal(match[2]), Decimal(match[4]))
    match = _ONE_END.fullmatch(text)
    if match is None:
        return None
    sign, value = match["sign"].casefold(), Decimal(match[3])
    if sign in _UPWARDS:
        return _said(match, match[4], value, None)._replace(with_low=_UPWARDS[sign])
    return _said(match, match[4], None, value)._replace(with_high=_DOWNWARDS[sign])


def _said(match: re.Match[str], unit: str, low: Decimal | None, high: Decimal | None) -> _Limit:
    name = match["measure"]
    return _Limit(measurement(name), _unit(unit), low, high, words=(name, unit))


def _unit(text: str) -> str:
    """Return a unit in a form in which `mL/min/{1.73_m2}` and `mL/min/1.73 m2`, `10*9/L` and `x 10^9/L` are equal."""
    spelt = "".join(part for part in text.replace("_", "").split() if part != "x")
    return spelt.translate(_SPELT)
