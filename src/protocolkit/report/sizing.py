"""Sample sizes for people and programs: one computation, a table of varied inputs, or those that a protocol states."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from protocolkit.errors import UsageError
from protocolkit.rules.statistics_recompute import Unusable, inputs
from protocolkit.sample_size import NotComputable, ParameterError, methods, required
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from protocolkit.document import Document
    from protocolkit.sample_size import Method, Result

_MOST = 10_000


class Sized(NamedTuple):
    """One computation: what it is called, its method and inputs, and the result or why there is none."""

    name: str
    method: str
    params: Mapping[str, Any]
    result: Result | None
    reason: str = ""


def method_of(name: str) -> Method:
    """Return a method by its name.

    Raises UsageError for one that does not exist, with the nearest names.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - for a name that may be wrong

    if name not in methods():
        near = get_close_matches(name, methods(), n=3, cutoff=0.5)
        meant = f"; did you mean {' or '.join(near)}?" if near else f"; there are {', '.join(methods())}"
        raise UsageError(f"there is no method {name!r}{meant}")
    return methods()[name]


def assigned(texts: Iterable[str]) -> dict[str, Any]:
    """Read `name=value` arguments: numbers, lists of numbers parted by commas, or words; a ratio also as `2:1`.

    Raises UsageError for a text of another form, and for a name that stands twice.
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name or not value:
            raise UsageError(f"{text!r} is no input; write name=value, for example delta=1")
        if name in found:
            raise UsageError(f"{name} is given twice")
        found[name] = _ratio(value) if name == "ratio" else _value(value)
    return found


def _ratio(text: str) -> Any:
    """Read a ratio of allocation as a protocol writes it, `2:1`, or as the number of the first to the second arm."""
    if "," in text:
        return tuple(_ratio(part) for part in text.split(","))
    parts = [_value(part) for part in text.split(":")]
    if len(parts) == 2 and all(isinstance(part, int) and part > 0 for part in parts):  # noqa: PLR2004 - two arms
        return parts[0] / parts[1]
    return _value(text)


def _value(text: str) -> Any:
    if "," in text:
        return tuple(_value(part) for part in text.split(","))
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def varied(method: str, params: Mapping[str, Any], ranges: Mapping[str, Sequence[Any]]) -> tuple[Sized, ...]:
    """Compute a method for every combination of some inputs.

    Raises UsageError for an input that the method does not take or that cannot be used, and for too many combinations;
    RuntimeError (NotComputable) where the library that the method needs is not installed.
    """
    combinations = list(product(*ranges.values()))
    if len(combinations) > _MOST:
        raise UsageError(f"{len(combinations):,} combinations are more than {_MOST:,}")
    return tuple(_computed(method, {**params, **dict(zip(ranges, values, strict=True))}) for values in combinations)


def _computed(method: str, params: dict[str, Any]) -> Sized:
    try:
        return Sized("", method, params, required(method, **params))
    except ParameterError as error:
        known = method_of(method).parameters
        takes = f"; {method} takes {', '.join(known)}" if error.parameter in known else ""  # else the error says it
        raise UsageError(f"{error}{takes}") from error


def stated(document: Document) -> tuple[Sized, ...]:
    """Compute again what a protocol states; a computation that cannot be done says why.

    Raises UsageError where the protocol states none.
    """
    entries = list(document.root["statistics"]["sample_size"])
    if not entries:
        raise UsageError(f"{document.name} states no sample size (statistics.sample_size)")
    return tuple(_again(entry) for entry in entries)


def _again(entry: Any) -> Sized:
    name = " ".join(entry[key].text for key in ("objective", "endpoint") if entry[key]) or entry.pointer
    method = entry["method"].text
    if method not in methods():
        return Sized(name, method, {}, None, f"{method or 'no method'} is not recomputed")
    params: dict[str, Any] = {}
    try:
        params = inputs(entry, methods()[method].parameters)
        return Sized(name, method, params, required(method, **params))
    except (ParameterError, Unusable, NotComputable) as error:
        return Sized(name, method, params, None, str(error))


def to_json(rows: Iterable[Sized]) -> list[dict[str, Any]]:
    """Return computations as plain data."""
    return [
        {"name": row.name, "method": row.method, "params": _plain(row.params), "reason": row.reason,
         "library": row.result.library if row.result else "", "result": _plain(row.result or {})}
        for row in rows
    ]  # fmt: skip


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def as_text(rows: Sequence[Sized], ranges: Iterable[str] = ()) -> str:
    """Write computations: one as a list of its quantities, several as a table over what varies."""
    names = tuple(ranges)
    return _table(rows, names) if names else "\n".join(_one(row) for row in rows)


def _one(row: Sized) -> str:
    head = f"{row.name}: {row.method}" if row.name else row.method
    inputs_told = ", ".join(f"{name} {shown(value)}" for name, value in row.params.items())
    if row.result is None:
        return f"{head}\n  {inputs_told}\n  not computed: {row.reason}\n"
    width = max(map(len, row.result), default=0)
    lines = [f"  {name:<{width}}  {shown(value)}" for name, value in row.result.items()]
    return "\n".join([f"{head} ({row.result.library})", f"  {inputs_told}", "", *lines, ""])


def _table(rows: Sequence[Sized], names: tuple[str, ...]) -> str:
    first = rows[0].result
    heads = [*names, *(name for name in first or () if not name.endswith("_real"))]
    cells = [heads]
    for row in rows:
        values = {**row.params, **(row.result or {})}
        cells.append([shown(values.get(head, "")) for head in heads])
    widths = [max(len(line[column]) for line in cells) for column in range(len(heads))]
    fixed = {name: value for name, value in rows[0].params.items() if name not in names}
    told = ", ".join(f"{name} {shown(value)}" for name, value in fixed.items())
    body = ["  ".join(text.rjust(width) for text, width in zip(line, widths, strict=True)) for line in cells]
    return "\n".join([f"{rows[0].method} ({first.library if first else ''})", f"  {told}", "", *body, ""])


def shown(value: Any) -> str:
    """Write a number with six digits at most, a list of them in order."""
    if isinstance(value, tuple):
        return " ".join(shown(part) for part in value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)
