"""What a question presumes without asking for it: that money comes every year or for nothing, a period, a number a year."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.quantities import Quantity, find_quantities, same

_YEARLY = re.compile(
    r"每年|年年|逐年|按年|一年一次|连(?:续)?[给补发拿领支]{0,2}[两二三四五六\d]+年|分[两二三四五六\d]+年(?:发|给|付|兑|拨|补)"
)
_ASKS_YEARLY = re.compile(
    r"(?:每年|年年|逐年|一次性?)[^，。？]{0,8}还是|还是[^，。？]{0,8}(?:每年|年年|逐年|一次)|(?:每年|年年)[^，。？]{0,10}(?:吗|么|嘛|不)[？?。]?$"
)
_NOT_YEARLY = re.compile(r"(?:没有?|不是?)[^，。？]{0,2}(?:每年|年年|逐年)")
_ONCE, _REPEATED = re.compile("一次性"), re.compile(r"每年|连续|年度|逐年|每(?:季|月)|\d年|[二两三四五]年")
_SPREAD = re.compile(r"分[两二三四五\d]年")
_AT_ONCE = re.compile(
    r"一次性?(?:就|全|都)?(?:打清|付清|给清|发清|结清|到位|给完|发完|付完|打完|给足|全给|全发|全到)|一笔(?:打清|付清|给清|到账)"
)
_IN_PARTS = re.compile(
    r"分[两二三四五\d]+(?:年|期|次|批|步)[^，。；]{0,4}(?:兑现|拨付|给予|支付|发放|兑付|奖励|补助|到位)|\d ?[:：] ?\d(?: ?[:：] ?\d)?的?比例[^，。；]{0,4}分"
)
_LOAN = re.compile(r"[低免无]息贷?款?|有偿|借款|借给(?:我们|公司|企业)|还清")
_LENT = re.compile(r"贷|借|利息|股|融资|有偿|还款|归还")
_FREE = re.compile(r"(?:白送|白给|白拿|无偿|不用还)(?!的?(?:吗|么|嘛))|不占[^，。？]{0,4}股|不要股份")
_NOT_FREE = re.compile(r"股权|贷款|借款|入股|有偿|跟投|参股")
_TURNED_ROUND = (  # as asked, as the clause says it, what makes an honest question of it
    (
        re.compile(
            r"(?:没|未|不用|无需|不必)(?:有|经|通过)?验收|验收(?:之)?前[^，。]{0,6}(?:给|发|拿|拨)|先(?:给|拿|拨|发|打)[^，。]{0,4}后验收|立项(?:就|即)[^，。]{0,4}(?:打|给|拨|发)"
        ),
        re.compile(r"验收(?:合格|通过|完成)?(?:的|后)|验收合格|(?:通过|完成)验收"),
        re.compile(r"怎么办|吐|退|还是|不[给补发能]|吗[？?]?$"),
    ),
    (
        re.compile(r"(?<!不)(?:含|连)(?:增值|进项)?税(?:也|都)?(?:算|计|来算)?|税[^，。]{0,4}(?:算|计)(?:进|在|入)"),
        re.compile(r"不含[^，。；]{0,4}税"),
        re.compile(r"还是|是否|含不含|[吗不][？?]?$"),
    ),
    (
        re.compile(r"(?:能|可以?|都)(?:叠加|重复|同时|一起)[领拿享]|叠加领"),
        re.compile(r"不(?:得|能|可)?重复(?!建设)"),
        re.compile(r"还是|不能|不得|不可|[吗么嘛不][？?]?$"),
    ),
)
_LEVEL = re.compile("国家级|省级|市级|区级|县级")
_QUALIFIER = re.compile(r"(?:不?(?:超过|少于|低于|高于)|最[高低多少]|约|达到?|近|至少|左右|共|各|为|是|有|了)+$")
_LEAD = 2  # characters before a figure that say what it is of: 公示5个工作日, 每年支持10个


def paid_once(question: str, stated: str, around: str) -> bool:
    """The question counts on money every year, the clause gives it once and the article does not spread it over years."""
    if not _YEARLY.search(_NOT_YEARLY.sub("", question)) or _ASKS_YEARLY.search(question) or _SPREAD.search(around):
        return False
    return any(_ONCE.search(sentence) and not _REPEATED.search(sentence) for sentence in re.split("[。；]", stated))


def not_free(question: str, stated: str) -> bool:
    """The question takes for a gift what the clause gives as a share or a loan."""
    return bool(_FREE.search(question) and _NOT_FREE.search(stated))


def paid_in_parts(question: str, around: str) -> bool:
    """The whole is expected at once (一次打清), and the article pays it in parts (按4：3：3的比例分三年兑现)."""
    return bool(_AT_ONCE.search(question) and _IN_PARTS.search(around)) and "还是" not in question


def not_lent(question: str, stated: str) -> bool:
    """The question takes for a loan what the clause gives."""
    return bool(_LOAN.search(question) and re.search("补助|奖励|补贴|资助|奖补", stated)) and not _LENT.search(stated)


def turned_round(question: str, stated: str) -> bool:
    """A condition is turned round: money before the acceptance that earns it, tax counted in where it is left out."""
    return any(
        asked.search(question) and written.search(stated) and not own.search(question) for asked, written, own in _TURNED_ROUND
    )


def other_level(question: str, stated: str) -> bool:
    """A level is taken for granted (升到市级就补), and the clause names another one only (国家级)."""
    claimed, named = set(_LEVEL.findall(question)), set(_LEVEL.findall(stated))
    return bool(claimed and named) and not any(level.removesuffix("级") in stated for level in claimed)


def other_of_the_same(question: str, around: str, claimed: Sequence[Quantity]) -> bool:
    """A period or a number is claimed in the words of the article, which has another there (公示10个, where it says 公示5个工作日)."""
    for quantity in claimed:
        lead = _lead(question[: quantity.span.start])
        if quantity.kind not in ("duration", "count") or len(lead) < _LEAD:
            continue
        there = [
            q
            for q in find_quantities(around)
            if (q.kind, q.unit) == (quantity.kind, quantity.unit) and _lead(around[: q.span.start]) == lead
        ]
        if there and not any(same(quantity, q) for q in there):
            return True
    return False


def _lead(before: str) -> str:
    bare = _QUALIFIER.sub("", before.rstrip())
    found = re.search(rf"[一-鿿]{{{_LEAD}}}$", bare)
    return found.group() if found else ""
