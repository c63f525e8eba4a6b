"""USDM: objectives, endpoints, estimands and the populations of analyses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.exchange.naming import Ids
from protocolkit.exchange.usdm_model import coded, label, says_more, told
from protocolkit.exchange.usdm_words import entry

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.usdm_model import Study

_STRATEGY = re.compile(
    r"\s*(treatment[ -]policy|hypothetical|composite(?:[ -]variable)?|while[ -]on[ -]treatment|principal[ -]stratum)"
    r"(?:[ -]?strategy)?\s*(?:[-:;,.\u2013\u2014]\s*(.*))?",
    re.IGNORECASE | re.DOTALL,
)
_STRATEGIES = {"composite_variable": "composite"}


def objectives(s: Study) -> None:
    """Carry objectives with their endpoints, then the estimands to the objective of their variable."""
    ids, known = (Ids("objective"), Ids("outcome"), Ids("E")), dict[str, str]()
    for row in s.design["objectives"].rows:
        _objective(s, row, ids, known)
    sets = _populations(s)
    estimands = Ids("estimand")
    for row in s.design["estimands"].rows:
        _estimand(s, row, sets, estimands)


def _objective(s: Study, row: Cursor, ids: tuple[Ids, Ids, Ids], known: dict[str, str]) -> None:
    at = ("objectives", s.t.count(("objectives",)))
    if not _text(s, row, (*at, "text")):
        return
    name = row["label"] if row["label"].text else row["description"] or row["name"]
    ident = ids[0].make(s.words(name))
    if not s.put((*at, "id"), [name], ident):
        s.t.name((*at, "id"), ident)
    s.term((*at, "level"), row["level"], "objective_level")
    if says_more(row["description"].text, row["text"].text, name.text):
        s.add((*at, "text"), [row["description"]], s.read(row["description"]).text)
    for endpoint in row["endpoints"].rows:
        _endpoint(s, endpoint, at, ids, known)


def _text(s: Study, row: Cursor, to: Path) -> bool:
    found = s.read(row["text"], row)
    return s.put(to, [row["text"]], found.text, words=row["text"].text if found.references else "")


def _endpoint(s: Study, row: Cursor, objective: Path, ids: tuple[Ids, Ids, Ids], known: dict[str, str]) -> None:
    """Write an endpoint and the outcome that it measures, which carries its words."""
    words = s.words(row["text"], row)
    told_more = s.read(row["description"]).text if says_more(row["description"].text, words) else ""
    if not words:
        return
    at = (*objective, "endpoints", s.t.count((*objective, "endpoints")))
    key = f"{words}\n{told_more}"
    outcome = known.get(key)
    if outcome is None:
        place = ("outcomes", s.t.count(("outcomes",)))
        s.put((*place, "name"), [row["text"]], words)
        known[key] = outcome = ids[1].make(_short(s, row, words))
        s.t.name((*place, "id"), outcome)
        s.put((*place, "measurement"), [row["description"]], told_more)
    elif told_more:
        row["description"].take(("outcomes",))
    s.places[row["id"].text] = ids[2].numbered()
    s.t.name((*at, "id"), s.places[row["id"].text])
    s.put((*at, "outcome"), [row["text"]], outcome)
    if row["purpose"].text:
        s.put((*at, "rationale"), [row["purpose"]], f"Purpose: {s.words(row['purpose'])}")
    _level(s, row, objective)


def _short(s: Study, row: Cursor, words: str) -> str:
    if row["label"].text:
        row["label"].aside("the words by which the outcome is called in the file")
        return s.words(row["label"])
    return words


def _level(s: Study, row: Cursor, objective: Path) -> None:
    level = entry("objective_level", coded(row["level"])["code"].text, told(row["level"]).text)
    if level and level == s.t.get((*objective, "level")):
        told(row["level"]).take((*objective, "level"))
    elif row["level"]:
        words = told(row["level"]).text[:60]
        s.t.lose("LOSS01", row["level"], f'"{words}": the level of an endpoint is that of its objective in the format',
                 (*objective, "level"))  # fmt: skip


def _populations(s: Study) -> dict[str, Cursor]:
    """Write the populations of analyses; return them by their ids in the source."""
    found = {}
    ids = Ids("set")
    for row in s.design["analysisPopulations"].rows:
        at = ("statistics", "analysis_sets", s.t.count(("statistics", "analysis_sets")))
        if _text(s, row, (*at, "definition")):
            s.t.name((*at, "id"), ids.make(s.words(label(row))))
            found[row["id"].text] = row
            if says_more(row["description"].text, row["text"].text, label(row).text):
                s.add((*at, "definition"), [row["description"]], s.read(row["description"]).text)
            for reference in row["subsetOfIds"].rows:
                _subset(s, reference, (*at, "definition"))
    return found


def _subset(s: Study, reference: Cursor, to: Path) -> None:
    whole = s.find(reference)
    if whole is None:
        return
    if whole["instanceType"].text == "StudyDesignPopulation":
        reference.aside("says that it is part of the population of the trial")
    else:
        s.add(to, [reference], f"Part of: {s.words(label(whole))}.")


def _estimand(s: Study, row: Cursor, sets: dict[str, Cursor], ids: Ids) -> None:
    variable = s.place(row["variableOfInterestId"])
    places = [
        ("objectives", index)
        for index, one in enumerate(s.t.get(("objectives",)) or [])
        if any(endpoint["id"] == variable for endpoint in one.get("endpoints", ()))
    ]
    if not places:
        if s.find(row["variableOfInterestId"], "Endpoint") is not None or not row["variableOfInterestId"]:
            s.t.lose("LOSS04", row, "the variable of the estimand is no endpoint of an objective", ("objectives",))
        return
    at = (*places[0], "estimands", s.t.count((*places[0], "estimands")))
    ident = ids.make(s.words(label(row)))
    if not s.put((*at, "id"), [label(row)], ident):
        s.t.name((*at, "id"), ident)
    s.put((*at, "variable"), [row["variableOfInterestId"]], variable)
    s.put((*at, "summary"), [row["populationSummary"]], s.words(row["populationSummary"], row))
    group = sets.get(row["analysisPopulationId"].text)
    if group is not None:
        s.put((*at, "population"), [row["analysisPopulationId"], group["text"]], s.words(group["text"], group))
    else:
        s.find(row["analysisPopulationId"], "AnalysisPopulation")
    _treatment(s, row, (*at, "treatment", "with"))
    if says_more(row["description"].text, label(row).text):
        s.add((*at, "treatment", "with"), [row["description"]], s.read(row["description"]).text)
    for event in row["intercurrentEvents"].rows:
        _event(s, event, (*at, "intercurrent_events", s.t.count((*at, "intercurrent_events"))))


def _treatment(s: Study, row: Cursor, to: Path) -> None:
    """Name the interventions of an estimand; which arms are compared stands in no USDM file."""
    found = [(one, s.find(one, "StudyIntervention")) for one in row["interventionIds"].rows]
    names = [s.words(label(thing)) for _, thing in found if thing is not None]
    if names and s.put(to, [one for one, thing in found if thing is not None], f"Interventions: {', '.join(names)}."):
        s.t.keep_words(found[0][0], to, "the source names interventions, not the arms that are compared")


def _event(s: Study, row: Cursor, at: Path) -> None:
    name = row["text"] if row["text"].text else label(row)
    if not s.put((*at, "event"), [name], s.words(name, row)):
        return
    more = row["description"]
    if says_more(more.text, name.text):
        s.put((*at, "definition"), [more], s.read(more).text)
    if row["label"].text and says_more(row["label"].text, name.text, more.text):
        s.add((*at, "definition"), [row["label"]], s.words(row["label"]))
    said = row["strategy"]
    match = _STRATEGY.fullmatch(said.text)
    if match is None:
        if said:
            s.t.lose("LOSS03", said, f'"{said.text[:60]}" names no strategy of ICH E9(R1)', (*at, "strategy"))
        return
    term = re.sub("[ -]", "_", match[1].lower())
    s.put((*at, "strategy"), [said], _STRATEGIES.get(term, term), words=said.text)
    if match[2]:
        s.put((*at, "rationale"), [said], s.words(said))
        s.t.keep_words(said, (*at, "rationale"), "more is said than the name of the strategy")
