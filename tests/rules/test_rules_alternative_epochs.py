"""An arm names what it gets for an epoch, and the epoch begins when those before it are over."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(EPOCHS,) = [rule for rule in RULES if rule.code == "SOA09"]


def told(last: int, *days: int, optional: bool) -> list[str]:
    """Return what the rule says of 16 weeks of treatment, four of conversion, and a taper with visits on some days."""
    steps = [{"id": "S", "dose": "1 mg", "when": "course", "frequency": "QD", "from": "0 d", "to": f"{last} d"}]
    names, weeks = ("TREAT", "CONV", "TAPER"), (16, 4, 3)
    epochs: list[dict[str, Any]] = [
        {"id": name, "type": "treatment", "duration": f"{each} wk"} for name, each in zip(names, weeks, strict=True)
    ]
    epochs[1:] = [{**each, "optional": optional} for each in epochs[1:]]
    dates = [(0, "TREAT"), (130, "CONV"), *((each, "TAPER") for each in days)]
    root = {
        "design": {"epochs": epochs},
        "interventions": [{"id": "A", "kind": "drug", "role": "experimental", "regimen": {"steps": steps}}],
        "arms": [{"id": "ACT", "epochs": [{"epoch": name, "interventions": ["A"]} for name in names]}],
        "schedule": {
            "day_one": "start",
            "anchors": [{"id": "start", "kind": "first_dose"}],
            "visits": [
                {"id": f"{name}{each}", "epoch": name, "anchor": "start", "offset": f"{each} d"} for each, name in dates
            ],
        },
    }
    (ran,) = run([EPOCHS], Document("x", root), (), frozenset({"drug"}))
    return [finding.pointer for finding in ran.findings if "for TAPER, which begins on" in finding.message]


@pytest.mark.parametrize(
    ("last", "days", "optional", "found"),
    [
        (132, (133,), True, False),
        (100, (133,), True, True),
        (132, (133,), False, False),
        (132, (133, 150), False, True),
    ],
    ids=["alternatives_begin_together", "it_ends_before_both", "a_single_visit_may_be_its_end", "its_first_of_two"],
)
def test_an_epoch_begins_when_what_everybody_has_is_over(
    last: int, days: tuple[int, ...], optional: bool, found: bool
) -> None:
    """Who goes into the taper has not been in the conversion; and a taper is seen at its end."""
    assert told(last, *days, optional=optional) == ["/arms/0/epochs/2/interventions/0"] * found
