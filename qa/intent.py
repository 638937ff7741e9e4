"""What kind of input a text is, before any search: a question of this field, another subject, chat, or hostile instructions.

A linear model over hashed character n-grams, trained by `training/intent.py`; it knows how such inputs are worded, in the words of
many writers, where a list of patterns knows only those that somebody thought of.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from qa.errors import ModelError
from qa.types import Refusal

FILE = "intent.safetensors"
INTENTS = (None, Refusal.OUT_OF_DOMAIN, Refusal.CHAT, Refusal.HOSTILE)  # the classes in order; None is a question of the field
BUCKETS = 2**15
_LONGEST = 3  # characters of an n-gram
_CHARS = 400  # of a text that are read
_FIELD = 0.3  # probability of a question of the field, from which a text is taken for one
_FIELD_UNPLACED = 0.4  # the same for other subjects, when no place or policy is named: ordinary life is asked about in many words


def grams(text: str) -> NDArray[np.float32]:
    """Counts of the hashed n-grams of one to three characters, L2-normalised: shape (BUCKETS,)."""
    lowered = f" {text[:_CHARS].lower()} "
    pieces = [lowered[i : i + size] for size in range(1, _LONGEST + 1) for i in range(len(lowered) - size + 1)]
    counts = np.bincount([zlib.crc32(piece.encode()) % BUCKETS for piece in pieces], minlength=BUCKETS).astype(np.float32)
    return counts / np.linalg.norm(counts)


class IntentModel:
    """`weights`: shape (len(INTENTS), BUCKETS); `bias`: shape (len(INTENTS),)."""

    def __init__(self, weights: NDArray[np.float32], bias: NDArray[np.float32]) -> None:
        self._weights = weights
        self._bias = bias

    def refusal(self, text: str, placed: bool = False) -> Refusal | None:
        """Why a text is no question to search for, or None when it is one.

        Args:
            text: as typed.
            placed: whether it names a place or a policy, or carries one over; then it is never of another subject.
        """
        scores = self._weights @ grams(text) + self._bias
        odds = np.exp(scores - scores.max())
        other = INTENTS[1 + int(np.argmax(odds[1:]))]
        if other is Refusal.OUT_OF_DOMAIN:
            return None if placed or odds[0] >= _FIELD_UNPLACED * odds.sum() else other
        return None if odds[0] >= _FIELD * odds.sum() else other


def load_intent(folder: str) -> IntentModel | None:
    """The model in the folder that the settings name; None for "".

    Raises:
        ModelError: the folder's file is missing or damaged.
    """
    if not folder:
        return None
    try:
        tensors = load_file(Path(folder) / FILE)
        return IntentModel(tensors["weights"].astype(np.float32), tensors["bias"].astype(np.float32))
    except (OSError, KeyError, SafetensorError) as error:
        raise ModelError(f'意图模型 {folder} 读不到或已损坏。请恢复该文件夹，或设 intent = ""。') from error
