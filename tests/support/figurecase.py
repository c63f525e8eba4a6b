"""The drawing of a case, its boxes by their words, and whether an arrow leads from one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import contentcase
import pytest
import yaml

from protocolkit.render.blocks import Box, Figure, Landscape

if TYPE_CHECKING:
    from protocolkit.render.blocks import Arrow

SAYS = contentcase.ROOT / "tests" / "cases" / "content" / "says"


def figure(data: dict[str, Any]) -> Figure:
    """Return the trial schema of data."""
    made = contentcase.of(data).blocks
    flat = [inner for block in made for inner in (block.blocks if isinstance(block, Landscape) else (block,))]
    return next(block for block in flat if isinstance(block, Figure))


def case(name: str) -> Figure:
    """Return the trial schema of a case."""
    return figure({"protocolkit": 1, **yaml.safe_load((SAYS / f"{name}.yaml").read_text("utf-8"))["protocol"]})


def box(drawn: Figure, *lines: str) -> Box:
    """Return the box with some words."""
    return next(each for each in drawn.boxes if each.lines[: len(lines)] == lines)


def leads(arrow: Arrow, one: Box, other: Box) -> bool:
    """Say whether an arrow goes from the middle of the right edge of one box to the left edge of another."""
    start = (one.x + one.width, one.y + one.height / 2)
    end = (other.x, other.y + other.height / 2)
    return (arrow.from_x, arrow.from_y, arrow.to_x, arrow.to_y) == pytest.approx((*start, *end))
