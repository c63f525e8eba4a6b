"""Sentences about events: when they are collected, who reports them to whom, and the state of the amendments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from protocolkit.render.blocks import List, ListItem, Paragraph
from protocolkit.render.reporting_duties import PLURALS, cases_of, reporting_sentences, statutory_clocks
from protocolkit.render.sections import registry
from protocolkit.render.tables_front import current
from protocolkit.render.tables_timing import attributed, ends_earlier, event_type, leaves_none_out
from protocolkit.render.words import ended, glued, joined, keys_of, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View


# What a reason for collecting no pregnancies says of who takes part, and what would be a word on partners.
_OF_PARTICIPANTS = re.compile(
    r"\b(?:eligible|exclu\w+|enrol\w+|take part|childbearing|become pregnant|women|females?|postmenopausal)\b",
    re.IGNORECASE,
)
_OF_PARTNERS = re.compile(r"\b(?:partners?|semen|sperm|father\w*|men|males?)\b", re.IGNORECASE)


def partners_left_out(view: View) -> bool:
    """Say whether the reason for collecting no pregnancies is about participants, and men may be among these."""
    reason = view.at("/adverse_events/pregnancy/none_reason").text
    women = view.at("/population/sex/eligible").text.casefold() in ("female", "women")
    return not women and bool(_OF_PARTICIPANTS.search(reason)) and not _OF_PARTNERS.search(reason)


def reports_all_serious(view: View) -> bool:
    """Say whether the reports of serious events are of all of them: a scope may leave some out, in words."""
    scopes = [item.at("scope").text for item in view.where("/adverse_events/reporting", "event", "SAE")]
    return all(map(leaves_none_out, scopes))


def window_sentences(view: View) -> Blocks:
    """Say from when to when each kind of event is collected."""
    base = "/adverse_events/windows"
    items = []
    for key in keys_of(view.at(base)):
        place = f"{base}/{key}"
        kind = run(PLURALS.get(key) or f"Events ({event_type(view, key)})")
        if view.has(f"{place}/none_reason"):
            which, but = (" that are not serious", _except(view)) if key == "AE" else ("", "")
            items.append(ended(glued(kind, f"{which} are not collected{but}: ", view.f(f"{place}/none_reason"))))
            continue
        items.append(glued(kind, _collected(view, place)))
    items += [
        glued(_named(item), _collected(item, "window"))
        for item in view.each("/adverse_events/of_special_interest")
        if item.has("window")
    ]
    return (List(tuple(ListItem(item) for item in items)),) if items else ()


def _except(view: View) -> str:
    """Say that events of special interest are collected all the same, serious or not."""
    window = "/adverse_events/windows/AESI"
    events = view.each("/adverse_events/of_special_interest")
    collected = view.has(window) and not view.has(f"{window}/none_reason")
    return ", except those of special interest" if collected or any(item.has("window") for item in events) else ""


def _named(item: View) -> Inlines:
    item.values.mark(item.at("name"))
    return run(cases_of(item.values.name(item.node)))


def _collected(view: View, place: str) -> Inlines:
    """Say from when to when events are collected, and what ends that earlier or is otherwise in an arm or a cohort."""
    span = view.must(f" from {{{place}/start:time}} until {{{place}/end:time}}")
    if _begins_before_doses(view, place):
        span = glued(span, view.say(f", after each dose for {{{place}/after_each_dose}}"))
    else:
        span = glued(view.say(f" for {{{place}/after_each_dose}} after each dose,"), span)
    return glued(
        " are collected", span, ends_earlier(view, f"{place}/"), ".",
        _attributed(view, place), _note(view, place),
        *(_of_some(item, "arm") for item in view.each(f"{place}/by_arm")),
        *(_of_some(item, "cohort") for item in view.each(f"{place}/by_cohort")),
    )  # fmt: skip


def _begins_before_doses(view: View, place: str) -> bool:
    """Say whether events are collected from consent on, so that a time after each dose is not all of the window."""
    anchor = view.values.names.find(view.at(f"{place}/start").value, "anchors")
    return anchor is not None and anchor["kind"].text == "consent"


def _of_some(item: View, which: str) -> Inlines:
    """Say from when to when events are collected in an arm or a cohort that has a window of its own."""
    span = glued(f" In the {which} ", item.f(which), item.say(", from {start:time}"), item.say(" until {end:time}"))
    return ended(glued(span, ends_earlier(item), item.say("; {note}")))


def _attributed(view: View, place: str) -> Inlines:
    said = attributed(view, place)
    return glued(" They are ", said) if said else ()


def _note(view: View, place: str) -> Inlines:
    return ended(glued(" Note: ", view.f(f"{place}/note"))) if view.has(f"{place}/note") else ()


def amendment_status(view: View) -> Blocks:
    """Say in the standard's words whether the protocol has been amended."""
    texts = next(section.fixed for section in registry() if section.number == "12.3")
    many = view.many("/amendments")
    now = current(view)
    status = texts[0] if not many and now is None else texts[1] if many <= 1 else texts[2]
    places = [item.f("changes_location") for item in view.each("/amendments") if item.has("changes_location")]
    where = glued(
        "The Overview of Changes from each prior protocol amendment is ", joined(places) or "provided below", "."
    )
    return (Paragraph(run(status)), *((Paragraph(where),) if many > 1 or places else ()))


def told_in_appendix(item: View) -> bool:
    """Say whether the list of differences between countries tells that of a region in the same words."""
    code, words = item.at("country").text, _plain(item.at("differences").text)
    rows = [row for row in item.each("/appendices/country_differences") if row.at("country").text == code]
    told = any(_plain(row.at("text").text) == words for row in rows)
    if told:
        item.values.mark(item.at("differences"))
    return told


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).removesuffix(".")


def region_differences(view: View) -> bool:
    """Say whether some country differs from the others."""
    return any(item.has("differences") for item in view.each("/trial/regions"))


SAFETY: dict[str, Callable[..., Any]] = {
    "amendment_status": amendment_status,
    "partners_left_out": partners_left_out,
    "reports_all_serious": reports_all_serious,
    "region_differences": region_differences,
    "statutory_clocks": statutory_clocks,
    "window_sentences": window_sentences,
    "reporting_sentences": reporting_sentences,
}
OF_A_REGION: dict[str, Callable[[View], Any]] = {"told_in_appendix": told_in_appendix}
