"""Outcome measures with their instruments, and the activities that the schedule lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.facts import blinding_words
from protocolkit.render.tables import Column, lines, listing, missing
from protocolkit.render.timepoints import timepoint_words
from protocolkit.render.words import flat, glued, joined, quantity, run, upper_first

if TYPE_CHECKING:
    from protocolkit.render.blocks import Blocks, Inlines, Paragraph
    from protocolkit.render.view import View


_ADULT = 18


def outcomes(view: View) -> Blocks:
    """Return the outcome measures: instrument, scale, what counts as important, and how they are taken."""
    columns = (
        Column("Outcome", _named, 4, required=True),
        Column("Instrument", _instrument, 4, required=True),
        Column("Scale", _scale, 4),
        Column("Important difference", _important, 4),
        Column("How it is taken", _taken, 5),
    )
    made = listing(view.each("/outcomes"), columns, "Outcome measures", "tab:outcomes")
    return made or (missing(view, "/outcomes", "outcome measures, each with its instrument and range"),)


def component_tables(view: View) -> Blocks:
    """Return a table of the parts of each composite outcome, the gravest first as the file ranks them."""
    columns = (
        Column("Component", "{name:cap}", 4, required=True),
        Column("What counts", lambda part: upper_first(part.say("{definition}")), 8),
        Column("Which of two is better", "{comparison:cap}", 6),
        Column("Measured as", "{outcome:cap}", 4),
    )
    return tuple(
        block
        for item in view.each("/outcomes")
        for block in listing(item.each("components"), columns, glued("Components of ", item.f("name")))
    )


def _named(item: View) -> tuple[Paragraph, ...]:
    return lines(
        upper_first(item.f("name")),
        item.say("Domain: {domain}."),
        item.say("Construct: {construct}."),
        item.say("Core outcome set: {core_outcome_set}."),
        run("Composite; its components are listed below.") if item.has("components") else (),
    )


def _instrument(item: View) -> tuple[Paragraph, ...]:
    return lines(
        glued(item.say("{instrument/name}"), item.say(", version {instrument/version}")) or item.say("{instrument}"),
        item.say("Language versions: {instrument/language_versions}."),
        item.say("Conversion table: {table}."),
        glued(
            item.say("Licence: {licence/holder}"), item.say(", {licence/status}"), "." if item.has("licence") else ""
        ),
        item.say("Validity: {validity}."),
    )


def _scale(item: View) -> tuple[Paragraph, ...]:
    return lines(
        item.say("{range}"),
        item.say("Unit: {unit}."),
        item.say("Counted per {denominator}."),
        upper_first(glued(item.say("{direction}"), "." if item.has("direction") else "")),
        item.say("Ends of the scale: {anchors}."),
        item.say("Recall: {recall}."),
    )


def _important(item: View) -> tuple[Paragraph, ...]:
    place = "important_difference"
    return lines(
        item.say(f"Within a person: {{{place}/individual}}."),
        item.say(f"Between groups: {{{place}/between_groups}}."),
        item.say(f"Kind: {{{place}/kind}}."),
        item.say(f"Source: {{{place}/source}}."),
    )


def _reporter(part: View) -> Inlines:
    """Name who reports an outcome; adults have no parent to speak for them."""
    adults = quantity(part.at("/population/age/min").text)
    if part.equals("", "parent_or_proxy") and adults and adults.unit.code == "a" and adults.value >= _ADULT:
        return run("proxy")
    return part.f("", "term-low:reporter")


def _taken(item: View) -> tuple[Paragraph, ...]:
    reporters = [_reporter(part) for part in item.each("reported_by")]
    return lines(
        upper_first(glued(item.say("{measurement}"), "." if item.has("measurement") else "")),
        glued(item.say("Assessed by: {assessor}"), _blinded(item), "." if item.has("assessor", "blinded") else ""),
        glued("Reported by: ", joined(reporters), ".") if reporters else (),
        item.say("Mode: {mode:term-low:outcome_mode}."),
        item.say("Training: {training}."),
        *_read(item),
        *_reference(item),
        item.say("Order at a visit: {order}."),
        _diary(item),
        item.say("Missing items: {missing_items}."),
        item.say("Unit of analysis: {unit_of_analysis}."),
        run("Whether an event counts is decided by adjudication.") if item.yes("adjudicated") else (),
        *(glued("Alert: ", upper_first(_alert(part))) for part in item.each("alerts")),
    )


def _blinded(item: View) -> Inlines:
    told = blinding_words(item)
    return (run(f" ({told})") if item.has("assessor") else upper_first(run(told))) if told else ()


def _read(item: View) -> tuple[Inlines, ...]:
    """Say who reads images and the like, how often, and whose reading counts."""
    number = item.at("readers/number").value
    alone = " independently" if item.yes("readers/independent") else ""
    return (
        item.say(f"Read{alone} by {{readers/number}} {'reader' if number == 1 else 'readers'} in each case."),
        item.say("What decides: {readers/decides}."),
        item.say("Readers do not know: {readers/blinded_to}."),
        glued(
            item.say("Read again: {readers/again/share} of cases"), item.say(", at least {readers/again/after} later"),
            "." if item.has("readers/again") else "",
        ),
    )  # fmt: skip


def _reference(item: View) -> tuple[Inlines, ...]:
    """Say what tells the truth that a test is judged by."""
    place = "reference_standard"
    told = [part for part in (item.say(f"{{{place}/what}}"), item.say(f"{{{place}/outcome}}")) if part]
    if not told:
        return ()
    within = item.say(f", within {{{place}/within}} of the test")
    return (
        glued("Reference standard: ", told[0], glued(" (", told[1], ")") if told[1:] else "", within, "."),
        item.say(f"Judged by: {{{place}/judged_by}}."),
        item.say(f"Those who judge do not know: {{{place}/blinded_to}}."),
    )


def _diary(item: View) -> Inlines:
    if not item.has("diary"):
        return ()
    measured = item.at("mode").text == "device"
    words = glued(
        item.say("Recorded for {diary/days} days" if measured else "Diary of {diary/days} days"),
        item.say(
            ", at least {diary/min_days} of them with data"
            if measured
            else ", at least {diary/min_days} of them filled in"
        ),
        item.say("; with fewer: {diary/below}"),
    )
    return glued(words or item.f("diary"), ".")


def _alert(part: View) -> Inlines:
    item = part.say("item {item}") if part.at("item").text.isdigit() else part.say("{item}")
    return glued(item, part.say(", {threshold}"), ": ", part.f("action"), ".")


def activities(view: View, items: list[View] | None = None) -> Blocks:
    """Return activities with what they serve, where, by whom and how they are done."""
    shown = view.each("/schedule/activities") if items is None else items
    columns = (
        Column("Activity", lambda a: upper_first(a.f("name")), 4, required=True),
        Column("Purpose", lambda a: upper_first(a.say("{serves}")), 4),
        Column("For whom or when", lambda a: upper_first(a.say("{condition}")), 4),
        Column("How it is done", _done, 6),
    )
    return listing(shown, columns, "Assessments and procedures", "tab:activities" if items is None else "")


def _done(item: View) -> tuple[Paragraph, ...]:
    points = timepoint_words([*item.at("timepoints")], item.values)
    return lines(
        _kind(item),
        _routine(item),
        upper_first(item.say("{description}")),
        upper_first(run(f"{points}.")) if points else (),
        item.say("Takes {minutes}."),
        item.say("Done by: {done_by}."),
        item.say("Place: {location}."),
        item.say("Order: {order}."),
        item.say("Required before: {required_before}."),
        item.say("Ceases after: {collection_ceases_after}."),
        item.say("Kept from: {blinded_to}."),
        item.say("Items: {items}."),
        item.say("Index: {index}."),
        *(glued("Alert: ", upper_first(_alert(part))) for part in item.each("alerts")),
    )


def _routine(item: View) -> Inlines:
    """Say that usual care does it all the same, for whoever takes part and whoever does not."""
    return run("Part of usual care, whether or not somebody takes part.") if item.equals("routine_care", True) else ()


def _kind(item: View) -> Inlines:
    """Print what kind of activity it is, where that tells how it is done."""
    if item.equals("kind", "dose", "other", "procedure"):
        item.values.mark(item.at("kind"))
        return run("Administration.") if item.equals("kind", "dose") else ()
    return upper_first(item.say("{kind}."))


def named(items: list[View]) -> str:
    """Return the names of some activities, joined in English."""
    return flat(joined([item.f("name") for item in items]))
