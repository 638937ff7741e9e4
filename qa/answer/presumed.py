"""What a question presumes without asking for it: that a sum is of this tier, paid every year, given for nothing, or due at that office."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations, pairwise

from qa.answer.asked_figures import own_figures
from qa.answer.conditions import match
from qa.answer.rules import Clause
from qa.quantities import Quantity, find_quantities, same

_YEARLY = re.compile(r"每年|年年|逐年|按年|一年一次|连(?:续)?[给补发拿领支]{0,2}[两二三四五六\d]+年")
_ASKS_YEARLY = re.compile(r"还是|(?:每年|年年)[^，。？]{0,10}(?:吗|么|嘛|不)[？?。]?$")
_ONCE, _REPEATED = re.compile("一次性"), re.compile(r"每年|连续|年度|逐年|每(?:季|月)|\d年|[二两三四五]年")
_FREE = re.compile(r"(?:白送|白给|白拿|无偿|不用还)(?!的?(?:吗|么|嘛))|不占[^，。？]{0,4}股|不要股份")
_NOT_FREE = re.compile(r"股权|贷款|借款|入股|有偿|跟投|参股")
_UNIT = re.compile(r"[；;。\n]")
_LISTED = re.compile(r"[、和及与]|以及")
_RESPECTIVELY = re.compile(r"([^，。；;]+)[，,]?[^，。；;、]{0,8}?分别[^，。；;\d]{0,16}(?=\d)")
_PIECE = re.compile(r"[^，,：:]*$")
_LONGEST = 10  # characters in which two cases may differ: 项目 against 企业年度补助总额
_LEAD = r"(?:牵头|挑头|负责|主管|兑现|解释|受理|审核|责任)"
_OFFICE = r"(?P<office>(?:[省市区县]?[一-鿿]{1,7}?)(?:局|委|厅|管委会|办公室|财政))"
_IN_CHARGE = (
    re.compile(rf"{_LEAD}(?:责任)?(?:单位|部门)?(?:是|就是|为|归)?{_OFFICE}"),
    re.compile(rf"(?:由|归|找|是|跟){_OFFICE}(?:来|去)?(?:的[一-鿿]{{0,3}})?{_LEAD}"),
)
_ASKS_WHO = re.compile(r"哪|谁|什么|几|啥|配合|还是|是不是|吗|么")
_ROLE = r"(?:牵头|责任|主管|配合|落实|咨询|兑现)[一-鿿]{0,4}(?:单位|部门)[:：]"
_NAMED = re.compile(rf"(?P<role>{_ROLE})(?P<offices>(?:(?!{_ROLE})[^；;。）)])*)")
_BRACKETED = re.compile(r"[（(]([^（()）]{4,80})(?:按职责[^（()）]{0,8})?负责[）)]")
_CUE = re.compile(
    r"听说|据说|是不是|没错吧|不是说|说是|既然|都说|吧[，。？?！、]|吧$|对吗|对不对|是吗|网上说|朋友说|有人说|传言|不是.{0,10}吗"
)
_ANY_OFFICE = re.compile(r"[省市区县]?[一-鿿]{2,6}?(?:局|委|厅|管委会)(?![员托])")
_EXPLAINS = re.compile(r"由([^，。；]{2,20})负责解释")


def paid_once(question: str, stated: str) -> bool:
    """The question counts on money every year, the clause gives it once."""
    if not _YEARLY.search(question) or _ASKS_YEARLY.search(question):
        return False
    return bool(_ONCE.search(stated)) and not _REPEATED.search(stated)


def not_free(question: str, stated: str) -> bool:
    """The question takes for a gift what the clause gives as a share or a loan."""
    return bool(_FREE.search(question) and _NOT_FREE.search(stated))


def wrong_office(question: str, passage: str) -> bool:
    """An office is said to lead (牵头单位省财政厅) where the passage names others, or names it as a helper only."""
    claimed = [match["office"] for rule in _IN_CHARGE for match in rule.finditer(question) if not _ASKS_WHO.search(match.group())]
    if not claimed:
        return False
    if explained := _EXPLAINS.search(passage):
        return "解释" in question and all(_core(office) not in explained.group(1) for office in claimed)
    leading = _offices(passage, helpers=False)
    return bool(leading) and any(_core(office) not in leading for office in claimed)


def doubted_office(question: str, passage: str) -> bool:
    """An office that the question asks to be confirmed (是市交通局挑头吧) and the passage does not name as responsible."""
    if not _CUE.search(question):
        return False
    named = _offices(passage, helpers=True) or passage
    return any(_core(match.group()) not in named for match in _ANY_OFFICE.finditer(question))


def _offices(passage: str, helpers: bool) -> str:
    """The offices that the passage names as responsible, with or without those that only help; "" when it names none."""
    named = [match["offices"] for match in _NAMED.finditer(passage) if helpers or not match["role"].startswith("配合")]
    return "".join((*named, *_BRACKETED.findall(passage)))


def _core(office: str) -> str:
    return office.lstrip("省市区县")[-4:]


def other_case(question: str, stated: str, claimed: Sequence[Quantity]) -> bool:
    """A sum is claimed for one case of a rule, and the clause gives it for the neighbouring case.

    二等奖那50万, where 一等奖、二等奖分别给予50万、25万元. Two cases are compared where their words differ: 一等 against 二等.

    Args:
        question: as asked.
        stated: the clauses that would answer.
        claimed: the figures that the question takes for granted.
    """
    for (one, its_sum), (other, other_sum) in combinations(list(cases(stated)), 2):
        for mine, theirs in differences(one, other):
            for asked, unasked, right, wrong in ((mine, theirs, its_sum, other_sum), (theirs, mine, other_sum, its_sum)):
                if asked in question and unasked not in question and any(same(q, wrong) and not same(q, right) for q in claimed):
                    return True
    return False


def other_tier(question: str, stated: str, claimed: Sequence[Quantity]) -> bool:
    """The award of a tier is claimed that the asker's own figure does not reach (5000万, where 1亿元 is given 300万元)."""
    for tiers in Clause(stated).tiers:
        own = match(tiers.steps[0], own_figures(question))
        reached = [own.reaches(step.quantity.value, tiers.strict) for step in tiers.steps] if own else [None]
        if None in reached:
            continue
        count = sum(map(bool, reached))
        given = tiers.awards[count - 1] if count else None
        others = [award for award in tiers.awards if given is None or not same(award, given)]
        if any(same(figure, award) for figure in claimed for award in others):
            return True
    return False


