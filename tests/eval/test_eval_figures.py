"""Amounts, ratios, dates and periods, in all their writings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.figures import durations, figures, spoken


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("最高500 万元，期限3年，10家", [(5e6,)]),
        ("500—1000万元", [(5e6,), (1e7,)]),
        ("100万、200万、1亿元", [(1e6,), (2e6,), (1e8,)]),
        ("5,000万元", [(5e7,)]),
        ("千亿元，二十万元", [(1e11,), (2e5,)]),
        ("50元/平方米，5万平方米，3万余平方米，10万台", [(50.0,)]),
        ("5万亿元，20余亿元，3万多元", [(5e12,), (2e9,), (3e4,)]),
        ("50%-80%", [(0.5,), (0.8,)]),
        ("50～80％", [(0.5,), (0.8,)]),
        ("百分之五十，三分之一", [(0.5,), (1 / 3,)]),
        ("3‰", [(0.003,)]),
        ("七成，六成五，五成半，三成员单位", [(0.7,), (0.65,), (0.55,)]),
        ("1:1", [(1.0, 1.0)]),
        ("2020年1月13日至2023年底", [(2020.0, 1.0, 13.0), (2023.0, 0.0, 0.0)]),
        ("2026-11-20", [(2026.0, 11.0, 20.0)]),
        ("2021—2023年", [(2023.0, 0.0, 0.0), (2021.0, 0.0, 0.0)]),
        ("电话65692245，第六条", []),
    ],
)
def test_figures_are_found_with_their_values(text: str, values: list[tuple[float, ...]]) -> None:
    found = sorted(figure.value for figure in figures(text))
    assert len(found) == len(values)
    assert all(mine == pytest.approx(theirs) for mine, theirs in zip(found, sorted(values), strict=True))


@given(st.integers(1, 9999), st.sampled_from(["万元", "亿元", "%", "万"]), st.text("的给予补贴最高，。 ", max_size=10))
def test_a_figure_is_found_wherever_it_stands(number: int, unit: str, around: str) -> None:
    assert len(figures(f"{around}{number}{unit}{around}")) == 1


def test_periods_are_months_and_days() -> None:
    assert [figure.value for figure in durations("有效期四年，6个月内，30日后，2023年12月31日前，2020年")] == [
        (48, 0),
        (6, 0),
        (0, 30),
    ]


def test_amounts_as_people_say_them() -> None:
    assert [figure.value for figure in spoken("投了两千万，融了三个亿，花了一百二十万，再投3个亿")] == [
        (2e7,),
        (3e8,),
        (1.2e6,),
        (3e8,),
    ]
    assert not spoken("培养三万名学生，千万别迟到，一万平方米")
