"""Templates: values never become markup or template, overriding templates extend ours, and faults have their place."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from protocolkit.errors import RenderError
from protocolkit.render.blocks import Citation, Field, Gap, List, Mark, PageBreak, Paragraph, Reference, Text
from protocolkit.render.templating import Templates, folder, layered

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Mapping

HOSTILE = [
    "{{ 7*7 }}",
    "{% raw %}",
    "**b** *i* ^s^ ~s~",
    "[@key]",
    "- item",
    "1. item",
    "\ufdd00\ufdd1",
    "\ufdd20\ufdd1",
    "\ufdd0999\ufdd1",
    "]]> <w:p>",
    "a\n\nb",
    "# h",
    "\\",
    "`",
    "\0",
]


class Arm:
    """A view such as a template gets."""

    name = "**Ketamine**"
    _hidden = "no"
    count = 3

    def dose(self) -> Field:
        """Return a field."""
        return Field("/dose", "dose", (Text("0.35 mg/kg/h"),))


def refuse() -> str:
    """Do what a function of a view may do."""
    raise RenderError("there is no path /nothing")


FUNCTIONS: dict[str, Any] = {
    "x": "words",
    "n": 3,
    "d": Decimal("0.10"),
    "arm": Arm(),
    "arms": ["a", "b", "c"],
    "gap": Gap("what"),
    "table": PageBreak(),
    "cites": (Citation("k"), Reference("tab:a")),
    "nothing": None,
    "refuse": refuse,
    "empty": (),
    "f": Text,
    "boom": lambda: {}["key"],
}


def run(source: str | Mapping[str, str], name: str = "t", **more: object) -> Any:
    """Run a template."""
    sources = {"t": source} if isinstance(source, str) else source
    return Templates(sources.get).blocks(name, {**FUNCTIONS, **more})


def words(blocks: Any) -> str:
    """Return the words of all blocks, a line for each."""
    lines = []
    for block in blocks:
        items = [item.content for item in block.items] if isinstance(block, List) else [block.content]
        lines += ["".join(getattr(run, "text", f"<{run[0]}>") for run in content) for content in items]
    return "\n".join(lines)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_is_words_and_nothing_else(value: str) -> None:
    """Marks, signs, tokens and template code in the data come out as they went in."""
    (block,) = run("{{ v }}", v=value)
    expected = value.translate({0xFDD0: 0xFFFD, 0xFDD1: 0xFFFD, 0xFDD2: 0xFFFD})
    assert block == Paragraph((Text(expected),))
    (block,) = run(
        "before {% set s %}{{ v }}{% endset %}{{ s }}, {{ [v, v]|join(v) }} {{ v|upper|lower|trim }}", v=value
    )
    assert isinstance(block, Paragraph)
    assert not [part for part in block.content if not isinstance(part, Text) or part.marks]


WORKS = [
    ("{{ x }} and {{ n }} and {{ d }}", "words and 3 and 0.10"),
    ("{{ n + 1 }} {{ n * 2 }}", "4 6"),
    ("{{ arm.name }} {{ arm.count }}", "**Ketamine** 3"),
    ("{{ arms|join(', ') }}", "a, b, c"),
    ("{{ [cites, 'z']|join('; ') }}", "<k><tab:a>; z"),
    ("{% for a in arms %}\n- {{ a }}\n{% endfor %}", "a\nb\nc"),
    ("{% for a in arms %}\n{{ a }}{{ ',' if not loop.last else '' }}\n{% endfor %}", "a, b, c"),
    ("{% macro m(a) %}**{{ a }}**{% endmacro %}{{ m('*') }}", "*"),
    ("{% set s %}a {{ x }}{% endset %}{{ s }} {{ s }}", "a words a words"),
    ("a\n{% if n > 2 %}\nb\n{% endif %}\nc", "a b c"),
    ("{# a note #}\nx", "x"),
    ("{{ empty }}", ""),
    ("{{ x|default('y') }} {{ unknown|default('y') }}", "words y"),
]


@pytest.mark.parametrize(("source", "expected"), WORKS)
def test_templates_write_words_around_values(source: str, expected: str) -> None:
    """Loops, conditions, macros, set blocks and the few filters."""
    assert words(run(source)) == expected


def test_macros_and_set_blocks_keep_their_marks() -> None:
    """What a template wrote is markup wherever it is printed."""
    (block,) = run("{% macro m(a) %}**{{ a }}**{% endmacro %}{{ m(f('*')) }}")
    assert block == Paragraph((Text("*", frozenset({Mark.BOLD})),))


CHAIN = {
    "bundled": {
        "base": "{% block first %}First {{ x }} *i*.{% endblock %}\n\n\n{% block last %}Last.{% endblock %}",
        "own": "ours",
    },
    "over": {
        "base": "{% extends 'bundled/base' %}{% block first %}Before. {{ super() }} After.{% endblock %}",
        "all": "{% include 'bundled/own' %}, {% include 'own' %}",
        "own": "theirs",
        "macros": "{% macro hello(a) %}hello {{ a }} {{ x }}{% endmacro %}",
        "user": "{% from 'macros' import hello %}{{ hello('you') }}",
    },
}


def chain() -> Templates:
    """Return a sponsor's templates over ours."""
    return Templates(layered(CHAIN["over"].get, CHAIN["bundled"].get))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("base", "Before. First words i. After.\nLast."),
        ("all", "ours, theirs"),
        ("user", "hello you words"),
        ("bundled/own", "ours"),
    ],
)
def test_overriding_templates_extend_and_include_ours(name: str, expected: str) -> None:
    """`bundled/NAME` is always the bundled template."""
    assert words(chain().blocks(name, FUNCTIONS)) == expected


