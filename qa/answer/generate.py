"""Answering with a language model: its words, sentence by sentence, become drafts that quote what they cite.

The model sees the same evidence as the extractive reader. What it writes is held back until a sentence is whole; a sentence
without a valid marker or without support in the cited passage is dropped here, one with a wrong figure by the verifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from qa.answer import decline, notes
from qa.answer.draft import Draft, Outcome, Quote
from qa.answer.models import Generator
from qa.answer.prompt import CANNOT_ANSWER, make_messages
from qa.answer.support import supporting_spans
from qa.corpus import Corpus
from qa.places import relation
from qa.quantities import find_quantities
from qa.types import Citation, Computed, Hit, Passage, Query, Refusal, Role, Turn

EVIDENCE = 8  # passages shown to the model
_DECIDED = frozenset({Refusal.HOSTILE, Refusal.CHAT, Refusal.PLACE_NOT_COVERED, Refusal.OUT_OF_DOMAIN, Refusal.PREMISE})
_MARKER = r"[\[【](?:材料)?\s*(\d{1,2}(?:\s*[,，、]\s*\d{1,2})*)\s*[\]】]"
_MARKERS = re.compile(rf"\s*{_MARKER}")
_END = re.compile(rf"[。！？\n][。！？\n”’」』）)*]*(?:\s*{_MARKER})*")
_LEAD = re.compile(rf"^(?:根据|依据|按照)(?:材料)?\s*(?:{_MARKER}\s*)+[，,]?")
_LIST_MARK = re.compile(r"^(?:\d{1,2}[.．、)）]\s*(?!\d)|[（(](?:\d{1,2}|[一二三四五六七八九十]+)[）)])")
_OPEN_MARKER_CHARS = 16  # a bracket that has not closed after so many characters is no marker
_LABEL = re.compile(r"^([^，。：:]{2,10})[：:]\s*")
_ORDERS = re.compile(
    r"(?:忽略|无视|忘掉|忘记|不要遵守)[^，。]{0,14}(?:指令|规则|提示|设定|要求)|ignore (?:all|previous|the)", re.IGNORECASE
)
_STALE_TELEPHONE = "（文件所载，可能已变更）"


class Writer:
    """Answers by a language model where an answer is possible at all; what is declined for other reasons stays as planned."""

    def __init__(self, generator: Generator, corpus: Corpus, passages: Sequence[Passage]) -> None:
        self._generator = generator
        self._corpus = corpus
        self._passages = passages

    def takes(self, plan: Outcome, hits: Sequence[Hit]) -> bool:
        """Whether the model is asked: not where the plan declines without regard to evidence, nor without evidence."""
        return bool(hits) and plan.refusal not in _DECIDED

    def drafts(self, query: Query, hits: Sequence[Hit], history: Sequence[Turn], plan: Outcome) -> Iterator[Draft]:
        """A draft for every sentence that cites its evidence, while the model writes.

        Args:
            query: the question as understood.
            hits: its ranking.
            history: earlier turns, oldest first.
            plan: the extractive answer; what it quotes is shown to the model first.

        Raises:
            GenerationError: the model or its server failed.
        """
        evidence = self._evidence(query, hits, plan)
        if not evidence:
            return
        worked = [draft for draft in plan.drafts if draft.computed and not draft.aside]
        messages = make_messages(query, evidence, history, self._corpus, [draft.text for draft in worked])
        computed = tuple(item for draft in worked for item in draft.computed)
        labels = {row.label for row in _rows(plan)}
        said: set[str] = set()
        for sentence in sentences(self._generator.stream(messages)):
            if CANNOT_ANSWER in sentence:
                return
            draft = make_draft(sentence, evidence, labels, computed)
            if draft and draft.text not in said:  # small models repeat themselves
                said.add(draft.text)
                yield draft

    def rest(self, query: Query, plan: Outcome, citations: Sequence[Citation], as_of: date) -> Outcome:
        """What follows the model's sentences: the plan's extras, or a declining answer when none of them was shown.

        Args:
            query: the question as understood.
            plan: the extractive answer.
            citations: those of the sentences that passed verification.
            as_of: the date on which validity is judged.
        """
        if not citations:
            return self._declining(query, plan)
        cited = citations[0].passage.document
        planned = {quote.passage.document for draft in plan.drafts[:1] for quote in draft.quotes}
        if plan.refusal is None and (_rows(plan) or cited in planned):
            extras = tuple(draft for draft in plan.drafts if not _told(draft, citations))
            return Outcome(extras, verdict=plan.verdict, general=plan.general)
        document = self._corpus.documents[cited]
        warnings = notes.warnings(document, self._corpus, self._passages, as_of, query)
        return Outcome(tuple(warnings), general=tuple(notes.general_clauses(document, self._passages)))

    def _evidence(self, query: Query, hits: Sequence[Hit], plan: Outcome) -> tuple[Passage, ...]:
        """What the plan quotes, then the best hits of the places that the question names.

        Where it names none and the plan has a row for each of several, those rows are the evidence.
        """
        quoted = [quote.passage for draft in plan.drafts if not draft.aside for quote in draft.quotes]
        found = [hit.passage for hit in hits] if query.regions or not _rows(plan) else []
        if query.regions:
            found = [passage for passage in found if relation(query.regions, self._corpus.documents[passage.document].info)]
        unique = {passage.id: passage for passage in (*quoted, *found)}
        return tuple(unique.values())[:EVIDENCE]

    def _declining(self, query: Query, plan: Outcome) -> Outcome:
        if plan.refusal is not None:
            return plan
        nearest = next((draft for draft in plan.drafts if draft.quotes), None)
        return decline.declining(Refusal.NO_EVIDENCE, nearest, query, self._corpus)


def _rows(plan: Outcome) -> list[Draft]:
    return [draft for draft in plan.drafts if draft.role is Role.ROW]


def _told(draft: Draft, citations: Sequence[Citation]) -> bool:
    """Whether the model's sentences already say what a draft of the plan says; a place it left out keeps its row."""
    if draft.role is Role.ROW:
        return any(citation.passage.document == quote.passage.document for quote in draft.quotes for citation in citations)
    if draft.role is Role.CONTACT:
        shown = [(citation.passage.id, span) for citation in citations for span in citation.spans]
        return all(any(id == quote.passage.id and span.contains(quote.spans[0]) for id, span in shown) for quote in draft.quotes)
    return draft.role is Role.ANSWER


def sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Whole sentences with the markers behind them; a last one that was cut off is left out unless it ends with a marker.

    >>> list(sentences(["最高100", "万元。[", "1]每年", "一次[2]。最高9"]))
    ['最高100万元。[1]', '每年一次[2]。']
    """
    buffer = ""
    for piece in without_thinking(pieces):
        buffer += piece
        while end := _sentence_end(buffer):
            yield from filter(None, [buffer[:end].strip()])
            buffer = buffer[end:]
    last = buffer.strip()
    if _END.search(last) or re.search(rf"{_MARKER}$", last):
        yield last


def _sentence_end(buffer: str) -> int:
    """Where the first sentence ends for certain, 0 when a marker may still follow it."""
    match = _END.search(buffer)
    behind = buffer[match.end() :].lstrip(" ") if match else ""
    opened = behind[:1] in ("[", "【") and not re.search(r"[\]】]", behind) and len(behind) < _OPEN_MARKER_CHARS
    return match.end() if match and behind and not opened else 0


def without_thinking(pieces: Iterable[str]) -> Iterator[str]:
    """The reply without the <think>…</think> that some models open it with."""
    head, source = "", iter(pieces)
    for piece in source:
        head += piece
        opening = head.lstrip()[:7]
        if opening == "<think>" and "</think>" in head:
            head = head.split("</think>", 1)[1]
            break
        if not "<think>".startswith(opening):
            break
    if not head.lstrip().startswith("<think>"):
        yield head
    yield from source


def make_draft(
    sentence: str, evidence: Sequence[Passage], labels: Iterable[str] = (), computed: Sequence[Computed] = ()
) -> Draft | None:
    """A sentence of the model with the spans it rests on, or None when it cites nothing that supports it.

    Args:
        sentence: as written, with markers.
        evidence: passages by number, the first is 1.
        labels: places; a sentence that begins with one of them is that place's row.
        computed: figures worked out by code; they go with a sentence that gives one of their results.
    """
    text = _clean(sentence)
    quotes = []
    for passage in _cited(sentence, evidence):
        spans = supporting_spans(text, passage)
        if spans and not _ORDERS.search(passage.text):  # what gives orders to its reader is no evidence
            quotes.append(Quote(passage, spans))
    if not text or not quotes:
        return None
    used = tuple(computed) if any(item.result in text for item in computed) else ()
    match = _LABEL.match(text)
    if match and match.group(1) in labels:
        return Draft(_with_caution(text[match.end() :]), tuple(quotes), Role.ROW, match.group(1), used)
    return Draft(_with_caution(text), tuple(quotes), computed=used)


def _cited(sentence: str, evidence: Sequence[Passage]) -> list[Passage]:
    """The passages that the markers name; [0] must not become the last one, nor [9] of 8 an error."""
    numbers = [int(number) for match in _MARKERS.finditer(sentence) for number in re.findall(r"\d+", match.group(1))]
    return [evidence[number - 1] for number in dict.fromkeys(numbers) if 1 <= number <= len(evidence)]


def _clean(sentence: str) -> str:
    """The sentence without markers, list marks and Markdown, ended by a full stop."""
    text = _LIST_MARK.sub("", sentence.replace("**", "").lstrip("-*•# \n"))
    text = _MARKERS.sub("", _LEAD.sub("", text)).replace("\n", "").strip().rstrip("，、；：,; ")
    return text + ("" if not text or text[-1] in "。！？）)”" else "。")


def _with_caution(text: str) -> str:
    """Telephone numbers of old documents may have changed."""
    if not any(quantity.kind == "telephone" for quantity in find_quantities(text)):
        return text
    return f"{text.rstrip('。')}{_STALE_TELEPHONE}。"
