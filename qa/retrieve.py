"""Stage 7. `Query` -> candidate passages from four channels: words and vectors, over the passages and over their lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.config import Config
from qa.corpus import Corpus
from qa.embed import Encoder, Vectors
from qa.gaps import Gap
from qa.index import Index
from qa.lexical import Tokenizer
from qa.places import relation
from qa.query import MONEY_NOUN
from qa.slips import SlipFinder
from qa.types import Query

Scores = NDArray[np.float32]
CHANNELS = ("words", "line_words", "vectors", "line_vectors")
_BIGRAM_WEIGHT = 0.5
_EXPANSION_WEIGHT = 0.5
_CARRIED_WEIGHT = 0.6
_REMEMBERED = 64
_COMMON_IDF = 1.8  # a policy word in more than about 16% of the passages


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passage numbers, and the score of each in every channel: shape (n_candidates, len(CHANNELS))."""

    numbers: NDArray[np.int64]
    scores: Scores


@dataclass(frozen=True, slots=True)
class Nearest:
    """The known gap nearest to a question, with its inner product, and that of the nearest line of the same place."""

    gap: Gap
    gap_score: float
    line_score: float


class Retriever:
    """Finds candidates; holds the index, the tokenizer and the encoder."""

    def __init__(self, config: Config, corpus: Corpus, index: Index, tokenizer: Tokenizer, encoder: Encoder) -> None:
        self.config = config
        self.corpus = corpus
        self.index = index
        self.tokenizer = tokenizer
        self.encoder = encoder
        self._slips = SlipFinder(tokenizer, index.text_lexical)
        self._line_owner = np.array([line.passage for line in index.lines], dtype=np.int64)
        self._documents = [passage.document for passage in index.passages]
        order = {document.id: number for number, document in enumerate(corpus)} | {"": -1}
        self._gap_document = np.array([order[gap.document] for gap in index.gaps], dtype=np.int64)
        self._line_document = np.array([order[self._documents[line.passage]] for line in index.lines], dtype=np.int64)
        self._with_lines = {index.passages[line.passage].document for line in index.lines} if index.text_vectors.d else set()
        self._place_tokens: dict[str, frozenset[str]] = {}
        self._vectors: dict[str, Vectors] = {}
        self._clauses: dict[str, Vectors] = {}

    def terms(self, query: Query, text: str = "") -> dict[str, float]:
        """Query terms and weights: words, bigrams, words with slips mended, policy words for everyday ones."""
        text = text or query.search_text or query.text
        terms: dict[str, float] = {}
        own = set(self.tokenizer.tokens(query.fresh)) if query.carried else set()
        for token in self.tokenizer.tokens(text):
            weight = _BIGRAM_WEIGHT if token.startswith("~") else 1.0
            terms[token] = weight if not own or token in own else weight * _CARRIED_WEIGHT
        for word in self._slips.mend(text):
            terms.setdefault(word.lower(), 0.6)
        if self.config.thesaurus:
            for word, weight in query.expansion:
                for token in self.tokenizer.words(word) or [word]:
                    if self.index.text_lexical.idf(token) < _COMMON_IDF:
                        continue  # 给予, 万元 stand in every article and tell nothing apart
                    terms[token] = max(terms.get(token, 0.0), weight * _EXPANSION_WEIGHT)
        return terms

    def place_tokens(self, document: str) -> frozenset[str]:
        """The words and bigrams of the places a document belongs to: they tell its own clauses nothing apart."""
        if document not in self._place_tokens:
            names = " ".join(part for path in self.corpus.documents[document].info.regions for part in path.split("/"))
            self._place_tokens[document] = frozenset(self.tokenizer.tokens(names))
        return self._place_tokens[document]

    def has_lines(self, document: str) -> bool:
        """Whether plain-language lines (and vectors) help to find this document."""
        return self.config.lines and self.config.dense and document in self._with_lines

    def vector(self, question: str) -> Vectors:
        """The question's vector, shape (1, dim); the last few are remembered, for one question is compared several times."""
        found = self._vectors.get(question)
        if found is None:  # another thread may empty the table meanwhile: never read back what was written
            if len(self._vectors) >= _REMEMBERED:
                self._vectors.clear()
            found = self._vectors[question] = self.encoder.encode([self._slips.repaired(question)], query=True)
        return found

    def clause_vectors(self, texts: Sequence[str]) -> Vectors:
        """Vectors of clauses, shape (n, dim); a clause is encoded once in the life of the process."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._clauses]
        if missing:
            self._clauses.update(zip(missing, self.encoder.encode(missing), strict=True))
        return np.stack([self._clauses[text] for text in texts])

    def coverage(self, query: Query) -> Scores:
        """Share of the question's words that each passage holds, with its headings: shape (n_passages,)."""
        return self.index.text_lexical.coverage({t: w for t, w in self.terms(query).items() if not t.startswith("~")})

    def words(self, query: Query) -> dict[str, float]:
        """The question's words, slips mended and everyday words expanded, weighted by idf."""
        terms = self.terms(query)
        return {t: w * self.index.text_lexical.idf(t) for t, w in terms.items() if not t.startswith("~")}

    def channel_scores(self, query: Query) -> Scores:
        """Scores of every passage in every channel, each channel scaled to 0..1 by its best: shape (n_passages, 4)."""
        size = len(self.index.passages)
        scores = np.zeros((size, len(CHANNELS)), dtype=np.float32)
        terms = self.terms(query)
        if self.config.lexical:
            scores[:, 0] = self.index.text_lexical.scores(terms)
            if self.config.lines and len(self.index.lines):
                self._spread(scores[:, 1], self.index.line_lexical.scores(terms))
        if self.config.dense and self.index.text_vectors.d:
            vector = self.vector(query.search_text or query.text)
            _search(scores[:, 2], self.index.text_vectors, vector)
            if self.config.lines and len(self.index.lines):
                by_line = np.zeros(len(self.index.lines), dtype=np.float32)
                _search(by_line, self.index.line_vectors, vector)
                self._spread(scores[:, 3], by_line)
        best = scores.max(axis=0)
        return np.asarray(scores / np.where(best > 0, best, 1.0), dtype=np.float32)

    def _spread(self, passages: Scores, lines: Scores) -> None:
        """The score of a passage is that of its best line."""
        np.maximum.at(passages, self._line_owner, lines)

    def absolute(self, query: Query, numbers: Sequence[int]) -> list[dict[str, float]]:
        """Scores that do not depend on the best passage of the question, for thresholds; places in the question do not count.

        `coverage`: share of the subject's words in the passage; `strict`: the same with unknown words counted as missed;
        `raw_line`: best line's BM25 by the whole weight of the subject; `raw_vector`: inner product with the passage.
        """
        terms = self.terms(query, query.subject)
        words = {term: weight for term, weight in terms.items() if not term.startswith("~")}
        own = {word: 1.0 for word in self.tokenizer.words(query.subject)}
        mended = list(self._slips.mend(query.subject))
        if mended:  # a slip is no unknown word
            own = {word: 1.0 for word in own if self.index.text_lexical.idf(word)} | dict.fromkeys(mended, 1.0)
        own = {word: 1.0 for word in own if not _explained(word, query.everyday)}
        coverage = self.index.text_lexical.coverage(words)
        strict = self.index.text_lexical.coverage(own, unknown_idf=5.0) if own else coverage
        whole = sum(weight * (self.index.text_lexical.idf(term) or 5.0) for term, weight in terms.items()) or 1.0
        lines = np.zeros(len(self.index.passages), dtype=np.float32)
        vectors = np.zeros(len(self.index.passages), dtype=np.float32)
        if self.config.lines and len(self.index.lines):
            self._spread(lines, self.index.line_lexical.scores(terms) / whole)
        if self.config.dense and self.index.text_vectors.d:
            _search(vectors, self.index.text_vectors, self.vector(query.subject))
        known = np.full(len(self.index.passages), self._known_share(own), dtype=np.float32)
        columns = {"known": known, "coverage": coverage, "strict": strict, "raw_line": lines, "raw_vector": vectors}
        return [{name: float(column[n]) for name, column in columns.items()} for n in numbers]

    def _known_share(self, words: Iterable[str]) -> float:
        """Share of the telling words that the corpus knows at all; 1 when there are none."""
        telling = [
            word for word in words if not self.index.text_lexical.idf(word) or self.index.text_lexical.idf(word) >= _COMMON_IDF
        ]
        telling = [word for word in telling if not MONEY_NOUN.search(word)]
        return sum(self.index.text_lexical.idf(word) > 0 for word in telling) / len(telling) if telling else 1.0

    def nearest(self, query: Query, document: str) -> Nearest | None:
        """How near the question is to a known gap and to a line of the document's place; None when no gap is known there."""
        if not (self.config.gaps and self.config.dense and self.index.gap_vectors.d and self.index.gaps):
            return None
        place = self.corpus.documents[document].info.applies_to
        own = np.array([*(relation(place, other.info) > 0 for other in self.corpus), True])  # the last stands for every place
        vector = self.vector(query.subject)
        by_gap = np.zeros(len(self.index.gaps), dtype=np.float32)
        _search(by_gap, self.index.gap_vectors, vector)
        by_gap *= own[self._gap_document]
        best = int(by_gap.argmax())
        if not by_gap[best]:
            return None
        by_line = np.zeros(len(self.index.lines), dtype=np.float32)
        if len(self.index.lines):
            _search(by_line, self.index.line_vectors, vector)
            by_line *= own[self._line_document]
        return Nearest(self.index.gaps[best], float(by_gap[best]), float(by_line.max(initial=0.0)))

    def via(self, scores: Scores) -> tuple[str, ...]:
        """The channels that found a passage."""
        return tuple(name for name, score in zip(CHANNELS, scores, strict=True) if score > 0)

    def candidates(self, query: Query, within: Sequence[str] = ()) -> Candidates:
        """The union of the best of every channel, in the question's regions first.

        Args:
            query: the question as understood.
            within: only passages of documents that serve one of these regions.
        """
        scores = self.channel_scores(query)
        allowed = self._allowed(within)
        boosted = scores * self._region_boost(query)[:, None] * allowed[:, None]
        limit = self.config.candidates
        chosen: dict[int, None] = {}
        for column in (*boosted.T, *(scores * allowed[:, None]).T):
            top = np.argsort(-column, kind="stable")[:limit]
            chosen.update((int(number), None) for number in top if column[number] > 0)
        numbers = np.array(list(chosen), dtype=np.int64)
        return Candidates(numbers, scores[numbers])

    def _region_boost(self, query: Query) -> Scores:
        if not (query.regions and self.config.region):
            return np.ones(len(self._documents), dtype=np.float32)
        near = {document.id: relation(query.regions, document.info) for document in self.corpus}
        return np.array([1.0 + 2.0 * near[document] for document in self._documents], dtype=np.float32)

    def _allowed(self, within: Sequence[str]) -> Scores:
        if not within:
            return np.ones(len(self._documents), dtype=np.float32)
        near: Mapping[str, bool] = {document.id: relation(within, document.info) > 0 for document in self.corpus}
        return np.array([float(near[document]) for document in self._documents], dtype=np.float32)


def _explained(word: str, everyday: Sequence[str]) -> bool:
    """Whether a word is one that the thesaurus turns into policy words (租房), or a part of one."""
    return any(word in term or term in word for term in everyday)


def _search(into: Scores, index: object, vector: NDArray[np.float32]) -> None:
    """Inner products of the question with every vector that the index returns, negative ones as 0."""
    found, numbers = index.search(vector, index.ntotal if index.ntotal < 50_000 else 2_000)  # type: ignore[attr-defined]
    valid = numbers[0] >= 0
    into[numbers[0][valid]] = np.maximum(found[0][valid], 0.0)
