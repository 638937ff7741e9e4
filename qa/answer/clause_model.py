"""Which clause answers: numbers that a reader can check, and how the answerability model reads each clause; one linear score.

Trained by `training/ranker.py` on the train questions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.answer.asked import YEAR
from qa.answer.clauses import MONEY, RATIO, Clause, cached_tokens, clauses_of, is_remark
from qa.answerability import Reader
from qa.gaps import added_text
from qa.retrieve import Retriever
from qa.types import Asked, Hit, Query

CLAUSE_FEATURES = (
    "words",
    "bigrams",
    "vector",
    "passage",
    "money",
    "no_money",
    "ratio",
    "date",
    "department",
    "telephone",
    "condition",
    "list",
    "target",
    "first",
    "remark",
    "short",
    "long",
    "heading_only",
    "year",
    "year_missed",
    "fresh",
    "under",
    "read",
)
_DATE = re.compile(r"\d{4}年|有效期|\d+个?月|\d+个?(?:工作)?日|届满|截至|月底|施行|\d+年")
_DEPARTMENT = re.compile(
    r"(?:责任|牵头|主管|咨询|落实|配合)(?:责任)?(?:单位|部门)|负责|主管部门|管委会|[市省区县新][一-鿿]{1,8}?(?:局|委|厅)|[一-鿿][局委厅办处](?:[，。、；：）)]|$)"
)
_TELEPHONE = re.compile(r"\d{7,}")
_CONDITION = re.compile(r"条件|应当|须|不低于|以上|符合|经认定|注册|具有|超过|满|且")
_TARGET = re.compile(r"\d+(?:\.\d+)?(?:%|个|家|名|项|亿|万|款|户|人|件|种|座|所|只)|达到|力争|建成|培育")

_MOST_BEHIND = 3.0  # log odds that a clause is behind the best one: on policies of other authors the words keep the last word


@dataclass(frozen=True, slots=True)
class ClauseModel:
    """Weights of `CLAUSE_FEATURES`, and the reader whose odds are one of them; without it they are 0."""

    weights: NDArray[np.float64]
    reader: Reader | None

    def scores(self, query: Query, hits: Sequence[Hit], retriever: Retriever) -> tuple[list[Clause], NDArray[np.float64]]:
        """Every clause of the hits with its score, higher is better: shape (n_clauses,)."""
        clauses, features = clause_features(query, hits, retriever, self.reader)
        return clauses, np.asarray(features @ self.weights)


def clause_features(
    query: Query, hits: Sequence[Hit], retriever: Retriever, reader: Reader | None = None
) -> tuple[list[Clause], NDArray[np.float64]]:
    """Every clause of the hits with its features: shape (n_clauses, len(CLAUSE_FEATURES))."""
    clauses = [clause for hit in hits for clause in clauses_of(hit.passage)]
    shares = _passage_shares(hits)
    terms = retriever.terms(query)
    words = {t: w * max(retriever.index.text_lexical.idf(t), 0.5) for t, w in terms.items()}
    fresh = {token: 1.0 for token in cached_tokens(retriever, query.fresh)} if query.carried else {}
    vectors = _similarities(query, clauses, retriever)
    texts = [read_text(clause, retriever) for clause in clauses]
    rows = []
    for clause, text, similarity in zip(clauses, texts, vectors, strict=True):
        own = retriever.place_tokens(clause.passage.document)
        telling = {term: weight for term, weight in words.items() if term not in own}
        tokens = frozenset(cached_tokens(retriever, text))
        year = _year_of(clause) or next((found for found in YEAR.findall(text) if found in query.text), "")
        under = _share(telling, frozenset(cached_tokens(retriever, clause.under))) if clause.under else 0.0
        rows.append([*_row(query, clause, year, tokens, telling, fresh, similarity, shares[clause.passage.id]), under])
    features = np.array(rows, dtype=np.float64).reshape(len(clauses), len(CLAUSE_FEATURES) - 1)
    return clauses, np.column_stack([features, _read(reader, added_text(query), texts)])


def _read(reader: Reader | None, asked: str, texts: Sequence[str]) -> NDArray[np.float64]:
    """The reader's log odds, none more than `_MOST_BEHIND` below the best; zeros without a reader."""
    if reader is None or not texts:
        return np.zeros(len(texts))
    odds = np.array([reader.odds(asked, text) for text in texts])
    return np.asarray(np.maximum(odds, odds.max() - _MOST_BEHIND))


