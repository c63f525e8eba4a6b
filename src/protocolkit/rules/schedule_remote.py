"""Rule on visits by telephone or video: what is done at them can be done from afar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.trial import named
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node, Path
    from protocolkit.rules.trial import Trial

_AFAR = frozenset({"telephone", "video"})
_HANDS = frozenset({"laboratory", "imaging", "sample"})
_EXAMINED = frozenset({"8.4.1", "8.4.2", "8.4.3"})  # physical examination, vital signs, electrocardiogram
# At home, or by somebody near, is how it can be done all the same.
_NEARBY = Pattern(
    r"\bhome|\bself\b|\bself-|by the participant|\bkit\b|\bwear|\blocal\b|general practitioner|family doctor|"
    r"visiting|\bmail|\bpost\b|\bposted|\bsent\b|\breport(?:s|ed)?\b|\basked\b|\brecords?\b|\bremote|\bdownload|\bupload"
)


@rule("SOA11", Severity.WARNING, reads=("/schedule/visits", "/schedule/activities"))
def from_afar(trial: Trial) -> Iterator[Found]:
    """A visit by telephone or video has no blood taken, no imaging and no examination, unless it is said where.

    Why: a blood sample that the table of visits has at a telephone call is not taken, or at some sites somewhere.

    Applies: a visit is held by telephone or video. A laboratory test, a sample, imaging, an examination, vital signs or
    an electrocardiogram is one that needs hands or instruments; where the activity states its location or who does it,
    or the words of the activity or of the visit tell how it is done away from the site, nothing is said. An activity is
    told of once, with all its visits.

    Basis:
        internal consistency of the protocol, mode of visits and activities (H)

    Fails::

        schedule:
          activities: [{id: LFT, name: liver tests, kind: laboratory, serves: [safety]}]
          visits: [{id: V4, mode: telephone, activities: [LFT]}]

    Passes::

        schedule:
          activities: [{id: LFT, name: liver tests, kind: laboratory, serves: [safety], location: nearest laboratory}]
          visits: [{id: V4, mode: telephone, activities: [LFT]}]
    """
    stops = [stop for stop in trial.timetable.of_participants if stop.visit["mode"].text in _AFAR]
    if not stops:
        raise NotApplicable("no visit is held by telephone or video")
    held: dict[Path, list[Node]] = {}
    needing: dict[Path, Node] = {}
    for stop in stops:
        told = " ".join(stop.visit[key].text for key in ("description", "condition", "place", "provider"))
        for planned in () if _NEARBY.search(told) else stop.planned:
            if _needs_hands(planned.activity):
                needing[planned.activity.path] = planned.activity
                held.setdefault(planned.activity.path, []).append(stop.visit)
    alike: dict[tuple[Path, ...], list[Node]] = {}
    for path, activity in needing.items():
        alike.setdefault(tuple(visit.path for visit in held[path]), []).append(activity)
    for activities in alike.values():
        yield _told(held[activities[0].path], activities)


def _told(visits: list[Node], activities: list[Node]) -> Found:
    """Tell of activities that the same visits have, once of all these visits."""
    modes = listed(list(dict.fromkeys(visit["mode"].text for visit in visits)), "or")
    are, have = ("is", "has") if len(visits) == 1 else ("are", "have")
    what = listed(list(map(named, activities)))
    message = f"{listed(list(map(named, visits)))} {are} held by {modes} and {have} {what}"
    hint = "state location or done_by of the activity, change the mode, or take it out of the visit"
    related = tuple((visit["mode"], "the mode") for visit in visits)
    return Found(visits[0]["activities"], message, hint, related)


def _needs_hands(activity: Node) -> bool:
    """Say whether an activity needs hands or instruments, and nothing says that they are near the participant."""
    if activity["location"] or activity["done_by"]:
        return False
    told = " ".join(activity[key].text for key in ("name", "description", "condition"))
    wanted = activity["kind"].text in _HANDS or activity["section"].text in _EXAMINED
    return wanted and {each.text for each in activity["serves"]} != {"contraception"} and not _NEARBY.search(told)


RULES: tuple[Rule, ...] = (from_afar,)
