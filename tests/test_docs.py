"""The documents say what is there: commands, settings, files, counts, and the answer that opens the README."""

from __future__ import annotations

import collections
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from eval.cli import parser as eval_parser
from qa.cli import _parser as qa_parser
from qa.config import ROOT, Config, load_config
from qa.export import answer_lines
from qa.pipeline import Assistant

READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = (
    *READMES, "CHANGELOG.md", "CONTRIBUTING.md", "corpus/README.md", "eval/LOG.md", "eval/questions/README.md", "index/README.md",
    "models/answerability/README.md", "models/encoder/README.md", "models/ranker/README.md", "training/README.md",
)  # fmt: skip
QUESTION = "在黄埔办AI公司租房能补多少？"


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def code(name: str, language: str = "") -> list[str]:
    """The bodies of the fenced blocks in one language."""
    blocks = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", read(name), re.DOTALL | re.MULTILINE)
    return [
        re.sub(r"^ {3}", "", body, flags=re.MULTILINE) if body.startswith("   ") else body
        for tag, body in blocks
        if tag == language
    ]


def commands(name: str) -> Iterator[list[str]]:
    """What the plain blocks and the inline code of a document tell the reader to type, one list of words a command."""
    lines = [line for body in code(name) for line in body.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"`([^`\n]+)`", re.sub(r"^ *```.*?^ *```$", "", read(name), flags=re.DOTALL | re.MULTILINE))
    for line in lines:
        for part in line.removeprefix("$ ").split("&&"):
            if re.match(r" *(qa|make|python -m) ", part + " ") and not part.strip().startswith("python -m venv"):
                yield shlex.split(part, comments=True)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_exist_and_parse(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    for words in commands(name):
        match words:
            case ["make", *rest]:
                assert set(rest) <= targets, words
            case ["qa", *rest] if rest and not {"ID", "FILE"} & set(rest):
                qa_parser().parse_args(rest)
            case ["python", "-m", "eval", *rest] if rest and "--help" not in rest and "…" not in rest:
                eval_parser().parse_args(rest)
            case ["python", "-m", module, *_] if module.startswith("training."):
                assert (ROOT / f"{module.replace('.', '/')}.py").exists(), words


def test_the_quick_start_is_what_it_says() -> None:
    for name in READMES:
        assert [words for words in commands(name) if words[0] == "make"][:2] == [["make", "chat"], ["make", "test"]]
        assert {words[1] for words in commands(name) if words[0] == "qa" and len(words) > 1} == {
            "index",
            "ask",
            "search",
            "show",
            "serve",
        }


@pytest.mark.parametrize("name", READMES)
def test_every_setting_stands_in_the_table_with_its_default(name: str) -> None:
    shown = dict(re.findall(r"^\| `(\w+)` \| `(.*?)` \|", read(name), re.MULTILINE))
    assert shown == {field.name: _default(getattr(Config(), field.name)) for field in fields(Config)}


def _default(value: object) -> str:
    if isinstance(value, str) and value.startswith(str(ROOT)):
        value = Path(value).relative_to(ROOT).as_posix()
    return json.dumps(value)


@pytest.mark.parametrize("name", READMES)
def test_shown_settings_are_read(name: str, tmp_path: Path) -> None:
    examples = [body for body in code(name, "toml") if not body.startswith("[[")]
    assert len(examples) == 4
    for body in examples:
        file = tmp_path / "qa.toml"
        file.write_text(body, "utf-8")
        load_config(file)


def test_the_readmes_link_to_each_other_and_nothing_is_missing() -> None:
    assert "](README.zh-CN.md)" in read("README.md")
    assert "](README.md)" in read("README.zh-CN.md")
    for name in DOCUMENTS:
        for link in re.findall(r"\]\(([^)#:]+)\)", read(name)):
            assert (ROOT / name).parent.joinpath(link).exists(), f"{name}: {link}"


def test_both_readmes_show_the_same() -> None:
    """Same answers, tables of numbers and settings; only the words around them differ."""
    for pattern in (
        r"<!-- eval \S+ -->.*?<!-- /eval -->",
        r"^\| (?:FAISS|BM25|ours|CPU 核数|建索引|索引大小|冷启动|每题|内存峰值).*?$",
    ):
        first, second = (re.findall(pattern, read(name), re.DOTALL | re.MULTILINE) for name in READMES)
        assert first == second
    assert code(READMES[0], "python") == code(READMES[1], "python")
    assert len(code(READMES[0])) == len(code(READMES[1]))


@pytest.mark.parametrize("folder", ["peers-dev", "bench"])
def test_measured_tables_are_those_of_the_results(folder: str) -> None:
    table = ROOT / "eval" / "results" / folder / "table.md"
    if not table.exists():
        pytest.skip(f"{folder} has not been measured here")
    assert table.read_text("utf-8").strip() in read("README.md")


@pytest.mark.parametrize("name", READMES)
def test_the_file_tree_lists_what_git_tracks(name: str) -> None:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("no git checkout")
    tree = code(name)[-1]
    tops = {line.split()[0].split("/")[0] for line in tree.splitlines() if not line.startswith(" ")}
    assert {path.split("/")[0] for path in tracked()} <= tops
    known = {Path(path).name for path in tracked("--cached", "--others", "--exclude-standard")}
    assert set(re.findall(r"[\w.-]+\.(?:py|md|tsv|toml|jsonl|txt)\b", tree)) <= known


def tracked(*options: str) -> list[str]:
    command = ["git", "ls-files", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_the_first_answer_is_todays(assistant: Assistant) -> None:
    today = "\n".join(answer_lines(assistant.ask(QUESTION), assistant.corpus))
    for name in READMES:
        assert code(name)[0] == f'$ qa ask "{QUESTION}"\n{today}\n'


def test_the_datasheet_counts_its_sets() -> None:
    row = re.compile(r"^\| (\w+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
    shown = {kind: tuple(map(int, counts)) for kind, *counts in row.findall(read("eval/questions/README.md"))}
    rows = [[json.loads(line) for line in read(f"eval/questions/{name}.jsonl").splitlines()] for name in ("train", "dev", "test")]
    counted = [
        collections.Counter(row[field] for row in set_ for field in ("type", "style", "refusal") if row.get(field)) for set_ in rows
    ]
    assert shown == {kind: tuple(counts[kind] for counts in counted) for kind in set().union(*counted)}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_name_no_machine(name: str) -> None:
    assert not re.search(r"/(work|tmp|home|root|Users)/", read(name))


def test_the_screenshot_is_small() -> None:
    picture = (ROOT / "docs" / "screenshot.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 300_000
