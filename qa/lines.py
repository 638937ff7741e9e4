"""Plain-language lines (`corpus/lines.jsonl`): everyday ways to ask for a passage (document expansion, doc2query).

They help to find a passage and are never shown as policy text. Each row names a document and the quote with which its
passage begins, so that chunking may change without rewriting them: {"document", "article", "quote", "lines": [...]}.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.corpus import Corpus
from qa.errors import CorpusError
from qa.types import Passage, Span


@dataclass(frozen=True, slots=True)
class Line:
    """An everyday way to ask for the passage with this number."""

    text: str
    passage: int


def load_lines(corpus: Corpus, passages: Sequence[Passage]) -> list[Line]:
    """The lines whose document and quote stand in the corpus; documents without lines work without them.

    Raises:
        CorpusError: a row is no JSON object or lacks a key.
    """
    numbers: dict[str, list[int]] = {}
    for number, passage in enumerate(passages):
        numbers.setdefault(passage.document, []).append(number)
    result: list[Line] = []
    for document, quote, lines in read_rows(corpus, "lines"):
        if document in corpus.documents and (span := corpus.documents[document].span_at(quote)):
            owner = _owner(span, numbers.get(document, ()), passages)
            result += [Line(text, owner) for text in lines if owner is not None]
    return result


def read_rows(corpus: Corpus, name: str) -> Iterator[tuple[str, str, list[str]]]:
    """Document, quote and texts of each row of `<name>.jsonl`; nothing when there is no such file.

    Raises:
        CorpusError: a row is no JSON object or lacks a key.
    """
    path = Path(corpus.folder) / f"{name}.jsonl"
    rows = path.read_text("utf-8").splitlines() if path.exists() else []
    for count, row in enumerate(rows, start=1):
        try:
            entry = json.loads(row)
            yield entry["document"], entry["quote"], entry[name]
        except (ValueError, KeyError, TypeError) as error:
            raise CorpusError(f"{path.name} 第 {count} 行写错了：{error}。应有 document、quote、{name} 三项。") from error


def _owner(span: Span, numbers: Sequence[int], passages: Sequence[Passage]) -> int | None:
    """The passage in which the quote begins."""
    return next((number for number in numbers if passages[number].span.start <= span.start < passages[number].span.end), None)
