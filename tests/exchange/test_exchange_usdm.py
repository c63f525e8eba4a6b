"""Studies of CDISC USDM: what becomes of each part, which files are refused, and what hostile files do."""

from __future__ import annotations

import copy
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from exchangecase import CASES, content, imported, seeded, study, unaccounted, wrong

from protocolkit import api

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.exchange.result import Imported

    Steps = tuple[str | int, ...]

ODD: tuple[Any, ...] = (
    None, "", [], {}, 0, -1, 1e300, True, "x", "\u0000\ud800", [1], [None], {"a": [{}]}, "<p>a<b>", "<![x", "&#0;",
)  # fmt: skip


def _design(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["study"]["versions"][0]["studyDesigns"][0]
    return found


def _version(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["study"]["versions"][0]
    return found


def _paths(value: Any, path: Steps = ()) -> Iterator[Steps]:
    if path:
        yield path
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in rows:
        yield from _paths(item, (*path, step))


def _set(data: Any, path: Steps, value: Any) -> None:
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value


def _told(row: Imported, code: str) -> str:
    return " | ".join(finding.message for finding in row.findings if finding.code == code)


def test_a_whole_study_gives_the_protocol_that_is_kept_beside_it() -> None:
    """Every part of a study, in a file that a person has read; change it only after reading it again."""
    row = imported(study())
    assert row.document is not None
    assert row.document.text == (CASES / "full-usdm.protocol.yaml").read_text("utf-8")
    assert row.name == "EX-001"
    assert wrong(row.document) == []


def test_every_leaf_of_a_study_is_accounted_for() -> None:
    """Each leaf is taken to a place that the protocol has, set aside for a reason, or below a finding of a loss."""
    row = imported(study())
    assert unaccounted(row) == []
    assert not set(row.taken) & set(row.aside)


def test_an_imported_study_can_be_checked_and_rendered() -> None:
    """`validate` and `render` work on an imported file at once."""
    document, report = api.import_(json.dumps(study()).encode())
    assert report.findings
    assert api.validate(document).findings
    assert api.render(document)[:2] == b"PK"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"usdmVersion": "3.6.0"}, "3.6.0; only version 4"),
        ({"usdmVersion": "2.0"}, "2.0; only version 4"),
        ({"usdmVersion": None}, "does not say which version"),
        ({"usdmVersion": 4}, ""),
        ({"usdmVersion": "4.0.1"}, ""),
        ({"usdmVersion": {"a": 1}}, "only version 4"),
        ({"study": None}, "no version"),
        ({"study": {"versions": ["x"]}}, "no design"),
        ({"study": {"versions": [{"studyDesigns": ["x"]}]}}, "observational"),
    ],
)
def test_other_versions_are_refused(change: dict[str, Any], told: str) -> None:
    """Only version 4 is imported, and only a study that has a version with a design."""
    row = imported({**study(), **change})
    assert (row.document is None) == bool(told)
    if told:
        assert [finding.code for finding in row.findings] == ["LOSS05"]
        assert told in row.findings[0].message


@pytest.mark.parametrize("how", ["class", "code", "words"])
def test_an_observational_study_is_refused(how: str) -> None:
    """It assigns nobody to an intervention; the finding stands where the file says so."""
    data = study()
    if how == "class":
        _design(data)["instanceType"] = "ObservationalStudyDesign"
    elif how == "code":
        _design(data)["studyType"]["code"] = "C16084"
    else:
        _design(data)["studyType"] = {"decode": "Observational Study"}
    row = imported(data)
    assert row.document is None
    assert row.findings[0].pointer.endswith("/studyType")


def test_a_second_version_or_design_is_told() -> None:
    """A protocol file holds one version and one design; the others are losses."""
    data = study()
    data["study"]["versions"].append({"id": "V2", "versionIdentifier": "4"})
    _version(data)["studyDesigns"].append({"id": "D2", "name": "Sub-study"})
    row = imported(data)
    places = [finding.pointer for finding in row.findings if "one version and one design" in finding.message]
    assert places == ["/study/versions/1", "/study/versions/0/studyDesigns/1"]


