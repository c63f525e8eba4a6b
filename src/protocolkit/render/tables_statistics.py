"""Statistics: analysis sets, analyses of an endpoint or estimand, interim analyses, inputs of the sample size."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.render.tables import Column, lines, listing, missing, pairs
from protocolkit.render.tables_objectives import among, objective_words
from protocolkit.render.tables_sample_size import computation_of, method_words, recomputation
from protocolkit.render.values import title
from protocolkit.render.words import glued, joined, keys_of, run, upper_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocolkit.render.blocks import Blocks, Inlines, Paragraph
    from protocolkit.render.view import View

_BASE = "/statistics"
MAIN_ROLES = ("main", "secondary")
_WHOSE = frozenset({"endpoint", "estimand"})
_SYMBOLS = {
    "delta": "Difference to be detected (delta)",
    "sd": "Standard deviation",
    "sd_diff": "Standard deviation of the within-participant difference",
    "alpha": "Significance level (alpha)",
    "sided": "Sides of the test",
    "power": "Power",
    "icc": "Intracluster correlation",
    "margin": "Margin",
    "ratio": "Allocation ratio",
    "discontinuation": "Planned discontinuation of treatment",
    "missing": "Planned missing data",
    "evaluable_per_arm": "Evaluable participants per arm",
    "inflated_per_arm": "Participants per arm after allowing for missing data",
    "randomised_per_arm": "Participants randomised per arm",
    "randomised_total": "Participants randomised in total",
    "evaluable_total": "Evaluable participants in total",
    "per_sequence": "Participants per sequence",
    "enrolled_max": "Largest number enrolled",
    "library": "Computed with",
    "approximation": "Approximation",
    "rationale": "Rationale",
    "delta_is": "What the difference is",
    "discontinuation_effect": "Effect of discontinuation",
    "method": "Method",
    "hr": "Hazard ratio",
    "info": "Information",
}

# What is assumed of an arm: `proportion of treatment` would be a share of that.
_OF_AN_ARM = re.compile(r"^(.+) of (treatment|control)$")


def analysis_sets(view: View) -> Blocks:
    """Return the analysis sets."""
    columns = (
        Column("Set", lambda s: glued(s.at("id").text, s.say(" ({name})")), 2, required=True),
        Column("Definition", lambda s: upper_first(s.f("definition")), 6, required=True),
        Column("Analysed in", lambda s: upper_first(s.say("{analysed_in}")), 4, required=True),
    )
    made = listing(view.each(f"{_BASE}/analysis_sets"), columns, "Analysis sets", "tab:sets")
    return made or (missing(view, f"{_BASE}/analysis_sets", "analysis sets, each with its definition"),)


def of_objective(objective: View, *roles: str) -> list[View]:
    """Return the analyses of the endpoints of an objective, those of some roles only where roles are given."""
    mine = {item.at("id").text for item in (*objective.each("endpoints"), *objective.each("estimands"))}
    found = []
    for item in objective.each(f"{_BASE}/analyses"):
        role = item.at("role").text or "main"
        if mine & {item.at("endpoint").text, item.at("estimand").text} and (not roles or role in roles):
            item.values.mark(item.at("role"))
            found.append(item)
    return found


def homeless(view: View) -> list[View]:
    """Return the analyses that belong to no objective of the file."""
    objectives = view.each("/objectives")
    placed = {item.node.path for objective in objectives for item in of_objective(objective)}
    return [item for item in view.each(f"{_BASE}/analyses") if item.node.path not in placed]


def analyses(objective: View) -> Blocks:
    """Return the main and secondary analyses of an objective."""
    return _listed(of_objective(objective, *MAIN_ROLES), f"Analyses for the {objective_words(objective)}")


def other_analyses(view: View) -> Blocks:
    """Return the analyses that belong to no objective."""
    return _listed(homeless(view), "Further analyses")


def _listed(items: Sequence[View], caption: str) -> Blocks:
    """Return a row for each analysis; those that say the same of several endpoints share one."""
    groups: dict[str, list[View]] = {}
    for item in items:
        said = {key: item.at(key).value for key in keys_of(item.node) if key not in _WHOSE}
        groups.setdefault(repr(said), []).append(item)
    shared = {group[0].node.path: group for group in groups.values()}

    def whats(item: View) -> tuple[Paragraph, ...]:
        group = shared[item.node.path]
        for other in group[1:]:
            other.values.mark(other.node)
        return tuple(paragraph for each in group for paragraph in _what(each))

    columns = [column._replace(shape=whats) if column.shape is _what else column for column in _COLUMNS]
    return listing([group[0] for group in groups.values()], columns, caption)


def _role(item: View) -> Inlines:
    """Print the role of an analysis; what is secondary under an exploratory objective is no more than this."""
    told = upper_first(item.say("{role}"))
    return run("Exploratory") if item.at("role").text == "secondary" and _explores(item) else told


def _explores(item: View) -> bool:
    mine = {item.at("endpoint").text, item.at("estimand").text}
    objectives = [one for one in item.each("/objectives") if one.at("level").text == "exploratory"]
    return any(
        part.at("id").text in mine for one in objectives for part in (*one.each("endpoints"), *one.each("estimands"))
    )


def _what(item: View) -> tuple[Paragraph, ...]:
    owner = item.owner("estimand")
    words = glued(upper_first(item.f("endpoint")), item.say(" ({claim})"))
    estimand = item.at("estimand").text
    item.values.mark(item.at("estimand"))
    return lines(words, f"Estimand {estimand}" if owner.node or estimand else "")


def _how(item: View) -> tuple[Paragraph, ...]:
    return lines(
        upper_first(item.f("model")),
        item.say("Inference: {inference:term:inference}."),
        item.say("Covariates: {covariates}."),
        item.say("Effect: {effect}."),
        item.say("Interval: {interval}."),
        item.say("Carry-over: {carryover}."),
        item.say("Success: {success}."),
        bounds_sentence(item),
    )


def bounds_sentence(item: View) -> Inlines:
    """Say which bounds the confidence interval of an analysis must stay within."""
    if not item.has("success_bounds/lower", "success_bounds/upper"):
        return ()
    named = item.say("The {success_bounds/level} confidence interval") or run("The confidence interval")
    sides = [item.say("above {success_bounds/lower}"), item.say("below {success_bounds/upper}")]
    return glued(named, " must lie ", joined(sides), ".")


def _data(item: View) -> tuple[Paragraph, ...]:
    return lines(upper_first(item.say("{data_used}")), item.say("Missing data: {missing_data}."))


_COLUMNS = (
    Column("Role", _role, 3),
    Column("Endpoint", _what, 5, required=True),
    Column("Set", "{set}", 3, required=True),
    Column("Model", _how, 6, required=True),
    Column("Data used", _data, 5),
)


def sample_size(view: View) -> Blocks:
    """Return the inputs and the result of each sample-size calculation."""
    items = view.each(f"{_BASE}/sample_size")
    if not items:
        return (
            missing(
                view,
                f"{_BASE}/sample_size",
                "sample size: method, inputs with their sources, and the number of participants",
            ),
        )
    return tuple(block for item in items for block in _computation(item))


def _computation(item: View) -> Blocks:
    named = computation_of(item)
    return (pairs(_inputs(item), f"Sample size for the {named}"), *recomputation(item, named))


def _inputs(item: View) -> list[tuple[str, Inlines]]:
    rows = []
    for key in keys_of(item.node):
        if key == "objective" or (key.endswith("_source") and key.removesuffix("_source") in keys_of(item.node)):
            continue
        source = item.say(f"; source: {{{key}_source}}")
        rows.append((_SYMBOLS.get(key) or _title(item, key), glued(_input(item, key), source)))
    return rows


def _title(item: View, key: str) -> str:
    words = _OF_AN_ARM.sub(r"\1 under \2", title(item.at(key)))
    return f"{words[:1].upper()}{words[1:]}"


_TERMS = frozenset({"null_variance", "interval_by", "test_by"})


def _input(item: View, key: str) -> Inlines:
    if key == "endpoint":
        return glued(upper_first(item.f(key)), among(item.owner(key)))
    if key in _TERMS:
        return upper_first(item.f(key, f"term:{key}"))
    if key != "method":
        return upper_first(item.f(key))
    item.values.mark(item.at(key))
    method = item.at(key).text
    return upper_first(run(method_words(method)))


def subgroups(view: View) -> Blocks:
    """Return the subgroup analyses."""
    columns = (
        Column("Variable", lambda s: upper_first(s.f("variable")), 3, required=True),
        Column("Cut", "{cut}", 3),
        Column("Expected direction", "{direction}", 3),
        Column("Test", "{test}", 3),
    )
    return listing(view.each(f"{_BASE}/subgroups"), columns, "Subgroup analyses")
