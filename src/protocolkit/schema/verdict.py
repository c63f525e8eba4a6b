"""Whether a document fits the schema, by either of two engines; no reference is ever followed out of the schema."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NoReturn

from protocolkit.errors import UsageError
from protocolkit.schema.bundled import checked, checked_text
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError

    from protocolkit.document import Path

_NAMES = "propertyNames"
ENGINES = ("auto", "jsonschema", "rs")


def engine(wanted: str = "auto") -> str:
    """Return the engine that gives the verdict: `rs` where the accelerator is installed, else `jsonschema`.

    Raises UsageError for an engine that is unknown or not installed.
    """
    if wanted not in ENGINES:
        raise UsageError(f"there is no engine {wanted!r}; choose one of {', '.join(ENGINES)}")
    if wanted == "jsonschema":
        return wanted
    if find_spec("jsonschema_rs") is not None:
        return "rs"
    if wanted == "rs":
        raise UsageError("the engine rs is not installed here; use --engine jsonschema")
    return "jsonschema"


class Broken(NamedTuple):
    """A keyword of the schema that a document breaks: where in the document, where in the schema, and its name.

    `steps` lead from the root of the schema to the keyword, references followed and not named; a key that the schema
    forbids breaks `false`, at the object that has it.
    """

    path: Path
    steps: Path
    keyword: str


def fits(content: Any, wanted: str = "auto") -> bool:
    """Say whether a document's content fits the schema, as far as the schema alone decides it."""
    if engine(wanted) == "rs":
        fitting: bool = _accelerated().is_valid(content)
        return fitting
    return next(iter(errors(content, wanted)), None) is None


def errors(content: Any, wanted: str = "auto") -> Iterator[Broken]:
    """Yield what a document's content breaks, as the engine tells it; both tell the same, in an order of their own."""
    if engine(wanted) == "rs":
        return map(_told_by_rs, _accelerated().iter_errors(content))
    return map(_told_by_authority, _authority().iter_errors(content))


def _told_by_rs(error: Any) -> Broken:
    path, keyword = tuple(error.instance_path), error.kind.name
    steps = [step for step in error.evaluation_path if step != "$ref"]
    if keyword == "falseSchema":  # told of the key, not of the object that has it
        return Broken(path[:-1], tuple(steps[:-1]), "false")
    return _of_keys(path, steps, keyword)


def _told_by_authority(error: ValidationError) -> Broken:
    path, steps = tuple(error.absolute_path), [*error.absolute_schema_path]
    return _of_keys(path, steps, str(error.validator or "false"))


def _of_keys(path: Path, steps: list[str | int], keyword: str) -> Broken:
    """Tell a key of the wrong form as the object's, whichever keyword for names it breaks."""
    if _NAMES in steps:
        return Broken(path, tuple(steps[: steps.index(_NAMES) + 1]), _NAMES)
    return Broken(path, tuple(steps), keyword)


@cache
def _accelerated() -> Any:
    from protocolkit.schema.accelerator import jsonschema_rs  # noqa: PLC0415 - optional, and of no use to other commands

    return jsonschema_rs.validator_for(checked_text(), retriever=_refuse)


@cache
def _authority() -> Any:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - where the accelerator is absent, or by wish
    from referencing import Registry  # noqa: PLC0415 - as above

    return Draft202012Validator(checked(), registry=Registry(retrieve=_refuse))  # type: ignore[call-arg]


def _refuse(uri: str) -> NoReturn:
    raise LookupError(f"the schema names {uri}, which is not part of it; nothing is fetched")
