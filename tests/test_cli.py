"""The command line: exit codes, one-line errors, JSON equal to a batch row, a batch that survives bad rows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from told import ROOT

from qa.cli import main

QUESTION = "云州租办公用房能补多少"


@pytest.fixture(scope="module")
def place(invented: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Flags that lead to the invented corpus and one index for this module."""
    return ["--corpus-dir", str(invented), "--index-dir", str(tmp_path_factory.mktemp("cli") / "index"), "--encoder", ""]


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)


def rows_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in ("id", "seconds")}


def one_error(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("错误：")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    "command", [[], ["index"], ["ask"], ["search"], ["show"], ["serve"]], ids=lambda command: " ".join(command) or "qa"
)
def test_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*command, "--help"])
    assert stopped.value.code == 0
    assert "usage: qa" in capsys.readouterr().out


@pytest.mark.parametrize("argv", [[], ["nosuch"], ["ask", "问", "--as-of", "morgen"], ["search"], ["ask", "问", "--nosuch"]])
def test_wrong_usage_is_status_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(argv)
    assert stopped.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_ask_builds_a_missing_index_and_answers(invented: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--corpus-dir", str(invented), "--index-dir", str(tmp_path / "new"), "--encoder", ""]
    assert main(["ask", QUESTION, *flags]) == 0
    out, err = capsys.readouterr()
    assert "45%" in out
    assert "[1]《" in out
    assert "》第二条" in out
    assert "索引" in err
    assert (tmp_path / "new" / "current.json").exists()
    assert main(["ask", QUESTION, *flags]) == 0
    assert capsys.readouterr().err == ""


def test_index_says_when_it_is_current(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", QUESTION, *place]) == 0
    capsys.readouterr()
    assert main(["index", *place]) == 0
    assert "最新" in capsys.readouterr().out
    assert main(["index", "--force", *place]) == 0
    assert "最新" not in capsys.readouterr().out


def test_json_equals_the_batch_row(place: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "q.jsonl").write_text(json.dumps({"id": "a", "question": QUESTION}) + "\n", "utf-8")
    assert main(["ask", QUESTION, "--json", "--as-of", "2032-01-01", *place]) == 0
    single = json.loads(capsys.readouterr().out)
    assert main(["ask", "--batch", "q.jsonl", "--as-of", "2032-01-01", *place]) == 0
    (row,) = rows_of(capsys.readouterr().out)
    assert plain(single) == plain(row)
    assert row["id"] == "a"
    assert row["as_of"] == "2032-01-01"


def test_as_of_changes_validity(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    texts = []
    for day in ("2032-01-01", "2035-01-01"):
        assert main(["ask", QUESTION, "--json", "--as-of", day, *place]) == 0
        texts.append(json.loads(capsys.readouterr().out))
    assert texts[0]["citations"] == texts[1]["citations"]
    assert "有效期" not in texts[0]["answer"]
    assert "有效期" in texts[1]["answer"] or "到期" in texts[1]["answer"]
    assert texts[1]["notes"]


def test_bad_rows_are_named_and_the_others_run(place: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        json.dumps({"id": "good", "question": QUESTION}),
        "{broken",
        "[1, 2]",
        json.dumps({"id": "none"}),
        json.dumps({"id": "empty", "question": ""}),
        "",
        json.dumps({"id": "long", "question": "租" * 100_000}),
        json.dumps({"id": "number", "question": 7}),
        json.dumps({"id": "follow", "question": "那青河呢", "history": [QUESTION]}),
    ]
    (tmp_path / "q.jsonl").write_text("\ufeff" + "\n".join(lines) + "\n", "utf-8")
    assert main(["ask", "--batch", "q.jsonl", "--out", "a.jsonl", *place]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "8 个问题" in err
    assert "6 个出错" in err
    rows = rows_of((tmp_path / "a.jsonl").read_text("utf-8"))
    by_id = {row["id"]: row for row in rows}
    assert len(rows) == 8
    assert "第 2 行" in by_id["line-2"]["error"]
    assert "第 3 行" in by_id["line-3"]["error"]
    assert all("error" in by_id[name] for name in ("empty", "long"))
    assert "45%" in by_id["good"]["answer"]
    assert "error" not in by_id["follow"]
    assert by_id["follow"]["carried"]


def test_a_bad_row_keeps_its_id(place: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "q.jsonl").write_text('{"id": "number", "question": 7}\n', "utf-8")
    assert main(["ask", "--batch", "q.jsonl", *place]) == 0
    (row,) = rows_of(capsys.readouterr().out)
    assert row["id"] == "number"
    assert "error" in row


@pytest.mark.parametrize("history", ["云州", 7, [7], {"a": 1}])
def test_a_history_that_is_no_list_of_questions_is_named(
    place: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], history: object
) -> None:
    (tmp_path / "q.jsonl").write_text(json.dumps({"id": "h", "question": "那青河呢", "history": history}) + "\n", "utf-8")
    assert main(["ask", "--batch", "q.jsonl", *place]) == 0
    (row,) = rows_of(capsys.readouterr().out)
    assert "history" in row["error"]


@pytest.mark.parametrize(
    "argv",
    [
        ["ask"],
        ["ask", ""],
        ["ask", "问", "--batch", "q.jsonl"],
        ["ask", "--batch", "nosuch.jsonl"],
        ["ask", "--batch", "binary.jsonl"],
        ["ask", "--batch", "good.jsonl", "--out", "no/such/folder/a.jsonl"],
        ["ask", "😀"],
        ["ask", "租" * 5000],
        ["ask", QUESTION, "--config", "nosuch.toml"],
        ["ask", QUESTION, "--generator", "magic"],
        ["search", "？？"],
        ["show", "nosuch"],
        ["show", "yunzhou-measures", "第九百条"],
    ],
    ids=lambda argv: " ".join(argv)[:40],
)
def test_errors_are_one_line_and_status_1(
    place: list[str], tmp_path: Path, argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00\x81")
    (tmp_path / "good.jsonl").write_text(json.dumps({"question": QUESTION}) + "\n", "utf-8")
    main(["index", *place])
    capsys.readouterr()
    assert main([*argv, *place]) == 1
    one_error(capsys)


@pytest.mark.parametrize("flag", ["--corpus-dir", "--encoder"])
def test_a_folder_that_is_missing(flag: str, invented: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = {"--corpus-dir": str(invented), "--index-dir": str(tmp_path / "i"), "--encoder": "", flag: str(tmp_path / "no/such")}
    assert main(["ask", QUESTION, *[part for pair in flags.items() for part in pair]]) == 1
    one_error(capsys)


def test_search_ranks_without_answering(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", QUESTION, "-k", "2", *place]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert "yunzhou-measures" in lines[0]
    assert main(["search", QUESTION, "--json", *place]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["regions"] == ["云岭/云州"]
    assert [row["rank"] for row in found["passages"]] == list(range(1, len(found["passages"]) + 1))


def test_a_region_that_nobody_knows_is_said_to_be_missing(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "租办公用房能补多少", "--region", "火星", "--json", *place]) == 0
    assert json.loads(capsys.readouterr().out)["refusal"] == "place_not_covered"


def test_show(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", *place]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert main(["show", "yunzhou-measures", "第二条", "--json", *place]) == 0
    assert "45%" in json.loads(capsys.readouterr().out)["text"]


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m qa show | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    assert done.stdout.startswith("shenggu-support")
