"""The sandbox in which templates run: few filters, no operators on texts, each value a token, the output capped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.ext import Extension
from jinja2.lexer import Token
from jinja2.sandbox import ImmutableSandboxedEnvironment

from protocolkit.render.blocks import Inline, Text
from protocolkit.render.markup import as_blocks
from protocolkit.render.markup_inline import CLOSE, PLACE, VALUE, inlines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, MutableMapping
    from types import CodeType

    from jinja2.lexer import TokenStream
    from jinja2.runtime import Context

_LARGEST = 4_000_000
# No template can name it: a key with a space in it is no identifier.
VALUES = "the values"
_TOKENS = re.compile("[\ufdd0-\ufdef]")
_PLACED = re.compile(f"{PLACE}[0-9]+{CLOSE}")
_FILTERS = (
    "d", "default", "first", "last", "length", "count", "lower", "upper", "capitalize", "trim", "sort", "unique",
    "reverse", "list", "map", "select", "reject", "selectattr", "rejectattr",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What a template wrote (a macro, a set block, a parent's block): marks and tokens included, and so no value."""

    text: str

    def __bool__(self) -> bool:
        return bool(_PLACED.sub("", self.text).strip())

    def __str__(self) -> NoReturn:
        """Refuse to become a plain text, which would be a value and lose its marks."""
        raise jinja2.TemplateRuntimeError("the text of a macro or a set block can only be printed as it is")


class _Loader(jinja2.BaseLoader):
    """Compile each template once; the values of a run are globals, so templates themselves are made anew."""

    def __init__(self, source: Callable[[str], str | None]) -> None:
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


class Environment(ImmutableSandboxedEnvironment):
    """The sandbox: undefined names are errors, few filters, no operators on texts, each value a token."""

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, loader: Callable[[str], str | None]) -> None:
        super().__init__(
            undefined=jinja2.StrictUndefined,
            finalize=_token,
            loader=_Loader(loader),
            extensions=[_Places],
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=0,
            optimized=False,
        )
        self.places: list[tuple[str, int]] = []
        self.globals = {}
        self.filters = {name: self.filters[name] for name in _FILTERS} | {"join": _join}

    @staticmethod
    def concat(parts: Iterable[str]) -> Written:  # type: ignore[override] # only values come through here, never output
        """Join what a template wrote; macros, set blocks and parent blocks come through here."""
        return Written(capped(parts))

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
        return value.text
    if isinstance(value, jinja2.Undefined):
        str(value)
    values = context.resolve(VALUES)
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


def capped(parts: Iterable[str]) -> str:
    """Join what a template writes, up to a limit."""
    kept, size = [], 0
    for part in parts:
        size += len(part)
        if size > _LARGEST:
            raise jinja2.TemplateRuntimeError(f"the template writes more than {_LARGEST} characters")
        kept.append(part)
    return "".join(kept)
