"""Figures are read whatever their writing, with their qualifiers, and never inside a longer figure."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.numerals import read_number
from qa.qualifiers import Direction
from qa.quantities import Quantity, covered, covers, find_quantities

CORPUS = Path(__file__).parents[1] / "corpus" / "texts"
HAN = "零一二三四五六七八九"


def only(text: str) -> Quantity:
    (quantity,) = find_quantities(text)
    return quantity


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit"),
    [
        ("500万元", "amount", 5_000_000, "元"),
        ("２亿元", "amount", 200_000_000, "元"),
        ("1,000 万元", "amount", 10_000_000, "元"),
        ("三百万", "amount", 3_000_000, "元"),
        ("3千5百万", "amount", 35_000_000, "元"),
        ("两万五", "amount", 25_000, "元"),
        ("20万", "amount", 200_000, "元"),
        ("1亿2000万元", "amount", 120_000_000, "元"),
        ("千亿规模", "amount", 100_000_000_000, "元"),
        ("2万亿元", "amount", 2_000_000_000_000, "元"),
        ("10亿美元", "amount", 1_000_000_000, "美元"),
        ("1000块", "amount", 1000, "元"),
        ("150元/人/期", "amount", 150, "元"),
        ("30%", "ratio", "0.3", "%"),
        ("1.5％", "ratio", "0.015", "%"),
        ("百分之三十", "ratio", "0.3", "%"),
        ("2‰", "ratio", "0.002", "%"),
        ("三成", "ratio", "0.3", "%"),
        ("三成五", "ratio", "0.35", "%"),
        ("五折", "ratio", "0.5", "%"),
        ("八五折", "ratio", "0.85", "%"),
        ("一半", "ratio", "0.5", "%"),
        ("1：1", "ratio", 1, "1:1"),
        ("5个百分点", "ratio", 5, "百分点"),
        ("1.5倍", "ratio", "1.5", "倍"),
        ("在孵企业总数60%", "ratio", "0.6", "%"),
        ("企业数300家", "count", 300, "家"),
        ("2023年12月31日", "date", 20231231, "日"),
        ("2020-01-13", "date", 20200113, "日"),
        ("2020年1月", "date", 20200100, "月"),
        ("2025年", "date", 20250000, "年"),
        ("二〇二三年", "date", 20230000, "年"),
        ("3月底前", "date", 300, "月"),
        ("3年", "duration", 3, "年"),
        ("三年", "duration", 3, "年"),
        ("半年", "duration", "0.5", "年"),
        ("一年半", "duration", "1.5", "年"),
        ("30日", "duration", 30, "日"),
        ("5个工作日", "duration", 5, "工作日"),
        ("12个月", "duration", 12, "月"),
        ("20家", "count", 20, "家"),
        ("二十家", "count", 20, "家"),
        ("100名", "count", 100, "人"),
        ("100万平方米", "count", 1_000_000, "平方米"),
        ("30多种", "count", 30, "种"),
        ("61885818", "telephone", 61885818, ""),
        ("0551-62615291", "telephone", 55162615291, ""),
        ("第六条", "article", 6, "条"),
        ("第（三）项", "article", 3, "项"),
        ("3551", "number", 3551, ""),
    ],
)
def test_every_writing_is_read(text: str, kind: str, value: str | int, unit: str) -> None:
    quantity = only(text)
    assert (quantity.kind, quantity.value, quantity.unit) == (kind, Decimal(value), unit)


@pytest.mark.parametrize(
    "text",
    [
        "同一项目",
        "一事一议",
        "“千人计划”“万人计划”",
        "统一个人",
        "十四五",
        "两院院士",
        "第三方",
        "百家争鸣",
        "上百万",
        "几十万",
        "5G网络",
    ],
)
def test_words_are_no_figures(text: str) -> None:
    assert find_quantities(text) == ()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("给予500—1000万元资金补助", [5_000_000, 10_000_000]),
        ("一次性给予30万元—50万元补助", [300_000, 500_000]),
        ("形成3至5个千亿规模的集群", [3, 5, 100_000_000_000]),
        ("入园企业1500—2000户", [1500, 2000]),
        ("分别给予100万元、50万元、20万元", [1_000_000, 500_000, 200_000]),
        ("分别给予50万、25万、10万元奖励", [500_000, 250_000, 100_000]),
        ("2021—2025年", [20210000, 20250000]),
        ("每年7-8月", [700, 800]),
        ("第四、五、七条", [4, 5, 7]),
        ("三至五家", [3, 5]),
        ("咨询电话：61881620、61881618", [61881620, 61881618]),
    ],
)
def test_ranges_and_lists(text: str, values: list[int]) -> None:
    assert [int(quantity.value) for quantity in find_quantities(text)] == values


@pytest.mark.parametrize(
    ("text", "qualifier", "direction"),
    [
        ("每家企业每年最高补贴100万元", "每家企业每年最高", Direction.UPPER),
        ("按照不高于企业测试费用30%的比例", "不高于", Direction.UPPER),
        ("不超过应用示范项目人工智能软件及设备实际总投入30%", "不超过", Direction.UPPER),
        ("单个项目最高不超过50万元", "单个项目最高不超过", Direction.UPPER),
        ("资本金达到2000万元（含）以上", "以上", Direction.LOWER),
        ("总投资在1500万元及以下", "及以下", Direction.UPPER),
        ("不低于500万的项目", "不低于", Direction.LOWER),
        ("60个左右", "左右", Direction.ABOUT),
        ("5年内", "内", Direction.UPPER),
        ("首期规模达200亿元", "首期", Direction.NONE),
        ("一次性给予10万元", "一次性", Direction.NONE),
        ("超过一定规模的企业给予50万元", "", Direction.NONE),
        ("5家内地企业", "", Direction.NONE),
    ],
)
def test_qualifiers(text: str, qualifier: str, direction: Direction) -> None:
    quantity = find_quantities(text)[-1]
    assert (quantity.qualifier, quantity.direction) == (qualifier, direction)


def test_a_list_shares_its_first_qualifier() -> None:
    assert [q.qualifier for q in find_quantities("最高100万元、50万元和20万元")] == ["最高"] * 3
    assert [q.direction for q in find_quantities("最高500万元（国家级）、100万元（省级）")] == [Direction.UPPER] * 2


def test_ends_of_a_range_limit_each_other() -> None:
    assert [q.direction for q in find_quantities("10—30个")] == [Direction.LOWER, Direction.UPPER]


@pytest.mark.parametrize(
    ("needle", "text", "expected"),
    [
        ("5家", "培育35家企业", False),
        ("5家", "培育五家企业", True),
        ("50万", "给予150万元", False),
        ("50万", "给予50万元", True),
        ("2%", "按12%计算", False),
        ("2%", "按2.5%计算", False),
        ("百分之二十", "按20%给予", True),
        ("500万元", "500—1000万元", True),
        ("2023年", "有效期至2023年12月31日", True),
        ("2023年12月31日", "有效期至2023年", False),
        ("5家", "5个项目", False),
        ("12个月", "满1年", True),
        ("一年", "12个月", True),
        ("第6条", "依据第六条", True),
        ("3551", "“3551”人才计划", True),
        ("355", "“3551”人才计划", False),
        ("10万", "10万美元", False),
    ],
)
def test_covers(needle: str, text: str, expected: bool) -> None:
    assert covers(only(needle), text) is expected


def test_a_table_cell_takes_its_unit_from_another_cell() -> None:
    assert covered(only("35亿元"), ["智能物流增加值\t亿元\t11.4\t—\t25\t35"])
    assert covered(only("35亿元"), ["35", "单位\n亿元"])
    assert not covered(only("5亿元"), ["智能物流增加值\t亿元\t11.4\t—\t25\t35"])
    assert not covered(only("35亿元"), ["智能物流增加值\t亿元\t11.4", "35 家企业"])


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.txt")), ids=lambda path: path.name)
def test_spans_are_slices_of_the_real_texts(path: Path) -> None:
    for line in path.read_text("utf-8").splitlines():
        for quantity in find_quantities(line):
            assert quantity.span.of(line) == quantity.text
            assert covers(quantity, line)


def han(number: int) -> str:
    """A number below 10,000 in Chinese numerals."""
    text, pending = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            text += ("零" if pending and text else "") + HAN[digit] + unit
        pending = not digit
    return text


@given(st.integers(1, 9999))
def test_chinese_numerals_are_read_back(number: int) -> None:
    assert read_number(han(number)) == number


@given(st.integers(1, 9999), st.sampled_from(["万元", " 万元", "万", "亿元", "元"]))
def test_an_amount_is_the_same_in_every_writing(number: int, unit: str) -> None:
    factor = {"万": 10**4, "亿": 10**8}.get(unit.strip()[0], 1)
    for written in (f"{number}{unit}", f"{number:,}{unit}", f"{han(number)}{unit.strip()}"):
        assert only(written).value == number * factor


@given(st.integers(1, 10**6), st.integers(1, 9), st.sampled_from(["家", "%", "万元", "年内", "个工作日"]))
def test_a_figure_never_matches_inside_a_longer_one(number: int, digit: int, unit: str) -> None:
    needle = only(f"{number}{unit}")
    for longer in (f"{digit}{number}{unit}", f"{number}{digit}{unit}", f"{digit}.{number}{unit}"):
        assert not covers(needle, f"共{longer}以上")


@given(
    st.text(
        alphabet="0123456789一二三四五六七八九十百千万亿半多余个家年月日元%折成倍第条（）、—.：最高不超过以上内 ",
        max_size=40,
    )
)
def test_any_text_is_read_without_an_error(text: str) -> None:
    for quantity in find_quantities(text):
        assert quantity.span.of(text) == quantity.text
        assert covers(quantity, text)
