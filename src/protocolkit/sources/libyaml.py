"""The parser of libyaml, without the patterns that PyYAML's readers in Python would need."""

from __future__ import annotations

import re
import sys
from functools import cached_property
from importlib import import_module
from typing import Any

from protocolkit import process

__all__ = ["Parser", "yaml"]


class _Deferred:
    """A regular expression that is compiled when somebody first asks it something."""

    def __init__(self, *wanted: Any, **named: Any) -> None:
        self._wanted, self._named = wanted, named

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(*self._wanted, **self._named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._compiled, name)


def _imported() -> Any:
    """Import PyYAML without compiling its patterns, which would take some milliseconds of every command.

    The parser in C uses none of them; the readers in Python work as ever, for they compile what they first ask.
    """
    whole = re.compile

    def deferring(*wanted: Any, **named: Any) -> Any:
        asks = sys._getframe(1).f_globals.get("__name__", "")  # noqa: SLF001 - no other way to know who asks
        return _Deferred(*wanted, **named) if asks.startswith("yaml.") else whole(*wanted, **named)

    re.compile = deferring
    try:
        import yaml  # noqa: PLC0415 - under the deferring
    finally:
        re.compile = whole
    return yaml


yaml: Any = _imported() if process.own else import_module("yaml")
try:
    from yaml.cyaml import CParser as Parser  # type: ignore[attr-defined]  # not in the stubs
except ImportError:  # PyYAML without libyaml: slower, same events
    from yaml import Loader as Parser  # type: ignore[assignment]
