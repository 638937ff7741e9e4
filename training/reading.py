"""Exact match and F1 of a reader on CMRC 2018 dev, in the set's own definition: the context is given, the answer is a span of it.

python -m training.reading --model build/training/reader --external ../shared/data/external
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from eval.external import exact_match, overlap_f1
from qa.excerpt import TEXT_CHARS
from training.data import read_jsonl

_STRIDE = TEXT_CHARS // 2  # characters from one stretch of a context to the next
_LONGEST = 40  # pieces of an answer


def best_span(
    starts: Sequence[float], ends: Sequence[float], offsets: Sequence[tuple[int, int]], longest: int = _LONGEST
) -> tuple[float, int, int]:
    """The pair of start and end with the highest sum: (score, first character, character behind the last).

    Args:
        starts: start scores of a text's pieces.
        ends: end scores of the same pieces.
        offsets: where each piece stands in the text.
        longest: pieces of a span at most.
    """
    sums = np.array(starts)[:, None] + np.array(ends)[None, :]
    allowed = np.triu(np.ones_like(sums), 0) - np.triu(np.ones_like(sums), longest)
    first, last = np.unravel_index(np.where(allowed > 0, sums, -np.inf).argmax(), sums.shape)
    return float(sums[first, last]), offsets[first][0], offsets[last][1]


class FolderReader:
    """A question-answering folder of transformers."""

    def __init__(self, folder: str) -> None:
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        self._model: Any = AutoModelForQuestionAnswering.from_pretrained(folder, dtype=torch.float32).eval()
        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder)

    def answer(self, question: str, context: str) -> str:
        """The span of the context that answers best: over stretches of 200 characters, its score less that of "not here"."""
        begins = range(0, max(len(context) - _STRIDE, 1), _STRIDE)
        texts = [context[begin : begin + TEXT_CHARS] for begin in begins]
        batch = self._tokenizer(
            [question] * len(texts), texts, padding=True, truncation="only_second", max_length=256,
            return_offsets_mapping=True, return_tensors="pt",
        )  # fmt: skip
        offsets = batch.pop("offset_mapping").tolist()
        with torch.no_grad():
            found = self._model(**batch)
        spans = []
        for number, text in enumerate(texts):
            kept = [i for i, side in enumerate(batch.encodings[number].sequence_ids) if side == 1]
            starts, ends = (scores[number] for scores in (found.start_logits, found.end_logits))
            score, begin, end = best_span(starts[kept].tolist(), ends[kept].tolist(), [offsets[number][i] for i in kept])
            spans.append((score - float(starts[0] + ends[0]), text[begin:end]))
        return max(spans)[1]


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="a question-answering folder of transformers")
    parser.add_argument("--external", required=True, help="the folder of cmrc2018-dev.jsonl.zst")
    parser.add_argument("--limit", type=int, default=0, help="only every n-th question, so that about this many are asked")
    args = parser.parse_args(arguments)
    rows = list(read_jsonl(Path(args.external) / "cmrc2018-dev.jsonl.zst"))
    rows = rows[:: max(len(rows) // args.limit, 1)] if args.limit else rows
    reader = FolderReader(args.model)
    answers = [(reader.answer(row["q"], row["context"]), row["answer"]) for row in rows]
    exact, overlap = (np.mean([score(given, wanted) for given, wanted in answers]) for score in (exact_match, overlap_f1))
    print(f"{len(rows)} questions: exact match {exact:.3f}, F1 {overlap:.3f}")


if __name__ == "__main__":
    main()
