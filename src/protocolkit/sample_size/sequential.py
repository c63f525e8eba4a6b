"""Group-sequential designs: spending functions, bounds, inflation, errors, by recursive integration."""

from __future__ import annotations

from math import e, log, sqrt
from typing import TYPE_CHECKING, Any

from protocolkit.sample_size.libraries import module
from protocolkit.sample_size.means import two_means_t
from protocolkit.sample_size.normal import STANDARD, both, one_side, root, root_upwards, upper
from protocolkit.sample_size.result import ParameterError, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from protocolkit.sample_size.parameters import Params

_GRID = 32
_WIDEST = 20.0
_MOST_LOOKS = 50


class _Looks:
    """The recursive integration over the looks of a design, by the kernel of `gsdesign`.

    Jennison, Turnbull (2000), Group sequential methods, chapter 19. `info` are fractions of information; a two-sided
    design goes on between symmetric bounds, a one-sided one below its bound.
    """

    def __init__(self, info: Sequence[float], sided: int, drift: float = 0.0) -> None:
        self._kernel = module("gsdesign")
        self.info = tuple(info)
        self.two_sided = sided == 2  # noqa: PLR2004 - sides of a test
        self._drift = drift
        self._state: Any = None
        self._look = 0

    def crossing(self, bound: float) -> float:
        """Return the probability of first crossing the upper bound at this look."""
        return float(self._density(bound, float("inf"))[2].sum())

    def goes_on(self, bound: float) -> None:
        """Go on to the next look, the bound not crossed."""
        self._state = self._density(-bound if self.two_sided else -float("inf"), bound)
        self._look += 1

    def _density(self, low: float, high: float) -> Any:
        now = self.info[self._look]
        if self._state is None:
            return self._kernel.h1(r=_GRID, theta=self._drift, info=now, a=low, b=high)
        before = self.info[self._look - 1]
        return self._kernel.hupdate(_GRID, self._drift, now, low, high, self._drift, before, self._state)


def crossing_probability(bounds: Sequence[float], info: Sequence[float], sided: int, drift: float = 0.0) -> float:
    """Return the probability of crossing the upper bounds at any look, for a drift (mean of z at full information)."""
    looks = _Looks(info, sided, drift)
    total = 0.0
    for bound in bounds:
        total += looks.crossing(bound)
        looks.goes_on(bound)
    return total


def _equal(k: int) -> tuple[float, ...]:
    """Return the fractions of information at equally spaced looks.

    Raises ParameterError where there are more than anybody plans.
    """
    if k > _MOST_LOOKS:
        raise ParameterError("k", f"at most {_MOST_LOOKS} looks are computed")
    return tuple((look + 1) / k for look in range(k))


def _scaled(shape: Sequence[float], info: Sequence[float], params: Params) -> tuple[float, ...]:
    """Return the bounds of a shape, scaled so that the level is kept."""
    level, sided = one_side(params), params["sided"]

    def below(scale: float) -> float:
        return level - crossing_probability([scale * value for value in shape], info, sided)

    scale = root(below, 0.1, _WIDEST)
    return tuple(scale * value for value in shape)


def pocock_bounds(params: Params) -> tuple[float, ...]:
    """Return the constant bounds of Pocock (1977), Biometrika 64:191."""
    info = _equal(params["k"])
    return _scaled([1.0] * len(info), info, params)


def obf_bounds(params: Params) -> tuple[float, ...]:
    """Return the bounds of O'Brien and Fleming (1979), Biometrics 35:549; they fall with the root of information."""
    info = _equal(params["k"])
    return _scaled([1 / sqrt(share) for share in info], info, params)


def _ldobf(level: float, share: float) -> float:
    """Return what is spent of a one-sided level; Lan, DeMets (1983), Biometrika 70:659, like O'Brien and Fleming."""
    return 2 * (1 - STANDARD.cdf(upper(level / 2) / sqrt(share)))


def _ldpocock(level: float, share: float) -> float:
    """Return what is spent of a one-sided level; Lan, DeMets (1983), like Pocock."""
    return level * log(1 + (e - 1) * share)


def _spending_bounds(spend: Callable[[float, float], float], params: Params) -> tuple[float, ...]:
    """Return the bounds that spend the level at each look as a spending function says."""
    level, info = one_side(params), params["info"]
    looks = _Looks(info, params["sided"])
    bounds: list[float] = []
    spent = 0.0
    for share in info:
        due = spend(level, share) - spent
        bounds.append(root(lambda bound, due=due: due - looks.crossing(bound), -2.0, _WIDEST))  # type: ignore[misc]
        looks.goes_on(bounds[-1])
        spent += due
    return tuple(bounds)


