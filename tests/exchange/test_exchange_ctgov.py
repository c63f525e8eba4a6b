"""Records of ClinicalTrials.gov: what becomes of each value, what is refused, and what hostile records do."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from commandline import environment
from exchangecase import CASES, content, imported, record, seeded, wrong

from protocolkit import api
from protocolkit.errors import UsageError
from protocolkit.exchange.importing import load
from protocolkit.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.exchange.result import Imported

HOSTILE: tuple[Any, ...] = (
    None, "", [], {}, 0, -1, 1e300, True, "x", "\u0000\ud800\u0085", [1], [None], {"a": [{}]}, [[["deep"]]],
    "a: b\n- c", "Inclusion Criteria:", "9" * 400,
)  # fmt: skip


def _at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def _paths(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    rows = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, item in rows:
        yield from _paths(item, (*path, step))


def _told(row: Imported, code: str) -> dict[str, str]:
    return {finding.pointer: finding.message for finding in row.findings if finding.code == code}


def test_a_whole_record_gives_the_protocol_that_is_kept_beside_it() -> None:
    """Every part of a record, in a file that a person has read; change it only after reading it again."""
    row = imported(record())
    assert row.document is not None
    assert row.document.text == (CASES / "full.protocol.yaml").read_text("utf-8")
    assert row.name == "NCT99999901"


def test_every_value_of_a_whole_record_is_accounted_for() -> None:
    """Each leaf went somewhere, was set aside for a reason, or has a finding at or above it."""
    row = imported(record())
    assert set(_told(row, "LOSS01")) == {
        "/protocolSection/conditionsModule/keywords",
        "/protocolSection/contactsLocationsModule/locations/0/contacts",
    }
    assert row.count == (124, 34, 5)
    assert all(reason for reason in row.aside.values())


def test_words_become_times_only_where_they_are_exact() -> None:
    """Week 12 is a visit at 12 wk without an anchor that nobody named; months stay words, with a finding."""
    found = content(record())
    endpoints = [endpoint for objective in found["objectives"] for endpoint in objective["endpoints"]]
    assert endpoints[0] == {"id": "E1", "outcome": "Average_pain", "visit": "Week_12"}
    assert endpoints[1]["interval"] == {"from": "at_day_1", "to": {"anchor": "at_day_1", "offset": "27 d"}}
    assert endpoints[2]["time_frame"] == "baseline, 3 months"
    visits = {visit["id"]: visit for visit in found["schedule"]["visits"]}
    assert visits["Week_12"]["offset"] == "12 wk"
    assert "anchor" not in visits["Week_12"]
    assert set(visits) >= {"Baseline", "Week_2", "Week_12"}
    assert not set(visits) & {"Day_1", "Day_28"}
    assert not any("window" in visit for visit in visits.values())
    kept = _told(imported(record()), "LOSS02")
    assert "/protocolSection/outcomesModule/secondaryOutcomes/1/timeFrame" in kept


def test_a_dose_becomes_a_step_only_where_it_is_exact() -> None:
    """A clear dose is a step with its words in provenance; an unclear one is kept as it stands."""
    found = content(record())
    first, second = found["interventions"][:2]
    assert first["regimen"]["steps"] == [
        {"id": "S1", "dose": "0.5 mg/kg", "duration": "40 min", "when": "course", "frequency": "2 TIMES PER WEEK"}
    ]
    assert "description" not in first
    assert second["description"] == "Saline, 5 to 10 ml depending on weight"
    assert "regimen" not in second
    words = [row["source"].get("text") for row in found["provenance"] if row["at"].startswith("/interventions/id=Exam")]
    assert "0.5 mg/kg IV over 40 minutes twice weekly" in words


def test_nothing_is_made_up_where_a_record_is_silent() -> None:
    """A record of three values gives a file of three values."""
    row = imported(record("small"))
    assert row.document is not None
    assert {key: value for key, value in row.document.content.items() if key != "provenance"} == {
        "protocolkit": 1,
        "trial": {
            "public_title": "Example exercises",
            "identifiers": [{"registry": "ClinicalTrials.gov", "id": "NCT99999902", "status": "registered"}],
        },
        "population": {"inclusion": [{"id": "I1", "text": "Adults with example disease who can walk."}]},
    }
    assert "no heading" in _told(row, "LOSS02")["/protocolSection/eligibilityModule/eligibilityCriteria"]


def test_what_is_no_trial_is_refused_with_the_reason() -> None:
    """Observational studies and expanded access are refused at the place that says so, and nothing is written."""
    for kind in ("OBSERVATIONAL", "EXPANDED_ACCESS", "SOMETHING_NEW", 7):
        data = record("observational")
        data["protocolSection"]["designModule"]["studyType"] = kind
        row = imported(data)
        assert row.document is None
        assert [f.code for f in row.findings] == ["LOSS05"]
        assert row.findings[0].pointer == "/protocolSection/designModule/studyType"
        assert row.findings[0].severity is Severity.ERROR
    del data["protocolSection"]["designModule"]["studyType"]
    assert "observational" in imported(data).findings[0].message


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"resourceType": "Bundle", "entry": []}', "FHIR"),
        (b'{"usdmVersion": "4.0", "study": {}}', "USDM"),
        (b'{"study": {"versions": []}}', "USDM"),
        (b'{"protocolkit": 1}', "already"),
        (b"# a protocol in YAML\nprotocolkit: 1\n", "already"),
        (b'{"FullStudiesResponse": {}}', "classic"),
        (b"[1, 2, 3]", "not known"),
        (b'"text"', "not known"),
        (b"{}", "not known"),
        (b'{"studies": []}', "not known"),
        (b'{"protocolSection": []}', "not known"),
        (b"", "empty"),
        (b"null", "no value"),
        (b"\xff\xfe{", "not UTF-8"),
        (b'{"protocolSection": {"a": NaN}}', "finite"),
        (b'{"protocolSection": {"a": 1, "a": 2}}', "second time"),
        (b'{"protocolSection": {', "the text ends"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "levels"),
        (b"[" * 100_000, "levels"),
        (b'{"protocolSection": {"identificationModule": {}}}', "neither its number nor its title"),
    ],
)
def test_what_cannot_be_imported_is_a_finding(data: bytes, told: str) -> None:
    """Other JSON, broken JSON and no JSON give a finding of severity error, never an exception."""
    (row,) = load(data, "x.json")
    assert row.document is None
    assert any(told in finding.message for finding in row.findings), row.findings
    assert row.findings[0].severity is Severity.ERROR


def test_several_records_are_read_from_a_page_a_list_and_lines() -> None:
    """A page, a list and one record to a line give the same; one bad record does not spoil the others."""
    small, seen = record("small"), record("observational")
    page = {"studies": [small, seen, None, small], "nextPageToken": "x"}
    lines = b"\n".join(json.dumps(row).encode() for row in (small, seen)) + b"\nnull\n\n" + json.dumps(small).encode()
    for data in (json.dumps(page).encode(), json.dumps(page["studies"]).encode(), lines):
        rows = list(load(data, "x.json"))
        assert [row.document is not None for row in rows] == [True, False, False, True]
    broken = json.dumps(small).encode() + b"\n{broken\n" + json.dumps(small).encode()
    rows = list(load(broken, "x.ndjson"))
    assert [row.document is not None for row in rows] == [True, False, True]
    span = rows[1].findings[0].span
    assert span is not None
    assert span.start.line == 2


def test_places_are_those_of_the_file(tmp_path: Any) -> None:
    """A loss names line and column in the source, and the place in the protocol."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps(record(), indent=1), "utf-8")
    document, report = api.import_(path)
    rows = {row["pointer"]: row for row in report.to_json()["findings"]}
    frame = rows["/protocolSection/outcomesModule/secondaryOutcomes/1/timeFrame"]
    assert path.read_text("utf-8").splitlines()[frame["line"] - 1].strip() == '"timeFrame": "baseline, 3 months"'
    assert frame["related"][0]["pointer"] == "/objectives/1/endpoints/1/time_frame"
    assert "baseline, 3 months" in document.text.splitlines()[frame["related"][0]["line"] - 1]


