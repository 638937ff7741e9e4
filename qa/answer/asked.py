"""What a question asks for, checked against a text: sums, counts, dates, periods, offices, telephones."""

from __future__ import annotations

import re

from qa.quantities import find_quantities
from qa.types import Asked, Query

YEAR = re.compile(r"20\d\d(?=年)")
MONEY_ASKED = re.compile(
    r"多少钱|[补奖给贴拿领退返](多少|几[成个万])|金额|标准|额度|几个点|百分之几|几成|封顶|上限|最高|最多|多少(?:万|元|亿|资金|补|奖)|补贴|奖励|补助|资助|贴息|报销|[补奖给贴报][得的]多|钱(?:哪[个边家]|谁)多"
)
COUNT_ASKED = re.compile(
    r"(?:多少|几|多大|多长|多久|多高|多快)[个家名项处种款件台套场次所条座人亩年天月日米位批平公]?|规模|面积|比例|占比|指标|数量|目标"
)
_PERIOD_ASKED = re.compile(
    r"几年|几个月|多久|多长时间|几天|多少天|期限|多少个?工作日|最长|几号|哪天|什么时候|几月|哪年|截止|有效期|何时"
)
_CAP_ASKED = re.compile("上限|封顶|最多|最高|顶天|撑死|顶格")
_OFFICE = re.compile(r"(?:单位|部门)[:：]|负责|牵头|设在|主管部门|[市省区县][一-鿿]{1,9}?(?:局|委|厅|管委会)")
_TELEPHONE = re.compile(r"\d{7,}")


def asks_for_money(query: Query) -> bool:
    """Whether the question asks for a sum or a share of money."""
    return bool({Asked.AMOUNT, Asked.RATIO} & set(query.asked)) and bool(MONEY_ASKED.search(query.search_text or query.text))


def asks_for_figures(query: Query) -> bool:
    """Whether figures belong into the answer: sums, shares, targets, or an open question on support."""
    wanted = {Asked.AMOUNT, Asked.RATIO, Asked.TARGET}
    return bool(wanted & set(query.asked)) or bool(MONEY_ASKED.search(query.search_text or query.text)) or query.which_places


def has(text: str, kinds: tuple[str, ...]) -> bool:
    """Whether a text holds a figure of one of these kinds."""
    return any(quantity.kind in kinds for quantity in find_quantities(text))


def adds_asked(query: Query, text: str, shown: str) -> bool:
    """Whether `text` says something that is asked for and that `shown` does not say yet."""
    asked = set(query.asked)
    if _PERIOD_ASKED.search(query.text) and has(text, ("date", "duration")) and not has(shown, ("date", "duration")):
        return True
    if Asked.RESPONSIBLE in asked and _OFFICE.search(text) and not _OFFICE.search(shown):
        return True
    if Asked.TELEPHONE in asked and _TELEPHONE.search(text) and not _TELEPHONE.search(shown):
        return True
    wanted = ("amount",) if _CAP_ASKED.search(query.text) else ("amount", "ratio")
    return asks_for_money(query) and has(text, ("amount",)) and not has(shown, wanted)
