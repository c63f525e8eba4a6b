"""A titre is read in each arm after the vaccine that it is about."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(READABLE,) = [rule for rule in RULES if rule.code == "OUT15"]


def vaccine(name: str, antigen: str, day: int, **more: Any) -> dict[str, Any]:
    """Return a vaccine that is given once."""
    steps = [{"id": f"{name}1", "dose": "60 ug", "when": "once", "from": f"{day} d", "supervised": True}]
    regimen = {"anchor": "start", "steps": steps}
    return {"id": name, "kind": "vaccine", "vaccine": {"antigens": [antigen]}, "regimen": regimen, **more}


def told(
    outcome: str, activity: dict[str, Any], framework: str = "non_inferiority", level: str = "primary", **endpoint: Any
) -> list[str]:
    """Return what the rule says of a titre on day 29, where one arm has both vaccines at once and one in sequence."""
    points = [{"id": "E1", "outcome": "NT", "visit": "D29", **endpoint}]
    root = {
        "design": {"framework": {"kind": framework}},
        "arms": [{"id": "BOTH", "interventions": ["BOOST", "RSV"]}, {"id": "SEQ", "interventions": ["BOOST", "RSV_L"]}],
        "interventions": [
            vaccine("BOOST", "spike of SARS-CoV-2, 30 ug", 0),
            vaccine("RSV", "prefusion F of RSV, 60 ug", 0),
            vaccine("RSV_L", "prefusion F of RSV, 60 ug", 28, same_product_as="RSV"),
        ],
        "outcomes": [{"id": "NT", "name": outcome, "mode": "laboratory"}],
        "objectives": [{"id": "O1", "level": level, "endpoints": points}],
        "schedule": {
            "day_one": "start",
            "anchors": [{"id": "start", "kind": "first_dose"}],
            "activities": [{"id": "BLOOD", "serves": ["NT"], **activity}],
            "visits": [
                {"id": "D29", "anchor": "start", "offset": "28 d", "activities": ["BLOOD"]},
                {"id": "D57", "anchor": "start", "offset": "56 d", "activities": ["BLOOD"]},
            ],
        },
    }
    (ran,) = run([READABLE], Document("x", root), (), frozenset())
    return [finding.message for finding in ran.findings]


FIRST = {"required_before": "dose"}
EARLY = "E1 is measured at D29, where arm SEQ has the vaccine that it is about, and blood is drawn before the dose"


@pytest.mark.parametrize(
    ("outcome", "activity", "endpoint", "messages"),
    [
        ("titre against RSV", FIRST, {}, [EARLY]),
        ("titre against RSV", FIRST, {"arm_visits": [{"arms": ["SEQ"], "visit": "D57"}]}, []),
        ("titre against RSV", FIRST, {"visit": "D57"}, []),
        ("titre against RSV", {}, {}, []),
        ("titre against RSV", FIRST, {"framework": "superiority"}, []),
        ("titre against RSV", FIRST, {"level": "secondary"}, []),
        ("titre against SARS-CoV-2", FIRST, {}, []),
        ("neutralising titre", FIRST, {}, []),
    ],
)
def test_a_titre_is_read_after_its_vaccine(outcome: str, activity: Any, endpoint: Any, messages: list[str]) -> None:
    """Blood that is drawn before the second vaccine tells of the first one alone."""
    assert told(outcome, activity, **endpoint) == messages
