"""Which figures of a question are claims, and which are facts about the asker, alternatives or told in passing."""

from __future__ import annotations

import pytest

from qa.answer.claimed import claimed_figures

CLAUSE = "按实际投入的30%给予补助，单个项目最高500万元。"


def claims(question: str) -> list[str]:
    return [quantity.text for quantity in claimed_figures(question, CLAUSE)]


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("都讲设备钱能补八成，最多多少", "八成"),
        ("听说年薪十五万就有奖，按几成给", "十五万"),
        ("不是说园区营收要冲五千亿嘛", "五千亿"),
        ("我们听说孵化一家奖二十万，要待多久", "二十万"),
        ("补房价两成，最高五百万吧", "两成"),
        ("那二十家大企业之外还有谁", "二十家"),
        ("占比到八成的目标是哪年的", "八成"),
        ("样板项目每项能拿八百万，一年几个", "八百万"),
    ],
)
def test_a_claim(question: str, figure: str) -> None:
    assert figure in claims(question)


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("补20%还是30%", "20%"),
        ("补20%还是30%", "30%"),
        ("我们掏了900万，能报几成", "900万"),
        ("一年18万租金补多少", "18万"),
        ("展位费才8000块，够得上吗", "8000块"),
        ("销售2000万够得上骨干企业吗", "2000万"),
        ("这三个数字各是什么意思", "三个"),
        ("哪三个方面", "三个"),
        ("一年最多能拿多少", "一年"),
        ("听说总投资7000万的项目也行", "7000万"),
        ("叫“一核三区”的那个布局", "三区"),
    ],
)
def test_no_claim(question: str, figure: str) -> None:
    assert figure not in claims(question)
