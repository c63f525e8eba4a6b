"""Steps of one medicine that are for different arms: fixed doses side by side, and doses after a second assignment."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document, Node
from protocolkit.dosing import Body, NotComputable, course, dose_table
from protocolkit.schedule import Placed, cohort_exposures, exposures, last_doses


def _trial(*steps: dict[str, Any]) -> Node:
    given = [{"id": f"S{position}", "when": "course", "frequency": "QD", **step} for position, step in enumerate(steps)]
    medicine = {"id": "F", "kind": "drug", "regimen": {"steps": given}}
    arms = [{"id": name, "interventions": ["F"]} for name in ("LOW", "HIGH")]
    return Document("a", {"arms": arms, "interventions": [medicine]}).root


def test_arms_are_alternatives() -> None:
    """Each arm that steps are for has a row, with the steps that are for all; without an arm nothing is added up."""
    node = _trial(
        {"dose": "5 mg", "from": "0 d", "to": "6 d"},
        {"dose": "15 mg", "from": "7 d", "to": "13 d", "arms": ["LOW"]},
        {"dose": "30 mg", "from": "7 d", "to": "20 d", "arms": ["HIGH"]},
    )["interventions"][0]
    assert [(row.at, row.cumulative.text, row.last_dose.text) for row in dose_table(node).rows] == [
        ("arm LOW", "140 mg", "13 d"), ("arm HIGH", "455 mg", "20 d"),
    ]  # fmt: skip
    with pytest.raises(NotComputable, match="depends on the arm"):
        course(node, Body())
    assert course(node, Body(), arm="LOW").number == 14


def test_a_level_follows_from_arm_and_cohort() -> None:
    """Where the steps of an arm in a cohort are of one level, it need not be chosen; others of the arm have none."""
    node = _trial(
        {"dose": "15 mg", "when": "once", "level": "L1", "arms": ["LOW"], "cohorts": ["ADULT"]},
        {"dose": "60 mg", "when": "once", "level": "L2", "arms": ["HIGH"], "cohorts": ["ADULT"]},
        {"dose": "8 mg", "when": "days", "days": ["0 d", "28 d"], "cohorts": ["CHILD"]},
    )["interventions"][0]
    table = dose_table(node)
    assert [(row.at, row.cumulative.text, row.last_dose.text) for row in table.rows] == [
        ("arm LOW, cohort ADULT", "15 mg", "0 d"), ("arm LOW, cohort CHILD", "16 mg", "28 d"),
        ("arm HIGH, cohort ADULT", "60 mg", "0 d"), ("arm HIGH, cohort CHILD", "16 mg", "28 d"),
    ]  # fmt: skip
    assert course(node, Body(), arm="HIGH", cohort="ADULT").cumulative == 60


def test_levels_within_an_arm_are_alternatives() -> None:
    """An arm that passes through several levels has a row for each, and none is computed without one of them."""
    node = _trial(
        {"dose": "15 mg", "when": "once", "level": "L1", "arms": ["LOW"]},
        {"dose": "30 mg", "when": "once", "level": "L2", "arms": ["LOW"]},
        {"dose": "5 mg", "when": "once", "arms": ["HIGH"]},
    )["interventions"][0]
    assert [(row.at, row.cumulative.text) for row in dose_table(node).rows] == [
        ("arm LOW, level L1", "15 mg"), ("arm LOW, level L2", "30 mg"), ("arm HIGH", "5 mg"),
    ]  # fmt: skip
    with pytest.raises(NotComputable, match="no administration"):
        course(node, Body(), arm="LOW")


def test_each_arm_is_treated_as_long_as_its_steps() -> None:
    """The last dose of an arm is that of its own steps."""
    root = _trial(
        {"dose": "15 mg", "from": "0 d", "to": "13 d", "arms": ["LOW"]},
        {"dose": "30 mg", "from": "7 d", "to": "20 d", "arms": ["HIGH"]},
    )
    spans = {each.arm["id"].text: (each.first, each.last) for each in exposures(root)}
    assert spans == {"LOW": (Placed(0), Placed(13)), "HIGH": (Placed(7), Placed(20))}


COHORTS = {"population": {"cohorts": [{"id": "ADULT"}, {"id": "CHILD"}]}}
TWICE = [
    {"dose": "15 mg", "when": "once", "cohorts": ["ADULT"]},
    {"dose": "8 mg", "when": "days", "days": ["0 d", "28 d"], "cohorts": ["CHILD"]},
]


def _expected(after: str) -> dict[str, Any]:
    last = {"id": "last", "kind": "last_dose", "expected": {"anchor": "first", "offset": after}}
    return {"schedule": {"anchors": [{"id": "first", "kind": "first_dose"}, last]}}


def test_each_cohort_is_treated_as_long_as_its_steps() -> None:
    """Cohorts in an arm have last doses of their own; an expected day that is one of them is not that of the others."""
    root = Document("a", {**_trial(*TWICE).value, **COHORTS, **_expected("28 d")}).root
    found = {(each.arm["id"].text, each.cohort): each.last for each in cohort_exposures(root)}
    assert found == {
        ("LOW", "ADULT"): Placed(0), ("LOW", "CHILD"): Placed(28), ("HIGH", "ADULT"): Placed(0),
        ("HIGH", "CHILD"): Placed(28),
    }  # fmt: skip
    assert (last_doses(root), last_doses(root, (), ["ADULT"])) == ((0, 28), (0,))


def test_a_dose_that_the_steps_do_not_tell_is_expected_for_all() -> None:
    """An expected day beyond the steps is kept: something is given that they do not say."""
    root = Document("a", {**_trial(*TWICE).value, **COHORTS, **_expected("56 d")}).root
    assert last_doses(root) == (56,)


def test_arms_that_end_on_different_days_are_told_apart() -> None:
    """The last doses of all arms, of one arm, and none where one of them does not follow."""
    steps = {"dose": "15 mg", "from": "0 d", "to": "13 d", "arms": ["LOW"]}
    root = _trial(steps, {"dose": "30 mg", "from": "0 d", "to": "20 d", "arms": ["HIGH"]})
    assert (last_doses(root), last_doses(root, ["LOW"])) == ((13, 20), (13,))
    root = _trial(steps, {"dose": "30 mg", "from": "0 d", "until": {"event": "progression"}, "arms": ["HIGH"]})
    assert last_doses(root) == ()
