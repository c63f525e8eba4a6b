"""The trial schema is drawn as the trial runs: randomisations with their own arms, a stepped wedge, names in full."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import contentcase
import pytest
import yaml
from figurecase import SAYS, box, case, figure, leads

from protocolkit.render.blocks import Box
from protocolkit.render.figure_boxes import Flow, Station, room

LED = [
    (("All participants",), ("Randomisation", "Examplipril", "1:1"), True),
    (("All participants",), ("Randomisation", "Length of examplinib", "1:2"), True),
    (("Randomisation", "Examplipril"), ("No examplipril",), True),
    (("Randomisation", "Examplipril"), ("Examplipril arm",), True),
    (("Randomisation", "Examplipril"), ("Nine days",), False),
    (("Randomisation", "Length of examplinib"), ("Nine days",), True),
    (("Randomisation", "Length of examplinib"), ("No examplipril",), False),
]


@pytest.mark.parametrize(("one", "other", "wanted"), LED)
def test_each_randomisation_leads_to_its_own_arms(one: tuple[str, ...], other: tuple[str, ...], wanted: Any) -> None:
    """A platform with two domains has two boxes, each with arrows to the arms of its domain and to no other."""
    drawn = case("platform")
    found = any(leads(arrow, box(drawn, *one), box(drawn, *other)) for arrow in drawn.arrows)
    assert found is wanted


@pytest.mark.parametrize(("sequence", "period", "words"), [
    (1, 1, "Usual care"), (1, 2, "Fictional pathway"), (1, 4, "Fictional pathway"),
    (3, 3, "Usual care"), (3, 4, "Fictional pathway"),
])  # fmt: skip
def test_a_stepped_wedge_is_a_grid_of_sequences_and_periods(sequence: int, period: int, words: str) -> None:
    """In each period a sequence has what it has then; those that have crossed are the darker ones."""
    drawn = case("stepped-wedge")
    row, column = box(drawn, f"Sequence {sequence}", "4 wards"), box(drawn, f"Period {period}", "8 weeks")
    edge = column.x + column.width
    cell = next(b for b in drawn.boxes if b.y == row.y and b.x + b.width == pytest.approx(edge) and b.lines)
    assert cell.lines == (words,)
    assert cell.strong is (words == "Fictional pathway")


def test_the_transition_takes_its_share_of_a_period() -> None:
    """Two weeks of eight are a quarter of the column, in a shade of their own that the key below explains."""
    drawn = case("stepped-wedge")
    column = box(drawn, "Period 2")
    cell = next(b for b in drawn.boxes if b.x == pytest.approx(column.x) and b.shaded and b is not column)
    assert cell.width == pytest.approx(column.width / 4)
    assert box(drawn, "Transition, 2 weeks").shaded


def test_a_trial_that_randomises_once_more_draws_the_second_box_where_it_stands() -> None:
    """Those who are randomised again come from the arms of the first period, not from the screening."""
    arms = [
        {"id": n, "name": f"Arm {n}", "epochs": [{"epoch": e, "description": f"dose {n}"}]}
        for n, e in (("A", "T1"), ("B", "T1"), ("C", "T2"), ("D", "T2"))
    ]
    drawn = figure({
        "protocolkit": 1,
        "arms": arms,
        "design": {
            "epochs": [{"id": "S", "type": "screening"}, {"id": "T1"}, {"id": "T2"}],
            "randomisations": [
                {"id": "R1", "at": "V0", "arms": ["A", "B"]},
                {"id": "R2", "at": "V8", "arms": ["C", "D"]},
            ],
        },
        "schedule": {"visits": [{"id": "V0", "epoch": "S"}, {"id": "V8", "epoch": "T2"}]},
    })  # fmt: skip
    first, second = box(drawn, "Randomisation 1"), box(drawn, "Randomisation 2")
    assert first.x < box(drawn, "Arm A").x < second.x < box(drawn, "Arm C").x
    assert [box(drawn, f"Arm {n}") for n in "AB"] == [
        b for b in drawn.boxes if any(leads(arrow, b, second) for arrow in drawn.arrows)
    ]


DRAWN = [*(path for path in sorted(SAYS.glob("*.yaml")) if "arms:" in path.read_text("utf-8")), *contentcase.files()]


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: Path(path).stem)
def test_words_fit_their_boxes_and_boxes_do_not_cover_each_other(path: Path) -> None:
    """However long the name of an arm is, its box is tall enough for it, and stays clear of its neighbours."""
    data = yaml.safe_load(path.read_text("utf-8"))
    drawn = figure({"protocolkit": 1, **data["protocol"]} if path.parent == SAYS else data)
    for each in drawn.boxes:
        assert room(each.lines, each.width) <= each.height + 0.01 or not each.lines
    for one, other in combinations(drawn.boxes, 2):
        beside = one.x + one.width <= other.x + 0.01 or other.x + other.width <= one.x + 0.01
        assert beside or one.y + one.height <= other.y + 0.01 or other.y + other.height <= one.y + 0.01


def test_epochs_of_different_cohorts_do_not_lead_to_each_other() -> None:
    """Each box names its cohort, and no arrow goes from parents to their children."""
    drawn = case("cohorts")
    parents, children = box(drawn, "Parents"), box(drawn, "Children")
    assert any(arrow.to_x == parents.x for arrow in drawn.arrows)
    assert not any(leads(arrow, parents, children) for arrow in drawn.arrows)


LATER = [
    (("Randomisation 1",), ("Low dose",), True),
    (("Randomisation 1",), ("Maintenance",), False),
    (("Low dose",), ("Randomisation 2",), True),
    (("Low dose",), ("Open-label escape",), True),
    (("Randomisation 2",), ("Maintenance",), True),
    (("Randomisation 2",), ("Open-label escape",), False),
    (("Placebo",), ("Randomisation 2",), False),
    (("All participants",), ("Open-label escape",), False),
]


@pytest.mark.parametrize(("one", "other", "wanted"), LATER)
def test_arms_that_are_entered_later_come_from_those_that_end(
    one: tuple[str, ...], other: tuple[str, ...], wanted: Any
) -> None:
    """A second randomisation, and an escape without one, follow on the arms of the epoch before, not on screening."""
    drawn = case("withdrawal")
    found = any(leads(arrow, box(drawn, *one), box(drawn, *other)) for arrow in drawn.arrows)
    assert found is wanted


@pytest.mark.parametrize(("name", "epochs"), [("Low dose", 1), ("Maintenance", 1), ("Placebo", 2)])
def test_an_arm_has_boxes_in_its_own_epochs_alone(name: str, epochs: int) -> None:
    """Nobody is drawn in an arm before it begins or after it ends."""
    assert len([each for each in case("withdrawal").boxes if each.lines[:1] == (name,)]) == epochs


def test_where_groups_cross_the_drawing_speaks_of_groups() -> None:
    """Patients do not cross with their unit; in the follow-up it is they who are followed."""
    drawn = case("cluster-crossover")
    first, *_, last = [each.lines[0] for each in drawn.boxes if each.lines[0].startswith("All ")]
    assert (first, last) == ("All intensive care units", "All participants")
    assert drawn.alternative.startswith("Intensive care units pass through")


AT_ONCE = [
    (("Randomisation",), ("High dose", "n = 81"), True),
    (("Randomisation",), ("Open-label dose",), False),
    (("High dose", "n = 81"), ("High dose", "Examplinib"), True),
    (("High dose", "n = 81"), ("Open-label dose",), True),
    (("Low dose", "n = 81"), ("Open-label dose",), True),
    (("High dose", "Examplinib"), ("Open-label dose",), False),
    (("High dose", "Examplinib"), ("All participants",), True),
    (("Open-label dose",), ("All participants",), True),
]


@pytest.mark.parametrize(("one", "other", "wanted"), AT_ONCE)
def test_epochs_of_one_time_stand_in_one_column(one: tuple[str, ...], other: tuple[str, ...], wanted: Any) -> None:
    """Who changes to another arm comes from the epoch before, and is neither randomised to it nor in it throughout."""
    drawn = case("branches-at-once")
    last = [each for each in drawn.boxes if each.lines[: len(other)] == other][-1]
    assert any(leads(arrow, box(drawn, *one), last) for arrow in drawn.arrows) is wanted


def test_the_head_of_such_a_column_names_both_epochs() -> None:
    """A participant passes one or the other, in the drawing and in its words."""
    drawn = case("branches-at-once")
    head = box(drawn, "Maintenance", "40 weeks", "or", "Open label", "40 weeks")
    assert head.x == box(drawn, "Open-label dose").x == box(drawn, "High dose", "Examplinib").x
    assert "Maintenance (40 weeks) or Open label (40 weeks), Follow-up" in drawn.alternative
    assert "Examplinib, entered from High dose and Low dose." in drawn.alternative


def test_alternatives_of_one_arm_share_a_box_without_its_number() -> None:
    """Who enters one optional epoch does not enter the other, and how many do is not known."""
    drawn = case("alternative-epochs")
    shared = ("Placebo", "Examplosamide tablets", "or", "Placebo tablets")
    assert any(each.lines == shared for each in drawn.boxes)
    assert any(each.lines == ("Placebo", "n = 10", "Placebo tablets") for each in drawn.boxes)
    assert "Conversion (4 weeks) or Taper (3 weeks)" in drawn.alternative


def test_an_arm_that_some_leave_has_its_number_after_the_run_in() -> None:
    """A run-in is everybody's, so that the number stands in the first box of the arm; of those who change, the most."""
    drawn = case("run-in-and-change")
    assert any(each.lines == ("Control", "n = 73", "Sham") for each in drawn.boxes)
    assert any(each.lines == ("Later", "n at most 50", "Device") for each in drawn.boxes)


