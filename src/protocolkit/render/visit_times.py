"""When visits are: study days, offsets from an anchor, windows, and how a visit comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.facts import is_treated
from protocolkit.render.names import name_of
from protocolkit.render.times import AS_EXPECTED, day_list, every, is_zero, length, magnitude, window
from protocolkit.render.words import MINUS, flat, glued, joined, run
from protocolkit.schedule import Placed, exposures, optional_epochs, shortened, study_day

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.render.blocks import Inlines
    from protocolkit.render.values import Values
    from protocolkit.render.view import View
    from protocolkit.schedule import Exposure, Stop

NEVER = "\N{EN DASH}"


def expected(anchor: View) -> Inlines:
    """Say when an event is expected that study days are counted from: `; expected on the day of the first dose`."""
    same_day = "on the day of " if is_zero(anchor.at("expected/offset").text) else ""
    return anchor.say(f"; expected {same_day}{{expected:moment}}")


def study_days(view: View, stop: Stop) -> str:
    """Write the study days of a visit for the head of a column: `57, then every 4 weeks`; a dash where it has none."""
    if not stop.moments:
        return NEVER
    days = _numbers(view, stop).partition(" ")[2]
    return f"{f'expected {days}' if stop.expected else days}{coming_back(view, stop)}"


def coming_back(view: View, stop: Stop) -> str:
    """Say after the time of a visit how it comes back and until when: `, then every 4 weeks until progression`."""
    if isinstance(stop.visit["repeats"].value, list) and not stop.moments:
        return f", in each of {flat(view.values.content(stop.visit['repeats']))}"
    repeats = _repeats(view, stop)
    if not repeats["every"]:
        return ""
    return f", then {every(repeats['every'].text)}{_end(view, stop)}"


def _end(view: View, stop: Stop) -> str:
    """Say when a visit comes back for the last time: ` to Day 176`, ` until progression`."""
    until = _repeats(view, stop)["until"]
    day = stop.moments and view.values.study_day(until) and view.values.last_day(stop)
    return f" to {day}" if day else f" until {flat(view.values.time(until))}" if until else ""


def occasions(view: View, stop: Stop) -> str:
    """Write the study days of a visit for a sentence: `Days 8 and 15`, `from Day 8 every week until Day 176`.

    Days that rest on the expected time of an event say so: `Day 176 as expected`.
    """
    if not stop.moments:
        return ""
    again = _repeats(view, stop)["every"].text
    told = f"{_numbers(view, stop)}{AS_EXPECTED if stop.expected else ''}"
    return f"from {told} {every(again)}{_end(view, stop)}" if again else told


def _numbers(view: View, stop: Stop) -> str:
    """Write the study days of a visit: `Days 8 and 15`, or `Day 110 or 131` where arms differ in their last dose."""
    if differing := view.values.days_by_arm(stop.visit):
        return f"Day {' or '.join(str(day).replace('-', MINUS) for day in differing)}"
    return day_list([moment.day for moment in stop.moments])


def _repeats(view: View, stop: Stop) -> Node:
    """Return where it is said how a visit comes back: at the visit, or at its anchor."""
    own = stop.visit["repeats"]
    anchor = view.values.names.find(stop.visit["anchor"].value, "anchors")
    return own if own["every"] or anchor is None else anchor["repeats"]


def anchor_words(view: View, visit: Node) -> str:
    """Return what a visit is planned from."""
    return flat(view.values.time(visit["anchor"]))


def signed(visit: Node) -> Inlines:
    """Write the offsets of a visit with their signs, nothing where it has none."""
    parts = [f"{MINUS if before else ''}{_series(texts, MINUS if before else '')}" for before, texts in _sides(visit)]
    return joined([run(part) for part in parts])


def offset_words(view: View, visit: Node) -> str:
    """Write when a visit is, `18 and 14 weeks before the first dose`."""
    anchor = anchor_words(view, visit)
    sides = _sides(visit)
    for key in ("anchor", "offset", "offsets"):
        view.values.mark(visit[key])
    if not sides:
        return anchor or NEVER
    if [texts for _, texts in sides if len(texts) > 1 or not is_zero(texts[0])] == []:
        return f"at {anchor}" if anchor else "0"
    parts = [run(f"{_series(texts)} {'before' if before else 'after'}") for before, texts in sides]
    return f"{flat(joined(parts))} {anchor}"


def _sides(visit: Node) -> list[tuple[bool, list[str]]]:
    """Return the offsets of a visit: those before its anchor, then those at or after it; an empty side is left out."""
    texts = [node.text for node in ([*visit["offsets"]] or [visit["offset"]]) if node.text]
    before = [text for text in texts if text.startswith("-") and not is_zero(text)]
    after = [text for text in texts if text not in before]
    return [(early, found) for early, found in ((True, before), (False, after)) if found]


def _series(offsets: list[str], sign: str = "") -> str:
    """Write offsets of one side without the sign of the first: `4, 8 and 12 weeks`."""
    if len(offsets) == 1:
        return "0" if is_zero(offsets[0]) else magnitude(offsets[0])
    sizes = [text.removeprefix("-") for text in offsets]
    numbers = [text.rpartition(" ")[0] for text in sizes]
    if len({text.rpartition(" ")[2] for text in sizes}) == 1 and all(number.isdecimal() for number in numbers):
        drawn = day_list([int(number) for number in numbers]).partition(" ")[2] if not sign else _each(numbers, sign)
        return f"{drawn} {length(sizes[-1]).partition(' ')[2]}"
    return flat(joined([run(f"{sign if place else ''}{length(text)}") for place, text in enumerate(sizes)]))


def _each(numbers: list[str], sign: str) -> str:
    return flat(joined([run(f"{sign if place else ''}{number}") for place, number in enumerate(numbers)]))


def window_of(values: Values, visit: Node) -> Inlines | str:
    """Write the window of a visit; a gap where a scheduled visit has none."""
    if not visit["window"] and (visit["kind"].text or "scheduled") == "scheduled":
        return values.field(visit["window"])
    values.mark(visit["window"])
    return window(visit["window"]) or NEVER


def whom(values: Values, node: Node) -> str:
    """Say for whom a visit, or an activity at it, is planned: `only for Examplinib; after a missed dose`."""
    named = [flat(values.content(node["cohorts"]))] if node["cohorts"] else []
    if arms := some_arms(values, node):
        named.insert(0, arms)
    parts = [
        f"only for {', '.join(named)}" if named else "",
        flat(values.content(node["condition"])),
        _at_age(values, node["age"]),
    ]
    return "; ".join(part for part in parts if part)


def _at_age(values: Values, age: Node) -> str:
    """Say at which age a visit is to be: `at an age of 12 months to 15 months`, `not before an age of 2 years`."""
    if not age["max"] or not age["min"]:
        bound = "not before" if age["min"] else "not after"
        return f"{bound} an age of {flat(values.content(age['min'] or age['max']))}" if age else ""
    return f"at an age of {flat(values.content(age['min']))} to {flat(values.content(age['max']))}"


def some_arms(values: Values, node: Node) -> str:
    """Write the names of the arms that a visit, or an activity at it, is for; nothing where these are all arms."""
    arms, every = node["arms"], {arm["id"].text for arm in values.root["arms"]}
    words = flat(values.content(arms)) if arms else ""
    return "" if every and every <= {named.text for named in arms} else words


def last_doses_sentence(view: View) -> Inlines:
    """Say when the last dose is of those who enter no optional epoch, and of the others, where that is another day.

    Arms whose last dose does not hang on such an epoch are told apart from these.
    """
    root = view.values.root
    pairs = shortened(root)
    if not pairs:
        return ()
    optional = [epoch for epoch in root["design"]["epochs"] if epoch["id"].text in optional_epochs(root)]
    epochs = [run(name_of(epoch) or "") for epoch in [*filter(is_treated, optional)] or optional]
    hanging = {whole.arm["id"].text for whole, _ in pairs}
    rest = [each for each in exposures(root) if each.arm["id"].text not in hanging]
    without, whole = (_last_days(view, [pair[place] for pair in pairs], named=bool(rest)) for place in (1, 0))
    others = glued("; for those in other arms for ", days) if (days := _last_days(view, rest, named=True)) else ()
    return glued(
        "For participants who do not enter ", joined(epochs, "or"), ", the last dose is planned for ", without,
        ", for those who do for ", whole, others, "; what counts from the last dose follows from it.",
    )  # fmt: skip


def _last_days(view: View, treated: list[Exposure], *, named: bool) -> Inlines:
    """Write the days of the last dose, each with its arms where they differ, or where they are not all."""
    arms: dict[str, list[Inlines]] = {}
    for each in treated:
        if isinstance(each.last, Placed):
            day = f"Day {study_day(each.last.days, view.values.rule)}"
            arms.setdefault(day, []).append(run(view.values.name(each.arm)))
    alone = len(arms) == 1 and not named
    return joined([run(day) if alone else glued(day, " (", joined(own), ")") for day, own in arms.items()])