def _row(
    query: Query,
    clause: Clause,
    year: str,
    tokens: frozenset[str],
    words: Mapping[str, float],
    fresh: Mapping[str, float],
    similarity: float,
    share: float,
) -> list[float]:
    asked, text = set(query.asked), clause.text
    years = set(YEAR.findall(query.text))
    money = bool(asked & {Asked.AMOUNT, Asked.RATIO})
    has_money = bool(MONEY.search(text) or RATIO.search(text))
    return [
        _share({t: w for t, w in words.items() if not t.startswith("~")}, tokens),
        _share({t: w for t, w in words.items() if t.startswith("~")}, tokens),
        similarity,
        share,
        float(money and has_money),
        float(money and not has_money),
        float(Asked.RATIO in asked and bool(RATIO.search(text))),
        float(Asked.DEADLINE in asked and bool(_DATE.search(text))),
        float(Asked.RESPONSIBLE in asked and bool(_DEPARTMENT.search(text))),
        float(Asked.TELEPHONE in asked and bool(_TELEPHONE.search(text))),
        float(Asked.CONDITION in asked and bool(_CONDITION.search(text))),
        float(Asked.LIST in asked and text.count("、") >= 2),
        float(Asked.TARGET in asked and bool(_TARGET.search(text))),
        float(clause.span.start == clause.passage.span.start),
        float(is_remark(text) and Asked.RESPONSIBLE not in asked and Asked.TELEPHONE not in asked),
        float(len(text) < 16),
        float(len(text) > 130),
        float(len(text) < 30 and not re.search(r"[，；\d]", text) and clause.span.start == clause.passage.span.start),
        float(bool(years) and year in years),
        float(bool(years) and bool(year) and year not in years),
        _share(fresh, tokens),
    ]


def read_text(clause: Clause, retriever: Retriever) -> str:
    """A table row says little without its headers; other clauses are read as they stand."""
    if not clause.passage.table:
        return clause.text
    source = retriever.corpus.documents[clause.passage.document].text
    return " ".join((clause.text, *(span.of(source) for span in clause.passage.context)))


def _year_of(clause: Clause) -> str:
    """The year that a clause speaks of: its own last one, else the last one before it in its passage."""
    own = YEAR.findall(clause.text)
    before = YEAR.findall(clause.passage.text[: clause.span.start - clause.passage.span.start])
    return own[-1] if own else (before[-1] if before else "")


def _share(words: Mapping[str, float], tokens: frozenset[str]) -> float:
    whole = sum(words.values())
    return sum(weight for word, weight in words.items() if word in tokens) / whole if whole else 0.0


def _passage_shares(hits: Sequence[Hit]) -> dict[str, float]:
    scores = np.array([hit.score for hit in hits])
    powers = np.exp(scores - scores.max()) if len(hits) else scores
    return {hit.passage.id: float(power / powers.sum()) for hit, power in zip(hits, powers, strict=True)}


def _similarities(query: Query, clauses: Sequence[Clause], retriever: Retriever) -> Sequence[float]:
    if not (retriever.config.dense and retriever.index.text_vectors.d and clauses):
        return [0.0] * len(clauses)
    vectors = retriever.clause_vectors([clause.text for clause in clauses])
    return [float(value) for value in vectors @ retriever.vector(query.search_text or query.text)[0]]
