"""The lists of terms: complete, coded, acknowledged, and equal to what the facts give."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from protocolkit.library import terms

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT.parent / "shared" / "facts"
DATA = ROOT / "src" / "protocolkit" / "library" / "terms.json"

SIZES = [("route", "C66729", 143), ("dose_form", "C66726", 196), ("frequency", "C71113", 102)]

PUBLISHED = [
    ("blinding_schema", "double_blind", "Double Blind", "C15228"),
    ("model", "parallel", "Parallel Group", "C82639"),
    ("model", "crossover", "Cross-over", "C82637"),
    ("model", "single_group", "Single Group", "C82640"),
    ("control_type", "none", "No Control", "C28280"),
    ("arm_type", "placebo_comparator", "Placebo Comparator Arm", "C174268"),
    ("arm_type", "no_intervention", "No Intervention Arm", "C174270"),
    ("role", "experimental", "Experimental Intervention", "C41161"),
    ("phase", "Phase 1/Phase 2", "Phase 1/Phase 2", "C15693"),
    ("phase", "Not Applicable", "Not Applicable", "C48660"),
    ("route", "INTRAVENOUS DRIP", "INTRAVENOUS DRIP", "C38279"),
    ("dose_form", "CAPSULE", "CAPSULE", "C25158"),
    ("frequency", "BID", "BID", "C64496"),
    ("imp_status", "IMP", "IMP", "C202579"),
    ("objective_level", "primary", "Study Primary Objective", "C85826"),
    ("sourcing", "centrally_sourced", "Centrally Sourced", "C215659"),
]

OURS = [
    ("control_type", "active_placebo", "active placebo", "Placebo"),
    ("role", "active_placebo", "active placebo", "Placebo"),
    ("role", "active_comparator", "active comparator", ""),
    ("blinded_role", "data_analyst", "data analyst", ""),
    ("imp_status", "auxiliary", "auxiliary", "NIMP"),
]

PER_DAY = [
    ("QD", 1), ("BID", 2), ("QID", 4), ("Q8H", 3), ("Q4H", 6), ("Q5H", Fraction(24, 5)), ("QOD", Fraction(1, 2)),
    ("Q72H", Fraction(1, 3)), ("2 TIMES PER WEEK", Fraction(2, 7)), ("EVERY 4 WEEKS", Fraction(1, 28)),
    ("ONCE", None), ("PRN", None), ("CONTINUOUS", None), ("QM", None), ("2 TIMES PER CYCLE", None),
]  # fmt: skip


def builder() -> ModuleType:
    """Load the script that makes terms.json."""
    spec = importlib.util.spec_from_file_location("build_terms", ROOT / "tools" / "build_terms.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("name", "code", "size"), SIZES)
def test_closed_published_lists_are_whole(name: str, code: str, size: int) -> None:
    """A list that CDISC or ICH closes is carried whole, under its own code."""
    found = terms.get(name)
    assert (found.code, len(found.terms)) == (code, size)


def test_a_trial_without_a_phase_says_so_with_the_term_of_cdisc() -> None:
    """The eleven phases of ICH M11, which has no term for none, and after them the one of CDISC C66737."""
    found = terms.get("phase")
    assert (found.code, len(found.terms)) == ("C217045", 12)
    assert found.values[-1] == "Not Applicable"


@pytest.mark.parametrize(("name", "value", "label", "code"), PUBLISHED)
def test_published_terms_keep_label_and_code(name: str, value: str, label: str, code: str) -> None:
    """What stands in the file leads to the term as published and to its code."""
    term = terms.get(name).term(value)
    assert (term.label, term.code) == (label, code)
    assert terms.get(name).label(value) == label


@pytest.mark.parametrize(("name", "value", "label", "under"), OURS)
def test_terms_of_our_own_have_no_code(name: str, value: str, label: str, under: str) -> None:
    """A term of our own says what it stands under, and claims no code."""
    term = terms.get(name).term(value)
    assert (term.label, term.code, term.under) == (label, "", under)


@pytest.mark.parametrize(("value", "rate"), PER_DAY)
def test_frequencies_carry_administrations_per_day(value: str, rate: Fraction | None) -> None:
    """A frequency says exactly how often a day, or nothing where a calendar or a person decides."""
    assert terms.get("frequency").term(value).per_day == rate


@pytest.mark.parametrize("name", terms.names())
def test_every_list_is_sound(name: str) -> None:
    """Values are unique and trimmed, labels stand, codes look like codes, and `under` names a term of the list."""
    found = terms.get(name)
    assert found.terms
    assert len(found.values) == len(found.terms)
    labels = {term.label for term in found.terms}
    for term in found.terms:
        assert term.value == term.value.strip() != ""
        assert term.label
        assert re.fullmatch(r"(C[0-9]+)?", term.code)
        assert term.under in {"", *labels}
        assert term.value in found


def test_values_of_coded_lists_are_snake_case_unless_printed() -> None:
    """ICH terms stand in the file in lower case with underscores; phase and the CDISC lists as printed."""
    for name in terms.names():
        found = terms.get(name)
        if found.system == "ICH M11" and name not in {"phase", "imp_status"}:
            assert all(re.fullmatch(r"[a-z0-9_]+", value) for value in found.values), name


def test_unknown_names_and_values_are_refused() -> None:
    """Neither a list nor a term is made up."""
    with pytest.raises(KeyError):
        terms.get("about")
    with pytest.raises(KeyError):
        terms.get("route").label("oral")


def test_open_lists_take_any_text() -> None:
    """An open list offers terms and refuses none."""
    domains = terms.get("domain")
    assert domains.open
    assert domains.label("sleep") == "sleep"
    assert domains.label("physical_functioning") == "physical functioning"


@pytest.mark.parametrize("owner", ["copyright ICH", "CDISC", "CC BY 4.0", "without endorsement by ICH"])
def test_sources_are_acknowledged(owner: str) -> None:
    """The file names whose lists it carries, on whose terms."""
    assert owner in terms.about()


def test_lists_are_read_only_when_asked_for() -> None:
    """Importing the loader reads nothing."""
    code = "from protocolkit.library import terms; print(terms._data.cache_info().currsize)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT / "src")}
    )
    assert result.stdout.strip() == "0"


@pytest.mark.skipif(not FACTS.is_dir(), reason="the facts folder ../shared/facts is not here")
def test_file_equals_a_rebuild_from_the_facts() -> None:
    """terms.json is what the script makes of the facts, byte for byte."""
    tool = builder()
    assert tool.written(tool.build(FACTS)) == DATA.read_text("utf-8")
