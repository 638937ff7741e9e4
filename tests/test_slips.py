"""One or two wrong characters do not break a question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import AS_OF, said

from qa.pipeline import Assistant
from qa.slips import SlipFinder
from qa.types import Role


@pytest.fixture(scope="module")
def finder(assistant: Assistant) -> SlipFinder:
    retriever = assistant.ranking.retriever
    return SlipFinder(retriever.tokenizer, retriever.index.text_lexical)


@pytest.mark.parametrize(("slip", "meant"), [("姿助", "资助"), ("补帖", "补贴"), ("将励", "奖励")])
def test_a_pair_that_sounds_like_a_word_is_mended(finder: SlipFinder, slip: str, meant: str) -> None:
    assert meant in set(finder.mend(f"最高{slip}多少"))


@pytest.mark.parametrize("text", ["", "AI 500", "奖励", "资助标准", "补贴多少"])
def test_right_words_are_left_alone(finder: SlipFinder, text: str) -> None:
    assert list(finder.mend(text)) == []


@given(text=st.text("补贴奖励姿助标淮租房杭州研发AI5， ", max_size=20))
def test_what_is_put_in_is_a_known_word_of_two_characters(finder: SlipFinder, assistant: Assistant, text: str) -> None:
    known = set(assistant.ranking.retriever.index.text_lexical.words())
    assert all(len(word) == 2 and word in known for word in finder.mend(text))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("黄埔租办公用房的补贴标准是多少", "黄埔租办公用房的补帖标淮是多少"),
        ("声谷创业团队房租补贴最高多少", "声谷创业团队房祖补贴最高多少"),
        ("成都首发上市的企业最高奖励多少", "成都首发上市的企业最高将励多少"),
        ("德清2022年智能物流增加值目标", "德清2022年智能物流曾加值目标"),
        ("海淀购买数据服务的补贴比例", "海淀购买数居服务的补贴比例"),
    ],
)
def test_a_slip_leads_to_the_same_article(assistant: Assistant, right: str, wrong: str) -> None:
    expected, got = assistant.ask(right, as_of=AS_OF), assistant.ask(wrong, as_of=AS_OF)
    wanted = expected.citations[0].passage
    assert got.refusal == expected.refusal
    assert any(c.passage.document == wanted.document and c.passage.article == wanted.article for c in got.citations)
    assert said(got, Role.ANSWER)
