"""Rule on titles: what they say of design, blinding, control, phase, people and numbers is what the data say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.blinding_parts import schemas
from protocolkit.rules.contradictions_ages import age_of_all, age_of_cohorts
from protocolkit.rules.identity_titles_lasting import other_length
from protocolkit.rules.identity_titles_times import other_times
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.rerandomised import first_arms
from protocolkit.rules.statistics_arms import number, numbered_arms
from protocolkit.rules.times import years
from protocolkit.values import NamedTuple
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

TITLES = ("/trial/full_title", "/trial/short_title", "/trial/public_title")
_PART = Pattern(r"extension|follow[- ]?up|run[- ]in|\bphases? of\b|\bparts?\b|\bperiod\b|lead-in|\bsubstudy\b")
_BLIND_ROLES = frozenset({"participant", "care_provider", "investigator", "outcomes_assessor"})
_PHASE = Pattern(r"\bphase[ -]?(?P<one>[1-4]|IV|I{1,3})[ab]?(?:[ /-]+(?:phase[ -]?)?(?P<two>[2-4]|IV|I{2,3})[ab]?)?\b")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_RATIO = Pattern(
    r"\b(?:randomi[sz]ed|allocated|ratio|allocation)\b[^.;]{0,12}?\b([0-9]{1,2}(?::[0-9]{1,2}){1,4})(?![:\w])"
)
_PEOPLE = Pattern(
    r"\b([1-9][0-9]{0,2}(?:[, ][0-9]{3}){1,2}|[1-9][0-9]{0,5}) "
    r"(?:participants|patients|adults|children|people|volunteers|women|men)\b"
)
# Those of one group who change to what the other is given, at a time or after an event, make no crossover design.
_CROSSOVER = Pattern(
    r"(?<!one-way )(?<!one way )(?<!unidirectional )(?<!optional )(?<!delayed )(?<!planned )(?<!permitted )"
    r"\bcross-?over\b"
    r"(?! (?:after|at|following|from|into|on|to|upon|once|when|if|permitted|allowed)\b)"
    r"(?! (?:of|for) (?:[\w-]+ ){0,3}(?:group|arm|controls?|patients|participants|people|those)\b)"
)
_OF_AGE = 18


class _Claim(NamedTuple):
    """A word of titles, and what the data say where they disagree (an empty text where they agree or are silent).

    The pattern is looked for where the title holds one of the hints.
    """

    hints: tuple[str, ...]
    word: Pattern
    says: Callable[[Trial], str]


def _blind(trial: Trial) -> str:
    blinding = trial.at("/design/blinding")
    schema, roles = blinding["schema"].text, {node.text for node in blinding["roles"]}
    if "double_blind" in schemas(trial):
        return ""
    one_role = schema == "single_blind" and len(roles & _BLIND_ROLES) <= 1
    return f"design.blinding.schema {schema}" if one_role or schema in ("open_label", "observer_blind") else ""


def _single_blind(trial: Trial) -> str:
    """Say the schema where more than one role is blinded: who gives a vaccine knows it, all others do not."""
    roles = {node.text for node in trial.at("/design/blinding/roles")}
    fitting = ("single_blind", "observer_blind") if len(roles & _BLIND_ROLES) <= 1 else ("single_blind",)
    return _schema(trial, *fitting)


def _schema(trial: Trial, *fitting: str) -> str:
    schema = trial.at("/design/blinding/schema").text
    said = schema and not {schema, *schemas(trial)} & {*fitting}
    return f"design.blinding.schema {schema}" if said else ""


def _model(trial: Trial, *fitting: str) -> str:
    model = trial.at("/design/model").text
    return f"design.model {model}" if model and model not in fitting else ""


def _crosses_over(trial: Trial) -> str:
    """Say the model where nobody crosses over; people who change to another arm at the end of their own do."""
    entered = any(arm["enters_from"] for arm in trial.root["arms"])
    return "" if entered else _model(trial, "crossover", "other", "sequential")


def _placebo(trial: Trial) -> str:
    if not trial.root["arms"]:
        return ""
    arms = {arm["type"].text for arm in trial.root["arms"]}
    roles = {each["role"].text for each in trial.root["interventions"]}
    control = trial.at("/design/control/type").text
    if arms & {"placebo_comparator", "sham_comparator"} or roles & {"placebo", "sham"} or "placebo" in control:
        return ""
    names = " ".join(f"{each['name'].text} {each['description'].text}" for each in trial.root["interventions"])
    return "" if "placebo" in names.casefold() else "no arm or intervention is a placebo"


def _sham(trial: Trial) -> str:
    arms = {arm["type"].text for arm in trial.root["arms"]}
    known = (
        arms & {"sham_comparator", "placebo_comparator"} or trial.at("/design/control/type").text == "sham_procedure"
    )
    return "" if known or not arms else "no arm is a sham"


def _randomised(trial: Trial) -> str:
    silent = not trial.at("/design/model") or trial.at("/design/assignment")
    if trial.at("/design/randomisations"):
        return ""
    return "" if silent and not trial.at("/design/assignment") else "design.randomisations is not stated"


def _not_randomised(trial: Trial) -> str:
    stated = trial.at("/design/randomisations") and not _some_outside(trial)
    return "design.randomisations is stated" if stated else ""


def _one_arm(trial: Trial) -> str:
    return "" if _some_outside(trial) else _model(trial, "single_group", "sequential", "other")


def _some_outside(trial: Trial) -> bool:
    """Say whether nobody is randomised to some arm, though others are: that part of the trial has one arm."""
    drawn = {node.text for each in trial.at("/design/randomisations") for node in each["arms"]}
    return bool(drawn) and any(arm["id"].text not in drawn for arm in trial.root["arms"])


def _stated(pointer: str, trial: Trial) -> str:
    return "" if trial.at(pointer) or not trial.at("/design") else f"{pointer[1:].replace('/', '.')} is not stated"


def _framework(kind: str, trial: Trial, weights: tuple[str, ...] = ("primary", "secondary")) -> str:
    """Say the framework where neither the trial nor an objective of the levels given is to show what a title says."""
    design = trial.at("/design/framework")
    weighty = [each["framework"] for each in trial.root["objectives"] if each["level"].text in weights]
    shown = {framework[key].text for framework in (design, *weighty) for key in ("kind", "then")}
    return f"design.framework.kind {design['kind'].text}" if design["kind"] and kind not in shown else ""


def _superior(trial: Trial) -> str:
    """Say the framework where superiority is the aim of a title; beside another aim it may be that of less weight."""
    beside = any(aim in trial.at(title).text.casefold() for title in TITLES for aim in ("inferiority", "equivalence"))
    return _framework("superiority", trial, ("primary", "secondary") if beside else ("primary",))


def _adults(trial: Trial) -> str:
    return _age_limit(trial, lambda ages: all(age < _OF_AGE for age in ages))


def _children(trial: Trial) -> str:
    return _age_limit(trial, lambda ages: all(age >= _OF_AGE for age in ages))


def _age_limit(trial: Trial, contradicts: Callable[[list[float]], bool]) -> str:
    """Say the lowest age where all that are stated, of the population and of its cohorts, contradict a title."""
    places = [trial.at("/population/age/min"), *trial.each("/population/cohorts/*/age/min")]
    ages = [age for node in places if (age := years(node)) is not None]
    return f"the age limit is {places[0].text}" if ages and places[0] and contradicts(ages) else ""


_CLAIMS = (
    _Claim(("blind", "mask"),
           Pattern(r"(?<!observer-blind, )\b(?:double|triple)[- ](?:blind|mask)(?:ed)?\b(?![^.;]*\bobserver)"), _blind),
    _Claim(("blind", "mask"), Pattern(r"\bsingle[- ](?:blind|mask)(?:ed)?\b"), _single_blind),
    _Claim(("open",), Pattern(r"\bopen[- ]label(?:led)?\b"), lambda t: _schema(t, "open_label")),
    _Claim(("placebo",), Pattern(r"\bplacebo[- ]controlled\b"), _placebo),
    _Claim(("sham",), Pattern(r"\bsham[- ]controlled\b"), _sham),
    _Claim(("andomi",), Pattern(r"(?<!non-)(?<!non)(?<!non )(?<!not )\brandomi[sz]ed\b"), _randomised),
    _Claim(("non",), Pattern(r"\bnon[- ]?randomi[sz]ed\b"), _not_randomised),
    _Claim(("cross",), _CROSSOVER, _crosses_over),
    _Claim(("parallel",), Pattern(r"\bparallel(?:[- ]group)?\b"),
           lambda t: _model(t, "parallel", "factorial", "sequential", "other")),
    _Claim(("single",),
           Pattern(r"\bsingle[- ](?:arm|group)\b(?! (?:[\w-]+ ){0,2}(?:expansion|extension|lead-in|part|run-in)\b)"),
           _one_arm),
    _Claim(("factorial",), Pattern(r"\bfactorial\b"), lambda t: _model(t, "factorial", "other")),
    _Claim(("cluster",), Pattern(r"\bcluster[- ]randomi[sz]ed\b"), lambda t: _stated("/design/cluster", t)),
    _Claim(("escalation",), Pattern(r"\bdose[- ]escalation\b"), lambda t: _stated("/design/dose_escalation", t)),
    _Claim(("inferiority",), Pattern(r"\bnon-?inferiority\b"), lambda t: _framework("non_inferiority", t)),
    _Claim(("superiority",), Pattern(r"(?<!non-)(?<!non)(?<!no )(?<!of )\bsuperiority\b"), _superior),
    _Claim(("equivalence",), Pattern(r"\bequivalence\b(?! principle)"), lambda t: _framework("equivalence", t)),
    _Claim(("adult",), Pattern(r"\bin (?:healthy )?adults?\b"), _adults),
    _Claim(("child", "infant", "adolescent", "neonate"),
           Pattern(r"\bin (?:healthy )?(?:children|infants|adolescents|neonates)\b"), _children),
)  # fmt: skip


@rule(
    "ID01", Severity.ERROR,
    reads=("/trial/full_title", "/trial/short_title", "/trial/public_title", "/trial/phase", "/design/model",
           "/design/blinding/schema", "/design/blinding/roles", "/design/blinding/by_part", "/design/framework",
           "/design/randomisations", "/objectives/*/framework", "/arms/*/id", "/arms/*/type", "/arms/*/enters_from",
           "/population/age", "/population/cohorts"),
)  # fmt: skip
def titles(trial: Trial) -> Iterator[Found]:
    """What a title says of design, blinding, control, phase, people and numbers is what the data say.

    Why: a title is all that most people read; one that says double-blind where nobody is blinded misleads them.

    Applies: a title speaks of one of them. The number of participants is looked for in lay summaries too. "Open-label"
    of an extension or another part is left out, and so is a crossover of those who change to another arm, or of one
    group at a time or after an event. An observer-blind trial is not double-blind, nor single-blind where more than one
    role is blinded. A single arm, or people who are not randomised, may be a part of a randomised trial: an arm that no
    randomisation names.

    Basis:
        SPIRIT 2025, 1a (H)
        ICH M11 Step 4, title page and 1.1.2 (H)

    Fails::

        trial: {full_title: 'A double-blind, placebo-controlled trial of examplipril'}
        design: {blinding: {schema: open_label}}
        arms: [{id: PBO, type: placebo_comparator}]

    Passes::

        trial: {full_title: 'A double-blind, placebo-controlled trial of examplipril'}
        design: {blinding: {schema: double_blind, roles: [participant, outcomes_assessor]}}
        arms: [{id: PBO, type: placebo_comparator}]
    """
    found = [node for place in TITLES if (node := trial.at(place))]
    if not found:
        raise NotApplicable("no title is stated")
    for title in found:
        text, lower = title.text, title.text.casefold()
        for claim in _CLAIMS:
            match = claim.word.search(text) if any(hint in lower for hint in claim.hints) else None
            if match is None or (claim.hints == ("open",) and _PART.search(text)):
                continue
            if says := claim.says(trial):
                yield Found(title, f'the title says "{match[0]}", the data say: {says}', "bring both together")
        yield from _phase(trial, title)
        yield from _ratio(trial, title)
        yield from other_times(trial, title)
        yield from other_length(trial, title)
        yield from age_of_all(title, trial.root["population"])
        yield from age_of_cohorts(title, trial.root["population"])
    for node in (*found, *trial.each("/trial/lay_summaries/*/document")):
        yield from _people(trial, node)


def _phase(trial: Trial, title: Node) -> Iterator[Found]:
    phase, match = trial.at("/trial/phase"), _PHASE.search(title.text)
    if match is None or not phase.text.casefold().replace("early ", "").startswith("phase"):
        return
    said = {_ROMAN.get(part.casefold(), part) for part in (match["one"], match["two"]) if part}
    stated = {digit for digit in phase.text if digit in "1234"}
    if said != stated:
        message = f'the title says "{match[0]}", the data say: {phase.text}'
        yield Found(title, message, "bring both together", ((phase, "trial.phase"),))


def _ratio(trial: Trial, title: Node) -> Iterator[Found]:
    stated = trial.each("/design/randomisations/*/ratio")
    match = _RATIO.search(title.text) if stated else None
    if match and sorted(match[1].split(":")) not in [sorted(node.text.split(":")) for node in stated]:
        message = f'the title says "{match[1]}", participants are randomised {listed([node.text for node in stated])}'
        yield Found(title, message, "bring both together", ((stated[0], "the ratio"),))


def _people(trial: Trial, node: Node) -> Iterator[Found]:
    match, known = _PEOPLE.search(node.text), _numbers(trial)
    if match is None or not known:
        return
    said = int(re.sub(r"[, ]", "", match[1]))
    if said not in known:
        message = f'"{match[0]}" is said, the data say: {listed([str(each) for each in sorted(known)], "or")}'
        yield Found(node, message, "tell one number")


def _numbers(trial: Trial) -> set[int]:
    """Return the numbers of participants that the data know: each arm, all arms, those enrolled or sized."""
    arms = [planned for _, planned in numbered_arms(trial)]
    enrolled = number(trial.at("/population/participants/enrolled"))
    totals = [number(each["randomised_total"]) for each in trial.at("/statistics/sample_size")]
    per_arm = [number(each["randomised_per_arm"]) or 0 for each in trial.at("/statistics/sample_size")]
    sized = [each * count for each in per_arm for count in (1, len(first_arms(trial.root)))]
    found = {*arms, sum(arms), enrolled or 0, *sized, *(each for each in totals if each)}
    return found - {0}


RULES: tuple[Rule, ...] = (titles,)
