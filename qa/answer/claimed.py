"""Which figures of a question claim something of the policy, and which are facts about the asker or told in passing."""

from __future__ import annotations

import re

from qa.answer.asked_figures import own_figures, shares
from qa.answer.offices import BREATH, HEARSAY
from qa.answer.tiers import work_out
from qa.quantities import Quantity, find_quantities, same

GRANTED_AFTER = re.compile(
    r"^[^，,。；;]{0,3}(奖金|奖励|补贴|补助|资助|扶持|支持|建设经费|经费|的?[^，,。；;]{0,8}基金|给|补|的(奖|补))"
)
_OWN = re.compile(
    r"(我们?|咱们?|本公司|我司|我公司|花了?|投了|投下|投进|砸|卖了?|付了?|贷(?!款)了?|收入|营收|预算|租金|注册资本|实缴|签了?|年薪|月薪|实到|到位|融了|融到|估值|报价|拉到"
    r"|产值|销售额|买了?|借了?|领过|拿过|拿了|赚|利润|做到|达到)(?:(?!补|奖|贴|[能给]报|报销)[^，,。；;：:]){0,14}$"
)
_SPENT = re.compile(r"(投入|投资|投)(了|额|额为|共)?[^，。；]{0,3}$")
_DONE = re.compile("(?<![给补奖发])了(?:大概|差不多|将近|近|快|整整)?$")
_HAD = re.compile("(?<![要会能金模策贴励里府])有$|(?:(?<!经)费|成本|开销)(?:大?约|才|是|为)?$|年(?:销售?|租|收|产)$")
_ENOUGH = re.compile("够(?:得上|格|条件|门槛|不够|吗)|算(?:得上|不算)")
_OWN_AFTER = re.compile("[元块]?的?(?:租金|房租|工资|投入|营收|收入|成交额|交易额|流水|发票|进项|预算|贷款|利息|合同|订单)")
_OR_BEFORE, _OR_AFTER = re.compile("还是[^，。？]{0,6}$"), re.compile("[^，。？]{0,6}还是")
_PASSING = re.compile("[^，。]{0,2}(?:级|以?后|就|出头|多)")  # 亿元级, 两年后, 两年就上市了: told, not claimed
_NAMED_SUM = re.compile(r"(?:基金|贴息|补贴|补助|奖励|资助|奖金|经费|每年|每家)(?:规模|最[高多])?[ 是有]?$")  # 引导基金50亿
_PERIOD_BEFORE = re.compile(r"(?:补|给|发|领|拿|支持|能|连续?|可|免|奖|贴|前|公示|受理|执行期|建设期)[^，。]{0,3}$")
_PERIOD_AFTER = re.compile(r"[^，。]{0,2}(?:内|有效|全额|补|奖|减|免)")
_AIM = re.compile(
    r"目标|规划|说好|(?<!研发)计划(?!书)|到20\d\d年|(?:要|得|会|将|各)(?:做|到|达到|突破|建|培[育养]|引|养|有|过|破|冲|超|打造)"
)
_DENIED = re.compile(r"(?:没有?|不能|不到|并非|不会)[^，。]{0,3}$|[哪这]$|另外?$")  # 没有二十个, 哪两个, 这三个: not claimed
_QUOTED = re.compile(r"[“\"「‘][^”\"」’]*[”\"」’]")  # “一核两区”: a name
_WHETHER, _WHETHER_END = re.compile("(?:能|可以)[^，。？]*$"), re.compile("[^，。？]*[吗么嘛不没][？?]?$")
_FEW, _PAIR = 4, 2
_HAVING = re.compile("(?:才|只|就|已经?|(?<!要)有了?)$")
_ORDINAL = re.compile("第[一二三四五六七八九十]+[个项条类]")  # 八个工程里的第四个: counted along the text
_WORDS = re.compile("数字|字|词|问题")
_AIMED = re.compile("的?[一-鿿]{0,4}(?:目标|规模)(?!多大)")
_US = re.compile(r"我们|咱|我司|公司|厂|自己|老板")
_CEILING = re.compile(r"(?:最[高多]|封顶|顶格|上限)(?:还?能|可以?|会|给|补|贴|奖|报|拿|领|到|是|有)*$")


