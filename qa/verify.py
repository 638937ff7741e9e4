"""Stage 9. Draft sentences and the texts they cite -> what is wrong with them.

Every figure of a sentence stands in a cited text or in the question, or was worked out by code from such figures, and
keeps what limits it (最高, 不低于, 以上 …). A sentence with a problem is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qa.numerals import plain
from qa.qualifiers import Direction
from qa.quantities import Quantity, covered, find_quantities, same
from qa.readers import fold
from qa.types import Computed

MASK = "（手机号见原文）"
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")
_FOLDED_MOBILE = r"1[3-9][\d-]{9,11}"
_LIMITED = ("amount", "ratio", "count", "duration")
_LIST_MARK = re.compile(r"^\s*(?:[-*•]\s*)?\d{1,2}[.、)）]\s*(?!\d)")
_REACHES = re.compile(r"(?:达到?|满|超过?|够|及)[^，。；、]{0,6}$")
_SCOPE = {
    "每年": ("每年", "年度", "全年", "/年", "每一年"),
    "每月": ("每月", "/月"),
    "一次性": ("一次性",),
    "累计": ("累计", "合计", "总额"),
    "首期": ("首期",),
}
_CONTEXT_CHARS = 16


def verify_sentence(text: str, cited: Sequence[str], question: str = "", computed: Sequence[Computed] = ()) -> tuple[str, ...]:
    """The problems of a sentence, in Chinese; empty when it may be shown.

    Args:
        text: one sentence without markers.
        cited: the quotes that the sentence cites and their context texts (headings, lead-in, table header).
        question: the question it answers, with earlier turns if they bring figures.
        computed: figures worked out for this answer, earlier ones may be operands of later ones.
    """
    quantities = find_quantities(_LIST_MARK.sub("", text))
    results = sound_results(computed, [*cited, question])
    sources = [*cited, question, *results]
    missing = [f"“{q.text.strip()}”不在所引原文中" for q in quantities if _to_check(q) and not covered(q, sources)]
    return (*missing, *_changed_limits(quantities, text, cited, results), *_added_scope(quantities, sources))


def sound_results(computed: Iterable[Computed], texts: Sequence[str]) -> list[str]:
    """The results whose operands all stand in `texts` or are results of earlier sound computations."""
    known = list(texts)
    for item in computed:
        if item.operands and all(_operand_stands(operand, known) for operand in item.operands):
            known.append(item.result)
    return known[len(texts) :]


def _operand_stands(operand: str, texts: Sequence[str]) -> bool:
    quantities = find_quantities(operand)
    if quantities:
        return all(covered(quantity, texts) for quantity in quantities)
    return bool(fold(operand)) and any(fold(operand) in fold(text) for text in texts)


def _to_check(quantity: Quantity) -> bool:
    """A spoken 一家, 一项 without a limiting word is grammar, not a figure."""
    return not (quantity.kind == "count" and quantity.spoken and quantity.value == 1 and not quantity.direction)


def _changed_limits(quantities: Sequence[Quantity], text: str, cited: Sequence[str], results: Sequence[str]) -> list[str]:
    """The figures that lost a limit of their source, or got one that it does not have."""
    problems: list[str] = []
    for quantity in quantities:
        if quantity.kind not in _LIMITED or not _to_check(quantity):
            continue
        stated = _closest(quantity, text, cited)
        said = [_said(q, text) for q in quantities if same(quantity, q)]
        if stated is not None and stated.direction and stated.direction not in said:
            problems.append(f"“{quantity.text.strip()}”丢了原文的限定“{stated.qualifier}”")
        elif quantity.direction and not covered(quantity, results) and not _limited_so(quantity, cited):
            problems.append(f"“{quantity.text.strip()}”多了原文没有的限定“{quantity.qualifier}”")
    return list(dict.fromkeys(problems))


def _said(quantity: Quantity, text: str) -> Direction:
    """The direction in a sentence; there 达到1000万元 says as much as 1000万元以上."""
    if not quantity.direction and _REACHES.search(text[: quantity.span.start]):
        return Direction.LOWER
    return quantity.direction


def _limited_so(quantity: Quantity, cited: Sequence[str]) -> bool:
    """Whether a cited text limits the figure the same way; a figure that no cited text holds is the asker's own."""
    places = [(other, text) for text in cited for other in find_quantities(text) if same(quantity, other)]
    return not places or any(quantity.direction in (other.direction, _said(other, text)) for other, text in places)


def _closest(quantity: Quantity, text: str, cited: Sequence[str]) -> Quantity | None:
    """The place in the cited texts that a figure was taken from: the one with the most alike surroundings."""
    own = _surroundings(quantity, text)
    places = [(other, source) for source in cited for other in find_quantities(source) if same(quantity, other)]
    return max(places, key=lambda place: len(own & _surroundings(*place)))[0] if places else None


def _surroundings(quantity: Quantity, text: str) -> set[str]:
    """Character pairs around a figure, the nearer ones of its own clause."""
    left = re.split("[。；\n]", text[max(0, quantity.span.start - _CONTEXT_CHARS) : quantity.span.start])[-1]
    right = re.split("[。；\n]", text[quantity.span.end : quantity.span.end + _CONTEXT_CHARS])[0]
    return {side[i : i + 2] for side in (plain(left), plain(right)) for i in range(len(side) - 1)}


def _added_scope(quantities: Sequence[Quantity], sources: Sequence[str]) -> list[str]:
    """每年, 一次性, 累计 … beside a figure must come from the sources too."""
    together = "\n".join(sources)
    return [
        f"“{q.text.strip()}”前的“{word}”不在所引原文中"
        for q in quantities
        for word, writings in _SCOPE.items()
        if q.kind in _LIMITED and word in q.qualifier and not any(writing in together for writing in writings)
    ]


def is_verbatim(text: str, cited: Sequence[str]) -> bool:
    """Whether a sentence is a slice of a cited text (white space and width aside) that cuts no number in two.

    A masked mobile number counts as the number it stands for.
    """
    folded = fold(text)
    if not folded.replace(fold(MASK), ""):
        return False
    pattern = re.compile(_FOLDED_MOBILE.join(re.escape(part) for part in folded.split(fold(MASK))))
    return any(not _cuts_number(match) for source in cited for match in pattern.finditer(fold(source)))


def _cuts_number(match: re.Match[str]) -> bool:
    at_start = match.string[max(0, match.start() - 1) : match.start() + 1]
    at_end = match.string[match.end() - 1 : match.end() + 2]
    return bool(re.fullmatch(r"[\d.]\d", at_start) or re.match(r"\d\.?\d", at_end))


def mask_mobiles(text: str) -> str:
    """Replace personal mobile numbers by a note that the source shows them.

    >>> mask_mobiles("咨询电话：18900000000")
    '咨询电话：（手机号见原文）'
    """
    for match in reversed(list(_MOBILE.finditer(plain(text)))):
        text = text[: match.start()] + MASK + text[match.end() :]
    return text
