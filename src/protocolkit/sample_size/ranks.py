"""Pairwise comparisons of participants: the win ratio."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from protocolkit.sample_size.normal import both, nonzero
from protocolkit.sample_size.result import Value, arms

if TYPE_CHECKING:
    from protocolkit.sample_size.parameters import Params


def win_ratio(params: Params) -> dict[str, Value]:
    """Participants of a test of the win ratio: pairs that treatment wins, divided by those that control wins.

    Yu, Ganju (2022), Stat Med 41:950. `p_tie` is the proportion of pairs that tie on every component. The variance of
    the logarithm is taken under the null hypothesis, where it depends on the ties alone.
    """
    ratio, ties = params["ratio"], params["p_tie"]
    share = ratio / (1 + ratio)
    variance = 4 * (1 + ties) / (3 * share * (1 - share) * (1 - ties))
    effect = nonzero(log(params["win_ratio"]), "win_ratio", "no number of participants can show a win ratio of 1")
    total = variance * (both(params) / effect) ** 2
    return arms(total * share, total * (1 - share), ratio)
