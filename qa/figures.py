"""The writings of figures in Chinese text, one rule each: pattern and reader. `qa.quantities` adds their qualifiers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from qa.numerals import ARABIC, HAN, HAN_DIGITS, SCALE, read_number
from qa.types import Span


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure without its qualifier.

    `raw` is the number before its scale or unit (500 in 500万元); `spoken`: written in Chinese numerals;
    `about` holds the 多 of 30多种.
    """

    kind: str
    value: Decimal
    unit: str
    span: Span
    raw: Decimal = Decimal(1)
    spoken: bool = False
    about: str = ""


_H = "[一二三四五六七八九十百]"
_N = rf"(?:{ARABIC}|[一二三四五六七八九十两百]+) *个 *亿|{ARABIC}(?: *[多余来]? *{SCALE}(?:{ARABIC}{SCALE})*+)?+|{HAN}"
_ALONE = (  # 数十家 and 几百 are no figures, 总数60% is one
    r"(?<![\dA-Za-z.零〇一二两三四五六七八九十百千万亿第])(?!(?<=[几数])[零〇一二两三四五六七八九十百千万亿])"
)
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_TO = r" *(?:-|—|－|–|−|~|至|到)+ *"

_MONEY = {"美元": "美元", "欧元": "欧元", "港元": "港元", "元|人民币|块钱|块(?!链|地)": "元"}
_TIME = {
    "个?工作日": "工作日",
    "个?自然年|年": "年",
    "个?季度": "季度",
    "个月": "月",
    "个星期|周(?!边|期|年)": "周",
    "[日天]": "日",
}
_RATIO = {
    "%": Decimal("0.01"),
    "‰": Decimal("0.001"),
    "个?百分点": Decimal(1),
    "倍": Decimal(1),
    "成(?![立功员都果就本为长品分套熟形效])": Decimal("0.1"),
    "折(?![叠合旧])": Decimal("0.1"),
}
_COUNTED = (
    "平方公里|平方米|亩|公里|毫秒|分钟|小时|人次|[人名位](?![工民])|家|户|个(?!税|人所得)|项|种|款|件|台|套|场(?!景)|次(?!性)|所|条|支|座|辆|只|类|批"
    "|届|期(?!间|限)|处|强|门|张|篇|吨|例|枚|轮|层|间|米|字"
)
_UNITS: tuple[tuple[str, dict[str, str]], ...] = (
    ("amount", _MONEY),
    ("duration", _TIME),
    ("ratio", {pattern: pattern.split("(")[0].lstrip("个?") for pattern in _RATIO}),
    ("count", {"[人名位](?![工民])": "人", _COUNTED: ""}),
)
_UNIT = "|".join(pattern for _, units in _UNITS for pattern in units)
_GRAMMATICAL_ONE = re.compile(r"[同统唯任某每逐这那另专之其进单]$")  # 同一项目, 任一条件: no figure

Reader = Callable[[re.Match[str]], Iterator[Figure]]


def _articles(match: re.Match[str]) -> Iterator[Figure]:
    for number in re.finditer(rf"\d+|{_H}+", match["numbers"]):
        if (value := read_number(number.group())) is not None:
            yield Figure("article", value, match["part"], Span(*match.span()))


def _date(match: re.Match[str]) -> Iterator[Figure]:
    groups = match.groupdict()
    year, month, day = (int(read_number(groups.get(part) or "0") or 0) for part in ("year", "month", "day"))
    unit = "日" if day else "月" if month else "年"
    yield Figure("date", Decimal(year * 10000 + month * 100 + day), unit, Span(*match.span()))


def _telephone(match: re.Match[str]) -> Iterator[Figure]:
    yield Figure("telephone", Decimal(re.sub(r"\D", "", match.group())), "", Span(*match.span()))


def _proportion(match: re.Match[str]) -> Iterator[Figure]:
    parts = re.split(r" *[:∶] *", match.group())
    yield Figure("ratio", Decimal(parts[0]) / (Decimal(parts[1]) or 1), ":".join(parts), Span(*match.span()))


def _parts_of(match: re.Match[str]) -> Iterator[Figure]:
    whole, part = read_number(match["whole"].replace("百", "一百")), read_number(match["part"])
    if whole and part is not None:
        yield Figure("ratio", part / whole, "%", Span(*match.span()), part)


def _half(match: re.Match[str]) -> Iterator[Figure]:
    unit = {"半年": "年", "半个月": "月"}.get(match.group())
    yield Figure("duration" if unit else "ratio", Decimal("0.5"), unit or "%", Span(*match.span()))


def _lettered(match: re.Match[str]) -> Iterator[Figure]:
    """100P, 50TB are figures; 5G, 3D, 4K are names."""
    if len(match["number"]) > 1:
        yield Figure("count", Decimal(match["number"].replace(",", "")), match["letters"].upper(), Span(*match.span()))


