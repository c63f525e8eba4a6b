"""Rules on randomisation: as many parts of the ratio as arms, concealment that conceals, no block sizes in prose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.document import Node
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.rerandomised import first_arms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Path
    from protocolkit.rules.trial import Trial

_OPEN = Pattern(
    r"\balternat|\bopen list\b|\bdate of birth\b|\bbirth ?date\b|\bday of (?:the )?week\b"
    r"|\b(?:odd|even) (?:days?|numbers?)\b|\bunsealed\b|\bnone\b|\bno concealment\b|\bnot concealed\b"
    r"|\brecord number\b"
)
_COUNT = r"(?:[0-9]{1,2}|two|three|four|five|six|eight|ten|twelve)\b"
_UNIT = r"(?:m[Ll]|mg|g|min|minutes?|h|hours?|d|days?|wk|weeks?|months?|s|cm|%)\b"
_SIZE = Pattern(
    rf"\bblock(?:ed|s|ing)?[- ](?:sizes?|lengths?)\b[^.;]{{0,25}}?\b{_COUNT}"
    rf"|\bblocks? of (?:sizes? |lengths? |either )?{_COUNT}(?! ?{_UNIT})"
    rf"|\b{_COUNT}[- ](?:person|participant|patient|subject)s? blocks?\b"
)
_VARYING = Pattern(r"\b(?:varying|variable|varied|random(?:ly varying)?|different)[- ](?:block|size)")
_SEED = Pattern(r"\bseed\b[^.;]{0,20}?[0-9]{2,}")
_CHANCE = Pattern(r"\b(?:minimi[sz]ation|biased coin)\b[^.;]{0,80}?(?:\b0\.[5-9][0-9]?\b|\b[5-9][0-9] ?%)")
_OF_RANDOMISATION = Pattern(r"randomi[sz]|allocat|permut|stratif|assign")
_OTHER_BLOCKS = Pattern(r"nerve|beta|plexus|branch|ganglion|paravertebral|epidural|spinal|femoral|calcium")
_METHODS = ("design", "randomisations")
_TELLING = ("block", "seed", "minimi", "coin")
_SKIPPED = frozenset({"provenance", "waivers", "reviews", "references", "abbreviations", "protocolkit"})


@rule(
    "STAT05",
    Severity.ERROR,
    reads=("/design/randomisations", "/arms", "/design/sequences"),
    tags_off=("single-arm",),
)
def assigned(trial: Trial) -> Iterator[Found]:
    """A randomisation has a ratio with one part for each arm, and a concealment that nobody can see through.

    Why: whoever can foresee the next assignment chooses who gets it. (That unit, ratio, restriction, factors,
    concealment and the restricted document are stated, the shape of the file tells.)

    Applies: participants, clusters or periods are randomised.

    Basis:
        SPIRIT 2025, 12, 21a, 21b and 22 (H)
        Cochrane RoB 2, domain 1 (H)

    Fails::

        design: {randomisations: [{id: R1, ratio: '1:1', concealment: {mechanism: alternation by day of the week}}]}
        outcomes: []

    Passes::

        design: {randomisations: [{id: R1, ratio: '1:1', concealment: {mechanism: central web system}}]}
        outcomes: []
    """
    randomisations = [*trial.at("/design/randomisations")]
    if not randomisations:
        raise NotApplicable("nobody is randomised")
    for each in randomisations:
        parts, (among, count) = each["ratio"].text.split(":"), _among(trial, each)
        if each["ratio"] and count > 1 and len(parts) != count:
            message = (
                f"randomisation {each['id'].text}: the ratio {each['ratio'].text} has {len(parts)} parts for {count}"
            )
            yield Found(each["ratio"], f"{message} {among}", f"state one part for each of the {among}")
        if each["to"].text == "arms" and not each["arms"] and _crosses(trial):
            message = f"randomisation {each['id'].text} assigns arms, and participants go through sequences of arms"
            yield Found(each["to"], message, "write to: sequences")
        mechanism = each["concealment"]["mechanism"]
        if match := _OPEN.search(mechanism.text):
            message = f"randomisation {each['id'].text}: {match[0]} lets those who enrol foresee the assignment"
            yield Found(mechanism, message, "conceal the sequence, for example by a central system")


def _crosses(trial: Trial) -> bool:
    return trial.at("/design/model").text == "crossover" and bool(trial.at("/design/sequences"))


def _among(trial: Trial, randomisation: Node) -> tuple[str, int]:
    """Return among what a randomisation chooses, and how many there are; 0 where that is not clear."""
    if chosen := [*randomisation["arms"]]:
        return "arms", len(chosen)
    sequences = [*trial.at("/design/sequences")]
    if randomisation["to"].text == "sequences" or sequences:
        return "sequences", len(sequences)
    several = len([*trial.at("/design/randomisations")]) > 1 or trial.at("/design/master_protocol")
    return "arms", 0 if several or trial.at("/design/cluster/stepped_wedge") else len(first_arms(trial.root))


@rule("STAT16", Severity.WARNING, reads=("/design/randomisations",), tags_off=("single-arm",))
def told(trial: Trial) -> Iterator[Found]:
    """No block size, seed or probability of minimisation stands in the protocol.

    Why: who knows that blocks hold four knows the fourth assignment. Those who enrol read the protocol, so that such
    details belong in a document that they do not see.

    Applies: participants are randomised. "Varying block sizes" without a number is information, for a person to judge,
    and no more than an answer where the method is asked for; blocks of nerves or receptors are none.

    Basis:
        SPIRIT 2025, 21b (H)

    Fails::

        design: {randomisations: [{id: R1}]}
        narrative: {'6.7.2': Randomisation uses permuted blocks of 4 and 6.}

    Passes::

        design: {randomisations: [{id: R1}]}
        narrative: {'6.7.2': 'Randomisation is blocked and stratified by site; details are in a restricted document.'}
    """
    if not trial.at("/design/randomisations"):
        raise NotApplicable("nobody is randomised")
    for path, text in trial.texts if trial.mentions(*_TELLING) else ():
        if path[0] in _SKIPPED or not (match := _revealed(text, path)):
            continue
        shown, sure = match
        message = f'"{shown}" may reveal the next assignment'
        hint = "move it to the restricted document that restriction_document names"
        yield Found(Node(trial.document, path, text), message, hint, severity=None if sure else Severity.INFO)


def _inside(path: Path) -> bool:
    """Say whether a text speaks of randomisation by where it stands: among the randomisations, or under ICH M11 6.7."""
    section = str(path[1]) if path[0] == "narrative" and len(path) > 1 else ""
    return path[:2] == _METHODS or section.startswith("6.7")


def _revealed(text: str, path: Path) -> tuple[str, bool] | None:
    """Return what a text reveals of the restriction, and whether a number stands there; None for nothing."""
    lower = text.casefold()
    if not ("block" in lower or "seed" in lower or "minimi" in lower or "coin" in lower):  # quicker than a loop
        return None
    inside = _inside(path)
    if "block" in lower and (inside or _OF_RANDOMISATION.search(text)) and not _OTHER_BLOCKS.search(text):
        if match := _SIZE.search(text):
            return match[0], True
        if path[:2] != _METHODS and (match := _VARYING.search(text)):
            return match[0], False
    if "seed" in lower and (match := _SEED.search(text)) and (inside or _OF_RANDOMISATION.search(text)):
        return match[0], True
    match = _CHANCE.search(text) if "minimi" in lower or "coin" in lower else None
    return (match[0], True) if match else None


RULES: tuple[Rule, ...] = (assigned, told)
