"""What happens on a question or a click: events of `qa` become HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from markupsafe import Markup

from page.answers import conversation_html, error_html, exchange_html, log_html, waiting_html
from page.exchange import Exchange, advance, turns
from page.loading import Loading, error_message
from page.reader import catalogue_html, document_html, matter_html, region_choices
from page.welcome import loading_html, status_html, welcome_html
from qa.errors import InputError, QAError
from qa.export import conversation_markdown
from qa.feedback import Feedback, save_feedback
from qa.types import Span
from qa.verify import mask_mobiles

if TYPE_CHECKING:
    from qa import Assistant

Conversation = tuple[Exchange, ...]
_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Ready:
    """What the page shows once the assistant is there, or has failed to load."""

    status: str
    welcome: str
    reader: str
    regions: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """The conversation after one step. `reader` is set once the answer is there: its first citation in its document."""

    conversation: Conversation
    html: str
    reader: str | None = None


class Actions:
    """The page's answers to what a user does; the conversation itself is handed in and out."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading

    def start(self) -> Iterator[str | Ready]:
        """Status lines while the assistant loads, then everything the page needs of it."""
        yield status_html("正在载入…", "loading")
        for message in self._loading.progress():
            yield status_html(message, "loading")
        try:
            assistant = self._loading.assistant()
        except QAError as error:
            yield Ready(status_html("载入失败", "failed"), error_html(str(error)), "", [("全部地区", "")])
            return
        corpus = assistant.corpus
        yield Ready(status_html(_scope(assistant), "ready"), welcome_html(corpus), catalogue_html(corpus), region_choices(corpus))

    def ask(self, question: str, region: str, conversation: Conversation) -> Iterator[Shown]:
        """The conversation after every verified sentence."""
        for message in self._loading.progress():
            yield Shown(conversation, waiting_html(question, f"{message} 载入后马上回答。"))
        try:
            assistant = self._loading.assistant()
        except QAError as error:
            yield Shown(conversation, error_html(str(error)))
            return
        before = [exchange_html(exchange, assistant.corpus) for exchange in conversation]
        for exchange in answering(assistant, Exchange(question, region or ""), conversation):
            html = log_html([*before, exchange_html(exchange, assistant.corpus)])
            yield Shown((*conversation, exchange), html, self._first_source(exchange))

    def _first_source(self, exchange: Exchange) -> Markup | None:
        if exchange.answer is None or not exchange.answer.citations:
            return None
        citation = exchange.answer.citations[0]
        corpus = self._loading.assistant().corpus
        return document_html(corpus.documents[citation.passage.document], corpus, citation.spans)

    def cite(self, document: str, spans: str) -> Markup | None:
        """A document with spans (`12-40 51-60`) marked; None when there is no such document."""
        corpus = self._loading.assistant().corpus
        if document not in corpus.documents:
            return None
        return document_html(corpus.documents[document], corpus, _spans(spans))

    def matter(self, index: str, spans: str = "") -> Markup | None:
        """Front or back matter by its place in the corpus, spans marked."""
        corpus = self._loading.assistant().corpus
        known = index.isdecimal() and int(index) < len(corpus.matter)
        return matter_html(corpus, int(index), _spans(spans)) if known else None

    def catalogue(self) -> Markup:
        """The list of all documents, or why there is none."""
        try:
            return catalogue_html(self._loading.assistant().corpus)
        except QAError as error:
            return error_html(str(error))

    def vote(self, id: str, helpful: bool, conversation: Conversation) -> Conversation:
        """The conversation with a thumb, which is stored; an unknown id changes nothing."""
        return self._judged(id, conversation, lambda exchange: replace(exchange, helpful=helpful))

    def comment(self, id: str, comment: str, conversation: Conversation) -> Conversation:
        """The conversation with what a user wrote beside a thumb, which is stored."""
        return self._judged(id, conversation, lambda exchange: replace(exchange, comment=comment.strip()))

    def _judged(self, id: str, conversation: Conversation, judge: Callable[[Exchange], Exchange]) -> Conversation:
        changed: list[Exchange] = []
        for number, exchange in enumerate(conversation):
            if exchange.id == id:
                exchange = judge(exchange)
                self._save(exchange, conversation[:number])
            changed.append(exchange)
        return tuple(changed)

    def html(self, conversation: Conversation) -> Markup:
        """The conversation as it stands, or the welcome."""
        if not self._loading.done:
            return loading_html()
        corpus = self._loading.assistant().corpus
        return conversation_html(conversation, corpus) if conversation else welcome_html(corpus)

    def markdown(self, conversation: Conversation) -> tuple[str, str]:
        """The conversation as a Markdown file with all quotes, and a notice when there is nothing to export."""
        answers = [exchange.answer for exchange in conversation if exchange.answer]
        if not answers:
            return "", error_html("还没有可导出的问答。请先提一个问题。")
        assistant = self._loading.assistant()
        head = f"# 政策问答记录\n\n导出于{date.today().isoformat()}。{_scope(assistant)}。以原文和主管部门的解释为准。\n\n"
        return head + mask_mobiles(conversation_markdown(answers, assistant.corpus)), ""

    def _save(self, exchange: Exchange, before: Sequence[Exchange]) -> None:
        answer = exchange.answer
        if answer is None or exchange.helpful is None:
            return
        feedback = Feedback(
            question=exchange.question,
            answer=answer.text,
            helpful=exchange.helpful,
            comment=exchange.comment,
            history=tuple(turn.question for turn in turns(before)),
            region=exchange.region,
            passages=tuple(citation.passage.id for citation in answer.citations),
            config_hash=answer.config_hash,
            id=exchange.id,
        )
        save_feedback(self._loading.assistant().config.feedback_db, feedback)


def answering(assistant: Assistant, exchange: Exchange, conversation: Conversation) -> Iterator[Exchange]:
    """The exchange as it grows; an error ends it with its message."""
    yield exchange
    try:
        for event in assistant.stream(exchange.question, turns(conversation), region=exchange.region):
            exchange = advance(exchange, event)
            yield exchange
    except Exception as error:
        yield replace(exchange, error=error_message(error))


def _spans(written: str) -> list[Span]:
    return [Span(int(start), int(end)) for start, end in _SPAN.findall(written) if int(start) < int(end)]


def check_question(question: str) -> str:
    """The question without white space around it.

    Raises:
        InputError: nothing is left.
    """
    if not question.strip():
        raise InputError("请先写下您的问题，例如公司在哪里、想办什么事。")
    return question.strip()


def _scope(assistant: Assistant) -> str:
    compiled = assistant.corpus.manifest.compiled
    since = f"资料截至{compiled.value}" if compiled else "资料已载入"
    return f"{since} · {len(assistant.corpus.documents)}份文件"
