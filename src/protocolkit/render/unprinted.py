"""Which leaves of a file are not printed, and why: everything else that is stated occurs in the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protocolkit.document import Path

_EXPECTED = "what the author expects; the table of doses prints the computed value, and a note where the two differ"

UNPRINTED: dict[str, str] = {
    "/protocolkit": "the version of the file format; it travels with the canonical data",
    "/profiles": "tags that choose rules and checklists; the protocol says the same in its own words",
    "/*/id": "the name of a thing inside the file; what refers to it prints what it is called",
    "/design/epochs/*/type": "printed only where the name of the epoch does not say the same",
    "/interventions/*/regimen/steps/*/when": "it says which of days and frequency are stated, and these are printed",
    "/interventions/*/regimen/taper/steps/*/when": "as for the steps of the regimen",
    "/interventions/*/regimen/derived/*/weight": _EXPECTED,
    "/interventions/*/regimen/derived/*/level": _EXPECTED,
    "/interventions/*/regimen/derived/*/arm": _EXPECTED,
    "/interventions/*/regimen/derived/*/period": _EXPECTED,
    "/interventions/*/regimen/derived/*/cycles": _EXPECTED,
    "/interventions/*/regimen/derived/*/administrations": _EXPECTED,
    "/interventions/*/regimen/derived/*/per_administration": _EXPECTED,
    "/interventions/*/regimen/derived/*/per_day": _EXPECTED,
    "/interventions/*/regimen/derived/*/cumulative": _EXPECTED,
    "/interventions/*/regimen/derived/*/last_dose": _EXPECTED,
    "/schedule/visits/*/kind": "a visit that is not scheduled stands among the other visits of the schedule",
    "/schedule/activities/*/section": "it says in which section the activity is described",
    "/schedule/day_numbering": "study days are printed as it says",
    "/schedule/day_one": "study days are counted from it",
    "/reviews": "a person's decision on a checklist item; it belongs to the audit",
    "/provenance": "where values came from; the notice of the draft says how many are unconfirmed",
    "/trial/footer_line": "it stands at the foot of each page",
    "/trial/marked_confidential": "pointers to what is left out of the public copy",
}


def is_unprinted(path: Path) -> bool:
    """Say whether the value at a path is on the list of what is not printed."""
    place = "/" + "/".join(str(step) for step in path)
    if path and path[-1] == "id" and not _is_an_identifier_to_print(path):
        return True
    return any(_fits(place, known) for known in UNPRINTED)


def _fits(place: str, known: str) -> bool:
    """Say whether a place lies at or below a pattern, in which `*` is any step."""
    steps, wanted = place.split("/"), known.split("/")
    return len(steps) >= len(wanted) and all(w in ("*", s) for s, w in zip(steps, wanted, strict=False))


def _is_an_identifier_to_print(path: Path) -> bool:
    """Registry numbers and amendments are called by their id."""
    return path[:2] == ("trial", "identifiers") or path[:1] == ("amendments",)
