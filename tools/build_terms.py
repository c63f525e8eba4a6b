"""Build `src/protocolkit/library/terms.json` from the published code lists and from the lists of our own below.

    python tools/build_terms.py --facts ../shared/facts

The facts folder holds the ICH M11 code lists, the CDISC code lists and the administrations per day as read by people.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

OUTPUT = Path(__file__).resolve().parents[1] / "src" / "protocolkit" / "library" / "terms.json"

ABOUT = (
    "Lists of terms that a protocol file may use. value: what stands in the file; label: the term as published; "
    "code: NCI Thesaurus code; under: the published term that a term of our own stands under; per_day: "
    "administrations per day, exact. ICH M11 code lists: the M11 template and technical specification (Step 4, 19 "
    "November 2025) are copyright ICH; they are used here with acknowledgement under the ICH legal notice, "
    "adapted in spelling of the values only, without endorsement by ICH. CDISC Controlled Terminology (route "
    "C66729, dosage form C66726, frequency C71113; of trial phase C66737 the term Not Applicable): CDISC and NCI "
    "Enterprise Vocabulary Services. NCI Thesaurus "
    "codes and preferred terms: National Cancer Institute, CC BY 4.0. Strategies for intercurrent events: ICH "
    "E9(R1). Lists with system protocolkit are our own."
)

# Our name of an ICH M11 list, its code, and the values that the rules of spelling do not give.
M11: dict[str, tuple[str, dict[str, str]]] = {
    "phase": ("C217045", {}),
    "yes_no": ("C217046", {}),
    "amendment_area": ("C217047", {}),
    "age_unit": ("C217048", {}),
    "site_distribution": ("C217049", {}),
    "geographic_scope": ("C217050", {}),
    "blinding_schema": ("C217051", {}),
    "sourcing": ("C217052", {}),
    "section": ("C217272", {}),
    "amendment_status": (
        "C217274",
        {
            "C218485": "not_amended",
            "C218486": "first_amendment",
            "C218487": "amended_before_see_12_3",
            "C218488": "amended_before_listed_here",
        },
    ),
    "amendment_scope": ("C217275", {}),
    "amendment_reason": ("C217276", {}),
    "model": ("C217277", {"C82637": "crossover", "C82640": "single_group"}),
    "population_type": ("C217278", {}),
    "control_type": ("C217279", {"C28280": "none"}),
    "assignment_method": ("C217280", {}),
    "blinded_role": ("C217281", {}),
    "committee": ("C217282", {}),
    "arm_type": ("C217283", {}),
    "kind": (
        "C217284",
        {"C16830": "device", "C15184": "behaviour", "C1505": "dietary", "C218507": "procedure"},
    ),
    "role": ("C217285", {}),
    "imp_status": ("C217286", {"C202579": "IMP", "C156473": "NIMP"}),
    "event_type": ("C217287", {}),
}
AS_PRINTED = {"phase"}
EXTRA: dict[str, tuple[dict[str, str], ...]] = {
    # CDISC C66737 has this term, ICH M11 asks for the element in every trial and has none.
    "phase": ({"value": "Not Applicable", "label": "Not Applicable", "code": "C48660"},),
    "control_type": (
        {"value": "active_placebo", "label": "active placebo", "under": "Placebo"},
        {"value": "usual_care", "label": "usual care"},
    ),
    "role": (
        {"value": "active_placebo", "label": "active placebo", "under": "Placebo"},
        {"value": "sham", "label": "sham", "under": "Placebo"},
        {"value": "active_comparator", "label": "active comparator"},
    ),
    "blinded_role": (
        {"value": "data_analyst", "label": "data analyst"},
        {"value": "laboratory", "label": "laboratory staff"},
        {"value": "monitor", "label": "monitor"},
        {"value": "parent_or_proxy", "label": "parents or representatives"},
    ),
    "imp_status": ({"value": "auxiliary", "label": "auxiliary", "under": "NIMP"},),
}
# A combination product is told by a key of its own; it is no kind beside the kinds.
LEFT_OUT = {"kind": {"C54696"}}

CDISC = {"route": "route", "dose_form": "dose_form", "frequency": "frequency"}

# Our own closed lists. A pair gives the label where it is more than the value in words.
OURS: dict[str, tuple[str | tuple[str, str], ...]] = {
    "profile": (
        "drug", "biologic", "biosimilar", "vaccine", "device", "procedure", "behaviour", "radiation",
        "chronic-pain", "oncology", "cardiovascular", "respiratory", "infection", "critical-care", "ophthalmology",
        "neurology", "mental-health", "emergency", "endocrine", "renal", "maternal", "paediatric",
        "diagnostic", "parallel", "crossover", "factorial", "cluster", "stepped-wedge", "single-arm", "dose-escalation",
        "enriched-withdrawal", "non-inferiority", "equivalence", "platform", "adaptive", "event-driven",
        "pilot", "confirmatory",
        "chronic-pain-rct", "chronic-pain-crossover", "chronic-pain-pilot", "generic-drug-rct",
    ),
    "registration_status": ("intended", "registered", "fictional"),
    "funder_type": ("money", "supply", "equipment", "services"),
    "conflict_role": ("principal_investigator", "steering_committee", "other"),
    "reporting_rules": (
        ("EU", "European Union"), ("UK", "United Kingdom"), ("US", "United States"), ("OTHER", "other"),
    ),
    "objective_kind": ("benefit", "harm", "feasibility", "exploratory"),
    "metric": (
        "final_value", "change_from_baseline", "percent_change", "time_to_event", "responder", "event", "count",
        "slope", "area_under_curve", "mean_over_time", "maximum", "minimum", "ordinal", "best_overall_response",
        ("ratio_to_baseline", "ratio to baseline (fold rise)"),
        ("hierarchical", "hierarchical comparison of components"),
        "sensitivity", "specificity", "positive_predictive_value", "negative_predictive_value", "detection_rate",
        ("area_under_roc_curve", "area under the receiver operating characteristic curve"), "agreement",
    ),
    "aggregation": (
        "mean", "geometric_mean", "median", "proportion", "rate", "hazard", "odds", "restricted_mean",
        "win_ratio", "win_odds", "win_probability",
        ("vaccine_efficacy", "vaccine efficacy (1 minus the ratio of risks or rates)"),
        "kappa", ("intraclass_correlation", "intraclass correlation coefficient"), "limits_of_agreement",
    ),
    "several_primary": (
        ("co_primary", "co-primary (all must succeed)"), ("alternative", "alternative (one may succeed)"),
        ("hierarchical", "hierarchical (tested in a fixed order)"),
        ("independent", "independent (each answers a question of its own)"),
        ("by_authority", "by authority (each is tested alone, for the authorities that ask for it)"),
    ),
    "framework": ("superiority", ("non_inferiority", "non-inferiority"), "equivalence", "exploratory"),
    "null_variance": (
        ("reference", "rate of control"), ("assumed", "rates assumed"),
        ("maximum_likelihood", "mean rate of all participants"),
    ),
    "interval_by": (("exact", "exact (Clopper and Pearson; Garwood)"), ("wilson", "Wilson"), ("wald", "Wald")),
    "test_by": ("exact", ("normal", "normal approximation")),
    "optimality": ("optimal", "minimax"),
    "claim": ("superiority", ("non_inferiority", "non-inferiority"), "equivalence"),
    "randomised_to": ("arms", "sequences", "clusters"),
    "restriction": ("simple", "blocked", "stratified", "minimisation", "adaptive"),
    "primary_purpose": (
        "treatment", "prevention", "diagnostic", "supportive_care", "screening", "health_services_research",
        "basic_science", "device_feasibility", "other",
    ),
    "adaptation": (
        "stop_arm", "add_arm", "stop_for_efficacy", "stop_for_futility", "change_allocation", "change_sample_size",
        "change_dose", "change_population", "stop_for_inferiority", "stop_for_equivalence", "other",
    ),
    "dose_response_shape": (
        "linear", ("linlog", "linear in the logarithm of the dose"), ("emax", "Emax"), ("sigemax", "sigmoid Emax"),
        "logistic", "exponential", "quadratic", ("betamod", "beta"), "other",
    ),
    "reaction_kind": ("local", "systemic"),
    "master_protocol": ("platform", "umbrella", "basket", "none"),
    "escalation_rule": ("3+3", "BOIN", "CRM", "other"),
    "stopping_level": ("trial", "site", "cohort", "arm", "domain"),
    "childbearing_potential": ("eligible", "not_eligible", "not_applicable"),
    "contraception_by": (
        ("can_become_pregnant", "participants who can become pregnant"),
        ("can_make_pregnant", "participants who can make somebody pregnant"), ("partners", "partners of participants"),
    ),
    "target_or_maximum": (("target", "Target"), ("maximum", "Maximum")),
    "weight": ("actual", "ideal", "adjusted", "lean", "estimated"),
    "outside_range": ("not_eligible", "dose_at_limit"),
    "focus_number": ("one", "both", "several"),
    "surface_formula": ("Mosteller", ("DuBois", "Du Bois")),
    "when": ("once", "course", "days"),
    "rounding_quantity": ("dose", "rate", "volume", "volume_rate"),
    "modification_action": (
        "interrupt", "reduce", "withdraw", "extra_dose", ("reload", "loading again"), "no_change",
    ),
    "titration_action": ("raise", "keep", "lower"),
    "inference": ("frequentist", ("bayesian", "Bayesian")),
    "half_life_kind": ("physical", "biological", "effective"),
    "change_from": ("baseline", ("last_visit", "the last visit")),
    "outcome_mode": (
        "paper", "electronic", "interview", "device", "examination", "laboratory", "imaging",
        ("registry", "registry or routine data"), "record_review",
    ),
    "reporter": (
        "participant", ("parent_or_proxy", "parent or proxy"), "clinician", "observer",
        ("performance", "performance of a task"), ("caregiver", "caregiver on themselves"),
    ),
    "day_numbering": (("CDISC", "the anchor's day is Day 1, there is no Day 0"), ("zero", "the anchor's day is Day 0")),
    "anchor_kind": (
        "consent", "randomisation", "first_dose", "last_dose", "end_of_treatment", "period_start", "period_end",
        "cycle_start", ("study_end", "common end of the study"), "event",
    ),
    "activity_kind": (
        "laboratory", "questionnaire", "imaging", "dose", "procedure", ("sample", "sample for research"), "other",
    ),
    "relative_to": (("dose_start", "start of dosing"), ("dose_end", "end of dosing"), ("visit", "start of the visit")),
    "required_before": ("consent", "randomisation", "dose"),
    "visit_kind": ("scheduled", "early_termination", "unscheduled"),
    "visit_mode": ("on_site", "telephone", "video", "home", "remote"),
    "visit_level": ("participant", "cluster"),
    "ascertainment_mode": (
        "spontaneous", "open_question", "checklist", "instrument", "examination", "laboratory", "device",
        ("registry", "registry or routine data"), "record_review",
    ),
    "version_policy": ("current_at_database_lock",),
    "seriousness": (
        ("death", "results in death"), ("life_threatening", "is life-threatening"),
        ("hospitalisation", "requires inpatient hospitalisation or prolongation of existing hospitalisation"),
        ("disability", "results in persistent or significant disability or incapacity"),
        ("congenital_anomaly", "is a congenital anomaly or birth defect"),
        ("important_medical_event", "is another important medical event"),
    ),
    "analysis_role": ("main", "sensitivity", "supplementary", "secondary"),
    "independence": (
        "sponsor", "funder", "investigators", ("sites", "trial sites"),
        ("manufacturer", "manufacturer of the intervention"),
    ),
    "consent_kind": (
        ("prior", "consent beforehand"), ("deferred", "deferred consent"), ("proxy", "consent of a representative"),
        ("waiver", "waiver of consent"), ("opt_out", "consent unless refused"),
        ("verbal", "verbal consent"),
    ),
    "review_decision": ("agrees", "disagrees", "not_applicable"),
    "confidence": (("H", "read in a public source"), ("M", "read in a secondary source"), ("L", "recalled, unchecked")),
}  # fmt: skip

# Open lists: what an editor offers where any text may stand.
OPEN: dict[str, tuple[str | tuple[str, str], ...]] = {
    "domain": (
        "pain", "physical_functioning", "emotional_functioning", "participant_ratings_of_improvement_and_satisfaction",
        "symptoms_and_adverse_events", "participant_disposition",
    ),
    "direction": (("lower_better", "lower is better"), ("higher_better", "higher is better")),
    "registry": ("ClinicalTrials.gov", "EU CT", "ISRCTN", "jRCT", "IND", "IDE", "NMPA IND", "WHO UTN"),
    "discontinuation_reason": (
        "adverse_event", "lack_of_effect", "participant_decision", "loss_to_follow_up", "death", "progression",
        "pregnancy", "protocol_deviation",
    ),
    "intercurrent_event": (
        "treatment_discontinuation", "rescue", "prohibited_medicine", "dose_reduction", "treatment_switch", "death",
    ),
    "rounding_method": (("half_up", "half up"), ("half_even", "half to even"), "up", "down"),
}  # fmt: skip

# Methods beside those of the facts.
BEYOND_FACTS = (
    "ci_width_means_z", "cluster_crossover_means_z", "cluster_crossover_props_z", "cluster_two_props_z", "ni_paired_t",
    "ni_survival_schoenfeld_events", "ni_survival_schoenfeld_n", "equiv_survival_schoenfeld_events",
    "equiv_survival_schoenfeld_n", "ve_exact_events", "ve_exact_n", "two_rates_poisson", "two_rates_nb",
    "ni_rates_poisson", "ni_rates_nb", "win_ratio", "one_prop_exact", "one_prop_z", "one_mean_t", "one_rate_poisson",
    "simon_two_stage", "ci_width_one_prop", "ci_width_one_rate_poisson",
)  # fmt: skip

STRATEGIES = (
    ("treatment_policy", "treatment policy"),
    ("hypothetical", "hypothetical"),
    ("composite", "composite variable"),
    ("while_on_treatment", "while on treatment"),
    ("while_alive", "while alive"),  # how ICH E9(R1), A.3.2 calls while on treatment where the event is death
    ("principal_stratum", "principal stratum"),
)
# Our values of lists that CDISC publishes under other names: value, published term.
RENAMED: dict[str, tuple[str, dict[str, str]]] = {
    "objective_level": (
        "objective_level_usdm",
        {
            "primary": "Study Primary Objective",
            "secondary": "Study Secondary Objective",
            "exploratory": "Exploratory Objective",
        },
    ),
    "epoch_type": (
        "epoch",
        {
            "screening": "SCREENING",
            "run_in": "RUN-IN",
            "treatment": "TREATMENT",
            "washout": "WASHOUT",
            "follow_up": "FOLLOW-UP",
        },
    ),
}


def snake(term: str) -> str:
    """Spell a published term as the file does: lower case, underscores, without a closing Arm, Group, Intervention."""
    shorter = re.sub(r" (?:Arm|Group|Intervention)$", "", term)
    return re.sub(r"[^a-z0-9]+", "_", shorter.lower()).strip("_")


def published(name: str, raw: dict[str, Any]) -> dict[str, Any]:
    """Return an ICH M11 list with our spelling of its values."""
    code, spelled = M11[name]
    terms = [
        {
            "value": spelled.get(term["code"]) or (term["term"] if name in AS_PRINTED else snake(term["term"])),
            "label": term["term"],
            "code": term["code"],
        }
        for term in raw["terms"]
        if term["code"] not in LEFT_OUT.get(name, ())
    ]
    return {
        "code": code,
        "system": "ICH M11",
        "extensible": raw["extensible"],
        "terms": [*terms, *EXTRA.get(name, ())],
    }


def cdisc(name: str, raw: dict[str, Any], stated: dict[str, Any]) -> dict[str, Any]:
    """Return a CDISC list whole: submission values, preferred terms, codes, and administrations per day."""
    terms = []
    for code, value, preferred in raw["terms"]:
        term = {"value": value, "label": value, "code": code, "preferred": preferred}
        if name == "frequency" and (rate := per_day(value, stated)):
            term["per_day"] = str(rate)
        terms.append(term)
    return {"code": raw["code"], "system": "CDISC CT", "extensible": raw["extensible"], "terms": terms}


PER_DAY_SHAPES = (
    (re.compile(r"([0-9]+) TIMES? PER DAY"), Fraction),
    (re.compile(r"([0-9]+) TIMES? PER WEEK"), lambda n: Fraction(n, 7)),
    (re.compile(r"EVERY ([0-9]+) WEEKS"), lambda n: Fraction(1, 7 * n)),
    (re.compile(r"Q([0-9]+)H"), lambda n: Fraction(24, n)),
    (re.compile(r"Q([0-9]+)D"), lambda n: Fraction(1, n)),
    (re.compile(r"Q([0-9]+)MIN"), lambda n: Fraction(24 * 60, n)),
)
PER_DAY_NAMES = {
    "QD": 1, "BID": 2, "TID": 3, "QID": 4, "QN": 1, "QHS": 1, "QAM": 1, "QPM": 1, "QH": 24,
    "EVERY EVENING": 1, "EVERY AFTERNOON": 1, "QOD": Fraction(1, 2), "EVERY WEEK": Fraction(1, 7),
}  # fmt: skip


def per_day(value: str, stated: dict[str, Any]) -> Fraction | None:
    """Return the administrations per day that a frequency means, exact; None where a calendar or cycle decides."""
    rate = next((make(int(found[1])) for shape, make in PER_DAY_SHAPES if (found := shape.fullmatch(value))), None)
    rate = Fraction(PER_DAY_NAMES[value]) if value in PER_DAY_NAMES else rate
    known = stated.get(value)
    if known is not None and (rate is None or abs(rate - Fraction(str(known))) > Fraction(1, 10**9)):
        raise SystemExit(f"{value}: {known} administrations per day in the facts, {rate} by its name")
    return rate


def ours(terms: tuple[str | tuple[str, str], ...], system: str = "protocolkit") -> dict[str, Any]:
    """Return a list of our own; a term without a label is told in words."""
    pairs = [(term, term.replace("_", " ")) if isinstance(term, str) else term for term in terms]
    rows = [{"value": value, "label": label} for value, label in pairs]
    return {"code": "", "system": system, "extensible": False, "terms": rows}


def renamed(name: str, lists: dict[str, Any]) -> dict[str, Any]:
    """Return a list whose values are ours and whose labels and codes are CDISC's."""
    source, spelled = RENAMED[name]
    codes = {term: code for code, term, _ in lists[source]["terms"]}
    terms = [{"value": value, "label": label, "code": codes[label]} for value, label in spelled.items()]
    if name == "epoch_type":
        terms += [{"value": value, "label": value} for value in ("extension", "control", "transition")]
    return {"code": lists[source]["code"], "system": "CDISC CT", "extensible": True, "terms": terms}