def test_what_a_run_in_gives_stands_in_the_epoch_of_its_days() -> None:
    """After the test phase nothing of it is given, and those who have not responded are no longer there."""
    drawn = case("run-in-of-two-epochs")
    words = [each.lines for each in drawn.boxes]
    assert ("All participants", "Test stimulation") in words
    assert ("Participants",) in words


def test_without_dates_one_epoch_follows_on_the_other() -> None:
    """The open-label arm has a box in its own epoch alone, which is entered from the epoch before."""
    drawn = case("branches")
    boxes = [each for each in drawn.boxes if each.lines[:2] == ("Open label", "n at most 90")]
    maintained = [each for each in drawn.boxes if each.lines == ("High dose", "Examplinib")]
    assert len(boxes) == len(maintained) == 1
    assert any(leads(arrow, maintained[0], boxes[0]) for arrow in drawn.arrows)


ENTERED = {
    "protocolkit": 1,
    "design": {
        "epochs": [
            {"id": "T", "name": "Treatment", "type": "treatment"},
            {"id": "X", "name": "Crossover", "type": "extension", "optional": True},
        ],
        "randomisations": [{"id": "R", "arms": ["A", "B"], "ratio": "1:1"}],
    },
    "arms": [
        {"id": "A", "name": "Examplinib", "type": "experimental", "interventions": ["EX"]},
        {"id": "B", "name": "Standard", "type": "active_comparator", "interventions": ["STD"]},
        {
            "id": "C", "name": "Late examplinib", "type": "experimental", "enters_from": ["B"],
            "epochs": [{"epoch": "X", "interventions": ["EX"]}],
        },
    ],
    "interventions": [
        {"id": "EX", "name": "examplinib", "kind": "drug", "role": "experimental"},
        {"id": "STD", "name": "standardol", "kind": "drug", "role": "active_comparator"},
    ],
}  # fmt: skip
OF_ONE = {
    **ENTERED,
    "arms": ENTERED["arms"][:2],
    "schedule": {
        "activities": [{"id": "S", "name": "Score"}],
        "visits": [{"id": "V", "name": "Visit", "epoch": "X", "arms": ["A"], "activities": ["S"]}],
    },
}


