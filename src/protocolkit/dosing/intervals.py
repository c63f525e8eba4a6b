"""Days of administrations at an interval that is fitted to the participant: the most and the fewest there can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal


class Interval(NamedTuple):
    """An interval in days: its limits, the day from which it may be adjusted, and what it is before that.

    `longest` is None where there is no limit, `usual` where it may be adjusted from the first administration on.
    """

    shortest: Decimal
    longest: Decimal | None
    adjusted_from: Decimal
    usual: Decimal | None

    def most(self, first: Decimal, last: Decimal) -> Iterator[Decimal]:
        """Yield the days from the first to the last at the shortest interval, as soon as it may be adjusted."""
        before = None
        for before in self._fixed(first, last):
            yield before
        day = first if before is None else max(self.adjusted_from, before + self.shortest)
        while day <= last:
            yield day
            day += self.shortest

    def fewest(self, first: Decimal, last: Decimal) -> Iterator[Decimal]:
        """Yield the days from the first to the last at the longest interval; one only where it has no limit."""
        before = None
        for before in self._fixed(first, last):
            yield before
        if before is None and first <= last:
            yield (before := first)
        while self.longest and before is not None and (before := before + self.longest) <= last:
            yield before

    def _fixed(self, first: Decimal, last: Decimal) -> Iterator[Decimal]:
        """Yield the days before the interval may be adjusted, and the day itself where it is one."""
        while self.usual and first <= min(self.adjusted_from, last):
            yield first
            first += self.usual
