"""Rules on laboratory tests and samples of blood: ranges, grades, volumes, limits for children."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import in_unit
from protocolkit.rules.matching import stems
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import years
from protocolkit.rules.trial import named
from protocolkit.words import listed, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_BLOOD = Pattern(r"\b(?:blood|serum|plasma|PBMC|DNA|RNA)\b")
_DRAWN = Pattern(r"\b(?:blood|serum|plasma|venous)\b")
_NOT_BLOOD = Pattern(
    r"urin|pregnan|saliva|stool|faec|\bfecal|\bfeces|swab|sputum|culture|breath|biops|tissue|tumou?r|virus|viral test|"
    r"throat|nasal|nasophar|smear|aspirat|lavage|cerebrospinal|\bCSF\b|radiograph|imaging|by unit|bedside|finger|"
    r"histolog|patholog|cytolog"
)
# What is found or not, without a range of normal values and without grades.
_QUALITATIVE = Pattern(
    r"cultur|serolog|toxin|\bantigen|\bantibod|\banti-|\bHBs|\bHBV\b|\bHCV\b|\bHIV\b|gamma[- ]release|\bIGRA\b|\bPCR\b|"
    r"pathogen|parasit|\bova\b|genotyp|nucleic acid|\bhCG\b|gonadotrop|pregnan"
)
_ANY_TEST = stems("test, assay, status, sample, tumour, blood, serum, central, local")
_TISSUE = Pattern(r"biops|tissue|tumou?r|patholog|histolog")
_OF_AGE = Decimal(18)


@rule("SOA07", Severity.WARNING, reads=("/schedule", "/appendices/laboratory_tests", "/adverse_events/grading"))
def laboratory(trial: Trial) -> Iterator[Found]:
    """A laboratory test for safety or eligibility lists its analytes, and where normal ranges and grades come from.

    Why: "liver tests" differ between laboratories; grades against local and against central ranges are not the same.

    Applies: a laboratory activity that serves safety, or in trials of medicines eligibility, is done at a visit. A
    pregnancy test needs no ranges, nor does a sample for concentrations, antibodies, markers or a biobank. Where
    adverse events are not graded, for a reason, and in trials without medicines, grades are not asked, nor are they of
    a test for eligibility alone; where all that is looked for is there or not, such as a germ or an antibody to one,
    neither ranges nor grades are, nor of a test that selects participants (population.selection_tests). All tests that
    lack something are one finding.

    Basis:
        ICH M11 Step 4, 8.4.4 and 12.1 (H)

    Fails::

        schedule:
          activities: [{id: LFT, name: liver tests, kind: laboratory, serves: [safety]}]
          visits: [{id: V4, activities: [LFT]}]
        appendices: {laboratory_tests: []}

    Passes::

        schedule:
          activities: [{id: LFT, name: liver tests, kind: laboratory, serves: [safety]}]
          visits: [{id: V4, activities: [LFT]}]
        appendices: {laboratory_tests: [{activity: LFT, analytes: [ALT], ranges: local laboratory, grades: none}]}
    """
    wanted = trial.safety_purposes | ({"eligibility"} if "drug" in trial.tags else frozenset())
    tests = [
        each
        for each in _laboratory(trial)
        if {node.text for node in each["serves"]} & wanted and not _TISSUE.search(each["name"].text)
    ]
    listed_ones = {row["activity"].text: row for row in trial.at("/appendices/laboratory_tests")}
    tests = [each for each in tests if not _is_qualitative(each, listed_ones.get(each["id"].text))]
    selecting = [stems(test["name"].text) - _ANY_TEST for test in trial.at("/population/selection_tests")]
    tests = [each for each in tests if not any(known & stems(each["name"].text) for known in selecting)]
    if not tests:
        raise NotApplicable("no laboratory test of values for safety or eligibility is scheduled")
    graded = "drug" in trial.tags and not trial.at("/adverse_events/grading/none_reason")
    keys = {activity.path: _keys(trial, activity, graded=graded) for activity in tests}
    if not listed_ones:
        wanted_keys = max(keys.values(), key=len)
        message = f"no {listed(wanted_keys)} are listed for {listed([named(each) for each in tests])}"
        hint = f"list each with {{activity, {', '.join(wanted_keys)}}}"
        yield Found(trial.at("/appendices/laboratory_tests"), message, hint)
        return
    yield from _incomplete([(each, listed_ones.get(each["id"].text), keys[each.path]) for each in tests])


def _incomplete(tests: list[tuple[Node, Node | None, list[str]]]) -> Iterator[Found]:
    """Tell once of all tests that are not listed, or that lack something."""
    lacking: dict[str, list[Node]] = {}
    places: list[Node] = []
    for activity, row, wanted in tests:
        missing = [key for key in wanted if row is None or not row[key]]
        if missing:
            told = f"not listed with {listed(missing)}" if row is None else f"listed without {listed(missing, 'or')}"
            lacking.setdefault(told, []).append(activity)
            places.append(row or activity)
    if places:
        said = [f"{listed([named(each) for each in rows])} {_is(rows)} {told}" for told, rows in lacking.items()]
        message = f"laboratory test{'s:' if len(places) > 1 else ''} {'; '.join(said)}"
        hint = "list each under appendices.laboratory_tests with analytes, ranges and grades, or none"
        yield Found(places[0], message, hint, tuple((place, "as here") for place in places[1:]))


def _is(tests: list[Node]) -> str:
    return "are" if len(tests) > 1 else "is"


def _keys(trial: Trial, activity: Node, *, graded: bool) -> list[str]:
    """Return what is asked of a test; one for eligibility alone tells who may enter, and is no event to be graded."""
    watches = bool({node.text for node in activity["serves"]} & trial.safety_purposes)
    return ["analytes", "ranges", *(["grades"] if graded and watches else [])]


def _is_qualitative(activity: Node, row: Node | None) -> bool:
    """Say whether all that a test looks for is there or not, by its analytes, by its name where none are listed."""
    if row is None:
        return bool(_QUALITATIVE.search(activity["name"].text))
    analytes = [each.text for each in row["analytes"]]
    return bool(analytes) and all(_QUALITATIVE.search(each) for each in analytes)


def _laboratory(trial: Trial) -> list[Node]:
    done = {planned.activity["id"].text for stop in trial.timetable.stops for planned in stop.planned}
    return [
        activity
        for activity in trial.root["schedule"]["activities"]
        if activity["kind"].value == "laboratory"
        and activity["id"].text in done
        and {node.text for node in activity["serves"]} != {"contraception"}
    ]


@rule(
    "SOA08", Severity.WARNING,
    reads=("/schedule", "/appendices/samples", "/population/age", "/population/cohorts/*/id", "/oversight/samples"),
)  # fmt: skip
def blood(trial: Trial) -> Iterator[Found]:
    """Samples of blood state their volume; the total adds up and covers the schedule; children have a limit.

    Why: participants are told how much blood is taken, and for children the amount decides whether it may be taken.

    Applies: a laboratory test is scheduled, or samples of blood are listed. A test of urine or the like, as its name,
    its description or the outcomes that it serves tell, is left out. Where the trial takes no samples, for a reason,
    none are asked; a total is asked where minors may take part, unless how often it is taken is stated in words.
    Where one row counts for all cohorts, it counts what the cohort with most visits has.

    Basis:
        internal consistency of the protocol, samples and schedule (H)
        Ethical considerations for clinical trials with minors, EU expert group 2017, blood volume (M)
        Howie 2011 (Bull World Health Organ), 1 to 5 % of blood volume in 24 h, up to 10 % in 8 weeks (H)

    Fails::

        schedule:
          activities: [{id: LFT, name: liver tests, kind: laboratory, serves: [safety]}]
          visits: [{id: V4, activities: [LFT]}]
        appendices: {samples: []}

    Passes::

        schedule:
          activities: [{id: LFT, name: liver tests, kind: laboratory, serves: [safety]}]
          visits: [{id: V4, activities: [LFT]}]
        appendices: {samples: [{activity: LFT, type: serum, volume: 5 mL, times: 1, total: 5 mL}]}
    """
    samples = [row for row in trial.at("/appendices/samples") if _BLOOD.search(row["type"].text)]
    tests = [each for each in _laboratory(trial) if _is_of_blood(trial, each)]
    none = not samples and bool(trial.at("/oversight/samples/none_reason"))
    if none or (not samples and not tests):
        raise NotApplicable("no blood is taken for the trial")
    if not [*trial.at("/appendices/samples")]:
        message = f"blood is taken for {listed([named(each) for each in tests])}, and no volume is stated"
        yield Found(trial.at("/appendices/samples"), message, "list samples {activity, type, volume, times, total}")
    for row in samples:
        yield from _volumes(trial, row)
    if samples and _minors(trial) and not any(row["paediatric_limit"] for row in samples):
        message = (
            "minors may take part, and no sample states a limit of blood per body weight or share of the blood volume"
        )
        yield Found(samples[0], message, "state paediatric_limit", ((trial.at("/population/age/min"), "the age"),))


def _is_of_blood(trial: Trial, activity: Node) -> bool:
    """Say whether a test is one of blood: its name, its description and the outcomes it serves name nothing else."""
    if _NOT_BLOOD.search(f"{activity['id'].text} {activity['name'].text}"):
        return False
    served = [trial.root["outcomes"].find(each.text) for each in activity["serves"]]
    measured = [" ".join(each[key].text for key in ("name", "instrument", "measurement")) for each in served]
    of_others = bool(measured) and all(_of_another(text) for text in measured)
    return not of_others and not _of_another(activity["description"].text)


def _of_another(text: str) -> bool:
    """Say whether a text names a specimen, and none of blood."""
    return bool(_NOT_BLOOD.search(text)) and not _DRAWN.search(text)


def _volumes(trial: Trial, row: Node) -> Iterator[Found]:
    name = row["activity"].text
    countable = not row["times"] or isinstance(row["times"].value, int)
    wanted = ("volume", "total") if _minors(trial) and countable and not _open_ended(trial, name) else ("volume",)
    missing = [key for key in wanted if not row[key]]
    if missing:
        yield Found(row, f"blood for {name} states no {listed(missing, 'and no')}", f"state {listed(missing)}")
    volume, total, times = quantity(row["volume"]), quantity(row["total"]), row["times"].value
    if (
        volume
        and total
        and isinstance(times, int)
        and in_unit(volume.value * times, volume.unit.code, total.unit.code) != total.value
    ):
        told = f"{times} x {volume.text} is {plain(volume.value * times)} {volume.unit.code}"
        yield Found(row["total"], f"blood for {name}: {told}, not {total.text}", "correct volume, times or total")
    if not isinstance(times, int):
        return
    planned, whom = max(_planned_in(trial, row), key=lambda each: each[0])
    if times < planned:
        message = f"blood for {name} is counted {times} times, and the schedule has it {planned} times{whom}"
        yield Found(row["times"], message, "count every planned sample, those of a visit with time points each")


def _planned_in(trial: Trial, row: Node) -> list[tuple[int, str]]:
    """Return how often an activity is planned for all, and in each cohort where one row counts for all of these."""
    name = row["activity"].text
    rows = [each for each in trial.at("/appendices/samples") if each["activity"].text == name]
    cohorts = [each["id"].text for each in trial.at("/population/cohorts")] if len(rows) == 1 else []
    return [(_planned(trial, name), ""), *((_planned(trial, name, each), f" in cohort {each}") for each in cohorts)]


def _planned(trial: Trial, name: str, cohort: str = "") -> int:
    """Return how often an activity is planned for every participant, or for all of a cohort."""
    count = 0
    for stop in trial.timetable.of_participants:
        planned, cohorts = stop.activity(name), {node.text for node in stop.visit["cohorts"]}
        here = not stop.visit["arms"] and (not cohorts or cohort in cohorts)
        if planned and planned.for_all and stop.scheduled and here:
            count += max(1, len(stop.moments)) * max(1, len(planned.timepoints))
    return count


def _open_ended(trial: Trial, name: str) -> bool:
    """Say whether an activity is repeated until an event, so that nobody can state how often it will be done."""
    anchors = trial.at("/schedule/anchors")
    visits = [stop.visit for stop in trial.timetable.stops if stop.activity(name)]
    repeated = (part["repeats"] for visit in visits for part in (visit, anchors.find(visit["anchor"].text)))
    return any(part["until"]["event"] for part in repeated)


def _minors(trial: Trial) -> bool:
    youngest = years(trial.at("/population/age/min"))
    return youngest is not None and youngest < _OF_AGE


RULES: tuple[Rule, ...] = (laboratory, blood)
