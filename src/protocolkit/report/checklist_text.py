"""A checklist for people: its rows, and for one of them what it asks, where that stands, and an example."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from protocolkit.checklists.conditions import wanted
from protocolkit.checklists.pointers import plain
from protocolkit.report.text import wrapped
from protocolkit.schema.properties import property_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from protocolkit.checklists import Checklist, Item, Need

_WORDS = {
    "has": "{} is stated", "lacks": "{} is not stated", "several": "{} is there more than once",
    "inside": "it is one of {}", "tag": "the profile has the tag {}",
}  # fmt: skip
_VERBS = {"is": "is", "mentions": "speaks of"}

_ASKED = {
    "present": "each of these places must hold content, or a stated reason for none:",
    "some": "one of these places must hold content, or a stated reason for none:",
    "equals": "the value must be one of {}:",
    "says": "one of these texts must say {}:",
    "absent": "nothing of the kind may stand in the prose; rule STAT16 looks for it",
    "rule": "these rules must find nothing: {}",
    "person": "a person must judge what stands at:",
}


def list_text(checklist: Checklist) -> str:
    """Write the rows of a checklist."""
    lines = [*wrapped(f"{checklist.title}, version {checklist.version}"), *wrapped(checklist.about),
             *wrapped(f"Source: {checklist.source}"), *wrapped(f"Licence: {checklist.licence}"), ""]  # fmt: skip
    for item in checklist.items:
        mark = "*" if item.critical else " "
        lines += wrapped(f"{mark} {item.id:<8} {item.text}", "", " " * 11)
    return "\n".join(lines) + "\n"


def item_text(checklist: Checklist, item: Item) -> str:
    """Write one row: its words, when it applies, each thing it needs and where that stands."""
    return "\n".join(_item(checklist, item)) + "\n"


def _item(checklist: Checklist, item: Item) -> Iterator[str]:
    yield from wrapped(f"{checklist.name}/{item.id}: {item.topic}")
    yield from wrapped(item.text)
    if item.when:
        yield from ("", *wrapped(f"Applies where {condition(item.when)}; otherwise: {item.otherwise}."))
    if item.per:
        yield from ("", *wrapped(f"Judged for each of {' and '.join(item.per)}."))
    for need in item.needs:
        yield from ("", *_need(need, item.per[0] if item.per else ""))
    tail = [f"ICH M11: section {item.section}" if item.section else "", f"See also {item.also}" if item.also else "",
            item.url or checklist.source]  # fmt: skip
    yield from ("", *(line for line in tail if line))


def _need(need: Need, base: str) -> Iterator[str]:
    told = f"- {need.what}"
    told += f" (where {condition(need.when)})" if need.when else ""
    yield from wrapped(told + (" (shown, never asked for)" if need.optional else ""), "", "  ")
    yield from wrapped(_asked(need), "    ")
    for pointer in _pointers(need):
        whole = base + pointer[1:] if pointer.startswith(".") else pointer
        yield from wrapped(whole + _sample(whole), "    ", "      ")


def _asked(need: Need) -> str:
    asked = _ASKED[need.verb].format(_told(need))
    return asked.replace("for none:", "for none, or a plain none:") if need.none_counts else asked


def _told(need: Need) -> str:
    """Return what stands in the words of a verb: values, words looked for, or rules."""
    if need.verb == "equals":
        return json.dumps(need.argument, ensure_ascii=False)
    if need.verb == "says":
        return _words(need) + ("; else a person reads it" if need.unsure else "")
    if need.verb == "rule":
        places = f" at {' or '.join(need.within)}" if need.within else ""
        return ", ".join(wanted(need.argument)) + places
    return ""


def _words(need: Need) -> str:
    if "names" in need.argument:
        return "the names of " + " and ".join(wanted(need.argument["names"]))
    free = "nothing of " if "free_of" in need.argument else ""
    words = [str(word) for word in need.argument.get("free_of") or need.argument.get("words", ())]
    return free + " or ".join((*words, *(f"what stands at {each}" for each in wanted(need.argument.get("terms", [])))))


def _pointers(need: Need) -> list[str]:
    if need.verb in ("present", "some", "person"):
        return wanted(need.argument)
    if need.verb == "equals":
        return list(need.argument)
    return wanted(need.argument["at"]) if need.verb == "says" else []


def _sample(pointer: str) -> str:
    found = property_at("/" + "/".join(map(str, plain(pointer))))
    return f", for example {json.dumps(found.examples[0], ensure_ascii=False)}" if found and found.examples else ""


def condition(part: Mapping[str, Any]) -> str:
    """Say a condition in words."""
    (word, argument), *_ = part.items()
    if word in _WORDS:
        return _WORDS[word].format(argument)
    if word in _VERBS:
        verb = _VERBS[word]
        return " and ".join(f"{pointer} {verb} {' or '.join(map(str, wanted(v)))}" for pointer, v in argument.items())
    if word == "not":
        return f"not ({condition(argument)})"
    return (" and " if word == "all" else " or ").join(condition(each) for each in argument)
