"""Rows of the library on conditions, instruments, events of special interest and opioids, as reviewed from the facts.

`build_library.py` writes them. The facts give the values; what the review decided stands in the tables here: names by
which a row is found, which words of a source stand for which value, and what the review itself read. A value without a
source is only recalled (confidence L).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from pathlib import Path

REVIEWED_ON = "2026-11-25"
RECALLED = "recalled; no source is named in the facts"
REVIEW = "Cochrane review CD015373 (Ferraro 2025), summary"


class Source(NamedTuple):
    """On whose word a value stands, and how sure that is."""

    source: str
    confidence: str


MMS = "WHO ICD-11 MMS 2024-01 simple tabulation"
IMMPACT = Source("IMMPACT 2008 (Dworkin, J Pain 9:105) as summarised by Bandolier", "H")
ABOUT = {
    "conditions": (
        "Conditions of trials in chronic pain: codes of ICD-11, whether they are neuropathic or chronic primary pain, "
        "diagnostic criteria with their versions, the least duration, core outcome sets. Hints for a reviewer, each "
        "with its source; never a criterion to enter a trial."
    ),
    "instruments": (
        "Instruments of trials in chronic pain: domain and construct, range, direction, important differences, "
        "licence, items on suicidal thoughts. Hints for a reviewer, each with its source; the protocol says which "
        "version is used and what its ends mean."
    ),
    "events": (
        "Events of special interest of substances in trials of chronic pain: what they are called, for which "
        "substances a source names them, whether they must be looked for, and with which instruments. Hints for a "
        "reviewer, each with its source."
    ),
    "opioids": (
        "Factors that express daily doses of opioids as morphine milligram equivalents for analysis (CDC 2022). Never "
        "for changing one opioid to another in a patient. An opioid without a factor has none in this table; none is "
        "guessed."
    ),
}

CONDITION_NAMES = {
    "crps": (
        "complex regional pain syndrome", "CRPS", "CRPS type I", "CRPS type II",
        "complex regional pain syndrome type I", "complex regional pain syndrome type II",
        "complex regional pain syndrome (CRPS)",
    ),
    "painful_dpn": (
        "painful diabetic peripheral neuropathy", "painful diabetic neuropathy", "painful diabetic polyneuropathy",
        "diabetic peripheral neuropathic pain", "painful DPN",
    ),
    "phn": ("post-herpetic neuralgia", "postherpetic neuralgia", "PHN"),
    "fibromyalgia": ("fibromyalgia", "fibromyalgia syndrome"),
    "mixed_chronic_neuropathic": ("chronic neuropathic pain", "neuropathic pain", "peripheral neuropathic pain"),
}  # fmt: skip
CLASSES = {"MG30.0": "chronic primary pain", "MG30.5": "neuropathic"}
CODES = {
    "crps": (("MG30.04", "Complex regional pain syndrome"),),
    "painful_dpn": (("MG30.51", "Chronic peripheral neuropathic pain"), ("8C03.0", "Diabetic polyneuropathy")),
    "phn": (("MG30.51", "Chronic peripheral neuropathic pain"), ("1E91.5", "Postherpetic polyneuropathy")),
    "fibromyalgia": (("MG30.01", "Chronic widespread pain"),),
    "mixed_chronic_neuropathic": (
        ("MG30.50", "Chronic central neuropathic pain"), ("MG30.51", "Chronic peripheral neuropathic pain"),
    ),
}  # fmt: skip
# Criteria by name, with the versions that must be told apart; the least duration where the criteria set one.
CRITERIA: dict[str, dict[str, Any]] = {
    "crps": {"name": "Budapest", "versions": ["clinical", "research"],
             **Source("Harden 2010 (PMID 20493633), abstract", "H")._asdict()},
    "painful_dpn": {"name": "NeuPSIG", "versions": ["2016"], "grades": ["possible", "probable", "definite"],
                    **Source("Finnerup 2016 (PMC4949003)", "H")._asdict()},
    "phn": {"name": "pain beyond the healing of the zoster rash", "versions": [], "duration": "3 mo",
            **Source("pregabalin registration trials (J-STAGE; NCT02868801)", "H")._asdict()},
    "fibromyalgia": {"name": "ACR", "versions": ["1990", "2010", "2016"], "duration": "3 mo",
                     **Source("Wolfe 2016 and a table of its criteria (jrd.or.kr)", "H")._asdict()},
    "mixed_chronic_neuropathic": {"name": "NeuPSIG", "versions": ["2016"],
                                  "grades": ["possible", "probable", "definite"],
                                  **Source("Finnerup 2016 (PMC4949003)", "H")._asdict()},
}  # fmt: skip

INSTRUMENT_NAMES = {
    "NRS_AVG_24H": ("NRS", "NRS 0-10", "NRS-11", "11-point NRS", "numerical rating scale", "numeric rating scale"),
    "NRS_WORST_24H": ("NRS worst pain", "worst pain NRS"),
    "VAS_100MM": ("VAS", "VAS 0-100 mm", "100 mm VAS", "visual analogue scale"),
    "BPI_SF": ("BPI-SF", "BPI", "Brief Pain Inventory", "Brief Pain Inventory short form"),
    "MPI_INTERFERENCE": ("MPI", "Multidimensional Pain Inventory"),
    "SF36_PCS": ("SF-36v2", "SF-36", "SF36", "Short Form 36"),
    "PROMIS29": ("PROMIS-29", "PROMIS-29 v2.1"),
    "ODI": ("ODI", "Oswestry disability index"),
    "PGIC": ("PGIC", "Patient Global Impression of Change"),
    "FIQR": ("FIQR", "FIQ-R", "revised Fibromyalgia Impact Questionnaire"),
    "CSS": ("CSS", "CRPS Severity Score"),
    "NPSI": ("NPSI", "Neuropathic Pain Symptom Inventory"),
    "PHQ9": ("PHQ-9", "PHQ9", "Patient Health Questionnaire", "Patient Health Questionnaire-9"),
    "BDI_II": ("BDI-II", "BDI", "Beck Depression Inventory", "Beck Depression Inventory II"),
    "MADRS": ("MADRS", "Montgomery-Asberg Depression Rating Scale", "Montgomery-Åsberg Depression Rating Scale"),
    "HADS": ("HADS", "HADS-D", "HADS-A", "Hospital Anxiety and Depression Scale"),
    "GAD7": ("GAD-7", "GAD7"),
    "POMS": ("POMS", "Profile of Mood States"),
    "OPIOID_MME": ("opioid consumption in morphine milligram equivalents",),
    "EQ5D5L": ("EQ-5D-5L", "EQ-5D"),
    "CADSS": ("CADSS", "Clinician Administered Dissociative States Scale"),
    "BPRS_PLUS": ("BPRS+", "BPRS positive symptoms", "BPRS positive symptom subscale"),
    "KSET": ("KSET", "KSET-R", "Ketamine Side Effect Tool"),
    "CSSRS": ("C-SSRS", "CSSRS", "Columbia Suicide Severity Rating Scale", "Columbia-Suicide Severity Rating Scale"),
    "RASS_MOAAS": ("RASS", "MOAA/S", "Richmond Agitation-Sedation Scale"),
    "BANG_BLINDING": ("Bang blinding index", "Bang index"),
    "ISI": ("ISI", "Insomnia Severity Index"),
    "PCS": ("PCS", "Pain Catastrophizing Scale"),
    "DN4": ("DN4", "Douleur Neuropathique 4"),
    "PAINDETECT": ("painDETECT",),
}
NO_INSTRUMENT = frozenset({"SYSTOLIC_BP"})  # a measurement, not an instrument with a score
# Whose word a range stands on; a range that is not here is only recalled.
RANGES = {
    "NRS_AVG_24H": IMMPACT,
    "NRS_WORST_24H": IMMPACT,
    "BPI_SF": Source("NINDS Common Data Elements, Brief Pain Inventory: items rated from 0 to 10", "H"),
    "CSS": Source("Harden 2017 validation, abstract (cris.tau.ac.il)", "M"),
    "NPSI": Source("Bouhassira 2004; eurreb.eu/npsi (items summed)", "H"),
    "PHQ9": Source("PHQ-9 form text in the LOINC 44249-1 questionnaire", "H"),
    "BDI_II": Source("soveria.co/en/instruments/bdiii, after Beck, Steer and Brown 1996", "M"),
    "GAD7": Source("GAD-7 form; public scoring tables", "H"),
    "CADSS": Source("NCT04226963 (23 items of 0 to 4)", "H"),
    "BPRS_PLUS": Source("NCT04226963 (4 items of 0 to 6)", "H"),
    "PCS": Source("public code lists of outcome measures", "M"),
    "HADS": Source("public code lists of outcome measures", "M"),
    "DN4": Source("van Seventer 2013 Pain Pract 13:390 (10 items)", "H"),
    "PAINDETECT": Source("PMC7136290, table 3 (scoring of the items)", "M"),
}
# Names that stand for scales with several ranges; their range is not compared with that of a protocol.
GENERIC = frozenset({"NRS_AVG_24H", "NRS_WORST_24H", "VAS_100MM"})
SUBSCALES = {"HADS": ["0", "21"]}
# Whose word the licence stands on; the others are only recalled.
LICENCES = {
    "BPI_SF": Source("BPI User Guide, MD Anderson Cancer Center 2009: no use without permission, fees may apply", "H"),
    "SF36_PCS": Source("iqola.org/licensing and hal-health.org/surveys, pages of the holders", "H"),
    "PROMIS29": Source("PROMIS terms of use, page of 2010", "M"),
    "PHQ9": Source("PHQ-9 form, footer: no permission required", "H"),
    "GAD7": Source("GAD-7 form, footer: no permission required", "H"),
    "BDI_II": Source("CamCOPS documentation of the BDI: copyright of Pearson, commercial", "M"),
    "FIQR": Source("fiqrinfo.ipage.com, licence page", "H"),
}
HOLDERS = {
    "BPI_SF": "MD Anderson Cancer Center", "SF36_PCS": "QualityMetric", "BDI_II": "Pearson", "EQ5D5L": "EuroQol",
    "NPSI": "Mapi Research Trust", "PROMIS29": "PROMIS Health Organization",
}  # fmt: skip
NEEDED = {"licence_fee": "a licence", "permission_free": "permission"}
# Items that ask about suicidal thoughts.
SUICIDAL = {
    "PHQ9": ("9", Source("PHQ-9 form text in the LOINC 44249-1 questionnaire", "H")),
    "BDI_II": ("9", Source("CamCOPS documentation of the BDI: question 9 in the BDI, BDI-IA and BDI-II", "M")),
    "MADRS": ("10", Source("PMC3025994, table 1: suicidality item of the MADRS", "H")),
    "CSSRS": ("any", Source("the name of the scale in the CDISC code list C100765", "H")),
}
VERSIONS = {
    "CSS": (["17-item (2010)", "16-item (2017)"], Source("Harden 2010; Harden 2017 validation, abstract", "H")),
    "SF36_PCS": (["1", "2"], Source("sf36v2 help file (fmwww.bc.edu) and RAND terms for the first version", "M")),
    "KSET": (["KSET", "KSET-R"], Source("Bayes 2022; KSET-R PMID 39721099", "H")),
}
DIFFERENCES = {
    "NRS_AVG_24H": IMMPACT, "BPI_SF": IMMPACT, "MPI_INTERFERENCE": IMMPACT, "POMS": IMMPACT,
    "FIQR": Source("Bennett 2009, of the first version", "H"),
    "PHQ9": Source(RECALLED, "L"),
    "VAS_100MM": Source("review of individual data by Olsen; 8 to 40 mm by method", "H"),
    "BDI_II": Source("Button 2015", "H"),
    "MADRS": Source("Duru and Fantino 2008 (PMID 18377706), distribution-based", "H"),
    "ISI": Source("Yang 2009 Curr Med Res Opin 25:2487 (PMID 19689221), primary insomnia", "H"),
}  # fmt: skip

# One row for each event: which keys of the facts it holds, its other names, and whether it must be looked for since
# participants do not tell of it by themselves. Common complaints, which an open question finds, are `looked_for: no`.
EVENTS: dict[str, tuple[tuple[str, ...], tuple[str, ...], bool]] = {
    "psychotomimetic": (
        ("psychotomimetic", "dissociation_abuse"),
        (
            "psychotomimetic effects",
            "dissociation",
            "hallucination",
            "delusion",
            "paranoia",
            "delirium",
            "derealisation",
            "psychosis",
        ),
        True,
    ),
    "blood_pressure_rise": (
        ("hypertension_tachycardia", "hypertension"),
        ("hypertension", "rise of blood pressure", "high blood pressure", "tachycardia"),
        True,
    ),
    "sedation_respiratory_depression": (
        ("respiratory_depression_sedation", "respiratory_depression", "somnolence_sedation"),
        ("sedation", "respiratory depression", "somnolence", "oxygen desaturation"),
        True,
    ),
    "liver_injury": (
        ("hepatotoxicity_DILI", "hepatitis_quinidine"),
        (
            "liver injury",
            "injury of the liver",
            "hepatotoxicity",
            "DILI",
            "drug-induced liver injury",
            "hepatitis",
            "hepatic",
        ),
        True,
    ),
    "lower_urinary_tract": (
        ("cystitis_lower_urinary_tract",),
        ("cystitis", "urinary symptoms", "lower urinary tract symptoms", "bladder"),
        True,
    ),
    "misuse": (("abuse_misuse_diversion",), ("misuse", "abuse", "diversion", "dependence"), True),
    "qt_prolongation": (
        ("QT_prolongation_torsades", "QT_prolongation_quinidine"),
        ("prolonged QT interval", "QT prolongation", "torsades de pointes", "arrhythmia"),
        True,
    ),
    "suicidality": (("suicidality",), ("suicidal ideation", "suicidal thoughts", "suicidal behaviour"), True),
    "hypotension": (("hypotension", "orthostatic_hypotension"), ("low blood pressure", "hypotension"), True),
    "hypermagnesaemia": (("hypermagnesaemia", "loss_of_reflexes"), ("hypermagnesaemia", "loss of reflexes"), True),
    "heart_block": (("bradycardia_heart_block",), ("bradycardia", "heart block"), True),
    "thrombocytopenia": (("thrombocytopenia_quinidine",), ("thrombocytopenia", "low platelets"), True),
    "serotonin_syndrome": (("serotonin_syndrome",), ("serotonin syndrome", "serotonin toxicity"), True),
    "raised_intraocular_pressure": (("raised_IOP",), ("raised intraocular pressure",), False),
    "persistent_psychiatric": (("persistent_psychiatric",), ("psychiatric events that persist",), False),
    "nausea_vomiting": (("nausea_vomiting",), ("nausea", "vomiting"), False),
    "confusion": (("confusion", "cognitive_impairment"), ("confusion", "cognitive impairment"), False),
    "dizziness_fall": (("dizziness_fall", "dizziness_ataxia"), ("dizziness", "fall", "ataxia"), False),
    "seizure": (("seizure",), ("seizure", "convulsion"), False),
    "oedema": (("peripheral_oedema", "livedo_reticularis"), ("peripheral oedema", "livedo reticularis"), False),
    "withdrawal": (("withdrawal_NMS",), ("withdrawal reaction", "neuroleptic malignant syndrome"), False),
}
INSTRUMENTS_OF = {"dissociation_scale": "psychotomimetic"}

OPIOID_NAMES = {
    "fentanyl_transdermal_ug_per_h": ("fentanyl transdermal", "transdermal fentanyl", "fentanyl patch"),
    "methadone": ("methadone hydrochloride",),
}
CDC = Source("CDC 2022 table and footnotes as reproduced by globalrph.com; a second public page agrees", "M")


def conditions(facts: Path) -> list[dict[str, Any]]:
    """Return the rows on conditions."""
    given = yaml.safe_load((facts / "conditions.yaml").read_text("utf-8"))["conditions"]
    return [condition(each) for each in given if each["key"] in CONDITION_NAMES]


def condition(given: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a condition."""
    key, icd = given["key"], given["icd11"]
    data = {
        "class": {"name": CLASSES[icd["parent"]["code"]], "code": icd["parent"]["code"], "source": MMS,
                  "confidence": "H"},
        "codes": [{"code": code, "label": label, "source": MMS, "confidence": "H"} for code, label in CODES[key]],
        "criteria": CRITERIA[key],
        "core_outcome_set": core(given.get("core_outcome_set", {})),
        "poolability": given.get("poolability_warning", ""),
    }  # fmt: skip
    return row(key, CONDITION_NAMES[key], data, Source(MMS, "H"))


