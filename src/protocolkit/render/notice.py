"""The second page of a draft: that it is one, what is still open, which rules are waived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.blocks import Heading, List, ListItem, Note, Paragraph
from protocolkit.render.rest import unprinted
from protocolkit.render.tables import Column, listing
from protocolkit.render.values import title
from protocolkit.render.words import counted, flat, glued, joined, run, upper_first

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View

BANNER = "FICTIONAL EXAMPLE \N{EN DASH} NOT FOR USE WITH PATIENTS"
_REVIEW = (
    "This document is a draft made from a structured protocol file. A qualified person must review it before it is "
    "used; that a field is filled says nothing about whether it is right."
)


def notice(view: View, marked: list[str]) -> Blocks:
    """Return what a reader of the draft must know before reading it.

    `marked` are the numbers of the sections of what is missing, each as often as something is missing there; a place
    before the first section has none.
    """
    fictional = view.yes("/fictional")
    example = (Note(run(f"{BANNER}. The trial, its identifiers, its doses and its figures are made up.")),)
    return (
        Heading(0, run("About this draft"), in_contents=False),
        *(example if fictional else ()),
        Note(run(_REVIEW)),
        Paragraph(run(_open(marked))),
        *_unconfirmed(view),
        *_questions(view),
        *_waivers(view),
        *_homeless(view),
    )


def _open(marked: list[str]) -> str:
    if not marked:
        return "No content that the template asks for is marked as missing."
    word = "place is" if len(marked) == 1 else "places are"
    number = counted(len(marked), "place").split()[0]
    lead = f"{number[:1].upper()}{number[1:]} {word} marked where content is still missing or cannot be read"
    numbers = [run(number) for number in dict.fromkeys(marked) if number]
    sections = f"Section{'s' if len(numbers) > 1 else ''} {flat(joined(numbers))}" if numbers else ""
    where = [run(part) for part in ("the first pages" if "" in marked else "", sections) if part]
    return f"{lead}: in {flat(joined(where))}."


def _unconfirmed(view: View) -> Blocks:
    rows = [item for item in view.each("/provenance") if item.has("source/library") and not item.has("confirmed_by")]
    if not rows:
        return ()
    words = f"{counted(len(rows), 'value')} taken from the library must still be confirmed by a person."
    return (Paragraph(upper_first(run(words))),)


def _questions(view: View) -> Blocks:
    columns = (
        Column("Question", "{question}", 6, required=True),
        Column("About", lambda item: _about(item, "pointer"), 3),
        Column("Decided by", "{owner}", 3, required=True),
        Column("Due", "{due}", 2, required=True),
    )
    made = listing(view.each("/open_questions"), columns, "Open questions")
    return (Heading(0, run("Open questions"), in_contents=False), *made) if made else ()


def _about(item: View, key: str) -> Inlines:
    place = item.at(key).text
    item.values.mark(item.at(key))
    path = item.values.document.path(place)
    if not place:
        return run("the whole file")
    if path is None:
        return run(place)
    return run(_places(item, path))


def _places(item: View, path: Path) -> str:
    node = item.values.root
    words = []
    for step in path:
        node = node[step]
        words.append(node["name"].text or node["id"].text or str(step + 1) if isinstance(step, int) else title(node))
    return ", ".join(words)


def _waivers(view: View) -> Blocks:
    columns = (
        Column(
            "Waived",
            lambda item: joined([p for p in (item.say("rule {rule}"), item.say("item {item}")) if p]),
            3,
            required=True,
        ),
        Column("Where", lambda item: _about(item, "at"), 3),
        Column("Reason", "{reason}", 5, required=True),
        Column("By", lambda item: joined([p for p in (item.say("{by/name}"), item.say("{by/role}")) if p]), 3),
        Column("Until", "{until}", 2),
    )
    made = listing(view.each("/waivers"), columns, "Waivers")
    return (Heading(0, run("Waivers"), in_contents=False), *made) if made else ()


def _homeless(view: View) -> Blocks:
    """List what the file states and no section has a place for, so that nothing is lost unseen."""
    paths = unprinted(view, view.values.root)
    if not paths:
        return ()
    items = []
    for path in paths:
        node = view.values.root
        for step in path:
            node = node[step]
        items.append(ListItem(glued(f"{_places(view, path)}: ", view.f(node.pointer))))
    words = "The file also states the following, for which no section has a place:"
    return (Paragraph(run(words)), List(tuple(items)))
