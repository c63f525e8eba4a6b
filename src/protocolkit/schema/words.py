"""The words for places and values in findings about shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from protocolkit.quantities import fault
from protocolkit.schema.bundled import at, bundled, checked
from protocolkit.schema.properties import described
from protocolkit.schema.references import collections
from protocolkit.words import listed, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.document import Node, Path
    from protocolkit.findings import Basis

_SHORT = 40
_SHOWN = 60
_FEW = 12
_TYPES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "a mapping of keys and values",
    "array": "a list",
    "null": "nothing",
}
_OPEN_ENDED = (" of", " by", " to", " from", " in", " with")
_LONG = 8  # letters of a key that stands above in the plural
_KEYS = 2  # keys of a mapping that show how one is written


def subject(path: Path, content: Any) -> str:
    """Name the thing at a path for a sentence: `step INF of intervention KETAMINE`, `the section trial`."""
    named = []
    value = content
    for depth, step in enumerate(path):
        value = value[step]
        if isinstance(step, int):
            named.append((depth, _item(path[: depth + 1], value)))
    last = named[-1][0] + 1 if named else 0
    inner = [str(step) for step in path[last:]]
    words = " of ".join(word for _, word in reversed(named))
    if not named:
        return f"the section {'.'.join(inner)}" if inner else "the protocol"
    return f"{'.'.join(inner)} of {words}" if inner else words


def _item(path: Path, value: Any) -> str:
    pattern = "/" + "/".join("*" if isinstance(step, int) else step for step in path[:-1])
    noun = next((c.noun for c in collections().values() if pattern in c.lists), "")
    identifier = value.get("id") if isinstance(value, dict) else None
    if isinstance(identifier, str) and noun:
        return f"{noun} {identifier}"
    return f"{noun or f'entry of {path[-2]}'} no. {int(path[-1]) + 1}"


def title(path: Path) -> str:
    """Return the title of the property at a path, else its key."""
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "the protocol")
    return described(at(path, bundled("protocol"))).title or key.replace("_", " ")


def basis(path: Path) -> tuple[Basis, ...]:
    """Return the clauses that ask for a property: its own, else those of what it is part of."""
    for end in range(len(path), 0, -1):
        if found := described(at(path[:end], bundled("protocol"))).basis:
            return found
    return ()


def example(path: Path) -> str:
    """Return an example of the property at a path, as it would stand in the file; an empty text where there is none."""
    known = described(at(path, bundled("protocol")))
    values = known.examples or known.terms[:1]
    return shown(values[0]) if values else ""


def sample(path: Path, root: Node) -> str:
    """Return what may stand at a path in a file: its example, or the first keys of a mapping; empty where nothing may.

    A reference names what the file has: the id of an entry beside it, of the same substance. Of some kinds of what it
    belongs to, such as radiation, the property has an example of its own.
    """
    part = at(path, bundled("protocol"))
    if (own := part.get("x-example-of-kind", {}).get(_kind(path, root))) is not None:
        return shown(own)
    if "x-ref" not in part:
        keys = ((key, example((*path, key))) for key in part.get("properties", {}))
        told = ", ".join([f"{key}: {found}" for key, found in keys if found][:_KEYS])
        return example(path) or (f"{{{told}}}" if told else "")
    owner, others = _node(path[:-1], root), _node(path[:-2], root)
    substance = owner["substance"].text.casefold()
    alike = (each for each in others if substance and each["substance"].text.casefold() == substance)
    return next((each["id"].text for each in alike if each.path != owner.path), "")


def _kind(path: Path, root: Node) -> str:
    """Return the kind of the innermost object around a path that has one; empty where none has."""
    around = (_node(path[:end], root)["kind"].text for end in range(len(path) - 1, 0, -1))
    return next((kind for kind in around if kind), "")


def _node(path: Path, root: Node) -> Node:
    for step in path:
        root = root[step]
    return root


def measured(path: Path) -> str:
    """Return an example of the quantity at a path, as its own property gives it; an empty text where it gives none."""
    found = described(at(path, bundled("protocol"))).examples
    return found[0] if found and isinstance(found[0], str) else ""


def elsewhere(path: Path, text: Any) -> str:
    """Say where a quantity belongs that the property at a path cannot hold; an empty text where nothing says so."""
    for row in at(path, bundled("protocol")).get("x-elsewhere", ()):
        if fault(text, row["quantity"]) is None:
            return f"{row['what']} is {row['at'].removeprefix('/').replace('/*', '[]').replace('/', '.')}"
    return ""


def otherwise(path: Path) -> str:
    """Say what to write in place of a key where the trial has no such thing; empty where the schema says nothing."""
    told: str = at(path, bundled("protocol")).get("x-otherwise", "")
    return told


def form(path: Path, wanted: str | Iterable[str]) -> str:
    """Say how the value at a path is written where its property has no example: with the first of its keys."""
    several = wanted == "array"
    owner = (*path, 0) if several else path
    samples = ((key, example((*owner, key))) for key in at(owner, checked()).get("properties", {}))
    told = ", ".join([f"{key}: {sample}" for key, sample in samples if sample][:_KEYS])
    if not told:
        return f"write a list: [{sample}]" if several and (sample := example(owner)) else ""
    return f"write a list of entries: [{{{told}}}]" if several else f"write its keys and values: {{{told}}}"


def no_term(path: Path) -> str:
    """Say that a value is none of the terms of a property; its title may go on with them, as `reported by` does."""
    named = title(path)
    plural = named.endswith("s") and not named.endswith(("ss", "us", "is"))
    return f'is no term of "{named}"' if plural or named.endswith(_OPEN_ENDED) else f"is no {named} of the list"


def inside(path: Path, key: str) -> str:
    """Name the key of the object at a path below which another key belongs, or the one above; empty for neither."""
    owner = at(path, checked())
    within = [name for name in owner.get("properties", {}) if key in at((*path, name), checked()).get("properties", {})]
    if len(within) == 1:
        return f"{key} belongs below {within[0]}"
    above = at(path[:-1], checked()).get("properties", {}) if path and isinstance(path[-1], str) else {}
    if key in above:
        return f"{key} belongs one level up, beside {path[-1]}"
    alike = [name for name in above if len(key) >= _LONG and name.startswith(key.removesuffix("y").removesuffix("s"))]
    return f"{alike[0]} stands one level up, beside {path[-1]}" if len(alike) == 1 else ""


def terms_at(path: Path) -> str:
    """Return the name of the list that the terms of a property are from; empty where it has none."""
    name: str = at(path, bundled("protocol")).get("x-terms", "")
    return name


def met(condition: Any, owner: Any) -> str:
    """Say by what a mapping meets a condition of the schema, such as `kind is drug`."""
    asked = condition.get("properties", {}).items()
    return " and ".join(
        _among(key, owner[key], part) or _stated(key, owner[key])
        for key, part in asked
        if key in owner and not _further_down(part)
    )


def _further_down(part: Any) -> bool:
    """Say whether a condition on a key only asks that something below it is not stated: no reason to tell."""
    return isinstance(part, dict) and "properties" in part


def _among(key: str, value: Any, part: Any) -> str:
    """Say which entries of a list meet a condition that one of them is among some terms; empty for other conditions."""
    wanted = part.get("contains", {}).get("enum", ()) if isinstance(part, dict) else ()
    named = [each for each in value if each in wanted] if wanted and isinstance(value, list) else []
    return f"{listed(named)} {'is' if len(named) == 1 else 'are'} among the {key}" if named else ""


def _stated(key: str, value: Any) -> str:
    if isinstance(value, str) and len(value) <= _SHORT:
        return f"{key} is {value}"
    return f"{key} is {str(value).lower()}" if isinstance(value, bool) else f"{key} is stated"


def types(wanted: str | Iterable[str]) -> str:
    """Name the types that a field takes."""
    return listed([_TYPES.get(name, name) for name in ([wanted] if isinstance(wanted, str) else wanted)], "or")


def kind(value: Any) -> str:
    """Say what a value is, for a sentence: `the number 7`, `a list`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {clipped(str(value))}"
    if isinstance(value, str):
        return f"the text {shown(value)}"
    if isinstance(value, dict):
        return "a mapping of keys and values"
    return "a list" if isinstance(value, list) else "nothing"


def shown(value: Any) -> str:
    """Write a value as it could stand in the file, cut to a line."""
    return clipped(json.dumps(value, ensure_ascii=False))


def clipped(text: str) -> str:
    """Cut a text to what fits a line."""
    return shortened(text, _SHOWN)


def few(terms: Iterable[Any]) -> str:
    """List the terms of a closed list, as many as fit."""
    known = [str(term) for term in terms]
    return ", ".join(known[:_FEW]) + (f" and {len(known) - _FEW} more" if len(known) > _FEW else "")
