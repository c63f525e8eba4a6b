"""Who enters no optional epoch has another last dose, and what counts from it falls on other days."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from protocolkit.document import Document
from protocolkit.schedule import Participation, last_doses, participation, shortened, timetable

if TYPE_CHECKING:
    from protocolkit.document import Node

TREATMENT = {"id": "T", "type": "treatment", "duration": "52 wk"}
EXTENSION = {"id": "X", "type": "extension", "duration": "48 wk", "optional": True}
EVERY_4_WEEKS = {"when": "course", "frequency": "EVERY 4 WEEKS"}
FIRST = {"id": "A", **EVERY_4_WEEKS, "from": "0 wk", "to": "48 wk"}
SECOND = {"id": "B", **EVERY_4_WEEKS, "from": "52 wk", "to": "96 wk"}
WEEKLY = {"id": "A", "when": "days", "days": ["0 d", "7 d"]}
AS_NEEDED = {"id": "A", "when": "course", "frequency": "PRN", "from": "0 d", "to": "60 wk"}


def trial(regimen: dict[str, Any], *epochs: dict[str, Any]) -> Node:
    """Return a trial of one arm with a visit 20 weeks after the last dose."""
    content = {
        "design": {"epochs": [{"id": "S", "type": "screening", "duration": "4 wk"}, *epochs]},
        "arms": [{"id": "ACT", "interventions": ["D"]}],
        "interventions": [{"id": "D", "role": "experimental", "regimen": regimen}],
        "schedule": {
            "anchors": [{"id": "first_dose", "kind": "first_dose"}, {"id": "last_dose", "kind": "last_dose"}],
            "visits": [
                {"id": "V0", "epoch": "T", "anchor": "first_dose", "offset": "0 d"},
                {"id": "VX", "epoch": "X", "anchor": "first_dose", "offset": "100 wk"},
                {"id": "SFU", "epoch": "F", "anchor": "last_dose", "offset": "20 wk"},
            ],
        },
    }
    return Document("trial", content).root


CASES: dict[str, tuple[dict[str, Any], tuple[dict[str, Any], ...], tuple[int, ...]]] = {
    "a step of its own": ({"steps": [FIRST, SECOND]}, (TREATMENT, EXTENSION), (336, 672)),
    "one step through both": ({"steps": [{**FIRST, "to": "96 wk"}]}, (TREATMENT, EXTENSION), (336, 672)),
    "a course that ends as it begins": ({"steps": [{**FIRST, "to": "52 wk"}]}, (TREATMENT, EXTENSION), (364,)),
    "cycles": (
        {"steps": [WEEKLY], "repeats": {"every": "4 wk", "times": 7}},
        ({**TREATMENT, "duration": "12 wk"}, EXTENSION),
        (63, 175),
    ),
    "as needed": ({"steps": [AS_NEEDED]}, (TREATMENT, EXTENSION), (363, 420)),
    "an extension of all": ({"steps": [FIRST, SECOND]}, (TREATMENT, {**EXTENSION, "optional": False}), (672,)),
    "a length that is not known": (
        {"steps": [FIRST, SECOND]},
        ({"id": "T", "type": "treatment"}, EXTENSION),
        (672,),
    ),
}


@pytest.mark.parametrize(("regimen", "epochs", "wanted"), CASES.values(), ids=CASES)
def test_doses_of_an_optional_epoch_are_not_those_of_all(
    regimen: dict[str, Any], epochs: tuple[dict[str, Any], ...], wanted: tuple[int, ...]
) -> None:
    """The last dose without the extension stands beside that of the whole regimen, where the days follow."""
    root = trial(regimen, *epochs)
    assert last_doses(root) == tuple(map(Decimal, wanted))
    assert last_doses(root, entered=True) == (Decimal(wanted[-1]),)
    assert bool(shortened(root)) is (len(wanted) > 1)


def follow_up(root: Node, *, entered: bool) -> list[Decimal]:
    """Return the days of the visit after the last dose."""
    stop = timetable(root, entered=entered).stop("SFU")
    return [moment.offset for moment in stop.moments] if stop else []


def test_follow_up_counts_from_the_own_last_dose() -> None:
    """Those who do not enter the extension are seen 20 weeks after week 48, and take part until then."""
    root = trial({"steps": [FIRST, SECOND]}, TREATMENT, EXTENSION)
    assert follow_up(root, entered=True) == [672 + 140]
    assert follow_up(root, entered=False) == [336 + 140]
    planned = participation(root)
    assert isinstance(planned, Participation)
    assert planned.days == 336 + 140


def test_what_is_given_in_the_extension_alone_is_no_treatment_of_the_others() -> None:
    """Where nothing is given outside the extension, those who do not enter it have no last dose."""
    root = trial({"steps": [SECOND]}, TREATMENT, EXTENSION)
    assert follow_up(root, entered=True)
    assert not follow_up(root, entered=False)
    assert not shortened(root)
