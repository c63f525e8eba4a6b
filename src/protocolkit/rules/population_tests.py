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

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_TEST = Pattern(r"pregnan|\bhCG\b|gonadotropin|gonadotrophin|\bPREG")
_MAYBE = Pattern(r"\burin|dipstick|\bblood|laborator|\bserum|eligib")


@rule("POP13", Severity.WARNING, reads=("/population/contraception/tests", "/schedule"))
def tested(trial: Trial) -> Iterator[Found]:
    """Tests of pregnancy are done at the visits that contraception names.

    Why: a test that the section on contraception asks for and the schedule does not have is not done.

    Applies: contraception names visits with tests, and visits have activities. Activities are recognised by their
    words; where none of them speaks of pregnancy, those of blood and urine are taken to hold the test.

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


def _says(activity: Node, pattern: Pattern) -> bool:
    own = (activity["id"], activity["name"], activity["description"], *activity["items"])
    return pattern.search(" ".join(node.text for node in own).replace("_", " ")) is not None


RULES: tuple[Rule, ...] = (tested,)