def core(given: dict[str, Any]) -> dict[str, Any]:
    """Return a core outcome set with its domains; nothing where the facts find none."""
    domains = given.get("domains", given.get("domains_all_trials"))
    if not domains:
        return {}
    named = f"{given['name']} {given['year']}"
    return {"name": named, "domains": domains, "source": given["src"], "confidence": given["conf"]}


def instruments(facts: Path) -> list[dict[str, Any]]:
    """Return the rows on instruments."""
    given = yaml.safe_load((facts / "outcomes.yaml").read_text("utf-8"))["instruments"]
    return [instrument(each) for each in given if each["key"] not in NO_INSTRUMENT]


def instrument(given: dict[str, Any]) -> dict[str, Any]:
    """Return the row of an instrument."""
    key = given["key"]
    data = {
        "name": given["name"],
        "domains": many(given["domain"]),
        "constructs": many(given.get("construct", [])),
        "range": scored(given),
        "important_difference": difference(given),
        "licence": licence(given),
        "suicidal_thoughts": told({"item": SUICIDAL[key][0]}, SUICIDAL[key][1]) if key in SUICIDAL else {},
        "versions": told({"versions": VERSIONS[key][0]}, VERSIONS[key][1]) if key in VERSIONS else {},
        "screening_only": given["domain"] == "screening" or "",
        "note": given.get("note", ""),
    }
    sources = [each for each in data.values() if isinstance(each, dict) and "confidence" in each]
    best = min(sources, key=lambda each: "HML".index(each["confidence"]), default=None)
    said = Source(best["source"], best["confidence"]) if best else Source(RECALLED, "L")
    return row(key, INSTRUMENT_NAMES[key], data, said)


