"""Known gaps: what a document leaves open, and what of it is near to a question."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from checks import one_clear_message

import qa
from qa.config import Config
from qa.corpus import Corpus, load_corpus
from qa.errors import CorpusError
from qa.gaps import Gap, added_text, asked_text, load_gaps
from qa.pipeline import Assistant
from qa.types import Turn


def write(invented: Path, tmp_path: Path, text: str) -> Corpus:
    folder = Path(shutil.copytree(invented, tmp_path / "corpus"))
    (folder / "gaps.jsonl").write_text(text, "utf-8")
    return load_corpus(folder)


def row(document: str, quote: str, *gaps: str) -> str:
    return json.dumps({"document": document, "quote": quote, "gaps": gaps}, ensure_ascii=False) + "\n"


def test_without_gaps(invented: Path) -> None:
    assert load_gaps(load_corpus(invented)) == []


def test_a_gap_knows_its_document_and_whether_the_subject_is_there(invented: Path, tmp_path: Path) -> None:
    text = row("qinghe-rules", "按照算力费用的 30%", "算力补贴几号打款") + row("qinghe-rules", "", "食堂有补贴吗")
    text += row("no-such", "", "甲") + row("qinghe-rules", "没有这句话", "乙")
    assert load_gaps(write(invented, tmp_path, text)) == [
        Gap("算力补贴几号打款", "qinghe-rules", True),
        Gap("食堂有补贴吗", "qinghe-rules", False),
    ]


@pytest.mark.parametrize("bad", ["{", "[]", '{"document": "qinghe-rules", "quote": ""}'])
def test_a_wrong_row_is_named(invented: Path, tmp_path: Path, bad: str) -> None:
    with pytest.raises(CorpusError) as error:
        load_gaps(write(invented, tmp_path, row("qinghe-rules", "", "甲") + bad + "\n"))
    one_clear_message(error.value, "gaps.jsonl", "第 2 行")


def test_every_shipped_gap_has_a_document_and_names_no_line(corpus: Corpus) -> None:
    rows = [json.loads(line) for line in (corpus.folder / "gaps.jsonl").read_text("utf-8").splitlines()]
    gaps = load_gaps(corpus)
    assert len(gaps) == sum(len(entry["gaps"]) for entry in rows)
    rows = [json.loads(line) for line in (corpus.folder / "lines.jsonl").read_text("utf-8").splitlines()]
    answered = {(entry["document"], line) for entry in rows for line in entry["lines"]}
    assert not answered & {(gap.document, gap.text) for gap in gaps}


def test_the_nearest_gap_belongs_to_the_place(assistant: Assistant) -> None:
    retriever = assistant.ranking.retriever
    gap = next(gap for gap in retriever.index.gaps if gap.document == "huangpu-rules" and gap.subject)
    query = assistant.parse(f"黄埔 {gap.text}")
    near = retriever.nearest(query, "huangpu-rules")
    assert near is not None
    assert near.gap.text == gap.text
    assert near.gap_score > near.line_score
    elsewhere = retriever.nearest(query, "hangzhou-policies")
    assert elsewhere is not None
    assert elsewhere.gap.document in ("hangzhou-policies", "hangzhou-plan", "")


def test_a_gap_without_a_document_belongs_to_every_place(invented: Path, tmp_path: Path, assistant: Assistant) -> None:
    assert load_gaps(write(invented, tmp_path, row("", "", "开饭店有补贴吗"))) == [Gap("开饭店有补贴吗", "", False)]
    for place, document in (("黄埔", "huangpu-rules"), ("杭州", "hangzhou-policies")):
        near = assistant.ranking.retriever.nearest(assistant.parse(f"{place}开饭店有补贴吗"), document)
        assert near is not None
        assert near.gap == Gap("开饭店有补贴吗", "", False)


def test_no_gap_is_near_where_none_is_known(invented: Path, tmp_path: Path, assistant: Assistant) -> None:
    small = qa.load(Config(corpus_dir=str(invented), index_dir=str(tmp_path / "index")))
    query = small.parse("青河算力补多少")
    assert small.ranking.retriever.nearest(query, "qinghe-rules") is None
    assert asked_text(query) == "算力补多少"


@pytest.mark.parametrize(
    ("asked", "text"),
    [("那要什么条件", "那要什么条件"), ("杭州呢", "租办公室补多少"), ("杭州买设备补几成", "买设备补几成")],
    ids=["adds a question", "only another place", "stands alone"],
)
def test_what_a_follow_up_adds_is_what_it_asks(assistant: Assistant, asked: str, text: str) -> None:
    assert added_text(assistant.parse(asked, [Turn("黄埔租办公室补多少")])) == text
