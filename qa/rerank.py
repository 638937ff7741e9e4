"""Stage 8. Candidates -> ranking, by a learned ranker over features or by a cross-encoder.

The learned ranker is linear: a listwise softmax trained on our own train questions (`training/ranker.py`); its weights are a
JSON file beside the other models. Every feature is a number that a reader can check.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa.config import ROOT
from qa.corpus import Corpus
from qa.embed import require_weights
from qa.errors import ModelError
from qa.excerpt import excerpt
from qa.places import relation
from qa.retrieve import CHANNELS, Candidates, Retriever
from qa.types import Asked, Passage, Query

RANKER_FILE = ROOT / "models" / "ranker" / "ranker.json"
FEATURES = (
    *CHANNELS,
    "coverage",
    "words_x_lines",
    "region",
    "region_missed",
    "policy_named",
    "recent",
    "money",
    "date",
    "department",
    "telephone",
    "condition",
    "list",
    "heading",
    "claimable_money",
    "plan_target",
    "general",
    "table",
    "length",
)
_MONEY = re.compile(r"\d\s*(?:万|亿)?元|\d(?:\.\d+)?\s*%|百分之")
_DATE = re.compile(r"\d{4}年|有效期|施行|\d+个?(?:月|日|工作日)|截至|届满")
_DEPARTMENT = re.compile(r"(?:责任|牵头|主管|咨询|落实|配合|实施)(?:责任)?(?:单位|部门)|负责|[局委厅办处]")
_TELEPHONE = re.compile(r"\d{7,}")
_CONDITION = re.compile(r"条件|应当|须|需|不低于|以上|符合|经认定|注册|具有|超过")
_LIST = re.compile(r"、.+、|（一）|（1）|：")


class Reranker(Protocol):
    """Candidates -> one score each, higher is better: shape (n_candidates,)."""

    def score(self, query: Query, candidates: Candidates) -> NDArray[np.float64]:
        """One score a candidate, higher is better: shape (n_candidates,)."""
        ...


class LearnedRanker:
    """A linear model over `FEATURES`."""

    def __init__(self, retriever: Retriever, weights: NDArray[np.float64]) -> None:
        self._retriever = retriever
        self._weights = weights

    def score(self, query: Query, candidates: Candidates) -> NDArray[np.float64]:
        """See `Reranker`."""
        return np.asarray(features(query, candidates, self._retriever) @ self._weights)


class FusedRanker:
    """No reranker: the four channels summed, the region in front; what the ablation calls "no reranker"."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever

    def score(self, query: Query, candidates: Candidates) -> NDArray[np.float64]:
        """See `Reranker`."""
        fused: NDArray[np.float64] = candidates.scores.astype(np.float64).sum(axis=1)
        if not (query.regions and self._retriever.config.region):
            return fused
        passages = [self._retriever.index.passages[number] for number in candidates.numbers]
        near = [relation(query.regions, self._retriever.corpus.documents[p.document].info) for p in passages]
        return np.asarray(fused * (1.0 + 1.5 * np.array(near)))


class CrossReranker:
    """A sentence-transformers CrossEncoder over the best of the learned ranker, each passage cut around its matched clause."""

    def __init__(self, model: Any, first: Reranker, retriever: Retriever, depth: int = 12) -> None:
        self._model = model
        self._first = first
        self._retriever = retriever
        self._depth = depth

    def score(self, query: Query, candidates: Candidates) -> NDArray[np.float64]:
        """See `Reranker`."""
        scores = self._first.score(query, candidates)
        top = np.argsort(-scores, kind="stable")[: self._depth]
        passages = [self._retriever.index.passages[candidates.numbers[i]] for i in top]
        words, corpus = self._retriever.words(query), self._retriever.corpus
        texts = [str(excerpt(words, passage, corpus, self._retriever.tokenizer)) for passage in passages]
        judged = np.asarray(self._model.predict([(query.search_text or query.text, text) for text in texts]), dtype=np.float64)
        order = top[np.argsort(-judged, kind="stable")]
        scores[order] = scores.max() + 1.0 + np.linspace(1.0, 0.0, len(order))
        return scores


