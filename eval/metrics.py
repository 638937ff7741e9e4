"""Every score, each a small function of plain rows: a question row, and an answer row as `qa.export.answer_json` prints it.

A score that does not apply to a question is None and enters no mean; a failed or missing answer counts 0 wherever the
score applies. The one denominator of a mean is the number of questions that the score applies to.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eval.facts import holds_quote, plain, read_part, states
from eval.support import unsupported, unsupported_by_any

Row = Mapping[str, Any]
Scores = dict[str, float | None]

CUTOFFS = (1, 3, 5, 10, 20)
READ_CITATIONS = 4
READ_CITATIONS_LONG = 10
LONG_CITED = frozenset(("list", "comparison"))


def answerable(question: Row) -> bool:
    """Whether the corpus answers the question."""
    return bool(question["type"] != "unanswerable")


def quotes(question: Row) -> list[str]:
    """The evidence quotes of a question."""
    return [item["quote"] for item in question["evidence"]]


# Retrieval. `found`: for each rank the numbers of the quotes that its passage holds.


def found_quotes(question: Row, answer: Row) -> list[set[int]]:
    """For each passage of the ranking, best first: which evidence quotes (by number) it holds."""
    wanted = quotes(question)
    return [
        {i for i, quote in enumerate(wanted) if holds_quote(passage["text"], quote)} for passage in answer.get("passages") or []
    ]


def hit(right: Sequence[bool], k: int) -> float:
    """1 when one of the first k is right (success@k in trec_eval)."""
    return float(any(right[:k]))


def reciprocal_rank(right: Sequence[bool], k: int) -> float:
    """1 / rank of the first right one within k, else 0 (Voorhees 1999)."""
    return next((1 / rank for rank, ok in enumerate(right[:k], start=1) if ok), 0.0)


def ndcg(right: Sequence[bool], relevant: int, k: int) -> float:
    """Binary nDCG@k (Järvelin & Kekäläinen 2002): gain 1 / log2(rank + 1), over the ideal order of `relevant` items."""
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, k) + 1))
    gained = sum(1 / math.log2(rank + 1) for rank, ok in enumerate(right[:k], start=1) if ok)
    return gained / ideal if ideal else 0.0


def recall(right: Sequence[bool], relevant: int, k: int) -> float:
    """Share of the relevant items within the first k."""
    return sum(right[:k]) / relevant if relevant else 0.0


def quote_recall(found: Sequence[set[int]], wanted: int, k: int) -> float:
    """Share of a question's quotes that the first k passages hold."""
    return len(set().union(*found[:k])) / wanted if wanted else 0.0


def fresh(found: Sequence[set[int]]) -> list[bool]:
    """Which passages hold a quote that none before them held: a second copy of a clause earns nothing."""
    seen: set[int] = set()
    flags = []
    for held in found:
        flags.append(bool(held - seen))
        seen |= held
    return flags


def retrieval_scores(question: Row, answer: Row) -> Scores:
    """hit@k, MRR@10, nDCG@10, and recall@k for questions with several quotes; None where there is nothing to find."""
    names = [*(f"hit@{k}" for k in CUTOFFS), "mrr@10", "ndcg@10", "recall@5", "recall@20"]
    if not answerable(question):
        return dict.fromkeys(names)
    found, wanted = found_quotes(question, answer), len(quotes(question))
    right, first = [bool(held) for held in found], fresh(found)
    missing = wanted - len(set().union(*found))
    scores: Scores = {f"hit@{k}": hit(right, k) for k in CUTOFFS}
    scores |= {"mrr@10": reciprocal_rank(right, 10), "ndcg@10": ndcg(first, sum(first) + missing, 10)}
    several = wanted > 1
    return scores | {f"recall@{k}": quote_recall(found, wanted, k) if several else None for k in (5, 20)}


# Citations and the answer.


def read_citations(question: Row, answer: Row) -> list[Row]:
    """The citations that are read: the first four, ten for list and comparison."""
    limit = READ_CITATIONS_LONG if question["type"] in LONG_CITED else READ_CITATIONS
    return list(answer.get("citations") or [])[:limit]


def citation_recall(question: Row, answer: Row) -> float | None:
    """Share of the evidence quotes that some cited passage holds."""
    if not answerable(question):
        return None
    cited, wanted = read_citations(question, answer), quotes(question)
    return sum(any(holds_quote(item["text"], quote) for item in cited) for quote in wanted) / len(wanted)


def citation_precision(question: Row, answer: Row) -> float | None:
    """Share of the cited passages that hold an evidence quote; 0 without a citation."""
    if not answerable(question):
        return None
    cited, wanted = read_citations(question, answer), quotes(question)
    return sum(any(holds_quote(item["text"], quote) for quote in wanted) for item in cited) / len(cited) if cited else 0.0


