"""Numbers as Chinese texts write them: 1,500 · 三百万 · 3千5百万 · 二〇二三 · 两万五, read into `Decimal`."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

HAN_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_TOKEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|[零〇一二两三四五六七八九十百千万亿]")

ARABIC = r"(?>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?>\.\d+)?"  # atomic: never the first half of a longer number
HAN = r"[零〇一二两三四五六七八九十百千万亿]++"
SCALE = r"[十百千万亿]++"


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """`text` with full-width digits, signs and spaces made half-width, one character for one: offsets stay.

    The Chinese comma stays too, because a half-width one between digits would read as a thousands separator.
    """
    return "".join(_plain_char(char) for char in text)


def _plain_char(char: str) -> str:
    if char == "，":
        return char
    narrow = unicodedata.normalize("NFKC", char)
    return narrow if len(narrow) == 1 else char


def read_number(text: str) -> Decimal | None:
    """The value of a number in any writing, or None when the characters make no number.

    >>> read_number("3千5百万"), read_number("二〇二三"), read_number("两万五"), read_number("两三百")
    (Decimal('35000000'), Decimal('2023'), Decimal('25000'), None)
    """
    tokens = _TOKEN.findall(text.replace(" ", ""))
    if not tokens or "".join(tokens) != text.replace(" ", ""):
        return None
    if len(tokens) > 1 and all(token in HAN_DIGITS for token in tokens):
        return Decimal("".join(str(HAN_DIGITS[token]) for token in tokens)) if len(tokens) == 4 else None
    return _evaluate(tokens)


def _evaluate(tokens: list[str]) -> Decimal | None:
    """Sum up digits and units; a last digit after a unit without 零 counts in the next lower one (两万五 is 25000)."""
    total, section = Decimal(0), Decimal(0)
    number: Decimal | None = None
    unit, zero = 1, False
    for token in tokens:
        if token in _SMALL:
            section += (1 if number is None else number) * _SMALL[token]
            number, unit, zero = None, _SMALL[token], False
        elif token in _LARGE:
            bare = number is None and not section and (token == "万" or not total)
            section += 1 if bare else number or 0
            total = (total + section) * _LARGE[token] if token == "亿" else total + section * _LARGE[token]
            section = Decimal(0)
            number, unit, zero = None, _LARGE[token], False
        elif token in "零〇":
            zero = True
        elif number is not None:
            return None
        else:
            number = Decimal(HAN_DIGITS[token]) if token in HAN_DIGITS else Decimal(token.replace(",", ""))
    colloquial = number is not None and tokens[-1] in HAN_DIGITS and unit > 10 and not zero
    last = (number or 0) * (unit // 10 if colloquial else 1)
    return total + section + last
