"""What the schema says to people about one place of a protocol: its title, what to write, the terms allowed."""

from __future__ import annotations

from functools import cache
from typing import Any

from protocolkit.findings import Basis
from protocolkit.schema.bundled import Schema, at, bundled
from protocolkit.values import NamedTuple


class Property(NamedTuple):
    """One property of the protocol file, as the schema describes it."""

    title: str
    description: str = ""
    examples: tuple[Any, ...] = ()
    terms: tuple[Any, ...] = ()
    quantity: str = ""
    basis: tuple[Basis, ...] = ()


def property_at(pointer: str) -> Property | None:
    """Describe the property at a JSON pointer (positions as numbers or `*`); None where the schema knows none."""
    return _property(tuple("*" if step.isdecimal() else step for step in pointer.split("/")[1:]))


@cache
def _property(path: tuple[str, ...]) -> Property | None:
    part = at((0 if step == "*" else step for step in path), bundled("protocol"))
    return described(part) if part else None


def described(part: Schema) -> Property:
    """Collect what a part of the schema says to people."""
    return Property(
        title=part.get("title", ""),
        description=part.get("description", ""),
        examples=tuple(part.get("examples", ())),
        terms=tuple(part.get("enum", ())) or ((part["const"],) if "const" in part else ()),
        quantity=part.get("x-quantity", ""),
        basis=tuple(Basis(row["standard"], str(row["clause"]), row.get("url", "")) for row in part.get("x-basis", ())),
    )
