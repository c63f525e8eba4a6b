"""Run the templates: Jinja writes the words, values travel beside them, and the markup is read when both are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import jinja2

from protocolkit.errors import RenderError
from protocolkit.render.markup import parse
from protocolkit.render.templating_sandbox import VALUES, Environment, capped

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Mapping
    from types import TracebackType

    from protocolkit.render.blocks import Blocks

Loader = Callable[[str], str | None]

BUNDLED = "bundled/"
# What a template, or a function that it calls, can do wrong.
_FAULTS = (jinja2.TemplateError, RenderError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError)


def folder(path: pathlib.Path) -> Loader:
    """Return a loader over the files of a folder; names never lead out of it."""
    base = path.resolve()

    def load(name: str) -> str | None:
        file = (base / name).resolve()
        if not file.is_relative_to(base) or not file.is_file():
            return None
        try:
            return file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise RenderError(f"{file}: cannot be read as UTF-8 text: {error}") from error

    return load


def layered(over: Loader | None, bundled: Loader) -> Loader:
    """Return a loader that asks `over` first; `bundled/NAME` always means the bundled template."""

    def load(name: str) -> str | None:
        if name.startswith(BUNDLED):
            return bundled(name.removeprefix(BUNDLED))
        found = over(name) if over else None
        return bundled(name) if found is None else found

    return load


class Templates:
    """The templates of one loader, each compiled once."""

    def __init__(self, loader: Loader) -> None:
        self._environment = Environment(loader)

    def blocks(self, name: str, functions: Mapping[str, Any]) -> Blocks:
        """Run a template with the functions that it may call, and read its words.

        Raises RenderError, naming the template and the line, for a fault of the template.
        """
        values: list[Any] = []
        with _Faults(name):
            template = self._environment.get_template(name, globals={**functions, VALUES: values})
            text = capped(template.root_render_func(template.new_context()))
        return parse(text, name, values, self._environment.places)


class _Faults:
    """Turn what goes wrong in a template into a RenderError that names the template and the line."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        """Begin to watch."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raise the RenderError that a fault amounts to; anything else passes."""
        if isinstance(error, RecursionError):
            raise RenderError(f"{_place(error, trace, self.name)}: the template calls itself without end") from error
        if isinstance(error, _FAULTS):
            raise RenderError(f"{_place(error, trace, self.name)}: {_message(error)}") from error


def _place(error: BaseException, trace: TracebackType | None, name: str) -> str:
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"{error.name or name}:{error.lineno}"
    place = name
    while trace is not None:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if isinstance(template, jinja2.Template):
            place = f"{template.name}:{template.get_corresponding_lineno(trace.tb_lineno)}"
        trace = trace.tb_next
    return place


def _message(error: BaseException) -> str:
    if isinstance(error, jinja2.TemplateNotFound):
        return f"there is no template {error.message!r}"
    if isinstance(error, jinja2.TemplateError):
        return error.message or "a fault of the template"
    return str(error) if isinstance(error, RenderError) else f"{type(error).__name__}: {error}"
