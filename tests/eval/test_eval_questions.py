"""Question sets: good rows run, bad rows are named with line and reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from eval_rows import question

from eval.questions import load_questions
from qa.errors import InputError
from qa.manifest import FileInfo, Manifest

MANIFEST = Manifest(files=(FileInfo("a.txt", "甲", original_name="000_a.txt"),), documents=())


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def test_good_rows_are_kept_in_order_and_lists_are_filled_in(tmp_path: Path) -> None:
    bare = {key: value for key, value in question(id="b").items() if key not in ("history", "correction", "style")}
    found = load_questions(write(tmp_path / "s.jsonl", question(), "", bare))
    assert [row["id"] for row in found.rows] == ["q1", "b"]
    assert found.rows[1]["history"] == []
    assert found.rows[1]["correction"] == []
    assert not found.problems


def test_source_may_be_the_original_name(tmp_path: Path) -> None:
    row = question(evidence=[{"source": "000_a.txt", "quote": "甲"}])
    assert load_questions(write(tmp_path / "s.jsonl", row), MANIFEST).rows[0]["evidence"][0]["source"] == "a.txt"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{不是 JSON", "不是合法的 JSON"),
        ("[1]", "不是 JSON 对象"),
        (question(id="a b"), "id"),
        (question(id=7), "id"),
        (question(question=" "), "question"),
        (question(type="money"), "type"),
        (question(style="rude"), "style"),
        (question(verdict="maybe"), "verdict"),
        (question(evidence=[]), "evidence"),
        (question(evidence=[{"quote": ""}]), "quote"),
        (question(evidence=[{"quote": "x", "source": "z.txt"}]), "z.txt"),
        (question(type="unanswerable"), "unanswerable"),
        (question(must_have=["50%"]), "must_have"),
        (question(must_have=[[]]), "must_have"),
        (question(history="此前"), "history"),
    ],
)
def test_a_bad_row_is_named_and_the_others_run(tmp_path: Path, row: object, reason: str) -> None:
    found = load_questions(write(tmp_path / "s.jsonl", question(id="ok"), row, question(id="ok2")), MANIFEST)
    assert [kept["id"] for kept in found.rows] == ["ok", "ok2"]
    assert found.problems[0].line == 2
    assert reason in found.problems[0].reason
    assert "第 2 行" in str(found.problems[0])


def test_a_repeated_id_is_named(tmp_path: Path) -> None:
    found = load_questions(write(tmp_path / "s.jsonl", question(), question()))
    assert len(found.rows) == 1
    assert "重复" in found.problems[0].reason


def test_csv_works_the_same(tmp_path: Path) -> None:
    lines = [
        "id,question,type,evidence,must_have,history,source",
        "c1,能补多少,amount,按50%补贴,50%|百分之五十;100万,先问|再问,a.txt",
        "c2,,amount,x,,,",
    ]
    found = load_questions(write(tmp_path / "s.csv", *lines), MANIFEST)
    assert found.rows[0]["must_have"] == [["50%", "百分之五十"], ["100万"]]
    assert found.rows[0]["history"] == [
        "先问",
        "再问",
    ]
    assert found.rows[0]["evidence"] == [{"quote": "按50%补贴", "source": "a.txt"}]
    assert found.problems[0].line == 3


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00"])
def test_a_file_without_rows_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s.jsonl").write_bytes(content)
    with pytest.raises(InputError):
        load_questions(tmp_path / "s.jsonl")
    with pytest.raises(InputError, match="无法读取"):
        load_questions(tmp_path / "none.jsonl")
