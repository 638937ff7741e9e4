"""A run: rows as they come, errors counted, resumed under the same stamp, reports that hold together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from eval_rows import answer, question, unanswerable

import qa
from eval.html import html_report
from eval.markdown import markdown_summary
from eval.questions import Row
from eval.report import Scored, all_slices, score_all, text_report, worst
from eval.run import Asker, Finished, read_run, run_set
from qa.errors import InputError

ROWS = [question(id="a"), question(id="b", question="<script>alert(1)</script>&"), unanswerable(id="c")]


class Scripted(Asker):
    """Answers from a table; an exception in it is raised."""

    def __init__(self, table: Mapping[str, Any], config: qa.Config | None = None) -> None:
        super().__init__(config or qa.Config(encoder=""))
        self.table = table
        self.asked: list[str] = []

    def prepare(self) -> Any:
        """Nothing to load."""

    def __call__(self, row: Row) -> dict[str, Any]:
        self.asked.append(row["id"])
        given = self.table[row["id"]]
        if isinstance(given, Exception):
            raise given
        return answer(**({"id": row["id"]} | given))


def table(**changes: Any) -> dict[str, Any]:
    return {"a": {}, "b": {"answer": "<b>没有</b>。"}, "c": {"refused": True, "refusal": "premise"}} | changes


def test_a_failing_row_counts_zero_and_the_others_run(tmp_path: Path) -> None:
    run = run_set(ROWS, tmp_path / "r", Scripted(table(a=ValueError("坏了"))))
    assert [item.failure for item in run.scored] == ["error", "wrong_figure", ""]
    assert run.scored[0].answer["error"] == "ValueError: 坏了"
    assert run.metrics["overall"]["accuracy"] == 0
    assert run.metrics["overall"]["refusal_table"]["failed"] == 1


def test_a_run_goes_on_where_it_stopped_and_asks_failed_rows_again(tmp_path: Path) -> None:
    run_set(ROWS[:2], tmp_path, Scripted(table(b=ValueError("坏了"))))
    text = (tmp_path / "answers.jsonl").read_text("utf-8")
    (tmp_path / "answers.jsonl").write_text(text + '{"id": "c", "ans', "utf-8")  # stopped within a line
    again = Scripted(table())
    run = run_set(ROWS, tmp_path, again)
    assert again.asked == ["b", "c"]
    assert len(run.scored) == 3


def test_another_configuration_or_fresh_starts_anew(tmp_path: Path) -> None:
    run_set(ROWS, tmp_path, Scripted(table()))
    other, fresh = (
        Scripted(table(), qa.Config(encoder="", lines=False)),
        Scripted(table(), qa.Config(encoder="", lines=False)),
    )
    run_set(ROWS, tmp_path, other)
    run_set(ROWS, tmp_path, fresh, fresh=True)
    assert other.asked == fresh.asked == ["a", "b", "c"]


def test_a_reworded_question_is_asked_again(tmp_path: Path) -> None:
    run_set(ROWS, tmp_path, Scripted(table()))
    again = Scripted(table())
    run = run_set([ROWS[0] | {"question": "租金补贴是多少"}, *ROWS[1:]], tmp_path, again)
    assert again.asked == ["a"]
    assert len(run.scored) == 3


def test_an_interrupt_leaves_what_is_done(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_set(ROWS, tmp_path, Interrupted(table()))
    again = Scripted(table())
    run_set(ROWS, tmp_path, again)
    assert again.asked == ["b", "c"]


class Interrupted(Scripted):
    """The user presses Ctrl-C at the second question."""

    def __call__(self, row: Row) -> dict[str, Any]:
        if self.asked:
            raise KeyboardInterrupt
        return super().__call__(row)


def test_a_run_is_read_back_as_it_was(tmp_path: Path) -> None:
    run = run_set(ROWS, tmp_path, Scripted(table()), about={"command": "python -m eval run --set dev"})
    again = read_run(tmp_path)
    assert [item.scores for item in again.scored] == [item.scores for item in run.scored]
    assert json.dumps(again.metrics["stamp"])
    assert again.metrics["command"].startswith("python -m eval")
    with pytest.raises(InputError):
        read_run(tmp_path / "none")


def finished(tmp_path: Path) -> Finished:
    run_set(ROWS, tmp_path, Scripted(table()), about={"command": "python -m eval run --set dev", "set": "dev"})
    return read_run(tmp_path)


def test_the_page_is_self_contained_and_escaped(tmp_path: Path) -> None:
    page = html_report(finished(tmp_path))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<b>没有</b>" not in page
    assert not [word for word in ("http://", "https://", "src=", "@import", "url(") if word in page]
    assert page.count("<svg") >= 4
    assert page.count("<div") == page.count("</div>")


def test_the_summary_names_command_and_hashes(tmp_path: Path) -> None:
    run = finished(tmp_path)
    text = markdown_summary(run.metrics)
    assert "python -m eval run --set dev" in text
    assert run.metrics["stamp"]["corpus"] in text


def scored() -> list[Scored]:
    return score_all(ROWS, {"a": answer(), "c": answer(refused=True, refusal="premise")})


def test_worst_come_first_and_missing_answers_are_errors() -> None:
    assert [item.question["id"] for item in worst(scored())] == ["b"]
    assert "error" in text_report(scored())
    assert "accuracy             0.500" in text_report(scored())


def test_follow_ups_are_a_slice_of_their_own() -> None:
    rows = [question(id="a"), question(id="b", history=["在黄埔租房能补多少"])]
    turns = all_slices(score_all(rows, {"a": answer()}))["turn"]
    assert {name: turn["accuracy"] for name, turn in turns.items()} == {"首问": 1.0, "追问": 0.0}
