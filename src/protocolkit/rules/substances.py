"""What the library knows of the substances of a trial, and what it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.library import facts
from protocolkit.rules.model import NotApplicable, NotChecked
from protocolkit.rules.patterns import Pattern
from protocolkit.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.document import Node
    from protocolkit.library.facts import Row

_ELECTROLYTES = Pattern(
    r"\belectrolytes?\b|\bcrystalloid\b|\bringer\b|\bhartmann\b|\bsaline\b|^(?:[0-9.]+ ?% )?sodium chloride\b"
)
# What is eaten or inhaled with the air by everybody: proteins that are digested, with no half-life to plan by.
_FOODS = Pattern(
    r"\bflours?\b|\ballergens?\b|\bpollens?\b|\bhouse dust mites?\b"
    r"|\b(?:peanuts?|(?:hazel|cashew |wal)nuts?|egg(?: white)?|(?:cow's )?milk|sesame|wheat|soy) "
    r"(?:proteins?|powder|extract)\b"
)
_AUTHORISED = Pattern(r"^\s*(?:authori[sz]ed|registered|licen[sc]ed|approved|marketed)\b")
_OF_IONS = Pattern(r" m(?:mol|eq)/")


def substance(intervention: Node) -> str:
    """Return the substance of an intervention by its nonproprietary name; an empty text where none is stated."""
    return intervention["substance"].text or intervention["names"]["nonproprietary"].text


def same_substance(one: Node, other: Node) -> bool:
    """Say whether two interventions state the same substance."""
    stated = folded(one["substance"].text)
    return bool(stated) and stated == folded(other["substance"].text)


def row_of(intervention: Node) -> Row | None:
    """Return what the library knows of the substance of an intervention."""
    return facts.find("substances", substance(intervention))


def is_electrolyte(intervention: Node) -> bool:
    """Say whether an intervention is water with salts, such as saline: without base, mirror image and half-life."""
    components = [*intervention["product"]["components"]]
    ions = bool(components) and all(_OF_IONS.search(each["strength"].text) for each in components)
    return ions or bool(_ELECTROLYTES.search(substance(intervention)))


def is_food(intervention: Node) -> bool:
    """Say whether an intervention is a food or an allergen, to which people are made used: it has no half-life."""
    return bool(_FOODS.search(substance(intervention)))


def is_authorised(intervention: Node) -> bool:
    """Say whether a medicine is authorised somewhere: its label says then which form it is, and of what it is dosed."""
    return bool(_AUTHORISED.search(intervention["authorised"].text))


def silent_on(interventions: Iterable[Node], key: str) -> list[Node]:
    """Return the interventions that do not state something of their pharmacology, here or at another form of theirs."""
    all_of_them = [*interventions]
    told = {folded(substance(each)) for each in all_of_them if [*each["pharmacology"][key]]} - {""}
    return [each for each in all_of_them if not [*each["pharmacology"][key]] and folded(substance(each)) not in told]


def require_known(interventions: Iterable[Node], what: str) -> None:
    """Raise NotChecked, with their names, where the library has no row for some substances; electrolytes need none.

    It is for what every medicine has, known or new, and for what its silence can do harm with.
    """
    if unknown := _unknown(interventions):
        raise NotChecked(f"{_told(unknown)}; {what}", unknown[0])


def require_facts(interventions: Iterable[Node]) -> None:
    """Raise NotApplicable, with their names, where the library has a row for none of the substances.

    It is for what only some medicines have, so that nothing says that the author has left something out.
    """
    asked = [*interventions]
    unknown = _unknown(asked)
    if unknown and len(unknown) == len(asked):
        raise NotApplicable(f"{_told(unknown)}, and the file states nothing of it")


def _unknown(interventions: Iterable[Node]) -> list[Node]:
    named = [each for each in interventions if substance(each) and not is_electrolyte(each)]
    return [each for each in named if row_of(each) is None]


def _told(unknown: list[Node]) -> str:
    return f"the library does not know {listed([*dict.fromkeys(substance(each) for each in unknown)], 'or')}"
