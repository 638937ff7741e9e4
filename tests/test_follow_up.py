"""What a follow-up leaves out is carried over, and dropped when the topic changes; the page and the batch agree."""

from __future__ import annotations

import doctest

import pytest
from told import AS_OF, cited_documents, parse

from qa import follow_up
from qa.cli import replay
from qa.corpus import Corpus
from qa.follow_up import Topic, carry_over
from qa.pipeline import Assistant
from qa.types import Asked, Turn

RENT = "在黄埔办AI公司，租房能补多少？"
HUANGPU, CHENGDU = ("广东/广州/黄埔",), ("四川/成都",)


def test_the_example_of_the_docstring() -> None:
    assert doctest.testmod(follow_up).failed == 0


def test_another_place_keeps_topic_and_kind(corpus: Corpus) -> None:
    query = parse(corpus, "那成都呢？", RENT)
    assert query.regions == CHENGDU
    assert "租房" in query.search_text
    assert Asked.AMOUNT in query.asked
    assert query.carried
    assert "地点" not in query.carried


def test_another_kind_keeps_place_and_topic(corpus: Corpus) -> None:
    query = parse(corpus, "这个找哪个部门申请？", RENT)
    assert query.regions == HUANGPU
    assert "租房" in query.search_text
    assert Asked.RESPONSIBLE in query.asked
    assert Asked.AMOUNT not in query.asked
    assert {"地点", "话题"} <= set(query.carried)


def test_another_case_keeps_all(corpus: Corpus) -> None:
    query = parse(corpus, "如果是国家级的呢", "济南建省级创新平台奖励多少")
    assert query.regions == ("山东/济南",)
    assert "创新平台" in query.search_text
    assert "国家级" in query.fresh
    assert Asked.AMOUNT in query.asked


def test_a_chain_carries_the_last_place_and_the_first_topic(corpus: Corpus) -> None:
    query = parse(corpus, "要满足什么条件？", RENT, "那成都呢？", "找哪个部门？")
    assert query.regions == CHENGDU
    assert "租房" in query.search_text
    assert Asked.CONDITION in query.asked


def test_a_named_policy_is_carried_until_another_place_is_named(corpus: Corpus) -> None:
    first = "黄埔实施细则里租房能补多少"
    assert parse(corpus, "这个由哪个部门负责", first).documents == ("huangpu-rules",)
    assert parse(corpus, "那成都呢", first).documents == ()


@pytest.mark.parametrize(
    "question",
    [
        "算了，问个别的，杭州给AI人才多少补贴",
        "深圳2023年核心产业规模目标",
        "济南的产业规模目标是多少亿",
        "苏州专利奖励多少",
        "谁牵头声谷的大数据平台",
        "德清县2022年智能物流增加值目标是多少",
    ],
)
def test_a_new_topic_drops_the_old_one(corpus: Corpus, question: str) -> None:
    query = parse(corpus, question, RENT)
    assert "租房" not in query.search_text
    assert "话题" not in query.carried
    assert query.regions
    assert query.regions != HUANGPU


def test_a_new_topic_without_a_place_stays_in_the_place(corpus: Corpus) -> None:
    query = parse(corpus, "对引进高端人才有什么奖励", RENT)
    assert query.regions == HUANGPU
    assert "租房" not in query.search_text
    assert query.carried == ("地点",)


def test_a_place_without_documents_is_not_answered_from_the_place_before(corpus: Corpus) -> None:
    query = parse(corpus, "那南京呢？", RENT)
    assert query.regions == ()
    assert query.uncovered == ("江苏/南京",)


def test_two_places_after_one_make_a_comparison(corpus: Corpus) -> None:
    query = parse(corpus, "成都和杭州呢？", RENT)
    assert query.comparison
    assert query.regions == ("四川/成都", "浙江/杭州")
    assert "租房" in query.search_text


@pytest.mark.parametrize("between", ["谢谢", "😀", "", "\x00", "租" * 5000])
def test_thanks_and_unreadable_turns_do_not_lose_the_topic(corpus: Corpus, between: str) -> None:
    query = parse(corpus, "那成都呢？", RENT, between)
    assert query.regions == CHENGDU
    assert "租房" in query.search_text


def test_nothing_before_nothing_carried(corpus: Corpus) -> None:
    query = parse(corpus, "那成都呢？")
    assert query.carried == ()
    assert query.search_text == query.text


def test_carrying_over_leaves_a_whole_turn_alone() -> None:
    now = Topic("成都租办公用房补贴", CHENGDU, 1, content="租办公用房补贴")
    assert carry_over([Topic("黄埔人才奖励", HUANGPU, 1, content="人才奖励")], now) == (now, ())
    assert carry_over([], now) == (now, ())


def test_page_and_batch_resolve_alike(assistant: Assistant) -> None:
    turns = [RENT, "那成都呢？", "这个找哪个部门申请？"]
    page: list[Turn] = []
    for question in turns:
        page.append(Turn(question, assistant.ask(question, page, as_of=AS_OF)))
    batch = replay(assistant, turns[:-1], AS_OF)
    last = assistant.ask(turns[-1], batch, as_of=AS_OF)
    bare = assistant.ask(turns[-1], [Turn(question) for question in turns[:-1]], as_of=AS_OF)
    on_page = page[-1].answer
    assert on_page is not None
    assert last.query == on_page.query == bare.query
    assert last.text == on_page.text == bare.text
    assert set(cited_documents(last)) <= {"chengdu-policy", "chengdu-rules"}


def test_a_greeting_shows_nothing_as_carried(assistant: Assistant) -> None:
    assert assistant.ask("谢谢", [Turn(RENT)], as_of=AS_OF).query.carried == ()
