"""Build the checklist `ich-m11` from the table of coverage: one row a section, one need an element."""

from __future__ import annotations

import json
import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PACK = ROOT / "src" / "protocolkit" / "checklists" / "packs" / "ich-m11.yaml"
REGISTRY = json.loads((ROOT / "templates" / "m11" / "sections.json").read_text("utf-8"))
SECTIONS = {row["number"]: row["title"] for row in REGISTRY["sections"]}
FRONT = {"Title Page": "title-page", "Amendment Details": "amendment-details"}
HEAD = {
    "checklist": "ich-m11",
    "title": "ICH M11 completeness",
    "version": "Step 4, 19 November 2025",
    "source": "https://www.ich.org/page/multidisciplinary-guidelines",
    "licence": (
        "Element names are those of the ICH M11 technical specification, copyright ICH, used with acknowledgement and "
        "without endorsement by ICH; the sentences are ours."
    ),
    "about": (
        "What ICH M11 marks Required in each section; what it marks Conditional is shown where it is stated. Elements "
        "that protocolkit derives or prints as fixed text are always there and are not listed. Ids are section numbers."
    ),
}
# What the table of coverage cannot say: an absent key that means No, other homes, and when an element is wanted at all.
MEANS_NO = frozenset({"128", "130"})
AS_WELL = {
    "140": ("/population/participants/text", "/statistics/sample_size/*/open_ended"),
    "141": ("/population/participants", "/statistics/sample_size/*/randomised_total"),
    "273": ("/population/contraception/reason",),
    "275": ("/population/contraception/reason",),
    "316": ("/interventions/*/device/model", "/interventions/*/non_drug/procedures", "/interventions/*/description"),
    "320": ("/interventions/*/non_drug/mode", "/interventions/*/administered_by"),
    "344": ("/concomitant/background", "/concomitant/rescue", "/concomitant/premedication"),
    "392": ("/schedule/activities/*[section=8.5]/name",),
    "395": ("/schedule/activities/*[section=8.6.1]/name",),
    "397": ("/schedule/activities/*[section=8.6.2]/name",),
    "401": ("/schedule/activities/*[section=8.7]/name",),
    "403": ("/schedule/activities/*[section=8.8]/name",),
}
# What is asked of medicines alone, or of medicines and devices, and of laboratory tests where there are some.
MEDICINES: dict[str, Any] = {"is": {"/interventions/*/kind": ["drug", "biologic", "vaccine", "genetic"]}}
PRODUCTS: dict[str, Any] = {"is": {"/interventions/*/kind": ["drug", "biologic", "vaccine", "genetic", "device"]}}
CAN_BECOME_PREGNANT: dict[str, Any] = {"not": {"is": {"/population/childbearing_potential": "not_applicable"}}}
NO_MEDICINE, NO_PRODUCT = "no medicine is given", "no medicine or device is given"
OTHERWISE = {
    "6.2": (MEDICINES, NO_MEDICINE), "6.5": (MEDICINES, NO_MEDICINE), "6.6.1": (PRODUCTS, NO_PRODUCT),
    "6.6.2": (PRODUCTS, NO_PRODUCT), "6.6.3": (PRODUCTS, NO_PRODUCT), "7.1.2": (PRODUCTS, NO_PRODUCT),
    "7.1.3": (PRODUCTS, NO_PRODUCT), "9.1.3": (PRODUCTS, NO_PRODUCT), "9.4": (PRODUCTS, NO_PRODUCT),
    "5.4.1": (CAN_BECOME_PREGNANT, "nobody in this population can become pregnant, or all are"),
    "5.4.2": (CAN_BECOME_PREGNANT, "nobody in this population can become pregnant, or all are"),
    "12.1": ({"is": {"/schedule/activities/*/kind": "laboratory"}}, "no laboratory test is planned"),
}  # fmt: skip
WHEN: dict[str, Any] = {
    "26": MEDICINES,
    "96": MEDICINES,
    "97": MEDICINES,
    "103": {"not": {"is": {"/design/model": "single_group"}}},
    "116": {"has": "/population/age/max"},
    "117": {"has": "/population/age/max"},
    "138": {"not": {"is": {"/design/blinding/schema": "open_label"}}},
    "555": {"has": "/amendments"},
    "556": {"has": "/amendments"},
}
_ROW = re.compile(r"\| (\d+) \| (.+?) \| (.+?) \| (Required|Conditional) \| (.*?) \| (.*?) \|$")
_POINTER = re.compile(r"`(/[^`]+)`")
_FROM = re.compile(r"derived: from (/[a-z_/*]+)")


class Element(NamedTuple):
    """One element of the coverage table: its number, name, section, how it is asked for, and where a file holds it."""

    ordinal: str
    name: str
    section: str
    required: bool
    places: tuple[str, ...]


def elements() -> Iterator[Element]:
    """Yield the elements that a key of the file holds, in the order of the standard."""
    for line in (ROOT / "docs" / "coverage.md").read_text("utf-8").splitlines():
        if match := _ROW.match(line):
            ordinal, name, section, conformance, _, home = match.groups()
            places = tuple(_POINTER.findall(home)) or tuple(_FROM.findall(home))
            if places and ordinal not in MEANS_NO:
                homes = (*places, *AS_WELL.get(ordinal, ()))
                yield Element(ordinal, name, section, conformance == "Required", homes)


def pack() -> dict[str, Any]:
    """Return the checklist."""
    found = sorted(elements(), key=lambda element: _order(element.section))
    groups = [list(group) for _, group in groupby(found, key=lambda element: _order(element.section))]
    items = [_item(group[0].section, group) for group in groups]
    return {**HEAD, "items": items}


def _order(section: str) -> tuple[int, ...]:
    if section in FRONT:
        return (-2 + list(FRONT).index(section),)
    return tuple(int(part) if part.isdecimal() else 0 for part in _number(section).split("."))


def _number(section: str) -> str:
    """Return the number of a section; the first of those that repeat for each objective."""
    return re.sub(r"[^0-9.]", "", re.sub(r"\.?X", ".1", section.split(" ", maxsplit=1)[0])).strip(".")


def _item(section: str, found: list[Element]) -> dict[str, Any]:
    number = _number(section)
    title = section if section in FRONT else SECTIONS.get(number, SECTIONS.get(number.rpartition(".")[0], section))
    item: dict[str, Any] = {
        "id": FRONT.get(section, number), "topic": title.replace(" <#>", ""),
        "text": f"What ICH M11 wants under {title.replace(' <#>', '')} is stated.",
    }  # fmt: skip
    if section not in FRONT:
        item["section"] = number
    if number in OTHERWISE:
        when, why = OTHERWISE[number]
        item |= {"when": when, "otherwise": why}
    if section == "Amendment Details":
        item |= {"when": {"has": "/amendments"}, "otherwise": "the protocol has not been amended"}
    return {**item, "needs": [_need(element, section) for element in found]}


def _need(element: Element, section: str) -> dict[str, Any]:
    name = re.sub(r"[<>\[\]]", "", element.name).replace("#/%", "number or share").strip()
    need: dict[str, Any] = {"what": f"{name} (element {element.ordinal})", "some": list(element.places)}
    if element.ordinal in WHEN:
        need["when"] = WHEN[element.ordinal]
    if not element.required and section != "Amendment Details":
        need["optional"] = True
    return need


if __name__ == "__main__":
    PACK.write_text(yaml.safe_dump(pack(), sort_keys=False, allow_unicode=True, width=118), "utf-8")
