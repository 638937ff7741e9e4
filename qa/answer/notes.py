"""What stands beside an answer: validity, plans that cannot be claimed, clauses that govern the whole document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from qa.answer.asked import asks_for_money
from qa.answer.clauses import Clause, clauses_of
from qa.answer.draft import Draft, Quote
from qa.copies import facts
from qa.corpus import Corpus, Document
from qa.numerals import read_number
from qa.types import Passage, Query, Role, Span
from qa.validity import Validity, validity_of

_VALIDITY_ASKED = re.compile(
    r"有效期|(?:管|有效)到(?:哪|什么时候|何时|几)|还(有没有效|有效|作数|管用|算数|能用|能[拿用凭按照](?:它|这|那))|作数"
    r"|(政策|文件|办法|细则|方案|规定|措施|意见|导则|条款|规划)[^，。？]{0,12}(过期|到期|失效|作废|生效|管到|有效到|哪天|何时|什么时候|几号)[^，。？]{0,8}"
    r"|(哪天|何时|什么时候|几号|哪一天)[^，。？]{0,4}(起|开始)?(施行|实施|生效|失效)|(施行|实施)日期"
)
_END_ASKED = re.compile(
    r"有效期|(?:管|有效|截止|适用)[^，。？]{0,2}到(?:什么时候|何时|哪[一年天月]|几)|(?:哪天|何时|什么时候|哪年)(?:失效|过期|到期|作废)|(?:失效|到期|截止)日期?(?:是|为|在)?(?:哪|何|什么|几)"
)
_EXACT_DAY = re.compile("具体|哪一?天|几号|哪年哪月")
_BENEFIT_PERIOD = re.compile(r"(补|奖|贴|租|减免|支持|验收|执行期)[^，。？]{0,8}(几年|期限|有效期)|到期后")
_YEARS = "[一二两三四五六七八九十\\d]{1,2}"
_VALIDITY_CLAIMED = re.compile(
    r"(?:(?:有效期?|管|执行|适用)(?:一直)?[到至]|期限[是为]?20\d\d年?[到至~～—-]+)(?P<year>20\d\d)"
    r"|(?P<lapse>20\d\d)年?(?:底|末|\d{1,2}月[底末]?)?(?:才|就|便|会|要)*(?:到期|失效|作废|过期|期满)"
    rf"|(?P<years>{_YEARS})年有效|(?:有效期(?:是|为|有|不是|总共|共|一共)*|管满?|(?:政策|办法|文件|规定)执行)(?P<period>{_YEARS})年"
    r"|(?P<always>长期有效|永久有效|一直有效)"
)
_STATES = {
    "expired": "已过有效期。",
    "in_force": "目前仍在有效期内。",
    "bounded": "的发布日期没有载明，是否仍在有效期内请向主管部门核实。",
    "linked": "的有效期随另一份文件，是否仍有效请向主管部门核实。",
    "not_stated": "没有写明有效期。",
}
_OFFERED = ("scope", "no_double", "repayment", "inclusive_bounds")


def warnings(document: Document, corpus: Corpus, passages: Sequence[Passage], as_of: date, query: Query) -> list[Draft]:
    """A cited sentence when the policy has expired, and one when it is a plan that pays nothing."""
    drafts: list[Draft] = []
    validity = validity_of(document, corpus, as_of)
    if validity.state == "expired":
        quote = _quote_at(validity.evidence.document, validity.evidence.span, passages) if validity.evidence else None
        text = f"注意：{document.info.short_title}已过有效期，能否继续申报请向主管部门核实。"
        drafts.append(Draft(text, (quote,) if quote else (), Role.WARNING if quote else Role.NOTICE, aside=True))
    if not document.info.claimable and asks_for_money(query):
        drafts.append(Draft(f"注意：这份文件是{document.info.kind}，写的是目标和任务，不能凭它直接申领资金。", role=Role.NOTICE))
    return drafts


def differing_copies(shown: Sequence[Clause], twins: Sequence[Passage], corpus: Corpus) -> list[Draft]:
    """What another document says in nearly the same article, with another figure, limit or office."""
    drafts: list[Draft] = []
    for twin in twins:
        clause = max(clauses_of(twin), key=lambda clause: max(_alike(clause.text, own.text) for own in shown))
        differs = all(facts(clause.text) != facts(own.text) for own in shown)
        if twin.document != shown[0].passage.document and differs:
            text = f"注意：{corpus.documents[twin.document].info.short_title}的写法不同：{clause.text.rstrip('。；')}。"
            drafts.append(Draft(text, (Quote(twin, (clause.span,)),), Role.WARNING))
    return drafts


def _alike(first: str, second: str) -> float:
    a, b = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (first, second))
    return len(a & b) / max(len(a | b), 1)


def validity_answer(query: Query, document: Document, corpus: Corpus, passages: Sequence[Passage], as_of: date) -> list[Draft]:
    """The clause on validity and what follows from it on `as_of`, when the question asks whether or how long a policy is in force."""
    if not _VALIDITY_ASKED.search(query.text) or _BENEFIT_PERIOD.search(query.text):
        return []
    validity = validity_of(document, corpus, as_of)
    clause = _validity_clause(validity, corpus, passages)
    if clause is None:
        return []
    return [clause, Draft(f"{document.info.short_title}{_STATES[validity.state]}", clause.quotes, Role.DEADLINE)]


def end_unstated(query: Query, document: Document, corpus: Corpus, as_of: date) -> bool:
    """Whether the question asks until when a policy is in force, or on which day exactly, and no text says it."""
    state = validity_of(document, corpus, as_of).state
    if not _END_ASKED.search(query.text) or _BENEFIT_PERIOD.search(query.text):
        return False
    return state == "not_stated" or (state == "linked" and bool(_EXACT_DAY.search(query.text)))


def validity_denied(query: Query, document: Document, corpus: Corpus, passages: Sequence[Passage], as_of: date) -> Draft | None:
    """The clause on validity, when the question takes another end or period for granted (管到2025年底, 五年有效)."""
    claim = _VALIDITY_CLAIMED.search(query.text)
    if not claim or _BENEFIT_PERIOD.search(query.text):
        return None
    validity = validity_of(document, corpus, as_of)
    ends = {day.year for day in (validity.end, validity.earliest_end, validity.latest_end) if day}
    years = read_number(claim["years"] or claim["period"] or "0")
    year = int(claim["year"] or claim["lapse"] or 0)
    period = _period(validity)
    denied = (year and ends and year not in ends) or (years and period and float(years) != period)
    return _validity_clause(validity, corpus, passages) if denied or (claim["always"] and ends) else None


def _period(validity: Validity) -> float:
    """The years of a validity, as written or between its first and last day; 0 when neither is known."""
    if validity.years or not (validity.start and validity.end):
        return validity.years
    return round((validity.end - validity.start).days / 365.25, 1)


def _validity_clause(validity: Validity, corpus: Corpus, passages: Sequence[Passage]) -> Draft | None:
    if validity.evidence is None:
        return None
    owner = corpus.documents[validity.evidence.document]
    quote = _quote_at(owner.id, _sentence(owner.text, validity.evidence.span), passages)
    if quote is None:
        return None
    clause = quote.spans[0].of(owner.text).replace("\n", "")
    return Draft(clause.rstrip("。；，") + "。", (quote,), Role.ANSWER)


def general_clauses(document: Document, passages: Sequence[Passage]) -> list[Quote]:
    """还要注意: who may claim, no double claims, repayment, inclusive bounds; only for documents that can be claimed."""
    if not document.info.claimable:
        return []
    quotes: list[Quote] = []
    for clause in document.info.general:
        if clause.kind in _OFFERED and (span := document.span_at(clause.quote, clause.line)):
            quote = _quote_at(document.id, _sentence(document.text, span), passages)
            if quote:
                quotes.append(quote)
    return quotes


def _sentence(text: str, span: Span) -> Span:
    """The span carried on to the end of its sentence."""
    stops = [at for mark in "。\n" if (at := text.find(mark, span.start)) >= 0]
    return Span(span.start, max(span.end, min(stops, default=span.end - 1) + 1)) if stops else span


def _quote_at(document: str, span: Span, passages: Sequence[Passage]) -> Quote | None:
    for passage in passages:
        if passage.document == document and passage.span.start <= span.start < passage.span.end:
            return Quote(passage, (Span(span.start, min(span.end, passage.span.end)),))
    return None
