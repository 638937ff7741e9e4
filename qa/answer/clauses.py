"""Clauses of a passage: where they begin and end, which of them answers a question, and how a long one is shortened.

A clause is a sentence, an item of a list or a bracketed remark on who is responsible; a figure is never cut from its
qualifier because cuts fall only on the punctuation of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from qa.retrieve import Retriever
from qa.types import Asked, Hit, Passage, Query, Span

CLAUSE_FEATURES = (
    "words",
    "bigrams",
    "vector",
    "passage",
    "money",
    "no_money",
    "ratio",
    "date",
    "department",
    "telephone",
    "condition",
    "list",
    "target",
    "first",
    "remark",
    "short",
    "long",
    "heading_only",
)
_REMARK = r"[（(](?=(?:牵头|责任|配合|政策咨询|咨询|联系|落实)[^（()）]{0,6}(?:单位|部门|电话)|[^（()）]{2,120}(?:按职责分工)?负责[）)])"
_CUT = re.compile(rf"(?<=[。！？])|(?<=；)(?!\n)|\n|(?={_REMARK})")
_SEGMENT = re.compile(r"[^，；。：,;]+[，；。：,;]?[”’）)」》]*")
_MONEY = re.compile(r"\d(?:\.\d+)?\s*(?:万|亿)?元|\d\s*[万亿]|[一二三四五六七八九十百千]+[万亿]元")
_RATIO = re.compile(r"\d(?:\.\d+)?\s*%|百分之|[一二三四五六七八九]成|\d+[:：]\d+|全额|等额|减半")
_DATE = re.compile(r"\d{4}年|有效期|\d+个?月|\d+个?(?:工作)?日|届满|截至|月底|施行|\d+年")
_DEPARTMENT = re.compile(r"(?:责任|牵头|主管|咨询|落实|配合)(?:责任)?(?:单位|部门)|负责|主管部门|管委会|[一-鿿][局委厅办处](?:[，。、；：）)]|$)")
_TELEPHONE = re.compile(r"\d{7,}")
_CONDITION = re.compile(r"条件|应当|须|不低于|以上|符合|经认定|注册|具有|超过|满|且")
_TARGET = re.compile(r"\d+(?:\.\d+)?(?:%|个|家|名|项|亿|万|款|户|人|件|种|座|所|只)|达到|力争|建成|培育")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a passage; `span` counts from the start of the document's text."""

    passage: Passage
    span: Span

    @property
    def text(self) -> str:
        start = self.passage.span.start
        return self.passage.text[self.span.start - start : self.span.end - start]


@lru_cache(maxsize=4096)
def clauses_of(passage: Passage) -> tuple[Clause, ...]:
    """The clauses of a passage in reading order; a table row is one clause."""
    if passage.table:
        return (Clause(passage, passage.span),)
    return tuple(Clause(passage, span.shift(passage.span.start)) for span in _spans(passage.text))


def _spans(text: str) -> Iterator[Span]:
    bounds = sorted({0, len(text), *(match.end() for match in _CUT.finditer(text))})
    for begin, end in zip(bounds, bounds[1:], strict=False):
        piece = text[begin:end]
        stripped = piece.strip("\n ")
        if len(stripped) > 1:
            offset = begin + piece.index(stripped[0])
            yield Span(offset, offset + len(stripped))


def clause_features(query: Query, hits: Sequence[Hit], retriever: Retriever) -> tuple[list[Clause], NDArray[np.float64]]:
    """Every clause of the hits with its features: shape (n_clauses, len(CLAUSE_FEATURES))."""
    clauses = [clause for hit in hits for clause in clauses_of(hit.passage)]
    shares = _passage_shares(hits)
    terms = retriever.terms(query)
    words = {t: w * max(retriever.index.text_lexical.idf(t), 0.5) for t, w in terms.items()}
    vectors = _similarities(query, clauses, retriever)
    rows = []
    for clause, similarity in zip(clauses, vectors, strict=True):
        tokens = frozenset(_tokens(retriever, clause.text))
        rows.append(_row(query, clause, tokens, words, similarity, shares[clause.passage.id]))
    return clauses, np.array(rows, dtype=np.float64).reshape(len(clauses), len(CLAUSE_FEATURES))


