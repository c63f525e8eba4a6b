"""Split a text of eligibility criteria at its headings and bullets; every word of it stays."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

_HEADING = re.compile(
    r"^[ \t]*(?:[*#\-•]+[ \t]*|\d{1,2}[.)][ \t]*)?"
    r"(?:(?:key|main|major|general|principal|patient|participant|subject|study|common)[ \t]+)*"
    r"(?P<kind>inclusion|exclusion)(?:[ \t]+criteri(?:a|on|um))?(?P<label>[^:\n]{0,80}?)"
    r"[ \t]*(?::(?P<rest>[^\n]*)|(?P<bare>))[ \t*]*$",
    re.IGNORECASE | re.MULTILINE,
)
_INLINE = re.compile(
    r"(?:(?<=\. )|(?<=; )|(?<=\.))(?P<kind>inclusion|exclusion) criteria[ \t]*:(?P<rest>)(?P<label>)", re.IGNORECASE
)
_BULLET = re.compile(
    r"^(?P<indent>[ \t]*)(?P<mark>[*•·●○▪◦\u2013-]"
    r"|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])(?=[ \t]|[A-Z])[ \t]*(?P<text>.*)$"
)
_NONE = re.compile(r"\W*(?:none|no exclusion criteria|n/a|not applicable|nil)\W*", re.IGNORECASE)
_SHORT = 60


class Criterion(NamedTuple):
    """One criterion; `exact` is false for a text that may hold several."""

    text: str
    exact: bool = True


@dataclass(frozen=True)
class Criteria:
    """The criteria of a text; `headings` is false where it names neither inclusion nor exclusion."""

    inclusion: tuple[Criterion, ...]
    exclusion: tuple[Criterion, ...]
    headings: bool
    none: str = ""


class _Part(NamedTuple):
    kind: str
    label: str
    text: str


@dataclass
class _Entry:
    lines: list[str] = field(default_factory=list)
    bulleted: bool = False
    indent: int = 0


def split(text: str) -> Criteria:
    """Split a text into inclusion and exclusion criteria.

    Nested bullets stay with their parent; a short heading inside a part stands before each criterion below it. A text
    without a heading is one inclusion criterion that is not exact.
    """
    parts = _parts(text)
    if all(not part.kind for part in parts):
        return Criteria((Criterion(text.strip(), exact=False),), (), headings=False)
    lists: dict[str, list[Criterion]] = {"inclusion": [], "exclusion": []}
    for part in parts:
        lists[part.kind or "inclusion"].extend(_criteria(part))
    none = ""
    if len(lists["exclusion"]) == 1 and _NONE.fullmatch(lists["exclusion"][0].text):
        none = lists["exclusion"].pop().text
    return Criteria(tuple(lists["inclusion"]), tuple(lists["exclusion"]), headings=True, none=none)


def _parts(text: str) -> list[_Part]:
    marks = sorted([*_HEADING.finditer(text), *_INLINE.finditer(text)], key=lambda match: match.start("kind"))
    marks = [mark for mark in marks if _is_heading(mark)]
    if not marks:
        return [_Part("", "", text)]
    before = text[: marks[0].start()].strip()
    parts = [_Part("", "", before)] if before else []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=True):
        start = mark.start("rest") if mark["rest"] is not None else mark.end()
        label = " ".join(mark["label"].split()).strip(" -\u2013()")
        parts.append(_Part(mark["kind"].lower(), label, text[min(start, end) : end]))
    return parts


def _is_heading(mark: re.Match[str]) -> bool:
    """Say whether a line that begins with the word is a heading: it ends with a colon or says nothing else."""
    line, rest = mark[0].lower(), mark["rest"]
    if rest is None:
        return not mark["label"].strip() or ("criteri" in line and len(mark["label"]) < _SHORT // 2)
    return "criteri" in line or not rest.strip()


def _criteria(part: _Part) -> list[Criterion]:
    entries = _entries(part.text)
    label, result = part.label, []
    for entry, following in zip(entries, [*entries[1:], None], strict=True):
        text = "\n".join(entry.lines).strip()
        heads = not entry.bulleted and text.endswith(":") and following is not None and following.bulleted
        if heads and len(text) <= _SHORT:
            label = text.rstrip(":") if not part.label else f"{part.label}, {text.rstrip(':')}"
            continue
        exact = entry.bulleted or (len(entries) == 1 and not re.search(r"[;\n]|\. [A-Z]", text)) or len(entries) > 1
        result.append(Criterion(f"{label}: {text}" if label else text, exact))
    return result


def _entries(text: str) -> list[_Entry]:
    """Gather lines into entries: a bullet of the first level begins one, deeper bullets and further lines join it."""
    entries: list[_Entry] = []
    blank = True
    for line in text.splitlines():
        if not line.strip():
            blank = True
            continue
        match = _BULLET.match(line)
        last = entries[-1] if entries else None
        indent = len(line) - len(line.lstrip())
        if match and (last is None or not last.bulleted or indent <= last.indent):
            entries.append(_Entry([match["text"].strip()], bulleted=True, indent=indent))
        elif last is None or (blank and not match and indent <= last.indent):
            entries.append(_Entry([line.strip()], indent=indent))
        elif match:
            last.lines.append(f"- {match['text'].strip()}")
        else:
            last.lines[-1] += " " + line.strip()
        blank = False
    return [entry for entry in entries if any(entry.lines)]
