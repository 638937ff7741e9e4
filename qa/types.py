"""The frozen types that travel along the pipeline.

Offsets are code points of `Document.text`, end exclusive. No type carries a score or a vector except `Hit`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The slice of `text` that this span names."""
        return text[self.start : self.end]

    def shift(self, offset: int) -> Span:
        """The same range `offset` code points further on."""
        return Span(self.start + offset, self.end + offset)

    def contains(self, other: Span) -> bool:
        """Whether `other` lies inside this span."""
        return self.start <= other.start and other.end <= self.end


class NodeKind(StrEnum):
    """What a node of a document's tree is, from its list mark or its place."""

    ROOT = "root"
    ANNEX = "annex"  # 附件1
    CHAPTER = "chapter"  # 第一章
    PART = "part"  # 一、
    ARTICLE = "article"  # 第六条
    SECTION = "section"  # （一）
    BOX = "box"  # 专栏 1
    ITEM = "item"  # 1.
    SUBITEM = "subitem"  # （1）
    BULLET = "bullet"  # —— or ●
    HEADING = "heading"  # a short line without a mark
    PARAGRAPH = "paragraph"
    TABLE = "table"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a document's tree.

    `heading` covers the list mark and the title up to the first sentence end; `span` covers the heading, the node's own
    text and all children. `cells` are the spans of a table row's cells; `filled` names, for each cell that was merged with
    the one above it, the span that is to be read there (context, not text).
    """

    kind: NodeKind
    label: str
    heading: Span
    span: Span
    children: tuple[Node, ...] = ()
    cells: tuple[Span, ...] = ()
    filled: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a text says something: a span of a document of the corpus."""

    document: str
    span: Span


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is retrieved: `document.text[span.start:span.end] == text`.

    `context` holds the spans needed to understand the text: headings, lead-in sentence, table header, merged cells.
    `article` is the label a reader would cite (第六条, 四（二）3) and `path` the headings above, outermost first.
    `general` names the kind of a clause that governs the whole document (scope, no_double, repayment …), else "".
    """

    id: str
    document: str
    article: str
    path: tuple[str, ...]
    span: Span
    text: str
    context: tuple[Span, ...] = ()
    table: bool = False
    general: str = ""
    citable: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage with its score and the channels that found it."""

    passage: Passage
    score: float
    via: tuple[str, ...] = ()
    features: Mapping[str, float] = field(default_factory=dict)
    copies: tuple[str, ...] = ()


class Asked(StrEnum):
    """What a question asks for."""

    AMOUNT = "amount"
    RATIO = "ratio"
    CONDITION = "condition"
    PROCEDURE = "procedure"
    RESPONSIBLE = "responsible"
    TARGET = "target"
    LIST = "list"
    DEFINITION = "definition"
    PLAN = "plan"
    DEADLINE = "deadline"
    TELEPHONE = "telephone"
    COMPARISON = "comparison"


class Refusal(StrEnum):
    """Why the thing asked for is not given."""

    NO_EVIDENCE = "no_evidence"
    NOT_STATED = "not_stated"
    PLACE_NOT_COVERED = "place_not_covered"
    PREMISE = "premise"
    OUT_OF_DOMAIN = "out_of_domain"
    HOSTILE = "hostile"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the pipeline understands it.

    `regions` are region paths named by the question (or carried, or set by the page), `uncovered` the places named that
    no document of the corpus serves, `documents` the policies named, `expansion` policy words with their weights.
    """

    raw: str
    text: str
    regions: tuple[str, ...] = ()
    uncovered: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    expansion: tuple[tuple[str, float], ...] = ()
    everyday: tuple[str, ...] = ()  # the question's own words that the expansion explains
    comparison: bool = False
    which_places: bool = False
    search_text: str = ""  # with what was carried over
    subject: str = ""  # the same without places
    fresh: str = ""  # what this turn says itself, without places
    carried: tuple[str, ...] = ()
    recent: str = ""  # the document that the turn before was about, when this one goes on from it


class Role(StrEnum):
    """What a sentence of an answer does; the answer itself comes first, extras after it."""

    ANSWER = "answer"
    ROW = "row"  # one place of a comparison or of an open question
    COMPUTED = "computed"
    CONDITION = "condition"
    CONTACT = "contact"
    DEADLINE = "deadline"
    WARNING = "warning"  # expired, a plan that cannot be claimed, copies that differ
    GENERAL = "general"  # 还要注意
    NOTICE = "notice"  # said by the system, no policy text in it


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker of an answer and the verbatim spans that prove it; `quotes` are the slices of the document's text."""

    marker: int
    passage: Passage
    spans: tuple[Span, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One verified sentence; `markers` refer to `Answer.citations`. `text` carries no markers itself."""

    text: str
    role: Role = Role.ANSWER
    markers: tuple[int, ...] = ()
    label: str = ""  # the place, in a row of a comparison
    aside: bool = False  # the markers are those of `Answer.notes`: [注1]


@dataclass(frozen=True, slots=True)
class Computed:
    """A figure worked out by code from cited figures and the question's own."""

    result: str
    operands: tuple[str, ...]
    rule: str
    marker: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page, the command line, the API and the evaluation receive for one question."""

    question: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    query: Query
    as_of: date
    refusal: Refusal | None = None
    verdict: str | None = None
    computed: tuple[Computed, ...] = ()
    notes: tuple[Citation, ...] = ()  # validity and general clauses: evidence beside the answer's own
    general: tuple[Citation, ...] = ()  # 还要注意: clauses that govern the whole document, offered under a benefit
    seconds: Mapping[str, float] = field(default_factory=dict)
    config_hash: str = ""
    generator: str = "extractive"

    @property
    def refused(self) -> bool:
        """Whether the thing asked for is not given."""
        return self.refusal is not None

    @property
    def text(self) -> str:
        """The answer as shown, with [1] markers; the answer itself first, extras after it."""
        return "\n".join(render(sentence) for sentence in self.sentences)


def render(sentence: Sentence) -> str:
    """A sentence with its label and its markers: `云州：最高500万元。[1]`."""
    label = f"{sentence.label}：" if sentence.label else ""
    prefix = "注" if sentence.aside else ""
    return label + sentence.text + "".join(f"[{prefix}{marker}]" for marker in sentence.markers)


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier turn of the conversation, oldest first in a history."""

    question: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Event: retrieval is done; the query as understood and its ranking."""

    query: Query
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """Event: one whole sentence that has passed verification, with the citations (or notes) it is the first to use."""

    sentence: Sentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """Event: the complete answer."""

    answer: Answer


Event = Found | Delta | Done
