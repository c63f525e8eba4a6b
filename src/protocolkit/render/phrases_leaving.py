"""Sentences that invite to a last visit: those who stop the intervention, and those who leave the trial."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.render.words import ended, glued, joined

if TYPE_CHECKING:
    from protocolkit.render.blocks import Inlines
    from protocolkit.render.view import View

_LEAVES = re.compile(r"\b(?:leav(?:e|es|ing)|left)\b|\bwithdr[ae]w\w* from (?:the )?(?:trial|study)\b", re.IGNORECASE)
_STOPS = re.compile(
    r"\b(?:stop|discontinu|ceas)\w*|\b(?:last|final) dose|\b(?:treatment|intervention|medication|therapy|drug)\b",
    re.IGNORECASE,
)


def early_visit(view: View) -> Inlines:
    """Invite those who stop the intervention to the visits for an early end, save those for leaving the trial."""
    return _invited("They are", [visit for visit in _early(view) if not _of_leavers(visit)])


def leaving_visit(view: View) -> Inlines:
    """Invite those who leave the trial to the visits that are for them alone."""
    return _invited("Who leaves the trial is", [visit for visit in _early(view) if _of_leavers(visit)])


def _early(view: View) -> list[View]:
    return [visit for visit in view.each("/schedule/visits") if visit.at("kind").value == "early_termination"]


def _of_leavers(visit: View) -> bool:
    """Say whether a visit is for those who leave the trial alone: by its condition, else by what it is counted from."""
    condition = visit.at("condition").text
    if _LEAVES.search(condition) or _STOPS.search(condition):
        return not _STOPS.search(condition)
    name = visit.at("anchor").text
    anchor = next((each for each in visit.each("/schedule/anchors") if name and each.at("id").text == name), None)
    if anchor is None:
        return False
    text = anchor.at("text").text
    return anchor.at("kind").text == "study_end" or bool(_LEAVES.search(text) and not _STOPS.search(text))


def _invited(who: str, visits: list[View]) -> Inlines:
    quoted = [
        glued("\N{LEFT DOUBLE QUOTATION MARK}", visit.f("name"), "\N{RIGHT DOUBLE QUOTATION MARK}") for visit in visits
    ]
    return ended(glued(f"{who} invited to the visit ", joined(quoted))) if quoted else ()
