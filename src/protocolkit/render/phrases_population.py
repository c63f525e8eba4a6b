"""Sentences on who takes part: the condition and its criteria, severity at entry, ages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.render.words import beside, ended, glued, joined, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.blocks import Inlines
    from protocolkit.render.view import View


def condition_sentence(view: View) -> Inlines:
    """Say by which criteria a condition is diagnosed, and its codes; health has no criteria that could be told."""
    base = "/population/condition"
    healthy = view.equals(f"{base}/name", "healthy")
    if healthy:
        view.values.mark(view.at(f"{base}/criteria/none_reason"))
    versioned = ", version {" if _is_version(view.at(f"{base}/criteria/version").text) else ", {"
    named = glued(
        () if healthy else view.say(f"There are no diagnostic criteria: {{{base}/criteria/none_reason}}"),
        view.say(f"Diagnostic criteria: {{{base}/criteria/name}}"),
        view.say(f"{versioned}{base}/criteria/version}}"),
        view.say(f", grade {{{base}/criteria/min_grade}} or higher"),
    )
    codes = [item.must("{system} {code}") for item in view.each(f"{base}/codes")]
    return glued(
        named,
        "." if named else "",
        (" Codes: " if named else "Codes: ") if codes else "",
        joined(codes),
        "." if codes else "",
    )


def _is_version(text: str) -> bool:
    """Say whether a text is a bare year or number and needs the word `version` before it."""
    return " " not in text.strip() and any(letter.isdigit() for letter in text)


def severity_sentence(view: View) -> Inlines:
    """Say which severity is asked at entry."""
    base = "/population/severity_at_entry"
    if not view.has(base):
        return ()
    mean = glued(
        view.say(f", averaged over {{{base}/average_over}}"),
        view.say(f" with at least {{{base}/min_days}} days of data"),
    )
    return ended(glued("At entry, ", view.f(f"{base}/outcome"), " must be ", view.f(f"{base}/range"), mean))


def age_sentence(view: View) -> Inlines:
    """Say which ages take part."""
    base = "/population/age"
    if view.has(f"{base}/min") and view.has(f"{base}/max"):
        limits = glued(
            view.f(f"{base}/min", "digits") if _same_unit(view, base) else view.f(f"{base}/min"),
            " to ",
            view.f(f"{base}/max"),
        )
        return glued("Participants are aged ", limits, ".")
    if view.has(f"{base}/max"):
        return view.must(f"Participants are aged {{{base}/max}} or less.")
    return view.must(f"Participants are aged {{{base}/min}} or more.")


def gestation_sentence(view: View) -> Inlines:
    """Say at which weeks and days of pregnancy people take part."""
    base = "/population/gestational_age"
    if not view.has(base):
        return ()
    limits = glued(view.say(f" from {{{base}/min}}"), view.say(f" to {{{base}/max}}"))
    at = " " if view.at(f"{base}/at").text.startswith(("at ", "on ", "in ", "before ", "after ", "during ")) else " at "
    return ended(
        glued(
            "Gestational age:", limits, " (weeks+days)", view.say(f"{at}{{{base}/at}}"),
            view.say(f", judged by {{{base}/judged_by}}"),
        )
    )  # fmt: skip


def has_sentinels(view: View) -> bool:
    """Say whether participants of a cohort are treated ahead of the others, as the table of cohorts tells."""
    return any(item.has("sentinel") for item in view.each("/population/cohorts"))


def no_contraception(view: View) -> Inlines:
    """Print why no contraception is required; nothing where methods are stated."""
    base = "/population/contraception"
    if view.has(f"{base}/none_reason"):
        return view.f(f"{base}/none_reason")
    return view.f(f"{base}/reason") if view.has(f"{base}/reason") and not view.has(f"{base}/methods") else ()


def contraception_of(view: View, usual: str) -> Inlines:
    """Say of whom contraception is required: those that the file names, else the usual ones."""
    named = [item.f("", "term-low:contraception_by") for item in view.each("/population/contraception/applies_to")]
    return joined(named) or run(usual)


def focus_sentences(view: View) -> Inlines:
    """Say which part of the body is studied, how it is chosen, and what is done with the other one."""
    base = "/population/study_focus"
    sentences = (
        view.say(f"Part of the body that is studied: {{{base}/what}} ({{{base}/number}} in each participant)."),
        view.say(f"It is chosen as follows: {{{base}/selection}}."),
        view.say(f"Interventions are allocated within a participant as follows: {{{base}/allocation}}."),
        view.say(f"The other one: {{{base}/other}}."),
    )
    return beside(sentences)


def _same_unit(view: View, base: str) -> bool:
    units = {view.at(f"{base}/{key}").text.rpartition(" ")[2] for key in ("min", "max")}
    return len(units) == 1


POPULATION: dict[str, Callable[..., Any]] = {
    "condition_sentence": condition_sentence,
    "severity_sentence": severity_sentence,
    "age_sentence": age_sentence,
    "gestation_sentence": gestation_sentence,
    "focus_sentences": focus_sentences,
    "has_sentinels": has_sentinels,
    "no_contraception": no_contraception,
    "contraception_of": contraception_of,
}
