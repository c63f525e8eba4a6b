"""What a protocol cannot leave out, and how a fault is told: once, at its cause, in plain words."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from commandline import EXAMPLE
from mutations import WRONG, deleted, paths, replaced, sample

from protocolkit import api
from protocolkit.document import Document
from protocolkit.findings import Severity
from protocolkit.schema import check
from protocolkit.schema.bundled import at, checked

if TYPE_CHECKING:
    from pathlib import Path as File

    from protocolkit.findings import Finding

SOURCE = api.load(EXAMPLE)


def _held(path: tuple[str | int, ...]) -> Any:
    value: Any = SOURCE.content
    for step in path:
        value = value[step]
    return value


KEYS = [path for path in paths(SOURCE.content) if isinstance(path[-1], str)]
REQUIRED = [
    path for path in KEYS if path[-1] in at(path[:-1], checked()).get("required", ()) and len(_held(path[:-1])) > 1
]  # what alone stands in its place leaves nothing behind, so that the place itself is what is missing


def _checked(data: Any) -> tuple[Any, ...]:
    return check(Document("a.protocol.yaml", data))


def _one_finding(path: tuple[str | int, ...]) -> None:
    found = _checked(deleted(SOURCE.data, path))
    assert len(found) == 1, (path, [finding.message for finding in found])
    assert str(path[-1]) in found[0].message
    assert found[0].hint
    place = SOURCE.span(found[0].pointer, found[0].target).start.line
    parent = SOURCE.span("".join(f"/{step}" for step in path[:-1]), found[0].target).start.line
    assert place == parent


def test_the_example_is_clean() -> None:
    """The example protocol has no finding, by either engine."""
    assert check(SOURCE) == ()
    assert check(SOURCE, engine="jsonschema") == ()


@pytest.mark.parametrize("path", sample(REQUIRED, 60, 1), ids=lambda path: "/".join(map(str, path)))
def test_leaving_out_a_required_key_gives_one_finding_at_its_parent(path: tuple[str | int, ...]) -> None:
    """Whatever required key is deleted, one finding names it, with a hint, at the line of what should hold it."""
    _one_finding(path)


@pytest.mark.slow
def test_leaving_out_any_required_key_gives_one_finding_at_its_parent() -> None:
    """As above, for every required key of the example."""
    for path in REQUIRED:
        _one_finding(path)


def _told_by_all(data: Any) -> list[str]:
    report = api.validate(Document("a.protocol.yaml", data))
    return [placed.finding.message for placed in report.findings if placed.finding.severity is not Severity.INFO]


def _told_once(chosen: Any) -> None:
    before = len(_told_by_all(SOURCE.data))
    for path in chosen:
        told = _told_by_all(deleted(SOURCE.data, path))
        assert len(told) == before + 1, (path, told)


@pytest.mark.parametrize("part", range(4))
def test_no_rule_repeats_what_the_shape_tells_of_a_key_left_out(part: int) -> None:
    """With all rules there is still one finding: its cause."""
    _told_once(sample(REQUIRED, 12, part))


@pytest.mark.slow
def test_no_rule_repeats_what_the_shape_tells_of_any_key_left_out() -> None:
    """For every required key of the example."""
    _told_once(REQUIRED)


POOLABLE = [
    ("interventions", 0, "route"),
    ("interventions", 0, "regimen"),
    ("interventions", 0, "regimen", "steps", 0, "dose"),
    ("interventions", 0, "regimen", "steps", 0, "when"),
    ("interventions", 0, "regimen", "steps", 0, "days"),
    ("interventions", 0, "regimen", "steps", 0, "duration"),
    ("interventions", 0, "regimen", "steps", 0, "scaling"),
    ("schedule", "visits", 0, "anchor"),
    ("schedule", "visits", 0, "offset"),
    ("schedule", "visits", 0, "window"),
    ("schedule", "visits", 0, "window", "after"),
    ("adverse_events", "ascertainment"),
    ("adverse_events", "grading", "scale"),
    ("adverse_events", "windows", "AE", "start"),
    ("adverse_events", "windows", "SAE", "end"),
    ("adverse_events", "reporting", 0, "clock"),
]


@pytest.mark.parametrize("path", POOLABLE, ids=lambda path: "/".join(map(str, path)))
def test_what_makes_trials_poolable_cannot_be_left_out(path: tuple[str | int, ...]) -> None:
    """Dose, route, schedule, anchor, offset, window, ascertainment, scale, period, clock: one finding each."""
    _one_finding(path)


def test_an_event_that_nobody_looks_for_is_a_finding() -> None:
    """An event of special interest without its own ascertainment is told once, at the event."""
    data = SOURCE.data
    rows = data["adverse_events"]["ascertainment"]
    event = data["adverse_events"]["of_special_interest"][0]["id"]
    kept = [row for row in rows if row["event"] != event]
    found = _checked(replaced(data, ("adverse_events", "ascertainment"), kept))
    assert [(finding.code, finding.pointer) for finding in found] == [("AE02", "/adverse_events/of_special_interest/0")]
    assert event in found[0].message


def _survives(path: tuple[str | int, ...], value: Any) -> None:
    data = replaced(SOURCE.data, path, value)
    document = Document("a.protocol.yaml", data)
    found = api.validate(document).to_json()
    assert isinstance(found["findings"], list)
    for finding in found["findings"]:
        assert finding["message"]


MISTYPED = [(path, value) for path in paths(SOURCE.data) for value in WRONG]


@pytest.mark.parametrize("part", range(8))
def test_mistyping_any_path_crashes_nothing(part: int) -> None:
    """Any value in any place gives findings or none, never an exception, and the report is complete."""
    for path, value in sample(MISTYPED, 12, part):
        _survives(path, value)


@pytest.mark.slow
def test_mistyping_every_path_crashes_nothing() -> None:
    """As above, each path with a random wrong value of several."""
    chooser = random.Random(7)  # noqa: S311 - no secret
    for path in paths(SOURCE.data):
        _survives(path, chooser.choice(WRONG))


def _mutants(number: int, seed: int) -> list[Any]:
    chooser = random.Random(seed)  # noqa: S311 - no secret
    every = list(paths(SOURCE.content))
    result = []
    for _ in range(number):
        data = SOURCE.content
        for _ in range(chooser.randint(1, 3)):
            path = chooser.choice(every)
            try:
                data = deleted(data, path) if chooser.random() < 0.3 else replaced(data, path, chooser.choice(WRONG))
            except (KeyError, IndexError, TypeError):
                continue
        result.append(data)
    return result


def _told(data: Any, engine: str) -> list[Finding]:
    return sorted(check(Document("a", data), engine=engine))


@pytest.mark.parametrize("seed", range(4))
def test_both_engines_agree(seed: int) -> None:
    """The accelerator and the authority find the same in mutated documents, word for word."""
    for data in _mutants(25, seed):
        assert _told(data, "rs") == _told(data, "jsonschema")


@pytest.mark.slow
def test_both_engines_agree_on_two_thousand_mutants() -> None:
    """As above, on 2,000 documents."""
    for data in _mutants(2000, 99):
        assert _told(data, "rs") == _told(data, "jsonschema")


@pytest.mark.parametrize("engine", ["rs", "jsonschema"])
def test_each_key_of_the_wrong_form_is_told_at_the_key(engine: str) -> None:
    """Prose stands under the number of a section; each key that is no such number is a finding of its own."""
    told = _told(replaced(SOURCE.data, ("narrative",), {"2.1": "a", "foo": "b", "15": "c", "4.1": 3}), engine)
    assert [(finding.code, finding.pointer) for finding in told] == [
        ("FORM03", "/narrative/4.1"), ("FORM06", "/narrative/15"), ("FORM06", "/narrative/foo"),
    ]  # fmt: skip


def test_the_accelerator_leaves_no_trace_among_the_modules() -> None:
    """What stands for the module of dates while the accelerator is imported is gone afterwards, or when it is asked."""
    code = (
        "import sys\n"
        "from protocolkit import process\n"
        "process.own = True\n"
        "from protocolkit.schema.accelerator import _Undated, jsonschema_rs\n"
        "assert 'email.utils' not in sys.modules and jsonschema_rs.is_valid({'type': 'object'}, {})\n"
        "undated = sys.modules['email.utils'] = _Undated('email.utils')\n"
        "print(undated.formatdate(0), sys.modules['email.utils'] is not undated)\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told == "Thu, 01 Jan 1970 00:00:00 -0000 True\n"


def test_no_socket_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checking needs no network, and the engines refuse to look for one."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert _checked(SOURCE.data) == ()
    assert _checked(deleted(SOURCE.data, ("trial", "version")))


PROTOCOL = ("trial", "protocol_id")
WORDS: list[tuple[tuple[str | int, ...], Any, str, str, str]] = [
    (("trial", "phase"), "phase 2", "FORM04", "is no trial phase of the list", "did you mean Phase 2?"),
    (("outcomes", 0, "reported_by"), ["proxi"], "FORM04", '"proxi" is no term of "reported by"', "allowed: "),
    (("design", "blinding", "roles", 0), "parent", "FORM04", 'is no term of "roles"', "did you mean parent_or_proxy?"),
    (("interventions", 0, "kind"), "drgu", "FORM04", "is no kind of the list", "did you mean drug?"),
    (("interventions", 0, "route"), "Intravenous drip", "FORM04", "is no route", "did you mean INTRAVENOUS DRIP?"),
    (("trial", "version"), 6.1, "FORM03", "must be a text, not the number 6.1", "quotes"),
    (("arms",), "KET", "FORM03", "must be a list, not the text", "write"),
    (("trial", "date"), "15.01.2026", "FORM06", "is not written as", "2026-"),
    (("design", "randomisations", 0, "ratio"), "1/1", "FORM06", "is not written as", "1:1"),
    (("arms", 0, "id"), "A B", "FORM06", "is not written as id is", "write for example"),
    (("arms", 0, "participants"), 0, "FORM08", "must be at least 1", ""),
    (("schedule", "visits", 3, "anchor"), "first_doze", "REF01", 'no anchor or visit "first_doze"', "first_dose?"),
    (
        ("adverse_events", "reporting", 0, "event"),
        "unlisted",
        "REF01",
        "no event of special interest",
        "known words are AE",
    ),
    (
        ("adverse_events", "reporting", 0, "event"),
        "unlisted",
        "REF01",
        "no event of special interest",
        "other; defined are",
    ),
    (("population", "exclusion", 0, "below"), "n/a", "FORM05", "is not one number in figures", "for example 30 mL/min"),
    (
        ("interventions", 0, "regimen", "steps", 0, "scaling", "cap"),
        "25 mg",
        "FORM05",
        "a body weight",
        "; the most of a dose at one administration is interventions[].regimen.steps[].max_per_administration",
    ),
    (("interventions", 0, "regimen", "steps", 0, "scaling", "cap"), "25 h", "FORM05", "a body weight", "use kg, g, m2"),
    (("arms", 0, "interventions", 0), "KET", "REF03", '"KET" is an arm; an intervention is needed here', "KETAMINE"),
    (("arms", 1, "id"), "KET", "REF02", 'the id "KET" is taken', "own id"),
]


@pytest.mark.parametrize(
    ("path", "value", "code", "words", "hint"), WORDS, ids=[f"{w[2]}-{w[0][-1]}-{w[4][:9]}" for w in WORDS]
)
def test_a_fault_is_told_in_plain_words(
    path: tuple[str | int, ...], value: Any, code: str, words: str, hint: str
) -> None:
    """The message says what is wrong with which property, the hint what to write."""
    found = [finding for finding in _checked(replaced(SOURCE.data, path, value)) if finding.code == code]
    assert found, _checked(replaced(SOURCE.data, path, value))
    assert words in found[0].message
    assert hint in found[0].hint


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("0.35 mg/kg/hr", "0.35 mg/kg/h"), ("350 mcg/kg/h", "350 ug/kg/h"), ("0.35mg/kg/h", "0.35 mg/kg/h"),
        ("0,35 mg/kg/h", "0.35 mg/kg/h"), ("25 MG", "25 mg"), ("4 h", "mg"), ("0.35", ""), ("-1 mg", ""),
    ],
)  # fmt: skip
def test_a_wrong_quantity_says_what_to_write(written: str, hint: str) -> None:
    """Unknown and misspelt units, a missing space, a comma and another kind of quantity: one finding each."""
    path = ("interventions", 0, "regimen", "steps", 0, "dose")
    found = _checked(replaced(SOURCE.data, path, written))
    assert len(found) == 1, [finding.message for finding in found]
    assert found[0].pointer == "/interventions/0/regimen/steps/0/dose"
    assert "step INF of intervention KETAMINE" in found[0].message
    assert hint in found[0].hint


def test_a_misspelt_key_is_one_finding_that_names_the_right_one() -> None:
    """A required key under a misspelt name is told at that name, not told missing as well."""
    data = deleted(SOURCE.data, ("interventions", 0, "route"))
    found = _checked(replaced(data, ("interventions", 0, "rout"), "ORAL"))
    assert [(finding.code, finding.pointer, finding.hint) for finding in found] == [
        ("FORM02", "/interventions/0/rout", "did you mean route?")
    ]


def test_a_misspelt_key_of_several_of_which_one_is_needed_is_one_finding() -> None:
    """The one that was meant stands there under another name: neither is told missing as well."""
    taken = {"interventions": ["EXAMPLINIB"], "tme": {"relative_to": "dose_start", "offset": "-30 min"}}
    found = check(Document("a.protocol.yaml", {"protocolkit": 1, "concomitant": {"premedication": [taken]}}))
    at_it = [each for each in found if each.pointer.startswith("/concomitant/premedication/0")]
    assert [(each.code, each.hint) for each in at_it if each.code != "FORM01"] == [("FORM02", "did you mean time?")]


def test_an_example_is_one_of_the_kind_that_it_is_for() -> None:
    """A step of radiation without a dose is shown a dose of radiation, not one of tablets."""
    therapy = {"id": "RT", "kind": "radiation", "regimen": {"steps": [{"id": "A", "when": "once", "from": "0 d"}]}}
    found = check(Document("a.protocol.yaml", {"protocolkit": 1, "interventions": [therapy]}))
    (told,) = [each for each in found if each.pointer == "/interventions/0/regimen/steps/0"]
    assert told.hint == 'add dose: "2 Gy" or dose_range: {"min": "3 Gy", "max": "24 Gy"}'


@pytest.mark.parametrize(
    ("path", "value", "hint"),
    [
        (("discontinuation", "temporary"), {"none_reason": "given once"}, "temporary belongs below treatment"),
        (("population", "age", "inclusion"), ["pain"], "inclusion belongs one level up, beside age"),
    ],
)
def test_a_key_on_another_level_is_told_where_it_belongs(path: tuple[str, ...], value: Any, hint: str) -> None:
    """One level down or up, where one key of the object, or the object around it, knows it."""
    (found,) = _checked(replaced(SOURCE.data, path, value))
    assert (found.code, found.hint) == ("FORM02", hint)


def test_a_fault_behind_an_alias_is_told_once() -> None:
    """The text stands once in the file, at several places of the data."""
    window = " AE: {start: first_dose, end: {anchor: last_dose, offset: 30 d}}"
    shared = SOURCE.text.replace(window, window.replace(" AE: ", " AE: &w ").replace("30 d", "30 days"))
    shared = shared.replace("pregnancy: {start: consent, end: {anchor: last_dose, offset: 30 d}}", "pregnancy: *w")
    assert shared.count("*w") == 1
    report = api.validate(api.load(shared.encode(), name="a.protocol.yaml"), select=["FORM"])
    assert [placed.finding.pointer for placed in report.findings] == ["/adverse_events/windows/AE/end/offset"]


def test_a_text_that_a_comma_cut_is_told() -> None:
    """What follows a comma in an unquoted text becomes a key without a value; that is a finding, not silence."""
    found = _checked(replaced(SOURCE.data, ("discontinuation", "retention", "travel paid"), None))
    assert [(finding.code, finding.pointer) for finding in found] == [
        ("FORM02", "/discontinuation/retention/travel paid")
    ]
    assert "quotes" in found[0].hint


def test_a_text_that_several_commas_cut_is_told_once() -> None:
    """All that one text without quotes left as keys is one finding; what stands in another line is another."""
    text = "protocolkit: 1\ntrial: {short_title: one, two, three,\n  public_title: four, five}\n"
    report = api.validate(api.load(text.encode(), name="a.protocol.yaml"), select=["FORM02"])
    told = {placed.finding.pointer: placed.finding.message for placed in report.findings}
    assert told == {
        "/trial/two": 'the keys "two" and "three" are unknown and have no value',
        "/trial/five": 'the key "five" is unknown and has no value',
    }


def test_a_null_that_was_written_is_no_text_that_was_cut() -> None:
    """Where the file says null, no comma is to blame."""
    text = "protocolkit: 1\ntrial: {nickname: null, short_title: one, two}\n"
    report = api.validate(api.load(text.encode(), name="a.protocol.yaml"), select=["FORM02"])
    hints = {placed.finding.pointer: placed.finding.hint for placed in report.findings}
    assert hints["/trial/nickname"] == "leave the key away"
    assert "quotes" in hints["/trial/two"]


def test_a_key_of_another_kind_says_why_it_does_not_belong() -> None:
    """A key that has no meaning beside the stated kind is told with that kind."""
    found = _checked(replaced(SOURCE.data, ("interventions", 0, "regimen", "steps", 0, "until"), {"event": "death"}))
    assert [finding.code for finding in found] == ["FORM09"]
    assert "does not belong here where when is days" in found[0].message


def test_findings_stand_in_order_of_position(tmp_path: File) -> None:
    """All faults of a file come in one run, in the order in which they stand in it."""
    file = tmp_path / "a.protocol.yaml"
    text = EXAMPLE.read_text("utf-8")
    file.write_text(text.replace("phase: ", "phase: x").replace("0.35 mg/kg/h", "0.35 mg/kg/hr"), "utf-8")
    lines = [placed.span.start.line for placed in api.validate(api.load(file)).findings]
    assert len(lines) > 1
    assert lines == sorted(lines)
