"""Build the registry of ICH M11 sections, templates/m11/sections.json, from the two fact files on the standard."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import yaml

OUT = Path(__file__).resolve().parent.parent / "templates" / "m11" / "sections.json"
ACKNOWLEDGEMENT = (
    "Numbers, titles, labels and fixed texts of sections are those of the ICH M11 Template, Final, 19 November 2025, "
    "(c) ICH, used under the ICH legal notice; what goes into a section is said in our own short words, an adaptation "
    "of that template, not endorsed by ICH. Terms and codes of the code lists: NCI Thesaurus, CC BY 4.0."
)
REPEATS = {
    "3.1.1": "primary", "3.2.1": "secondary", "3.3.1": "exploratory",
    "10.4.1": "primary", "10.5.1": "secondary", "12.X": "appendix",
}  # fmt: skip
LABELLED = ("Title Page", "Amendment Details", "1.1.2", "6", "9.2", "9.2.2", "12.3")
ESTIMANDS = ("3.1.1", "3.2.1", "3.3.1")


def main() -> None:
    """Read the facts and write the registry."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--facts", type=Path, required=True, help="folder with ich-m11-sections.yaml and ich-m11-step4.json"
    )
    facts = parser.parse_args().facts
    registry = build(facts)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(registry, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"{OUT}: {len(registry['sections'])} sections")


def build(facts: Path) -> dict[str, Any]:
    """Return the registry as JSON data."""
    sections = yaml.safe_load((facts / "ich-m11-sections.yaml").read_text("utf-8"))["sections"]
    step4 = json.loads((facts / "ich-m11-step4.json").read_text("utf-8"))
    labels = _labels(step4)
    return {
        "about": {"standard": "ICH M11, Step 4, 19 November 2025", "acknowledgement": ACKNOWLEDGEMENT},
        "title_page": labels["Title Page"],
        "amendment_details": labels["Amendment Details"],
        "synopsis": step4["synopsis_layout_1_1_2"],
        "estimand": [row["label"] for row in step4["estimand_table"]["rows"]],
        "event_types": _terms(step4, "C217287"),
        "sections": [_section(row, labels) for row in sections if row["level"] > 0],
    }


def _terms(step4: dict[str, Any], code: str) -> list[str]:
    return [term["term"] for listed in step4["codelists"] if listed["code"] == code for term in listed["terms"]]


def _labels(step4: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in LABELLED}
    for element in step4["elements"]:
        section, text = element["section"], element.get("fixed_text", "")
        if section in found and element["kind"] == "heading or label" and text and text not in found[section]:
            found[section].append(text.split("\n")[0].removesuffix(":"))
    return found


def _section(row: dict[str, Any], labels: dict[str, list[str]]) -> dict[str, Any]:
    number = row["number"]
    known = labels.get(number, [])
    made: dict[str, Any] = {
        "number": number,
        "title": row["title"],
        "level": row["level"],
        "type": row["heading_type"],
        "condition": row.get("conditional_on", "").rstrip("."),
        "what": row["what_goes_here"],
        "heading_only": bool(row.get("heading_only")),
        "repeats": REPEATS.get(number, ""),
        "fixed": row.get("fixed_text", []),
        "labels": [label for label in known if label != row["title"] and not _is_fixed(label, row)],
    }
    if number in ESTIMANDS:
        made["labels"] = ["Estimand Characteristic", "Description", "Population", "Treatment", "Endpoint",
                          "Population-level Summary", "Other Intercurrent Event", "Strategy"]  # fmt: skip
    return {key: value for key, value in made.items() if value not in ("", [], False)}


def _is_fixed(label: str, row: dict[str, Any]) -> bool:
    return any(label in fixed["text"] for fixed in row.get("fixed_text", []) if row["number"] != "1.1.2")


if __name__ == "__main__":
    main()
