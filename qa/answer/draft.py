"""What the ways of answering hand to verification."""

from __future__ import annotations

from dataclasses import dataclass

from qa.types import Computed, Passage, Refusal, Role, Span


@dataclass(frozen=True, slots=True)
class Quote:
    """Spans of the document's text, inside one passage, that prove a sentence."""

    passage: Passage
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence to be verified. `aside` puts its quotes among the notes, apart from the answer's own evidence."""

    text: str
    quotes: tuple[Quote, ...] = ()
    role: Role = Role.ANSWER
    label: str = ""
    computed: tuple[Computed, ...] = ()
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """Drafts, and what kind of answer they make."""

    drafts: tuple[Draft, ...]
    refusal: Refusal | None = None
    verdict: str | None = None
    general: tuple[Quote, ...] = ()
