"""What a package of rules is checked for, as ours are: documentation, both examples, places, and no crash on odd data.

A test of a package needs one line: `assert protocolkit.testing.problems(RULES) == ()`.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from protocolkit.document import Document
from protocolkit.resources import folder
from protocolkit.rules import RULES, SHAPE_RULES, TAGS, Outcome, Ran, Rule, run
from protocolkit.rules.docs import RuleDocs, documented
from protocolkit.rules.plugged import unusable
from protocolkit.schema.bundled import at, checked
from protocolkit.sources import parse, read

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from protocolkit.document import Path

_ODD: tuple[Any, ...] = (None, 7, "x", "", [], {}, [[]], {"id": 1}, True)
_CHANGES = 40


def problems(rules: Collection[Rule], *, changes: int = _CHANGES) -> tuple[str, ...]:
    """Return what is wrong with some rules, one line for each fault; nothing where they are sound.

    Each rule is run over its two examples, over every bundled protocol, and over each of these with `changes` values
    replaced by odd ones, chosen by a fixed seed; with all of them where a protocol has fewer.
    """
    taken = {rule.code for rule in (*RULES, *SHAPE_RULES)}
    found: list[str] = []
    for rule in rules:
        if wrong := unusable(rule.code, taken):
            found.append(wrong)
        taken.add(rule.code)
        found += [f"{rule.code}: {told}" for told in (*_stated(rule), *_examples(rule))]
    return (*found, *crashes(rules, changes))


def _stated(rule: Rule) -> Iterator[str]:
    if not rule.reads:
        yield "it declares nothing that it reads"
    for place in rule.reads:
        steps = [0 if step == "*" else step for step in place.split("/")[1:]]
        if not place.startswith("/") or not at(steps, checked()):
            yield f"it reads {place}, which the format does not have"
    for tag in sorted((rule.tags | rule.tags_off | rule.severity_by_tag.keys()) - set(TAGS)):
        yield f"there is no tag {tag}"


def _examples(rule: Rule) -> Iterator[str]:
    try:
        docs = documented(rule)
    except ValueError as error:
        yield str(error)
        return
    yield from _fails(rule, docs)
    passed = example(rule, docs.passes)
    if passed.outcome is not Outcome.PASSED:
        yield f"its passing example is {passed.outcome.value}: {_why(passed)}"


def _fails(rule: Rule, docs: RuleDocs) -> Iterator[str]:
    failed = example(rule, docs.fails)
    if failed.outcome is not Outcome.FOUND:
        yield f"its failing example is {failed.outcome.value}: {_why(failed)}"
    for finding in failed.findings:
        if not finding.message.strip():
            yield "a finding says nothing"


def _why(ran: Ran) -> str:
    return ran.reason or "; ".join(finding.message for finding in ran.findings) or "nothing was found"


def example(rule: Rule, text: str) -> Ran:
    """Run a rule over an example of its documentation, in a profile in which it applies."""
    document = parse(f"protocolkit: 1\n{text}\n".encode(), "example.protocol.yaml")
    return run([rule], document, document.findings, _tags(rule))[0]


def crashes(rules: Collection[Rule], changes: int = _CHANGES) -> Iterator[str]:
    """Say where rules crash: on a bundled protocol, whole or with one value replaced by an odd one."""
    everywhere = frozenset((*TAGS, *(tag for rule in rules for tag in rule.tags)))
    profiles = {everywhere, everywhere - frozenset(tag for rule in rules for tag in rule.tags_off)}
    for path in sorted(folder("examples").glob("*.protocol.yaml")):
        document = read(path)
        every = list(_paths(document.data))
        places = random.Random(0).sample(every, min(changes, len(every)))  # noqa: S311 - a choice, not a secret
        for place, odd in (("", document), *_changed(document, places)):
            ran = [ran for tags in profiles for ran in run(rules, odd, (), tags) if ran.outcome is Outcome.CRASHED]
            yield from dict.fromkeys(f"{each.code}: it crashes on {path.name}{place}: {each.reason}" for each in ran)


def _tags(rule: Rule) -> frozenset[str]:
    return (rule.tags or frozenset(TAGS)) - rule.tags_off


def _changed(document: Document, places: Sequence[Path]) -> Iterator[tuple[str, Document]]:
    for number, place in enumerate(places):
        odd = _ODD[number % len(_ODD)]
        yield f" with {odd!r} at {'/'.join(map(str, place))}", Document(document.name, _put(document.data, place, odd))


def _put(value: Any, place: Path, odd: Any) -> Any:
    """Return a copy of plain data with one value replaced; what lies beside it is shared."""
    if not place:
        return odd
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = _put(value[place[0]], place[1:], odd)
    return copy


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in entries:
        yield (*path, step)
        yield from _paths(item, (*path, step))