def cases(stated: str) -> Iterator[tuple[str, Quantity]]:
    """The cases of a rule with the sum of each: lists with 分别, and pieces of a sentence with one sum each."""
    for unit in _UNIT.split(stated):
        amounts = [quantity for quantity in find_quantities(unit) if quantity.kind == "amount"]
        found = _RESPECTIVELY.search(unit)
        if found:
            given = _one_list([quantity for quantity in amounts if quantity.span.start >= found.end()], unit)
            labels = _LISTED.split(found.group(1))[-len(given) :]
            if 1 < len(given) == len(labels):
                yield from zip(_trimmed(labels), given, strict=True)
        else:
            begin = 0
            for quantity in amounts:
                label = unit[begin : quantity.span.start].rstrip("，, ")
                yield _PIECE.search(label).group(), quantity  # type: ignore[union-attr]
                begin = quantity.span.end


def _one_list(amounts: Sequence[Quantity], text: str) -> list[Quantity]:
    """The first sums that nothing but 、 or 和 separates."""
    listed = list(amounts[:1])
    for before, after in pairwise(amounts):
        if not re.fullmatch(r"\s*[、和及]\s*", text[before.span.end : after.span.start]):
            break
        listed.append(after)
    return listed


def _trimmed(labels: Sequence[str]) -> list[str]:
    """Labels without what stands before the first and behind the last: 大赛一等奖、二等奖、三等奖的项目."""
    size = min(map(len, labels)) + 1
    return [labels[0][-size:], *labels[1:-1], labels[-1][:size]]


def differences(one: str, other: str) -> Iterator[tuple[str, str]]:
    """The short stretches in which two parallel labels differ, a character more where one alone says nothing."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < 0.35 and min(len(one), len(other)) > 3:
        return
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "replace" and not re.search(r"\d", one[a:b] + other[c:d]) and max(b - a, d - c) <= _LONGEST:
            more = 1 if min(b - a, d - c) == 1 and one[b : b + 1] == other[d : d + 1] else 0
            yield one[a : b + more], other[c : d + more]
            if min(b - a, d - c) > 2:  # 核心产业规模超300亿元，带动相关产业规模2000亿元
                yield one[b - 2 : b], other[d - 2 : d]
