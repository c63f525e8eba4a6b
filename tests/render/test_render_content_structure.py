"""The draft keeps the structure of ICH M11: headings, numbers, title page, synopsis, estimand tables, fixed texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import contentcase
import pytest
import yaml

from protocolkit.render.blocks import Heading, Landscape, Table
from protocolkit.render.sections import expanded, registry
from protocolkit.render.words import flat
from protocolkit.sources import read

FILES = contentcase.files()
NAMED = pytest.mark.parametrize("path", FILES, ids=lambda path: Path(path).stem)
FACTS = contentcase.FACTS / "ich-m11-sections.yaml"


def tables(blocks: Any) -> Any:
    """Yield the tables of a draft, those on landscape pages as well."""
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Landscape):
            yield from tables(block.blocks)


def rows(table: Any) -> Any:
    """Return the words of the cells of a table."""
    return [[" ".join(contentcase.lines(cell.content)) for cell in row.cells] for row in table.rows]


@pytest.mark.skipif(not FACTS.is_file(), reason="the facts on the standard do not stand beside the checkout")
def test_the_registry_holds_the_published_numbers_titles_levels_and_types() -> None:
    """The registry is what the facts say, so that a change of the facts is seen."""
    published = [row for row in yaml.safe_load(FACTS.read_text("utf-8"))["sections"] if row["level"] > 0]
    assert [(s.number, s.title, s.level, s.type) for s in registry()] == [
        (row["number"], row["title"], row["level"], row["heading_type"]) for row in published
    ]
    assert len(registry()) == 159


def test_the_registry_acknowledges_the_owner_of_the_standard() -> None:
    """Whoever reads the file sees whose words these are."""
    about = json.loads((contentcase.ROOT / "templates/m11/sections.json").read_text("utf-8"))["about"]
    assert "(c) ICH" in about["acknowledgement"]
    assert "not endorsed by ICH" in about["acknowledgement"]


def test_every_section_has_a_template_and_every_template_a_section() -> None:
    """A sponsor finds each section under its number."""
    found = {path.stem for path in (contentcase.ROOT / "templates" / "m11").glob("*.txt")}
    assert found == {section.number for section in registry()}


@NAMED
def test_all_headings_stand_in_order_with_their_numbers_titles_and_levels(path: Path) -> None:
    """Numbers never move: sections that do not apply stay, repeated ones follow the objectives of the file."""
    made = contentcase.drafted(path)
    found = [(b.number, flat(b.title), b.level) for b in made.blocks if isinstance(b, Heading) and b.level]
    levels = [o["level"] for o in yaml.safe_load(path.read_text("utf-8"))["objectives"]]
    wanted = {level: levels.count(level) for level in ("primary", "secondary", "exploratory")}
    appendices = [number for number, _, _ in found if number.startswith("12.") and number > "12.3"]
    titles = [title for number, title, _ in found if number in appendices and title != "Additional Appendices"]
    assert found == [(s.number, s.title, s.level) for s in expanded(wanted, titles)]
    published = {section.number for section in registry()} - {"12.X"}
    assert published <= {number for number, _, _ in found}


@NAMED
def test_heading_levels_follow_from_the_numbers(path: Path) -> None:
    """The writer numbers headings by their levels, so these must agree with the numbers of the standard."""
    for block in contentcase.drafted(path).blocks:
        if isinstance(block, Heading) and block.level:
            assert block.level == block.number.count(".") + 1


REPEATED = [
    ({}, [], ["3.1.1 Primary Objective", "3.2.1 Secondary Objective", "12.4 Additional Appendices"]),
    (
        {"primary": 2, "secondary": 1},
        ["Diary"],
        ["3.1.1 Primary Objective 1", "3.1.2 Primary Objective 2", "10.4.2.5 Supplementary Analysis", "12.4 Diary"],
    ),
]


@pytest.mark.parametrize(("counts", "titles", "wanted"), REPEATED)
def test_sections_repeat_for_objectives_and_appendices(counts: dict[str, int], titles: list[str], wanted: Any) -> None:
    """The standard numbers objectives in the titles only where there are several."""
    found = [f"{section.number} {section.title}" for section in expanded(counts, titles)]
    assert set(wanted) <= set(found)
    assert len(found) == len(set(found))


@NAMED
def test_the_title_page_has_the_labels_of_the_standard_in_its_order(path: Path) -> None:
    """The required rows are always there; the optional ones stand where the standard puts them."""
    table = next(tables(contentcase.drafted(path).blocks))
    labels = [row[0].removesuffix(":") for row in rows(table)]
    order = json.loads((contentcase.ROOT / "templates/m11/sections.json").read_text("utf-8"))["title_page"]
    assert labels == [label for label in order if label in labels]
    assert {
        "Full Title", "Sponsor Protocol Identifier", "Original Protocol", "Amendment Scope", "Trial Phase",
        "Sponsor Name and Address", "Regulatory or Clinical Trial Identifier(s)", "Sponsor Approval",
    } <= set(labels)  # fmt: skip


@NAMED
def test_the_synopsis_has_the_labels_of_the_standard(path: Path) -> None:
    """Section 1.1.2 holds each label, whether or not its value is known."""
    words = "\n".join(contentcase.section(contentcase.drafted(path), "1.1.2"))
    labels = next(section.labels for section in registry() if section.number == "1.1.2")
    for label in labels:
        if label != "Other Committees":
            assert label.casefold() in words.casefold()


@NAMED
def test_each_estimand_has_a_table_with_the_labels_of_the_standard(path: Path) -> None:
    """Rows and columns are those of the template of the standard."""
    found = [t for t in tables(contentcase.drafted(path).blocks) if t.bookmark.startswith("tab:estimand")]
    stated = read(path).root
    assert bool(found) == any(objective["estimands"] for objective in stated["objectives"])
    for table in found:
        made = rows(table)
        assert made[0] == ["Estimand Characteristic", "Description"]
        assert [row[0] for row in made[1:5]] == ["Population", "Treatment", "Endpoint", "Population-level Summary"]
        assert ["Other Intercurrent Event", "Strategy"] in made


@NAMED
def test_labels_inside_sections_stand_in_order(path: Path) -> None:
    """Identification, Severity, Causality, Recording and Follow-up divide Section 9.2.2."""
    words = contentcase.section(contentcase.drafted(path), "9.2.2")
    found = [line.removeprefix("@ ") for line in words if line.startswith("@")]
    assert found == ["Identification", "Severity", "Causality", "Recording", "Follow-up"]


BOOKMARKS = {"6": "tab:arms", "9.2": "tab:ae-timing"}


@NAMED
@pytest.mark.parametrize("number", ["6", "9.2"])
def test_tables_of_the_standard_have_its_columns(path: Path, number: Any) -> None:
    """Interventions have twelve columns, event timing has seven; those that no row fills are left out."""
    labels = list(next(section.labels for section in registry() if section.number == number))
    made = next(rows(t) for t in tables(contentcase.drafted(path).blocks) if t.bookmark == BOOKMARKS[number])
    assert made[0] == [label for label in labels if label in made[0]]
    assert labels[0] in made[0]
    for column in zip(*made[1:], strict=True):
        assert set(column) != {"\N{EN DASH}"}


_NO_WAIVERS = (
    "Prospective approval of protocol deviations to recruitment and enrollment criteria, also known as protocol "
    "waivers or exemptions, is not permitted."
)
VERBATIM = (
    ("1.1.2", "Key aspects of the trial design are summarised below."),
    ("5.1", _NO_WAIVERS),
    ("5.2", "To be eligible to participate in this trial, an individual must meet all the following criteria:"),
    ("5.3", "An individual who meets any of the following criteria will be excluded from participation in this trial:"),
    ("9.2", "This table describes the timing and procedures for collecting and reporting events."),
    ("12.3", "This protocol has not been amended."),
)  # fmt: skip


@NAMED
@pytest.mark.parametrize(("number", "words"), VERBATIM)
def test_fixed_texts_are_verbatim(path: Path, number: Any, words: str) -> None:
    """The fixed sentences of the standard stand in their sections, word for word."""
    assert words in contentcase.section(contentcase.drafted(path), number)


@NAMED
def test_no_section_is_silent(path: Path) -> None:
    """Every section that is no heading only says something: prose, a table, a placeholder or why it does not apply."""
    made = contentcase.drafted(path)
    only = {section.number for section in registry() if section.heading_only}
    for block in made.blocks:
        if isinstance(block, Heading) and block.level:
            template = next((s for s in registry() if s.number == block.number), None)
            if template and template.number not in only:
                assert contentcase.section(made, block.number), block.number
