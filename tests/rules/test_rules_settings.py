"""What a device is set to is stated as a dose is, fitted by a titration, and held against its highest setting."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.dosing import dose_table
from protocolkit.rules import RULES, run
from protocolkit.schema import check

CODES = ("DOSE02", "DOSE07", "DOSE08")


def protocol(kind: str, setting: str, step: str, most: str) -> Document:
    """Return a protocol of one intervention that is fitted to the participant night by night."""
    nightly = {"id": "N", "when": "course", "frequency": "QD", "from": "0 d", "to": "27 d", "dose": setting}
    titration = {
        "step": step, "min_interval": "3 d", "target": most, "down": "one step", "if_target_not_reached": "it stays",
    }  # fmt: skip
    regimen = {
        "anchor": "first_dose", "steps": [{**nightly, "titrated": True}], "titration": titration, "max_per_day": most,
    }  # fmt: skip
    root = {"interventions": [{"id": "X", "kind": kind, "role": "experimental", "regimen": regimen}]}
    return Document("x", root)


def told(document: Document) -> list[str]:
    """Return the codes that the shape and the rules on doses give below the regimen."""
    shape = [finding.code for finding in check(document) if "/regimen/" in finding.pointer]
    ran: Any = run([rule for rule in RULES if rule.code in CODES], document, (), frozenset({"drug", "device"}))
    return [*shape, *(finding.code for each in ran for finding in each.findings)]


SETTINGS = [("1.5 V", "0.1 V", "3 V"), ("2 mA", "0.5 mA", "4 mA"), ("8 cm[H2O]", "1 cm[H2O]", "14 cm[H2O]"),
            ("30 Hz", "5 Hz", "60 Hz")]  # fmt: skip


@pytest.mark.parametrize(("setting", "step", "most"), SETTINGS)
def test_a_device_is_titrated_in_what_it_is_set_in(setting: str, step: str, most: str) -> None:
    """Its setting, step, target and highest setting are quantities of the format."""
    assert told(protocol("device", setting, step, most)) == []


def test_a_setting_above_the_highest_is_told() -> None:
    """As a dose above the highest is, though no settings add up."""
    document = protocol("device", "3.5 V", "0.1 V", "3 V")
    assert told(document) == ["DOSE07"]
    assert not dose_table(document.root["interventions"][0]).rows


def test_a_target_above_the_highest_setting_is_told_once() -> None:
    """Of a device as of a medicine, by the rule on maxima or by that on titration."""
    for kind, code, units in (("device", "DOSE07", ("mA", "mA", "mA")), ("drug", "DOSE08", ("mg", "mg/d", "mg/d"))):
        document = protocol(kind, f"1 {units[0]}", f"1 {units[1]}", f"5 {units[2]}")
        document.root["interventions"][0]["regimen"]["titration"].value["target"] = f"6 {units[2]}"
        assert told(document) == [code]


def test_no_medicine_is_titrated_in_volts() -> None:
    """A target in mmHg is the measured value that a medicine is fitted to; each such place is told."""
    assert told(protocol("drug", "10 mg", "10 mg/d", "120 mm[Hg]")) == ["DOSE02", "DOSE02"]
