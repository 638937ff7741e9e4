"""Yes, no or depends for "do we qualify", where the clause decides it in words; figures are judged by `qa.answer.tiers`.

Only two things decide: what the asker says is missing and the clause demands (no), and what the asker wants to do and the
clause forbids (no). A clause that grants after a review, or a question that wants certainty, gives depends.
"""

from __future__ import annotations

import re

from qa.types import Query

_YES_NO = re.compile(
    r"(能不能|可不可以|行不行|能否|可否|是否(可以|符合|属于|能)|算不算|够不够|合不合|符不符合|能算|算是)|(可以|能[^，。？]{0,14}|行|够格|够得着|有份|算|合规|稳了?|拿|领|符合)(吗|么|不)[？?。]?$|申请不[？?]?$"
)
_LACKS = re.compile(r"(?:尚未|还没有?|没有?|未|不是|不在|不满|不含|还在)([^，。？、；]{2,16})")
_FORBIDS = re.compile(r"(?:不得|不对外|不予|不能|不再|不包括|不含|禁止|不可)([^，。；]{2,24})")
_REVIEW = re.compile(r"经认定|评审|择优|审核|审定|考察|验收合格|视|根据|一事一议|优先")
_CERTAIN = re.compile("稳|一定|肯定|保证|笔定|百分百|就行")
_SENTENCES = {
    "no": "照这一条看不符合，最终以主管部门认定为准。",
    "depends": "是否符合还要看认定或评审结果，以主管部门认定为准。",
}


def judge(query: Query, clause: str) -> tuple[str, str] | None:
    """The verdict and a sentence that says it, or None when the question wants no verdict or words do not decide.

    >>> from qa.types import Query
    >>> judge(Query("", "租来的办公室转租出去行不行"), "企业须承诺办公场所不对外转售、分售、转租、分租")[0]
    'no'
    """
    if not _YES_NO.search(query.text):
        return None
    if _demanded(query.text, clause) or _forbidden(query.text, clause):
        return "no", _SENTENCES["no"]
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


def _shares_words(wanted: str, clause: str, share: float) -> bool:
    pairs = {wanted[i : i + 2] for i in range(len(wanted) - 1)}
    return bool(pairs) and sum(pair in clause for pair in pairs) >= share * len(pairs)
