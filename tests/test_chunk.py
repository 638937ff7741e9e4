"""Passages: exact slices, apart, complete, short enough, with the context they need and ids that stay."""

from __future__ import annotations

from itertools import pairwise

import pytest
from checks import check_passages
from hypothesis import given
from hypothesis import strategies as st
from test_articles import SHIPPED, made_up
from test_readers import PAGES

from qa.articles import walk
from qa.chunk import _split, document_passages, make_passages
from qa.config import Config
from qa.corpus import Corpus
from qa.types import NodeKind, Passage, Span

LIMIT = Config().passage_chars
PASSAGES = make_passages(SHIPPED, LIMIT)
SENTENCES = st.lists(st.text("甲乙丙，、；。\n", min_size=1, max_size=30), min_size=1, max_size=20).map("".join)


def passages_of(corpus: Corpus, id: str) -> list[Passage]:
    return [passage for passage in PASSAGES if passage.document == id]


@pytest.mark.parametrize("id", SHIPPED.documents)
def test_passages_of_every_document(id: str) -> None:
    check_passages(SHIPPED.documents[id], passages_of(SHIPPED, id), LIMIT)


@pytest.mark.parametrize("limit", [80, 250, 2000])
def test_any_limit(corpus: Corpus, limit: int) -> None:
    for document in corpus:
        check_passages(document, document_passages(document, limit), limit)


@given(PAGES.map(lambda page: "题\n" + page), st.sampled_from((120, 500)))
def test_passages_of_any_page(source: str, limit: int) -> None:
    document = made_up(source)
    check_passages(document, document_passages(document, limit), limit)


def test_ids_are_unique_and_stay(corpus: Corpus) -> None:
    ids = [passage.id for passage in PASSAGES]
    assert len(ids) == len(set(ids)) > 1000
    assert ids == [passage.id for passage in make_passages(corpus, LIMIT)]
    assert all(passage.id.startswith(passage.document + "/") for passage in PASSAGES)


def test_every_passage_can_be_cited_by_a_name() -> None:
    assert all(passage.article for passage in PASSAGES)


@given(SENTENCES, st.integers(5, 60), st.integers(0, 7))
def test_parts_of_a_split_add_up(text: str, limit: int, offset: int) -> None:
    whole = "题" * offset + text
    parts = list(_split(Span(offset, len(whole)), whole, limit))
    covered = "".join(part.of(whole) for part in parts)
    assert covered.replace("\n", "") == text.replace("\n", "")
    assert all(len(part) <= limit for part in parts)
    assert all(one.end <= other.start for one, other in pairwise(parts))


def test_what_stands_between_a_heading_and_its_items_is_not_lost() -> None:
    """However short it is: a ratio needs no fifteen characters."""
    long = "对符合条件的企业给予支持并按年度组织评审和验收，" * 30
    document = made_up(f"题\n一、租金补贴\n按租金的50%补贴：\n（一）{long}。\n（二）{long}。\n")
    check_passages(document, document_passages(document, 500), 500)
    document = made_up(f"题\n（一）租金补贴。补贴五成。\n1.{long}。\n2.{long}。\n")
    check_passages(document, document_passages(document, 500), 500)


def test_a_sentence_of_an_article_is_more_than_a_heading(corpus: Corpus) -> None:
    """第七条依据……，培育……，规划布局……。 can be found and cited, though its items stand in passages of their own."""
    for document in corpus:
        spans = [passage.span for passage in passages_of(corpus, document.id)]
        for node, _ in walk(document.root):
            if node.kind is NodeKind.ARTICLE and "，" in node.heading.of(document.text):
                assert any(span.start <= node.heading.start < span.end for span in spans), (document.id, node.label)


def test_a_lead_in_and_its_header_go_with_what_they_introduce(corpus: Corpus) -> None:
    [row] = [passage for passage in PASSAGES if passage.table and "智能物流增加值" in passage.text]
    context = [span.of(corpus.documents[row.document].text) for span in row.context]
    assert {"指标", "单位", "2022年"} <= set(context)
    assert row.text.split("\t")[-1] == "35"
    assert row.text.split("\t")[2] == "亿元"


def test_the_second_annex_is_twelve_passages_with_their_field(corpus: Corpus) -> None:
    document = next(d for d in corpus if "附件2\n合肥市人工智能应用部分示范工程汇总表" in d.text)
    rows = [p for p in passages_of(corpus, document.id) if p.table and p.article == "附件2" and p.text[0].isdigit()]
    assert len(rows) == 12
    for row in rows:
        context = [span.of(document.text) for span in row.context]
        assert {"序号", "领域", "示范工程名称", "依托单位", "建设周期", "责任单位"} <= set(context)
        assert sum(text.startswith("人工智能+") for text in (*context, *row.text.split("\t")[1:2])) == 1


def test_an_article_with_its_sums_is_one_passage() -> None:
    [article] = [p for p in PASSAGES if p.article == "第十六条" and "国家科技进步奖" in p.text]
    assert [sum in article.text for sum in ("200万元", "100万元", "50万元")] == [True] * 3


def test_clauses_that_govern_a_document_are_tagged(corpus: Corpus) -> None:
    for document in corpus:
        kinds = {passage.general for passage in passages_of(corpus, document.id)} - {""}
        assert kinds <= {clause.kind for clause in document.info.general}
        assert bool(kinds) == bool(document.info.general), document.id


def test_paths_are_headings_above(corpus: Corpus) -> None:
    for passage in PASSAGES:
        before = corpus.documents[passage.document].text[: passage.span.start]
        assert all(heading in before for heading in passage.path)
