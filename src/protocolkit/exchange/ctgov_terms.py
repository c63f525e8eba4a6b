"""Terms of ClinicalTrials.gov and the terms of the format that say the same; what has none is left out."""

from __future__ import annotations

PHASES = {
    ("EARLY_PHASE1",): "Early Phase 1",
    ("PHASE1",): "Phase 1",
    ("PHASE1", "PHASE2"): "Phase 1/Phase 2",
    ("PHASE2",): "Phase 2",
    ("PHASE2", "PHASE3"): "Phase 2/Phase 3",
    ("PHASE3",): "Phase 3",
    ("PHASE4",): "Phase 4",
}
MODELS = {
    "SINGLE_GROUP": "single_group",
    "PARALLEL": "parallel",
    "CROSSOVER": "crossover",
    "FACTORIAL": "factorial",
    "SEQUENTIAL": "sequential",
}
ARM_TYPES = {
    "EXPERIMENTAL": "experimental",
    "ACTIVE_COMPARATOR": "active_comparator",
    "PLACEBO_COMPARATOR": "placebo_comparator",
    "SHAM_COMPARATOR": "sham_comparator",
    "NO_INTERVENTION": "no_intervention",
}
CONTROLS = {
    "PLACEBO_COMPARATOR": "placebo",
    "ACTIVE_COMPARATOR": "active_comparator",
    "SHAM_COMPARATOR": "sham_procedure",
}
KINDS = {
    "DRUG": "drug",
    "DEVICE": "device",
    "BIOLOGICAL": "biologic",
    "PROCEDURE": "procedure",
    "RADIATION": "radiation",
    "BEHAVIORAL": "behaviour",
    "GENETIC": "genetic",
    "DIETARY_SUPPLEMENT": "dietary",
    "DIAGNOSTIC_TEST": "diagnostic",
}
MASKINGS = {"NONE": "open_label", "SINGLE": "single_blind", "DOUBLE": "double_blind"}
MASKED = {
    "PARTICIPANT": "participant",
    "CARE_PROVIDER": "care_provider",
    "INVESTIGATOR": "investigator",
    "OUTCOMES_ASSESSOR": "outcomes_assessor",
}
PURPOSES = {
    "TREATMENT": "treatment",
    "PREVENTION": "prevention",
    "DIAGNOSTIC": "diagnostic",
    "SUPPORTIVE_CARE": "supportive_care",
    "SCREENING": "screening",
    "HEALTH_SERVICES_RESEARCH": "health_services_research",
    "BASIC_SCIENCE": "basic_science",
    "DEVICE_FEASIBILITY": "device_feasibility",
    "ECT": "other",
    "OTHER": "other",
}
SEXES = {"ALL": "all", "FEMALE": "female", "MALE": "male"}
AGE_UNITS = {"Year": "a", "Month": "mo", "Week": "wk", "Day": "d"}
OFFICIALS = {
    "PRINCIPAL_INVESTIGATOR": "principal investigator",
    "STUDY_DIRECTOR": "study director",
    "STUDY_CHAIR": "study chair",
    "SUB_INVESTIGATOR": "sub-investigator",
}
REGISTRIES = {"EUDRACT_NUMBER": "EudraCT", "CTIS": "EU CT", "NIH": "NIH", "FDA": "FDA", "VA": "VA", "AHRQ": "AHRQ"}
INFO_TYPES = {
    "STUDY_PROTOCOL": "study protocol",
    "SAP": "statistical analysis plan",
    "ICF": "informed consent form",
    "CSR": "clinical study report",
    "ANALYTIC_CODE": "analytic code",
}
DATE_TYPES = {"ACTUAL": "actual", "ESTIMATED": "estimated", "ANTICIPATED": "estimated"}
