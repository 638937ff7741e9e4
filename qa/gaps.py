"""Known gaps (`corpus/gaps.jsonl`): what people ask of a document and what no text of its place answers.

The opposite of the plain-language lines: a question that is nearer to a gap than to any line is declined, because the article is
there and the sum, the date or the list asked for is not. They are never shown. Each row names a document and the quote with
which the passage in question begins, or an empty quote where the place has no such subject at all; an empty document stands for
every place (other trades, private life): {"document", "quote", "gaps": [...]}.
"""

from __future__ import annotations

from dataclasses import dataclass

from qa.corpus import Corpus
from qa.lines import read_rows
from qa.types import Query


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that the place of `document`, or with "" every place, leaves open; `subject`: whether it speaks of the thing at all."""

    text: str
    document: str
    subject: bool


def load_gaps(corpus: Corpus) -> list[Gap]:
    """The gaps of the documents that are in the corpus; documents without gaps work without them.

    Raises:
        CorpusError: a row is no JSON object or lacks a key.
    """
    return [
        Gap(text, document, bool(quote))
        for document, quote, texts in read_rows(corpus, "gaps")
        if (not quote and not document)
        or (document in corpus.documents and (not quote or corpus.documents[document].span_at(quote)))
        for text in texts
    ]


def asked_text(query: Query) -> str:
    """A question as gaps and lines are written: without the places it names."""
    return " ".join(query.subject.split())


def added_text(query: Query) -> str:
    """The same of a follow-up without the earlier question, when it adds one of its own: 那要什么条件 asks for no sum any more."""
    adds = query.carried and query.fresh and query.subject.endswith(query.fresh)
    return " ".join(query.fresh.split()) if adds else asked_text(query)