def _bounds(params: Params) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the bounds of a design by its type, and the fractions of information at its looks."""
    kind = params["type"]
    if kind in ("pocock", "obf"):
        shares = _equal(_number_of_looks(params))
        if params.get("info", shares) != shares:
            raise ParameterError("info", f"the bounds of {kind} are for equally spaced looks; use ld{kind}")
        counted = {**params, "k": len(shares)}
        return (pocock_bounds if kind == "pocock" else obf_bounds)(counted), shares
    info = params.get("info") or _equal(_number_of_looks(params))
    spend = _ldobf if kind == "ldobf" else _ldpocock
    return _spending_bounds(spend, {**params, "info": info}), info


def _number_of_looks(params: Params) -> int:
    return params["k"] if "k" in params else len(params["info"])


def gsd_pocock(params: Params) -> dict[str, Value]:
    """Critical values of Pocock's design at `k` equally spaced looks.

    Jennison, Turnbull (2000), table 2.1; rpact's type P.
    """
    return {"critical_values": pocock_bounds(params)}


def gsd_obf(params: Params) -> dict[str, Value]:
    """Critical values of the design of O'Brien and Fleming at `k` equally spaced looks.

    Jennison, Turnbull (2000), table 2.3; rpact's type OF.
    """
    return {"critical_values": obf_bounds(params)}


def gsd_obf_rounded(params: Params) -> dict[str, Value]:
    """Critical values of O'Brien and Fleming as protocols print them, rounded to `decimals`."""
    return {"critical_values": tuple(round(bound, params["decimals"]) for bound in obf_bounds(params))}


def gsd_ldobf(params: Params) -> dict[str, Value]:
    """Critical values that spend the level like O'Brien and Fleming at the given fractions of information.

    Lan, DeMets (1983); rpact's type asOF.
    """
    return {"critical_values": _spending_bounds(_ldobf, params)}


def gsd_ldpocock(params: Params) -> dict[str, Value]:
    """Critical values that spend the level like Pocock at the given fractions of information.

    Lan, DeMets (1983); rpact's type asP.
    """
    return {"critical_values": _spending_bounds(_ldpocock, params)}


def spend_ldobf(params: Params) -> dict[str, Value]:
    """Level spent up to each look by the spending function like O'Brien and Fleming; both sides together.

    Lan, DeMets (1983), alpha_1*.
    """
    spent = (params["sided"] * _ldobf(one_side(params), share) for share in params["info"])
    return {"cumulative_alpha": tuple(spent)}


def gsd_haybittle_peto(params: Params) -> dict[str, Value]:
    """Compute the final critical value where every interim look uses the fixed `interim_z`.

    Haybittle (1971), Br J Radiol 44:793; Peto and others (1976), Br J Cancer 34:585.
    """
    info, level = _equal(params["k"]), one_side(params)
    interim = [params["interim_z"]] * (len(info) - 1)

    def below(final: float) -> float:
        return level - crossing_probability([*interim, final], info, params["sided"])

    if below(_WIDEST) < 0:
        raise ParameterError("interim_z", "the interim looks alone spend more than the level")
    final = root(below, 0.1, _WIDEST)
    return {"final_critical": final, "critical_values": (*interim, final)}


def gsd_inflation(params: Params) -> dict[str, Value]:
    """Largest information of a group-sequential design over that of the design with one look.

    Jennison, Turnbull (2000), tables 2.2 and 2.4; rpact's `getDesignCharacteristics`. Equally spaced `k` looks, or
    `info`.
    """
    bounds, info = _bounds(params)

    def short(drift: float) -> float:
        wanted: float = params["power"]
        return crossing_probability(bounds, info, params["sided"], drift) - wanted

    drift = root_upwards(short, 1e-3)
    return {"inflation": (drift / both(params)) ** 2, "critical_values": bounds, "drift": drift}


def gsd_means_n(params: Params) -> dict[str, Value]:
    """Largest number of participants of a group-sequential comparison of two means, equal arms.

    The t test's number times the inflation of the design, as rpact's `getSampleSizeMeans` does.
    """
    inflation = gsd_inflation(params)["inflation"]
    fixed = two_means_t({**params, "ratio": 1.0})["n_total_real"]
    assert isinstance(inflation, float)  # noqa: S101 - narrows the type; see gsd_inflation
    assert isinstance(fixed, float)  # noqa: S101 - as above
    return {"n_total_max_real": fixed * inflation, "inflation": inflation, "n_total_fixed_real": fixed}


def gsd_repeated_testing(params: Params) -> dict[str, Value]:
    """Type 1 error of testing `k` times at equal intervals with the same critical value `z`.

    Armitage, McPherson, Rowe (1969), J R Stat Soc A 132:235.
    """
    info = _equal(params["k"])
    crossed = crossing_probability([params["z"]] * len(info), info, params["sided"])
    return {"type1_error": params["sided"] * crossed}
