"""Rules on subgroups: known beforehand, cut beforehand, tested by interaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_models import telling
from protocolkit.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_INTERACTION = Pattern(r"interact|heterogen|effect modif|probability that|ratio of (?:the )?(?:odds|hazard|risk|rate)")
_DESCRIBED = Pattern(
    r"\bdescriptive|\bdescribed\b|\bno (?:formal )?(?:test|comparison)|not (?:tested|compared)|estimates? only"
)
_LATER = Pattern(
    r"\b(?:responders?|response to|adheren\w+|complian\w+|completers?|exposure|after randomi[sz]ation|on[- ]treatment"
    r"|trough concentration|during (?:the )?treatment)\b"
)
_GROUPS = Pattern(
    r"\b(?:sex|gender|race|ethnic\w*|region|country|cohort|site|centre|center|hospital|genotype|origin|type|histology"
    r"|bands?|categor(?:y|ies)|groups?|tertiles?|quartiles?|quintiles?)\b"
)
# Two or more named levels, as in `surgical or medical admission`: no number is cut there.
_LEVELS = Pattern(
    r"\b[a-z-]{3,},? (?:or|versus|vs\.?) "
    r"(?!more|less|above|below|older|younger|higher|lower|greater|fewer|over|under|later|longer|shorter)[a-z-]{3,}|"
    r"\bwith (?:or|and|versus) without\b|\byes or no\b|\b(?:presence|absence) of\b"
)
# Levels in brackets, of which one at least has a number: `age (1 to 5 months, 6 months to below 2 years)`.
_BANDS = Pattern(
    r"\([^()]*(?:[0-9][^()]*(?:[,;/]| or | versus )|(?:[,;/]| or | versus )[^()]*[0-9])[^()]*\)", exact=True
)
_BRACKETS = Pattern(r"\([^()]*\)", exact=True)
# What is measured on a scale, so that groups of it need a cut.
_SCALED = Pattern(
    r"\bages?\b|\bolder\b|\byounger\b|\byears?\b|\bmonths?\b|\bBMI\b|body mass|\b(?:body|birth) ?weight|\bheight\b"
    r"|\bweight\b|\bscores?\b|\bindex\b|(?<!dose )(?<!care )\blevels?\b(?! of (?:care|education))|titres?\b"
    r"|\bconcentrations?\b|\be?GFR\b|clearance|creatinine|ha?emoglobin|\bHbA1c\b|glucose|cholesterol|\bLDL\b"
    r"|albumin|bilirubin|\bCRP\b|\bBNP\b|\bferritin\b|potassium|sodium|\bplatelets?\b|\bcounts?\b|viral load"
    r"|\bLV?EF\b|ejection fraction|blood pressure|heart rate|\bpulse\b|\bFEV|\bintensity\b|\bduration\b"
    r"|\btime (?:since|from|to)\b|\blength\b|\bdiameter\b|\bvolume\b|\bburden\b|\bnumber of\b|\bpercent\w*"
    r"|\bacuity\b|\bdensity\b|\b(?:MMSE|MoCA|NIHSS|EDSS|NRS|VAS|PASI|MADRS|PANSS)\b"
)
# What somebody takes, or has had, is so or not, whatever it is named after: `glucose-lowering medicine`.
_TAKEN = Pattern(
    r"[- ]lowering\b|\b(?:use|users?|therap(?:y|ies)|treatments?|medic\w+|inhibitors?|binders?|supplements?)\b"
)
# A visit says when something was found, and is no length of time: `parasitaemia at month 0`.
_AT_VISIT = Pattern(r"\b(?:at|on|by|in) (?:the )?(?:year|month|week|day) [0-9]+\b")
_HOW_LONG = Pattern(r"\b(?:duration|time|number|years?|months?|length)\b")
_MANY = 5


@rule(
    "STAT10", Severity.WARNING,
    reads=("/statistics/subgroups", "/statistics/multiplicity", "/design/randomisations/*/strata", "/design/model"),
)  # fmt: skip
def subgroups(trial: Trial) -> Iterator[Found]:
    """A subgroup is known before randomisation, has an expected direction, and is tested by interaction.

    Why: among many subgroups one looks different by chance; what was expected beforehand, and a test of the difference
    between groups, tell a finding from an accident.

    Applies: subgroup analyses are planned. What several of them lack is told once. A test that says that the groups are
    described and not compared is an answer; a single group has no interaction to test. A factor of randomisation is
    known before.

    Basis:
        SPIRIT 2025, 27d (H)
        EMA/CHMP/539146/2013, assessment of subgroup analyses (M)

    Fails::

        statistics: {subgroups: [{variable: sex}]}
        outcomes: []

    Passes::

        statistics:
          subgroups: [{variable: sex, direction: no difference expected, test: interaction of arm and subgroup}]
        outcomes: []
    """
    listed_groups = [*trial.at("/statistics/subgroups")]
    if not listed_groups:
        raise NotApplicable("no subgroup analysis is planned")
    compares = trial.at("/design/model").text != "single_group"
    yield from _incomplete(listed_groups, ("direction", *(("test",) if compares else ())))
    for group in listed_groups:
        variable, told = group["variable"], group["test"].text if compares else ""
        if told and not (_INTERACTION.search(told) or _DESCRIBED.search(told)):
            message = f"subgroup {variable.text}: {told} is no test of interaction"
            yield Found(group["test"], message, "test the interaction of arm and subgroup")
        if (match := _LATER.search(variable.text)) and not _is_factor(trial, variable):
            message = f'subgroup {variable.text}: "{match[0]}" is not known before randomisation'
            yield Found(variable, message, "choose a variable that is known before randomisation")
    if len(listed_groups) > _MANY and not trial.at("/statistics/multiplicity"):
        message = f"{len(listed_groups)} subgroups are planned, and nothing is said of how many are expected to differ"
        yield Found(trial.at("/statistics/subgroups"), message, "plan fewer, or explain them under multiplicity")


def _incomplete(groups: list[Node], wanted: tuple[str, ...]) -> Iterator[Found]:
    """Find subgroups that lack something, told once for all that lack the same."""
    lacking: dict[tuple[str, ...], list[Node]] = {}
    for group in groups:
        lacking.setdefault(tuple(key for key in wanted if not group[key]), []).append(group)
    for missing, rows in lacking.items():
        if missing:
            yield _of_several(rows, f": {listed([*missing])} missing", f"state {listed([*missing])}")


def _of_several(rows: list[Node], told: str, hint: str) -> Found:
    """Return one finding for subgroups that have one fault."""
    names = listed([group["variable"].text for group in rows])
    related = tuple((group, "this one too") for group in rows[1:])
    return Found(rows[0], f"{'subgroup' if len(rows) == 1 else 'subgroups'} {names}{told}", hint, related)


@rule(
    "STAT37", Severity.WARNING,
    reads=("/statistics/subgroups", "/design/randomisations/*/strata", "/outcomes/*/unit", "/outcomes/*/range",
           "/outcomes/*/name", "/outcomes/*/instrument"),
)  # fmt: skip
def cuts(trial: Trial) -> Iterator[Found]:
    """A subgroup that is measured on a scale has its cut.

    Why: a cut that is chosen when the results are known is the one at which the groups differ.

    Applies: a subgroup is of what is measured on a scale, as an age, a laboratory value or an outcome with a unit: not
    of groups that are names or bands, of what somebody has or not, nor of factors of randomisation whose levels are
    named. Levels in brackets are a cut.

    Basis:
        SPIRIT 2025, 27d (H)
        EMA/CHMP/539146/2013, assessment of subgroup analyses (M)

    Fails::

        statistics: {subgroups: [{variable: age, direction: no difference expected, test: interaction}]}
        outcomes: []

    Passes::

        statistics: {subgroups: [{variable: age, cut: 65 a, direction: no difference expected, test: interaction}]}
        outcomes: []
    """
    listed_groups = [*trial.at("/statistics/subgroups")]
    if not listed_groups:
        raise NotApplicable("no subgroup analysis is planned")
    uncut = [group for group in listed_groups if not group["cut"] and _is_cut(trial, group["variable"])]
    if uncut:
        yield _of_several(uncut, f" {'has' if len(uncut) == 1 else 'have'} no cut", "state cut")


def _is_factor(trial: Trial, variable: Node) -> bool:
    wanted = telling(variable.text)
    return any(wanted <= telling(factor.text) for factor in trial.each("/design/randomisations/*/strata/*/factor"))


def _is_cut(trial: Trial, variable: Node) -> bool:
    """Say whether a variable is measured on a scale, by its words or as an outcome with a unit or a range."""
    if any(words.search(variable.text) for words in (_GROUPS, _LEVELS, _BANDS)) or _has_levels(trial, variable):
        return False
    if _TAKEN.search(variable.text) and not _HOW_LONG.search(variable.text):
        return False
    told = f" {folded(variable.text)} "
    scaled = [each for each in trial.root["outcomes"] if each["unit"] or each["range"]]
    names = {folded(node.text) for each in scaled for node in (each["id"], each["name"], each["instrument"]["name"])}
    return bool(_SCALED.search(_AT_VISIT.sub(" ", variable.text))) or any(f" {name} " in told for name in names - {""})


def _has_levels(trial: Trial, variable: Node) -> bool:
    """Say whether a variable is a factor of randomisation whose levels are named, so that nothing is cut."""
    wanted = telling(variable.text)
    strata = [each for each in trial.each("/design/randomisations/*/strata/*") if not each["cut"]]
    if any(_LEVELS.search(each["factor"].text) and wanted & telling(each["factor"].text) for each in strata):
        return True
    banded = [telling(_BRACKETS.sub(" ", each["factor"].text)) for each in strata if _BANDS.search(each["factor"].text)]
    return any(own and (own <= wanted or wanted <= own) for own in banded)


RULES: tuple[Rule, ...] = (subgroups, cuts)
