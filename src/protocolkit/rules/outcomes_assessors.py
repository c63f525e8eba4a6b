"""Rule on who assesses what, and whether they are blinded as the design says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.matching import members, stems
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.trial import named
from protocolkit.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_BLIND = Pattern(r"(?<!not )\b(?:blind|mask)|without access|independent|central")
_ELSEWHERE = Pattern(r"\boutside\b|\bnot (?:in|at|present|involved)\b|\banother\b|\bother than\b")
_UNBLIND = Pattern(r"\bun-?(?:blind|mask)")
_CLOSE = Pattern(r"parent|mother|father|carer|caregiver|\bpatient|\bchild|treating|surgeon|operator")
_UNTOLD = Pattern(r"\b(?:no|not|none|nothing|never|without)\b")
_ASSIGNED = Pattern(r"\barms?\b|\bassignment|\ballocation|\btreatment|\bdevice|\bintervention|\bdrug\b|\bgroup")
_COMMITTEE = Pattern(r"committee|adjudicat")
_BEYOND_JUDGEMENT = Pattern(r"\b(?:all-cause|any cause|overall survival)\b")  # of a death no assessor has a say
_LOG = Pattern(r"\blogs?\b|\bsensors?\b|^(?:the )?(?:[a-z]+ )?(?:device|software|app|monitor|actigraph)s?$")
_REGISTER = Pattern(r"\b(?:registers?|registry|registries|records?|routine data|databases?)\b")
_ASSESSED = (
    "/outcomes/*", "/adverse_events/ascertainment/*", "/adverse_events/grading", "/adverse_events/causality",
)  # fmt: skip


@rule(
    "OUT16", Severity.WARNING,
    reads=("/design/blinding", *below("/outcomes/*", "assessor", "blinded", "mode", "name"),
           *below("/objectives/*", "endpoints", "kind", "level"), "/oversight/committees",
           "/adverse_events/ascertainment/*/assessor", "/adverse_events/grading", "/adverse_events/causality"),
)  # fmt: skip
def unblinded_assessors(trial: Trial) -> Iterator[Found]:
    """Nobody who is named as unblinded assesses what is said to be assessed blind, and nobody blinded what is not.

    Why: a reader trusts the word blinded; where the assessor holds the syringe, the assessment is open.

    Applies: an assessment names its assessor and says whether it is blinded. An assessor who is called blinded, masked
    or independent is taken at that word. Of open assessments, those are found that the design has as blinded, with no
    part that is open: outcomes of a primary or secondary endpoint where assessors of outcomes are blinded (death from
    any cause, what a device logs and what is taken from a register apart; those of a primary one alone in an open trial
    in which some outcome is assessed blind), and adverse events that a blinded investigator or participant assesses.

    Basis:
        SPIRIT 2025, 24a (H)
        Cochrane RoB 2, domain 4 (measurement of the outcome) (M)

    Fails::

        design: {blinding: {schema: double_blind, unblinded_roles: [{role: injecting nurse, why: sees the syringe}]}}
        outcomes: [{id: ACUITY, name: visual acuity, assessor: injecting nurse, blinded: true}]

    Passes::

        design: {blinding: {schema: double_blind, unblinded_roles: [{role: injecting nurse, why: sees the syringe}]}}
        outcomes: [{id: ACUITY, name: visual acuity, assessor: acuity examiner, blinded: true}]
    """
    told = [each for place in _ASSESSED for each in trial.each(place) if each["blinded"] and each["assessor"]]
    if not told:
        raise NotApplicable("no assessment says who does it and whether they are blinded")
    roles = [each["role"] for each in trial.each("/design/blinding/unblinded_roles/*")]
    yield from _knowing_committee(trial, told)
    yield from _opened(trial, [each for each in told if each["blinded"].value is False], roles)
    for each in told:
        if each["blinded"].value is not True:
            continue
        assessor = each["assessor"]
        if _UNBLIND.search(assessor.text):
            message = f"blinded is true, and the assessor is {assessor.text}"
            yield Found(each["blinded"], message, "correct one of both", ((assessor, "the assessor"),))
        elif (role := _knowing(assessor.text, roles)) is not None:
            message = f"blinded is true, and the assessor ({assessor.text}) is named as unblinded"
            hint = "name another assessor, or say that the assessment is not blinded"
            yield Found(each["blinded"], message, hint, ((role, "who knows the assignment"),))


def _knowing_committee(trial: Trial, told: list[Node]) -> Iterator[Found]:
    """Find a committee that adjudicates blind, and is told to see the arm."""
    shown = trial.at("/oversight/committees/adjudication/unblinded_to")
    if not shown or _UNTOLD.search(shown.text) or not _ASSIGNED.search(shown.text):
        return
    blind = [each for each in told if each["blinded"].value is True and _COMMITTEE.search(each["assessor"].text)]
    if blind:
        message = f"the committee that adjudicates sees {shown.text[:60]}, and assesses {named(blind[0])} blinded"
        yield Found(shown, message, "correct one of both", ((blind[0]["blinded"], "said to be blinded"),))


def _opened(trial: Trial, assessments: list[Node], roles: list[Node]) -> Iterator[Found]:
    """Find what is assessed open, though the design has its assessors blinded and none of them named as unblinded."""
    blinding = trial.at("/design/blinding")
    blinded = {} if blinding["by_part"] else {node.text: node for node in blinding["roles"]}
    weighty = _weighty(trial)
    for each in assessments:
        if _knowing(each["assessor"].text, roles) is not None:
            continue
        outcome = each.path[0] == "outcomes"
        beyond = _BEYOND_JUDGEMENT.search(each["name"].text) or _is_logged(each) or _is_registered(each)
        if outcome and (each["id"].text not in weighty or beyond):
            continue
        role = _role(each, blinded)
        if role is not None:
            what = named(each) or each["event"].text or str(each.path[-1])
            message = f"{what} is assessed by {each['assessor'].text}, blinded: false; the design has them blinded"
            hint = "correct one of both, or name who knows the assignment under design.blinding.unblinded_roles"
            yield Found(each["blinded"], message, hint, ((role, "the blinded role"),))


def _is_logged(outcome: Node) -> bool:
    """Say whether a device writes down by itself what it measures, so that nobody judges it."""
    return outcome["mode"].text == "device" and bool(_LOG.search(outcome["assessor"].text))


def _is_registered(outcome: Node) -> bool:
    """Say whether what is written down for other purposes is taken over, from a register or the records of a school."""
    return outcome["mode"].text == "registry" and bool(_REGISTER.search(outcome["assessor"].text))


def _weighty(trial: Trial) -> set[str]:
    """Return the outcomes whose open assessment contradicts a design that blinds those who assess.

    In an open trial that has some outcome assessed blind, the design speaks of that one, and of the primary ones.
    """
    open_label = trial.at("/design/blinding/schema").text == "open_label"
    apart = open_label and any(each["blinded"].value is True for each in trial.root["outcomes"])
    levels = ("primary",) if apart else ("primary", "secondary")
    return {
        endpoint["outcome"].text
        for objective in trial.root["objectives"]
        if objective["level"].text in levels and objective["kind"].text != "harm"
        for endpoint in objective["endpoints"]
    }


def _role(assessment: Node, blinded: dict[str, Node]) -> Node | None:
    """Return the blinded role of those who assess: participants and investigators have their own, others the third."""
    assessor = assessment["assessor"].text
    own = next((name for name in ("participant", "investigator") if name in assessor.casefold()), "")
    if own or _CLOSE.search(assessor) or assessment.path[0] != "outcomes":
        return blinded.get(own)
    return blinded.get("outcomes_assessor")


def _knowing(assessor: str, roles: list[Node]) -> Node | None:
    """Return the unblinded role that an assessor has, one of several people that a role may name."""
    if _BLIND.search(assessor) or _ELSEWHERE.search(assessor):
        return None
    for role in roles:
        if any(_is(person, assessor) for person in members(role.text)):
            return role
    return None


def _is(person: str, assessor: str) -> bool:
    """Say whether an assessor has a role; one word is the same word: a vaccination nurse may not be the vaccinator."""
    wanted, told = stems(person), stems(assessor)
    if len(person.split()) > 1:
        return bool(wanted) and wanted <= told
    return folded(person) in {folded(word) for word in assessor.split()}


RULES: tuple[Rule, ...] = (unblinded_assessors,)
