"""The amounts of one administration, where the days of a course depend on an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing import single_rows
from protocolkit.render.blocks import Note, Row, Table
from protocolkit.render.dose_words import cohort_of, said, whom
from protocolkit.render.tables import filled, headings
from protocolkit.render.words import glued, run

if TYPE_CHECKING:
    from protocolkit.dosing import SingleRow
    from protocolkit.render.blocks import Blocks
    from protocolkit.render.view import View

_NOT_SAID = ("", "Everybody", "", "")
_COLUMNS = (("Step", 3), ("For", 4), ("Each", 4), ("Volume", 4))


def without_days(item: View, reasons: str) -> Blocks:
    """Return what one administration of each step is where the days of the course do not follow; else the reasons."""
    rows = [_cells(item, row) for row in single_rows(item.node)]
    if not rows:
        return (Note(glued("No doses are computed for ", item.f("", "name"), f": {reasons}.")),)
    kept = [index for index in range(len(_COLUMNS)) if any(cells[index] for cells in rows)]
    body = tuple(Row(tuple(filled(cells[index] or _NOT_SAID[index]) for index in kept)) for cells in rows)
    heads, widths = headings(_COLUMNS[index][0] for index in kept), tuple(_COLUMNS[index][1] for index in kept)
    caption = glued("Computed amounts of one administration of ", item.f("", "name"))
    described = "One row for each step and each body weight or surface, dose level and cohort."
    note = f"Computed for review from the regimen as stated. Not for administration. No days and totals: {reasons}."
    return (Table((heads, *body), widths, caption, description=described), Note(run(note)))


def _cells(item: View, row: SingleRow) -> tuple[str, ...]:
    each = said(row.most) if row.least == row.most else f"{said(row.least)} to {said(row.most)}"
    volume = said(row.volume) if row.volume else ""
    return (row.step["id"].text, whom(item, row.at, cohort_of(row.at).split()), each, volume)
