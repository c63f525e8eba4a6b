"""The small markup: what an author's prose means, what a template may hold, and that no text is an error of prose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocolkit.errors import RenderError
from protocolkit.render.blocks import (
    Citation,
    Field,
    Gap,
    List,
    ListItem,
    Mark,
    PageBreak,
    Paragraph,
    Reference,
    Text,
)
from protocolkit.render.markup import inline, parse, prose

if TYPE_CHECKING:
    from protocolkit.render.blocks import Inlines

_LETTERS = {Mark.BOLD: "b", Mark.ITALIC: "i", Mark.SUPERSCRIPT: "^", Mark.SUBSCRIPT: "~"}

AS_WRITTEN = [
    "p < 0.05", "2 * 3 * 4", "2*3*4", "50 mg~", "a_b", "10^9/L", "10^9/L, 10^12/L", "10^9/L,10^12/L", "x^2 and y^2",
    "~5 mg, ~6 mg", "~5,~6", "5~10,20~30", "~A,~B", "* a", "a *", "**a", "a**", "*", "****", "*a **", "f(x)*g(y)*2",
    "[@]", "[@1a]", "[@a b]", "[x](y)", "`code`", "<b>bold</b>", "&amp;", "# no heading", "> no quotation", "a | b",
    r"C:\new", "\\", "^", "~", "^ ^", "^^", "~~", "P*", "50% ~ 60%", "{{ 7*7 }}", "{% raw %}", "\ufdd00\ufdd1",
]  # fmt: skip

MARKED = [
    ("**bold**", "b(bold)"),
    ("a **bold** word", "a b(bold) word"),
    ("*italic*, **bold**.", "i(italic), b(bold)."),
    ("***both***", "bi(both)"),
    ("**bold *both* bold**", "b(bold )bi(both)b( bold)"),
    ("*italic **both***", "i(italic )bi(both)"),
    ("(*in brackets*)", "(i(in brackets))"),
    ("10^9^/L and H~2~O", "10^(9)/L and H~(2)O"),
    ("^14^C", "^(14)C"),
    ("~sub~", "~(sub)"),
    ("p^*^ and q^\N{DAGGER}^", "p^(*) and q^(\N{DAGGER})"),
    ("E~max~", "E~(max)"),
    ("**m^2^**", "b(m)b^(2)"),
    (r"\*not\* \^this\^ \~nor\~ \[@that]", "*not* ^this^ ~nor~ [@that]"),
    (r"a\\b", r"a\b"),
    ("seen [@smith2020], [@b-1]", "seen @smith2020, @b-1"),
    ("*a ^b* c^", "i(a ^b) c^"),
    ("an *unpaired **bold** word", "an *unpaired b(bold) word"),
]


def shown(content: Inlines) -> str:
    """Write runs in short: marks before brackets, citations with an @."""
    return "".join(map(_shown, content))


def _shown(run: Any) -> str:
    if isinstance(run, Text):
        marks = "".join(letter for mark, letter in _LETTERS.items() if mark in run.marks)
        return f"{marks}({run.text})" if marks else run.text
    if isinstance(run, Citation):
        return f"@{run.key}"
    return f"<{shown(run.content)}>" if isinstance(run, Field) else f"<{run[0]}>"


def outlined(blocks: Any) -> list[Any]:
    """Write blocks in short: a paragraph as its words, a list as a list."""
    return [_listed(block) if isinstance(block, List) else shown(block.content) for block in blocks]


def _listed(block: List) -> list[Any]:
    sign = f"{block.start}." if block.ordered else "-"
    return [sign, *(shown(i.content) if not i.below else (shown(i.content), _listed(i.below)) for i in block.items)]


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_what_is_plainly_no_mark_stays_as_written(text: str) -> None:
    """Signs of arithmetic, of approximation and of other markups are the author's own."""
    assert inline(text) == (Text(text),)


@pytest.mark.parametrize(("text", "expected"), MARKED)
def test_pairs_of_marks_set_the_words_between_them(text: str, expected: str) -> None:
    """Bold, italic, superscript, subscript, citations and escapes."""
    assert shown(inline(text)) == expected


LISTS = [
    ("one\nstill one\n\ntwo", ["one still one", "two"]),
    ("- a\n- b\n\nend", [["-", "a", "b"], "end"]),
    ("before\n- a\n  more of a\n- b", ["before", ["-", "a more of a", "b"]]),
    ("- a\n\n- b", [["-", "a", "b"]]),
    ("- a\n  1. x\n  2. y\n- b", [["-", ("a", ["1.", "x", "y"]), "b"]]),
    ("1. a\n1. b\n1. c", [["1.", "a", "b", "c"]]),
    ("1. a\n2. b\n4. d", [["1.", "a", "b"], ["4.", "d"]]),
    ("1. a\n- b", [["1.", "a"], ["-", "b"]]),
    ("- a\n  - b\n  1. c", [["-", ("a", ["-", "b", "1. c"])]]),
    ("3. a\n4. b", [["3.", "a", "b"]]),
    ("in the year\n2026. It began", ["in the year 2026. It began"]),
    ("aged\n18. or more", ["aged 18. or more"]),
    ("a\r\n\r\nb\rc", ["a", "b c"]),
    ("", []),
    (" \n\t\n", []),
    ("-5 to 7", ["-5 to 7"]),
    ("- ", ["-"]),
]


