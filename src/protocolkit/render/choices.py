"""What an arm gives where a participant gets one of several: one medicine of two, or one regimen of two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.words import glued, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocolkit.render.blocks import Inlines
    from protocolkit.render.view import View


def named(arm: View, parts: Sequence[View]) -> Inlines:
    """Name some of the interventions of an arm: `A and B`; `A or B` where one of them is given."""
    offered = [(choice, found) for choice in arm.each("choices") if len(found := _offered(choice, parts)) > 1]
    chosen = {name for choice, _ in offered for name in _members(choice)}
    together = joined([_limited(part) for part in parts if part.at("").text not in chosen])
    told = [joined(found, "or") for _, found in offered]
    if not together and len(told) == 1:
        return told[0]
    either = [glued("either ", words) for words in told]
    return glued(together, *(piece for at, words in enumerate(either) for piece in _next(words, at, together)))


def _limited(part: View) -> Inlines:
    """Name an intervention; one that is for some participants alone with the cohorts for which its doses are meant."""
    item = part.owner("")
    steps = item.each("regimen/steps")
    wanted = {node.text for step in steps for node in step.at("cohorts")}
    cohorts = item.each("/population/cohorts")
    known = {cohort.at("id").text for cohort in cohorts}
    if not steps or not all(step.has("cohorts") for step in steps) or (wanted == known and len(known) > 1):
        return part.f()
    named = joined([cohort.f("name") for cohort in cohorts if cohort.at("id").text in wanted])
    return glued(part.f(), " (", named, ")") if named else part.f()


def _next(words: Inlines, at: int, together: Inlines) -> tuple[Inlines | str, ...]:
    return (", and ", words) if at or together else (words,)


def _offered(choice: View, parts: Sequence[View]) -> list[Inlines]:
    """Return what one of is given among some interventions: a regimen by its name where all of it is among them."""
    if not choice.has("options"):
        return [_drugs([part]) for part in _among(choice, parts)]
    return [found for option in choice.each("options") if (found := _regimen(option, parts))]


def _regimen(option: View, parts: Sequence[View]) -> Inlines:
    own = _among(option, parts)
    if len(own) < option.many("interventions"):
        return _drugs(own)
    for part in own:
        part.values.mark(part.node)
    return option.f("name")


def _among(choice: View, parts: Sequence[View]) -> list[View]:
    names = {node.text for node in choice.at("interventions")}
    return [part for part in parts if part.at("").text in names]


def _drugs(parts: Sequence[View]) -> Inlines:
    return joined([_limited(part) for part in parts])


def _members(choice: View) -> set[str]:
    lists = [choice, *choice.each("options")]
    return {node.text for each in lists for node in each.at("interventions")}


def choice_words(choice: View) -> Inlines:
    """Name what a choice is between, each regimen with its medicines."""
    options = choice.each("options")
    if not options:
        return choice.must("{interventions:or}")
    return joined([option.must("{name} ({interventions})") for option in options], "or")


def is_choice(view: View, items: Sequence[View]) -> bool:
    """Say whether some interventions are just those of which a participant of an arm gets one."""
    wanted = {item.at("id").text for item in items}
    offered = (choice.at("interventions") for arm in view.each("/arms") for choice in arm.each("choices"))
    return any(wanted == {node.text for node in names} for names in offered)
