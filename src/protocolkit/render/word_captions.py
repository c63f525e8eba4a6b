"""Write the captions of tables and figures, and the notes below tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.blocks import Mark, Text
from protocolkit.render.ooxml import Para, field, run

if TYPE_CHECKING:
    from protocolkit.render.blocks import Figure, Inlines, Table
    from protocolkit.render.word_inlines import Scribe

_SUPERSCRIPT = frozenset({Mark.SUPERSCRIPT})


def caption(scribe: Scribe, block: Table | Figure) -> Para:
    """Write a caption: a word and a number that Word counts, bookmarked together, and the title."""
    name, label = scribe.survey.captions[scribe.captions]
    scribe.captions += 1
    word, _, number = label.partition(" ")
    counted = run(f"{word} ") + field(rf"SEQ {word} \* ARABIC", number)
    runs = scribe.ledger.mark(name, counted) + run(": ") + scribe.runs(block.caption)
    return Para(runs, scribe.style("Caption"))


def note(scribe: Scribe, letter: str, words: Inlines) -> Para:
    """Write a note of a table, begun by its letter."""
    begun = (Text(letter, _SUPERSCRIPT), Text(" ")) if letter else ()
    return Para(scribe.runs((*begun, *words)), scribe.style("Table Note"))
