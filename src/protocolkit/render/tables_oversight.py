"""Oversight and appendices: committees, risks, regions, laboratory tests, samples, abbreviations, references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.blocks import List, ListItem, Paragraph
from protocolkit.render.endpoints import is_plural
from protocolkit.render.tables import Column, lines, listing
from protocolkit.render.times import length
from protocolkit.render.words import ended, flat, glued, keys_of, quantity, run, upper_first

if TYPE_CHECKING:
    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View


def contacts(view: View) -> Blocks:
    """Return the people and offices to turn to."""
    columns = (
        Column("Role", lambda c: upper_first(c.f("role")), 3, required=True),
        Column("Contact", _reached, 7),
        Column("May be published", lambda c: upper_first(c.say("{public}")), 2),
    )
    return listing(view.each("/trial/contacts"), columns, "Contacts", "tab:contacts")


def _reached(item: View) -> Inlines:
    shapes = ("{name}", "{telephone}", "{mail}", "{where:cap}")
    kept = [part for shape in shapes if (part := item.say(shape))]
    return glued(*(piece for i, part in enumerate(kept) for piece in (("; " if i else ""), part)))


def contributors(view: View) -> Blocks:
    """Return who wrote the protocol."""
    columns = (
        Column("Name", "{name}", 4, required=True),
        Column("Affiliation", "{affiliation}", 4),
        Column("Role", lambda c: upper_first(c.say("{role}")), 4, required=True),
        Column("ORCID", "{orcid}", 3),
    )
    return listing(view.each("/trial/contributors"), columns, "Contributors")


def conflicts(view: View) -> Blocks:
    """Return the interests declared."""
    columns = (
        Column("Person", "{person}", 3, required=True),
        Column("Role", lambda c: upper_first(c.say("{role}")), 3),
        Column("Financial", "{financial}", 4),
        Column("Other", "{non_financial}", 4),
        Column("How it is dealt with", "{mitigation}", 4),
    )
    return listing(view.each("/trial/conflicts"), columns, "Declared interests")


def funders(view: View) -> Blocks:
    """Return who pays or supplies."""
    columns = (
        Column("Funder", "{name}", 4, required=True),
        Column("Support", lambda c: upper_first(c.say("{type}")), 3),
        Column("Part in the trial", lambda c: upper_first(c.say("{role}")), 5, required=True),
    )
    return listing(view.each("/trial/funders"), columns, "Funding and support")


def providers(view: View) -> Blocks:
    """Return the duties that the sponsor has transferred."""
    columns = (
        Column("Provider", "{name}", 4, required=True),
        Column("Tasks", lambda p: upper_first(p.f("tasks")), 8, required=True),
    )
    return listing(view.each("/trial/service_providers"), columns, "Duties transferred to service providers")


def regions(view: View) -> Blocks:
    """Return the countries with their sites, authorities and law."""
    columns = (
        Column("Country", "{country}", 3, required=True),
        Column("Sites", "{sites}", 2),
        Column("Authority", "{regulator}", 3),
        Column("Ethics committee", "{ethics_body}", 4),
        Column("Law", "{law}", 4),
        Column("Legal representative", "{legal_representative}", 4),
        Column("Languages", "{languages}", 4),
    )
    return listing(view.each("/trial/regions"), columns, "Countries and sites", "tab:regions")


def risks(view: View) -> Blocks:
    """Return the risks, each with its source and how it is reduced."""
    columns = (
        Column("Risk", lambda r: upper_first(r.f("risk")), 4, required=True),
        Column("Source", lambda r: upper_first(r.say("{source}")), 3),
        Column(
            "How it is reduced",
            lambda r: lines(upper_first(r.f("mitigation")), _seen_at(r)),
            6,
            required=True,
        ),
    )
    return listing(view.each("/introduction/risks"), columns, "Risks and their mitigation", "tab:risks")


def _seen_at(risk: View) -> Inlines:
    """Say with what a risk is watched; an endpoint by its outcome and its id, since Section 3 tells all of it."""
    outcome = risk.owner("where").owner("outcome")
    if "endpoints" not in risk.owner("where").node.path or not outcome.node:
        return risk.say("See: {where}.")
    risk.values.mark(risk.at("where"))
    return run(f"See: {risk.values.name(outcome.node)} ({risk.at('where').text}).")


_TITLES = {
    "dmc": "Independent Data Monitoring Committee",
    "dose_escalation": "Dose Escalation Committee",
    "adjudication": "Endpoint Adjudication Committee",
    "steering": "Trial Steering Committee",
}
_COMMITTEE = (
    ("members", "Members"), ("role", "Role"), ("expertise", "Expertise"), ("independent_of", "Independent of"),
    ("conflicts", "Conflicts of interest"), ("reports", "Reports"), ("reviews", "Reviews"), ("meets", "Meets"),
    ("open_closed", "Open and closed sessions"), ("triggers", "Triggers of a meeting"),
    ("unblinded_to", "Sees unblinded data"), ("statistician", "Statistician"), ("boundary", "Boundary"),
)  # fmt: skip


def committees(view: View) -> Blocks:
    """Return each committee with what is laid down for it, or the reason why there is none."""
    base = view.at("/oversight/committees")
    named = [key for key in keys_of(base) if key != "other"]
    blocks = [block for key in named for block in _committee(view, key, f"/oversight/committees/{key}")]
    return (*blocks, *(block for item in view.each("/oversight/committees/other") for block in _other(item)))


def _other(item: View) -> Blocks:
    parts = _laid_down(item, "")
    named = item.f("name")
    works = " work as follows." if is_plural(flat(named)) else " works as follows."
    return (Paragraph(glued(named, works if parts else ".")), List(tuple(parts)))


def _committee(view: View, key: str, place: str) -> Blocks:
    name = _TITLES.get(key) or f"{key.replace('_', ' ').capitalize()} committee"
    if view.has(f"{place}/none_reason"):
        return (Paragraph(ended(glued(f"There is no {_lowered(name)}: ", view.f(f"{place}/none_reason")))),)
    items = _laid_down(view, f"{place}/")
    charter = glued(
        view.say(f"Charter: version {{{place}/charter/version}}"), view.say(f", kept at {{{place}/charter/location}}")
    )
    if charter:
        items.append(ListItem(ended(charter)))
    lead = Paragraph(run(f"The {name[0].lower() + name[1:] if name.startswith('Trial') else name} works as follows."))
    return (lead, List(tuple(items)), view.rest(place)) if items else (Paragraph(view.f(place)),)


def _laid_down(view: View, place: str) -> list[ListItem]:
    """List what is stated of a committee; a stated none by its reason."""
    items = []
    for part, words in _COMMITTEE:
        none = f"{place}{part}/none_reason"
        if view.has(none):
            items.append(ListItem(ended(glued(f"{words}: not applicable; ", view.f(none)))))
        elif view.has(f"{place}{part}"):
            items.append(ListItem(ended(glued(f"{words}: ", view.f(f"{place}{part}")))))
    return items


def _lowered(name: str) -> str:
    return name.lower()


def laboratory(view: View) -> Blocks:
    """Return the laboratory panels with their analytes."""
    columns = (
        Column("Panel", lambda t: upper_first(t.f("activity")), 3, required=True),
        Column("Analytes", "{analytes}", 5, required=True),
        Column("Reference ranges", lambda t: upper_first(t.f("ranges")), 3, required=True),
        Column("Grading", _grades, 4),
    )
    return listing(view.each("/appendices/laboratory_tests"), columns, "Clinical laboratory tests", "tab:laboratory")


def _grades(item: View) -> Inlines:
    if item.equals("grades", "adverse_events.grading"):
        scale = item.at("/adverse_events/grading/scale").text
        return run(f"By the severity scale of Section 9.2.2{f' ({scale})' if scale else ''}")
    return upper_first(item.say("{grades}"))


def samples(view: View) -> Blocks:
    """Return the samples taken, with volumes and totals."""
    columns = (
        Column("Sample", lambda t: upper_first(t.f("activity")), 4, required=True),
        Column("Type", lambda t: upper_first(t.f("type")), 3, required=True),
        Column("Volume", "{volume}", 2, required=True),
        Column("Times", _times, 2, required=True),
        Column("Total", _total, 2),
        Column("Genetic", lambda t: upper_first(t.say("{genetic}")), 2),
        Column("Limit for children", "{paediatric_limit}", 3),
    )
    return listing(view.each("/appendices/samples"), columns, "Samples", "tab:samples")


def _times(item: View) -> Inlines:
    """Print how often a sample is taken; where that is not stated, the schedule has it."""
    return run("As in Section 1.3") if _is_planned(item) else item.f("times")


def _total(item: View) -> Inlines:
    """Print the volume in all: as stated, else that of all times; a gap where these are not known."""
    volume, times = quantity(item.at("volume").text), item.at("times").value
    if not item.has("total") and volume and type(times) is int:
        return run(length(f"{volume.value * times:f} {volume.unit.code}"))
    open_ended = bool(item.at("times").text) and type(times) is not int
    return item.say("{total}") if _is_planned(item) or open_ended else item.must("{total}")


def _is_planned(item: View) -> bool:
    """Say whether how often a sample is taken is left to the schedule, which has its activity."""
    return not item.has("times") and item.at("activity").text in item.values.done_at


def country_differences(view: View) -> Blocks:
    """Return what differs from country to country, with the section that it changes."""
    columns = (
        Column("Country", "{country}", 3, required=True),
        Column("Section", "{section}", 3, required=True),
        Column("Difference", lambda t: upper_first(t.f("text")), 8, required=True),
    )
    return listing(view.each("/appendices/country_differences"), columns, "Country-specific differences")


def abbreviations(view: View) -> Blocks:
    """Return the abbreviations in alphabetical order."""
    items = sorted(view.each("/abbreviations"), key=lambda item: item.at("short").text.casefold())
    columns = (Column("Abbreviation", "{short}", 3, required=True), Column("Meaning", "{long}", 9, required=True))
    return listing(items, columns, "Abbreviations", "tab:abbreviations")


def references(view: View) -> Blocks:
    """Return the reference list in the author's order, numbered as the citations are."""
    made = []
    for item in view.each("/references"):
        item.values.mark(item.at("key"))
        words = glued(item.s("text"), item.say(" https://doi.org/{doi}"))
        made.append(Paragraph(words, "Bibliography", f"cite:{item.at('key').text}"))
    return tuple(made)
