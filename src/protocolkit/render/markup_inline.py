"""Read the marks inside a paragraph: strictly where a template is at fault, leniently where an author wrote prose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from protocolkit.render.blocks import Citation, Field, Gap, Inline, Inlines, Mark, Reference, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Noncharacters of Unicode: no text that is meant for exchange holds them, so that a token is never somebody's letter.
VALUE, CLOSE, PLACE = "\ufdd0", "\ufdd1", "\ufdd2"

_KEY = r"[A-Za-z][A-Za-z0-9_-]{0,39}"
_TOKENS = re.compile(
    r"\\(?P<escaped>.)"
    r"|(?P<stars>\*+)"
    r"|(?P<sign>[\^~])(?P<inside>(?:\\[^\s]|[^\s\\^~]){1,60}?)(?P=sign)(?![0-9])"
    rf"|\[@(?P<key>{_KEY})\]"
    rf"|{VALUE}(?P<value>[0-9]+){CLOSE}"
    r"|(?P<lone>[\^~])",
    re.DOTALL,
)
_ESCAPABLE = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_UNESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_EDGES = re.compile(rf"[\w+\-\N{{MINUS SIGN}}(*\\{VALUE}\N{{DAGGER}}\N{{DOUBLE DAGGER}}\N{{SECTION SIGN}}]")
_ENDS = re.compile(
    rf"[\w+\-\N{{MINUS SIGN}})*%'{CLOSE}\N{{DAGGER}}\N{{DOUBLE DAGGER}}\N{{SECTION SIGN}}\N{{PRIME}}]|\\."
)
_UNKNOWN = (
    (re.compile(r"`"), "a back quote"),
    (re.compile(r"\]\("), "a link"),
    (re.compile(r"!\["), "a picture"),
    (re.compile(r"\[@"), "a citation without a proper key"),
    (re.compile(r"<[A-Za-z/!?]"), "an HTML tag"),
    (re.compile(r"&#?[A-Za-z0-9]+;"), "an HTML entity"),
    (re.compile(r"(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)"), "an underscore as a mark"),
    (re.compile("[\ufdd0-\ufdef]"), "a character that stands for a value"),
)
_SCRIPTS = {"^": Mark.SUPERSCRIPT, "~": Mark.SUBSCRIPT}
_OPEN_AT_ONCE = 4
_LONGEST_RUN = 3
_PLAIN = frozenset[Mark]()


class Fail(Protocol):
    """Report a fault of a template at an offset of the text; it never returns."""

    def __call__(self, offset: int, message: str) -> NoReturn:
        """Raise the error."""


@dataclass(slots=True)
class _Piece:
    """A stretch of the paragraph while its marks are being found; `stars` counts marks not yet paired."""

    inline: Inline
    marks: frozenset[Mark] = _PLAIN
    stars: int = 0
    offset: int = 0
    index: int = 0


def lenient(text: str) -> Inlines:
    """Read an author's words: a mark that plainly is one counts, anything else stays as written."""
    return _Reader(text).read()


def strict(text: str, values: Sequence[Any], fail: Fail) -> Inlines:
    """Read a template's words, tokens standing for `values`; anything outside the markup is reported to `fail`."""
    return _Reader(text, values, fail).read()


def inlines(value: Any) -> Inlines | None:
    """Return a value of a template as inline runs; None for what is none, such as a block."""
    if isinstance(value, Text | Gap | Reference | Citation | Field):
        return (value,)
    if isinstance(value, str):
        return (Text(value),) if value else ()
    if isinstance(value, tuple | list):
        parts = [inlines(item) for item in value]
        return None if None in parts else tuple(run for part in parts if part for run in part)
    return None


def marked(run: Inline, marks: frozenset[Mark]) -> Inline:
    """Return a run with marks added; gaps, references and citations have a look of their own and keep it."""
    if not marks:
        return run
    if isinstance(run, Text):
        return Text(run.text, run.marks | marks)
    if isinstance(run, Field):
        return run._replace(content=tuple(_within(part, marks) for part in run.content))
    return run


def _within(part: Text | Gap | Reference | Citation, marks: frozenset[Mark]) -> Text | Gap | Reference | Citation:
    return Text(part.text, part.marks | marks) if isinstance(part, Text) else part


def merged(runs: Iterator[Inline]) -> Inlines:
    """Join neighbouring texts of the same marks and drop empty ones."""
    result: list[Inline] = []
    words: list[str] = []
    marks = _PLAIN
    for run in runs:
        if not isinstance(run, Text) or run.marks != marks:
            if words:
                result.append(Text("".join(words), marks))
                words = []
            if not isinstance(run, Text):
                result.append(run)
                continue
            marks = run.marks
        if run.text:
            words.append(run.text)
    if words:
        result.append(Text("".join(words), marks))
    return tuple(result)


