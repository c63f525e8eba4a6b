"""Sample sizes recomputed: participants, power, bounds and spending of the methods that protocols name.

`required` computes every quantity of a method, `power` is its inverse for given numbers, `methods` names them all.
Methods of closed form need nothing but Python; the others need the extra `protocolkit[stats]` and say so without it.
"""

from __future__ import annotations

from protocolkit.sample_size.methods import Method, methods, power, required
from protocolkit.sample_size.result import NotComputable, ParameterError, Result

__all__ = ["Method", "NotComputable", "ParameterError", "Result", "methods", "power", "required"]
