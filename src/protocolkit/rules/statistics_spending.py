"""Rule on the bounds of interim looks: those that are stated are those that the spending function gives."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, NotChecked, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_interim import WHOLE, look_of, reached_at, share, spends, tested_by, tests_of
from protocolkit.rules.statistics_sizes import sized_by
from protocolkit.values import NamedTuple
from protocolkit.words import folded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node, Path
    from protocolkit.rules.trial import Trial

Z = Pattern(r"(?:\bz\b|critical value)[^0-9;]{0,12}([0-9]\.[0-9]{1,5})(?![0-9]|\.[0-9])")
P = Pattern(r"\bp\b[^0-9;]{0,12}(0\.[0-9]{1,6})")
_INTERIM = Pattern(r"\binterim\b|\b(?:first|second|third) look\b")
_CLAUSE = Pattern(r"[;,]\s|\band\b")
# A bound of the final analysis in one text with that of the look: `z = 2.963; and final test: z = 1.969`.
_THEN_FINAL = Pattern(r"[;,]\s+(?:and\s+)?(?=(?:the )?final\b)|\s+and\s+(?=(?:the )?final\b)")
_LAST = Pattern(r"^(?:the )?final\b|\bat the (?:final|last) analysis")
_FUTILITY = Pattern(r"\bfutil|lack of (?:effect|efficacy)|conditional power")
_EFFICACY = Pattern(r"\befficacy\b(?<!lack of efficacy)")
KINDS = (("obf", Pattern(r"brien")), ("pocock", Pattern(r"pocock")))
_AGREE = 0.005
_LEAST_LOOKS = 1


@rule(
    "STAT19", Severity.ERROR,
    reads=("/statistics/interim", "/statistics/sample_size", "/design/event_driven", "/objectives/*/endpoints"),
    tags_off=("pilot",),
)  # fmt: skip
def bounds(trial: Trial) -> Iterator[Found]:
    """The stated bounds of interim looks are those that the spending function gives.

    Why: a bound from another design, level or number of looks spends another error than the trial claims. Bounds as z
    agree within 0.005, as p within the digits that are stated.

    Applies: looks state bounds as z or p, their spending is of the kind of O'Brien and Fleming or Pocock, and their
    information is known: their events among those of the trial, or the share that is stated, of which one is enough.
    A look for futility alone spends nothing.
    Looks at one endpoint belong together, at the level of its objective.

    Basis:
        ICH M11 Step 4, 10.9 (H)
        Jennison and Turnbull 2000 (Group sequential methods), 7.2 (M)

    Fails::

        statistics:
          sample_size: [{objective: O1, alpha: 0.05, sided: 2}]
          interim: [{id: IA1, information: 50 %, spending: O'Brien-Fleming type, bounds: [z = 2.50]}]

    Passes::

        statistics:
          sample_size: [{objective: O1, alpha: 0.05, sided: 2}]
          interim: [{id: IA1, information: 50 %, spending: O'Brien-Fleming type, bounds: [z = 2.963]}]
    """
    designs = _designs(trial)
    if not any(each for design in designs for each in design.stated):
        raise NotApplicable("no interim look has a bound whose spending function and information are known")
    from protocolkit.sample_size import NotComputable, ParameterError  # noqa: PLC0415 - where bounds are stated

    try:
        computed = [(design, _computed(design)) for design in designs]
    except NotComputable as missing:
        raise NotChecked(f"bounds of interim looks are {missing}", trial.at("/statistics/interim")) from missing
    except ParameterError as fault:
        raise NotApplicable(f"the bounds cannot be computed: {fault}") from fault
    yield from _unlike(computed)


def _unlike(computed: list[tuple[_Design, dict[str, tuple[float, ...]]]]) -> Iterator[Found]:
    """Find the stated bounds that no computation gives, at none of the levels of what their look tests."""
    found: dict[tuple[Path, str, bool], list[_Compared]] = {}
    for design, values in computed:
        for number, stated in enumerate(design.stated):
            for each in stated:
                own = {name: row[-1 if each.is_last else number] for name, row in values.items()}
                at = design.info[-1 if each.is_last else number]
                found.setdefault((each.at.path, each.text, each.is_last), []).append(
                    _Compared(each, own, design.sided, at)
                )
    for rows in found.values():
        if not any(row.agrees for row in rows):
            nearest = min(rows, key=lambda row: row.apart)
            given = " or ".join(f"{nearest.told(bound)} ({name})" for name, bound in nearest.bounds.items())
            message = f"{nearest.stated.look['id'].text}: stated {nearest.stated.text}, computed {given}"
            message += f" at {plain(round(Decimal(nearest.share * WHOLE), 1))} % of the information"
            yield Found(nearest.stated.at, message, "state the bound that the spending function gives")


class _Compared(NamedTuple):
    """A stated bound beside those that are computed for it at one level, as z."""

    stated: _Stated
    bounds: dict[str, float]
    sided: int
    share: float

    @property
    def agrees(self) -> bool:
        return any(_agrees(self.stated, bound, self.sided) for bound in self.bounds.values())

    def told(self, bound: float) -> str:
        """Return a computed bound in the form of the stated one."""
        if not self.stated.is_p:
            return f"z {bound:.3f}"
        from statistics import NormalDist  # noqa: PLC0415 - where a bound is a p value

        return f"{'one' if self.sided == 1 else 'two'}-sided p {self.sided * NormalDist().cdf(-bound):.2g}"

    @property
    def apart(self) -> float:
        """How far the stated z lies from the nearest; of a p value, nothing tells it."""
        return 0.0 if self.stated.is_p else min(abs(float(self.stated.value) - each) for each in self.bounds.values())


class _Stated(NamedTuple):
    """A bound as stated: its place, its text, the number, whether it is a p value or one of the final analysis."""

    look: Node
    at: Node
    text: str
    value: str
    is_p: bool
    is_last: bool


class _Design(NamedTuple):
    """The looks up to the end: fractions, bounds at each, the kind of spending, the level."""

    info: list[float]
    stated: list[list[_Stated]]
    kind: str
    alpha: float
    sided: int


def _designs(trial: Trial) -> list[_Design]:
    """Return the designs of the looks: of those that test one endpoint together, at each level of its objective."""
    planned = [test for look in trial.at("/statistics/interim") if _may_succeed(look) for test in tests_of(look)]
    tested = dict.fromkeys(name for look in planned for name in tested_by(look))
    return [design for name in tested or ("",) for design in _of_endpoint(trial, name, _testing(planned, name))]


def _may_succeed(look: Node) -> bool:
    """Say whether a look can stop a trial for efficacy: one for futility alone spends nothing."""
    stops = look["efficacy_stop"]
    return spends(look) or not (stops.value is False or stops.text.casefold().startswith("no"))


def _testing(planned: list[Node], endpoint: str) -> list[Node]:
    """Return the looks that test an endpoint; one that names none tests every one."""
    return [look for look in planned if not (names := tested_by(look)) or endpoint in names]


def _of_endpoint(trial: Trial, endpoint: str, planned: list[Node]) -> Iterator[_Design]:
    words = " ".join((look["spending"] or look_of(trial, look)["spending"]).text for look in planned)
    kind = next((name for name, pattern in KINDS if pattern.search(words)), "")
    if not planned or not kind:
        return
    for shares in _shares(trial, planned):
        info = [each / WHOLE for each in shares]
        stated = [[*_bounds(look_of(trial, look), look), *_final_beside(trial, look)] for look in planned]
        if info[-1] < 1:
            info.append(1.0)
            stated.append([])
        for alpha, sided in levels_of(trial, endpoint):
            yield _Design(info, stated, kind, alpha, sided)


def _shares(trial: Trial, planned: list[Node]) -> Iterator[list[float]]:
    """Yield the information at the looks, in percent: of the events, and as stated, which may be that rounded."""
    stated = [share(look) for look in planned]
    reached = [reached_at(trial, look) for look in planned]
    counted = [other if each is None else each for each, other in zip(reached, stated, strict=True)]
    for shares in (counted, *((stated,) if stated != counted else ())):
        if None not in shares:
            yield [each for each in shares if each is not None]


def levels_of(trial: Trial, endpoint: str) -> list[tuple[float, int]]:
    """Return the levels at which the objective of an endpoint is sized; those of all where none is named or sized."""
    entries = [*trial.at("/statistics/sample_size")]
    own = [each for each in entries if endpoint in {end["id"].text for end in sized_by(each)}]
    pairs = [(each["alpha"].value, each["sided"].value) for each in own or entries]
    return list(dict.fromkeys(pair for pair in pairs if all(isinstance(part, int | float) for part in pair)))


def _bounds(look: Node, test: Node) -> list[_Stated]:
    return [stated for node in test["bounds"] for part in _parts(node.text) for stated in _in_part(look, node, part)]


def _final_beside(trial: Trial, test: Node) -> list[_Stated]:
    """Return the bounds of the final analysis that a look states beside its tests, and that name what one is about."""
    look = look_of(trial, test)
    if look.path == test.path:
        return []
    names = {folded(name) for endpoint in tested_by(test) for name in _called(trial, endpoint)} - {""}
    last = [each for each in _bounds(look, look) if each.is_last]
    return [each for each in last if any(name in folded(each.at.text) for name in names)]


def _called(trial: Trial, endpoint: str) -> Iterator[str]:
    yield endpoint
    for objective in trial.root["objectives"]:
        outcome = trial.root["outcomes"].find(objective["endpoints"].find(endpoint)["outcome"].text)
        yield from (outcome["id"].text, outcome["name"].text)


def _in_part(look: Node, node: Node, part: str) -> Iterator[_Stated]:
    """Yield the bound that a part of a text states, as z, else as p."""
    if _FUTILITY.search(part) and not _EFFICACY.search(part):
        return  # no error of the first kind is spent there
    is_p = Z.search(part) is None
    if match := (P if is_p else Z).search(part):
        yield _Stated(look, node, match[0], match[1], is_p=is_p, is_last=_is_last(part, match.start()))


def _parts(text: str) -> Iterator[str]:
    """Yield what a text says of the look, and of the final analysis behind it."""
    cuts = [match.span() for match in _THEN_FINAL.finditer(text)]
    yield from (
        text[begin:end]
        for begin, end in zip([0, *(end for _, end in cuts)], [*(b for b, _ in cuts), len(text)], strict=True)
    )


def _is_last(text: str, at: int) -> bool:
    """Say whether a bound is that of the final analysis; of one that also tells the interim, by its own clause."""
    if _INTERIM.search(text):
        return any(begin <= at < end and _LAST.search(text[begin:end]) for begin, end in _clauses(text))
    return bool(_LAST.search(text))


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    cuts = [0, *(match.end() for match in _CLAUSE.finditer(text)), len(text)]
    yield from pairwise(cuts)


def _computed(design: _Design) -> dict[str, tuple[float, ...]]:
    from protocolkit.sample_size import required  # noqa: PLC0415 - where bounds are stated

    level: dict[str, Any] = {"alpha": design.alpha, "sided": design.sided}
    spent = f"gsd_ld{design.kind}"
    values: dict[str, Any] = {spent: required(spent, info=design.info, **level)["critical_values"]}
    looks_planned = len(design.info)
    even = all(abs(each - (number + 1) / looks_planned) < 1e-9 for number, each in enumerate(design.info))  # noqa: PLR2004 - a rounding error
    if even and looks_planned > _LEAST_LOOKS:
        name = f"gsd_{design.kind}"
        values[name] = required(name, k=looks_planned, **level)["critical_values"]
    return values


def _agrees(stated: _Stated, bound: float, sided: int) -> bool:
    tolerance: float = 0.5 * 10 ** -len(stated.value.partition(".")[2]) + 1e-12
    if not stated.is_p:
        return abs(float(stated.value) - bound) <= max(_AGREE, tolerance) + 1e-9
    from statistics import NormalDist  # noqa: PLC0415 - where a bound is a p value

    return any(abs(float(stated.value) - sides * NormalDist().cdf(-bound)) <= tolerance for sides in {1, sided})


RULES: tuple[Rule, ...] = (bounds,)
