"""Near-copies count as one only when every figure, qualifier and department agrees."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import AS_OF

from qa.chunk import make_passages
from qa.config import Config
from qa.copies import Copies, facts, find_copies
from qa.corpus import Corpus
from qa.pipeline import load
from qa.types import Passage, Span

CLAUSE = (
    "对新设立的人工智能企业租用经认定的办公用房开展研发活动的，按照实际租金的50%给予补贴，补贴期限3年，"
    "每家企业每年最高100万元。责任单位：市科技局、市财政局。申请材料包括营业执照、租赁合同、发票、承诺书和审计报告，逾期不再受理。"
)


def passages(*texts: str) -> list[Passage]:
    return [Passage(f"d{i}/1", f"d{i}", "一", (), Span(0, len(text)), text) for i, text in enumerate(texts)]


@pytest.fixture(scope="module")
def shipped(corpus: Corpus) -> tuple[Sequence[Passage], Copies]:
    own = make_passages(corpus, 500)
    return own, find_copies(own)


def test_the_same_text_in_other_writing_is_a_copy() -> None:
    copies = find_copies(passages(CLAUSE, CLAUSE.replace("，", "， ").replace("50%", "５０％")))
    assert copies.twins(0) == (1,)
    assert copies.twins(1) == (0,)
    assert not copies.different


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("50%", "60%"),
        ("最高100万元", "100万元"),
        ("3年", "2年"),
        ("市财政局", "市税务局"),
        ("每年最高", "累计最高"),
        ("100万元", "200万元"),
    ],
    ids=["ratio", "qualifier", "period", "department", "scope", "amount"],
)
def test_one_fact_apart_is_no_copy(old: str, new: str) -> None:
    copies = find_copies(passages(CLAUSE, CLAUSE.replace(old, new)))
    assert copies.twins(0) == ()
    assert copies.different == {0: (1,), 1: (0,)}


def test_other_words_and_the_same_facts_are_a_copy() -> None:
    assert find_copies(passages(CLAUSE, CLAUSE.replace("逾期不再受理", "过期不再受理"))).twins(0) == (1,)


def test_short_and_unlike_texts_are_not_compared() -> None:
    copies = find_copies(
        passages(
            "第一条。", "第一条。", CLAUSE, "完全不同的一段话，说的是数据平台建设与人才培养，没有任何金额和部门，只是为了凑够长度。"
        )
    )
    assert copies == Copies({}, {})


def test_departments_are_compared_whatever_their_order() -> None:
    assert facts("由市科技局、市财政局负责")[1] == facts("由市财政局、市科技局负责")[1]


@given(
    st.lists(
        st.sampled_from([CLAUSE, CLAUSE.replace("50%", "40%"), CLAUSE.replace("市科技局", "市教育局"), CLAUSE + "完"]), max_size=6
    )
)
def test_tables_are_symmetric_and_apart(texts: list[str]) -> None:
    copies = find_copies(passages(*texts))
    for table in (copies.same, copies.different):
        assert all(a in table[b] for a, twins in table.items() for b in twins)
    pairs = {(a, b) for a, twins in copies.same.items() for b in twins}
    assert not pairs & {(a, b) for a, twins in copies.different.items() for b in twins}
    assert all(facts(texts[a]) == facts(texts[b]) for a, b in pairs)


def test_copies_of_the_corpus_agree_in_every_fact(shipped: tuple[Sequence[Passage], Copies]) -> None:
    own, copies = shipped
    assert copies.same
    assert all(facts(own[a].text) == facts(own[b].text) for a, twins in copies.same.items() for b in twins)


def test_the_plan_of_hefei_and_its_reprint_are_copies(shipped: tuple[Sequence[Passage], Copies]) -> None:
    own, copies = shipped
    twins = {own[a].id: {own[b].document for b in found} for a, found in copies.same.items()}
    assert "hefei-pilot-compiled" in twins["hefei-pilot/三（一）1"]


def test_what_differs_in_a_sum_stays_apart(shipped: tuple[Sequence[Passage], Copies]) -> None:
    own, copies = shipped
    for a, twins in copies.same.items():
        assert not any(
            {own[a].document, own[b].document} == {"chengdu-policy", "chengdu-rules"} and "最高" in own[a].text != own[b].text
            for b in twins
        )
    pairs = [{own[a].document, own[b].document} for a, found in copies.different.items() for b in found]
    assert {"wuhan-policies", "wuhan-rules"} in pairs


REPRINT = """
[[file]]
name = "reprint.txt"
title = "重印本"

[[document]]
id = "yunzhou-reprint"
file = "reprint.txt"
lines = [1, 3]
title = "云州市办公用房补贴办法"
issued_by = "云岭/云州"
level = "city"
kind = "政策措施"
claimable = true

[[document]]
id = "yunzhou-original"
file = "original.txt"
lines = [1, 3]
title = "云州市办公用房补贴规定"
issued_by = "云岭/云州"
level = "city"
kind = "政策措施"
claimable = true

[[file]]
name = "original.txt"
title = "原本"
"""


def test_a_difference_between_near_copies_is_shown(invented: Path, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    shutil.copytree(invented, folder)
    for name, text in (("original", CLAUSE), ("reprint", CLAUSE.replace("50%", "60%"))):
        (folder / "texts" / f"{name}.txt").write_text(f"云州市办公用房补贴\n\n第一条 {text}\n", "utf-8")
    with (folder / "manifest.toml").open("a", encoding="utf-8") as manifest:
        manifest.write(REPRINT)
    small = load(Config(corpus_dir=str(folder), index_dir=str(tmp_path / "index"), encoder=""))
    answer = small.ask("云州租用经认定的办公用房开展研发活动，实际租金补贴的比例", as_of=AS_OF)
    assert "50%" in answer.text
    assert "60%" in answer.text
    assert {"yunzhou-original", "yunzhou-reprint"} <= {c.passage.document for c in (*answer.citations, *answer.notes)}
