"""From bytes to text: refuse what is no UTF-8 text, and find the characters that a document cannot hold."""

from __future__ import annotations

import re
import unicodedata
from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from protocolkit.findings import Place, Span
from protocolkit.sources.faults import MAX_BYTES, Unreadable, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.findings import Finding
    from protocolkit.sources.places import Lines

_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive, such as a Word document"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel document"),
    (b"{\\rtf", "a rich text document"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
)
_LINE_BREAKS = {"\x85": "NEL", "\u2028": "LINE SEPARATOR", "\u2029": "PARAGRAPH SEPARATOR"}
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
# What XML 1.0, and with it a Word document, cannot hold: control characters, surrogates, U+FFFE and U+FFFF.
UNHELD = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
_MOST = 20


def decode(data: bytes) -> str:
    """Decode a protocol file, without its byte order mark.

    Raises Unreadable for a file that is too large, empty, or not text in UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(found("FILE04", "the file is larger than 10 MiB"))
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise Unreadable(found("FILE02", f"the file is {what}, not a protocol in plain text"))
    if b"\0" in data:
        what = "text in UTF-16 or UTF-32" if _is_wide(data[:8]) else "binary data"
        raise Unreadable(found("FILE02", f"the file is {what}, not text in UTF-8", _at(data, data.index(b"\0"))))
    text = _utf8(data.removeprefix(BOM_UTF8))
    if not text.strip():
        raise Unreadable(found("FILE03", "the file is empty"))
    return text


def _is_wide(start: bytes) -> bool:
    """Say whether every second byte is zero, as in Latin letters of two or four bytes each."""
    halves = (start[::2], start[1::2])
    return len(start) > 3 and any(not any(half) for half in halves) and any(map(any, halves))  # noqa: PLR2004 - two letters


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        message = f"byte 0x{byte:02X} is not UTF-8; the file may be in Windows-1252 or Latin-1"
        raise Unreadable(found("FILE02", message, _at(data, error.start))) from None


def _at(data: bytes, offset: int) -> Span:
    before = data[:offset].decode("utf-8", "replace")
    place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"), len(before))
    return Span(place, place)


def refused_characters(lines: Lines) -> Iterator[Finding]:
    """Yield a finding for each character in the text that a document cannot hold or that only YAML takes as a break."""
    matches = list(_REFUSED.finditer(lines.text))
    for match in matches[:_MOST]:
        message = f"{_named(match[0])} cannot stand in a protocol"
        yield found("FILE08", message, lines.span(match.start(), match.end()))
    if len(matches) > _MOST:
        last = matches[_MOST]
        message = f"{len(matches) - _MOST} more characters cannot stand in a protocol"
        yield found("FILE08", message, lines.span(last.start(), last.end()))


def without_refused(text: str) -> str:
    """Put a replacement character in place of each refused one, so that reading goes on and places stay."""
    return _REFUSED.sub("\N{REPLACEMENT CHARACTER}", text)


def unheld(value: str) -> str | None:
    """Name the first character of a value, given by an escape, that a document cannot hold."""
    match = None if value.isprintable() else re.search(UNHELD, value)
    return match and _named(match[0])


def _named(character: str) -> str:
    code = f"U+{ord(character):04X}"
    name = _LINE_BREAKS.get(character) or unicodedata.name(character, "")
    kind = {"Cc": "a control character", "Cs": "half of a surrogate pair"}.get(unicodedata.category(character), "")
    return f"{code} ({name or kind or 'not a character'})"
