"""USDM: design, epochs, arms, and what each arm gets in each epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.exchange.naming import Ids
from protocolkit.exchange.usdm_model import chain, coded, label, says_more, told
from protocolkit.exchange.usdm_words import entry

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.usdm_model import Study

_RANDOMISED = ("C46079", "randomized", "randomised")
_CONTROLS = {"placebo_comparator": "placebo", "active_comparator": "active_comparator",
             "sham_comparator": "sham_procedure"}  # fmt: skip
_SITES = {"single-centre": ("distribution", "single_centre"), "multicentre": ("distribution", "multicentre"),
          "single country": ("geographic_scope", "single_country"),
          "multiple countries": ("geographic_scope", "multiple_countries")}  # fmt: skip


def design(s: Study) -> None:
    """Carry model, blinding, purpose, characteristics, and the reasons for the design."""
    s.term(("design", "model"), s.design["model"], "model")
    s.term(("design", "blinding", "schema"), s.design["blindingSchema"], "blinding_schema")
    _purposes(s)
    for row in s.design["characteristics"].rows:
        _characteristic(s, row)
    for row in s.design["subTypes"].rows:
        _plain(s, row)
    if told(s.design["studyType"]):
        told(s.design["studyType"]).aside("every file of the format describes an interventional trial")
    _carry_words(s)


def _purposes(s: Study) -> None:
    """Write the one purpose of a trial; where several are stated they are characteristics."""
    rows = s.design["intentTypes"].rows
    found = [entry("primary_purpose", coded(row)["code"].text, told(row).text) for row in rows]
    if len(rows) == 1 and found[0]:
        s.t.put(("design", "primary_purpose"), told(rows[0]), found[0])
        return
    for row in rows:
        _plain(s, row)


def _characteristic(s: Study, row: Cursor) -> None:
    words = told(row).text.lower()
    if words in _SITES:
        key, term = _SITES[words]
        s.t.put(("design", "sites", key), told(row), term)
    elif coded(row)["code"].text == _RANDOMISED[0] or words in _RANDOMISED[1:]:
        s.t.put(("design", "randomisations", 0, "id"), told(row), "RANDOMISATION")
    else:
        _plain(s, row)


def _plain(s: Study, row: Cursor) -> None:
    to: Path = ("design", "characteristics")
    if told(row).text in (s.t.get(to) or ()):
        told(row).take(to)
    else:
        s.t.put((*to, s.t.count(to)), told(row))


def _carry_words(s: Study) -> None:
    """Carry what is said of the study and its design in words."""
    study, version = s.record["study"], s.version["rationale"]
    reason = s.design["rationale"]
    s.put(("design", "rationale", "overall"), [reason], s.read(reason).text)
    if version.text and version.text == reason.text:
        version.take(("design", "rationale", "overall"))
    else:
        s.put(("introduction", "rationale"), [version], s.read(version).text)
    for thing in (study, s.design):
        more = thing["description"]
        if not more.text:
            continue
        if says_more(more.text, thing["label"].text, thing["name"].text, "the main design for this of a study trial"):
            s.add(("narrative", "4.1"), [more], s.read(more).text)
        else:
            more.aside("says no more than that it is a study or a design")


def epochs(s: Study) -> None:
    """Carry the epochs in their order."""
    ids = Ids("epoch")
    for row in chain(s.design["epochs"].rows):
        at = ("design", "epochs", s.t.count(("design", "epochs")))
        name = s.words(label(row))
        if not s.put((*at, "name"), [label(row)], name):
            continue
        s.places[row["id"].text] = ids.make(name)
        s.t.name((*at, "id"), s.places[row["id"].text])
        found = entry("epoch_type", coded(row["type"])["code"].text, told(row["type"]).text)
        if found:
            s.t.put((*at, "type"), told(row["type"]), found)
        else:
            _typed(s, row, at)
        _described(s, row["description"], (*at, "description"), name, told(row["type"]).text, "epoch")


def _typed(s: Study, row: Cursor, at: Path) -> None:
    """Keep the type of an epoch that the format has no term for, such as Baseline, in its words."""
    kind = told(row["type"])
    if kind and not says_more(kind.text, label(row).text, "epoch"):
        kind.take((*at, "name"))
    elif s.put((*at, "description"), [kind], f"{kind.text}."):
        s.t.keep_words(kind, (*at, "description"), "the format has no term for this type of epoch")


def _described(s: Study, text: Cursor, to: Path, *known: str) -> None:
    """Write a description where it says more than names and types do."""
    if says_more(text.text, *known):
        s.add(to, [text], s.read(text).text)
    elif text:
        text.aside("says no more than the name and the type")


def arms(s: Study) -> None:
    """Carry the arms, with what the study cells say of each epoch."""
    ids = Ids("arm")
    for row in s.design["arms"].rows:
        at = ("arms", s.t.count(("arms",)))
        name = s.words(label(row))
        if not s.put((*at, "name"), [label(row)], name):
            continue
        s.places[row["id"].text] = ids.make(name)
        s.t.name((*at, "id"), s.places[row["id"].text])
        s.term((*at, "type"), row["type"], "arm_type")
        _described(s, row["description"], (*at, "description"), name)
        _cells(s, row, at)
        _origin(s, row, at)
        for reference in row["populationIds"].rows:
            _population(s, reference, at)
    _control(s)


def _control(s: Study) -> None:
    """State the type of control where there are experimental arms, and all others are of one type."""
    rows = s.design["arms"].rows
    types = {entry("arm_type", coded(row["type"])["code"].text, told(row["type"]).text): row for row in rows}
    others = {kind for kind in types if kind != "experimental"}
    if "experimental" in types and len(others) == 1 and (term := _CONTROLS.get(next(iter(others)) or "")):
        s.t.put(("design", "control", "type"), told(types[next(iter(others))]["type"]), term)


def _cells(s: Study, arm: Cursor, at: Path) -> None:
    rows = [row for row in s.design["studyCells"].rows if row["armId"].text == arm["id"].text]
    order = [row.path for row in chain(s.design["epochs"].rows)]

    def place(row: Cursor) -> int:
        found = s.index.get(row["epochId"].text)
        return order.index(found.path) if found is not None and found.path in order else len(order)

    for row in sorted(rows, key=place):
        epoch = s.place(row["epochId"])
        if not epoch:
            s.find(row["epochId"], "StudyEpoch")
            continue
        _cell(s, row, epoch, at)


def _cell(s: Study, row: Cursor, epoch: str, at: Path) -> None:
    """Write what an arm gets in an epoch: interventions, and the words of the elements."""
    to = (*at, "epochs", s.t.count((*at, "epochs")))
    elements = [(one, s.find(one, "StudyElement")) for one in row["elementIds"].rows]
    s.put((*to, "epoch"), [row["epochId"], row["armId"]], epoch)
    for reference, element in elements:
        if element is None:
            continue
        for drug in element["studyInterventionIds"].rows:
            _given(s, drug, (*to, "interventions"))
        parts, text = _element(s, element)
        s.add((*to, "description"), parts, text)
        reference.take((*to, "description") if text else to)


def _given(s: Study, drug: Cursor, to: Path) -> None:
    known = s.place(drug)
    if not known:
        s.find(drug, "StudyIntervention")
    elif known in (s.t.get(to) or ()):
        drug.take(to)
    else:
        s.t.put((*to, s.t.count(to)), drug, known)


def _element(s: Study, element: Cursor) -> tuple[list[Cursor], str]:
    """Return the words of an element: its label, what it says more, and when it begins and ends."""
    name, more = label(element), element["description"]
    parts, text = [name], s.words(name)
    if says_more(more.text, name.text, "element"):
        parts, text = [*parts, more], f"{text}: {s.words(more)}"
    elif more:
        more.aside("says no more than the name and the type")
    rules, told_rules = rules_of(s, element)
    return [*parts, *rules], f"{text.rstrip('.')}. {told_rules}".strip()


def rules_of(s: Study, owner: Cursor) -> tuple[list[Cursor], str]:
    """Return when an element or an encounter begins and ends, with the leaves that say so."""
    leaves, shown = [], []
    for key, words in (("transitionStartRule", "Begins with"), ("transitionEndRule", "Ends with")):
        rule = owner[key]
        if rule["text"].text:
            leaves.append(rule["text"])
            shown.append(f"{words}: {s.words(rule['text']).rstrip('.')}.")
    return leaves, " ".join(shown)


def _origin(s: Study, arm: Cursor, at: Path) -> None:
    """Say where the data of an arm come from, where they do not come from the trial itself."""
    kind, text = told(arm["dataOriginType"]), arm["dataOriginDescription"]
    if coded(arm["dataOriginType"])["code"].text == "C188866" or kind.text.lower() == "data generated within study":
        kind.aside("says that the data of the arm come from the trial itself")
        if text:
            text.aside("says that the data of the arm come from the trial itself")
        return
    words = ": ".join(part.text for part in (kind, text) if part.text)
    s.add((*at, "description"), [kind, text], f"Origin of the data: {words}" if words else "")


def _population(s: Study, reference: Cursor, at: Path) -> None:
    """Say which cohort an arm is for."""
    found = s.find(reference)
    if found is None:
        return
    if found["instanceType"].text != "StudyCohort":
        reference.aside("says that the arm is for the whole population")
        return
    s.places.setdefault(f"arms of {reference.text}", "")
    s.places[f"arms of {reference.text}"] += f" {s.t.get((*at, 'id'))}"
    reference.take(at)
