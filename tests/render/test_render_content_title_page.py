"""The title page names the products that the trial is about, also where none of them is called experimental."""

from __future__ import annotations

from typing import Any

import contentcase
import pytest

ASPIRIN = {"id": "ASA", "name": "Aspirin", "kind": "drug", "role": "active_comparator", "imp_status": "IMP"}
OTHER = {"id": "CLO", "name": "Clopidogrel", "kind": "drug", "role": "experimental", "imp_status": "IMP"}
PLACEBO = {"id": "PBO", "name": "Placebo", "kind": "drug", "role": "placebo", "imp_status": "IMP"}
TALK = {"id": "STOP", "name": "Advice to stop", "kind": "behaviour", "role": "experimental"}

NAMED: list[tuple[list[dict[str, Any]], list[dict[str, Any]], str]] = [
    ([OTHER], [OTHER, ASPIRIN], "Clopidogrel and Aspirin"),
    ([OTHER], [ASPIRIN], "Clopidogrel"),
    ([OTHER], [OTHER, PLACEBO], "Clopidogrel"),
    ([OTHER], [OTHER, {**ASPIRIN, "imp_status": "auxiliary"}], "Clopidogrel"),
    ([], [ASPIRIN], "Aspirin"),
    ([PLACEBO], [ASPIRIN], "Aspirin"),
    ([TALK], [ASPIRIN], "Advice to stop and Aspirin"),
    ([TALK], [{**ASPIRIN, "imp_status": "auxiliary"}], "Advice to stop"),
]


@pytest.mark.parametrize(("tested", "compared", "names"), NAMED)
def test_the_title_page_names_what_is_on_trial(tested: Any, compared: Any, names: str) -> None:
    """What the experimental arm does without is on trial; a comparator with another medicine and a placebo are not."""
    arms = [
        {"id": "E", "name": "E", "type": "experimental", "interventions": [item["id"] for item in tested]},
        {"id": "C", "name": "C", "type": "active_comparator", "interventions": [item["id"] for item in compared]},
    ]
    items = list({item["id"]: item for item in [*tested, *compared]}.values())
    made = contentcase.of({"protocolkit": 1, "interventions": items, "arms": arms})
    assert f"| Investigational Product Name(s): | {names}\n" in contentcase.text(made)


def test_a_product_that_is_given_in_two_ways_is_named_once() -> None:
    """An open-label syringe of the same product adds no name, though its substance is written otherwise."""
    blinded = {**OTHER, "substance": "clopidogrel", "names": {"nonproprietary": "clopidogrel (fictional)"}}
    opened = {**OTHER, "id": "OPEN", "name": "Open", "substance": "clopidogrel", "same_product_as": "CLO"}
    text = contentcase.text(contentcase.of({"protocolkit": 1, "interventions": [blinded, opened]}))
    assert "| Investigational Product Name(s): | clopidogrel (fictional)\n" in text
    assert "| Intervention: clopidogrel (fictional) |" in text


def test_the_title_page_says_that_an_approval_is_found_somewhere() -> None:
    """The place of an approval without a date is called one, since the file in which it lies is no approval."""
    made = contentcase.of({"protocolkit": 1, "trial": {"approval": {"location": "trial master file"}}})
    assert "| Sponsor Approval: | Location: trial master file\n" in contentcase.text(made)
