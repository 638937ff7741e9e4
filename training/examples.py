"""Examples for the answerability model: a question, a text as the model reads it, and whether the text answers."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.answer.clause_model import read_text
from qa.answer.clauses import clauses_of
from qa.excerpt import READ_CHARS
from qa.gaps import added_text, asked_text
from qa.lines import read_rows
from qa.pipeline import Assistant
from qa.readers import fold
from qa.types import Passage, Query, Turn
from training.data import holders, own_questions, read_jsonl
from training.judging import find, shown

PREMISES = Path(__file__).with_name("premises.jsonl")
_NEAREST = 2  # passages of a document that a gap without a passage of its own is held against
_COMMA = re.compile("[，,。；;！!]")
_CHINESE = re.compile("[一-鿿]{2}")
_OWN = re.compile(r"我|咱|俺|公司|去年|今年|员工|团队|刚|上个月|\d")
_ASKING = re.compile(
    "多少|几|吗|呢|什么|怎么|哪|能不能|是否|可以|有没有|谁|如何|么|啥|补|奖|给|政策|申请|申报|听说|既然|规定|支持|扶持"
)
_LEAST_TOLD, _TOLD_CHARS = 4, 30
_SHORTEST = 8  # characters of a clause that says nothing by itself
_ALIKE = 0.6  # share of trigrams


@dataclass(frozen=True, slots=True)
class Example:
    """A question, a passage or clause as the model reads it, and whether it answers."""

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


def asked(assistant: Assistant, files: Sequence[str]) -> list[Example]:
    """Our own questions with the passages that answer them."""
    return [
        Example(asked_text(found.query), _read(found.query, passage, assistant), True)
        for found in find(assistant, own_questions(files, assistant.corpus, assistant.ranking.retriever.index.passages))
        for passage, fits in zip(found.passages, found.right, strict=True)
        if fits
    ]


def clauses(assistant: Assistant, files: Sequence[str], most: int = 5) -> list[Example]:
    """Our own questions with every clause of the best passages; one answers that holds a quote of the evidence."""
    retriever = assistant.ranking.retriever
    result = []
    for row in (row for file in files for row in read_jsonl(file) if row["evidence"] and row.get("type") != "comparison"):
        query = assistant.parse(row["question"], [Turn(earlier) for earlier in row.get("history", [])])
        found = [clause for hit in assistant.ranking.rank(query, most=most) for clause in clauses_of(hit.passage)]
        quotes = [fold(item["quote"]) for item in row["evidence"]]
        right = [holds_quote(fold(clause.text), quotes) for clause in found]
        if any(right):
            question = added_text(query)
            result += [Example(question, read_text(clause, retriever), fits) for clause, fits in zip(found, right, strict=True)]
    return result


def holds_quote(clause: str, quotes: Iterable[str]) -> bool:
    """Whether a clause holds a quote, lies in one, or shares most of its trigrams with one; all folded."""
    if len(clause) <= _SHORTEST:
        return False
    own = _trigrams(clause)
    return any(
        clause in quote or quote in clause or len(own & _trigrams(quote)) >= _ALIKE * min(len(clause), len(quote))
        for quote in quotes
    )


def _trigrams(text: str) -> set[str]:
    return {text[i : i + 3] for i in range(len(text) - 2)}


def told(assistant: Assistant, files: Sequence[str]) -> list[str]:
    """What askers tell of themselves before they ask (去年收入2300万): parts of questions that ask nothing, without places, sorted."""
    parts = (part.strip() for file in files for row in read_jsonl(file) for part in _COMMA.split(row["question"])[:-1])
    own = (
        part
        for part in parts
        if len(part) <= _TOLD_CHARS and _CHINESE.search(part) and _OWN.search(part) and not _ASKING.search(part)
    )
    return sorted({text for part in own if len(text := asked_text(assistant.parse(part))) >= _LEAST_TOLD})


def preceded(examples: Sequence[Example], told: Sequence[str], seed: int = 0) -> list[Example]:
    """The same questions, something told before each: it changes no answer, and a reader who counts words has to be shown that."""
    draw = random.Random(seed)
    return [replace(example, question=f"{draw.choice(told)}，{example.question}") for example in examples] if told else []


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


def _read(query: Query, passage: Passage, assistant: Assistant) -> str:
    return str(shown(query, passage, assistant, READ_CHARS))
