"""What happens on a question or a click: events of `qa` become HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from page.answers import conversation_html, error_html, waiting_html
from page.exchange import Exchange, advance, turns
from page.html import join
from page.loading import Loading, error_message
from page.reader import catalogue_html, document_html, matter_html, region_choices
from page.welcome import status_html, welcome_html
from qa import Assistant
from qa.errors import InputError, QAError
from qa.export import conversation_markdown
from qa.feedback import Feedback, save_feedback
from qa.types import Span
from qa.verify import mask_mobiles

Conversation = tuple[Exchange, ...]
_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Ready:
    """What the page shows once the assistant is there, or has failed to load."""

    status: str
    welcome: str
    reader: str
    regions: list[tuple[str, str]]


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
            corpus = self._loading.assistant().corpus
        except QAError as error:
            yield Ready(status_html("载入失败", "failed"), error_html(str(error)), "", [("全部地区", "")])
            return
        yield Ready(status_html(_scope(self._loading.assistant()), "ready"), welcome_html(corpus), catalogue_html(corpus), region_choices(corpus))

    def ask(self, question: str, region: str, conversation: Conversation) -> Iterator[tuple[Conversation, Markup]]:
        """The conversation and its HTML after every verified sentence."""
        for message in self._loading.progress():
            yield conversation, waiting_html(question, f"{message} 载入后马上回答。")
        try:
            assistant = self._loading.assistant()
        except QAError as error:
            yield conversation, error_html(str(error))
            return
        before = conversation_html(conversation, assistant.corpus)
        for exchange in answering(assistant, Exchange(question, region or ""), conversation):
            together = (*conversation, exchange)
            yield together, join([before, conversation_html([exchange], assistant.corpus)])

    def cite(self, document: str, spans: str) -> Markup | None:
        """A document with spans (`12-40 51-60`) marked; None when there is no such document."""
        corpus = self._loading.assistant().corpus
        if document not in corpus.documents:
            return None
        cited = [Span(int(start), int(end)) for start, end in _SPAN.findall(spans)]
        return document_html(corpus.documents[document], corpus, cited)

    def matter(self, index: str) -> Markup | None:
        """Front or back matter by its place in the corpus."""
        corpus = self._loading.assistant().corpus
        known = index.isdecimal() and int(index) < len(corpus.matter)
        return matter_html(corpus, int(index)) if known else None

    def catalogue(self) -> Markup:
        """The list of all documents."""
        return catalogue_html(self._loading.assistant().corpus)

    def vote(self, id: str, helpful: bool, comment: str, conversation: Conversation) -> Conversation:
        """Store a thumb, or a comment with it, and show that it was stored."""
        changed: list[Exchange] = []
        for number, exchange in enumerate(conversation):
            if exchange.id == id and exchange.answer:
                exchange = replace(exchange, helpful=helpful, comment=comment.strip() or exchange.comment)
                self._save(exchange, conversation[:number])
            changed.append(exchange)
        return tuple(changed)

    def comment(self, id: str, comment: str, conversation: Conversation) -> Conversation:
        """Store what a user wrote beside a thumb."""
        helpful = next((exchange.helpful for exchange in conversation if exchange.id == id), None)
        return conversation if helpful is None else self.vote(id, helpful, comment, conversation)

    def html(self, conversation: Conversation) -> Markup:
        """The conversation as it stands, or the welcome."""
        corpus = self._loading.assistant().corpus
        return conversation_html(conversation, corpus) if conversation else welcome_html(corpus)

    def markdown(self, conversation: Conversation) -> str:
        """The conversation as a Markdown file with all quotes; empty when there is none."""
        answers = [exchange.answer for exchange in conversation if exchange.answer]
        if not answers:
            return ""
        assistant = self._loading.assistant()
        head = f"# 政策问答记录\n\n导出于{date.today().isoformat()}。{_scope(assistant)}。以原文和主管部门的解释为准。\n\n"
        return head + mask_mobiles(conversation_markdown(answers, assistant.corpus))

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
