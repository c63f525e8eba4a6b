"""Split a text of eligibility criteria at its headings and bullets; every word of it stays."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from protocolkit.values import NamedTuple

_HEADING = re.compile(
    r"^[ \t]*(?:[*#\-•]+[ \t]*|\d{1,2}[.)][ \t]*)?"
    r"(?:list of[ \t]+)?(?:(?:key|main|major|general|principal|patient|participant|subject|study|common)[ \t]+)*"
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
_LEAD = re.compile(
    r"\b(?:who|following|must|either|have|has|if|that|by|with|are|is|of|including|include|as|or|and|to|in|for|criteria)"
    r"[ ]?:$",
    re.IGNORECASE,
)
_SHORT = 80
_NUMBERED = re.compile(r"[ ]2[.)] [A-Z].*[ ]3[.)] [A-Z]", re.DOTALL)
_RUN_ON = re.compile(r"[;\n]|\. [A-Z]|[ ][2-9][.)] [A-Z]")


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
    """Lines that belong together; `mark` is the kind of bullet before them, empty for none."""

    lines: list[str] = field(default_factory=list)
    mark: str = ""
    indent: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


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
        label = " ".join(mark["label"].split()).strip(" -\u2013(),")
        parts.append(_Part(mark["kind"].lower(), label, text[min(start, end) : end]))
    return parts


def _is_heading(mark: re.Match[str]) -> bool:
    """Say whether a line that begins with the word is a heading: it ends with a colon or says nothing else."""
    line, rest = mark[0].lower(), mark["rest"]
    if rest is None:
        return not mark["label"].strip() or ("criteri" in line and len(mark["label"]) < _SHORT // 2)
    return "criteri" in line or not rest.strip()


def _criteria(part: _Part) -> list[Criterion]:
    entries = _nested(_entries(part.text))
    label, result = part.label, []
    for index, entry in enumerate(entries, 1):
        text = entry.text
        if _is_label(entry) and index < len(entries):
            label = text.rstrip(":") if not part.label else f"{part.label}, {text.rstrip(':')}"
            continue
        loose = _RUN_ON if len(entries) == 1 and not entry.mark else _NUMBERED
        result.append(
            Criterion(f"{label}: {text}" if label else text, exact=not (loose.search(text) or text.endswith(":")))
        )
    return result


def _is_label(entry: _Entry) -> bool:
    return not entry.mark and len(entry.text) <= _SHORT and entry.text.endswith(":") and not _LEAD.search(entry.text)


def _nested(entries: list[_Entry]) -> list[_Entry]:
    """Put bullets below the half sentence that they end, such as `Male patients who:`, but not below the first."""
    result: list[_Entry] = []
    lead: _Entry | None = None
    inner = ""
    for entry in entries:
        if lead is not None and entry.mark and entry.mark == (inner or entry.mark):
            inner = entry.mark
            lead.lines.extend([f"- {entry.lines[0]}", *(f"  {line}" for line in entry.lines[1:])])
            continue
        lead = entry if result and not entry.mark and _LEAD.search(entry.text) else None
        inner = ""
        result.append(entry)
    return result


def _kind(mark: str) -> str:
    return "number" if any(character.isalnum() for character in mark) else "bullet"


def _heads(line: str) -> bool:
    return line.rstrip().endswith(":") and line.strip()[0].isupper()


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
        if match and (last is None or not last.mark or indent <= last.indent):
            entries.append(_Entry([match["text"].strip()], _kind(match["mark"]), indent))
        elif last is None or (not match and indent <= last.indent and (blank or _heads(line))):
            entries.append(_Entry([line.strip()], indent=indent))
        elif match:
            last.lines.append(f"- {match['text'].strip()}")
        else:
            last.lines[-1] += " " + line.strip()
        blank = False
    return [entry for entry in entries if any(entry.lines)]
