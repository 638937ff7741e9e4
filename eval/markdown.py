"""A run as a short Markdown summary, for README and for a report somebody else reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from eval.html import NAMES
from eval.report import OVERALL

_BLOCK = re.compile(r"<!-- eval (?P<name>[\w-]+) -->\n(?P<body>.*?)<!-- /eval -->", re.DOTALL)


def overall_table(runs: Mapping[str, Mapping[str, Any]]) -> str:
    """Markdown table of the overall scores: a row a metric, a column a run (the `overall` of its metrics.json)."""
    names = [name for name in OVERALL if any(run.get(name) is not None for run in runs.values())]
    lines = ["| | " + " | ".join(runs) + " |", "|---" * (len(runs) + 1) + "|"]
    lines.append("| 题数 | " + " | ".join(str(run["questions"]) for run in runs.values()) + " |")
    lines += [f"| {NAMES[name]}（{name}） | " + " | ".join(_cell(run.get(name)) for run in runs.values()) + " |" for name in names]
    for share in ("p50", "p95"):
        lines.append(f"| 每题用时 {share}（秒） | " + " | ".join(_cell(run["seconds"][share]) for run in runs.values()) + " |")
    return "\n".join(lines)


def markdown_summary(metrics: Mapping[str, Any]) -> str:
    """The whole summary of a run: what it was made with, the command, the scores, the refusal table, the failures."""
    stamp, overall = metrics["stamp"], metrics["overall"]
    table = overall["refusal_table"]
    models = "，".join(f"{name} {value}" for name, value in stamp["models"].items())
    failures = "、".join(f"{name} {count}" for name, count in overall["failures"].items()) or "无"
    made = f"提交 {stamp['commit']}，设置 {stamp['config']}，语料 {stamp['corpus']}，{models}，{stamp['as_of']}"
    refusals = f"""| | 作答 | 拒答 |
|---|---|---|
| 可答 | {table["answered"]} | {table["wrongly_declined"]} |
| 不可答 | {table["wrongly_answered"]} | {table["declined"]} |
"""
    parts = [
        f"## {metrics['name']}",
        f"`{metrics.get('command', '')}`（{made}）",
        overall_table({metrics["name"]: overall}),
        refusals,
    ]
    return "\n\n".join([*parts, f"失败：{failures}\n"])


def readme_block(metrics: Mapping[str, Any]) -> str:
    """What README shows of a run: the command that made the numbers, and the table."""
    return f"`{metrics['command']}`\n\n{overall_table({metrics['name']: metrics['overall']})}"


def blocks(text: str) -> dict[str, str]:
    """The parts of a text between `<!-- eval NAME -->` and `<!-- /eval -->`, by name."""
    return {match["name"]: match["body"].strip() for match in _BLOCK.finditer(text)}


def fill_blocks(text: str, runs: Mapping[str, str]) -> str:
    """The text with the blocks of the given runs filled anew; other blocks stay."""

    def fill(match: re.Match[str]) -> str:
        body = runs.get(match["name"])
        return match[0] if body is None else f"<!-- eval {match['name']} -->\n{body}\n<!-- /eval -->"

    return _BLOCK.sub(fill, text)


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
