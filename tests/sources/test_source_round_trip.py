"""Properties of both readers: what was dumped is read back, and every span cuts out the text of its value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocolkit.sources import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Document, Path

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"), max_size=12
) | st.sampled_from(["NO", "010", "1e3", "a: b", "- x", "#", "it's", '"', "two\nlines", "null", "~", "*a", "😀"])
NUMBERS = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)
PROTOCOLS = st.dictionaries(TEXTS, VALUES, min_size=1, max_size=5)


def _paths(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        yield from _paths(item, (*path, step))


def _source(document: Document, path: Path) -> str:
    span = document.positions.value(path)
    assert span is not None
    return document.text[span.start.index : span.end.index]


def _dumper(style: str) -> type[yaml.SafeDumper]:
    """Quote every text: what needs no quotes in YAML 1.1, which the writer knows, may need them in 1.2."""

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, _data: object) -> bool:
            return True

    def text(dumper: yaml.SafeDumper, value: Any) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    return Dumper


@QUICK
@given(PROTOCOLS, st.booleans())
def test_what_json_dumps_is_read_back_from_yaml_and_json(data: Any, ascii_only: bool) -> None:
    """JSON is read alike by both readers, and each span parses to its value again."""
    text = json.dumps(data, ensure_ascii=ascii_only, indent=1)
    document = parse(text.encode(), "a.json")
    assert (document.data, document.findings) == (data, ())
    for path, value in _paths(data):
        assert json.loads(_source(document, path)) == value
    if not ascii_only:
        assert parse(text.encode(), "a.yaml").data == document.data


@QUICK
@given(PROTOCOLS, st.sampled_from(["'", '"', "|", ">"]), st.booleans())
def test_what_yaml_dumps_is_read_back(data: dict[str, Any], style: str, flow: bool) -> None:
    """Every value comes back as it was, whatever style the writer chose, and scalars stand where their span says."""
    text = yaml.dump(
        data, Dumper=_dumper(style), default_flow_style=flow, allow_unicode=True, sort_keys=False, width=30
    )
    document = parse(text.encode(), "a.yaml")
    assert (document.data, document.findings) == (data, ())
    for path, value in _paths(data):
        source = _source(document, path)
        if (flow and source[:1] in ("'", '"', "[", "{")) or not isinstance(value, str | dict | list):
            assert parse(f"a: {source}\n".encode(), "b.yaml").data == {"a": value}
