r"""Stage 8 (transformer). A pre-trained body -> models/answerability: whether a passage answers a question, or only speaks of its subject.

Answered: plain-language lines, our own questions with the passages of their evidence, and questions with a true premise. Not answered:
the known gaps of each passage, questions with a false premise (`premises.jsonl`), train questions of the kinds not_stated and premise,
passages that retrieval ranks high but that do not answer, and public questions on anything else. One score on the mean of the states,
binary cross-entropy.

    python -m training.answerability --tokenizer build/training/tokenizer.json --body build/training/body \
        --questions build/training/fit.jsonl --data ../shared/data --out models/answerability
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
from qa.pipeline import Assistant
from training import examples
from training.examples import Example
from training.folders import body_weights, save_folder
from training.judging import encode_pairs, mixed
from training.reranker import Judge
from training.settings import add_body, add_retrieval, run_stage, stage_parser
from training.timed import timed


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings for two CPU cores, those of the shipped model. The shares of a batch are relative to each other.

    Premises and questions on anything else have no share: with them the model was worse (README.md).
    """

    minutes: float = 9.5
    batch: int = 40  # questions with a passage
    lines: float = 0.27
    questions: float = 0.23
    gaps: float = 0.36
    open_questions: float = 0.06  # train questions that their passage leaves open
    wrong: float = 0.08
    true_premises: float = 0.0
    false_premises: float = 0.0
    strange: float = 0.0
    strangers: int = 1_500  # public questions drawn
    dropout: float = 0.0
    rate: float = 4e-4
    seed: int = 0


def answer_loss(
    judge: Judge, tokenizer: Tokenizer, kinds: Sequence[tuple[float, Sequence[Example]]], recipe: Recipe, device: str
) -> Callable[[int], Tensor]:
    """The loss of a batch drawn from several kinds of examples, each with its share."""
    batches = mixed(kinds, recipe.batch, recipe.seed)

    def loss(step: int) -> Tensor:
        items = next(batches)
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
    parser.add_argument("--premises", default=str(examples.PREMISES), help="questions with a true and with a false premise")
    parser.add_argument("--data", default="", help="folder of public pairs; none: no questions on anything else")
    run_stage(parser, arguments, Recipe(), train)


def train(args: argparse.Namespace, recipe: Recipe) -> None:
    """All kinds of examples together, then the folder."""
    torch.manual_seed(recipe.seed)
    tokenizer = Tokenizer.from_file(args.tokenizer)
    config, weights = body_weights(args.body)
    config.embedding_dropout = config.mlp_dropout = config.classifier_dropout = recipe.dropout
    judge = Judge(config).to(args.device)
    judge.model.model.load_state_dict(weights)
    settings = qa.Config(corpus_dir=args.corpus, index_dir=args.index, encoder=args.static, answerability="")
    kinds = all_kinds(qa.load(settings), args, recipe)
    print([len(found) for _, found in kinds], "examples", flush=True)
    timed(Path(args.state), judge, recipe.minutes, recipe.rate, answer_loss(judge, tokenizer, kinds, recipe, args.device))
    save_folder(judge.model, tokenizer, Path(args.out))


def all_kinds(assistant: Assistant, args: argparse.Namespace, recipe: Recipe) -> list[tuple[float, list[Example]]]:
    """Every kind of examples with its share of a batch."""
    chance = np.random.default_rng(recipe.seed)
    right, wrong = examples.asked(assistant, args.questions, chance)
    return [
        (recipe.lines, examples.lines(assistant)),
        (recipe.questions, right),
        (recipe.gaps, examples.gaps(assistant)),
        (recipe.open_questions, examples.left_open(assistant, args.questions)),
        (recipe.true_premises, examples.premises(assistant, args.premises, True)),
        (recipe.false_premises, examples.premises(assistant, args.premises, False)),
        (recipe.wrong, wrong),
        (recipe.strange, examples.strangers(assistant, args.data, recipe.strangers, chance)),
    ]


if __name__ == "__main__":
    main()
