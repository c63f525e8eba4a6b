"""Reading a quantity: what is right, what is wrong, and what the author is told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocolkit import quantities
from protocolkit.quantities import Quantity, QuantityError

RIGHT = [
    ("2500 U/m2", "dose"),
    ("0.35 mg/kg/h", "dose"),
    ("30 mg", "amount"),
    ("60 mg/d", "daily_amount"),
    ("2 {capsule}", "dose"),
    ("1000 [iU]", "dose"),
    ("2 Gy", "dose"),
    ("100000000000 {vg}/kg", "dose"),
    ("1000000 {cells}/kg", "dose"),
    ("10 meq", "dose"),
    ("25 ug/h", "strength"),
    ("25 mg/h", "rate"),
    ("0.1 mL/h", "rounding"),
    ("50 mg/mL", "concentration"),
    ("4 h", "duration"),
    ("6 mo", "duration"),
    ("-7 d", "offset"),
    ("0 d", "offset"),
    ("29.5 h", "half_life"),
    ("18 a", "age"),
    ("70 kg", "weight"),
    ("2 m2", "body_size"),
    ("15 %", "percent"),
    ("4 {score}", "score"),
    ("-20 Cel", "temperature"),
    ("30 mL/min", "any"),
    ("140 mm[Hg]", "any"),
    ("100 10*9/L", "any"),
    ("10.0 mg", "dose"),
    ("1 {procedure}", "dose"),
    ("1 {ring}", "dose"),
    ("1 {unit}", "dose"),
    ("20 U/wk", "daily_amount"),
    ("20 [iU]/wk", "rate"),
    ("5 mCi", "dose"),
    ("1 Ci", "amount"),
    ("0.37 GBq/mL", "concentration"),
    ("0.3 {percentage_point}", "any"),
    ("1500 /mm2", "any"),
    ("1500 {cells}/mm2", "any"),
    ("3 {grade}", "score"),
    ("0.3 {logMAR}", "score"),
    ("500 {copies}/ug", "any"),
    ("0.38 Sv", "effective_dose"),
    ("200 cm/s", "any"),
    ("-1.6 m/s", "any"),
    ("20000000 [PFU]", "dose"),
    ("20000000 [PFU]/mL", "strength"),
    ("1000 [CCID_50]/{dose}", "strength"),
    ("5 10*10{vp}", "amount"),
    ("10000000 [CFU]", "daily_amount"),
]

NEAR = "units near it that are allowed here: "
WRONG = [
    ("5 mcg", "dose", "unknown_unit", "write 5 ug"),
    ("15 mg/1.5 mL", "strength", "per_several", "write 10 mg/mL"),
    ("5 mg/1.5mL", "strength", "per_several", "divide the two numbers, and say to how many places"),
    ("50 mg twice a day", "daily_amount", "often", "write 100 mg/d"),
    ("50 mg twice daily", "daily_amount", "often", "write 100 mg/d"),
    ("0.5 mg/kg 3 times a day", "daily_amount", "often", "write 1.5 mg/kg/d"),
    ("20 mg daily", "daily_amount", "often", "write 20 mg/d"),
    ("50 mg BID", "dose", "often", "write the amount alone; how often it is given stands in frequency"),
    ("5 µg", "dose", "unknown_unit", "write 5 ug"),
    ("5 \N{GREEK SMALL LETTER MU}g", "dose", "unknown_unit", "write 5 ug"),
    ("5 MG", "dose", "unknown_unit", "write 5 mg"),
    ("5 Mg", "dose", "unknown_unit", "write 5 mg"),
    ("1 mg/kg/hr", "dose", "unknown_unit", "write 1 mg/kg/h"),
    ("1 mcg/kg/min", "dose", "unknown_unit", "write 1 ug/kg/min"),
    ("5 mg/mL.min", "dose", "unknown_unit", "write 5 mg.min/mL"),
    ("5 AUC", "dose", "unknown_unit", "write 5 mg.min/mL"),
    ("3 xULN", "any", "unknown_unit", "write 3 {ULN}"),
    ("AUC 5", "dose", "area", "write for example 0.35 mg/kg/h"),
    ("5 mg/day", "dose", "unknown_unit", "write 5 mg/d"),
    ("5 mg per kg", "dose", "unknown_unit", "write 5 mg/kg"),
    ("100 IU", "dose", "unknown_unit", "write 100 [iU]"),
    ("10 mEq", "dose", "unknown_unit", "write 10 meq"),
    ("2 tablets", "dose", "unknown_unit", "write 2 {tablet}"),
    ("5 cc", "volume", "unknown_unit", "write 5 mL"),
    ("5 ml", "volume", "unknown_unit", "write 5 mL"),
    ("4 hrs", "duration", "unknown_unit", "write 4 h"),
    ("12 weeks", "offset", "unknown_unit", "write 12 wk"),
    ("140 mmHg", "any", "unknown_unit", "write 140 mm[Hg]"),
    ("4 {seizure}/(28.d)", "any", "unknown_unit", "write 4 {event}/(28.d)"),
    ("4 seizures/28 d", "any", "unknown_unit", "write 4 {event}/(28.d)"),
    ("4 {#}/(28.d)", "any", "unknown_unit", "write 4 {event}/(28.d)"),
    ("200 cm/sec", "any", "unknown_unit", "write 200 cm/s"),
    ("5 blah", "duration", "unknown_unit", "use s, min, h, d, wk, mo, a, for example 4 h"),
    (
        "1500 {cells}/nm2",
        "any",
        "unknown_unit",
        NEAR + "{cells}/mm2, {cells}/cm2, {cells}/mL, {cells}/kg, {copies}/mL, {copies}/ug, {score}/a, {sachet}/d ...",
    ),
    ("1500 {cell}/mm2", "any", "unknown_unit", "write 1500 {cells}/mm2"),
    (
        "3 {copies}/m2",
        "strength",
        "unknown_unit",
        NEAR + "{cells}/mL, {vp}/mL, {vg}/mL, {vp}/{dose}",
    ),
    (
        "3 GBq/L",
        "concentration",
        "unknown_unit",
        NEAR + "GBq/mL, g/L, ng/L, ug/L, mg/L, meq/L, U/L, mU/L ...",
    ),
    ("20000000 {PFU}/mL", "strength", "unknown_unit", "write 20000000 [PFU]/mL"),
    ("1000 TCID50/mL", "strength", "unknown_unit", "write 1000 [TCID_50]/mL"),
    ("7.0 log10 CCID50", "dose", "logarithm", "write 10000000 [CCID_50]"),
    ("4 {log10}[CCID_50]/mL", "strength", "logarithm", "write 10000 [CCID_50]/mL"),
    (
        "6.5 log10 PFU",
        "dose",
        "logarithm",
        "write the number out in full, for example 10000000 [CCID_50] for 7.0 log10 CCID50",
    ),
    ("10^7 PFU", "dose", "exponent", "write for example 0.35 mg/kg/h"),
    ("20 mBq", "weight", "unknown_unit", "use kg, g, for example 70 kg"),
    ("20 mM", "weight", "unknown_unit", "use kg, g, for example 70 kg"),
    ("0.3 logMAR", "any", "unknown_unit", "write 0.3 {logMAR}"),
    ("380 uSv", "effective_dose", "unknown_unit", "use mSv, Sv, for example 10 mSv"),
    ("2.4 mSvs", "effective_dose", "unknown_unit", "write 2.4 mSv"),
    (
        "20 U/mo",
        "daily_amount",
        "unknown_unit",
        NEAR + "U/m2, U/h, U/d, U/kg, U/wk",
    ),
    ("2 {units}", "dose", "unknown_unit", "write 2 {unit}"),
    (
        "2 units",
        "dose",
        "unknown_unit",
        NEAR + "{unit}, U, [iU]",
    ),
    ("2500 U/mm2", "dose", "unknown_unit", NEAR + "U/m2, U/h, U/d, U/kg, U/wk"),
    ("2500 UI/m2", "dose", "unknown_unit", "write 2500 [iU]/m2"),
    ("10 MU/m2", "dose", "unknown_unit", NEAR + "U/m2, [iU]/m2"),
    ("2500 units/m2", "dose", "unknown_unit", NEAR + "U/m2, [iU]/m2"),
    ("2500 {U}/m2", "dose", "unknown_unit", NEAR + "U/m2, [iU]/m2"),
    ("2500 IU/m2", "dose", "unknown_unit", "write 2500 [iU]/m2"),
    ("3 percentage points", "any", "unknown_unit", "write 3 {percentage_point}"),
    ("5 minutes", "dose", "unknown_unit", "use mg, mmol, meq, [iU], U, Gy, kBq, mL ..., for example 0.35 mg/kg/h"),
    ("3 months", "offset", "unknown_unit", "use min, h, d, wk, for example 12 wk"),
    ("30 mg", "duration", "wrong_kind", "use s, min, h, d, wk, mo, a"),
    ("30 m", "duration", "wrong_kind", "m is metre; a minute is min"),
    ("3 s", "offset", "wrong_unit", "use min, h, d, wk, for example 12 wk"),
    ("3 mo", "offset", "calendar", "write it in days or weeks, for example 91 d or 13 wk"),
    ("5 a", "offset", "calendar", "write it in days or weeks, for example 1826 d or 261 wk"),
    ("-5 mg", "dose", "negative", "write for example 0.35 mg/kg/h"),
    ("5mg", "dose", "space", "write 5 mg"),
    ("5  mg", "dose", "space", "write 5 mg"),
    ("5\N{NO-BREAK SPACE}mg", "dose", "space", "write 5 mg"),
    ("5 mg\n", "dose", "space", "write 5 mg"),
    (" 5 mg", "dose", "space", "write 5 mg"),
    ("0,5 mg", "dose", "comma", "write 0.5 mg"),
    ("1,000 h", "duration", "comma", "write for example 4 h"),
    ("+5 mg", "dose", "number", "write 5 mg"),
    ("05 mg", "dose", "number", "write 5 mg"),
    (".5 mg", "dose", "number", "write 0.5 mg"),
    ("5. mg", "dose", "number", "write 5 mg"),
    ("\N{MINUS SIGN}7 d", "offset", "number", "write -7 d"),
    ("1e3 h", "duration", "exponent", "write for example 4 h"),
    ("1 x 10^6 h", "duration", "exponent", "write for example 4 h"),
    ("4-6 h", "duration", "range", 'write {min: "4 h", max: "6 h"}'),
    ("4 to 6 h", "duration", "range", 'write {min: "4 h", max: "6 h"}'),
    ("4\N{EN DASH}6 h", "duration", "range", 'write {min: "4 h", max: "6 h"}'),
    ("4-6 h", "dose", "range", "write for example 0.35 mg/kg/h"),
    ("< 4 h", "duration", "sign", "write for example 4 h"),
    ("four h", "duration", "no_number", "write for example 4 h"),
    ("\N{ARABIC-INDIC DIGIT THREE} h", "duration", "no_number", "write for example 4 h"),
    ("5", "duration", "no_unit", "write for example 4 h"),
    ("", "duration", "empty", "write for example 4 h"),
    (5, "duration", "no_unit", "write the number, a space and the unit, for example 4 h"),
    (5.5, "duration", "no_unit", "write the number, a space and the unit, for example 4 h"),
    (True, "duration", "not_text", "write the number, a space and the unit, for example 4 h"),
    (None, "duration", "not_text", "write the number, a space and the unit, for example 4 h"),
    ([1], "duration", "not_text", "write the number, a space and the unit, for example 4 h"),
]


@pytest.mark.parametrize(("text", "kind"), RIGHT)
def test_what_a_protocol_writes_is_read(text: str, kind: str) -> None:
    """The value is exact, the unit known, the text as written."""
    assert quantities.fault(text, kind) is None
    quantity = quantities.parse(text)
    number, code = text.split(" ", 1)
    assert (quantity.value, quantity.unit.code, quantity.text) == (Decimal(number), code, text)


@pytest.mark.parametrize(("value", "kind", "reason", "hint"), WRONG)
def test_what_is_wrong_gets_a_reason_and_a_remedy(value: object, kind: str, reason: str, hint: str) -> None:
    """Each mistake has its own reason; the remedy can be copied where it is certain."""
    found = quantities.fault(value, kind)
    assert found is not None
    assert (found.reason, found.hint) == (reason, hint)
    assert found.message


def test_a_wrong_kind_says_what_it_is_and_what_is_needed() -> None:
    """The message speaks of masses and durations, not of patterns."""
    found = quantities.fault("30 mg", "duration")
    assert found is not None
    assert found.message == "30 mg is a mass; a duration such as 4 h is needed"


def test_a_long_text_is_shortened_in_its_message() -> None:
    """A paragraph in the place of a dose does not fill the report."""
    found = quantities.fault("words " * 100_000, "dose")
    assert found is not None
    assert len(found.message) < 200


@pytest.mark.parametrize("text", ["1" + " " * 10**6, "1" * 10**6, "1," * 10**6, "1 -" + " " * 10**6 + "x"])
def test_a_very_long_text_is_explained_at_once(text: str) -> None:
    """The reader looks at no more than a line of what cannot be a quantity."""
    found = quantities.fault(text, "dose")
    assert found is not None
    assert found.reason == "too_long"


def test_an_unknown_kind_is_a_mistake_of_the_program() -> None:
    """A schema that names no kind of the table must not pass unseen."""
    with pytest.raises(KeyError):
        quantities.fault("5 mg", "nonsense")


@given(st.text(max_size=30) | st.from_regex(r"[-+]?[0-9., eE-]{1,8} ?[A-Za-z/\[\]{}%*]{0,8}", fullmatch=True))
def test_any_text_is_read_or_explained(text: str) -> None:
    """No text breaks the reader, and a remedy that is offered is itself right."""
    read: Quantity | None
    try:
        read = quantities.parse(text)
    except QuantityError as error:
        remedy = error.suggestion
        read = quantities.parse(remedy) if remedy and not remedy.startswith("{") else None
    assert read is None or read.unit.code in quantities.units()