def build(facts: Path) -> dict[str, Any]:
    """Return all lists by name."""
    m11 = {row["code"]: row for row in json.loads((facts / "ich-m11-step4.json").read_text("utf-8"))["codelists"]}
    lists = yaml.safe_load((facts / "terminology" / "cdisc-codelists.yaml").read_text("utf-8"))["codelists"]
    pain = yaml.safe_load((facts / "pain-trials" / "terminology.yaml").read_text("utf-8"))
    stated = {row["cdisc"]: row.get("admin_per_day") for row in pain["frequency"]}
    with (facts / "statistics" / "methods.csv").open(encoding="utf-8", newline="") as stream:
        methods = tuple(row["method"] for row in csv.DictReader(stream))
    return {
        "about": ABOUT,
        **{name: published(name, m11[code]) for name, (code, _) in M11.items()},
        **{name: cdisc(name, lists[source], stated) for name, source in CDISC.items()},
        **{name: renamed(name, lists) for name in RENAMED},
        "strategy": ours(STRATEGIES, "ICH E9(R1)"),
        "sample_size_method": ours((*((name, name) for name in (*methods, *BEYOND_FACTS)), "other")),
        **{name: ours(terms) for name, terms in OURS.items()},
        **{name: {**ours(terms), "extensible": True, "open": True} for name, terms in OPEN.items()},
    }


def written(lists: dict[str, Any]) -> str:
    """Write the lists as JSON with one term on a line."""
    parts = [f'  "about": {json.dumps(lists["about"], ensure_ascii=False)}']
    for name, row in lists.items():
        if name == "about":
            continue
        head = {key: value for key, value in row.items() if key != "terms"}
        terms = ",\n".join(f"      {json.dumps(term, ensure_ascii=False)}" for term in row["terms"])
        opened = json.dumps(head, ensure_ascii=False).removesuffix("}")
        parts.append(f'  "{name}": {opened}, "terms": [\n{terms}\n    ]}}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Write terms.json anew."""
    parser = argparse.ArgumentParser(description="Build the lists of terms from the facts.")
    parser.add_argument("--facts", type=Path, required=True, help="folder with the published code lists")
    lists = build(parser.parse_args().facts)
    OUTPUT.write_text(written(lists), "utf-8")
    print(f"{OUTPUT.name}: {len(lists) - 1} lists, {sum(len(row['terms']) for row in list(lists.values())[1:])} terms")


if __name__ == "__main__":
    main()
