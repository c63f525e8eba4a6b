"""Build the reviewed rows of `src/protocolkit/library/` from the facts: substances here, the rest in `library_topics`.

    python tools/build_library.py --facts ../shared/facts/pain-trials

What the review decided stands in the tables below: names, the CDISC terms of routes, which rows can be compared with a
regimen, and what is left out. A value without a source of its own is only recalled (confidence L), whatever the facts
call it.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

import yaml

from library_topics import ABOUT as TOPICS
from library_topics import BUILDERS, RECALLED, REVIEWED_ON, named

FOLDER = Path(__file__).resolve().parents[1] / "src" / "protocolkit" / "library"

ABOUT = (
    "Substances of trials in chronic pain and their comparators: half-lives, stereochemistry, salts, what is told of "
    "stopping, monitoring and events. Hints for a reviewer, each with its source; not medical advice, never a dose to "
    "give. Confidence: H read in a public source, M in a secondary one, L recalled, to be verified before it is used."
)

NAMES: dict[str, tuple[str, ...]] = {
    "ketamine": ("ketamine hydrochloride", "rac-ketamine", "racemic ketamine"),
    "esketamine": ("esketamine hydrochloride", "S-ketamine", "(S)-ketamine", "S(+)-ketamine"),
    "memantine": ("memantine hydrochloride",),
    "dextromethorphan": ("dextromethorphan hydrobromide", "dextromethorphan hydrobromide monohydrate"),
    "amantadine": ("amantadine hydrochloride", "amantadine sulfate", "amantadine hemisulfate"),
    "magnesium_sulfate": ("magnesium sulfate", "magnesium sulphate", "magnesium sulfate heptahydrate"),
    "midazolam": ("midazolam hydrochloride",),
    "diphenhydramine": ("diphenhydramine hydrochloride",),
    "duloxetine": ("duloxetine hydrochloride",),
    "lidocaine": ("lidocaine hydrochloride", "lignocaine"),
    "methadone": ("methadone hydrochloride",),
}
LEFT_OUT = frozenset({"saline", "usual_care"})  # no substance with a half-life of its own
ROUTES: dict[str, tuple[str, ...]] = {
    "oral": ("ORAL",),
    "nasal": ("NASAL",),
    "intravenous_bolus": ("INTRAVENOUS BOLUS",),
    "intravenous_drip": ("INTRAVENOUS DRIP",),
}
# Rows that a regimen can be compared with: metric, lowest and highest value. The others stay as notes, in words.
COMPARED: dict[str, tuple[str, str, str | None, str | None]] = {
    "KET-IV-BOLUS": ("per_administration", "mg/kg", None, "0.35"),
    "KET-IV-RATE": ("rate", "mg/kg/h", "0.5", "2.0"),
    "KET-IV-TOTAL": ("per_administration", "mg", "80", None),
    "MEM-TARGET": ("per_day", "mg", None, "20"),
    "DXM-OTC": ("per_day", "mg", None, "120"),
    "DXM-DISSOC": ("per_administration", "mg", None, "200"),
    "AMA-USUAL": ("per_day", "mg", None, "400"),
    "AMA-LETHAL": ("per_administration", "mg", None, "400"),
}
# Guidance for chronic pain only; the rule that compares is silent on it in other profiles.
FOR_PAIN = frozenset({"KET-IV-BOLUS", "KET-IV-RATE", "KET-IV-TOTAL"})
# The facts say `same` for this row, which is not the source of the row before it.
SOURCES = {("dextromethorphan", "EM + quinidine 100 mg"): "Pope 2004 J Clin Pharmacol (scilit abstract)"}
SECONDARY = (
    "butalbitalapap.org", "sites.google", "globalrph.com", "blackboxrx.com", "drugs.com", "thepharmaletter.com",
    "medcentral.com",
)  # fmt: skip
WITHDRAWAL_CONFIDENCE = "M"  # the facts quote the label without its address
LETTERS = "HML"


def main() -> None:
    """Read the facts and write one file for each kind of rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=Path, required=True, help="the folder with drugs.yaml")
    for kind, text in built(parser.parse_args().facts).items():
        path = FOLDER / f"{kind}.json"
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path}")


def built(facts: Path) -> dict[str, str]:
    """Return the text of each file by its kind of rows."""
    files = {"substances": (ABOUT, substances(facts))}
    files |= {kind: (TOPICS[kind], rows(facts)) for kind, rows in BUILDERS.items()}
    return {
        kind: json.dumps({"about": about, "rows": rows}, indent=1, ensure_ascii=False) + "\n"
        for kind, (about, rows) in files.items()
    }