def claimed_figures(question: str, stated: str) -> list[Quantity]:
    """The figures of a question that are neither facts about the asker nor worked out rightly from them (2000万按两成给400万)."""
    worked = work_out(question, stated) if stated else None
    right = [q for step in (worked.computed if worked else ()) for q in find_quantities(step.result)]
    own = {own.quantity.span for own in own_figures(question)} | {quantity.span for quantity, _ in shares(question)}
    names = [name.span() for name in _QUOTED.finditer(question)]
    return [
        quantity
        for quantity in find_quantities(question)
        if (quantity.span not in own or _named_sum(quantity, question) or _asserted(quantity, question))
        and not _told(quantity, question)
        and not _a_year(quantity, question)
        and not _alternative(quantity, question)
        and not _DENIED.search(question[: quantity.span.start])
        and not any(begin < quantity.span.start < end for begin, end in names)
        and not any(same(quantity, other) for other in right)
    ]


def _a_year(quantity: Quantity, question: str) -> bool:
    """The 一年 of 一年最多能拿多少: a rate, no period."""
    before, after = question[: quantity.span.start], question[quantity.span.end :]
    return quantity.text == "一年" and not re.search("[期限满为是补给]$", before) and not re.match("[以之]?内|期", after)


def _alternative(quantity: Quantity, question: str) -> bool:
    """One of two figures between which the asker wants to know: 补20%还是30%."""
    before, after = question[: quantity.span.start], question[quantity.span.end :]
    return bool(_OR_BEFORE.search(before) or _OR_AFTER.match(after))


def _named_sum(quantity: Quantity, question: str) -> bool:
    """A sum with the name of a benefit at its side (引导基金50亿, 200万建设经费)."""
    before, after = question[: quantity.span.start], question[quantity.span.end :]
    return bool(_NAMED_SUM.search(before) or GRANTED_AFTER.match(after))


def _told(quantity: Quantity, question: str) -> bool:
    """A fact about the asker: 我们投了500万, 领过20万奖励."""
    before = re.sub(HEARSAY, "", question[: quantity.span.start])
    if _asserted(quantity, question) or _CEILING.search(before):
        return False
    if _OWN.search(before) or _DONE.search(before):
        return True
    after = question[quantity.span.end :]
    return quantity.kind == "amount" and bool(
        _SPENT.search(before) or _HAD.search(before) or _OWN_AFTER.match(after) or _ENOUGH.search(after)
    )


def _asserted(quantity: Quantity, question: str) -> bool:
    """A figure that is aimed at, told by others or pointed at, whatever stands around it."""
    return _targeted(quantity, question) or _heard(quantity, question) or _definite(quantity, question)


def _targeted(quantity: Quantity, question: str) -> bool:
    """A figure that a plan is said to aim at: 规划2025年做到3000亿."""
    before = BREATH.split(re.split(HEARSAY, question[: quantity.span.start])[-1])[-1]
    return bool(_AIM.search(before)) and not _US.search(before)


def _heard(quantity: Quantity, question: str) -> bool:
    """A figure that others are said to tell (听说年薪15万就有奖), in the same breath and not of the asker; not 7000万的项目."""
    if question[quantity.span.end :].startswith("的"):
        return False
    breath = BREATH.split(question[: quantity.span.start])[-1]
    pieces = re.split(HEARSAY, breath)
    return len(pieces) > 1 and not _US.search(pieces[-1])


def _definite(quantity: Quantity, question: str) -> bool:
    """A figure that is pointed at: 那二十家企业, 八成的目标; not 那两个条件, which may be any two."""
    before, after = question[: quantity.span.start], question[quantity.span.end :]
    pointed = before.endswith("那") and (quantity.kind != "count" or quantity.value > _FEW)
    return pointed or bool(_AIMED.match(after))


def is_counted(quantity: Quantity, question: str) -> bool:
    """A number of things that is no fact about the asker: 每年评60个方案, not 客户才12家."""
    before, after = question[: quantity.span.start], question[quantity.span.end :]
    if _ORDINAL.search(question) or _WORDS.match(after):
        return False
    return quantity.value > _PAIR and not _US.search(before) and not _HAVING.search(before)


def is_presumed(quantity: Quantity, question: str) -> bool:
    """Not what is told in passing (两年后), and of periods only what is granted (连补5年), not how long something took."""
    before, after = question[: quantity.span.start], question[quantity.span.end :]
    if _PASSING.match(after):
        return False
    if quantity.kind != "duration" or _definite(quantity, question):
        return True
    if _WHETHER.search(before) and _WHETHER_END.match(after):
        return False
    return bool(_PERIOD_BEFORE.search(before) or _PERIOD_AFTER.match(after))
