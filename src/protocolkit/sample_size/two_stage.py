"""Simon's designs of two stages: one proportion against a fixed one, with an end after the first stage for futility."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate, count
from math import inf
from typing import TYPE_CHECKING

from protocolkit.sample_size.distributions import binomial
from protocolkit.sample_size.normal import one_side
from protocolkit.sample_size.result import ParameterError, Value
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.sample_size.parameters import Params

_MOST = 300  # participants beyond which nobody plans such a trial


class Design(NamedTuple):
    """Stop after `n1` with at most `r1` responses; the treatment fails with at most `r` of `n` in all."""

    r1: int
    n1: int
    r: int
    n: int
    expected: float


def simon_two_stage(params: Params) -> dict[str, Value]:
    """Participants of a trial of two stages that ends after the first one where too few respond.

    Simon (1989), Control Clin Trials 10:1. After `n1` participants it ends with at most `r1` responses; after all of
    them the treatment is not taken further with at most `r`. `optimality` is `optimal` for the least number expected
    under `p0` (`expected_n`), `minimax` for the least number in all. `stop_early` is the probability of an end after
    the first stage under `p0`, `exact_alpha` and `achieved_power` are those of the design.
    """
    if params["p1"] <= params["p0"]:
        raise ParameterError("p1", "the proportion assumed must be above the one that is of no interest, p0")
    found = _minimax(params) if params["optimality"] == "minimax" else _optimal(params)
    r1, n1, r, n, expected = found
    stopped = 1 - _above(n1, params["p0"])[r1]
    return {
        "n_total": n, "n_total_ceil": n, "n1": n1, "r1": r1, "r": r, "expected_n": expected, "stop_early": stopped,
        "exact_alpha": shown(found, params["p0"]), "achieved_power": shown(found, params["p1"]),
    }  # fmt: skip


def shown(design: Design, share: float) -> float:
    """Return how probable it is that a design finds the treatment worth while, for a share of responses."""
    first, rest = _probabilities(design.n1, share), _above(design.n - design.n1, share)
    return sum(first[x] * _beyond(rest, design.r - x) for x in range(design.r1 + 1, design.n1 + 1))


def _minimax(params: Params) -> Design:
    for size in _sizes(params):
        found = [design for n1 in range(1, size) for design in _best(size, n1, params)]
        if found:
            return min(found, key=lambda design: design.expected)
    raise _too_near()


def _optimal(params: Params) -> Design:
    """Search upwards until no larger design could expect fewer participants, whatever its first stage."""
    best: Design | None = None
    for size in _sizes(params):
        hopeful = False
        for n1 in range(1, size):
            if best is not None and _expected(size, n1, _most_stopped(n1, params), params) >= best.expected:
                continue
            hopeful = True
            for design in _best(size, n1, params, best.expected if best is not None else inf):
                if best is None or design.expected < best.expected:
                    best = design
        if best is not None and not hopeful:
            return best
    raise _too_near()


def _too_near() -> ParameterError:
    return ParameterError("p1", f"it is so near p0 that {_MOST} participants are too few")


def _sizes(params: Params) -> Iterator[int]:
    """Yield numbers in all, from the least with which the best test of all of them has the power.

    That test (Neyman and Pearson's, which may draw lots at its limit) is at least as powerful as any of two stages.
    """
    level = one_side(params)
    for size in count(2):
        if size > _MOST:
            return
        null, true = _above(size, params["p0"]), _above(size, params["p1"])
        limit = next(r for r in range(size + 1) if null[r] <= level)
        lots = (level - null[limit]) / _probabilities(size, params["p0"])[limit]
        if true[limit] + lots * _probabilities(size, params["p1"])[limit] >= params["power"]:
            yield size


def _best(size: int, n1: int, params: Params, below: float = inf) -> Iterator[Design]:
    """Yield the design of a size and first stage that stops earliest, for each limit of the whole that can be met.

    Those that do not expect fewer participants than `below` are left out.
    """
    level, power = one_side(params), params["power"]
    most = _most_stopped(n1, params)
    for r in range(_most_stopped(size, params), -1, -1):
        if most < 0 or shown(Design(most, n1, r, size, 0), params["p0"]) > level:
            return
        for r1 in range(min(most, r), -1, -1):
            if _expected(size, n1, r1, params) >= below:
                break
            if shown(Design(r1, n1, r, size, 0), params["p1"]) >= power:
                if shown(Design(r1, n1, r, size, 0), params["p0"]) <= level:
                    yield Design(r1, n1, r, size, _expected(size, n1, r1, params))
                break


def _most_stopped(n1: int, params: Params) -> int:
    """Return the most responses after the first stage with which a trial can end and still have the power; -1: none."""
    return _most_below(n1, params["p1"], params["power"])


@lru_cache(maxsize=1024)
def _most_below(size: int, share: float, power: float) -> int:
    return sum(1 for each in _above(size, share) if each >= power) - 1


def _expected(size: int, n1: int, r1: int, params: Params) -> float:
    return n1 + (size - n1) * (_above(n1, params["p0"])[r1] if r1 >= 0 else 1.0)


@lru_cache(maxsize=1024)
def _probabilities(size: int, share: float) -> tuple[float, ...]:
    return tuple(binomial(size, events, share) for events in range(size + 1))


@lru_cache(maxsize=1024)
def _above(size: int, share: float) -> tuple[float, ...]:
    """Return the probabilities of more than 0, 1, ... `size` events."""
    sums = accumulate(reversed(_probabilities(size, share)), initial=0.0)
    return tuple(sums)[-2::-1]


def _beyond(above: tuple[float, ...], events: int) -> float:
    """Return the probability of more than a number of events, which may be below 0 or above all."""
    if events < 0:
        return 1.0
    return above[events] if events < len(above) else 0.0
