"""The ranking: order, limits, places, copies named and left out."""

from __future__ import annotations

import pytest

from qa.pipeline import Assistant
from qa.places import relation

QUESTIONS = ["在黄埔办AI公司，租房能补多少？", "合肥的人工智能产业规模目标", "哪些城市奖励上市企业", "氦氖魑魅", "成都咨询电话"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_hits_are_distinct_best_first_and_limited(assistant: Assistant, question: str) -> None:
    hits = assistant.ranking.rank(assistant.parse(question), most=15)
    scores = [hit.score for hit in hits]
    ids = [hit.passage.id for hit in hits]
    assert 0 < len(hits) <= 15
    assert scores == sorted(scores, reverse=True)
    assert len(set(ids)) == len(ids)
    assert all(set(hit.features) == {"known", "coverage", "strict", "raw_line", "raw_vector"} for hit in hits)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_copy_is_named_and_not_listed_again(assistant: Assistant, question: str) -> None:
    hits = assistant.ranking.rank(assistant.parse(question))
    listed = {hit.passage.id for hit in hits}
    known = {passage.id for passage in assistant.ranking.retriever.index.passages}
    for hit in hits:
        assert hit.passage.id not in hit.copies
        assert not listed & set(hit.copies)
        assert set(hit.copies) <= known


def test_both_sources_of_a_copy_are_named(assistant: Assistant) -> None:
    hits = assistant.ranking.rank(assistant.parse("合肥试验区实施方案里智能语音关键技术攻关的责任单位"))
    sources = [{hit.passage.id.split("/")[0], *(copy.split("/")[0] for copy in hit.copies)} for hit in hits]
    assert any({"hefei-pilot", "hefei-pilot-compiled"} <= names for names in sources)


def test_the_region_leads_and_the_rest_follows(assistant: Assistant) -> None:
    hits = assistant.ranking.rank(assistant.parse("在黄埔办AI公司，租房能补多少？"))
    documents = [hit.passage.document for hit in hits]
    assert documents[0] == "huangpu-rules"
    assert len(set(documents)) > 1


def test_documents_from_above_and_below_are_found(assistant: Assistant) -> None:
    hits = assistant.ranking.rank(assistant.parse("合肥有哪些扶持人工智能产业的政策"))
    documents = {hit.passage.document for hit in hits}
    assert any(name.startswith("hefei") for name in documents)
    assert any(name.startswith(("anhui", "shenggu")) for name in documents)
    below = assistant.ranking.rank(assistant.parse("庐阳区的人工智能产业怎么布局"))
    assert below[0].passage.document.startswith(("hefei", "shenggu", "anhui"))


@pytest.mark.parametrize(("question", "region"), [("合肥租房补贴多少", "安徽/合肥"), ("安徽有哪些租房补贴", "安徽")])
def test_a_named_place_comes_before_other_places(assistant: Assistant, question: str, region: str) -> None:
    best = assistant.ranking.rank(assistant.parse(question))[0].passage
    assert relation((region,), assistant.corpus.documents[best.document].info) > 0


def test_within_a_place(assistant: Assistant) -> None:
    hits = assistant.ranking.rank(assistant.parse("租房能补多少"), within=("四川/成都",), most=8)
    assert 0 < len(hits) <= 8
    assert all(hit.passage.document.startswith("chengdu") for hit in hits)
    assert assistant.ranking.rank(assistant.parse("租房能补多少"), within=("火星",)) == []


def test_the_same_question_has_the_same_ranking(assistant: Assistant) -> None:
    query = assistant.parse(QUESTIONS[0])
    assert assistant.ranking.rank(query) == assistant.ranking.rank(query)
