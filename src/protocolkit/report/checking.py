"""From a document to its place in a report: check shape and sense, apply waivers, keep what was asked for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from protocolkit.errors import UsageError
from protocolkit.findings import Severity
from protocolkit.library import facts
from protocolkit.report.kinds import KINDS
from protocolkit.report.model import FileReport, place
from protocolkit.rules import RULES, SHAPE_RULES, require_known, run, tags_of
from protocolkit.rules.docs import basis
from protocolkit.rules.plugged import every_rule, folders
from protocolkit.rules.waivers import NEVER, named, waived
from protocolkit.schema import check
from protocolkit.schema.bundled import checked
from protocolkit.sources.faults import FAULTS as FILES
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.document import Document
    from protocolkit.findings import Basis, Finding

_ALWAYS = frozenset({*FILES, "RULE01"})  # what cannot be read, and what crashed


class Wanted(NamedTuple):
    """What a check is asked for.

    Codes or families to keep or drop, added profiles, the engine, today's date; of the configuration: packages with
    rules, folders with rows of the library, and what codes weigh.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    engine: str = "auto"
    today: str | None = None
    plugins: tuple[str, ...] = ()
    library: tuple[str, ...] = ()
    severity: tuple[tuple[str, str], ...] = ()

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders with rows of the library, those of packages among them."""
        return (*self.library, *folders(self.plugins))

    def asks_for(self, code: str) -> bool:
        """Say whether a code, or its family, is selected and not ignored."""
        names = (code, family(code))
        if self.select and not any(name in self.select for name in names):
            return False
        return not any(name in self.ignore for name in names)

    def require(self) -> None:
        """Raise UsageError for a code, family or profile that does not exist, ConfigError for what cannot be used."""
        every_rule(self.plugins)
        for folder in self.folders:
            facts.require_usable(folder)
        _require_codes((*self.select, *self.ignore, *(code for code, _ in self.severity)), self.plugins)
        require_known(self.profiles)


def check_document(document: Document, wanted: Wanted | None = None) -> FileReport:
    """Check one document; what cannot be read and what crashed is always told, and how much was not asked for.

    A rule that is not asked for runs only where a waiver names it, which else would seem to be needed by nothing.
    Raises UsageError for a code, family or profile that does not exist, ConfigError for a plug-in that cannot be used.
    """
    wanted = wanted or Wanted()
    wanted.require()
    shape = tuple(map(_cited, check(document, engine=wanted.engine)))
    rules, tags = every_rule(wanted.plugins), tags_of(document, wanted.profiles)
    asked = {rule.code for rule in rules if wanted.asks_for(rule.code)}
    if len(asked) < len(rules):
        needed = asked | named(document)
        rules = tuple(rule for rule in rules if rule.code in needed)
    with facts.opened(wanted.folders):
        ran = run(rules, document, shape, tags) if _checkable(document, shape) else ()
    told = (each for outcome in ran for each in outcome.findings if outcome.code in {*asked, each.code})
    accepted = waived(document, _weighed([*shape, *told], wanted), lambda: codes(wanted.plugins), wanted.today)
    every = (*accepted.findings, *((finding, None) for finding in accepted.about_waivers))
    kept = [row for row in every if row[0].code in _ALWAYS or wanted.asks_for(row[0].code)]
    return FileReport(
        document.name, document.readable, tuple(sorted(_profiles(document, wanted))),
        tuple(sorted((place(document, *row) for row in kept), key=lambda placed: placed.order)),
        tuple(outcome for outcome in ran if outcome.code in asked), len(every) - len(kept),
    )  # fmt: skip


def _weighed(findings: list[Finding], wanted: Wanted) -> list[Finding]:
    """Give findings the severity that the configuration gives their code; what cannot be waived keeps its own."""
    levels = {code: Severity(level) for code, level in wanted.severity if family(code) not in NEVER}
    if not levels:
        return findings
    return [found._replace(severity=levels.get(found.code, found.severity)) for found in findings]


@cache
def _clauses(code: str) -> tuple[Basis, ...]:
    return next((basis(rule) for rule in (*SHAPE_RULES, *RULES) if rule.code == code), ())


def _cited(finding: Finding) -> Finding:
    """Cite the clauses of the rule that the shape decides, in place of those of the whole chapter."""
    clauses = _clauses(finding.code)
    return finding._replace(basis=clauses) if clauses else finding


def _checkable(document: Document, shape: Iterable[Finding]) -> bool:
    """Say whether there is a protocol for rules to read at all."""
    return isinstance(document.data, dict) and not any(finding.code == "FILE12" for finding in shape)


def _profiles(document: Document, wanted: Wanted) -> list[str]:
    stated = [tag.text for tag in document.root["profiles"] if tag.text]
    return list(dict.fromkeys([*stated, *wanted.profiles]))


def family(code: str) -> str:
    """Return the family of a code: `DOSE` of `DOSE03`."""
    return code.rstrip("0123456789")


@cache
def codes(plugins: tuple[str, ...] = ()) -> frozenset[str]:
    """Return every code that a check can give, with the rules of some packages."""
    return frozenset({*KINDS, *(rule.code for rule in (*every_rule(plugins), *SHAPE_RULES)), *_ruled(checked())})


def _ruled(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        yield from part.get("x-rule", {}).values()
        yield from part.get("x-rule-unit", {}).values()
        if covered := part.get("x-covered"):
            yield covered["rule"]
        for value in part.values():
            yield from _ruled(value)
    elif isinstance(part, list):
        for value in part:
            yield from _ruled(value)


def _require_codes(wanted: Iterable[str], plugins: tuple[str, ...]) -> None:
    for code in wanted:
        if code not in codes(plugins) and code not in _families(plugins):
            known = ", ".join(sorted(_families(plugins)))
            raise UsageError(f"there is no code or family {code!r}; families are {known}")


@cache
def _families(plugins: tuple[str, ...]) -> frozenset[str]:
    return frozenset(family(code) for code in codes(plugins))
