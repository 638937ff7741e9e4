"""Figures in Chinese text with their qualifiers: amounts, ratios, dates, durations, counts, telephones, articles.

Used wherever figures are compared: verification, tiers, near-copies. Two writings of one figure (500万元, 五百万) are
equal; a figure is never found inside a longer one (5家 in 35家).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from qa import qualifiers
from qa.figures import Figure, scan
from qa.numerals import plain
from qa.qualifiers import RANGE, Direction
from qa.types import Span

_TO = re.compile(r" *(?:-|—|－|–|−|~|～|至|到)+ *")
_ENUMERATION = re.compile(r" *、 *")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of a text.

    `kind`: amount, ratio, date, duration, count, telephone, article, or number (digits of no known unit).
    `value`: amounts in yuan (or in `unit`, for other currencies), ratios as a fraction of 1 (30% is 0.3; 倍 and 百分点
    keep their number), dates as YYYYMMDD with zeros for what is not said. `unit` is normalised;
    `text` is the slice at `span`; `qualifier` joins the words that limit the figure, in reading order (每年最高, 以上);
    `spoken` says that Chinese numerals write it.
    """

    kind: str
    value: Decimal
    unit: str
    text: str
    span: Span
    qualifier: str = ""
    spoken: bool = False

    @property
    def direction(self) -> Direction:
        """How the qualifier limits the figure."""
        return qualifiers.direction(self.qualifier)


@lru_cache(maxsize=4096)
def find_quantities(text: str) -> tuple[Quantity, ...]:
    """All figures of `text` in reading order, with their qualifiers; offsets are those of `text`.

    >>> [(q.kind, str(q.value), q.qualifier) for q in find_quantities("按投入的20%给予最高500万元补助")]
    [('ratio', '0.20', ''), ('amount', '5000000', '最高')]
    """
    flat = plain(text)
    figures = [f for f in _inherit(list(scan(flat)), flat) if not (f.spoken and f.kind == "number")]
    found: list[Quantity] = []
    leading: tuple[str, ...] = ()
    for i, figure in enumerate(figures):
        floor = figures[i - 1].span.end if i else 0
        own = qualifiers.before(flat, figure.span.start, floor)
        between = flat[found[-1].span.end : figure.span.start] if found else ""
        in_range = bool(found) and bool(_TO.fullmatch(between))
        if not own and found and (in_range or qualifiers.shared(between)):
            own = leading
        leading = own
        behind = qualifiers.after(flat, figure.span.end)
        if in_range:
            found[-1] = replace(found[-1], qualifier=found[-1].qualifier + RANGE[0])
        words = "".join((*own, figure.about, behind, RANGE[1] if in_range else ""))
        found.append(_quantity(figure, text, words))
    return tuple(found)


def _quantity(figure: Figure, text: str, qualifier: str) -> Quantity:
    return Quantity(figure.kind, figure.value, figure.unit, figure.span.of(text), figure.span, qualifier, figure.spoken)


def _inherit(figures: list[Figure], text: str) -> list[Figure]:
    """Give the first figures of 500—1000万元 and 10、20、30家 the unit of the last one."""
    for i in range(len(figures) - 2, -1, -1):
        figure, following = figures[i], figures[i + 1]
        between = text[figure.span.end : following.span.start]
        listed = _TO.fullmatch(between) or (_ENUMERATION.fullmatch(between) and not figure.spoken)
        if figure.kind == "number" and listed and following.kind in ("amount", "ratio", "count", "duration"):
            factor = following.value / following.raw if following.raw else Decimal(1)
            figures[i] = replace(figure, kind=following.kind, unit=following.unit, value=figure.value * factor)
    return figures


def same(needle: Quantity, other: Quantity) -> bool:
    """Whether two figures are equal whatever their writing.

    A date is also equal to a more precise one: 2023年 to 2023年12月31日.
    """
    if needle.kind != other.kind:
        return False
    if needle.kind == "date":
        return all(a in (0, b) for a, b in zip(_date_parts(needle), _date_parts(other), strict=True))
    return measure(needle) == measure(other)


def _date_parts(quantity: Quantity) -> tuple[int, int, int]:
    value = int(quantity.value)
    return value // 10000, value // 100 % 100, value % 100


def measure(quantity: Quantity) -> tuple[Decimal, str]:
    """Value and unit in which equal figures are equal: durations in months or days."""
    if quantity.kind == "duration" and quantity.unit in ("年", "季度", "月"):
        return quantity.value * {"年": 12, "季度": 3, "月": 1}[quantity.unit], "月"
    if quantity.kind == "duration" and quantity.unit == "周":
        return quantity.value * 7, "日"
    return quantity.value, quantity.unit


def covers(needle: Quantity, text: str) -> bool:
    """Whether the same figure stands in `text`, never as a part of a longer one.

    >>> five, = find_quantities("5家")
    >>> covers(five, "培育五家企业"), covers(five, "培育35家企业")
    (True, False)
    """
    if any(same(needle, other) for other in find_quantities(text)):
        return True
    flat = plain(needle.text).replace(",", "")
    number = re.match(r"[\d.]+", flat)
    if not number:
        return False
    if needle.kind == "number":
        return _stands(number.group(), text)
    return needle.kind in ("amount", "ratio", "count") and _in_table(number.group(), flat[number.end() :].strip(), text)


def _stands(digits: str, text: str) -> bool:
    return bool(re.search(rf"(?<![\d.]){re.escape(digits)}(?!\.?\d)", plain(text).replace(",", "")))


def _in_table(digits: str, unit: str, text: str) -> bool:
    """A table says 亿元 in one cell and 35 in another: the bare number and, apart from any number, its unit."""
    cell = rf"(?:^|[\t\n]){re.escape(digits)}(?=$|[\t\n]|以上|左右)"
    apart = rf"(?:^|[\t\n(（：:/]) *{re.escape(unit)}(?=$|[\t\n)）])"
    flat = plain(text)
    return bool(unit) and bool(re.search(cell, flat)) and bool(re.search(apart, flat))


def covered(needle: Quantity, texts: Sequence[str]) -> bool:
    """Whether the same figure stands in one of the texts, or as a table cell in all of them together."""
    return any(covers(needle, text) for text in texts) or covers(needle, "\n".join(texts))
