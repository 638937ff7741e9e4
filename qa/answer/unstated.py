"""What a question asks for and the article does not have: a figure, a date, an address, a thing asked for by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answer.asked import COUNT_ASKED, has
from qa.quantities import find_quantities
from qa.types import Asked, Query

_VAGUE = re.compile(
    r"按规定|按照规定|相关规定|一定(比例|额度|资金|的|补助|奖励)|适当|给予[^，。；]{0,8}(支持|奖励|资助|补贴|补助)|可享受|一事一议|配套补贴|一次性奖励"
)
_PER_UNIT = re.compile(
    r"(一个|每个?|单个)(人头|人|员工|学员|名)[^，。？]{0,6}(多少|几)|人均|一?(平米|平方米?)[^，。？]{0,4}(多少|几)|每(月|台|家|平米|平方)[^，。？]{0,6}(多少|几|标准)"
)
_PER_UNIT_STATED = re.compile(r"每(人|名|家|台|项|个|平方米|月|引进|认定)|元/|按人数|每成功")
_SUM_ASKED = re.compile(
    r"多少钱|几[十百千]?万|几个亿|(补贴|补助|奖励|资助)(的?标准|金额)|奖金|[补奖给贴拿领退返](多少|几[成个万])|金额|额度|几个点|百分之几|几成|封顶|上限|多少(?:万|元|亿|资金|补|奖)"
)
_ASKED_WORDS = (  # what is asked for by name, and the words by which an article would state it
    (re.compile(r"电话|手机号"), re.compile(r"\d{7,}|\d{3,4}[-—－]\d{7,8}|电话")),
    (re.compile(r"安家费"), re.compile(r"安家")),
    (re.compile(r"保底"), re.compile(r"最低|不低于|不少于|以上")),
    (re.compile(r"评分(标准|细则|表)|打分"), re.compile(r"评分|打分|分值")),
    (
        re.compile(
            r"(?:几天|多久|多少个?工作日|什么时候|何时|哪天)[^，。？]{0,8}(?:到账|打款|发到|拨付)|(?:到账|打款|拨付)[^，。？]{0,4}(?:时间|几天|多久|哪天)"
        ),
        re.compile(r"拨付|到账|兑付|划拨|拨款|兑现"),
    ),
    (re.compile(r"(申报|申请)材料|材料清单|(哪些|什么)材料"), re.compile(r"材料|资料|报告|证明|申请表|提交")),
)
_RATIO_ASKED = re.compile(r"百分之几|百分之多少|几个点|(?<!等比)比例(是|为|有)?多少|几成")
_WHO_OR_HOW = re.compile(r"谁|部门|程序|流程|如何|怎么[定算]|币种|去哪|找哪")  # 补贴金额由谁审查: no sum is asked for
_COUNT_ASKED = re.compile(
    r"(?<![哪第十])(?:几|多少)(?P<unit>[个名家项件台位户座所款人])(?:人|团队|名额|企业|项目|公司|平台|机构|专家|员工)"
)
_RATE_ASKED = re.compile(
    r"(?:年)?利率[^，。？]{0,6}(?:多少|几|高)|几个点的?利|一度电?[^，。？]{0,8}(?:几|多少)|规模(?:有|是)?多大|注册资本[^，。？]{0,6}(?:多[大少]|几)"
)
_THRESHOLD_ASKED = re.compile(
    r"(?P<noun>收入|营收|销售额|投资额|注册资本|增速|增长|产值|利润)[^，。？]{0,6}(?:多少|几个?[亿万点])[^，。？]{0,4}(?:才|算|能|够|门槛)|(?P<lacking>收入|营收|销售额|投资额|注册资本|增速|产值)(?:门槛|要求|线)"
    r"|(?P<least>收入|营收|销售额|投资额|注册资本|产值)(?:最少|至少|最低|起码)"
)
_DAY_ASKED = re.compile(
    r"(?:几号|哪天|哪一天|几月几[号日]|什么时候|何时)[^，。？]{0,4}(?:截止|截至|结束|报名|开放申报|开始申报|打款|到账|公布|公示)|截止[^，。？]{0,4}(?:几号|哪天|什么时候)"
)
_ALSO = {
    "营收": "收入|营收|销售",
    "收入": "收入|营收|销售",
    "投资额": "投资|投入",
    "销售额": "销售|收入",
    "增长": "增长|增速|增幅",
    "增速": "增长|增速|增幅",
}
_DAY_STATED = re.compile(r"\d月|\d日|届满|工作日|季度|每年|截至|逾期|[前内]")
_TIMED = re.compile(r"之日|期内|[一-鿿]前|每[季月年周]|逾期")
_NOTICE_ASKED = re.compile(
    r"网址|网站|链接|下载|二维码|微信|邮箱|传真|门牌|几楼|(今年|明年|20\d\d年?)[^，。？]{0,16}(申报|通知|受理|窗口|收材料)[^，。？]{0,8}(发|几号|哪天|什么时候|出来|截|开始)"
)


def unstated(query: Query, clauses: Sequence[str], around: str, document: str) -> bool:
    """Whether what is asked for stands neither in the clauses that would answer, nor in their article, nor in the document.

    Args:
        query: the question as understood.
        clauses: best first; may be empty.
        around: every found part of their article.
        document: the text of the whole document.
    """
    first = clauses[0] if clauses else ""
    if _ratio_unstated(query.text, "".join(clauses)) or _name_unstated(query.text, document):
        return True
    if _lacks_figure(query, around) or (_lacks_figure(query, first) and _VAGUE.search(first)):
        return True
    if _PER_UNIT.search(query.text) and not _PER_UNIT_STATED.search(around):
        return True
    if _measure_unstated(query.text, first, around):
        return True
    if notice := _NOTICE_ASKED.search(query.text):
        return "网" not in notice.group() or "网" not in first
    return Asked.DEADLINE in query.asked and not has(around, ("date", "duration")) and not _TIMED.search(first)


def _measure_unstated(question: str, clause: str, around: str) -> bool:
    """A count, a rate, a size or a day is asked for, and the article has no figure of that kind."""
    if _COUNT_ASKED.search(question) and not has(around, ("count",)):
        return True
    if _RATE_ASKED.search(question) and not has(clause, ("amount", "ratio")):
        return True
    if threshold := _THRESHOLD_ASKED.search(question):
        noun = next(name for name in threshold.groups() if name)
        return not re.search(
            rf"(?:{_ALSO.get(noun, noun)})[^，。；]{{0,14}}\d|\d[^，。；]{{0,6}}(?:{_ALSO.get(noun, noun)})", around
        )
    return bool(_DAY_ASKED.search(question)) and not has(clause, ("date",)) and not _DAY_STATED.search(clause)


def _name_unstated(question: str, document: str) -> bool:
    """Something is asked for by its name (电话, 安家费) that the document never mentions."""
    return any(asked.search(question) and not stated.search(document) for asked, stated in _ASKED_WORDS)


def _ratio_unstated(question: str, stated: str) -> bool:
    return bool(stated and _RATIO_ASKED.search(question)) and not re.search(r"[%‰成]", stated)


def _lacks_figure(query: Query, text: str) -> bool:
    """The question asks for a figure and the text has none of that kind."""
    if _SUM_ASKED.search(query.text) and not _WHO_OR_HOW.search(query.text):
        return not has(text, ("amount", "ratio"))
    if set(query.asked) & {Asked.AMOUNT, Asked.RATIO} and COUNT_ASKED.search(query.text):
        return not find_quantities(text)
    return False
