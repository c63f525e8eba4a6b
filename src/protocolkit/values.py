"""Frozen values with named fields, made faster than `typing` makes them: a check of one file defines some eighty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType
    from typing import NamedTuple, Self
else:
    from collections import _tuplegetter as _getter  # what namedtuple uses, on every implementation of Python
    from functools import cache
    from types import FunctionType

    _new = tuple.__new__
    _GLOBALS = {"_new": _new}

    @cache
    def _making(count: int) -> CodeType:
        """Compile what makes a value of so many fields; classes of as many fields differ in the names alone."""
        listed = "".join(f"_{index}, " for index in range(count))
        return eval(f"lambda _cls, {listed}: _new(_cls, ({listed}))").__code__  # noqa: S307 - numbers only

    class _Fields(tuple):
        """What every value can do; these methods have the names and results of those of `typing.NamedTuple`."""

        __slots__ = ()
        _fields: tuple[str, ...] = ()

        @classmethod
        def _make(cls, values: Iterable[Any]) -> Self:
            """Return the value of some contents, one for each field."""
            return cls(*values)

        def _replace(self, /, **changes: Any) -> Self:
            """Return the value with other contents in some fields; TypeError for a field that it has not."""
            if not changes.keys() <= set(self._fields):
                raise TypeError(f"{type(self).__name__} has no field {', '.join(changes.keys() - set(self._fields))}")
            return _new(type(self), [changes.get(name, own) for name, own in zip(self._fields, self, strict=True)])

        def _asdict(self) -> dict[str, Any]:
            """Return the fields by their names, in order."""
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            """Write the value as a call that makes it."""
            told = ", ".join(f"{name}={own!r}" for name, own in self._asdict().items())
            return f"{type(self).__name__}({told})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            """Let values travel between processes."""
            return tuple(self)

    class _Named(type):
        """Make a class of values from the annotations of its body; a default is what the body assigns."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            defaults = tuple(body[field] for field in fields if field in body)
            code = _making(len(fields)).replace(co_varnames=("_cls", *fields))
            making = FunctionType(code, _GLOBALS, "__new__", defaults)
            making.__qualname__ = f"{name}.__new__"
            body |= {field: _getter(index, None) for index, field in enumerate(fields)}
            own = {"__slots__": (), "_fields": fields, "__match_args__": fields, "__new__": making}
            return type(name, (_Fields,), body | own)

    class NamedTuple(metaclass=_Named):
        """Base of values: a tuple whose places have names, as `typing.NamedTuple` makes it.

        `typing` compiles each annotation, which takes three times as long as all the rest; nothing here reads them.
        """


__all__ = ["NamedTuple"]