@pytest.mark.parametrize(
    ("value", "kind", "offset"),
    [
        ("P2W", "After", "2 wk"), ("P14D", "Before", "-14 d"), ("PT30M", "After", "30 min"), ("P0D", "Before", "0 d"),
        ("P1DT12H", "After", "36 h"), ("PT1.5H", "After", "1.5 h"), ("P1M", "After", None), ("P1Y", "After", None),
        ("PT10S", "After", None), ("2 weeks", "After", None), ("-P2W", "After", None), ("P2W", "Sometime", None),
    ],
)  # fmt: skip
def test_a_timing_becomes_an_offset_only_where_it_is_exact(value: str, kind: str, offset: str | None) -> None:
    """Weeks, days, hours and minutes count; a month has no fixed length, and its words stay."""
    data = study()
    timing = _design(data)["scheduleTimelines"][0]["timings"][2]
    timing.update({"value": value, "type": {"code": "", "decode": kind}})
    visit = content(data)["schedule"]["visits"][2]
    assert visit.get("offset") == offset
    assert ("Time:" in visit["description"]) == (offset is None)


@pytest.mark.parametrize(
    ("lower", "upper", "window"),
    [
        ("P3D", "P1D", {"before": "3 d", "after": "1 d"}), ("-P3D", "PT0H", {"before": "3 d", "after": "0 h"}),
        ("P3D", None, None), (None, "P3D", None), ("P1M", "P1M", None), ("x", "y", None),
    ],
)  # fmt: skip
def test_a_window_needs_both_sides(lower: str | None, upper: str | None, window: dict[str, str] | None) -> None:
    """One side alone, or a month, is no window; it stays words."""
    data = study()
    _design(data)["scheduleTimelines"][0]["timings"][2].update({"windowLower": lower, "windowUpper": upper})
    visit = content(data)["schedule"]["visits"][2]
    assert visit.get("window") == window
    assert ("Window:" in visit["description"]) == (window is None)


def test_times_that_run_in_a_circle_are_no_offsets() -> None:
    """Two visits that count from each other have no place in time; neither have instances that follow each other."""
    data = study()
    main = _design(data)["scheduleTimelines"][0]
    main["timings"][2]["relativeToScheduledInstanceId"] = "In_4"
    main["instances"][4]["defaultConditionId"] = "In_1"
    visits = {visit["id"]: visit for visit in content(data)["schedule"]["visits"]}
    assert len(visits) == 7
    assert "offset" not in visits["Week_2"]
    assert "offset" not in visits["Call_after_week_2"]


@pytest.mark.parametrize(
    ("words", "strategy"),
    [
        ("Treatment Policy", "treatment_policy"), ("treatment policy strategy", "treatment_policy"),
        ("Composite variable", "composite"), ("While on treatment - until the last dose", "while_on_treatment"),
        ("Principal stratum: compliers", "principal_stratum"), ("Treatment is continued", None), ("Policy", None),
    ],
)  # fmt: skip
def test_a_strategy_is_one_of_five(words: str, strategy: str | None) -> None:
    """Only the name of a strategy at the beginning counts."""
    data = study()
    _design(data)["estimands"][0]["intercurrentEvents"][0]["strategy"] = words
    event = content(data)["objectives"][0]["estimands"][0]["intercurrent_events"][0]
    assert event.get("strategy") == strategy


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("<p>a &lt; b &amp; c</p>", "a < b & c"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>", "1. a\n2. b\n   - c"),
        ("<table><tr><td>a</td><td>b</td><td>c</td></tr></table>", "- a: b; c"),
        ("<p>5 * 3 = 15, <i>so</i> x<sup>2</sup> <b> y </b></p>", "5 \\* 3 = 15, *so* x^2^ **y**"),
        ("<p>1. not a list</p>", "1\\. not a list"),
        ("<p>open <b>never closed", "open never closed"),
        ("</p></li></ul><p>x</p>", "x"),
        ('<usdm:tag name="min_age"/> or more', "18 years or more"),
        ('<usdm:tag name="nothing"/>', "[nothing]"),
        ('<usdm:ref klass="Objective" id="Obj_1" attribute="text"></usdm:ref>', "To compare Examplinib with placebo."),
        ('<usdm:ref id="Nobody" attribute="text"/>', "[Nobody]"),
        ('<usdm:ref id="Item_3" attribute="text"/>x', "x"),
    ],
)
def test_texts_are_read_with_their_tags(text: str, shown: str) -> None:
    """Marks become those of the format, and tags and references the words that they stand for; nothing recurses."""
    data = study()
    item = _version(data)["eligibilityCriterionItems"][2]
    item.update({"text": text, "dictionaryId": "Dict_1"})
    criteria = content(data)["population"]["exclusion"]
    assert criteria[0]["text"].strip() == shown


