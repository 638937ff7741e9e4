"""What a question presumes and the text does not say: the tier, the rhythm, the gift, the office."""

from __future__ import annotations

import pytest

from qa.answer.premise import contradicted
from qa.answer.presumed import cases, not_free, paid_once, wrong_office

PRIZES = "对获得大赛一等奖、二等奖、三等奖的项目分别给予50万、25万、10万元奖励"
CAPS = "单个项目最高500万元，单个企业年度补助总额最高3000万元"
TIERS = "年收入首次达到1000万元、5000万元、1亿元的企业，分别一次性奖励20万元、100万元、300万元。"
ROLES = "（牵头责任单位：甲市政府、省经济和信息化厅，配合单位：省财政厅）"


def denied(question: str, text: str) -> bool:
    return contradicted(question, text, text, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("大赛二等奖那50万打给谁", PRIZES),
        ("一个项目最高能补3000万，什么时候打款", CAPS),
        ("收入头一回做到5000万，说好的300万奖励啥时候给", TIERS),
        ("房租补贴每年30万、连给三年，第二年还要报吗", "一次性给予最高30万元房租补贴"),
        ("那500万是白送的吧，不占股份对不对", "单个项目最高500万元，按照拨款转股权方式"),
        ("租金补贴的牵头单位省财政厅，联系哪个处", ROLES),
        ("办公用房能连补5年，第4年要重新交材料吗", "按租金的50%给予补贴，补贴期限3年"),
        ("引导基金50亿，我们A轮能找它投吧", "设立规模10亿元的产业引导基金"),
        ("到2025年核心产业规模超2000亿元，依据在哪", "核心产业规模超300亿元，带动相关产业规模2000亿元以上"),
    ],
)
def test_a_wrong_premise_is_seen(question: str, text: str) -> None:
    assert denied(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("大赛二等奖那25万打给谁", PRIZES),
        ("一个项目最高500万，什么时候打款", CAPS),
        ("收入头一回做到5000万，说好的100万奖励啥时候给", TIERS),
        ("去年收入2300万，领过20万奖励，还能拿多少", TIERS),
        ("我们投了2000万，按两成给400万可行吗", "给予不超过实际投资额20%、最高500万元资金支持"),
        ("贷了5000万做并购，期限两年，能贴几个点", "按贷款额的1.5%给予贴息，贴息期最长3年，每年最高100万元"),
        ("这笔钱是一次性给还是每年给", "一次性给予最高30万元房租补贴"),
        ("专项钱是白给的吗", "按照拨款转股权方式"),
        ("牵头单位是不是省财政厅", ROLES),
        ("配合单位省财政厅管什么", ROLES),
    ],
)
def test_what_is_right_or_only_asked_is_no_premise(question: str, text: str) -> None:
    assert not denied(question, text)


def test_cases_pair_each_label_with_its_sum() -> None:
    found = list(cases(PRIZES))
    assert [quantity.text for _, quantity in found] == ["50万", "25万", "10万元"]
    assert all(name in label for name, (label, _) in zip(("一等奖", "二等奖", "三等奖"), found, strict=True))


def test_the_pieces_alone() -> None:
    assert paid_once("年年都发吧", "一次性奖励10万元")
    assert not paid_once("年年都发吧", "每年奖励10万元")
    assert not_free("不用还吧", "以股权方式支持")
    assert wrong_office("由省财政厅牵头，找谁", ROLES)
    assert not wrong_office("由哪个厅牵头", ROLES)
