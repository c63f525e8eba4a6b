"""The same computations for checks and drafts, which do one or two a run: their t tests need no library.

SciPy and statsmodels take a second to load, ten times what a check takes. Everything else is computed as `required`
and `power` compute it; tests hold the t tests of both equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.sample_size.methods import computed, computed_power
from protocolkit.sample_size.t_tests import PYTHON

if TYPE_CHECKING:
    from protocolkit.sample_size.result import Result


def required(method: str, **params: Any) -> Result:
    """Compute every quantity of a method; raises as `protocolkit.sample_size.required` does."""
    return computed(method, params, PYTHON)


def power(method: str, **params: Any) -> Result:
    """Compute the power of given numbers; raises as `protocolkit.sample_size.power` does."""
    return computed_power(method, params, PYTHON)