def _number(match: re.Match[str]) -> Iterator[Figure]:
    written = match["number"].replace(" ", "")
    about = match["more"] or next((char for char in "多余来" if char in written), "")
    digits = re.sub("[多余来个]", "", written)
    value = read_number(digits)
    kind, unit, factor = _unit(match["unit"] or "", digits)
    spoken = digits[0] in HAN_DIGITS or digits[0] in "十百千万亿"
    if kind == "ratio" and value is None and len(digits) == 2 and unit == "折":  # 八五折
        value = Decimal(HAN_DIGITS[digits[0]] * 10 + HAN_DIGITS[digits[1]]) / 10
    if value is None or (spoken and _is_word(match, digits, unit)):
        return
    if match["extra"]:  # 三成五, 一年半
        value += Decimal("0.5") if match["extra"] == "半" else Decimal(HAN_DIGITS[match["extra"]]) / 10
    head = re.match(ARABIC, digits)
    raw = read_number(head.group()) if head else value
    unit = "%" if unit in ("‰", "成", "折") else unit
    yield Figure(kind, value * factor, unit, Span(*match.span()), raw or Decimal(1), spoken, about)


def _unit(written: str, digits: str) -> tuple[str, str, Decimal]:
    """Kind, normalised unit and factor of a written unit; bare numbers are money when they hold 万 or 亿."""
    for kind, units in _UNITS:
        for pattern, name in units.items():
            if written and re.fullmatch(re.sub(r"\(\?![^)]*\)", "", pattern), written):
                return kind, name or written, _RATIO.get(pattern, Decimal(1))
    return ("amount", "元", Decimal(1)) if "万" in digits or "亿" in digits else ("number", "", Decimal(1))


def _is_word(match: re.Match[str], digits: str, unit: str) -> bool:
    """Whether Chinese numerals are part of a word: 同一项目, 千人计划, 百家, 上百万, 一块."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    if digits[0] in "百千万亿" and (len(digits) == 1 or digits[-1] not in "万亿" or before.endswith("上")):
        return True
    if unit == "元" and match["unit"] == "块" and len(digits) == 1:
        return True
    if re.match(r"[”’\"]?(?:计划|工程)", after):
        return unit == "人"
    return digits == "一" and bool(_GRAMMATICAL_ONE.search(before))


_RULES: tuple[tuple[str, Reader], ...] = (
    (
        rf"第 *(?P<numbers>[(（]? *(?:\d+|{_H}+)(?: *[、和至到—-] *[(（]?(?:\d+|{_H}+))*) *[)）]?"
        r" *(?P<part>[条款项章节编点]|部分)",
        _articles,
    ),
    (r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<sign>[-./])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d)", _date),
    (
        rf"(?<!\d)(?P<year>(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{{3}}) *年"
        rf"(?: *(?P<month>{_MONTH}) *月(?: *(?P<day>{_DAY}) *[日号])?)?",
        _date,
    ),
    (rf"(?<!\d)(?P<year>(?:19|20)\d\d)(?=(?: *年?{_TO}|、)(?:19|20)\d\d *年)", _date),
    (rf"{_ALONE}(?P<month>{_MONTH}) *月(?!球)(?: *(?P<day>{_DAY}) *[日号])?", _date),
    (rf"{_ALONE}(?P<month>{_MONTH})(?={_TO}{_MONTH} *月)", _date),
    (
        r"(?<![\dA-Za-z.])(?:0\d{2,3} *[-—–－] *\d{7,8}|400-?\d{3}-?\d{4}"
        r"|(?>\d{7,12})(?! *[%十百千万亿元家个户人台套项平亩吨]))(?!\d)",
        _telephone,
    ),
    (r"(?<![\dA-Za-z.:])(?>\d+(?:\.\d+)?)(?> *[:∶] *\d+(?:\.\d+)?)+(?![\d.])", _proportion),
    (rf"(?P<whole>百|[一二三四五六七八九十千万]+)分之(?P<part>{_N})", _parts_of),
    (r"一半|半数|半年|半个月", _half),
    (r"(?<![\dA-Za-z.-])(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)(?P<letters>[A-Za-z]{1,5})(?![A-Za-z\d])", _lettered),
    (
        rf"{_ALONE}(?P<number>{_N})(?![A-Za-z])(?: *(?P<more>[多余来](?!源|自|于)))?(?: *(?P<unit>{_UNIT}))?"
        r"(?P<extra>(?<=年)半|(?<=成)[一二三四五六七八九半])?",
        _number,
    ),
)
_PATTERNS = tuple(re.compile(pattern) for pattern, _ in _RULES)


def _unnamed(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern.replace("(?P=sign)", "[-./]"))


_ANY = re.compile("|".join(f"(?P<r{i}>{_unnamed(pattern)})" for i, (pattern, _) in enumerate(_RULES)))


def scan(text: str) -> Iterator[Figure]:
    """The figures of a text made half-width, in reading order, without overlaps."""
    for found in _ANY.finditer(text):
        index = int((found.lastgroup or "r0")[1:])
        if match := _PATTERNS[index].match(text, found.start()):
            yield from _RULES[index][1](match)
