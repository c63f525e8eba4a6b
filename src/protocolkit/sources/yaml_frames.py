"""Lists and mappings while they are being read from YAML, and what stands in for a key that is dropped."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from protocolkit.sources.places import Mark


class Hole(Enum):
    """What stands in place of a key whose value is dropped."""

    COLLECTION = 1  # a list or mapping stands where a key is expected, and is being read
    DROPPED = 2


class Anchored(NamedTuple):
    """What an alias repeats."""

    value: Any
    mark: Mark
    size: int
    height: int


class Frame:
    """A list or mapping that is being read."""

    __slots__ = ("anchor", "before", "data", "flow", "height", "key", "key_end", "key_start", "last", "start")

    data: Any
    children: Any

    def __init__(self, start: int, flow: bool, anchor: str | None, before: int) -> None:
        self.start = start
        self.flow = flow
        self.anchor = anchor
        self.before = before
        self.height = 1
        self.last = start
        self.key: str | Hole | None = None
        self.key_start = self.key_end = start


class Sequence(Frame):
    """A list that is being read."""

    __slots__ = ("children",)

    def __init__(self, start: int, flow: bool, anchor: str | None, before: int) -> None:
        Frame.__init__(self, start, flow, anchor, before)
        self.data: list[Any] = []
        self.children: list[Mark] = []

    wants_key = False

    def put(self, value: Any, mark: Mark) -> None:
        """Take the next item."""
        self.data.append(value)
        self.children.append(mark)
        self.last = mark[1]

    @property
    def step(self) -> str | int:
        """The position of what comes next."""
        return len(self.data)


class Mapping(Frame):
    """A mapping that is being read."""

    __slots__ = ("children",)

    def __init__(self, start: int, flow: bool, anchor: str | None, before: int) -> None:
        Frame.__init__(self, start, flow, anchor, before)
        self.data: dict[str, Any] = {}
        self.children: dict[str, tuple[int, int, Mark]] = {}

    @property
    def wants_key(self) -> bool:
        """Whether a key comes next."""
        return self.key is None

    def put(self, value: Any, mark: Mark) -> None:
        """Take the value of the key that was read last."""
        key, self.key, self.last = self.key, None, mark[1]
        if type(key) is str:
            self.data[key] = value
            self.children[key] = (self.key_start, self.key_end, mark)
        elif key is Hole.COLLECTION:
            self.key = Hole.DROPPED

    @property
    def step(self) -> str | int:
        """The key whose value comes next."""
        return self.key if isinstance(self.key, str) else ""
