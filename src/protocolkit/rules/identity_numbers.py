"""Rule on numbers in words that a key beside them tells otherwise."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import in_unit
from protocolkit.rules.identity_therapies import therapies
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.told_times import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.quantities import Quantity
    from protocolkit.rules.trial import Trial

# Numbers of grades and classes, of times and of names such as CYP3A4 or 1.73 m2 are no limits.
_NUMBER = Pattern(
    r"(?<![\w.,-])(?<!grade )(?<!class )(?<!stage )([0-9]{1,3}(?:[ ,][0-9]{3})+|[0-9]+(?:\.[0-9]+)?)"
    r"(?![\w,]|\.[0-9]| ?(?:m2|d\b|days?|h\b|hours?|min\b|minutes?|weeks?|wk\b|months?|years? of|times? in))"
)
# A number that parts people in two, as in `below 8 % or not` and `40 kg and over`.
_SIDE = Pattern(
    r"(?:\b(?:below|above|under|over|than|least|most|up to|from)|[<>\u2264\u2265]=?) ?[0-9]"
    r"|[0-9] ?(?:[^\s,;()]+ )?(?:and|or) (?:over|more|above|below|less|older|higher|not\b)"
)
_SCALES = (1, 100, 0.01, 1000, 0.001)  # told in percent, or in thousands
_NEXT = 1.0
_ROUNDING = 1e-9
_NEAR = 0.1  # above 9.9 is from 10 on
_TIMES = frozenset({"a", "mo", "wk", "d", "h", "min", "s"})
_TIME = Pattern(
    r"\b(?:(?P<first>[0-9]+(?:\.[0-9]+)?|[a-z]+) ?(?:to|-|\N{EN DASH}|and|or) ?)?(?P<count>[0-9]+(?:\.[0-9]+)?|[a-z]+)"
    r"[ -]?(?P<unit>minute|min|hour|h|day|d|week|wk|month|mo|year)s?\b"
)
_CODES = {"minute": "min", "hour": "h", "day": "d", "week": "wk", "month": "mo", "year": "a"}
_OF_TIME = 0.1  # six months are 24 or 26 weeks
# A limit that belongs to what is let in, or kept out.
_INCLUDED = {
    "below": Pattern(
        r"(?:\bto|\bat most|\bno more than|\bup to|\bmaximum of|<=|\u2264) ?([0-9]+)(?![\w.])"
        r"|(?<![\w.])([0-9]+) or (?:less|lower|fewer|below|under)"
    ),
    "above": Pattern(
        r"(?:\bat least|\bno less than|\bminimum of|>=|\u2265) ?([0-9]+)(?![\w.])"
        r"|(?<![\w.])([0-9]+) or (?:more|higher|above|over|greater)"
    ),
}


@rule(
    "ID16", Severity.WARNING,
    reads=("/population/inclusion", "/population/exclusion", "/interventions/*/modifications",
           "/design/randomisations/*/strata", "/statistics/subgroups", "/population/lifestyle", "/schedule/anchors",
           *below("/concomitant/background/*", "condition", "from", "until"),
           *below("/concomitant/rescue/*", "condition", "from", "until"),
           *below("/concomitant/permitted/*", "class", "changes", "condition", "from", "limit", "stable_for", "until"),
           *below("/concomitant/prohibited/*", "class", "condition", "from", "limit", "until")),
)  # fmt: skip
def keyed(trial: Trial) -> Iterator[Found]:
    """The limit that a criterion, a modification of dose, other therapy or a factor says in words is that of its keys.

    Why: people read the sentence, and the keys go into the data base; where both differ, sites enter people who are
    then told to have been entered against the protocol.

    Applies: a criterion has above or below and numbers in its text, or a modification has one and numbers in its
    threshold. One number of the text must be the limit, or next to it where whole numbers are counted and the limit is
    not said to belong to it; it may be told in percent or in thousands. Grades and classes are no limits; a limit of
    time is held against the times of the text alone. Or a factor of randomisation, or a subgroup, has a cut and says in
    words what lies below or above which number. Or other therapy has a time before or after its anchor in words and as
    a key; its daily limit is below the amount with which a criterion lets people in, or above the one that they keep;
    or the lifestyle bars it for another time after the last dose than its prohibition.

    Basis:
        internal consistency of the protocol, words and data (H)
        SPIRIT 2025, 14a (M)

    Fails::

        population: {exclusion: [{id: X1, text: eGFR below 45 mL/min, measure: eGFR, below: 30 mL/min}]}

    Passes::

        population: {exclusion: [{id: X1, text: eGFR below 30 mL/min, measure: eGFR, below: 30 mL/min}]}
    """
    rows = [*trial.at("/population/inclusion"), *trial.at("/population/exclusion")]
    told = [(row["text"], row[key]) for row in rows for key in ("above", "below") if row[key]]
    told += [
        (row["threshold"], row[key])
        for row in trial.each("/interventions/*/modifications/*")
        for key in ("above", "below")
        if row[key] and row["threshold"]
    ]
    pairs = [row for row in told if _NUMBER.search(row[0].text) or _TIME.search(row[0].text)]
    pairs += [(text, cut) for text, cut in _cut(trial) if _SIDE.search(text.text)]
    beside = [*therapies(trial)]
    if not pairs and not beside:
        raise NotApplicable("nothing has a limit in words beside a key")
    for each in beside:
        if each.apart:
            yield Found(each.key, each.apart, "tell one of both", ((each.text, "the words"),))
    for text, limit in pairs:
        found = quantity(limit)
        if found is not None and not _says(text, limit, found):
            message = f'"{text.text[:80]}" is said, and the limit is {limit.text}'
            yield Found(limit, message, "tell one limit", ((text, "the words"),))


def _says(text: Node, limit: Node, found: Quantity) -> bool:
    """Say whether a text names a limit, or no number of its kind."""
    if found.unit.code in _TIMES:
        return _says_time(text, found)
    said = [match[1].replace(",", "").replace(" ", "") for match in _NUMBER.finditer(text.text)]
    near = {*_included(text, limit)} - {float(found.value)}
    return not said or any(_meant(each, float(found.value)) for each in said if float(each) not in near)


def _included(text: Node, limit: Node) -> Iterator[float]:
    """Yield the limits that a text lets in, where the key does so as well: of these the next one is another."""
    row = text.document.root.at(text.pointer.rpartition("/")[0])
    words = _INCLUDED.get(str(limit.path[-1])) if row["inclusive"].value is True else None
    for match in words.finditer(text.text) if words is not None else ():
        yield float(match[1] or match[2])


def _says_time(text: Node, found: Quantity) -> bool:
    """Say whether one of the times of a text is a limit, or none compares with it; above 17 years is from 18 on."""
    stated, near = float(found.value), _NEXT if found.unit.code == "a" else 0.0
    said = [*_times(text.text)]
    own = [in_unit(number, code, found.unit.code) for number, code in said]
    within = max(near, stated * _OF_TIME) + _ROUNDING
    return not said or any(value is None or abs(float(value) - stated) <= within for value in own)


def _times(text: str) -> Iterator[tuple[Decimal, str]]:
    """Yield the times of a text, each as its number and the code of its unit."""
    for match in _TIME.finditer(text):
        unit = match["unit"].casefold()
        for count in (match["first"] or "", match["count"]):
            number = NUMBERS.get(count.casefold(), count)
            if isinstance(number, int) or number[:1].isdecimal():
                yield Decimal(number), _CODES.get(unit, unit)


def _cut(trial: Trial) -> Iterator[tuple[Node, Node]]:
    """Yield the factors and subgroups that are cut, each with its cut."""
    for key, path in (("factor", "/design/randomisations/*/strata/*"), ("variable", "/statistics/subgroups/*")):
        yield from ((each[key], each["cut"]) for each in trial.each(path) if each["cut"])


def _meant(told: str, value: float) -> bool:
    """Say whether a number in words is a limit: the same, also in percent or thousands, or the next one.

    What is told with decimals, such as 38.0, is not counted in whole numbers.
    """
    said = float(told)
    counted = "." not in told and value.is_integer()
    near = abs(said - value) <= (_NEXT if counted else _NEAR) + _ROUNDING
    return near or any(abs(said - value * scale) <= _ROUNDING * max(1.0, said) for scale in _SCALES)


RULES: tuple[Rule, ...] = (keyed,)
