"""Questions with passages to be judged: what the reranker and the reader learn from.

Negatives are what retrieval takes for right: of the public pairs the nearest passages of the static encoder, of our own questions
the best of the whole first stage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from qa.excerpt import TEXT_CHARS, Excerpt, excerpt
from qa.pipeline import Assistant
from qa.types import Passage, Query
from training.data import Asked, Pair
from training.evaluate import folder_encoder
from training.tokenizer import SPECIAL

_CLS, _SEP = SPECIAL.index("[CLS]"), SPECIAL.index("[SEP]")
Item = TypeVar("Item")
_NEAR = 30  # negatives are drawn from this many best
_CHUNK = 2048


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with texts that answer it and texts that do not."""

    question: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One of our own questions, as understood, with the passages found for it, best first, and which of them are right."""

    query: Query
    passages: tuple[Passage, ...]
    right: tuple[bool, ...]


def find(assistant: Assistant, asked: Sequence[Asked], most: int = _NEAR) -> Iterator[Found]:
    """Ask the first stage; right passages that it missed are put at the end, near-copies of right ones are right."""
    passages = assistant.ranking.retriever.index.passages
    numbers = {passage.id: number for number, passage in enumerate(passages)}
    for item in asked:
        query = assistant.parse(f"{item.place} {item.text}".strip())
        hits = assistant.ranking.rank(query, most=most)
        found = [(hit.passage, bool({numbers[id] for id in (hit.passage.id, *hit.copies)} & set(item.passages))) for hit in hits]
        if not any(right for _, right in found):
            found += [(passages[number], True) for number in item.passages[:1]]
        yield Found(query, *map(tuple, zip(*found, strict=True)))  # type: ignore[arg-type]


def shown(query: Query, passage: Passage, assistant: Assistant, chars: int = TEXT_CHARS) -> Excerpt:
    """A passage as the models read it for a question."""
    retriever = assistant.ranking.retriever
    return excerpt(retriever.words(query), passage, assistant.corpus, retriever.tokenizer, chars)


def own_judged(assistant: Assistant, found: Sequence[Found]) -> list[Judged]:
    """Our own questions with the texts of right and wrong passages."""
    result = []
    for item in found:
        texts = [str(shown(item.query, passage, assistant)) for passage in item.passages]
        right = tuple(text for text, fits in zip(texts, item.right, strict=True) if fits)
        wrong = tuple(text for text, fits in zip(texts, item.right, strict=True) if not fits)
        result.append(Judged(item.query.search_text or item.query.text, right, wrong))
    return result


def public_judged(pairs: Sequence[Pair], static: str, count: int, seed: int) -> list[Judged]:
    """`count` public pairs, drawn by weight, each with near passages of the same draw.

    A passage of the same text, or that belongs to the same question, is no negative.
    """
    chance = np.random.default_rng(seed)
    weights = np.array([pair.weight for pair in pairs])
    drawn = [pairs[n] for n in chance.choice(len(pairs), size=min(count, len(pairs)), replace=False, p=weights / weights.sum())]
    encode = folder_encoder(static)
    questions, passages = encode([pair.question for pair in drawn]), encode([pair.passage for pair in drawn])
    answers: dict[str, set[str]] = {}
    for pair in pairs:
        answers.setdefault(pair.question, set()).add(pair.passage)
    result = []
    for begin in range(0, len(drawn), _CHUNK):
        near = _nearest(questions[begin : begin + _CHUNK] @ passages.T)
        for pair, numbers in zip(drawn[begin : begin + _CHUNK], near, strict=True):
            wrong = tuple(drawn[n].passage for n in numbers if drawn[n].passage not in answers[pair.question])
            result.append(Judged(pair.question, (pair.passage,), wrong))
    return result


def _nearest(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    return np.asarray(torch.from_numpy(scores).topk(min(_NEAR, scores.shape[1]), dim=1).indices.numpy())


def mixed(kinds: Sequence[tuple[float, Sequence[Item]]], size: int, seed: int) -> Iterator[list[Item]]:
    """Batches of `size` drawn from several kinds, each with its share; kinds without items are left out."""
    chance = np.random.default_rng(seed)
    kinds = [(share, items) for share, items in kinds if items]
    shares = np.array([share for share, _ in kinds]) / sum(share for share, _ in kinds)
    while True:
        drawn = [kinds[kind][1] for kind in chance.choice(len(kinds), size=size, p=shares)]
        yield [items[chance.integers(len(items))] for items in drawn]


Offsets = tuple[int, list[tuple[int, int]]]  # number of a text's first piece in its row, and each piece's place in the text


def encode_pairs(
    tokenizer: Tokenizer, questions: Sequence[str], texts: Sequence[str], limits: tuple[int, int]
) -> tuple[Tensor, Tensor, list[Offsets]]:
    """`[CLS] question [SEP] text [SEP]`, padded to the longest row.

    Returns:
        Piece numbers (n, t) and what is no padding (n, t), both long; and where the pieces of each text stand in it.
    """
    asked = [e.ids[: limits[0]] for e in tokenizer.encode_batch_fast(list(questions), add_special_tokens=False)]
    read = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    rows = [[_CLS, *q, _SEP, *e.ids[: limits[1]], _SEP] for q, e in zip(asked, read, strict=True)]
    padded = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
    for number, row in enumerate(rows):
        padded[number, : len(row)] = torch.tensor(row)
    offsets = [(len(q) + 2, e.offsets[: limits[1]]) for q, e in zip(asked, read, strict=True)]
    return padded, (padded != 0).long(), offsets
