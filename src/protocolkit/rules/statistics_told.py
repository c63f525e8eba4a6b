"""Levels that the plan for multiplicity, or the statement on tests in general, gives an endpoint by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_sizes import sized_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial

_CLAUSE = Pattern(r";|\.(?= |$)", exact=True)
# What holds at one look, once another test has succeeded, or for several comparisons of an endpoint together, is not
# the level that it is sized at.
_ASIDE = Pattern(
    r"\b(?:interim|looks?|final|if|once|when|where|after|until|unless|provided|pass(?:es|ed)?|remain\w*|full|power"
    r"|intervals?|together|jointly|divided|split (?:over|between|among|across|equally)|bonferroni|dunnett|holm|hochberg"
    r"|hommel|overall|family|margins?|missing|drop-?outs?|differences?|rates?|goal|doses?|arms?"
    r"|comparisons?|populations?|subgroups?|each)\b"
)
_LEVEL = r"(?P<level>[0-9]+(?:\.[0-9]+)?)(?: ?(?P<percent>%))?(?![0-9.]*[0-9])"
_GIVEN = Pattern(rf"(?<![\w.]){_LEVEL} (?:(?:is|are|being) )?(?:(?:given|assigned|allocated) )?(?:to|for) (?P<end>\w+)")
_TESTED = Pattern(
    rf"(?<!and )(?<!or )(?<!, )(?<!/)\b(?P<end>\w+) (?:(?:is|will be) )?(?:tested )?at (?:(?:an?|the|alpha|level|of"
    rf"|one-sided|two-sided) )*{_LEVEL}"
)
_MORE = Pattern(r" ?(?:,|and|or|with|/|\+|, and) ?(?:the )?(\w+)")
_ONE_SIDED = Pattern(r"\b(?:one|1)[- ](?:sided|tailed)\b")
_OWN = Pattern(
    r"\bquestions? of (?:its|their) own\b|\b(?:each|every) factor\b|\bseparate(?:ly)? (?:question|trial|test|factor)"
    r"|\bno (?:adjustment|correction)\b[^.;]*\bfactors?\b"
    r"|\bfactors? (?:are|is) (?:tested|analysed) (?:separate|independent)"
)
_MOST = 0.1  # what is above is no level of a test
_SLACK = 1e-9


def told_otherwise(trial: Trial) -> Iterator[Found]:
    """Find an endpoint that is sized at another level than the words give it."""
    texts = [trial.at(f"/statistics/{key}") for key in ("multiplicity", "general")]
    one_sided = any(_ONE_SIDED.search(text.text) for text in texts)
    for entry in trial.at("/statistics/sample_size"):
        ends, alpha = sized_by(entry), entry["alpha"].value
        if len(ends) != 1 or isinstance(alpha, bool) or not isinstance(alpha, int | float):
            continue
        for text in texts:
            said = {*_said(text.text, ends[0]["id"].text, _ids(trial))}
            allowed = _allowed(float(alpha), entry["sided"].value, one_sided=one_sided)
            if len(said) == 1 and not any(abs(one - other) <= _SLACK for one in said for other in allowed):
                message = f"{ends[0]['id'].text} is sized at {entry['alpha'].text}, and {text.path[-1]} gives it"
                yield Found(entry["alpha"], f"{message} {said.pop():g}", "tell one level", ((text, "the words"),))
                break


def _ids(trial: Trial) -> set[str]:
    return {each["id"].text for each in trial.each("/objectives/*/endpoints/*")}


def _said(text: str, name: str, ids: set[str]) -> Iterator[float]:
    """Yield the levels that a text gives one endpoint alone."""
    for clause in _CLAUSE.split(text):
        if _ASIDE.search(clause):
            continue
        for match in (*_GIVEN.finditer(clause), *_TESTED.finditer(clause)):
            more = _MORE.match(clause[match.end("end") :])
            level = float(match["level"]) / (100 if match["percent"] else 1)
            if match["end"] == name and level <= _MOST and (more is None or more[1] not in ids):
                yield level


def _allowed(alpha: float, sided: object, *, one_sided: bool) -> tuple[float, ...]:
    """Return how a level may be told: as it is, or of one side as of two and the other way round."""
    if sided == 1:
        return alpha, alpha * 2
    return (alpha, alpha / 2) if one_sided else (alpha,)


def factors_apart(trial: Trial) -> bool:
    """Say whether the words call the factors of a factorial trial questions of their own."""
    words = trial.at("/statistics/multiplicity").text
    return trial.at("/design/model").text == "factorial" and bool(_OWN.search(words))
