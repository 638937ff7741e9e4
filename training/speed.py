"""What a model costs on this machine with each backend, and how far its results are from torch's.

The backends take turns, so that other work on the machine slows all of them. Questions and passages are our own.

    python -m training.speed --model build/training/reranker
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from qa.backend import BACKENDS, set_backend
from qa.chunk import make_passages
from qa.config import Config
from qa.corpus import load_corpus
from training.data import read_jsonl

_ROUNDS = 5
_BATCH = 32
Pairs = Sequence[tuple[str, str]]
Work = Callable[[], NDArray[np.float32]]


def own_pairs(corpus_dir: str, questions: str, count: int) -> Pairs:
    """The first train questions, each with four passages in a row, which are longer than any model here reads."""
    passages = [passage.text for passage in make_passages(load_corpus(corpus_dir), 500)]
    asked = [row["question"] for row in read_jsonl(questions)][:count]
    return [(question, "".join(passages[4 * number : 4 * number + 4])) for number, question in enumerate(asked)]


def load_model(folder: str, backend: str) -> Any:
    """A folder of sentence-transformers, or a classifier of pairs as its CrossEncoder."""
    from sentence_transformers import CrossEncoder, SentenceTransformer

    kind = SentenceTransformer if (Path(folder) / "modules.json").exists() else CrossEncoder
    model = kind(folder, device="cpu", local_files_only=True)
    set_backend(model, backend)
    return model


def encoding(model: Any, pairs: Pairs) -> dict[str, Work]:
    """The work of an encoder, by the name of its unit."""
    encode = partial(model.encode, batch_size=_BATCH, show_progress_bar=False)
    return {
        "ms a question": lambda: np.concatenate([encode([question]) for question, _ in pairs]),
        "ms a passage": lambda: encode([text for _, text in pairs]),
    }


def judging(model: Any, pairs: Pairs) -> dict[str, Work]:
    """The work of a classifier of pairs, by the name of its unit."""
    predict = partial(model.predict, batch_size=_BATCH, activation_fn=torch.nn.Identity(), show_progress_bar=False)
    whole, short = ({"text": {"max_length": pieces, "truncation": True}} for pieces in (256, 160))
    return {
        "ms a pair of 256 pieces": lambda: np.concatenate([predict([pair], processing_kwargs=whole) for pair in pairs]),
        "the same, in batches": lambda: predict(list(pairs), processing_kwargs=whole),
        "the same, 12 of 160 pieces": lambda: predict(list(pairs[:12]), processing_kwargs=short),
    }


def measure(works: Mapping[str, Mapping[str, Work]], rounds: int = _ROUNDS) -> tuple[dict[str, list[float]], float]:
    """Median milliseconds of every work that `encoding` or `judging` gives, by backend; and the largest difference of a result from torch's."""
    results = {backend: [work() for work in named.values()] for backend, named in works.items()}
    apart = max(
        float(np.abs(one - other).max()) for found in results.values() for one, other in zip(found, results["torch"], strict=True)
    )
    taken: dict[str, list[list[float]]] = {backend: [] for backend in works}
    for _ in range(rounds):
        for backend, named in works.items():
            taken[backend].append([_seconds(work) for work in named.values()])
    sizes = [len(found) for found in results["torch"]]
    return {backend: list(1000 * np.median(times, axis=0) / sizes) for backend, times in taken.items()}, apart


def _seconds(work: Work) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="folder of an encoder or of a classifier of pairs")
    parser.add_argument("--corpus", default=Config().corpus_dir)
    parser.add_argument("--questions", default="eval/questions/train.jsonl")
    parser.add_argument("--count", type=int, default=64, help="pairs")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    args = parser.parse_args(arguments)
    torch.set_num_threads(args.threads)
    pairs = own_pairs(args.corpus, args.questions, args.count)
    models = {backend: load_model(args.model, backend) for backend in BACKENDS}
    works = {backend: (judging if hasattr(model, "predict") else encoding)(model, pairs) for backend, model in models.items()}
    taken, apart = measure(works)
    print("\n".join(["| backend | " + " | ".join(works["torch"]) + " |", "|---" * (len(works["torch"]) + 1) + "|"]))
    for backend, times in taken.items():
        print(f"| {backend} | " + " | ".join(f"{value:.2f}" for value in times) + " |")
    print(f"\nlargest difference of a result: {apart:.0e}")


if __name__ == "__main__":
    main()
