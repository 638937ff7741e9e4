"""Attributes asked for by name or unit, and the writings that state them."""

from __future__ import annotations

import pytest

from qa.answer.attributes import unwritten


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("咨询电话是多少", "由市科技局负责"),
        ("审完多少个工作日内到账", "经评审后拨付"),
        ("专家评审要多少个工作日", "经专家评审后公示"),
        ("哪几个月收材料", "按实际利息的40%补贴"),
        ("目录一年更新几次", "纳入推荐目录"),
        ("公寓总共盖多少套", "建设专家人才公寓"),
        ("每个学生能补多少", "按年度人数给予补助，最高200万元"),
        ("入库要填什么表", "建立企业库"),
        ("面积有多大", "建设产业园"),
        ("落户绿色通道需要什么学历", "开通落户绿色通道"),
        ("须在多少日内核查", "由区科技部门现场核查"),
        ("每人标准", "建立人才培训奖补机制"),
    ],
)
def test_an_attribute_that_is_not_written(question: str, article: str) -> None:
    assert unwritten(question, article, article)


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("公示几天", "公示不少于3个工作日"),
        ("哪个月报名", "每年9月联合发文征集"),
        ("每人补多少", "按150元/人的标准"),
        ("公寓盖多少套", "建设500套公寓"),
        ("评审一年几次", "每年评审一次"),
        ("补多少钱", "给予支持"),
        ("要什么学历", "对博士给予补贴"),
    ],
)
def test_an_attribute_that_is_written_or_not_asked_for(question: str, article: str) -> None:
    assert not unwritten(question, article, article)


def test_a_telephone_may_stand_anywhere_in_the_document() -> None:
    assert not unwritten("电话多少", "由市科技局负责", "由市科技局负责\n咨询电话：61885818")
