"""The clauses that a sentence rests on."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answer.support import supporting_spans
from qa.chunk import make_passages
from qa.corpus import Corpus
from qa.types import Passage


@pytest.fixture(scope="module")
def passages(corpus: Corpus) -> dict[str, Passage]:
    return {passage.id: passage for passage in make_passages(corpus, 500)}


def quoted(sentence: str, passage: Passage, corpus: Corpus) -> list[str]:
    return [span.of(corpus.documents[passage.document].text) for span in supporting_spans(sentence, passage)]


def test_the_clause_with_the_figures_not_the_whole_passage(passages: dict[str, Passage], corpus: Corpus) -> None:
    passage = passages["huangpu-rules/第六条"]
    found = quoted("每家企业五年内累计最高1亿元。", passage, corpus)
    assert found == ["奖励金额每家企业五年内累计最高不超过1亿元。"]


def test_two_clauses_when_the_figures_stand_in_two(passages: dict[str, Passage], corpus: Corpus) -> None:
    passage = passages["huangpu-rules/第六条"]
    found = quoted("固定资产投资总额达到5亿元奖励5000万元，五年内累计最高1亿元。", passage, corpus)
    assert len(found) == 2
    assert "5亿元" in found[0]
    assert "五年内" in found[1]


def test_words_without_figures(passages: dict[str, Passage], corpus: Corpus) -> None:
    passage = passages["huangpu-rules/第六条"]
    assert quoted("投资额增加后仍未达到下一更高档次要求的，不予奖励。", passage, corpus)[0].startswith("已申请过本奖励的企业")


@pytest.mark.parametrize("sentence", ["养老金按月发放。", "好。", "", "奖励777万元。"])
def test_nothing_supports_what_the_passage_does_not_say(sentence: str, passages: dict[str, Passage]) -> None:
    assert supporting_spans(sentence, passages["huangpu-rules/第六条"]) == ()


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_spans_lie_in_the_passage_apart_and_in_order(data: st.DataObject, passages: dict[str, Passage]) -> None:
    passage, other = (data.draw(st.sampled_from(sorted(passages))) for _ in range(2))
    begin = data.draw(st.integers(0, max(len(passages[other].text) - 20, 0)))
    spans = supporting_spans(passages[other].text[begin : begin + 60], passages[passage])
    assert all(passages[passage].span.contains(span) and len(span) for span in spans)
    assert all(one.end <= two.start for one, two in pairwise(spans))
