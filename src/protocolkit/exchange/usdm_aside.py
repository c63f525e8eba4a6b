"""Values of a USDM file that are left out on purpose, each with the reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from protocolkit.exchange.source import Aside
from protocolkit.exchange.usdm_model import says_more

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Source

_VERSION = "/study/versions/*"
_DESIGN = f"{_VERSION}/studyDesigns/*"
_CONCEPT = "how a value is collected and coded; it belongs to the specification of the case report form"
_DOCUMENT = "how the source document is built; its texts are carried under their headings"
_TOOL = "names the version of the format or the program that wrote the file"

ASIDE = (
    Aside("/usdmVersion", _TOOL),
    Aside("/systemName", _TOOL),
    Aside("/systemVersion", _TOOL),
    Aside(f"{_VERSION}/documentVersionIds/*", "says which documents describe the version"),
    Aside(f"{_DESIGN}/documentVersionIds/*", "says which documents describe the design"),
    *(
        Aside(f"{_VERSION}/biomedicalConcepts/*/{key}/**", _CONCEPT)
        for key in ("properties", "code", "synonyms", "reference")
    ),
    Aside(f"{_VERSION}/biomedicalConcepts/*/reference", _CONCEPT),
    Aside(f"{_VERSION}/bcSurrogates/*/reference", _CONCEPT),
    Aside(f"{_VERSION}/bcCategories/*/code/**", _CONCEPT),
    Aside(f"{_VERSION}/bcCategories/*/memberIds/*", _CONCEPT),
    Aside(f"{_VERSION}/bcCategories/*/childIds/*", _CONCEPT),
    Aside(f"{_VERSION}/narrativeContentItems/*/name", _DOCUMENT),
    Aside("/study/documentedBy/*/name", _DOCUMENT),
    Aside("/study/documentedBy/*/versions/*/contents/*/name", _DOCUMENT),
    Aside("/study/documentedBy/*/versions/*/contents/*/childIds/*", _DOCUMENT),
    Aside(f"{_VERSION}/dictionaries/**", "says what tags stand for; the texts are carried with the words put in"),
    Aside(f"{_VERSION}/businessTherapeuticAreas/**", "a class by which the sponsor sorts its trials"),
)

# Keys that say the same wherever they stand.
ANYWHERE = {
    "id": "the name of a thing inside the source; the protocol file has its own ids",
    "instanceType": "the class of a thing in the model of the source",
    "extensionAttributes": "an extension without content",
    "previousId": "the order of things, which is that of the lists of the file",
    "nextId": "the order of things, which is that of the lists of the file",
    "defaultConditionId": "the order of the instances of a timeline, which is that of the visits",
    "entryId": "the instance that a timeline begins with; the visits stand in its order",
    "timelineExitId": "says where a timeline ends",
    "scheduledAtId": "says which timing places an encounter; the visit has its time",
    "mainTimeline": "says which timeline is the schedule of the trial",
    "dictionaryId": "says which dictionary explains the tags of a text; they are put in",
    "displaySectionNumber": "how a document shows a heading",
    "displaySectionTitle": "how a document shows a heading",
}
# Keys of a thing whose content went into the file: the code beside the words, the name beside the label.
BESIDE = {
    "code": "the code beside words that are carried or set aside",
    "codeSystem": "the code beside words that are carried or set aside",
    "codeSystemVersion": "the code beside words that are carried or set aside",
    "description": "says no more than the name and the class of the thing",
    "name": "the name that programs use for a thing that is carried",
    "label": "a short name beside the content of a thing that is carried",
}
_WORDS = "decode"
_CLASS = re.compile("[A-Z][a-z]+")
_FILLERS = "this is the a an of for study trial main"


def put_aside(source: Source) -> None:
    """Note the reason for keys that are left out wherever they stand; what was taken is not left out."""
    for path in source.taken:
        source.set_aside.pop(path, None)
    spoken = {path[:end] for place in (source.taken, source.set_aside) for path in place for end in range(len(path))}
    for path, value in source.leaves():
        if path in source.taken or path in source.set_aside:
            continue
        key = next(step for step in reversed(path) if isinstance(step, str))
        if key in ANYWHERE and (key == path[-1] or key == "extensionAttributes"):
            source.set_aside[path] = ANYWHERE[key]
        elif key in BESIDE and key == path[-1] and _is_beside(source, path, value, spoken):
            source.set_aside[path] = BESIDE[key]


def _is_beside(source: Source, path: Path, value: object, spoken: set[Path]) -> bool:
    """Say whether a leaf only accompanies another: the code of words, the name or the empty description of a thing."""
    owner = _owner(source, path)
    if path[-1] in ("code", "codeSystem", "codeSystemVersion"):
        return isinstance(owner.get(_WORDS), str) and bool(owner[_WORDS].strip())
    if path[-1] == "description":
        names = [owner.get(key) for key in ("name", "label", "text")]
        kind = " ".join(_CLASS.findall(str(owner.get("instanceType", ""))))
        return not says_more(str(value), kind, _FILLERS, *(name for name in names if isinstance(name, str)))
    return path[:-1] in spoken


def _owner(source: Source, path: Path) -> dict[str, Any]:
    value: Any = source.document.data
    for step in path[:-1]:
        value = value[step]
    return value if isinstance(value, dict) else {}
