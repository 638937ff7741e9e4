"""Answers as rows, lines and Markdown."""

from __future__ import annotations

import json
import re

import pytest
from told import AS_OF, MOBILE, ROOT

from qa.export import answer_json, answer_lines, conversation_markdown
from qa.pipeline import Assistant
from qa.readers import fold
from qa.types import Answer

RENT = "在黄埔办AI公司，租房能补多少？"
PHONE = "成华区新经济产业的咨询电话多少"
FIELDS = {"id", "question", "answer", "refused", "refusal", "verdict", "computed", "citations", "passages", "seconds"}
CITATION = {"marker", "document", "title", "article", "path", "source", "spans", "quote", "text"}


@pytest.fixture(scope="module")
def answers(assistant: Assistant) -> list[Answer]:
    questions = (
        RENT,
        PHONE,
        "哪些城市给上市企业奖励",
        "南京的补贴有多少",
        "杭州给领军型创新创业团队多少资助",
        "在黄埔固定资产投资5600万能奖多少",
    )
    return [assistant.ask(question, as_of=AS_OF) for question in questions]


def test_a_row_has_the_fields_of_a_batch_run(assistant: Assistant, answers: list[Answer]) -> None:
    for answer in answers:
        row = json.loads(json.dumps(answer_json(answer, assistant.corpus, "q1"), ensure_ascii=False))
        assert set(row) >= FIELDS
        assert row["id"] == "q1"
        assert row["answer"] == answer.text
        assert row["refused"] is (row["refusal"] is not None)
        assert row["as_of"] == "2026-01-02"
        assert [passage["rank"] for passage in row["passages"]] == list(range(1, 21))
        assert {"rank", "id", "document", "article", "text", "score"} <= set(row["passages"][0])
        assert all(set(citation) >= CITATION for citation in row["citations"])


def test_spans_lead_to_the_quote_in_the_source_file(assistant: Assistant, answers: list[Answer]) -> None:
    seen = 0
    for answer in answers:
        row = answer_json(answer, assistant.corpus)
        for citation in (*row["citations"], *row["notes"]):
            source = (ROOT / "corpus" / "texts" / citation["source"]).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
            for (start, end), quote in zip(citation["spans"], citation["quotes"], strict=True):
                assert fold(source[start:end]) == fold(quote)
                seen += 1
            assert all(fold(quote) in fold(citation["text"]) for quote in citation["quotes"])
    assert seen > 5


def test_markers_of_the_text_are_those_of_the_citations(assistant: Assistant, answers: list[Answer]) -> None:
    for answer in answers:
        row = answer_json(answer, assistant.corpus)
        assert set(re.findall(r"\[(\d+)\]", row["answer"])) == {str(citation["marker"]) for citation in row["citations"]}


def test_computed_sums_carry_operands_and_rule(assistant: Assistant, answers: list[Answer]) -> None:
    row = answer_json(answers[-1], assistant.corpus)
    assert row["verdict"] == "yes"
    assert row["computed"]
    assert all(item["result"] and item["operands"] and item["rule"] for item in row["computed"])


def test_lines_for_a_terminal_end_with_the_quotes(assistant: Assistant, answers: list[Answer]) -> None:
    lines = answer_lines(answers[0], assistant.corpus)
    assert lines[0] == answers[0].text
    assert any(line.startswith("[1]《") and "》第二十三条：" in line for line in lines)


def test_a_conversation_for_a_colleague(assistant: Assistant, answers: list[Answer]) -> None:
    text = conversation_markdown(answers, assistant.corpus)
    for answer in answers:
        assert f"## {answer.question}" in text
        for citation in answer.citations:
            assert f"《{assistant.corpus.documents[citation.passage.document].info.title}》{citation.passage.article}" in text
    assert "2026-01-02" in text
    assert conversation_markdown([], assistant.corpus) == ""


def test_mobile_numbers_stay_in_the_source_reader(assistant: Assistant) -> None:
    answer = assistant.ask(PHONE, as_of=AS_OF)
    assert any(re.search(MOBILE, quote) for citation in answer.citations for quote in citation.quotes)
    assert not re.search(MOBILE, "\n".join(answer_lines(answer, assistant.corpus)))
    assert not re.search(MOBILE, conversation_markdown([answer], assistant.corpus))
