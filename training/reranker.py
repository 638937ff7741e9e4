r"""Stage 6 (transformer). A pre-trained body -> models/reranker: a cross-encoder that reads question and passage together.

Each step shows some questions with one right text and several wrong ones; the loss is the cross entropy of choosing the right one
(listwise, as in training.ranker). First public pairs, then our own questions and lines against what our own retrieval puts in front.

    python -m training.reranker --tokenizer build/training/tokenizer.json --body build/training/body \
        --questions build/training/fit.jsonl --out models/reranker
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
from transformers import ModernBertConfig, ModernBertForSequenceClassification

import qa
from training.data import own_lines, own_questions, read_pairs
from training.folders import body_weights, save_folder
from training.judging import Judged, encode_pairs, find, own_judged, public_judged
from training.settings import add_body, add_data, add_retrieval, run_stage, stage_parser
from training.timed import timed

LIMITS = (48, 140)  # pieces of a question and of a text


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings for two CPU cores; README.md has those for a GPU."""

    public: int = 40_000  # public pairs
    public_minutes: float = 8.0
    own_minutes: float = 12.0
    groups: int = 16  # questions of a batch
    wrong: int = 5  # wrong texts of a question
    question_share: float = 0.6  # of our own batches; the rest are lines
    rate: float = 5e-4
    seed: int = 0


class Judge(nn.Module):
    """A body with one score on the states' mean."""

    def __init__(self, config: ModernBertConfig) -> None:
        super().__init__()
        config.num_labels, config.classifier_pooling = 1, "mean"
        self.model = ModernBertForSequenceClassification(config)

    def forward(self, rows: Tensor, kept: Tensor) -> Tensor:
        """Scores of pairs, (n,)."""
        return self.model(input_ids=rows, attention_mask=kept).logits[:, 0].float()


def group_loss(
    judge: Judge, tokenizer: Tokenizer, judged: Sequence[Judged], weights: np.ndarray, recipe: Recipe, device: str
) -> Callable[[int], Tensor]:
    """The loss of a batch of questions, each with one right text and `wrong` wrong ones."""
    chance = np.random.default_rng(recipe.seed)
    share = weights / weights.sum()

    def loss(step: int) -> Tensor:
        items = [judged[n] for n in chance.choice(len(judged), size=recipe.groups, p=share)]
        texts = [text for item in items for text in _drawn(item, recipe.wrong, chance)]
        asked = [item.question for item in items for _ in range(recipe.wrong + 1)]
        rows, kept, _ = encode_pairs(tokenizer, asked, texts, LIMITS)
        with torch.autocast(device, dtype=torch.bfloat16):
            scores = judge(rows.to(device), kept.to(device)).view(len(items), recipe.wrong + 1)
        return nn.functional.cross_entropy(scores, torch.zeros(len(items), dtype=torch.long, device=device))

    return loss


def _drawn(item: Judged, wrong: int, chance: np.random.Generator) -> list[str]:
    """A right text, then wrong ones, near ones more often."""
    order = np.minimum(chance.geometric(0.12, size=wrong) - 1, len(item.wrong) - 1)
    return [item.right[chance.integers(len(item.right))], *(item.wrong[n] for n in order)]


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = stage_parser(__doc__)
    add_body(parser)
    add_data(parser)
    add_retrieval(parser, "reranker")
    run_stage(parser, arguments, Recipe(), train)


def train(args: argparse.Namespace, recipe: Recipe) -> None:
    """Public pairs, our own, then the folder."""
    torch.manual_seed(recipe.seed)
    tokenizer, state = Tokenizer.from_file(args.tokenizer), Path(args.state)
    config, weights = body_weights(args.body)
    judge = Judge(config).to(args.device)
    judge.model.model.load_state_dict(weights)
    public = [item for item in public_judged(read_pairs(args.data), args.static, recipe.public, recipe.seed) if item.wrong]
    even = np.ones(len(public))
    timed(
        state / "public", judge, recipe.public_minutes, recipe.rate, group_loss(judge, tokenizer, public, even, recipe, args.device)
    )
    own, share = own_data(args, recipe)
    timed(state / "own", judge, recipe.own_minutes, recipe.rate / 2, group_loss(judge, tokenizer, own, share, recipe, args.device))
    save_folder(judge.model, tokenizer, Path(args.out))


def own_data(args: argparse.Namespace, recipe: Recipe) -> tuple[list[Judged], np.ndarray]:
    """Our own questions and lines as judged texts, and how often each is drawn."""
    settings = qa.Config(corpus_dir=args.corpus, index_dir=args.index, encoder=args.static, reranker="learned", answerability="")
    assistant = qa.load(settings)
    passages = assistant.ranking.retriever.index.passages
    questions, lines = own_questions(args.questions, assistant.corpus, passages), own_lines(assistant.corpus, passages)
    judged = own_judged(assistant, list(find(assistant, [*questions, *lines])))
    share = [recipe.question_share / max(len(questions), 1)] * len(questions)
    share += [(1 - recipe.question_share) / max(len(lines), 1)] * len(lines)
    kept = [number for number, item in enumerate(judged) if item.right and item.wrong]
    return [judged[number] for number in kept], np.array([share[number] for number in kept])


if __name__ == "__main__":
    main()
