"""USDM: indications, population, cohorts and eligibility criteria."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.exchange.naming import Ids
from protocolkit.exchange.usdm_model import chain, coded, label, says_more, told, whole

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.usdm_model import Study

_SEXES = {"both": "all", "male": "male", "female": "female", "m": "male", "f": "female"}
_CRITERIA = {"C25532": "inclusion", "C25370": "exclusion"}
_PREFIX = {"inclusion": "I", "exclusion": "X"}
_ID = re.compile(r"[A-Za-z0-9_-]{1,30}")
_COUNTS = (("plannedEnrollmentNumber", "enrolled"), ("plannedCompletionNumber", "completed"))


def population(s: Study) -> None:
    """Say who takes part, and how many."""
    _indications(s)
    row = s.design["population"]
    if row["description"].text:
        s.put(("population", "description"), [row["description"]], s.read(row["description"]).text)
    elif label(row).text:
        s.put(("population", "description"), [label(row)], s.words(label(row)))
    healthy = row["includesHealthySubjects"]
    if healthy.value is False:
        s.t.put(("population", "type"), healthy, "with_disease")
    elif healthy.value is True:
        s.add(("population", "description"), [healthy], "Healthy participants are included.")
    _numbers(s, row)
    _age(s, row["plannedAge"], ("population", "age"))
    _sex(s, row["plannedSex"].rows, ("population", "sex", "eligible"))
    for cohort in row["cohorts"].rows:
        _cohort(s, cohort)
    _criteria(s, row)


def _indications(s: Study) -> None:
    for row in s.design["indications"].rows:
        name = s.words(label(row))
        first: Path = ("population", "condition", "name")
        others = ("population", "condition", "others")
        if name and s.t.get(first) is None:
            s.put(first, [label(row)], name)
        elif name == s.t.get(first) or name in (s.t.get(others) or ()):
            label(row).take(first if name == s.t.get(first) else others)
        elif name:
            s.put((*others, s.t.count(others)), [label(row)], name)
        _codes(s, row)
        if not says_more(row["description"].text, name, row["name"].text):
            row["description"].aside("says no more than the name of the condition")
        if row["isRareDisease"].value is False:
            row["isRareDisease"].aside("says that the disease is not rare")
    _areas(s)


def _codes(s: Study, row: Cursor) -> None:
    for code in row["codes"].rows:
        at = ("population", "condition", "codes", s.t.count(("population", "condition", "codes")))
        if s.t.put((*at, "system"), code["codeSystem"]) and s.t.put((*at, "code"), code["code"]):
            for part in (code["decode"], code["codeSystemVersion"]):
                if part:
                    part.aside("the words and the version of a code that is carried")


def _areas(s: Study) -> None:
    rows = [row for row in s.design["therapeuticAreas"].rows if told(row).text]
    names = list(dict.fromkeys(told(row).text for row in rows))
    s.put(("population", "condition", "category"), [told(row) for row in rows], "; ".join(names))


def _numbers(s: Study, row: Cursor) -> None:
    """Write planned numbers: integers as such, ranges in words."""
    for key, name in _COUNTS:
        amount = row[key]
        count = whole(amount["value"].value)
        to = ("population", "participants", name)
        if count is not None and not amount["unit"]:
            s.t.put(to, amount["value"], count)
        elif amount:
            _keep_words(s, amount, name, ("population", "participants", "text"))


def _keep_words(s: Study, amount: Cursor, name: str, to: Path) -> None:
    leaves = [amount["value"], told(amount["unit"]), amount["isApproximate"]]
    for end in (amount["minValue"], amount["maxValue"]):
        leaves += [end["value"], told(end["unit"])]
    shown = s.shown(amount)
    if shown and s.add(to, [leaf for leaf in leaves if leaf], f"{shown} {name}"):
        s.t.lose("LOSS02", amount, f'"{shown[:60]}" is kept as words: it is no single number', to)


def _age(s: Study, age: Cursor, to: Path) -> None:
    for key, name in (("minValue", "min"), ("maxValue", "max")):
        if age[key]:
            s.quantity((*to, name), age[key])
    if age["isApproximate"].value is False:
        age["isApproximate"].aside("says that the limits are exact")


def _sex(s: Study, rows: tuple[Cursor, ...], to: Path) -> None:
    found = {_SEXES.get(told(row).text.lower(), "") for row in rows}
    if not rows:
        return
    if "" in found:
        s.t.lose("LOSS03", told(rows[0]), f'"{told(rows[0]).text[:60]}" is no sex that the format knows', to)
        return
    term = found.pop() if len(found) == 1 else "all"
    s.put(to, [told(row) for row in rows], term)


def _cohort(s: Study, row: Cursor) -> None:
    at = ("population", "cohorts", s.t.count(("population", "cohorts")))
    name = s.words(label(row))
    if not s.put((*at, "name"), [label(row)], name):
        return
    given = {one["id"] for one in s.t.get(at[:2]) or [] if "id" in one}
    ids = Ids("cohort")
    ids.given |= given
    s.places[row["id"].text] = ids.make(name)
    s.t.name((*at, "id"), s.places[row["id"].text])
    for part in _defining(s, row):
        s.add((*at, "definition"), part[0], part[1])
    _age(s, row["plannedAge"], (*at, "age"))
    count = whole(row["plannedEnrollmentNumber"]["value"].value)
    if count is not None and not row["plannedEnrollmentNumber"]["unit"]:
        s.t.put((*at, "participants"), row["plannedEnrollmentNumber"]["value"], count)
    for arm in s.places.get(f"arms of {row['id'].text}", "").split():
        s.t.name((*at, "arms", s.t.count((*at, "arms"))), arm)
    if row["includesHealthySubjects"].value is s.design["population"]["includesHealthySubjects"].value:
        row["includesHealthySubjects"].aside("says the same as for the whole population")


def _defining(s: Study, row: Cursor) -> list[tuple[list[Cursor], str]]:
    """Return the words that define a cohort: description, characteristics, sex and completion."""
    found = [([row["description"]], s.read(row["description"]).text)]
    for one in row["characteristics"].rows:
        found.append(([one["text"]], s.read(one["text"], one).text))
        if not says_more(one["description"].text, one["text"].text, one["label"].text):
            one["description"].aside("says no more than the text of the characteristic")
    sexes = [told(one) for one in row["plannedSex"].rows]
    found.append((sexes, "Sex: " + ", ".join(sex.text.lower() for sex in sexes) + "." if sexes else ""))
    done = row["plannedCompletionNumber"]
    found.append(([done["value"]], f"Planned to complete: {s.shown(done)}." if done["value"] else ""))
    for reference in row["indicationIds"].rows:
        condition = s.find(reference, "Indication")
        if condition is not None:
            found.append(([reference], f"Condition: {s.words(label(condition))}."))
    return [(parts, text) for parts, text in found if text]


def _criteria(s: Study, row: Cursor) -> None:
    """Write the criteria in the order of the population, then those of cohorts, then any that nobody names."""
    rows = {one["id"].text: one for one in chain(s.design["eligibilityCriteria"].rows)}
    ids = {key: Ids(prefix) for key, prefix in _PREFIX.items()}
    owners = [(row, ""), *((one, label(one).text) for one in row["cohorts"].rows)]
    for owner, name in owners:
        for reference in owner["criterionIds"].rows:
            found = rows.pop(reference.text, None)
            if found is not None:
                reference.take(_criterion(s, found, ids, name))
            elif reference.text in s.index:
                reference.aside("names a criterion that stands in the list already")
            else:
                s.find(reference, "EligibilityCriterion")
    for one in rows.values():
        _criterion(s, one, ids, "")


def _criterion(s: Study, row: Cursor, ids: dict[str, Ids], cohort: str) -> Path:
    kind = told(row["category"])
    key = _CRITERIA.get(coded(row["category"])["code"].text) or kind.text.lower().partition(" ")[0]
    item = s.find(row["criterionItemId"], "EligibilityCriterionItem")
    if key not in _PREFIX or item is None:
        if key not in _PREFIX:
            s.t.lose("LOSS03", row, f'"{kind.text[:60]}" is neither inclusion nor exclusion', ("population",))
        return ("population",)
    at = ("population", key, s.t.count(("population", key)))
    found = s.read(item["text"], item)
    text = f"For {cohort}: {found.text}" if cohort else found.text
    words = item["text"].text if found.references else ""
    if not s.put((*at, "text"), [item["text"]], text, words=words):
        return ("population",)
    ident = _ident(row, ids[key])
    if not s.put((*at, "id"), [row["identifier"]], ident):
        s.t.name((*at, "id"), ident)
    row["criterionItemId"].take((*at, "text"))
    kind.take(at)
    for part in (row["label"], item["label"]):
        if part:
            part.aside("a short name of a criterion whose text is carried")
    for part in (row["description"], item["description"]):
        if part and not says_more(part.text, text, row["label"].text, "the study criterion criteria"):
            part.aside("says no more than the criterion")
    return (*at, "text")


def _ident(row: Cursor, ids: Ids) -> str:
    number = row["identifier"].text
    wanted = f"{ids.prefix}{number}" if _ID.fullmatch(number) else ids.prefix
    if wanted not in ids.given and wanted != ids.prefix:
        ids.given.add(wanted)
        return wanted
    return ids.make(wanted)
