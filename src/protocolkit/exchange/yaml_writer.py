"""Write a protocol as YAML that people read and that reads back as the same data, in YAML 1.1 and 1.2 alike."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from protocolkit.sources.scalars import NotFinite, plain_value

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDTH = 116
_SHORTEST = 40
_DEEPEST = 2
_BRACKETS = re.compile(r"[,\[\]{}:?]")
_PLAIN = re.compile(r"[A-Za-z0-9_/(<.+^~$][^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]*")
_PRINTED = re.compile("[^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]*")
_OLD = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null)|[-+.0-9][0-9_,.:eExXoObBa-fA-F+-]*|<<|=|[.].*")
_GAP = re.compile(r"(?<=[^ ]) (?=[^ ])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*", re.DOTALL)


def write(data: dict[str, Any], header: str = "") -> str:
    """Return the text of a protocol file: a comment, then one block for each top-level key."""
    comment = "".join(f"# {line}".rstrip() + "\n" for line in header.splitlines())
    blocks = ["\n".join(_pair(key, value, 0)) for key, value in data.items()]
    gap = "\n\n" if any(isinstance(value, dict | list) for value in data.values()) else "\n"
    return comment + ("\n" if comment else "") + gap.join(blocks) + "\n"


def _flow(value: Any, depth: int = 0) -> str:
    """Write a short list or mapping on one line; an empty text where it holds more than that."""
    if isinstance(value, dict) and value and depth < _DEEPEST:
        parts = [(_flow_text(key), _flow(item, depth + 1)) for key, item in value.items()]
        return (
            "{" + ", ".join(f"{key}: {item}" for key, item in parts) + "}"
            if all(key and item for key, item in parts)
            else ""
        )
    if isinstance(value, list) and value and depth < _DEEPEST:
        items = [_flow(item, _DEEPEST) for item in value]
        return "[" + ", ".join(items) + "]" if all(items) else ""
    if isinstance(value, dict | list):
        return ""
    return _flow_text(value) if isinstance(value, str) else json.dumps(value)


def _flow_text(text: str) -> str:
    if "\n" in text or len(text) > _WIDTH:
        return ""
    return "'" + text.replace("'", "''") + "'" if _is_plain(text) and _BRACKETS.search(text) else _inline(text)


def _pair(key: str, value: Any, indent: int) -> Iterator[str]:
    name = " " * indent + _inline(key) + ":"
    flows = isinstance(value, list) or (isinstance(value, dict) and indent > 0)
    short = _flow(value, _DEEPEST - 1) if flows else ""
    if short and len(short) < _WIDTH - len(name):
        yield f"{name} {short}"
    elif isinstance(value, dict) and value:
        yield name
        for inner, item in value.items():
            yield from _pair(inner, item, indent + 2)
    elif isinstance(value, list) and value:
        yield name
        for item in value:
            yield from _item(item, indent + 2)
    else:
        yield from _scalar(name + " ", value, indent + 2)


def _item(value: Any, indent: int) -> Iterator[str]:
    dash = " " * indent + "- "
    if isinstance(value, dict) and 0 < len(short := _flow(value)) <= _WIDTH - len(dash):
        yield dash + short
    elif isinstance(value, dict) and value:
        lines = [line for key, item in value.items() for line in _pair(key, item, indent + 2)]
        yield dash + lines[0][indent + 2 :]
        yield from lines[1:]
    elif isinstance(value, list) and value:
        yield dash.rstrip()
        for item in value:
            yield from _item(item, indent + 2)
    else:
        yield from _scalar(dash, value, indent + 2)


def _scalar(before: str, value: Any, indent: int) -> Iterator[str]:
    if not isinstance(value, str):
        yield before + json.dumps(value)
    elif "\n" in value and _is_literal(value):
        yield from _literal(before, value, indent)
    elif len(before) + len(value) > _WIDTH and _is_folded(value):
        yield before + ">-"
        yield from _folded(value, indent)
    else:
        yield before + _inline(value)


def _inline(text: str) -> str:
    if _is_plain(text):
        return text
    if "\n" not in text and _PRINTED.fullmatch(text):
        return "'" + text.replace("'", "''") + "'"
    return _escaped(text)


def _escaped(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub(
        "[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]", lambda match: f"\\u{ord(match[0]):04X}", quoted
    )


@lru_cache(maxsize=1024)
def _is_plain(text: str) -> bool:
    if not _PLAIN.fullmatch(text) or text != text.strip() or _OLD.fullmatch(text) or _DATE.fullmatch(text):
        return False
    if ": " in text or " #" in text or text.endswith(":"):
        return False
    try:
        return plain_value(text) == text and isinstance(plain_value(text), str)
    except NotFinite:
        return False


def _is_literal(text: str) -> bool:
    held = _PRINTED.fullmatch(text) and text.strip("\n ") and not text.startswith(("\n", " "))
    return bool(held) and not text.endswith("\n\n")


def _literal(before: str, text: str, indent: int) -> Iterator[str]:
    body = text.removesuffix("\n")
    yield before + ("|" if text.endswith("\n") else "|-")
    for line in body.split("\n"):
        yield " " * indent + line if line else ""


def _is_folded(text: str) -> bool:
    return bool(_PRINTED.fullmatch(text) and "\n" not in text and text == text.strip() and text)


def _folded(text: str, indent: int) -> Iterator[str]:
    room, start = max(_SHORTEST, _WIDTH - indent), 0
    while len(text) - start > room and (end := _break(text, start, start + room)) > 0:
        yield " " * indent + text[start:end]
        start = end + 1
    yield " " * indent + text[start:]


def _break(text: str, start: int, limit: int) -> int:
    """Return where a line may end: at a single space, as far to the right as there is room; -1 where nowhere."""
    place = text.rfind(" ", start, limit + 1)
    while place > start and not _is_single(text, place):
        place = text.rfind(" ", start, place)
    if place > start:
        return place
    match = _GAP.search(text, limit)
    return match.start() if match else -1


def _is_single(text: str, place: int) -> bool:
    return text[place - 1] != " " and text[place + 1] != " "
