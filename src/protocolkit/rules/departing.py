"""Whether an analysis departs from what is assumed about missing data, or about censoring, by its words."""

from __future__ import annotations

from protocolkit.rules.patterns import Pattern

_NOT_AT_RANDOM = Pattern(
    r"\bdelta\b|tipping|\bMNAR\b|not at random|reference|control[- ]based|\bjump|\bcopy|pattern[- ]mixture"
    r"|selection model|worst|best[- ]case|[BL]OCF|carried forward|placebo imputation|shared parameter|extreme|bounds"
    r"|(?:placebo|control)(?:'s)? (?:hazard|rate|risk)"
    r"|(?:hazard|rate|risk|distribution) (?:of|in) (?:the )?(?:placebo|control|comparator|usual|standard)"
    r"|under-?report|informative|\bcount(?:ed)? as (?:an? )?(?:events?|failures?|pregnan)"
    r"|\b(?:worse|better) (?:in|under|than)\b"
    r"|\bimput\w+ (?:at|by|from|to|with) (?:the )?(?:background|historical|population|general)"
)
# Where censoring is assumed to be independent: what is not seen in time counts as an event, or at another date, or
# those who are censored are weighted; FDA's guidance on endpoints of cancer trials (2018) has the like.
_CENSORED = Pattern(r"\bcensor")
_AS_EVENT = r"(?:as|to be|to have) (?:an? )?(?:events?|progress\w*|failures?|deaths?)\b"
_OTHERWISE_CENSORED = Pattern(
    r"\bback-?dat|\binterval[- ]censor|\bIPCW\b|probability of censoring|\bdependent censoring"
    rf"|\bmiss(?:ed|ing)\b[^;.]* {_AS_EVENT}"
    r"|\b(?:events?|progress\w*|failures?|deaths?) (?:\w+ ){0,3}(?:after|at|on|for|from|despite|of) [^;.]*"
    r"\bmiss(?:ed|ing) (?:\w+ )?(?:assess|visit|scan|imag|exam|evaluat)"
    r"(?![^;.]*(?<!not )(?<!of )(?<!than )(?<!being )censor)"
    rf"|\b(?:lost|loss|drop\w*|withdr\w*|censored|new (?:\w+ )?(?:therapy|treatment))\b[^;.]* {_AS_EVENT}"
    r"|\b(?:progress\w*|events?)\b[^;.]* (?:at|to|on) the (?:next |first |earliest )?(?:planned|scheduled|missed) "
    r"(?:date|assess|visit|scan|imag)"
)


def departs(analysis: str, assumed: str) -> bool:
    """Say whether an analysis departs from an assumption about missing data, or about censoring."""
    censored = _CENSORED.search(assumed) and _OTHERWISE_CENSORED.search(analysis)
    return bool(censored or _NOT_AT_RANDOM.search(analysis))
