"""Question sets: JSONL or CSV files, checked row by row. A bad row is named with its line and reason; the others run."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import InputError
from qa.manifest import Manifest
from qa.types import Refusal

Row = Mapping[str, Any]

TYPES = (
    "amount", "ratio", "condition", "procedure", "responsible", "target", "list", "definition", "plan", "comparison", "open",
    "unanswerable",
)  # fmt: skip
STYLES = ("formal", "colloquial", "keyword", "typo", "situational")
VERDICTS = ("yes", "no", "depends")
KINDS = tuple(kind.value for kind in Refusal)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row: its 1-based line in the file, its id if it has one, and the reason in Chinese."""

    line: int
    id: str
    reason: str

    def __str__(self) -> str:
        return f"第 {self.line} 行（{self.id or '无 id'}）：{self.reason}"


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The rows that can run, in file order, and the ones that cannot."""

    rows: tuple[dict[str, Any], ...]
    problems: tuple[Problem, ...]


def load_questions(path: str | Path, manifest: Manifest | None = None) -> QuestionSet:
    """Read and check a question set.

    Args:
        path: a `.jsonl` or `.csv` file, UTF-8. In CSV, lists are JSON or separated by `|` (see `_from_csv`).
        manifest: names the corpus files; a `source` may be a file's name or its original name, and is turned into the
            name. Without a manifest sources are not checked.

    Raises:
        InputError: the file cannot be read, or holds no row at all.
    """
    path = Path(path)
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"题目文件 {path} 无法读取：{error}。请检查路径，并存成 UTF-8 编码。") from error
    found = list(_csv_rows(text) if path.suffix.lower() == ".csv" else _json_rows(text))
    if not found:
        raise InputError(f"题目文件 {path} 里没有题目。每行应是一个 JSON 对象，或为带表头的 CSV。")
    return _checked(found, _file_names(manifest))


def _file_names(manifest: Manifest | None) -> dict[str, str]:
    names: dict[str, str] = {}
    for file in manifest.files if manifest else ():
        names |= {file.name: file.name, file.original_name or file.name: file.name}
    return names


def _checked(found: list[tuple[int, Any]], names: Mapping[str, str]) -> QuestionSet:
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for line, row in found:
        reason = row if isinstance(row, str) else _reason(row, names, seen)
        if reason:
            name = str(row.get("id", "")) if isinstance(row, dict) else ""
            problems.append(Problem(line, name, reason))
            continue
        seen.add(row["id"])
        rows.append(_normal(row, names))
    return QuestionSet(tuple(rows), tuple(problems))


def _json_rows(text: str) -> Iterator[tuple[int, Any]]:
    """Line numbers with the object of each line, or with a reason (str) why there is none."""
    for line, raw in enumerate(text.split("\n"), start=1):
        if not raw.strip():
            continue
        try:
            row = json.loads(raw)
        except json.JSONDecodeError as error:
            yield line, f"不是合法的 JSON（{error.msg}，第 {error.colno} 列）"
            continue
        yield line, row if isinstance(row, dict) else "不是 JSON 对象"


def _csv_rows(text: str) -> Iterator[tuple[int, Any]]:
    reader = csv.DictReader(text.splitlines())
    for raw in reader:
        try:
            yield reader.line_num, _from_csv(raw)
        except (json.JSONDecodeError, TypeError, AttributeError) as error:
            yield reader.line_num, f"这一行的列无法解析：{error}"


def _from_csv(raw: Mapping[str, str]) -> dict[str, Any]:
    """A CSV row as a JSON row: empty cells are left out; `history` a|b; `evidence` quote|quote; `must_have` a|b;c."""
    row: dict[str, Any] = {key: value.strip() for key, value in raw.items() if key and value and value.strip()}
    for key in ("history", "evidence", "must_have", "correction"):
        cell = row.get(key, "")
        if cell.startswith("["):
            row[key] = json.loads(cell)
        elif cell:
            row[key] = cell.split("|") if key == "history" else _list_cell(key, cell, row.get("source"))
    row.setdefault("evidence", [])
    row.pop("source", None)
    return row


def _list_cell(key: str, cell: str, source: str | None) -> list[Any]:
    if key == "must_have":
        return [group.split("|") for group in re.split("[;；]", cell) if group]
    return [{"quote": quote} | ({"source": source} if source else {}) for quote in cell.split("|") if quote]


def _reason(row: Mapping[str, Any], names: Mapping[str, str], seen: set[str]) -> str:
    """Why a row cannot run, or ""."""
    return _bad_names(row, seen) or _bad_evidence(row, names) or _bad_lists(row)


def _bad_names(row: Mapping[str, Any], seen: set[str]) -> str:
    id, question = row.get("id"), row.get("question")
    if not isinstance(id, str) or not id or re.search(r"\s", id):
        return "id 缺失，或含有空白"
    if id in seen:
        return f"id {id!r} 重复"
    if not isinstance(question, str) or not question.strip():
        return "question 缺失或为空"
    for key, known in (("type", TYPES), ("style", STYLES), ("verdict", VERDICTS), ("refusal", KINDS)):
        needed = key == "type"
        if (needed or row.get(key)) and row.get(key) not in known:
            return f"{key} = {row.get(key)!r} 不在 {'、'.join(known)} 之中"
    return ""


def _bad_evidence(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    for key in ("evidence", "correction"):
        items = row.get(key, [])
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            return f"{key} 应是 {{source, quote}} 的列表"
        for item in items:
            if not isinstance(item.get("quote"), str) or not item["quote"].strip():
                return f"{key} 中有一条没有 quote"
            if names and item.get("source") and item["source"] not in names:
                return f"{key} 的 source {item['source']!r} 不是语料中的文件"
    if row["type"] == "unanswerable":
        return "unanswerable 的 evidence 应为空" if row.get("evidence") else ""
    return "" if row.get("evidence") else "没有 evidence（只有 unanswerable 可以没有）"


def _bad_lists(row: Mapping[str, Any]) -> str:
    groups, history = row.get("must_have", []), row.get("history", [])
    if not isinstance(groups, list) or not all(isinstance(group, list) and group and _strings(group) for group in groups):
        return "must_have 应是字符串列表的列表，且内层不为空"
    if not isinstance(history, list) or not _strings(history):
        return "history 应是字符串的列表"
    return ""


def _strings(values: list[Any]) -> bool:
    return all(isinstance(value, str) and value.strip() for value in values)


def _normal(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The row with every list present and sources under the corpus's own file names."""
    full = {"history": [], "must_have": [], "evidence": [], "correction": [], "style": "", "region": ""} | dict(row)
    for key in ("evidence", "correction"):
        full[key] = [
            item | ({"source": names.get(item["source"], item["source"])} if item.get("source") else {}) for item in full[key]
        ]
    return full
