"""Rule on factorial trials: factors, the arms that have each level, and the interaction."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial


@rule(
    "STAT30", Severity.WARNING,
    reads=("/design/model", "/design/factorial", "/design/master_protocol/domains", "/arms/*/id",
           "/objectives/*/estimands/*/treatment"),
)  # fmt: skip
def factors(trial: Trial) -> Iterator[Found]:
    """A factorial trial states its factors, which level of each an arm has, and what is assumed of their interaction.

    Why: an effect over all arms is that of the factor only where no level of another one changes it. A reader who is
    not told which arms are taken together cannot see what is compared, nor what the sample size counts.

    Applies: the model is factorial, or factors are stated; the domains of a platform stand for factors. Every arm has
    one level of each factor, no two arms have the same levels throughout, and an estimand that names a factor compares
    no arms of its own beside it.

    Basis:
        ICH E9, 3.1.3 (H)
        Kahan et al. 2023, SPIRIT extension for factorial trials: factors, interaction (L)

    Fails::

        design:
          model: factorial
          factorial:
            factors:
              - {id: DRUG, levels: [{name: drug, arms: [DRUG_COOL, DRUG_WARM]}, {name: placebo, arms: [PLACEBO_COOL]}]}
              - id: TEMPERATURE
                levels:
                  - {name: cool, arms: [DRUG_COOL, PLACEBO_COOL]}
                  - {name: standard, arms: [DRUG_WARM, PLACEBO_WARM]}
            interaction: {assumption: none expected, analysis: product term}
        arms: [{id: DRUG_COOL}, {id: DRUG_WARM}, {id: PLACEBO_COOL}, {id: PLACEBO_WARM}]

    Passes::

        design:
          model: factorial
          factorial:
            factors:
              - id: DRUG
                levels:
                  - {name: drug, arms: [DRUG_COOL, DRUG_WARM]}
                  - {name: placebo, arms: [PLACEBO_COOL, PLACEBO_WARM]}
              - id: TEMPERATURE
                levels:
                  - {name: cool, arms: [DRUG_COOL, PLACEBO_COOL]}
                  - {name: standard, arms: [DRUG_WARM, PLACEBO_WARM]}
            interaction: {assumption: none expected, analysis: product term}
        arms: [{id: DRUG_COOL}, {id: DRUG_WARM}, {id: PLACEBO_COOL}, {id: PLACEBO_WARM}]
    """
    model, structure = trial.at("/design/model"), trial.at("/design/factorial")
    if model.text != "factorial" and not structure:
        raise NotApplicable("the design is not factorial")
    if not structure and trial.at("/design/master_protocol/domains"):
        return  # the domains of a platform are its factors
    if not structure:
        hint = "state design.factorial {factors, interaction}"
        yield Found(model, "the design is factorial, and its factors and levels are not stated", hint)
        return
    if model and model.text not in ("factorial", "other"):
        message = f"factors are stated, and the model is {model.text}"
        yield Found(model, message, "state model: factorial, or leave the factors out", ((structure, "the factors"),))
    stated = [*structure["factors"]]
    for factor in stated:
        yield from _levels(trial, factor)
    yield from _alike(trial, stated)
    yield from _both(trial)


def _levels(trial: Trial, factor: Node) -> Iterator[Found]:
    """Find arms that have no level of a factor, or more than one."""
    held = Counter(node.text for level in factor["levels"] for node in level["arms"])
    named = [arm["id"].text for arm in trial.root["arms"]]
    without = [name for name in named if name and not held[name]]
    several = [name for name in named if held[name] > 1]
    for names, what in ((without, "no level"), (several, "more than one level")):
        if names:
            message = f"{listed(names)} {'has' if len(names) == 1 else 'have'} {what} of factor {factor['id'].text}"
            yield Found(factor["levels"], message, "name every arm at one level of each factor")


def _alike(trial: Trial, stated: list[Node]) -> Iterator[Found]:
    """Find two arms that have the same level of every factor."""
    seen: dict[tuple[tuple[int, ...], ...], Node] = {}
    for arm in trial.root["arms"]:
        name = arm["id"].text
        own = tuple(tuple(at for at, level in enumerate(each["levels"]) if _holds(level, name)) for each in stated)
        if all(own) and own in seen:
            message = f"{seen[own]['id'].text} and {name} have the same level of every factor"
            hint = "let the arms differ in a level, or name the factor in which they do"
            yield Found(arm["id"], message, hint, ((seen[own]["id"], "the other arm"),))
        seen.setdefault(own, arm)


def _holds(level: Node, arm: str) -> bool:
    return any(node.text == arm for node in level["arms"])


def _both(trial: Trial) -> Iterator[Found]:
    """Find an estimand that compares the levels of a factor and arms as well."""
    for treatment in trial.each("/objectives/*/estimands/*/treatment"):
        if treatment["factor"] and treatment["arms"]:
            message = f"the levels of {treatment['factor'].text} are compared over all arms, and arms are named as well"
            hint = "name the factor, or the arms that are compared"
            yield Found(treatment["arms"], message, hint, ((treatment["factor"], "the factor"),))


RULES: tuple[Rule, ...] = (factors,)
