"""Drafts -> verified sentences with numbered citations. What fails is left out; nothing else reaches an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qa.answer.draft import Draft, Quote
from qa.corpus import Corpus
from qa.errors import CorpusError
from qa.types import Citation, Computed, Delta, Refusal, Role, Sentence, Span
from qa.verify import mask_mobiles, verify_sentence


class Verifier:
    """Collects what passed: sentences, citations (numbered as first used), notes and computed figures."""

    def __init__(self, corpus: Corpus, question: str, enabled: bool = True) -> None:
        self._corpus = corpus
        self._question = question
        self._enabled = enabled
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []
        self.notes: list[Citation] = []
        self.computed: list[Computed] = []
        self.problems: list[str] = []

    def pass_through(self, drafts: Iterable[Draft]) -> Iterator[Delta]:
        """A `Delta` for every draft that passes, in order."""
        for draft in drafts:
            if self._passes(draft):
                yield self._accept(draft)

    def refusal(self, planned: Refusal | None) -> Refusal | None:
        """The planned refusal, or no_evidence when every sentence of an answer failed."""
        said = any(sentence.role is not Role.NOTICE for sentence in self.sentences)
        return planned if said or planned else Refusal.NO_EVIDENCE

    def cite_aside(self, quote: Quote) -> Citation:
        """A citation for a clause that is offered under the answer; it has no marker in the text."""
        return self._citation(0, quote)

    def _passes(self, draft: Draft) -> bool:
        if not draft.quotes:
            return draft.role is Role.NOTICE
        cited = [text for quote in draft.quotes for text in self._texts(quote)]
        problems = verify_sentence(draft.text, cited, self._question, (*self.computed, *draft.computed))
        self.problems += problems
        return not problems or not self._enabled

    def _texts(self, quote: Quote) -> list[str]:
        """The quoted spans, the context of their passage, and its headings."""
        text = self._corpus.documents[quote.passage.document].text
        return [span.of(text) for span in (*quote.spans, *quote.passage.context)]

    def _accept(self, draft: Draft) -> Delta:
        known = len(self.citations), len(self.notes)
        markers = tuple(self._number(quote, self.notes if draft.aside else self.citations) for quote in draft.quotes)
        known_rules = {computed.rule for computed in self.computed}
        new = [computed for computed in draft.computed if computed.rule not in known_rules]
        self.computed += [Computed(c.result, c.operands, c.rule, markers[0] if markers else 0) for c in new]
        sentence = Sentence(mask_mobiles(draft.text), draft.role, tuple(dict.fromkeys(markers)), draft.label, draft.aside)
        self.sentences.append(sentence)
        return Delta(sentence, tuple((*self.citations[known[0] :], *self.notes[known[1] :])))

    def _number(self, quote: Quote, known: list[Citation]) -> int:
        """The marker of a quote: one per passage; further spans of the same passage join it."""
        for i, citation in enumerate(known):
            if citation.passage.id == quote.passage.id:
                spans = tuple(sorted({*citation.spans, *quote.spans}))
                known[i] = self._citation(citation.marker, Quote(quote.passage, spans))
                return citation.marker
        known.append(self._citation(len(known) + 1, quote))
        return len(known)

    def _citation(self, marker: int, quote: Quote) -> Citation:
        document = self._corpus.documents[quote.passage.document]
        spans = _merged(quote.spans)
        quotes = tuple(span.of(document.text) for span in spans)
        if not all(quotes):
            raise CorpusError(f"引文为空（{quote.passage.id}）。请运行 qa index --force 重新建立索引。")
        return Citation(marker, quote.passage, spans, quotes)


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans sorted, overlapping ones joined."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return tuple(result)
