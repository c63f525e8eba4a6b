"""Morphine milligram equivalents: by the factors of one named table, and never by a guess."""

from __future__ import annotations

from decimal import Decimal

import pytest

from protocolkit.library import opioids
from protocolkit.quantities import parse

VECTORS = [
    ([("oxycodone", "20 mg/d")], "30"),
    ([("hydrocodone", "20 mg/d")], "20"),
    ([("fentanyl transdermal", "75 ug/h")], "180"),
    ([("tramadol", "200 mg/d"), ("morphine", "30 mg/d")], "70"),
    ([("methadone", "0.01 g/d")], "47"),
    ([], "0"),
]


@pytest.mark.parametrize(("doses", "equivalent"), VECTORS)
def test_doses_are_added_up_by_their_factors(doses: list[tuple[str, str]], equivalent: str) -> None:
    """Factors of CDC 2022; a unit of the same kind is converted."""
    assert opioids.equivalents((name, parse(dose)) for name, dose in doses) == Decimal(equivalent)


@pytest.mark.parametrize(
    ("name", "dose"),
    [
        ("buprenorphine", "8 mg/d"),
        ("paracetamol", "1 g/d"),
        ("fentanyl transdermal", "1 mg/d"),
        ("morphine", "30 mg"),
        ("morphine", "500 ug/h"),
    ],
)
def test_what_the_table_does_not_cover_is_refused(name: str, dose: str) -> None:
    """No factor, no number: an opioid beyond the table, no opioid, another route, or a dose that is not a daily one."""
    with pytest.raises(opioids.NoFactor, match=name):
        opioids.equivalents([(name, parse(dose))])
