"""What a cross-encoder is shown of a passage: a stretch of its text around the clause that matches, under its headings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.excerpt import TEXT_CHARS, excerpt
from qa.pipeline import Assistant
from qa.types import Passage


@pytest.fixture(scope="module")
def long_passages(assistant: Assistant) -> list[Passage]:
    return [passage for passage in assistant.ranking.retriever.index.passages if len(passage.text) > TEXT_CHARS]


def test_a_short_passage_is_shown_whole(assistant: Assistant) -> None:
    retriever = assistant.ranking.retriever
    short = next(passage for passage in retriever.index.passages if len(passage.text) < TEXT_CHARS)
    shown = excerpt({}, short, assistant.corpus, retriever.tokenizer)
    assert shown.text == short.text
    assert str(shown).startswith(assistant.corpus.documents[short.document].info.short_title)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_stretch_is_verbatim_and_fits(assistant: Assistant, long_passages: list[Passage], data: st.DataObject) -> None:
    passage = data.draw(st.sampled_from(long_passages))
    retriever = assistant.ranking.retriever
    words = dict.fromkeys(retriever.tokenizer.words(data.draw(st.sampled_from(passage.text.split("，")))), 1.0)
    shown = excerpt(words, passage, assistant.corpus, retriever.tokenizer)
    assert shown.text == shown.span.of(passage.text)
    assert len(shown.text) <= TEXT_CHARS


def test_the_matched_clause_is_in_the_stretch(assistant: Assistant) -> None:
    retriever = assistant.ranking.retriever
    query = assistant.parse("在黄埔办AI公司，租房能补多少？")
    passage = next(hit.passage for hit in assistant.ranking.rank(query) if len(hit.passage.text) > TEXT_CHARS)
    words = retriever.words(query)
    shown = excerpt(words, passage, assistant.corpus, retriever.tokenizer)
    held = {word for word in words if word in passage.text}
    assert not held or any(word in shown.text for word in held)
