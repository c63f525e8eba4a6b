"""The package: equal bytes, what travels with the text, judges from outside, and reference documents of sponsors."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtools import W, invariants, outline, part, parts
from draftcase import SMALL, draft, figure, schedule, words
from openxml_audit import OpenXmlValidator

from protocolkit.errors import RenderError
from protocolkit.render import ooxml, word
from protocolkit.render.blocks import Field, Gap, Heading, Landscape, Paragraph
from protocolkit.render.word import write

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
CUSTOM = "{urn:protocolkit:word:1}"
SCRIPT = """
import hashlib, sys
from draftcase import draft
from protocolkit.render.word import write
sys.stdout.write(hashlib.sha256(write(draft())).hexdigest())
"""


def sponsors(change: Callable[[Any], None] = lambda _: None) -> bytes:
    """Return a sponsor's reference document, made by another program."""
    document = docx.Document()
    document.add_paragraph("Text of the sponsor that does not belong in a protocol.")
    document.sections[0].header.paragraphs[0].text = "An old header"
    change(document)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def judged(data: bytes, folder: Path) -> list[str]:
    """Return what the Open XML validator says."""
    file = folder / "judged.docx"
    file.write_bytes(data)
    return [str(error) for error in OpenXmlValidator().validate(file).errors]


def test_equal_drafts_give_equal_bytes_in_every_surrounding() -> None:
    """Hash seeds, time zones, locales and folders leave no trace."""
    found = set()
    for seed, zone, language in (
        ("0", "UTC", "C"),
        ("1", "Asia/Tokyo", "C.UTF-8"),
        ("77", "America/New_York", "POSIX"),
    ):
        path = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests" / "support")])
        surrounding = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language, "PYTHONPATH": path}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=surrounding, cwd="/", capture_output=True, text=True, check=True
        )
        found.add(done.stdout)
    assert found == {hashlib.sha256(write(draft())).hexdigest()}


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2026-03-01", (2026, 3, 1)),
        ("", (1980, 1, 1)),
        ("soon", (1980, 1, 1)),
        ("1066-10-14", (1980, 1, 1)),
        ("9999-12-31", (1980, 1, 1)),
    ],
)
def test_dates_inside_are_the_protocol_s(date: str, expected: tuple[int, int, int]) -> None:
    """In the archive and in the core properties; no clock is read."""
    data = write(draft(Paragraph(words("x")), date=date))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {entry.date_time[:3] for entry in package.infolist()} == {expected}
        assert {entry.compress_type for entry in package.infolist()} == {zipfile.ZIP_DEFLATED}
    properties = docx.Document(io.BytesIO(data)).core_properties
    assert properties.created == properties.modified == dt.datetime(*expected, tzinfo=dt.UTC)


def test_core_properties_say_what_the_document_is() -> None:
    """Title, subject, identifier, version and language, and no person."""
    properties = docx.Document(io.BytesIO(write(draft(language="de-AT")))).core_properties
    assert (properties.title, properties.subject) == ("Ketamine for chronic pain", "Clinical trial protocol")
    assert (properties.keywords, properties.version, properties.language) == ("PK-001", "1.0", "de-AT")
    assert (properties.author, properties.last_modified_by) == ("protocolkit", "protocolkit")


def test_language_and_layout_rules_are_set() -> None:
    """In styles and settings; an unusable language is British English."""
    for language, expected in (("fr-FR", "fr-FR"), ("no language", "en-GB")):
        data = write(draft(language=language))
        assert part(data, "word/styles.xml").find(f"{W}docDefaults//{W}lang").get(f"{W}val") == expected
        settings = part(data, "word/settings.xml")
        assert settings.find(f"{W}themeFontLang").get(f"{W}val") == expected
        assert [found.get(f"{W}val") for found in settings.iter(f"{W}compatSetting")] == ["15"]


