"""Build the checklist `ich-m11` from the table of coverage: one row a section, one need an element."""

from __future__ import annotations

import json
import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PACK = ROOT / "src" / "protocolkit" / "checklists" / "packs" / "ich-m11.yaml"
REGISTRY = json.loads((ROOT / "templates" / "m11" / "sections.json").read_text("utf-8"))
SECTIONS = {row["number"]: row["title"] for row in REGISTRY["sections"]}
FRONT = {"Title Page": "title-page", "Amendment Details": "amendment-details"}
HEAD = {
    "checklist": "ich-m11",
    "title": "ICH M11 completeness",
    "version": "Step 4, 19 November 2025",
    "source": "https://www.ich.org/page/multidisciplinary-guidelines",
    "licence": (
        "Element names are those of the ICH M11 technical specification, copyright ICH, used with acknowledgement and "
        "without endorsement by ICH; the sentences are ours."
    ),
    "about": (
        "What ICH M11 marks Required in each section; what it marks Conditional is met where it is stated, and asked "
        "for where the design calls for it. Elements that protocolkit derives or prints as fixed text are always there "
        "and are not listed. Ids are section numbers."
    ),
}
# What the table of coverage cannot say: an absent key that means No, other homes, and when an element is wanted at all.
MEANS_NO = frozenset({"128", "130"})
MAY_BE_NONE = frozenset({"69", "275"})  # no further reason for an amendment; nobody who needs contraception
NONE_COUNTS = frozenset({"473", "485"})  # that nothing is done about missing data
ACTIVITIES = "/schedule/activities/*"
_KINETIC = "[name~=pharmacokinetic*|plasma sample*|plasma concentration*|drug concentration*]"
_CELLULAR = "[domain~=immunolog*][name~=T-cell*|T cell*|ELISpot*]"
_IMMUNE = "[name~=anti-drug antibod*|immunogenic*]"
# One sample for concentrations and for antibodies has one section.
_AGAINST = "[name~=anti-drug antibod*|immunogenic*|antibodies against|antibodies to]"
TESTED = "/interventions/*[role=experimental|active_comparator|active_placebo]"
COUNTED = f"{TESTED}[kind=drug|biologic|vaccine|genetic|dietary|device]"
SUICIDE = "/adverse_events/of_special_interest/*[name~=suicid*|self-harm*|self-injur*]"
AS_WELL = {
    "97": ("/interventions/*/substance",),
    "107": ("/interventions/*/substance",),
    "108": ("/interventions/*/substance",),
    "109": ("/interventions/*/substance",),
    "237": ("/design/rationale",),
    "399": (
        f"{ACTIVITIES}[section=8.6.3]/name",
        f"{ACTIVITIES}[section!=*][kind=sample|laboratory][serves->/outcomes/*[domain~=biomarker*]]/name",
    ),
    "239": ("/objectives/*/estimands/*/intercurrent_events/*/rationale",),
    "495": ("/statistics/subgroups",),
    "243": ("/design/control/justification",),
    "140": ("/population/participants/text", "/statistics/sample_size/*/open_ended"),
    "141": ("/population/participants", "/statistics/sample_size/*/randomised_total"),
    "273": ("/population/contraception/reason", "/population/contraception/none_reason"),
    "275": (
        "/population/contraception/partners",
        "/population/contraception/reason",
        "/population/contraception/none_reason",
    ),
    "316": ("/interventions/*/device/model", "/interventions/*/non_drug/procedures", "/interventions/*/description"),
    "320": ("/interventions/*/non_drug/mode", "/interventions/*/administered_by"),
    "318": ("/interventions/*/device/rationale", "/interventions/*/non_drug/why"),
    "338": ("/design/blinding/method",),
    "346": ("/interventions/*[role=background_treatment]/name",),
    "348": ("/interventions/*[role=rescue_medicine]/name",),
    "350": (
        "/interventions/*[role=diagnostic][imp_status!=IMP]/name",
        "/interventions/*[role=additional_required_treatment|challenge_agent][imp_status=NIMP|auxiliary]/name",
    ),
    "388": (f"{ACTIVITIES}[section=8.4.5]/name", f"{ACTIVITIES}[section!=*][name~=pregnan*|hCG]/name"),
    "380": (
        f"{ACTIVITIES}[section=8.4.1]/name",
        f"{ACTIVITIES}[section!=*][name~=physical exam*|clinical exam*|full exam*|examination]/name",
        f"{ACTIVITIES}[section=8.4.2|8.4.3|8.4.4|8.4.5|8.4.6][name~=physical exam*|clinical exam*|full exam*]/name",
    ),
    "392": (
        f"{ACTIVITIES}[section=8.5]/name",
        f"{ACTIVITIES}[section!=*][kind=sample|laboratory][serves->/outcomes/*[domain~=pharmacokinetic*]]/name",
        f"{ACTIVITIES}[section!=*][kind=sample]{_KINETIC}/name",
        f"{ACTIVITIES}[section!=*][kind=sample][serves->/outcomes/*{_KINETIC}]/name",
    ),
    "395": ("/schedule/activities/*[section=8.6.1]/name",),
    "397": (
        f"{ACTIVITIES}[section=8.6.2]/name",
        f"{ACTIVITIES}[section!=*][name~=pharmacodynamic*]/name",
        f"{ACTIVITIES}[section!=*][serves->/outcomes/*[name~=pharmacodynamic*]]/name",
        f"{ACTIVITIES}[serves->/outcomes/*[domain~=pharmacodynamic*]]/name",
        f"{ACTIVITIES}[section!=*][kind=sample|laboratory][serves->/outcomes/*{_CELLULAR}]/name",
    ),
    "401": (
        f"{ACTIVITIES}[section=8.7]/name",
        f"{ACTIVITIES}[section!=*]{_IMMUNE}/name",
        f"{ACTIVITIES}[section!=*][serves->/outcomes/*{_IMMUNE}]/name",
        f"{ACTIVITIES}[section=8.5][serves->/outcomes/*{_AGAINST}]/name",
    ),
    "403": ("/schedule/activities/*[section=8.8]/name",),
    "506": ("/trial/sponsor/role_statement", "/trial/final_decision_authority", "/trial/funders"),
    "516": ("/population/rescreening/consent",),
    "518": ("/oversight/samples",),
}
# What the section prints beside the element, without being it.
BESIDE = {
    "338": tuple(f"/design/blinding/{key}" for key in ("unblinded_roles", "efficacy_raters", "acute_effects_raters")),
    "544": ("/appendices/samples",),
}
# A row of the schedule that another section on safety tells may hold what this section wants as well.
_TOLD = "[section=8.4.1|8.4.2|8.4.3|8.4.4|8.4.5|8.4.6]"
_VITAL = "[name~=vital sign*|vitals|blood pressure|pulse|heart rate|oxygen saturation|temperature]"
# Where the key is right and its entries are of several kinds: those that belong to the section.
INSTEAD = {
    "327": ("/interventions/*[kind=drug|biologic|vaccine|genetic|dietary|device]/preparation",),
    "344": (
        "/interventions/*[imp_status=NIMP|auxiliary][role!=experimental]/name",
        "/interventions/*[imp_status=NIMP|auxiliary][role=experimental][kind=drug|biologic|vaccine|genetic]/name",
        "/concomitant/background", "/concomitant/rescue", "/concomitant/premedication",
    ),
    "342": (f"{TESTED}/adherence", f"{TESTED}/non_drug/fidelity"),
    "382": (
        f"{ACTIVITIES}[section=8.4.2]/name",
        f"{ACTIVITIES}[section!=*]{_VITAL}/name",
        f"{ACTIVITIES}{_TOLD}{_VITAL}/name",
    ),
    "384": (
        f"{ACTIVITIES}[section=8.4.3]/name", f"{ACTIVITIES}[section!=*][name~=electrocardiogra*|ECG|ECGs|EKG|QT*]/name",
        f"{ACTIVITIES}{_TOLD}[name~=electrocardiogra*|ECG|ECGs|EKG]/name",
    ),
    "386": (
        f"{ACTIVITIES}[section=8.4.4]/name", f"{ACTIVITIES}[section!=*][kind=laboratory][name!~=pregnan*|hCG]/name",
    ),
    "390": (
        f"{ACTIVITIES}[section=8.4.6]/name", f"{ACTIVITIES}[section!=*][name~=suicid*|C-SSRS]/name",
        f"{ACTIVITIES}[serves~=suicid*]/name", f"{ACTIVITIES}[serves->{SUICIDE}]/name",
        "/outcomes/*/alerts/*[item~=suicid*]/threshold",
        "/outcomes/*/alerts/*[action~=suicid*]/threshold",
    ),
    "331": (f"{COUNTED}/accountability",),
    "469": ("/statistics/analyses/*[role=main]/model",),
    "471": ("/statistics/analyses/*[role=main]/data_used",),
    "473": (
        "/objectives/*[level=primary]/estimands/*/missing_data", "/statistics/analyses/*[role=main]/missing_data",
    ),
    "475": ("/objectives/*[level=primary]/estimands/*/sensitivity", "/statistics/analyses/*[role=sensitivity]/model"),
    "477": (
        "/objectives/*[level=primary]/estimands/*/supplementary", "/statistics/analyses/*[role=supplementary]/model",
    ),
    "481": ("/statistics/analyses/*[role=secondary]/model",),
    "483": (
        "/statistics/analyses/*[role=secondary]/data_used",
        "/objectives/*[level=secondary]/estimands/*/intercurrent_events",
    ),
    "485": (
        "/objectives/*[level=secondary]/estimands/*/missing_data",
        "/statistics/analyses/*[role=secondary]/missing_data",
    ),
    "487": ("/objectives/*[level=secondary]/estimands/*/sensitivity",),
    "489": ("/objectives/*[level=secondary]/estimands/*/supplementary",),
    "491": (
        "/statistics/analyses/*[endpoint->/objectives/*[level=exploratory]/endpoints/*]/model", "/statistics/other",
    ),
}  # fmt: skip
# What each product wants, and not one of them.
EACH = frozenset({"331"})
LEVELS = {"3.1.1": "primary", "3.2.1": "secondary", "3.3.1": "exploratory"}
# What is asked of medicines alone, or of medicines and devices, and of laboratory tests where there are some.
MEDICINES: dict[str, Any] = {"is": {"/interventions/*/kind": ["drug", "biologic", "vaccine", "genetic"]}}
PRODUCTS: dict[str, Any] = {"is": {"/interventions/*/kind": ["drug", "biologic", "vaccine", "genetic", "device"]}}
CAN_BECOME_PREGNANT: dict[str, Any] = {"not": {"is": {"/population/childbearing_potential": "not_applicable"}}}
DEFINED: dict[str, Any] = {"any": [CAN_BECOME_PREGNANT, {"has": "/population/contraception/definition"}]}
MAY_BECOME_PREGNANT: dict[str, Any] = {
    "not": {"is": {"/population/childbearing_potential": ["not_applicable", "not_eligible"]}}
}
PREVENTED: dict[str, Any] = {
    "any": [
        MAY_BECOME_PREGNANT,
        *({"has": f"/population/contraception/{key}"} for key in ("methods", "partners", "offered", "reason")),
    ]
}
EXPOSED: dict[str, Any] = {"all": [{"is": {"/population/childbearing_potential": "eligible"}}, PRODUCTS]}
BLINDED: dict[str, Any] = {"is": {"/design/blinding/schema": ["double_blind", "single_blind", "observer_blind"]}}
# Those at the site who may meet an emergency; where assessors or analysts alone are blinded, there is nothing to break.
AT_SITE = ["participant", "parent_or_proxy", "care_provider", "investigator"]
HIDDEN_AT_SITE: dict[str, Any] = {
    "any": [
        {"is": {"/design/blinding/schema": ["double_blind", "observer_blind"]}},
        {
            "all": [
                {"is": {"/design/blinding/schema": "single_blind"}},
                {"is": {"/design/blinding/roles/*": AT_SITE}},
            ]
        },
    ]
}
INTERCURRENT = "/objectives/*/estimands/*/intercurrent_events/*"
DEVICE: dict[str, Any] = {
    "any": [
        {"is": {"/interventions/*[role=experimental|active_comparator]/kind": "device"}},
        {"is": {"/interventions/*/combination_product": True}}, {"tag": "device"},
    ]
}  # fmt: skip
DOSED_KINDS = ["drug", "biologic", "vaccine", "genetic", "dietary", "radiation"]
# What has a dose, or a reason for how it is used; what may be overdosed; what is made, stored and handed out.
REASONED: dict[str, Any] = {
    "any": [
        {"is": {"/interventions/*/kind": [*DOSED_KINDS, "device"]}},
        *({"has": f"/interventions/*/{key}/rationale"} for key in ("regimen", "device")),
    ]
}
OVERDOSED: dict[str, Any] = {
    "any": [{"is": {"/interventions/*/kind": DOSED_KINDS}}, {"has": "/interventions/*/overdose"}]
}
SUPPLIED: dict[str, Any] = {
    "is": {"/interventions/*/kind": ["drug", "biologic", "vaccine", "genetic", "dietary", "device"]}
}
# A test of pregnancy, a look at tissue or a culture has no panel of parameters, unless more is done with it.
_OF_TISSUE = "histolog*|histopatholog*|cytolog*|biops*|cultur*|central patholog*|pathology of"
_LABORATORY = f"{ACTIVITIES}[kind=laboratory][name!~=pregnancy|hCG]"
TESTED_IN_LABORATORY: dict[str, Any] = {
    "any": [
        {"has": f"{_LABORATORY}[name!~={_OF_TISSUE}]/kind"},
        {"has": f"{_LABORATORY}[name~={_OF_TISSUE}][name~=and]/kind"},
    ]
}
LABORATORY: dict[str, Any] = {
    "any": [TESTED_IN_LABORATORY, {"has": "/appendices/laboratory_tests"}, {"has": "/appendices/samples"}]
}
# A device has deficiencies, which a section of their own defines.
COMPLAINED_OF: dict[str, Any] = {
    "any": [
        {"is": {"/interventions/*[imp_status!=NIMP|auxiliary]/kind": ["drug", "biologic", "vaccine", "genetic"]}},
        {"has": "/adverse_events/definitions/product_complaint"},
    ]
}
# Where no medicine is tested and no sample planned, the reason why none is kept says why no genes or antibodies are
# looked for.
OF_SAMPLES = frozenset({"395", "397", "401"})
NO_SAMPLE = "/oversight/samples/none_reason"
SAMPLED: dict[str, Any] = {
    "any": [
        {"has": f"{ACTIVITIES}[kind=sample]/kind"},
        {"is": {f"{TESTED}/kind": ["drug", "biologic", "vaccine", "genetic"]}},
    ]
}
NO_MEDICINE_INVESTIGATED = "no medicine is under investigation"
ONE_TEXT = "the reasons for the design are given as one text in Section 4.2"
NO_MEDICINE, NO_PRODUCT = "no medicine is given", "no intervention is a medicine, a supplement or a device by its kind"
NO_ESTIMAND = "no secondary objective has an estimand, and no secondary analysis says how it handles missing data"
ESTIMATED_BESIDE = {
    "any": [
        {"has": "/objectives/*[level=secondary]/estimands"},
        {"has": "/statistics/analyses/*[role=secondary]/missing_data"},
    ]
}
OTHERWISE = {
    "4.2.2": ({"any": [{"lacks": "/design/rationale/overall"}, {"has": "/design/rationale/model"}]}, ONE_TEXT),
    "4.2.4": ({"any": [{"lacks": "/design/rationale/overall"}, {"has": "/design/rationale/duration"}]}, ONE_TEXT),
    "6.2": (REASONED, NO_MEDICINE), "6.5": (OVERDOSED, NO_MEDICINE), "6.6.1": (SUPPLIED, NO_PRODUCT),
    "6.6.2": (SUPPLIED, NO_PRODUCT), "6.6.3": (SUPPLIED, NO_PRODUCT), "7.1.2": (SUPPLIED, NO_PRODUCT),
    "7.1.3": (SUPPLIED, NO_PRODUCT), "9.1.3": (COMPLAINED_OF, NO_MEDICINE_INVESTIGATED), "9.4": (PRODUCTS, NO_PRODUCT),
    "5.4.1": (DEFINED, "nobody in this population can become pregnant, or all are"),
    "10.5.1.3": (ESTIMATED_BESIDE, NO_ESTIMAND),
    "12.1": (LABORATORY, "no panel of laboratory tests is planned"),
}  # fmt: skip
# A product on the market has no code of the sponsor.
MARKETED = "authori*|approved|registered|licensed|marketed|CE-marked|reimbursed"
NEW = "/interventions/*[role=experimental][kind=drug|biologic|vaccine|genetic]"
WHEN: dict[str, Any] = {
    "26": MEDICINES,
    "96": {
        "any": [{"has": f"{NEW}[authorised!~={MARKETED}]"}, {"has": f"{NEW}[authorised~=not|no|nowhere|unauthori*]"}]
    },
    "97": MEDICINES,
    "103": {"not": {"is": {"/design/model": "single_group"}}},
    "116": {"has": "/population/age/max"},
    "117": {"has": "/population/age/max"},
    "138": {"not": {"is": {"/design/blinding/schema": "open_label"}}},
    "193": {"is": {"/objectives/*/level": "secondary"}},
    # A device that is placed once and told without a procedure leaves nothing to keep to.
    "342": {
        "any": [
            {"lacks": TESTED},
            {"has": f"{TESTED}[kind!=device]"},
            *({"has": f"{TESTED}/{key}"} for key in ("regimen/steps", "non_drug", "adherence")),
        ]
    },
    "491": {"is": {"/objectives/*/level": "exploratory"}},
    "544": {"any": [TESTED_IN_LABORATORY, {"has": "/appendices/laboratory_tests"}]},
    "67": {"is": {"/amendments/*/primary_reason": "other"}},
    "71": {"is": {"/amendments/*/secondary_reasons/*": "other"}},
    "555": {"has": "/amendments"},
    "556": {"has": "/amendments"},
}
# ICH M11 takes one text for the whole design, or one for each part of it.
PART_BY_PART: dict[str, Any] = {"lacks": "/design/rationale/overall"}
# One text that never speaks of looking early gives no reason for an interim analysis.
_EARLY = ["early stop*", "early end*", "early terminat*"]
_EARLY += [f"{verb} early" for verb in ("stop", "stops", "stopped", "stopping", "end", "ends", "ended", "ending")]
OF_A_LOOK: dict[str, Any] = {"mentions": {"/design/rationale/overall": ["interim", "futility", "sequential", *_EARLY]}}
# What calls for an element that ICH M11 marks Conditional; elsewhere it is met where it is stated, and not asked for.
CALLED: dict[str, Any] = {
    "275": PREVENTED,
    "211": {"is": {"/objectives/*/level": "exploratory"}},
    "237": {"lacks": "/design/rationale"},
    "239": PART_BY_PART,
    "241": PART_BY_PART,
    "243": {"all": [PART_BY_PART, {"not": {"is": {"/design/control/type": "none"}}}]},
    "245": PART_BY_PART,
    "247": {"all": [PART_BY_PART, {"has": "/design/adaptive"}]},
    "249": {"all": [{"not": OF_A_LOOK}, {"has": "/statistics/interim"}]},
    "336": {
        "not": {
            "all": [
                {"lacks": "/design/randomisations"},
                {"any": [{"is": {"/design/model": "single_group"}}, {"has": "/design/assignment"}]},
            ]
        }
    },
    "338": BLINDED,
    "340": HIDDEN_AT_SITE,
    "348": {
        "any": [
            {"is": {"/interventions/*/role": "rescue_medicine"}},
            *({"has": f"{INTERCURRENT}[{key}~=rescue*]"} for key in ("event", "definition")),
        ]
    },
    "354": MEDICINES,
    "384": {"has": "/adverse_events/of_special_interest/*[name~=QT*]"},
    "388": {"all": [EXPOSED, {"has": "/population/contraception/methods"}]},
    "390": {"has": SUICIDE},
    "413": DEVICE,
    "454": EXPOSED,
    "475": {"has": "/objectives/*[level=primary]/estimands"},
    "481": {"has": "/objectives/*[level=secondary]/endpoints"},
    "516": {"is": {"/population/rescreening/allowed": True}},
}
# Data of an estimand that are missing, where neither it nor an analysis of it says how they are handled.
UNHANDLED = {
    ordinal: (
        f"/objectives/*[level={level}]/estimands/*[missing_data!=*][id!->/statistics/analyses/*[missing_data=*]/estimand]"
        "[variable!->/statistics/analyses/*[missing_data=*]/endpoint]"
    )
    for ordinal, level in (("473", "primary"), ("485", "secondary"))
}
_EVENTS = "/objectives/*[level=primary]/estimands/*/intercurrent_events/*"
_ANALYTES = (
    "albumin|ALT|AST|bilirubin|blood count|calcium|creatinine|CRP|glucose|haemoglobin|HbA1c|hemoglobin|INR|lactate|"
    "neutrophils|platelets|potassium|sodium|troponin|urea"
)
_NO_MORE = "composite|while_alive|while_on_treatment|principal_stratum"  # of these nothing is used after the event
# Part of an answer, and when it counts: what the events of an estimand tell, where each does after which there are data
# to use; tests that the name of an activity lists, without their ranges.
TOLD_IN_PART: dict[str, tuple[str, dict[str, Any]]] = {
    "471": (
        f"{_EVENTS}/data_after",
        {"all": [{"has": f"{_EVENTS}/data_after"}, {"lacks": f"{_EVENTS}[strategy!={_NO_MORE}][data_after!=*]"}]},
    ),
    "544": (f"{_LABORATORY}[name~={_ANALYTES}]/name", {"has": f"{_LABORATORY}[name~={_ANALYTES}]/name"}),
}
_ROW = re.compile(r"\| (\d+) \| (.+?) \| (.+?) \| (Required|Conditional) \| (.*?) \| (.*?) \|$")
_POINTER = re.compile(r"`(/[^`]+)`")
_FROM = re.compile(r"derived: from (/[a-z_/*]+)")


