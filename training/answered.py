"""How well the readers of models/answerability know what is answered, on question files that they have not read.

For each kind of unanswerable question the area under the curve against the answerable ones, each with the passage that the pipeline
chose; and the share of answerable questions whose best clause holds a quote of the evidence, with the reader of clauses and without.

python -m training.answered --questions eval/questions/dev.jsonl eval/questions/fresh.jsonl
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score

import qa
from qa.answer.clause_model import CLAUSE_FEATURES, ClauseModel
from qa.answer.clauses import Clause
from qa.answer.extract import pick_clauses
from qa.answer.found import SIGNALS, load_found
from qa.answerability import load_answerability
from qa.pipeline import Assistant
from qa.readers import fold
from qa.rerank import RANKER_FILE, load_weights
from qa.types import Turn
from training.data import read_jsonl
from training.examples import holds_quote

_DEPTH = 5  # passages whose clauses compete


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: why it is declined ("" when it is answered), log odds of its passage, whether its best clause is right, with the reader and without."""

    kind: str
    odds: float
    right: tuple[bool, bool]


def ask(assistant: Assistant, file: str, folder: str) -> list[Asked]:
    """All questions of a file that have one answer and some passage."""
    read = load_answerability(folder)
    weights = load_weights(RANKER_FILE, "clause", CLAUSE_FEATURES)
    models = ClauseModel(weights, read.clause), ClauseModel(weights, None)
    retriever = assistant.ranking.retriever
    found = load_found(RANKER_FILE, retriever, read.passage)
    result = []
    for row in (row for row in read_jsonl(file) if row["type"] not in ("comparison", "open")):
        query = assistant.parse(row["question"], [Turn(earlier) for earlier in row.get("history", [])])
        if hits := assistant.ranking.rank(query, most=20):
            picks = pick_clauses(query, hits, retriever, models[0])
            odds = found.signals(query, hits, picks)[0][SIGNALS.index("answerability")]
            quotes = [fold(item["quote"]) for item in row["evidence"]]
            best = [_best(*model.scores(query, hits[:_DEPTH], retriever)) for model in models]
            with_reader, without = (holds_quote(fold(text), quotes) for text in best)
            result.append(Asked("" if row["evidence"] else row["refusal"], float(odds), (with_reader, without)))
    return result


def _best(clauses: Sequence[Clause], scores: np.ndarray) -> str:
    return clauses[int(scores.argmax())].text


def summary(asked: Sequence[Asked]) -> dict[str, float]:
    """Areas under the curve by kind, then the shares of right clauses."""
    answered = [item for item in asked if not item.kind]
    result = {}
    for kind in sorted({item.kind for item in asked} - {""}):
        against = [item for item in asked if item.kind == kind]
        labels = [1] * len(answered) + [0] * len(against)
        result[f"{kind} ({len(against)})"] = (
            float(roc_auc_score(labels, [item.odds for item in (*answered, *against)])) if answered else 0.0
        )
    for number, name in enumerate(("clause", "clause without the reader")):
        result[f"{name} ({len(answered)})"] = float(np.mean([item.right[number] for item in answered])) if answered else 0.0
    return result


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", nargs="+", required=True)
    parser.add_argument("--model", default=qa.Config().answerability)
    parser.add_argument("--encoder", default=qa.Config().encoder)
    parser.add_argument("--corpus", default=qa.Config().corpus_dir)
    parser.add_argument("--index", default=qa.Config().index_dir, help="index with that encoder; built when it is missing")
    args = parser.parse_args(arguments)
    assistant = qa.load(qa.Config(corpus_dir=args.corpus, index_dir=args.index, encoder=args.encoder, answerability=""))
    for file in args.questions:
        print(file, *(f"{name} {value:.3f}" for name, value in summary(ask(assistant, file, args.model)).items()), sep="\n  ")


if __name__ == "__main__":
    main()
