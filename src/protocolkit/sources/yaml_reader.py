"""Read YAML in one pass over the parser's events, building data and marks together under caps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from protocolkit.document import pointer
from protocolkit.sources.decoding import unheld
from protocolkit.sources.faults import MAX_LEVELS, MAX_NODES, Collected, Unreadable, found
from protocolkit.sources.libyaml import Parser, yaml
from protocolkit.sources.scalars import SPECIAL, NotFinite, plain_value
from protocolkit.sources.yaml_frames import Anchored, Hole, Mapping, Sequence
from protocolkit.sources.yaml_syntax import explained

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.findings import Finding
    from protocolkit.sources.places import Children, Lines, Mark

_PROPERTIES = re.compile(r"(?:[&!]\S*(?:\s+(?:#[^\r\n]*\s+)*|$))+")


class _Builder:
    """Turns events into data and marks; what it can go on after is collected in `findings`."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.findings = Collected()
        self.root = Sequence(0, False, None, 0)
        self.stack: list[Sequence | Mapping] = [self.root]
        self.anchors: dict[str, Anchored | None] = {}
        self.nodes = 0

    def complain(self, code: str, message: str, start: int, end: int, hint: str = "") -> None:
        self.findings.add(found(code, message, self.lines.span(start, end), hint=hint, pointer=self.pointer()))

    def pointer(self) -> str:
        return pointer(tuple(frame.step for frame in self.stack[1:-1]))

    def count(self, more: int, at: int) -> None:
        self.nodes += more
        if self.nodes > MAX_NODES:
            message = f"the file holds more than {MAX_NODES:,} values, aliases written out"
            raise Unreadable(found("FILE04", message, self.lines.span(at, at)))

    def deepen(self, levels: int, at: int) -> None:
        if levels > MAX_LEVELS:
            message = f"the file has more than {MAX_LEVELS} levels"
            raise Unreadable(found("FILE04", message, self.lines.span(at, at)))

    def begin(self, event: Any, start: int, end: int) -> int:
        """Return where a node begins behind its anchor and tag, and refuse the tag."""
        match = _PROPERTIES.match(self.lines.text, start)
        behind = min(match.end(), end) if match else start
        if event.tag not in (None, "!"):
            written = start + len(self.lines.text[start:behind].rstrip())
            self.complain(
                "FILE07",
                "tags are not used in protocol files",
                start,
                written,
                "remove the tag, or put the text in quotes",
            )
        return behind

    def scalar(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor is not None or event.tag is not None:
            start = self.begin(event, start, end)
        if event.style in ("|", ">"):
            end = start + len(self.lines.text[start:end].rstrip())
        self.count(1, start)
        frame = self.stack[-1]
        if isinstance(frame, Mapping) and frame.key is None:
            self.name(frame, event, start, end)
            return
        value = self.value(event, start, end)
        mark: Mark = (start, end, None)
        if event.anchor is not None:
            self.anchors[event.anchor] = Anchored(value, mark, 1, 0)
        frame.put(value, mark)

    def plain(self, event: Any) -> None:
        """Take a scalar without quotes, anchor and tag, as nearly all are: what `scalar` does, in fewer steps."""
        start, end = event.start_mark.index, event.end_mark.index
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.count(0, start)
        frame, text = self.stack[-1], event.value
        if type(frame) is not Mapping or frame.key is not None:
            frame.put(text if text[:1] not in SPECIAL else self.value(event, start, end), (start, end, None))
        elif text in frame.children or text == "<<":
            self.name(frame, event, start, end)
        else:
            frame.key, frame.key_start, frame.key_end = text, start, end

    def value(self, event: Any, start: int, end: int) -> Any:
        text: str = event.value
        if not event.style and event.tag is None:
            try:
                return plain_value(text)
            except NotFinite as error:
                self.complain("FILE09", str(error), start, end)
                return None
        if event.style == '"' and (name := unheld(text)):
            self.complain("FILE08", f"{name} cannot stand in a protocol", start, end)
        return text

    def name(self, frame: Mapping, event: Any, start: int, end: int) -> None:
        """Take a scalar as the key of the mapping that is being read."""
        key: str = event.value
        frame.key, frame.key_start, frame.key_end = key, start, end
        if key == "<<" and not event.style:
            self.complain("FILE07", "the merge key << is not used in protocol files", start, end, "write the keys out")
            frame.key = Hole.DROPPED
        elif key in frame.children:
            first = self.lines.place(frame.children[key][0]).line
            self.complain(
                "FILE06", f'the key "{key[:60]}" stands here a second time; first on line {first}', start, end
            )
            frame.key = Hole.DROPPED
        elif event.style == '"' and (name := unheld(key)):
            self.complain("FILE08", f"{name} cannot stand in a key", start, end)

    def open(self, event: Any) -> None:
        start = event.start_mark.index
        if event.anchor is not None or event.tag is not None:
            start = self.begin(event, start, len(self.lines.text))
        frame = self.stack[-1]
        if frame.wants_key:
            self.complain(
                "FILE07", "a key must be text, not a list or mapping", start, start + 1, "write a text as key"
            )
            frame.key = Hole.COLLECTION
        kind = Mapping if type(event) is yaml.MappingStartEvent else Sequence
        self.count(1, start)
        self.deepen(len(self.stack), start)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        self.stack.append(kind(start, bool(event.flow_style), event.anchor, self.nodes - 1))

    def close(self, event: Any) -> None:
        frame = self.stack.pop()
        end = event.end_mark.index if frame.flow else frame.last
        children: Children = frame.children
        mark: Mark = (frame.start, end, children)
        if frame.anchor is not None:
            self.anchors[frame.anchor] = Anchored(frame.data, mark, self.nodes - frame.before, frame.height)
        parent = self.stack[-1]
        if parent.height <= frame.height:
            parent.height = frame.height + 1
        parent.put(frame.data, mark)

    def alias(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        frame = self.stack[-1]
        if frame.wants_key:
            self.complain("FILE07", "an alias cannot stand as a key", start, end, "write the key out")
            frame.key = Hole.DROPPED
            return
        target = self.anchors.get(event.anchor)
        if target is None:
            self.lost(event.anchor, start, end)
            frame.put(None, (start, end, None))
            return
        self.count(target.size, start)
        self.deepen(len(self.stack) - 1 + target.height, start)
        frame.height = max(frame.height, target.height + 1)
        frame.put(target.value, (start, end, target.mark[2] or target.mark[:2]))

    def lost(self, anchor: str, start: int, end: int) -> None:
        """Complain of an alias that names what encloses it, or nothing."""
        if anchor in self.anchors:
            self.complain("FILE10", f"the alias *{anchor} stands inside what it names", start, end)
        else:
            hint = "put a text that begins with * in quotes"
            self.complain("FILE05", f"the alias *{anchor} names no anchor of this file", start, end, hint)

    def document(self, event: Any) -> None:
        if len(self.root.data) == 1:
            start = event.start_mark.index
            hint = "keep one protocol per file; remove the line ---"
            self.complain("FILE07", "a second document begins here; a file holds one protocol", start, start + 3, hint)


_STEPS: dict[type, Callable[[_Builder, Any], None]] = {
    yaml.ScalarEvent: _Builder.scalar,
    yaml.MappingStartEvent: _Builder.open,
    yaml.SequenceStartEvent: _Builder.open,
    yaml.MappingEndEvent: _Builder.close,
    yaml.SequenceEndEvent: _Builder.close,
    yaml.AliasEvent: _Builder.alias,
    yaml.DocumentStartEvent: _Builder.document,
}


def read_yaml(text: str, lines: Lines) -> tuple[Any, Mark, list[Finding]]:
    """Read one YAML document into data, marks and findings; the data is None where reading had to stop."""
    builder = _Builder(lines)
    try:
        _build(builder, text)
    except yaml.YAMLError as error:
        return None, (0, 0, None), builder.findings.closed(explained(error, lines))
    except Unreadable as error:
        return None, (0, 0, None), builder.findings.closed(error.finding)
    if not builder.root.data:
        return None, (0, 0, None), builder.findings.closed(found("FILE03", "the file holds nothing but comments"))
    return builder.root.data[0], builder.root.children[0], builder.findings.closed()


def _build(builder: _Builder, text: str) -> None:
    parser: Any = Parser(text)
    step, plain, scalar = _STEPS.get, builder.plain, yaml.ScalarEvent
    following = parser.get_event
    while (event := following()) is not None:
        kind = type(event)
        if kind is scalar and not event.style and event.anchor is None and event.tag is None:
            plain(event)
        elif action := step(kind):
            action(builder, event)
