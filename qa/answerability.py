"""Whether a passage answers a question, or only speaks of its subject: a linear model of what is asked and what the passage holds.

Its features are n-grams of the question's characters: alone, whether the passage holds them, and together with what kinds of facts
the passage states. So it learns that 几号 asks for a date, and that a passage without one leaves that open. Trained by
`training/answerability.py` on the lines and the known gaps of the corpus.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from qa.errors import ModelError
from qa.readers import fold

FILE = "answerability.safetensors"
UNITS = ("passage", "clause")
BUCKETS = 2**19
_QUESTION_CHARS = 120
_LONGEST = 4  # characters of an n-gram
_LONGEST_CROSSED = 3  # of one that is put together with a fact
_COVERAGE_WEIGHT = 4
_PIECE = re.compile(r"[\w%]+")  # what n-grams are taken from: not across punctuation, nor of ornaments
_FACTS = tuple(  # of a folded text in lower case: no full-width signs
    re.compile(pattern)
    for pattern in (
        r"\d", "[万亿]元", r"\d%|百分", r"\d{4}年|\d月|工作日", r"\d{7}|电话", r"\([一1]\)|;", "局|委|厅|办公室",
        "符合|条件|应当|须", "材料|申请表|提交|申报", "最高|不超过|上限", "有效期|施行|执行",
    )
)  # fmt: skip
_UNIT = re.compile(r"\d(万元|亿元|元/|元|%|年|个月|月|日|个工作日|家|平方米|人|名|个|项|倍|次|台|件|期|p|亩|级)")


def buckets(question: str, text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The features of a question and a passage: their numbers below `BUCKETS`, and their values, L2-normalised; both (n,)."""
    hashed = [
        zlib.crc32(feature.encode()) % BUCKETS
        for feature in _features(fold(question)[:_QUESTION_CHARS].lower(), fold(text).lower())
    ]
    numbers, counts = np.unique(np.array(hashed, dtype=np.int64), return_counts=True)
    values = counts.astype(np.float32)
    return numbers, values / max(float(np.linalg.norm(values)), 1.0)


def _features(question: str, text: str) -> Iterator[str]:
    pieces = _PIECE.findall(question)
    grams = {
        size: [piece[i : i + size] for piece in pieces for i in range(len(piece) - size + 1)] for size in range(1, _LONGEST + 1)
    }
    facts = [str(number) for number, fact in enumerate(_FACTS) if fact.search(text)] + sorted(set(_UNIT.findall(text)))
    for size, found in grams.items():
        held = [gram in text for gram in found]
        yield from (f"asked {gram}" for gram in found)
        yield from (f"{'held' if here else 'missed'} {gram}" for gram, here in zip(found, held, strict=True))
        if size <= _LONGEST_CROSSED:
            yield from (f"{fact}|{gram}" for fact in facts for gram in found)
            yield from [f"coverage {size} {int(5 * sum(held) / max(len(held), 1))}"] * _COVERAGE_WEIGHT


@dataclass(frozen=True, slots=True)
class Reader:
    """A linear model; `weights`: shape (BUCKETS,)."""

    weights: NDArray[np.float32]
    bias: float

    def odds(self, question: str, text: str) -> float:
        """Log odds that the text answers the question."""
        numbers, values = buckets(question, text)
        return float(self.weights[numbers] @ values) + self.bias


@dataclass(frozen=True, slots=True)
class Answerability:
    """Two readers of one make: whether a passage answers, and whether a clause of it is the answer; both None: nobody reads."""

    passage: Reader | None = None
    clause: Reader | None = None


def load_answerability(folder: str) -> Answerability:
    """The readers in the folder that the settings name; none for "".

    Raises:
        ModelError: the folder's file is missing or damaged.
    """
    if not folder:
        return Answerability()
    try:
        tensors = load_file(Path(folder) / FILE)
        readers = {name: Reader(tensors[name].astype(np.float32), float(tensors[f"{name}.bias"][0])) for name in UNITS}
    except (OSError, KeyError, SafetensorError) as error:
        raise ModelError(f'可答性模型 {folder} 读不到或已损坏。请恢复该文件夹，或设 answerability = ""。') from error
    return Answerability(**readers)