def test_the_function_of_the_library_takes_one_record() -> None:
    """`api.import_` gives document and report; a refused record has no data; several records are an error of use."""
    document, report = api.import_(json.dumps(record("observational")).encode(), format="ctgov")
    assert document.data is None
    assert report.exit_code == 1
    with pytest.raises(UsageError, match="2 records"):
        api.import_(json.dumps([record("small")] * 2).encode())
    with pytest.raises(UsageError, match="no format"):
        api.import_(b"{}", format="word")


def test_unknown_terms_and_odd_values_are_losses() -> None:
    """A term that the format lacks, and a value that does not fit, are told and left out."""
    data = record()
    section = data["protocolSection"]
    section["designModule"]["phases"] = ["PHASE9"]
    section["designModule"]["designInfo"]["interventionModel"] = "SPIRAL"
    section["armsInterventionsModule"]["armGroups"][0]["type"] = "OTHER"
    section["eligibilityModule"]["minimumAge"] = "18 Winters"
    section["designModule"]["enrollmentInfo"]["count"] = "many"
    section["contactsLocationsModule"]["locations"][0]["country"] = "Atlantis"
    row = imported(data)
    assert row.document is not None
    assert set(_told(row, "LOSS03")) == {
        "/protocolSection/designModule/phases",
        "/protocolSection/designModule/designInfo/interventionModel",
        "/protocolSection/armsInterventionsModule/armGroups/0/type",
        "/protocolSection/contactsLocationsModule/locations/0/country",
    }
    assert set(_told(row, "LOSS04")) == {
        "/protocolSection/eligibilityModule/minimumAge",
        "/protocolSection/designModule/enrollmentInfo/count",
    }
    assert wrong(row.document) == []


