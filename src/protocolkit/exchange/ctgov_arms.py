"""ClinicalTrials.gov: arms and interventions, and doses where their words are exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.exchange import words_dose
from protocolkit.exchange.ctgov_design import prose
from protocolkit.exchange.ctgov_terms import ARM_TYPES, CONTROLS, KINDS
from protocolkit.exchange.naming import Ids

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.transfer import Transfer

_CALLED = ("placebo", "sham")
_DOSED = ("drug", "biologic", "vaccine", "genetic", "dietary")
_PROCEDURES = ("behaviour", "procedure", "surgery", "device", "diagnostic", "radiation")


def arms_and_interventions(t: Transfer, section: Cursor) -> None:
    """Carry interventions, then the arms that refer to them."""
    module = section["armsInterventionsModule"]
    named = _interventions(t, module["interventions"])
    _arms(t, module["armGroups"], named)
    _back(t, module["interventions"], module["armGroups"])
    _roles(t, module["interventions"])
    _control(t, module["armGroups"])
    arms = t.get(("arms",)) or []
    enrolled = section["designModule"]["enrollmentInfo"]
    planned = enrolled["type"].text in ("ESTIMATED", "ANTICIPATED")
    if len(arms) == 1 and planned and isinstance(enrolled["count"].value, int) and enrolled["count"].value > 0:
        t.put(("arms", 0, "participants"), enrolled["count"])


def _interventions(t: Transfer, rows: Cursor) -> dict[str, str]:
    """Write the interventions; return their ids by the names that arms call them."""
    ids, named = Ids("intervention"), {}
    for row in rows.rows:
        at = ("interventions", t.count(("interventions",)))
        if not t.put((*at, "name"), row["name"]):
            continue
        t.name((*at, "id"), ids.make(row["name"].text))
        t.term((*at, "kind"), row["type"], KINDS)
        if row["type"].text == "COMBINATION_PRODUCT":
            t.name((*at, "combination_product"), True)
        for name in row["otherNames"].rows:
            other = (*at, "names", "other")
            t.put((*other, t.count(other)), name)
        _described(t, row, at)
        named[_call(row["type"].text, row["name"].text)] = t.get((*at, "id"))
        named.setdefault(row["name"].text, t.get((*at, "id")))
    return named


def _call(kind: str, name: str) -> str:
    """Return how an arm calls an intervention: `Dietary Supplement: Vitamin D`."""
    return f"{kind.replace('_', ' ').title()}: {name}" if kind else name


def _described(t: Transfer, row: Cursor, at: Path) -> None:
    text, kind = row["description"], t.get((*at, "kind"))
    dosing = words_dose.read(text.text, row["name"].text) if text.text and kind in _DOSED else None
    if dosing is not None:
        _dosed(t, text, at, dosing)
        return
    to = (*at, "description")
    if not t.put(to, text, prose(t, text)) and kind in _PROCEDURES:
        to = (*at, "non_drug", "procedures")
        t.put(to, text, prose(t, text))
    if text.text and kind in _DOSED and any(character.isdigit() for character in text.text):
        t.keep_words(text, to, "the words of a dose are not exact enough for steps of a regimen")


def _dosed(t: Transfer, text: Cursor, at: Path, dosing: words_dose.Dosing) -> None:
    words = str(t.own(text))
    if dosing.route:
        t.put((*at, "route"), text, dosing.route, words=words)
    if not dosing.is_step:
        return
    step = (*at, "regimen", "steps", 0)
    t.name((*step, "id"), "S1")
    for key in ("dose", "duration", "frequency"):
        if value := getattr(dosing, key):
            t.put((*step, key), text, value, words=words)
    if dosing.once or dosing.frequency:
        t.put((*step, "when"), text, "once" if dosing.once else "course", words=words)


def _arms(t: Transfer, rows: Cursor, named: dict[str, str]) -> None:
    ids = Ids("arm")
    for row in rows.rows:
        at = ("arms", t.count(("arms",)))
        if not t.put((*at, "name"), row["label"]):
            continue
        t.name((*at, "id"), ids.make(row["label"].text))
        t.term((*at, "type"), row["type"], ARM_TYPES)
        given = (*at, "interventions")
        for name in row["interventionNames"].rows:
            found = named.get(name.text) or named.get(name.text.partition(": ")[2])
            if found and found in (t.get(given) or ()):
                name.take(given)
            elif found:
                t.put((*given, t.count(given)), name, found)
        t.put((*at, "description"), row["description"], prose(t, row["description"]))


def _roles(t: Transfer, rows: Cursor) -> None:
    """State the role of what is called placebo, or sham, and stands in arms of that alone."""
    names = {row["name"].text: row["name"] for row in rows.rows}
    types: dict[str, set[str]] = {}
    for arm in t.get(("arms",)) or []:
        for ident in arm.get("interventions", ()):
            types.setdefault(ident, set()).add(arm.get("type", ""))
    for index, intervention in enumerate(t.get(("interventions",)) or []):
        name, given = intervention["name"], types.get(intervention["id"])
        role = name.lower().split()[0]
        if role in _CALLED and given == {f"{role}_comparator"} and name in names:
            t.put(("interventions", index, "role"), names[name], role, words=name)


def _control(t: Transfer, groups: Cursor) -> None:
    """State the type of control where there are experimental arms, and all others are of one type."""
    types = {row["type"].text: row["type"] for row in groups.rows}
    if types.pop("EXPERIMENTAL", None) and len(types) == 1 and (term := CONTROLS.get(next(iter(types)))):
        t.put(("design", "control", "type"), next(iter(types.values())), term)


def _back(t: Transfer, interventions: Cursor, groups: Cursor) -> None:
    """Look whether interventions name the arms that name them; what agrees is told already, the rest is added."""
    arms = {arm["name"]: index for index, arm in reversed(list(enumerate(t.get(("arms",)) or [])))}
    ids = {row["name"]: row["id"] for row in reversed(t.get(("interventions",)) or [])}
    silent = {row["label"].text for row in groups.rows if not row["interventionNames"]}
    for row in interventions.rows:
        ident = ids.get(row["name"].text)
        for label in row["armGroupLabels"].rows:
            if label.text not in arms or ident is None:
                continue
            given = ("arms", arms[label.text], "interventions")
            if ident in (t.get(given) or ()):
                label.take(given)
            elif label.text in silent:
                t.put((*given, t.count(given)), label, ident)
