"""Write the tables of docs/import.md from the code: what maps where, what is set aside and why, what the codes mean.

`python tools/build_import_docs.py` from the top of the checkout; a test keeps the page equal to what this makes.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from protocolkit.exchange.ctgov_aside import ASIDE
from protocolkit.exchange.importing import load
from protocolkit.exchange.losses import FAULTS
from protocolkit.exchange.usdm_aside import ANYWHERE, BESIDE
from protocolkit.exchange.usdm_aside import ASIDE as USDM_ASIDE

if TYPE_CHECKING:
    from protocolkit.document import Path as Steps

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "import.md"
RECORD = ROOT / "tests" / "cases" / "exchange" / "full.ctgov.json"
_TABLE = re.compile(r"(<!-- table: (?P<name>[a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)
STUDY = RECORD.with_name("full.usdm.json")
_MODULES = (
    ("/protocolSection", ""), ("/documentSection/largeDocumentModule", ""),
    ("/study/versions/*/studyDesigns/*", "design"), ("/study/versions/*", "version"),
)  # fmt: skip


def mapped(record: Path = RECORD) -> str:
    """Return the table of what maps where, from a record in which every part is filled."""
    (row,) = load(record.read_bytes(), record.name)
    homes: dict[str, dict[str, None]] = {}
    for path, places in row.taken.items():
        homes.setdefault(_generic(path), {}).update(dict.fromkeys(map(_generic, places)))
    rows = "".join(
        f"| `{_short(place)}` | {', '.join(f'`{to}`' for to in tos)} |\n" for place, tos in sorted(homes.items())
    )
    return "| in the record | in the protocol file |\n|---|---|\n" + rows


def aside() -> str:
    """Return the table of what is set aside, with the reason for each."""
    rows = "".join(f"| `{_short(row.place)}` | {row.reason} |\n" for row in ASIDE)
    return "| in the record | reason |\n|---|---|\n" + rows


def usdm_aside() -> str:
    """Return the table of what is set aside of a study, by its place or by its key wherever that stands."""
    rows = [(f"`{_short(row.place)}`", row.reason) for row in USDM_ASIDE]
    rows += [(f"`{key}`, anywhere", reason) for key, reason in ANYWHERE.items()]
    rows += [(f"`{key}`, where nothing else took it", reason) for key, reason in BESIDE.items()]
    return "| in the study | reason |\n|---|---|\n" + "".join(f"| {where} | {why} |\n" for where, why in rows)


def codes() -> str:
    """Return the table of the codes."""
    rows = "".join(f"| {code} | {kind.title} | {kind.why} |\n" for code, kind in FAULTS.items())
    return "| code | what | why it matters |\n|---|---|---|\n" + rows


_TABLES = {
    "mapped": mapped, "aside": aside, "codes": codes,
    "study": lambda: mapped(STUDY).replace("in the record", "in the study"), "studyaside": usdm_aside,
}  # fmt: skip


def _generic(path: Steps) -> str:
    text = "".join("/*" if isinstance(step, int) else f"/{step}" for step in path)
    return text.removesuffix("/*")


def _short(place: str) -> str:
    for module, name in _MODULES:
        if place.startswith(module):
            return name + place.removeprefix(module)
    return place


def page(text: str) -> str:
    """Return the page with its tables made anew."""
    return _TABLE.sub(lambda match: match[1] + _TABLES[match["name"]]() + match[3], text)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    print(f"{PAGE.relative_to(ROOT)}: written")


if __name__ == "__main__":
    main()
