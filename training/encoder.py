r"""Stage 5 (transformer). A pre-trained body -> an encoder: public pairs, then our own lines and questions.

Each question of ours meets its passage, the passages of the other questions of the batch, and one hard negative that the static
encoder takes for right. Checkpoints as in the stage before.

    python -m training.encoder --tokenizer build/training/tokenizer.json --body build/training/body --start models/encoder \
        --out build/training/transformer
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import normalize
from transformers import ModernBertModel

from qa.chunk import make_passages
from qa.corpus import load_corpus
from training.contrast import choice_loss, drop, prepare, ranking_loss
from training.data import own_lines, own_questions, passage_texts, read_pairs
from training.evaluate import folder_encoder
from training.folders import body_weights, save_folder
from training.own import OwnData, prepare_own
from training.settings import add_body, add_data, run_stage, stage_parser
from training.timed import timed

Rows = Sequence[NDArray[np.uint16]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings for two CPU cores; README.md has those for a GPU."""

    pair_minutes: float = 20.0
    own_minutes: float = 15.0
    batch: int = 96  # pairs
    own_batch: int = 48  # questions
    question_limit: int = 48  # pieces
    limit: int = 128  # pieces of a passage
    rate: float = 5e-4
    scale: float = 20.0
    dropped: float = 0.1
    hard_from: int = 20  # hard negatives are drawn from this many best of the static encoder
    seed: int = 0


class Pooled(nn.Module):
    """A body whose last states are averaged and brought to length 1."""

    def __init__(self, body: ModernBertModel, device: str) -> None:
        super().__init__()
        self.body, self.device = body, device

    def forward(self, rows: Rows) -> Tensor:
        """Rows of piece numbers -> (n, width)."""
        longest = max(map(len, rows))
        padded = np.zeros((len(rows), longest), dtype=np.int64)
        for number, row in enumerate(rows):
            padded[number, : len(row)] = row
        pieces = torch.from_numpy(padded).to(self.device)
        kept = pieces != 0
        with torch.autocast(self.device, dtype=torch.bfloat16):
            hidden = self.body(input_ids=pieces, attention_mask=kept.long()).last_hidden_state
        summed = (hidden.float() * kept[:, :, None]).sum(dim=1)
        return normalize(summed / kept.sum(dim=1, keepdim=True).clamp(min=1), dim=-1)


def pair_loss(model: Pooled, tokenizer: Tokenizer, data: str, recipe: Recipe) -> Callable[[int], Tensor]:
    """The loss of a batch of public pairs."""
    pairs = prepare(tokenizer, read_pairs(data))
    batches: Iterator[NDArray[np.int64]] = pairs.batches(recipe.batch, recipe.seed)
    chance = np.random.default_rng(recipe.seed)

    def loss(step: int) -> Tensor:
        batch = next(batches)
        questions = model(drop(pairs.questions.take(batch, recipe.question_limit), recipe.dropped, chance))
        passages = model(pairs.passages.take(batch, recipe.limit))
        return ranking_loss(questions, passages, pairs.same(batch).to(model.device), recipe.scale)

    return loss


def own_loss(model: Pooled, own: OwnData, hard: NDArray[np.int64], recipe: Recipe) -> Callable[[int], Tensor]:
    """The loss of a batch of our own questions and lines; lines carry the name of their policy."""
    chance = np.random.default_rng(recipe.seed + 1)

    def loss(step: int) -> Tensor:
        batch = chance.choice(len(own.weights), size=recipe.own_batch, p=own.weights / own.weights.sum())
        good = [int(chance.choice(np.flatnonzero(own.right[number].numpy()))) for number in batch]
        bad = [int(chance.choice(hard[number])) for number in batch]
        shown = np.unique([*good, *bad])
        questions = model(drop(own.placed.take(batch, recipe.question_limit), recipe.dropped, chance))
        passages = model(own.passages.take(shown, recipe.limit))
        right = own.right[batch][:, shown].to(model.device)
        return choice_loss(questions @ passages.T * recipe.scale, right, torch.ones_like(right))

    return loss


def hard_negatives(own: OwnData, asked: Sequence[str], texts: Sequence[str], static: str, count: int) -> NDArray[np.int64]:
    """(asked, count) numbers of the passages that a static encoder ranks high and that are not right."""
    encode = folder_encoder(static)
    scores = torch.from_numpy(encode(asked) @ encode(texts).T).masked_fill(own.right, -2.0)
    return np.asarray(scores.topk(min(count, scores.shape[1]), dim=1).indices.numpy())


def save(model: Pooled, tokenizer: Tokenizer, out: Path) -> None:
    """Write a Sentence Transformers folder with fp16 weights."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    inner = out / "body"
    save_folder(model.body, tokenizer, inner, pairs=False)
    body: Any = Transformer(str(inner), max_seq_length=256)
    modules = [body, Pooling(body.get_embedding_dimension(), "mean"), Normalize()]
    SentenceTransformer(modules=modules, device="cpu").half().save(str(out / "final"), create_model_card=False)


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = stage_parser(__doc__)
    add_body(parser)
    add_data(parser)
    parser.add_argument("--start", default="models/encoder", help="static encoder that finds hard negatives")
    run_stage(parser, arguments, Recipe(), train)


def train(args: argparse.Namespace, recipe: Recipe) -> None:
    """Both parts, then the folder."""
    torch.manual_seed(recipe.seed)
    tokenizer, out = Tokenizer.from_file(args.tokenizer), Path(args.out)
    config, weights = body_weights(args.body)
    body = ModernBertModel(config)
    body.load_state_dict(weights)
    model = Pooled(body, args.device).to(args.device)
    corpus = load_corpus(args.corpus)
    passages = make_passages(corpus, 500)
    texts = passage_texts(corpus, passages)
    questions, lines = own_questions(args.questions, corpus, passages), own_lines(corpus, passages)
    own = prepare_own(tokenizer, passages, texts, questions, lines)
    asked = [f"{item.place} {item.text}" for item in (*questions, *lines)]
    timed(out / "pairs", model, recipe.pair_minutes, recipe.rate, pair_loss(model, tokenizer, args.data, recipe))
    hard = hard_negatives(own, asked, texts, args.start, recipe.hard_from)
    timed(out / "own", model, recipe.own_minutes, recipe.rate / 2, own_loss(model, own, hard, recipe))
    save(model, tokenizer, out)


if __name__ == "__main__":
    main()
