"""Several places: a row each from its own search, none crowded out, and how many were searched."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from told import AS_OF, parse, rows_of, said

from qa.answer.comparison import by_place, compare, list_places, row_chars
from qa.answer.draft import Draft
from qa.corpus import Corpus
from qa.pipeline import Assistant
from qa.places import relation
from qa.types import Answer, Refusal, Role

SUMS = re.compile(r"\d(?:\.\d+)?\s*(?:[万亿]?元|%)")


def sound_rows(answer: Answer) -> None:
    rows = [sentence for sentence in answer.sentences if sentence.role is Role.ROW]
    assert all(sentence.label and sentence.markers for sentence in rows)
    assert len({sentence.label for sentence in rows}) == len(rows)


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 9])
def test_rows_share_the_room(rows: int) -> None:
    assert rows * row_chars(rows) <= 450
    assert row_chars(rows) >= 48
    assert all(row_chars(a) >= row_chars(b) for a, b in pairwise(range(1, 12)))


def test_a_place_without_evidence_says_so(corpus: Corpus) -> None:
    query = parse(corpus, "黄埔、成都和南京的租房补贴哪个多")
    outcome = compare(query, lambda region, limit: Draft("有。", role=Role.ROW, label="黄埔") if "黄埔" in region else None)
    assert [draft.label for draft in outcome.drafts if draft.role is Role.ROW] == ["黄埔"]
    assert outcome.refusal is None
    assert all(place in outcome.drafts[-1].text for place in ("成都", "南京"))


def test_nothing_anywhere_is_a_refusal(corpus: Corpus) -> None:
    outcome = compare(parse(corpus, "黄埔和成都的火锅补贴哪个多"), lambda region, limit: None)
    assert outcome.refusal is Refusal.NO_EVIDENCE


def test_groups_are_the_places_near_the_best(assistant: Assistant) -> None:
    hits = assistant.ranking.rank(assistant.parse("上市奖励多少"), most=60)
    groups = by_place(hits, assistant.corpus, below=2.0)
    assert 0 < len(groups) <= 5
    assert next(iter(groups.values()))[0] == hits[0]
    assert all(group[0].score >= hits[0].score - 2.0 for group in groups.values())
    assert by_place([], assistant.corpus, below=2.0) == {}


def test_the_end_of_an_open_answer(corpus: Corpus) -> None:
    row = Draft("有。", role=Role.ROW, label="黄埔")
    assert "共查了23个" in list_places(parse(corpus, "哪些城市有租房补贴"), [row], 23).drafts[-1].text
    assert "哪里" in list_places(parse(corpus, "租房补贴多少"), [row, row], 23).drafts[-1].text


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("黄埔和成都租房补贴哪个多", ["黄埔", "成都"]),
        ("成都、杭州、济南对国家级创新平台的奖励分别是多少", ["成都", "杭州", "济南"]),
        ("对比黄埔、成都、济南、杭州、长沙的人才奖励", ["黄埔", "成都", "济南", "杭州", "长沙"]),
    ],
)
def test_every_place_has_its_own_row_or_is_named_as_missing(assistant: Assistant, question: str, places: list[str]) -> None:
    answer = assistant.ask(question, as_of=AS_OF)
    sound_rows(answer)
    notices = said(answer, Role.NOTICE)
    assert all(place in rows_of(answer) or place in notices for place in places)
    assert len(rows_of(answer)) >= len(places) - 1
    by_marker = {citation.marker: citation.passage.document for citation in answer.citations}
    for sentence in answer.sentences:
        if sentence.role is Role.ROW:
            infos = [assistant.corpus.documents[by_marker[marker]].info for marker in sentence.markers]
            assert all(sentence.label in info.applies_to[0] or relation(answer.query.regions, info) for info in infos)


def test_a_row_on_money_holds_the_sum(assistant: Assistant) -> None:
    answer = assistant.ask("对比黄埔、成都、济南、杭州、长沙的租房补贴能给多少", as_of=AS_OF)
    row = next(sentence for sentence in answer.sentences if sentence.label == "黄埔")
    assert "50%" in row.text
    assert not [s.text for s in answer.sentences if s.role is Role.ROW and re.search(r"(的企业|企业或机构|众创空间)。$", s.text)]


def test_a_place_without_documents_in_a_comparison(assistant: Assistant) -> None:
    answer = assistant.ask("黄埔和南京租房补贴哪个多", as_of=AS_OF)
    assert rows_of(answer) == ["黄埔"]
    assert "南京" in said(answer, Role.NOTICE)


@pytest.mark.parametrize("question", ["哪些城市有租房补贴", "哪些城市给上市企业奖励", "哪个城市对国家重点实验室有奖励"])
def test_which_cities_lists_only_places_with_evidence(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question, as_of=AS_OF)
    sound_rows(answer)
    rows = rows_of(answer)
    assert rows
    searched = len({path for document in assistant.corpus for path in document.info.applies_to})
    closing = said(answer, Role.NOTICE)
    assert f"{searched}个" in closing
    assert f"{len(rows)}个" in closing


def test_which_cities_names_the_ones_that_pay(assistant: Assistant) -> None:
    answer = assistant.ask("哪些城市给上市企业奖励", as_of=AS_OF)
    assert {"成都", "中国声谷"} <= set(rows_of(answer))
    assert all(SUMS.search(sentence.text) for sentence in answer.sentences if sentence.role is Role.ROW)


@pytest.mark.parametrize("question", ["企业上市能奖多少钱", "办公室租金能补多少", "首台套能奖多少", "研发投入能补多少"])
def test_no_place_named_gives_a_line_a_place_and_asks_which(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question, as_of=AS_OF)
    sound_rows(answer)
    assert 2 <= len(rows_of(answer)) <= 5
    assert answer.sentences[-1].role is Role.NOTICE
    assert answer.sentences[-1].text.endswith(("？", "。"))
    assert re.search("哪里|哪个城市|哪座城市", answer.sentences[-1].text)


def test_the_region_of_the_page_spares_the_question_back(assistant: Assistant) -> None:
    answer = assistant.ask("办公室租金能补多少", region="广东/广州/黄埔", as_of=AS_OF)
    assert not rows_of(answer)
    assert answer.citations[0].passage.document == "huangpu-rules"


def test_a_row_names_what_can_be_claimed_and_not_a_plans_target(assistant: Assistant) -> None:
    answer = assistant.ask("成都和长沙引进顶尖人才分别给多少", as_of=AS_OF)
    rows = [sentence for sentence in answer.sentences if sentence.role is Role.ROW]
    assert len(rows) == 2
    for row in rows:
        assert SUMS.search(row.text), row.text
        assert all(answer.citations[marker - 1].passage.document not in ("changsha-plan", "chengdu-plan") for marker in row.markers)
