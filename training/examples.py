"""Examples for the answerability model: a question, a passage as the model reads it, and whether the passage answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.excerpt import READ_CHARS
from qa.gaps import asked_text
from qa.lines import read_rows
from qa.pipeline import Assistant
from qa.readers import fold
from qa.types import Passage, Query, Turn
from training.data import holders, own_questions, read_jsonl, read_pairs
from training.judging import find, shown

PREMISES = Path(__file__).with_name("premises.jsonl")
_NEAREST = 2  # passages of a document that a gap without a passage of its own is held against
_WRONG = 3  # wrong passages of a question
_STRANGE = frozenset({"cmrc2018-train", "drcd-train", "dureader-demo", "stard", "crud-qa"})  # public questions on anything else
_STRANGE_CHARS = 40


@dataclass(frozen=True, slots=True)
class Example:
    """A question, a passage as the model reads it, and whether it answers."""

    question: str
    text: str
    answered: bool


def listed(assistant: Assistant, rows: Iterable[tuple[str, str, Sequence[str]]], answered: bool) -> list[Example]:
    """Questions on a document with the passage that a quote begins, or without a quote with the nearest passages.

    Args:
        assistant: cuts the passages and searches.
        rows: document, quote, questions.
        answered: what is to be learnt of them.
    """
    corpus, passages = assistant.corpus, assistant.ranking.retriever.index.passages
    result = []
    for document, quote, texts in rows:
        span = corpus.documents[document].span_at(quote) if quote else None
        own = [passage for passage in passages if document in ("", passage.document)]
        title = corpus.documents[document].info.short_title if document else ""
        owner = [passage for passage in own if span and passage.span.start <= span.start < passage.span.end]
        for text in texts:
            query = assistant.parse(f"{title} {text}")
            near = owner if quote else [hit.passage for hit in assistant.ranking.rank(query, most=12) if hit.passage in own]
            result += [Example(text, _read(query, passage, assistant), answered) for passage in near[:_NEAREST]]
    return result


def lines(assistant: Assistant) -> list[Example]:
    """The plain-language lines of the corpus."""
    return listed(assistant, read_rows(assistant.corpus, "lines"), True)


def gaps(assistant: Assistant) -> list[Example]:
    """The known gaps of the corpus."""
    return listed(assistant, read_rows(assistant.corpus, "gaps"), False)


def premises(assistant: Assistant, path: str, right: bool) -> list[Example]:
    """Questions that take something for granted, rightly or wrongly, in pairs that differ in little else."""
    name = "true" if right else "false"
    rows = (row for row in read_jsonl(path) if row["document"] in assistant.corpus.documents)
    return listed(assistant, ((row["document"], row["quote"], row[name]) for row in rows), right)


def asked(assistant: Assistant, files: Sequence[str], chance: np.random.Generator) -> tuple[list[Example], list[Example]]:
    """Our own questions with the passages that answer them, and with others that were ranked high."""
    right, wrong = [], []
    for found in find(assistant, own_questions(files, assistant.corpus, assistant.ranking.retriever.index.passages)):
        question = asked_text(found.query)
        pairs = list(zip(found.passages, found.right, strict=True))
        right += [Example(question, _read(found.query, passage, assistant), True) for passage, fits in pairs if fits]
        others = [passage for passage, fits in pairs if not fits][:8]
        drawn = [others[n] for n in chance.permutation(len(others))[:_WRONG]]
        wrong += [Example(question, _read(found.query, passage, assistant), False) for passage in drawn]
    return right, wrong


def left_open(assistant: Assistant, files: Sequence[str]) -> list[Example]:
    """Questions without an answer, with the passages that a good declining answer cites."""
    passages = assistant.ranking.retriever.index.passages
    folded = [fold(passage.text) for passage in passages]
    result = []
    for row in (row for file in files for row in read_jsonl(file) if not row["evidence"]):
        query = assistant.parse(row["question"], [Turn(earlier) for earlier in row.get("history", [])])
        for number in {n for item in row.get("correction", []) for n in holders(item, assistant.corpus, passages, folded)}:
            result.append(Example(asked_text(query), _read(query, passages[number], assistant), False))
    return result


def strangers(assistant: Assistant, data: str, most: int, chance: np.random.Generator) -> list[Example]:
    """Public questions on anything but policies, with the passage that the search takes for nearest; none without data."""
    if not data:
        return []
    questions = list(dict.fromkeys(_strange(data)))
    result = []
    for number in chance.permutation(len(questions))[:most]:
        query = assistant.parse(questions[number])
        result += [
            Example(asked_text(query), _read(query, hit.passage, assistant), False) for hit in assistant.ranking.rank(query, most=1)
        ]
    return result


def _strange(data: str) -> Iterator[str]:
    return (pair.question for pair in read_pairs(data) if pair.source in _STRANGE and len(pair.question) <= _STRANGE_CHARS)


def _read(query: Query, passage: Passage, assistant: Assistant) -> str:
    return str(shown(query, passage, assistant, READ_CHARS))
