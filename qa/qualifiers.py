"""The words that limit a figure (最高, 不低于, 以上 …) or say what it is counted by (每年, 单个项目, 一次性 …)."""

from __future__ import annotations

import re
from enum import StrEnum


class Direction(StrEnum):
    """How a qualifier limits its figure."""

    NONE = ""
    UPPER = "upper"
    LOWER = "lower"
    ABOUT = "about"


UPPER = (
    "最高不超过 最高 最多 不得超过 不超过 未超过 不得高于 不高于 不大于 不多于 超不过 至多 顶多 上限 封顶 "
    "以内 之内 内 以下 低于 小于 少于 不足 不满 最长 最迟 至…"
).split()
LOWER = "不得低于 不低于 不得少于 不少于 不小于 至少 最低 最少 超过 大于 高于 多于 超出 突破 以上 起步 不止 …至".split()
ABOUT = "左右 上下 大约 接近 将近 约 近 余 多 来".split()
_GIVING = r"给予|奖励|补助|补贴|资助|支持|按照|享受"
_NOT_AFTER = r"(?!奖项|等级|级别|标准|水平|法院|人民)"
_SCOPE = (
    r"每(?:年|月|季度|天|人|名|家|个|户|项|场|次|所|款|证|例|学科|区县)(?:企业|项目|平台|机构|单位|学校|活动|方案|基站)?",
    r"单[个家户项笔次](?:企业|项目|平台|单位|机构|产品)?",
    "一次性|累计|合计|首期|首次|年度|新增部分|增量部分|总额|总规模|连续|首年",
)
RANGE = ("…至", "至…")  # the qualifiers of the two ends of a range
_BEHIND = {"以上", "以下", "以内", "之内", "内", "封顶", "起步"}
_WORDS = sorted({*UPPER, *LOWER} - {*_BEHIND, *RANGE}, key=len, reverse=True)
_BEFORE = re.compile("|".join((*(f"(?:{word}){_NOT_AFTER}" for word in _WORDS), *_SCOPE, "大约|接近|将近|约|近")))
_AFTER = re.compile(
    r" *(?:资金|人民币)?(?:[(（][^()（）]{0,4}含[^()（）]{0,10}[)）])?"
    r"(?P<word>及?(?:以上|以下|以内|之内)|左右|上下|封顶|起步|内(?![部容外地需资生涵])|底?以?前(?!期|提|沿|景)|底|末)?"
)
_FIND = re.compile("|".join(sorted({*UPPER, *LOWER, *ABOUT}, key=len, reverse=True)))
_WINDOW = 26  # the longest distance in the corpus between 不超过 and its figure is 23 characters
_THRESHOLD = {"超过", "大于", "高于", "多于", "低于", "小于", "少于", "突破", "超出", "不足", "不满"}
_CLOSE = 10
_CLAUSE_END = re.compile(r"[，。；：！？\n\t（）();:!?]")
_LIST = re.compile(r"(?:[(（][^()（）]*[)）])?[、和及或与]+(?:分别)?(?:[(（][^()（）]*[)）])?$")


def direction(qualifier: str) -> Direction:
    """How a qualifier limits: the last limiting word in it decides.

    >>> direction("每家企业每年最高").value, direction("以上").value, direction("每年").value
    ('upper', 'lower', '')
    """
    words = _FIND.findall(qualifier)
    if not words:
        return Direction.NONE
    if words[-1] in UPPER:
        return Direction.UPPER
    return Direction.LOWER if words[-1] in LOWER else Direction.ABOUT


def before(text: str, start: int, floor: int) -> tuple[str, ...]:
    """The qualifier words in front of a figure.

    Args:
        text: the whole text.
        start: where the figure begins.
        floor: where the figure before it ends; the words up to there belong to that one.
    """
    window = text[max(floor, start - _WINDOW) : start]
    window = _CLAUSE_END.split(window)[-1]
    matches = _BEFORE.finditer(window)
    return tuple(match.group() for match in matches if _belongs(match, window))


def _belongs(match: re.Match[str], window: str) -> bool:
    """A threshold word (超过 …) limits what follows at once; behind a verb of giving stands another figure."""
    if match.group() in {"约", "近"}:
        return match.end() == len(window)
    if match.group() not in _THRESHOLD:
        return True
    between = window[match.end() :]
    return len(between) <= _CLOSE and not re.search(_GIVING, between)


def after(text: str, end: int) -> str:
    """The qualifier behind a figure (以上, 左右, 内, 底前), or an empty string."""
    match = _AFTER.match(text, end)
    return (match.group("word") or "") if match else ""


def shared(between: str) -> bool:
    """Whether the text between two figures makes them one list, so that the first one's qualifier covers both."""
    return bool(_LIST.fullmatch(between.strip()))
