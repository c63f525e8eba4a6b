"""Where a medicine is given in courses, how long participants are seen after the last one is held against the pause."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.findings import Severity
from protocolkit.rules import RULES, run

(CONTACT,) = [rule for rule in RULES if rule.code == "FU05"]
MONTHLY = {"every": "4 wk", "times": 5}  # the last of three daily doses is on day 114


def _drug(name: str, half_life: str, repeats: dict[str, Any], days: list[str]) -> dict[str, Any]:
    moieties = [{"name": name, "half_life": half_life, "source": "label"}]
    steps = [{"id": f"{name}_1", "dose": "1 {tablet}", "when": "days", "days": days}]
    regimen = {"anchor": "first_dose", "repeats": repeats, "steps": steps}
    return {
        "id": name, "kind": "drug", "role": "experimental", "pharmacology": {"active_moieties": moieties},
        "regimen": regimen if repeats else {**regimen, "repeats": {}},
    }  # fmt: skip


def _found(drugs: list[dict[str, Any]], seen: str, anchor: str = "first_dose") -> list[tuple[str, Severity]]:
    """Run the rule over medicines, and a last safety contact some days after an anchor."""
    root = {
        "interventions": drugs,
        "schedule": {
            "day_one": "first_dose",
            "anchors": [{"id": "first_dose", "kind": "first_dose"}, {"id": "last_dose", "kind": "last_dose"}],
            "activities": [{"id": "AEQ", "name": "question", "serves": ["safety"]}],
            "visits": [{"id": "EOS", "anchor": anchor, "offset": seen, "activities": ["AEQ"]}],
        },
    }
    (ran,) = run([CONTACT], Document("x", root), (), frozenset({"drug"}))
    return [(finding.message, finding.severity) for finding in ran.findings]


@pytest.mark.parametrize(
    ("repeats", "seen", "weight"),
    [(MONTHLY, "140 d", Severity.INFO), (MONTHLY, "139 d", Severity.ERROR),
     ({"every": "4 d", "times": 40}, "184 d", Severity.ERROR),
     ({**MONTHLY, "name": "month"}, "140 d", Severity.INFO),
     ({**MONTHLY, "name": "cycle"}, "140 d", Severity.ERROR),
     ({**MONTHLY, "start_criteria": "recovered blood count"}, "140 d", Severity.ERROR),
     ({**MONTHLY, "longest_delay": "14 d"}, "140 d", Severity.ERROR),
     ({**MONTHLY, "until": {"event": "progression"}}, "140 d", Severity.ERROR)],
    ids=["as_long_as_between_courses", "shorter_than_between_courses", "one_course_in_short_turns", "named_otherwise",
         "named_cycles", "cycles_that_wait_for_recovery", "cycles_that_are_put_off", "cycles_that_an_event_ends"],
)  # fmt: skip
def test_courses_that_follow_before_the_medicine_has_left_are_no_error(
    repeats: dict[str, Any], seen: str, weight: Severity
) -> None:
    """Of seasonal prevention, each course begins while the last one acts; 26 days after the last are as many."""
    ((message, found),) = _found([_drug("PIP", "22 d", repeats, ["0 d", "1 d", "2 d"])], seen)
    assert found is weight
    assert "5 x 22 d = 110 d" in message


def test_what_leaves_the_body_between_courses_is_watched_for_until_it_has() -> None:
    """Five half-lives of 20 days pass within the pause of 26: the contact must come as late."""
    assert _found([_drug("SHORT", "4 d", MONTHLY, ["0 d", "1 d", "2 d"])], "130 d")[0][1] is Severity.ERROR
    assert _found([_drug("SHORT", "4 d", MONTHLY, ["0 d", "1 d", "2 d"])], "134 d") == []


def test_days_count_from_the_last_dose_of_the_medicine_itself() -> None:
    """One medicine ends on day 0 and another on day 20: on day 40, 40 days have passed since the first."""
    drugs = [_drug("LONG", "8 d", {}, ["0 d"]), _drug("SHORT", "1 d", {}, ["0 d", "20 d"])]
    assert _found(drugs, "40 d") == []
    ((message, _),) = _found(drugs, "39 d")
    assert "39 d after the last dose" in message


def test_a_contact_that_counts_from_the_end_of_treatment_counts_as_it_says() -> None:
    """Whoever ends with the longer-acting medicine is seen that many days later, not more."""
    drugs = [_drug("LONG", "8 d", {}, ["0 d"]), _drug("SHORT", "1 d", {}, ["0 d", "20 d"])]
    ((message, _),) = _found(drugs, "30 d", "last_dose")
    assert "30 d after the last dose" in message
