"""The title page and the amendments, in the labels and the order of the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.blocks import Gap, Heading, Paragraph, Row, Table
from protocolkit.render.on_trial import products
from protocolkit.render.sections import labels
from protocolkit.render.tables import Column, cell, filled, headings, listing, pairs
from protocolkit.render.words import flat, glued, joined, keys_of, run, unique, upper_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View

_ALWAYS = frozenset({
    "Full Title", "Sponsor Protocol Identifier", "Original Protocol", "Version Number", "Version Date", "Trial Phase",
    "Sponsor Name and Address", "Regulatory or Clinical Trial Identifier(s)", "Sponsor Approval", "Amendment Scope",
})  # fmt: skip
_BELOW = ("Sponsor Signatory", "Medical Expert Contact")


def title_page(view: View) -> Blocks:
    """Return the title page: a two-column table, and below it the signatory and the medical contact."""
    rows = [(label, _ROWS[label](view)) for label in labels("title_page")]
    table = pairs(_kept(rows, of=lambda label: label not in _BELOW), plain=True)
    below = pairs(
        [(f"{label}:", value) for label, value in rows if label in _BELOW and value],
        plain=True,
    )
    title = Paragraph(run("Clinical Trial Protocol"), "Title")
    return (title, table, below) if below.rows else (title, table)


def _kept(rows: list[tuple[str, Inlines]], of: Callable[[str], bool]) -> list[tuple[str, Inlines]]:
    return [(f"{label}:", value) for label, value in rows if of(label) and (value or label in _ALWAYS)]


def current(view: View) -> View | None:
    """Return the amendment that this version is: the one marked current, else the newest of an amended protocol."""
    marked = view.where("/amendments", "current", True)
    listed = view.each("/amendments")
    newest = listed[-1:] if view.no("/trial/original_protocol") else []
    return next(iter(marked or newest), None)


def _amendment(view: View) -> Inlines:
    found = current(view)
    return found.f("id") if found else ()


def _scope(view: View) -> Inlines:
    found = current(view)
    if found is None:
        return run("Not applicable: this protocol has not been amended.")
    where = joined([part.f("", "country") for part in found.each("regions")])
    area = run("Global") if found.equals("scope", "globally") else run("Not Global")
    return glued(area, " (", found.f("scope", "term:amendment_scope"), "; " if where else "", where, ")")


def _names(view: View) -> Inlines:
    shown = []
    for item in products(view):
        named = item.f("names/nonproprietary") if item.has("names/nonproprietary") else item.say("{substance}")
        brands = item.say(", proprietary: {names/proprietary}")
        shown.append(glued(named or item.f("name"), brands))
    return joined(unique(shown))


def _codes(view: View) -> Inlines:
    coded = [item for item in view.each("/interventions") if item.has("names/sponsor_code")]
    return joined(unique([item.f("names/sponsor_code") for item in coded]))


def _sponsor(view: View) -> Inlines:
    return view.must("{/trial/sponsor/name}, {/trial/sponsor/legal_address}")


def _organisations(place: str) -> Callable[[View], Inlines]:
    def shown(view: View) -> Inlines:
        return joined(
            [glued(item.must("{name}, {legal_address}"), item.say(" ({country})")) for item in view.each(place)]
        )

    return shown


def _registries(view: View) -> Inlines:
    parts = []
    for item in view.each("/trial/identifiers"):
        status = item.say(" ({status}") or run("")
        more = item.say(", registered on {date}"), item.say(", {url}")
        tail = glued(status, *more, ")") if status else glued(*more)
        number = run("not yet assigned") if item.equals("status", "intended") and not item.has("id") else item.f("id")
        parts.append(glued(item.f("registry"), ": ", number, tail))
    if not parts:
        return view.f("/trial/identifiers")
    return joined(parts)


def _approval(view: View) -> Inlines:
    if view.has("/trial/approval/date"):
        return view.f("/trial/approval/date")
    if view.has("/trial/approval/location"):
        return glued("Location: ", view.f("/trial/approval/location"))
    return (Gap("date of the sponsor's approval, or where it can be found", view.at("/trial/approval").locator),)


def _contact(view: View) -> Inlines:
    for item in view.each("/trial/contacts"):
        if "medical" in item.at("role").text.lower():
            return contact(item)
    return ()


def contact(item: View) -> Inlines:
    """Print a contact with what is known of it."""
    shapes = ("{name}", "{role}", "telephone {telephone}", "{mail}", "{where}")
    parts = [item.say(shape) for shape in shapes]
    kept = [part for part in parts if part]
    return upper_first(glued(*(piece for i, part in enumerate(kept) for piece in (("; " if i else ""), part))))


_ROWS: dict[str, Callable[[View], Inlines]] = {
    "Sponsor Confidentiality Statement": lambda v: v.say("{/trial/confidentiality_statement}"),
    "Full Title": lambda v: v.f("/trial/full_title"),
    "Trial Acronym": lambda v: v.say("{/trial/acronym}"),
    "Sponsor Protocol Identifier": lambda v: v.f("/trial/protocol_id"),
    "Original Protocol": lambda v: v.f("/trial/original_protocol", "cap"),
    "Version Number": lambda v: v.f("/trial/version"),
    "Version Date": lambda v: v.f("/trial/date"),
    "Amendment Identifier": _amendment,
    "Amendment Scope": _scope,
    "Sponsor\N{RIGHT SINGLE QUOTATION MARK}s Investigational Product Code(s)": _codes,
    "Investigational Product Name(s)": _names,
    "Trial Phase": lambda v: v.f("/trial/phase"),
    "Short Title": lambda v: v.say("{/trial/short_title}"),
    "Sponsor Name and Address": _sponsor,
    "Co-Sponsor Name and Address": _organisations("/trial/co_sponsors"),
    "Local Sponsor Name and Address": _organisations("/trial/local_sponsors"),
    "Device Manufacturer Name and Address": lambda v: v.say(
        "{/trial/device_manufacturer/name}, {/trial/device_manufacturer/legal_address}"
    ),
    "Regulatory or Clinical Trial Identifier(s)": _registries,
    "Sponsor Approval": _approval,
    "Sponsor Signatory": lambda v: v.say("{/trial/approval/signatory}") or v.say("{/trial/signatory}"),
    "Medical Expert Contact": _contact,
}


def amendment_details(view: View) -> Blocks:
    """Return the details of the current amendment, which stand before the table of contents; nothing otherwise."""
    found = current(view)
    if found is None:
        return ()
    several = view.many("/amendments") > 1
    status = (
        "This protocol has been amended previously. Details of prior amendments are presented in Section 12.3 Prior "
        "Protocol Amendment(s)."
        if several
        else "This is the first protocol amendment."
    )
    return (
        Heading(0, run("Amendment Details")),
        Paragraph(run(status)),
        Heading(0, run("Current Amendment"), in_contents=False),
        Paragraph(run("The table below describes the current amendment.")),
        pairs(_details(found), f"Details of {_called(found)}"),
        Heading(0, run("Overview of Changes in the Current Amendment"), in_contents=False),
        *changes(found, "Changes in the current amendment"),
    )


def _called(item: View) -> str:
    """Call an amendment by its number or by its name: `Amendment 2`, whether the file says `2` or `Amendment 2`."""
    own = item.at("id").text
    return own if own.casefold().startswith("amendment") else f"Amendment {own}"


def _details(item: View) -> list[tuple[str, Inlines]]:
    percent = "%" in item.at("enrolled").text
    secondary = joined([part.f("", "term:amendment_reason") for part in item.each("secondary_reasons")])
    safety, reliability = labels("amendment_details")[9:11]
    return [
        ("Amendment Identifier:", item.f("id")),
        ("Amendment Date:", item.f("date")),
        (f"Approximate {'%' if percent else '#'} Enrolled at Time of Sponsor Approval:",
         glued(item.f("enrolled"), item.say(" ({scope:term:amendment_scope})"))),
        ("Reason(s) for Amendment:", ()),
        ("Primary:", glued(item.f("primary_reason", "term:amendment_reason"), item.say(": {primary_reason_other}"))),
        ("Secondary:", glued(secondary or run("Not Applicable"), item.say(": {secondary_reason_other}"))),
        ("Amendment Summary:", glued(item.f("summary"), item.say(" {rationale}"))),
        (safety, _impact(item, "substantial_impact/safety_rights")),
        (reliability, _impact(item, "substantial_impact/reliability")),
    ]  # fmt: skip


def _impact(item: View, place: str) -> Inlines:
    if not isinstance(item.at(place).value, dict):
        return item.f(place, "cap")
    keys = keys_of(item.at(place))
    verdict = next((key for key in keys if isinstance(item.at(f"{place}/{key}").value, bool)), "")
    words = [item.f(f"{place}/{key}") for key in keys if key != verdict]
    return glued(
        item.f(f"{place}/{verdict}", "cap") if verdict else (), ". " if verdict and words else "", joined(words)
    )


def changes(item: View, caption: str) -> Blocks:
    """Return the table of changes of an amendment, with the three columns of the standard."""
    columns = (
        Column("Description of Change", "{description}", 5, required=True),
        Column("Brief Rationale for Change", "{rationale}", 4, required=True),
        Column("Section # and Name", "{section}", 3, required=True),
    )
    return listing(item.each("changes"), columns, caption) or (Paragraph(item.f("changes")),)


def prior_amendments(view: View) -> Blocks:
    """Return the table of earlier amendments, the newest first, with the overview of changes of each."""
    now = current(view)
    earlier = [item for item in view.each("/amendments") if now is None or item.node.path != now.node.path]
    if not earlier:
        return ()
    earlier.sort(key=lambda item: item.at("date").text, reverse=True)
    head = headings(("Document", "Sponsor Approval Date", "Approximate Enrollment when Sponsor Approved Amendment"))
    rows = [_prior(item) for item in earlier]
    table = Table(
        (head, *rows),
        (4, 3, 3),
        run("Prior amendments"),
        "tab:prior-amendments",
        "Earlier amendments, the newest first.",
    )
    return (table, *(block for item in earlier for block in _overview(item)))


def _prior(item: View) -> Row:
    enrolled = glued(item.say("{enrolled}"), item.say(" ({scope:term:amendment_scope})"))
    named = _called(item) == item.at("id").text
    return Row((cell(item.must("{id}" if named else "Amendment {id}")), cell(item.f("date")), filled(enrolled)))


def _overview(item: View) -> Blocks:
    title = f"Overview of Changes in {_called(item)} ({flat(item.f('date'))})"
    reasons = joined(
        [item.f("primary_reason", "term:amendment_reason")]
        + [part.f("", "term:amendment_reason") for part in item.each("secondary_reasons")]
    )
    words = glued(item.say("{summary} "), item.say("{rationale} "), "Reasons: ", reasons, ".")
    regions = item.say("The amendment applies to {regions}.")
    return (
        Heading(0, run(title), in_contents=False),
        Paragraph(words),
        *((Paragraph(regions),) if regions else ()),
        *(Paragraph(glued(f"{label} ", _impact(item, place), ".")) for label, place in _impacts(item)),
        *changes(item, f"Changes in {_called(item)}"),
    )


def _impacts(item: View) -> list[tuple[str, str]]:
    safety, reliability = labels("amendment_details")[9:11]
    pairs_ = [(safety, "substantial_impact/safety_rights"), (reliability, "substantial_impact/reliability")]
    return [(label, place) for label, place in pairs_ if item.has(place)]