@pytest.mark.parametrize(
    ("data", "counts"), [(ENTERED, (2, 1)), (OF_ONE, (2, 1)), ({**OF_ONE, "schedule": {}}, (2, 2))]
)
def test_an_arm_has_no_treatment_in_an_epoch_of_others(data: dict[str, Any], counts: tuple[int, int]) -> None:
    """Arms that state no epochs are not drawn in a crossover that others enter, nor where the visits are of others."""
    given = [each.lines[-1] for each in figure(data).boxes if each.lines]
    assert (given.count("examplinib"), given.count("standardol")) == counts


def test_an_arm_goes_on_from_the_box_that_it_has_in_common_with_others() -> None:
    """Nothing leads from a randomisation of others to it, nor past the arms to the box that follows them."""
    flow = Flow()
    everybody = frozenset({0, 1, 2})
    screened = Station(Box(0, 10, 10, 10, ("All",)), everybody)
    arms = [Station(Box(20, 20 * row, 10, 10, (f"Arm {row}",)), frozenset({row})) for row in (0, 1)]
    followed = Station(Box(40, 10, 10, 10, ("All again",)), everybody)
    flow.column([screened])
    flow.column(arms)
    leaving = flow.leaving(frozenset())
    flow.column([followed])
    flow.ended(leaving)
    assert [arrow.from_x for arrow in flow.arrows if arrow.to_x == 40] == [30, 30]
    flow.column([Station(Box(60, 50, 10, 10, ("Randomisation",)), frozenset({2}))], anew=True)
    flow.column([Station(Box(80, 0, 10, 10, ("Arm 0",)), frozenset({0}))])
    assert [arrow.from_x for arrow in flow.arrows if arrow.to_x == 80] == [50]


def test_an_epoch_of_visits_on_a_condition_is_not_one_of_all() -> None:
    """Those who enter another trial are not followed up here: the box of the epoch does not say that all are."""
    drawn = case("schools")
    assert box(drawn, "Participants")
    assert not any(each.lines[:1] == ("All participants",) for each in drawn.boxes)
