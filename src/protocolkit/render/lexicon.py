"""Words for codes: countries, languages, frequencies, and terms of the file whose prose form is not their spelling."""

from __future__ import annotations

import re

from protocolkit.render.countries import COUNTRIES, WITH_ARTICLE

# Every language of ISO 639-1, and some without a code of two letters, by the usual English name.
LANGUAGES = {
    "aa": "Afar", "ab": "Abkhazian", "ae": "Avestan", "af": "Afrikaans", "ak": "Akan", "am": "Amharic",
    "an": "Aragonese", "ar": "Arabic", "as": "Assamese", "av": "Avar", "ay": "Aymara", "az": "Azerbaijani",
    "ba": "Bashkir", "be": "Belarusian", "bg": "Bulgarian", "bi": "Bislama", "bm": "Bambara", "bn": "Bengali",
    "bo": "Tibetan", "br": "Breton", "bs": "Bosnian", "ca": "Catalan", "ce": "Chechen", "ch": "Chamorro",
    "co": "Corsican", "cr": "Cree", "cs": "Czech", "cu": "Church Slavonic", "cv": "Chuvash", "cy": "Welsh",
    "da": "Danish", "de": "German", "dv": "Divehi", "dz": "Dzongkha", "ee": "Ewe", "el": "Greek", "en": "English",
    "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "ff": "Fulfulde",
    "fi": "Finnish", "fj": "Fijian", "fo": "Faroese", "fr": "French", "fy": "Western Frisian", "ga": "Irish",
    "gd": "Scottish Gaelic", "gl": "Galician", "gn": "Guarani", "gu": "Gujarati", "gv": "Manx", "ha": "Hausa",
    "he": "Hebrew", "hi": "Hindi", "ho": "Hiri Motu", "hr": "Croatian", "ht": "Haitian Creole", "hu": "Hungarian",
    "hy": "Armenian", "hz": "Herero", "ia": "Interlingua", "id": "Indonesian", "ie": "Interlingue", "ig": "Igbo",
    "ii": "Nuosu", "ik": "Inupiaq", "io": "Ido", "is": "Icelandic", "it": "Italian", "iu": "Inuktitut",
    "ja": "Japanese", "jv": "Javanese", "ka": "Georgian", "kg": "Kongo", "ki": "Kikuyu", "kj": "Kwanyama",
    "kk": "Kazakh", "kl": "Greenlandic", "km": "Khmer", "kn": "Kannada", "ko": "Korean", "kr": "Kanuri",
    "ks": "Kashmiri", "ku": "Kurdish", "kv": "Komi", "kw": "Cornish", "ky": "Kyrgyz", "la": "Latin",
    "lb": "Luxembourgish", "lg": "Luganda", "li": "Limburgish", "ln": "Lingala", "lo": "Lao", "lt": "Lithuanian",
    "lu": "Luba-Katanga", "lv": "Latvian", "mg": "Malagasy", "mh": "Marshallese", "mi": "M\u0101ori",
    "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "mt": "Maltese",
    "my": "Burmese", "na": "Nauru", "nb": "Norwegian Bokm\xe5l", "nd": "Northern Ndebele", "ne": "Nepali",
    "ng": "Ndonga", "nl": "Dutch", "nn": "Norwegian Nynorsk", "no": "Norwegian", "nr": "Southern Ndebele",
    "nv": "Navajo", "ny": "Chichewa", "oc": "Occitan", "oj": "Ojibwe", "om": "Oromo", "or": "Odia", "os": "Ossetian",
    "pa": "Punjabi", "pi": "Pali", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "qu": "Quechua",
    "rm": "Romansh", "rn": "Kirundi", "ro": "Romanian", "ru": "Russian", "rw": "Kinyarwanda", "sa": "Sanskrit",
    "sc": "Sardinian", "sd": "Sindhi", "se": "Northern Sami", "sg": "Sango", "si": "Sinhala", "sk": "Slovak",
    "sl": "Slovenian", "sm": "Samoan", "sn": "Shona", "so": "Somali", "sq": "Albanian", "sr": "Serbian",
    "ss": "Siswati", "st": "Sesotho", "su": "Sundanese", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil",
    "te": "Telugu", "tg": "Tajik", "th": "Thai", "ti": "Tigrinya", "tk": "Turkmen", "tl": "Tagalog", "tn": "Setswana",
    "to": "Tongan", "tr": "Turkish", "ts": "Xitsonga", "tt": "Tatar", "tw": "Twi", "ty": "Tahitian", "ug": "Uyghur",
    "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "ve": "Tshivenda", "vi": "Vietnamese", "vo": "Volap\xfck",
    "wa": "Walloon", "wo": "Wolof", "xh": "Xhosa", "yi": "Yiddish", "yo": "Yoruba", "za": "Zhuang", "zh": "Chinese",
    "zu": "Zulu", "dyu": "Dioula", "fil": "Filipino", "luo": "Luo", "mos": "Moor\xe9",
}  # fmt: skip

