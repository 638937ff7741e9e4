r"""Stage 3. Pairs -> a static encoder: one vector a piece, a text is the mean of its pieces.

While it learns, the vector of a word is its own vector plus the mean of the vectors of its characters, so that 租房 and 租金
learn from each other; the sum is what is saved. First the public pairs, then our own lines and train questions, with a share
of public pairs kept in.

    python -m training.static --tokenizer build/training/tokenizer.json --words build/training/words.safetensors \
        --out models/encoder
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import embedding_bag, normalize

from qa.chunk import make_passages
from qa.corpus import load_corpus
from training.contrast import cut, drop, prepare, ranking_loss
from training.data import own_lines, own_questions, passage_texts, read_pairs
from training.evaluate import Bench, Encode, Scores, channels, load_bench, load_outside, ranks, summary
from training.own import OwnData, own_loss, prepare_own
from training.settings import with_changes
from training.tokenizer import SPECIAL


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of the run; the defaults made the shipped model."""

    dimensions: int = 256
    pair_steps: int = 400
    own_steps: int = 400
    batch: int = 768  # pairs
    own_batch: int = 256  # questions
    limit: int = 256  # pieces of a passage that are read
    rate: float = 2e-3
    own_rate: float = 2e-3
    scale: float = 20.0
    dropped: float = 0.15  # share of a question's pieces that is left out
    replayed: float = 0.5  # weight of public pairs while our own are learnt
    characters: bool = True
    seed: int = 0


class StaticModel(nn.Module):
    """Vectors of words and of characters; `vectors()` is the table that is saved."""

    def __init__(self, tokenizer: Tokenizer, words: Tensor, characters: bool) -> None:
        super().__init__()
        self.words = nn.Parameter(words.clone())
        self.characters = nn.Parameter(torch.zeros_like(words)) if characters else None
        vocabulary = tokenizer.get_vocab()
        by_number = sorted(vocabulary, key=vocabulary.__getitem__)
        parts = [[vocabulary.get(char, number) for char in piece] if number > 4 else [number] for number, piece in enumerate(by_number)]
        self.parts = torch.tensor([part for row in parts for part in row])
        self.begin = torch.tensor(np.cumsum([0] + [len(row) for row in parts[:-1]]))

    def vectors(self) -> Tensor:
        """(pieces, dimensions): own vector plus the mean of the characters' vectors."""
        if self.characters is None:
            return self.words
        return self.words + embedding_bag(self.parts, self.characters, self.begin, mode="mean")

    def embed(self, rows: Sequence[NDArray[np.uint16]], vectors: Tensor) -> Tensor:
        """(n, dimensions), L2-normalised means of rows of piece numbers."""
        flat = torch.from_numpy(np.concatenate(rows).astype(np.int64))
        begin = torch.from_numpy(np.cumsum([0] + [len(row) for row in rows[:-1]]))
        return normalize(embedding_bag(flat, vectors, begin, mode="mean"), dim=-1)

    def encoder(self, tokenizer: Tokenizer) -> Encode:
        """Texts -> vectors, for measuring while training."""
        table = self.vectors().detach()

        def encode(texts: Sequence[str]) -> Scores:
            pieces = cut(tokenizer, texts)
            return np.asarray(self.embed(pieces.take(range(len(pieces)), 10_000), table).numpy(), dtype=np.float32)

        return encode


def scheduled(step: int, steps: int, warm: int = 50) -> float:
    """Learning rate factor: up over `warm` steps, then down to a tenth along a line."""
    return min((step + 1) / warm, 1.0) * (1 - 0.9 * step / max(steps, 1))


def train_pairs(model: StaticModel, tokenizer: Tokenizer, data: str, recipe: Recipe, benches: Sequence[Bench]) -> None:
    """Multiple negatives ranking on the public pairs."""
    pairs = prepare(tokenizer, read_pairs(data))
    chance = np.random.default_rng(recipe.seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe.rate)
    batches = pairs.batches(recipe.batch, recipe.seed)
    begin = time.time()
    for step in range(recipe.pair_steps):
        batch = next(batches)
        table = model.vectors()
        questions = model.embed(drop(pairs.questions.take(batch, 64), recipe.dropped, chance), table)
        passages = model.embed(pairs.passages.take(batch, recipe.limit), table)
        loss = ranking_loss(questions, passages, pairs.same(batch), recipe.scale)
        take_step(optimizer, loss, recipe.rate * scheduled(step, recipe.pair_steps))
        if step % 250 == 249:
            report("pairs", step + 1, loss, model, tokenizer, benches, begin)


