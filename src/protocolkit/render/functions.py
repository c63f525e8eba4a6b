"""The functions that section templates may call, bound to one protocol and one section."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from protocolkit.errors import RenderError
from protocolkit.render import facts
from protocolkit.render.assessments import ASSESSMENTS, OF_AN_ACTIVITY
from protocolkit.render.blocks import Citation, Gap, Heading, Paragraph, Placeholder, Reference
from protocolkit.render.catalogue import FIGURES, TABLES
from protocolkit.render.kinds import KINDS, has_dose
from protocolkit.render.phrases import OF_THE_WHOLE, PHRASES
from protocolkit.render.phrases_allocation import ALLOCATION, OF_A_RANDOMISATION
from protocolkit.render.phrases_interventions import OF_AN_ITEM, OF_THE_TRIAL
from protocolkit.render.phrases_platform import OF_A_PART, PLATFORM
from protocolkit.render.phrases_population import POPULATION
from protocolkit.render.phrases_safety import OF_A_REGION, SAFETY
from protocolkit.render.phrases_statistics import OF_AN_OBJECTIVE, STATISTICS
from protocolkit.render.sharing import together
from protocolkit.render.treatment_time import all_treated, is_done_once
from protocolkit.render.view import View
from protocolkit.render.words import ended, glued, joined, run

if TYPE_CHECKING:
    from protocolkit.render.blocks import Block, Blocks, Inlines
    from protocolkit.render.sections import Section


def functions(section: Section, view: View) -> dict[str, Any]:
    """Return what a template of a section may call, by name."""
    bound = {name: getattr(view, name) for name in _OF_THE_ROOT}
    return {
        **bound,
        "number": section.number,
        "objective": _repeated(section, view),
        "appendix": _appendix(section, view),
        "table": partial(_table, view),
        "figure": partial(_figure, view),
        **_SIMPLE,
        **PHRASES,
        **OF_AN_ITEM,
        **OF_A_RANDOMISATION,
        **OF_AN_OBJECTIVE,
        **OF_A_PART,
        **OF_A_REGION,
        **OF_AN_ACTIVITY,
        **{name: partial(made, view) for name, made in _BOUND.items()},
    }


_OF_THE_ROOT = (
    "f", "s", "say", "must", "has", "equals", "negative", "repeated", "yes", "no", "each", "where", "many", "of",
    "label", "labelled", "names", "prose", "rest",
)  # fmt: skip
_FACTS = {
    "randomised": facts.is_randomised,
    "allocated": facts.is_allocated,
    "blinded": facts.is_blinded,
    "nothing_sampled": facts.nothing_sampled,
    "one_arm": facts.is_alone,
    "all_treated": all_treated,
    "done_once": is_done_once,
}

_BOUND: dict[str, Any] = {
    **_FACTS,
    **OF_THE_WHOLE,
    **OF_THE_TRIAL,
    **ALLOCATION,
    **KINDS,
    **ASSESSMENTS,
    **PLATFORM,
    **POPULATION,
    **SAFETY,
    **STATISTICS,
}


def _repeated(section: Section, view: View) -> View:
    """Return the objective that a section repeats for; a view of nothing for any other section."""
    found = [item for item in view.each("/objectives") if item.at("level").text == section.kind]
    return found[section.position] if section.position < len(found) else View(view.values, view.at("/objectives/none"))


def _appendix(section: Section, view: View) -> View:
    found = view.each("/appendices/additional") if section.kind == "appendix" else []
    return found[section.position] if section.position < len(found) else View(view.values, view.at("/appendices/none"))


def _table(view: View, name: str, item: View | None = None) -> Blocks:
    """Return the table with a name, of the whole protocol or of one item."""
    if name not in TABLES:
        raise RenderError(f"there is no table {name!r}; there are {', '.join(sorted(TABLES))}")
    return TABLES[name](item or view)


def _figure(view: View, name: str) -> Blocks:
    """Return the figure with a name."""
    if name not in FIGURES:
        raise RenderError(f"there is no figure {name!r}; there is {', '.join(sorted(FIGURES))}")
    return FIGURES[name](view)


def heading(words: str) -> Heading:
    """Return an unnumbered heading inside a section."""
    return Heading(0, run(words), in_contents=False)


def not_applicable(*reason: Inlines | str) -> Paragraph:
    """Say that a section does not apply, and why."""
    return Paragraph(ended(glued("Not applicable", ": " if reason else "", *reason)), "Not Applicable")


def one_text(part: str) -> Paragraph:
    """Say that Section 4.2 gives the reasons for the design in one text, as ICH M11 allows, and not part by part."""
    told = "The reasons for the design are given as one text in Section 4.2; none is stated apart for"
    return Paragraph(ended(glued(f"{told} {part}")), "Not Applicable")


def placeholder(what: str) -> Block:
    """Return the mark of content that is not there yet."""
    return Placeholder(what)


def paragraph(*parts: Inlines | str) -> Block:
    """Return a paragraph made of parts."""
    return Paragraph(ended(glued(*parts)))


def gap(what: str) -> Inlines:
    """Return the mark of a value that is missing in a sentence."""
    return (Gap(what),)


def ref(target: str) -> Inlines:
    """Return a cross reference to a table, a figure or a section: `tab:soa`, `fig:trial-schema`, `sec:4.1`."""
    return (Reference(target),)


def cite(key: str) -> Inlines:
    """Return a citation of a reference of the protocol by its id."""
    return (Citation(key),)


_SIMPLE: dict[str, Any] = {
    "heading": heading,
    "na": not_applicable,
    "one_text": one_text,
    "placeholder": placeholder,
    "paragraph": paragraph,
    "gap": gap,
    "ref": ref,
    "cite": cite,
    "joined": joined,
    "ended": ended,
    "glued": glued,
    "together": together,
    "has_dose": has_dose,
}
