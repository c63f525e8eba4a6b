"""Rules on a graph of tests, whose level is spent once, and on models of dose and response, which can be fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.statistics_sizes import sized_by
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_SLACK = 1e-6


@rule(
    "STAT26",
    Severity.ERROR,
    reads=(
        "/statistics/testing_graph",
        "/statistics/sample_size",
        "/statistics/interim/*/tests",
        "/objectives/*/endpoints",
    ),
)
def graph(trial: Trial) -> Iterator[Found]:
    """A graph of tests spends its level once: shares add up to at most 1, and each hypothesis can be tested.

    Why: where the hypotheses start with more than the level, or one passes on more than it has, the error rate is not
    kept. A hypothesis with nothing that nothing is passed on to is never tested.

    Applies: statistics.testing_graph is stated. An objective that is sized, or a look that tests it, at more than the
    share with which it starts is a warning. (That its hypotheses exist, the shape of the file tells.)

    Basis:
        Bretz and others (2009), Stat Med 28:586, 2 (M)
        ICH M11 Step 4, 10.10 (H)

    Fails::

        statistics:
          testing_graph:
            alpha: 0.025
            sided: 1
            hypotheses: [{id: H1, text: high dose, weight: 0.5}, {id: H2, text: low dose, weight: 0.6}]
            transitions: [{from: H1, to: H2, weight: 1}]

    Passes::

        statistics:
          testing_graph:
            alpha: 0.025
            sided: 1
            hypotheses: [{id: H1, text: high dose, weight: 0.5}, {id: H2, text: low dose, weight: 0.5}]
            transitions: [{from: H1, to: H2, weight: 1}, {from: H2, to: H1, weight: 1}]
    """
    stated = trial.at("/statistics/testing_graph")
    if not stated:
        raise NotApplicable("no graph of tests is stated")
    hypotheses, transitions = [*stated["hypotheses"]], [*stated["transitions"]]
    yield from _over(hypotheses, "the shares at the start", "share the level once")
    for each in hypotheses:
        name = each["id"].text
        left = [step for step in transitions if step["from"].text == name]
        yield from _over(left, f"the shares that {name} passes on", "pass on no more than it has")
        yield from _twice(left)
        gets = any(step["to"].text == name and _share(step) for step in transitions)
        if each["weight"].value == 0 and not gets:
            message = f"{name} has no level at the start, and none is passed on to it: it is never tested"
            yield Found(each["weight"], message, "give it a share, or a transition to it")
    yield from _sized_above(trial, stated)
    yield from _looked_above(trial, stated)


def _share(node: Node) -> float:
    value = node["weight"].value
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _over(parts: list[Node], what: str, hint: str) -> Iterator[Found]:
    total = sum(map(_share, parts))
    if total > 1 + _SLACK:
        told = " + ".join(each["weight"].text for each in parts)
        message = f"{what} add up to {round(total, 6):g} ({told}), above 1"
        yield Found(parts[-1]["weight"], message, hint)


def _twice(steps: list[Node]) -> Iterator[Found]:
    """Find a hypothesis that passes its level on to itself, and two transitions between the same two."""
    known: dict[str, Node] = {}
    for step in steps:
        goal = step["to"].text
        if goal == step["from"].text:
            yield Found(step["to"], f"{goal} passes its level on to itself", "name another hypothesis")
        elif goal in known:
            message = f"two transitions lead from {step['from'].text} to {goal}"
            yield Found(step["to"], message, "state one transition", ((known[goal]["to"], "the first one"),))
        known.setdefault(goal, step)


def _sized_above(trial: Trial, stated: Node) -> Iterator[Found]:
    """Find a sample size at a level above that of all tests together, or of its own at the start (a warning)."""
    whole = _two_sided(stated)
    tested = {each["endpoint"].text for each in stated["hypotheses"]}
    for entry in trial.at("/statistics/sample_size"):
        level = _two_sided(entry)
        ends = {each["id"].text for each in sized_by(entry)}
        if whole is None or level is None or not ends & tested:
            continue
        if level > whole + _SLACK:
            message = f"{entry['objective'].text} is sized at {entry['alpha'].text}, {level:g} two-sided"
            told = f"{message}; all tests of {listed(sorted(ends & tested))} together have {whole:g}"
            yield Found(entry["alpha"], told, "size at no more than the level", ((stated["alpha"], "the level"),))
            continue
        own = [each for each in stated["hypotheses"] if each["endpoint"].text in ends and _share(each)]
        start = max(map(_share, own), default=1.0) * whole
        if level > start + _SLACK:
            message = f"{entry['objective'].text} is sized at {entry['alpha'].text}, {level:g} two-sided, and starts"
            hint = "size it at its share, or share the level otherwise"
            related = ((own[0]["weight"], "its share"),)
            told = f"{message} with {start:g}"
            yield Found(entry["alpha"], told, hint, related, severity=Severity.WARNING)


def _looked_above(trial: Trial, stated: Node) -> Iterator[Found]:
    """Find a look that tests an endpoint at more than all tests have, or than its own at the start (a warning)."""
    whole = stated["alpha"].value
    for test in trial.each("/statistics/interim/*/tests/*"):
        level, name = test["alpha"].value, test["endpoint"].text
        own = [each for each in stated["hypotheses"] if each["endpoint"].text == name and _share(each)]
        if not own or type(level) is not float or not isinstance(whole, float):
            continue
        start = max(map(_share, own)) * whole
        if level > whole + _SLACK:
            message = f"a look tests {name} at {level:g}, and all tests together have {whole:g}"
            yield Found(test["alpha"], message, "spend no more than the level", ((stated["alpha"], "the level"),))
        elif level > start + _SLACK:
            message = f"a look tests {name} at {level:g}, and it starts with {start:g}"
            hint = "test at no more than its share, or say under bounds which level is passed on before"
            related = ((own[0]["weight"], "its share"),)
            yield Found(test["alpha"], message, hint, related, severity=Severity.WARNING)


def _two_sided(node: Node) -> float | None:
    alpha, sided = node["alpha"].value, node["sided"].value
    if isinstance(alpha, bool) or not isinstance(alpha, int | float) or sided not in (1, 2):
        return None
    return float(alpha) * (2 if sided == 1 else 1)


# Parameters of each shape that the data must tell: those guessed beforehand fix the contrast, not the fit.
_PARAMETERS = {
    "linear": 2, "linlog": 2, "emax": 3, "exponential": 3, "quadratic": 3, "sigemax": 4, "logistic": 4, "betamod": 4,
}  # fmt: skip


@rule("STAT27", Severity.WARNING, reads=("/statistics/dose_response", "/arms/*/id"))
def shapes(trial: Trial) -> Iterator[Found]:
    """A candidate model of dose and response has no more parameters than there are dose groups.

    Why: a sigmoid curve of four parameters through three doses can be drawn in endless ways, and the dose that it names
    is one of them.

    Applies: statistics.dose_response names its dose groups and candidate models. (Linear shapes have two parameters;
    Emax, exponential and quadratic three; sigmoid Emax, logistic and beta four.)

    Basis:
        Bretz, Pinheiro, Branson (2005), Biometrics 61:738, 2 (M)

    Fails::

        statistics:
          dose_response:
            endpoint: E1
            method: MCP-Mod
            arms: [PBO, LOW, HIGH]
            models: [{shape: emax}, {shape: sigemax}]

    Passes::

        statistics:
          dose_response:
            endpoint: E1
            method: MCP-Mod
            arms: [PBO, LOW, HIGH]
            models: [{shape: emax}, {shape: linear}]
    """
    modelled = trial.at("/statistics/dose_response")
    groups = len({node.text for node in modelled["arms"]})
    if not groups or not modelled["models"]:
        raise NotApplicable("no dose groups with candidate models are stated")
    for model in modelled["models"]:
        needed = _PARAMETERS.get(model["shape"].text, 0)
        if needed > groups:
            message = f"{model['shape'].text} has {needed} parameters, and there are {groups} dose groups"
            hint = "leave the shape out, or add dose groups"
            yield Found(model["shape"], message, hint, ((modelled["arms"], "the dose groups"),))


RULES: tuple[Rule, ...] = (graph, shapes)
