"""What tests of answers share: a fixed date, dev questions, and what an answer cites and says."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from qa.corpus import Corpus
from qa.lexicon import Lexicon, load_lexicon
from qa.query import parse_query
from qa.readers import fold
from qa.types import Answer, Query, Role, Turn

ROOT = Path(__file__).resolve().parent.parent
AS_OF = date(2026, 1, 2)
LEXICON = load_lexicon(ROOT / "corpus" / "lexicon.tsv")
DEV = [json.loads(line) for line in (ROOT / "eval" / "questions" / "dev.jsonl").read_text("utf-8").splitlines()]
MOBILE = r"(?<!\d)1[3-9]\d{9}(?!\d)"


def parse(corpus: Corpus, question: str, *earlier: str, region: str = "", lexicon: Lexicon = LEXICON) -> Query:
    """A question understood after earlier ones, without answers."""
    infos = [document.info for document in corpus]
    return parse_query(question, lexicon, infos, [Turn(text) for text in earlier], region)


def cited_documents(answer: Answer) -> list[str]:
    """The documents of the answer's own citations, in the order of their markers."""
    return [citation.passage.document for citation in answer.citations]


def said(answer: Answer, *roles: Role) -> str:
    """The sentences of these roles (all when none is given), labels included, joined."""
    return "\n".join(f"{s.label}{s.text}" for s in answer.sentences if not roles or s.role in roles)


def rows_of(answer: Answer) -> list[str]:
    """The places of a comparison or of an open question."""
    return [sentence.label for sentence in answer.sentences if sentence.role is Role.ROW]


def check_quotes(answer: Answer, corpus: Corpus) -> None:
    """Every quote is the slice of its document and lies in its passage; markers count from 1 and all are used."""
    for citation in (*answer.citations, *answer.notes, *answer.general):
        document = corpus.documents[citation.passage.document]
        assert citation.quotes == tuple(span.of(document.text) for span in citation.spans)
        assert all(quote.strip() for quote in citation.quotes)
        assert citation.passage.text == citation.passage.span.of(document.text)
        source = corpus.documents[citation.passage.document].info.file
        assert source
    for aside, citations in ((False, answer.citations), (True, answer.notes)):
        used = {marker for sentence in answer.sentences if sentence.aside is aside for marker in sentence.markers}
        assert [citation.marker for citation in citations] == list(range(1, len(citations) + 1))
        assert used == {citation.marker for citation in citations}


def as_row(question: dict[str, Any], corpus: Corpus, answer: Answer) -> dict[str, Any]:
    """The batch row of an answer."""
    from qa.export import answer_json

    return answer_json(answer, corpus, question.get("id", ""))


def folded_in(piece: str, texts: list[str]) -> bool:
    """Whether a piece stands in one of the texts, white space and width aside."""
    return any(fold(piece) in fold(text) for text in texts)
