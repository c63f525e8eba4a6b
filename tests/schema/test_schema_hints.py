"""What a hint on a quantity tells to write is taken where it is told."""

from __future__ import annotations

import copy
import re
from functools import cache, reduce
from operator import getitem
from typing import TYPE_CHECKING

import contentcase
import pytest

from protocolkit.document import Document
from protocolkit.quantities import fault, kinds
from protocolkit.schema import check
from protocolkit.schema.bundled import at, bundled

if TYPE_CHECKING:
    from protocolkit.document import Path

WRONG = (
    5, 2.5, "", "5", "blah", "5 blah", "5 m", "5 mg", "5mg", "5 mcg", "0,5 mg", "-5 mg", "1 to 10 mg", "3 s", "4 hrs",
    "4-6 h", "12 weeks", "3 mo", "2 years", "-7 d", "50 percent", "38 C", "< 4 h", "1e3 h", "AUC 5", "5 mL/min",
)  # fmt: skip
_QUOTED = " (put a text that looks like a number in quotes)"


def _told(hint: str) -> list[str]:
    """Return the values that a hint tells to write; none where it only lists units."""
    ends = re.findall(r'"([^"]+)"', hint)
    if ends:
        return ends
    match = re.search(r"for example ([^;]+)", hint) or re.search(r"^write ([^;]+)", hint)
    return match[1].split(" or ") if match else []


@cache
def _quantities() -> dict[str, tuple[Path, str]]:
    """Return every place of a quantity in a file with every property: by its pointer, the path and the kind."""
    return {
        "/" + "/".join(map(str, path)): (path, kind)
        for path in contentcase.paths(contentcase.everything())
        if (kind := at(path, bundled("protocol")).get("x-quantity"))
    }


def _taken(where: str, told: str) -> bool:
    """Say whether a value is taken at a place: a quantity of its kind, or a plain number where there may be one."""
    path, kind = _quantities()[where]
    return fault(told, kind) is None or (told.isdigit() and "integer" in at(path, bundled("protocol")).get("type", ()))


@cache
def _hints(value: object) -> dict[str, list[str]]:
    """Return what is told at each place of a quantity where all of them hold one value."""
    data = copy.deepcopy(contentcase.everything())
    for path, _ in _quantities().values():
        reduce(getitem, path[:-1], data)[path[-1]] = value
    found: dict[str, list[str]] = {}
    for one in check(Document("a.protocol.yaml", data)):
        found.setdefault(one.pointer, []).append(one.hint.removesuffix(_QUOTED))
    return found


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_what_a_hint_tells_to_write_is_a_quantity_of_the_kind_that_is_asked_for(value: object) -> None:
    """At every property that holds one: where the value is of no such kind, it is told, and what is told fits."""
    wrong = {where: kind for where, (_, kind) in _quantities().items() if fault(value, kind)}
    hints = _hints(value)
    assert not wrong.keys().isdisjoint(hints)
    told = {(where, each) for where in wrong for hint in hints.get(where, ()) for each in _told(hint)}
    assert [(where, each) for where, each in sorted(told) if not _taken(where, each)] == []


def test_every_kind_has_an_example_of_itself() -> None:
    """Where a property gives no example of its own, that of the kind is told."""
    assert [(name, kind.example) for name, kind in kinds().items() if fault(kind.example, name)] == []


def test_every_property_has_an_example_of_its_kind() -> None:
    """The examples of the schema are what hints give first."""
    examples = {
        (example, kind)
        for path, kind in _quantities().values()
        for example in at(path, bundled("protocol")).get("examples", ())
        if isinstance(example, str)
    }
    assert [(example, kind) for example, kind in sorted(examples) if fault(example, kind)] == []


def test_a_range_is_told_of_where_one_value_is_asked_for() -> None:
    """The hint gives one value, and not two ends that would be refused."""
    path = ("interventions", 0, "product", "final_concentration")
    changed = contentcase.replaced(contentcase.everything(), path, "1 to 10 mg/mL")
    where = "/interventions/0/product/final_concentration"
    found = [one for one in check(Document("a.protocol.yaml", changed)) if one.pointer == where]
    assert [one.hint for one in found] == ["write one value, for example 1 mg/mL"]
    assert "one value is asked for" in found[0].message
