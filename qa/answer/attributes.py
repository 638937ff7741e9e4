"""Attributes that a question asks for by their name or unit, each with the writings by which a text would state it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attribute:
    """What is asked, how it would be written, and whether any place of the document may write it or only the article."""

    asked: re.Pattern[str]
    written: re.Pattern[str]
    anywhere: bool = False


_PAID = "(?:拨付|到账|兑付|划拨|拨款|兑现)"
_DAYS = r"\d+个?(?:工作日|日|天|月)"
ATTRIBUTES = (
    Attribute(re.compile("电话|手机号"), re.compile(r"\d{7,}|\d{3,4}[-—－]\d{7,8}|电话"), anywhere=True),
    Attribute(re.compile("安家费"), re.compile("安家"), anywhere=True),
    Attribute(re.compile("保底"), re.compile("最低|不低于|不少于|以上"), anywhere=True),
    Attribute(re.compile("评分(标准|细则|表)|打分|分数|多少分|几分(?!之)"), re.compile("评分|打分|分值"), anywhere=True),
    Attribute(
        re.compile("申请表|填(?:什么|哪些|哪几?张|啥)表|模板|范本"), re.compile("申[请报]表|附表|申[请报]书|登记表|格式"), True
    ),
    Attribute(
        re.compile("(?:有没有|有无|完整|具体|公布)[^，。？]{0,4}名单|名单(?:在哪|哪里|有吗|发我)"),
        re.compile("名单|名录|目录|清单"),
        anywhere=True,
    ),
    Attribute(re.compile("(申报|申请)材料|材料清单|(哪些|什么)材料"), re.compile("材料|资料|报告|证明|申请表|提交"), anywhere=True),
    Attribute(
        re.compile(
            "(?:几天|多久|多少个?工作日|什么时候|何时|哪天)[^，。？]{0,8}(?:到账|打款|发到|拨付)"
            "|(?:到账|打款|拨付)[^，。？]{0,4}(?:时间|几天|多久|哪天)"
        ),
        re.compile(rf"{_PAID}[^。]{{0,16}}{_DAYS}|{_DAYS}内?[^。]{{0,16}}{_PAID}"),
        anywhere=True,
    ),
    Attribute(
        re.compile("(?:几|多少)个?工作日|(?<!哪)几天(?![就不都])|多少[天日]|几日内"),
        re.compile(r"\d个?(?:工作日|日|天)|[一二三五十][日天]"),
    ),
    Attribute(re.compile("学历|什么文凭"), re.compile("学历|学位|博士|硕士|研究生|本科|大专|毕业")),
    Attribute(re.compile("年龄|多大岁数|几岁|多少岁"), re.compile("年龄|周岁|岁")),
    Attribute(re.compile("几月|哪几?个月"), re.compile(r"[\d一二三四五六七八九十]月|季|月底|半年|年[初末底]")),
    Attribute(re.compile("多少平|几平|面积(?:有|是)?多[大少]"), re.compile("平方|亩|公顷")),
    Attribute(re.compile("[几多]少?次|多久一次|几年一次|频率"), re.compile(r"每(?:半|[一二两三四])?[年季月周]|[\d一二两三四]次")),
    Attribute(
        re.compile(
            "每(?:个|名|位)[一-鿿]{1,4}?(?:能|可以?|补|给|奖|发|拿)[^，。？]{0,4}(?:多少|几)"
            "|(一个|每个?|单个)(人头|人|员工|学员|名)[^，。？]{0,6}(多少|几)|人均|一?(平米|平方米?)[^，。？]{0,4}(多少|几)"
            "|每(月|台|家|人|名|平米|平方)[^，。？]{0,6}(多少|几|标准)"
        ),
        re.compile("每(人|名|家|台|项|个|平方米|月|引进|认定)|元/|按人数|每成功"),
    ),
)
_UNIT_ASKED = re.compile("(?:几|多少)(?P<unit>[套台座间栋辆亩])")


def unwritten(question: str, article: str, document: str) -> bool:
    """Whether the question asks for an attribute that is not written in the article, or not even in the document.

    Args:
        question: as asked.
        article: every found part of the article that would answer.
        document: the text of the whole document.
    """
    unit = _UNIT_ASKED.search(question)
    if unit and not re.search(rf"[\d余多万千百十]{unit['unit']}", article):
        return True
    return any(
        attribute.asked.search(question) and not attribute.written.search(document if attribute.anywhere else article)
        for attribute in ATTRIBUTES
    )
