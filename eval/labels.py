"""What a question's evidence is: kind of document, table or text, one document or several; worked out from the corpus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qa.chunk import make_passages
from qa.corpus import Corpus, Document
from qa.readers import fold

Row = Mapping[str, Any]
Labels = dict[str, dict[str, str]]


def label_questions(questions: Sequence[Row], corpus: Corpus, passage_chars: int = 500) -> Labels:
    """Labels by question id: `kind` (政策措施, 规划 …), `form` (正文, 表格) and `documents` (0, 1, 2+)."""
    texts = [(document, fold(document.text)) for document in corpus]
    tables = [fold(passage.text) for passage in make_passages(corpus, passage_chars) if passage.table]
    return {question["id"]: _labels(question, texts, tables) for question in questions}


def _labels(question: Row, texts: Sequence[tuple[Document, str]], tables: Sequence[str]) -> dict[str, str]:
    owners = [_owners(item, texts) for item in question["evidence"]]
    kinds = sorted({document.info.kind for found in owners for document in found[:1]})
    ids = {found[0].id for found in owners if found}
    in_table = any(fold(item["quote"]) in table for item in question["evidence"] for table in tables)
    form = ("表格" if in_table else "正文") if question["evidence"] else ""
    return {"kind": "、".join(kinds), "form": form, "documents": ("0", "1", "2+")[min(len(ids), 2)]}


def _owners(item: Row, texts: Iterable[tuple[Document, str]]) -> list[Document]:
    """The documents that hold a quote, those of the named file first."""
    quote = fold(item["quote"])
    found = [document for document, text in texts if quote in text]
    return sorted(found, key=lambda document: document.info.file != item.get("source", document.info.file))
