"""Rules on analyses and their estimands: the endpoint is the same, the data used are those that a strategy asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import anchor_kind, anchor_of
from protocolkit.rules.trial import variables_of
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_CLAUSE = Pattern(r"[;.]", exact=True)
_AFTER_PART = Pattern(r"[;.,]", exact=True)
_USED = Pattern(r"\b(?:includ\w+|regardless|irrespective|whatever|whether or not|all (?:values|data|observed))\b")
_AFTER = Pattern(r"\bafter\b|\bregardless\b|\birrespective\b|\bwhether or not\b|\blater\b")
_LEFT_OUT = Pattern(
    r"\bset aside\b|\bexclud\w+|\bomit\w*|\bcensor\w*|\bdiscard\w*|\bignor\w+|\bbefore\b|\bup to\b"
    r"|\buntil\b|\bprior to\b|\bnot (?:used|included|collected)\b|\bon[- ]treatment\b|\bno (?:values?|data) after\b"
)
# What is used is told in one part of a clause, and what is left out in another: `all values, not those after rescue`.
_PART = Pattern(r",|\bbut\b|\bwhile\b|\bwhereas\b|\band (?=not\b|those\b|values\b|data\b|without\b)")
_EXCEPT = Pattern(
    r"\bnot (?:\w+ ){0,2}after\b|\bexcept\w*|\bother than\b|\bapart from\b|\bunless\b|\bwithout\b|\bleft out\b"
    r"|\bup till\b|\bto the (?:\w+ )?event\b"
)
_DROPPED = Pattern(
    r"\bafter\b[^;.,]*\b(?:excluded|set aside|censored|not used|not included|discarded|ignored|omitted|left out)\b"
)
_COLLECTED_NOT = Pattern(
    r"\bnot (?:be )?(?:collected|used|recorded|assessed|followed|measured|included)\b"
    r"|(?<!not )(?<!nor )(?<!never )(?:\bset aside\b|\bexclud\w+|\bdiscard\w*|\bignored\b)"
    r"|\bno (?:further |more |later )?(?:visits?|data|values?|follow-up|assessments?)\b"
)
_TAKEN = Pattern(r"\b(?:and|are|is) used\b|\bused (?:in the main|as observed)\b|\bincluded\b")
_CENSORED = Pattern(r"\bcensor(?:ed|ing|s)?\b")
_UNCENSORED = Pattern(r"\b(?:no|not|never|without|nor)\b[^;.]{0,30}\bcensor|\buncensored\b")
# Data that end with treatment: under treatment policy, those after somebody's stop count as well.
_TO_LAST_DOSE = Pattern(
    r"\bon-treatment\b|\b(?:up to|until|till|within)\b[^;.]{0,30}"
    r"\blast (?:dose|tablet|capsule|injection|infusion|intake|application|administration)\b"
)
# Whatever the strategy, nothing is collected from those who no longer agree.
_AGREED = Pattern(r"\bconsent\b|\bobject(?:s|ed|ion)?\b|\bdeath\b|\bdie[sd]?\b")
_WHATEVER = Pattern(
    r"\bregardless\b|\birrespective\b|\bwhatever\b|\bwhether or not\b|\bdespite\b"
    r"|\b(?:also|even|including|continu\w+) after\b"
)
_LAST = "last_dose"
_NEGATED = Pattern(r"\bnot\b|\bno\b|supplementary|sensitivity")
_WORDS = {
    "treatment discontinuation": ("discontinu", "stop"), "rescue": ("rescue",), "death": ("death", "die"),
    "prohibited medicine": ("prohibited",), "dose reduction": ("reduc",), "treatment switch": ("switch", "crossing"),
}  # fmt: skip
_WORD = Pattern(r"[^\W_]+", exact=True)
_EMPTY = frozenset({
    "a", "an", "the", "of", "in", "on", "to", "for", "from", "by", "with", "and", "or", "any",
    "new", "another", "other", "further", "subsequent",  # than the trial's: told now in one, now in the other word
})  # fmt: skip
_STEM = 6
# Beginnings of words that mean one thing beside each other: `stopping the app` is the discontinuation of the app.
_ALIKE = {
    "discon": "stop", "stoppi": "stop", "stoppe": "stop", "cessat": "stop", "withdr": "stop", "initia": "start",
    "starte": "start", "starti": "start", "beginn": "start", "begin": "start", "began": "start", "medica": "medici",
}  # fmt: skip
_KEEPS = frozenset({"treatment_policy"})
_SETS_ASIDE = frozenset({"hypothetical", "while_on_treatment", "while_alive"})
_GENERAL = frozenset({"treatment_discontinuation", "treatment discontinuation"})


@rule(
    "EST02",
    Severity.WARNING,
    reads=(*below("/objectives/*", "endpoints", "estimands"), "/statistics/analyses", "/schedule/anchors"),
)
def fitting(trial: Trial) -> Iterator[Found]:
    """The data that an analysis uses fit the strategy for each intercurrent event.

    Why: a hypothetical strategy sets values after the event aside and models them, treatment policy takes them as they
    are. An analysis that does the other thing estimates another estimand.

    Applies: an analysis names its estimand and says which data it uses, or an event says what becomes of data after it;
    or the time of an endpoint ends with the last dose, and treatment policy is the strategy for stopping; or times are
    censored at an event whose strategy is treatment policy.

    Basis:
        ICH E9(R1), A.5.1 estimator aligned with the estimand (H)

    Fails::

        objectives:
          - id: O1
            estimands:
              - {id: S1, variable: E1, intercurrent_events: [{event: rescue, strategy: hypothetical}]}
        statistics:
          analyses: [{endpoint: E1, estimand: S1, role: main, data_used: all values including after rescue}]

    Passes::

        objectives:
          - id: O1
            estimands:
              - {id: S1, variable: E1, intercurrent_events: [{event: rescue, strategy: hypothetical}]}
        statistics:
          analyses: [{endpoint: E1, estimand: S1, role: main, data_used: values before rescue; later ones modelled}]
    """
    by_estimand: dict[str, list[Node]] = {}
    for analysis in trial.at("/statistics/analyses"):
        if analysis["role"].text == "main" and analysis["data_used"] and analysis["estimand"].text:
            by_estimand.setdefault(analysis["estimand"].text, []).append(analysis)
    rows = [
        (event, by_estimand.get(estimand["id"].text, []))
        for estimand in trial.each("/objectives/*/estimands/*")
        for event in estimand["intercurrent_events"]
    ]
    ending = [*_ending(trial), *_censored(trial)]
    if not ending and not any(event["data_after"] or analyses for event, analyses in rows):
        raise NotApplicable("no analysis of an estimand says which data it uses")
    yield from ending
    for event, analyses in rows:
        yield from _after(event)
        for analysis in analyses:
            if clause := _contradicting(event, analysis["data_used"].text):
                message = f"{event['event'].text}: {event['strategy'].text} does not fit the data used ({clause})"
                hint = f"use the data that {event['strategy'].text} asks for, or choose another strategy"
                yield Found(analysis["data_used"], message, hint, ((event["strategy"], "the strategy"),))


def _ending(trial: Trial) -> Iterator[Found]:
    """Find endpoints whose time ends with the last dose, though what comes after an early stop is to count."""
    for objective in trial.root["objectives"]:
        for estimand in objective["estimands"]:
            stops = (each for each in estimand["intercurrent_events"] if each["event"].text in _GENERAL)
            strategy = next((each["strategy"] for each in stops if each["strategy"].text in _KEEPS), None)
            to = objective["endpoints"].find(estimand["variable"].text)["interval"]["to"]
            if strategy is not None and anchor_kind(trial, anchor_of(to)) == _LAST:
                message = f"{estimand['variable'].text} ends with the last dose of a participant, and the strategy for"
                told = f"{message} stopping is {strategy.text}: what comes later is to count"
                hint = "let the interval end at a time that stopping does not move, or choose another strategy"
                yield Found(to, told, hint, ((strategy, "the strategy"),))


def _censored(trial: Trial) -> Iterator[Found]:
    """Find times to an event that are censored at what is to change nothing."""
    for objective in trial.root["objectives"]:
        for estimand in objective["estimands"]:
            told = objective["endpoints"].find(estimand["variable"].text)["censoring"]
            clauses = [clause for clause in _CLAUSE.split(told.text) if _CENSORED.search(clause)]
            for event in estimand["intercurrent_events"] if clauses else ():
                name, strategy = event["event"].text, event["strategy"]
                if strategy.text in _KEEPS and any(
                    _speaks_of(clause, name) and not (_UNCENSORED.search(clause) or _WHATEVER.search(clause))
                    for clause in clauses
                ):
                    message = f"{estimand['variable'].text} is censored at {name}, and the strategy for it is "
                    hint = "follow participants beyond the event, or choose another strategy"
                    yield Found(told, f"{message}{strategy.text}", hint, ((strategy, "the strategy"),))


def _after(event: Node) -> Iterator[Found]:
    told, strategy = event["data_after"], event["strategy"].text
    match = None
    if strategy in _KEEPS:
        own = (part for part in _AFTER_PART.split(told.text) if not _AGREED.search(part))
        match = next((found for part in own if (found := _COLLECTED_NOT.search(part))), None)
    elif strategy in _SETS_ASIDE and not _NEGATED.search(told.text) and not _LEFT_OUT.search(told.text):
        match = _TAKEN.search(told.text)
    if match:
        message = f"{event['event'].text}: {strategy}, but data after it are told as: {told.text[:80]}"
        yield Found(told, message, "say what the strategy asks for", ((event["strategy"], "the strategy"),))


def _contradicting(event: Node, told: str) -> str:
    """Return the clause on the data used that contradicts the strategy of an event; an empty text for none."""
    name, strategy = event["event"].text, event["strategy"].text
    clauses = [clause.strip() for clause in _CLAUSE.split(told)]
    speaking = [part for clause in clauses for part in _parts(clause, name)]
    for clause in speaking:
        left, kept = _LEFT_OUT.search(clause), _AFTER.search(clause) or _USED.search(clause)
        aside = left or _EXCEPT.search(clause)
        if strategy in _SETS_ASIDE and _USED.search(clause) and _AFTER.search(clause) and not aside:
            return clause
        if strategy in _KEEPS and (_DROPPED.search(clause) or (left and not kept)):
            return clause
    if not speaking and strategy in _KEEPS and name in _GENERAL:
        return next((clause for clause in clauses if _TO_LAST_DOSE.search(clause) and not _USED.search(clause)), "")
    return ""


def _parts(clause: str, event: str) -> Iterator[str]:
    """Yield the parts of a clause that name an event, each with those beside it without which it says nothing of it."""
    parts = _PART.split(clause)
    for number, part in enumerate(parts):
        if _speaks_of(part, event):
            told = (part, ",".join(parts[number:]), clause)
            yield next(
                (each for each in told if any(w.search(each) for w in (_USED, _LEFT_OUT, _EXCEPT))), part
            ).strip()


def _speaks_of(clause: str, event: str) -> bool:
    """Say whether a clause names an event: by a word for a common one, else by all words of its name that tell it."""
    if words := _WORDS.get(event.replace("_", " ")):
        return any(token.startswith(words) for token in _WORD.findall(clause.casefold()))
    wanted = _stems(event)
    return bool(wanted) and (wanted <= _stems(clause) or wanted <= _stems(clause.replace("-", " ")))


def _stems(text: str) -> set[str]:
    """Return the beginnings of the words of a text that tell something, words for one thing under one of them."""
    words = _WORD.findall(text.replace("-", "").casefold())
    stems = (word.removesuffix("s")[:_STEM] for word in words if word not in _EMPTY)
    return {_ALIKE.get(stem, stem) for stem in stems}


@rule(
    "EST06", Severity.ERROR, reads=(*below("/objectives/*", "endpoints", "estimands", "level"), "/statistics/analyses")
)
def same_variable(trial: Trial) -> Iterator[Found]:
    """An estimand is about an endpoint of its own objective, and its analyses are of that endpoint.

    Why: an analysis that names an estimand of another endpoint estimates something that nobody asked.

    Applies: an estimand is stated. A primary estimand without a main analysis is a warning.

    Basis:
        ICH E9(R1), A.5 estimator aligned with the estimand (H)
        internal consistency of the protocol, objectives and analyses (H)

    Fails::

        objectives: [{id: O1, endpoints: [{id: E1}, {id: E2}], estimands: [{id: S1, variable: E1}]}]
        statistics: {analyses: [{endpoint: E2, estimand: S1, role: main}]}

    Passes::

        objectives: [{id: O1, endpoints: [{id: E1}, {id: E2}], estimands: [{id: S1, variable: E1}]}]
        statistics: {analyses: [{endpoint: E1, estimand: S1, role: main}]}
    """
    estimands = {each["id"].text: each for each in trial.each("/objectives/*/estimands/*") if each["variable"]}
    if not estimands:
        raise NotApplicable("no estimand is stated")
    analyses = [*trial.at("/statistics/analyses")]
    for objective in trial.root["objectives"]:
        own = [each["id"].text for each in objective["endpoints"]]
        for estimand in objective["estimands"]:
            for variable in (estimand["variable"], *estimand["same_for"]):
                if own and variable.text and variable.text not in own:
                    name = estimand["id"].text
                    message = f"estimand {name} is about {variable.text}, its objective about {listed(own)}"
                    yield Found(variable, message, "name an endpoint of the objective")
            if objective["level"].text == "primary" and analyses:
                yield from _unanalysed(estimand, analyses)
    for analysis in analyses:
        estimand_of = estimands.get(analysis["estimand"].text)
        if estimand_of is not None and analysis["endpoint"].text not in variables_of(estimand_of):
            message = f"the analysis of {analysis['endpoint'].text} names the estimand {analysis['estimand'].text}"
            told = f"{message}, which is about {estimand_of['variable'].text}"
            yield Found(
                analysis["estimand"], told, "name the estimand of the endpoint", ((estimand_of, "the estimand"),)
            )


def _unanalysed(estimand: Node, analyses: list[Node]) -> Iterator[Found]:
    mains = {each["endpoint"].text for each in analyses if each["role"].text == "main"}
    if without := [node.text for node in (estimand["variable"], *estimand["same_for"]) if node.text not in mains]:
        have = "has" if len(without) == 1 else "have"
        message = f"estimand {estimand['id'].text}: {listed(without)} {have} no main analysis"
        yield Found(estimand, message, "plan the analysis with role main", severity=Severity.WARNING)


RULES: tuple[Rule, ...] = (fitting, same_variable)
