"""Sentences on the design: what is compared, who passes through which epochs, how many take part, how they cross."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from protocolkit.render import facts
from protocolkit.render.words import beside, counted, ended, flat, glued, joined, plural, run, turns, unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.blocks import Inlines
    from protocolkit.render.view import View

_MODELS = {
    "parallel": "parallel-group", "crossover": "crossover", "factorial": "factorial", "sequential": "sequential",
    "single_group": "single-group",
}  # fmt: skip
_RANDOMISED = "randomly assigned to trial intervention"
_WEDGE = "/design/cluster/stepped_wedge"


def design_sentence(view: View) -> Inlines:
    """Say what kind of trial it is, in which phase, design and framework."""
    none = view.equals("/trial/phase", "Not Applicable")
    phase = () if none else view.say("This is a {/trial/phase} trial")
    phase = phase or run("This is a trial")
    model = _MODELS.get(view.at("/design/model").text)
    if model:
        view.values.mark(view.at("/design/model"))
    shaped = run(f" with a {model} design") if model else view.must(" with this design: {/design/model}")
    return glued(phase, shaped, view.must("; its framework is {/design/framework/kind}."))


def arms_sentence(view: View) -> Inlines:
    """Say which arms there are, with their numbers."""
    items, later = facts.first_arms(view), facts.later_arms(view)
    if not items:
        return view.must("Arms: {/arms}.")
    noun = "treatment" if view.has("/design/sequences") else "arm"
    first = ended(glued(f"There {'is' if len(items) == 1 else 'are'} {counted(len(items), noun)}: ", _listed(items)))
    if not later:
        return first
    more = f" Participants enter {counted(len(later), f'further {noun}')} from these: "
    return glued(first, more, ended(_listed(later)))


def _listed(arms: list[View]) -> Inlines:
    return joined([glued(item.f("name"), _size(item), _from(item)) for item in arms])


def _from(item: View) -> Inlines:
    return glued(", from ", joined(item.names_of("enters_from"))) if item.has("enters_from") else ()


def _size(item: View) -> Inlines:
    words = {"maximum": "at most ", "target": "a target of "}
    most = words.get(item.at("target_or_maximum").text, "")
    item.values.mark(item.at("target_or_maximum"))
    return glued(f" ({most}", item.f("participants"), " participants)") if item.has("participants") else ()


def participants_sentence(view: View) -> Inlines:
    """Say how many take part, and how many beside them since they belong to them."""
    return glued(_assigned(view), glued(" ", partners) if (partners := partners_sentence(view)) else ())


def most_participants(view: View) -> Inlines:
    """Say to how many participants an adaptive trial can grow, where that is more than are planned."""
    place = "/design/adaptive/max_participants"
    if view.at(place).text == flat(facts.stated_participants(view)):
        view.values.mark(view.at(place))
        return ()
    return view.say(f"The trial can grow to {{{place}}} participants at most.")


def _assigned(view: View) -> Inlines:
    """Say how many are assigned: in the words of the standard, clusters in their unit, else what is stated."""
    how = _RANDOMISED if facts.is_randomised(view) else "enrolled"
    number = facts.stated_participants(view)
    if facts.cluster_unit(view):
        return glued(
            _clusters(view, how), " ", _planned(view) or glued("Planned participants: ", facts.participants(view), ".")
        )
    if not number and (planned := _planned(view) or _unlimited(view)):
        return planned
    size = glued("A ", facts.target_or_maximum(view), " of ", facts.participants(view))
    enrolled = view.at("/population/participants/enrolled").value
    if type(enrolled) is int and flat(number) not in ("", str(enrolled)):
        how = _of_whom(view, number, how if how == _RANDOMISED else "given trial intervention", "take part")
        return glued(size, f" participants will {how}; ", _enrolled(view))
    return glued(size, f" participants will {_of_whom(view, number, how, 'be enrolled')}.")


def _of_whom(view: View, number: Inlines, how: str, otherwise: str) -> str:
    """Say what happens to participants; where some arms are outside every randomisation, how many are in the others."""
    outside = facts.outside_randomisation(view)
    if not outside or not flat(number).isdecimal():
        return f"be {how}"
    return f"{otherwise}, of whom {int(flat(number)) - outside} will be {how}"


def _enrolled(view: View) -> Inlines:
    return view.must("it is planned to enrol {/population/participants/enrolled}.")


def _clusters(view: View, how: str) -> Inlines:
    unit = facts.cluster_unit(view)
    return glued(view.f("/design/cluster/clusters"), f" {plural(unit)} will be {how}.")


def _planned(view: View) -> Inlines:
    base = "/population/participants"
    return ended(view.say(f"Planned participants: {{{base}/text}}")) or view.say(
        f"Planned participants: {{{base}/enrolled}}."
    )


def _unlimited(view: View) -> Inlines:
    """Say why no number is fixed, where the sample size is open."""
    items = [item.f("open_ended") for item in view.each("/statistics/sample_size") if item.has("open_ended")]
    reasons = glued(*(piece for part in unique(items) for piece in (" ", ended(part))))
    return glued("No number of participants is fixed in advance.", reasons) if reasons else ()


def partners_sentence(view: View) -> Inlines:
    """Say how many take part beside those who are assigned, such as the infants of mothers."""
    told = [
        glued(item.f("name"), item.say(" ({participants} participants)"), ", who belong to ", item.f("belongs_to"))
        for item in view.each("/population/cohorts")
        if item.has("belongs_to")
    ]
    listed = [piece for at, part in enumerate(told) for piece in (("; ", part) if at else (part,))]
    return ended(glued("Beside those who are assigned, these take part: ", *listed)) if told else ()


def planned_numbers(view: View) -> Inlines:
    """Say how many are to be enrolled and to complete, and the same in words where the file has them."""
    base = "/population/participants"
    parts = (
        view.say(f"It is planned to enrol {{{base}/enrolled}} participants."),
        view.say(f"It is planned that {{{base}/completed}} participants complete the trial."),
        ended(view.say(f"Planned numbers: {{{base}/text}}")),
    )
    return beside(parts)


def epochs_lead(view: View) -> Inlines:
    """Begin the list of epochs: what passes through them is the participant, unless groups are randomised."""
    unit = facts.cluster_unit(view)
    if unit and view.has(_WEDGE):
        return run(f"Each {unit} passes through the following epochs.")
    if unit or any(item.has("cohorts") for item in view.each("/schedule/visits")):
        return run("The trial has the following epochs.")
    return run("Each participant passes through the following epochs.")


def epoch_sentence(item: View) -> Inlines:
    """Say what an epoch is called, how long it lasts, and what happens in it."""
    name = item.f("name") if item.has("name") else run(item.values.name(item.node))
    spelt, word = flat(name).lower().replace("-", "_"), item.at("type").text
    same = word in spelt or word.replace("_", "") in spelt.replace("_", "").replace(" ", "")
    kind = () if same else item.say(" ({type})")
    kind = glued(kind, ", for those who enter it") if item.yes("optional") else kind
    item.values.mark(item.at("type"))
    return glued(ended(glued(name, kind, _lasts(item))), ended(item.say(" {description:cap}")))


def _lasts(item: View) -> Inlines:
    """Say how long an epoch lasts: its duration, or how it comes back and until when."""
    if not item.has("repeats/every"):
        return item.say(": {duration}")
    again = turns(facts.repeated_noun(item.node), flat(item.f("repeats/every")))
    item.values.mark(item.at("repeats/name"))
    if item.at("duration").text == item.at("repeats/every").text:
        item.values.mark(item.at("duration"))
        return glued(f": {again}", item.say(" until {repeats/until:moment}"))
    return glued(f": {again}", item.say(" until {repeats/until:moment}"), item.say("; planned length {duration}"))


def washout_sentence(view: View) -> Inlines:
    """Say how long the washout between periods lasts, at least and at most."""
    if not view.has("/design/washout/at_most"):
        return view.say("The washout between periods lasts {/design/washout/duration}.")
    return view.say("The washout between periods lasts from {/design/washout/duration} to {/design/washout/at_most}.")


def sequence_sentence(item: View) -> Inlines:
    """Say in which order a sequence gives the treatments, and to how many."""
    order = joined([part.f() for part in item.each("order")], "then")
    unit = plural(facts.cluster_unit(item) or "cluster")
    size = item.say(f" ({{clusters}} {unit})"), item.say(" ({n} participants)")
    return ended(glued(order or item.f("order"), *size))


def periods_sentence(view: View) -> Inlines:
    """Say which periods there are and how long each lasts."""
    items = view.each("/design/periods")
    if not items:
        return ()
    names = [item.f("name") if item.has("name") else run(item.values.name(item.node)) for item in items]
    lengths = dict.fromkeys(flat(item.f("duration")) for item in items)
    if len(lengths) == 1:
        lead = f"There are {counted(len(items), 'period')} of {next(iter(lengths))} each: "
        return ended(glued(lead, joined(names)))
    parts = [glued(name, " (", item.f("duration"), ")") for name, item in zip(names, items, strict=True)]
    return ended(glued("The periods are ", joined(parts)))


def wedge_sentence(view: View) -> Inlines:
    """Say how the clusters of a stepped wedge cross: all from one condition to the other, step by step."""
    if not view.has(_WEDGE):
        return ()
    unit = facts.cluster_unit(view) or "cluster"
    sizes = view.say(f", {{{_WEDGE}/clusters_per_step}} at each step")
    return glued(
        f"All {plural(unit)} begin in the control condition and cross to the intervention in ",
        view.f(f"{_WEDGE}/steps"), " steps, ", view.f(f"{_WEDGE}/step_length"), " apart", sizes, ".",
        view.say(f" There are {{{_WEDGE}/periods}} periods."),
        view.say(f" Each {unit} is expected to have {{{_WEDGE}/cluster_period_size}} participants in one period."),
        view.say(f" The time of transition, {{{_WEDGE}/transition}} after a step, counts for neither condition."),
    )  # fmt: skip


def randomisations_sentence(view: View) -> Inlines:
    """Say how participants, or the units that are randomised, are allocated, and where more is told."""
    number, unit = view.many("/design/randomisations"), facts.cluster_unit(view)
    who = plural(unit).capitalize() if unit else "Participants"
    if number > 1:
        return run(
            f"{who} are allocated by {counted(number, 'randomisation')}, which Sections 6.7.1 and 6.7.2 describe."
        )
    return run(f"{who} are allocated by randomisation, which Section 6.7.2 describes.")


_OF_A_LOOK = re.compile(
    r"\b(?:interim|futility|sequential|(?:stop(?:s|ped|ping)?|end(?:s|ed|ing)?) early)\b"
    r"|\bearly (?:stop|end|terminat)",
    re.IGNORECASE,
)


def one_text_of_interim(view: View) -> bool:
    """Say whether the one text of reasons speaks of looking early; what it passes over has no reason yet."""
    return _OF_A_LOOK.search(view.at("/design/rationale/overall").text) is not None


_BEGINS_A_TIME = ("as long as", "until", "for ", "while ", "up to", "throughout", "during")


def told_as_time(view: View, place: str) -> bool:
    """Say whether a text begins as a time does, `as long as the investigator sees benefit`, and goes on a sentence."""
    return view.at(place).text.casefold().startswith(_BEGINS_A_TIME)


def randomised_at(view: View) -> Inlines:
    """Say at which visit what is randomised."""
    unit = facts.cluster_unit(view)
    who = plural(unit).capitalize() if unit else "Participants"
    visits = unique([item.f("at") for item in view.each("/design/randomisations") if item.has("at")])
    marked = [glued("\N{LEFT DOUBLE QUOTATION MARK}", name, "\N{RIGHT DOUBLE QUOTATION MARK}") for name in visits]
    noun = "visit" if len(marked) == 1 else "visits"
    return glued(f"{who} are randomised at the {noun} ", joined(marked), ".") if marked else ()


OF_AN_EPOCH: dict[str, Callable[[View], Any]] = {
    "epoch_sentence": epoch_sentence,
    "sequence_sentence": sequence_sentence,
}
OF_THE_DESIGN: dict[str, Callable[..., Any]] = {
    "design_sentence": design_sentence,
    "arms_sentence": arms_sentence,
    "participants_sentence": participants_sentence,
    "most_participants": most_participants,
    "partners_sentence": partners_sentence,
    "planned_numbers": planned_numbers,
    "epochs_lead": epochs_lead,
    "periods_sentence": periods_sentence,
    "washout_sentence": washout_sentence,
    "wedge_sentence": wedge_sentence,
    "randomisations_sentence": randomisations_sentence,
    "randomised_at": randomised_at,
    "told_as_time": told_as_time,
    "one_text_of_interim": one_text_of_interim,
}
