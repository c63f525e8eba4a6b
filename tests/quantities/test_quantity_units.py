"""The table of units: closed, consistent, exact; conversion, printing and patterns follow from it."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from protocolkit import quantities
from protocolkit.quantities import QuantityError

if TYPE_CHECKING:
    from protocolkit.quantities import Unit

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT.parent / "shared" / "facts"
CODES = sorted(quantities.units())

CONVERSIONS = [
    ("0.5 ug/kg/min", "mg/kg/h", "0.03 mg/kg/h"),
    ("12 wk", "d", "84 d"),
    ("84 d", "wk", "12 wk"),
    ("90 min", "h", "1.5 h"),
    ("0.0 d", "wk", "0 wk"),
    ("2.50 g", "mg", "2500 mg"),
    ("2.50 mg", "g", "0.0025 g"),
    ("100000 d", "s", "8640000000 s"),
    ("24 mg/d", "mg/h", "1 mg/h"),
    ("10 mg/d", "mg/wk", "70 mg/wk"),
    ("1 a", "mo", "12 mo"),
    ("50 %", "1", "0.5 1"),
    ("1 mg/mL", "g/L", "1 g/L"),
    ("10 mg/dL", "mg/L", "100 mg/L"),
    ("1 h", "d", "0.04166666666666666666666666667 d"),
    ("-7 d", "h", "-168 h"),
    ("20 U/wk", "U/d", "2.857142857142857142857142857 U/d"),
    ("140 [iU]/wk", "[iU]/d", "20 [iU]/d"),
    ("10 mCi", "MBq", "370 MBq"),
    ("1 Ci", "GBq", "37 GBq"),
    ("0.5 GBq/mL", "MBq/mL", "500 MBq/mL"),
    ("300 mU/L", "U/L", "0.3 U/L"),
    ("1 g/g", "mg/g", "1000 mg/g"),
]

COMPARED = [("12 mo", "a", "1"), ("18 a", "mo", "216"), ("1 a", "d", "365.25"), ("1461 wk", "a", "28"),
            ("36 h", "d", "1.5"), ("5 mg", "d", None)]  # fmt: skip

REFUSED = [("3 mo", "d"), ("1 a", "wk"), ("5 mg", "mL"), ("5 mg/kg", "mg"), ("5 mg/kg", "mg/m2"), ("5 {score}", "%"),
           ("53 mmol/mol", "%"), ("10 {percentage_point}", "%"), ("1 {unit}", "U"),
           ("1000 [TCID_50]", "[CCID_50]"), ("1000 [PFU]", "{unit}"), ("1 {vp}", "{vg}"),
           ("2500 U/m2", "[iU]/m2")]  # fmt: skip

PRINTED = [
    ("12 wk", "12 weeks"),
    ("1 d", "1 day"),
    ("-1 d", "-1 day"),
    ("1.0 d", "1.0 days"),
    ("4 h", "4 hours"),
    ("0.35 mg/kg/h", "0.35 mg/kg/h"),
    ("10.0 mg", "10.0 mg"),
    ("25 ug", "25 µg"),
    ("0.5 ug/kg/min", "0.5 µg/kg/min"),
    ("30 %", "30 %"),
    ("4 {score}", "4 points"),
    ("100000000 {cells}", "100,000,000 cells"),
    ("150000 {cells}", "150000 cells"),
    ("1500 /mm2", "1500 per mm²"),
    ("1500 {cells}/mm2", "1500 cells/mm²"),
    ("50 {copies}/ug", "50 copies/µg"),
    ("0.3 {logMAR}", "0.3 logMAR"),
    ("1 {tablet}", "1 tablet"),
    ("2 {patch}", "2 patches"),
    ("1 {unit}", "1 unit"),
    ("2 {unit}", "2 units"),
    ("0.3 {percentage_point}", "0.3 percentage points"),
    ("1 {percentage_point}", "1 percentage point"),
    ("20 U/wk", "20 U/week"),
    ("2500 U/m2", "2500 U/m²"),
    ("200 {copies}/mL", "200 copies/mL"),
    ("-3 [diop]", "-3 dioptres"),
    ("53 mmol/mol", "53 mmol/mol"),
    ("1000 [iU]", "1000 IU"),
    ("140 mm[Hg]", "140 mmHg"),
    ("60 mg/d", "60 mg/day"),
    ("2 1", "2"),
    ("20000000 [PFU]", "20,000,000 PFU"),
    ("1000 [TCID_50]/mL", "1000 TCID₅₀/mL"),
    ("5 10*10{vp}", "5 \N{MULTIPLICATION SIGN} 10¹⁰ vp"),
    ("100 10*9/L", "100 \N{MULTIPLICATION SIGN} 10⁹/L"),
]


@pytest.mark.parametrize(("text", "code", "expected"), COMPARED)
def test_times_compare_in_the_mean_year(text: str, code: str, expected: str | None) -> None:
    """UCUM's year has 365.25 days and twelve months; what is no time has no length."""
    found = quantities.in_mean(quantities.parse(text), code)
    assert found == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(("text", "code", "expected"), CONVERSIONS)
