"""Write lists for Word: paragraphs that a numbering definition counts; each ordered list counts for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.ooxml import Counting, Para
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from protocolkit.render.blocks import List
    from protocolkit.render.word_inlines import Scribe

_DEEPEST = 8


class Setting(NamedTuple):
    """Where a list stands: which definitions count it, and the styles of its paragraphs."""

    bullets: str
    ordered: str
    bullet_style: str
    ordered_style: str


IN_TEXT = Setting("bullets", "ordered", "List Bullet", "List Number")


def in_table(style: str) -> Setting:
    """Return the setting of a list in a table cell."""
    return Setting("table bullets", "table ordered", style, style)


def paragraphs(scribe: Scribe, block: List, setting: Setting = IN_TEXT, level: int = 0) -> list[Para]:
    """Write the items of a list and of the lists below them."""
    if block.ordered:
        number = scribe.ledger.counting(scribe.lists[setting.ordered], level, block.start)
    else:
        number = scribe.lists[f"{setting.bullets} instance"]
    style = scribe.style(setting.ordered_style if block.ordered else setting.bullet_style)
    written = []
    for item in block.items:
        written.append(Para(scribe.runs(item.content), style, counting=Counting(number, level)))
        if item.below:
            written += paragraphs(scribe, item.below, setting, min(level + 1, _DEEPEST))
    return written
