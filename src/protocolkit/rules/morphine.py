"""Rules on morphine milligram equivalents, and what the text of a protocol calls an opioid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.trial import named
from protocolkit.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_OPIOID = Pattern(r"\b(non[- ])?(opioid|opiate)s?\b")
_EQUIVALENT = Pattern(r"(?i:\bmorphine( milligram)?[- ]equivalents?)|\bO?MMEs?\b", exact=True)
_MASS_A_DAY = Pattern(r"^[0-9.]+ (mg|g|ug)/d$|^(mg|g|ug)/d$", exact=True)
_NUMBER = Pattern(r"[0-9]", exact=True)


def is_opioid(row: Node) -> bool:
    """Say whether an entry of concomitant therapy names opioids or one of them."""
    texts = [row["class"].text, row["substance"].text, row.text, *(node.text for node in row["members"])]
    return any(text and _names_opioid(text) for text in texts)


def _names_opioid(text: str) -> bool:
    match = _OPIOID.search(text)
    if match:
        return not match[1]
    from protocolkit.library import opioids  # noqa: PLC0415 - on call: only where therapy is named

    return opioids.row_of(text) is not None


@rule(
    "OUT09",
    Severity.ERROR,
    reads=(
        *below("/outcomes/*", "construct", "id", "measurement", "name", "unit"),
        "/concomitant",
        "/population/inclusion",
        "/population/exclusion",
    ),
)
def table_of_equivalents(trial: Trial) -> Iterator[Found]:
    """Morphine equivalents name their table of factors with its version, and the same one everywhere.

    Why: methadone counts 3.0 in one table and 4.7 in the next, so that the same participants use half as much again.
    The factors are for analysis, never for changing one opioid to another.

    Applies: equivalents are used in an outcome, in a limit of opioids, or in a criterion.

    Basis:
        CDC clinical practice guideline 2022, conversion factors (H)

    Fails::

        outcomes: [{id: MME, name: opioid use, construct: opioid_use, unit: mg/d}]

    Passes::

        outcomes: [{id: MME, name: opioid use, construct: opioid_use, unit: mg/d, table: CDC 2022}]
    """
    used = [*_used(trial)]
    worded = [
        node["text"]
        for node in (*trial.at("/population/inclusion"), *trial.at("/population/exclusion"))
        if _EQUIVALENT.search(node["text"].text)
    ]
    if not used and not worded:
        raise NotApplicable("no morphine equivalents are used")
    tables = [row["table"] for row, _ in used if row["table"]]
    for row, what in used:
        if not row["table"]:
            yield Found(
                row,
                f"{what} is in morphine equivalents, and names no table of factors",
                "state table, such as the guideline with its year",
            )
        elif not _NUMBER.search(row["table"].text):
            message = f'{what}: the table "{row["table"].text}" has no version'
            yield Found(row["table"], message, "state the year or version of the table")
    for node in worded:
        if not tables and not used and not _NUMBER.search(_after(node.text)):
            yield Found(
                node, "a criterion is in morphine equivalents, and no table of factors is named", "name the table"
            )
    yield from _unlike(tables)
    yield from _without_factor(used)


def _used(trial: Trial) -> Iterator[tuple[Node, str]]:
    """Yield outcomes and limits in morphine equivalents, with what each is."""
    for outcome in trial.root["outcomes"]:
        text = f"{outcome['name'].text} {outcome['measurement'].text} {outcome['unit'].text}"
        daily = outcome["construct"].text == "opioid_use" and _MASS_A_DAY.search(outcome["unit"].text)
        if daily or _EQUIVALENT.search(text):
            yield outcome, f"outcome {named(outcome)}"
    for key in ("permitted", "prohibited"):
        for row in trial.at(f"/concomitant/{key}"):
            if row["limit"] and _MASS_A_DAY.search(row["limit"].text) and is_opioid(row):
                yield row, f"the limit of {row['limit'].text} for {row['class'].text or 'opioids'}"


def _after(text: str) -> str:
    """Return what a criterion says in brackets or after its equivalents, where a table may be named."""
    match = _EQUIVALENT.search(text)
    return text[match.end() :] if match else ""


def _unlike(tables: list[Node]) -> Iterator[Found]:
    names = {folded(node.text): node for node in reversed(tables)}
    if len(names) > 1:
        message = (
            f"two tables of morphine equivalents are named: {listed(sorted(node.text for node in names.values()))}"
        )
        yield Found(tables[-1], message, "use one table everywhere", ((tables[0], "the other table"),))


def _without_factor(used: list[tuple[Node, str]]) -> Iterator[Found]:
    """Find an opioid that is counted by a table which has no factor for it."""
    from protocolkit.library import opioids  # noqa: PLC0415 - on call: only where equivalents are used

    for row, what in used:
        for node in (row["substance"], *row["members"]) if folded(row["table"].text) == folded(opioids.TABLE) else ():
            known = opioids.row_of(node.text) if node else None
            if known and not opioids.has_factor(known):
                message = f"{what}: the table {opioids.TABLE} has no factor for {node.text} ({known.source})"
                yield Found(node, message, "say how it is counted, or leave it out", confidence=known.confidence)


RULES: tuple[Rule, ...] = (table_of_equivalents,)
