"""Scores by their definitions, and retrieval scores against trec_eval's."""

from __future__ import annotations

import math

import pytest
from eval_rows import OTHER, PASSAGE, QUOTE, answer, citation, passages, question, unanswerable
from hypothesis import given, settings
from hypothesis import strategies as st

from eval import metrics

SECOND = "对新引进的研发机构，按其研发投入给予最高500万元补助"


def test_a_right_answer_scores_full_marks() -> None:
    scores = metrics.score(question(), answer())
    applying = {name: value for name, value in scores.items() if value is not None and name != "answer_chars"}
    assert set(applying.values()) == {1.0}


@pytest.mark.parametrize("empty", [{}, {"id": "q1", "error": "ValueError: x"}])
def test_a_failed_or_missing_answer_counts_zero(empty: dict[str, object]) -> None:
    scores = metrics.score(question(), empty)
    applying = {name: value for name, value in scores.items() if value is not None}
    assert set(applying.values()) == {0.0}
    assert "number_support" in applying
    assert "accuracy" in applying
    assert metrics.score(unanswerable(), empty)["refusal_right"] == 0


def test_ranks() -> None:
    two = question(evidence=[{"quote": QUOTE}, {"quote": SECOND}])
    scores = metrics.score(two, answer(passages=passages("无关", PASSAGE, "无关", OTHER)))
    assert (scores["hit@1"], scores["hit@3"], scores["mrr@10"]) == (0, 1, 0.5)
    assert (scores["recall@5"], scores["recall@20"]) == (1, 1)
    gained = 1 / math.log2(3) + 1 / math.log2(5)
    assert scores["ndcg@10"] == pytest.approx(gained / (1 + 1 / math.log2(3)))


def test_a_copy_of_a_clause_earns_nothing_more() -> None:
    scores = metrics.score(question(), answer(passages=passages(PASSAGE, PASSAGE)))
    assert scores["ndcg@10"] == 1
    assert scores["recall@5"] is None


def test_citations_are_read_to_the_fourth_or_tenth() -> None:
    late = answer(citations=[citation(i, OTHER) for i in range(1, 5)] + [citation(5)])
    assert metrics.citation_recall(question(), late) == 0
    assert metrics.accuracy(question(), late) == 0
    assert metrics.citation_recall(question(type="list"), late) == 1
    assert metrics.citation_precision(question(type="list"), late) == 1 / 5
    assert metrics.citation_precision(question(), answer(citations=[])) == 0


def test_accuracy_needs_every_group_early_and_a_right_citation() -> None:
    assert metrics.accuracy(question(), answer(answer="按租金的50%。[1]")) == 0
    assert metrics.accuracy(question(), answer(answer="甲" * 130 + "50%，100万元。[1]")) == 0
    assert metrics.accuracy(question(), answer(citations=[citation(1, OTHER)])) == 0


def test_declining() -> None:
    no = answer(refused=True, refusal="premise")
    assert metrics.score(unanswerable(), no) | {"refusal_right": 1, "kind_right": 1, "correction": 1} == metrics.score(
        unanswerable(), no
    )
    assert metrics.kind_right(unanswerable(), answer(refused=True, refusal="not_stated")) == 0
    assert metrics.correction(unanswerable(), answer(refused=True, citations=[])) == 0
    assert metrics.correction(unanswerable(refusal="no_evidence"), no) is None
    assert metrics.accuracy(unanswerable(), no) is None
    assert metrics.refusal_right(question(), no) == 0


def test_refusal_table_and_balanced_accuracy() -> None:
    questions = [question(), question(), question(), unanswerable(), unanswerable()]
    answers = [answer(), answer(refused=True), {}, answer(refused=True), answer()]
    assert metrics.refusal_table(questions, answers) == {
        "answered": 1, "wrongly_declined": 1, "wrongly_answered": 1, "declined": 1, "failed": 1,
    }  # fmt: skip
    assert metrics.balanced_accuracy(questions, answers) == pytest.approx((1 / 3 + 1 / 2) / 2)
    assert metrics.balanced_accuracy([question()], [answer()]) is None


def test_verdict() -> None:
    assert metrics.verdict_right(question(), answer()) is None
    assert metrics.verdict_right(question(verdict="yes"), answer(verdict="no")) == 0


def test_percentiles_by_nearest_rank() -> None:
    assert metrics.percentile([4, 1, 3, 2], 0.5) == 2
    assert metrics.percentile([1, 2], 0.95) == 2
    assert metrics.percentile([], 0.5) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=20), st.integers(0, 5))
def test_retrieval_scores_equal_trec_eval(right: list[bool], unseen: int) -> None:
    """A ranking of distinct documents, some relevant ones never found."""
    pytrec_eval = pytest.importorskip("pytrec_eval")
    relevant = sum(right) + unseen
    qrels = {f"d{i}": 1 for i, ok in enumerate(right) if ok} | {f"u{i}": 1 for i in range(unseen)} | {"x": 0}
    wanted = {"success.1,5,10", "recip_rank", "ndcg_cut.10", "recall.5,20"}
    run = {f"d{i}": 1.0 / (i + 1) for i in range(len(right))}
    theirs = pytrec_eval.RelevanceEvaluator({"q": qrels}, wanted).evaluate({"q": run})["q"]
    assert [metrics.hit(right, k) for k in (1, 5, 10)] == [theirs[f"success_{k}"] for k in (1, 5, 10)]
    assert metrics.reciprocal_rank(right, 20) == pytest.approx(theirs["recip_rank"])
    assert metrics.ndcg(right, relevant, 10) == pytest.approx(theirs["ndcg_cut_10"])
    assert [metrics.recall(right, relevant, k) for k in (5, 20)] == pytest.approx([theirs["recall_5"], theirs["recall_20"]])
