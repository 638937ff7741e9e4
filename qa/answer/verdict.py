"""Yes, no or depends for "do we qualify", where the clause decides it in words; figures are judged by `qa.answer.tiers`.

What decides: what the asker says is missing and the clause demands (no), what the asker wants to do and the clause forbids, or
gives once only (no), and whether something is supported at all, where the clause supports it (yes). A clause that grants after a
review, or a question that wants certainty, gives depends.
"""

from __future__ import annotations

import re

from qa.types import Query

_YES_NO = re.compile(
    r"(能不能|可不可以|行不行|能否|可否|是否(可以|符合|属于|能)|算不算|够不够|合不合|符不符合|能算|算是)|(可以|能[^，。？]{0,14}|行|够格|够得着|有份|算|合规|稳了?|拿|领|符合)(吗|么|不)[？?。]?$|申请不[？?]?$"
    r"|稳了|跑不掉|够格|够得着|有戏|有份|有我们的?份|行得通|算到手|就有[吗么]|特事特办|单独谈|叠加|管得到"
)
_SUPPORT_ASKED = re.compile(r"(?:支持|鼓励|允许|让[^，。？]{1,4}|有券|有支持|优先)(?:吗|么|不|没)[？?]?$|特事特办|单独谈")
_SUPPORTS = re.compile(r"支持|鼓励|允许|提供|设立|优先|一事一议")
_REFUSES = re.compile(r"不予|不支持|不再|不得|不能")
_TWICE_ASKED = re.compile(r"(?:已经?|也)[^，。？]{0,10}(?:领|拿|享受|奖)[^？]{0,24}(?:再|还|又|同时)|叠加|重复(?:领|享受|拿|申)")
_ONLY_ONCE = re.compile(r"不(?:得|可|能)?重复|不予重复|就高|避免[^，。]{0,4}重复|不叠加")
_LACKS = re.compile(r"(?:尚未|还没有?|没有?|未|不是|不在|不满|不含|还在)([^，。？、；]{2,16})")
_FORBIDS = re.compile(r"(?:不得|不对外|不予|不能|不再|不包括|不含|禁止|不可)([^，。；]{2,24})")
_REVIEW = re.compile(r"经认定|评审|择优|审核|审定|考察|验收合格|视|根据|一事一议|优先|征集|评选|绩效|入围")
_CERTAIN = re.compile("稳|一定|肯定|保证|笔定|百分百|就行|跑不掉|到手|就有")
_SENTENCES = {
    "yes": "照这一条看在支持之列，具体以主管部门认定为准。",
    "no": "照这一条看不符合，最终以主管部门认定为准。",
    "depends": "是否符合还要看认定或评审结果，以主管部门认定为准。",
}


def judge(query: Query, clause: str) -> tuple[str, str] | None:
    """The verdict and a sentence that says it, or None when the question wants no verdict or words do not decide.

    >>> from qa.types import Query
    >>> judge(Query("", "租来的办公室转租出去行不行"), "企业须承诺办公场所不对外转售、分售、转租、分租")[0]
    'no'
    """
    if not (_YES_NO.search(query.text) or _SUPPORT_ASKED.search(query.text)):
        return None
    if _demanded(query.text, clause) or _forbidden(query.text, clause) or _twice(query.text, clause):
        return "no", _SENTENCES["no"]
    if _SUPPORT_ASKED.search(query.text) and _SUPPORTS.search(clause) and not _REFUSES.search(clause):
        return "yes", _SENTENCES["yes"]
    if _REVIEW.search(clause) or _CERTAIN.search(query.text):
        return "depends", _SENTENCES["depends"]
    return None


def _demanded(question: str, clause: str) -> bool:
    """Something the asker lacks (尚未取得高新技术企业证书) that the clause asks for (属于高新技术企业)."""
    return any(_shares_words(match.group(1), clause, 0.5) for match in _LACKS.finditer(question))


def _forbidden(question: str, clause: str) -> bool:
    return any(
        any(part and len(part) >= 2 and part in question for part in re.split(r"[、或及和，]", match.group(1)))
        for match in _FORBIDS.finditer(clause)
    )


def _twice(question: str, clause: str) -> bool:
    """Support is asked for a second time, and the clause gives it once."""
    return bool(_TWICE_ASKED.search(question) and _ONLY_ONCE.search(clause))


def _shares_words(wanted: str, clause: str, share: float) -> bool:
    pairs = {wanted[i : i + 2] for i in range(len(wanted) - 1)}
    return bool(pairs) and sum(pair in clause for pair in pairs) >= share * len(pairs)
