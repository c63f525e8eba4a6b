"""Rules of other installed packages: a sponsor's own, beside ours and never in place of them."""

from __future__ import annotations

import os
import re
from functools import cache

from protocolkit.errors import ConfigError
from protocolkit.plugins import entries
from protocolkit.rules.docs import documented
from protocolkit.rules.model import Rule
from protocolkit.rules.registry import RULES, SHAPE_RULES

GROUP = "protocolkit.rules"
_CODE = r"[A-Z]{2,6}[0-9]{2}"
_OURS = frozenset({"FILE", "FORM", "REF", "RULE", "WAIV", "LOSS"})


@cache
def every_rule(packages: tuple[str, ...] = ()) -> tuple[Rule, ...]:
    """Return the rules that run over a document: ours, then those of the packages in the order of their names.

    Raises ConfigError for a package that cannot be used: see `protocolkit.plugins`, and below for what a rule must be.
    """
    return (*RULES, *(rule for name, offered in entries(GROUP, packages) for rule in _rules(name, offered)))


@cache
def folders(packages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the folders of library rows that the packages bring, in the order of their names.

    Raises ConfigError for a package that cannot be used.
    """
    found: list[str] = []
    for name, offered in entries("protocolkit.library", packages):
        if not isinstance(offered, tuple) or not all(isinstance(folder, str | os.PathLike) for folder in offered):
            raise ConfigError(f"the plug-in {name} must name a tuple of folders with rows of the library")
        found += map(os.fspath, offered)
    return tuple(found)


def _rules(name: str, offered: object) -> tuple[Rule, ...]:
    if not isinstance(offered, tuple) or not all(isinstance(rule, Rule) for rule in offered):
        raise ConfigError(f"the plug-in {name} must name a tuple of rules, each made with @protocolkit.rules.rule")
    taken = {rule.code for rule in (*RULES, *SHAPE_RULES)}
    for rule in offered:
        if wrong := unusable(rule.code, taken):
            raise ConfigError(f"the plug-in {name}: {wrong}")
        taken.add(rule.code)
        try:
            documented(rule)
        except ValueError as error:
            raise ConfigError(f"the plug-in {name}: {error}") from None
    return offered


def unusable(code: str, taken: set[str]) -> str:
    """Say why a rule cannot have a code; an empty text where it can."""
    if not re.fullmatch(_CODE, code):
        return f"{code!r} is no code; a code is a family of two to six capitals and two digits, such as ACME01"
    if code.rstrip("0123456789") in _OURS:
        return f"{code} is of a family that protocolkit keeps for itself"
    return f"there is a rule {code} already" if code in taken else ""
