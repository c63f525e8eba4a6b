"""Amounts and times of other therapy in words, held against its keys: its condition, criteria, the lifestyle."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.quantities import in_unit
from protocolkit.rules.matching import stems
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import anchor_kind, anchor_of, in_mean_days
from protocolkit.rules.told_times import Told, lengths_after, lengths_to
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_DAILY = Pattern(
    r"(?<![\w.,-])(?P<count>[0-9]+(?:\.[0-9]+)?) ?(?P<unit>mg|g|ug|\N{MICRO SIGN}g|\N{GREEK SMALL LETTER MU}g|mcg)"
    r"(?: of [\w -]{3,30}?)?(?: ?/ ?d(?:ay)?\b| (?:per|a|each|every) day\b| daily\b)"
)
_CODES = {"mg": "mg/d", "g": "g/d"}
_LETS_IN_UP_TO = {
    "exclusion": Pattern(r"(?:\babove|\bover|\bmore than|\bexceed\w*|\b(?:greater|higher) than|>) ?$"),
    "inclusion": Pattern(r"(?:\bat most|\bup to|\bno(?:t)? more than|\bmaximum of|\u2264|<=) ?$"),
}
_PARTS = Pattern(r"[.;]\s|,? but\b")
_UNCHANGED = Pattern(r"\bno(?:ne|t)?\b|\bunchanged\b|\bstable\b")
_ANY = stems("dose visit")
_LIFESTYLE = ("meals", "caffeine_alcohol_tobacco", "activity", "other")


class Beside(NamedTuple):
    """Words beside a key: where both stand, and what differs; an empty text where they agree."""

    text: Node
    key: Node
    apart: str


def therapies(trial: Trial) -> Iterator[Beside]:
    """Yield each amount and time of other therapy that stands in words beside its key."""
    for kind in ("background", "rescue", "permitted", "prohibited"):
        for therapy in trial.root["concomitant"][kind]:
            for key in ("condition", "changes"):
                yield from _times(trial, therapy[key], therapy)
    for kind in ("permitted", "prohibited"):
        for therapy in trial.root["concomitant"][kind]:
            yield from _at_entry(trial, therapy)
    yield from _lifestyle(trial)


def _times(trial: Trial, text: Node, therapy: Node) -> Iterator[Beside]:
    """Hold a time before the anchor in a text against the start of a therapy, and one after it against the end."""
    for key, sign, before in (("from", -1, True), ("until", 1, False)):
        time = therapy[key]
        stated = in_mean_days(time["offset"])
        said = [row for row in lengths_to(text.text, before=before) if _is_anchor(trial, row.start, time)]
        if stated is not None and stated * sign > 0 and len(said) == 1:
            yield _beside(text, time["offset"], said[0].told, stated * sign)


def _is_anchor(trial: Trial, words: str, time: Node) -> bool:
    """Say whether words name the anchor of a time."""
    anchor = trial.root["schedule"]["anchors"].find(anchor_of(time))
    own = (anchor_of(time).replace("_", " "), anchor["kind"].text.replace("_", " "), anchor["text"].text)
    end, said = _ends(words), stems(words)
    # A dose that is neither the first nor the last may be one of the other therapy.
    return any(said & stems(each) if end else (said - _ANY) & stems(each) for each in own if end in ("", _ends(each)))


def _ends(text: str) -> str:
    """Return `first` or `last`, where a text is about the one and not about the other."""
    told = {"first", "last"} & {*text.casefold().split()}
    return told.pop() if len(told) == 1 else ""


def _beside(text: Node, key: Node, told: Told, stated: float) -> Beside:
    apart = "" if told.is_one_of({stated}) else f'"{told.words}" is said, and the time is {key.text}'
    return Beside(text, key, apart)


def _at_entry(trial: Trial, therapy: Node) -> Iterator[Beside]:
    """Hold the daily amount up to which a criterion lets people in against the limit during the trial.

    Where entry is stricter, that is meant; unless the amount at entry is the one that may not change.
    """
    limit = quantity(therapy["limit"])
    if limit is None or therapy["from"]:  # what is barred from a day on may be reduced until then
        return
    for kind, words in _LETS_IN_UP_TO.items():
        for criterion in trial.at(f"/population/{kind}"):
            text = criterion["text"]
            said = [*_DAILY.finditer(text.text)]
            if len(said) != 1 or not words.search(text.text[: said[0].start()]) or not _names(therapy, text.text):
                continue
            code = _CODES.get(said[0]["unit"].casefold(), "ug/d")
            entry = in_unit(Decimal(said[0]["count"]), code, limit.unit.code)
            if entry is not None:
                differs = entry > limit.value or (entry < limit.value and _kept(therapy))
                told = f'"{said[0][0]}" is said at entry, and the limit is {limit.text}'
                yield Beside(text, therapy["limit"], told if differs else "")


def _kept(therapy: Node) -> bool:
    """Say whether the amount at entry is the one that is gone on with."""
    changes = therapy["changes"].text
    return bool(therapy["stable_for"]) and (not changes or bool(_UNCHANGED.search(changes)))


def _names(therapy: Node, text: str) -> bool:
    """Say whether a text names a therapy: one of its members, or its class where it lists none."""
    named = [node.text for node in therapy["members"]] or [therapy["class"].text]
    return any(own and own <= stems(text) for own in map(stems, named))


def _lifestyle(trial: Trial) -> Iterator[Beside]:
    """Hold a time after the last dose, up to which the lifestyle bars something, against its prohibition."""
    lifestyle = trial.at("/population/lifestyle")
    for key in _LIFESTYLE:
        for part in _PARTS.split(lifestyle[key].text):
            said = lengths_after(part)
            for therapy in trial.root["concomitant"]["prohibited"] if len(said) == 1 else ():
                until = therapy["until"]
                stated, own = in_mean_days(until["offset"]), stems(therapy["class"].text)
                if stated and own and own <= stems(part) and anchor_kind(trial, anchor_of(until)) == "last_dose":
                    yield _beside(lifestyle[key], until["offset"], said[0], stated)
