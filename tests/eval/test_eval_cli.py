"""The command line: scores print, errors are one line, help needs nothing heavy."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest
from eval_rows import answer, question

from eval import commands
from eval.cli import main


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    row = question()
    row["evidence"] = [{"quote": row["evidence"][0]["quote"]}]
    (tmp_path / "q.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n{坏", "utf-8")
    (tmp_path / "a.jsonl").write_text(json.dumps(answer(), ensure_ascii=False), "utf-8")
    return tmp_path / "q.jsonl", tmp_path / "a.jsonl"


def test_score_prints_scores_and_names_bad_rows(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", *map(str, files)]) == 0
    shown = capsys.readouterr()
    assert "accuracy             1.000" in shown.out
    assert "第 2 行" in shown.err


def test_errors_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "none.jsonl", "none.jsonl"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["compare", "no-such-run", "no-such-run"]) == 1


def test_a_fall_beyond_the_margin_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    baseline = tmp_path / "b.json"
    baseline.write_text(json.dumps({"scores": {"accuracy": 0.9, "number_support": 1.0}}), "utf-8")
    assert commands._judge({"accuracy": 0.88, "number_support": 1.0}, baseline, 0.03) == 0
    assert commands._judge({"accuracy": 0.86, "number_support": 1.0}, baseline, 0.03) == 1
    assert "FAIL accuracy" in capsys.readouterr().out


def test_the_command_line_can_be_typed_again() -> None:
    arguments = Namespace(command="run", set="dev", limit=5, as_of=None, name=None)
    assert commands._command_line(arguments) == "python -m eval run --set dev --limit 5"


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, eval.cli; eval.cli.parser(); sys.exit(bool({'numpy', 'torch', 'faiss'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
