"""Fit the three linear models of the answering side: passages, clauses, and whether anything was found.

`python -m training.ranker --encoder FOLDER --answerability FOLDER --questions HELD_OUT.jsonl`

Encoder and answerability model must not have seen the questions: an encoder that was trained on a question places it too near to
its passage, and the ranker would learn to trust vectors more than they deserve. So train both on one part of the train questions
(`training.split`), fit here on the other, and ship these weights with the encoder trained on all.

Passages and clauses: listwise softmax, loss = log sum_all exp(s) - log sum_right exp(s) (Cao et al. 2007, ListNet).
Found: logistic regression; questions without evidence weigh more because they are few.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from qa.answer import decline
from qa.answer.clause_model import CLAUSE_FEATURES, ClauseModel, clause_features
from qa.answer.extract import pick_clauses
from qa.answer.found import SECTIONS, SIGNALS, load_found
from qa.answerability import Reader, load_answerability
from qa.config import load_config
from qa.intent import load_intent
from qa.pipeline import Assistant, load
from qa.readers import fold
from qa.rerank import FEATURES, RANKER_FILE, features, load_weights
from qa.types import Hit, Query, Refusal, Turn
from training.examples import holds_quote

Choice = tuple[NDArray[np.float64], NDArray[np.float64]]  # features (n, f), right (n,)
_SHOWN_CHARS = 700
_MISSING = {  # what the two models of declining tell from questions that are answered
    "found": (Refusal.NO_EVIDENCE, Refusal.OUT_OF_DOMAIN),
    "stated": (Refusal.NOT_STATED, Refusal.NO_EVIDENCE),
}
_MISSING_WEIGHT = 8.0
_MONEY_WEIGHT = 1.8  # least weight of a sum in the passage when a sum is asked for: chosen on dev, train asks for fewer
_YEAR_WEIGHT = 2.0  # least weight of the year asked for; few train questions name one


@dataclass(frozen=True)
class Example:
    """A question with its query, its candidates' features and which of them hold the evidence."""

    row: dict[str, Any]
    query: Query
    numbers: NDArray[np.int64]
    choice: Choice


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", required=True, help="an encoder that has not seen the questions")
    parser.add_argument("--answerability", default="", help="a model that has not seen them either")
    parser.add_argument("--questions", nargs="+", required=True)
    parser.add_argument("--keep", action="store_true", help="keep the weights of passages and clauses, fit only those of declining")
    parser.add_argument("--out", default=str(RANKER_FILE))
    args = parser.parse_args(arguments)
    _add_missing_sections(RANKER_FILE)
    with tempfile.TemporaryDirectory() as folder:
        assistant = load(load_config(encoder=args.encoder, answerability=args.answerability, index_dir=folder))
        weights = fit(assistant, [row for path in args.questions for row in read_rows(Path(path))], args.keep)
    Path(args.out).write_text(json.dumps(weights, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _add_missing_sections(path: Path) -> None:
    """The pipeline reads all sections when it is loaded; before the first fit they are empty."""
    sections = json.loads(path.read_text("utf-8")) if path.exists() else {}
    missing = {name: {} for name in ("passage", "clause", *SECTIONS) if name not in sections}
    if missing:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({**sections, **missing}, ensure_ascii=False, indent=1) + "\n", "utf-8")


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Question rows of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def fit(assistant: Assistant, rows: Sequence[dict[str, Any]], keep: bool = False) -> dict[str, dict[str, float]]:
    """Weights by model and feature name."""
    read = load_answerability(assistant.config.answerability)
    if keep:
        passage, clause = load_weights(RANKER_FILE, "passage", FEATURES), load_weights(RANKER_FILE, "clause", CLAUSE_FEATURES)
    else:
        examples = [example for row in rows if row.get("evidence") and (example := _example(assistant, row)) is not None]
        passage = choose([example.choice for example in examples], len(FEATURES), 0.002)
        clause = choose([_clauses(assistant, example, passage, read.clause) for example in examples], len(CLAUSE_FEATURES), 0.002)
        print(f"{len(examples)} questions; right passage first: {_share_first(examples, passage):.3f}")
    signals, kinds = _found(assistant, rows, passage, ClauseModel(clause, read.clause), read.passage)
    return {
        "passage": _at_least(_named(FEATURES, passage), "money", _MONEY_WEIGHT),
        "clause": _at_least(_named(CLAUSE_FEATURES, clause), "year", _YEAR_WEIGHT),
        **{section: _declining(section, signals, kinds) for section in SECTIONS},
    }


def _declining(section: str, signals: NDArray[np.float64], kinds: Sequence[str]) -> dict[str, float]:
    """Weights that tell answered questions from those that this section is to decline; signals that it does not read weigh 0."""
    missing = _MISSING[section.partition(":")[0]]
    used = [number for number, kind in enumerate(kinds) if not kind or kind in missing]
    read = np.array([name not in SECTIONS[section] for name in SIGNALS], dtype=np.float64)
    return _named(SIGNALS, separate(signals[used] * read, np.array([float(not kinds[n]) for n in used])) * read)


def choose(choices: Sequence[Choice], width: int, decay: float) -> NDArray[np.float64]:
    """Weights that put the right ones of every list first: shape (width,)."""
    lists = [(torch.tensor(x), torch.tensor(y)) for x, y in choices if y.any()]

    def loss(weights: Tensor) -> Tensor:
        losses = [torch.logsumexp(x @ weights, 0) - torch.logsumexp((x @ weights)[y > 0], 0) for x, y in lists]
        return torch.stack(losses).mean() + decay * (weights**2).sum()

    return _minimise(loss, width)


def separate(signals: NDArray[np.float64], found: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic regression: shape (n_signals,)."""
    x, y = torch.tensor(signals), torch.tensor(found)
    importance = torch.where(y > 0, 1.0, _MISSING_WEIGHT)

    def loss(weights: Tensor) -> Tensor:
        each = torch.nn.functional.binary_cross_entropy_with_logits(x @ weights, y, reduction="none")
        return (each * importance).mean() + 0.0005 * (weights**2).sum()

    return _minimise(loss, signals.shape[1])


def _minimise(loss: Callable[[Tensor], Tensor], width: int) -> NDArray[np.float64]:
    weights = torch.zeros(width, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=400, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        value = loss(weights)
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return weights.detach().numpy()


def _example(assistant: Assistant, row: dict[str, Any]) -> Example | None:
    retriever = assistant.ranking.retriever
    quotes = [fold(evidence["quote"]) for evidence in row["evidence"]]
    query = assistant.parse(row["question"], [Turn(earlier) for earlier in row.get("history", [])])
    candidates = retriever.candidates(query)
    texts = [_folded(retriever.index.passages[number].text[:_SHOWN_CHARS]) for number in candidates.numbers]
    right = np.array([float(any(quote in text for quote in quotes)) for text in texts])
    return Example(row, query, candidates.numbers, (features(query, candidates, retriever), right)) if right.any() else None


_FOLDED: dict[str, str] = {}


def _folded(text: str) -> str:
    if text not in _FOLDED:
        _FOLDED[text] = fold(text)
    return _FOLDED[text]


def _clauses(assistant: Assistant, example: Example, passage: NDArray[np.float64], reader: Reader | None) -> Choice:
    retriever = assistant.ranking.retriever
    scores = example.choice[0] @ passage
    top = np.argsort(-scores)[:5]
    hits = [Hit(retriever.index.passages[example.numbers[i]], float(scores[i])) for i in top]
    clauses, values = clause_features(example.query, hits, retriever, reader)
    quotes = [fold(evidence["quote"]) for evidence in example.row["evidence"]]
    return values, np.array([float(holds_quote(fold(clause.text), quotes)) for clause in clauses])


def _found(
    assistant: Assistant, rows: Sequence[dict[str, Any]], passage: NDArray[np.float64], clauses: ClauseModel, reader: Reader | None
) -> tuple[NDArray[np.float64], list[str]]:
    """The signals of questions that are searched for, and why each is not answered ("" when it is)."""
    ranking = assistant.ranking.with_weights(passage)
    model, intents = load_found(RANKER_FILE, ranking.retriever, reader), load_intent(assistant.config.intent)
    signals: list[NDArray[np.float64]] = []
    kinds: list[str] = []
    for row in (row for row in rows if row["type"] != "comparison"):
        query = assistant.parse(row["question"], [Turn(earlier) for earlier in row.get("history", [])])
        hits = ranking.rank(query, most=10)
        picks = pick_clauses(query, hits, ranking.retriever, clauses) if hits else []
        if picks and decline.before_search(query, assistant.corpus, intents) is None:
            signals.append(model.signals(query, hits, picks)[0])
            kinds.append("" if row.get("evidence") else str(row.get("refusal")))
    return np.stack(signals), kinds


def _share_first(examples: Sequence[Example], weights: NDArray[np.float64]) -> float:
    return float(np.mean([y[np.argmax(x @ weights)] > 0 for x, y in (example.choice for example in examples)]))


def _named(names: Sequence[str], weights: NDArray[np.float64]) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


def _at_least(weights: dict[str, float], name: str, least: float) -> dict[str, float]:
    return {**weights, name: max(weights[name], least)}


if __name__ == "__main__":
    main()