@pytest.mark.parametrize(("text", "expected"), LISTS)
def test_blank_lines_part_paragraphs_and_signs_make_lists(text: str, expected: list[Any]) -> None:
    """Lists nest by indentation; no number that the author wrote is changed."""
    assert outlined(prose(text)) == expected


@given(
    st.text(st.sampled_from("ab1 \n\t*^~[]@\\-.<&_\r\x85\u2028\0\ud800\ufdd0\ufdd1") | st.characters(), max_size=200)
)
def test_every_text_is_prose(text: str) -> None:
    """No input is an error, and no letter is lost: only marks, escapes and white space may go."""
    blocks = prose(text)
    inline(text)
    kept = "".join(str(part) for part in outlined(blocks))
    letters = [letter for letter in text if letter.isalpha()]
    assert not [letter for letter in set(letters) if repr(letter)[1:-1] not in kept and letter not in kept]


@given(st.text(st.characters(exclude_characters="*^~[\\", exclude_categories=["Cc", "Cs", "Zl", "Zp"])))
def test_text_without_marks_is_itself(text: str) -> None:
    """Where no sign of the markup stands, the words come through unchanged."""
    assert "".join(run.text for run in inline(text) if isinstance(run, Text)) == text.strip()


@pytest.mark.parametrize("text", ["*a " * 60_000, "a* " * 60_000, "*a* " * 30_000, "^a" * 90_000, "[@" * 90_000,
                                  "*" * 600_000, "*a **b " * 25_000, "- a\n" * 15_000, "\\" * 200_000])  # fmt: skip
def test_long_prose_costs_time_in_proportion(text: str) -> None:
    """A sixth of a megabyte of signs is read in the time of a test, whatever signs they are."""
    assert prose(text)


def test_lists_nest_at_most_as_deep_as_word_counts() -> None:
    """A list that goes on nesting stays at the last level that Word has."""
    (block,) = prose("\n".join("  " * depth + "- x" for depth in range(200)))
    depth, below = 1, block.items[0].below if isinstance(block, List) else None
    while below:
        depth, below = depth + 1, below.items[0].below
    assert depth == 9


VALUES = ("a*b*", Field("/x", "x", (Text("v"),)), Gap("what"), (Text("t"), Reference("tab:a")), PageBreak(), "", ())
STANDS_FOR = "\ufdd0{}\ufdd1"


def template(text: str) -> Any:
    """Read a template's words with {0}, {1} ... standing for the values."""
    return parse(re.sub(r"\{(\d)\}", lambda found: STANDS_FOR.format(found[1]), text), "name", VALUES)


PLACED = [
    ("x {0} y", ["x a*b* y"]),
    ("**{1}** ^{1}^ *{3}*", ["<b(v)> <^(v)> i(t)<tab:a>"]),
    ("{2}", ["<what>"]),
    ("{5}", []),
    ("{6}\n\nx", ["x"]),
    ("- {0}\n- {1}", [["-", "a*b*", "<v>"]]),
    ("{0}\n{1}", ["a*b* <v>"]),
    ("seen [@smith]", ["seen @smith"]),
    (r"2 \* 3 \< 4", ["2 * 3 < 4"]),
]


@pytest.mark.parametrize(("text", "expected"), PLACED)
def test_tokens_of_a_template_become_their_values(text: str, expected: list[Any]) -> None:
    """A text value is words and never marks; marks around a value set it."""
    assert outlined(template(text)) == expected


def test_a_block_stands_where_its_call_stood_alone() -> None:
    """It ends the paragraph before it."""
    assert template("x\n  {4}  \ny") == (Paragraph((Text("x"),)), PageBreak(), Paragraph((Text("y"),)))
    assert template("- a\n{4}") == (List((ListItem((Text("a"),)),)), PageBreak())


FAULTS = [
    ("a\n\nb *c", 3, "without its partner"), ("a ^ b", 1, "without its partner"), ("a ~b", 1, "without its partner"),
    ("first\nsecond **c", 2, "without its partner"), ("# a", 1, "heading"), ("> a", 1, "quotation"),
    ("| a |", 1, "table"), ("* a", 1, "list sign"), ("+ a", 1, "list sign"), ("1) a", 1, "list sign"),
    ("---", 1, "rule"), ("-a", 1, "without a space"), ("a `b`", 1, "back quote"), ("[a](b)", 1, "link"),
    ("![a](b)", 1, "link"), ("a [@ b]", 1, "citation"), ("<b>a</b>", 1, "HTML tag"), ("a &lt; b", 1, "HTML entity"),
    ("_a_", 1, "underscore"), (r"a\b", 1, "escapes nothing"), ("a {4}", 1, "a block stands inside"),
    ("{0} {4}", 1, "a block stands inside"), ("- a\n\n  more", 3, "one paragraph"), ("1. a\n3. b", 2, "count 1. 2. 3."),
    ("- a\n1. b", 2, "one kind of sign"), ("10^ ^", 1, "without its partner"), ("****a****", 1, "without its partner"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "words"), FAULTS)
def test_anything_outside_the_markup_is_an_error_with_its_line(text: str, line: int, words: str) -> None:
    """A template that another program would read otherwise is refused."""
    with pytest.raises(RenderError, match=f"^name:{line}: .*{re.escape(words)}"):
        template(text)
