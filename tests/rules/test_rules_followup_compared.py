"""An endpoint is looked for as long, and at the same times, in the arms that it compares and in no others."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(SAME_TIME,) = [rule for rule in RULES if rule.code == "FU06"]
ARMS = [
    {"id": "DEV", "name": "Closure", "type": "experimental", "interventions": ["PLUG"]},
    {"id": "DRUG", "name": "Anticoagulant", "type": "active_comparator", "interventions": ["PILL"]},
]
INTERVENTIONS = [{"id": "PLUG", "kind": "device", "name": "Plug"}, {"id": "PILL", "kind": "drug", "name": "Pill"}]
YEAR = {"from": "start", "to": {"anchor": "start", "offset": "364 d"}}
EVENT = {"id": "E1", "outcome": "EV", "interval": YEAR}
LEAK = {"id": "E1", "outcome": "LEAK", "visit": "D26", "analysis_set": "SET"}


def visit(week: int, *arms: str, **more: Any) -> dict[str, Any]:
    """Return a visit at a week, of some arms or of all, where everything is done that serves an outcome."""
    of_arms = {"arms": [*arms]} if arms else {}
    name = f"{''.join(arms)[:1]}{week}"
    return {"id": name, "anchor": "start", "offset": f"{week} wk", "activities": ["LOOK"], **of_arms, **more}


def told(endpoint: Any, visits: list[Any], chosen: Any = None, level: str = "primary", mode: str = "") -> list[str]:
    """Return what the rule says of one endpoint."""
    root = {
        "arms": ARMS,
        "interventions": INTERVENTIONS,
        "outcomes": [{"id": "EV", "mode": mode}, {"id": "LEAK"}],
        "objectives": [{"id": "O1", "level": level, "endpoints": [endpoint]}],
        "statistics": {"analysis_sets": [{"id": "SET", **(chosen or {})}]},
        "schedule": {
            "day_one": "start",
            "anchors": [{"id": "start", "kind": "randomisation"}, {"id": "seizure", "kind": "event"}],
            "activities": [
                {"id": "LOOK", "serves": ["eligibility", "EV", "LEAK"]},
                {"id": "CT", "kind": "imaging", "serves": ["EV"]},
                {"id": "OTHERS", "kind": "other", "serves": ["safety", "EV"]},
            ],
            "visits": visits,
        },
    }
    (ran,) = run([SAME_TIME], Document("x", root), (), frozenset())
    return [f"{finding.severity.name} {finding.pointer} {finding.message}" for finding in ran.findings]


WEEKLY = visit(1, "DRUG", repeats={"every": "7 d", "until": {"anchor": "start", "offset": "60 d"}})
UNLIKE = [
    ("one arm is not seen in the second half", [visit(0), visit(26), visit(52, "DEV")], {}),
    ("the weekly contacts of one arm end early", [visit(0), WEEKLY, visit(52, "DEV")], {}),
    ("what records tell is looked for in both at first", [visit(26), visit(52, "DEV")], {"mode": "record_review"}),
    ("one arm is never seen", [visit(52, "DEV")], {}),
]
ALIKE = [
    ("both are seen until the end", [visit(26), visit(52)], {}),
    ("what one arm has later lies beyond the end", [visit(52), visit(104, "DEV")], {}),
    ("the last visits of the arms lie two weeks apart", [visit(0), visit(52, "DEV"), visit(50, "DRUG")], {}),
    ("records tell the events of who is never seen", [visit(52, "DEV")], {"mode": "registry"}),
    ("a secondary event may be looked for in one arm alone", [visit(52, "DEV")], {"level": "secondary"}),
    (
        "the day of a visit does not follow",
        [visit(26), visit(52, "DEV"), {"id": "S", "anchor": "seizure", "offset": "1 d", "activities": ["LOOK"]}],
        {},
    ),
]


@pytest.mark.parametrize(("visits", "more"), [row[1:] for row in UNLIKE], ids=[row[0] for row in UNLIKE])
def test_an_interval_is_looked_at_as_long_in_every_arm(visits: list[Any], more: dict[str, Any]) -> None:
    """Where one arm is no longer asked while the others are, an event counts in those alone."""
    (one,) = told(EVENT, visits, **more)
    assert one.startswith("ERROR /objectives/0/endpoints/0/interval/to the interval of E1 is compared, and in arm DRUG")


MONTH = {"from": "start", "to": {"anchor": "start", "offset": "30 d"}}


@pytest.mark.parametrize(("day", "found"), [(8, True), (26, False)])
def test_what_is_late_in_a_short_interval_is_less(day: int, found: bool) -> None:
    """Of an event within 30 days, three weeks that are not looked at in one arm are most of it."""
    short = [visit(0, "DRUG", offset=f"{day} d"), visit(1, "DEV", offset="30 d")]
    assert bool(told(EVENT | {"interval": MONTH}, short)) is found


GROWTH = {"id": "E1", "outcome": "EV", "metric": "time_to_event", "interval": {"from": "start", "to": {"event": "end"}}}
EVERY_12 = {"repeats": {"every": "12 wk", "until": {"event": "progression"}}}
IMAGES = [
    ("one rhythm for both", [visit(8), visit(12, **EVERY_12)], "imaging", False),
    ("one arm alone comes back", [visit(8), visit(12, "DEV", **EVERY_12)], "imaging", True),
    ("one arm alone has the first weeks", [visit(8, "DEV", offsets=["4 wk", "8 wk"]), visit(12)], "imaging", True),
    ("each arm has its own rhythm", [visit(12, "DEV", **EVERY_12), visit(9, "DRUG", **EVERY_12)], "imaging", True),
    ("two entries of one rhythm", [visit(12, "DEV", **EVERY_12), visit(12, "DRUG", **EVERY_12)], "imaging", False),
    ("a single image more", [visit(8, "DEV"), visit(12, **EVERY_12)], "imaging", False),
    ("no images", [visit(8), visit(12, "DEV", **EVERY_12)], "examination", False),
]


@pytest.mark.parametrize("placed", [True, False])
@pytest.mark.parametrize(("visits", "mode", "found"), [r[1:] for r in IMAGES], ids=[r[0] for r in IMAGES])
def test_images_that_show_an_event_are_taken_at_the_same_times(
    visits: Any, mode: str, found: bool, placed: bool
) -> None:
    """Progression is found when it is looked for, whether the day of the anchor follows from the file or not."""
    anchored = visits if placed else [{**each, "anchor": "seizure"} for each in visits]
    messages = told(GROWTH, anchored, mode=mode)
    assert [("images show" in message and message.startswith("WARNING")) for message in messages] == [True] * found


RECORDED = [
    ("medicines are recorded in one arm", visit(3, "DEV", activities=["OTHERS"], **EVERY_12), False),
    ("images are taken in one arm", visit(3, "DEV", activities=["CT", "OTHERS"], **EVERY_12), True),
    ("one arm has images where both have a record", visit(3, activities=[{"id": "CT", "arms": ["DEV"]}, "OTHERS"],
                                                          **EVERY_12), True),
]  # fmt: skip


@pytest.mark.parametrize(("more", "found"), [row[1:] for row in RECORDED], ids=[row[0] for row in RECORDED])
def test_a_record_of_what_else_counts_as_the_event_is_no_image(more: Any, found: bool) -> None:
    """Another medicine ends the time too, and comes to be known whenever it is asked."""
    messages = told(GROWTH, [visit(12, activities=["CT", "OTHERS"], **EVERY_12), more], mode="imaging")
    assert ["images show" in message for message in messages] == [True] * found


MONTHLY = {"repeats": {"every": "28 d", "until": {"event": "common end date"}}}
OPEN = EVENT | {"interval": {"from": "start", "to": {"event": "common end date"}}}
NEVER = "OUTCOME is looked for at D4, which arm DRUG does not have, and at no visit after the start there"
OPEN_ENDED = [
    ("one arm has monthly visits", [visit(0), visit(4, "DEV", **MONTHLY)], {}, True),
    ("so it is for a secondary outcome", [visit(0), visit(4, "DEV", **MONTHLY)], {"level": "secondary"}, True),
    ("one arm alone is ever asked, primary", [visit(4, "DEV", **MONTHLY)], {}, True),
    ("one arm alone is ever asked, secondary", [visit(4, "DEV", **MONTHLY)], {"level": "secondary"}, False),
    ("both have them", [visit(0), visit(4, **MONTHLY)], {}, False),
    ("the other is seen once", [visit(0), visit(26), visit(4, "DEV", **MONTHLY)], {}, False),
]


@pytest.mark.parametrize(("visits", "more", "found"), [r[1:] for r in OPEN_ENDED], ids=[r[0] for r in OPEN_ENDED])
def test_where_the_end_is_an_event_an_arm_without_any_visit_is_told(visits: Any, more: Any, found: bool) -> None:
    """How much longer an arm is looked at cannot be told there, but that another is never looked at can."""
    messages = told(OPEN, visits, **more)
    assert [message.endswith(NEVER.replace("OUTCOME", "EV")) for message in messages] == [True] * found


@pytest.mark.parametrize(("visits", "more"), [row[1:] for row in ALIKE], ids=[row[0] for row in ALIKE])
def test_an_interval_that_is_looked_at_alike_is_silent(visits: list[Any], more: dict[str, Any]) -> None:
    """Nothing is told of windows, of what lies beyond the interval, of records, or where no day follows."""
    assert told(EVENT, visits, **more) == []


def test_a_secondary_interval_is_a_warning() -> None:
    """The arms of a secondary endpoint are told apart as those of a primary one, with less weight."""
    (one,) = told(EVENT, [visit(26), visit(52, "DEV")], level="secondary")
    assert one.startswith("WARNING")


OF_ONE_ARM = [
    {"analysed_in": "device arm"},
    {"analysed_in": "the closure arm only"},
    {"analysed_in": "arm DEV"},
    {"definition": "participants of the device arm in whom implantation was attempted"},
]
OF_ALL = [
    {"analysed_in": "arm allocated"},
    {"analysed_in": "treatment group"},
    {"analysed_in": "treatment received", "definition": "participants in the device arm and the drug arm"},
    {"definition": "all randomised participants; those of the device arm without a device are left out"},
]


@pytest.mark.parametrize("chosen", OF_ONE_ARM)
def test_a_set_of_one_arm_compares_no_other(chosen: dict[str, str]) -> None:
    """A leak around a device is read in those who have one, though the others have the same scan at baseline."""
    assert told(LEAK, [visit(0), visit(26, "DEV")], chosen) == []


@pytest.mark.parametrize("chosen", OF_ALL)
def test_a_set_of_all_arms_compares_them(chosen: dict[str, str]) -> None:
    """An activity that serves several things is not told as a measurement at baseline."""
    (one,) = told(LEAK, [visit(0), visit(26, "DEV")], chosen)
    assert one.endswith("which arm DRUG does not have; there LEAK is measured at no visit after the start")


SETS = [
    ("the set names the arm by its id", {"id": "SET", "definition": "participants of DEV with a sample"}, "", False),
    ("what is done to randomised arms names none", {"id": "SET", "analysed_in": "arm randomised"}, "", True),
    ("all but one are meant", {"id": "SET", "definition": "participants without a visit of DEV"}, "", True),
    ("the subset names the arm", {"id": "SET"}, "those of DEV", False),
]


@pytest.mark.parametrize(("chosen", "subset", "found"), [row[1:] for row in SETS], ids=[row[0] for row in SETS])
def test_an_endpoint_is_about_the_arms_that_its_set_or_subset_names(chosen: Any, subset: str, found: bool) -> None:
    """A sample that one arm alone gives is compared with no other arm."""
    endpoint = {**LEAK, "visit": "D26", "subset": subset}
    assert bool(told(endpoint, [visit(26, "DEV")], chosen)) is found
