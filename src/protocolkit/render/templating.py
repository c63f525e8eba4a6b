"""Run the templates: Jinja writes the words, values travel beside them, and the markup is read when both are there."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.ext import Extension
from jinja2.lexer import Token
from jinja2.sandbox import ImmutableSandboxedEnvironment

from protocolkit.errors import RenderError
from protocolkit.render.blocks import Inline, Text
from protocolkit.render.markup import as_blocks, parse
from protocolkit.render.markup_inline import CLOSE, PLACE, VALUE, inlines

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterable, Iterator, Mapping, MutableMapping
    from types import CodeType, TracebackType

    from jinja2.lexer import TokenStream
    from jinja2.runtime import Context

    from protocolkit.render.blocks import Blocks

Loader = Callable[[str], str | None]

BUNDLED = "bundled/"
_LARGEST = 4_000_000
# No template can name it: a key with a space in it is no identifier.
_VALUES = "the values"
_TOKENS = re.compile("[\ufdd0-\ufdef]")
_FILTERS = (
    "d", "default", "first", "last", "length", "count", "lower", "upper", "capitalize", "trim", "sort", "unique",
    "reverse", "list", "map", "select", "reject", "selectattr", "rejectattr",
)  # fmt: skip
# What a template, or a function that it calls, can do wrong.
_FAULTS = (jinja2.TemplateError, RenderError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError)


class Written(str):
    """Text that a template wrote (a macro, a set block, a parent's block), tokens and marks included."""

    __slots__ = ()

    def __str__(self) -> NoReturn:
        """Refuse to become a plain text, which would be a value and lose its marks."""
        raise jinja2.TemplateRuntimeError("the text of a macro or a set block can only be printed as it is")


def folder(path: pathlib.Path) -> Loader:
    """Return a loader over the files of a folder; names never lead out of it."""
    base = path.resolve()

    def load(name: str) -> str | None:
        file = (base / name).resolve()
        if not file.is_relative_to(base) or not file.is_file():
            return None
        try:
            return file.read_text(encoding="utf-8")
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
        self._environment = _Environment(loader)

    def blocks(self, name: str, functions: Mapping[str, Any]) -> Blocks:
        """Run a template with the functions that it may call, and read its words.

        Raises RenderError, naming the template and the line, for a fault of the template.
        """
        values: list[Any] = []
        with _Faults(name):
            template = self._environment.get_template(name, globals={**functions, _VALUES: values})
            text = _capped(template.root_render_func(template.new_context()))
        return parse(text, name, values, self._environment.places)


class _Loader(jinja2.BaseLoader):
    """Compile each template once; the values of a run are globals, so templates themselves are made anew."""

    def __init__(self, source: Loader) -> None:
        self.source = source
        self.compiled: dict[str, CodeType] = {}

    def load(
        self,
        environment: jinja2.Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - the name that jinja2 gives it
    ) -> jinja2.Template:
        """Return a template with its own globals."""
        if name not in self.compiled:
            self.compiled[name] = environment.compile(self._text(name), name, name)
        return environment.template_class.from_code(environment, self.compiled[name], globals or {}, None)

    def _text(self, name: str) -> str:
        text = self.source(name)
        if text is None:
            raise jinja2.TemplateNotFound(name)
        if found := _TOKENS.search(text):
            line = text.count("\n", 0, found.start()) + 1
            raise jinja2.TemplateSyntaxError("a character that stands for a value is no text", line, name)
        return text


class _Places(Extension):
    """Mark the beginning of each line of a template's own words with its place, for errors found in the output."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Put a place mark before each line of words."""
        name = stream.name or ""
        for token in stream:
            if token.type != "data":
                yield token
                continue
            lines = token.value.split("\n")
            marked = (self._mark(name, token.lineno + step) + line for step, line in enumerate(lines))
            yield Token(token.lineno, "data", "\n".join(marked))

    def _mark(self, name: str, line: int) -> str:
        places = self.environment.places  # type: ignore[attr-defined] # our environment has them
        places.append((name, line))
        return f"{PLACE}{len(places) - 1}{CLOSE}"


class _Generator(CodeGenerator):
    """Refuse the statements through which a value could reach the output without becoming a token."""

    def visit_Concat(self, node: nodes.Concat, frame: Any) -> None:  # noqa: ARG002, N802 - jinja2's signature
        """Refuse `a ~ b`."""
        self.fail("~ is not for templates: write the values one after the other", node.lineno)

    def visit_FilterBlock(self, node: nodes.FilterBlock, frame: Any) -> None:  # noqa: ARG002, N802 - as above
        """Refuse a filter block."""
        self.fail("filter blocks are not for templates", node.lineno)

    def visit_CallBlock(self, node: nodes.CallBlock, frame: Any) -> None:  # noqa: ARG002, N802 - as above
        """Refuse a call block."""
        self.fail("call blocks are not for templates", node.lineno)

    def visit_AssignBlock(self, node: nodes.AssignBlock, frame: Any) -> None:  # noqa: N802 - as above
        """Refuse a set block with a filter."""
        if node.filter is not None:
            self.fail("a set block takes no filter", node.lineno)
        super().visit_AssignBlock(node, frame)


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox: undefined names are errors, few filters, no operators on texts, each value a token."""

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, loader: Loader) -> None:
        super().__init__(
            undefined=jinja2.StrictUndefined,
            finalize=_token,
            loader=_Loader(loader),
            extensions=[_Places],
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=0,
        )
        self.places: list[tuple[str, int]] = []
        self.globals = {}
        self.filters = {name: self.filters[name] for name in _FILTERS} | {"join": _join}

    @staticmethod
    def concat(parts: Iterable[str]) -> Written:
        """Join what a template wrote; macros, set blocks and parent blocks come through here."""
        return Written(_capped(parts))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Count with numbers, not with texts."""
        if not all(isinstance(side, int | Decimal) for side in (left, right)) or operator == "**":
            raise jinja2.TemplateRuntimeError(f"{operator} is for numbers; write other values one after the other")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Keep the text of a macro away from the methods of plain texts."""
        return not isinstance(obj, Written) and super().is_safe_attribute(obj, attr, value)


@jinja2.pass_context
def _token(context: Context, value: Any) -> str:
    """Put a value into the table of the run and return the token that stands for it."""
    if isinstance(value, Written):
        return value[:]  # a slice is a plain text again
    if isinstance(value, jinja2.Undefined):
        str(value)
    values = context.resolve(_VALUES)
    values.append(_printable(value))
    return f"{VALUE}{len(values) - 1}{CLOSE}"


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return _TOKENS.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    if as_blocks(value) is None and inlines(value) is None:
        raise jinja2.TemplateRuntimeError(f"{_kind(value)} is nothing that can be printed")
    return value


def _kind(value: Any) -> str:
    return "nothing (None)" if value is None else f"a value of type {type(value).__name__}"


def _join(values: Iterable[Any], separator: str = "") -> tuple[Inline, ...]:
    """Join texts and inline runs with a separator between them."""
    joined: list[Inline] = []
    for value in values:
        runs = inlines(str(value) if isinstance(value, int | Decimal) else value)
        if runs is None:
            raise jinja2.TemplateRuntimeError(f"{_kind(value)} cannot be joined")
        joined += [Text(separator), *runs] if joined else runs
    return tuple(joined)


def _capped(parts: Iterable[str]) -> str:
    kept, size = [], 0
    for part in parts:
        size += len(part)
        if size > _LARGEST:
            raise jinja2.TemplateRuntimeError(f"the template writes more than {_LARGEST} characters")
        kept.append(part)
    return "".join(kept)


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


@cache
def bundled(root: pathlib.Path) -> Templates:
    """Return the templates of a bundled folder, compiled once in a process."""
    return Templates(layered(None, folder(root)))
