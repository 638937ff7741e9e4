r"""Stage 7 (transformer). A pre-trained body -> models/reader: where in a passage the answer stands, or that it does not stand there.

Public reading comprehension, and our own questions with their evidence; a passage that does not answer points at [CLS], as in
SQuAD 2.0 (Rajpurkar et al. 2018).

    python -m training.reader --tokenizer build/training/tokenizer.json --body build/training/body \
        --questions build/training/fit.jsonl --out models/reader
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import ModernBertConfig, ModernBertForQuestionAnswering

import qa
from qa.excerpt import TEXT_CHARS
from qa.readers import fold
from training.data import own_lines, own_questions, question_text, read_jsonl
from training.folders import body_weights, save_folder
from training.judging import Found, encode_pairs, find, mixed, shown
from training.settings import add_body, add_data, add_retrieval, run_stage, stage_parser
from training.timed import timed

LIMITS = (48, 192)  # pieces of a question and of a text


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings for two CPU cores; README.md has those for a GPU."""

    minutes: float = 15.0
    batch: int = 48  # questions with a text
    own_share: float = 0.5  # of a batch
    absent: float = 0.35  # share of the texts that do not answer
    rate: float = 5e-4
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A question and a text with the answer at text[start:end]; start = end = -1 when it is not there."""

    question: str
    text: str
    start: int
    end: int


class Reader(nn.Module):
    """A body with a start and an end score for every piece."""

    def __init__(self, config: ModernBertConfig) -> None:
        super().__init__()
        config.num_labels = 2
        self.model = ModernBertForQuestionAnswering(config)

    def forward(self, rows: Tensor, kept: Tensor) -> tuple[Tensor, Tensor]:
        """Start and end scores, (n, t) each; padding gets -1e4."""
        found = self.model(input_ids=rows, attention_mask=kept)
        gone = kept == 0
        return found.start_logits.float().masked_fill(gone, -1e4), found.end_logits.float().masked_fill(gone, -1e4)


def public_reading(data: str | Path, chance: np.random.Generator) -> tuple[list[Reading], list[Reading]]:
    """Stretches of the public contexts with the answer in them, and others of the same contexts without it."""
    with_answer, without = [], []
    for row in read_jsonl(Path(data) / "mrc.jsonl.zst"):
        context, begin = row["context"], row["start"]
        end = begin + len(row["answer"])
        if not row["answer"] or end - begin > TEXT_CHARS - 20:
            continue
        low, high = max(end - TEXT_CHARS, 0), min(begin, max(len(context) - TEXT_CHARS, 0))
        at = int(chance.integers(low, high + 1)) if high > low else min(low, high)
        text = context[at : at + TEXT_CHARS]
        with_answer.append(Reading(row["q"], text, begin - at, end - at))
        for away in (end + 5, begin - 5 - TEXT_CHARS):
            if 0 <= away <= len(context) - TEXT_CHARS // 2 and row["answer"] not in context[away : away + TEXT_CHARS]:
                without.append(Reading(row["q"], context[away : away + TEXT_CHARS], -1, -1))
    return with_answer, without


def own_reading(
    assistant: qa.Assistant, found: Sequence[Found], quotes: Sequence[Sequence[str]], chance: np.random.Generator
) -> tuple[list[Reading], list[Reading]]:
    """Our own questions: excerpts that hold a quote, and wrong passages that were ranked high."""
    with_answer, without = [], []
    for item, evidence in zip(found, quotes, strict=True):
        asked = item.query.search_text or item.query.text
        wrong = [passage for passage, fits in zip(item.passages, item.right, strict=True) if not fits][:8]
        for passage, fits in zip(item.passages, item.right, strict=True):
            if not fits or not evidence:
                continue
            read = shown(item.query, passage, assistant)
            if span := _quote_span(str(read), evidence):
                with_answer.append(Reading(asked, str(read), *span))
        for number in chance.permutation(len(wrong))[:3]:
            without.append(Reading(asked, str(shown(item.query, wrong[number], assistant)), -1, -1))
    return with_answer, without


def _quote_span(text: str, quotes: Sequence[str]) -> tuple[int, int] | None:
    """Where a quote, or the part of it that the excerpt shows, stands in a text; compared without white space and letter width."""
    places = [i for i, char in enumerate(text) for _ in fold(char)]
    folded = fold(text)
    for quote in map(fold, quotes):
        at = folded.find(quote)
        if quote and at >= 0:
            return places[at], places[at + len(quote) - 1] + 1
    return None


def reading_loss(
    reader: Reader, tokenizer: Tokenizer, kinds: Sequence[tuple[float, Sequence[Reading]]], recipe: Recipe, device: str
) -> Callable[[int], Tensor]:
    """The loss of a batch drawn from several kinds of readings, each with its share."""
    batches = mixed(kinds, recipe.batch, recipe.seed)

    def loss(step: int) -> Tensor:
        items = next(batches)
        rows, kept, encodings = encode_pairs(tokenizer, [i.question for i in items], [i.text for i in items], LIMITS)
        targets = [piece_span(item, encoding) for item, encoding in zip(items, encodings, strict=True)]
        starts, ends = (torch.tensor(side, device=device) for side in zip(*targets, strict=True))
        with torch.autocast(device, dtype=torch.bfloat16):
            start_scores, end_scores = reader(rows.to(device), kept.to(device))
        return (nn.functional.cross_entropy(start_scores, starts) + nn.functional.cross_entropy(end_scores, ends)) / 2

    return loss


def piece_span(item: Reading, encoding: tuple[int, Sequence[tuple[int, int]]]) -> tuple[int, int]:
    """First and last piece of the answer; (0, 0), the [CLS], when it is not there or was cut off."""
    first, offsets = encoding
    inside = [n for n, (begin, end) in enumerate(offsets) if begin < item.end and end > item.start and end > begin]
    if item.start < 0 or not inside or offsets[inside[-1]][1] < item.end:
        return 0, 0
    return first + inside[0], first + inside[-1]


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = stage_parser(__doc__)
    add_body(parser)
    add_data(parser)
    add_retrieval(parser, "reader")
    run_stage(parser, arguments, Recipe(), train)


def train(args: argparse.Namespace, recipe: Recipe) -> None:
    """All kinds of readings together, then the folder."""
    torch.manual_seed(recipe.seed)
    chance = np.random.default_rng(recipe.seed)
    tokenizer = Tokenizer.from_file(args.tokenizer)
    config, weights = body_weights(args.body)
    reader = Reader(config).to(args.device)
    reader.model.model.load_state_dict(weights)
    theirs, theirs_not = public_reading(args.data, chance)
    ours, ours_not = own_data(args, chance)
    own, present = recipe.own_share, 1 - recipe.absent
    kinds = [(own * present, ours), (own * recipe.absent, ours_not)]
    kinds += [((1 - own) * present, theirs), ((1 - own) * recipe.absent, theirs_not)]
    print([len(readings) for _, readings in kinds], "readings", flush=True)
    timed(Path(args.state), reader, recipe.minutes, recipe.rate, reading_loss(reader, tokenizer, kinds, recipe, args.device))
    save_folder(reader.model, tokenizer, Path(args.out))


def own_data(args: argparse.Namespace, chance: np.random.Generator) -> tuple[list[Reading], list[Reading]]:
    """Our own questions with their evidence, and lines with wrong passages only: a line has no quote of its own."""
    assistant: Any = qa.load(qa.Config(corpus_dir=args.corpus, index_dir=args.index, encoder=args.static, answerability=""))
    passages = assistant.ranking.retriever.index.passages
    questions, lines = own_questions(args.questions, assistant.corpus, passages), own_lines(assistant.corpus, passages)
    evidence = evidence_by_question(args.questions)
    found = list(find(assistant, questions))
    with_answer, without = own_reading(assistant, found, [evidence.get(item.text, ()) for item in questions], chance)
    return with_answer, without + own_reading(assistant, list(find(assistant, lines)), [()] * len(lines), chance)[1]


def evidence_by_question(files: Sequence[str]) -> dict[str, list[str]]:
    """The quotes of every question."""
    return {question_text(row): [item["quote"] for item in row["evidence"]] for file in files for row in read_jsonl(file)}


if __name__ == "__main__":
    main()