def test_conversion_is_exact_within_a_dimension(text: str, code: str, expected: str) -> None:
    """No floating point: what is a finite decimal comes out as one."""
    converted = quantities.convert(quantities.parse(text), code)
    assert converted.text == expected
    assert quantities.parse(converted.text) == converted


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_other_dimensions_are_refused(text: str, code: str) -> None:
    """Months are never days, a dose per weight is never a dose."""
    with pytest.raises(QuantityError) as caught:
        quantities.convert(quantities.parse(text), code)
    assert caught.value.reason == "dimension"


def test_an_unknown_unit_is_refused() -> None:
    """The error names what was probably meant."""
    with pytest.raises(QuantityError) as caught:
        quantities.convert(quantities.parse("1 h"), "mins")
    assert (caught.value.reason, caught.value.suggestion) == ("unknown_unit", "min")


@given(st.sampled_from(CODES), st.decimals(-1000, 1000, places=3))
def test_there_and_back_is_the_same(code: str, value: Decimal) -> None:
    """Conversion to a finer unit and back loses nothing."""
    unit = quantities.units()[code]
    finest = min(_group(unit), key=lambda other: other.factor)
    there = quantities.convert(quantities.parse(f"{value + 0:f} {code}"), finest.code)
    assert abs(quantities.convert(there, code).value - value) <= abs(value) * Decimal("1e-25")


def _group(unit: Unit) -> list[Unit]:
    return [other for other in quantities.units().values() if other.group == unit.group]


@pytest.mark.parametrize(("text", "expected"), PRINTED)
def test_prose_keeps_the_digits_and_spells_the_unit(text: str, expected: str) -> None:
    """Singular for one, the author's digits always."""
    assert quantities.plain(quantities.parse(text)) == expected


def test_groups_are_told_apart_by_their_dimensions() -> None:
    """No two groups measure the same, so that conversion by group is conversion by dimension."""
    groups = json.loads((ROOT / "src" / "protocolkit" / "quantities" / "units.json").read_text("utf-8"))["groups"]
    times = Counter(tuple(sorted(group["vector"].items())) for group in groups.values())
    assert [vector for vector, often in times.items() if often > 1] == []


def test_factors_are_positive_and_one_unit_of_a_group_has_one_size() -> None:
    """A unit of no size could not be converted."""
    assert all(unit.factor > 0 for unit in quantities.units().values())


@pytest.mark.parametrize("name", sorted(quantities.kinds()))
def test_a_kind_accepts_its_own_example_and_every_unit_it_lists(name: str) -> None:
    """The example in the message is right, and the pattern for editors agrees with the reader."""
    kind = quantities.kinds()[name]
    assert quantities.fault(kind.example, name) is None
    pattern = re.compile(quantities.pattern(name))
    for code in CODES:
        text = f"5 {code}"
        assert bool(pattern.search(text)) == (quantities.fault(text, name) is None) == (code in kind.codes)


