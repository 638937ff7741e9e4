"""Stages 7 and 8 together: a query -> hits, near-copies collapsed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa.copies import Copies
from qa.places import relation
from qa.rerank import LearnedRanker, Reranker
from qa.retrieve import Candidates, Retriever
from qa.types import Hit, Passage, Query

_LEADING = 5
_REGION_LEAD = 3.0  # in units of the ranking score: about what separates the first from the fifth


class Ranking:
    """Retrieves, reranks and collapses copies."""

    def __init__(self, retriever: Retriever, reranker: Reranker, copies: Copies) -> None:
        self.retriever = retriever
        self._reranker = reranker
        self._copies = copies

    def _region_lead(self, query: Query, candidates: Candidates, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the best passages of the question's region get on top: the region leads without hiding the rest."""
        lead = np.zeros(len(scores))
        if query.regions and self.retriever.config.region:
            documents = self.retriever.corpus.documents
            passages = self.retriever.index.passages
            near = [relation(query.regions, documents[passages[n].document].info) > 0 for n in candidates.numbers]
            best = [i for i in np.argsort(-scores, kind="stable") if near[i]][:_LEADING]
            lead[best] = _REGION_LEAD
        return lead

    def differing(self, passage: Passage) -> list[Passage]:
        """Near-copies of a passage that differ from it in a fact."""
        passages = self.retriever.index.passages
        number = next((i for i, other in enumerate(passages) if other.id == passage.id), -1)
        return [passages[twin] for twin in self._copies.different.get(number, ())]

    def with_weights(self, weights: NDArray[np.float64]) -> Ranking:
        """The same ranking with other weights of the learned ranker; for fitting them."""
        return Ranking(self.retriever, LearnedRanker(self.retriever, weights), self._copies)

    def rank(self, query: Query, within: Sequence[str] = (), most: int = 20) -> list[Hit]:
        """The best passages, best first; a copy of a passage ranked before it is named there and left out.

        Args:
            query: the question as understood.
            within: only documents that serve one of these regions.
            most: hits returned at most.
        """
        candidates = self.retriever.candidates(query, within)
        if not len(candidates.numbers):
            return []
        scores = self._reranker.score(query, candidates)
        scores = scores + self._region_lead(query, candidates, scores)
        order = np.argsort(-scores, kind="stable")[: most * 2]
        evidence = self.retriever.absolute(query, [int(candidates.numbers[i]) for i in order])
        passages = self.retriever.index.passages
        hits: list[Hit] = []
        place: dict[int, int] = {}
        for i, values in zip(order, evidence, strict=True):
            number = int(candidates.numbers[i])
            first = next((place[twin] for twin in self._copies.twins(number) if twin in place), None)
            if first is not None:
                before = hits[first]
                hits[first] = Hit(before.passage, before.score, before.via, before.features, (*before.copies, passages[number].id))
                continue
            place[number] = len(hits)
            hits.append(Hit(passages[number], float(scores[i]), self.retriever.via(candidates.scores[i]), values))
        return hits[:most]
