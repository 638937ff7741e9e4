"""Amounts, ratios and dates: found in answers and sources, brought to one value, and checked against each other."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from qa.readers import fold

Row = Mapping[str, Any]

_HAN = "〇零一二两三四五六七八九十百千"
_NUM = r"\d+(?:\.\d+)?"
_SCALE = {"": 1.0, "百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12}
_CHAIN = rf"((?:{_NUM}(?:[—–~～、至或和]|-+))*{_NUM})"
_MEASURE = r"(?![亿余多平人户家个台辆件亩吨名套标册张次级项公字核卡节])"
_AMOUNT = re.compile(rf"{_CHAIN}(?:余|多)?(万亿|千万|百万|亿|万|千|百)?(?:余|多)?(元|美元)")
_SHORT = re.compile(rf"{_CHAIN}(?:余|多)?(万亿|千万|百万|亿|万){_MEASURE}(?!美?元)")
_HAN_AMOUNT = re.compile(rf"(?<![\d万亿{_HAN}])([{_HAN}]+)(万亿|亿|万)?元")
_RATIO = re.compile(rf"((?:{_NUM}[%‰]?(?:[—–~～、至或和]|-+))*{_NUM})([%‰])")
_HAN_RATIO = re.compile(rf"(百|千)分之([{_HAN}]+|{_NUM})|([{_HAN}]+)分之([{_HAN}]+)")
_TENTHS = re.compile(r"([一二三四五六七八九]|(?<![\d.])\d)成(?:([一二三四五六七八九半]))?(?![员立都果功长本为品效熟年交套分型因就绩])")
_PARTS = re.compile(r"(?<![\d.:])(\d{1,2}(?:\.\d+)?):(\d{1,2}(?:\.\d+)?)(?![\d:])")
_DATE = re.compile(
    r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})[日号])?)?|(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)|(?<![\d年])(\d{1,2})月(\d{1,2})[日号]"
)
_YEARS = re.compile(r"(?<!\d)(\d{4})年?(?:[—–~～、至]|-+)(?=\d{4}年?)")
_BARE_YEAR = re.compile(r"(?<![\d.])((?:19|20)\d{2})(?![\d.%])")
_HEADER_UNIT = re.compile(r"[(（](?:单位[:：])?(万元|亿元|%)[)）]")
_BARE = re.compile(rf"(?<![\d.]){_NUM}(?![\d.%])")
_SEGMENT = re.compile(r".*?(?:\s*\[注?\d{1,2}\])+|.+", re.DOTALL)
_MARK = re.compile(r"\[(注?\d{1,2})\]")
_LIST_MARK = re.compile(r"^\s*(?:[-*•]\s*)?\d{1,2}[、.．)）]\s*(?!\d{1,2}[%月日]|\.)")
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


def source_figures(texts: Iterable[str]) -> list[Figure]:
    """Every figure that sources state: as in `figures`, and bare years, and bare numbers under a header such as （万元）."""
    found: list[Figure] = []
    texts = [fold(text) for text in texts]
    units = set(_HEADER_UNIT.findall("\n".join(texts)))
    for text in texts:
        found += figures(text)
        found += [Figure("date", (float(year), 0.0, 0.0), year) for year in _BARE_YEAR.findall(text)]
        found += [figure for unit in units for number in _BARE.findall(text) for figure in figures(number + unit)]
    return found


def supported(figure: Figure, sources: Iterable[Figure]) -> bool:
    """Whether some source figure says this one."""
    return any(figure.supported_by(source) for source in sources)


def segments(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """An answer cut behind its markers and at line ends: each piece with the markers ("1", "注1") that stand behind it."""
    for line in text.replace("**", "").split("\n"):
        for match in _SEGMENT.finditer(_LIST_MARK.sub("", line)):
            if piece := _MARK.sub("", match.group()).strip():
                yield piece, tuple(_MARK.findall(match.group()))


def citation_texts(citation: Row) -> list[str]:
    """What a cited passage says: text, quote, title, headings, and context (lead-in, table header) where it is given."""
    context = citation.get("context") or []
    parts = [citation.get("text", ""), citation.get("quote", ""), citation.get("title", ""), *citation.get("path", [])]
    return [part for part in (*parts, *([context] if isinstance(context, str) else context)) if part]


def unsupported(question: Row, answer: Row) -> tuple[list[Figure], int]:
    """Figures of an answer that nothing proves, and how many figures it has.

    A figure stands in a passage that its own piece of the answer cites ([1] in `citations`, [注1] in `notes`), in what the
    user typed, or in `computed` with sound operands. A piece without a marker has the user's words and `computed` only.
    """
    cited = _by_marker(answer)
    typed = _typed(question, answer)
    sums = _sound_sums(answer, [*typed, *(figure for found in cited.values() for figure in found)])
    missing, count = [], 0
    for piece, markers in segments(answer.get("answer") or ""):
        known = [*typed, *sums, *(figure for marker in markers for figure in cited.get(marker, []))]
        found = figures(piece)
        count += len(found)
        missing += [figure for figure in found if not supported(figure, known)]
    return missing, count


def unsupported_by_any(question: Row, answer: Row) -> tuple[list[Figure], int]:
    """As `unsupported`, read without markers: a figure may stand in any of `citations`, and `notes` prove nothing."""
    known = [
        *_typed(question, answer),
        *source_figures(text for item in answer.get("citations") or [] for text in citation_texts(item)),
    ]
    known += _sound_sums(answer, known)
    found = [figure for piece, _ in segments(answer.get("answer") or "") for figure in figures(piece)]
    return [figure for figure in found if not supported(figure, known)], len(found)


def _by_marker(answer: Row) -> dict[str, list[Figure]]:
    cited = {str(item.get("marker")): source_figures(citation_texts(item)) for item in answer.get("citations") or []}
    return cited | {f"注{item.get('marker')}": source_figures(citation_texts(item)) for item in answer.get("notes") or []}


def _typed(question: Row, answer: Row) -> list[Figure]:
    return source_figures([question.get("question", ""), *question.get("history", [])]) + figures(str(answer.get("as_of") or ""))


def _sound_sums(answer: Row, known: list[Figure]) -> list[Figure]:
    return [figure for item in answer.get("computed") or [] if is_sound(item, known) for figure in figures(str(item.get("result", "")))]


def is_sound(computed: Row, known: list[Figure]) -> bool:
    """Whether every operand is stated, and the result follows: an operand, or a sum, difference, product of some."""
    operands = [figure for operand in computed.get("operands") or [] for figure in figures(str(operand))]
    results = figures(str(computed.get("result", "")))
    if not operands or not results or not all(supported(operand, known) for operand in operands):
        return False
    possible = _reachable([operand.value[0] for operand in operands if operand.kind in ("amount", "ratio")])
    amounts = [result for result in results if result.kind != "date"]
    return all(any(math.isclose(result.value[0], value, rel_tol=1e-3) for value in possible) for result in amounts)


def _reachable(values: list[float]) -> set[float]:
    reached = set(values)
    for size in (2, 3, 4):
        for chosen in combinations(values, size):
            reached |= {sum(chosen), math.prod(chosen), 2 * max(chosen) - sum(chosen)}
    products = [a * b for a, b in combinations(values, 2)]
    return reached | {a + b for a, b in combinations(products, 2)} | {a + b for a in products for b in values}
