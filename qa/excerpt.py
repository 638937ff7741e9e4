"""The part of a passage that a cross-encoder or the answerability model is shown: few enough characters for two CPU cores, chosen by the question.

A reranker of 160 pieces sees about 240 characters of a question and a passage; longer passages are cut around the clause that
shares most words with the question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.answer.clauses import clauses_of
from qa.corpus import Corpus
from qa.lexical import Tokenizer
from qa.types import Passage, Span

TEXT_CHARS = 200
READ_CHARS = 300  # for the answerability model, which reads one passage and not twelve
_HEAD_CHARS = 60  # of the headings the last ones say most
_BEFORE_CHARS = 60  # what stands before the matched clause, when the passage does not fit whole


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is read of a passage: `head` names the document and the headings, `span` counts from the start of the passage."""

    head: str
    span: Span
    text: str

    def __str__(self) -> str:
        """Head and text, as a model reads them."""
        return f"{self.head}\n{self.text}"


def excerpt(words: Mapping[str, float], passage: Passage, corpus: Corpus, tokenizer: Tokenizer, chars: int = TEXT_CHARS) -> Excerpt:
    """Document, headings and the stretch of a passage around the clause that holds most of the question's words.

    Args:
        words: the question's words and their weights.
        passage: what is shown.
        corpus: for the title and the headings.
        tokenizer: cuts the clauses into words.
        chars: of the stretch at most.
    """
    document = corpus.documents[passage.document]
    context = " ".join(span.of(document.text) for span in passage.context).replace("\n", " ")
    span = _stretch(words, passage, tokenizer, chars)
    return Excerpt(f"{document.info.short_title} {context[-_HEAD_CHARS:]}", span, span.of(passage.text))


def _stretch(words: Mapping[str, float], passage: Passage, tokenizer: Tokenizer, chars: int) -> Span:
    size = len(passage.text)
    if size <= chars:
        return Span(0, size)
    spans = [clause.span.shift(-passage.span.start) for clause in clauses_of(passage)]
    shares = [sum(words.get(word, 0.0) for word in set(tokenizer.words(span.of(passage.text)))) for span in spans]
    best = spans[max(range(len(spans)), key=lambda i: shares[i])]
    begin = min(max(best.start - _BEFORE_CHARS, 0), size - chars)
    begin = next((span.start for span in spans if begin <= span.start <= best.start), best.start)
    return Span(begin, min(begin + chars, size))
