"""Two texts that speak of one thing are told from two that do not, by stems and by groups of words."""

from __future__ import annotations

import pytest

from protocolkit.rules.matching import Told

ALIKE = [
    ("Poorly controlled cardiovascular disease", "severe coronary or myocardial disease"),
    ("systolic blood pressure above 180", "uncontrolled hypertension"),
    ("Allergy to platinum compounds", "hypersensitivity"),
    ("eGFR below 30 mL/min", "severe renal impairment"),
    ("Pregnant or breast-feeding", "pregnancy"),
    ("Liver tests ; ALT AST", "hepatotoxicity"),
    ("strong CYP3A inhibitor", "CYP3A4"),
    ("Electrocardiogram", "ECG"),
    ("Corrected QT interval above 470 ms", "QT prolongation"),
    ("Creatinine clearance", "renal function"),
    ("ABG potassium bicarbonate pH lactate", "acid-base state"),
    ("arterial pH", "acid-base state"),
    ("left ventricular shortening fraction below 28 %", "cardiac insufficiency"),
    ("ejection fraction below 45 %", "left ventricular dysfunction"),
    ("LVEF below 45 %", "congestive heart failure"),
    ("platelets below 50 10*9/L", "bone marrow suppression"),
    ("neutrophils below 1 10*9/L", "severe cytopenia"),
]
APART = [
    ("raised intracranial pressure", "raised intraocular pressure"),
    ("untreated hypertension", "hyperthyroidism"),
    ("pregnancy", "active psychosis"),
    ("any disease with symptoms", "active disease of the trial"),
    ("Pain diary", "CYP2D6"),
    ("pharmacy", "pH"),
    ("", "pregnancy"),
]


@pytest.mark.parametrize(("text", "wanted"), ALIKE)
def test_words_of_one_organ_measurement_or_medicine_are_alike(text: str, wanted: str) -> None:
    """People write hepatic and liver, ECG and electrocardiogram, allergy and hypersensitivity."""
    assert Told(text).speaks_of(wanted)


@pytest.mark.parametrize(("text", "wanted"), APART)
def test_words_that_only_begin_alike_or_say_little_are_apart(text: str, wanted: str) -> None:
    """A shared beginning such as hyper, and words such as active or disease, make nothing alike."""
    assert not Told(text).speaks_of(wanted)


NAMED = [
    ("eGFR below 30 mL/min", "bilateral renal artery stenosis", False),
    ("stenosis of an artery of the kidney", "bilateral renal artery stenosis", True),
    ("clinically significant renal or hepatic disease", "bilateral renal artery stenosis", True),
    ("clinically significant liver disease", "bilateral renal artery stenosis", False),
    ("eGFR below 30 mL/min", "end-stage renal disease", True),
    ("eGFR below 30 mL/min", "severe renal impairment (creatinine clearance below 30 mL/min)", True),
    ("uncontrolled hypertension", "hypertension with damage of an end organ", True),
    ("severe cardiac disease", "cardiac tamponade", True),
]


@pytest.mark.parametrize(("text", "disease", "told"), NAMED)
def test_a_disease_of_several_words_is_more_than_its_organ(text: str, disease: str, *, told: bool) -> None:
    """A criterion on the function of the kidney does not exclude a stenosis of its artery; one on its diseases does."""
    assert Told(text).tells_of_disease(disease) is told
