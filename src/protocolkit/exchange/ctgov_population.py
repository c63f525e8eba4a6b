"""ClinicalTrials.gov: conditions, age, sex and eligibility criteria."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.exchange import words_criteria
from protocolkit.exchange.ctgov_design import prose
from protocolkit.exchange.ctgov_terms import AGE_UNITS, SEXES
from protocolkit.exchange.naming import Ids

if TYPE_CHECKING:
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.transfer import Transfer
    from protocolkit.exchange.words_criteria import Criterion

_AGE = re.compile(r"([0-9]{1,3}) (Year|Month|Week|Day)s?")
_UNLIMITED = ("N/A", "NA")


def population(t: Transfer, section: Cursor) -> None:
    """Say who takes part."""
    _conditions(t, section["conditionsModule"]["conditions"])
    module = section["eligibilityModule"]
    healthy = module["healthyVolunteers"]
    if healthy.value is False:
        t.put(("population", "type"), healthy, "with_disease")
    for name, key in (("minimumAge", "min"), ("maximumAge", "max")):
        _age(t, module[name], key)
    t.term(("population", "sex", "eligible"), module["sex"], SEXES)
    t.put(("population", "sex", "justification"), module["genderDescription"])
    _criteria(t, module["eligibilityCriteria"])


def _conditions(t: Transfer, conditions: Cursor) -> None:
    rows = [row for row in conditions.rows if row.text]
    if not rows:
        return
    t.put(("population", "condition", "name"), rows[0])
    for row in rows[1:]:
        others = ("population", "condition", "others")
        if not t.put((*others, t.count(others)), row):
            to = ("population", "condition", "name")
            before = t.get(to)
            t.data["population"]["condition"]["name"] = f"{before}; {t.own(row)}"
            row.take(to)


def _age(t: Transfer, age: Cursor, key: str) -> None:
    to = ("population", "age", key)
    if match := _AGE.fullmatch(age.text):
        t.put(to, age, f"{int(match[1])} {AGE_UNITS[match[2]]}")
    elif age.text in _UNLIMITED:
        age.aside("says that there is no limit")
    elif age:
        t.lose("LOSS04", age, f'"{str(age.value)[:60]}" is no age in years, months, weeks or days', to)


def _criteria(t: Transfer, cursor: Cursor) -> None:
    if not cursor.text:
        return
    found = words_criteria.split(prose(t, cursor))
    if not found.headings:
        to = ("population", "inclusion")
        t.keep_words(cursor, to, "the text has no heading that parts inclusion from exclusion")
    for key, prefix, rows in (("inclusion", "I", found.inclusion), ("exclusion", "X", found.exclusion)):
        _list(t, cursor, key, Ids(prefix), rows, split=found.headings)
    if found.none and not found.exclusion:
        t.put(("population", "exclusion", "none_reason"), cursor, f"{found.none} (as the registry record words it)")


def _list(t: Transfer, cursor: Cursor, key: str, ids: Ids, rows: tuple[Criterion, ...], *, split: bool) -> None:
    for row in rows:
        at = ("population", key, t.count(("population", key)))
        if t.put((*at, "text"), cursor, row.text):
            t.name((*at, "id"), ids.numbered())
            if not row.exact and split:
                t.keep_words(cursor, at, "the text may hold several criteria, or belong to those below it")
