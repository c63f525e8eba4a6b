"""No value of a file is lost: each leaf stands in the text of the draft or on the list of what is not printed."""

from __future__ import annotations

import copy
import random
import re
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import contentcase
import pytest

from protocolkit.document import Document
from protocolkit.library import terms
from protocolkit.quantities import QuantityError, parse, plain, units
from protocolkit.render.endpoints import METRICS, SHORTENED
from protocolkit.render.lexicon import COUNTRIES, LANGUAGES, frequency, from_id, spelt
from protocolkit.render.tables_sample_size import METHODS
from protocolkit.render.thresholds import beside_outcome, limited
from protocolkit.render.unprinted import UNPRINTED, is_unprinted
from protocolkit.render.values import Values, leaves
from protocolkit.render.words import long_date, readable
from protocolkit.schedule import days, study_day
from protocolkit.sources import read

FILES = contentcase.files()
NAMED = pytest.mark.parametrize("path", FILES, ids=lambda path: Path(path).stem)
GRADES = {"adverse_events.grading": "By the severity scale of Section 9.2.2"}


def printed_forms(value: Any, values: Values) -> Any:
    """Return the ways in which the draft may print a leaf."""
    if isinstance(value, bool):
        return []
    text = re.sub(r"\[@([\w-]+)\]", r"\1", " ".join(str(value).split()))
    if text.startswith("/"):
        text = spelt(text.rpartition("/")[2])
    forms = {METRICS.get(text, text).replace("{outcome}", "").strip(), GRADES.get(text, text)}
    forms |= {text, readable(text), from_id(text), spelt(text), frequency(text), METHODS.get(text, text)}
    forms |= {COUNTRIES.get(text, text), LANGUAGES.get(text, text), long_date(text) or text}
    forms |= {name for owner in values.names.owners(text) for name in (values.name(owner),)}
    forms |= {terms.get(name).label(text) for name in terms.names() if text in terms.get(name)}
    forms |= {form for form in (limited(text), beside_outcome(text)) if form}
    forms |= _quantities(text) | ({units()[text].plural} if text in units() else set())
    return [form.casefold().replace("*", "") for form in forms]


def _quantities(text: str) -> Any:
    try:
        quantity = parse(text)
    except QuantityError:
        return set()
    forms = {plain(quantity), plain(quantity).lstrip("-"), quantity.digits.lstrip("-")}
    offset = days(text)
    if offset is not None:
        forms |= {f"Day {study_day(offset)}".replace("-", "\N{MINUS SIGN}"), f"{study_day(offset)}"}
    return forms | ({"none", "at "} if quantity.value == 0 else set())


def lost(document: Document, text: str) -> Any:
    """Return the leaves of a document that a text does not hold."""
    values = Values(document, ())
    spoken = " ".join(text.casefold().replace("\N{MINUS SIGN}", "-").split())
    found = []
    for path, value in leaves(document.root):
        if is_unprinted(path) or says_its_limit(document, path):
            continue
        forms = printed_forms(value, values) or ()
        forms = (*forms, *shortened(document, path, value)) if forms else forms
        if forms and not any(form.replace("\N{MINUS SIGN}", "-") in spoken for form in forms):
            found.append(("/" + "/".join(map(str, path)), value))
    return found


def shortened(document: Document, path: Any, value: Any) -> Any:
    """Yield a metric as it stands before a name that says the rest: `best overall tumour response`."""
    if path[-1] == "metric" and value in SHORTENED:
        *above, _ = path
        node = document.root
        for step in above:
            node = node[step]
        named = document.root["outcomes"].find(node["outcome"].text)["name"].text
        yield f"{SHORTENED[value]} {named}".casefold()


def says_its_limit(document: Document, path: Any) -> bool:
    """Say whether a metric is that of a responder who is called by the limit of the value: `haemoglobin below 11`."""
    if path[-1] != "metric":
        return False
    *above, _ = path
    node = document.root
    for step in above:
        node = node[step]
    return node["metric"].text == "responder" and bool(limited(node["threshold"].text))