def _row(query: Query, clause: Clause, tokens: frozenset[str], words: Mapping[str, float], similarity: float, share: float) -> list[float]:
    asked, text = set(query.asked), clause.text
    money = bool(asked & {Asked.AMOUNT, Asked.RATIO})
    has_money = bool(_MONEY.search(text) or _RATIO.search(text))
    return [
        _share({t: w for t, w in words.items() if not t.startswith("~")}, tokens),
        _share({t: w for t, w in words.items() if t.startswith("~")}, tokens),
        similarity,
        share,
        float(money and has_money),
        float(money and not has_money),
        float(Asked.RATIO in asked and bool(_RATIO.search(text))),
        float(Asked.DEADLINE in asked and bool(_DATE.search(text))),
        float(Asked.RESPONSIBLE in asked and bool(_DEPARTMENT.search(text))),
        float(Asked.TELEPHONE in asked and bool(_TELEPHONE.search(text))),
        float(Asked.CONDITION in asked and bool(_CONDITION.search(text))),
        float(Asked.LIST in asked and text.count("、") >= 2),
        float(Asked.TARGET in asked and bool(_TARGET.search(text))),
        float(clause.span.start == clause.passage.span.start),
        float(text[:1] in "（(" and Asked.RESPONSIBLE not in asked),
        float(len(text) < 16),
        float(len(text) > 130),
        float(len(text) < 30 and not re.search(r"[，；\d]", text) and clause.span.start == clause.passage.span.start),
    ]


def _share(words: Mapping[str, float], tokens: frozenset[str]) -> float:
    whole = sum(words.values())
    return sum(weight for word, weight in words.items() if word in tokens) / whole if whole else 0.0


def _passage_shares(hits: Sequence[Hit]) -> dict[str, float]:
    scores = np.array([hit.score for hit in hits])
    powers = np.exp(scores - scores.max()) if len(hits) else scores
    return {hit.passage.id: float(power / powers.sum()) for hit, power in zip(hits, powers, strict=True)}


def _similarities(query: Query, clauses: Sequence[Clause], retriever: Retriever) -> Sequence[float]:
    if not (retriever.config.dense and retriever.index.text_vectors.d and clauses):
        return [0.0] * len(clauses)
    vectors = retriever.encoder.encode([clause.text for clause in clauses])
    question = retriever.encoder.encode([query.search_text or query.text], query=True)
    return (vectors @ question[0]).tolist()


@lru_cache(maxsize=50_000)
def _cached_tokens(tokenizer: object, text: str) -> tuple[str, ...]:
    return tuple(tokenizer.tokens(text))  # type: ignore[attr-defined]


def _tokens(retriever: Retriever, text: str) -> tuple[str, ...]:
    return _cached_tokens(retriever.tokenizer, text)


def shorten(clause: Clause, words: Mapping[str, float], retriever: Retriever, limit: int) -> Span:
    """The run of a long clause's segments, cut at commas, that says most about the question within `limit` characters.

    The run ends where the clause ends or at a comma; it is extended towards the end of the clause as far as it fits,
    because sums and caps stand there.
    """
    segments = [Span(match.start(), match.end()) for match in _SEGMENT.finditer(clause.text)]
    if len(clause.span) <= limit or len(segments) < 2:
        return clause.span
    values = [_segment_value(span.of(clause.text), words, retriever) for span in segments]
    best, best_value = (0, 0), -1.0
    for i in range(len(segments)):
        for j in range(i, len(segments)):
            if segments[j].end - segments[i].start > limit and j > i:
                break
            value = sum(values[i : j + 1]) + (0.05 if i == 0 else 0.0)
            if value > best_value + 1e-9:
                best, best_value = (i, j), value
    first, last = best
    while last + 1 < len(segments) and segments[last + 1].end - segments[first].start <= limit:
        last += 1
    while first > 0 and segments[last].end - segments[first - 1].start <= limit:
        first -= 1
    return Span(segments[first].start, segments[last].end).shift(clause.span.start)


def _segment_value(text: str, words: Mapping[str, float], retriever: Retriever) -> float:
    tokens = frozenset(_tokens(retriever, text))
    figures = 0.6 if _MONEY.search(text) or _RATIO.search(text) else 0.0
    return sum(weight for word, weight in words.items() if word in tokens) + figures
