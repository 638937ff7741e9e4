"""Answering without a language model: the clauses that answer, verbatim, then what the same article adds for the asker."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.answer.asked import adds_asked, asks_for_figures, asks_for_money, has
from qa.answer.clause_model import ClauseModel
from qa.answer.clauses import Clause, clauses_of, is_remark, sentence_around, shorten
from qa.answer.draft import Draft, Quote
from qa.answer.rows import row_text
from qa.corpus import Corpus
from qa.retrieve import Retriever
from qa.types import Asked, Hit, Passage, Query, Role, Span

ANSWER_CHARS = 100  # what is shown before the extras: a median of 79 on dev; 118 gains 0.4 points of accuracy, 84 loses 2
_SECOND_SHARE = 0.15  # a second clause must be this likely, relative to the first
_EQUAL_SHARE = 0.7
_SUM_DEPTH = 12
_FIGURE_WORDS = re.compile("多少|几|金额|比例|上限|怎么|条件|材料")
_WHOLE_CHARS = 118  # a clause up to here is shown whole: its first words say whom it is for
_LEAST_ROOM = 12
_MOST_PICKS = 3
_DEPTH = 5
_REMARK_CHARS = 110
_ITEM_CHARS, _LIST_CHARS = 70, 240
_MAY_HAVE_CHANGED = "（文件所载，可能已变更）"
_PERSONAL = re.compile(r"1[3-9]\d{9}")
_TELEPHONE = re.compile(r"\d{7,}")
_OTHER_OFFICE = re.compile("设在|办公室|成员|组成|制定|解释|受理|窗口")
_NAMES_OFFICE = re.compile(r"由[^，。]{2,30}(?:负责|牵头|组织)|设在|主管部门")


@dataclass(frozen=True, slots=True)
class Pick:
    """A clause chosen to answer, with its probability among all clauses looked at, and the spans that are shown."""

    clause: Clause
    share: float
    spans: tuple[Span, ...]

    @property
    def size(self) -> int:
        """Characters shown."""
        return sum(map(len, self.spans))


def pick_clauses(
    query: Query, hits: Sequence[Hit], retriever: Retriever, model: ClauseModel, limit: int = ANSWER_CHARS
) -> list[Pick]:
    """The clauses that answer, best first: one, and others of the same passage that are likely too or add what is asked for.

    Args:
        query: the question as understood.
        hits: passages, best first.
        retriever: for the weights of words.
        model: scores clauses.
        limit: characters shown at most.
    """
    clauses, logits = model.scores(query, hits[:_DEPTH], retriever)
    if not clauses:
        return []
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    order = np.argsort(-logits, kind="stable")
    best = _first_of_equals(clauses, shares, order)
    if asks_for_money(query) and not _FIGURE_WORDS.search(query.text) and not has(best.text, ("amount", "ratio")):
        best = _nearest_sum(clauses, shares, order, best)
    words, figures = _words(query, best.passage.document, retriever), asks_for_figures(query)
    if listed := _whole_list(query, best) or _whole_sentence(best, limit):
        return [Pick(clause, float(shares[order[0]]), (clause.span,)) for clause in listed]
    picks = _with_remark(
        query, best, float(shares[order[0]]), limit, lambda clause, room: shorten(clause, words, retriever, room, figures)
    )
    used = sum(pick.size for pick in picks)
    for i in order:
        clause, room = clauses[i], limit - used
        if (
            clause in [pick.clause for pick in picks]
            or clause.passage.id != best.passage.id
            or room < _LEAST_ROOM
            or len(picks) == _MOST_PICKS
        ):
            continue
        shown = "".join(pick.clause.text for pick in picks)
        likely = shares[i] >= _SECOND_SHARE * shares[order[0]]
        if (likely and not is_remark(clause.text)) or adds_asked(query, clause.text, shown):
            pick = Pick(clause, float(shares[i]), shorten(clause, words, retriever, room, figures))
            if pick.size <= room:
                picks.append(pick)
                used += pick.size
    return picks


def _first_of_equals(clauses: Sequence[Clause], shares: NDArray[np.float64], order: NDArray[np.int64]) -> Clause:
    """The likeliest clause, or an earlier one of its passage that is nearly as likely: it gets the room first."""
    best = clauses[order[0]]
    equals = [
        clauses[i] for i in order if shares[i] >= _EQUAL_SHARE * shares[order[0]] and clauses[i].passage.id == best.passage.id
    ]
    earliest: Clause = min(equals, key=lambda clause: clause.span.start)
    return earliest


def _nearest_sum(clauses: Sequence[Clause], shares: NDArray[np.float64], order: NDArray[np.int64], best: Clause) -> Clause:
    """The likeliest clause of the same document that names a sum: a bare 租房补贴 wants it, not how to apply."""
    sums = [
        i
        for i in order[:_SUM_DEPTH]
        if clauses[i].passage.document == best.passage.document and has(clauses[i].text, ("amount", "ratio"))
    ]
    return _first_of_equals(clauses, shares, np.array(sums)) if sums else best


def _with_remark(
    query: Query, best: Clause, share: float, limit: int, cut: Callable[[Clause, int], tuple[Span, ...]]
) -> list[Pick]:
    """The best clause; when an office is asked for, the remark on who is responsible that follows it comes first."""
    if (
        Asked.RESPONSIBLE in query.asked
        and not _OTHER_OFFICE.search(query.text)
        and not is_remark(best.text)
        and not _NAMES_OFFICE.search(best.text)
    ):
        remark = next((c for c in clauses_of(best.passage) if is_remark(c.text) and c.span.start > best.span.start), None)
        if remark and len(remark.span) <= limit - _LEAST_ROOM * 2:
            return [Pick(remark, share, (remark.span,)), Pick(best, share, cut(best, limit - len(remark.span)))]
    return [Pick(best, share, cut(best, _WHOLE_CHARS if limit >= ANSWER_CHARS and len(best.text) <= _WHOLE_CHARS else limit))]


def _whole_sentence(best: Clause, limit: int) -> list[Clause]:
    """The parallel cases of a sentence (15%；…20%), when they are short enough to be shown side by side."""
    clauses = list(sentence_around(best))
    return clauses if len(clauses) > 1 and sum(len(clause.text) for clause in clauses) <= limit else []


def _whole_list(query: Query, best: Clause) -> list[Clause]:
    """The items around an item, when the question asks for a list or for what to hand in; none when they are too long."""
    if not {Asked.LIST, Asked.PROCEDURE, Asked.CONDITION} & set(query.asked):
        return []
    clauses = clauses_of(best.passage)
    at = clauses.index(best)
    if not _is_item(best.text):
        return []
    first = at
    while first > 0 and _is_item(clauses[first - 1].text) and clauses[first - 1].text[-1] in "；;":
        first -= 1
    last = at
    while last + 1 < len(clauses) and clauses[last].text[-1] in "；;" and len(clauses[last + 1].text) <= _ITEM_CHARS:
        last += 1
    listed = list(clauses[first : last + 1])
    return listed if len(listed) > 1 and sum(len(clause.text) for clause in listed) <= _LIST_CHARS else []


def _is_item(text: str) -> bool:
    return len(text) <= _ITEM_CHARS and not is_remark(text) and (text[-1] in "；;" or text[0] in "（(-" or text[:1].isdigit())


def _words(query: Query, document: str, retriever: Retriever) -> Mapping[str, float]:
    """The question's words by what they tell apart within a document: the names of its own places do not."""
    own = retriever.place_tokens(document)
    return {t: w * retriever.index.text_lexical.idf(t) for t, w in retriever.terms(query).items() if t not in own}


