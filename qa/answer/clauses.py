"""Clauses of a passage: where they begin and end, which of them answers a question, and how a long one is shortened.

A clause is a sentence, an item of a list or a bracketed remark on who is responsible; a figure is never cut from its
qualifier because cuts fall only on the punctuation of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qa.answer.asked import YEAR
from qa.marks import find_mark
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
    "year",
    "year_missed",
    "fresh",
    "under",
)
_REMARK = re.compile(
    r"[（(\[〔【]?(?:牵头|责任|配合|政策咨询|咨询|联系|落实|主管)[^（()）：:。]{0,6}(?:单位|部门|电话)?[:：]|[（(][^。]{2,160}?(?:按职责分工|按职责分别)?负责[）)]"
)
_OPENING, _CLOSING = "（(【[〔《“", "）)】]〕》”"
_STOPS, _BREAKS = "。！？\n", "；;"
_HEADING_CHARS = 16  # 3.申报材料
_MOST_RUNS = 2
_SMALL_GAP = 20
_MONEY = re.compile(r"\d(?:\.\d+)?\s*(?:万|亿)?元|\d\s*[万亿]|[一二三四五六七八九十百千]+[万亿]元")
_RATIO = re.compile(r"\d(?:\.\d+)?\s*%|百分之|[一二三四五六七八九]成|\d+[:：]\d+|全额|等额|减半")
_DATE = re.compile(r"\d{4}年|有效期|\d+个?月|\d+个?(?:工作)?日|届满|截至|月底|施行|\d+年")
_DEPARTMENT = re.compile(
    r"(?:责任|牵头|主管|咨询|落实|配合)(?:责任)?(?:单位|部门)|负责|主管部门|管委会|[市省区县新][一-鿿]{1,8}?(?:局|委|厅)|[一-鿿][局委厅办处](?:[，。、；：）)]|$)"
)
_TELEPHONE = re.compile(r"\d{7,}")
_CONDITION = re.compile(r"条件|应当|须|不低于|以上|符合|经认定|注册|具有|超过|满|且")
_TARGET = re.compile(r"\d+(?:\.\d+)?(?:%|个|家|名|项|亿|万|款|户|人|件|种|座|所|只)|达到|力争|建成|培育")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a passage; `span` counts from the start of the document's text, `under` is the short heading above it."""

    passage: Passage
    span: Span
    under: str = ""

    @property
    def text(self) -> str:
        """The clause's words."""
        start = self.passage.span.start
        return self.passage.text[self.span.start - start : self.span.end - start]


@lru_cache(maxsize=4096)
def clauses_of(passage: Passage) -> tuple[Clause, ...]:
    """The clauses of a passage in reading order; a table row is one clause."""
    if passage.table:
        return (Clause(passage, passage.span),)
    clauses: list[Clause] = []
    under = ""
    for span in _spans(passage.text):
        text = span.of(passage.text)
        if (
            len(text) <= _HEADING_CHARS
            and (text[-1] != "。" or find_mark(text))
            and not re.search(r"[，；\d%]\S*$|[；：]", text[2:])
        ):
            under = text
        clauses.append(Clause(passage, span.shift(passage.span.start), under if under != text else ""))
    return tuple(clauses)


def _spans(text: str) -> Iterator[Span]:
    """Cuts after sentence ends and semicolons outside brackets, and before a bracketed remark on who is responsible."""
    begin = depth = 0
    for i, char in enumerate(text):
        if char in _OPENING:
            if depth == 0 and i > begin and _REMARK.match(text, i):
                yield from _trimmed(text, begin, i)
                begin = i
            depth += 1
        elif char in _CLOSING:
            depth = max(depth - 1, 0)
            if depth == 0 and _REMARK.match(text, begin):
                yield from _trimmed(text, begin, i + 1)
                begin = i + 1
        elif char == "\n" or (depth == 0 and char in _STOPS + _BREAKS):
            depth = 0 if char == "\n" else depth
            yield from _trimmed(text, begin, i + 1)
            begin = i + 1
    yield from _trimmed(text, begin, len(text))


