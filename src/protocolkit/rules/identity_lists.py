"""Rules on abbreviations and references: what is used is listed, what is listed is used."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from protocolkit.document import Node
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial

# What stands before is looked at behind the first capital: most characters are none, and are passed over at once.
# Behind it, the number of a document, as in `MDCG 2020-10/1`, makes it part of a name.
_SHORT = Pattern(r"[A-Z](?<![\w/.)-][A-Z])[A-Z]{1,5}(?![\w/-]|\(\w)(?! [0-9]{3,}[-/:][0-9])", exact=True)
_CITED = Pattern(r"\[@([A-Za-z][A-Za-z0-9_.-]{0,63})\]", exact=True)
_SEVERAL = Pattern(r"\[@[^\]\n]*[;,] ?@[^\]\n]*\]", exact=True)
_OUTSIDE = frozenset({"abbreviations", "references", "provenance", "waivers", "reviews", "protocolkit", "profiles"})
_OF_FIRMS = frozenset(
    {("trial", key) for key in ("sponsor", "co_sponsors", "local_sponsors", "funders", "contacts", "service_providers")}
)
# Known to every reader of a protocol, or printed by the headings and tables of the document itself.
_KNOWN = frozenset(
    (
        "EU", "EEA", "US", "USA", "UK", "WHO", "ICH", "GCP", "FDA", "EMA", "MHRA", "DNA", "RNA", "HIV", "AIDS", "AE",
        "SAE", "AESI", "SUSAR", "IMP", "NIMP", "DMC", "DSMB", "CTCAE", "DSUR", "ICF", "SAP", "CRF", "ECG", "MRI", "CT",
        "PET", "ID", "IV", "IM", "SC", "OR", "AND", "NOT", "NO", "QD", "BID", "TID", "PDF", "ISO", "CFR", "BMI", "IU",
        "NYHA", "ECOG", "QT", "ST", "FAS", "PK", "PD", "II", "III", "VI", "VII", "VIII", "IX", "AG", "SA", "NV", "BV",
        "AB", "KG", "LLC", "PLC", "SE", "GMBH", "SAS", "CE", "UDI", "DICOM", "ALT", "AST", "ULN", "PCR", "CRP", "EDTA",
        "SD",
        "PQ", "QRS",  # waves of an electrocardiogram, like ST: letters that stand for no words
    )
)  # fmt: skip
# Where instruments, criteria and scales have their names, which are no abbreviations of the text.
_NAMED = (
    "/outcomes/*/instrument/name", "/population/condition/criteria/name", "/population/condition/codes/*/system",
    "/adverse_events/grading/scale", "/adverse_events/coding/dictionary",
)  # fmt: skip
_GENE = Pattern(
    r"\b([A-Z]{2,6})[- ](?:genes?|alleles?|amplifi\w+|mutat\w+|mutant|variants?|rearrange\w+|fusions?|exons?|genotypes?"
    r"|deletions?|(?:promoter )?methylat\w+|copy number|wild[- ]type)\b"
    r"|\b(?:genes?|mutations? (?:in|of)|variants? (?:in|of)|amplification of|alleles? of) (?:the )?([A-Z]{2,6})\b",
    exact=True,
)
# Stages of a disease: IIIB is none but that, IVC or IB are where a stage is named.
_STAGE = Pattern(r"(?:III?[A-D]|IV[AB])", exact=True)
_STAGED = Pattern(
    r"\b(?:[Ss]tag(?:es?|ed|ing)|AJCC|FIGO|TNM)((?: (?:or|and|to|from|of|as|disease|[IV]+[A-D]?[0-9]?),?)+)", exact=True
)
_MARKS = ".,;:()[]'\"!?"
_MANY = 100_000_000  # characters times entries
_LOOKED_AT = 50
_NAMES = frozenset({"id", "country", "short_title", "acronym", "protocol_id"})
_OFTEN = 3
_SHOWN = 8


@rule("ID09", Severity.INFO, reads=("/abbreviations",))
def abbreviations(trial: Trial) -> Iterator[Found]:
    """Abbreviations that the text uses are listed, and those that are listed are used and listed once.

    Why: a reader outside the field looks an abbreviation up in the list, and finds it or gives up.

    Applies: abbreviations are listed. One that stands three times in the text counts as used; those that every reader
    knows, and those explained in brackets, need no entry. Nor do names: of genes, of stages of a disease (IIIB), and of
    the instruments, criteria and scales that the file names as such.

    Basis:
        ICH M11 Step 4, 13 (H)

    Fails::

        abbreviations: [{short: NRS, long: numerical rating scale}, {short: VAS, long: visual analogue scale}]
        narrative: {'8.3': The NRS is filled in every evening.}

    Passes::

        abbreviations: [{short: NRS, long: numerical rating scale}]
        narrative: {'8.3': The NRS is filled in every evening.}
    """
    entries = [each for each in trial.root["abbreviations"] if each["short"]]
    if not entries:
        raise NotApplicable("no abbreviations are listed")
    prose = [text for path, text in trial.texts if path[0] not in _OUTSIDE and path[:2] not in _OF_FIRMS]
    # Within words, as in `QTcF`, an abbreviation is looked for where that is soon done.
    whole = "\n".join(prose)
    used = whole if len(whole) * len(entries) < _MANY else _words(whole)
    seen: dict[str, Node] = {}
    unused = []
    for each in entries:
        short = each["short"].text
        if (before := seen.get(short)) is not None:
            yield Found(each["short"], f"{short} is listed twice", "keep one entry", ((before, "listed here"),))
        elif short not in used and short not in _KNOWN:
            unused.append(each)
        seen[short] = each
    if unused:
        message = f"{listed([each['short'].text for each in unused])} {'is' if len(unused) == 1 else 'are'} listed and"
        related = tuple((each, "nor this one") for each in unused[1:])
        yield Found(unused[0], f"{message} used nowhere", "remove it, or use it", related)
    if missing := _unlisted(trial, prose, set(seen)):
        more = " and others" if len(missing) > _SHOWN else ""
        message = f"used and not listed: {', '.join(missing[:_SHOWN])}{more}"
        yield Found(trial.root["abbreviations"], message, "list them, or write them out")


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip(_MARKS) for word in set(text.replace("/", " ").split()))


def _unlisted(trial: Trial, prose: list[str], known: set[str]) -> list[str]:
    counts = Counter(_SHORT.findall("\n".join(text for text in prose if " " in text and not text.isupper())))
    parts = {part for short in known for part in re.split(r"[^A-Za-z0-9]", short)}
    ids = {text for path, text in trial.texts if path[-1] in _NAMES}
    names = {name for place in _NAMED for node in trial.each(place) for name in _SHORT.findall(node.text)}
    told = _KNOWN | known | parts | ids | names
    left = [short for short, count in counts.items() if count >= _OFTEN and short not in told]
    return [short for short in left[:_LOOKED_AT] if not any(_explained(short, text) for text in prose)]


def _explained(short: str, text: str) -> bool:
    """Say whether a text gives the long form in brackets, or shows that it is the symbol of a gene or a stage."""
    if f"({short})" in text or f"{short} (" in text:
        return True
    return short in text and (_is_gene(short, text) or _is_stage(short, text))


def _is_stage(short: str, text: str) -> bool:
    return _STAGE.fullmatch(short) is not None or any(
        short in match[1].replace(",", " ").split() for match in _STAGED.finditer(text)
    )


def _is_gene(short: str, text: str) -> bool:
    symbols = {match[1] or match[2] for match in _GENE.finditer(text)}
    return short in symbols


@rule("ID10", Severity.ERROR, reads=("/references",))
def references(trial: Trial) -> Iterator[Found]:
    """A citation leads to a listed reference; what is listed is cited.

    Why: a claim whose source is missing cannot be checked, and a source that nothing cites supports nothing.

    Applies: the text cites with [@key], or references are listed. A reference that nothing cites is information, and
    silent where the list was imported from a registry.

    Basis:
        ICH M11 Step 4, 14 (H)

    Fails::

        introduction: {purpose: 'Pain lasts [@miller2020].'}
        references: [{key: muller2020, text: A fictional report.}]

    Passes::

        introduction: {purpose: 'Pain lasts [@miller2020].'}
        references: [{key: miller2020, text: A fictional report.}]
    """
    entries = {each["key"].text: each for each in trial.root["references"] if each["key"]}
    cited: dict[str, Node] = {}
    used: set[str] = set()
    for path, text in trial.texts:
        if path[0] in ("references", "provenance"):
            continue
        used.add(text)
        for key in _CITED.findall(text) if "[@" in text else ():
            cited.setdefault(key, Node(trial.document, path, text))
    several = [
        (path, text, match[0]) for path, text in trial.texts if "[@" in text and (match := _SEVERAL.search(text))
    ]
    if not entries and not cited and not several:
        raise NotApplicable("nothing is cited, and no references are listed")
    for path, text, shown in several:
        message = f"{shown} is printed as it stands: brackets hold one key"
        yield Found(Node(trial.document, path, text), message, "write [@one] [@other]")
    for key, at in cited.items():
        if key not in entries:
            close = _close(key, entries)
            yield Found(at, f"[@{key}] is cited, and no reference has this key", close or "list it under references")
    imported = any(each["at"].text.startswith("/references") for each in trial.root["provenance"])
    told = " ".join(shown for _, _, shown in several)
    silent = [key for key in entries if key not in cited and key not in used and f"@{key}" not in told]
    if silent and not imported:
        more = " and others" if len(silent) > _SHOWN else ""
        message = f"listed and never cited: {listed(silent[:_SHOWN])}{more}"
        at = entries[silent[0]] if len(silent) == 1 else trial.root["references"]
        yield Found(at, message, "cite them where they support something, or remove them", severity=Severity.INFO)


def _close(key: str, entries: dict[str, Node]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - for a wrong key only

    found = get_close_matches(key, list(entries)[:1000], n=1)
    return f"did you mean [@{found[0]}]?" if found else ""


RULES: tuple[Rule, ...] = (abbreviations, references)
