"""Where an event ends the treatment, what counts from the last dose is still held against the half-life."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(CONTACT,) = [rule for rule in RULES if rule.code == "FU05"]
(LASTING,) = [rule for rule in RULES if rule.code == "AE17"]
(WINDOWS,) = [rule for rule in RULES if rule.code == "AE06"]
EARLY = {"id": "ET", "kind": "early_termination", "anchor": "last_dose", "offset": "1 d", "activities": ["AEQ"]}
MONTHLY = {"id": "M", "anchor": "first_dose", "offset": "28 d", "activities": ["AEQ"]}


def outcome(closing: str, visits: list[dict[str, Any]], mode: str = "open_question", window: str = "0 d") -> list[str]:
    """Return what the rule says of a medicine of 24 h that is taken until an event, 5 d being needed."""
    seen = [{**visit, "window": {"before": "0 d", "after": window}} for visit in visits]
    step = {"id": "S", "dose": "25 mg", "when": "course", "frequency": "QD", "from": "0 d", "until": {"event": "end"}}
    moieties = [{"name": "canrenone", "half_life": "24 h", "source": "label"}]
    root = {
        "interventions": [
            {"id": "SPI", "kind": "drug", "role": "experimental", "pharmacology": {"active_moieties": moieties},
             "regimen": {"anchor": "first_dose", "steps": [step]}},
        ],
        "schedule": {
            "day_one": "first_dose",
            "anchors": [{"id": "first_dose", "kind": "first_dose"}, {"id": "last_dose", "kind": "last_dose"}],
            "activities": [{"id": "AEQ", "name": "question", "serves": ["safety"]}],
            "visits": seen,
        },
        "adverse_events": {
            "windows": {
                "AE": {"start": "first_dose", "end": {"anchor": "last_dose", "offset": "1 d"}},
                "SAE": {"start": "first_dose", "end": {"anchor": "last_dose", "offset": closing}},
            },
            "ascertainment": [{"event": "any", "mode": mode}],
        },
    }  # fmt: skip
    (ran,) = run([CONTACT], Document("x", root), (), frozenset({"drug"}))
    return [finding.message for finding in ran.findings] or [ran.outcome.value]


ROWS = [
    ("the last window closes too early", ("2 d", [MONTHLY]), "harm is collected for 2 d after the last dose"),
    ("nobody is seen after the last dose", ("28 d", [MONTHLY]), "FU05 was not checked"),
    ("records tell of harm as long", ("28 d", [MONTHLY], "registry"), "passed"),
    ("who stops is seen as long as it acts", ("28 d", [MONTHLY, EARLY], "open_question", "7 d"), "passed"),
    ("who stops is seen at once", ("28 d", [MONTHLY, EARLY]), "FU05 was not checked"),
    (
        "a visit counts from the last dose",
        ("28 d", [{**EARLY, "kind": "scheduled"}]),
        "the last safety contact ET is 1 d",
    ),
]


@pytest.mark.parametrize(("given", "told"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_time_after_a_last_dose_without_a_day_is_told_where_it_follows(given: tuple[Any, ...], told: str) -> None:
    """The windows of collection count from the last dose, whenever that is."""
    (said,) = outcome(*given)
    assert said.startswith(told)


@pytest.mark.parametrize(("role", "told"), [("background_treatment", "passed"), ("experimental", "not_checked")])
def test_a_medicine_beside_a_device_has_no_last_dose_that_harm_hangs_on(role: str, told: str) -> None:
    """The procedure is what windows count from; where the medicine is tested too, its end is asked for."""
    step = {"id": "S", "dose": "40 mg", "when": "course", "frequency": "QD", "from": "0 d", "until": {"event": "end"}}
    window = {"start": "procedure", "end": {"anchor": "procedure", "offset": "52 wk"}}
    root = {
        "interventions": [
            {"id": "CLIP", "kind": "device", "role": "experimental"},
            {"id": "DIU", "kind": "drug", "role": role, "regimen": {"anchor": "consent", "steps": [step]}},
        ],
        "schedule": {"day_one": "procedure", "anchors": [{"id": "procedure", "kind": "event"}]},
        "adverse_events": {"windows": {"AE": window, "SAE": window}},
    }
    (ran,) = run([WINDOWS], Document("x", root), (), frozenset({"device"}))
    assert ran.outcome.value == told


@pytest.mark.parametrize(("day", "told"), [("0 d", "found"), ("2 d", "passed")])
def test_a_single_dose_has_a_last_one_without_an_anchor(day: str, told: str) -> None:
    """Its day follows from the regimen, though nothing counts from the last dose."""
    moieties = [{"name": "canrenone", "half_life": "4 h", "source": "label"}]
    step = {"id": "S", "dose": "25 mg", "when": "once", "from": "0 d"}
    root = {
        "interventions": [
            {"id": "SPI", "kind": "drug", "role": "experimental", "pharmacology": {"active_moieties": moieties},
             "regimen": {"steps": [step]}},
        ],
        "schedule": {
            "anchors": [{"id": "first_dose", "kind": "first_dose"}],
            "activities": [{"id": "AEQ", "name": "question", "serves": ["safety"]}],
            "visits": [{"id": "TEL", "anchor": "first_dose", "offset": day, "activities": ["AEQ"]}],
        },
    }  # fmt: skip
    (ran,) = run([CONTACT], Document("x", root), (), frozenset({"drug"}))
    assert ran.outcome.value == told


WEIGHTS = [
    ("drug", "weekly insulin", "7 d", ["WARNING"]),
    ("biologic", "weekly insulin", "7 d", ["WARNING"]),
    ("biologic", "antibody", "21 d", ["INFO"]),
    ("drug", "lutetium-177 (physical)", "7 d", []),
]


@pytest.mark.parametrize(("kind", "moiety", "half_life", "weights"), WEIGHTS)
def test_a_window_that_closes_early_weighs_by_how_long_the_medicine_stays(
    kind: str, moiety: str, half_life: str, weights: list[str]
) -> None:
    """An antibody outlasts what is customary, a weekly insulin does not; a nuclide decays outside the body too."""
    moieties = [{"name": moiety, "half_life": half_life, "source": "label"}]
    step = {"id": "S", "dose": "25 mg", "when": "once", "from": "0 d"}
    root = {
        "interventions": [
            {"id": "X", "kind": kind, "role": "experimental", "pharmacology": {"active_moieties": moieties},
             "regimen": {"steps": [step]}},
        ],
        "schedule": {
            "anchors": [{"id": "first_dose", "kind": "first_dose"}, {"id": "last_dose", "kind": "last_dose"}],
            "activities": [{"id": "AEQ", "name": "question", "serves": ["safety"]}],
            "visits": [{"id": "END", "anchor": "first_dose", "offset": "52 wk", "activities": ["AEQ"]}],
        },
        "adverse_events": {"windows": {"AE": {"end": {"anchor": "last_dose", "offset": "14 d"}}}},
    }  # fmt: skip
    (ran,) = run([LASTING], Document("x", root), (), frozenset({"drug"}))
    assert [finding.severity.name for finding in ran.findings] == weights


def _beside_a_procedure(role: str, month: str) -> list[tuple[str, str]]:
    """Return what FU05 says of a medicine for four weeks in one arm; in the other a procedure waits for an event."""
    step = {"id": "S", "dose": "25 mg", "when": "course", "frequency": "QD", "from": "0 d", "to": "27 d"}
    moieties = [{"name": "amiodarone", "half_life": "24 h", "source": "label"}]
    root = {
        "arms": [{"id": "MED", "interventions": ["AMIO"]}, {"id": "ABL", "interventions": ["ABLATION"]}],
        "interventions": [
            {"id": "AMIO", "kind": "drug", "role": role, "pharmacology": {"active_moieties": moieties},
             "regimen": {"anchor": "first_dose", "steps": [step]}},
            {"id": "ABLATION", "kind": "procedure", "role": "experimental",
             "regimen": {"anchor": "procedure", "steps": [{"id": "P", "when": "once", "from": "0 d"}]}},
        ],
        "schedule": {
            "day_one": "first_dose",
            "anchors": [{"id": "first_dose", "kind": "first_dose"}, {"id": "procedure", "kind": "event"}],
            "activities": [{"id": "AEQ", "name": "question", "serves": ["safety"]}],
            "visits": [{"id": "M", "anchor": "first_dose", "offset": month, "activities": ["AEQ"]}],
        },
    }  # fmt: skip
    (ran,) = run([CONTACT], Document("x", root), (), frozenset({"drug"}))
    return [(finding.severity.value, finding.message.partition(";")[0]) for finding in ran.findings]


def test_a_procedure_without_a_day_does_not_hide_the_last_dose_of_another_arm() -> None:
    """The contact is counted from the last dose of the medicine, which has a day; of a comparator it weighs less."""
    assert _beside_a_procedure("experimental", "35 d") == []
    early = "the last safety contact M is 1 d after the last dose"
    assert _beside_a_procedure("experimental", "28 d") == [("error", early)]
    assert _beside_a_procedure("active_comparator", "28 d") == [("warning", early)]
