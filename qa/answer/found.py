"""How likely it is that the documents hold the subject of a question, and that they state what is asked of it: two logistic models.

Trained on our own train questions by `training/ranker.py`: "found" against questions whose subject is nowhere, from what the search
says; "stated" against questions that the article leaves open, from the known gaps and the answerability model besides. For documents
without lines only "found" is asked: nothing else is known of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.answer.extract import Pick
from qa.answerability import Reader
from qa.excerpt import READ_CHARS, excerpt
from qa.gaps import added_text, asked_text
from qa.places import relation
from qa.rerank import load_weights
from qa.retrieve import Nearest, Retriever
from qa.types import Hit, Passage, Query

SIGNALS = (
    "bias",
    "coverage",
    "strict",
    "line_match",
    "vector",
    "share",
    "lead",
    "region_missed",
    "carried",
    "known",
    "gap",
    "line",
    "answerability",
)
_OF_GAPS = ("gap", "line", "answerability")
SECTIONS = {  # name in the file of weights, and the signals that are not read there
    "found": _OF_GAPS,
    "found:plain": ("line_match", "vector", *_OF_GAPS),  # for documents without lines
    "stated": (),
    "stated:unread": ("answerability",),  # without the answerability model
}
_MOST_LEAD = 6.0
_MOST_ODDS = 8.0


@dataclass(frozen=True, slots=True)
class Found:
    """The probabilities that the subject was found and that what is asked of it is stated, and the known gap nearest to the question.

    `stated` is 1 where no gap is known.
    """

    probability: float
    stated: float
    nearest: Nearest | None
    familiar: bool


class FoundModel:
    """The signals of a question and their weights."""

    def __init__(self, retriever: Retriever, reader: Reader | None, weights: dict[str, NDArray[np.float64]]) -> None:
        self._retriever = retriever
        self._reader = reader
        self._weights = weights

    def judge(self, query: Query, hits: Sequence[Hit], picks: Sequence[Pick]) -> Found:
        """How likely the documents hold the subject, and the picked clauses what is asked of it."""
        familiar = self._retriever.has_lines(hits[0].passage.document)
        values, nearest = self.signals(query, hits, picks)
        found = self._probability("found" if familiar else "found:plain", values)
        stated = self._probability("stated" if self._reader else "stated:unread", values) if familiar and nearest else 1.0
        return Found(found, stated, nearest, familiar)

    def _probability(self, section: str, values: NDArray[np.float64]) -> float:
        return float(1.0 / (1.0 + np.exp(-(values @ self._weights[section]))))

    def signals(self, query: Query, hits: Sequence[Hit], picks: Sequence[Pick]) -> tuple[NDArray[np.float64], Nearest | None]:
        """The values of `SIGNALS`, shape (len(SIGNALS),), and the known gap nearest to the question."""
        raw = hits[0].features
        told = picks[0].clause.passage if picks else hits[0].passage
        document = self._retriever.corpus.documents[hits[0].passage.document].info
        missed = bool(query.regions) and not relation(query.regions, document)
        lead = min(hits[0].score - hits[1].score, _MOST_LEAD) if len(hits) > 1 else 0.0
        nearest = self._retriever.nearest(query, told.document)
        values = [
            1.0,
            *(raw.get(name, 0.0) for name in ("coverage", "strict", "raw_line", "raw_vector")),
            picks[0].share if picks else 0.0,
            lead,
            float(missed),
            float(bool(query.carried)),
            raw.get("known", 1.0),
            nearest.gap_score if nearest else 0.0,
            nearest.line_score if nearest else 0.0,
            self._read(query, told) if nearest else 0.0,  # only "stated" reads it, which is not asked without a gap
        ]
        return np.array(values), nearest

    def _read(self, query: Query, told: Passage) -> float:
        if self._reader is None:
            return 0.0
        retriever = self._retriever
        text = excerpt(retriever.words(query), told, retriever.corpus, retriever.tokenizer, READ_CHARS)
        odds = max(self._reader.odds(asked, str(text)) for asked in {asked_text(query), added_text(query)})
        return float(np.clip(odds, -_MOST_ODDS, _MOST_ODDS))


def load_found(path: Path, retriever: Retriever, reader: Reader | None) -> FoundModel:
    """Read all sets of weights.

    Raises:
        ModelError: the file is missing or damaged.
    """
    return FoundModel(retriever, reader, {section: load_weights(path, section, SIGNALS) for section in SECTIONS})
