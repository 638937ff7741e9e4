r"""Stage 8 (transformer). A pre-trained body -> models/answerability: whether a passage answers a question, or only speaks of its subject.

Answered: plain-language lines, and our own questions with the passages of their evidence. Not answered: the known gaps of each passage
(`corpus/gaps.jsonl`), train questions of the kinds not_stated and premise, and passages that retrieval ranks high but that do not answer.
One score on the mean of the states, binary cross-entropy.

    python -m training.answerability --tokenizer build/training/tokenizer.json --body build/training/body \
        --questions build/training/fit.jsonl --out models/answerability
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

import qa
from qa.answerability import QUESTION_PIECES, TEXT_PIECES
from qa.excerpt import READ_CHARS
from qa.gaps import asked_text
from qa.lines import read_rows
from qa.pipeline import Assistant
from qa.readers import fold
from qa.types import Passage, Query, Turn
from training.data import holders, own_questions, read_jsonl
from training.folders import body_weights, save_folder
from training.judging import encode_pairs, find, shown
from training.reranker import Judge
from training.settings import add_body, add_retrieval, run_stage, stage_parser
from training.timed import timed

_NEAREST = 2  # passages of a document that a gap without a passage of its own is held against
_WRONG = 3  # wrong passages of a question


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings for two CPU cores. The shares of a batch are relative to each other."""

    minutes: float = 25.0
    batch: int = 40  # questions with a passage
    lines: float = 0.27
    questions: float = 0.23
    gaps: float = 0.36
    open_questions: float = 0.06  # train questions that their passage leaves open
    wrong: float = 0.08
    rate: float = 4e-4
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A question, a passage as the model reads it, and whether it answers."""

    question: str
    text: str
    answered: bool


def listed(assistant: Assistant, name: str, answered: bool) -> list[Example]:
    """The questions of `corpus/<name>.jsonl` with the passage they belong to, or else with the nearest of their document."""
    corpus, passages = assistant.corpus, assistant.ranking.retriever.index.passages
    result = []
    for document, quote, texts in read_rows(corpus, name):
        span = corpus.documents[document].span_at(quote) if quote else None
        own = [passage for passage in passages if passage.document == document]
        owner = [passage for passage in own if span and passage.span.start <= span.start < passage.span.end]
        for text in texts:
            query = assistant.parse(f"{corpus.documents[document].info.short_title} {text}")
            near = owner if quote else [hit.passage for hit in assistant.ranking.rank(query, most=12) if hit.passage in own]
            result += [Example(text, read(query, passage, assistant), answered) for passage in near[:_NEAREST]]
    return result


def asked(assistant: Assistant, files: Sequence[str], chance: np.random.Generator) -> tuple[list[Example], list[Example]]:
    """Our own questions with the passages that answer them, and with others that were ranked high."""
    right, wrong = [], []
    for found in find(assistant, own_questions(files, assistant.corpus, assistant.ranking.retriever.index.passages)):
        question = asked_text(found.query)
        pairs = list(zip(found.passages, found.right, strict=True))
        right += [Example(question, read(found.query, passage, assistant), True) for passage, fits in pairs if fits]
        others = [passage for passage, fits in pairs if not fits][:8]
        wrong += [
            Example(question, read(found.query, others[n], assistant), False) for n in chance.permutation(len(others))[:_WRONG]
        ]
    return right, wrong


def left_open(assistant: Assistant, files: Sequence[str]) -> list[Example]:
    """Questions without an answer, with the passages that a good declining answer cites."""
    passages = assistant.ranking.retriever.index.passages
    folded = [fold(passage.text) for passage in passages]
    result = []
    for row in (row for file in files for row in read_jsonl(file) if not row["evidence"]):
        query = assistant.parse(row["question"], [Turn(earlier) for earlier in row.get("history", [])])
        for number in {n for item in row.get("correction", []) for n in holders(item, assistant.corpus, passages, folded)}:
            result.append(Example(asked_text(query), read(query, passages[number], assistant), False))
    return result


def read(query: Query, passage: Passage, assistant: Assistant) -> str:
    """A passage as the model reads it for a question."""
    return str(shown(query, passage, assistant, READ_CHARS))


def answer_loss(
    judge: Judge, tokenizer: Tokenizer, kinds: Sequence[tuple[float, Sequence[Example]]], recipe: Recipe, device: str
) -> Callable[[int], Tensor]:
    """The loss of a batch drawn from several kinds of examples, each with its share."""
    chance = np.random.default_rng(recipe.seed)
    kinds = [(share, examples) for share, examples in kinds if examples]
    shares = np.array([share for share, _ in kinds]) / sum(share for share, _ in kinds)

    def loss(step: int) -> Tensor:
        drawn = [kinds[kind][1] for kind in chance.choice(len(kinds), size=recipe.batch, p=shares)]
        items = [examples[chance.integers(len(examples))] for examples in drawn]
        limits = (QUESTION_PIECES, TEXT_PIECES)
        rows, kept, _ = encode_pairs(tokenizer, [i.question for i in items], [i.text for i in items], limits)
        with torch.autocast(device, dtype=torch.bfloat16):
            scores = judge(rows.to(device), kept.to(device))
        answered = torch.tensor([float(item.answered) for item in items], device=device)
        return nn.functional.binary_cross_entropy_with_logits(scores, answered)

    return loss


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = stage_parser(__doc__)
    add_body(parser)
    add_retrieval(parser, "answerability")
    run_stage(parser, arguments, Recipe(), train)


def train(args: argparse.Namespace, recipe: Recipe) -> None:
    """All kinds of examples together, then the folder."""
    torch.manual_seed(recipe.seed)
    tokenizer = Tokenizer.from_file(args.tokenizer)
    config, weights = body_weights(args.body)
    judge = Judge(config).to(args.device)
    judge.model.model.load_state_dict(weights)
    settings = qa.Config(corpus_dir=args.corpus, index_dir=args.index, encoder=args.static, answerability="")
    assistant = qa.load(settings)
    right, wrong = asked(assistant, args.questions, np.random.default_rng(recipe.seed))
    kinds = [
        (recipe.lines, listed(assistant, "lines", True)),
        (recipe.questions, right),
        (recipe.gaps, listed(assistant, "gaps", False)),
        (recipe.open_questions, left_open(assistant, args.questions)),
        (recipe.wrong, wrong),
    ]
    print([len(examples) for _, examples in kinds], "examples", flush=True)
    timed(Path(args.state), judge, recipe.minutes, recipe.rate, answer_loss(judge, tokenizer, kinds, recipe, args.device))
    save_folder(judge.model, tokenizer, Path(args.out))


if __name__ == "__main__":
    main()
