"""Rules on who takes part: by which criteria the condition is told, and who is left out by age."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_VERSIONED = Pattern(r"[0-9]|\b(first|second|third|fourth|fifth|revised|clinical|research|current)\b")
# Words by which an inclusion criterion says how the condition is established.
_ESTABLISHED = Pattern(
    r"histolog|cytolog|biops|patholog|confirmed|documented|established|proven|serolog|\bPCR\b|imaging|radiograph|angiograph|"
    r"\b(MRI|CT|ECG|EEG|DSM|ICD|WHO|RECIST|NYHA|ECOG|FIGO|TNM|GOLD|ACR|EULAR|MMSE|HbA1c|BMI|LVEF|eGFR)\b|"
    r"diagnos\w* (of .{3,60} )?(by|according|based|per|using|within|made)|defined (as|by)|according to|guideline|"
    r"(criteria|classification) (of|for|by)|\b(meet|fulfil)\w* .{0,40}criteria|"
    r"\b(stage|grade|class|score|type|subtype)\b|"
    r"\N{GREATER-THAN OR EQUAL TO}|>|at least [0-9]|[0-9] ?(%|mg|mm|mmol|kg)"
)
_OLD, _ADULT, _GROWN = Decimal(75), Decimal(18), Decimal(40)
_FERTILE = Decimal(55)
_PREVENTIVE = frozenset({"prevention", "screening", "health_services_research", "basic_science"})


@rule(
    "POP01", Severity.WARNING,
    reads=("/population/condition", "/population/type", "/population/inclusion", "/design/primary_purpose"),
    severity_by_tag={"chronic-pain": Severity.ERROR},
)  # fmt: skip
def diagnostic_criteria(trial: Trial) -> Iterator[Found]:
    """The condition is told by diagnostic criteria with their version.

    Why: fibromyalgia by the criteria of 1990, 2010 and 2016 are three populations; trials that do not say which cannot
    be pooled. Where pain is not the field, an inclusion criterion that says how the condition is established will do.

    Applies: participants have a condition: not where they have none (type without_disease), nor in prevention,
    screening and vaccination.

    Basis:
        SPIRIT 2025, 14a (M)
        ICH M11 Step 4, 1.1.2 and 5.2 (M)

    Fails::

        population:
          condition: {name: fibromyalgia}
          inclusion: [{id: I1, text: diagnosed by a physician}]

    Passes::

        population: {condition: {name: fibromyalgia, criteria: {name: ACR, version: '2016'}}}
    """
    condition = trial.at("/population/condition")
    if not condition["name"] or _healthy(trial):
        raise NotApplicable("participants need not have a condition")
    criteria = condition["criteria"]
    if not criteria["name"]:
        if "chronic-pain" in trial.tags or not _established(trial):
            message = f"the criteria by which {condition['name'].text} is diagnosed are not stated"
            yield Found(condition, message, "state criteria with name and version, such as those of a society")
    elif not criteria["version"] and not _VERSIONED.search(criteria["name"].text):
        message = f"{condition['name'].text}: the criteria {criteria['name'].text} are named without their version"
        yield Found(criteria, message, "state version: a year, a number, or which of several versions")


def _healthy(trial: Trial) -> bool:
    vaccine = any(each["kind"].text == "vaccine" for each in trial.root["interventions"])
    prevents = trial.at("/design/primary_purpose").text in _PREVENTIVE
    return trial.at("/population/type").text == "without_disease" or vaccine or prevents


def _established(trial: Trial) -> bool:
    return any(
        criterion["above"] or criterion["below"] or _ESTABLISHED.search(criterion["text"].text)
        for criterion in trial.at("/population/inclusion")
    )


@rule("POP08", Severity.WARNING, reads=("/population/age", "/population/sex", "/population/type", "/trial/phase"))
def older_adults(trial: Trial) -> Iterator[Found]:
    """An upper limit of age below 75 years has a reason.

    Why: medicines and devices are used by people older than those they were tried in; a limit of 65 is habit more often
    than need. (Whether a range is narrower than that of people with the condition is not checked.)

    Applies: an upper limit is stated; not for trials in children, in healthy volunteers of phase 1, or in women up to
    the end of childbearing age.

    Basis:
        ICH E7, preferably people of 75 years and older, no arbitrary limit of age, no needless exclusion (M)
        FDA guidance on the diversity of trial populations (November 2020), broader eligibility criteria (M)
        FDA guidance on older adults in cancer trials (March 2022), people older than 75 years; for cancer only (M)

    Fails::

        population: {age: {min: 18 a, max: 65 a}}

    Passes::

        population: {age: {min: 18 a, max: 65 a, reason: recruited at workplaces; see 5.1}}
    """
    age = trial.at("/population/age")
    most = _years(age["max"])
    if most is None or _young(age, most) or _volunteers(trial) or _childbearing(trial, most):
        raise NotApplicable(
            "no upper limit of age is stated, or the trial is in children, volunteers or childbearing age"
        )
    if most < _OLD and not age["reason"]:
        least = f"{age['min'].text} to " if age["min"] else "up to "
        message = f"age {least}{age['max'].text}: older adults are left out, and no reason is given"
        yield Found(age["max"], message, "raise the limit, leave it out, or state age.reason")


def _years(node: Node) -> Decimal | None:
    """Return an age in years; None where it is in smaller units, as in small children, or is not stated."""
    found = quantity(node)
    return found.value if found is not None and found.unit.code == "a" else None


def _young(age: Node, most: Decimal) -> bool:
    """Say whether a trial is in children and young adults."""
    least = _years(age["min"])
    return most <= _ADULT or (most <= _GROWN and bool(age["min"]) and (least is None or least < _ADULT))


def _volunteers(trial: Trial) -> bool:
    early = trial.at("/trial/phase").text in ("Phase 1", "Early Phase 1")
    return early and trial.at("/population/type").text == "without_disease"


def _childbearing(trial: Trial, most: Decimal) -> bool:
    return trial.at("/population/sex/eligible").text.casefold() in ("female", "women") and most <= _FERTILE


RULES: tuple[Rule, ...] = (diagnostic_criteria, older_adults)
