"""What stands beside an answer: validity on a date, plans that pay nothing, clauses on the whole document."""

from __future__ import annotations

import re
from datetime import date

import pytest
from told import AS_OF, check_quotes, said

from qa.answer.notes import general_clauses
from qa.corpus import Corpus
from qa.pipeline import Assistant
from qa.types import Refusal, Role

TALENT = "杭州给人工智能领军型创新创业团队多少资助"


def test_validity_is_judged_on_the_date_given(assistant: Assistant) -> None:
    before, after = assistant.ask(TALENT, as_of=date(2022, 6, 1)), assistant.ask(TALENT, as_of=AS_OF)
    assert before.citations == after.citations
    assert not said(before, Role.WARNING)
    assert re.search("有效期|到期", said(after, Role.WARNING))
    assert before.as_of == date(2022, 6, 1)


def test_a_warning_is_cited_among_the_notes(assistant: Assistant) -> None:
    answer = assistant.ask(TALENT, as_of=AS_OF)
    (warning,) = [sentence for sentence in answer.sentences if sentence.role is Role.WARNING]
    assert warning.aside
    assert warning.markers == (1,)
    assert "2023年12月31日" in "".join(answer.notes[0].quotes)
    assert "[注1]" in answer.text
    check_quotes(answer, assistant.corpus)


def test_rules_follow_the_validity_of_their_policy(assistant: Assistant) -> None:
    answer = assistant.ask("成都对高校和企业合作培养人才的补贴，政策细则怎么规定", as_of=AS_OF)
    assert re.search("有效期|到期", said(answer, Role.WARNING))


def test_the_last_day_counts(assistant: Assistant) -> None:
    assert not said(assistant.ask(TALENT, as_of=date(2023, 12, 31)), Role.WARNING)
    assert said(assistant.ask(TALENT, as_of=date(2024, 1, 1)), Role.WARNING)


def test_a_plan_pays_nothing_and_says_so(assistant: Assistant) -> None:
    answer = assistant.ask("深圳新一代人工智能发展行动计划对企业有多少补贴", as_of=AS_OF)
    if answer.citations and answer.citations[0].passage.document == "shenzhen-plan" and not answer.refused:
        assert "不能凭它" in said(answer, Role.NOTICE)
    target = assistant.ask("深圳2023年人工智能核心产业规模目标", as_of=AS_OF)
    assert "不能凭它" not in target.text


@pytest.mark.parametrize("document", ["huangpu-rules", "shenggu-support"])
def test_general_clauses_are_whole_and_verbatim(corpus: Corpus, assistant: Assistant, document: str) -> None:
    own = corpus.documents[document]
    quotes = general_clauses(own, assistant.ranking.retriever.index.passages)
    assert quotes
    for quote in quotes:
        (span,) = quote.spans
        assert quote.passage.document == document
        assert quote.passage.span.contains(span)
        assert span.of(own.text).strip()


def test_general_clauses_stand_under_a_benefit_only(assistant: Assistant) -> None:
    benefit = assistant.ask("在黄埔办AI公司，租房能补多少？", as_of=AS_OF)
    assert benefit.general
    assert all(citation.passage.document == "huangpu-rules" for citation in benefit.general)
    plan = assistant.ask("山城的人工智能产业目标是多少", as_of=AS_OF)
    assert not plan.general
    assert not assistant.ask("你好", as_of=AS_OF).general


def test_documents_that_cannot_be_claimed_have_none(corpus: Corpus, assistant: Assistant) -> None:
    passages = assistant.ranking.retriever.index.passages
    assert not any(general_clauses(document, passages) for document in corpus if not document.info.claimable)


def test_an_end_that_no_text_states_is_not_stated(assistant: Assistant) -> None:
    answer = assistant.ask("海淀十五条措施的有效期截止到哪一天", as_of=AS_OF)
    assert answer.refusal is Refusal.NOT_STATED
    assert "没有写明有效期" in answer.text
    assert assistant.ask("济南若干政策有效期到哪天", as_of=AS_OF).refusal is None
