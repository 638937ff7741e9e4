"""What a question takes for granted and the article contradicts: a sum, another figure, an office."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from qa.answer.asked import has
from qa.answer.asked_figures import own_figures, shares
from qa.answer.cases import other_case, other_tier, other_year, year_denied
from qa.answer.offices import HEARSAY, doubted_office, not_shared, other_receiver, other_seat, unnamed_office, wrong_office
from qa.answer.presumed import not_free, not_lent, other_level, other_of_the_same, paid_in_parts, paid_once, turned_round
from qa.answer.tiers import work_out
from qa.quantities import Quantity, covered, find_quantities, same

_GRANTED_BEFORE = re.compile(r"(最高|封顶|顶格|上限|补贴|补助|补|奖励|奖|资助|给到|给|贴|按|报销|拨)[^，。？?；、\d]{0,6}$")
_GRANTED_AFTER = re.compile(
    r"^[^，,。；;]{0,3}(奖金|奖励|补贴|补助|资助|扶持|支持|建设经费|经费|的?[^，,。；;]{0,8}基金|给|补|的(奖|补))"
)
_OWN = re.compile(
    r"(我们?|咱们?|本公司|我司|我公司|花了?|投了|投下|投进|砸|卖了?|付了?|贷(?!款)了?|收入|营收|预算|租金|注册资本|实缴|签了?|年薪|月薪|实到|到位|融了|融到|估值|报价|拉到"
    r"|产值|销售额|买了?|借了?|领过|拿过|拿了|赚|利润|做到|达到)(?:(?!补|奖|贴|[能给]报|报销)[^，,。；;：:]){0,14}$"
)
_SPENT = re.compile(r"(投入|投资|投)(了|额|额为|共)?[^，。；]{0,3}$")
_CLAIM = re.compile(
    r"(是|对|行|能[^，。]{0,4})?吧[，。！？!?]*$|[是对]吗|是真的吗|不是[^，。]{2,24}[吗嘛么]|吧[，,]|的规定|的?(具体)?依据|"
    + HEARSAY
)
_PASSING = re.compile("[^，。]{0,2}(?:级|以?后|就|出头|多)")  # 亿元级, 两年后, 两年就上市了: told, not claimed
_NAMED_SUM = re.compile(r"(?:基金|贴息|补贴|补助|奖励|资助|奖金|经费|每年|每家)(?:规模|最[高多])?[ 是有]?$")  # 引导基金50亿
_PERIOD_BEFORE = re.compile(r"(?:补|给|发|领|拿|支持|能|连续?|可|免|奖|贴|前|公示|受理|执行期|建设期)[^，。]{0,3}$")
_PERIOD_AFTER = re.compile(r"[^，。]{0,2}(?:内|有效|全额|补|奖|减|免)")
_AIM = re.compile(
    r"目标|规划|说好|计划(?!书)|到20\d\d年|(?:要|得|会|将|各)(?:做|到|达到|突破|建|培[育养]|引|养|有|过|破|冲|超|打造)"
)
_DENIED = re.compile(r"(?:没有?|不能|不到|并非|不会)[^，。]{0,3}$|哪$|另外?$")  # 没有二十个, 哪两个: the asker does not claim it
_QUOTED = re.compile(r"[“\"「‘][^”\"」’]*[”\"」’]")  # “一核两区”: a name
_BREATH = re.compile("[，,。；;？?！!]")
_SIZE = re.compile("基金(?:的?总?规模|盘子)?(?:是|有|为)?$")
_FEW, _PAIR = 4, 2
_HAVING = re.compile("(?:才|只|就|已经?|(?<!要)有了?)$")
_AIMED = re.compile("的?[一-鿿]{0,4}(?:目标|规模)(?!多大)")
_US = re.compile(r"我们|咱|我司|公司|厂|自己|老板")
_AREAS = ("平方公里", "平方米", "亩")
_ROUNDING = Decimal("0.02")
_CEILING = re.compile(r"(?:最[高多]|封顶|顶格|上限)(?:还?能|可以?|会|给|补|贴|奖|报|拿|领|到|是|有)*$")
_WHOLE = re.compile(r"(?:全额|全部?(减免|免除|报销|返还)|全[报包补贴免退])(?![^，。？]{0,4}(?:吗|么|还是))")
_WHOLE_STATED = re.compile(r"全额|全部|全免|等额|100%")


def contradicted(question: str, passage: str, stated: str, around: str) -> bool:
    """Whether the question states a figure or an office that the text contradicts.

    Args:
        question: as asked.
        passage: the best passage.
        stated: its clauses that would answer.
        around: every found part of its article.
    """
    claimed = _claimed(question, stated)
    return (
        _not_whole(question, stated)
        or _granted_missing(question, claimed, stated, around)
        or _claim_missing(question, claimed, stated, around)
        or _figure_denied(question, claimed, stated, stated + around)
        or doubted_office(question, passage + around)
        or wrong_office(question, passage)
        or unnamed_office(question, passage + around)
        or other_seat(question, around or passage)
        or other_receiver(question, stated)
        or not_shared(question, stated)
        or paid_once(question, stated, around)
        or paid_in_parts(question, around)
        or not_free(question, stated)
        or not_lent(question, stated)
        or other_level(question, stated)
        or turned_round(question, stated)
        or other_of_the_same(question, around, claimed)
        or other_case(question, stated, claimed)
        or other_tier(question, stated, claimed)
        or other_year(question, around, claimed)
        or year_denied(question, stated, around)
    )


def _claimed(question: str, stated: str) -> list[Quantity]:
    """The figures of a question that are neither facts about the asker nor worked out rightly from them (2000万按两成给400万)."""
    worked = work_out(question, stated) if stated else None
    right = [q for step in (worked.computed if worked else ()) for q in find_quantities(step.result)]
    own = {own.quantity.span for own in own_figures(question)} | {quantity.span for quantity, _ in shares(question)}
    names = [name.span() for name in _QUOTED.finditer(question)]
    return [
        quantity
        for quantity in find_quantities(question)
        if (quantity.span not in own or any(sign(quantity, question) for sign in (_named_sum, _targeted, _heard, _definite)))
        and not _told(quantity, question)
        and not _a_year(quantity, question)
        and not _DENIED.search(question[: quantity.span.start])
        and not any(begin < quantity.span.start < end for begin, end in names)
        and not any(same(quantity, other) for other in right)
    ]


def _a_year(quantity: Quantity, question: str) -> bool:
    """The 一年 of 一年最多能拿多少: a rate, no period."""
    before, after = question[: quantity.span.start], question[quantity.span.end :]
    return quantity.text == "一年" and not re.search("[期限满为是补给]$", before) and not re.match("[以之]?内|期", after)


def _named_sum(quantity: Quantity, question: str) -> bool:
    """A sum with the name of a benefit at its side (引导基金50亿, 200万建设经费)."""
    before, after = question[: quantity.span.start], question[quantity.span.end :]
    return bool(_NAMED_SUM.search(before) or _GRANTED_AFTER.match(after))


def _told(quantity: Quantity, question: str) -> bool:
    """A fact about the asker: 我们投了500万, 领过20万奖励."""
    before = re.sub(HEARSAY, "", question[: quantity.span.start])
    if any(sign(quantity, question) for sign in (_targeted, _heard, _definite)) or _CEILING.search(before):
        return False
    return bool(_OWN.search(before) or (quantity.kind == "amount" and _SPENT.search(before)))


def _targeted(quantity: Quantity, question: str) -> bool:
    """A figure that a plan is said to aim at: 规划2025年做到3000亿."""
    before = re.split(HEARSAY, question[: quantity.span.start])[-1]
    return bool(_AIM.search(before)) and not _US.search(before)


def _heard(quantity: Quantity, question: str) -> bool:
    """A figure that others are said to tell (听说年薪15万就有奖), in the same breath and not of the asker; not 7000万的项目."""
    if question[quantity.span.end :].startswith("的"):
        return False
    breath = _BREATH.split(question[: quantity.span.start])[-1]
    pieces = re.split(HEARSAY, breath)
    return len(pieces) > 1 and not _US.search(pieces[-1])


def _definite(quantity: Quantity, question: str) -> bool:
    """A figure that is pointed at: 那二十家企业, 八成的目标; not 那两个条件, which may be any two."""
    before, after = question[: quantity.span.start], question[quantity.span.end :]
    pointed = before.endswith("那") and (quantity.kind != "count" or quantity.value > _FEW)
    return pointed or bool(_AIMED.match(after))


def _not_whole(question: str, clause: str) -> bool:
    """All of it is expected (全额补), and the clause gives a share."""
    return bool(_WHOLE.search(question)) and has(clause, ("ratio",)) and not _WHOLE_STATED.search(clause)


def _claim_missing(question: str, claimed: Sequence[Quantity], clause: str, around: str) -> bool:
    """A figure that the question asserts (承诺是5年吧) where the clause, or else its article, states another of the same kind and unit."""
    if not clause or not _CLAIM.search(question):
        return False
    kinds = ("amount", "ratio", "count", "duration")
    text = clause if has(clause, kinds) else around
    return _other_stated(claimed, text, kinds, text) or _other_stated(claimed, around, ("duration",), around)


def _figure_denied(question: str, claimed: Sequence[Quantity], clause: str, around: str) -> bool:
    """A sum, a share or a period that the question takes for granted without any such word (连补5年，第4年要重新交材料吗)."""
    presumed = [quantity for quantity in claimed if _presumed(quantity, question)]
    counted = [quantity for quantity in presumed if quantity.unit in _AREAS or _counted(quantity, question)]
    sized = [quantity for quantity in claimed if _SIZE.search(question[: quantity.span.start])]
    return bool(clause) and (
        _other_stated(presumed, clause, ("amount", "ratio", "duration"), around)
        or _other_stated(sized, clause, ("amount",), clause)
        or _other_stated(counted, clause, ("count",), around)
        or _other_stated([quantity for quantity in claimed if quantity.unit == "月"], clause, ("date",), around)
    )


def _counted(quantity: Quantity, question: str) -> bool:
    """A number of things that is no fact about the asker: 每年评60个方案, not 客户才12家."""
    before = question[: quantity.span.start]
    return quantity.value > _PAIR and not _US.search(before) and not _HAVING.search(before)


def _presumed(quantity: Quantity, question: str) -> bool:
    """Not what is told in passing (两年后), and of periods only what is granted (连补5年), not how long something took."""
    before, after = question[: quantity.span.start], question[quantity.span.end :]
    if _PASSING.match(after):
        return False
    if quantity.kind != "duration" or _definite(quantity, question):
        return True
    return bool(_PERIOD_BEFORE.search(before) or _PERIOD_AFTER.match(after))


def _other_stated(claimed: Sequence[Quantity], clause: str, kinds: Sequence[str], text: str) -> bool:
    """Whether `text` lacks a claimed figure of which the clause states another, of the same kind and unit."""
    stated = {(quantity.kind, quantity.unit) for quantity in find_quantities(clause) if quantity.kind in kinds}
    return any((q.kind, q.unit) in stated and not covered(q, [text]) and not _rounded(q, text) for q in claimed)


def _rounded(quantity: Quantity, text: str) -> bool:
    """Whether a text holds a figure that a speaker would round to this one: 88亿 for 88.1亿."""
    return any(
        (q.kind, q.unit) == (quantity.kind, quantity.unit) and abs(q.value - quantity.value) <= _ROUNDING * q.value
        for q in find_quantities(text)
    )


def _granted_missing(question: str, claimed: Sequence[Quantity], clause: str, around: str) -> bool:
    """A sum that the question takes for granted (最高能补到一百万), where the clause, or else its article, names another."""
    for quantity in claimed:
        before, after = question[: quantity.span.start], question[quantity.span.end :]
        granted = _GRANTED_BEFORE.search(before) or _GRANTED_AFTER.match(after)
        if quantity.kind not in ("amount", "ratio") or not granted:
            continue
        text = clause if has(clause, (quantity.kind,)) else around
        if (has(text, (quantity.kind,)) or _GRANTED_AFTER.match(after)) and not covered(quantity, [text]):
            return True
    return False