class _Reader:
    """One paragraph being read; without `fail` every doubt leaves the text as written."""

    def __init__(self, text: str, values: Sequence[Any] = (), fail: Fail | None = None) -> None:
        self.text, self.values, self.fail = text, values, fail
        self.pieces: list[_Piece] = []
        self.open: list[_Piece] = []

    def read(self) -> Inlines:
        """Read the whole paragraph."""
        end = 0
        for match in _TOKENS.finditer(self.text):
            self._plain(end, match.start())
            self._token(match)
            end = match.end()
        self._plain(end, len(self.text))
        return merged(run for piece in self.pieces for run in self._runs(piece))

    def _runs(self, piece: _Piece) -> Iterator[Inline]:
        if piece.stars and self.fail:
            self.fail(piece.offset, r"a * without its partner (write \* for the sign itself)")
        if piece.stars:
            yield Text("*" * piece.stars, piece.marks)
        yield marked(piece.inline, piece.marks)

    def _add(self, *runs: Inline) -> None:
        self.pieces.extend(map(_Piece, runs))

    def _plain(self, start: int, end: int) -> None:
        if start == end:
            return
        text = self.text[start:end]
        if self.fail:
            for shape, words in _UNKNOWN:
                if found := shape.search(text):
                    self.fail(start + found.start(), f"{words} is no markup of templates")
        self._add(Text(text.replace("\n", " ")))

    def _token(self, match: re.Match[str]) -> None:
        kind = match.lastgroup
        if kind == "stars":
            self._stars(match)
        elif kind == "inside":
            self._script(match)
        elif kind == "key":
            self._add(Citation(match["key"]))
        elif kind == "value" and self.fail:
            self.pieces.extend(map(_Piece, self._value(match["value"], match.start())))
        elif kind == "escaped":
            self._escaped(match)
        else:
            self._literal(match, f"a {match[0][:1]} without its partner (write \\{match[0][:1]} for the sign itself)")

    def _literal(self, match: re.Match[str], message: str) -> None:
        if self.fail:
            self.fail(match.start(), message)
        self._add(Text(match[0]))

    def _escaped(self, match: re.Match[str]) -> None:
        if match["escaped"] in _ESCAPABLE:
            self._add(Text(match["escaped"]))
        else:
            self._literal(match, r"a \ before a letter escapes nothing (write \\ for the sign itself)")

    def _value(self, digits: str, offset: int) -> Inlines:
        found = inlines(self.values[int(digits)])
        if found is None and self.fail:
            self.fail(offset, "a block stands inside a paragraph; a block's call stands alone on its line")
        return found or ()

    def _script(self, match: re.Match[str]) -> None:
        inside = match["inside"]
        if not (_EDGES.match(inside) and re.search(rf"(?:{_ENDS.pattern})\Z", inside)):
            self._literal(match, f"{match[0]} is no proper pair of {match['sign']}")
            return
        script = frozenset({_SCRIPTS[match["sign"]]})
        end = 0
        for token in re.finditer(rf"{VALUE}([0-9]+){CLOSE}", inside if self.fail else ""):
            self._add(Text(_UNESCAPE.sub(r"\1", inside[end : token.start()]), script))
            self._add(*(marked(run, script) for run in self._value(token[1], match.start())))
            end = token.end()
        self._add(Text(_UNESCAPE.sub(r"\1", inside[end:]), script))

    def _stars(self, match: re.Match[str]) -> None:
        before, after = self.text[match.start() - 1 : match.start()], self.text[match.end() : match.end() + 1]
        piece = _Piece(Text(""), stars=len(match[0]), offset=match.start(), index=len(self.pieces))
        if piece.stars <= _LONGEST_RUN:
            if before and not before.isspace() and not after.isalnum():
                self._close(piece)
            if piece.stars and after and not after.isspace() and not before.isalnum():
                self.open = [*self.open[1 - _OPEN_AT_ONCE :], piece]
        self.pieces.append(piece)

    def _close(self, closer: _Piece) -> None:
        while closer.stars and self.open:
            opener = self.open[-1]
            paired = 2 if min(opener.stars, closer.stars) > 1 else 1
            mark = Mark.BOLD if paired > 1 else Mark.ITALIC
            for piece in self.pieces[opener.index + 1 :]:
                piece.marks |= {mark}
            opener.stars -= paired
            closer.stars -= paired
            if not opener.stars:
                self.open.pop()
