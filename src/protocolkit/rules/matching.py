"""Whether two texts of a protocol speak of one thing, such as `hepatic disease` and `liver tests`.

Words are compared by their stems, and by groups of stems that people use for one organ, measurement or medicine. This
is reading, not understanding: what rests on it is never more than a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.rules.patterns import Pattern
from protocolkit.words import folded

if TYPE_CHECKING:
    from protocolkit.document import Node

_AND = Pattern(r",|;|/|\+|\bor\b|\band\b")
_WORD = Pattern(r"[^\W_]+", exact=True)
_STEM, _LONGER = 6, 9
# Beginnings that many words share: their stems are longer.
_SHARED = ("hyper", "hypo", "intra", "extra", "anti", "neuro", "cardio")
# Words of a measurement that tell how it is given or where it is found, not what it is; urine is another one.
_ASIDE = Pattern(r"\b(?:absolute|body|counts?|levels?|concentrations?|values?|serum|plasma)\b|s\b")
_ENZYME = Pattern(r"\bcyp3a[457]\b")
# What names a state or a degree and no organ or measurement.
_EMPTY = frozenset({
    "a", "an", "and", "any", "as", "at", "by", "for", "from", "in", "into", "is", "no", "not", "of", "on", "or", "the",
    "to", "with", "within", "without", "after", "before", "d", "h", "wk", "days", "weeks", "active", "acute", "chronic",
    "clinically", "condition", "conditions", "controlled", "current", "disease", "disorder", "drug", "earlier",
    "function", "history", "impairment", "intervention", "known", "level", "medical", "mild", "moderate", "other",
    "poorly", "pressure", "raised", "recent", "severe", "significant", "suspected", "symptoms", "syndrome", "test",
    "tests", "therapy", "treatment", "trial", "uncontrolled", "unstable", "untreated", "use", "value", "values",
})  # fmt: skip
_GROUPS: tuple[tuple[str, ...], ...] = (
    ("hepat", "liver", "cirrho", "transa", "bilir", "alt", "ast", "lft", "dili"),
    ("renal", "kidney", "nephr", "creati", "egfr", "gfr", "dialy", "glomer"),
    (
        "heart",
        "cardi",
        "myocar",
        "corona",
        "angina",
        "infarc",
        "ischae",
        "arrhyt",
        "left ventric",
        "lvef",
        "ejection fraction",
        "shortening fraction",
        "fractional shortening",
    ),
    ("bone marrow", "myelos", "cytope", "pancyt", "neutro", "platel", "thrombocytop"),
    ("electro", "ecg", "ekg", "qt", "torsad", "holter"),
    ("allerg", "hyperse", "anaphy", "intoler"),
    ("substa", "addict", "misuse", "abuse", "alcoho", "depend"),
    ("stroke", "cerebr", "transient isch"),
    ("mao", "monoam"),
    ("hyperte", "high blood pressure", "blood pressure", "systol", "diastol"),
    ("hypoten", "low blood pressure", "blood pressure", "systol"),
    ("immunos", "immunoc", "immunod", "transpl"),
    ("glauco", "intraoc"),
    ("food", "meal", "fasting", "fed state", "grapefruit"),
    ("seizur", "epilep", "convul"),
    ("bleed", "haemor", "hemorr", "coagul", "platel", "thromb", "inr"),
    ("pregna", "lactat", "breast", "hcg"),
    ("infect", "sepsis", "tuberc", "hiv"),
    ("cancer", "malign", "tumour", "tumor", "neopl"),
    ("psycho", "schizo", "halluc", "delusi", "mania", "bipola"),
    ("vital", "blood pressure", "pulse", "heart rate", "spo2", "oxygen", "oximet", "temper", "respir"),
    ("haemat", "hemat", "blood count", "cbc", "fbc", "neutro", "haemog", "hemogl", "white", "leuk"),
    ("chemis", "bioche", "electrol", "potass", "sodium", "creati", "metabolic panel", "laborat"),
    ("urine", "urinal", "urinar", "cystit", "bladde"),
    ("weight", "height", "bmi", "body"),
    ("hba1c", "glucos", "diabet", "glycae", "glycem"),
    ("lipid", "choles", "triglyc"),
    ("hypotherm", "cooling", "cooled"),
    ("breath", "respir", "ventil", "oxygen", "oximet", "spo2", "apnoea", "apnea"),
    ("sedat", "somnol", "rass", "drows"),
    ("dissoc", "psychotomim", "cadss"),
    ("suicid", "cssrs", "c-ssrs"),
    ("imagin", "scan", "mri", "ct ", "tomogr", "radiog", "x ray", "ultras", "sonogr"),
    ("potass", "hyperkala", "hypokala"),
    ("sodium", "hypernatr", "hyponatr"),
    ("calciu", "hypercalc", "hypocalc"),
    ("thyroi", "tsh", "thyrot", "thyrox"),
    ("hearin", "audiom", "audiog", "ototox"),
    ("ophthal", "retina", "retino", "visual acu", "slit lamp", "fundosc", "fundus"),
    ("bone mineral", "bone densi", "dxa", "dexa", "osteop"),
    ("pancre", "amylas", "lipase"),
    ("creatine kin", "ck ", "cpk", "rhabdo", "myopat"),
    (
        "gastric ph",
        "gastric acid",
        "stomach acid",
        "stomach ph",
        "acid reduc",
        "acid suppr",
        "acid lower",
        "antaci",
        "proton pump",
        "ppi",
        "omepra",
        "esomep",
        "pantop",
        "lansop",
        "rabepr",
        "h2 block",
        "h2 antag",
        "h2 recep",
        "famoti",
        "raniti",
    ),
    ("p glycop", "p gp", "pgp", "abcb1", "mdr1"),
    ("acid base", "blood gas", "ph ", "bicarb", "base excess", "acidos", "alkalo"),
)
# Organs whose name stands before many diseases, and does not yet tell which: `renal artery stenosis`.
_ORGANS = (Pattern(r"\b(?:renal|kidney)"), Pattern(r"\b(?:hepat|liver)"), Pattern(r"\b(?:heart|cardia)"))
_GENERAL = Pattern(
    r"\b(?:renal|kidney|hepat\w*|liver|heart|cardi\w*)(?:(?:,| or| and)? \w+){0,4}"
    r" (?:disease|disorder|condition|abnormalit)"
)
# What measures how an organ works, or says so in general: a criterion on its function excludes it as well.
_FUNCTION = Pattern(
    r"[0-9]|failure|insufficien|impair|dysfunction|function|clearance|filtration|stage|damage|injury|enzyme|child|nyha"
    r"|decompens|elevat|requir|transplant|replacement|\brate\b|\bblock\b|rhythm"
)
_TELLING = 4  # letters of a word that names a disease together with another
_BEGINNINGS = tuple(tuple(f" {stem}" for stem in group) for group in _GROUPS)


def measurement(text: str) -> str:
    """Return what is measured, in a form in which `platelet count` and `Platelets` are equal."""
    return " ".join(_ASIDE.sub("", folded(text)).split())


def lies_between(criterion: Node) -> bool:
    """Say whether a criterion is met between its two limits, not above one or below the other."""
    low, high = quantity(criterion["above"]), quantity(criterion["below"])
    return low is not None and high is not None and low.unit == high.unit and low.value < high.value


def members(text: str) -> list[str]:
    """Return the things or people that a text lists: `apixaban, edoxaban or rivaroxaban`."""
    return [part.strip() for part in _AND.split(text) if part.strip()]


def stems(text: str) -> frozenset[str]:
    """Return the stems of the words of a text that say what it is about."""
    words = [word.casefold() for word in _WORD.findall(_ENZYME.sub("cyp3a", text))]
    return frozenset(_stem(word) for word in words if word not in _EMPTY and (len(word) > 1 or not word.isascii()))


def _stem(word: str) -> str:
    return word[:_LONGER] if word.startswith(_SHARED) else word[:_STEM]


def groups(text: str) -> frozenset[int]:
    """Return the groups that a text touches, by their numbers."""
    tidy = f" {' '.join(_WORD.findall(text.casefold()))} "
    return frozenset(number for number, group in enumerate(_BEGINNINGS) if any(stem in tidy for stem in group))


class Told:
    """A text that is asked many times whether it speaks of something; its stems are found once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._stems, self._groups = stems(text), groups(text)

    def speaks_of(self, wanted: str) -> bool:
        """Say whether the text speaks of what another names: one stem or one group of stems is enough."""
        named = stems(wanted)
        if not named:
            return wanted.casefold() in self._text.casefold()
        return bool(named & self._stems) or bool(groups(wanted) & self._groups)

    def tells_of_disease(self, wanted: str) -> bool:
        """Say whether the text speaks of a disease: of one that is named in several words, more than of its organ."""
        own = _own_stems(wanted)
        if not own or own & self._stems:
            return self.speaks_of(wanted)
        organs = [organ for organ in _ORGANS if organ.search(wanted)]
        return any(organ.search(match[0]) for match in _GENERAL.finditer(self._text) for organ in organs)


def _own_stems(disease: str) -> frozenset[str]:
    """Return the stems that tell a disease from others of its organ; none where fewer than two do."""
    if _FUNCTION.search(disease) or not any(organ.search(disease) for organ in _ORGANS):
        return frozenset()
    words = [word for word in _WORD.findall(disease) if len(word) >= _TELLING and not groups(word)]
    own = frozenset(stem for word in words for stem in stems(word))
    return own if len(own) > 1 else frozenset()
