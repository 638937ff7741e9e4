"""Outside sets and peers: their files, their scores, their fusion."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.external import exact_match, external_table, overlap_f1, read_sets, sample, write_corpus
from eval.peers import Measured, bm25, ensemble, peers_table
from qa.corpus import load_corpus
from qa.errors import InputError


def write(path: Path, *rows: object) -> None:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(
        tmp_path / "stard-200-passages.jsonl",
        {"id": "s1", "text": "合同依法成立。"},
        {"id": "s2", "text": "当事人应当履行。"},
    )
    write(tmp_path / "stard-200-questions.jsonl", {"id": "q1", "question": "签了合同算数吗", "relevant": ["s1"]})
    rows = [{"q": f"问{i}", "context": "范廷颂是越南枢机\n生于宁平省。", "answer": "宁平省"} for i in range(3)]
    write(tmp_path / "cmrc2018-dev.jsonl", *rows)
    return tmp_path


def test_sets_are_read_by_name(folder: Path) -> None:
    stard, cmrc = read_sets(folder)
    assert (stard.name, len(stard.passages), stard.questions[0][1]) == ("STARD", 2, frozenset({"s1"}))
    assert len(cmrc.passages) == 1
    assert len(cmrc.questions) == 3
    assert cmrc.questions[0][2] == ("宁平省",)
    assert len(sample(cmrc, 2).questions) == 2
    assert sample(cmrc, 2) == sample(cmrc, 2)


def test_a_folder_without_sets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        list(read_sets(tmp_path))


def test_a_set_becomes_a_corpus(folder: Path, tmp_path: Path) -> None:
    for i, outside in enumerate(read_sets(folder)):
        write_corpus(outside, tmp_path / f"corpus{i}")
        corpus = load_corpus(tmp_path / f"corpus{i}")
        assert list(corpus.documents) == list(outside.passages)
        texts = ["".join(document.text.split()).removeprefix("资料") for document in corpus]
        assert texts == ["".join(text.split()) for text in outside.passages.values()]


def test_cmrc_scores() -> None:
    assert exact_match("宁平省。", "《宁平省》") == 1
    assert exact_match("宁平", "宁平省") == 0
    assert overlap_f1("生于宁平省", "宁平省") == pytest.approx(2 * 3 / (5 + 3))
    assert overlap_f1("", "宁平省") == 0
    assert overlap_f1("AI 2018", "2018 ai") == 0.5


def test_ensemble_fuses_reciprocal_ranks() -> None:
    assert ensemble([[1, 2, 3], [3, 1, 4]]) == [1, 3, 2, 4]


def test_bm25_finds_words() -> None:
    assert bm25(["租房补贴标准", "上市奖励办法", "人才引进政策"])("上市有奖励吗")[0] == 1


def test_tables() -> None:
    assert "| ours | 0.500 |" in peers_table([Measured("ours", 2, 0.5, 1.0, 0.7, 1.0, 0.01, 100.0)])
    scores = {"hit@1": 0.5, "hit@5": 1.0, "hit@10": 1.0, "mrr@10": 0.7}
    row = {
        "set": "X",
        "questions": 2,
        "passages": 2,
        "ours": scores,
        "bm25": scores,
        "reading": {"exact_match": 0.1, "f1": 0.2, "answer_held": 0.3},
    }
    assert "| X | bm25 | 2 | 0.500 |" in external_table([row])
    assert "0.300 |" in external_table([row])
