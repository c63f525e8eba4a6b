"""Every rule, in the order of its code within its topic."""

from __future__ import annotations

from protocolkit.rules import followup, shape

# What the schema alone decides is documented here and checked there; see `x-rule` in the schema.
SHAPE_RULES = shape.RULES
RULES = (*followup.RULES,)