@NAMED
def test_every_leaf_of_a_file_is_in_the_text(path: Path) -> None:
    """Each value stands in the draft, in words where the file has a code."""
    assert lost(read(path), contentcase.text(contentcase.drafted(path))) == []


def test_every_leaf_of_a_file_with_everything_is_in_the_text() -> None:
    """A file that states every property of the schema loses none of them."""
    document = Document("everything", contentcase.everything())
    found = lost(document, contentcase.text(contentcase.draft(document)))
    assert found == []


def test_nothing_of_a_file_with_everything_lacks_a_section() -> None:
    """The net on the second page is for keys that the schema does not know."""
    text = contentcase.text(contentcase.of(contentcase.everything()))
    assert "no section has a place" not in text


def test_what_no_section_knows_is_told_on_the_second_page() -> None:
    """An unknown key is not lost: it is listed where nobody overlooks it."""
    text = contentcase.text(contentcase.of({"protocolkit": 1, "trial": {}, "colour": "ultramarine"}))
    assert "colour: ultramarine" in text


def test_every_entry_of_the_list_has_a_reason() -> None:
    """Nothing is left out without a word on why."""
    assert all(len(reason) > 10 for reason in UNPRINTED.values())


# What is stated may be what would follow anyhow; then the words are the same without it.
SAME = (
    "/trial/regions/*/reporting_rules",
    "/design/sites/*",
    "/arms/*/target_or_maximum",
    "/design/epochs/*/name",
    "/population/*/*/above",
    "/population/*/*/below",
    "/population/*/*/measure",
    "/population/*/*/visit",
    "/schedule/anchors/*/text",
    "/schedule/anchors/*/kind",
    "/design/epochs/*/duration",
    "/appendices/samples/*/total",
    "/adverse_events/reporting/*/period/*",
    "/interventions/*/regimen/repeats/name",
    "/interventions/*/preparation/unblinded",
    "/interventions/*/modifications/*/measure",
    "/interventions/*/modifications/*/above",
    "/interventions/*/modifications/*/below",
)


def may_follow(path: Any) -> Any:
    """Say whether a value may repeat what follows from others."""
    steps = [str(step) for step in path]
    wanted = [place.split("/")[1:] for place in SAME]
    return any(len(w) <= len(steps) and all(a in ("*", b) for a, b in zip(w, steps, strict=False)) for w in wanted)


def blanked(paths: Any, data: dict[str, Any]) -> Any:
    """Yield data without each of some leaves."""
    alone = not data["design"].get("randomisations")  # nobody can be blinded to an allocation that there is none of
    for path in paths:
        if (
            not is_unprinted(path)
            and not may_follow(path)
            and path[-1] != "key"
            and not (alone and path[-1] == "blinded")
            and not (path[-1] == "offset" and reduce(getitem, path, data) == "0 min")  # at the time itself
        ):
            yield path, contentcase.without(data, path)


def unmoved(document_data: dict[str, Any], paths: Any) -> Any:
    """Return the leaves whose absence leaves the draft as it is."""
    whole = contentcase.text(contentcase.of(document_data))
    return [path for path, data in blanked(paths, document_data) if contentcase.text(contentcase.of(data)) == whole]


def _leaf_paths(data: dict[str, Any]) -> Any:
    return [path for path, _ in leaves(Document("x", data).root) if isinstance(path[-1], str)]


@NAMED
def test_blanking_a_property_changes_the_draft(path: Path) -> None:
    """A sample of the leaves: without the value, the text is another one."""
    data = copy.deepcopy(read(path).data)
    sample = random.Random(11).sample(_leaf_paths(data), 3)  # noqa: S311 - a reproducible choice
    assert unmoved(data, sample) == []


@pytest.mark.slow
@NAMED
def test_blanking_any_property_changes_the_draft(path: Path) -> None:
    """The whole sweep."""
    data = copy.deepcopy(read(path).data)
    assert unmoved(data, _leaf_paths(data)) == []
