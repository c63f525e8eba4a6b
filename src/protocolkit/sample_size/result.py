"""What a computation of a sample size gives, and the ways in which it can fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any

Value = int | float | tuple[float, ...]

# A solver stops within about 1e-10 of a whole number; that much is no reason for one more participant.
_SLACK = 1e-9  # relative, from one on


class ParameterError(ValueError):
    """A parameter that is missing, unknown, out of range, or that admits no solution; `parameter` names it."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(f"{parameter}: {message}")
        self.parameter = parameter


class NotComputable(RuntimeError):  # noqa: N818 - said to people, not only raised
    """A library that a method needs is not installed."""


class Result(Mapping[str, Value]):
    """The quantities of one computation, with the method, its parameters and the library that computed them."""

    __slots__ = ("library", "method", "params", "quantities")

    def __init__(self, method: str, params: Mapping[str, Any], library: str, quantities: Mapping[str, Value]) -> None:
        self.method, self.params, self.library, self.quantities = method, params, library, quantities

    def __repr__(self) -> str:
        return f"Result({self.method!r}, {self.params!r}, {self.library!r}, {self.quantities!r})"

    def __getitem__(self, name: str) -> Value:
        """Return a quantity.

        Raises KeyError that lists the quantities there are.
        """
        if name not in self.quantities:
            raise KeyError(f"{self.method} has no {name}; it has {', '.join(self.quantities)}")
        return self.quantities[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.quantities)

    def __len__(self) -> int:
        return len(self.quantities)


def whole(value: float) -> int:
    """Round a number of participants up."""
    return ceil(value - _SLACK * max(1.0, abs(value)))


def even(value: float) -> int:
    """Round a number up to the next even one."""
    return 2 * whole(value / 2)


def arms(treatment: float, control: float, ratio: float) -> dict[str, Value]:
    """Name the numbers of two arms: per arm where the allocation is equal, else each arm, and always the total.

    `n_total_ceil`, `n_total_arm_ceil` and `n_total_evaluable` add the arms after each is rounded up.
    """
    total = whole(treatment) + whole(control)
    if ratio == 1:
        named: dict[str, Value] = {"n_per_arm_real": treatment, "n_per_arm_ceil": whole(treatment)}
    else:
        named = {
            "n_treatment_real": treatment, "n_treatment_ceil": whole(treatment),
            "n_control_real": control, "n_control_ceil": whole(control),
        }  # fmt: skip
    return {
        **named, "n_total_real": treatment + control, "n_total_ceil": total, "n_total_arm_ceil": total,
        "n_total_evaluable": total,
    }  # fmt: skip
