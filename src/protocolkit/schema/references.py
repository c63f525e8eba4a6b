"""References between the parts of a protocol: ids exist, are unique, and name things of the right kind."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from protocolkit.document import pointer
from protocolkit.findings import Finding, Related, Severity
from protocolkit.schema.bundled import at, guide
from protocolkit.values import NamedTuple
from protocolkit.words import first_of, listed, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.document import Path
    from protocolkit.schema.walk import Reference

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_LONGEST = 40  # characters of an id
_SHOWN = 12  # ids: as many as fit a line


class Collection(NamedTuple):
    """A kind of thing that has ids: where its lists stand, what one is called, and whether ids are unique per list."""

    name: str
    lists: tuple[str, ...]
    noun: str
    per_list: bool
    key: str = "id"


class _Entry(NamedTuple):
    """One item of a collection that has an id."""

    path: Path
    identifier: str


@cache
def collections() -> dict[str, Collection]:
    """Return the collections that the schema declares, by name."""
    declared = guide().get("x-collections", {})
    return {name: _collection(name, row) for name, row in declared.items()}


def _collection(name: str, row: dict[str, Any]) -> Collection:
    noun = row.get("noun") or name.replace("_", " ").removesuffix("s")
    return Collection(name, tuple(row["at"]), noun, row.get("scope") == "parent", row.get("key", "id"))


def places(pattern: str, content: Any) -> Iterator[tuple[Path, Any]]:
    """Yield every place of a document that a pointer with `*` for any position names."""
    return _places(_named(pattern), content, ())


def _places(steps: list[str], value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if not steps:
        yield path, value
    elif steps[0] == "*":
        entries = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
        for key, item in entries:
            yield from _places(steps[1:], item, (*path, key))
    elif isinstance(value, dict) and steps[0] in value:
        yield from _places(steps[1:], value[steps[0]], (*path, steps[0]))


class Index:
    """The ids of a document, by collection."""

    def __init__(self, content: Any, missing: frozenset[Path] = frozenset()) -> None:
        self._content = content
        self.entries: dict[str, list[_Entry]] = {}
        self.unsure: set[str] = set()
        for collection in collections().values():
            self.entries[collection.name] = list(self._read(collection, content))
            if any(_lies_at_or_above(path, pattern) for path in missing for pattern in collection.lists):
                self.unsure.add(collection.name)

    def _read(self, collection: Collection, content: Any) -> Iterator[_Entry]:
        for pattern in collection.lists:
            for path, items in places(pattern, content):
                if not isinstance(items, list):
                    continue
                for position, item in enumerate(items):
                    identifier = item.get(collection.key) if isinstance(item, dict) else None
                    if isinstance(identifier, str) and _ID.fullmatch(identifier):
                        yield _Entry((*path, position), identifier)
                    elif not isinstance(item, str):
                        self.unsure.add(collection.name)

    def is_read(self, name: str) -> bool:
        """Say whether every id of a collection is known: something in the place of a list, or above it, hides some."""
        lists = collections()[name].lists if name in collections() else ()
        return name not in self.unsure and not any(_is_misshapen(_named(each), self._content) for each in lists)

    def find(self, name: str, identifier: str) -> _Entry | None:
        """Return the first item of a collection with an id."""
        return next((entry for entry in self.entries.get(name, ()) if entry.identifier == identifier), None)

    def names(self, collection: str) -> tuple[str, ...]:
        """Return the ids of a collection, each once, in order."""
        return tuple(dict.fromkeys(entry.identifier for entry in self.entries.get(collection, ())))


def _named(pattern: str) -> list[str]:
    return pattern.split("/")[1:]


def _is_misshapen(steps: list[str], value: Any) -> bool:
    """Say whether something on the way to a list is of another kind, so that the ids in it cannot be read."""
    if not steps:
        return not isinstance(value, list)
    if steps[0] == "*":
        entries = value if isinstance(value, list) else value.values() if isinstance(value, dict) else None
        # An item that is a text is the short form of one, and has no list of its own.
        return entries is None or any(_is_misshapen(steps[1:], item) for item in entries if not isinstance(item, str))
    return not isinstance(value, dict) or (steps[0] in value and _is_misshapen(steps[1:], value[steps[0]]))


def _lies_at_or_above(path: Path, pattern: str) -> bool:
    """Say whether a path leads to what a pattern names, or to something that holds it."""
    steps = _named(pattern)
    return len(path) <= len(steps) and all(step in ("*", str(own)) for own, step in zip(path, steps, strict=False))


def check_references(
    content: Any, references: Iterable[Reference], missing: frozenset[Path] = frozenset()
) -> Iterator[Finding]:
    """Yield a finding for each id that is ambiguous, each that is missing, and each that nothing names but must.

    `missing` are the keys whose absence is told already: what would only follow from it is not told again.
    """
    index = Index(content, missing)
    yield from _twice(index)
    yield from _dangling(index, references)
    yield from _uncovered(index, content, missing)


def _twice(index: Index) -> Iterator[Finding]:
    reported: set[Path] = set()
    for name, entries in index.entries.items():
        collection = collections()[name]
        key = collection.key
        first: dict[tuple[Path, str], Path] = {}
        for path, identifier in entries:
            scope = path[:-1] if collection.per_list else ()
            known = first.setdefault((scope, identifier), path)
            if known is path or path in reported:
                continue
            reported.add(path)
            message = f'the {key} "{identifier}" is taken: another {collection.noun} has it already'
            related = (Related(pointer((*known, key)), f'the first {collection.noun} "{identifier}"'),)
            yield _finding("REF02", message, (*path, key), f"give each its own {key}", related)


def _dangling(index: Index, references: Iterable[Reference]) -> Iterator[Finding]:
    missing: dict[tuple[str, tuple[str, ...]], list[Reference]] = {}
    for reference in references:
        known = reference.value in reference.words or any(index.find(name, reference.value) for name in reference.to)
        if not known:
            missing.setdefault((reference.value, reference.to), []).append(reference)
    for (identifier, to), users in missing.items():
        if all(map(index.is_read, to)):
            yield _missing(index, identifier, users, _elsewhere(index, identifier))


def _elsewhere(index: Index, identifier: str) -> Collection | None:
    return next((collections()[name] for name in index.entries if index.find(name, identifier)), None)


def _missing(index: Index, identifier: str, users: list[Reference], elsewhere: Collection | None) -> Finding:
    first = users[0]
    wanted = listed([collections()[name].noun for name in first.to if name in collections()], "or") or "thing"
    shown = shortened(identifier, _LONGEST, _LONGEST)
    if elsewhere:
        code, message = "REF03", f'"{shown}" is {_a(elsewhere.noun)}; {_a(wanted)} is needed here'
    else:
        code, message = "REF01", f'there is no {wanted} "{shown}"'
    related = tuple(Related(pointer(user.path), "it is named here too") for user in users[1:])
    return _finding(code, message, first.path, _known(index, first), related)


def _known(index: Index, reference: Reference) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - needed for a wrong id only

    known = [*dict.fromkeys((*reference.words, *(name for to in reference.to for name in index.names(to))))]
    if close := get_close_matches(reference.value[:40], known, n=1, cutoff=0.6):
        return f"did you mean {close[0]}?"
    if not known:
        return "none is defined yet"
    if reference.words:
        own = [name for name in known if name not in reference.words]
        return f"known words are {', '.join(reference.words)}" + (
            f"; defined are {first_of(own, _SHOWN)}" if own else ""
        )
    return f"defined are {first_of(known, _SHOWN)}"


def _uncovered(index: Index, content: Any, missing: frozenset[Path]) -> Iterator[Finding]:
    for name, collection in collections().items():
        covered = at(_steps(collection.lists[0]), guide()).get("properties", {}).get("id", {}).get("x-covered")
        if not covered or any(_lies_at_or_above(path, covered["by"]) for path in missing):
            continue
        named = {value for _, value in places(covered["by"], content) if isinstance(value, str)}
        where = covered["by"].replace("/*", "").strip("/").rsplit("/", 1)[0].replace("/", ".")
        for path, identifier in index.entries[name]:
            if identifier not in named:
                message = f'the {collection.noun} "{identifier}" has no entry in {where}'
                yield _finding(covered["rule"], message, path, f"add an entry for {identifier} to {where}", ())


def _steps(pattern: str) -> list[str | int]:
    return [0 if step == "*" else step for step in [*pattern.split("/")[1:], "*"]]


def _finding(code: str, message: str, path: Path, hint: str, related: tuple[Related, ...]) -> Finding:
    return Finding(code, Severity.ERROR, message, pointer(path), hint, related=related)


def _a(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"