def test_characters_that_a_document_cannot_hold_are_replaced_and_told() -> None:
    """Control characters and halves of pairs become U+FFFD; line breaks of other kinds become line breaks."""
    data = record("small")
    data["protocolSection"]["identificationModule"]["briefTitle"] = "a\u0001b\u0085c\r\nd"
    row = imported(data)
    assert row.document is not None
    assert row.document.data["trial"]["public_title"] == "a\ufffdb\nc\nd"
    assert "U+0001" in _told(row, "LOSS06")["/protocolSection/identificationModule/briefTitle"]


def test_whatever_stands_anywhere_there_is_no_crash_and_no_bad_file() -> None:
    """Replace any place of a record by anything: the file that comes out has missing keys and no other fault."""
    whole = record()
    chosen = seeded(4).sample([(p, v) for p in _paths(whole) if p for v in HOSTILE], 100)
    for path, value in chosen:
        data = copy.deepcopy(whole)
        _at(data, path[:-1])[path[-1]] = value
        _prove(data, path, value)


@pytest.mark.slow
def test_whatever_stands_anywhere_in_full() -> None:
    """The sweep over every place and every value."""
    whole = record()
    for path in _paths(whole):
        for value in HOSTILE if path else ():
            data = copy.deepcopy(whole)
            _at(data, path[:-1])[path[-1]] = value
            _prove(data, path, value)


def _prove(data: Any, path: tuple[str | int, ...], value: Any) -> None:
    row = imported(data)
    if row.document is not None:
        assert wrong(row.document) == [], (path, value)
    else:
        assert row.findings, (path, value)


def test_each_missing_part_leaves_the_others() -> None:
    """Delete each place in turn: the import goes on without it."""
    whole = record()
    for path in _paths(whole):
        if path and len(path) <= 3:
            data = copy.deepcopy(whole)
            del _at(data, path[:-1])[path[-1]]
            _prove(data, path, "deleted")


def test_a_protocol_that_is_too_large_for_a_file_is_refused() -> None:
    """A protocol file holds 10 MiB; a record that would give more is refused, and no broken file is written."""
    data = record("small")
    data["protocolSection"]["descriptionModule"] = {"detailedDescription": "A long text with words. " * 450_000}
    row = imported(data)
    assert row.document is None
    assert "10 MiB" in row.findings[0].message


def test_long_lists_are_carried_over_in_linear_time() -> None:
    """Thousands of the same outcome, arm, intervention, site and criterion give ids of their own."""
    data = record()
    section = data["protocolSection"]
    section["contactsLocationsModule"]["locations"] *= 500
    section["outcomesModule"]["primaryOutcomes"] *= 1_500
    section["armsInterventionsModule"]["armGroups"] *= 500
    section["armsInterventionsModule"]["interventions"] *= 500
    section["eligibilityModule"]["eligibilityCriteria"] += "\n3. more" * 1_500
    row = imported(data)
    assert row.document is not None
    assert wrong(row.document) == []


@pytest.mark.slow
def test_a_record_of_20_megabytes_is_read() -> None:
    """A long text and a long list take seconds, not minutes."""
    data = record()
    section = data["protocolSection"]
    section["descriptionModule"]["detailedDescription"] = "A long text with words. " * 400_000
    section["contactsLocationsModule"]["locations"] *= 20_000
    assert imported(data).findings


def test_the_same_record_gives_the_same_bytes() -> None:
    """Nothing depends on a clock, on hash seeds or on the order of keys that mean nothing."""
    one, two = imported(record()).document, imported(record()).document
    assert one is not None
    assert two is not None
    assert one.text == two.text


def test_checking_a_file_does_not_load_the_import() -> None:
    """The table of codes knows the losses without loading what reads records."""
    probe = (
        "import sys, protocolkit.report.kinds; print([n for n in sys.modules if n.startswith('protocolkit.exchange')])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, env=environment())
    assert done.stdout.strip() == "['protocolkit.exchange', 'protocolkit.exchange.losses']"
