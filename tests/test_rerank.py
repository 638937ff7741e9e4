"""Features that a reader can check, learned weights, and the rerankers that settings name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from checks import one_clear_message
from numpy.typing import NDArray

from qa.errors import ModelError, QAError
from qa.pipeline import Assistant
from qa.rerank import (
    FEATURES,
    RANKER_FILE,
    CrossReranker,
    FusedRanker,
    LearnedRanker,
    context_text,
    features,
    load_reranker,
    load_weights,
)
from qa.retrieve import Candidates, Retriever
from qa.types import Query

RENT = "在黄埔办AI公司，租房能补多少？"


@pytest.fixture(scope="module")
def retriever(assistant: Assistant) -> Retriever:
    return assistant.ranking.retriever


@pytest.fixture(scope="module")
def rent(assistant: Assistant) -> Query:
    return assistant.parse(RENT)


@pytest.fixture(scope="module")
def candidates(retriever: Retriever, rent: Query) -> Candidates:
    return retriever.candidates(rent)


def column(values: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    return values[:, FEATURES.index(name)]


def test_features_are_finite_and_named(rent: Query, candidates: Candidates, retriever: Retriever) -> None:
    values = features(rent, candidates, retriever)
    assert values.shape == (len(candidates.numbers), len(FEATURES))
    assert np.isfinite(values).all()
    assert len(set(FEATURES)) == len(FEATURES)


def test_features_say_what_a_reader_sees(rent: Query, candidates: Candidates, retriever: Retriever) -> None:
    values = features(rent, candidates, retriever)
    passages = [retriever.index.passages[number] for number in candidates.numbers]
    assert [bool(value) for value in column(values, "table")] == [passage.table for passage in passages]
    assert [bool(value) for value in column(values, "general")] == [bool(passage.general) for passage in passages]
    here = [passage.document == "huangpu-rules" for passage in passages]
    assert all(near == 1.0 for near, own in zip(column(values, "region"), here, strict=True) if own)
    assert all(
        bool(near) != bool(missed) for near, missed in zip(column(values, "region"), column(values, "region_missed"), strict=True)
    )


def test_no_candidates_no_rows(rent: Query, retriever: Retriever) -> None:
    none = Candidates(np.array([], dtype=np.int64), np.zeros((0, 4), dtype=np.float32))
    assert features(rent, none, retriever).shape == (0, len(FEATURES))


def test_the_learned_ranker_puts_the_article_first(assistant: Assistant, rent: Query) -> None:
    best = assistant.ranking.rank(rent)[0].passage
    assert (best.document, best.article) == ("huangpu-rules", "第二十三条")


def test_without_a_reranker_the_region_still_leads(rent: Query, candidates: Candidates, retriever: Retriever) -> None:
    scores = load_reranker("", retriever).score(rent, candidates)
    assert isinstance(load_reranker("", retriever), FusedRanker)
    best = retriever.index.passages[candidates.numbers[int(np.argmax(scores))]]
    assert best.document == "huangpu-rules"


class ShortestFirst:
    """A cross-encoder's `predict` that likes short texts; it keeps what it was shown."""

    shown: list[str]

    def predict(self, pairs: list[tuple[str, str]]) -> list[float]:
        self.shown = [text for _, text in pairs]
        return [-float(len(text)) for text in self.shown]


def test_a_cross_encoder_orders_the_best_of_the_first_ranker(rent: Query, candidates: Candidates, retriever: Retriever) -> None:
    first = load_reranker("learned", retriever)
    before = np.argsort(-first.score(rent, candidates), kind="stable")
    model: Any = ShortestFirst()
    after = np.argsort(-CrossReranker(model, first, retriever, depth=5).score(rent, candidates), kind="stable")
    assert set(after[:5]) == set(before[:5])
    assert list(after[5:]) == list(before[5:])
    read = dict(zip(before[:5], model.shown, strict=True))
    lengths = [len(read[i]) for i in after[:5]]
    assert lengths == sorted(lengths)
    assert max(lengths) <= 300
    assert all("黄埔" in read[i] for i in before[:1])


def test_a_reranker_that_is_not_there_is_one_clear_sentence(retriever: Retriever, tmp_path: Path) -> None:
    with pytest.raises(QAError) as caught:
        load_reranker(str(tmp_path / "nothing"), retriever)
    one_clear_message(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"clause": {}}', '{"passage": 3}', '{"passage": {"words": "viel"}}'])
def test_damaged_weights_are_one_clear_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ranker.json"
    file.write_text(text, "utf-8")
    with pytest.raises(ModelError) as caught:
        load_weights(file, "passage", FEATURES)
    one_clear_message(caught.value, "ranker.json", "reranker")


def test_missing_weights_are_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load_weights(tmp_path / "ranker.json", "passage", FEATURES)
    one_clear_message(caught.value)


def test_a_feature_that_the_file_does_not_know_counts_nothing(tmp_path: Path) -> None:
    file = tmp_path / "ranker.json"
    file.write_text(json.dumps({"passage": {"words": 2.0, "of-old": 5.0}}), "utf-8")
    weights = load_weights(file, "passage", ("words", "new"))
    assert weights.tolist() == [2.0, 0.0]


def test_the_shipped_weights_know_the_features(retriever: Retriever) -> None:
    shipped = json.loads(RANKER_FILE.read_text("utf-8"))["passage"]
    assert set(shipped) <= set(FEATURES)
    assert LearnedRanker(retriever, load_weights(RANKER_FILE, "passage", FEATURES))


def test_context_is_headings_and_lead_in(retriever: Retriever) -> None:
    row = next(p for p in retriever.index.passages if p.table and p.document == "deqing-plan" and "智能物流" in p.text)
    assert "2022年" in context_text(row, retriever.corpus)
