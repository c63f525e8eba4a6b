"""Which leaves of a file are not printed, and why: everything else that is stated occurs in the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protocolkit.document import Path

UNPRINTED: dict[str, str] = {
    "/protocolkit": "the version of the file format; it travels with the canonical data",
    "/profiles": "tags that choose rules and checklists; the protocol says the same in its own words",
    "/**/id": "the name of a thing inside the file; what refers to it prints what it is called",
    "/schedule/day_numbering": "study days are printed as it says",
    "/schedule/day_one": "study days are counted from it",
    "/reviews": "a person's decision on a checklist item; it belongs to the audit",
    "/provenance": "where values came from; the notice of the draft says how many are unconfirmed",
    "/trial/marked_confidential": "pointers to what is left out of the public copy",
}


def is_unprinted(path: Path) -> bool:
    """Say whether the value at a path is on the list of what is not printed."""
    place = "/" + "/".join(str(step) for step in path)
    if path and path[-1] == "id" and not _is_an_identifier_to_print(path):
        return True
    return any(place == known or place.startswith(f"{known}/") for known in UNPRINTED if "*" not in known)


def _is_an_identifier_to_print(path: Path) -> bool:
    """Registry numbers and amendments are called by their id."""
    return path[:2] == ("trial", "identifiers") or path[:1] == ("amendments",)
