"""Fakes in one place: an assistant whose answers are written down, over the real corpus."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.chunk import make_passages
from qa.config import Config
from qa.corpus import Corpus
from qa.errors import InputError
from qa.types import (
    Answer,
    Asked,
    Citation,
    Computed,
    Delta,
    Done,
    Event,
    Found,
    Hit,
    Passage,
    Query,
    Refusal,
    Role,
    Sentence,
    Span,
    Turn,
)

RENT = "在区内租赁办公用房自用的，按实际租金的50%给予补贴，补贴期限3年，每家企业每年最高补贴100万元"
RENT_CONDITION = "对新设立的人工智能企业，实缴注册资本1000万元以上的"
TIERS = "固定资产投资总额达到5000万元、1亿元"
NOT_TWICE = "按照从高不重复的原则予以扶持"


@dataclass(frozen=True)
class Line:
    """One sentence of a written answer and the words that prove it."""

    text: str
    role: Role = Role.ANSWER
    document: str = ""
    quote: str = ""
    label: str = ""


RENT_LINES = (
    Line("租办公用房自用的，按实际租金的50%补贴3年，每家企业每年最高100万元。", Role.ANSWER, "huangpu-rules", RENT),
    Line("新设立，实缴注册资本1000万元以上，经登记入库。", Role.CONDITION, "huangpu-rules", RENT_CONDITION),
    Line("向区科技行政主管部门申请；电话82111111。", Role.CONTACT, "huangpu-rules", "向区科技行政主管部门提交投资协议"),
    Line("注意：有效期以所执行的意见为准。", Role.WARNING),
)
PLACES_LINES = (
    Line("主导制定国际标准的，每家给予100万元。", Role.ROW, "huangpu-rules", "给予每家企业或机构100万元的奖励", "黄埔"),
    Line("最高给予100万元后补助。", Role.ROW, "chengdu-policy", "最高100万元", "成都"),
)


class FakeAssistant:
    """Answers like `qa.Assistant`, by keyword: 租房, 比较, 出错 and 5600 are known, all else is declined."""

    def __init__(self, corpus: Corpus, config: Config | None = None, pause_s: float = 0.0) -> None:
        self.corpus = corpus
        self.config = config or Config()
        self.asked: list[tuple[str, tuple[Turn, ...], str]] = []
        self._pause_s = pause_s
        self._passages = make_passages(corpus, self.config.passage_chars)

    def ask(self, question: str, history: Sequence[Turn] = (), *, region: str = "", as_of: date | None = None) -> Answer:
        """The answer at the end of `stream`."""
        return next(e.answer for e in self.stream(question, history, region=region, as_of=as_of) if isinstance(e, Done))

    def search(
        self, question: str, history: Sequence[Turn] = (), *, region: str = "", k: int = 20
    ) -> tuple[Query, tuple[Hit, ...]]:
        """Passages by shared characters."""
        wanted = set(question)
        ranked = sorted(self._passages, key=lambda passage: -len(wanted & set(passage.text)))
        hits = tuple(Hit(passage, float(len(wanted & set(passage.text)))) for passage in ranked[:k])
        carried = ("地点", "话题") if history and len(question) < 12 else ()
        regions = (region,) if region else ("广东/广州/黄埔",) if "黄埔" in question or carried else ()
        return Query(question, question, regions=regions, asked=(Asked.AMOUNT,), carried=carried), hits

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, region: str = "", as_of: date | None = None
    ) -> Iterator[Event]:
        """`Found`, every sentence, `Done`."""
        self.asked.append((question, tuple(history), region))
        if "出错" in question:
            raise InputError("问题无法理解。请换个说法再问。")
        query, hits = self.search(question, history, region=region)
        yield Found(query, hits)
        answer = replace(self._answer(question, query, hits), as_of=as_of or date(2026, 1, 2))
        shown: set[int] = set()
        for sentence in answer.sentences:
            time.sleep(self._pause_s)
            yield Delta(sentence, tuple(c for c in answer.citations if c.marker in sentence.markers and c.marker not in shown))
            shown |= set(sentence.markers)
        yield Done(answer)

    def _answer(self, question: str, query: Query, hits: tuple[Hit, ...]) -> Answer:
        seconds = {"total": 0.05}
        base = Answer(question, (), (), hits, query, date(2026, 1, 2), seconds=seconds, config_hash="fake")
        if "比较" in question:
            return self._written(base, PLACES_LINES)
        if "租" in question or query.carried:
            general = self._citation(1, "huangpu-rules", NOT_TWICE)
            return replace(self._written(base, RENT_LINES), general=(general,))
        if "5600" in question:
            computed = Computed("500万元", ("5600万元", "5000万元", "500万元"), "5000万元≤5600万元<1亿元，对应500万元", 1)
            line = Line("您的5600万元达到5000万元一档，对应奖励500万元。", Role.COMPUTED, "huangpu-rules", TIERS)
            return replace(self._written(base, (line,)), computed=(computed,), verdict="yes")
        notice = Sentence("收录的文件里没有找到这一项。可以换个说法，或说明是哪个地方的政策。", Role.NOTICE)
        return replace(base, sentences=(notice,), refusal=Refusal.NO_EVIDENCE)

    def _written(self, base: Answer, lines: Sequence[Line]) -> Answer:
        citations: list[Citation] = []
        sentences: list[Sentence] = []
        for line in lines:
            if line.quote:
                citations.append(self._citation(len(citations) + 1, line.document, line.quote))
            sentences.append(Sentence(line.text, line.role, (len(citations),) if line.quote else (), line.label))
        return replace(base, sentences=tuple(sentences), citations=tuple(citations))

    def _citation(self, marker: int, document: str, quote: str) -> Citation:
        text = self.corpus.documents[document]
        span = text.span_at(quote)
        assert span is not None, quote
        return Citation(marker, self._passage(document, span), (span,), (span.of(text.text),))

    def _passage(self, document: str, span: Span) -> Passage:
        return next(p for p in self._passages if p.document == document and p.span.start <= span.start < p.span.end)
