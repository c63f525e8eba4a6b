"""Rule on contraception after the last dose: as long as the medicine acts, and as long as its own words say."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.exposure import medicines, needs
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import AFTER_TREATMENT, DOSING_DAYS, after_last_dose, anchor_kind, in_days, length
from protocolkit.rules.told_times import lengths_after
from protocolkit.rules.trial import named
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

_TEST = Pattern(r"pregnancy tests?\b|test (?:of|for) pregnancy|\bhCG\b|gonadotropin|gonadotrophin")
_CONTRACEPTION = Pattern(r"\bcontracept")
_OF_MEN = Pattern(r"\b(?:men|boys?|males?|condoms?)\b")
_SHOWS = Decimal(14)  # days until a test shows what came about at the end of contraception


@rule(
    "POP10", Severity.WARNING,
    reads=(
        "/population/contraception", "/population/sex", "/population/inclusion", "/population/exclusion",
        "/interventions/*/pharmacology", *DOSING_DAYS, "/schedule",
    ),
    tags=("drug",),
)  # fmt: skip
def contraception(trial: Trial) -> Iterator[Found]:
    """Contraception lasts for five half-lives and to the last pregnancy test, and says what holds for partners.

    Why: a pregnancy that begins while the medicine is still in the body is exposed; a test after contraception has
    ended finds what nobody was to avoid.

    Applies: contraception states a time after the last dose. Tests are those at the visits that it names, and those
    that the schedule has (information). A longer time after the last dose in its own reason is told. Of
    vaccines, partners are not asked.

    Basis:
        CTFG recommendations on contraception and pregnancy testing, version 1.1 (2020), relevant systemic exposure (M)
        ICH M11 Step 4, 5.4 (H)

    Fails::

        population: {contraception: {partners: not required, until: {anchor: last_dose, offset: 7 d}}}
        interventions:
          - id: X
            kind: drug
            role: experimental
            pharmacology: {active_moieties: [{name: X, half_life: 80 h, source: label}]}
        schedule: {anchors: [{id: last_dose, kind: last_dose}]}

    Passes::

        population: {contraception: {partners: not required, until: {anchor: last_dose, offset: 30 d}}}
        interventions:
          - id: X
            kind: drug
            role: experimental
            pharmacology: {active_moieties: [{name: X, half_life: 80 h, source: label}]}
        schedule: {anchors: [{id: last_dose, kind: last_dose}]}
    """
    stated = trial.at("/population/contraception")
    until = stated["until"]
    days = length(until["offset"]) if until["offset"] else Decimal(0)
    if not until or days is None or anchor_kind(trial, until.text or until["anchor"].text) not in AFTER_TREATMENT:
        raise NotApplicable("contraception states no time after the last dose")
    at = until["offset"] or until
    yield from _within_effect(trial, at, days)
    criteria = [each["text"] for key in ("inclusion", "exclusion") for each in trial.at("/population")[key]]
    for words in (stated["reason"], *(text for text in criteria if _CONTRACEPTION.search(text.text))):
        yield from _before_its_reason(words, at, days)
    yield from _tested_later(trial, stated, at, days)
    women = trial.at("/population/sex/eligible").text.casefold() in ("female", "women")
    told = stated["partners"] or _OF_MEN.search(stated["methods"].text)
    if medicines(trial) and not told and not women:
        message = "contraception: what holds for male participants and for partners is not stated"
        yield Found(stated, message, "state partners, such as barrier method, or not required with the reason")


def _tested_later(trial: Trial, stated: Node, at: Node, days: Decimal) -> Iterator[Found]:
    """Find tests after contraception has ended: one finding for those that are named, one for those of the schedule."""
    late = [
        (after, *row)
        for row in _tests(trial, stated)
        if (after := after_last_dose(trial, row[1])) and after > days + _SHOWS
    ]
    own = [row for row in late if row[1].path != row[2].visit.path]
    for rows, weight in ((own, None), ([row for row in late if row not in own], Severity.INFO)):
        if not rows:
            continue
        after, node, _ = max(rows, key=lambda row: row[0])
        visits = listed([named(stop.visit) for _, _, stop in rows])
        tests = f"the pregnancy test at {visits} is at" if len(rows) == 1 else f"pregnancy tests at {visits} are up to"
        message = f"contraception ends {in_days(days)} after the last dose, {tests} {in_days(after)}"
        related = ((at, "until"), *((each, "another test") for _, each, _ in rows if each is not node))
        yield Found(node, message, "let it last to the last test", related, severity=weight)


def _within_effect(trial: Trial, at: Node, days: Decimal) -> Iterator[Found]:
    """Find a time that ends while a medicine is in the body."""
    needed = [each for each in needs(trial) if each.what != "the duration of effect" and each.days > days]
    if needed:
        need = max(needed, key=lambda each: (not each.confidence, each.days))
        message = f"contraception until {in_days(days)} after the last dose; {need.words} is needed"
        hint = f"state {need.whole_days} or more"
        yield Found(at, message, hint, ((need.at, need.what),), need.confidence)


def _before_its_reason(told: Node, at: Node, days: Decimal) -> Iterator[Found]:
    """Find a time that is shorter than every one after the last dose that its reason, or a criterion, names."""
    shortest = min(lengths_after(told.text), key=lambda each: each.days, default=None)
    if shortest is not None and float(days) < shortest.days - shortest.near:
        what = "its reason" if told.path[-1] == "reason" else "a criterion"
        message = f'contraception until {in_days(days)} after the last dose, and {what} says "{shortest.words}"'
        yield Found(at, message, f"bring time and {what.split()[1]} together", ((told, what),))


def _tests(trial: Trial, stated: Node) -> Iterator[tuple[Node, Stop]]:
    """Yield the visits with a pregnancy test, with what says so: those that are named, and those that have one."""
    named_in = {node.text: node for node in stated["tests"]}
    for stop in trial.timetable.stops:
        name = stop.visit["id"].text
        own = next((each.activity for each in stop.planned if _TEST.search(each.activity["name"].text)), None)
        if name in named_in or own is not None:
            yield named_in.get(name, stop.visit), stop


RULES: tuple[Rule, ...] = (contraception,)
