"""What can be wrong with the shape of a protocol and with its references: one row per code."""

from __future__ import annotations

from protocolkit.findings import FaultKind

FAULTS = {
    "FORM01": FaultKind(
        "A required key is missing",
        "A protocol that does not state it cannot be carried out, compared or pooled as written.",
        "state it; what is not decided yet belongs in open_questions",
    ),
    "FORM02": FaultKind(
        "A key that the format does not know",
        "What stands under an unknown key would be checked by nothing and printed nowhere.",
        "correct the key; free text for a section belongs in narrative",
    ),
    "FORM03": FaultKind(
        "A value of the wrong type",
        "A text, a number, a list and a mapping are read in different ways.",
        "write the value in the form that the field asks for",
    ),
    "FORM04": FaultKind(
        "A value outside a closed list",
        "Closed lists give the same thing the same name in every trial.",
        "choose one of the listed terms",
    ),
    "FORM05": FaultKind(
        "A quantity that cannot be read",
        "A number without a known unit, or with a unit of another kind, cannot be computed with or compared.",
        "write the number, one space and the unit",
    ),
    "FORM06": FaultKind(
        "A text of the wrong form",
        "Identifiers, dates and ratios have one written form, so that they can be compared.",
        "write it in the form of the example",
    ),
    "FORM07": FaultKind(
        "One of several keys is needed",
        "Either way of stating it will do, but one must be there.",
        "state one of them",
    ),
    "FORM08": FaultKind(
        "A number or a count out of range",
        "The field allows only values within its limits.",
        "write a value within the limits",
    ),
    "FORM09": FaultKind(
        "A key that does not belong to this kind of thing",
        "The key has a meaning only beside another value of the key that tells the kind.",
        "remove the key, or correct the kind",
    ),
    "FORM10": FaultKind(
        "An entry that stands twice in a list",
        "The list names each thing once.",
        "remove one of the two",
    ),
    "REF01": FaultKind(
        "A reference to something that does not exist",
        "Whoever carries out the protocol would look for it in vain.",
        "correct the id, or add what it names",
    ),
    "REF02": FaultKind(
        "An id that stands twice",
        "A reference to it could mean either.",
        "give each its own id",
    ),
    "REF03": FaultKind(
        "A reference to something of another kind",
        "The id exists, but what it names cannot stand here.",
        "name a thing of the kind asked for",
    ),
}