def train_own(model: StaticModel, tokenizer: Tokenizer, own: OwnData, data: str, recipe: Recipe, benches: Sequence[Bench]) -> None:
    """Our own lines and questions against all passages of the corpus, with public pairs kept in."""
    pairs = prepare(tokenizer, read_pairs(data)) if recipe.replayed else None
    chance = np.random.default_rng(recipe.seed + 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe.own_rate)
    batches = pairs.batches(recipe.batch // 2, recipe.seed + 1) if pairs else None
    begin = time.time()
    for step in range(recipe.own_steps):
        table = model.vectors()
        loss = own_loss(own, lambda rows, table=table: model.embed(rows, table), recipe, chance)  # type: ignore[misc]
        if pairs and batches:
            batch = next(batches)
            questions = model.embed(drop(pairs.questions.take(batch, 64), recipe.dropped, chance), table)
            passages = model.embed(pairs.passages.take(batch, recipe.limit), table)
            loss = loss + recipe.replayed * ranking_loss(questions, passages, pairs.same(batch), recipe.scale)
        take_step(optimizer, loss, recipe.own_rate * scheduled(step, recipe.own_steps))
        if step % 100 == 99:
            report("own", step + 1, loss, model, tokenizer, benches, begin)


def take_step(optimizer: torch.optim.Optimizer, loss: Tensor, rate: float) -> None:
    """One step of the optimizer at a learning rate."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()


def report(stage: str, step: int, loss: Tensor, model: StaticModel, tokenizer: Tokenizer, benches: Sequence[Bench], begin: float) -> None:
    """Print the loss and hit@1/hit@5/MRR@10 of each channel of each bench."""
    print(f"{stage} {step} {time.time() - begin:.0f} s loss {loss.item():.3f}", end="")
    for bench in benches:
        for name, scores in channels(bench, model.encoder(tokenizer)).items():
            if "dense" in name:
                print(f"  {name} " + "/".join(f"{value:.3f}" for value in summary(ranks(scores, bench.right))), end="")
    print(flush=True)


def save(model: StaticModel, tokenizer: Tokenizer, out: str | Path) -> None:
    """Write a Sentence Transformers folder: int8 table with one scale a piece, tokenizer, configuration.

    The names `embeddings` and `weights` are those of model2vec, which StaticEmbedding multiplies into a float32 table.
    """
    from safetensors.torch import save_file
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    table = model.vectors().detach().clone()
    table[: len(SPECIAL)] = 0  # padding and unknown pieces say nothing
    scales = table.abs().amax(dim=1).clamp(min=1e-6) / 127
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=table)], device="cpu").save(str(out), create_model_card=False)
    whole = (table / scales[:, None]).round().to(torch.int8)
    save_file({"embeddings": whole, "weights": scales}, Path(out) / "model.safetensors", {"format": "pt"})
    tokenizer.save(str(Path(out) / "tokenizer.json"), pretty=False)


def train(args: argparse.Namespace, recipe: Recipe) -> StaticModel:
    """Both parts of the training."""
    from safetensors.torch import load_file

    torch.manual_seed(recipe.seed)
    tokenizer = Tokenizer.from_file(args.tokenizer)
    words = load_file(args.words)["vectors"][:, : recipe.dimensions]
    model = StaticModel(tokenizer, words, recipe.characters)
    benches = [load_bench(args.corpus, args.bench)] if args.bench else []
    if args.external:
        benches.append(load_outside(args.external))
    report("start", 0, torch.zeros(()), model, tokenizer, benches, time.time())
    train_pairs(model, tokenizer, args.data, recipe, benches)
    corpus = load_corpus(args.corpus)
    passages = make_passages(corpus, 500)
    own = prepare_own(
        tokenizer, passages, passage_texts(corpus, passages), own_questions(args.questions, corpus, passages), own_lines(corpus, passages)
    )
    train_own(model, tokenizer, own, args.data, recipe, benches)
    save(model, tokenizer, args.out)
    return model


def main(arguments: list[str] | None = None) -> None:
    """Command line: every field of `Recipe` can be changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--corpus", default="corpus")
    parser.add_argument("--questions", nargs="*", default=["eval/questions/train.jsonl"])
    parser.add_argument("--bench", nargs="*", default=[], help="question files to measure on, never trained on")
    parser.add_argument("--external", default="", help="the folder of stard-200, to measure on")
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--words", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("settings", nargs="*", help="changes of the recipe, such as own_steps=300")
    args = parser.parse_args(arguments)
    torch.set_num_threads(args.threads)
    train(args, with_changes(Recipe(), args.settings))


if __name__ == "__main__":
    main()
