"""Tell the long text of an anchor once: after that, the words before its first comma or bracket stand for it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from protocolkit.render.blocks import Box, Field, Figure, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.document import Node
    from protocolkit.render.blocks import Blocks

_LONG = 40
_BREAK = re.compile(r"[,;:(\[]")


def short_forms(root: Node) -> dict[str, str]:
    """Return the long texts of the anchors of a protocol with their short forms, where these name one anchor alone."""
    texts = [anchor["text"].text for anchor in root["schedule"]["anchors"]]
    pairs = [(text, _BREAK.split(text, maxsplit=1)[0].strip()) for text in texts]
    uses = Counter(short.casefold() for _, short in pairs)
    return {full: short for full, short in pairs if len(full) > _LONG and short and _names_one(short, full, uses)}


def _names_one(short: str, full: str, uses: Counter[str]) -> bool:
    return uses[short.casefold()] == 1 and len(short) < len(full)


def shortened(blocks: Blocks, root: Node) -> Blocks:
    """Return the blocks of a document in which each long text of an anchor is told once, where it first stands.

    What an author wrote in prose is left as it is.
    """
    forms = short_forms(root)
    return _Shortener(forms, root).walk(blocks) if forms else blocks


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """Return the names of the fields of a part of the document; none of a plain value."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()


class _Shortener:
    """Walks a document in the order of reading and remembers which texts it has met."""

    def __init__(self, forms: dict[str, str], root: Node) -> None:
        self._shapes = [
            (re.compile(f"[{re.escape(full[0].lower() + full[0].upper())}]{re.escape(full[1:])}"), full, short)
            for full, short in forms.items()
        ]
        self._root = root
        self._met: set[str] = set()
        self._steps: dict[type, Callable[[Any], Any]] = {
            Text: self._text, Field: self._field, Box: self._box, Figure: self._figure, tuple: self._each,
        }  # fmt: skip

    def walk(self, part: Any) -> Any:
        """Return a part of the document with its words shortened."""
        step = self._steps.get(type(part))
        if step is not None:
            return step(part)
        names = _fields(type(part))  # type: ignore[arg-type]  # classes are hashable
        return replace(part, **{name: self.walk(getattr(part, name)) for name in names}) if names else part

    def _text(self, part: Text) -> Text:
        words = self._words(part.text)
        return part if words == part.text else part._replace(text=words)

    def _box(self, part: Box) -> Box:
        return part._replace(lines=tuple(self._words(line) for line in part.lines))

    def _figure(self, part: Figure) -> Figure:
        drawn = replace(part, boxes=self.walk(part.boxes), caption=self.walk(part.caption))
        return replace(drawn, alternative=self._words(part.alternative))

    def _each(self, part: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(self.walk(item) for item in part)

    def _field(self, part: Field) -> Field:
        own = self._root.at(part.locator).text
        if any(shape.search(own) for shape, _, _ in self._shapes):
            self._met.update(full for shape, full, _ in self._shapes if shape.search(own))
            return part
        return part._replace(content=self.walk(part.content))

    def _words(self, text: str) -> str:
        for shape, full, short in self._shapes:
            if full[1:] not in text:
                continue
            text = shape.sub(lambda match, full=full, short=short: self._once(match[0], full, short), text)  # type: ignore[misc]
        return text

    def _once(self, found: str, full: str, short: str) -> str:
        if full not in self._met:
            self._met.add(full)
            return found
        return found[0] + short[1:]
