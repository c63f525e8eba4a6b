"""Build the reference page of the rules, `docs/rules.md`, from what each rule says about itself.

python tools/build_rules_page.py
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from protocolkit.report.checking import family
from protocolkit.report.explaining import Explained, explained, profiles, rules
from protocolkit.report.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).resolve().parents[1] / "docs" / "rules.md"
HEAD = """# The rules

What `protocolkit validate` checks beyond the shape of a file, made from the rules' own documentation; `protocolkit
explain CODE` shows the same at a terminal. Severity is what a finding weighs; a verdict that rests on a row of the
library is at most a warning, and information where the row is only recalled. A clause is marked H where it was read
in a public source, M where a secondary source told it, and L where it is recalled, which is no clause to cite. Codes
that no rule has are in [rules-not-made.md](rules-not-made.md).
"""
TOPICS = {
    "AE": "Adverse events", "CONS": "Consent", "DOSE": "Dosing", "EST": "Estimands",
    "ETH": "Protection of participants",
    "FU": "Follow-up", "ID": "Identity and consistency", "OUT": "Outcomes", "POP": "Population",
    "REG": "Registration and conduct", "SOA": "Schedule of activities", "STAT": "Statistics",
}  # fmt: skip
FAULTS = """
## Faults of reading, shape and bookkeeping

| code | what it is | why it matters | what to do |
|---|---|---|---|
"""


def page() -> str:
    """Return the text of the page."""
    entries = [explained(rule.code) for rule in rules()]
    parts = [HEAD, *_contents(entries)]
    for name, group in groupby(entries, key=lambda entry: family(entry.code)):
        parts.append(f"\n## {TOPICS[name]} ({name})\n")
        parts += [_section(entry) for entry in group]
    parts.append(FAULTS)
    parts += [f"| {code} | {kind.title} | {kind.why} | {kind.hint} |\n" for code, kind in sorted(KINDS.items())]
    return "".join(parts)


def _contents(entries: list[Explained]) -> Iterator[str]:
    yield "\n| code | severity | what is checked |\n|---|---|---|\n"
    for entry in entries:
        yield f"| [{entry.code}](#{entry.code.lower()}) | {entry.severity} | {entry.title} |\n"


def _section(entry: Explained) -> str:
    return "".join(_lines(entry))


def _lines(entry: Explained) -> Iterator[str]:
    yield f"\n### {entry.code}\n\n**{entry.title}** {entry.severity.capitalize()}"
    yield f"; {profiles(entry)}.\n" if profiles(entry) else ".\n"
    yield f"\n{entry.why[:1].upper()}{entry.why[1:]}\n"
    if entry.applies:
        yield f"\nApplies: {entry.applies.rstrip('.')}.\n"
    if entry.decided_by == "shape":
        yield "\nThe schema decides it.\n"
    cited = [f"{source.basis.standard}{', ' * bool(source.basis.clause)}{source.basis.clause} ({source.confidence})"
             for source in entry.sources]  # fmt: skip
    yield f"\nBasis: {'; '.join(cited)}.\n"
    yield f"\nFails:\n\n```yaml\n{entry.fails}\n```\n\nPasses:\n\n```yaml\n{entry.passes}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
