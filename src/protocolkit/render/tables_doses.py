"""The computed doses of an intervention: a table for review, or the reason why there is none."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.dosing import Difference, capped_rows, differences, dose_table
from protocolkit.dosing.alternatives import is_by_site
from protocolkit.dosing.amounts import NO_SURFACE
from protocolkit.render.blocks import Note, Row, Table
from protocolkit.render.dose_words import OF_COHORT, arm_of, cohort_of, is_rounded, said, whom
from protocolkit.render.kinds import has_dose, is_one_thing
from protocolkit.render.lexicon import spelt
from protocolkit.render.names import anchor_name
from protocolkit.render.tables import filled, headings
from protocolkit.render.tables_regimen import counted_from
from protocolkit.render.tables_single_doses import without_days
from protocolkit.render.times import day_word, length
from protocolkit.render.words import flat, glued, joined, quantity, run
from protocolkit.schedule import interventions_of

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.dosing import DoseRow, DoseTable
    from protocolkit.render.blocks import Block, Blocks
    from protocolkit.render.view import View

_ANCHOR = re.compile(r"(?<=from |y of )([A-Za-z][\w-]*)")
_HEADINGS = ("For", "Administrations", "Each", "In a day, at most", "In all", "Last dose")
# What has no dose, an app or an exercise, is told in other words.
_OCCASIONS = ("For", "Occasions", "Each", "In a day, at most", "In all", "Last time")
_FITTED = " Intervals are fitted to the participant: the most follows from the shortest, the fewest from the longest."
_TITRATED = " Where a dose is titrated, the first one is computed; those after it are fitted to the participant."
_FITTING = tuple(f"regimen/titration/{key}" for key in ("condition", "step", "doses", "rules", "target_measure"))
_BY_SITE = ": the site of a lesion decides dose and fractions; the table of target volumes has both."
_ROUTES = " Doses by different routes are added up as they stand."
_WEIGHTS = " The weights are those that the steps cover; not every one occurs in every cohort."
_EXPECTED = " Administrations, total and last dose follow from the time at which the course is expected to end."
_AGAIN = " Each row holds for one arm; whoever goes on to another arm that gives it gets the doses of that arm on top."
_WIDTHS: tuple[int, ...] = (4, 3, 4, 3, 3, 3)
_LETTERS, _WIDEST = 8, 8  # letters of a name that ask for a unit of width, and the most that they get
_ROUNDED = (
    " Amounts marked \N{LEFT DOUBLE QUOTATION MARK}about\N{RIGHT DOUBLE QUOTATION MARK} are rounded in this table."
)
_COUNTS = ("tablets", "dummy_tablets", "capsules", "dummy_capsules", "patches", "vials")


def doses(item: View) -> Blocks:
    """Return the doses computed at reference weights, levels and cohorts, or the reason why none is computed.

    Nothing is computed for an intervention without a dose, such as a device; nor is it told that its amounts, which add
    up to nothing that anybody is given, do not follow.
    """
    dosed = any(step["dose"] or step["dose_range"] for step in item.node["regimen"]["steps"])
    if not dosed or is_one_thing(item):
        return _told(item)
    if is_by_site(item.node):
        return (Note(glued("No doses are computed for ", item.f("", "name"), _BY_SITE)), *_told(item))
    table = dose_table(item.node)
    return (*_made(item, table), *_told(item))


def _made(item: View, table: DoseTable) -> Blocks:
    dosed = has_dose(item)
    if table.missing and all(reason.reason == NO_SURFACE for reason in table.missing):
        return _by_surface(item)
    if table.missing:
        reasons = "; ".join(dict.fromkeys(_named(item, reason.reason) for reason in table.missing))
        return without_days(item, reasons) if dosed else ()
    span = f", for one {table.span}" if table.span else ""
    note = f"Computed for review from the regimen as stated{span}.{' Not for administration.' if dosed else ''}"
    fitted = _FITTED if any(map(_is_fitted, table.rows)) else ""
    weights = _WEIGHTS if any(_is_crossed(row) for row in table.rows) else ""
    routes = _ROUTES if any(step.has("route") for step in item.each("regimen/steps")) else ""
    titrated = _TITRATED if any(row.titrated for row in table.rows) else _titrated(item)
    rounded = _ROUNDED if any(map(_has_rounded, table.rows)) else ""
    expected = _EXPECTED if table.expected else ""
    again = _AGAIN if _is_entered_again(item) else ""
    return (_table(item, table), Note(run(note + titrated + fitted + weights + routes + rounded + expected + again)))


def _by_surface(item: View) -> Blocks:
    """Say once, at the first of them, of which medicines the body surface decides: it is measured, and no gap."""
    alike = [each for each in item.each("/interventions") if _hangs_on_surface(each.node)]
    if item.node.path != alike[0].node.path:
        return ()
    named = joined([each.f("", "name") for each in alike])
    return (Note(glued("No doses are computed where they follow from a body surface that is measured: ", named, ".")),)


def _hangs_on_surface(intervention: Node) -> bool:
    if not any(step["dose"] or step["dose_range"] for step in intervention["regimen"]["steps"]):
        return False
    missing = dose_table(intervention).missing
    return bool(missing) and all(reason.reason == NO_SURFACE for reason in missing)


def _is_entered_again(item: View) -> bool:
    """Say whether participants can go on from an arm that gives something to another that gives it again."""
    arms = item.node.document.root["arms"]
    giving = {arm["id"].text for arm in arms if item.node.path in {each.path for each in interventions_of(arm)}}
    entered = (({node.text for node in arm["enters_from"]}, arm["id"].text) for arm in arms)
    return any(name in giving and (sources - {name}) & giving for sources, name in entered)


def _titrated(item: View) -> str:
    """Say that the amounts are not those which participants get, where each dose follows from the response."""
    if not is_titrated(item):
        return ""
    return (
        " The dose is titrated by response: the amounts are those of the doses before titration, and not of what "
        "participants get."
    )


def is_titrated(item: View) -> bool:
    """Say whether doses follow from the response of each participant and not from the steps.

    Steps that rise are the plan of the titration, and what follows from them holds.
    """
    doses = [quantity(step.at("dose").text) for step in item.each("regimen/steps")]
    rising = any(one and two and one.unit == two.unit and two.value > one.value for one, two in pairwise(doses))
    return item.has(*_FITTING) and not rising


def _is_crossed(row: DoseRow) -> bool:
    """Say whether a row is for a weight in a cohort: which weights a cohort has is not known."""
    return bool(cohort_of(row.at)) and row.at.endswith(" kg")


def _is_fitted(row: DoseRow) -> bool:
    """Say whether the number of administrations is the participant's own."""
    return row.fewest != row.administrations


