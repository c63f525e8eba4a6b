"""The functions that section templates may call, bound to one protocol and one section."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from protocolkit.errors import RenderError
from protocolkit.render import facts
from protocolkit.render.assessments import ASSESSMENTS, OF_AN_ACTIVITY
from protocolkit.render.blocks import Citation, Gap, Heading, Note, Paragraph, Placeholder, Reference
from protocolkit.render.catalogue import FIGURES, TABLES
from protocolkit.render.kinds import KINDS
from protocolkit.render.phrases import OF_THE_WHOLE, PHRASES
from protocolkit.render.phrases_allocation import ALLOCATION, OF_A_RANDOMISATION
from protocolkit.render.phrases_interventions import OF_AN_ITEM, OF_THE_TRIAL
from protocolkit.render.phrases_platform import OF_A_PART, PLATFORM
from protocolkit.render.phrases_population import POPULATION
from protocolkit.render.phrases_safety import OF_A_REGION, SAFETY
from protocolkit.render.phrases_statistics import OF_AN_OBJECTIVE, STATISTICS
from protocolkit.render.sharing import together
from protocolkit.render.treatment_time import all_treated, procedure_visit, treatment_duration
from protocolkit.render.view import View
from protocolkit.render.words import counted, ended, glued, joined, run

if TYPE_CHECKING:
    from protocolkit.render.blocks import Block, Blocks, Inlines
    from protocolkit.render.sections import Section


def functions(section: Section, view: View) -> dict[str, Any]:
    """Return what a template of a section may call, by name."""
    bound = {name: getattr(view, name) for name in _OF_THE_ROOT}
    return {
        **bound,
        "number": section.number,
        "fixed": section.fixed,
        "objective": _repeated(section, view),
        "appendix": _appendix(section, view),
        "table": lambda name, item=view: _table(name, item),
        "figure": lambda name: _figure(name, view),
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
    "f", "s", "say", "must", "has", "equals", "negative", "repeated", "yes", "no", "each", "where", "owner", "many",
    "count", "of", "label", "labelled", "names", "prose", "shift", "rest",
)  # fmt: skip
_FACTS = {
    "randomised": facts.is_randomised,
    "allocated": facts.is_allocated,
    "blinded": facts.is_blinded,
    "participants": facts.participants,
    "target_or_maximum": facts.target_or_maximum,
    "treatment_duration": treatment_duration,
    "all_treated": all_treated,
    "done_once": lambda view: procedure_visit(view) is not None,
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


def _table(name: str, view: View) -> Blocks:
    if name not in TABLES:
        raise RenderError(f"there is no table {name!r}; there are {', '.join(sorted(TABLES))}")
    return TABLES[name](view)


def _figure(name: str, view: View) -> Blocks:
    if name not in FIGURES:
        raise RenderError(f"there is no figure {name!r}; there is {', '.join(sorted(FIGURES))}")
    return FIGURES[name](view)


def heading(words: str) -> Heading:
    """Return an unnumbered heading inside a section."""
    return Heading(0, run(words), in_contents=False)


def not_applicable(*reason: Inlines | str) -> Paragraph:
    """Say that a section does not apply, and why."""
    return Paragraph(ended(glued("Not applicable", ": " if reason else "", *reason)), "Not Applicable")


def placeholder(what: str) -> Block:
    """Return the mark of content that is not there yet."""
    return Placeholder(what)


def note(words: Inlines | str) -> Block:
    """Return a remark about the document itself."""
    return Note(run(words) if isinstance(words, str) else words)


def paragraph(*parts: Inlines | str) -> Block:
    """Return a paragraph made of parts."""
    return Paragraph(ended(glued(*parts)))


_SIMPLE: dict[str, Any] = {
    "heading": heading,
    "na": not_applicable,
    "placeholder": placeholder,
    "note": note,
    "paragraph": paragraph,
    "gap": lambda what: (Gap(what),),
    "ref": lambda target: (Reference(target),),
    "cite": lambda key: (Citation(key),),
    "counted": counted,
    "joined": joined,
    "ended": ended,
    "glued": glued,
    "together": together,
}
