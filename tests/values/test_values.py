"""Our values against those of `typing`, whose names they bear."""

from __future__ import annotations

import pickle
import typing

import pytest

from protocolkit import values


class Ours(values.NamedTuple):
    """A value with a default."""

    name: str
    size: int = 3

    @property
    def twice(self) -> int:
        """Twice the size."""
        return 2 * self.size


class Theirs(typing.NamedTuple):
    """The same, as `typing` makes it."""

    name: str
    size: int = 3


def test_values_do_what_those_of_typing_do() -> None:
    """Fields, defaults, equality, order, printing, changes, and the way between processes."""
    ours, theirs = Ours("a"), Theirs("a")
    assert ours == theirs == ("a", 3)
    assert (ours.name, ours.size, ours.twice) == ("a", 3, 6)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert ours._replace(size=4) == theirs._replace(size=4) == Ours(name="a", size=4)
    assert ours._asdict() == theirs._asdict()
    assert Ours._make(["b", 1]) == Theirs._make(["b", 1])
    assert Ours._fields == Theirs._fields
    assert pickle.loads(pickle.dumps(ours)) == ours  # noqa: S301 - our own bytes
    match ours:
        case Ours(name, size):
            assert (name, size) == ("a", 3)
    with pytest.raises(TypeError):
        Ours()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        ours._replace(length=1)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        ours.name = "b"  # type: ignore[misc]
