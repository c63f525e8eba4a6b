"""Other formats in and out: every value of a source is carried over, set aside for a reason, or told as a loss."""

from __future__ import annotations

from protocolkit.exchange.importing import keys, load
from protocolkit.exchange.result import Count, Imported

__all__ = ["Count", "Imported", "keys", "load"]
