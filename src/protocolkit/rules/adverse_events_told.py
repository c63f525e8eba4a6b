"""Rule on the time within which something is reported, in words and in the table of reports."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.adverse_events_times import in_hours
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.told_times import number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node, Path
    from protocolkit.rules.trial import Trial

# What the table of reports calls an event, and where its report is told in words.
_PLACES = (
    ("device_deficiency", "/adverse_events/device_deficiencies"),
    ("device_deficiency", "/interventions/*/device/deficiency_reporting"),
    ("pregnancy", "/adverse_events/pregnancy/participant"),
    ("pregnancy", "/adverse_events/pregnancy/partner"),
    ("overdose", "/adverse_events/special_situations/overdose"),
    ("medication_error", "/adverse_events/special_situations/medication_error"),
    ("misuse", "/adverse_events/special_situations/misuse"),
)
_WITHIN = Pattern(r"\bwithin (?P<count>[0-9]{1,3}|[a-z]+)[ -](?:calendar )?(?P<unit>h|hours?|d|days?)\b")
_SERIOUS = Pattern(r"\bserious")
_POSSIBLY = Pattern(r"\b(?:could|might|may) (?:have )?(?:led|lead|caused?|resulted?|become)\b")
_BEYOND = Pattern(r"authorit|regulator|\bethics\b|competent|notified bod")
_HOURS = {"h": 1, "d": 24}


@rule(
    "AE20", Severity.WARNING,
    reads=("/adverse_events/reporting", *(place for _, place in _PLACES)),
)  # fmt: skip
def told_alike(trial: Trial) -> Iterator[Found]:
    """What is reported within a time is reported within the same time wherever it is told.

    Why: a site that reads "within 24 h" in one section and 48 h in the table of reports keeps the longer one.

    Applies: the report of a device deficiency, pregnancy, overdose, error or misuse is told in words with a time, and
    the table of reports has it with a clock, or serious events where the words are about these; where it has both, the
    words may tell either time. Reports to authorities and ethics committees are left out.

    Basis:
        ICH M11 Step 4, 9.2.3 (H)
        internal consistency of the protocol, reports (H)

    Fails::

        adverse_events:
          device_deficiencies: Any inadequacy of the device is reported within 24 h.
          reporting: [{event: device_deficiency, from: investigator, to: sponsor, clock: 48 h}]

    Passes::

        adverse_events:
          device_deficiencies: Any inadequacy of the device is reported within 24 h.
          reporting: [{event: device_deficiency, from: investigator, to: sponsor, clock: 24 h}]
    """
    told = [(event, node, hours) for event, place in _PLACES for node in trial.each(place) if (hours := _within(node))]
    pairs = [(node, hours, rows) for event, node, hours in told if (rows := _rows(trial, event, node))]
    if not pairs:
        raise NotApplicable("no report is told both in words and in the table")
    apart: dict[Path, list[tuple[Node, Node]]] = {}
    for node, hours, rows in pairs:
        if not hours & {in_hours(row["clock"]) for row in rows}:
            apart.setdefault(rows[0].path, []).append((node, rows[0]))
    for found in apart.values():
        yield _found([node for node, _ in found], found[0][1])


def _found(told: list[Node], row: Node) -> Found:
    """Tell a text that differs from the table, or the table where several texts differ from it."""
    clock, words = row["clock"], told[0].text[:80]
    message = f'"{words}" is said, and {row["event"].text} is reported within {clock.text}'
    if len(told) == 1:
        return Found(told[0], message, "tell one time", ((clock, "the clock"),))
    return Found(clock, message, "tell one time", tuple((node, "what is said") for node in told))


def _rows(trial: Trial, event: str, told: Node) -> list[Node]:
    """Return the rows of the table of reports that a text is about: its own, and where it says so of serious events.

    What could have led to a serious event has led to none.
    """
    rows = [row for row in trial.at("/adverse_events/reporting") if in_hours(row["clock"]) is not None]
    wanted = [event, "SAE"] if _SERIOUS.search(told.text) and not _POSSIBLY.search(told.text) else [event]
    return [row for name in wanted for row in rows if row["event"].text == name]


def _within(node: Node) -> set[Decimal | None]:
    """Return the times within which a text says that something is reported, in hours."""
    sentences = [part for part in node.text.split(".") if not _BEYOND.search(part)]
    matches = [match for part in sentences for match in _WITHIN.finditer(part)]
    numbers = [(number_of(match["count"]), match["unit"][0].casefold()) for match in matches]
    return {Decimal(number * _HOURS[unit]) for number, unit in numbers if number is not None}


RULES: tuple[Rule, ...] = (told_alike,)
