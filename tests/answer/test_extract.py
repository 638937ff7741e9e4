"""Extractive answers: verbatim, short, with contacts; personal mobile numbers never."""

from __future__ import annotations

import re
from statistics import median

import pytest
from told import AS_OF, DEV, MOBILE, said

from qa.answer.extract import ANSWER_CHARS, join_pieces, strip_mark
from qa.corpus import Corpus
from qa.pipeline import Assistant
from qa.readers import fold
from qa.types import Answer, Passage, Role, Span
from qa.verify import is_verbatim

ASKED = [row["question"] for row in DEV if not row.get("history")][::9]


@pytest.fixture(scope="module")
def answers(assistant: Assistant) -> list[Answer]:
    return [assistant.ask(question, as_of=AS_OF) for question in ASKED]


def test_answers_are_words_of_the_source(answers: list[Answer], corpus: Corpus) -> None:
    changed = []
    for answer in answers:
        by_marker = {citation.marker: citation for citation in answer.citations}
        for sentence in answer.sentences:
            if sentence.role is not Role.ANSWER or answer.refused or any(by_marker[m].passage.table for m in sentence.markers):
                continue
            texts = [quote for marker in sentence.markers for quote in by_marker[marker].quotes]
            pieces = [
                piece for piece in re.split(r"……|(?<=。)", sentence.text.replace("（文件所载，可能已变更）", "")) if len(piece) > 1
            ]
            changed += [piece for piece in pieces if not is_verbatim(piece.rstrip("。；，"), ["".join(texts)])]
    assert not changed


def test_answers_are_short(answers: list[Answer]) -> None:
    lengths = [len(said(answer, Role.ANSWER)) for answer in answers if not answer.refused and said(answer, Role.ANSWER)]
    assert median(lengths) <= 80
    assert max(lengths) <= 3 * ANSWER_CHARS


def test_an_answer_does_not_begin_with_what_is_given_to_nobody(assistant: Assistant) -> None:
    for question in ("开放算力的提供方和使用方在成都各补多少", "成都新成立的企业租场地补多少"):
        text = said(assistant.ask(question, as_of=AS_OF), Role.ANSWER)
        assert not re.match(r"(给予|奖励|补贴|最高)", text), text


@pytest.mark.parametrize(
    ("question", "document", "article", "facts"),
    [
        ("在黄埔办AI公司，租房能补多少？", "huangpu-rules", "第二十三条", ["50%", "100万元", "3年"]),
        ("黄埔租房能补多少", "huangpu-rules", "第二十三条", ["50%", "100万元"]),
        ("黄埔租房补贴", "huangpu-rules", "第二十三条", ["50%", "100万元"]),
        ("声谷创业团队房租补贴最高多少", "shenggu-support", "二", ["最高30万元"]),
        ("海淀做研发测试，第三方测试费补多少", "zhongguancun-measures", "第十条", ["30%", "300万元"]),
        ("成都首发上市的企业最高奖励多少", "chengdu", "三（十二）", ["350万元"]),
    ],
)
def test_the_right_sum_with_its_article(assistant: Assistant, question: str, document: str, article: str, facts: list[str]) -> None:
    answer = assistant.ask(question, as_of=AS_OF)
    assert not answer.refused
    assert answer.citations[0].passage.document.startswith(document)
    assert answer.citations[0].passage.article == article
    assert all(fact in said(answer, Role.ANSWER) for fact in facts), answer.text


@pytest.mark.parametrize(
    "question", ["成都新成立的企业租场地补贴，咨询电话多少", "成华区咨询电话多少", "成都首发上市奖励找哪个部门", "郫都区的联系电话"]
)
def test_landlines_carry_a_note_and_mobiles_never_appear(assistant: Assistant, question: str) -> None:
    text = assistant.ask(question, as_of=AS_OF).text
    assert not re.search(MOBILE, re.sub(r"[ -]", "", text))
    if re.search(r"(?<![\d.])\d{7,8}(?!\d)", text):
        assert "可能已变更" in text


def test_contacts_follow_the_answer(assistant: Assistant) -> None:
    answer = assistant.ask("声谷创业团队房租补贴最高多少", as_of=AS_OF)
    roles = [sentence.role for sentence in answer.sentences]
    assert roles.index(Role.ANSWER) < roles.index(Role.CONTACT)
    assert "责任单位" in said(answer, Role.CONTACT)


def test_pieces_are_joined_with_a_mark_for_what_is_left_out(corpus: Corpus) -> None:
    document = corpus.documents["huangpu-rules"]
    first, last = document.span_at("按实际租金的50%给予补贴，"), document.span_at("每家企业每年最高补贴100万元")
    assert first is not None
    assert last is not None
    own = Passage("huangpu-rules/x", "huangpu-rules", "x", (), Span(first.start, last.end), document.text[first.start : last.end])
    assert join_pieces([first, last], own, corpus) == "按实际租金的50%给予补贴，……每家企业每年最高补贴100万元。"
    assert fold(join_pieces([Span(first.start, last.end)], own, corpus)).rstrip("。") == fold(own.text)


@pytest.mark.parametrize(
    ("text", "bare"),
    [("1.国家级", "国家级"), ("（二）省级", "省级"), ("第六条 甲", " 甲"), ("5G网络", "5G网络"), ("2022年", "2022年")],
)
def test_list_marks_say_nothing(text: str, bare: str) -> None:
    assert strip_mark(text) == bare