def missing_groups(question: Row, text: str) -> list[list[str]]:
    """The must_have groups of which no alternative stands in a text."""
    return [group for group in question["must_have"] if not any(states(text, fact) for fact in group)]


def accuracy(question: Row, answer: Row) -> float | None:
    """1 when every must_have group stands in the part that is read and the citation recall is above 0."""
    if not answerable(question):
        return None
    stated = not missing_groups(question, read_part(answer.get("answer") or "", question["type"]))
    return float(stated and (citation_recall(question, answer) or 0) > 0)


def number_support(question: Row, answer: Row) -> float | None:
    """Share of the answer's amounts, ratios and dates that are proved; None when it has none. Required: 1.0."""
    if failed(answer):
        return 0.0
    missing, count = unsupported(question, answer)
    return 1 - len(missing) / count if count else None


def number_support_any(question: Row, answer: Row) -> float | None:
    """As `number_support`, by a reader who knows no markers and no `notes`: the figure stands in some citation."""
    if failed(answer):
        return 0.0
    missing, count = unsupported_by_any(question, answer)
    return 1 - len(missing) / count if count else None


def answer_chars(question: Row, answer: Row) -> float | None:
    """Length of an answer without bold and markers, in characters; answerable questions only."""
    return float(len(plain(answer.get("answer") or ""))) if answerable(question) and not failed(answer) else None


# Declining.


def failed(answer: Row) -> bool:
    """Whether there is no answer: the row is missing or carries an error."""
    return not answer or bool(answer.get("error"))


def declined(answer: Row) -> bool:
    """Whether the answer declines. A failed row neither answers nor declines."""
    return bool(answer.get("refused")) and not failed(answer)


def refusal_right(question: Row, answer: Row) -> float:
    """1 when an answerable question is answered, or an unanswerable one declined."""
    return float(not failed(answer) and declined(answer) != answerable(question))


def kind_right(question: Row, answer: Row) -> float | None:
    """1 when the answer declines for the reason the question row names (`refusal`)."""
    if answerable(question) or not question.get("refusal"):
        return None
    return float(declined(answer) and answer.get("refusal") == question["refusal"])


def correction(question: Row, answer: Row) -> float | None:
    """For premise and not_stated rows: 1 when the declining answer cites a passage that sets it right."""
    wanted = [item["quote"] for item in question.get("correction") or []]
    if answerable(question) or not wanted or question.get("refusal") not in ("premise", "not_stated"):
        return None
    cited = read_citations(question, answer)
    return float(declined(answer) and any(holds_quote(item["text"], quote) for item in cited for quote in wanted))


def verdict_right(question: Row, answer: Row) -> float | None:
    """1 when the verdict of "do we qualify" is the reference's; None for rows without one."""
    return float(answer.get("verdict") == question["verdict"]) if question.get("verdict") else None


def score(question: Row, answer: Row) -> Scores:
    """All scores of one question."""
    return retrieval_scores(question, answer) | {
        "accuracy": accuracy(question, answer),
        "citation_recall": citation_recall(question, answer),
        "citation_precision": citation_precision(question, answer),
        "number_support": number_support(question, answer),
        "number_support_any": number_support_any(question, answer),
        "refusal_right": refusal_right(question, answer),
        "kind_right": kind_right(question, answer),
        "correction": correction(question, answer),
        "verdict_right": verdict_right(question, answer),
        "answer_chars": answer_chars(question, answer),
    }


# Means over a set.


def mean(values: Iterable[float | None]) -> float | None:
    """Mean of the values that apply, or None when none does."""
    kept = [value for value in values if value is not None]
    return sum(kept) / len(kept) if kept else None


def refusal_table(questions: Sequence[Row], answers: Sequence[Row]) -> dict[str, int]:
    """Counts of answerable x declined; a failed answer is counted apart."""
    table = dict.fromkeys(("answered", "wrongly_declined", "wrongly_answered", "declined", "failed"), 0)
    for question, answer in zip(questions, answers, strict=True):
        if failed(answer):
            table["failed"] += 1
        elif answerable(question):
            table["wrongly_declined" if declined(answer) else "answered"] += 1
        else:
            table["declined" if declined(answer) else "wrongly_answered"] += 1
    return table


def balanced_accuracy(questions: Sequence[Row], answers: Sequence[Row]) -> float | None:
    """Mean of the share of answerable questions answered and of unanswerable ones declined; None without both kinds."""
    shares = [
        mean(refusal_right(q, a) for q, a in zip(questions, answers, strict=True) if answerable(q) is kind)
        for kind in (True, False)
    ]
    return None if None in shares else mean(shares)


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)] if ordered else None
