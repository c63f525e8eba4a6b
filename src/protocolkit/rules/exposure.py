"""How long a medicine acts after its last dose: five half-lives, or the duration of effect where that is longer."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import NotComputable
from protocolkit.dosing.times import cycles, span
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.substances import is_food, require_known, row_of
from protocolkit.rules.times import HALF_LIVES, half_life, in_days, length
from protocolkit.rules.trial import told_elsewhere
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_BESIDE = frozenset({"background_treatment", "additional_required_treatment"})
_WEEK = Decimal(7)  # a course that comes back sooner is one course
_KINDS = frozenset({"drug", "biologic"})
_CYCLE = Pattern(r"\bcycles?\b")
_LONG = Decimal(50)  # days, five half-lives of ten: antibodies have longer ones
_OF_THE_NUCLIDE = Pattern(r"\bphysical\b|\bradioactive decay\b")  # by which it decays, in a body or out of it


class Need(NamedTuple):
    """How many days a medicine acts after a dose, in words, where it is stated, and how sure a library row is."""

    days: Decimal
    words: str
    at: Node
    what: str
    medicine: Node
    confidence: str = ""

    @property
    def whole_days(self) -> str:
        """The days in whole ones, none too few, as a protocol would state them."""
        return f"{ceil(self.days)} d"

    @property
    def for_weeks(self) -> bool:
        """Whether the medicine is one that stays for many weeks, such as an antibody; an insulin does not."""
        return self.medicine["kind"].text == "biologic" and self.days > _LONG


def pause(need: Need) -> Decimal | None:
    """Return the days between planned courses of a medicine where it acts for longer than these.

    None where it is given in no courses, a week or more apart, or without a planned number of them; and where they are
    the cycles of one treatment.
    """
    regimen = need.medicine["regimen"]
    if _treats_in_cycles(regimen["repeats"]):
        return None
    try:
        turns = cycles(regimen)
        first, last = span(regimen)
    except NotComputable:
        return None
    found = first + turns.every * turns.number - last if turns and turns.number else None
    return found if found is not None and _WEEK <= found < need.days else None


def _treats_in_cycles(repeats: Node) -> bool:
    """Say whether turns go on from each other: one waits for the last, an event ends them, or by name."""
    waits = repeats["start_criteria"] or repeats["longest_delay"]
    return bool(waits or repeats["until"] or _CYCLE.search(repeats["name"].text))


def needs(trial: Trial) -> Iterator[Need]:
    """Yield what each active moiety and each effect of the medicines of a trial needs."""
    for intervention in medicines(trial):
        yield from needs_of(intervention)


def needs_beside(trial: Trial) -> Iterator[Need]:
    """Yield what a medicine needs that is given beside those tested, and is an IMP too: by a half-life that is stated.

    What the library knows of such a medicine the protocol need not plan for.
    """
    for intervention in trial.drugs:
        beside = intervention["role"].text in _BESIDE and intervention["imp_status"].text == "IMP"
        if beside and intervention["kind"].text in _KINDS and not told_elsewhere(intervention):
            yield from (need for need in _stated(intervention) if need.what == "the half-life")


def needs_of(intervention: Node) -> Iterator[Need]:
    """Yield what each active moiety and the effect of one medicine needs, else what the library knows of it."""
    stated = list(_stated(intervention))
    yield from stated
    if not stated and (known := _known(intervention)):
        yield known


def medicines(trial: Trial) -> list[Node]:
    """Return the medicines that act and leave the body, each product once: no placebo, no vaccine, no gene."""
    return [each for each in trial.tested if each["kind"].text in _KINDS and not told_elsewhere(each)]


def nothing_lasts(trial: Trial) -> bool:
    """Say whether no medicine has a half-life: there are none, or foods and allergens of which no time is stated."""
    return all(is_food(each) and not list(_stated(each)) for each in medicines(trial))


def require_half_lives(trial: Trial) -> None:
    """Raise NotChecked, with names, where neither the protocol nor the library states a half-life."""
    silent = [each for each in medicines(trial) if not list(_stated(each))]
    require_known((each for each in silent if not is_food(each)), "state pharmacology.active_moieties with half-lives")


def _stated(intervention: Node) -> Iterator[Need]:
    pharmacology = intervention["pharmacology"]
    for moiety in pharmacology["active_moieties"]:
        days = half_life(moiety["half_life"])
        if days is not None and not _decays(moiety):
            told = ", ".join(part.text for part in (moiety["population"], moiety["source"]) if part)
            words = f"{HALF_LIVES} x {moiety['half_life'].text} = {in_days(days * HALF_LIVES)} ({moiety['name'].text}"
            words += f"; {told})" if told else ")"
            yield Need(days * HALF_LIVES, words, moiety["half_life"], "the half-life", intervention)
    effect = length(pharmacology["effect_duration"])
    if effect is not None:
        lasting = pharmacology["effect_duration"]
        words = f"the effect of {intervention['id'].text}, which outlasts the dose by {lasting.text}"
        yield Need(effect, words, lasting, "the duration of effect", intervention)


def _decays(moiety: Node) -> bool:
    """Say whether a half-life is the physical one of a nuclide: how long it stays in the body is told by another."""
    kind = moiety["half_life_kind"].text
    return kind == "physical" or (
        not kind and any(_OF_THE_NUCLIDE.search(moiety[key].text) for key in ("name", "population"))
    )


def _known(intervention: Node) -> Need | None:
    row = row_of(intervention)
    known = row.data.get("planning_half_life") if row else None
    if not known:
        return None
    days = Decimal(known["hours"]) * HALF_LIVES / 24
    told = "; ".join(part for part in (known.get("population"), known["source"]) if part)
    sure = known["confidence"]
    words = f"{HALF_LIVES} x {known['hours']} h = {in_days(days)} ({known['moiety']}; {told}, confidence {sure})"
    return Need(days, words, intervention["substance"], "the substance that the library knows", intervention, sure)
