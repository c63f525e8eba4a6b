"""How long a participant is on trial intervention, as far as it follows from the file."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.dosing.alternatives import of_arm
from protocolkit.render.blocks import Gap
from protocolkit.render.facts import cluster_unit, first_arms, is_treated, units_cross
from protocolkit.render.figure_branches import alternatives
from protocolkit.render.given_longer import goes_on, not_counted
from protocolkit.render.tables_interventions import given
from protocolkit.render.times import in_days
from protocolkit.render.words import counted, flat, glued, joined, run, turns, unique, upper_first
from protocolkit.schedule import Placed, days, exposures, optional_epochs
from protocolkit.schedule.anchors import anchors_of
from protocolkit.schedule.exposure import expected_later
from protocolkit.schedule.studied import studied

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.render.blocks import Inlines
    from protocolkit.render.view import View

_FILLED = 14  # days between the last dose and the end of the epochs that doses still fill
_TRIED = frozenset({"experimental", "active_comparator", "placebo", "active_placebo", "sham"})
_PERFORMED = frozenset({"procedure", "surgery"})
_PLACED = _PERFORMED | {"device"}


def treatment_duration(view: View) -> Inlines:
    """Print how long a participant is planned to be on trial intervention."""
    place = "/trial/timeline/intervention_duration_text"
    if view.has(place):
        return view.f(place)
    if units_cross(view):
        what = f"how long one participant is on trial intervention; the periods are those of the {cluster_unit(view)}"
        return (Gap(what, view.at(place).locator),)
    return _planned(view)


def _planned(view: View) -> Inlines:
    epochs = _treated(view)
    open_ended = [item for item in epochs if item.has("repeats/until")]
    if open_ended:
        return _open_ended(open_ended[0])
    told = _performed(view, epochs) or glued(_lasting(view, epochs), _going_on(view))
    lengths = [length for item in epochs if (length := days(item.at("duration").value)) is not None]
    known = bool(lengths) and len(lengths) == len(epochs) and not optional_epochs(view.values.root)
    return glued(told, not_counted(view, sum(lengths, Decimal(0)))) if known and not _until(view) else told


def _going_on(view: View) -> Inlines:
    """Say how much longer those are treated who enter an extension that not everybody enters."""
    chosen = optional_epochs(view.values.root) - _only_later(view)
    later = [
        item
        for item in view.each("/design/epochs")
        if item.at("id").text in chosen and is_treated(item.node) and item.has("duration")
    ]
    told = [glued(item.f("duration"), " in ", item.f("", "name")) for item in later]
    if not told:
        return ()
    one_of = len(told) > 1 and all(alternatives(view, one.node, other.node) for one, other in pairwise(later))
    whom = " for those who enter it" if len(told) == 1 or one_of else " for those who enter them"
    return glued("; then ", joined(told, "or") if one_of else joined(told), whom)


def _lasting(view: View, epochs: list[View]) -> Inlines:
    stated = [item.f("duration") for item in epochs if item.has("duration")]
    lengths = [days(item.at("duration").value) for item in epochs]
    lasts = "; the epoch of treatment lasts " if len(stated) == 1 else "; the epochs of treatment last "
    if event := _until(view):
        return glued("Until ", event, lasts if stated else (), _each(stated))
    if epochs and len(stated) == len(epochs) and None not in lengths:
        whole = sum((length for length in lengths if length is not None), Decimal(0))
        total = stated[0] if len(stated) == 1 else glued(_in_parts(view, epochs, whole), _for_some(view, epochs))
        if not (spans := _dosed(view, whole)):
            return total
        if once := _on_one_day(spans):
            return glued(once, lasts, total)
        dosed = glued(_of_arms(spans), " from the first to the last dose")
        return dosed if max(spans) > whole else glued(dosed, ", within ", total)  # beyond: other epochs lie between
    return joined(stated) or (Gap("duration of the treatment epoch", view.at("/design/epochs").locator),)


def _each(lengths: list[Inlines]) -> Inlines:
    """Print several lengths: one that is the length of each of them once."""
    return glued(lengths[0], " each") if len(lengths) > 1 and len(unique(lengths)) == 1 else joined(lengths)


def _in_parts(view: View, epochs: list[View], whole: Decimal) -> Inlines:
    """Print the length of several epochs together: the periods of a crossover, or each epoch by its name."""
    if view.has("/design/sequences") or view.equals("/design/model", "crossover"):
        return run(f"{in_days(whole)} in {len(epochs)} periods")
    parts = [glued(item.f("duration"), " in ", item.f("", "name")) for item in epochs]
    return glued(f"{in_days(whole)} (", joined(parts), ")")


def _until(view: View) -> Inlines:
    """Print the event until which what is tested goes on, where no day ends it; nothing elsewhere."""
    steps = [step for item in _tested(view) for step in item.each("regimen/steps")]
    ended = [step for step in steps if step.has("until/event") and not step.has("to")]
    return joined(unique([step.f("until", "moment") for step in ended]), "or")


def all_treated(view: View) -> bool:
    """Say whether every arm that is entered first gets what is on trial or compared, so that time can count from it."""
    return all(
        any(item.at("role").text in _TRIED or not item.has("role") for item in given(arm)) for arm in first_arms(view)
    )


def _treated(view: View) -> list[View]:
    """Return the epochs in which arms that are entered first are treated: by their type, or since something is given.

    What goes on beside the trial intervention, such as background treatment, makes no epoch one of treatment.
    """
    apart = _only_later(view) | optional_epochs(view.values.root)
    named = {
        item.at("epoch").text
        for arm in first_arms(view)
        for item in arm.each("epochs")
        if any(one.owner("").at("role").text in _TRIED for one in item.each("interventions"))
    }
    return [
        item
        for item in view.each("/design/epochs")
        if (is_treated(item.node) or item.at("id").text in named) and item.at("id").text not in apart
    ]


def _performed(view: View, epochs: list[View]) -> Inlines:
    """Say that what is tested is one procedure, such as an implantation, and when; nothing where it is none."""
    tested = _tested(view)
    if not tested or any(item.at("kind").text not in _PLACED or item.has("repeats") for item in tested):
        return ()
    lasting = [item.f("duration") for item in epochs if item.has("duration")]
    if any(item.has("regimen") for item in tested):
        once = all(_is_placed_once(item) for item in tested)
        return (
            glued("one procedure", "; the epoch of treatment lasts " if lasting else "", *lasting[:1]) if once else ()
        )
    if visit := procedure_visit(view):
        quoted = glued("\N{LEFT DOUBLE QUOTATION MARK}", visit.f("name"), "\N{RIGHT DOUBLE QUOTATION MARK}")
        return glued("one procedure, at the visit ", quoted, _in_arms(view, visit))
    performed = all(item.at("kind").text in _PERFORMED for item in tested)
    return glued("the treatment period lasts ", joined(lasting)) if performed and len(lasting) == 1 else ()


def _is_placed_once(item: View) -> bool:
    """Say whether a regimen is one procedure, such as the implantation of a device that then stays in place."""
    done = any(_gives(node, {item.at("id").text}) for node in item.at("/schedule/activities"))
    steps = item.each("regimen/steps")
    return done and len(steps) == 1 and steps[0].equals("when", "once") and not item.has("regimen/repeats")


def _tested(view: View) -> list[View]:
    return [item for item in view.each("/interventions") if item.at("role").text == "experimental"]


def is_done_once(view: View) -> bool:
    """Say whether a procedure gives all that is tested at one visit, and nothing is dosed."""
    return procedure_visit(view) is not None


def procedure_visit(view: View) -> View | None:
    """Return the one visit at which a procedure gives all that is tested to those who enter the trial."""
    tested = _tested(view)
    names = {item.at("id").text for item in tested}
    if any(item.has("regimen") for item in tested):
        return None
    arms = {arm.at("id").text for arm in first_arms(view)}
    done = [
        stop
        for stop in view.values.timetable.stops
        if any(_gives(planned.activity, names) for planned in stop.planned)
        and (not stop.visit["arms"] or arms & {node.text for node in stop.visit["arms"]})
    ]
    if len(done) != 1 or len(done[0].moments) > 1 or not done[0].scheduled or view.has("/design/sequences"):
        return None
    if any(item.at("kind").text not in _PERFORMED for item in tested) and not _is_event(view, done[0].visit):
        return None
    return next(item for item in view.each("/schedule/visits") if item.node.path == done[0].visit.path)


def _is_event(view: View, visit: Node) -> bool:
    """Say whether a visit is an event of its own, such as the implantation of a device, and no first day of its use."""
    anchor = view.values.names.find(visit["anchor"].value, "anchors")
    return (
        anchor is not None and anchor["kind"].text == "event" and not (visit["offset"] and days(visit["offset"].value))
    )


def _gives(activity: Node, names: set[str]) -> bool:
    return activity["kind"].text == "procedure" and any(node.text in names for node in activity["serves"])


def _in_arms(view: View, visit: View) -> Inlines:
    """Name the arms that a procedure is done in, where those are not all."""
    tested = {item.at("id").text for item in _tested(view)}
    arms = first_arms(view)
    wanted = {node.text for node in visit.at("arms")} or {
        arm.at("id").text for arm in arms if tested & {node.text for node in arm.at("interventions")}
    }
    named = [arm.f("name") for arm in arms if arm.at("id").text in wanted]
    if not named or len(named) == len(arms):
        return ()
    return glued(", in the arm " if len(named) == 1 else ", in the arms ", joined(named))


def _for_some(view: View, epochs: list[View]) -> Inlines:
    """Name the epochs of treatment that only some participants pass through, as all their visits say."""
    told = [
        glued(item.f("duration"), " (", item.f("name") if item.has("name") else item.f(), ") only for ", run(whom))
        for item in epochs
        if (whom := _whom(view, item.at("id").text))
    ]
    return glued(", of which ", joined(told)) if told else ()


def _whom(view: View, epoch: str) -> str:
    visits = [visit for visit in view.at("/schedule/visits") if visit["epoch"].text == epoch]
    stated = {visit["condition"].text for visit in visits}
    return stated.pop() if len(stated) == 1 else ""


def _only_later(view: View) -> set[str]:
    """Return the epochs of arms that participants enter from others, beside which those stay in other epochs."""
    first = {arm.node.path for arm in first_arms(view)}
    named: dict[bool, set[str]] = {True: set(), False: set()}
    for arm in view.each("/arms"):
        named[arm.node.path in first] |= {item.at("epoch").text for item in arm.each("epochs")}
    return named[False] - named[True] if named[True] else set()


def _dosed(view: View, epoch: Decimal) -> dict[Decimal, list[View]]:
    """Return the arms by their days of dosing; none where a day is not known or doses fill the epochs of treatment."""
    spans: dict[Decimal, list[View]] = {}
    root = view.values.root
    if view.has("/design/sequences") or expected_later(root) or _is_given_later(view):
        return spans
    doses = {each.arm.path: each for each in exposures(root, anchors_of(root, entered=False))}
    for arm in first_arms(view):
        dosed = doses[arm.node.path]
        if not isinstance(dosed.first, Placed) or not isinstance(dosed.last, Placed):
            return {}
        if any(goes_on(item, arm, dosed.last.days) for item in given(arm)):
            return {}
        spans.setdefault(dosed.last.days - dosed.first.days + 1, []).append(arm)
    return spans if spans and abs(max(spans) - epoch) > _FILLED else {}


def _is_given_later(view: View) -> bool:
    """Say whether those who change to another arm are randomised to what is tested there: they have a dose more."""
    items = [part for arm in view.each("/arms") if arm.has("enters_from") for part in arm.each("epochs")]
    again = [item for item in items if item.yes("re_randomised")]
    return any(one.owner("").equals("role", "experimental") for item in again for one in item.each("interventions"))


def _of_arms(spans: dict[Decimal, list[View]]) -> Inlines:
    if len(spans) == 1:
        return run(counted(int(next(iter(spans))), "day"))
    return joined(
        [
            glued(counted(int(length), "day"), " (", joined([arm.f("name") for arm in arms]), ")")
            for length, arms in sorted(spans.items())
        ]
    )


def _on_one_day(spans: dict[Decimal, list[View]]) -> Inlines:
    """Say that there is one dose, or that all doses are given on one day, where that is so in every arm."""
    if [*spans] != [1]:
        return ()
    arms = [(arm, studied(item.node for item in given(arm))) for arm in spans[Decimal(1)]]
    steps = [[step for each in items for step in of_arm(each["regimen"], arm.at("id").text)] for arm, items in arms]
    alone = all(len(own) == 1 and own[0]["when"].text == "once" and not own[0]["frequency"] for own in steps)
    return run("a single dose" if alone else "all doses on one day")


def _open_ended(item: View) -> Inlines:
    """Say how treatment comes back until an event ends it."""
    noun, every = item.at("repeats/name").text or "course", flat(item.f("repeats/every"))
    item.values.mark(item.at("repeats/name"))
    again = f"repeated {turns(noun, every)}" if noun.isalpha() else turns(noun, every)
    return upper_first(glued(again, ", until ", item.f("repeats/until", "moment")))