def load_reranker(name: str, retriever: Retriever, device: str = "cpu", backend: str = "torch") -> Reranker:
    """The reranker that the settings name: "learned", "" for none, else a CrossEncoder folder or hub name.

    Raises:
        ModelError: the weights are missing or cannot be loaded.
        ConfigError: the backend is unknown or not installed.
    """
    if not name:
        return FusedRanker(retriever)
    learned = LearnedRanker(retriever, load_weights(RANKER_FILE, "passage", FEATURES))
    if name == "learned":
        return learned
    require_weights(name)
    from sentence_transformers import CrossEncoder

    from qa.backend import set_backend

    try:
        model = CrossEncoder(name, device=device, trust_remote_code=False, local_files_only=Path(name).exists())
    except Exception as error:
        raise ModelError(f'无法加载重排模型 {name}：{error}。请检查名称，或设 reranker = "learned"。') from error
    set_backend(model, backend)
    return CrossReranker(model, learned, retriever)


def load_weights(path: Path, section: str, names: Sequence[str]) -> NDArray[np.float64]:
    """Weights by feature name; a feature that the file does not know counts 0.

    Raises:
        ModelError: the file is missing or damaged.
    """
    try:
        weights = json.loads(path.read_text("utf-8"))[section]
        return np.array([float(weights.get(name, 0.0)) for name in names])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f'排序模型 {path.parent.name}/{path.name} 读不到或已损坏。请恢复该文件，或设 reranker = ""。') from error


def features(query: Query, candidates: Candidates, retriever: Retriever) -> NDArray[np.float64]:
    """The features of every candidate: shape (n_candidates, len(FEATURES))."""
    passages = [retriever.index.passages[number] for number in candidates.numbers]
    coverage = retriever.coverage(query)[candidates.numbers]
    asked = set(query.asked)
    money = bool(asked & {Asked.AMOUNT, Asked.RATIO})
    words = retriever.words(query)
    rows = []
    for passage, scores, covered in zip(passages, candidates.scores, coverage, strict=True):
        document = retriever.corpus.documents[passage.document]
        near = relation(query.regions, document.info) if query.regions and retriever.config.region else 0.0
        has_money = bool(_MONEY.search(passage.text))
        rows.append(
            [
                *scores,
                covered,
                max(scores[0], scores[2]) * max(scores[1], scores[3]),
                near,
                float(bool(query.regions) and retriever.config.region and not near),
                float(passage.document in query.documents),
                float(passage.document == query.recent),
                float(money and has_money),
                float(Asked.DEADLINE in asked and bool(_DATE.search(passage.text))),
                float(Asked.RESPONSIBLE in asked and bool(_DEPARTMENT.search(passage.text))),
                float(Asked.TELEPHONE in asked and bool(_TELEPHONE.search(passage.text))),
                float(Asked.CONDITION in asked and bool(_CONDITION.search(passage.text))),
                float(Asked.LIST in asked and bool(_LIST.search(passage.text))),
                _overlap(words, heading_words(retriever, passage)),
                float(money and document.info.claimable),
                float(bool(asked & {Asked.TARGET, Asked.PLAN}) and not document.info.claimable),
                float(bool(passage.general)),
                float(passage.table),
                np.log1p(len(passage.text)) / 7.0,
            ]
        )
    return np.array(rows, dtype=np.float64).reshape(len(passages), len(FEATURES))


@lru_cache(maxsize=50_000)
def _heading_words(tokenizer: Any, headings: str) -> frozenset[str]:
    return frozenset(tokenizer.words(headings))


def heading_words(retriever: Retriever, passage: Passage) -> frozenset[str]:
    """The words of the headings above a passage and of its own first words."""
    return _heading_words(retriever.tokenizer, " ".join((*passage.path, passage.text[:24])))


def _overlap(words: dict[str, float], heading: frozenset[str]) -> float:
    whole = sum(words.values())
    return sum(weight for word, weight in words.items() if word in heading) / whole if whole else 0.0


def context_text(passage: Passage, corpus: Corpus) -> str:
    """The headings, lead-in and table header that belong to a passage."""
    text = corpus.documents[passage.document].text
    return "\n".join(span.of(text) for span in passage.context)
