"""Write the captions of tables and figures, and the notes below tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.blocks import Mark, Text
from protocolkit.render.ooxml import Para, field, run

if TYPE_CHECKING:
    from protocolkit.render.blocks import Figure, Inlines, Table
    from protocolkit.render.word_inlines import Scribe

_SUPERSCRIPT = frozenset({Mark.SUPERSCRIPT})
_BETWEEN = Text("  ")


def caption(scribe: Scribe, block: Table | Figure) -> Para:
    """Write a caption: a word and a number that Word counts, bookmarked together, and the title."""
    name, label = scribe.survey.captions[scribe.captions]
    scribe.captions += 1
    word, _, number = label.partition(" ")
    counted = run(f"{word} ") + field(rf"SEQ {word} \* ARABIC", number)
    runs = scribe.ledger.mark(name, counted) + run(": ") + scribe.runs(block.caption)
    return Para(runs, scribe.style("Caption"))


def notes(scribe: Scribe, block: Table) -> list[Para]:
    """Write the notes of a table, each begun by its letter: a paragraph each, below a small table all in one."""
    each = [(*_lettered(letter), *words) for letter, words in block.notes]
    if block.small and each:
        each = [tuple(inline for words in each for inline in (*words, _BETWEEN))[:-1]]
    return [Para(scribe.runs(words), scribe.style("Table Note")) for words in each]


def _lettered(letter: str) -> Inlines:
    return (Text(letter, _SUPERSCRIPT), Text("\N{NO-BREAK SPACE}")) if letter else ()
