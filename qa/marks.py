"""List marks of Chinese official documents: what a line begins with says what it is.

Shared by the reader, which never joins a line that begins with a mark to the line before it, and by the tree parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.types import NodeKind

_HAN = "一二三四五六七八九十百"
_RULES: tuple[tuple[NodeKind, str], ...] = (
    (NodeKind.ANNEX, rf"附[件录表]\s?[\d{_HAN}]*(?=[：:\s]|$)"),
    (NodeKind.CHAPTER, rf"第[{_HAN}]+[章编]"),
    (NodeKind.ARTICLE, rf"第[{_HAN}]+条(?![款例件政规的、，。第])"),
    (NodeKind.BOX, rf"专栏\s?(?:\d+|[{_HAN}]+)"),
    (NodeKind.PART, rf"[{_HAN}]+、"),
    (NodeKind.SECTION, rf"-?[（(][{_HAN}]+[）)]"),
    (NodeKind.SUBITEM, r"-?[（(]\d{1,2}[）)]"),
    (NodeKind.ITEM, r"(?:[-－]\s?)?\d{1,2}[.．、](?!\d)"),
    (NodeKind.BULLET, r"——|●|•|◆|[①-⑳]|-(?=[^\d\s-])"),
)
_MARKS = tuple((kind, re.compile(pattern)) for kind, pattern in _RULES)
_VALUES = {digit: value for value, digit in enumerate("零一二三四五六七八九")}


@dataclass(frozen=True, slots=True)
class Mark:
    """A list mark at the start of a line; `number` is None for bullets and unnumbered annexes."""

    kind: NodeKind
    text: str
    number: int | None


def find_mark(line: str) -> Mark | None:
    """The list mark that `line` begins with.

    >>> find_mark("（三）支持产业公共服务平台建设。")
    Mark(kind=<NodeKind.SECTION: 'section'>, text='（三）', number=3)
    """
    for kind, pattern in _MARKS:
        if match := pattern.match(line):
            return Mark(kind, match.group(), _number(match.group()))
    return None


def _number(mark: str) -> int | None:
    if digits := re.search(r"\d+", mark):
        return int(digits.group())
    han = re.search(rf"[{_HAN}]+", mark)
    return han_number(han.group()) if han else None


def han_number(text: str) -> int:
    """The value of a Chinese numeral below 1000: 二十五 -> 25, 一百零三 -> 103."""
    total, digit = 0, 0
    for char in text:
        if char == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif char == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = _VALUES[char]
    return total + digit