class Element(NamedTuple):
    """One element of the coverage table: its number, name, section, how it is asked for, and where a file holds it."""

    ordinal: str
    name: str
    section: str
    required: bool
    places: tuple[str, ...]


def elements() -> Iterator[Element]:
    """Yield the elements that a key of the file holds, in the order of the standard."""
    for line in (ROOT / "docs" / "coverage.md").read_text("utf-8").splitlines():
        if match := _ROW.match(line):
            ordinal, name, section, conformance, _, home = match.groups()
            places = tuple(_POINTER.findall(home)) or tuple(_FROM.findall(home))
            if places and ordinal not in MEANS_NO:
                homes = INSTEAD.get(ordinal, (*places, *AS_WELL.get(ordinal, ())))
                if level := LEVELS.get(_number(section)):
                    homes = tuple(home.replace("/objectives/*", f"/objectives/*[level={level}]") for home in homes)
                yield Element(ordinal, name, section, conformance == "Required", homes)


def pack() -> dict[str, Any]:
    """Return the checklist."""
    found = sorted(elements(), key=lambda element: _order(element.section))
    groups = [list(group) for _, group in groupby(found, key=lambda element: _order(element.section))]
    items = [_item(group[0].section, group) for group in groups]
    return {**HEAD, "items": items}


