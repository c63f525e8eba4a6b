"""From a document to Word: blocks made from the data by templates, written into a reference document."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from protocolkit.document import Document
    from protocolkit.findings import Finding
    from protocolkit.render.templating import Templates

__all__ = ["Written", "drafted", "render"]


class Written(NamedTuple):
    """A draft as a Word file, and in how many places of it content is marked as missing."""

    data: bytes
    marked: int


def render(
    document: Document,
    findings: Iterable[Finding],
    *,
    reference: bytes | None = None,
    templates: Path | None = None,
    page: str = "a4",
) -> bytes:
    """Write the ICH M11 draft of a document as a Word file, whatever is missing or malformed in it.

    `findings` are those of its shape: a malformed value becomes a gap with the finding's message. `templates` is a
    folder whose section templates go before the bundled ones. Raises RenderError for a fault in a template or in the
    reference document.
    """
    return drafted(document, findings, reference=reference, templates=templates, page=page).data


def drafted(
    document: Document,
    findings: Iterable[Finding],
    *,
    reference: bytes | None = None,
    templates: Path | None = None,
    page: str = "a4",
) -> Written:
    """Write the draft as `render` does, and count the places that it marks."""
    from protocolkit.render.draft import build  # noqa: PLC0415 - Jinja and Word load when a draft is made
    from protocolkit.render.word import write  # noqa: PLC0415 - as above

    draft = build(document, findings, section_templates(templates), page)
    return Written(write(draft, reference), draft.marked)


@cache
def section_templates(over: Path | None = None) -> Templates:
    """Return the section templates: those of a folder before the bundled ones, each compiled once."""
    from protocolkit.render.templating import Templates, folder, layered  # noqa: PLC0415 - as above
    from protocolkit.resources import folder as bundled  # noqa: PLC0415 - as above

    base = folder(bundled("templates") / "m11")
    return Templates(layered(folder(over) if over else None, base))
