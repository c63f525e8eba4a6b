"""Values of a ClinicalTrials.gov record that are left out on purpose, each with the reason."""

from __future__ import annotations

from protocolkit.exchange.source import Aside

_KEPT = "a date of the registry's own work on the record"
_STATE = "how far the trial has come on the date of the record, not what its protocol says"
_DERIVED = "made by the registry from other values of the record"
_RESULTS = "results of the trial; a protocol is written before them"
_UPLOAD = "a property of the uploaded file"
_ABSENT = "says that a United States rule does not apply; a protocol states the rules that do"
_SORT = "a class by which the registry sorts organisations"
_STATUS = "/protocolSection/statusModule"
_DESIGN = "/protocolSection/designModule"


def _is_false(value: object) -> bool:
    return value is False


def _is_planned(value: object) -> bool:
    return value in {"ESTIMATED", "ANTICIPATED"}


def _is_no_result(value: object) -> bool:
    return value != "RESULT"


ASIDE = (
    Aside("/hasResults", _STATE),
    Aside("/derivedSection/**", _DERIVED),
    Aside("/resultsSection/**", _RESULTS),
    Aside("/annotationSection/**", "remarks of the registry on the record"),
    *(
        Aside(f"{_STATUS}/{name}", _KEPT)
        for name in (
            "statusVerifiedDate", "studyFirstSubmitQcDate", "resultsFirstSubmitDate", "resultsFirstSubmitQcDate",
            "resultsWaived", "dispFirstSubmitDate", "dispFirstSubmitQcDate", "lastUpdateSubmitDate",
        )
    ),
    *(
        Aside(f"{_STATUS}/{name}/**", _KEPT)
        for name in (
            "studyFirstPostDateStruct", "resultsFirstPostDateStruct", "dispFirstPostDateStruct",
            "lastUpdatePostDateStruct",
        )
    ),
    Aside(f"{_STATUS}/overallStatus", _STATE),
    Aside(f"{_STATUS}/lastKnownStatus", _STATE),
    Aside(f"{_STATUS}/delayedPosting", _STATE),
    Aside(f"{_STATUS}/expandedAccessInfo/hasExpandedAccess", "says that there is no access outside it", _is_false),
    Aside("/protocolSection/identificationModule/organization/class", _SORT),
    Aside("/protocolSection/sponsorCollaboratorsModule/leadSponsor/class", _SORT),
    Aside("/protocolSection/sponsorCollaboratorsModule/collaborators/*/class", _SORT),
    Aside("/protocolSection/sponsorCollaboratorsModule/responsibleParty/type", "says who answers for the record"),
    *(
        Aside(f"/protocolSection/oversightModule/{name}", _ABSENT, _is_false)
        for name in (
            "isFdaRegulatedDrug", "isFdaRegulatedDevice", "isUnapprovedDevice", "isUsExport", "isPpsd",
            "fdaaa801Violation",
        )
    ),
    Aside(f"{_DESIGN}/patientRegistry", "says that this is no registry of patients", _is_false),
    Aside(f"{_DESIGN}/enrollmentInfo/type", "numbers of the format are planned ones", _is_planned),
    Aside("/protocolSection/eligibilityModule/stdAges/*", _DERIVED),
    Aside("/protocolSection/eligibilityModule/genderBased", "says that eligibility is by sex alone", _is_false),
    Aside("/protocolSection/contactsLocationsModule/locations/*/geoPoint/*", _DERIVED),
    Aside("/protocolSection/contactsLocationsModule/locations/*/status", _STATE),
    Aside("/protocolSection/contactsLocationsModule/centralContacts/*/role", "the list says that they are contacts"),
    Aside("/protocolSection/referencesModule/references/*/type", "how the registry sorts references", _is_no_result),
    *(
        Aside(f"/documentSection/largeDocumentModule/largeDocs/*/{name}", _UPLOAD)
        for name in ("typeAbbrev", "uploadDate", "size", "hasProtocol", "hasSap", "hasIcf")
    ),
    Aside("/documentSection/largeDocumentModule/noSap", "says that no plan was uploaded"),
)  # fmt: skip