def test_the_protocol_travels_with_its_hash_and_the_map_of_the_controls() -> None:
    """So that what is changed in Word can come home."""
    data = write(draft(Paragraph((Field("/dose", "dose", words("1 mg")), Gap("the cap", "/cap")))))
    item = part(data, "customXml/item1.xml")
    protocol = item.find(f"{CUSTOM}protocol")
    assert hashlib.sha256(protocol.text.encode()).hexdigest() == protocol.get("sha256")
    controls = {found.get("tag"): found.get("locator") for found in item.iter(f"{CUSTOM}control")}
    assert sorted(controls.values()) == ["/cap", "/dose"]
    assert {tag.get(f"{W}val") for tag in part(data).iter(f"{W}tag")} == set(controls)
    relations = {relation.get("Target") for relation in part(data, "word/_rels/document.xml.rels")}
    assert "../customXml/item1.xml" in relations
    assert "customXml/_rels/item1.xml.rels" in parts(data)


@pytest.mark.parametrize("canonical", [b'{"a":"\xef\xbf\xbf"}', b"\xff\xfe", b'{"a":\r"b"}'])
def test_a_protocol_that_xml_would_change_travels_encoded(canonical: bytes) -> None:
    """The hash is always that of the bytes."""
    protocol = part(write(draft(canonical=canonical)), "customXml/item1.xml").find(f"{CUSTOM}protocol")
    assert protocol.get("encoding") == "base64"
    assert base64.b64decode(protocol.text) == canonical
    assert protocol.get("sha256") == hashlib.sha256(canonical).hexdigest()


def test_a_draft_without_canonical_json_carries_none() -> None:
    """Rather than an empty protocol."""
    assert part(write(draft(canonical=b"")), "customXml/item1.xml").find(f"{CUSTOM}protocol") is None


def test_an_open_xml_validator_finds_no_fault(tmp_path: Path) -> None:
    """In the whole document, on paper of both sizes, and in a sponsor's reference document."""
    for data in (write(draft()), write(draft(page="letter")), write(draft(), sponsors()), word_reference()):
        assert judged(data, tmp_path) == []
    assert invariants(write(draft())) == []


def word_reference() -> bytes:
    """Return the bundled reference document."""
    return (ROOT / "templates" / "m11" / "reference.docx").read_bytes()


