"""Amounts, ratios and dates: found in a text and brought to one value, so that two writings of one figure are equal."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.readers import fold

_HAN = "〇零一二两三四五六七八九十百千"
_NUM = r"\d+(?:\.\d+)?"
_SCALE = {"": 1.0, "百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12}
_CHAIN = rf"((?:{_NUM}(?:[—–~～、至或和]|-+))*{_NUM})"
_MEASURE = r"(?![亿余多平人户家个台辆件亩吨名套标册张次级项公字核卡节])"
_AMOUNT = re.compile(rf"{_CHAIN}(?:余|多)?(万亿|千万|百万|亿|万|千|百)?(?:余|多)?(元|美元)")
_SHORT = re.compile(rf"{_CHAIN}(?:余|多)?(万亿|千万|百万|亿|万){_MEASURE}(?!美?元)")
_HAN_AMOUNT = re.compile(rf"(?<![\d万亿{_HAN}])([{_HAN}]+)(万亿|亿|万)?元")
_SPOKEN = re.compile(rf"(?<![\d.万亿{_HAN}])([一二两三四五六七八九十][{_HAN}]*|{_NUM}(?=个))个?(万亿|亿|万){_MEASURE}(?!美?元)")
_RATIO = re.compile(rf"((?:{_NUM}[%‰]?(?:[—–~～、至或和]|-+))*{_NUM})([%‰])")
_HAN_RATIO = re.compile(rf"(百|千)分之([{_HAN}]+|{_NUM})|([{_HAN}]+)分之([{_HAN}]+)")
_TENTHS = re.compile(
    r"([一二三四五六七八九]|(?<![\d.])\d)成(?:([一二三四五六七八九半]))?(?![员立都果功长本为品效熟年交套分型因就绩])"
)
_PARTS = re.compile(r"(?<![\d.:])(\d{1,2}(?:\.\d+)?):(\d{1,2}(?:\.\d+)?)(?![\d:])")
_DATE = re.compile(
    r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})[日号])?)?|(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)|(?<![\d年])(\d{1,2})月(\d{1,2})[日号]"
)
_YEARS = re.compile(r"(?<!\d)(\d{4})年?(?:[—–~～、至]|-+)(?=\d{4}年?)")
_DURATION = re.compile(rf"(?<![\d月{_HAN}])(\d{{1,2}}|[{_HAN}]+)(年|个月|日|天)(?![\d{_HAN}]*月)")
_VALUES = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount in yuan, a ratio (0.5 for 50%), or a date (year, month, day; 0 = not given), as written in `text`."""

    kind: str
    value: tuple[float, ...]
    text: str

    def supported_by(self, other: Figure) -> bool:
        """Whether `other` says this: equal, or, for a date, at least as exact."""
        if self.kind != other.kind:
            return False
        if self.kind == "date":
            return all(not mine or mine == theirs for mine, theirs in zip(self.value, other.value, strict=True))
        return all(math.isclose(mine, theirs, rel_tol=1e-9) for mine, theirs in zip(self.value, other.value, strict=True))


def figures(text: str) -> list[Figure]:
    """Every amount, ratio and date of a text."""
    folded = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", fold(text))
    return [*_amounts(folded), *_ratios(folded), *_dates(folded)]


def _amounts(text: str) -> Iterator[Figure]:
    for pattern in (_AMOUNT, _SHORT):
        for match in pattern.finditer(text):
            scale = _SCALE[match.group(2) or ""]
            for number in re.findall(_NUM, match.group(1)):
                yield Figure("amount", (float(number) * scale,), match.group())
    for match in _HAN_AMOUNT.finditer(text):
        yield Figure("amount", (_han(match.group(1)) * _SCALE[match.group(2) or ""],), match.group())


def spoken(text: str) -> list[Figure]:
    """Amounts that a person says without 元: 两千万, 3个亿. In answers they are always written with it."""
    return [
        Figure("amount", (_number(match.group(1)) * _SCALE[match.group(2)],), match.group())
        for match in _SPOKEN.finditer(fold(text))
    ]


def _ratios(text: str) -> Iterator[Figure]:
    for match in _RATIO.finditer(text):
        whole = 100.0 if match.group(2) == "%" else 1000.0
        yield from (Figure("ratio", (float(number) / whole,), match.group()) for number in re.findall(_NUM, match.group(1)))
    for match in _HAN_RATIO.finditer(text):
        base, share, below, above = match.groups()
        whole = {"百": 100.0, "千": 1000.0}[base] if base else _han(below)
        if whole:
            yield Figure("ratio", ((_number(share) if base else _han(above)) / whole,), match.group())
    for match in _TENTHS.finditer(text):
        rest = 5 if match.group(2) == "半" else _VALUES.get(match.group(2) or "", 0)
        yield Figure("ratio", (_number(match.group(1)) / 10 + rest / 100,), match.group())
    for match in _PARTS.finditer(text):
        yield Figure("parts", (float(match.group(1)), float(match.group(2))), match.group())


def _dates(text: str) -> Iterator[Figure]:
    for match in _DATE.finditer(text):
        year, month, day, iso_year, iso_month, iso_day, only_month, only_day = (float(group or 0) for group in match.groups())
        yield Figure("date", (year or iso_year, month or iso_month or only_month, day or iso_day or only_day), match.group())
    for match in _YEARS.finditer(text):
        yield Figure("date", (float(match.group(1)), 0.0, 0.0), match.group())


def durations(text: str) -> list[Figure]:
    """Periods such as 4年, 六个月, 30日, as (months, days)."""
    found = []
    for match in _DURATION.finditer(fold(text)):
        count, unit = _number(match.group(1)), match.group(2)
        value = {"年": (12 * count, 0.0), "个月": (count, 0.0)}.get(unit, (0.0, count))
        found.append(Figure("duration", value, match.group()))
    return found


def _number(text: str) -> float:
    return float(text) if text[0].isdigit() else _han(text)


def _han(text: str) -> float:
    """The value of a Chinese numeral below 10,000; 千 alone is 1000."""
    total = digit = 0.0
    for char in text:
        if char in "十百千":
            total, digit = total + (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char], 0
        else:
            digit = digit * 10 + _VALUES[char]
    return total + digit
