"""Whether a document fits the schema, by either of two engines; no reference is ever followed out of the schema."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NoReturn

from protocolkit.errors import UsageError
from protocolkit.schema.bundled import checked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jsonschema import ValidationError

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


def fits(content: Any, wanted: str = "auto") -> bool:
    """Say whether a document's content fits the schema, as far as the schema alone decides it."""
    if engine(wanted) == "rs":
        return _accelerated()(content)
    return next(iter(errors(content)), None) is None


def errors(content: Any) -> Iterable[ValidationError]:
    """Yield every fault of a document's content as the authority, `jsonschema`, tells it."""
    faulty: Iterable[ValidationError] = _authority().iter_errors(content)
    return faulty


@cache
def _accelerated() -> Callable[[Any], bool]:
    import jsonschema_rs  # noqa: PLC0415 - optional

    validator = jsonschema_rs.validator_for(checked(), retriever=_refuse)
    is_valid: Callable[[Any], bool] = validator.is_valid
    return is_valid


@cache
def _authority() -> Any:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - needed for a file with faults only
    from referencing import Registry  # noqa: PLC0415 - as above

    return Draft202012Validator(checked(), registry=Registry(retrieve=_refuse))  # type: ignore[call-arg]


def _refuse(uri: str) -> NoReturn:
    raise LookupError(f"the schema names {uri}, which is not part of it; nothing is fetched")
