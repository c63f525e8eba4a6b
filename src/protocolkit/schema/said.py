"""What people call the terms of the lists, beside the published names: `IV`, `twice a day`, `statistician`."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from protocolkit.library import terms

if TYPE_CHECKING:
    from collections.abc import Iterable

SAID: dict[str, dict[str, tuple[str, ...]]] = {
    "frequency": {
        "QD": ("once daily", "once a day", "once per day", "every day", "OD"),
        "BID": ("twice a day", "BD"),
        "TID": ("three times a day", "TDS"),
        "QID": ("four times a day", "QDS"),
        "QOD": ("alternate days", "every second day"),
        "QAM": ("every morning",),
        "QHS": ("at bedtime",),
        "QN": ("every night",),
        "EVERY WEEK": ("once a week", "QW"),
        "2 TIMES PER WEEK": ("twice a week",),
        "3 TIMES PER WEEK": ("three times a week",),
        "QM": ("once a month",),
        "EVERY 2 WEEKS": ("Q2W", "fortnightly"),
        "EVERY 3 WEEKS": ("Q3W",),
        "EVERY 4 WEEKS": ("Q4W",),
    },
    "route": {
        "INTRAVENOUS": ("IV", "intravenous injection"),
        "INTRAVENOUS DRIP": ("intravenous infusion", "IV infusion", "infusion"),
        "INTRAVENOUS BOLUS": ("IV bolus", "bolus"),
        "ORAL": ("PO", "per os", "by mouth", "orally"),
        "SUBCUTANEOUS": ("SC", "SQ", "subcutaneous injection", "subcutaneous infusion"),
        "INTRAMUSCULAR": ("IM", "intramuscular injection"),
        "INTRADERMAL": ("ID", "intradermal injection"),
        "NASAL": ("intranasal", "nasal spray"),
        "RESPIRATORY (INHALATION)": ("inhaled", "inhalation", "inhalational", "nebulised", "nebulized"),
        "INTRATHECAL": ("IT", "lumbar puncture"),
        "SUBLINGUAL": ("SL", "under the tongue"),
        "RECTAL": ("PR", "suppository"),
        "VAGINAL": ("PV", "intravaginally"),
        "OPHTHALMIC": ("eye drops", "ocular"),
        "NASOGASTRIC": ("nasogastric tube", "NG tube"),
    },
    "dose_form": {
        "TABLET": ("tablets", "oral tablet"),
        "CAPSULE": ("capsules", "hard capsule", "hard capsules"),
        "TABLET, EXTENDED RELEASE": ("prolonged-release tablet", "slow-release tablet"),
        "TABLET, DELAYED RELEASE": ("gastro-resistant tablet", "enteric-coated tablet"),
        "TABLET, ORALLY DISINTEGRATING": ("orodispersible tablet", "oral dispersible tablet"),
        "TABLET, FOR SUSPENSION": ("dispersible tablet",),
        "CAPSULE, DELAYED RELEASE": ("gastro-resistant capsule",),
        "INJECTION, SOLUTION": ("solution for injection", "solution for infusion"),
        "INJECTION, SUSPENSION": ("suspension for injection",),
        "INJECTION, EMULSION": ("emulsion for injection", "emulsion for infusion"),
        "INJECTION, SOLUTION, CONCENTRATE": ("concentrate for solution for infusion", "concentrate for infusion"),
        "INJECTION, POWDER, FOR SOLUTION": ("powder for solution for injection", "powder for solution for infusion"),
        "INJECTION, POWDER, LYOPHILIZED, FOR SOLUTION": ("lyophilised powder for injection", "lyophilisate"),
        "SOLUTION": ("oral solution",),
        "SUSPENSION": ("oral suspension",),
        "SOLUTION/ DROPS": ("eye drops", "drops"),
        "PATCH": ("transdermal patch",),
        "AEROSOL, METERED": ("metered-dose inhaler", "pressurised inhaler"),
    },
    "blinded_role": {
        "participant": ("patient", "patients", "subject", "volunteer"),
        "care_provider": (
            "nurse", "physician", "treating physician", "clinician", "therapist", "vaccinator", "operator", "surgeon",
            "staff", "site staff",
        ),
        "outcomes_assessor": (
            "adjudicator", "adjudicators", "adjudication committee", "endpoint committee", "assessor", "rater",
            "reader", "central reader", "core laboratory", "echo core laboratory",
        ),
        "data_analyst": ("statistician", "trial statistician", "sponsor statistician", "analyst", "data manager"),
        "parent_or_proxy": ("parent", "proxy", "guardian", "carer", "caregiver", "relative", "family"),
    },
    "reporter": {
        "participant": ("patient", "self", "self-report", "self-reported"),
        "parent_or_proxy": ("parent", "proxy", "guardian", "carer", "relative", "family"),
        "clinician": ("investigator", "physician", "doctor", "nurse"),
        "observer": ("assessor", "rater"),
    },
    "seriousness": {
        "death": ("fatal", "results in death"),
        "life_threatening": ("immediately life-threatening",),
        "hospitalisation": ("prolonged hospitalisation", "hospitalization", "inpatient hospitalisation"),
        "disability": ("incapacity", "persistent or significant disability"),
        "congenital_anomaly": ("birth defect",),
        "important_medical_event": ("medically important", "other medically important", "medically significant"),
    },
    "independence": {
        "manufacturer": ("maker", "makers", "company", "industry"),
        "investigators": ("site staff",),
        "funder": ("funders", "funding body"),
    },
    "profile": {
        "cardiovascular": ("cardiology", "cardiac", "heart"),
        "oncology": ("cancer", "haematology-oncology", "breast-cancer", "lung-cancer"),
        "paediatric": ("paediatrics", "pediatrics", "children"),
        "infection": ("infectious-diseases", "infectious disease"),
        "maternal": ("pregnancy", "obstetrics"),
        "mental-health": ("psychiatry",),
        "renal": ("nephrology", "kidney"),
        "endocrine": ("diabetes", "endocrinology"),
        "critical-care": ("intensive-care",),
        "behaviour": ("behavioural", "psychotherapy"),
        "procedure": ("surgery", "surgical"),
    },
    "phase": {
        "Early Phase 1": ("0", "phase 0"),
        "Phase 1": ("1", "I", "phase I"),
        "Phase 1/Phase 2": ("1/2", "I/II", "phase I/II", "phase 1/2"),
        "Phase 2": ("2", "II", "phase II", "2a", "2b", "IIa", "IIb"),
        "Phase 2/Phase 3": ("2/3", "II/III", "phase II/III", "phase 2/3"),
        "Phase 3": ("3", "III", "phase III", "3a", "3b"),
        "Phase 3/Phase 4": ("3/4", "III/IV", "phase III/IV", "phase 3/4"),
        "Phase 4": ("4", "IV", "phase IV"),
        "Not Applicable": ("none", "N/A", "NA"),
    },
    "role": {
        "experimental": ("test", "investigational", "study drug", "verum", "intervention"),
        "active_comparator": ("comparator", "active control", "standard of care"),
        "background_treatment": ("background", "backbone", "concomitant"),
        "rescue_medicine": ("rescue",),
        "additional_required_treatment": ("premedication", "supportive"),
    },
    "arm_type": {
        "experimental": ("test", "intervention", "treatment"),
        "active_comparator": ("active", "active control", "standard treatment"),
        "placebo_comparator": ("placebo",),
        "sham_comparator": ("sham",),
        "no_intervention": ("no treatment", "observation", "untreated"),
    },
    "blinding_schema": {
        "double_blind": ("double-masked", "triple-blind", "double"),
        "single_blind": ("single-masked", "assessor-blind", "single"),
        "open_label": ("open", "unblinded", "none"),
    },
    "objective_level": {
        "primary": ("main", "co-primary"),
        "secondary": ("key secondary",),
        "exploratory": ("tertiary",),
    },
    "strategy": {
        "treatment_policy": ("ITT", "intention to treat"),
        "composite": ("composite variable", "composite endpoint"),
        "principal_stratum": ("principal stratification",),
    },
}  # fmt: skip
# Lists in which another term is another treatment: a word that is no typing error of one names none.
_TREATMENTS = frozenset({"route", "dose_form"})
_CUTOFF, _STRICT = 0.7, 0.88  # of letters alike
_WORD = 4  # letters from which on the beginning of a term tells it
_LONGEST = 60


def called(name: str, text: str) -> str | None:
    """Return the term of a list that people call so: by its published name, such as `Daily` of QD, or another."""
    if not name:
        return None
    known = terms.get(name).terms
    names = {term.preferred: term.value for term in known if term.preferred}
    names |= {words: term for term, said in SAID.get(name, {}).items() for words in said}
    known_as = {plain(words): term for words, term in names.items()}
    turned = {frozenset(_words(term.value)): term.value for term in known}  # film-coated tablet: TABLET, FILM COATED
    return known_as.get(plain(text)) or turned.get(frozenset(_words(text)))


def meant(text: str, known: Iterable[object], name: str = "") -> str | None:
    """Return the known term or key that a text most probably means; `name` is that of the list that it is from."""
    alike = {plain(str(term)): str(term) for term in known}
    bare = plain(text)
    if bare in alike:
        return alike[bare]
    if name not in _TREATMENTS:
        longer = [term for each, term in alike.items() if each.startswith(bare)] if len(bare) >= _WORD else []
        if len(longer) == 1:
            return longer[0]
    cutoff = _STRICT if name in _TREATMENTS else _CUTOFF
    close = get_close_matches(bare[:_LONGEST], alike, n=1, cutoff=cutoff)
    return alike[close[0]] if close else None


def sharing_words(text: str, known: Iterable[object]) -> list[str]:
    """Return terms, those first that share a word with a text: of the routes, for `intravenous push`, these."""
    wanted = {*_words(text)}
    return sorted(map(str, known), key=lambda term: wanted.isdisjoint(_words(term)))


def plain(text: str) -> str:
    """Return the letters and figures of a text, in lower case: `I.V.` and `IV` are the same."""
    return "".join(sign for sign in text.casefold() if sign.isalnum() or sign in "/*")


def _words(text: str) -> list[str]:
    return text.casefold().replace("-", " ").replace(",", " ").replace("_", " ").split()