@pytest.mark.parametrize(
    ("code", "words", "route"),
    [
        ("C38288", "Oral Route of Administration", "ORAL"), ("C38288", "", "ORAL"), ("", "oral", "ORAL"),
        ("C38288", "Nasal Route of Administration", None), ("C1", "by mouth", None),
    ],
)  # fmt: skip
def test_a_code_and_its_words_must_agree(code: str, words: str, route: str | None) -> None:
    """A code is translated by its number or its words; where these name different terms, neither is taken."""
    data = study()
    _version(data)["studyInterventions"][0]["administrations"][0]["route"] = {"code": code, "decode": words}
    assert content(data)["interventions"][0].get("route") == route


@pytest.mark.parametrize(
    ("number", "title", "place"),
    [
        ("4.1", "Description of Trial Design", "/narrative/4.1"),
        ("9.9", "{Emergency Unblinding at the Site}", "/narrative/6.7.4"),
        ("2", "Sample Size", "/narrative/10.11"),
        ("4.1", "Something else", "/appendices/additional/0/text"),
        ("", "", "/appendices/additional/0/text"),
    ],
)
def test_a_text_stands_under_its_heading(number: str, title: str, place: str) -> None:
    """The heading decides, not the number: numbers of other templates mean other sections."""
    data = study()
    data["study"]["documentedBy"][1]["versions"][0]["contents"][1].update(
        {"sectionNumber": number, "sectionTitle": title}
    )
    found = content(data)
    for step in place.split("/")[1:]:
        found = found[int(step) if step.isdigit() else step]
    assert "people with example pain" in found


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<p>The objectives are</p><ul><li>{}</li></ul>", False),
        ("<table><tr><td>1</td><td>{}</td></tr></table>", False),
        ("<p>This trial is to {}</p>", True),
        ("{} is what it is for", True),
    ],
)
def test_a_sentence_with_a_reference_is_kept(text: str, kept: bool) -> None:
    """Only a text that lists values of the model is set aside; a sentence around one is the protocol's own."""
    data = study()
    reference = '<usdm:ref klass="Objective" id="Obj_2" attribute="text"></usdm:ref>'
    _version(data)["narrativeContentItems"][1]["text"] = text.format(reference)
    assert ("4.1" in content(data)["narrative"]) == kept


@pytest.mark.parametrize("change", ["delete", "null", "mistype"])
def test_a_study_with_a_hole_is_imported(change: str) -> None:
    """Each path in turn is deleted, emptied or of another type: the file has missing keys and no other fault."""
    chance, whole = seeded(7), study()
    paths = list(_paths(whole))
    for path in chance.sample(paths, 6):
        data = copy.deepcopy(whole)
        if change == "delete" and isinstance(path[-1], str):
            _set(data, path, None)
        _set(data, path, None if change == "null" else chance.choice(ODD))
        row = imported(data)
        assert row.document is None or wrong(row.document) == [], (path, _told(row, "LOSS04"))


@pytest.mark.slow
def test_a_study_with_any_hole_is_imported() -> None:
    """The whole sweep: every path, with an odd value."""
    chance, whole = seeded(9), study()
    for path in list(_paths(whole)):
        data = copy.deepcopy(whole)
        _set(data, path, chance.choice(ODD))
        row = imported(data)
        assert row.document is None or wrong(row.document) == [], path


@pytest.mark.parametrize("key", ["id", "nextId", "previousId", "childIds", "activityIds", "encounterId"])
def test_odd_ids_are_no_crash(key: str) -> None:
    """Ids that nothing has, that stand twice, or that lead round in a circle are findings at most."""
    for value in ("Act_1", "nobody", "Enc_1"):
        data = study()
        for path in list(_paths(data)):
            if path[-1] == key:
                _set(data, path, [value] if key.endswith("Ids") else value)
        row = imported(data)
        assert row.document is None or wrong(row.document) == []


def test_a_large_study_takes_seconds_at_most() -> None:
    """Thousands of things in a row, deep lists in a text and long tables do not slow the import down."""
    data = study()
    design = _design(data)
    design["activities"] = [
        {"id": f"A{i}", "name": f"Activity {i}", "nextId": f"A{i + 1}", "instanceType": "Activity"} for i in range(1500)
    ]
    design["scheduleTimelines"][0]["instances"] = [
        {"id": f"I{i}", "name": f"Day {i}", "defaultConditionId": f"I{i + 1}", "activityIds": ["A1"]}
        for i in range(500)
    ]
    text = "<ul><li>" * 3000 + "x" + "<table><tr><td>" * 300
    _version(data)["eligibilityCriterionItems"][0]["text"] = text
    started = time.process_time()
    row = imported(data)
    assert row.document is not None
    assert time.process_time() - started < 10
