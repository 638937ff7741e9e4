"""Lexical retrieval: BM25 over jieba words and character bigrams, built once and saved as plain arrays (bm25s)."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import jieba

_HAN = re.compile(r"[㐀-鿿]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*|\d+(?:\.\d+)?%?")
_STOP = frozenset(
    "我们 咱们 你们 公司 本公司 我司 企业 单位 政府 官方 请问 现在 目前 这个 那个 哪个 哪里 哪儿 哪些 哪几个 多少 什么 怎么 如何 可以 能不能 "
    "是否 能否 可否 是不是 有没有 大概 一般 听说 一个 一下 一笔 这笔 那笔 还是 或者 以及 因为 所以 如果 要是 想要 打算 准备 需要 具体 分别 "
    "补多少 给多少 多少钱 有啥 咋样 怎样 这边 那边 这种 那种 时候 之后 之前 以后 里面 方面 情况 问题 东西".split()
)


@lru_cache(maxsize=4)
def _segmenter(words: frozenset[str]) -> jieba.Tokenizer:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    segmenter = jieba.Tokenizer()
    segmenter.initialize()
    for word in sorted(words):
        segmenter.add_word(word)
    return segmenter


class Tokenizer:
    """Words, character bigrams, Latin words and figures of a text."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words = frozenset(words)

    def words(self, text: str) -> list[str]:
        """Words of two or more characters, Latin words and figures, stop words left out."""
        tokens = _LATIN.findall(text)
        for run in _HAN.findall(text):
            tokens += [word for word in _segmenter(self._words).cut_for_search(run) if len(word) > 1 and word not in _STOP]
        return [token.lower() for token in tokens]

    def loose_pairs(self, text: str) -> list[str]:
        """Neighbouring characters that belong to no word: a slip breaks the word it stands in."""
        pairs: list[str] = []
        for run in _HAN.findall(text):
            tokens = list(_segmenter(self._words).cut(run, HMM=False))
            pairs += [first + second for first, second in pairwise(tokens) if len(first) == len(second) == 1]
        return pairs

    def tokens(self, text: str) -> list[str]:
        """`words` and the bigrams of every run of Chinese characters (marked with a leading ~)."""
        bigrams = [f"~{run[i : i + 2]}" for run in _HAN.findall(text) for i in range(len(run) - 1)]
        return self.words(text) + bigrams


class LexicalIndex:
    """BM25 (Lucene variant, k1 and b as given) whose term scores are summed with weights per query term."""

    def __init__(self, retriever: Any) -> None:
        self._vocabulary: Mapping[str, int] = retriever.vocab_dict
        self._retriever = retriever
        self._data: NDArray[np.float32] = retriever.scores["data"]
        self._indices: NDArray[np.int32] = retriever.scores["indices"]
        self._indptr: NDArray[np.int32] = retriever.scores["indptr"]
        self.size: int = retriever.scores["num_docs"]

    @classmethod
    def build(cls, tokens: Sequence[Sequence[str]], k1: float = 1.2, b: float = 0.6) -> LexicalIndex:
        """Index one token list per text; an empty list is a text that nothing finds."""
        import bm25s

        retriever = bm25s.BM25(method="lucene", k1=k1, b=b)
        retriever.index([list(text) or ["∅"] for text in tokens], show_progress=False)
        return cls(retriever)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Read a saved index."""
        import bm25s

        return cls(bm25s.BM25.load(str(folder), load_vocab=True))

    def save(self, folder: Path) -> None:
        """Write plain arrays and JSON into `folder`."""
        self._retriever.save(str(folder), show_progress=False)

    def scores(self, terms: Mapping[str, float]) -> NDArray[np.float32]:
        """Weighted BM25 of every text: sum over terms of weight x score.

        Args:
            terms: query terms and their weights.

        Returns:
            Scores of shape (n_texts,).
        """
        total = np.zeros(self.size, dtype=np.float32)
        for term, weight in terms.items():
            number = self._vocabulary.get(term)
            if number is not None:
                begin, end = self._indptr[number], self._indptr[number + 1]
                total[self._indices[begin:end]] += weight * self._data[begin:end]
        return total

    def idf(self, term: str) -> float:
        """ln(1 + (n - df + 0.5) / (df + 0.5)); 0 for an unknown term."""
        number = self._vocabulary.get(term)
        if number is None:
            return 0.0
        frequency = int(self._indptr[number + 1] - self._indptr[number])
        return float(np.log(1.0 + (self.size - frequency + 0.5) / (frequency + 0.5)))

    def coverage(self, terms: Mapping[str, float], unknown_idf: float = 0.0) -> NDArray[np.float32]:
        """Share of the question's idf-weighted words that each text holds: shape (n_texts,), 0 to 1.

        Args:
            terms: query terms and their weights.
            unknown_idf: what a word that no text holds counts; 0 leaves such words out.
        """
        total, whole = np.zeros(self.size, dtype=np.float32), 0.0
        for term, weight in terms.items():
            number = self._vocabulary.get(term)
            mass = weight * (self.idf(term) if number is not None else unknown_idf)
            whole += mass
            if number is not None:
                total[self._indices[self._indptr[number] : self._indptr[number + 1]]] += mass
        return total / whole if whole else total

    def words(self) -> Iterator[str]:
        """Every term that is a word, not a bigram."""
        return (term for term in self._vocabulary if not term.startswith("~"))

    def __contains__(self, term: str) -> bool:
        return term in self._vocabulary