def _order(section: str) -> tuple[int, ...]:
    if section in FRONT:
        return (-2 + list(FRONT).index(section),)
    return tuple(int(part) if part.isdecimal() else 0 for part in _number(section).split("."))


def _number(section: str) -> str:
    """Return the number of a section; the first of those that repeat for each objective."""
    return re.sub(r"[^0-9.]", "", re.sub(r"\.?X", ".1", section.split(" ", maxsplit=1)[0])).strip(".")


def _item(section: str, found: list[Element]) -> dict[str, Any]:
    number = _number(section)
    title = section if section in FRONT else SECTIONS.get(number, SECTIONS.get(number.rpartition(".")[0], section))
    item: dict[str, Any] = {
        "id": FRONT.get(section, number), "topic": title.replace(" <#>", ""),
        "text": f"What ICH M11 wants under {title.replace(' <#>', '')} is stated.",
    }  # fmt: skip
    if section not in FRONT:
        item["section"] = number
    if number in OTHERWISE:
        when, why = OTHERWISE[number]
        item |= {"when": when, "otherwise": why}
    if section == "Amendment Details":
        item |= {"when": {"has": "/amendments"}, "otherwise": "the protocol has not been amended"}
    return {**item, "needs": [need for element in found for need in _needs(element, section)]}


