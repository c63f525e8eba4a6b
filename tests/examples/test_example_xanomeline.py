"""The one real trial among the examples: what its public source lacks is reported, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from protocolkit import api

if TYPE_CHECKING:
    from protocolkit.document import Document

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "xanomeline-ad.protocol.yaml"
PINNED = ROOT / "examples" / "xanomeline-ad.findings.json"
SOURCE = ROOT.parent / "shared" / "data" / "usdm" / "CDISC_Pilot_Study.json"


@pytest.fixture(scope="module")
def trial() -> Document:
    """Read the example."""
    return api.load(EXAMPLE)


def test_its_findings_are_the_pinned_ones(trial: Document) -> None:
    """What `validate` finds is what the header of the file says that the source lacks.

    After a new rule: `protocolkit validate FILE --format json`, then the codes and locators of `findings`, sorted.
    """
    found = sorted([row.finding.code, row.locator] for row in api.validate(trial).findings)
    pinned = sorted([row["code"], row["locator"]] for row in json.loads(PINNED.read_text("utf-8")))
    assert found == pinned


def test_it_is_a_real_trial(trial: Document) -> None:
    """It carries no banner of an example; its header says whose trial it is and what its source leaves out."""
    content = trial.content
    assert isinstance(content, dict)
    assert "fictional" not in content
    header = EXAMPLE.read_text("utf-8").partition("protocolkit: 1")[0]
    for word in ("H2Q-MC-LZZT", "USDM", "to be determined", "COSTART", "ICH E9(R1)"):
        assert word in header


def test_it_renders(trial: Document) -> None:
    """Its gaps become placeholders, and a draft is written."""
    assert api.render(trial).startswith(b"PK")


@pytest.mark.skipif(not SOURCE.is_file(), reason="the data folder ../shared/data is not here")
def test_no_sentence_is_copied_from_the_source(trial: Document) -> None:
    """Facts are the source's, words are ours: no run of ten words stands in both, titles and references aside."""
    theirs = _runs(json.dumps(json.loads(SOURCE.read_text("utf-8")), ensure_ascii=False))
    content = trial.content
    assert isinstance(content, dict)
    ours = {key: value for key, value in content.items() if key not in ("trial", "references")}
    copied = _runs(json.dumps(ours, ensure_ascii=False)) & theirs
    assert copied == set()


def _runs(text: str, length: int = 10) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", re.sub(r"<[^>]+>|\\[a-z]", " ", text.lower()))
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


@pytest.mark.skipif(not SOURCE.is_file(), reason="the data folder ../shared/data is not here")
def test_the_schedule_is_the_source_s(trial: Document) -> None:
    """Every instance of the main timeline is a visit with at least its activities, at its weeks from visit 3."""
    design = json.loads(SOURCE.read_text("utf-8"))["study"]["versions"][0]["studyDesigns"][0]
    names = {row["id"]: row["name"] for row in design["activities"]}
    main = next(line for line in design["scheduleTimelines"] if line["mainTimeline"])
    theirs = [sorted(_KNOWN[names[activity]] for activity in row["activityIds"]) for row in main["instances"]]
    visits = [row for row in trial.root["schedule"]["visits"] if not row["kind"]]
    ours = [sorted(node.text for node in row["activities"]) for row in visits]
    unmatched = [row for row in theirs if not any(set(row) <= set(own) and len(own) <= len(row) + 1 for own in ours)]
    assert unmatched == []
    assert len(ours) == len(theirs)


_KNOWN = {
    "Informed consent": "CONSENT", "Inclusion/exclusion criteria": "CRITERIA", "Patient number assigned": "NUMBER",
    "Demographics": "DEMOGRAPHICS", "Hachinski": "HACHINSKI", "MMSE": "MMSE", "Physical examination": "EXAM",
    "Medical history": "HISTORY", "Habits": "HABITS", "Chest X-ray": "XRAY", "Apo E genotyping": "APOE",
    "Patient randomised": "RANDOMISE", "Vital signs / Temperature": "VITALS", "Ambulatory ECG placed": "HOLTER_ON",
    "Ambulatory ECG removed": "HOLTER_OFF", "ECG": "ECG", "Placebo TTS test": "PATCH_TEST", "CT scan": "CT",
    "Concomitant medications": "MEDICINES", "Hematology": "HAEMATOLOGY", "Chemistry": "CHEMISTRY",
    "Uninalysis": "URINE",
    "Plasma Specimen (Xanomeline)": "PLASMA", "Hemoglobin A1C": "HBA1C", "Study drug": "PATCHES",
    "TTS Acceptability Survey": "SURVEY", "ADAS-Cog": "ADAS", "CIBIC+": "CIBIC", "DAD": "DAD", "NPI-X": "NPIX",
}  # fmt: skip