@pytest.mark.parametrize(
    "text",
    ["5 mg\n", "5 mg ", " 5 mg", "5 mgx", "05 mg", "5  mg", "5mg", "1e3 mg", "-5 mg"],
)
def test_the_pattern_refuses_what_the_reader_refuses(text: str) -> None:
    """A newline at the end, a leading zero or another digit is no quantity in any engine."""
    assert not re.search(quantities.pattern("dose"), text)
    assert quantities.fault(text, "dose") is not None


@pytest.mark.parametrize("name", sorted(quantities.kinds()))
def test_the_pattern_is_plain_enough_for_every_engine(name: str) -> None:
    r"""No `\d`, `\w`, `\s`; both validators read it alike."""
    import jsonschema_rs  # noqa: PLC0415 - the other engine

    pattern = quantities.pattern(name)
    assert pattern.endswith("(?!\\n)$")
    assert not re.search(r"\\[dws]", pattern)
    schema = {"type": "string", "pattern": pattern}
    for text in (quantities.kinds()[name].example, quantities.kinds()[name].example + "\n", "5", "5 µg"):
        assert jsonschema_rs.is_valid(schema, text) == jsonschema.Draft202012Validator(schema).is_valid(text)


@pytest.mark.parametrize("code", CODES)
def test_no_unit_is_a_misspelt_one_of_another_quantity(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a unit not in the table, none of another quantity, nor one of another size, would be offered for it."""
    table = sys.modules["protocolkit.quantities.units"]
    unit = quantities.units()[code]
    for known in (
        {other: row for other, row in quantities.units().items() if row.group != unit.group},
        {other: row for other, row in quantities.units().items() if other != code},
    ):
        table._parts.cache_clear()
        with monkeypatch.context() as patched:
            patched.setattr(table, "units", lambda known=known: known)
            assert table.meant(code) is None


REAL = [
    "[BAU]",
    "[LF]/mL",
    "[USP'U]/mL",
    "[AU]/mL",
    "[EBU]/mL",
    "mBq",
    "MV",
    "mM",
    "uM",
    "nM/L",
    "pkat/L",
    "fmol/L",
    "fg/mL",
]


@pytest.mark.parametrize("code", REAL)
def test_a_real_unit_that_the_table_does_not_have_is_no_misspelt_one(code: str) -> None:
    """A number keeps its unit: nothing else is offered in its place."""
    assert quantities.units().get(code) is None
    with pytest.raises(QuantityError) as caught:
        quantities.parse(f"5 {code}")
    assert (caught.value.reason, caught.value.suggestion) == ("unknown_unit", "")


@pytest.mark.skipif(not FACTS.is_dir(), reason="../shared is not there")
def test_every_unit_of_the_facts_is_in_the_table() -> None:
    """Codes, NCIt codes and submission values agree with the terminology, its misspellings get its remedies."""
    rows = yaml.safe_load((FACTS / "pain-trials" / "terminology.yaml").read_text("utf-8"))
    for row in rows["units"]:
        unit = quantities.units()[row["ucum"]]
        assert (unit.ncit, unit.cdisc) == (row["ncit"], row["cdisc"])
    for wrong, right in rows["unit_typos_reject"].items():
        with pytest.raises(QuantityError) as caught:
            quantities.parse(f"5 {wrong}")
        assert caught.value.suggestion == f"5 {right}"


@pytest.mark.skipif(not FACTS.is_dir(), reason="../shared is not there")
def test_the_units_of_the_notes_on_ucum_are_in_the_table_or_explained() -> None:
    """Every valid code of the notes is known, every invalid one is refused with a remedy."""
    notes = yaml.safe_load((FACTS / "terminology" / "ucum.yaml").read_text("utf-8"))
    tested = notes["tested"]
    known = set(tested["valid"]) - {"[drp]"}
    assert known <= set(CODES)
    for wrong in tested["invalid"]:
        found = quantities.fault(f"5 {wrong}", "any")
        assert found is not None
        assert found.hint.startswith("write 5 ")