def test_the_reference_document_is_what_its_tool_builds() -> None:
    """The committed file and the tool say the same."""
    spec = importlib.util.spec_from_file_location("build_reference", ROOT / "tools" / "build_reference.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.build() == word_reference()


def converted(folder: Path, *documents: bytes) -> list[bytes]:
    """Let LibreOffice turn documents into PDF."""
    files = [folder / f"{number}.docx" for number in range(len(documents))]
    for file, data in zip(files, documents, strict=True):
        file.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return [file.with_suffix(".pdf").read_bytes() for file in files]


@pytest.mark.skipif(
    not shutil.which("soffice") or not shutil.which("pdftotext"), reason="needs LibreOffice and poppler"
)
def test_libreoffice_draws_no_empty_page_and_all_words(tmp_path: Path) -> None:
    """Six pages: title, contents, summary, schedule, introduction, last table; also the words of the drawings."""
    whole, begun_by_table = converted(tmp_path, write(draft()), write(draft(SMALL, figure())))
    texts = []
    for pdf in (whole, begun_by_table):
        read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
        texts.append(read.stdout.decode())
    pages = texts[0].split("\f")[:-1]
    assert len(pages) == 6
    assert [page.count("PK-001") for page in pages] == [1] * 6
    assert [f"Page {number} of 6" in page for number, page in enumerate(pages, 1)] == [True] * 6
    assert "see Section 2.1 and the evidence [2]" in " ".join(pages[2].split())
    assert "0.35 mg/kg/h for 4 h" in pages[2]
    assert "0.35 mg/kg/h for 4 h" in texts[1]


def _strip_numbering(document: Any) -> None:
    for key in [key for key, rel in document.part.rels.items() if rel.reltype.endswith("/numbering")]:
        del document.part.rels[key]
    for style in document.styles.element.iter(qn("w:numPr")):
        style.getparent().remove(style)


def _translate(document: Any) -> None:
    """Give headings the ids of a German Word; their names stay."""
    for style in document.styles.element.findall(qn("w:style")):
        if style.get(qn("w:styleId")).startswith("Heading"):
            style.set(qn("w:styleId"), style.get(qn("w:styleId")).replace("Heading", "berschrift"))


def _clutter(document: Any) -> None:
    settings = document.settings.element
    for tag in ("w:updateFields", "w:evenAndOddHeaders", "w:attachedTemplate"):
        settings.insert(0, OxmlElement(tag))
    for child in settings.findall(qn("w:compat")):
        settings.remove(child)
    document.styles.element.remove(document.styles.element.find(qn("w:docDefaults")))
    document.part.numbering_part.element.append(OxmlElement("w:numIdMacAtCleanup"))


def _strip_page(document: Any) -> None:
    body = document.element.body
    body.remove(body.find(qn("w:sectPr")))


def _occupy(document: Any) -> None:
    """Use our ids for styles of other names."""
    for style in document.styles.element.findall(qn("w:style")):
        if style.get(qn("w:styleId")) == "Quote":
            style.set(qn("w:styleId"), "TableText")


@pytest.mark.parametrize(
    "change",
    [lambda _: None, _strip_numbering, _translate, _clutter, _strip_page, _occupy],
    ids=["as python-docx makes it", "no numbering", "German ids", "clutter", "no page", "ids taken"],
)
def test_a_sponsor_s_reference_document_gets_what_it_lacks(change: Callable[[Any], None]) -> None:
    """Styles, numbering, settings; its own text, headers and editing sessions go."""
    data = write(draft(), sponsors(change))
    assert invariants(data) == []
    found = outline(data)
    assert "of the sponsor that does not" not in found
    assert found.replace("Heading ", "heading ").replace("Caption", "caption") == outline(write(draft())).replace(
        "Heading ", "heading "
    ).replace("11906 x 16838", found.rsplit("--- portrait ", 1)[1].split("\n")[0])
    assert not [name for name in parts(data) if "An old header" in _read(data, name)]
    kinds = [element.tag for element in part(data, "word/numbering.xml")]
    assert kinds == sorted(kinds)


def _read(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode("utf-8", "replace")


def test_a_sponsor_s_numbered_headings_stay_as_they_are() -> None:
    """Where one list already numbers all five levels."""
    again = write(draft(), word_reference())
    assert again == write(draft())


def _zip(**files: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    return data.getvalue()


NO_DOCUMENTS = [
    b"",
    b"PK",
    b"%PDF-1.7",
    _zip(),
    _zip(a=b"b"),
    _zip(**{"[Content_Types].xml": b"<a"}),
    sponsors()[:2000],
    sponsors().replace(b"word/document.xml", b"word/documend.xml"),
    _zip(**{"[Content_Types].xml": b"<a/>", "_rels/.rels": b"<b/>"}),
]


@pytest.mark.parametrize("data", NO_DOCUMENTS, ids=range(len(NO_DOCUMENTS)))
def test_what_is_no_word_document_is_refused(data: bytes) -> None:
    """With an error that says so, whatever the file is."""
    with pytest.raises(RenderError, match="is no Word document"):
        write(draft(), data)


def test_no_cell_costs_an_object(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table is parsed once, however many cells it has, and python-docx's slow way to a cell is used nowhere."""
    parsed = []
    monkeypatch.setattr(word, "parse", lambda xml: (parsed.append(xml), ooxml.parse(xml))[1])
    for size in (1, 200):
        parsed.clear()
        write(draft(Landscape((schedule(60, size),))))
        assert len(parsed) == len([*("caption", "table", "notes", "section")])
    for file in (ROOT / "src" / "protocolkit" / "render").glob("*.py"):
        assert ".cell(" not in file.read_text(encoding="utf-8")


def test_a_document_of_eighty_pages_is_small() -> None:
    """Under 150 KB without raster figures."""
    blocks = [block for n in range(400) for block in (Heading(2, words(f"h{n}")), Paragraph(words(f"{n} words " * 60)))]
    assert len(write(draft(*blocks))) < 150_000