def substances(facts: Path) -> list[dict[str, Any]]:
    """Return the rows on substances."""
    drugs = yaml.safe_load((facts / "drugs.yaml").read_text("utf-8"))
    rows = [row for drug in drugs["drugs"] for row in (substance(drug), *isomers(drug))]
    return rows + [comparator(drug) for drug in drugs["comparators"] if drug["key"] not in LEFT_OUT]


def substance(drug: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a substance that the facts describe in full."""
    halves = half_lives(drug)
    data = {
        "atc": listed(drug["atc"]),
        "half_lives": halves,
        "planning_half_life": planning(halves, drug["design_half_life_h"]),
        "stereochemistry": stereochemistry(drug),
        "salts": salts(drug["salt_basis"]),
        "withdrawal": withdrawal(drug),
        **ranges(drug["ranges"]),
        "contraindications": coded(drug["contraindications_or_cautions"], "code"),
        "interactions": coded(drug.get("interactions", []), "with"),
        "monitoring": coded(drug["monitoring_minimum"], "what"),
        "events": coded(drug["aesi"], "key"),
        **controlled(drug),
    }
    return row(drug["key"], data, drug["atc_src"], drug["atc_conf"])


def controlled(drug: dict[str, Any]) -> dict[str, Any]:
    """Return in which country a substance is controlled, by which schedule; nothing where the facts do not say."""
    told = drug.get("controlled_schedule")
    if not told:
        return {}
    return {"controlled": [fact({"country": "US", "schedule": told["us"]}, told["src"], told["conf"], "")]}


def isomers(drug: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of the forms of a substance that have names of their own."""
    return [isomer(drug, each) for each in drug.get("isomers", [])]


def isomer(drug: dict[str, Any], each: dict[str, Any]) -> dict[str, Any]:
    """Return the row of one enantiomer; its half-life stands among those of its substance."""
    halves = [half for half in half_lives(drug) if half["moiety"] == each["key"]]
    data = {
        "atc": listed(each["atc"]),
        "half_lives": halves,
        "planning_half_life": planning(halves, max(float(half["max_h"]) for half in halves)),
        "enantiomer_of": drug["inn"],
        "salts": [
            fact({"salt": "hydrochloride", "base_fraction": plain(each["salt_factor_hydrochloride_to_base"])},
                 each["salt_src"], each["salt_conf"], each["salt_evidence"]),
        ],
    }  # fmt: skip
    return row(each["key"], data, drug["atc_src"], each["atc_conf"])


def comparator(drug: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a comparator: its half-lives only."""
    ends = drug.get("half_life_range_h", [drug["half_life_h"]] * 2)
    halves = [half(drug["key"], "", ends, drug.get("src"), drug["conf"], drug.get("note", ""))]
    if "label_range_h" in drug:
        halves.append(half(drug["key"], "", drug["label_range_h"], drug["label_src"], drug["label_conf"], ""))
    read = [each for each in halves if each["confidence"] != "L"] or halves
    longest = max(float(each["max_h"]) for each in read)
    data = {"atc": listed(drug["atc"]), "half_lives": halves, "planning_half_life": planning(read, longest)}
    best = read[0]
    return row(drug["key"], data, best["source"], best["confidence"])


def row(key: str, data: dict[str, Any], source: str, confidence: str) -> dict[str, Any]:
    """Return a row with the keys that every row has."""
    kept = {name: value for name, value in data.items() if value}
    names = [key.replace("_", " "), *(name for name in NAMES.get(key, ()) if name != key.replace("_", " "))]
    said = {"source": source, "confidence": letter(confidence, source), "reviewed_on": REVIEWED_ON}
    return {"key": key, "names": names, **said, "data": kept}


def half_lives(drug: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the half-lives of a substance and its metabolites, in hours."""
    found = []
    source = ""
    for each in drug["half_life_h"]:
        source = sourced(each, source)
        source = SOURCES.get((drug["key"], each.get("population", "")), source)
        ends = each.get("range", [each.get("value")] * 2)
        named = each.get("moiety", drug["inn"]), each.get("population", "")
        found.append(half(*named, ends, source, each["conf"], each.get("note", "")))
    return found


def half(moiety: str, population: str, ends: list[Any], source: Any, conf: str, note: str) -> dict[str, Any]:
    """Return one half-life with its source."""
    value = {"moiety": moiety, "population": population, "min_h": plain(ends[0]), "max_h": plain(ends[1])}
    return fact(value, source, conf, note)


def planning(halves: list[dict[str, Any]], hours: float) -> dict[str, Any]:
    """Return the half-life to plan by, with the source of the row that it comes from.

    The facts choose it (the upper end for those with usual organ function), rounded up to whole hours at most.
    """
    near = min(halves, key=lambda each: (abs(float(each["max_h"]) - hours), LETTERS.index(each["confidence"])))
    return {**{key: near[key] for key in ("moiety", "population", "source", "confidence") if key in near},
            "hours": plain(hours)}  # fmt: skip


def stereochemistry(drug: dict[str, Any]) -> dict[str, Any]:
    """Return what is known of a chiral substance: its forms and the enantiomers with names of their own."""
    if not drug.get("stereo_required"):
        return {}
    value = {"forms": drug["stereo_allowed"], "enantiomers": [each["key"] for each in drug.get("isomers", [])]}
    return fact(value, drug["atc_src"], drug["atc_conf"], "the enantiomer has an ATC code and a name of its own")


def salts(basis: dict[str, Any]) -> list[dict[str, Any]]:
    """Return how much of a salt is base, where the facts give it."""
    found = []
    for name, factor in basis["factors"].items():
        salt, parted, _ = name.partition("_to_base")
        if parted:
            value = {"salt": salt.replace("_", " "), "base_fraction": plain(factor)}
            found.append(fact(value, basis["src"], basis["conf"], basis["evidence"]))
    return found


def withdrawal(drug: dict[str, Any]) -> dict[str, Any]:
    """Return what is told about stopping at once."""
    text = drug.get("stopping_rule_hint", "")
    return fact({"text": text}, "product label", WITHDRAWAL_CONFIDENCE, "") if text else {}


def ranges(given: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the rows on doses: those that a regimen can be compared with, and the others in words."""
    compared, notes = [], []
    source = ""
    for each in given:
        source = sourced(each, source)
        if each["id"] in COMPARED:
            compared.append(fact(limits(each), source, each["conf"], each.get("note", each.get("when", ""))))
        else:
            stated = source if each.get("src") else None
            notes.append(fact({"id": each["id"], "text": worded(each)}, stated, each["conf"], ""))
    return {"ranges": compared, "notes": notes}


def limits(each: dict[str, Any]) -> dict[str, Any]:
    """Return the ends of a range, as decimal texts."""
    metric, unit, low, high = COMPARED[each["id"]]
    value: dict[str, Any] = {"id": each["id"], "metric": metric, "unit": unit}
    value |= {name: end for name, end in (("min", low), ("max", high)) if end is not None}
    if "route" in each:
        value["routes"] = list(ROUTES[each["route"]])
    if each["id"] in FOR_PAIN:
        value["profile"] = "chronic-pain"
    return value


def worded(each: dict[str, Any]) -> str:
    """Return a row on doses in words."""
    left = {key: value for key, value in each.items() if key not in ("id", "src", "conf", "severity", "text", "note")}
    words = ", ".join(f"{key.replace('_', ' ')} {told(value)}" for key, value in left.items())
    return "; ".join(part for part in (each.get("text", ""), words, each.get("note", "")) if part)


def told(value: Any) -> str:
    """Return a value of the facts in words."""
    if isinstance(value, list):
        return " to ".join(map(str, value))
    if isinstance(value, dict):
        return " ".join(map(str, value.values()))
    return str(value).replace("_", " ")


def coded(given: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return contraindications, interactions, monitoring or events, each in words with its source."""
    found = []
    source = ""
    for each in given:
        source = sourced(each, source)
        value: dict[str, Any] = {"name": told(each[name]) if isinstance(each[name], str) else each[name]}
        if isinstance(value["name"], list):
            value["name"] = ", ".join(told(part) for part in value["name"])
        value |= {key: each[key] for key in ("terms", "instruments", "when", "effect") if key in each}
        stated = source if each.get("src") else None
        found.append(fact(value, stated, each["conf"], each.get("note", "")))
    return found


def fact(value: dict[str, Any], source: str | None, conf: str, note: str) -> dict[str, Any]:
    """Return a value with its source and confidence; what has no source is only recalled."""
    kept = {key: each for key, each in value.items() if each not in ("", None)}
    if note:
        kept["note"] = note
    return {**kept, "source": source or RECALLED, "confidence": letter(conf, source) if source else "L"}


def sourced(each: dict[str, Any], before: str) -> str:
    """Return the source of a row, where `same` stands for that of the row before."""
    source = named(str(each.get("src") or ""))
    return before if source == "same" else source


def letter(conf: str, source: str) -> str:
    """Return the lowest confidence that a text names; a page that only retells a label is a secondary source."""
    named = max(re.findall(r"\b[HML]\b", conf), key=LETTERS.index, default="L")
    return "M" if named == "H" and any(page in source for page in SECONDARY) else named


def plain(value: Any) -> str:
    """Return a number as a decimal text without needless zeros."""
    return f"{float(value):g}"


def listed(value: Any) -> list[str]:
    """Return one or several codes as a list."""
    return value if isinstance(value, list) else [value]


if __name__ == "__main__":
    main()
