"""Answering without a language model: the clauses that answer, verbatim, then what the same article adds for the asker."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qa.answer.clauses import Clause, clause_features, clauses_of, shorten
from qa.answer.draft import Draft, Quote
from qa.answer.rows import row_text
from qa.corpus import Corpus
from qa.retrieve import Retriever
from qa.types import Asked, Hit, NodeKind, Passage, Query, Role, Span

ANSWER_CHARS = 118  # what is shown before the extras; careful human answers have a median of 39
_SECOND_SHARE = 0.30  # a second clause must be this likely, relative to the first
_DEPTH = 5
_PERSONAL = re.compile(r"1[3-9]\d{9}")


@dataclass(frozen=True, slots=True)
class Pick:
    """A clause chosen to answer, with its probability among all clauses looked at, and the span that is shown."""

    clause: Clause
    share: float
    span: Span


def pick_clauses(query: Query, hits: Sequence[Hit], retriever: Retriever, weights: np.ndarray, limit: int = ANSWER_CHARS) -> list[Pick]:
    """The clauses that answer, best first: one, or two of the same passage when the second is nearly as likely and fits.

    Args:
        query: the question as understood.
        hits: passages, best first.
        retriever: for the weights of words.
        weights: of `CLAUSE_FEATURES`.
        limit: characters shown at most.
    """
    clauses, features = clause_features(query, hits[:_DEPTH], retriever)
    if not clauses:
        return []
    logits = features @ weights
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    words = _words(query, retriever)
    order = np.argsort(-logits, kind="stable")
    best = clauses[order[0]]
    picks = [Pick(best, float(shares[order[0]]), shorten(best, words, retriever, limit))]
    used = len(picks[0].span)
    for i in order[1:]:
        clause = clauses[i]
        if clause.passage.id != best.passage.id or shares[i] < _SECOND_SHARE * shares[order[0]]:
            continue
        span = shorten(clause, words, retriever, max(limit - used, 30))
        if used + len(span) <= limit:
            picks.append(Pick(clause, float(shares[i]), span))
            used += len(span)
    return picks


def _words(query: Query, retriever: Retriever) -> Mapping[str, float]:
    return {t: w * retriever.index.text_lexical.idf(t) for t, w in retriever.terms(query).items()}


def answer_draft(picks: Sequence[Pick], corpus: Corpus, query: Query, role: Role = Role.ANSWER, label: str = "") -> Draft:
    """One sentence from the picked clauses of one passage, in the order of the text."""
    ordered = sorted(picks, key=lambda pick: pick.span.start)
    passage = ordered[0].clause.passage
    if passage.table:
        text, spans = row_text(passage, corpus, query)
        return Draft(text, (Quote(passage, spans),), role, label)
    text = join_pieces([pick.span for pick in ordered], passage, corpus)
    return Draft(text, (Quote(passage, tuple(pick.span for pick in ordered)),), role, label)


def join_pieces(spans: Sequence[Span], passage: Passage, corpus: Corpus) -> str:
    """Verbatim pieces put together; left-out text is marked …… and the end is a full stop."""
    source = corpus.documents[passage.document].text
    pieces: list[str] = []
    for i, span in enumerate(spans):
        piece = span.of(source).replace("\n", "").strip()
        gap = i > 0 and span.start - spans[i - 1].end > 1
        pieces.append(("……" if gap else "") + piece)
    text = strip_mark("".join(pieces))
    return text.rstrip("，、；：,;") + ("" if text[-1:] in "。！？）)" else "。")


def strip_mark(text: str) -> str:
    """A list mark at the start says nothing in an answer: 1. or （二）."""
    return re.sub(r"^(?:[-－]?\s?\d{1,2}[.．、]\s?|[（(][一二三四五六七八九十\d]+[）)]|——|●|第[一二三四五六七八九十百]+条)", "", text)


_RESPONSIBLE = re.compile(r"[（(][^（()]{0,4}(?:责任|牵头|配合)[^（()]{0,4}(?:单位|部门)[^。]*?[）)]")
_CONSULT = re.compile(r"[（(]?[^（()。；\n]{0,12}(?:咨询|联系|落实)(?:部门|电话)?[:：][^（()\n]*?\d{7,}[^（()\n]*?(?:[）)]|$|\n)")
_CONDITION = re.compile(r"应当|条件|须|需在|不低于|申请.{0,12}应")


def extras(query: Query, picks: Sequence[Pick], passages: Sequence[Passage], corpus: Corpus) -> list[Draft]:
    """What the same article says on who is responsible and whom to ask, when the answer has not said it.

    Args:
        query: the question as understood.
        picks: what the answer shows.
        passages: all passages of the corpus; those of the same article are looked at.
        corpus: the documents.
    """
    passage = picks[0].clause.passage
    shown = [pick.span for pick in picks]
    drafts: list[Draft] = []
    for pattern, lead in ((_RESPONSIBLE, ""), (_CONSULT, "")):
        found = _find_in_article(pattern, passage, passages, corpus)
        if found and not any(span.contains(found[1]) or found[1].contains(span) for span in shown):
            owner, span = found
            text = span.of(corpus.documents[owner.document].text).strip("（()）\n 。；")
            if len(text) <= 90 and not _PERSONAL.search(text):
                suffix = "（文件所载，可能已变更）" if re.search(r"\d{7,}", text) else ""
                drafts.append(Draft(f"{lead}{text}{suffix}。", (Quote(owner, (span,)),), Role.CONTACT))
    if Asked.RESPONSIBLE in query.asked or Asked.TELEPHONE in query.asked:
        return []
    return drafts[:2]


def _find_in_article(pattern: re.Pattern[str], passage: Passage, passages: Sequence[Passage], corpus: Corpus) -> tuple[Passage, Span] | None:
    match = _last(pattern, passage.text)
    if match:
        return passage, Span(match.start(), match.end()).shift(passage.span.start)
    return None


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    last = None
    for last in pattern.finditer(text):
        pass
    return last


def conditions(clauses: Sequence[Clause], asked: Sequence[Asked]) -> list[Clause]:
    """Clauses of the passage that state conditions; offered when the question did not ask for them."""
    if Asked.CONDITION in asked:
        return []
    return [clause for clause in clauses if _CONDITION.search(clause.text)]


def neighbours(passage: Passage, passages: Sequence[Passage]) -> list[Passage]:
    """Passages of the same article, in reading order."""
    stem = passage.id.split("#")[0]
    return [other for other in passages if other.id.split("#")[0] == stem]


__all__ = ["ANSWER_CHARS", "NodeKind", "Pick", "answer_draft", "clauses_of", "conditions", "extras", "join_pieces", "neighbours", "pick_clauses"]
