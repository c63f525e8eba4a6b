"""Rule on reports in a trial of a device: what reaches the sponsor, and how fast."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.adverse_events_times import EEA, beyond_sponsor, in_hours
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_THREE_DAYS = Decimal(72)  # in hours
_EVENTS = ("SAE", "SADE", "USADE", "device_deficiency")
_CALLED = {"device_deficiency": "device deficiencies"}
_REGULATION = Pattern(r"\b2017/745\b")
_NATIONAL = Pattern(r"\bart(?:icle)?\.? 82\b")
_AUTHORISED = Pattern(r"\bCE[- ]mark|\bauthori[sz]ed\b|\bwithin\b")
_BEYOND_PURPOSE = Pattern(r"\bnot\b|\bno\b|\boutside\b|\bbeyond\b|\binvestigational\b|\boff[- ]label\b")
_SPONSOR = Pattern(r"sponsor|manufacturer")
_OF_OTHERS = Pattern(r"(?<!or )\bnot\b|\bno\b|\bothers?\b|\bunrelated\b|\bwithout\b")
_DEFICIENCY = Pattern(r"deficienc|malfunction|product_complaint")
_TOLD_IN = frozenset({"adverse_events", "narrative"})


@rule(
    "AE19", Severity.WARNING,
    reads=("/trial/regions", "/adverse_events/reporting", "/adverse_events/device_deficiencies",
           "/interventions/*/kind", "/interventions/*/role", "/interventions/*/device", "/interventions/*/authorised"),
    tags=("device",),
)  # fmt: skip
def reports(trial: Trial) -> Iterator[Found]:
    """Serious events and deficiencies of a device reach the sponsor within three days, and deficiencies are reported.

    Why: the sponsor tells the authorities within two or seven days of knowing. What may be related to the device or its
    procedure, and a deficiency that could have led to a serious event, is useless to them while it lies at the site.

    Applies: a device is experimental, and a country of the trial is in the European Economic Area or has Regulation
    (EU) 2017/745 as its law. A device that is authorised and used within its purpose follows the rules on vigilance,
    and an investigation under Article 82 national law. Of several rows for one event the fastest counts; where serious
    adverse device effects have a row in time, other serious events may be slower.

    Basis:
        MDCG 2020-10/1 Rev 1, 8.2 report by the investigator to the sponsor (M)
        Regulation (EU) 2017/745, Art 80 recording and reporting of adverse events (H)

    Fails::

        trial: {regions: [{country: DE}]}
        interventions: [{id: A, kind: device, role: experimental, device: {deficiency_reporting: within 24 h}}]
        adverse_events: {reporting: [{event: SAE, from: investigator, to: sponsor, clock: 7 d}]}

    Passes::

        trial: {regions: [{country: DE}]}
        interventions: [{id: A, kind: device, role: experimental, device: {deficiency_reporting: within 24 h}}]
        adverse_events: {reporting: [{event: SAE, from: investigator, to: sponsor, clock: 3 d}]}
    """
    regions = [region for region in trial.at("/trial/regions") if _european(region)]
    if not regions or not trial.at("/adverse_events") or not any(map(_investigated, trial.root["interventions"])):
        raise NotApplicable("no device is investigated where Regulation (EU) 2017/745 holds, or no event is collected")
    places = listed(list(dict.fromkeys(region["country"].text for region in regions)))
    for row in _late(trial):
        event = row["event"].text
        message = (
            f"{places}: {_CALLED.get(event, event)} to the sponsor within {row['clock'].text}; MDCG 2020-10/1 asks for "
            "it no later than 3 calendar days after the site knows"
        )
        yield Found(row["clock"], message, "state 3 d or less", ((regions[0], "the region"),))
    if not _tells_of_deficiencies(trial):
        message = f"{places}: nothing says how deficiencies of the device are reported, or why none can arise"
        hint = "add a row for device_deficiency to reporting, and say in device_deficiencies how they are handled"
        yield Found(trial.at("/adverse_events"), message, hint, ((regions[0], "the region"),))


def _european(region: Node) -> bool:
    law = region["law"].text
    return bool((region["country"].text in EEA or _REGULATION.search(law)) and not _NATIONAL.search(law))


def _investigated(intervention: Node) -> bool:
    """Say whether an intervention is a device that is tested, and not one that is used within its authorisation."""
    told = f"{intervention['authorised'].text} {intervention['device']['authorisation'].text}"
    within = _AUTHORISED.search(told) and not _BEYOND_PURPOSE.search(told)
    return intervention["kind"].text == "device" and intervention["role"].text == "experimental" and not within


def _late(trial: Trial) -> Iterator[Node]:
    """Yield for each event the fastest row of a report to the sponsor, where it comes later than three days."""
    fastest: dict[str, tuple[Decimal, Node]] = {}
    for row in trial.at("/adverse_events/reporting"):
        event, within = row["event"].text, in_hours(row["clock"])
        if within is None or event not in _EVENTS or not _SPONSOR.search(row["to"].text) or beyond_sponsor(row):
            continue
        if not _OF_OTHERS.search(row["scope"].text) and (event not in fastest or within < fastest[event][0]):
            fastest[event] = within, row
    related = fastest.get("SADE")
    if related and related[0] <= _THREE_DAYS:
        fastest.pop("SAE", None)
    yield from (row for within, row in fastest.values() if within > _THREE_DAYS)


def _tells_of_deficiencies(trial: Trial) -> bool:
    stated = any(trial.each("/interventions/*/device/deficiency_reporting"))
    if (
        stated
        or trial.at("/adverse_events/device_deficiencies")
        or trial.at("/adverse_events/windows/device_deficiency")
    ):
        return True
    return any(path[0] in _TOLD_IN and _DEFICIENCY.search(text) for path, text in trial.texts)


RULES: tuple[Rule, ...] = (reports,)
