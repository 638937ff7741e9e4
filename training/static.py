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
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import embedding_bag, normalize

from qa.chunk import make_passages
from qa.corpus import load_corpus
from training.contrast import PairData, cut, drop, prepare, ranking_loss
from training.data import lay_split, lexicon_pairs, own_lines, own_questions, passage_texts, read_pairs, without
from training.evaluate import Bench, Encode, Scores, channels, load_bench, load_outside, ranks, summary
from training.own import OwnData, own_loss, prepare_own
from training.settings import add_data, run_stage, stage_parser
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
    word_list: bool = False  # learn corpus/lexicon.tsv too: better alone, worse beside a thesaurus (README.md)
    seed: int = 0


class StaticModel(nn.Module):
    """Vectors of words and of characters; `vectors()` is the table that is saved."""

    def __init__(self, tokenizer: Tokenizer, words: Tensor, characters: bool) -> None:
        super().__init__()
        self.words = nn.Parameter(words.clone())
        self.characters = nn.Parameter(torch.zeros_like(words)) if characters else None
        vocabulary = tokenizer.get_vocab()
        by_number = sorted(vocabulary, key=vocabulary.__getitem__)
        parts = [
            [vocabulary.get(char, number) for char in piece] if number > 4 else [number] for number, piece in enumerate(by_number)
        ]
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


@dataclass(frozen=True)
class Run:
    """What the two parts of the training share."""

    model: StaticModel
    tokenizer: Tokenizer
    pairs: PairData
    recipe: Recipe
    benches: Sequence[Bench]

    def pair_loss(self, batch: NDArray[np.int64], table: Tensor, chance: np.random.Generator) -> Tensor:
        """Multiple negatives ranking on a batch of public pairs."""
        rows = drop(self.pairs.questions.take(batch, 64), self.recipe.dropped, chance)
        passages = self.model.embed(self.pairs.passages.take(batch, self.recipe.limit), table)
        return ranking_loss(self.model.embed(rows, table), passages, self.pairs.same(batch), self.recipe.scale)

    def report(self, stage: str, step: int, loss: Tensor, begin: float) -> None:
        """Print the loss and hit@1/hit@5/MRR@10 of each dense channel of each bench."""
        print(f"{stage} {step} {time.time() - begin:.0f} s loss {loss.item():.3f}", end="")
        for bench in self.benches:
            for name, scores in channels(bench, self.model.encoder(self.tokenizer)).items():
                if "dense" in name:
                    print(f"  {name} " + "/".join(f"{value:.3f}" for value in summary(ranks(scores, bench.right))), end="")
        print(flush=True)


def train_pairs(run: Run) -> None:
    """The public pairs."""
    recipe, chance = run.recipe, np.random.default_rng(run.recipe.seed)
    optimizer = torch.optim.Adam(run.model.parameters(), lr=recipe.rate)
    batches = run.pairs.batches(recipe.batch, recipe.seed)
    begin = time.time()
    for step in range(recipe.pair_steps):
        loss = run.pair_loss(next(batches), run.model.vectors(), chance)
        take_step(optimizer, loss, recipe.rate * scheduled(step, recipe.pair_steps))
        if step % 200 == 199:
            run.report("pairs", step + 1, loss, begin)


def train_own(run: Run, own: OwnData) -> None:
    """Our own lines and questions against all passages of the corpus, with public pairs kept in."""
    recipe, chance = run.recipe, np.random.default_rng(run.recipe.seed + 1)
    optimizer = torch.optim.Adam(run.model.parameters(), lr=recipe.own_rate)
    batches = run.pairs.batches(recipe.batch // 2, recipe.seed + 1)
    begin = time.time()
    for step in range(recipe.own_steps):
        table = run.model.vectors()
        loss = own_loss(own, partial(run.model.embed, vectors=table), recipe, chance)
        loss = loss + recipe.replayed * run.pair_loss(next(batches), table, chance)
        take_step(optimizer, loss, recipe.own_rate * scheduled(step, recipe.own_steps))
        if step % 100 == 99:
            run.report("own", step + 1, loss, begin)


def take_step(optimizer: torch.optim.Optimizer, loss: Tensor, rate: float) -> None:
    """One step of the optimizer at a learning rate."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()


def save(model: StaticModel, tokenizer: Tokenizer, out: str | Path) -> None:
    """Write a Sentence Transformers folder: int8 table with one scale a piece, tokenizer, configuration.

    The names `embeddings` and `weights` are those of model2vec, which StaticEmbedding multiplies into a float32 table.
    """
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    table = model.vectors().detach().clone()
    table[: len(SPECIAL)] = 0  # padding and unknown pieces say nothing
    scales = table.abs().amax(dim=1).clamp(min=1e-6) / 127
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=table)], device="cpu").save(
        str(out), create_model_card=False
    )
    whole = (table / scales[:, None]).round().to(torch.int8)
    save_file({"embeddings": whole, "weights": scales}, Path(out) / "model.safetensors", {"format": "pt"})
    (Path(out) / "model.safetensors").chmod(0o644)
    tokenizer.save(str(Path(out) / "tokenizer.json"), pretty=False)


def train(args: argparse.Namespace, recipe: Recipe) -> None:
    """Both parts of the training, then the folder."""
    torch.manual_seed(recipe.seed)
    tokenizer = Tokenizer.from_file(args.tokenizer)
    model = StaticModel(tokenizer, load_file(args.words)["vectors"][:, : recipe.dimensions], recipe.characters)
    benches = [load_bench(args.corpus, args.bench)] if args.bench else []
    benches += load_outside(args.external) if args.external else []
    words = lexicon_pairs(Path(args.corpus) / "lexicon.tsv") if recipe.word_list else []
    run = Run(model, tokenizer, prepare(tokenizer, [*lay_split(read_pairs(args.data), args.held)[0], *words]), recipe, benches)
    train_pairs(run)
    train_own(run, read_own(args, tokenizer))
    save(model, tokenizer, args.out)


def read_own(args: argparse.Namespace, tokenizer: Tokenizer) -> OwnData:
    """Our own questions and lines, those about `args.without` left out."""
    corpus = load_corpus(args.corpus)
    passages = make_passages(corpus, 500)
    questions = without(own_questions(args.questions, corpus, passages), passages, args.without)
    lines = without(own_lines(corpus, passages), passages, args.without)
    return prepare_own(tokenizer, passages, passage_texts(corpus, passages), questions, lines)


def main(arguments: list[str] | None = None) -> None:
    """Command line: every field of `Recipe` can be changed."""
    parser = stage_parser(__doc__)
    add_data(parser)
    parser.add_argument("--without", nargs="*", default=[], help="ids of documents whose lines and questions are left out")
    parser.add_argument(
        "--held", type=int, default=0, help="lay questions of the public pairs that are left out (training.evaluate --held)"
    )
    parser.add_argument("--bench", nargs="*", default=[], help="question files to measure on, never trained on")
    parser.add_argument("--external", default="", help="the folder of stard-200, to measure on")
    parser.add_argument("--words", required=True)
    run_stage(parser, arguments, Recipe(), train)


if __name__ == "__main__":
    main()