def _named(item: View, reason: str) -> str:
    """Write a reason with the names of the anchors that it calls by their ids."""
    return _ANCHOR.sub(lambda match: _anchor(item, match[1]) or match[0], reason)


def _anchor(item: View, identifier: str) -> str:
    owner = item.values.names.find(identifier, "anchors", "visits")
    return "" if owner is None else anchor_name(owner)


def _table(item: View, table: DoseTable) -> Block:
    rows = [_row(item, row, whom, expected=table.expected) for row, whom in _grouped(item, table)]
    silent = not any(row.at for row in table.rows)
    kept = slice(1, None) if silent else slice(None)
    body = tuple(Row(tuple(filled(cell) for cell in row[kept])) for row in rows)
    dosed = has_dose(item)
    start = ", at the starting dose" if is_titrated(item) else ""
    caption = glued("Computed doses of " if dosed else "Computed amounts of ", item.f("", "name"), start)
    described = "One row for each body weight or surface, dose level and cohort."
    heads = _HEADINGS if dosed else _OCCASIONS
    first = max(_WIDTHS[0], min(max((len(row[0]) for row in rows), default=0) // _LETTERS, _WIDEST))
    return Table((headings(heads[kept]), *body), (first, *_WIDTHS[1:])[kept], caption, description=described)


def _beyond(item: View, table: DoseTable) -> list[DoseRow]:
    """Return the rows of those so heavy that caps hold their doses, where no row of a weight says the same."""
    said = [(row.per_day, row.cumulative) for row in table.rows]
    return [row for row in capped_rows(item.node) if (row.per_day, row.cumulative) not in said]


def _grouped(item: View, table: DoseTable) -> list[tuple[DoseRow, str]]:
    """Return each row with whom it holds for; cohorts that are given the same at all weights have rows in common."""
    rows = (*table.rows, *_beyond(item, table))
    profiles: dict[str, list[tuple[object, ...]]] = {}
    for row in rows:
        if cohort := cohort_of(row.at):
            profiles.setdefault(cohort, []).append((_without(row.at), *row[1:]))
    alike = {one: [other for other in profiles if profiles[other] == profiles[one]] for one in profiles}
    kept = [row for row in rows if cohort_of(row.at) in ("", *(group[0] for group in alike.values()))]
    return [(row, whom(item, row.at, alike.get(cohort_of(row.at), ()))) for row in kept]


def _without(at: str) -> str:
    """Return whom a row holds for beside its cohort."""
    return ", ".join(part for part in at.split(", ") if not part.startswith(OF_COHORT))


def _row(item: View, row: DoseRow, whom: str, *, expected: bool) -> tuple[str, ...]:
    least, most = row.per_administration
    each = said(least) if least == most else f"{said(least)} to {said(most)}"
    last = _from_where(item, day_word(row.last_dose.text, item.values.rule), arm_of(row.at))
    last = f"{last} as expected" if last and expected else last
    number, total = str(row.administrations), said(row.cumulative)
    if row.least != row.cumulative:
        total = _reach(row, said(row.least), total)
    if _is_fitted(row):
        number, last = _reach(row, str(row.fewest), number), last and f"{last} at the latest"
    if row.titrated:
        return (whom, number, f"{each} at first", "", "", last)
    return (whom, number, each, said(row.per_day), total, last)


def _from_where(item: View, day: str, arm: str) -> str:
    """Say what a day of the regimen counts from, where that is not what the days of the schedule count from.

    Where arms count from different days and a row is for several of them, the table of steps tells it.
    """
    return f"{day}{flat(counted_from(item, arm))}" if day and (arm or not item.has("regimen/arm_anchors")) else day


def _reach(row: DoseRow, fewest: str, most: str) -> str:
    """Write a number that is fitted to the participant; that there is one at least says nothing."""
    return f"between {fewest} and {most}" if row.fewest > 1 or not _is_fitted(row) else f"at most {most}"


def _has_rounded(row: DoseRow) -> bool:
    shown = () if row.titrated else (row.per_day, row.least, row.cumulative)
    return any(map(is_rounded, (*row.per_administration, *shown)))


def _told(item: View) -> Blocks:
    """Return what the file states beside the table: numbers of pieces, and expected doses that are others.

    That one could not be compared is for who writes the file, and says nothing of the dose.
    """
    notes = []
    for row in item.each("regimen/derived"):
        counts = [f"{length(row.at(key).text)} {spelt(key)}" for key in _COUNTS if row.has(key)]
        for key in _COUNTS:
            item.values.mark(row.at(key))
        if counts:
            whom = "; ".join(flat(each) for each in (row.say("{arm}"), row.say("{level}")) if each)
            told = f" for {whom}" if whom else ""
            notes.append(Note(run(f"Stated beside the computed doses{told}: {', '.join(counts)}.")))
    return (*notes, *(Note(run(_differs(each, each.computed))) for each in differences(item.node) if each.computed))


def _differs(found: Difference, computed: str) -> str:
    key = spelt(str(found.at.path[-1]))
    return f"The file expects {length(_text(found.at))} ({key}); {length(computed)} follows from the regimen."


def _text(node: Node) -> str:
    return node.text or str(node.value)
