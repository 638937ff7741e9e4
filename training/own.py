"""Our own lines and train questions as training data, and the loss that both encoders use for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from qa.types import Passage
from training.contrast import Pieces, choice_loss, cut, drop
from training.data import Asked

Rows = Sequence[NDArray[np.uint16]]


class Settings(Protocol):
    """What the loss reads of a recipe."""

    @property
    def own_batch(self) -> int:
        """Questions of a batch."""

    @property
    def limit(self) -> int:
        """Pieces of a passage that are read."""

    @property
    def scale(self) -> float:
        """What cosines are multiplied with."""

    @property
    def dropped(self) -> float:
        """Share of a question's pieces that is left out."""


@dataclass(frozen=True)
class OwnData:
    """Questions first, then lines. a asked, p passages, l lines."""

    asked: Pieces  # (a,)
    placed: Pieces  # (a,) the same with the place before it
    right: Tensor  # (a, p) bool
    document: NDArray[np.int64]  # (p,) number of the document of each passage
    is_line: NDArray[np.bool_]  # (a,)
    weights: NDArray[np.float64]  # (a,)
    passages: Pieces  # (p,)


def prepare_own(
    tokenizer: Tokenizer, passages: Sequence[Passage], texts: Sequence[str], questions: Sequence[Asked], lines: Sequence[Asked],
    question_weight: float = 3.0,
) -> OwnData:  # fmt: skip
    """Tokenise and join; a question is drawn `question_weight` times as often as a line."""
    asked = [*questions, *lines]
    right = torch.zeros(len(asked), len(passages), dtype=torch.bool)
    for number, item in enumerate(asked):
        right[number, list(item.passages)] = True
    is_line = np.array([False] * len(questions) + [True] * len(lines))
    return OwnData(
        cut(tokenizer, [item.text for item in asked]),
        cut(tokenizer, [f"{item.place} {item.text}" for item in asked]),
        right,
        np.unique([passage.document for passage in passages], return_inverse=True)[1],
        is_line,
        np.where(is_line, 1.0, question_weight),
        cut(tokenizer, texts),
    )


def own_loss(own: OwnData, embed: Callable[[Rows], Tensor], recipe: Settings, chance: np.random.Generator) -> Tensor:
    """Questions and lines against all passages, and against lines: a line is a vector of its passage in the index.

    A line names no place, and other cities may pay for the same. So half of the lines get their policy's name put before
    them and compete with all passages; the others compete with the passages of their own document only.
    """
    batch = chance.choice(len(own.weights), size=recipe.own_batch, p=own.weights / own.weights.sum())
    placed = chance.random(len(batch)) < 0.5
    plain, named = own.asked.take(batch, 64), own.placed.take(batch, 64)
    rows = [b if put else a for a, b, put in zip(plain, named, placed, strict=True)]
    questions = embed(drop(rows, recipe.dropped, chance))
    passages = embed(own.passages.take(np.arange(len(own.passages)), recipe.limit))
    right = own.right[batch]
    own_document = own.document[right.int().argmax(dim=1).numpy()]
    everywhere = torch.from_numpy(placed | ~own.is_line[batch])[:, None]
    allowed = everywhere | torch.from_numpy(own_document[:, None] == own.document[None, :]) | right
    loss = choice_loss(questions @ passages.T * recipe.scale, right, allowed)
    return loss + _line_loss(own, embed, batch, questions, allowed, recipe, chance)


def _line_loss(
    own: OwnData, embed: Callable[[Rows], Tensor], batch: NDArray[np.int64], questions: Tensor, allowed: Tensor, recipe: Settings,
    chance: np.random.Generator,
) -> Tensor:  # fmt: skip
    """Each question against one other line of its passage, among the lines of the batch's passages."""
    line_numbers = np.flatnonzero(own.is_line)
    if not len(line_numbers):
        return torch.zeros(())
    fits = (own.right[batch].float() @ own.right[line_numbers].T.float() > 0).numpy()  # (b, l)
    fits &= line_numbers[None, :] != batch[:, None]
    drawn = chance.random(fits.shape) * fits
    chosen, usable = drawn.argmax(axis=1), fits.any(axis=1)
    if not usable.any():
        return torch.zeros(())
    candidates = np.unique(chosen[usable])
    lines = embed(own.asked.take(line_numbers[candidates], 64))
    owner = own.right[line_numbers[candidates]].int().argmax(dim=1)
    right = torch.from_numpy(fits[usable][:, candidates])
    open_to = allowed[torch.from_numpy(usable)][:, owner] | right
    same = torch.from_numpy(line_numbers[candidates][None, :] == batch[usable][:, None])
    return choice_loss(questions[torch.from_numpy(usable)] @ lines.T * recipe.scale, right, open_to & ~same)
