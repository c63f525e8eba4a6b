"""What the parameters of the methods may be, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import isfinite
from typing import Any

from protocolkit.sample_size.result import ParameterError
from protocolkit.values import NamedTuple

Params = Mapping[str, Any]


class _Range(NamedTuple):
    """The values that a number may take, in words and as a test."""

    words: str
    holds: Callable[[float], bool]


_ANY = _Range("a finite number", isfinite)
_POSITIVE = _Range("a number above 0", lambda value: value > 0)
_NOT_NEGATIVE = _Range("a number of at least 0", lambda value: value >= 0)
_OPEN = _Range("a number between 0 and 1, both excluded", lambda value: 0 < value < 1)
_FROM_ZERO = _Range("a number from 0 up to but not including 1", lambda value: 0 <= value < 1)
_CORRELATION = _Range("a correlation between -1 and 1, both excluded", lambda value: -1 < value < 1)

_RANGES = {
    **dict.fromkeys(("alpha", "power", "p0", "p1", "p2", "p_ctl", "p_trt", "surv_ctl", "surv_trt"), _OPEN),
    **dict.fromkeys(("sd", "sd_diff", "sd_m", "sd_ctl", "sd_trt", "sigma", "ratio", "margin", "half_width", "cv", "hr",
                     "T", "accrual", "median_ctl", "median_control", "lambda_ctl", "lambda_trt", "interim_z", "z",
                     "theta0", "theta1", "theta2", "rate_ctl", "rate_null", "rate_trt", "rate_ratio", "mean_followup",
                     "win_ratio"), _POSITIVE),
    **dict.fromkeys(("followup", "dropout_hazard", "dispersion"), _NOT_NEGATIVE),
    **dict.fromkeys(("icc", "dropout", "p_tie"), _FROM_ZERO),
    **dict.fromkeys(("rho", "rho_1J"), _CORRELATION),
    **dict.fromkeys(("delta", "true_diff"), _ANY),
    **dict.fromkeys(("ve", "ve_null"), _Range("an efficacy below 1 (60 % is 0.6)", lambda value: value < 1)),
    "m": _Range("a mean size of at least 1", lambda value: value >= 1),
    "cac": _Range("a number from 0 to 1", lambda value: 0 <= value <= 1),
    "retention_J": _Range("a proportion above 0 and up to 1", lambda value: 0 < value <= 1),
}  # fmt: skip
_COUNTS = {
    "k": 1, "n1": 2, "n2": 2, "n_per_arm_evaluable": 1, "visits": 1, "J": 2, "decimals": 0,
    "n_treatment": 2, "n_control": 2, "n_total": 4,
}  # fmt: skip
_MOST = {"visits": 1_000, "J": 1_000, "decimals": 15, **dict.fromkeys(("n_treatment", "n_control", "n_total"), 10**10)}
_MOST_LISTED = 50
_WORDS = {
    "outcome": ("failure", "success"),
    "null_variance": ("reference", "assumed", "maximum_likelihood"),
    "interval_by": ("exact", "wilson", "wald"),
    "optimality": ("optimal", "minimax"),
    "test_by": ("exact", "normal"),
    "rounding": ("per_arm", "total"),
    "R": ("exchangeable", "ar1"),
    "type": ("pocock", "obf", "ldobf", "ldpocock"),
}


def read(name: str, value: Any) -> Any:
    """Read one parameter.

    Raises ParameterError for a value that it cannot have.
    """
    if name == "sided":
        if value in (1, 2) and not isinstance(value, bool):
            return int(value)
        raise ParameterError(name, f"a test has 1 or 2 sides, not {value!r}")
    if name in _WORDS:
        if value in _WORDS[name]:
            return value
        raise ParameterError(name, f"one of {', '.join(_WORDS[name])} is needed, not {value!r}")
    if name in ("info", "retention"):
        return _series(name, value)
    if name in _COUNTS:
        return _count(name, value)
    return _number(name, value, _RANGES[name])


def _number(name: str, value: Any, wanted: _Range) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ParameterError(name, f"{wanted.words} is needed, not {value!r}")
    number = float(value)
    if not isfinite(number) or not wanted.holds(number):
        raise ParameterError(name, f"{wanted.words} is needed, not {value!r}")
    return number


def _count(name: str, value: Any) -> int:
    least = _COUNTS[name]
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole or value < least:
        raise ParameterError(name, f"a whole number of at least {least} is needed, not {value!r}")
    if name in _MOST and value > _MOST[name]:
        raise ParameterError(name, f"at most {_MOST[name]:,} can be computed with, not {value!r}")
    return int(value)


def _series(name: str, value: Any) -> tuple[float, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise ParameterError(name, f"a list of numbers is needed, not {value!r}")
    if len(value) > _MOST_LISTED:
        raise ParameterError(name, f"at most {_MOST_LISTED} numbers can be computed with, not {len(value)}")
    share = _Range("a number above 0 and up to 1", lambda number: 0 < number <= 1)
    numbers = tuple(_number(name, item, share) for item in value)
    pairs = list(pairwise(numbers))
    if name == "info" and (numbers[-1] != 1 or any(a >= b for a, b in pairs)):
        raise ParameterError(name, f"the fractions of information rise and end with 1, unlike {value!r}")
    if name == "retention" and (numbers[0] != 1 or any(a < b for a, b in pairs)):
        raise ParameterError(name, f"retention begins with 1 and never rises, unlike {value!r}")
    return numbers
