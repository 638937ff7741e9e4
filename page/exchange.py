"""One question and what has arrived of its answer."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qa.types import Answer, Citation, Delta, Event, Found, Sentence, Turn


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of the conversation. `answer` is None while it is being answered; `error` is set when it failed."""

    question: str
    region: str = ""
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    found: Found | None = None
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    notes: tuple[Citation, ...] = ()
    answer: Answer | None = None
    error: str = ""
    helpful: bool | None = None
    comment: str = ""

    @property
    def pending(self) -> bool:
        """Whether more is to come."""
        return self.answer is None and not self.error


def advance(exchange: Exchange, event: Event) -> Exchange:
    """The exchange after one event of the stream."""
    if isinstance(event, Found):
        return replace(exchange, found=event)
    if isinstance(event, Delta):
        together = replace(exchange, sentences=(*exchange.sentences, event.sentence))
        if event.sentence.aside:
            return replace(together, notes=(*exchange.notes, *event.citations))
        return replace(together, citations=(*exchange.citations, *event.citations))
    answer = event.answer
    return replace(exchange, answer=answer, sentences=answer.sentences, citations=answer.citations, notes=answer.notes)


def turns(conversation: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The history that the next question is asked with; questions that failed do not count."""
    return tuple(Turn(exchange.question, exchange.answer) for exchange in conversation if exchange.answer)
