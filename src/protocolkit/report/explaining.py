"""What a code stands for, in full: the documentation of a rule, or what a fault of reading or shape means."""

from __future__ import annotations

import textwrap
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from protocolkit.errors import UsageError
from protocolkit.report.checking import codes, family
from protocolkit.report.kinds import KINDS
from protocolkit.report.text import wrapped
from protocolkit.rules import SHAPE_RULES
from protocolkit.rules.docs import documented
from protocolkit.rules.plugged import every_rule
from protocolkit.rules.waivers import NEVER, SAFETY
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.rules import Rule
    from protocolkit.rules.docs import Source

_DECIDED = {
    "rule": "a rule over the whole protocol", "shape": "the schema", "reader": "the reader of the file",
    "runner": "what runs the rules", "import": "the import",
}  # fmt: skip
_FAMILIES = {"FILE": "reader", "FORM": "shape", "REF": "shape", "LOSS": "import"}
_SURE = {"H": "read in a public source", "M": "from a secondary source", "L": "recalled, no clause to cite"}


class Explained(NamedTuple):
    """A code in full; `decided_by` is a key of the table below. Faults that are no rule have no examples."""

    code: str
    title: str
    decided_by: str
    why: str
    severity: str = "error"
    severity_by_tag: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    tags_off: tuple[str, ...] = ()
    applies: str = ""
    sources: tuple[Source, ...] = ()
    hint: str = ""
    fails: str = ""
    passes: str = ""
    waiver: str = "a reason"

    def to_json(self) -> dict[str, Any]:
        """Return the explanation as plain data; every key is always there."""
        basis = [{**source.basis._asdict(), "confidence": source.confidence} for source in self.sources]
        return {**self._asdict(), "severity_by_tag": dict(self.severity_by_tag), "tags": list(self.tags),
                "tags_off": list(self.tags_off), "sources": basis}  # fmt: skip


def rules(tags: frozenset[str] | None = None, plugins: tuple[str, ...] = ()) -> tuple[Rule, ...]:
    """Return every rule in the order of its code, or those that apply in a profile with some tags.

    Raises ConfigError for a plug-in that cannot be used.
    """
    known = sorted((*every_rule(plugins), *SHAPE_RULES), key=lambda rule: rule.code)
    return tuple(rule for rule in known if tags is None or not rule.applies_to(tags))


def explained(code: str, plugins: tuple[str, ...] = ()) -> Explained:
    """Return what a code stands for, written in capitals or not.

    Raises UsageError for a code that does not exist, ConfigError for a plug-in that cannot be used.
    """
    code = code.upper()
    for rule in rules(None, plugins):
        if rule.code == code:
            return _of_rule(rule)
    if code not in KINDS:
        near = get_close_matches(code, sorted(codes(plugins)), n=3, cutoff=0.6)
        meant = f"; did you mean {' or '.join(near)}?" if near else ""
        raise UsageError(f"there is no code {code!r}{meant}")
    kind, decided = KINDS[code], _FAMILIES.get(family(code), "runner")
    return Explained(code, kind.title, decided, kind.why, hint=kind.hint, waiver=_waiver(code))


def _of_rule(rule: Rule) -> Explained:
    docs = documented(rule)
    by_tag = tuple(sorted((tag, severity.value) for tag, severity in rule.severity_by_tag.items()))
    return Explained(
        rule.code, docs.title, "shape" if rule in SHAPE_RULES else "rule", docs.why, rule.severity.value, by_tag,
        tuple(sorted(rule.tags)), tuple(sorted(rule.tags_off)), docs.applies, docs.sources, "", docs.fails,
        docs.passes, _waiver(rule.code),
    )  # fmt: skip


def _waiver(code: str) -> str:
    if family(code) in NEVER:
        return "not possible"
    return "a reason, and the name and role of who answers for it" if code in SAFETY else "a reason"


def as_text(entry: Explained) -> str:
    """Write an explanation for a terminal, 80 columns wide; the examples keep their own width."""
    return "\n".join(_lines(entry)) + "\n"


def _lines(entry: Explained) -> Iterator[str]:
    yield f"{entry.code}  {entry.severity}"
    yield from wrapped(entry.title)
    for head, text in _told(entry):
        yield from ("", head)
        yield from wrapped(text[:1].upper() + text[1:], "  ")
    if entry.sources:
        yield from ("", "Basis")
        yield from (line for source in entry.sources for line in wrapped(_source(source), "  ", "    "))
    for head, sample in (("Fails", entry.fails), ("Passes", entry.passes)):
        if sample:
            yield from ("", head)
            yield textwrap.indent(sample, "  ")


def _told(entry: Explained) -> Iterable[tuple[str, str]]:
    rows = (
        ("Why", entry.why), ("Applies", entry.applies), ("Profiles", profiles(entry)), ("What to do", entry.hint),
        ("Decided by", _DECIDED[entry.decided_by]), ("A waiver needs", entry.waiver),
    )  # fmt: skip
    return ((head, text) for head, text in rows if text)


def profiles(entry: Explained) -> str:
    """Say in which profiles a rule applies, and what it weighs where that differs; empty where in every one."""
    parts = [f"with the tag {' or '.join(entry.tags)}" if entry.tags else ""]
    parts.append(f"not with {' or '.join(entry.tags_off)}" if entry.tags_off else "")
    parts += [f"{severity} with {tag}" for tag, severity in entry.severity_by_tag]
    return "; ".join(part for part in parts if part)


def _source(source: Source) -> str:
    clause = f", {source.basis.clause}" if source.basis.clause else ""
    return f"{source.basis.standard}{clause} ({_SURE[source.confidence]}) {source.basis.url}".rstrip()
