"""The validator in Rust, imported without the module by which it reads the date of its own making."""

from __future__ import annotations

import _thread
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from protocolkit import process

__all__ = ["jsonschema_rs"]

_DATES = "email.utils"


class _Undated(ModuleType):
    """Stands for the module of dates; one that is asked anything else is imported after all."""

    def __getattr__(self, name: str) -> Any:
        self.leave()
        return getattr(import_module(_DATES), name)

    @staticmethod
    def parsedate_to_datetime(text: str) -> str:
        """Leave the date as it is written."""
        return text

    def leave(self) -> None:
        """Leave the place to the module itself."""
        if sys.modules.get(_DATES) is self:
            del sys.modules[_DATES]


def _imported() -> Any:
    """Import the validator, which spends half its time on reading that date: a twentieth of a check of one file.

    The date, of which nobody here has use, then stands in its `__build__` as a text.
    """
    undated = sys.modules[_DATES] = _Undated(_DATES)
    try:
        return import_module("jsonschema_rs")
    finally:
        undated.leave()


# Where other threads run, nothing stands for anything, for they might take hold of it.
_ALONE = process.own and _DATES not in sys.modules and not _thread._count()  # noqa: SLF001 - without importing threading
jsonschema_rs = _imported() if _ALONE else import_module("jsonschema_rs")
