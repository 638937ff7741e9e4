"""Which way of answering fits: one place, above and below, a figure of the asker's own, the order of sentences."""

from __future__ import annotations

import re
from datetime import date

import pytest
from told import AS_OF, cited_documents, rows_of, said

from qa.pipeline import Assistant
from qa.types import Refusal, Role

ORDER = [Role.ANSWER, Role.COMPUTED, Role.CONDITION, Role.CONTACT, Role.DEADLINE, Role.WARNING]


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("声谷创业团队房租补贴最高多少", {"shenggu-support"}),
        ("海淀做研发测试，第三方测试费补多少", {"zhongguancun-measures"}),
        ("中关村做研发测试，第三方测试费补多少", {"zhongguancun-measures"}),
        ("闵行马桥到2025年的目标是什么", {"maqiao-plan"}),
        ("广州开发区租办公用房能补多少", {"huangpu-rules"}),
        ("蓉城首发上市的企业最高奖励多少", {"chengdu-policy", "chengdu-rules"}),
        ("山城到2022年人工智能核心产业规模目标", {"chongqing-plan"}),
        ("合肥高新区的创业团队落地声谷，房租补贴多少", {"shenggu-support"}),
    ],
)
def test_nicknames_reach_the_documents_of_the_place(assistant: Assistant, question: str, documents: set[str]) -> None:
    answer = assistant.ask(question, as_of=AS_OF)
    assert not answer.refused
    assert answer.citations[0].passage.document in documents


def test_a_city_is_answered_from_the_park_below_and_the_park_is_named(assistant: Assistant) -> None:
    answer = assistant.ask("合肥的创业团队房租补贴最高多少", as_of=AS_OF)
    assert not answer.refused
    assert answer.citations[0].passage.document == "shenggu-support"
    assert "声谷" in answer.text


def test_a_district_is_answered_from_the_city_above(assistant: Assistant) -> None:
    answer = assistant.ask("武侯区首发上市的企业最高奖励多少", as_of=AS_OF)
    assert set(cited_documents(answer)) <= {"chengdu-policy", "chengdu-rules"}
    assert "350万元" in answer.text


def test_a_named_policy_is_the_one_answered_from(assistant: Assistant) -> None:
    answer = assistant.ask("成都专项政策里首发上市奖励多少", as_of=AS_OF)
    assert answer.citations[0].passage.document in ("chengdu-policy", "chengdu-rules")
    assert not rows_of(answer)


def test_the_answer_comes_first_and_extras_after_it(assistant: Assistant) -> None:
    for question in ("声谷创业团队房租补贴最高多少", "成都首发上市的企业最高奖励多少", "杭州给领军型创新创业团队多少资助"):
        roles = [sentence.role for sentence in assistant.ask(question, as_of=AS_OF).sentences if sentence.role in ORDER]
        assert roles[0] is Role.ANSWER
        assert roles == sorted(roles, key=ORDER.index)


def test_a_tier_is_worked_out_and_shown(assistant: Assistant) -> None:
    answer = assistant.ask("我们在黄埔固定资产投资5600万，能奖多少", as_of=AS_OF)
    assert answer.verdict == "yes"
    assert "500万元" in said(answer, Role.COMPUTED)
    assert "5600万元达到5000万元" in said(answer, Role.COMPUTED)
    (computed, *_) = answer.computed
    assert computed.result
    assert computed.marker == 1


def test_below_the_first_tier(assistant: Assistant) -> None:
    answer = assistant.ask("我们在黄埔固定资产投资3000万，能奖多少", as_of=AS_OF)
    assert answer.verdict == "no"
    assert "未达到" in answer.text


def test_no_figure_of_the_asker_no_verdict(assistant: Assistant) -> None:
    answer = assistant.ask("在黄埔办AI公司，租房能补多少？", as_of=AS_OF)
    assert answer.verdict is None
    assert not answer.computed


def test_whether_a_policy_is_in_force_depends_on_the_date(assistant: Assistant) -> None:
    question = "杭州试验区若干政策还有效吗"
    assert re.search("过有效期|到期", assistant.ask(question, as_of=AS_OF).text)
    assert assistant.ask(question, as_of=date(2022, 6, 1)).text != assistant.ask(question, as_of=AS_OF).text


def test_nothing_found_is_said(invented_assistant: Assistant) -> None:
    answer = invented_assistant.ask("氦氖魑魅魍魉", as_of=AS_OF)
    assert answer.refusal in (Refusal.NO_EVIDENCE, Refusal.OUT_OF_DOMAIN)
    assert answer.sentences
    assert not answer.citations
