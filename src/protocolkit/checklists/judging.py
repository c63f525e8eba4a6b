"""Whether a file is a checklist: its shape, and that every pointer, rule and tag in it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.checklists.conditions import wanted
from protocolkit.checklists.pointers import STATED, filters, plain
from protocolkit.document import pointer as written
from protocolkit.errors import ConfigError
from protocolkit.rules import SHAPE_RULES, TAGS
from protocolkit.rules.plugged import every_rule
from protocolkit.schema.bundled import at, bundled, checked
from protocolkit.sources import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from protocolkit.checklists.pointers import Filter
    from protocolkit.document import Document, Path

    Fault = tuple[str, str]  # a pointer into the checklist, and what is wrong there


def judged(path: str, plugins: tuple[str, ...] = ()) -> dict[str, Any]:
    """Read a checklist and return its data.

    Raises ConfigError with file, line and column for the first thing that is wrong in it.
    """
    document = read(path)
    if document.findings:
        finding = document.findings[0]
        where = (finding.span or document.span(finding.pointer)).start
        raise ConfigError(f"{path}:{where.line}:{where.column}: {finding.message}")
    for pointer, message in faults(document, plugins):
        where = document.span(pointer).start
        raise ConfigError(f"{path}:{where.line}:{where.column}: {message}")
    return written_out(document.data)


def written_out(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a checklist without the filters that it names, which stand in its pointers: `*[reported]`."""
    filters = data.get("filters", {})
    return {key: _with_filters(value, filters) for key, value in data.items() if key != "filters"}


def _with_filters(value: Any, filters: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {_with_filters(key, filters): _with_filters(item, filters) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_filters(item, filters) for item in value]
    if isinstance(value, str):
        for name, text in filters.items():
            value = value.replace(f"[{name}]", text)
    return value


def faults(document: Document, plugins: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Yield what is wrong with a checklist, with the pointer to it; shape first, since the rest rests on it."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - takes longer to load than an audit takes
    from jsonschema.exceptions import best_match  # noqa: PLC0415 - as above

    found = Draft202012Validator(bundled("checklist")).iter_errors(document.data)
    errors = sorted(found, key=lambda error: list(map(str, error.path)))
    for error in errors:
        nearest = best_match([error]) or error
        yield written(tuple(nearest.absolute_path)), f"this is no checklist: {nearest.message[:200]}"
    if not errors:
        yield from _sense(
            written_out(document.data), frozenset(rule.code for rule in (*every_rule(plugins), *SHAPE_RULES))
        )


def _sense(data: Mapping[str, Any], codes: frozenset[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, item in enumerate(data["items"]):
        here = f"/items/{index}"
        if item["id"] in seen:
            yield f"{here}/id", f"the id {item['id']} stands twice"
        seen.add(item["id"])
        things = wanted(item.get("per", []))
        for pointer in things:
            yield from _pointer(f"{here}/per", pointer, "")
        base = things[0] if things else ""  # all lead to entries of one kind
        yield from _condition(f"{here}/when", item.get("when"), base)
        for number, need in enumerate(item["needs"]):
            yield from _need(f"{here}/needs/{number}", need, base, codes)


def _need(here: str, need: Mapping[str, Any], base: str, codes: frozenset[str]) -> Iterator[Fault]:
    yield from _condition(f"{here}/when", need.get("when"), base)
    for verb in ("present", "some", "person"):
        for pointer in wanted(need.get(verb, [])):
            yield from _pointer(f"{here}/{verb}", pointer, base)
    for pointer in need.get("equals", {}):
        yield from _pointer(f"{here}/equals", pointer, base)
    for pointer in wanted(need.get("within", [])):
        yield from _pointer(f"{here}/within", pointer, base)
    for part in ("at", "names", "terms"):
        for pointer in wanted(need.get("says", {}).get(part, [])):
            yield from _pointer(f"{here}/says/{part}", pointer, base)
    for code in wanted(need.get("rule", [])):
        if code not in codes:
            yield f"{here}/rule", f"there is no rule {code}"


def _condition(here: str, condition: Mapping[str, Any] | None, base: str) -> Iterator[Fault]:
    for word, argument in (condition or {}).items():
        inner = f"{here}/{word}"
        if word in ("has", "lacks", "several", "inside"):
            yield from _pointer(inner, argument, base)
        elif word in ("is", "mentions"):
            for pointer in argument:
                yield from _pointer(inner, pointer, base)
        elif word == "tag" and argument not in TAGS:
            yield inner, f"there is no tag {argument!r}; there are {', '.join(TAGS)}"
        elif word == "not":
            yield from _condition(inner, argument, base)
        elif word in ("all", "any"):
            for index, part in enumerate(argument):
                yield from _condition(f"{inner}/{index}", part, base)


def _pointer(here: str, pointer: str, base: str) -> Iterator[Fault]:
    if pointer.startswith(".") and not base:
        yield here, f"{pointer} is relative, but the item has no `per`"
        return
    whole = base + pointer[1:] if pointer.startswith(".") else pointer
    try:
        path = plain(whole)
    except ValueError as error:
        yield here, str(error)
        return
    if not at(path, checked()):
        yield here, f"{whole} does not exist in a protocol file"
    for entries, chosen in filters(whole):
        yield from _filter(here, whole, entries, chosen, base)


def _filter(here: str, whole: str, entries: Path, chosen: Filter, base: str) -> Iterator[Fault]:
    if chosen.target:
        yield from _pointer(here, chosen.target, base)
    for key in chosen.keys:
        allowed = at([*entries, key], checked())
        terms = at([*entries, key, 0], checked()) or allowed
        if not allowed:
            yield here, f"{key} is no key of what {whole} names"
        elif chosen.kind == "=" and (wrong := chosen.values - STATED - _terms(terms, chosen.values)):
            yield here, f"{key} is never {', '.join(sorted(wrong))}"


def _terms(part: Mapping[str, Any], otherwise: frozenset[str]) -> frozenset[str]:
    """Return the terms of a closed list, or what is asked for where any text may stand."""
    return frozenset(map(str, part["enum"])) if "enum" in part else otherwise
