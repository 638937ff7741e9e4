"""Fit the model of intents: questions of the field, other subjects, chat, hostile instructions.

`python -m training.intent --out models/intent`, and `--folds 5` to see how it does on texts that it has not seen

Multinomial logistic regression over hashed character n-grams (`qa/intent.py`) on `training/intents.jsonl`, written for this project,
the train questions, and what is of the field by its nature: presumptions, a sample of the plain-language lines and of the known gaps.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from qa.intent import FILE, INTENTS, IntentModel, grams
from qa.types import Refusal
from training.data import read_jsonl
from training.examples import PREMISES

ROOT = Path(__file__).resolve().parent.parent
_SAMPLE = 6000  # lines, and as many gaps
_WEIGHTS = {0: 1.0, 1: 2.0, 2: 3.0, 3: 3.0}  # questions of the field are many
_INVERSE_DECAY = 10.0  # `C` of scikit-learn
_KINDS = {refusal.value if refusal else "field": number for number, refusal in enumerate(INTENTS)}


def texts(seed: int) -> list[tuple[str, int]]:
    """Every text with the number of its intent."""
    written = [(row["text"], _KINDS[row["kind"]]) for row in read_jsonl(Path(__file__).with_name("intents.jsonl"))]
    asked = [(row["question"], _intent(row)) for row in read_jsonl(ROOT / "eval" / "questions" / "train.jsonl")]
    draw = random.Random(seed)
    known: list[tuple[str, int]] = []
    for name, key in (("lines", "lines"), ("gaps", "gaps")):
        rows = read_jsonl(ROOT / "corpus" / f"{name}.jsonl")
        pool = [text for row in rows if row["document"] for text in row[key]]
        known += [(text, 0) for text in draw.sample(pool, min(_SAMPLE, len(pool)))]
    known += [(text, 0) for row in read_jsonl(PREMISES) for text in (*row["true"], *row["false"])]
    trades = [text for row in read_jsonl(ROOT / "corpus" / "gaps.jsonl") if not row["document"] for text in row["gaps"]]
    return written + asked + known + [(text, _KINDS[Refusal.OUT_OF_DOMAIN.value]) for text in trades]


def _intent(row: dict[str, Any]) -> int:
    return _KINDS.get(row.get("refusal") or "field", 0)


def fit(examples: list[tuple[str, int]]) -> dict[str, np.ndarray]:
    """`weights` (len(INTENTS), BUCKETS) and `bias` (len(INTENTS),), both float16."""
    matrix = vstack([csr_matrix(grams(text)) for text, _ in examples])
    model = LogisticRegression(C=_INVERSE_DECAY, class_weight=_WEIGHTS, max_iter=500)
    model.fit(matrix, [intent for _, intent in examples])
    return {"weights": np.ascontiguousarray(model.coef_, np.float16), "bias": model.intercept_.astype(np.float16)}


def crossed(examples: list[tuple[str, int]], folds: int, seed: int) -> Counter[tuple[int, Refusal | None]]:
    """How often each intent is taken for what, every text judged by a model fitted without it and the others of its fold."""
    draw = random.Random(seed)
    fold = [draw.randrange(folds) for _ in examples]
    seen: Counter[tuple[int, Refusal | None]] = Counter()
    for out in range(folds):
        tensors = fit([example for example, number in zip(examples, fold, strict=True) if number != out])
        model = IntentModel(*(tensors[name].astype(np.float32) for name in ("weights", "bias")))
        seen.update((intent, model.refusal(text)) for (text, intent), number in zip(examples, fold, strict=True) if number == out)
    return seen


def main() -> None:
    """Fit and write the weights, or measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "intent")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folds", type=int, default=0, help="measure by cross-validation and write nothing")
    options = parser.parse_args()
    examples = texts(options.seed)
    if options.folds:
        for (intent, taken), count in sorted(crossed(examples, options.folds, options.seed).items(), key=str):
            print(f"{INTENTS[intent] or 'field':>14} -> {taken or 'field':<14} {count}")
        return
    options.out.mkdir(parents=True, exist_ok=True)
    save_file(fit(examples), options.out / FILE)
    print(f"{len(examples)} texts")


if __name__ == "__main__":
    main()