def _trimmed(text: str, begin: int, end: int) -> Iterator[Span]:
    piece = text[begin:end]
    stripped = piece.strip("\n ")
    if len(stripped) > 1:
        offset = begin + piece.index(stripped[0])
        yield Span(offset, offset + len(stripped))


def is_remark(text: str) -> bool:
    """Whether a clause is a remark on who is responsible or whom to ask."""
    return _REMARK.match(text) is not None


def segments_of(text: str) -> list[Span]:
    """A clause cut at commas outside brackets; each segment keeps its comma."""
    spans: list[Span] = []
    begin = depth = 0
    for i, char in enumerate(text):
        depth += (char in _OPENING) - (char in _CLOSING)
        if depth <= 0 and char in "，；：,;":
            spans.append(Span(begin, i + 1))
            begin = i + 1
    if begin < len(text):
        spans.append(Span(begin, len(text)))
    return spans


def clause_features(query: Query, hits: Sequence[Hit], retriever: Retriever) -> tuple[list[Clause], NDArray[np.float64]]:
    """Every clause of the hits with its features: shape (n_clauses, len(CLAUSE_FEATURES))."""
    clauses = [clause for hit in hits for clause in clauses_of(hit.passage)]
    shares = _passage_shares(hits)
    terms = retriever.terms(query)
    words = {t: w * max(retriever.index.text_lexical.idf(t), 0.5) for t, w in terms.items()}
    fresh = {token: 1.0 for token in _tokens(retriever, query.fresh)} if query.carried else {}
    vectors = _similarities(query, clauses, retriever)
    rows = []
    for clause, similarity in zip(clauses, vectors, strict=True):
        own = retriever.place_tokens(clause.passage.document)
        telling = {term: weight for term, weight in words.items() if term not in own}
        read = _read_text(clause, retriever)
        tokens = frozenset(_tokens(retriever, read))
        year = _year_of(clause) or next((found for found in YEAR.findall(read) if found in query.text), "")
        under = _share(telling, frozenset(_tokens(retriever, clause.under))) if clause.under else 0.0
        rows.append([*_row(query, clause, year, tokens, telling, fresh, similarity, shares[clause.passage.id]), under])
    return clauses, np.array(rows, dtype=np.float64).reshape(len(clauses), len(CLAUSE_FEATURES))


def _row(
    query: Query,
    clause: Clause,
    year: str,
    tokens: frozenset[str],
    words: Mapping[str, float],
    fresh: Mapping[str, float],
    similarity: float,
    share: float,
) -> list[float]:
    asked, text = set(query.asked), clause.text
    years = set(YEAR.findall(query.text))
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
        float(is_remark(text) and Asked.RESPONSIBLE not in asked and Asked.TELEPHONE not in asked),
        float(len(text) < 16),
        float(len(text) > 130),
        float(len(text) < 30 and not re.search(r"[，；\d]", text) and clause.span.start == clause.passage.span.start),
        float(bool(years) and year in years),
        float(bool(years) and bool(year) and year not in years),
        _share(fresh, tokens),
    ]


def _read_text(clause: Clause, retriever: Retriever) -> str:
    """A table row says little without its headers; other clauses are read as they stand."""
    if not clause.passage.table:
        return clause.text
    source = retriever.corpus.documents[clause.passage.document].text
    return " ".join((clause.text, *(span.of(source) for span in clause.passage.context)))


def _year_of(clause: Clause) -> str:
    """The year that a clause speaks of: its own last one, else the last one before it in its passage."""
    own = YEAR.findall(clause.text)
    before = YEAR.findall(clause.passage.text[: clause.span.start - clause.passage.span.start])
    return own[-1] if own else (before[-1] if before else "")


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
    vectors = retriever.clause_vectors([clause.text for clause in clauses])
    return [float(value) for value in vectors @ retriever.vector(query.search_text or query.text)[0]]


@lru_cache(maxsize=50_000)
def _cached_tokens(tokenizer: object, text: str) -> tuple[str, ...]:
    return tuple(tokenizer.tokens(text))  # type: ignore[attr-defined]


def _tokens(retriever: Retriever, text: str) -> tuple[str, ...]:
    return _cached_tokens(retriever.tokenizer, text)


