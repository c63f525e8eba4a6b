"""Words for codes: countries, languages, frequencies, and terms of the file whose prose form is not their spelling."""

from __future__ import annotations

import re

from protocolkit.render.countries import COUNTRIES, WITH_ARTICLE

LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "et": "Estonian", "fi": "Finnish", "fr": "French", "ga": "Irish", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian",
    "lv": "Latvian", "mt": "Maltese", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sv": "Swedish", "tr": "Turkish",
    "uk": "Ukrainian", "zh": "Chinese",
    "af": "Afrikaans", "am": "Amharic", "be": "Belarusian", "bn": "Bengali", "bs": "Bosnian", "ca": "Catalan",
    "cy": "Welsh", "eu": "Basque", "fa": "Persian", "gl": "Galician", "gu": "Gujarati", "ha": "Hausa",
    "hy": "Armenian", "id": "Indonesian", "ig": "Igbo", "is": "Icelandic", "ka": "Georgian", "kk": "Kazakh",
    "km": "Khmer", "kn": "Kannada", "lb": "Luxembourgish", "lo": "Lao", "mi": "M\u0101ori", "mk": "Macedonian",
    "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "my": "Burmese", "nb": "Norwegian Bokm\xe5l",
    "ne": "Nepali", "nn": "Norwegian Nynorsk", "ny": "Chichewa", "pa": "Punjabi", "ps": "Pashto", "rw": "Kinyarwanda",
    "si": "Sinhala", "sn": "Shona", "so": "Somali", "sq": "Albanian", "sr": "Serbian", "st": "Sesotho",
    "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai", "ti": "Tigrinya", "tl": "Tagalog", "tn": "Setswana",
    "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "xh": "Xhosa", "yo": "Yoruba", "zu": "Zulu",
    "ak": "Akan", "ay": "Aymara", "az": "Azerbaijani",
    "bm": "Bambara", "dyu": "Dioula", "ee": "Ewe", "fil": "Filipino", "ff": "Fulfulde", "gn": "Guarani",
    "ht": "Haitian Creole", "ki": "Kikuyu", "kr": "Kanuri", "ku": "Kurdish", "ky": "Kyrgyz", "lg": "Luganda",
    "ln": "Lingala", "luo": "Luo", "mg": "Malagasy", "mos": "Moor\xe9",
    "nd": "Northern Ndebele", "nr": "Southern Ndebele", "om": "Oromo",
    "or": "Odia", "qu": "Quechua", "rn": "Kirundi", "sg": "Sango", "ss": "Siswati", "tg": "Tajik", "tk": "Turkmen",
    "ts": "Xitsonga",
    "tw": "Twi", "ug": "Uyghur", "ve": "Tshivenda", "wo": "Wolof",
}  # fmt: skip

FREQUENCIES = {
    "ONCE": "once", "QD": "once daily", "BID": "twice daily", "TID": "three times daily", "QID": "four times daily",
    "QOD": "every other day", "QS": "once a week", "QM": "once a month", "QAM": "every morning", "QPM": "every evening",
    "QHS": "at bedtime", "Q4H": "every 4 hours", "Q6H": "every 6 hours", "Q8H": "every 8 hours",
    "Q12H": "every 12 hours", "PRN": "as needed", "CONTINUOUS": "continuously",
}  # fmt: skip

_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*")
_SPELT = {
    "double_blind": "double-blind",
    "single_blind": "single-blind",
    "observer_blind": "observer-blind",
    "open_label": "open-label",
    "non_inferiority": "non-inferiority",
    "single_group": "single-group",
    "follow_up": "follow-up",
    "loss_to_follow_up": "loss to follow-up",
    "stay_in_follow_up": "stay in follow-up",
    "run_in": "run-in",
    "on_site": "on site",
    "life_threatening": "life-threatening",
    "single_centre": "single-centre",
    "co_primary": "co-primary",
    "re_randomised": "re-randomised",
    "non_surgical_procedure": "non-surgical procedure",
    "crossover": "crossover",
    "lower_better": "lower values are better",
    "higher_better": "higher values are better",
    "half_up": "to the nearest step, halves upwards",
    "current_at_database_lock": "the version current at database lock",
    "emotional_functioning": "emotional functioning",
    "hospitalisation": "hospitalisation or its prolongation",
    "disability": "persistent or significant disability or incapacity",
    "congenital_anomaly": "congenital anomaly or birth defect",
    "important_medical_event": "another important medical event",
    "death": "death",
    "dose_start": "the start of dosing",
    "dose_end": "the end of dosing",
}
_PLAIN_ONLY_WHOLE = {"hospitalisation", "disability", "death", "crossover"}
_MACHINE = re.compile(r"(?<![\w{[/@.])[a-z]+(?:_[a-z0-9]+)+(?![\w])")
_UPPER = re.compile(r"[A-Z]+(?:_[A-Z0-9]+)+")


def spelt(value: str) -> str:
    """Spell a term of the file as prose: `double_blind` is double-blind, `placebo_comparator` placebo comparator."""
    return _SPELT.get(value) or value.replace("_", " ")


def without_machine_words(text: str) -> str:
    """Spell the terms inside an author's text as prose, and leave everything else alone."""
    return _MACHINE.sub(lambda match: spelt(match[0]) if match[0] not in _PLAIN_ONLY_WHOLE else match[0], text)


def from_id(identifier: str) -> str:
    """Make the best of an id where nothing names its owner: `FOLLOW_UP` is Follow-up, `rescue` rescue, `V12` V12."""
    if _UPPER.fullmatch(identifier) or (identifier.isupper() and len(identifier) > 4 and identifier.isalpha()):  # noqa: PLR2004
        words = spelt(identifier.lower())
        return words[:1].upper() + words[1:]
    return spelt(identifier) if identifier.islower() else identifier.replace("_", " ")


def country(code: str) -> str:
    """Return the name of a country by its ISO 3166 code; the code itself where the table has no name."""
    return COUNTRIES.get(code, code)


def with_article(name: str) -> str:
    """Return the name of a country as it stands in a sentence."""
    return f"the {name}" if name in WITH_ARTICLE else name


def language(code: str) -> str:
    """Return the name of a language by its ISO 639 code; the code, called one, where the table has no name."""
    return LANGUAGES.get(code) or (f"{code} (language code)" if _CODE.fullmatch(code) else code)


def frequency(code: str) -> str:
    """Return a dosing frequency in words with its published term, `twice daily (BID)`."""
    words = FREQUENCIES.get(code)
    return f"{words} ({code})" if words else code
