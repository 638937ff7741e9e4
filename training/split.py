"""Cut a question file in two, so that something can be fitted or measured on questions that an encoder has not seen.

python -m training.split --questions eval/questions/train.jsonl --out build/training
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path


def split(rows: list[str], held: float, seed: int, first: int | None = None) -> tuple[list[str], list[str]]:
    """Rows to learn from and rows held out, in their old order.

    Args:
        rows: what is to be cut in two.
        held: share that is held out, 0 to 1.
        seed: which rows.
        first: only so many rows, from the top, are cut in two; later ones, which shipped models have not seen, are all held out.
    """
    cut = len(rows) if first is None else min(first, len(rows))
    chosen = {*random.Random(seed).sample(range(cut), round(cut * held)), *range(cut, len(rows))}
    return [row for number, row in enumerate(rows) if number not in chosen], [rows[number] for number in sorted(chosen)]


def main(arguments: list[str] | None = None) -> None:
    """Command line: writes fit.jsonl and held.jsonl."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", default="eval/questions/train.jsonl")
    parser.add_argument("--out", required=True)
    parser.add_argument("--held", type=float, default=0.25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, help="rows from the top that are cut in two; the others are held out")
    args = parser.parse_args(arguments)
    rows = Path(args.questions).read_text("utf-8").splitlines()
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    for name, part in zip(("fit", "held"), split(rows, args.held, args.seed, args.first), strict=True):
        (out / f"{name}.jsonl").write_text("".join(f"{row}\n" for row in part), "utf-8")


if __name__ == "__main__":
    main()