def shorten(clause: Clause, words: Mapping[str, float], retriever: Retriever, limit: int, figures: bool) -> tuple[Span, ...]:
    """The segments of a long clause that say most about the question, in one or two runs, within `limit` characters.

    Cuts fall at commas outside brackets, so a figure keeps what limits it. The best segment comes first, then others by what
    they add, as long as they fit; a segment that opens a condition (对…的，) takes what follows it along.

    Args:
        clause: what is shortened.
        words: the question's words and their weights.
        retriever: for the tokenizer.
        limit: characters.
        figures: whether the question asks for figures.
    """
    text = clause.text
    segments = segments_of(text)
    if len(text) <= limit or len(segments) < 2:
        return (clause.span,)
    values = [_segment_value(span.of(text), words, retriever, figures) for span in segments]
    chosen = _best_segments(segments, values, text, limit) if figures else _best_window(segments, values, limit)
    return tuple(Span(segments[first].start, segments[last].end).shift(clause.span.start) for first, last in _runs(chosen))


def _best_segments(segments: Sequence[Span], values: Sequence[float], text: str, limit: int) -> list[int]:
    """Segments by what each says about the question, as many as fit, in at most two runs."""
    chosen: set[int] = set()
    for i in sorted(range(len(segments)), key=lambda i: -values[i]):
        wanted = _gaps_closed(chosen | set(_with_following(i, segments, text)), segments)
        fits = sum(len(segments[k]) for k in wanted) <= limit and len(_runs(sorted(wanted))) <= _MOST_RUNS
        if values[i] > 0 and fits:
            chosen = wanted
    return sorted(chosen) or [max(range(len(segments)), key=lambda i: values[i])]


def _gaps_closed(numbers: set[int], segments: Sequence[Span]) -> set[int]:
    """Short segments between two chosen ones are shown too: leaving them out saves nothing and reads badly."""
    ordered = sorted(numbers)
    for before, after in pairwise(ordered):
        between = range(before + 1, after)
        if sum(len(segments[k]) for k in between) <= _SMALL_GAP:
            numbers = numbers | set(between)
    return numbers


def _best_window(segments: Sequence[Span], values: Sequence[float], limit: int) -> list[int]:
    """The run of segments that says most, then carried on to the end of the clause and to its start as far as it fits."""
    best, best_value = (0, 0), -1.0
    for i in range(len(segments)):
        for j in range(i, len(segments)):
            size = segments[j].end - segments[i].start
            if size > limit and j > i:
                break
            value = sum(values[i : j + 1]) - 0.001 * size
            if value > best_value:
                best, best_value = (i, j), value
    first, last = best
    while last + 1 < len(segments) and segments[last + 1].end - segments[first].start <= limit:
        last += 1
    while first > 0 and segments[last].end - segments[first - 1].start <= limit:
        first -= 1
    return list(range(first, last + 1))


def _with_following(at: int, segments: Sequence[Span], text: str) -> list[int]:
    """A segment and those that it cannot stand without."""
    group = [at]
    while group[-1] + 1 < len(segments) and _open_ended(segments[group[-1]].of(text)):
        group.append(group[-1] + 1)
    return group


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Consecutive numbers as (first, last)."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _open_ended(segment: str) -> bool:
    return segment[-1] in "：:" or segment[-2:] in ("的，", "者，") or segment.startswith(("对", "按照", "按"))


def _segment_value(text: str, words: Mapping[str, float], retriever: Retriever, figures: bool) -> float:
    tokens = frozenset(_tokens(retriever, text))
    whole = sum(words.values()) or 1.0
    matched = sum(weight for word, weight in words.items() if word in tokens) / whole
    return matched + (0.35 if figures and (_MONEY.search(text) or _RATIO.search(text)) else 0.0)


def sentence_around(clause: Clause) -> tuple[Clause, ...]:
    """The clauses of the same sentence: parallel cases put side by side with semicolons."""
    clauses = clauses_of(clause.passage)
    first = last = clauses.index(clause)
    while first > 0 and clauses[first - 1].text[-1] in _BREAKS and not is_remark(clauses[first - 1].text):
        first -= 1
    while last + 1 < len(clauses) and clauses[last].text[-1] in _BREAKS:
        last += 1
    return clauses[first : last + 1]
