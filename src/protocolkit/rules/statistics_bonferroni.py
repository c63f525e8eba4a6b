"""Whether a comparison is sized at its part of the level where the words count those that Bonferroni is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node

_COUNTED = Pattern(
    r"\bbonferroni(?:[- ](?:correction|correct\w*|adjust\w+|method|procedure|split))? "
    r"(?:over|for|across|of|among|between) "
    r"(?:the |all )?(?P<number>two|three|four|five|six|[2-9]) "
    r"(?:(?:primary|pairwise|active|experimental|dose) )?"
    r"(?:doses?|dose levels|arms?|groups?|comparisons?|endpoints?|hypothes[ei]s|tests?|contrasts?|objectives?"
    r"|outcomes?)\b"
)
# The level is passed on, or is another one than usual.
_ELSE = Pattern(
    r"holm|hochberg|hommel|hierarch|sequen|graph|gate|closed|dunnett|\b(?:1[0-9]|20) ?%|\b0\.(?:1|2)[05]?\b"
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_LEVEL = 0.05
_ROUNDED = 1.02  # 0.0167 and 0.017 of a third


def above_its_part(texts: list[Node], alpha: Node, level: float) -> Iterator[Found]:
    """Find one sized comparison at more than its part of 5 % two-sided, by the number that the words tell."""
    counts = [(text, match) for text in texts if (match := _COUNTED.search(text.text))]
    numbers = {_NUMBERS.get(match["number"].casefold()) or int(match["number"]) for _, match in counts}
    if len(numbers) != 1 or any(_ELSE.search(text.text) for text in texts):
        return
    number, (text, match) = numbers.pop(), counts[0]
    if level > _LEVEL / number * _ROUNDED:
        message = f'sized at {level:g} two-sided, and "{match[0]}" gives each {_LEVEL / number:.3g} of {_LEVEL:g}'
        yield Found(alpha, message, "size each comparison at its part", ((text, "the plan"),))
