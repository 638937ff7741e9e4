"""Feedback is stored, replaced and read back, also by several threads at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import QAError
from qa.feedback import Feedback, read_feedback, save_feedback

SAID = Feedback(
    question="租房补多少",
    answer="50%。[1]",
    helpful=True,
    history=("黄埔",),
    region="广东/广州/黄埔",
    passages=("huangpu-rules/第二十三条",),
    config_hash="abc",
)


def test_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "feedback.sqlite3"
    assert list(read_feedback(path)) == []
    identity = save_feedback(path, SAID)
    (stored,) = read_feedback(path)
    assert stored == replace(SAID, id=identity, created=stored.created)
    assert stored.created.endswith("+00:00")


def test_a_second_judgement_replaces_the_first(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite3"
    identity = save_feedback(path, SAID)
    save_feedback(path, replace(SAID, id=identity, helpful=False, comment="  金额不对  "))
    (stored,) = read_feedback(path)
    assert (stored.helpful, stored.comment) == (False, "金额不对")


def test_a_comment_is_data_not_sql(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite3"
    comment = "'); DROP TABLE feedback; --<script>"
    save_feedback(path, replace(SAID, comment=comment))
    assert [stored.comment for stored in read_feedback(path)] == [comment]


def test_many_threads_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite3"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: save_feedback(path, replace(SAID, question=f"问{i}")), range(40)))
    assert {stored.question for stored in read_feedback(path)} == {f"问{i}" for i in range(40)}


def test_a_file_that_cannot_be_written_gives_one_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    with pytest.raises(QAError, match="反馈没有存下"):
        save_feedback(blocked / "feedback.sqlite3", SAID)


def test_a_damaged_file_gives_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite3"
    path.write_bytes(b"this is no database, only text that is long enough to be looked at" * 20)
    with pytest.raises(QAError, match="反馈没有存下"):
        save_feedback(path, SAID)
