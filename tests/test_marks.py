"""List marks: what counts as one, and its number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.marks import find_mark, han_number
from qa.types import NodeKind

DIGITS = "零一二三四五六七八九"


def in_han(number: int) -> str:
    """21 -> 二十一, 103 -> 一百零三."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones else "")


@pytest.mark.parametrize(
    ("line", "kind", "number"),
    [
        ("附件2", NodeKind.ANNEX, 2),
        ("附件", NodeKind.ANNEX, None),
        ("第三章 鼓励创新", NodeKind.CHAPTER, 3),
        ("第十六条本区企业", NodeKind.ARTICLE, 16),
        ("第二十一条 本区企业", NodeKind.ARTICLE, 21),
        ("专栏 4 重点工程", NodeKind.BOX, 4),
        ("十二、保障措施", NodeKind.PART, 12),
        ("（三）支持平台", NodeKind.SECTION, 3),
        ("(十一)推进集聚", NodeKind.SECTION, 11),
        ("（2）应用软件", NodeKind.SUBITEM, 2),
        ("7.智能芯片", NodeKind.ITEM, 7),
        ("7、智能芯片", NodeKind.ITEM, 7),
        ("12．智能芯片", NodeKind.ITEM, 12),
        ("——到2020年", NodeKind.BULLET, None),
        ("●智能家居", NodeKind.BULLET, None),
        ("③申请表", NodeKind.BULLET, 3),
    ],
)
def test_marks_of_all_levels(line: str, kind: NodeKind, number: int | None) -> None:
    mark = find_mark(line)
    assert mark is not None
    assert mark.kind is kind
    assert line.startswith(mark.text)
    if kind is not NodeKind.BULLET:
        assert mark.number == number


@pytest.mark.parametrize(
    "line",
    ["", "3.5亿元", "2022年", "一是支持企业", "第一条款的规定", "第六条、第七条规定的奖励", "附件材料齐全", "支持（一）类企业"],
)
def test_what_is_no_mark(line: str) -> None:
    assert find_mark(line) is None


@given(st.integers(1, 199))
def test_han_numbers(number: int) -> None:
    assert han_number(in_han(number)) == number


@given(st.integers(1, 99), st.text("甲乙丙丁，。", min_size=1))
def test_an_article_is_numbered_as_written(number: int, rest: str) -> None:
    mark = find_mark(f"第{in_han(number)}条 {rest}")
    assert mark is not None
    assert (mark.kind, mark.number) == (NodeKind.ARTICLE, number)
