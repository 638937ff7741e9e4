"""Table rows as sentences: headers, units, merged cells, and only figures that stand there."""

from __future__ import annotations

import pytest
from told import AS_OF, parse

from qa.answer.rows import row_text
from qa.chunk import make_passages
from qa.corpus import Corpus
from qa.pipeline import Assistant
from qa.types import Passage
from qa.verify import verify_sentence


@pytest.fixture(scope="module")
def rows(corpus: Corpus) -> list[Passage]:
    return [passage for passage in make_passages(corpus, 500) if passage.table]


@pytest.mark.parametrize("question", ["德清2022年智能物流增加值的目标是多少", "德清县智能物流增加值2022年要到多少"])
def test_a_year_and_its_value_with_the_unit(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question, as_of=AS_OF)
    assert not answer.refused
    assert answer.citations[0].passage.document == "deqing-plan"
    assert "智能物流增加值" in answer.text
    assert "2022年35" in answer.text
    assert "亿元" in answer.text
    assert "2020年" not in answer.text


def test_every_row_is_a_sentence_that_its_cells_prove(rows: list[Passage], corpus: Corpus) -> None:
    assert len(rows) > 50
    query = parse(corpus, "目标是多少")
    for row in rows:
        document = corpus.documents[row.document]
        text, spans = row_text(row, corpus, query)
        assert text.endswith("。")
        assert "\t" not in text
        assert "\n" not in text
        assert spans
        assert all(0 <= span.start < span.end <= len(document.text) for span in spans)
        cited = [*(span.of(document.text) for span in spans), *(span.of(document.text) for span in row.context)]
        assert not verify_sentence(text, cited), (row.id, text)


def test_only_the_cells_asked_for(rows: list[Passage], corpus: Corpus) -> None:
    row = next(row for row in rows if row.document == "deqing-plan" and "智能物流增加值" in row.text)
    one, _ = row_text(row, corpus, parse(corpus, "2022年的智能物流增加值"))
    both, _ = row_text(row, corpus, parse(corpus, "智能物流增加值"))
    assert "2022年" in one
    assert "2020年" not in one
    assert "2020年" in both
    assert "2022年" in both


def test_tables_of_other_policies(invented_assistant: Assistant) -> None:
    answer = invented_assistant.ask("云州2033年示范场景的目标是多少个", as_of=AS_OF)
    assert "95" in answer.text
    assert answer.citations[0].passage.document == "yunzhou-plan"
