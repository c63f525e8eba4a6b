"""Waivers and ignore comments: a reason always, a name for safety rules, and nothing hidden for longer than needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from commandline import EXAMPLE
from mutations import deleted, replaced

from protocolkit import api
from protocolkit.document import Document
from protocolkit.report import checking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.rules import Ran, Rule

SOURCE = api.load(EXAMPLE)
LACKING = ("discontinuation", "retention", "planned_missing_primary")


def _report(waivers: Any, path: tuple[str, ...] = LACKING, today: str | None = None) -> list[tuple[str, bool]]:
    data = replaced(deleted(SOURCE.data, path), ("waivers",), waivers)
    found = api.validate(Document("a.protocol.yaml", data), today=today).findings
    return [(placed.finding.code, placed.suppression is not None) for placed in found]


REASON = {"rule": "FU09", "reason": "the plan stands in the manual of operations"}


@pytest.mark.parametrize(
    ("waiver", "expected"),
    [
        (REASON, [("FU09", True)]),
        ({**REASON, "at": "/discontinuation"}, [("FU09", True)]),
        ({**REASON, "at": "/discontinuation/retention"}, [("FU09", True)]),
        ({**REASON, "at": "/trial"}, [("FU09", False), ("WAIV02", False)]),
        ({**REASON, "rule": "DOSE12", "reason": "none needed"}, [("FU09", False), ("WAIV06", False)]),
        ({**REASON, "rule": "FORM01"}, [("FU09", False), ("WAIV04", False)]),
        ({**REASON, "until": "2026-01-31"}, [("FU09", False), ("WAIV03", False)]),
        ({**REASON, "until": "2027-01-31"}, [("FU09", True)]),
        ({**REASON, "rule": "AE06"}, [("FU09", False), ("WAIV05", False)]),
    ],
)  # fmt: skip
def test_a_waiver_accepts_what_it_names_where_it_says(waiver: dict[str, str], expected: list[tuple[str, bool]]) -> None:
    """A waiver holds for its rule at its place until its date; what it cannot do is a finding."""
    if waiver["rule"] == "DOSE12" and "DOSE12" in _codes():
        expected = [("FU09", False), ("WAIV02", False)]
    assert sorted(_report([waiver], today="2026-06-01")) == expected


def _codes() -> set[str]:
    from protocolkit.rules import RULES  # noqa: PLC0415 - the rules grow

    return {rule.code for rule in RULES}


UNBLINDING = ("design", "blinding", "emergency_unblinding")
SAFETY = {"rule": "ETH03", "reason": "the trial is open in all but name"}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (None, [("ETH03", False), ("WAIV05", False)]),
        ({"name": "J. Example"}, [("ETH03", False), ("WAIV05", False)]),
        ({"name": "Example, Jane"}, [("ETH03", False), ("WAIV05", False)]),
        ({"name": "Example, Jane", "role": "sponsor"}, [("ETH03", True)]),
    ],
)
def test_a_safety_rule_is_waived_by_a_name_and_a_role(
    by: dict[str, str] | None, expected: list[tuple[str, bool]]
) -> None:
    """A name alone answers for nothing, however many commas it holds."""
    assert sorted(_report([{**SAFETY, **({"by": by} if by else {})}], UNBLINDING)) == expected


def test_who_answers_for_a_waiver_stands_in_the_report_in_one_line() -> None:
    """The JSON report joins the name and the role."""
    waiver = {**SAFETY, "by": {"name": "Example, Jane", "role": "sponsor"}}
    data = replaced(deleted(SOURCE.data, UNBLINDING), ("waivers",), [waiver])
    (found,) = api.validate(Document("a.protocol.yaml", data)).to_json()["findings"]
    assert found["suppression"] == {
        "kind": "waiver", "reason": SAFETY["reason"], "by": "Example, Jane, sponsor", "until": "",
    }  # fmt: skip


def test_without_a_clock_nothing_has_expired() -> None:
    """A library call without a date reads no clock."""
    assert _report([{**REASON, "until": "1999-01-01"}]) == [("FU09", True)]


def _commented(comment: str) -> list[tuple[str, bool]]:
    text = EXAMPLE.read_text("utf-8").replace("planned_missing_primary: 15 %", "")
    lines = text.splitlines()
    number = next(index for index, line in enumerate(lines) if line.strip().startswith("retention:"))
    lines[number] = f"{lines[number]}  {comment}"
    report = api.validate(api.load("\n".join(lines).encode(), name="a.protocol.yaml"))
    return [(placed.finding.code, placed.suppression is not None) for placed in report.findings]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("", [("FU09", False)]),
        ("# protocolkit: ignore FU09 -- the plan stands elsewhere", [("FU09", True)]),
        ("# protocolkit: ignore FU09", [("FU09", False), ("WAIV01", False)]),
        ("# protocolkit:ignore FU09 -- the plan stands elsewhere", [("FU09", True)]),
        ("# protocolkit: ignore fu09 -- the plan stands elsewhere", [("FU09", False), ("WAIV01", False)]),
        ("# protocolkit: ignore FU09: the plan stands elsewhere", [("FU09", False), ("WAIV01", False)]),
        ("# protocolkit: ignore FU09 \N{EN DASH} the plan", [("FU09", False), ("WAIV01", False)]),
        ("# protocolkit: ignore  -- the plan stands elsewhere", [("FU09", False), ("WAIV01", False)]),
        ("# Protocolkit: Ignore", [("FU09", False), ("WAIV01", False)]),
        ("# protocolkit: ignored findings are no waivers", [("FU09", False)]),
        ("# protocolkit: ignore AE06 -- nobody answers", [("FU09", False), ("WAIV05", False)]),
        ("# protocolkit: ignore FU99 -- no such rule", [("FU09", False), ("WAIV06", False)]),
    ],
)
def test_a_comment_accepts_what_stands_on_its_line(comment: str, expected: list[tuple[str, bool]]) -> None:
    """A comment with a code and a reason accepts the finding of its line."""
    assert sorted(_commented(comment)) == expected


def test_what_is_not_asked_for_does_not_run_and_needs_its_waiver_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that is ignored is run for the waiver alone that names it, so that this is not called unneeded."""
    waiver = {**SAFETY, "by": {"name": "Jane Example", "role": "sponsor"}}
    data = replaced(deleted(SOURCE.data, UNBLINDING), ("waivers",), [waiver])
    ran: list[str] = []
    own = checking.run

    def watched(rules: Iterable[Rule], *rest: Any) -> tuple[Ran, ...]:
        chosen = [*rules]
        ran.extend(each.code for each in chosen)
        return own(chosen, *rest)

    monkeypatch.setattr(checking, "run", watched)
    report = api.validate(Document("a.protocol.yaml", data), ignore=["ETH03"], select=["ETH", "WAIV"])
    assert not report.findings
    assert report.files[0].left_out == 1
    assert {code[:3] for code in ran} == {"ETH"}
    assert "ETH03" not in {outcome.code for outcome in report.files[0].rules}
