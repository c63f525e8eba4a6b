"""What a format must bring with it to be imported: how it is recognised, what is refused, how it is carried over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.document import Path
    from protocolkit.exchange.source import Aside, Cursor
    from protocolkit.exchange.transfer import Transfer


class Format(NamedTuple):
    """One format. `recognise` and `records` look at the whole data, the other functions at one record.

    `refuse` gives the place and the reason where a record cannot become a protocol; `carry` writes the protocol;
    `name` and `dated` say how the record is called and from when it is; `aside` lists what is left out on purpose.
    """

    key: str
    title: str
    recognise: Callable[[Any], bool]
    records: Callable[[Any], list[Path]]
    refuse: Callable[[Cursor], tuple[Cursor, str] | None]
    carry: Callable[[Transfer, Cursor], None]
    name: Callable[[Cursor], str]
    dated: Callable[[Cursor], str]
    aside: tuple[Aside, ...]
