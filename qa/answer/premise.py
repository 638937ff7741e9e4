"""What a question takes for granted and the article contradicts: a sum, another figure, an office."""

from __future__ import annotations

import re

from qa.answer.asked import has
from qa.answer.asked_figures import own_figures
from qa.quantities import covered, find_quantities

_CUE = re.compile(
    r"听说|据说|是不是|没错吧|不是说|说是|既然|都说|吧[，。？?！、]|吧$|对吗|对不对|是吗|网上说|朋友说|有人说|传言|不是.{0,10}吗"
)
_GRANTED_BEFORE = re.compile(r"(最高|封顶|顶格|上限|补贴|补助|补|奖励|奖|资助|给到|给|贴|按|报销|拨)[^，。？?；、\d]{0,6}$")
_GRANTED_AFTER = re.compile(
    r"^[^，,。；;]{0,3}(奖金|奖励|补贴|补助|资助|扶持|支持|建设经费|经费|的?[^，,。；;]{0,8}基金|给|补|的(奖|补))"
)
_OWN = re.compile(
    r"(我们?|咱们?|本公司|我司|我公司|花了?|投了|投下|投进|砸|卖了?|付了?|贷(?!款)了?|收入|营收|预算|租金|注册资本|实缴|签了?|年薪|月薪|实到|到位|融了|融到|估值|报价|拉到"
    r"|产值|销售额|买了?|借了?|领过|拿过|拿了|赚|利润|做到|达到)[^，,。；;]{0,14}$"
)
_SPENT = re.compile(r"(投入|投资|投)(了|额|额为|共)?[^，。；]{0,3}$")
_OFFICE = re.compile(r"[省市区县]?[一-鿿]{2,6}?(?:局|委|厅|管委会)(?![员托])")
_LEADERS = re.compile(
    r"(?:牵头|责任|主管|咨询|落实|兑现)[一-鿿]{0,4}(?:单位|部门)[:：]([^；;。）)]*)|[（(]([^（()）]{4,80})(?:按职责[^（()）]{0,8})?负责[）)]"
)
_CLAIM = re.compile(
    r"(是|对|行|能[^，。]{0,4})?吧[，。！？!?]*$|[是对]吗|是真的吗|不是[^，。]{2,24}吗|听说|据说|吧[，,]|的规定|的?(具体)?依据"
)
_WHOLE = re.compile(r"全额|全免|全部?(减免|免除|报销|返还)|全报|全包")
_WHOLE_STATED = re.compile(r"全额|全部|全免|等额|100%")


def contradicted(question: str, passage: str, stated: str, around: str) -> bool:
    """Whether the question states a figure or an office that the text contradicts.

    Args:
        question: as asked.
        passage: the best passage.
        stated: its clauses that would answer.
        around: every found part of its article.
    """
    return _granted_missing(question, around) or _claim_missing(question, stated) or _office_missing(question, passage)


def _claim_missing(question: str, clause: str) -> bool:
    """A figure that the question states (承诺是5年吧) where the clause states another of the same kind and unit."""
    if not clause or not _CLAIM.search(question):
        return False
    if _WHOLE.search(question) and has(clause, ("ratio",)) and not _WHOLE_STATED.search(clause):
        return True
    own = {own.quantity.span for own in own_figures(question)}
    stated = {(quantity.kind, quantity.unit) for quantity in find_quantities(clause)}
    for quantity in find_quantities(question):
        told = (quantity.kind, quantity.unit) in stated and quantity.kind in ("amount", "ratio", "count", "duration")
        before = question[: quantity.span.start]
        own_fact = quantity.span in own or _OWN.search(before) or _SPENT.search(before)
        if told and not own_fact and not covered(quantity, [clause]):
            return True
    return False


def _granted_missing(question: str, text: str) -> bool:
    """A sum that the question takes for granted (最高能补到一百万) and that the article, which names others, does not hold."""
    kinds = {quantity.kind for quantity in find_quantities(text)}
    for quantity in find_quantities(question):
        before, after = question[: quantity.span.start], question[quantity.span.end :]
        granted = _GRANTED_BEFORE.search(before) or _GRANTED_AFTER.match(after)
        stated = quantity.kind in kinds or _GRANTED_AFTER.match(after)
        spent = quantity.kind == "amount" and _SPENT.search(before)
        asserted = quantity.kind in ("amount", "ratio") and bool(granted) and not spent and bool(stated) and not _OWN.search(before)
        if asserted and not covered(quantity, [text]):
            return True
    return False


def _office_missing(question: str, text: str) -> bool:
    """An office that the question names as in charge (是市交通局挑头吧) and the article does not name so."""
    if not _CUE.search(question):
        return False
    leaders = "".join(first or second for first, second in _LEADERS.findall(text)) or text
    return any(match.group().lstrip("省市区县")[-4:] not in leaders for match in _OFFICE.finditer(question))
