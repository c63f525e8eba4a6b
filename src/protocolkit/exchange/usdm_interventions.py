"""USDM: interventions with their administrations, products and devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.exchange.naming import Ids
from protocolkit.exchange.usdm_model import coded, label, number, says_more, told
from protocolkit.exchange.usdm_words import entry, unit_of

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.usdm_model import Study

_STEPS = "several administrations are stated without their order; they stay words until the protocol orders them"
_LOOSE = "the words of an administration are not exact enough for a step of a regimen"


def interventions(s: Study) -> None:
    """Carry the interventions that the design uses, then devices that no administration names."""
    ids = Ids("intervention")
    used = {row.text: row for row in s.design["studyInterventionIds"].rows}
    for row in s.version["studyInterventions"].rows:
        at = _intervention(s, row, ids)
        if at and row["id"].text in used:
            used[row["id"].text].take(at)
    for reference in used.values():
        s.find(reference, "StudyIntervention")
    for row in s.version["medicalDevices"].rows:
        if row["id"].text not in s.places:
            _own_device(s, row, ids)
    _makers(s)


def _intervention(s: Study, row: Cursor, ids: Ids) -> Path:
    at = ("interventions", s.t.count(("interventions",)))
    name = s.words(label(row))
    if not s.put((*at, "name"), [label(row)], name):
        return ()
    s.places[row["id"].text] = ids.make(name)
    s.t.name((*at, "id"), s.places[row["id"].text])
    s.term((*at, "kind"), row["type"], "kind")
    s.term((*at, "role"), row["role"], "role")
    if row["name"].text and says_more(row["name"].text.replace("_", " "), name):
        s.t.put((*at, "names", "other", s.t.count((*at, "names", "other"))), row["name"])
    for code in row["codes"].rows:
        _code(s, code, at)
    _add_words(s, row["description"], at, name)
    least = row["minimumResponseDuration"]
    if least["value"]:
        leaves = [least["value"], told(least["unit"])]
        s.add((*at, "description"), leaves, f"Shortest time to a response: {s.shown(least)}.")
    _administrations(s, row["administrations"].rows, at)
    return at


def _code(s: Study, code: Cursor, at: Path) -> None:
    """Keep a code of an intervention beside its names, with its system."""
    to = (*at, "names", "other", s.t.count((*at, "names", "other")))
    parts = [code[key] for key in ("decode", "code", "codeSystem", "codeSystemVersion")]
    name, mark = code["decode"].text, code["code"].text
    system = " ".join(part.text for part in (code["codeSystem"], code["codeSystemVersion"]) if part.text)
    shown = f"{name} ({system} {mark})" if name and name != mark else f"{mark} ({system})"
    s.put(to, parts, shown if mark or name else "")


def _add_words(s: Study, text: Cursor, at: Path, *known: str) -> None:
    if says_more(text.text, *known):
        s.add((*at, "description"), [text], s.read(text).text)
    elif text:
        text.aside("says no more than the name")


def _administrations(s: Study, rows: tuple[Cursor, ...], at: Path) -> None:
    """Write a single exact administration as a step; several, or one that is not exact, stay words."""
    for row in rows:
        _products(s, row, at)
    routes = {entry("route", coded(coded(row["route"]))["code"].text, told(row["route"]).text) for row in rows}
    if len(routes) == 1 and all(row["route"] for row in rows):
        s.term((*at, "route"), rows[0]["route"], "route")
        for row in rows[1:]:
            told(row["route"]).take((*at, "route"))
    exact = len(rows) == 1 and _is_exact(rows[0])
    if exact:
        _step(s, rows[0], at)
    for row in rows:
        parts, text = _shown(s, row, exact=exact)
        if s.add((*at, "description"), parts, text) and not exact:
            s.t.keep_words(row["description"] or label(row), (*at, "description"), _STEPS if len(rows) > 1 else _LOOSE)


def _is_exact(row: Cursor) -> bool:
    """Say whether dose and frequency are one quantity and one term."""
    dose, often = row["dose"], row["frequency"]
    unit = unit_of(coded(dose["unit"])["code"].text, told(dose["unit"]).text)
    term = entry("frequency", coded(often)["code"].text, told(often).text)
    return bool(unit and number(dose["value"].value) and term)


def _step(s: Study, row: Cursor, at: Path) -> None:
    step = (*at, "regimen", "steps", 0)
    s.t.name((*step, "id"), "S1")
    s.quantity((*step, "dose"), row["dose"])
    if s.term((*step, "frequency"), row["frequency"], "frequency"):
        often = s.t.get((*step, "frequency"))
        s.t.put((*step, "when"), told(row["frequency"]) or coded(row["frequency"])["code"],
                "once" if often == "ONCE" else "course")  # fmt: skip


def _shown(s: Study, row: Cursor, *, exact: bool) -> tuple[list[Cursor], str]:
    """Return an administration in words, with the leaves that say them; of an exact one what the step lacks."""
    length, dose = row["duration"], row["dose"]
    parts: list[tuple[list[Cursor], str]] = [([row["description"] or label(row)], s.words(row["description"] or
                                                                                          label(row)))]  # fmt: skip
    if row["label"].text and row["description"].text and says_more(row["label"].text, row["description"].text):
        parts.insert(0, ([row["label"]], s.words(row["label"])))
    if not exact:
        parts.append((_leaves(dose), f"dose {s.shown(dose)}" if dose else ""))
        parts.append(([told(row["frequency"])], told(row["frequency"]).text.lower()))
        parts.append(([told(row["route"])], told(row["route"]).text.lower()))
    amount = length["quantity"]
    parts.append((_leaves(amount), f"for {s.shown(amount)}" if amount else ""))
    parts.append(([length["text"]], s.words(length["text"])))
    varies, why = length["durationWillVary"], length["reasonDurationWillVary"]
    if varies.value is True:
        parts.append(([varies, why], f"the duration varies: {s.words(why)}" if why.text else "the duration varies"))
    elif varies.value is False:
        varies.aside("says that the duration does not vary")
        if why:
            why.aside("a reason for a duration that varies, where it does not")
    told_parts = [(leaves, text) for leaves, text in parts if text]
    return [leaf for leaves, _ in told_parts for leaf in leaves], "; ".join(text for _, text in told_parts) + "."


def _leaves(amount: Cursor) -> list[Cursor]:
    found = [amount["value"], told(amount["unit"]), amount["isApproximate"]]
    for end in (amount["minValue"], amount["maxValue"]):
        found += [end["value"], told(end["unit"])]
    return found


def _products(s: Study, row: Cursor, at: Path) -> None:
    product = s.find(row["administrableProductId"], "AdministrableProduct")
    if product is not None:
        row["administrableProductId"].take((*at, "product"))
        _product(s, product, at)
    device = s.find(row["medicalDeviceId"], "MedicalDevice")
    if device is not None:
        row["medicalDeviceId"].take((*at, "device"))
        s.places[device["id"].text] = s.t.get((*at, "id"))
        _device(s, device, at)


def _product(s: Study, row: Cursor, at: Path) -> None:
    """Write form, strength, status and sourcing of a product; what has no key stands in its note."""
    before = s.t.get((*at, "product", "note")) or ""
    parts, text = _note(s, row)
    if text and text not in before:
        s.add((*at, "product", "note"), parts, text)
    s.places.setdefault(row["id"].text, s.t.get((*at, "id")))
    for to, code, name in (
        (("product", "form"), row["administrableDoseForm"], "dose_form"),
        (("imp_status",), row["productDesignation"], "imp_status"),
        (("sourcing",), row["sourcing"], "sourcing"),
    ):
        if s.t.get((*at, *to)) is None:
            s.term((*at, *to), code, name)
        elif told(code):
            told(code).take((*at, *to))
    for one in row["ingredients"].rows:
        _ingredient(s, one, at)


def _note(s: Study, row: Cursor) -> tuple[list[Cursor], str]:
    parts, shown = [label(row)], [s.words(label(row))]
    if says_more(row["description"].text, label(row).text):
        parts.append(row["description"])
        shown.append(s.words(row["description"]))
    kind = told(row["pharmacologicClass"])
    if kind:
        parts.append(kind)
        shown.append(f"pharmacologic class {kind.text}")
    for one in row["properties"].rows:
        amount = one["quantity"]
        parts += [label(one), told(one["type"]), one["text"], *_leaves(amount)]
        shown.append(" ".join(text for text in (told(one["type"]).text, one["text"].text, s.shown(amount)) if text))
    for one in row["identifiers"].rows:
        scope = s.find(one["scopeId"], "Organization")
        giver = label(scope).text if scope is not None else ""
        parts += [one["text"], one["scopeId"]]
        shown.append(f"{one['text'].text} ({giver})" if giver else one["text"].text)
    return parts, "; ".join(text for text in shown if text)


def _ingredient(s: Study, row: Cursor, at: Path) -> None:
    substance = row["substance"]
    name = s.words(label(substance))
    if told(row["role"]).text.lower() in ("active", "") and s.t.get((*at, "substance")) in (None, name):
        s.put((*at, "substance"), [label(substance), told(row["role"])], name)
        for one in substance["strengths"].rows:
            _strength(s, one, at)
    else:
        words = f"{told(row['role']).text or 'ingredient'}: {name}"
        s.add((*at, "product", "note"), [told(row["role"]), label(substance)], words)
    if not says_more(substance["description"].text, name, "substance"):
        substance["description"].aside("says no more than the name of the substance")
    for code in substance["codes"].rows:
        _code(s, code, at)
    other = substance["referenceSubstance"]
    if label(other).text:
        leaves, text = [label(other)], f"reference substance {s.words(label(other))}"
        for one in other["strengths"].rows:
            leaves += [*_leaves(one["numerator"]), *_leaves(one["denominator"])]
            text = f"{text}, {s.shown(one['numerator'])}" + (
                f" in {s.shown(one['denominator'])}" if one["denominator"] else ""
            )
        if text not in (s.t.get((*at, "product", "note")) or ""):
            s.add((*at, "product", "note"), leaves, text)


def _strength(s: Study, row: Cursor, at: Path) -> None:
    """Write a strength where numerator and denominator are single quantities with known units."""
    above, below = row["numerator"], row["denominator"]
    unit = unit_of(coded(above["unit"])["code"].text, told(above["unit"]).text)
    under = unit_of(coded(below["unit"])["code"].text, told(below["unit"]).text)
    amount = number(above["value"].value)
    plain = not below or (number(below["value"].value) == "1" and under)
    to = (*at, "product", "strengths", s.t.count((*at, "product", "strengths")))
    leaves = [*_leaves(above), *_leaves(below)]
    value = f"{amount} {unit}/{under}" if below else f"{amount} {unit}"
    known = s.t.get(to[:-1]) or ()
    if value in known:
        for leaf in leaves:
            leaf.take(to[:-1]) if leaf else None
    elif not (amount and unit and plain and s.put(to, leaves, value, words=label(row).text)):
        text = f"strength {s.shown(above)}" + (f" in {s.shown(below)}" if below else "")
        s.add((*at, "product", "note"), leaves, text)
    if label(row).text and says_more(label(row).text, value):
        s.t.lose("LOSS02", label(row), f'the strength is called "{label(row).text[:60]}", which is not its quantity',
                 (*at, "product", "strengths"))  # fmt: skip
        label(row).take((*at, "product", "strengths"))


def _own_device(s: Study, row: Cursor, ids: Ids) -> None:
    """Write a device that no administration names as an intervention of its own."""
    at = ("interventions", s.t.count(("interventions",)))
    name = s.words(label(row))
    if not s.put((*at, "name"), [label(row)], name):
        return
    s.places[row["id"].text] = ids.make(name)
    s.t.name((*at, "id"), s.places[row["id"].text])
    s.put((*at, "kind"), [label(row)], "device")
    _add_words(s, row["description"], at, name)
    _device(s, row, at, own=True)


def _device(s: Study, row: Cursor, at: Path, *, own: bool = False) -> None:
    hard = row["hardwareVersion"]
    model = "" if own else s.words(label(row))
    if hard.text:
        model = f"{model}, hardware version {hard.text}".strip(", ")
    s.put((*at, "device", "model"), [hard] if own else [label(row), hard], model)
    s.t.put((*at, "device", "software_version"), row["softwareVersion"])
    if row["sourcing"] and s.t.get((*at, "sourcing")) is None:
        s.term((*at, "sourcing"), row["sourcing"], "sourcing")
    inside = s.find(row["embeddedProductId"], "AdministrableProduct")
    if inside is not None:
        to = (*at, "device", "components", s.t.count((*at, "device", "components")))
        s.put(to, [row["embeddedProductId"]], f"embedded product: {s.words(label(inside))}")
    for one in row["identifiers"].rows:
        to = (*at, "names", "other", s.t.count((*at, "names", "other")))
        scope = s.find(one["scopeId"], "Organization")
        shown = [told(one["type"]).text, one["text"].text, f"({label(scope).text})" if scope is not None else ""]
        s.put(to, [one["text"], told(one["type"]), one["scopeId"]], " ".join(text for text in shown if text))


def _makers(s: Study) -> None:
    """Name who makes or supplies a product or a device."""
    for row in s.version["productOrganizationRoles"].rows:
        owner, kind = s.find(row["organizationId"], "Organization"), told(row["code"])
        for reference in row["appliesToIds"].rows:
            thing = s.find(reference)
            known = s.place(reference) or (s.place(thing["id"]) if thing is not None else "")
            if owner is None or thing is None or not known:
                continue
            rows = s.t.get(("interventions",)) or []
            at = ("interventions", next(i for i, one in enumerate(rows) if one["id"] == known))
            text = f"{kind.text or 'organisation'} of {s.words(label(thing))}: {label(owner).text}."
            s.add((*at, "supply"), [kind, reference, row["organizationId"]], text)
