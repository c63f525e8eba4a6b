"""Rules on the population of trials of chronic pain: how long, how strong, of which kind, on which analgesics."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.instruments import domains
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.morphine import is_opioid
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import length
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.library.facts import Row
    from protocolkit.rules.trial import Trial

# More than three months, in the units that people write; a month has no fixed number of days.
_CHRONIC = {"d": Decimal(90), "wk": Decimal(13), "mo": Decimal(3), "a": Decimal("0.25")}
_NEUPSIG = Pattern(r"neupsig")
_NEUROPATHIC = Pattern(r"(?<!non-)(?<!non )\bneuropathic")
_PRIMARY = Pattern(r"\bprimary pain\b|\bchronic primary\b|\bnociplastic\b")
_STRENGTH = Pattern(
    r"\bpain\b[^.;]{0,60}(at least|\N{GREATER-THAN OR EQUAL TO}|>=?|more than|of|from|between) ?[0-9]|"
    r"\b(moderate|severe)( to severe)?( or severe)? (\w+ )?pain\b"
)
_ANALGESIC = Pattern(
    r"analges|gabapent|pregabalin|antidepress|tricyclic|amitriptyl|duloxet|SNRI|NSAID|anti-?inflammator|paracetamol|"
    r"acetaminophen|ibuprofen|lidocain|lignocain|capsaicin|cannabi|antiepilep|anticonvuls|medicines? for pain"
)
_ONE_DAY = Decimal(1)


@rule("POP02", Severity.WARNING, reads=("/population/condition",), tags=("chronic-pain",))
def long_enough(trial: Trial) -> Iterator[Found]:
    """Pain has lasted more than three months before entry.

    Why: chronic pain is pain that lasts or comes back for more than three months; of shorter pain, much goes away by
    itself.

    Applies: a condition is named. Where no duration is stated, criteria that set one themselves will do.

    Basis:
        ICD-11, MG30 definition of chronic pain (H)

    Fails::

        population: {condition: {name: chronic pain, duration_min: 1 mo}}

    Passes::

        population: {condition: {name: chronic pain, duration_min: 13 wk}}
    """
    condition = trial.at("/population/condition")
    if not condition["name"]:
        raise NotApplicable("no condition is named")
    least = condition["duration_min"]
    found = quantity(least)
    if not least and not _set_by_criteria(condition):
        message = f"{condition['name'].text}: no minimum duration is stated; chronic is more than 3 months"
        yield Found(condition, message, "state duration_min, such as 13 wk")
    elif found is not None and found.value < _CHRONIC.get(found.unit.code, Decimal(0)):
        message = f"{condition['name'].text} of at least {least.text}; chronic is more than 3 months"
        yield Found(least, message, "state 13 wk or longer, or do not call the pain chronic")


def _set_by_criteria(condition: Node) -> bool:
    row = _row_of(condition)
    return bool(row and condition["criteria"]["name"] and "duration" in row.data.get("criteria", {}))


def _row_of(condition: Node) -> Row | None:
    from protocolkit.library import facts  # noqa: PLC0415 - on call: only in this field

    return facts.find("conditions", condition["name"].text)


@rule(
    "POP03", Severity.ERROR,
    reads=("/population/severity_at_entry", "/population/inclusion", "/outcomes/*/domain"), tags=("chronic-pain",),
)  # fmt: skip
def pain_at_entry(trial: Trial) -> Iterator[Found]:
    """Pain at entry is told by instrument, range, the days that it is averaged over, and the fewest that count.

    Why: one score at the visit and a mean of seven days select different people, and the one drops back to its mean
    without any treatment. (Instrument and range are asked by the schema.)

    Applies: entry depends on the intensity of pain. Where only the words of a criterion say so, it is a warning.

    Basis:
        IMMPACT recommendations, baseline pain (M)

    Fails::

        outcomes: [{id: NRS, domain: pain}]
        population: {severity_at_entry: {outcome: NRS, range: {min: '4 {score}'}}}

    Passes::

        outcomes: [{id: NRS, domain: pain}]
        population: {severity_at_entry: {outcome: NRS, range: {min: '4 {score}'}, average_over: 7 d, min_days: 4}}
    """
    entry = trial.at("/population/severity_at_entry")
    worded = [node for node in trial.at("/population/inclusion") if _STRENGTH.search(node["text"].text)]
    outcome = trial.root["outcomes"].find(entry["outcome"].text)
    if entry and _measures_pain(outcome):
        missing = [] if entry["average_over"] else ["average_over (the days before that are averaged)"]
        over = length(entry["average_over"])
        if not entry["min_days"] and (over is None or over > _ONE_DAY):
            missing.append("min_days (the fewest days that give a mean)")
        if missing:
            yield Found(entry, f"pain at entry lacks {listed(missing)}", "state both, as for the diary of the outcome")
    elif worded and not entry:
        message = (
            f"criterion {worded[0]['id'].text} asks for an intensity of pain, and no instrument, range and days say how"
        )
        hint = "state severity_at_entry with outcome, range, average_over and min_days"
        yield Found(worded[0]["text"], message, hint, severity=Severity.WARNING)
    elif not entry:
        raise NotApplicable("entry does not depend on the intensity of pain")


def _measures_pain(outcome: Node) -> bool:
    """Say whether an outcome is one of pain: by its domain, where that is not told by its name."""
    held = domains(outcome)
    return "pain" in held or (
        not held and "pain" in f"{outcome['name'].text} {outcome['instrument']['name'].text}".casefold()
    )


@rule("POP04", Severity.ERROR, reads=("/population/condition",), tags=("chronic-pain",))
def grade_of_neuropathic_pain(trial: Trial) -> Iterator[Found]:
    """Neuropathic pain states the lowest grade of certainty; chronic primary pain does not use that grading.

    Why: "possible" neuropathic pain holds many who have none. Conditions such as complex regional pain syndrome are
    classed as chronic primary pain, for which the grading was not made.

    Applies: the category is neuropathic or primary pain, or the library classes the condition so.

    Basis:
        NeuPSIG grading 2016, grades (M)
        ICD-11, chronic primary pain (M)

    Fails::

        population: {condition: {name: painful diabetic neuropathy, category: neuropathic}}

    Passes::

        population:
          condition:
            name: painful diabetic neuropathy
            category: neuropathic
            criteria: {name: NeuPSIG, version: '2016', min_grade: probable}
    """
    condition = trial.at("/population/condition")
    kind, row = condition["category"].text, _row_of(condition) if condition["name"] else None
    known = row.data.get("class") if row and not kind else None
    kind = kind or (known["name"] if known else "")
    sure = known["confidence"] if known else ""
    word = f" (by the library: {known['source']}, confidence {sure})" if known else ""
    criteria = condition["criteria"]
    if _NEUROPATHIC.search(kind):
        if not criteria["min_grade"]:
            message = f"{condition['name'].text} is neuropathic{word}, and no lowest grade of certainty is stated"
            hint = "state criteria with name NeuPSIG, version '2016' and min_grade, such as probable"
            yield Found(criteria or condition, message, hint, confidence=sure)
    elif _PRIMARY.search(kind):
        if _NEUPSIG.search(criteria["name"].text):
            message = (
                f"{condition['name'].text} is chronic primary pain{word}; {criteria['name'].text} grades neuropathic"
            )
            yield Found(criteria["name"], f"{message} pain", "name the criteria of the condition", confidence=sure)
    else:
        raise NotApplicable("the condition is neither called neuropathic nor primary pain")


@rule("POP05", Severity.WARNING, reads=("/concomitant/permitted",), tags=("chronic-pain",))
def permitted_analgesics(trial: Trial) -> Iterator[Found]:
    """Permitted analgesics say for how long they are unchanged before entry, what may change, and how much opioid.

    Why: a change of analgesics moves pain more than many treatments do; where it is allowed in one trial and not in the
    next, their results differ for that reason. (The table of morphine equivalents is told by OUT09.)

    Applies: analgesics are permitted.

    Basis:
        SPIRIT 2025, 15d (H)

    Fails::

        concomitant: {permitted: [{class: stable analgesics}]}

    Passes::

        concomitant: {permitted: [{class: gabapentinoid, stable_for: 28 d, changes: none until V12}]}
    """
    rows = [row for row in trial.at("/concomitant/permitted") if is_opioid(row) or _ANALGESIC.search(_words(row))]
    if not rows:
        raise NotApplicable("no analgesic is permitted")
    for row in rows:
        wanted = {"stable_for": "for how long it is unchanged before entry", "changes": "what may change in the trial"}
        if is_opioid(row):
            wanted["limit"] = "up to which daily dose it is allowed"
        missing = [key for key in wanted if not row[key]]
        if missing:
            message = f"permitted {_words(row)}: nothing says {listed([wanted[key] for key in missing], 'or')}"
            yield Found(row, message, f"state {listed(missing)}")


def _words(row: Node) -> str:
    named = row["class"].text or row["substance"].text or row.text
    members = ", ".join(node.text for node in row["members"] if node.text)
    return f"{named} ({members})" if named and members else named or members


@rule("POP12", Severity.INFO, reads=("/population/condition",), tags=("chronic-pain",))
def coded(trial: Trial) -> Iterator[Found]:
    """The condition carries a code beside its words.

    Why: words for pain conditions differ between trials and languages; the codes of ICD-11 for chronic pain let a
    review group see which are the same. A code is never required.

    Applies: a condition is named. (Beyond chronic pain the words of the condition are what registries ask for.)

    Basis:
        WHO Trial Registration Data Set 1.3.1, 12 (name of the condition; no code is asked for in the label) (M)

    Fails::

        population: {condition: {name: chronic primary pain}}

    Passes::

        population: {condition: {name: chronic primary pain, codes: [{system: ICD-11, code: MG30.0}]}}
    """
    condition = trial.at("/population/condition")
    if not condition["name"]:
        raise NotApplicable("no condition is named")
    if not condition["codes"]:
        row = _row_of(condition)
        codes = [f"{each['code']} ({each['label']})" for each in row.data.get("codes", ())] if row else []
        hint = (
            f"the library has {listed(codes)} of ICD-11, from {row.source}"
            if row and codes
            else "state codes with system and code"
        )
        yield Found(condition, f"{condition['name'].text}: no code is given", hint)


RULES: tuple[Rule, ...] = (long_enough, pain_at_entry, grade_of_neuropathic_pain, permitted_analgesics, coded)
