"""Whether an analysis departs from what is assumed about missing data, or about censoring, by its words."""

from __future__ import annotations

from protocolkit.rules.patterns import Pattern

_AT_RANDOM = Pattern(
    r"(?<!not )(?<!not missing )\bat random\b|\bMC?AR\b|\bkaplan\b|\blike (?:the |all )?others?\b|multiple imput"
    r"|likelihood|mixed (?:effects? )?model|\bMMRM\b|\bobserved (?:cases?|values?|data)\b|\bas observed\b"
    r"|\bcomplete[- ](?:case|data)|\bavailable (?:cases?|data|values?)\b|inverse probab|\bcompleters?\b"
    r"|\b(?:evaluable|assessed|observed) (?:participants|patients|subjects|children|population|set|only)\b"
    r"|\bevaluable\b|\bonly (?:those|participants|patients|children) (?:\w+ )?(?:assessed|observed|evaluable|with)\b"
    r"|non-?informative|\bnot informative|\buninformative|(?<!not )(?<!non-)\bignorabl|\bindependent (?:of|censor)"
)
_COUNTED = (
    r"(?:with |having |having had |being )?(?:an? |the )?(?:treatment )?(?:events?|failures?|failed|pregnan|relaps"
    r"|recur|progress|deaths?\b|dead\b|died\b|infect|positive|negative|smok|drink|zero|unsuccess|worsen|deteriorat"
    r"|success|resistan|refractor|reject|uncontrolled|unhealed|uncured|unresolved|persist|active|diseased?\b|ill\b"
    r"|abnormal|coloni[sz]|sero(?:posi|nega)tiv|(?:un)?detectable|still\b"
    r"|(?:no |not |non-?)(?:\w+ )?(?:respon|events?\b|cure|recover|success|abstin|improv|heal|achiev|attain|reach))"
)
_UNSEEN = (
    r"\b(?:missing|missed|lost|loss|drop-?outs?|dropped out|withdr\w+|unknown|unobserved"
    r"|(?:no|without) (?:an? |any )?(?:\w+ ){0,2}(?:value|outcome|data|result|measurement|assessment))"
)
_TAKEN = r"(?:counts?|counted|treated|regarded|considered|class(?:ed|ified)|deemed|scored|coded|assumed)"
_TAKING = r"(?:counting|treating|regarding|considering|classifying|scoring|coding|imputing)"
# Whatever state of health it is: fields have words of their own (resistant, seronegative), and all else that follows
# is a way to leave the value open.
_AS_A_STATE = (
    r"(?:as|to be) (?!(?:an? |the )?(?:\w+ly )?(?:missing|at random|MC?AR|observed|available|recorded|reported|measured"
    r"|randomi|planned|treated|assigned|allocated|described|above|if\b|in\b|for\b|by\b|per\b|like|similar|same|censor"
    r"|ignor|independen|exchang|unrelated|non-?inform|uninform|not (?:inform|imput|assess|avail|miss|evalu|appli)"
    r"|evaluab|separate|own|extra|additional|further|third|category|covariate|intercurrent|compet|table|mean|average|median"
    r"|last|normal distrib|multiple|complete|protocol|deviation|excluded|left|specified|stated|such))\w"
)
# What is done to values, or to a rate, so that those who left fare worse: by a size, in steps, up to a turning point.
_WORSENED = (
    r"\bshift(?:ed|ing)\b|\bshifts? (?:of|by|to|from|down|up)|\b(?:in|de)crement|\bpenal(?:is|iz|t)|\bworse(?:n|\b)"
    r"|\bunfavou?rabl|\bless favou?rabl"
    r"|\bpessimis|\b(?:increasing|progressive)ly\b"
    r"|\b(?:lower|rais|reduc|increas|decreas|inflat|deflat|multipl|add|subtract)(?:s|ed|e|ing|ied|y|ying)?"
    r" (?:\w+ ){0,4}?by\b"
    r"|\buntil\b[^;.]*\b(?:chang|los[te]|overturn|revers|no longer|vanish|disappear|signific)"
    r"|\b(?:range|variety|grid|set)s? of (?:\w+ )?(?:assum|departur|scenari|hazard|odds|shift|values? for|sensitiv)"
    r"|\b(?:double|twice|half|[0-9.]+ times) the (?:\w+ )?(?:hazard|rate|risk|odds)"
    r"|\b(?:hazard|rate|risk|odds) (?:\w+ ){0,4}(?:doubled|halved)\b"
    r"|\b(?:hazard|rate|odds|risk) ratio of [^;]*\bafter\b"
    r"|\b(?:no better than|lose|loses|lost) (?:\w+ )?(?:baseline|benefit|effect)"
)
# What is assumed in place of missing at random. The first two have a size, so that one more of them is another.
_OTHERWISE = {
    "shifted": Pattern(
        r"\bdelta\b|tipping|\bMNAR\b|not (?:missing )?at random|pattern[- ]mixture|selection model|shared parameter"
        r"|extreme|bounds|under-?report|(?<!non-)(?<!non)(?<!not )(?<!un)informative|\bbetter (?:in|under|than)\b"
        r"|\bnon-?ignorabl|\bnot ignorabl|sensitivity parameter|exponential tilt|\btilting\b|\bIMOR\b|\bHeckman"
        rf"|\bimput[^;.]*(?:percentile|quantile)|\btrimmed|{_WORSENED}"
    ),
    "of others": Pattern(
        r"reference|(?:control|placebo)[- ]based|\bjump|\bcopy|placebo (?:multiple )?imputation"
        r"|(?:placebo|control)(?:'s)? (?:hazard|rate|risk)"
        r"|controlled imput|\b(?:J2R|CIR|CR)\b|\bwash-?out (?:\w+ )?(?:imput|model|approach)|retrieved drop"
        r"|\bimput[^;.]*(?:\bwash-?out|\boff[- ]treatment)\b"
        r"|\bas (?:if|though)\b[^;.]{0,30}\b(?:not|no|never|untreated|control|placebo)\b"
        r"|(?:hazard|rate|risk|mean|distribution)s? (?:of|in) (?:the )?(?:placebo|control|comparator|usual|standard)"
        r"|\bimput\w+ (?:at|by|from|to|with) (?:the )?(?:background|historical|population|general)"
    ),
    "worst": Pattern(
        r"\bworst\b|\branked (?:last|lowest|below)|\blowest rank"
        r"|\bimput\w+ (?:\w+ ){0,3}(?:maximum|minimum|highest|lowest)"
    ),
    "best": Pattern(r"\bbest[- ]case"),
    "carried": Pattern(
        r"[BL]OCF|carried forward|\breturn(?:s|ed)? to (?:the )?baseline|return-to-baseline|\bno change from baseline\b"
        r"|\bimput\w+ (?:at|as|with|by|to) (?:the |their )?baseline(?! mean)|\bchange of (?:0|zero)\b"
    ),
    "counted": Pattern(
        rf"\bcount(?:s|ed)? (?:as|among(?: the)?) {_COUNTED}|\bNRI\b"
        rf"|\b(?:missing|drop-?outs?)(?: \w+){{0,2}} ?(?:as|=|is|are|equals?|to be) ?{_COUNTED}"
        rf"|{_UNSEEN}[^;.]* (?:are|is|assigned|equated with|replaced (?:by|with)) {_COUNTED}"
        rf"|{_UNSEEN}[^;.]* {_TAKEN} {_AS_A_STATE}|\b{_TAKING} [^;.]*(?:{_UNSEEN}[^;.]* {_AS_A_STATE}|\bas {_COUNTED})"
        r"|\b(?:treated|taken|regarded|considered|imputed|classed|classified|handled|assumed|scored|coded|set)"
        rf" (?:as|to|to be|to have) {_COUNTED}|\b(?:considered|assumed) {_COUNTED}|\bsnapshot\b"
        r"|\bnon-?respon\w+ imputation|\bzero imputed|\b(?:imputed|set|scored|coded) (?:\w+ ){0,2}(?:zero|0)\b"
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
    r"|\b(?:lost|loss|drop\w*|withdr\w*|censored)\b[^;.]* (?:given|have|had|has|to have|assigned)"
    r" (?:an?|the|their) events?\b"
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
    if _CENSORED.search(assumed):
        return "plan one in which those who are censored have more events, or say why none is needed"
    return "plan one under missing not at random, such as delta adjustment, or say why none is needed"


def _main(assumed: str, handled: str) -> frozenset[str]:
    return frozenset() if _AT_RANDOM.search(assumed) else _kinds(f"{assumed}; {handled}")


def _kinds(text: str) -> frozenset[str]:
    """Return the kinds of assumption other than missing at random that a text names."""
    return frozenset(kind for kind, words in _OTHERWISE.items() if words.search(text))
