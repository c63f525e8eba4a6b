"""The writer of imported files: readable, and read back as the same data by YAML 1.1 and 1.2 alike."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from protocolkit.exchange.yaml_writer import write
from protocolkit.sources import parse

AWKWARD = (
    "1e5", "0x1F", "0o17", "NO", "no", "y", "08:30", "1:30:00", "2026-01-05", "2026-01-05T10:00:00Z", " a", "a ", "\t",
    "\u0085", "\u2028", "\ufeff", "\x7f", "1_000", "+1", "-1", ".5", ".inf", ".nan", "-", "- a", "-- a", "a: b", "a:",
    "a #b", "#a", "null", "Null", "~", "=", "<<", "...", "---", "? a", "a?", "!a", "&a", "*a", "%a", "@a", "`a",
    "'a'", '"a"', "{a}", "[a]", "a, b", "a\n", "a\n\n", "\na", " a\nb", "a\n b", "a\n\n\nb", "a\tb",
    "word " * 60, "x" * 300, "a  b " * 60,
    "emoji \U0001f600", "\u00e9", "",
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=200), st.text(alphabet=" ab:#-'\"\n|>&*!%@{}[],?019xe\u0085\u2028\t~.", max_size=150)
)
VALUES = st.recursive(
    st.one_of(TEXTS, st.sampled_from(AWKWARD), st.booleans(), st.integers(), st.floats(-1e9, 1e9)),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4), st.dictionaries(TEXTS, inner, min_size=1, max_size=4)
    ),
    max_leaves=20,
)
UNHELD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _read(data: dict[str, Any]) -> Any:
    document = parse(write(data, "a comment").encode(), "a.protocol.yaml")
    assert document.findings == ()
    return document.data


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_texts_come_back(text: str) -> None:
    """A text that YAML could take for something else comes back as it was, as value, item and key."""
    data = {"a": text, "b": [text, {"c": text}], "d": {text: {"e": [text, text]}}}
    assert _read(data) == data
    assert yaml.safe_load(write(data)) == data


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=3))
def test_any_data_comes_back(data: dict[str, Any]) -> None:
    """Whatever a document can hold is read back as the same data."""
    if not _unheld(data):
        assert _read(data) == data


def _unheld(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_unheld(key) or _unheld(item) for key, item in value.items())
    if isinstance(value, list):
        return any(map(_unheld, value))
    return isinstance(value, str) and bool(UNHELD.search(value))


def test_the_file_is_readable() -> None:
    """Short things stand on one line, long texts are folded, lines stay as they are; keys keep their order."""
    data = {
        "b": {"long": "word " * 30 + "end", "lines": "one\n- two", "short": {"min": "18 a"}},
        "a": [{"id": "X", "list": ["p", "q"]}, {"id": "Z", "text": "it's: so"}],
    }
    assert write(data, "From a source.") == (
        "# From a source.\n"
        "\n"
        "b:\n"
        "  long: >-\n"
        "    word word word word word word word word word word word word word word word word word word word word word"
        " word\n"
        "    word word word word word word word word end\n"
        "  lines: |-\n"
        "    one\n"
        "    - two\n"
        "  short: {min: 18 a}\n"
        "\n"
        "a:\n"
        "  - {id: X, list: [p, q]}\n"
        "  - {id: Z, text: 'it''s: so'}\n"
    )


def test_a_huge_text_is_folded_in_no_time() -> None:
    """Folding is linear in the length of a text, with and without spaces."""
    for text in ("word " * 400_000 + "end", "x" * 2_000_000, "a  " * 500_000 + "b"):
        assert _read({"a": text}) == {"a": text}
