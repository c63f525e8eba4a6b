"""Rules about sense: what a protocol must state or must not contradict, so that trials can be repeated and pooled."""

from __future__ import annotations

from protocolkit.rules.model import Found, NotApplicable, NotChecked, Rule, rule
from protocolkit.rules.profiles import ALIASES, TAGS, require_known, tags_of
from protocolkit.rules.registry import RULES, SHAPE_RULES
from protocolkit.rules.runner import Outcome, Ran, run
from protocolkit.rules.trial import Trial

__all__ = [
    "ALIASES",
    "RULES",
    "SHAPE_RULES",
    "TAGS",
    "Found",
    "NotApplicable",
    "NotChecked",
    "Outcome",
    "Ran",
    "Rule",
    "Trial",
    "require_known",
    "rule",
    "run",
    "tags_of",
]