def test_one_set_of_templates_serves_runs_within_runs() -> None:
    """A function of a view may run another template; the values of the two never meet."""
    templates = chain()
    inner = {"x": "inner"}
    outer = {**FUNCTIONS, "x": "outer", "nested": lambda: words(templates.blocks("base", inner))}
    nested = Templates({"t": "{{ x }} {{ nested() }} {{ x }}"}.get)
    assert words(nested.blocks("t", outer)) == "outer Before. First inner i. After.\nLast. outer"
    assert words(templates.blocks("user", {"x": "one"})) == "hello you one"
    assert words(templates.blocks("user", {"x": "two"})) == "hello you two"


FAULTS = [
    ("a\n{{ unknown }}", 2, "'unknown' is undefined"),
    ("{{ x.unknown }}", 1, "has no attribute 'unknown'"),
    ("a\n\n{% if %}", 3, "Expected an expression"),
    ("{% nonsense %}", 1, "unknown tag"),
    ("{{ nothing }}", 1, "nothing (None)"),
    ("{{ true }}", 1, "type bool"),
    ("{{ {} }}", 1, "type dict"),
    ("{{ arm }}", 1, "type Arm"),
    ("\n{{ x ~ 'y' }}", 2, "~ is not"),
    ("{{ x + 'y' }}", 1, "+ is for numbers"),
    ("{{ x * 99999999 }}", 1, "* is for numbers"),
    ("{{ 9 ** 9 }}", 1, "** is for numbers"),
    ("{{ '%s' % x }}", 1, "% is for numbers"),
    ("{{ 1 / 0 }}", 1, "division by zero"),
    ("{% filter upper %}a{% endfilter %}", 1, "filter blocks"),
    ("{% macro m() %}{{ caller() }}{% endmacro %}\n{% call m() %}a{% endcall %}", 2, "call blocks"),
    ("{% set s | upper %}a{% endset %}", 1, "takes no filter"),
    ("{{ x|safe }}", 1, "No filter named 'safe'"),
    ("{% set s %}a{% endset %}{{ s|upper }}", 1, "only be printed as it is"),
    ("{% set s %}a{% endset %}{{ s.upper() }}", 1, "has no attribute"),
    ("{% set s %}a{% endset %}{{ s.text }}", 1, "unsafe"),
    ("{{ x.__class__ }}", 1, "unsafe"),
    ("{{ arm._hidden }}", 1, "unsafe"),
    ("{{ arm.dose.__globals__ }}", 1, "unsafe"),
    ("{{ arms.append('x') }}", 1, "unsafe"),
    ("{{ '{0.__class__}'.format(x) }}", 1, "unsafe"),
    ("{{ range(9) }}", 1, "'range' is undefined"),
    ("{% include 'gone' %}", 1, "there is no template 'gone'"),
    ("a\n\n{{ refuse() }}", 3, "there is no path /nothing"),
    ("{{ boom() }}", 1, "KeyError: 'key'"),
    ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 1, "calls itself without end"),
    ("{% include 't' %}", 1, "calls itself without end"),
    ("a {{ table }}", 1, "a block stands inside a paragraph"),
    ("a\n{% if n %}\n{% set s = 1 %}\n\nb *c\n{% endif %}", 5, "without its partner"),
    ("a\n\n\ufdd0", 3, "stands for a value"),
]


@pytest.mark.parametrize(("source", "line", "message"), FAULTS)
def test_a_fault_of_a_template_has_its_name_and_line(source: str, line: int, message: str) -> None:
    """Whatever goes wrong, the error names the template and the line."""
    with pytest.raises(RenderError, match=f"^t:{line}: .*{re.escape(message)}"):
        run(source)


def test_a_fault_in_an_included_template_is_told_there() -> None:
    """Not in the template that includes it."""
    sources = {"t": "a\n\n{% include 'u' %}", "u": "b\n\nc *d"}
    with pytest.raises(RenderError, match=r"^u:3: "):
        run(sources)
    with pytest.raises(RenderError, match=r"^u:2: 'y' is undefined"):
        run({"t": "a\n{% include 'u' %}", "u": "b\n{{ y }}"})


def test_the_output_of_a_template_is_capped() -> None:
    """A loop over loops cannot fill the memory."""
    source = "{% for a in many %}{% for b in many %}" + "x" * 1000 + "{% endfor %}{% endfor %}"
    with pytest.raises(RenderError, match="writes more than"):
        run(source, many=range(1000))
    with pytest.raises(RenderError, match="writes more than"):
        run("{% set s %}" + source + "{% endset %}", many=range(1000))


def test_a_folder_of_templates_is_read_and_never_left(tmp_path: pathlib.Path) -> None:
    """Names that lead out of the folder lead nowhere; a file that is no text is an error."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("é", encoding="utf-8")
    (tmp_path / "in" / "b.txt").write_bytes(b"\xe9")
    (tmp_path / "out.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "out.txt")
    load = folder(tmp_path / "in")
    assert load("a.txt") == "é"
    assert [load(name) for name in ("../out.txt", "link.txt", str(tmp_path / "out.txt"), "gone", ".", "")] == [None] * 6
    with pytest.raises(RenderError, match=r"b\.txt: cannot be read as UTF-8"):
        load("b.txt")
