"""What a rule is: a function over a trial that yields what it found, with its code, weight and documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import SEVERITIES, Severity, Target
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

    Check = Callable[[Trial], Iterator["Found"]]


class NotApplicable(Exception):  # noqa: N818 - an outcome, not an error
    """Stop a rule whose condition on the data does not hold; the text says why."""


class NotChecked(Exception):  # noqa: N818 - an outcome, not an error
    """Stop a rule that lacks what it needs to decide, such as a library; the text says what.

    `at` is where it is missed; without it the file as a whole is meant. What the protocol cannot supply, as it gives a
    reason of its own, is `counted` among the rules that were not checked and is no finding.
    """

    def __init__(self, reason: str, at: Node | None = None, *, counted: bool = False) -> None:
        super().__init__(reason)
        self.at = at
        self.counted = counted


class Found(NamedTuple):
    """One fault that a rule found: where, in words, and what would satisfy the rule.

    `confidence` is set where the verdict rests on a row of the library (H, M or L): the finding is then at most a
    warning, and information for L. `severity` overrides the rule's own where the rule has several.
    """

    at: Node
    message: str
    hint: str = ""
    related: tuple[tuple[Node, str], ...] = ()
    confidence: str = ""
    severity: Severity | None = None
    target: Target = Target.VALUE


class Rule(NamedTuple):
    """A rule as registered.

    `tags` are the profile tags that it belongs to (none: every profile), `tags_off` those that switch it off,
    `severity_by_tag` what it weighs in a profile with a tag. `reads` are pointers, with `*` for any position: where the
    shape is at fault at, above or below one of them, the rule is not checked. `safety` rules are waived by name only.
    """

    code: str
    severity: Severity
    check: Check
    reads: tuple[str, ...]
    tags: frozenset[str]
    tags_off: frozenset[str]
    severity_by_tag: Mapping[str, Severity]

    @property
    def title(self) -> str:
        """The rule in one sentence: the first line of its documentation."""
        return (self.check.__doc__ or "").partition("\n")[0]

    def applies_to(self, tags: frozenset[str]) -> str:
        """Return why the rule does not apply in a profile; an empty text where it does."""
        if off := sorted(self.tags_off & tags):
            return f"the profile has the tag {off[0]}"
        if self.tags and not self.tags & tags:
            return f"the profile has no tag {' or '.join(sorted(self.tags))}"
        return ""

    def usual(self, tags: frozenset[str]) -> Severity:
        """Return what the rule weighs in a profile, its findings apart."""
        weights = [severity for tag, severity in self.severity_by_tag.items() if tag in tags]
        return min(weights, key=SEVERITIES.index, default=self.severity)

    def weight(self, found: Found, tags: frozenset[str]) -> Severity:
        """Return what a finding of this rule weighs in a profile."""
        own = found.severity or self.usual(tags)
        if not found.confidence:
            return own
        most = Severity.INFO if found.confidence == "L" else Severity.WARNING
        return max(own, most, key=SEVERITIES.index)


def below(place: str, *keys: str) -> tuple[str, ...]:
    """Return the places of some keys below another, as `reads` of a rule names them."""
    return tuple(f"{place}/{key}" for key in keys)


def rule(
    code: str, severity: Severity, *, reads: tuple[str, ...], tags: tuple[str, ...] = (),
    tags_off: tuple[str, ...] = (), severity_by_tag: Mapping[str, Severity] | None = None,
) -> Callable[[Check], Rule]:  # fmt: skip
    """Register a function as a rule; its docstring is its documentation (see `protocolkit.rules.docs`)."""

    def registered(check: Check) -> Rule:
        return Rule(code, severity, check, reads, frozenset(tags), frozenset(tags_off), severity_by_tag or {})

    return registered
