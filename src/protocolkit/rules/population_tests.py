"""Rule on tests of pregnancy: they are done at the visits that contraception names."""

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

_TEST = Pattern(r"pregnan|\bhCG\b|gonadotropin|gonadotrophin|\bPREG")
_OF_WHOM = Pattern(r"become pregnant|childbear|\bwomen\b|\bfemales?\b|\bgirls\b|menarche")
_ON_OCCASION = Pattern(r"\bwhen\b|\bif\b|\blate\b|\bmiss|suspect|suspicion|indicat|every|month")
_MAYBE = Pattern(r"\burin|dipstick|\bblood|laborator|\bserum|eligib")


@rule("POP13", Severity.WARNING, reads=("/population/contraception/tests", "/schedule"))
def tested(trial: Trial) -> Iterator[Found]:
    """Tests of pregnancy are done at the visits that contraception names, and at no others.

    Why: a test that the section on contraception asks for and the schedule does not have is not done.

    Applies: contraception names visits with tests, and visits have activities. Activities are recognised by their
    words; where none of them speaks of pregnancy, those of blood and urine are taken to hold the test. Planned visits
    that have an activity of that name and are not among those named are information.

    Basis:
        internal consistency of the protocol, schedule (H)

    Fails::

        population: {contraception: {methods: highly effective, tests: [BL, V4]}}
        schedule:
          activities: [{id: HCG, name: pregnancy test in urine, serves: [safety]}, {id: BP, serves: [safety]}]
          visits: [{id: BL, activities: [HCG]}, {id: V4, activities: [BP]}]
        outcomes: []

    Passes::

        population: {contraception: {methods: highly effective, tests: [BL, V4]}}
        schedule:
          activities: [{id: HCG, name: pregnancy test in urine, serves: [safety]}, {id: BP, serves: [safety]}]
          visits: [{id: BL, activities: [HCG]}, {id: V4, activities: [HCG, BP]}]
        outcomes: []
    """
    tests = trial.at("/population/contraception/tests")
    stops = [(node, stop) for node in tests if (stop := trial.timetable.stop(node.text)) and stop.planned]
    if not stops:
        raise NotApplicable("contraception names no visit with tests, or its visits have no activities")
    activities = [*trial.at("/schedule/activities")]
    doing = [each for each in activities if _says(each, _TEST)] or [each for each in activities if _says(each, _MAYBE)]
    paths = {each.path for each in doing}
    without = [(node, stop) for node, stop in stops if not any(each.activity.path in paths for each in stop.planned)]
    if without:
        told = listed([named(stop.visit) for _, stop in without])
        message = f"a test of pregnancy is asked for at {told}, where no activity does it"
        hint = "name the activity at the visit, or take the visit from tests"
        yield Found(without[0][0], message, hint, tuple((stop.visit, "the visit") for _, stop in without))
    yield from _not_named(trial, {stop.visit.path for _, stop in stops})


def _not_named(trial: Trial, known: set[Path]) -> Iterator[Found]:
    """Find planned visits with a test that contraception does not name."""
    others = [
        stop.visit
        for stop in trial.timetable.stops
        if stop.moments and stop.visit.path not in known and any(_is_test(each.activity) for each in stop.planned)
    ]
    if others:
        message = (
            f"{listed([named(visit) for visit in others])}: a pregnancy test is planned, which tests does not name"
        )
        hint = f"add {listed([visit['id'].text for visit in others])}, or take the test from the schedule"
        at = trial.at("/population/contraception/tests")
        yield Found(at, message, hint, tuple((visit, "the visit") for visit in others), severity=Severity.INFO)


def _is_test(activity: Node) -> bool:
    condition = activity["condition"].text
    always = not condition or (_OF_WHOM.search(condition) and not _ON_OCCASION.search(condition))
    return bool(always) and _TEST.search(activity["name"].text) is not None


def _says(activity: Node, pattern: Pattern) -> bool:
    own = (activity["id"], activity["name"], activity["description"], *activity["items"])
    return pattern.search(" ".join(node.text for node in own).replace("_", " ")) is not None


RULES: tuple[Rule, ...] = (tested,)
