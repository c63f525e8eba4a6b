"""The methods by name: which parameters each takes, what it computes, and the power that given numbers have."""

from __future__ import annotations

from importlib import import_module
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from protocolkit.sample_size.libraries import named
from protocolkit.sample_size.parameters import read
from protocolkit.sample_size.result import ParameterError, Result
from protocolkit.sample_size.t_tests import LIBRARY, T_TESTS
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from protocolkit.sample_size.parameters import Params
    from protocolkit.sample_size.result import Value
    from protocolkit.sample_size.t_tests import TTests

    Compute = Callable[[Params], dict[str, Value]]

_ANY = "parameters"  # where no single one is at fault
_IN_ALL = frozenset({
    "crossover_2x2_t", "crossover_2x2_ni_z", "ni_paired_t", "tost_crossover_exact",
    "one_mean_t", "one_prop_exact", "one_prop_z", "one_rate_poisson",
})  # fmt: skip


class Method(NamedTuple):
    """One method: the function that computes it, the sets of parameters that it takes, and the library behind it.

    Each alternative is a whole set of parameters. The module of the function is imported when it is first computed.
    """

    function: str
    alternatives: tuple[frozenset[str], ...]
    library: str = ""
    participants: bool = False

    @property
    def name(self) -> str:
        """The name of the method, which is that of its function."""
        return self.function.partition(".")[2]

    @property
    def compute(self) -> Compute:
        """What computes every quantity from the parameters."""
        module, _, name = self.function.partition(".")
        compute: Compute = getattr(import_module(f"protocolkit.sample_size.{module}"), name)
        return compute

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every parameter that the method knows, sorted."""
        return tuple(sorted(frozenset().union(*self.alternatives)))

    @property
    def in_all(self) -> bool:
        """Whether its participants are one number, of people compared with themselves or of one group."""
        return self.name in _IN_ALL

    @property
    def summary(self) -> str:
        """What the method computes, in one sentence."""
        return (self.compute.__doc__ or "").partition("\n")[0]


def _set(*texts: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(text.split()) for text in texts)


def _counts(function: str, parameters: str, library: str = "") -> Method:
    """Declare a method that gives participants, and so has a power for given numbers."""
    return Method(function, _set(parameters), library, participants=True)


def _method(function: str, *parameters: str, library: str = "") -> Method:
    return Method(function, _set(*parameters), library)


def _rates(function: str, parameters: str) -> Method:
    """Declare a method of two rates: that of treatment is stated itself, or by its ratio to the one of control."""
    return Method(function, _set(f"{parameters} rate_trt", f"{parameters} rate_ratio"), participants=True)


_STATSMODELS, _SCIPY, _NUMPY, _GSDESIGN = LIBRARY.library, "scipy", "numpy", "gsdesign"
_EXACT = "math"  # sums of probabilities, without a library
_TEST = "alpha power ratio sided"
_LOSS = "T accrual dropout_hazard"
_FOLLOWED = "mean_followup rate_ctl"
_ENTRY = "accrual dropout_hazard followup median_control"

_METHODS = (
    _counts("means.ancova_t", f"{_TEST} delta rho sd", _STATSMODELS),
    _counts("means.cluster_crossover_means_z", "alpha cac delta icc m power sd sided"),
    _counts("proportions.cluster_crossover_props_z", "alpha cac icc m p1 p2 power sided"),
    _counts("means.cluster_two_means_z", f"{_TEST} delta icc m sd"),
    _counts("proportions.cluster_two_props_z", f"{_TEST} icc m p1 p2"),
    _counts("means.crossover_2x2_ni_z", "alpha margin power sd_m sided true_diff"),
    _counts("means.crossover_2x2_t", "alpha delta power sd_diff sided", _STATSMODELS),
    _method(
        "comparisons.dropout_inflation", "dropout rounding n_per_arm_evaluable",
        f"dropout rounding {_TEST} delta sd", library=_STATSMODELS,
    ),
    _method("comparisons.dunnett_crit", "alpha k sided", library=_SCIPY),
    _counts("means.equiv_means_z", "alpha margin power ratio sd true_diff"),
    _counts("proportions.equiv_props_unpooled", "alpha margin p_ctl p_trt power ratio"),
    _method("survival.equiv_survival_schoenfeld_events", "alpha hr margin power ratio"),
    _counts("survival.equiv_survival_schoenfeld_n", f"alpha hr margin power ratio {_ENTRY}"),
    _method("sequential.gsd_haybittle_peto", "alpha interim_z k sided", library=_GSDESIGN),
    _method("sequential.gsd_inflation", "alpha k power sided type", "alpha info power sided type", library=_GSDESIGN),
    _method("sequential.gsd_ldobf", "alpha info sided", library=_GSDESIGN),
    _method("sequential.gsd_ldpocock", "alpha info sided", library=_GSDESIGN),
    _method("sequential.gsd_means_n", "alpha delta info power sd sided type", library=_GSDESIGN),
    _method("sequential.gsd_obf", "alpha k sided", library=_GSDESIGN),
    _method("sequential.gsd_obf_rounded", "alpha decimals k sided", library=_GSDESIGN),
    _method("sequential.gsd_pocock", "alpha k sided", library=_GSDESIGN),
    _method("sequential.gsd_repeated_testing", "k sided z", library=_GSDESIGN),
    _method("longitudinal.mmrm_ar1_phi", "J retention_J rho_1J", library=_NUMPY),
    _counts("longitudinal.mmrm_luo", f"{_TEST} R delta retention rho sigma visits", _NUMPY),
    _counts("means.ni_means_t", f"{_TEST} margin sd true_diff", _STATSMODELS),
    _counts("means.ni_means_z", f"{_TEST} margin sd true_diff"),
    _counts("means.ni_paired_t", "alpha margin power sd_diff sided true_diff", _STATSMODELS),
    _counts("proportions.ni_props_fm", f"{_TEST} margin outcome p_ctl p_trt"),
    _rates("rates.ni_rates_nb", f"{_TEST} {_FOLLOWED} dispersion margin"),
    _rates("rates.ni_rates_poisson", f"{_TEST} {_FOLLOWED} margin"),
    _counts("proportions.ni_props_unpooled", f"{_TEST} margin p_ctl p_trt"),
    _method("survival.ni_survival_schoenfeld_events", f"{_TEST} hr margin"),
    _counts("survival.ni_survival_schoenfeld_n", f"{_TEST} hr margin {_ENTRY}"),
    _counts("one_group.one_mean_t", "alpha delta power sd sided", _STATSMODELS),
    _counts("one_group.one_prop_exact", "alpha p0 p1 power sided", _EXACT),
    _counts("one_group.one_prop_z", "alpha p0 p1 power sided"),
    _counts("one_group.one_rate_poisson", "alpha mean_followup power rate_null rate_trt sided test_by", _EXACT),
    _method("two_stage.simon_two_stage", "alpha optimality p0 p1 power sided", library=_EXACT),
    _method("sequential.spend_ldobf", "alpha info sided"),
    _method("survival.survival_events_ph", f"{_TEST} surv_ctl surv_trt"),
    _method("survival.survival_freedman_events", f"{_TEST} hr"),
    Method(
        "survival.survival_lachin_foulkes_logrr",
        _set(f"{_TEST} {_LOSS} hr median_ctl", f"{_TEST} {_LOSS} lambda_ctl lambda_trt"), participants=True,
    ),
    _method("survival.survival_schoenfeld_events", f"{_TEST} hr"),
    _counts("survival.survival_schoenfeld_n", f"{_TEST} hr {_ENTRY}"),
    _counts("equivalence.tost_crossover_exact", "alpha cv power theta0 theta1 theta2", _SCIPY),
    _counts("equivalence.tost_parallel_exact", "alpha margin power sd true_diff", _SCIPY),
    _counts("means.two_means_t", f"{_TEST} delta sd", _STATSMODELS),
    _method("means.two_means_t_power", "alpha delta n1 n2 sd sided", library=_STATSMODELS),
    _counts("means.two_means_z", f"{_TEST} delta sd"),
    _counts("means.two_means_z_hetero", f"{_TEST} delta sd_ctl sd_trt"),
    _counts("proportions.two_props_arcsine", f"{_TEST} p1 p2"),
    _counts("proportions.two_props_fm", f"{_TEST} p_ctl p_trt"),
    _counts("proportions.two_props_pooled", f"{_TEST} p1 p2"),
    _rates("rates.two_rates_nb", f"{_TEST} {_FOLLOWED} dispersion null_variance"),
    _rates("rates.two_rates_poisson", f"{_TEST} {_FOLLOWED} null_variance"),
    _method("proportions.two_props_pooled_power", "alpha n1 n2 p1 p2 sided"),
    _counts("proportions.two_props_unpooled", f"{_TEST} p1 p2"),
    _method("means.ci_width_means_z", "alpha half_width ratio sd"),
    _method("precision.ci_width_one_prop", "alpha half_width interval_by p1", library=_EXACT),
    _method(
        "precision.ci_width_one_rate_poisson", "alpha half_width interval_by mean_followup rate_trt", library=_EXACT,
    ),
    _method("comparisons.bonferroni_alpha", "alpha k"),
    _method("vaccines.ve_exact_events", f"{_TEST} ve ve_null", library=_EXACT),
    _method("vaccines.ve_exact_n", f"{_TEST} p_ctl ve ve_null", library=_EXACT),
    _counts("ranks.win_ratio", f"{_TEST} p_tie win_ratio"),
)  # fmt: skip
_BY_NAME: Mapping[str, Method] = MappingProxyType({method.name: method for method in _METHODS})


def methods() -> Mapping[str, Method]:
    """Return the methods by name."""
    return _BY_NAME


def required(method: str, **params: Any) -> Result:
    """Compute every quantity of a method, for example `required("two_means_t", delta=1, sd=2, ...)`.

    `alpha` is the level of the whole test and `sided` 1 or 2; `ratio` is treatment over control. Raises ParameterError
    for a method or parameter that is missing, unknown or out of range, or without a solution; NotComputable where the
    library that the method needs is not installed.
    """
    return computed(method, params, LIBRARY)


def computed(method: str, params: Params, t_tests: TTests) -> Result:
    """Compute every quantity of a method, its t tests by what is given; raises as `required` does."""
    known = _known(method)
    read_in = {**_read(known, params), T_TESTS: t_tests}
    library = _library(known, t_tests)
    return Result(method, MappingProxyType(dict(params)), library, _within_reach(known.compute, read_in))


def power(method: str, **params: Any) -> Result:
    """Compute the power that given numbers of participants have under a method.

    `n_treatment` and `n_control` are the participants of each arm; for crossover and paired methods, and those of one
    group, `n_total` is given in their place. The other parameters are those of `required` without `power` and `ratio`.
    Raises as `required` does, and ParameterError for a method that gives no participants.
    """
    return computed_power(method, params, LIBRARY)


def computed_power(method: str, params: Params, t_tests: TTests) -> Result:
    """Compute the power of given numbers, the t tests by what is given; raises as `power` does."""
    known = _known(method)
    if not known.participants:
        raise ParameterError("method", f"{method} gives no participants, so that numbers have no power under it")
    counts = ("n_total",) if known.in_all else ("n_treatment", "n_control")
    for name in counts:
        if name not in params:
            raise ParameterError(name, f"the power of {method} needs it")
    numbers = [float(read(name, params[name])) for name in counts]
    given = {name: value for name, value in params.items() if name not in counts}
    if "ratio" in known.parameters:
        given = {**given, "ratio": numbers[0] / numbers[1]}
    read_in = {**_read(known, {**given, "power": 0.5}), T_TESTS: t_tests}
    from protocolkit.sample_size.powers import reached  # noqa: PLC0415 - asked seldom, by modules of several methods

    library = _library(known, t_tests)
    found = _within_reach(lambda values: {"power": reached(known, numbers, values)}, read_in)
    return Result(method, MappingProxyType(dict(params)), library, found)


def _within_reach(compute: Callable[[dict[str, Any]], dict[str, Value]], params: dict[str, Any]) -> dict[str, Value]:
    """Compute quantities.

    Raises ParameterError where values are so large or so small that numbers cannot hold what follows from them.
    """
    try:
        found = compute(params)
    except ParameterError:
        raise
    except (ArithmeticError, ValueError) as error:  # division by what has become 0, overflow, the root of nothing
        told = f"numbers cannot hold what follows from values so large or so small ({error})"
        raise ParameterError(_ANY, told) from error
    numbers = [number for value in found.values() for number in (value if isinstance(value, tuple) else (value,))]
    if not all(map(isfinite, numbers)):
        raise ParameterError(_ANY, "no finite number follows from values so large or so small")
    return found


def _library(method: Method, t_tests: TTests) -> str:
    """Return the library that computes a method, with its version; its t tests may be computed by another."""
    return named(t_tests.library if method.library == LIBRARY.library else method.library)


def _known(method: str) -> Method:
    if method not in _BY_NAME:
        from difflib import get_close_matches  # noqa: PLC0415 - for a wrong name only

        close = get_close_matches(str(method), _BY_NAME, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise ParameterError("method", f"there is no method {method!r}{hint}")
    return _BY_NAME[method]


def _read(method: Method, params: Params) -> dict[str, Any]:
    for name in params:
        if name not in method.parameters:
            raise ParameterError(name, f"{method.name} has no such parameter; it takes {', '.join(method.parameters)}")
    wanted = max(method.alternatives, key=lambda names: len(names & params.keys()) - len(names - params.keys()))
    for name in sorted(wanted):
        if name not in params:
            raise ParameterError(name, f"{method.name} needs it")
    for name in params:
        if name not in wanted:
            raise ParameterError(name, f"it does not go together with {', '.join(sorted(wanted))}")
    return {name: read(name, value) for name, value in params.items()}
