"""Limits of age that contradict each other, or what criteria and the description of the population say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.quantities import QuantityError, convert, in_unit
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.words import folded

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from protocolkit.document import Node

_YEARS = r"(?:years?|yrs?|a)\b"
_TO = r"(?:to|-|\N{EN DASH}|and|through)"
_LEAST = r"(?:>=|\N{GREATER-THAN OR EQUAL TO}|at least|from)"
_PEOPLE = frozenset({
    "adults", "adolescents", "children", "people", "persons", "participants", "patients", "women", "men", "girls",
    "boys", "volunteers", "females", "males", "infants", "adult", "adolescent", "child", "person", "participant",
    "patient", "woman", "man", "girl", "boy", "volunteer", "female", "male", "infant",
})  # fmt: skip
_AGE_RANGE = Pattern(
    rf"\bage[d]?\b[^.;0-9]{{0,30}}([0-9]{{1,3}}) ?(?:{_YEARS} ?)?{_TO} ?([0-9]{{1,3}})(?: ?{_YEARS})?"
    rf"|\b([0-9]{{1,3}}) ?(?:{_YEARS} ?)?{_TO} ?([0-9]{{1,3}}) (?:years?|yrs?)(?: of age| old)"
)
_OF_PEOPLE = Pattern(r"\b([a-z]+) (?:of|from|between) ([0-9]{1,3}) (?:to|and) ([0-9]{1,3}) years")
_AGE_FROM = Pattern(
    rf"\bage[d]?\b[^.;0-9]{{0,15}}?(?:(?P<least>{_LEAST}) ?)?(?P<one>[0-9]{{1,3}}) ?{_YEARS}(?: of age)?"
    r"(?P<more> (?:or|and) (?:older|over|above|more))?"
    r"|\b(?:at least (?P<two>[0-9]{1,3}) years|(?P<three>[0-9]{1,3}) years (?:or|and) (?:more|over))(?: of age| old)"
    r"|\b(?P<four>[0-9]{1,3}) years (?:or|and) older\b"
)
_RANGE = Pattern(rf"\b([0-9]{{1,3}}) ?(?:{_YEARS} ?)?{_TO} ?([0-9]{{1,3}})\b")
_SEVERAL = 2
_ROUNDING = 0.01  # 192 months are 16 years
_NOT_AGE = Pattern(
    r"onset|diagnos|duration|since|for (?:at least|the past)|body|weight|smok|history"
    r"|\b(?:arm|cohort|part|group|stage)s?\b|contracept|pregnancy test"
)
_EARLY = 40  # characters
_UNITS = {"day": "d", "week": "wk", "month": "mo", "year": "a"}
# Ages of children: each end may have a unit of its own, as in `12 months to 15 years`.
_CHILD_RANGE = Pattern(
    rf"\bage[d]?\b[^.;0-9]{{0,30}}(?P<low>[0-9]{{1,3}}) ?(?:(?P<low_unit>day|week|month)s? ?)?{_TO} ?"
    r"(?P<high>[0-9]{1,3}) (?P<unit>day|week|month|year)s?\b"
    rf"|\b(?P<from>[0-9]{{1,3}}) ?(?:(?P<from_unit>day|week|month)s? ?)?{_TO} ?"
    r"(?P<until>[0-9]{1,3}) (?P<of>day|week|month|year)s? (?:of age|old)\b"
)
_BORN_EARLY = Pattern(r"gestation|postmenstrual|post-menstrual|corrected|premature|preterm")
_OF_ANOTHER = Pattern(r"\b(?:previous|earlier|prior|history|former)\b")
# 34 weeks, 34+0 weeks, 34 0/7 weeks
_WEEKS = r"(?P<weeks>[1-4][0-9])(?:\+(?P<days>[0-6])| (?P<sevenths>[0-6])/7)?(?: completed)? weeks?"
_GESTATION = Pattern(rf"{_LEAST} {_WEEKS}|{_WEEKS.replace('<', '<own_')} or (?:more|later|above)")
# Infants born before 37 weeks of gestation; gestational age at birth below 37+0 weeks.
_BORN_BEFORE = Pattern(
    r"(?:(?:preterm )?(?:infants?|neonates?|newborns?|babies|children|participants)(?: (?:were|was))? )?"
    r"(?:(?:born|birth|delivery|delivered) |(?:with )?(?:an? )?gestational age (?:at birth )?(?:of )?)+"
    rf"(?:below|under|less than|before|<) ?{_WEEKS}(?: of gestation| gestation(?:al age)?)?(?: at birth)?"
)
_ANY_WEEKS = Pattern(r"\b[1-4][0-9](?:\+[0-6]| [0-6]/7)?(?: completed)? weeks?\b")


def _gestation(stated: Node) -> Iterator[Found]:
    """Compare gestational ages, which are told as weeks+days."""
    parts = [stated[key].text.split("+") for key in ("min", "max")]
    ends = [tuple(int(part) for part in end) for end in parts if all(part.isdecimal() for part in end)]
    if len(ends) > 1 and ends[0] > ends[1]:
        low, high = stated["min"], stated["max"]
        message = f"the lowest gestational age ({low.text}) is above the highest ({high.text})"
        yield Found(high, message, "correct one of them", ((low, "the lowest"),))


def _told_gestation(text: Node, limit: Node) -> Iterator[Found]:
    """Find a criterion that asks for another gestational age at least than the limit, and names no other week."""
    own = "gestation" in text.text.casefold() and not _OF_ANOTHER.search(text.text)
    match = _GESTATION.search(text.text) if own else None
    if match is None or not limit or len(_ANY_WEEKS.findall(text.text)) > 1:
        return
    weeks, *days = (match[name] or match[f"own_{name}"] for name in ("weeks", "days", "sevenths"))
    if limit.text != f"{weeks}+{next(filter(None, days), 0)}":
        message = f'"{match[0]}" is said, population.gestational_age says {limit.text}'
        yield Found(text, message, "tell one gestational age", ((limit, "the limit"),))


def told_early_birth(criterion: Node, limit: Node) -> Iterator[Found]:
    """Find an exclusion of all below a gestational age that is not the lowest one."""
    match = _BORN_BEFORE.fullmatch(criterion["text"].text.strip(" ."))
    if match is None or not limit or criterion["cohorts"]:
        return
    if limit.text != f"{match['weeks']}+{match['days'] or match['sevenths'] or 0}":
        message = f'"{criterion["text"].text}" excludes, population.gestational_age says {limit.text}'
        yield Found(criterion["text"], message, "tell one gestational age", ((limit, "the limit"),))


def _child_age(text: Node, low: Node, high: Node, where: str, *, late: bool = False) -> Iterator[Found]:
    """Find an age in days, weeks or months, or limits in these, where the two differ; completed ones are compared."""
    match = _CHILD_RANGE.search(text.text)
    if match is None or (match.start() > _EARLY and not late):
        return
    beside = _beside(text.text, match) if late else text.text
    if any(each.search(beside) for each in (_NOT_AGE, _BORN_EARLY)):
        return
    unit = _UNITS[(match["unit"] or match["of"]).casefold()]
    first = _UNITS.get((match["low_unit"] or match["from_unit"] or "").casefold(), unit)
    if first == unit == "a" and all(found.unit.code == "a" for found in (quantity(low), quantity(high)) if found):
        return  # in years, both of them
    said = ((match["low"] or match["from"], first), (match["high"] or match["until"], unit))
    for (value, counted), limit in zip(said, (low, high), strict=True):
        found = quantity(limit)
        own = in_unit(found.value, found.unit.code, counted) if found is not None else None
        if own is not None and int(float(own) + _ROUNDING) != int(value):
            message = f'"{match[0]}" is said, {where} says {limit.text}'
            yield Found(text, message, "tell one age limit", ((limit, "the limit"),))
            return


def ages(population: Node, required: list[Node]) -> Iterator[Found]:
    """Find limits of age that contradict each other, those of cohorts, or what criteria and the description say."""
    low, high = population["age"]["min"], population["age"]["max"]
    if _above(low, high) and not _reached(low, high):
        message = f"the lowest age ({low.text}) is above the highest ({high.text})"
        yield Found(high, message, "correct one of them", ((low, "the lowest"),))
    yield from _gestation(population["gestational_age"])
    for cohort in (each for each in population["cohorts"] if not each["belongs_to"]):
        for key, limit in (("min", low), ("max", high)):
            own = cohort["age"][key]
            outside = _above(limit, own) if key == "min" else _above(own, limit) and not _reached(own, limit)
            if outside:
                message = f"cohort {cohort['id'].text}: {own.text} lies outside the age limits ({limit.text})"
                yield Found(own, message, "correct one of them", ((limit, "the limit"),))
        for key in ("name", "definition"):
            own_ages = (cohort["age"]["min"], cohort["age"]["max"], "the age of the cohort")
            yield from _other_age(cohort[key], *own_ages)
            yield from _child_age(cohort[key], *own_ages)
    for each in (criterion for criterion in required if not criterion["cohorts"]):
        if not _of_groups(each["text"].text, population):
            yield from _other_age(each["text"], low, high)
        yield from _child_age(each["text"], low, high, "population.age")
        yield from _told_gestation(each["text"], population["gestational_age"]["min"])
        yield from _keyed_age(each, low, high)
    if not _of_groups(population["description"].text, population):
        yield from _other_age(population["description"], low, high)
        yield from _child_age(population["description"], low, high, "population.age")


def _of_groups(text: str, population: Node) -> bool:
    """Say whether a text tells the ages of groups: of a cohort, up to the cut of a factor, or of all together."""
    _, said = _said(text)
    cohorts = [each["age"] for each in population["cohorts"] if each["age"]]
    if said[0] and any(_same(said, age) for age in cohorts):
        return True
    strata = [each for one in population.document.root["design"]["randomisations"] for each in one["strata"]]
    cuts = {float(cut.value) for each in strata if (cut := quantity(each["cut"])) and cut.unit.code == "a"}
    if any(float(end) in cuts or float(end) + 1 in cuts for end in said if end):
        return True
    ranges = [(int(match[1]), int(match[2])) for match in _RANGE.finditer(text)]
    if len(ranges) < _SEVERAL:
        return False
    ends = str(min(low for low, _ in ranges)), str(max(high for _, high in ranges))
    return _same(ends, population["age"])


def _same(said: tuple[str, str], age: Node) -> bool:
    """Say whether two ends in years are those of an age; an open end is one that is not stated."""
    stated = [quantity(age[key]) for key in ("min", "max")]
    return all(
        (not value and limit is None)
        or bool(value and limit and limit.unit.code == "a" and float(limit.value) == float(value))
        for value, limit in zip(said, stated, strict=True)
    )


def _keyed_age(criterion: Node, low: Node, high: Node) -> Iterator[Found]:
    """Find a criterion with the age as its measure that has another limit than the limits of age.

    Above 17 years is from 18 years on, and below 66 up to 65.
    """
    for key, limit in (("above", low), ("below", high)):
        own, stated = quantity(criterion[key]), quantity(limit)
        if folded(criterion["measure"].text) != "age" or own is None or stated is None:
            continue
        value = in_unit(own.value, own.unit.code, stated.unit.code)
        wider = 0 if value is None else (stated.value - value) * (1 if key == "above" else -1)
        if wider < 0 or wider > (0 if criterion["inclusive"].value is True else 1):
            message = f"{criterion['id'].text} asks for an age {key} {criterion[key].text}, population.age says"
            yield Found(criterion[key], f"{message} {limit.text}", "tell one age limit", ((limit, "the limit"),))


def _said(text: str) -> tuple[re.Match[str] | None, tuple[str, str]]:
    """Return what a text says of ages, and the lowest and the highest; an empty text for an open end."""
    if match := _AGE_RANGE.search(text):
        return match, (match[1] or match[3], match[2] or match[4])
    if (match := _OF_PEOPLE.search(text)) and match[1].casefold() in _PEOPLE:
        return match, (match[2], match[3])
    match = _AGE_FROM.search(text)
    if match is not None and (not match["one"] or match["least"] or match["more"]):
        return match, (next(filter(None, match.group("one", "two", "three", "four"))), "")
    return None, ("", "")


def age_of_all(text: Node, population: Node) -> Iterator[Found]:
    """Find a title, or the population of an estimand, that says another age of all participants than their limits.

    Where cohorts differ in age, one of them may be meant.
    """
    if not any(cohort["age"] for cohort in population["cohorts"]):
        low, high = population["age"]["min"], population["age"]["max"]
        yield from _other_age(text, low, high, late=True)
        yield from _child_age(text, low, high, "population.age", late=True)


def age_of_cohorts(title: Node, population: Node) -> Iterator[Found]:
    """Find an age in years in a title that ends where neither a cohort nor the limits of all do.

    Cohorts that follow one another may be told together, so that each end is looked for by itself.
    """
    groups = [each["age"] for each in population["cohorts"] if each["age"]]
    known = [quantity(age[key]) for age in (*groups, population["age"]) for key in ("min", "max") if age[key]]
    if not groups or any(each is None or each.unit.code != "a" for each in known):
        return
    ends = {float(each.value) for each in known if each is not None}
    for match in _AGE_RANGE.finditer(title.text):
        said = [value for value in match.groups() if value]
        if "year" not in match[0].casefold() or _NOT_AGE.search(_beside(title.text, match)):
            continue
        if other := [value for value in said if float(value) not in ends]:
            message = f'"{match[0]}" is said, and no cohort and no limit of age ends at {other[0]} a'
            related = ((population["cohorts"], "the cohorts"),)
            yield Found(title, message, "bring the title and the ages of the cohorts together", related)


def _other_age(
    text: Node, low: Node, high: Node, where: str = "population.age", *, late: bool = False
) -> Iterator[Found]:
    match, said = _said(text.text)
    if match is None:
        return
    # An age of some participants, or of something else, is none of all participants.
    beside = _beside(text.text, match) if late else text.text
    if (match.start() > _EARLY and not late) or _NOT_AGE.search(beside):
        return
    for value, limit in zip(said, (low, high), strict=True):
        found = quantity(limit)
        if value and found is not None and found.unit.code == "a" and float(found.value) != float(value):
            message = f'"{match[0]}" is said, {where} says {limit.text}'
            yield Found(text, message, "tell one age limit", ((limit, "the limit"),))
            return


def _beside(text: str, match: re.Match[str]) -> str:
    """Return what stands around a match."""
    return text[max(0, match.start() - _EARLY) : match.end() + _EARLY]


def _reached(own: Node, limit: Node) -> bool:
    """Say whether an age in days, weeks or months comes before the birthday up to which a limit in whole years holds.

    Those of up to 4 years are included at 59 months, the day before their fifth birthday.
    """
    age, years = quantity(own), quantity(limit)
    if age is None or years is None or years.unit.code != "a" or age.unit.code == "a" or years.value % 1:
        return False
    reached = in_unit(age.value, age.unit.code, "a")
    return reached is not None and reached < years.value + 1


def _above(one: Node, other: Node) -> bool:
    first, second = quantity(one), quantity(other)
    if first is None or second is None:
        return False
    try:
        return convert(first, second.unit.code).value > second.value
    except QuantityError:
        return False