FREQUENCIES = {
    "ONCE": "once", "QD": "once daily", "BID": "twice daily", "TID": "three times daily", "QID": "four times daily",
    "QOD": "every other day", "QS": "once a week", "QM": "once a month", "QAM": "every morning", "QPM": "every evening",
    "QHS": "at bedtime", "PRN": "as needed", "CONTINUOUS": "continuously",
}  # fmt: skip

_EVERY = re.compile(r"Q([2-9]|[1-9][0-9])(MIN|H|D|W|M)")
_TIMES = {"MIN": "minutes", "H": "hours", "D": "days", "W": "weeks", "M": "months"}
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
_VOWEL = re.compile(r"[aeiouy]")  # what has none is no word, but an abbreviation
_UNITS = frozenset({"mg", "kg", "mcg", "ml", "mm", "cm", "km", "hr", "hrs", "wk", "wks", "vs", "st", "nd", "rd", "th"})
_UPPER = re.compile(r"[A-Z]+(?:_[A-Z0-9]+)+")


def spelt(value: str) -> str:
    """Spell a term of the file as prose: `double_blind` is double-blind, `placebo_comparator` placebo comparator."""
    return _SPELT.get(value) or value.replace("_", " ")


def without_machine_words(text: str) -> str:
    """Spell the terms inside an author's text as prose, and leave everything else alone."""
    return _MACHINE.sub(lambda match: spelt(match[0]) if match[0] not in _PLAIN_ONLY_WHOLE else match[0], text)


def from_id(identifier: str) -> str:
    """Make the best of an id where nothing names its owner: `FOLLOW_UP` is Follow-up, `S_TLF` S TLF, `V12` V12."""
    if _UPPER.fullmatch(identifier) or (identifier.isupper() and len(identifier) > 4 and identifier.isalpha()):  # noqa: PLR2004
        words = spelt(identifier.lower())
        parts = words.split(" ")
        words = " ".join(part if _VOWEL.search(part) else part.upper() for part in parts) if len(parts) > 1 else words
        return words[:1].upper() + words[1:]
    if not identifier.islower():
        return identifier.replace("_", " ")
    parts = spelt(identifier).split(" ")
    return " ".join(part.upper() if _is_abbreviation(part) else part for part in parts) if len(parts) > 1 else parts[0]


def _is_abbreviation(part: str) -> bool:
    return part.isalpha() and not _VOWEL.search(part) and part not in _UNITS


def country(code: str) -> str:
    """Return the name of a country by its ISO 3166 code; the code itself where the table has no name."""
    return COUNTRIES.get(code, code)


def with_article(name: str) -> str:
    """Return the name of a country as it stands in a sentence."""
    return f"the {name}" if name in WITH_ARTICLE else name


def language(code: str) -> str:
    """Return the name of a language by its ISO 639 code, and its region; the code, called one, where none is known."""
    base, _, region = code.partition("-")
    name = LANGUAGES.get(base)
    if name:
        return f"{name} ({country(region)})" if region else name
    return f"{code} (language code)" if _CODE.fullmatch(code) else code


def frequency(code: str) -> str:
    """Return a dosing frequency in words with its published term, `twice daily (BID)`, `every 3 months (Q3M)`."""
    every = _EVERY.fullmatch(code)
    words = f"every {every[1]} {_TIMES[every[2]]}" if every else FREQUENCIES.get(code)
    return f"{words} ({code})" if words else code
