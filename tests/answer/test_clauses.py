"""Clauses of passages: where they begin and end, and that a cut never parts a figure from its qualifier."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.clauses import Clause, clauses_of, is_remark, segments_of, shorten
from qa.chunk import make_passages
from qa.corpus import Corpus
from qa.pipeline import Assistant
from qa.quantities import find_quantities
from qa.types import Passage, Span

LIMIT = 118


def passage(text: str) -> Passage:
    return Passage("d/1", "d", "一", (), Span(7, 7 + len(text)), text)


def texts(text: str) -> list[str]:
    return [clause.text for clause in clauses_of(passage(text))]


@pytest.fixture(scope="module")
def passages(corpus: Corpus) -> list[Passage]:
    return list(make_passages(corpus, 500))


def test_clauses_are_slices_in_order_and_cover_the_passage(passages: list[Passage], corpus: Corpus) -> None:
    for own in passages:
        source, last = corpus.documents[own.document].text, own.span.start
        left = []
        for clause in clauses_of(own):
            assert own.span.contains(clause.span)
            assert clause.text == clause.span.of(source)
            assert clause.span.start >= last
            left.append(source[last : clause.span.start])
            last = clause.span.end
        rest = "".join(left) + source[last : own.span.end]
        assert not re.search(r"[㐀-鿿\d]", rest), (own.id, rest)


def test_sentences_and_items_are_clauses() -> None:
    assert texts("给予奖励：1.国家级，100万元；2.省级，50万元。期限3年。") == [
        "给予奖励：1.国家级，100万元；",
        "2.省级，50万元。",
        "期限3年。",
    ]


def test_a_bracket_is_not_cut() -> None:
    text = "对企业（含分公司；不含个体工商户。）给予补贴。"
    assert texts(text) == [text]


@pytest.mark.parametrize(
    "remark", ["（责任单位：市科技局、市财政局）", "（牵头单位：市发改委）", "（市科技局、市财政局按职责分工负责）"]
)
def test_a_remark_on_who_is_responsible_stands_alone(remark: str) -> None:
    assert texts(f"给予最高100万元奖励。{remark}") == ["给予最高100万元奖励。", remark]
    assert is_remark(remark)


def test_an_ordinary_sentence_is_no_remark() -> None:
    assert not is_remark("对首发上市的企业，给予最高350万元奖励。")


def test_a_short_heading_stands_over_what_follows() -> None:
    clauses = clauses_of(passage("3.申报材料\n营业执照和租赁合同，上一年度的审计报告。"))
    assert clauses[-1].under == "3.申报材料"
    assert clauses[0].under == ""


def test_a_table_row_is_one_clause(passages: list[Passage]) -> None:
    rows = [own for own in passages if own.table]
    assert rows
    assert all([clause.span for clause in clauses_of(row)] == [row.span] for row in rows)


@given(st.text("补贴100万元，；：（）、。 ", max_size=40))
def test_segments_make_up_the_clause(text: str) -> None:
    spans = segments_of(text)
    assert "".join(span.of(text) for span in spans) == text
    assert all(len(span) for span in spans)


def cut(assistant: Assistant, clause: Clause, words: dict[str, float], limit: int) -> list[Span]:
    """What is left of a clause, as spans of the document."""
    found = shorten(clause, words, assistant.ranking.retriever, limit, figures=True)
    return [found] if isinstance(found, Span) else list(found)


def test_a_short_clause_is_not_shortened(assistant: Assistant) -> None:
    (clause,) = clauses_of(passage("对首发上市的企业，按融资额的1%给予最高350万元奖励。"))
    assert cut(assistant, clause, {}, LIMIT) == [clause.span]


def test_a_cut_keeps_every_figure_with_its_qualifier(assistant: Assistant, passages: list[Passage]) -> None:
    long = [clause for own in passages if not own.table for clause in clauses_of(own) if len(clause.text) > LIMIT]
    assert len(long) > 200
    broken = []
    for clause in long:
        spans = [span.shift(-clause.span.start) for span in cut(assistant, clause, {}, LIMIT)]
        whole = {quantity.span: quantity for quantity in find_quantities(clause.text)}
        assert sum(map(len, spans)) <= LIMIT or any(len(segments_of(span.of(clause.text))) == 1 for span in spans)
        for span in spans:
            assert Span(0, len(clause.text)).contains(span)
            found = [(q, whole.get(q.span.shift(span.start))) for q in find_quantities(span.of(clause.text))]
            broken += [
                (clause.passage.id, q.text, q.qualifier) for q, full in found if full is None or full.direction != q.direction
            ]
    assert not broken


def test_what_pays_is_kept_when_the_room_is_small(assistant: Assistant) -> None:
    text = (
        "对新设立的人工智能企业，实缴注册资本1000万元以上的（外资企业注册资本折算为人民币核算），经登记入库，"
        "在区内租赁办公用房自用的，按实际租金的50%给予补贴，补贴期限3年，每家企业每年最高补贴100万元。"
    )
    (clause,) = clauses_of(passage(text))
    spans = cut(assistant, clause, {"租赁": 1.0, "补贴": 1.0}, 60)
    assert "50%" in "".join(span.of("·" * 7 + text) for span in spans)


def test_a_clause_counts_from_the_start_of_the_document() -> None:
    own = passage("甲乙丙。丁戊己。")
    assert Clause(own, Span(11, 15)).text == "丁戊己。"
