"""Rules on the countries of a trial: insurance and archives of each, and consent where countries differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial

_YEARS = Pattern(r"\b([0-9]{1,3}) years?\b")
_REGULATION = Pattern(r"\b536/2014\b", exact=True)
_ARCHIVED = 25  # years
_LATER = frozenset({"deferred", "waiver"})


@rule(
    "REG05", Severity.WARNING,
    reads=("/trial/regions", "/oversight/insurance", "/oversight/data_governance/retention"),
)  # fmt: skip
def covered(trial: Trial) -> Iterator[Found]:
    """The insurance covers each country of the trial, and data are kept as long as the law of the country asks.

    Why: a country that the policy leaves out has participants without cover; a trial master file that is destroyed
    after ten years cannot be inspected any more.

    Applies: the insurance lists countries, and the trial has some; or a country has Regulation (EU) 536/2014 as its
    law, and a number of years is stated for which data are kept.

    Basis:
        Regulation (EU) 536/2014, Art 58 archiving of the clinical trial master file for at least 25 years (M)
        Regulation (EU) 536/2014, Art 76 damage compensation (M)

    Fails::

        trial: {regions: [{country: DE}, {country: FR}]}
        oversight: {insurance: {per_country: [DE]}}

    Passes::

        trial: {regions: [{country: DE}, {country: FR}]}
        oversight: {insurance: {per_country: [DE, FR]}}
    """
    regions = [each for each in trial.at("/trial/regions") if each["country"]]
    insured = [node.text for node in trial.at("/oversight/insurance/per_country")]
    retention = trial.at("/oversight/data_governance/retention")
    years = [int(number) for number in _YEARS.findall(retention.text)]
    european = next((each for each in regions if _REGULATION.search(each["law"].text)), None)
    if not regions or not (insured or (years and european is not None)):
        raise NotApplicable("no country of the trial has an insurance or an archive to compare")
    left = [each["country"].text for each in regions if not each["insurance"] and each["country"].text not in insured]
    if insured and left:
        message = f"the insurance is for {listed(insured)}, and the trial is in {listed(left)} as well"
        yield Found(trial.at("/oversight/insurance/per_country"), message, "name every country of the trial")
    known = {each["country"].text for each in regions}
    if other := [name for name in insured if name not in known]:
        message = f"the insurance is for {listed(other)} too, and the trial has no such region"
        yield Found(trial.at("/oversight/insurance/per_country"), message, "add the region, or leave the country out")
    if european is not None and years and max(years) < _ARCHIVED:
        message = f"data are kept for {max(years)} years, and in {european['country'].text} the trial master file is"
        related = ((european["law"], "the law"),)
        yield Found(retention, f"{message} kept for at least 25", "keep it for 25 years after the trial", related)


@rule("CONS03", Severity.WARNING, reads=("/oversight/consent", "/trial/regions"))
def differing(trial: Trial) -> Iterator[Found]:
    """Consent that differs by country is that of a country of the trial, and fits what is said of all.

    Why: where the plan says that everybody consents beforehand and one country defers consent, the committee of that
    country approves something that the protocol excludes.

    Applies: consent is stated per country. A waiver or deferral that is declined for a reason is held against it.

    Basis:
        ICH E6(R3), 2.8 (H)
        internal consistency of the protocol, consent (H)

    Fails::

        trial: {regions: [{country: DE}]}
        oversight:
          consent:
            waiver_or_deferral: {none_reason: all participants consent beforehand}
            per_country: [{country: DE, kind: deferred, who: the participant}]

    Passes::

        trial: {regions: [{country: DE}, {country: FR}]}
        oversight:
          consent:
            waiver_or_deferral: {conditions: emergency, approved_by: ethics committee}
            per_country: [{country: DE, kind: deferred, who: the participant}]
    """
    consent = trial.at("/oversight/consent")
    rows = [*consent["per_country"]]
    if not rows:
        raise NotApplicable("consent is the same in every country")
    countries = [each["country"].text for each in trial.at("/trial/regions") if each["country"]]
    declined = consent["waiver_or_deferral"]["none_reason"]
    for row in rows:
        if countries and row["country"].text not in countries:
            message = f"consent is told for {row['country'].text}, and the trial is in {listed(countries)}"
            yield Found(row["country"], message, "name a country of the trial")
        if declined and row["kind"].text in _LATER:
            message = f"consent in {row['country'].text} is {row['kind'].text}, and none is waived or deferred"
            related = ((declined, "said of all"),)
            yield Found(row["kind"], f"{message} ({declined.text[:60]})", "correct one of both", related)


RULES: tuple[Rule, ...] = (covered, differing)
