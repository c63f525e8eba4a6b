"""Rules on what acute effects do to a blind: when treatment is guessed, and who rates efficacy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.blinding_parts import given_open
from protocolkit.rules.matching import members, stems
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import after_start, in_days, years
from protocolkit.rules.trial import named
from protocolkit.schedule.exposure import interventions_of
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

_EARLY_DAYS = 14
_CAN_TELL = 12  # years: adolescents tell what they feel, as adults do
_ASKED = {"the reason": "reason", "certainty": "certain"}
_INDEX = Pattern(r"\b(?:Bang|James)\b|\bblinding ind(?:ex|ices)|\bind(?:ex|ices) (?:of|for) (?:the )?(?:blind|guess)")
_OBJECTIVE = Pattern(r"laborator|\blab\b|central read|automat|device|registry|registries|adjudicat|committee")
_APART = Pattern(r"\b(without|not|no|never|other than|separate|independent|apart|different)\b")


@rule(
    "OUT10", Severity.INFO,
    reads=("/design/blinding", "/arms", "/interventions/*/pharmacology/perceptible_acute_effects", "/schedule",
           "/population/age", "/design/framework", *below("/outcomes/*", "reported_by", "assessor"),
           "/statistics/other"),
    tags=("drug",),
)  # fmt: skip
def guess(trial: Trial) -> Iterator[Found]:
    """Participants guess their treatment early as well as late, with reason and certainty, by a named index.

    Why: after weeks the guess follows the relief; asked after the first active dose, with its reason, it shows whether
    acute effects gave the treatment away.

    Applies: participants are blinded, and a guess is planned, or a medicine that is not given in every arm has
    perceptible acute effects, and a primary outcome of benefit is reported by participants of twelve years or more. It
    is a warning where such a medicine is not given in every arm, unless the trial is exploratory (design.framework);
    where all arms get it, an early guess can tell nothing and is not asked for.

    Basis:
        Kolahi, Bang, Park 2009 (Community Dent Oral Epidemiol 37:477), each time of a guess has its own use (H)
        CONSORT 2010 explanation, item on the success of blinding dropped (H)

    Fails::

        design: {blinding: {schema: double_blind}}
        interventions: [{id: KET, kind: drug, role: experimental, pharmacology: {perceptible_acute_effects: true}}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: GUESS, serves: [blinding]}]
          visits: [{id: V12, anchor: first_dose, offset: 84 d, activities: [GUESS]}]

    Passes::

        design: {blinding: {schema: double_blind}}
        interventions: [{id: KET, kind: drug, role: experimental, pharmacology: {perceptible_acute_effects: true}}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities:
            - {id: GUESS, serves: [blinding], items: [guess, reason, certainty], index: Bang index per arm}
          visits:
            - {id: INF1, anchor: first_dose, offset: 0 d, activities: [GUESS]}
            - {id: V12, anchor: first_dose, offset: 84 d, activities: [GUESS]}
    """
    if not trial.blinds_participants:
        raise NotApplicable("participants are not blinded")
    felt = _perceptible(trial)
    guesses = [
        activity
        for activity in trial.root["schedule"]["activities"]
        if "blinding" in {served.text for served in activity["serves"]}
    ]
    if not guesses and not (felt and _told_by_guessers(trial)):
        raise NotApplicable("no guess is planned, and nobody who feels acute effects reports a primary outcome")
    if not guesses and all(_in_every_arm(trial, each) for each in felt):
        raise NotApplicable("no guess is planned, and acute effects are felt in every arm")
    apart = any(not _in_every_arm(trial, each) for each in felt)
    exploratory = trial.at("/design/framework/kind").text == "exploratory"  # no claim of benefit that a guess may sway
    weight = Severity.WARNING if apart and not exploratory else None
    if not guesses:
        at = felt[0]["pharmacology"]["perceptible_acute_effects"]
        message = f"{named(felt[0])} has perceptible acute effects, and no guess of the treatment is planned"
        hint = "plan an activity that serves blinding, after the first active dose and late, or say why not in a waiver"
        yield Found(at, message, hint, severity=weight)
    elif missing := _missing(trial, guesses, felt=apart):
        message = f"treatment guess {named(guesses[0])}: {listed(missing)}"
        hint = "ask it after the first active dose, with reason and certainty (items), and name the index"
        yield Found(guesses[0], message, hint, severity=weight)


def _told_by_guessers(trial: Trial) -> bool:
    """Say whether participants who can tell what they feel report a primary outcome themselves."""
    youngest = years(trial.at("/population/age/min"))
    if youngest is not None and youngest < _CAN_TELL:
        return False
    reporters = [{node.text for node in each["reported_by"]} or {each["assessor"].text} for each in _primary(trial)]
    return any("participant" in " ".join(who).casefold() for who in reporters)


def _perceptible(trial: Trial) -> list[Node]:
    felt = [each for each in trial.tested if each["pharmacology"]["perceptible_acute_effects"].value is True]
    return [each for each in felt if not given_open(trial, each)]


def _primary(trial: Trial) -> list[Node]:
    """Return the outcomes of the primary endpoints of benefit."""
    names = {
        endpoint["outcome"].text
        for objective in trial.root["objectives"]
        if objective["level"].text == "primary" and objective["kind"].text in ("", "benefit")
        for endpoint in objective["endpoints"]
    }
    return [outcome for outcome in trial.root["outcomes"] if outcome["id"].text in names]


def _judged(outcome: Node) -> bool:
    """Say whether people rate an outcome, so that what they know or guess can sway them."""
    remote = outcome["mode"].text == "device" or outcome["adjudicated"].value is True
    return not remote and not _OBJECTIVE.search(outcome["assessor"].text)


def _in_every_arm(trial: Trial, intervention: Node) -> bool:
    given = [{each["id"].text for each in interventions_of(arm)} for arm in trial.root["arms"]]
    return bool(given) and all(intervention["id"].text in each for each in given)


def _missing(trial: Trial, guesses: list[Node], *, felt: bool) -> list[str]:
    names = {activity["id"].text for activity in guesses}
    stops = [
        stop for stop in trial.timetable.stops if any(planned.activity["id"].text in names for planned in stop.planned)
    ]
    found = []
    if felt and stops and not any(_early(trial, stop) for stop in stops):
        first = min((days for stop in stops for days in after_start(trial, stop)), default=None)
        when = f", first at {in_days(first)}" if first is not None else ""
        found.append(f"not asked soon after the first active dose{when}")
    items = " ".join(item.text for activity in guesses for item in activity["items"])
    items += " ".join(f" {activity['name'].text}" for activity in guesses)
    found += [f"{words} is not asked" for words, stem in _ASKED.items() if stem not in items.casefold()]
    analysed = [node.text for node in trial.at("/statistics/other")]
    if not any(activity["index"] for activity in guesses) and not any(map(_INDEX.search, analysed)):
        found.append("no index is named")
    return found


def _early(trial: Trial, stop: Stop) -> bool:
    """Say whether a visit lies within two weeks of the first dose, or has a dose itself."""
    doses = any(planned.activity["kind"].text == "dose" for planned in stop.planned)
    return doses or any(0 <= days <= _EARLY_DAYS for days in after_start(trial, stop))


@rule(
    "OUT13", Severity.WARNING,
    reads=(
        "/design/blinding", "/arms", "/interventions/*/pharmacology/perceptible_acute_effects", "/outcomes/*/assessor",
    ),
    tags=("drug",),
)  # fmt: skip
def raters(trial: Trial) -> Iterator[Found]:
    """Those who rate efficacy are not those who see or score acute effects, and cannot read those scores.

    Why: a nurse who saw the participant dissociate knows the arm, and rates the pain weeks later.

    Applies: participants or assessors are blinded, a medicine that is not given in every arm has perceptible acute
    effects, and somebody other than participants rates an outcome (no laboratory, no device) that does not say whether
    they are blinded, or raters are named.

    Basis:
        Cochrane RoB 2, domain 4 (measurement of the outcome) (M)
        SPIRIT 2025, 24a and 24b (M)

    Fails::

        interventions: [{id: KET, kind: drug, role: experimental, pharmacology: {perceptible_acute_effects: true}}]
        design:
          blinding: {schema: double_blind, efficacy_raters: infusion nurses, acute_effects_raters: infusion nurses}

    Passes::

        interventions: [{id: KET, kind: drug, role: experimental, pharmacology: {perceptible_acute_effects: true}}]
        design:
          blinding: {schema: double_blind, efficacy_raters: team without access to infusion days,
            acute_effects_raters: infusion nurses}
    """
    blinding = trial.at("/design/blinding")
    blinds = trial.blinds_participants or "outcomes_assessor" in {node.text for node in blinding["roles"]}
    felt = _telling_apart(trial) if blinds else []
    others = [outcome for outcome in trial.root["outcomes"] if _judged(outcome) and _by_others(outcome)]
    others = [outcome for outcome in others if not outcome["blinded"]]  # else it is told there
    efficacy, acute = blinding["efficacy_raters"], blinding["acute_effects_raters"]
    if not felt or not (others or acute or (efficacy and not _all_objective(efficacy.text))):
        raise NotApplicable("nobody is blinded, no acute effects tell the arms apart, or participants rate everything")
    effects = f"the acute effects of {named(felt[0])}"
    hint = "name efficacy_raters and acute_effects_raters that are apart, and say what the former cannot see"
    if not trial.blinds_participants and not acute and _APART.search(efficacy.text):
        return  # everybody else knows; what these cannot see is told
    if not efficacy or not acute:
        who = "efficacy" if not efficacy else "acute effects"
        message = f"who rates {who} is not stated, and {effects} give the arm away"
        yield Found(blinding, message, hint)
    elif stems(acute.text) <= stems(efficacy.text) and not _APART.search(efficacy.text):
        message = f"{efficacy.text} rate efficacy and see {effects}"
        yield Found(efficacy, message, hint, ((acute, "they also rate acute effects"),))


def _all_objective(raters: str) -> bool:
    """Say whether effects that are felt sway none of those who rate: laboratories, committees, machines."""
    return all(_OBJECTIVE.search(each) for each in members(raters))


def _telling_apart(trial: Trial) -> list[Node]:
    """Return the medicines whose acute effects give an arm away; an injected vaccine in each arm is felt alike."""
    felt = _perceptible(trial)
    vaccines = {each["id"].text for each in felt if each["kind"].text == "vaccine"}
    given = [{each["id"].text for each in interventions_of(arm)} for arm in trial.root["arms"]]
    if len(vaccines) == len(felt) and all(vaccines & each for each in given):
        return []
    return [each for each in felt if not _in_every_arm(trial, each)]


def _by_others(outcome: Node) -> bool:
    """Say whether somebody other than the participant rates an outcome other than harm."""
    harm = outcome["domain"].text == "symptoms_and_adverse_events"
    return bool(outcome["assessor"]) and "participant" not in outcome["assessor"].text.casefold() and not harm


RULES: tuple[Rule, ...] = (guess, raters)
