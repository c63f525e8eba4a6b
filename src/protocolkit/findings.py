"""What can be said about a protocol: a finding, where it points, and why it matters."""

from __future__ import annotations

from enum import StrEnum

from protocolkit.values import NamedTuple


class Severity(StrEnum):
    """How much a finding weighs; `error` bars a pass by default."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


SEVERITIES = tuple(Severity)  # the heaviest first


class Place(NamedTuple):
    """A position in a text: line and column count from 1, index from 0, all in code points."""

    line: int
    column: int
    index: int  # type: ignore[assignment]  # a place is no place to search for values in


class Span(NamedTuple):
    """A stretch of text; `end` is the place just after its last character."""

    start: Place
    end: Place


class Basis(NamedTuple):
    """The clause that asks for something, for example SPIRIT 2025, item 15a."""

    standard: str
    clause: str
    url: str = ""


class FaultKind(NamedTuple):
    """What a code stands for: a title, why it matters, and what to do about it where nothing nearer is known."""

    title: str
    why: str
    hint: str


class Target(StrEnum):
    """Which part of a document a pointer speaks of: the value there, or the key that names it."""

    VALUE = "value"
    KEY = "key"


class Related(NamedTuple):
    """A second place that a finding speaks of."""

    pointer: str
    message: str


class Finding(NamedTuple):
    """One fault, told once: what, where (RFC 6901 pointer), why (`basis`) and what would satisfy it (`hint`).

    The pointer is symbolic; line and column are worked out when the finding is reported. `span` is set only where
    a text could not be read into a document, so that no pointer leads there. `about` is the pointer of what is spoken
    of where `pointer` names the thing that lacks it.
    """

    code: str
    severity: Severity
    message: str
    pointer: str = ""
    hint: str = ""
    basis: tuple[Basis, ...] = ()
    related: tuple[Related, ...] = ()
    target: Target = Target.VALUE
    span: Span | None = None
    about: str = ""
