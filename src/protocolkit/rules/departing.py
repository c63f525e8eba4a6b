"""Whether an analysis departs from what is assumed about missing data, or about censoring, by its words."""

from __future__ import annotations

from protocolkit.rules.patterns import Pattern

_AT_RANDOM = Pattern(
    r"(?<!not )(?<!not missing )\bat random\b|\bMC?AR\b|\bkaplan\b|\blike (?:the |all )?others?\b|multiple imput"
    r"|likelihood|mixed (?:effects? )?model|\bMMRM\b|\bobserved (?:cases?|values?|data)\b|\bas observed\b"
    r"|\bcomplete[- ](?:case|data)|\bavailable (?:cases?|data|values?)\b|inverse probab|\bcompleters?\b"
    r"|\b(?:evaluable|assessed|observed) (?:participants|patients|subjects|children|population|set|only)\b"
    r"|\bevaluable\b|\bonly (?:those|participants|patients|children) (?:\w+ )?(?:assessed|observed|evaluable|with)\b"
    r"|non-?informative|\bindependent (?:of|censor)"
)
_COUNTED = r"(?:an? )?(?:treatment )?(?:events?|failures?|pregnan|(?:no |non-?)respon)"
# What is assumed in place of missing at random. The first two have a size, so that one more of them is another.
_OTHERWISE = {
    "shifted": Pattern(
        r"\bdelta\b|tipping|\bMNAR\b|not (?:missing )?at random|pattern[- ]mixture|selection model|shared parameter"
        r"|extreme|bounds|under-?report|(?<!non-)(?<!non)informative|\b(?:worse|better) (?:in|under|than)\b"
    ),
    "of others": Pattern(
        r"reference|control[- ]based|\bjump|\bcopy|placebo imputation|(?:placebo|control)(?:'s)? (?:hazard|rate|risk)"
        r"|(?:hazard|rate|risk|distribution) (?:of|in) (?:the )?(?:placebo|control|comparator|usual|standard)"
        r"|\bimput\w+ (?:at|by|from|to|with) (?:the )?(?:background|historical|population|general)"
    ),
    "worst": Pattern(r"\bworst\b"),
    "best": Pattern(r"\bbest[- ]case"),
    "carried": Pattern(r"[BL]OCF|carried forward"),
    "counted": Pattern(
        rf"\bcount(?:s|ed)? as {_COUNTED}|\bmissing(?: \w+){{0,2}} (?:as|=|is|are|to be) {_COUNTED}|\bNRI\b"
        rf"|\b(?:treated|taken|regarded|considered|imputed|classed|classified|handled) (?:as|to be) {_COUNTED}"
        r"|non-?responder imputation"
    ),
}
_SIZED = frozenset({"shifted", "of others"})
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


def departs(analysis: str, assumed: str, handled: str = "") -> bool:
    """Say whether an analysis departs from an assumption about missing data, or about censoring.

    `handled` says how the main analysis deals with them: where it counts them as events, or as the worst case, one that
    takes them as missing at random is the one that departs.
    """
    if _CENSORED.search(assumed) and _OTHERWISE_CENSORED.search(analysis):
        return True
    own, main = _kinds(analysis), _main(assumed, handled)
    return bool(own - (main - _SIZED)) or bool(main and _AT_RANDOM.search(analysis))


def hint_for(assumed: str, handled: str) -> str:
    """Return what would depart from the main analysis."""
    if _main(assumed, handled):
        return "plan one that assumes otherwise, such as missing at random, or say why none is needed"
    return "plan one under missing not at random, such as delta adjustment, or say why none is needed"


def _main(assumed: str, handled: str) -> frozenset[str]:
    return frozenset() if _AT_RANDOM.search(assumed) else _kinds(f"{assumed}; {handled}")


def _kinds(text: str) -> frozenset[str]:
    """Return the kinds of assumption other than missing at random that a text names."""
    return frozenset(kind for kind, words in _OTHERWISE.items() if words.search(text))
