"""What each part is worth: the same set with one switch of the configuration off at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from eval.charts import grouped
from eval.compare import compare
from eval.html import page
from eval.report import Scored
from qa.config import Config

SWITCHES: dict[str, dict[str, Any]] = {
    "full": {},
    "lexical only": {"dense": False},
    "dense only": {"lexical": False},
    "no reranker": {"reranker": ""},
    "no lines": {"lines": False},
    "no known gaps": {"gaps": False},
    "no answerability": {"answerability": ""},
    "no intents": {"intent": ""},
    "no thesaurus": {"thesaurus": False},
    "no region": {"region": False},
    "no verification": {"verification": False},
}
COLUMNS = ("hit@1", "hit@5", "mrr@10", "accuracy", "citation_recall", "number_support", "refusal_right")


def variants(config: Config) -> Iterator[tuple[str, Config]]:
    """Name and configuration of every variant, the full system first."""
    for name, changes in SWITCHES.items():
        yield name, replace(config, **changes)


def folder_name(variant: str) -> str:
    """The variant's name as a folder name."""
    return variant.replace(" ", "-")


def ablation_table(runs: Mapping[str, Sequence[Scored]], metrics: Mapping[str, Mapping[str, Any]]) -> str:
    """Markdown: a row a variant; * marks a difference from the full system with p < 0.05 (paired randomisation test)."""
    lines = ["| | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for name, scored in runs.items():
        marks = _marks(runs["full"], scored)
        cells = [_cell(metrics[name].get(column), column in marks) for column in COLUMNS]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _marks(full: Sequence[Scored], scored: Sequence[Scored]) -> set[str]:
    return {difference.metric for difference in compare(full, scored)[0] if difference.p < 0.05 and difference.a != difference.b}


def _cell(value: float | None, marked: bool) -> str:
    return "–" if value is None else f"{value:.3f}" + ("*" if marked else "")


def ablation_page(overall: Mapping[str, Mapping[str, Any]], table: str) -> str:
    """The table and its chart as a self-contained page."""
    charts = [f"<h2>{escape(column)}</h2>{grouped(overall, [column], column)}" for column in COLUMNS]
    return page("消融", [f"<h1>每次关掉一个开关</h1><pre>{escape(table)}</pre>", *charts])
