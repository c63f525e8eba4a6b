"""The documentation of a rule, read from its docstring: title, why, basis, a failing and a passing example.

    Title in one sentence.

    Why: what goes wrong otherwise.

    Applies: the condition on the data, where there is one.

    Basis:
        SPIRIT 2025, 15a (H)
        general practice (L)

    Fails::

        interventions: [{id: A}]

    Passes::

        interventions: [{id: A, route: ORAL}]

The letter grades the citation: H read in a public source, M in a secondary one, L recalled, which is no clause to cite.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

from protocolkit.findings import Basis
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.model import Rule

# Compiled where a finding first asks for its clauses.
_HEADS = r"^(Why|Applies|Basis|Fails|Passes)(::?)[ ]*"
_ROW = r"(?P<standard>[^,]+?)(?:, (?P<clause>.+?))? \((?P<confidence>[HML])\)(?: (?P<url>\S+))?"


class Source(NamedTuple):
    """Where a rule comes from: a clause and how sure the citation is (H, M, L)."""

    basis: Basis
    confidence: str


class RuleDocs(NamedTuple):
    """What a rule says about itself."""

    title: str
    why: str
    applies: str
    sources: tuple[Source, ...]
    fails: str
    passes: str


def documented(rule: Rule) -> RuleDocs:
    """Read the documentation of a rule.

    Raises ValueError where a part is missing or malformed; a test reads that of every rule.
    """
    from textwrap import dedent  # noqa: PLC0415 - to explain a rule, not to check by it

    text = inspect.cleandoc(rule.check.__doc__ or "")
    parts = _parts(text)
    for name in ("Why", "Basis", "Fails", "Passes"):
        if not parts.get(name):
            raise ValueError(f"{rule.code}: the docstring has no {name}")
    return RuleDocs(
        text.partition("\n")[0], _joined(parts["Why"]), _joined(parts.get("Applies", "")),
        tuple(_sources(rule.code, parts["Basis"])), dedent(parts["Fails"]).strip(), dedent(parts["Passes"]).strip(),
    )  # fmt: skip


def basis(rule: Rule) -> tuple[Basis, ...]:
    """Return the clauses that a rule may cite: those that were read."""
    text = inspect.cleandoc(rule.check.__doc__ or "")
    return tuple(
        source.basis for source in _sources(rule.code, _parts(text).get("Basis", "")) if source.confidence != "L"
    )


def _parts(text: str) -> dict[str, str]:
    heads = list(re.finditer(_HEADS, text, re.MULTILINE))
    ends = [*(head.start() for head in heads[1:]), len(text)] if heads else []
    return {head[1]: text[head.end() : end].strip("\n") for head, end in zip(heads, ends, strict=True)}


def _joined(text: str) -> str:
    return " ".join(text.split())


def _sources(code: str, text: str) -> Iterator[Source]:
    for line in text.strip().splitlines():
        row = re.fullmatch(_ROW, line.strip())
        if row is None:
            raise ValueError(f"{code}: the basis {line.strip()!r} is not written as STANDARD, CLAUSE (H|M|L)")
        yield Source(Basis(row["standard"], row["clause"] or "", row["url"] or ""), row["confidence"])
