"""Clauses of a passage: where they begin and end, and how a long one is shortened for a question.

A clause is a sentence, an item of a list or a bracketed remark on who is responsible; a figure is never cut from its
qualifier because cuts fall only on the punctuation of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.lexical import Tokenizer
from qa.marks import find_mark
from qa.retrieve import Retriever
from qa.types import Passage, Span

_REMARK = re.compile(
    r"[（(\[〔【]?(?:牵头|责任|配合|政策咨询|咨询|联系|落实|主管)[^（()）：:。]{0,6}(?:单位|部门|电话)?[:：]|[（(][^。]{2,160}?(?:按职责分工|按职责分别)?负责[）)]"
)
_OPENING, _CLOSING = "（(【[〔《“", "）)】]〕》”"
_STOPS, _BREAKS = "。！？\n", "；;"
_HEADING_CHARS = 16  # 3.申报材料
_MOST_RUNS = 2
_SMALL_GAP = 20
MONEY = re.compile(r"\d(?:\.\d+)?\s*(?:万|亿)?元|\d\s*[万亿]|[一二三四五六七八九十百千]+[万亿]元")
RATIO = re.compile(r"\d(?:\.\d+)?\s*%|百分之|[一二三四五六七八九]成|\d+[:：]\d+|全额|等额|减半")


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


@lru_cache(maxsize=50_000)
def _tokens(tokenizer: Tokenizer, text: str) -> tuple[str, ...]:
    return tuple(tokenizer.tokens(text))


def cached_tokens(retriever: Retriever, text: str) -> tuple[str, ...]:
    """The words of a text, cut once for all that ask."""
    return _tokens(retriever.tokenizer, text)


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
    tokens = frozenset(cached_tokens(retriever, text))
    whole = sum(words.values()) or 1.0
    matched = sum(weight for word, weight in words.items() if word in tokens) / whole
    return matched + (0.35 if figures and (MONEY.search(text) or RATIO.search(text)) else 0.0)


def sentence_around(clause: Clause) -> tuple[Clause, ...]:
    """The clauses of the same sentence: parallel cases put side by side with semicolons."""
    clauses = clauses_of(clause.passage)
    first = last = clauses.index(clause)
    while first > 0 and clauses[first - 1].text[-1] in _BREAKS and not is_remark(clauses[first - 1].text):
        first -= 1
    while last + 1 < len(clauses) and clauses[last].text[-1] in _BREAKS:
        last += 1
    return clauses[first : last + 1]
