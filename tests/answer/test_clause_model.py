"""Which clause answers: features, and what the reader of clauses adds to them."""

from __future__ import annotations

import numpy as np

from qa.answer.clause_model import CLAUSE_FEATURES, ClauseModel, clause_features
from qa.answer.clauses import clauses_of
from qa.answerability import load_answerability
from qa.config import Config
from qa.pipeline import Assistant
from qa.types import Turn


def test_features_have_one_row_a_clause(assistant: Assistant) -> None:
    query, hits = assistant.search("在黄埔办AI公司，租房能补多少？", k=5)
    clauses, values = clause_features(query, hits, assistant.ranking.retriever)
    assert values.shape == (len(clauses), len(CLAUSE_FEATURES))
    assert np.isfinite(values).all()
    assert len(clauses) == sum(len(clauses_of(hit.passage)) for hit in hits)
    none, empty = clause_features(query, (), assistant.ranking.retriever)
    assert none == []
    assert empty.shape == (0, len(CLAUSE_FEATURES))


def test_the_reader_is_one_feature_and_absent_without_one(assistant: Assistant) -> None:
    query, hits = assistant.search("在黄埔办AI公司，租房能补多少？", k=5)
    reader = load_answerability(Config().answerability).clause
    retriever = assistant.ranking.retriever
    _, plain = clause_features(query, hits, retriever)
    _, read = clause_features(query, hits, retriever, reader)
    last = CLAUSE_FEATURES.index("read")
    np.testing.assert_array_equal(np.delete(plain, last, axis=1), np.delete(read, last, axis=1))
    assert not plain[:, last].any()
    weights = np.zeros(len(CLAUSE_FEATURES))
    weights[last] = 1.0
    clauses, scores = ClauseModel(weights, reader).scores(query, hits, retriever)
    assert "50%" in clauses[int(scores.argmax())].text


def test_a_follow_up_is_read_by_what_it_adds(assistant: Assistant) -> None:
    query = assistant.parse("那归哪个部门管？", [Turn("在黄埔办AI公司，租房能补多少？")])
    hits = assistant.ranking.rank(query, most=5)
    retriever = assistant.ranking.retriever
    clauses, values = clause_features(query, hits, retriever, load_answerability(Config().answerability).clause)
    rent = [i for i, clause in enumerate(clauses) if "50%" in clause.text and "租金" in clause.text]
    assert rent
    assert values[:, CLAUSE_FEATURES.index("read")].argmax() not in rent
