"""From what a document breaks of the schema to findings in plain words: one finding per fault."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from protocolkit.document import pointer
from protocolkit.findings import Finding, Severity, Target
from protocolkit.schema import words
from protocolkit.schema.bundled import at, checked, resolved
from protocolkit.schema.faults import FAULTS
from protocolkit.schema.said import called, meant, sharing_words
from protocolkit.values import NamedTuple
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from protocolkit.document import Document, Path
    from protocolkit.schema.verdict import Broken

_NONE = frozenset({"none_reason"})
_FIRST = ("false", "type", "const", "enum", "pattern")


class Fault(NamedTuple):
    """One fault of shape: the path it speaks of, the keyword that was broken, its argument and the value found."""

    path: Path
    keyword: str
    wanted: Any
    value: Any
    condition: str = ""


def faults_of(errors: Iterable[Broken], content: Any) -> list[Fault]:
    """Turn what an engine tells into faults, each once, and of several about one value the one that explains it."""
    found: dict[tuple[Path, str], Fault] = {}
    for error in errors:
        for fault in _faults(error, content):
            place = (fault.path, "" if fault.keyword in _FIRST else fault.keyword + _which(fault))
            known = found.get(place)
            if known is None or _rank(fault) < _rank(known):
                found[place] = fault
    needed = {fault.path for fault in found.values() if fault.keyword == "required"}
    return [fault for fault in found.values() if not _covered(fault, needed)]


def _covered(fault: Fault, needed: set[Path]) -> bool:
    """Say whether one of several keys is needed where one of them is asked for by itself already."""
    return fault.keyword == "anyOf" and any((*fault.path, key) in needed for key in fault.wanted)


def _which(fault: Fault) -> str:
    return ",".join(fault.wanted) if fault.keyword == "anyOf" else ""


def _rank(fault: Fault) -> tuple[int, int]:
    order = _FIRST.index(fault.keyword) if fault.keyword in _FIRST else len(_FIRST)
    return order, len(fault.wanted) if isinstance(fault.wanted, list) else 0


def _faults(error: Broken, content: Any) -> Iterator[Fault]:
    path, keyword, met = error.path, error.keyword, _met(error, content)
    wanted, value, condition = met.part, met.value, met.condition
    if keyword in ("required", "additionalProperties") and _is_entry(value, met.around):
        yield Fault(path, "type", "array", value)
    elif keyword == "required":
        yield from (Fault((*path, key), "required", key, value, condition) for key in wanted if key not in value)
    elif keyword == "additionalProperties":
        known = met.around.get("properties", {})
        yield from (Fault((*path, key), keyword, sorted(known), value) for key in value if key not in known)
    elif keyword == "false":  # told of the object that has such keys
        barred = [key for key, part in wanted.items() if part is False and key in value]
        yield from (Fault((*path, key), keyword, False, value, condition) for key in barred)
    elif keyword == "propertyNames":
        pattern = wanted["pattern"]
        yield from (Fault((*path, key), keyword, pattern, key) for key in value if not re.search(pattern, key))
    elif keyword == "anyOf":
        yield Fault(path, keyword, [row["required"][0] for row in wanted], value, condition)
    else:
        yield Fault(path, keyword, wanted, value, condition)


def _is_entry(value: Any, part: Any) -> bool:
    """Say whether a mapping stands where a list does, or why there is none: it is an entry without its list."""
    return "array" in part.get("type", ()) and {*part.get("properties", ())} == _NONE and _NONE.isdisjoint(value)


class _Met(NamedTuple):
    """Where an error arose: the part of the schema, the one around it, what it speaks of, and under which condition."""

    part: Any
    around: Any
    value: Any
    condition: str


def _met(error: Broken, content: Any) -> _Met:
    """Follow an error through the schema and the document side by side; the condition is such as `kind is drug`."""
    steps, path = iter(error.steps), iter(error.path)
    met = _Met(checked(), None, content, "")
    for step in steps:  # the engines leave out the keywords `$ref` and `if`
        if step == "then":
            met = met._replace(condition=words.met(met.part["if"], met.value))
        met = met._replace(part=_resolved(met.part[step]), around=met.part)
        if step == "items" or (step == "additionalProperties" and isinstance(met.part, dict)):
            met = met._replace(value=met.value[next(path)])
        elif step == "properties" and (key := next(steps, None)) is not None:
            met = met._replace(part=_resolved(met.part[key]), around=met.part, value=met.value[next(path)])
    return met


def _resolved(part: Any) -> Any:
    return resolved(part, checked()) if isinstance(part, dict) and "$ref" in part else part


def findings(document: Document, faults: list[Fault]) -> Iterator[Finding]:
    """Say each fault in plain words, with what is allowed, an example and the clause."""
    unknown = [fault for fault in faults if fault.keyword == "additionalProperties"]
    missing = {path for fault in faults for path in _lacking(fault)}
    renamed = _renamed(unknown, missing)
    for fault in faults:
        if renamed.isdisjoint(_lacking(fault)):
            yield _finding(document, fault, missing)


def _lacking(fault: Fault) -> list[Path]:
    """Return the keys that a fault finds missing: the one that is needed, or each of those of which one is."""
    if fault.keyword == "anyOf":
        return [(*fault.path, key) for key in fault.wanted]
    return [fault.path] if fault.keyword == "required" else []


def _renamed(unknown: list[Fault], missing: set[Path]) -> set[Path]:
    """Return the missing keys that stand there under a misspelt name: one fault, told at the name."""
    keys = ((fault.path[:-1], _meant(fault, missing)) for fault in unknown)
    return {path for parent, key in keys if key and (path := (*parent, key)) in missing}


def _meant(fault: Fault, missing: set[Path]) -> str | None:
    key = str(fault.path[-1])
    lacking = [str(path[-1]) for path in missing if path[:-1] == fault.path[:-1]]
    return meant(key, lacking) or meant(key, fault.wanted)


def _finding(document: Document, fault: Fault, missing: set[Path]) -> Finding:
    told: Callable[[Document, Fault], tuple[str, str, str]] = _WORDS.get(fault.keyword, _limits)
    code, message, hint = told(document, fault)
    place, target = fault.path, Target.VALUE
    if fault.keyword == "additionalProperties":
        target = Target.KEY
        guess = _meant(fault, missing)
        hint = words.inside(fault.path[:-1], str(fault.path[-1])) or (f"did you mean {guess}?" if guess else hint)
    elif fault.keyword in ("false", "propertyNames", "anyOf"):
        target = Target.KEY
    elif fault.keyword == "required":
        target = Target.KEY
        place = fault.path if document.positions.key(fault.path) else fault.path[:-1]
    return Finding(
        ruled(fault) or code, Severity.ERROR, message, pointer(place), hint or FAULTS[code].hint,
        words.basis(fault.path), target=target, about=pointer(_about(fault)),
    )  # fmt: skip


def _about(fault: Fault) -> Path:
    return (*fault.path, fault.wanted[0]) if fault.keyword == "anyOf" else fault.path


def ruled(fault: Fault) -> str:
    """Return the rule that the schema names for a missing key, an empty text where it names none."""
    if fault.keyword not in ("required", "anyOf"):
        return ""
    where, key = (fault.path, fault.wanted[0]) if fault.keyword == "anyOf" else (fault.path[:-1], str(fault.path[-1]))
    return rule_of(where, key)


def rule_of(path: Path, key: str, *, unit: bool = False) -> str:
    """Return the rule that decides a key of the object at a path, or the `unit` of its value; empty where none does."""
    part = at(path, checked())
    code: str = (part.get("x-rule-unit", {}).get(key) if unit else None) or part.get("x-rule", {}).get(key, "")
    return code


def _because(fault: Fault) -> str:
    return f", and {fault.condition}" if fault.condition else ""


def _required(document: Document, fault: Fault) -> tuple[str, str, str]:
    key, path = str(fault.path[-1]), fault.path
    title = words.title(path)
    of = words.subject(path[:-1], document.content)
    because = f" (needed because {fault.condition})" if fault.condition else ""
    sample = words.example(path)
    hint = f"add {key}, for example {key}: {sample}" if sample else words.otherwise(path)
    return "FORM01", f"{of} states no {_named(key, title)}{because}", hint


def _named(key: str, title: str) -> str:
    """Name a key together with its title, where that says more."""
    return key if title.lower() == key.replace("_", " ") else f"{key} ({title})"


def _unknown(document: Document, fault: Fault) -> tuple[str, str, str]:
    of = words.subject(fault.path[:-1], document.content)
    key = words.clipped(str(fault.path[-1]))
    hint = f"known keys are {words.few(fault.wanted)}" if fault.wanted else ""
    return "FORM02", f'{of}: the key "{key}" is unknown', hint


def _type(_: Document, fault: Fault) -> tuple[str, str, str]:
    message = f"{words.title(fault.path)} must be {words.types(fault.wanted)}, not {words.kind(fault.value)}"
    sample = words.example(fault.path)
    text = " (put a text that looks like a number in quotes)" if _quoted(fault) else ""
    return "FORM03", message, (f"write for example {sample}" if sample else words.form(fault.path, fault.wanted)) + text


def _quoted(fault: Fault) -> bool:
    wanted = [fault.wanted] if isinstance(fault.wanted, str) else fault.wanted
    return "string" in wanted and isinstance(fault.value, int | float) and not isinstance(fault.value, bool)


def _enum(_: Document, fault: Fault) -> tuple[str, str, str]:
    terms = [fault.wanted] if fault.keyword == "const" else fault.wanted
    text, name = str(fault.value), words.terms_at(fault.path)
    guess = called(name, text) or meant(text, terms, name)
    asked = f"did you mean {guess}?" if guess else f"allowed: {words.few(sharing_words(text, terms))}"
    return "FORM04", f"{words.shown(fault.value)} {words.no_term(fault.path)}{_because(fault)}", asked


def _pattern(_: Document, fault: Fault) -> tuple[str, str, str]:
    sample = words.example(fault.path)
    message = f"{words.shown(fault.value)} is not written as {words.title(fault.path)} is"
    return "FORM06", message, f"write for example {sample}" if sample else ""


def _key_pattern(document: Document, fault: Fault) -> tuple[str, str, str]:
    of = words.subject(fault.path[:-1], document.content)
    sample = words.example(fault.path[:-1])
    message = f'{of}: the key "{words.clipped(str(fault.value))}" is not written as its keys are'
    return "FORM06", message, f"write for example {sample}" if sample else ""


def _any_of(document: Document, fault: Fault) -> tuple[str, str, str]:
    of = words.subject(fault.path, document.content)
    named = [_named(key, words.title((*fault.path, key))) for key in fault.wanted]
    because = f" (needed because {fault.condition})" if fault.condition else ""
    samples = ((key, words.sample((*fault.path, key), document.root)) for key in fault.wanted)
    hints = [f"{key}: {sample}" for key, sample in samples if sample]
    hint = f"add {listed(hints, 'or')}" if hints else ""
    return "FORM07", f"{of} states neither {' nor '.join(named)}{because}", hint


def _forbidden(document: Document, fault: Fault) -> tuple[str, str, str]:
    of = words.subject(fault.path[:-1], document.content)
    because = f" where {fault.condition}" if fault.condition else ""
    return "FORM09", f"{of}: the key {fault.path[-1]} does not belong here{because}", ""


def _unique(_: Document, fault: Fault) -> tuple[str, str, str]:
    seen: list[Any] = []
    twice = next((item for item in fault.value if item in seen or seen.append(item)), None)  # type: ignore[func-returns-value]
    return "FORM10", f"{words.title(fault.path)}: {words.shown(twice)} stands twice", ""


_LIMITS = {
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "exclusiveMinimum": "must be above {}",
    "exclusiveMaximum": "must be below {}",
    "minItems": "needs at least {} entries",
    "maxItems": "takes at most {} entries",
    "minLength": "must not be empty",
    "maxLength": "must have at most {} characters",
    "minProperties": "needs at least {} keys",
}


def _limits(_: Document, fault: Fault) -> tuple[str, str, str]:
    told = _LIMITS.get(fault.keyword, f"breaks {fault.keyword}").format(fault.wanted)
    if fault.keyword.endswith("Items") and fault.wanted == 1:
        told = told.replace("entries", "entry")
    found = "" if isinstance(fault.value, list | dict) else f", not {words.shown(fault.value)}"
    return "FORM08", f"{words.title(fault.path)} {told}{found}", ""


_WORDS: dict[str, Callable[[Document, Fault], tuple[str, str, str]]] = {
    "required": _required,
    "additionalProperties": _unknown,
    "type": _type,
    "enum": _enum,
    "const": _enum,
    "pattern": _pattern,
    "propertyNames": _key_pattern,
    "anyOf": _any_of,
    "false": _forbidden,
    "uniqueItems": _unique,
}
