"""A run as a short Markdown summary, for README and for a report somebody else reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eval.html import NAMES
from eval.report import OVERALL


def overall_table(runs: Mapping[str, Mapping[str, Any]]) -> str:
    """Markdown table of the overall scores: a row a metric, a column a run (the `overall` of its metrics.json)."""
    names = [name for name in OVERALL if any(run.get(name) is not None for run in runs.values())]
    lines = ["| | " + " | ".join(runs) + " |", "|---" * (len(runs) + 1) + "|"]
    lines.append("| 题数 | " + " | ".join(str(run["questions"]) for run in runs.values()) + " |")
    lines += [
        f"| {NAMES[name]}（{name}） | " + " | ".join(_cell(run.get(name)) for run in runs.values()) + " |"
        for name in names
    ]
    for share in ("p50", "p95"):
        lines.append(
            f"| 每题用时 {share}（秒） | " + " | ".join(_cell(run["seconds"][share]) for run in runs.values()) + " |"
        )
    return "\n".join(lines)


def markdown_summary(metrics: Mapping[str, Any]) -> str:
    """The whole summary of a run: what it was made with, the command, the scores, the refusal table, the failures."""
    stamp, overall = metrics["stamp"], metrics["overall"]
    table = overall["refusal_table"]
    models = "，".join(f"{name} {value}" for name, value in stamp["models"].items())
    failures = "、".join(f"{name} {count}" for name, count in overall["failures"].items()) or "无"
    return "\n".join(
        [
            f"## {metrics['name']}",
            "",
            f"`{metrics.get('command', '')}`（提交 {stamp['commit']}，设置 {stamp['config']}，语料 {stamp['corpus']}，{models}，{stamp['as_of']}）",
            "",
            overall_table({metrics["name"]: overall}),
            "",
            "| | 作答 | 拒答 |",
            "|---|---|---|",
            f"| 可答 | {table['answered']} | {table['wrongly_declined']} |",
            f"| 不可答 | {table['wrongly_answered']} | {table['declined']} |",
            "",
            f"失败：{failures}",
            "",
        ]
    )


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