def scored(given: dict[str, Any]) -> dict[str, Any]:
    """Return the ends of a scale and which of them is the better one."""
    low, high = given["range"]
    if low is None or high is None:
        return {}
    value: dict[str, Any] = {"min": str(low), "max": str(high)}
    if given["key"] in SUBSCALES:
        value["subscale"] = SUBSCALES[given["key"]]
    if given["key"] in GENERIC:
        value["generic"] = True
    if given["dir"] in ("lower_better", "higher_better"):
        value["direction"] = given["dir"]
    return told(value, RANGES.get(given["key"], Source(RECALLED, "L")))


def difference(given: dict[str, Any]) -> dict[str, Any]:
    """Return what the facts call an important difference, in words."""
    known = given.get("mcid", given.get("mcid_pct"))
    if known is None:
        return {}
    words = " to ".join(map(str, known)) if isinstance(known, list) else str(known)
    text = f"{words} %" if "mcid_pct" in given else words
    return told({"text": text}, DIFFERENCES.get(given["key"], Source(RECALLED, "L")))


def licence(given: dict[str, Any]) -> dict[str, Any]:
    """Return what an instrument needs before it is used: a licence, permission, or nothing."""
    kind = given["licence"]
    if kind == "unknown":
        return {}
    value = {"needs": NEEDED.get(kind, ""), "holder": HOLDERS.get(given["key"], "")}
    return told({key: each for key, each in value.items() if each} or {"needs": "nothing"}, LICENCES.get(
        given["key"], Source(RECALLED, "L")))  # fmt: skip


