"""What a question asks for and the article does not have: a figure, a date, an address, a thing asked for by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answer.asked import COUNT_ASKED, has
from qa.answer.attributes import unwritten
from qa.quantities import find_quantities
from qa.types import Asked, Query

_VAGUE = re.compile(
    r"按规定|按照规定|相关规定|一定(比例|额度|资金|的|补助|奖励)|适当|给予[^，。；]{0,8}(支持|奖励|资助|补贴|补助)|可享受|一事一议|配套补贴|一次性奖励"
)
_SUM_ASKED = re.compile(
    r"多少钱|几[十百千]?万|几个亿|(补贴|补助|奖励|资助)(的?标准|金额)|奖金|[补奖给贴拿领退返](多少|几[成个万])|(?:金额|额度)(?!时|后|由|是否|怎|如何|能)|几个点|百分之几|几成|封顶|上限|多少(?:万|元|亿|资金|补|奖)|(?:面值|单价|票价|收费)(?:是|有)?(?:多少|几)"
)
_RATIO_ASKED = re.compile(r"百分之几|百分之多少|几个点|(?<!等比)比例(是|为|有)?多少|几成|(?: |补助|补贴|奖励)比例$")
_RATIO_HOPED = re.compile(r"(?:一半|[一两二三四五六七八九]成|\d%)[^，。？]{0,4}[吗么嘛不][？?]?$")
_WHO_OR_HOW = re.compile(r"谁|部门|程序|流程|如何|怎么[定算]|币种|去哪|找哪")  # 补贴金额由谁审查: no sum is asked for
_COUNT_ASKED = re.compile(
    r"(?<![哪第十])(?:几|多少)(?:[个名家项件台位户座所款人](?:人|团队|名额|企业|项目|公司|平台|机构|专家|员工)|人(?:组成|参加|评|到场))"
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
_DAY_STATED = re.compile(r"\d月|\d日|届满|工作日|季度|每年[^，。；]{0,6}月|截至|逾期|(?:月|日|天|年|底|季度|期)[以之]?[前内]")
_TWO = 2  # figures that a clause has at least, when it says what each of several gets
_EACH_ASKED = re.compile(r"(?:各|分别)(?:能|可以|会|要)?(?:奖|补|给|占|承担|分|拿|发)(?:多少|几)")
_STEP_ASKED = re.compile(
    r"分(?:成|为)?几[级档]|[各每](?:一?[级档]|个?[级档]次)|[哪那](?:一|个)?[档级](?!别)|[级档]的?(?:标准|门槛|金额|界线)"
)
_STEPPED = re.compile(r"分[级档类]|按(?:照)?(?:增长|增幅|贡献|成效|规模|绩效|效果)|视(?:情况|[一-鿿]{2,6}情况)")
_FUND_SIZE = re.compile(r"(?:盘子|规模|总额|资金)(?:有|是|为|到底)?(?:多大|多少)|总规模|多少个?亿|几个?亿")
_CONDITION_ASKED = re.compile(r"条件|门槛|资格")
_CONDITION_STATED = re.compile(
    r"条件|应当?|须|需|不低于|不少于|以上|符合|认定|注册|具有|具备|超过|达到|属于|要求|资格|合格|通过|承诺|优先|必须|未|给予|奖励|补[贴助]"
)
_PRIZE = re.compile(r"特等奖|[一二三四]等奖|优胜奖|入围奖|优秀奖|鼓励奖|提名奖|金奖|银奖|铜奖|冠军|亚军|季军")
_POOL_ASKED = re.compile(r"(?:单个|单笔|单户|每个|一个)(?:项目|企业|平台|主体|公司)[^，。？]{0,8}(?:多少|几|额度|上限)")
_POOL, _PER_ONE = re.compile(r"规模|列支|总额|安排|资金池"), re.compile(r"单[个笔户项家]|每[个家项户]|最高")
_SENTENCE_END, _PIECE_END = re.compile(r"[。；\n]"), re.compile(r"[，。；\n]")
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
    if _ratio_unstated(query.text, "".join(clauses)) or unwritten(query.text, around, document):
        return True
    if _lacks_figure(query, around) or (_lacks_figure(query, first) and _VAGUE.search(first)):
        return True
    if _measure_unstated(query.text, first, around) or _condition_unstated(query, around):
        return True
    if _other_subject(query, clauses, around):
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


def _other_subject(query: Query, clauses: Sequence[str], around: str) -> bool:
    """The figures at hand belong to something else: another prize, a whole fund, the neighbouring clause."""
    first = clauses[0] if clauses else ""
    if _other_prize(query.text, around) or (_POOL_ASKED.search(query.text) and _POOL.search(first) and not _PER_ONE.search(around)):
        return True
    if _STEP_ASKED.search(query.text) and _STEPPED.search(first):
        return sum(quantity.kind in ("amount", "ratio") for quantity in find_quantities(first)) < _TWO
    if "基金" in query.text and _FUND_SIZE.search(query.text):
        return not any("基金" in sentence and has(sentence, ("amount",)) for sentence in _SENTENCE_END.split(around))
    if _EACH_ASKED.search(query.text) and len(query.regions) < 2:
        return sum(quantity.kind in ("amount", "ratio", "count") for quantity in find_quantities("".join(clauses))) < _TWO
    if not _asks_sum(query.text):
        return False
    return _case_by_case(around) if "一事一议" in query.text else _vague_is_meant(query, clauses)


def _other_prize(question: str, around: str) -> bool:
    """A prize is asked for, and the article names prizes, but not this one."""
    asked, named = set(_PRIZE.findall(question)), set(_PRIZE.findall(around))
    return bool(asked and named) and not asked & named


def _case_by_case(around: str) -> bool:
    """What is settled 一事一议 has no sum beside it."""
    pieces = [piece for piece in _PIECE_END.split(around) if "一事一议" in piece]
    return bool(pieces) and not any(has(piece, ("amount", "ratio")) for piece in pieces)


def _condition_unstated(query: Query, around: str) -> bool:
    return bool(Asked.CONDITION in query.asked and _CONDITION_ASKED.search(query.text)) and not _CONDITION_STATED.search(around)


def _vague_is_meant(query: Query, clauses: Sequence[str]) -> bool:
    """The clause that speaks of the question's subject names no sum (按规定给予支持), and its neighbour with a sum does not."""
    figured = [clause for clause in clauses if has(clause, ("amount", "ratio"))]
    vague = [clause for clause in clauses if clause not in figured and _VAGUE.search(clause)]
    if not figured or not vague:
        return False
    grams = {
        query.subject[i : i + 2] for i in range(len(query.subject) - 1) if re.fullmatch("[一-鿿]{2}", query.subject[i : i + 2])
    }
    shared = [max(sum(gram in clause for gram in grams) for clause in group) for group in (vague, figured)]
    return shared[0] >= shared[1] + 2


def _ratio_unstated(question: str, stated: str) -> bool:
    asked = _RATIO_ASKED.search(question) or _RATIO_HOPED.search(question)
    return bool(stated and asked) and not re.search(r"[%‰成半]|\d[:：]\d|分之|等额|全额", stated)


def _lacks_figure(query: Query, text: str) -> bool:
    """The question asks for a figure and the text has none of that kind."""
    if _asks_sum(query.text):
        return not has(text, ("amount", "ratio"))
    if set(query.asked) & {Asked.AMOUNT, Asked.RATIO} and COUNT_ASKED.search(query.text):
        return not find_quantities(text)
    return False


def _asks_sum(question: str) -> bool:
    return bool(_SUM_ASKED.search(question)) and not _WHO_OR_HOW.search(question)
