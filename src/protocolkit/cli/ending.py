"""How a command ends: its exit code, and what is said when it could not do its work."""

from __future__ import annotations

import json
import os
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import click

from protocolkit.errors import ProtocolkitError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

DONE, FOUND, WRONG, CRASHED, INTERRUPTED = 0, 1, 2, 3, 130
_CLOSED = "the output was closed before everything was written"


class Ending:
    """Take what a command raises and turn it into an exit code and one line on standard error."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.command = next((word for word in arguments if not word.startswith("-")), "")
        self.debug = "--debug" in arguments
        self.json = "--format=json" in arguments or ("--format", "json") in pairwise(arguments)
        self.code = DONE

    def __enter__(self) -> Ending:  # noqa: PYI034 - never subclassed
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        if error is None:
            return True
        if isinstance(error, SystemExit | click.exceptions.Exit):
            self.code = int(getattr(error, "exit_code", None) or getattr(error, "code", None) or DONE)
        else:
            self.code = self._told(error)
        return True

    def _told(self, error: BaseException) -> int:
        if isinstance(error, click.Abort) and isinstance(error.__cause__, EOFError):
            return self._crash(error.__cause__)  # click takes it for an interrupt; here it is a file that breaks off
        if isinstance(error, KeyboardInterrupt | click.Abort):
            return self._say("interrupted; nothing was left half written", INTERRUPTED)
        if isinstance(error, click.ClickException):
            error.show(sys.stderr)
            return WRONG
        if isinstance(error, ProtocolkitError):
            return self._say(str(error), WRONG)
        return self._crash(error)

    def _crash(self, error: BaseException) -> int:
        if self.debug:
            import traceback  # noqa: PLC0415 - after a crash only

            traceback.print_exception(error)
        if self.json:
            from protocolkit.report.model import crashed  # noqa: PLC0415 - as above

            click.echo(json.dumps(crashed(self.command), indent=2))
        told = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        hint = "" if self.debug else "; run it again with --debug for the traceback"
        return self._say(f"protocolkit crashed, which is a fault of its own: {told}{hint}", CRASHED)

    @staticmethod
    def _say(message: str, code: int) -> int:
        click.echo(f"protocolkit: {message}", err=True)
        return code

    def closed(self) -> int:
        """Flush what was printed, and return the exit code; an output that cannot take it is an error of its own."""
        try:
            sys.stdout.flush()
        except OSError as error:
            if self.code not in (WRONG, CRASHED):
                self.code = self._say(_CLOSED if isinstance(error, BrokenPipeError) else str(error), WRONG)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return self.code