def answer_draft(picks: Sequence[Pick], corpus: Corpus, query: Query, role: Role = Role.ANSWER, label: str = "") -> Draft:
    """One sentence from the picked clauses of one passage, in the order of the text."""
    ordered = sorted(picks, key=lambda pick: (not is_remark(pick.clause.text), pick.spans[0].start))
    passage = ordered[0].clause.passage
    if passage.table:
        text, spans = row_text(passage, corpus, query)
        return Draft(text, (Quote(passage, spans),), role, label)
    shown = [span for pick in ordered for span in pick.spans]
    text = join_pieces(shown, passage, corpus)
    if _TELEPHONE.search(text):
        text = f"{text.rstrip('。')}{_MAY_HAVE_CHANGED}。"
    return Draft(text, (Quote(passage, tuple(shown)),), role, label)


def join_pieces(spans: Sequence[Span], passage: Passage, corpus: Corpus) -> str:
    """Verbatim pieces put together; left-out text is marked …… and the end is a full stop."""
    source = corpus.documents[passage.document].text
    pieces: list[str] = []
    for i, span in enumerate(spans):
        piece = span.of(source).replace("\n", "").strip()
        gap = i > 0 and not 0 <= span.start - spans[i - 1].end <= 1
        piece = piece.strip("（()）〔〕[]") + "。" if is_remark(piece) and len(spans) > 1 else piece
        pieces.append(("……" if gap and not is_remark(pieces[-1] if pieces else "") and i else "") + strip_mark(piece))
    text = "".join(pieces)
    return text.rstrip("，、；：,;") + ("" if text[-1:] in "。！？）)" else "。")


def strip_mark(text: str) -> str:
    """A list mark at the start says nothing in an answer: 1. or （二）."""
    return re.sub(
        r"^(?:[-－]?\s?\d{1,2}[.．、]\s?|[（(][一二三四五六七八九十\d]+[）)]|——|●|第[一二三四五六七八九十百]+条)", "", text
    )


def extras(query: Query, picks: Sequence[Pick]) -> list[Draft]:
    """What the same passage says on who is responsible and whom to ask, when the answer has not said it.

    The remark that follows the answering clause is meant for it; without one, the last remark of the passage.
    """
    if {Asked.RESPONSIBLE, Asked.TELEPHONE} & set(query.asked):
        return []
    passage = picks[0].clause.passage
    shown = {pick.clause.span for pick in picks}
    remarks = [clause for clause in clauses_of(passage) if is_remark(clause.text) and clause.span not in shown]
    after = [clause for clause in remarks if clause.span.start >= picks[0].clause.span.start]
    drafts: list[Draft] = []
    for clause in after[:1] or remarks[-1:]:
        text = clause.text.strip("（()）[]〔〕【】\n 。；")
        if len(text) <= _REMARK_CHARS and not _PERSONAL.search(text):
            note = _MAY_HAVE_CHANGED if _TELEPHONE.search(text) else ""
            drafts.append(Draft(f"{text}{note}。", (Quote(passage, (clause.span,)),), Role.CONTACT))
    return drafts