def events(facts: Path) -> list[dict[str, Any]]:
    """Return the rows on events of special interest, each with the substances that a source names it for."""
    drugs = yaml.safe_load((facts / "drugs.yaml").read_text("utf-8"))["drugs"]
    known = [(drug["key"].replace("_", " "), each) for drug in drugs for each in drug["aesi"]]
    return [event(key, known, drugs) for key in EVENTS]


def event(key: str, known: list[tuple[str, dict[str, Any]]], drugs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the row of an event."""
    keys, names, looked_for = EVENTS[key]
    substances = [
        told({"substance": substance}, Source(named(str(each["src"])), letter(each["conf"]))
             if each.get("src") else Source(RECALLED, "L"))
        for substance, each in known if each["key"] in keys
    ]  # fmt: skip
    found = [
        told({"substance": drug["key"].replace("_", " "), "instruments": each["instruments"], "when": each["when"]},
             Source(each["src"], letter(each["conf"])))
        for drug in drugs for each in drug["monitoring_minimum"]
        if INSTRUMENTS_OF.get(str(each["what"])) == key and each.get("src")
    ]  # fmt: skip
    best = min(substances, key=lambda each: "HML".index(each["confidence"]))
    data = {"looked_for": looked_for, "substances": substances, "instruments": found}
    return row(key, names, data, Source(best["source"], best["confidence"]))


def opioids(facts: Path) -> list[dict[str, Any]]:
    """Return the rows on opioids: those with a factor, and those that the table does not cover."""
    given = yaml.safe_load((facts / "mme.yaml").read_text("utf-8"))
    rows = [opioid(key, factor) for key, factor in given["factor"].items()]
    without = [key for key in given["not_covered"] if key != "parenteral opioids"]
    return [
        *rows,
        *(row(key, (key,), {"table": "CDC 2022", "note": "the table has no factor"}, CDC) for key in without),
    ]


def opioid(key: str, factor: float) -> dict[str, Any]:
    """Return the row of an opioid with its factor and the unit that the factor applies to."""
    transdermal = key.endswith("ug_per_h")
    names = OPIOID_NAMES.get(key, ())
    data = {
        "table": "CDC 2022", "factor": f"{factor:g}", "unit": "ug/h" if transdermal else "mg/d",
        "route": "TRANSDERMAL" if transdermal else "ORAL",
    }  # fmt: skip
    return row(key, names if transdermal else (key, *names), data, CDC)


def row(key: str, names: tuple[str, ...], data: dict[str, Any], said: Source) -> dict[str, Any]:
    """Return a row with the keys that every row has."""
    kept = {name: value for name, value in data.items() if value not in ("", [], {}, None)}
    return {"key": key, "names": list(names), **said._asdict(), "reviewed_on": REVIEWED_ON, "data": kept}


def told(value: dict[str, Any], said: Source) -> dict[str, Any]:
    """Return a value with its source and confidence."""
    return {**value, **said._asdict()}


def named(source: str) -> str:
    """Return a source under the name that a reader can find it by."""
    return source.replace("seed review", REVIEW)


def letter(conf: str) -> str:
    """Return the lowest confidence that a text names."""
    return max(re.findall(r"\b[HML]\b", conf), key="HML".index, default="L")


def many(value: Any) -> list[str]:
    """Return one or several words as a list."""
    return value if isinstance(value, list) else [value]


BUILDERS = {"conditions": conditions, "instruments": instruments, "events": events, "opioids": opioids}
