"""What the encoders share: pieces of many texts as flat arrays, batches of pairs, and the loss with masked negatives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from training.data import Pair

# Batches are drawn from one group, so that the negatives are of the same kind as the passage.
_GROUPS = (
    ("stard", "jianwu", "policy", "gov", "law", "gd-zwfw"),
    ("cmrc", "drcd", "xquad", "crud", "dureader"),
    ("zhwiki", "csl", "pawsx"),
)


@dataclass(frozen=True)
class Pieces:
    """Piece numbers of many texts: text i is flat[begin[i]:begin[i + 1]]."""

    flat: NDArray[np.uint16]
    begin: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.begin) - 1

    def take(self, numbers: Sequence[int] | NDArray[np.int64], limit: int) -> list[NDArray[np.uint16]]:
        """The first `limit` pieces of some texts; a text without pieces becomes one unknown piece."""
        rows = (self.flat[self.begin[n] : min(self.begin[n + 1], self.begin[n] + limit)] for n in numbers)
        return [row if len(row) else np.ones(1, dtype=np.uint16) for row in rows]


def cut(tokenizer: Tokenizer, texts: Sequence[str]) -> Pieces:
    """Tokenise texts."""
    rows = [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]
    begin = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    return Pieces(np.array([number for row in rows for number in row], dtype=np.uint16), begin)


def drop(rows: Sequence[NDArray[np.uint16]], share: float, chance: np.random.Generator) -> list[NDArray[np.uint16]]:
    """Leave out pieces at random (one always stays): the model must not lean on single words."""
    kept = [row[chance.random(len(row)) >= share] for row in rows]
    return [few if len(few) else row[:1] for few, row in zip(kept, rows, strict=True)]


@dataclass(frozen=True)
class PairData:
    """Pairs ready for training; equal texts have equal keys, by which false negatives are masked."""

    questions: Pieces
    passages: Pieces
    question_keys: NDArray[np.int64]
    passage_keys: NDArray[np.int64]
    weights: NDArray[np.float64]
    groups: NDArray[np.int64]

    def batches(self, size: int, seed: int) -> Iterator[NDArray[np.int64]]:
        """Endless batches of pair numbers, each of one group, drawn by weight."""
        chance = np.random.default_rng(seed)
        members = [np.flatnonzero(self.groups == group) for group in range(len(_GROUPS) + 1)]
        mass = np.array([self.weights[member].sum() for member in members])
        while True:
            member = members[chance.choice(len(members), p=mass / mass.sum())]
            cumulated = np.cumsum(self.weights[member])
            drawn = np.searchsorted(cumulated, chance.random(size) * cumulated[-1])
            yield np.unique(member[drawn])

    def same(self, batch: NDArray[np.int64]) -> Tensor:
        """(n, n) bool: off the diagonal, where question i and passage j also fit because a text is shared."""
        questions, passages = self.question_keys[batch], self.passage_keys[batch]
        shared = (questions[:, None] == questions[None, :]) | (passages[:, None] == passages[None, :])
        np.fill_diagonal(shared, False)
        return torch.from_numpy(shared)


def prepare(tokenizer: Tokenizer, pairs: Sequence[Pair]) -> PairData:
    """Tokenise pairs and find equal texts."""
    return PairData(
        cut(tokenizer, [pair.question for pair in pairs]),
        cut(tokenizer, [pair.passage for pair in pairs]),
        np.unique([pair.question for pair in pairs], return_inverse=True)[1],
        np.unique([pair.passage for pair in pairs], return_inverse=True)[1],
        np.array([pair.weight for pair in pairs]),
        np.array([_group(pair.source) for pair in pairs]),
    )


def _group(source: str) -> int:
    return next((number for number, names in enumerate(_GROUPS) if source.startswith(names)), len(_GROUPS))


def ranking_loss(questions: Tensor, passages: Tensor, masked: Tensor, scale: float) -> Tensor:
    """Multiple negatives ranking loss in both directions: row i of `questions` belongs to row i of `passages`.

    Args:
        questions: (n, dim), L2-normalised.
        passages: (n, dim), L2-normalised.
        masked: (n, n) bool, pairs that are no negatives.
        scale: what cosines are multiplied with.
    """
    scores = (questions @ passages.T * scale).masked_fill(masked, -1e4)
    target = torch.arange(len(scores), device=scores.device)
    return (torch.nn.functional.cross_entropy(scores, target) + torch.nn.functional.cross_entropy(scores.T, target)) / 2


def choice_loss(scores: Tensor, right: Tensor, allowed: Tensor) -> Tensor:
    """Cross entropy where several answers are right: -log of the share of the right ones among the allowed ones.

    Args:
        scores: (n, m), scaled.
        right: (n, m) bool.
        allowed: (n, m) bool, right ones included.
    """
    everything = torch.logsumexp(scores.masked_fill(~allowed, -1e4), dim=1)
    return (everything - torch.logsumexp(scores.masked_fill(~right, -1e4), dim=1)).mean()