def _needs(element: Element, section: str) -> Iterator[dict[str, Any]]:
    """Yield what is asked; what is merely shown is asked for as well where something calls for it."""
    need = _need(element, section)
    if element.ordinal in CALLED:
        yield {"what": need["what"], "some": need["some"], "when": CALLED[element.ordinal]}
    if element.ordinal in EACH:  # of radiation beside medicines, which is no product, what is stated counts
        others = {"lacks": f"{COUNTED}/kind"}
        yield {"what": need["what"], "some": [f"{TESTED}/accountability"], "when": others}
        need["when"] = {"not": others}
    if element.ordinal in OF_SAMPLES:
        yield {"what": need["what"], "some": [*need["some"], NO_SAMPLE], "when": {"not": SAMPLED}}
        need["when"] = SAMPLED
    if element.ordinal in UNHANDLED:
        lacking = UNHANDLED[element.ordinal]
        yield {"what": need["what"], "present": f"{lacking}/missing_data", "when": {"has": lacking}}
        yield {"what": need["what"], "some": need["some"], "none_counts": True, "when": {"has": lacking}}
    if element.ordinal in TOLD_IN_PART:
        told, when = TOLD_IN_PART[element.ordinal]
        yield {"what": need["what"], "some": [told], "when": when}
    yield need
    if element.ordinal in BESIDE:
        yield {"what": need["what"], "some": list(BESIDE[element.ordinal]), "optional": True}


def _need(element: Element, section: str) -> dict[str, Any]:
    name = re.sub(r"[<>\[\]]", "", element.name).replace("#/%", "number or share").strip()
    verb = "present" if element.ordinal in EACH else "some"
    need: dict[str, Any] = {"what": f"{name} (element {element.ordinal})", verb: list(element.places)}
    if element.ordinal in NONE_COUNTS:
        need["none_counts"] = True
    if element.ordinal in WHEN:
        need["when"] = WHEN[element.ordinal]
    if element.ordinal in MAY_BE_NONE or (not element.required and section != "Amendment Details"):
        need["optional"] = True
    return need


if __name__ == "__main__":
    PACK.write_text(yaml.safe_dump(pack(), sort_keys=False, allow_unicode=True, width=118), "utf-8")
