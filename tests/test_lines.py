"""Plain-language lines point to the passage in which their quote begins."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from checks import one_clear_message

from qa.chunk import make_passages
from qa.config import Config
from qa.corpus import Corpus, load_corpus
from qa.errors import CorpusError
from qa.lines import load_lines


def write(invented: Path, tmp_path: Path, text: str) -> Corpus:
    folder = Path(shutil.copytree(invented, tmp_path / "corpus"))
    (folder / "lines.jsonl").write_text(text, "utf-8")
    return load_corpus(folder)


def row(document: str, quote: str, *lines: str) -> str:
    return json.dumps({"document": document, "article": "", "quote": quote, "lines": lines}, ensure_ascii=False) + "\n"


def test_without_lines(invented: Path) -> None:
    corpus = load_corpus(invented)
    assert load_lines(corpus, make_passages(corpus, 500)) == []


def test_lines_find_their_passage(invented: Path, tmp_path: Path) -> None:
    text = row("qinghe-rules", "按照算力费用的 30%", "买算力报几成")
    text += row("yunzhou-measures", "第四条 创新奖励", "平台奖多少", "牌子值多少")
    corpus = write(invented, tmp_path, text)
    passages = make_passages(corpus, 500)
    found = [(line.text, passages[line.passage].article) for line in load_lines(corpus, passages)]
    assert found == [("买算力报几成", "二"), ("平台奖多少", "第四条"), ("牌子值多少", "第四条")]


def test_lines_of_what_is_not_there_are_passed_over(invented: Path, tmp_path: Path) -> None:
    corpus = write(invented, tmp_path, row("no-such", "第四条", "甲") + row("qinghe-rules", "没有这句话", "乙"))
    assert load_lines(corpus, make_passages(corpus, 500)) == []


@pytest.mark.parametrize("bad", ["{", "[]", "{}", '"x"', '{"document": "qinghe-rules", "quote": "二、"}'])
def test_a_wrong_row_is_named(invented: Path, tmp_path: Path, bad: str) -> None:
    corpus = write(invented, tmp_path, row("qinghe-rules", "二、支持标准", "甲") + bad + "\n")
    with pytest.raises(CorpusError) as error:
        load_lines(corpus, make_passages(corpus, 500))
    one_clear_message(error.value, "lines.jsonl", "第 2 行")


def test_every_shipped_line_has_a_passage(corpus: Corpus) -> None:
    passages = make_passages(corpus, Config().passage_chars)
    rows = [json.loads(line) for line in (corpus.folder / "lines.jsonl").read_text("utf-8").splitlines()]
    assert {entry["document"] for entry in rows} <= set(corpus.documents)
    lines = load_lines(corpus, passages)
    assert len(lines) == sum(len(entry["lines"]) for entry in rows)
    assert all(line.text.strip() and "\n" not in line.text for line in lines)
