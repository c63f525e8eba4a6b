"""Which kinds of intervention a trial gives, so that what holds for medicines alone is asked of medicines alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.document import Node
    from protocolkit.render.blocks import Inlines
    from protocolkit.render.view import View

MEDICINES = frozenset({"drug", "biologic", "vaccine", "genetic"})
# A supplement is made, stored and handed out as a medicine is.
_SUPPLIED = MEDICINES | {"dietary"}
_DOSED = _SUPPLIED | {"radiation"}
_DONE = frozenset({"behaviour", "procedure", "surgery", "radiation"})
_APPLIED = frozenset({"device", "procedure", "surgery"})
_LAY = re.compile(
    r"\b(?:participants?|patients?|self|themsel\w+|parents?|carers?|caregivers?|partners?|famil\w+|users?)\b",
    re.IGNORECASE,
)
_COMPARATOR = "active_comparator"
_COMPARED = frozenset({"experimental", _COMPARATOR, "placebo", "active_placebo", "sham"})
_BESIDE = frozenset({"diagnostic", "rescue_medicine", "background_treatment"})
NOT_INVESTIGATED = ("NIMP", "auxiliary")
_BESIDE_IT = ("background", "rescue", "premedication")


def is_medicine(item: View) -> bool:
    """Say whether an intervention is a medicinal product, or may be one."""
    return item.at("kind").text in MEDICINES or not item.has("kind")


def is_product(item: View) -> bool:
    """Say whether an intervention is a thing that is made and supplied, not something that people do."""
    return item.at("kind").text not in _DONE


def noninvestigational(view: View) -> list[View]:
    """Return the interventions that are not under investigation."""
    return [item for item in view.each("/interventions") if _is_not_investigated(item)]


def _is_not_investigated(item: View) -> bool:
    """Say whether the file says so; where it states no status, whether its role in the trial says so."""
    if not item.has("imp_status"):
        return item.at("role").text in _BESIDE or _is_required_beside(item) or _is_of_comparator(item)
    return item.at("imp_status").text in NOT_INVESTIGATED and not _is_tried(item)


def _is_required_beside(item: View) -> bool:
    """Say whether it is done or applied since the trial requires it, and is no medicine with a status of its own."""
    return item.equals("role", "additional_required_treatment") and item.at("kind").text in _DONE | _APPLIED


def _is_of_comparator(item: View) -> bool:
    """Say whether what is done belongs to a comparator of medicines, none of which is under investigation."""
    if not item.equals("role", _COMPARATOR) or is_medicine(item):
        return False
    others = [each for each in item.each("/interventions") if each.equals("role", _COMPARATOR) and is_medicine(each)]
    return bool(others) and all(each.at("imp_status").text in NOT_INVESTIGATED for each in others)


def _is_tried(item: View) -> bool:
    """Say whether what is no medicine is on trial: the status of a medicinal product says nothing of it."""
    return not is_medicine(item) and item.at("role").text == "experimental"


def _kinds(view: View) -> list[str]:
    return [item.at("kind").text for item in view.each("/interventions")]


def without_medicine(view: View) -> bool:
    """Say whether the file names interventions and none of them is a medicinal product."""
    return _no_medicine(_kinds(view))


def without_investigated_medicine(view: View) -> bool:
    """Say whether the file names what is under investigation and none of it is a medicinal product."""
    return _no_medicine(_investigated(view))


def _no_medicine(kinds: list[str]) -> bool:
    return bool(kinds) and all(kind and kind not in MEDICINES for kind in kinds)


def compares_with_investigated(view: View) -> bool:
    """Say whether a medicine is an investigational product by the file, though it is not what is tested."""
    return any(is_medicine(item) and item.equals("imp_status", "IMP") for item in view.each("/interventions"))


def tests_devices_alone(view: View) -> bool:
    """Say whether a device is what is tested, and no medicine is; medicines may be compared with it or go beside it."""
    tested = {item.at("kind").text for item in view.where("/interventions", "role", "experimental")}
    return "device" in tested and not tested & (MEDICINES | {""})


def has_dose(item: View) -> bool:
    """Say whether an intervention is dosed, or may be."""
    return not item.has("kind") or item.at("kind").text in _DOSED


def is_one_thing(item: View) -> bool:
    """Say whether a device is used as one and the same thing each time, such as spectacles: `1 {unit}` is no dose."""
    steps = item.each("regimen/steps")
    return item.equals("kind", "device") and bool(steps) and all(step.equals("dose", "1 {unit}") for step in steps)


def nothing_dosed(root: Node) -> bool:
    """Say whether the file names interventions and all of them are known to have no dose."""
    kinds = [item["kind"].text for item in root["interventions"]]
    return bool(kinds) and all(kind and kind not in _DOSED for kind in kinds)


def tests_undosed(root: Node) -> bool:
    """Say whether something is tested that is known to have no dose, beside what may have one."""
    return any(
        item["role"].text == "experimental" and item["kind"].text and item["kind"].text not in _DOSED
        for item in root["interventions"]
    )


def one_dose(root: Node) -> bool:
    """Say whether each participant is given one single dose of what is compared, so that no dose is the first."""
    compared = {item["id"].text: item for item in root["interventions"] if item["role"].text in _COMPARED}
    arms = [{node.text for node in arm["interventions"]} & {*compared} for arm in root["arms"]]
    regimens = [item["regimen"] for item in compared.values()]
    once = all([step["when"].text for step in each["steps"]] == ["once"] for each in regimens)
    again = [each["repeats"] or each["taper"]["steps"] for each in regimens] + [arm["epochs"] for arm in root["arms"]]
    return bool(regimens) and once and not any(again) and all(len(names) == 1 for names in arms)


def _investigated(view: View) -> list[str]:
    apart = {item.node.path for item in noninvestigational(view)}
    return [item.at("kind").text for item in view.each("/interventions") if item.node.path not in apart]


def has_device(view: View) -> bool:
    """Say whether a device is under investigation."""
    return "device" in _investigated(view)


def gives_medicine(view: View) -> bool:
    """Say whether participants get some medicine by plan, if only beside what is on trial."""
    beside = any(view.each(f"/concomitant/{key}") for key in _BESIDE_IT)
    return beside or any(is_medicine(item) for item in view.each("/interventions"))


def carries_medicine(view: View) -> bool:
    """Say whether what is on trial is made of a device and a medicine, such as a coated balloon."""
    apart = {item.node.path for item in noninvestigational(view)}
    return any(item.yes("combination_product") for item in view.each("/interventions") if item.node.path not in apart)


def _names_device(view: View) -> bool:
    """Say whether a device is on trial, or what is done on trial is told with one, such as therapy with an app."""
    apart = {item.node.path for item in noninvestigational(view)}
    told = any(item.has("device") for item in view.each("/interventions") if item.node.path not in apart)
    return told or "device" in _investigated(view)


def no_medicine(view: View) -> str:
    """Return in which sense there is no medicine: none is given, none is on trial, or it is part of the device."""
    if carries_medicine(view):
        return "the device carries its medicine"
    what = "medicine" if _names_device(view) else "medicine or device"
    return f"no {what} is {'under investigation' if gives_medicine(view) else 'given'}"


def no_dose(view: View) -> str:
    """Return why nothing is dosed in this trial; an empty text where something is, or may be."""
    kinds = _investigated(view)
    if not kinds or any(not kind or kind in _DOSED for kind in kinds):
        return ""
    return no_medicine(view) + (", and no dose is chosen" if carries_medicine(view) else "")


def no_supply(view: View) -> str:
    """Return why nothing is prepared, stored or handed out; an empty text where something is, or may be."""
    kinds = _investigated(view)
    if not kinds or any(not kind or kind in _SUPPLIED or kind == "device" for kind in kinds):
        return ""
    return no_medicine(view)


def device_alone(view: View) -> bool:
    """Say whether what is supplied in the trial is a device and nothing else."""
    return has_device(view) and bool(no_dose(view))


def reasoned_device(view: View) -> bool:
    """Say whether the file states why each device on trial is used as it is."""
    devices = [item for item in view.where("/interventions", "kind", "device") if item.equals("role", "experimental")]
    return bool(devices) and all(item.has("non_drug/why") for item in devices)


def applied_by(view: View) -> Inlines:
    """Print by whom the devices on trial are applied, where these are not the participants; nothing elsewhere."""
    tested = view.where("/interventions", "role", "experimental")
    if not tested or any(item.at("kind").text not in _APPLIED or _by_themselves(item) for item in tested):
        return ()
    devices = [item for item in tested if item.equals("kind", "device")]
    return devices[0].f("administered_by", "the") if devices else ()


def _by_themselves(item: View) -> bool:
    """Say whether a device is used by participants or their families, at home or for longer, or may be."""
    by = item.at("administered_by").text
    return item.equals("kind", "device") and (not by or item.has("regimen") or _LAY.search(by) is not None)


KINDS: dict[str, Callable[..., Any]] = {
    "has_device": has_device,
    "device_alone": device_alone,
    "no_dose": no_dose,
    "no_medicine": no_medicine,
    "applied_by": applied_by,
    "reasoned_device": reasoned_device,
    "no_supply": no_supply,
    "noninvestigational": noninvestigational,
}
