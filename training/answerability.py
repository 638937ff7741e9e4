r"""Stage 8. Examples -> models/answerability: two linear readers, of passages and of clauses (`qa/answerability.py`).

Passages that answer: of plain-language lines, of our own questions, of questions with a true premise. That do not: of the known gaps,
of questions with a false premise (`premises.jsonl`), of train questions that a good declining answer cites them for. Lines and gaps
count a second time after something that an asker tells of herself, which changes no answer. Clauses: those of
the best passages of our own questions; a clause answers that holds a quote of the evidence. Logistic regression.

    python -m training.answerability --questions build/training/fit.jsonl --out build/training/answerability
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

import qa
from qa.answerability import BUCKETS, FILE, UNITS, buckets
from qa.pipeline import Assistant
from training import examples
from training.examples import Example

_INVERSE_DECAY = 30.0  # `C` of scikit-learn; 8 to 100 do as well
_QUESTIONS, _OPEN = (
    3.0,
    6.0,
)  # weights of train questions, of those that their passage leaves open; lines, gaps and premises weigh 1
_TOLD = 0.1  # of lines and gaps after something that the asker tells of herself
Weighted = tuple[float, Sequence[Example]]


def fit(kinds: Sequence[Weighted]) -> dict[str, np.ndarray]:
    """Weights (BUCKETS,) and bias (1,) from kinds of examples with their weights."""
    drawn = [(weight, example) for weight, found in kinds for example in found]
    features = [buckets(example.question, example.text) for _, example in drawn]
    ends = np.cumsum([0, *(len(numbers) for numbers, _ in features)])
    numbers, values = (np.concatenate(side) for side in zip(*features, strict=True))
    matrix = csr_matrix((values, numbers, ends), shape=(len(drawn), BUCKETS))
    model = LogisticRegression(C=_INVERSE_DECAY, solver="liblinear", max_iter=300)
    model.fit(matrix, [example.answered for _, example in drawn], sample_weight=[weight for weight, _ in drawn])
    return {"weights": model.coef_[0], "bias": model.intercept_}


def passage_kinds(assistant: Assistant, files: Sequence[str], premises: str) -> list[Weighted]:
    """What the reader of passages learns from."""
    lines, gaps, told = examples.lines(assistant), examples.gaps(assistant), examples.told(assistant, files)
    return [
        (1.0, lines),
        (_QUESTIONS, examples.asked(assistant, files)),
        (1.0, gaps),
        (_OPEN, examples.left_open(assistant, files)),
        (1.0, examples.premises(assistant, premises, True)),
        (1.0, examples.premises(assistant, premises, False)),
        (_TOLD, examples.preceded(lines, told)),
        (_TOLD, examples.preceded(gaps, told)),
    ]


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", nargs="+", default=["eval/questions/train.jsonl"])
    parser.add_argument("--premises", default=str(examples.PREMISES), help="questions with a true and with a false premise")
    parser.add_argument("--corpus", default="corpus")
    parser.add_argument("--encoder", default="models/encoder", help="of the search that finds passages")
    parser.add_argument("--index", default="index", help="index of the corpus with that encoder; built when it is missing")
    parser.add_argument("--out", type=Path, default=Path("models/answerability"))
    args = parser.parse_args(arguments)
    assistant = qa.load(qa.Config(corpus_dir=args.corpus, index_dir=args.index, encoder=args.encoder, answerability=""))
    kinds = {
        "passage": passage_kinds(assistant, args.questions, args.premises),
        "clause": [(1.0, examples.clauses(assistant, args.questions))],
    }
    tensors: dict[str, np.ndarray] = {}
    for unit in UNITS:
        print(unit, [len(found) for _, found in kinds[unit]], "examples", flush=True)
        fitted = fit(kinds[unit])
        tensors |= {unit: fitted["weights"].astype(np.float16), f"{unit}.bias": fitted["bias"].astype(np.float32)}
    args.out.mkdir(parents=True, exist_ok=True)
    save_file(tensors, args.out / FILE)
    (args.out / FILE).chmod(0o644)


if __name__ == "__main__":
    main()
