"""The evaluators' tab, by its steps: progress, report, stop."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from eval_rows import answer, question

import qa
from eval.questions import Row
from eval.run import Asker
from eval.tab import evaluator_tab, steps, stopped
from qa.errors import InputError


class Written(Asker):
    """Gives the same answer to every question."""

    def __init__(self) -> None:
        super().__init__(qa.Config(encoder=""))

    def prepare(self) -> Any:
        """Nothing to load."""

    def __call__(self, row: Row) -> dict[str, Any]:
        return answer(id=row["id"])


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    rows = [question(id=name, evidence=[{"quote": question()["evidence"][0]["quote"]}]) for name in "abc"]
    (tmp_path / "own.jsonl").write_text("\n".join([*(json.dumps(row, ensure_ascii=False) for row in rows), "坏"]), "utf-8")
    return tmp_path / "own.jsonl"


def test_every_question_is_a_step_and_the_last_has_the_report(questions: Path, tmp_path: Path) -> None:
    shown = list(steps(questions, tmp_path, Written()))
    assert [step.status[:5] for step in shown[1:4]] == ["1 / 3", "2 / 3", "3 / 3"]
    assert "第 4 行" in shown[0].status
    assert shown[-1].file is not None
    assert "评测报告" in Path(shown[-1].file).read_text("utf-8")
    assert "<script" not in shown[-1].report
    assert "sandbox" in shown[-1].report


def test_a_stopped_run_reports_what_it_has(questions: Path, tmp_path: Path) -> None:
    run = steps(questions, tmp_path, Written())
    assert [next(run) for _ in range(3)][-1].status.startswith("2 / 3")
    run.close()
    assert "2 题" in stopped(tmp_path, Written()).status
    assert "没有答案" in stopped(tmp_path / "none", Written()).status


def test_a_set_without_rows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.jsonl").write_text("坏", "utf-8")
    with pytest.raises(InputError, match="第 1 行"):
        list(steps(tmp_path / "s.jsonl", tmp_path, Written()))


def test_the_tab_is_built() -> None:
    with gr.Blocks(analytics_enabled=False) as demo:
        evaluator_tab(qa.Config())
    names = [function.fn.__name__ for function in demo.fns.values() if function.fn]
    assert names == ["run", "stop"]
