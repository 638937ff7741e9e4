"""Words and bigrams, and BM25 against its formula written out."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.lexical import LexicalIndex, Tokenizer

DOCS = st.lists(st.lists(st.sampled_from("abcde"), min_size=1, max_size=8), min_size=1, max_size=6)
QUERY = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.1, 2), min_size=1)


def bm25(docs: list[list[str]], query: dict[str, float], k1: float, b: float) -> list[float]:
    """The Lucene variant: idf * tf / (tf + k1 (1 - b + b |d| / avg))."""
    average = sum(map(len, docs)) / len(docs)
    scores = []
    for doc in docs:
        total = 0.0
        for term, weight in query.items():
            frequency, df = doc.count(term), sum(term in other for other in docs)
            idf = math.log(1 + (len(docs) - df + 0.5) / (df + 0.5))
            total += weight * idf * frequency / (frequency + k1 * (1 - b + b * len(doc) / average)) if frequency else 0.0
        scores.append(total)
    return scores


def test_words_bigrams_latin_and_figures() -> None:
    tokens = Tokenizer(["算力券"]).tokens("发放算力券，支持AI企业 30%")
    assert "算力券" in tokens
    assert {"~算力", "~力券", "ai", "30%"} <= set(tokens)
    assert "~券支" not in tokens  # a bigram does not run over a comma


def test_stop_words_are_no_words_but_stay_bigrams() -> None:
    tokenizer = Tokenizer()
    assert "请问" not in tokenizer.words("请问租金补贴")
    assert "~请问" in tokenizer.tokens("请问租金补贴")
    assert tokenizer.tokens("") == tokenizer.tokens("，。 !") == []


def test_the_vocabulary_of_one_tokenizer_is_not_that_of_another() -> None:
    assert "办公用房租金" in Tokenizer(["办公用房租金"]).words("建设办公用房租金")
    assert "办公用房租金" not in Tokenizer().words("建设办公用房租金")


def test_loose_pairs_are_characters_outside_words() -> None:
    assert Tokenizer().loose_pairs("研发姿助比例") == ["姿助"]
    assert Tokenizer().loose_pairs("研发资助比例") == []


@given(DOCS, QUERY)
def test_scores_are_those_of_the_formula(docs: list[list[str]], query: dict[str, float]) -> None:
    index = LexicalIndex.build(docs, k1=1.2, b=0.6)
    assert index.scores(query) == pytest.approx(bm25(docs, query, 1.2, 0.6), rel=1e-4, abs=1e-5)


@given(DOCS, QUERY)
def test_coverage_is_a_share(docs: list[list[str]], query: dict[str, float]) -> None:
    index = LexicalIndex.build(docs)
    shares = index.coverage(query)
    assert shares.shape == (len(docs),)
    assert np.all((shares >= 0) & (shares <= 1 + 1e-6))
    for share, doc in zip(shares, docs, strict=True):
        known = {term for term in query if term in index}
        if known:
            assert (share > 1 - 1e-5) == (known <= set(doc))
    assert np.all(index.coverage(query, unknown_idf=5.0) <= shares + 1e-6)


def test_idf_falls_with_frequency() -> None:
    index = LexicalIndex.build([["a", "b"], ["a"], ["a", "c"]])
    assert index.idf("b") > index.idf("a") > 0
    assert index.idf("x") == 0
    assert "a" in index
    assert "x" not in index


def test_an_empty_text_is_found_by_nothing() -> None:
    index = LexicalIndex.build([[], ["a"]])
    assert index.scores({"a": 1.0})[0] == 0
    assert LexicalIndex.build([[]]).size == 1


def test_saved_and_loaded_it_is_the_same(tmp_path: Path) -> None:
    tokenizer = Tokenizer()
    docs = [tokenizer.tokens(text) for text in ("租金补贴五十万元", "人才奖励", "算力券")]
    built = LexicalIndex.build(docs)
    built.save(tmp_path / "bm25")
    loaded = LexicalIndex.load(tmp_path / "bm25")
    query = {token: 1.0 for token in tokenizer.tokens("租金补贴多少")}
    assert np.array_equal(built.scores(query), loaded.scores(query))
    assert loaded.size == 3
    assert set(loaded.words()) == set(built.words())
    assert not any(word.startswith("~") for word in loaded.words())
    assert not [path for path in (tmp_path / "bm25").rglob("*") if path.suffix in (".pkl", ".pickle")]
