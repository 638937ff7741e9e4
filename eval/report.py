"""A run in figures and as text: overall scores, slices, the refusal table, and the worst questions first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from eval import metrics
from eval.classes import CLASSES, failure_class
from qa.errors import InputError

Row = Mapping[str, Any]

SLICES = ("type", "style", "region")
LABELS = ("kind", "form", "documents")
COLUMNS = (
    "hit@1",
    "hit@5",
    "mrr@10",
    "accuracy",
    "citation_recall",
    "citation_precision",
    "number_support",
    "refusal_right",
)
OVERALL = (
    *(f"hit@{k}" for k in metrics.CUTOFFS), "mrr@10", "ndcg@10", "recall@5", "recall@20", "accuracy", "citation_recall",
    "citation_precision", "number_support", "number_support_any", "balanced_accuracy", "kind_right", "correction", "verdict_right",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scored:
    """One question with its answer row, its scores, and the class of its failure ("" = right)."""

    question: Row
    answer: Row
    scores: metrics.Scores
    failure: str


def read_answers(path: str | Path) -> dict[str, dict[str, Any]]:
    """Answer rows by id; a line that is no JSON object with an id is refused.

    Raises:
        InputError: the file cannot be read, or a line is not an answer row.
    """
    answers: dict[str, dict[str, Any]] = {}
    try:
        lines = Path(path).read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"答案文件 {path} 无法读取：{error}。请检查路径。") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            answers[row["id"]] = row
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise InputError(f"答案文件 {path} 第 {number} 行不是带 id 的 JSON 对象。请删去该行或重新运行。") from error
    return answers


def score_all(
    questions: Sequence[Row], answers: Mapping[str, Row], places: Mapping[str, frozenset[str]] | None = None
) -> list[Scored]:
    """Score every question; one without an answer row counts 0."""
    result = []
    for question in questions:
        answer = answers.get(question["id"], {})
        scores = metrics.score(question, answer)
        result.append(Scored(question, answer, scores, failure_class(question, answer, scores, places)))
    return result


def summary(scored: Sequence[Scored]) -> dict[str, Any]:
    """Means, refusal table, seconds and failure counts of a run or of a slice of it."""
    questions, answers = [item.question for item in scored], [item.answer for item in scored]
    names = scored[0].scores if scored else {}
    means = {name: metrics.mean(item.scores[name] for item in scored) for name in names}
    lengths = [chars for item in scored if (chars := item.scores["answer_chars"]) is not None]
    return {
        "questions": len(scored),
        **{name: value for name, value in means.items() if name not in ("answer_chars", "refusal_right")},
        "refusal_right": means.get("refusal_right"),
        "balanced_accuracy": metrics.balanced_accuracy(questions, answers),
        "answer_chars_median": metrics.percentile(lengths, 0.5),
        "refusal_table": metrics.refusal_table(questions, answers),
        "seconds": _seconds(answers),
        "failures": dict(Counter(item.failure for item in scored if item.failure).most_common()),
    }


def _seconds(answers: Sequence[Row]) -> dict[str, float | None]:
    totals = [answer["seconds"]["total"] for answer in answers if answer.get("seconds")]
    return {"p50": metrics.percentile(totals, 0.5), "p95": metrics.percentile(totals, 0.95)}


def slices(scored: Sequence[Scored], key: Callable[[Scored], str]) -> dict[str, dict[str, Any]]:
    """The summary of each value of a key, biggest slice first."""
    groups: dict[str, list[Scored]] = {}
    for item in scored:
        groups.setdefault(key(item) or "—", []).append(item)
    return {name: summary(group) for name, group in sorted(groups.items(), key=lambda pair: -len(pair[1]))}


def all_slices(scored: Sequence[Scored], labels: Mapping[str, Mapping[str, str]] | None = None) -> dict[str, dict[str, Any]]:
    """Slices by type, style, region and turn of the question and, with labels (see `eval.labels`), by what its evidence is."""
    named = {key: slices(scored, partial(_field, key)) for key in SLICES} | {"turn": slices(scored, _turn)}
    return named | ({key: slices(scored, partial(_label, key, labels)) for key in LABELS} if labels else {})


def _field(key: str, item: Scored) -> str:
    return str(item.question.get(key) or "")


def _turn(item: Scored) -> str:
    return "追问" if item.question.get("history") else "首问"


def _label(key: str, labels: Mapping[str, Mapping[str, str]], item: Scored) -> str:
    return labels.get(item.question["id"], {}).get(key, "")


def worst(scored: Sequence[Scored]) -> list[Scored]:
    """Failures, in the order of the pipeline: what was lost first stands first."""
    order = {name: place for place, name in enumerate(CLASSES)}
    return sorted((item for item in scored if item.failure), key=lambda item: order[item.failure])


def text_report(scored: Sequence[Scored], labels: Mapping[str, Mapping[str, str]] | None = None, show: int = 20) -> str:
    """Everything as plain text for a terminal, with the worst `show` questions."""
    overall = summary(scored)
    lines = [f"questions            {overall['questions']}"]
    lines += [f"{name:20} {_number(overall.get(name))}" for name in OVERALL if overall.get(name) is not None]
    lines += [f"{name:20} {overall[name]}" for name in ("answer_chars_median", "refusal_table", "seconds", "failures")]
    for name, groups in all_slices(scored, labels).items():
        lines += ["", *_table(name, groups)]
    lines += ["", f"worst questions ({sum(bool(item.failure) for item in scored)} failures)"]
    return "\n".join(lines + [_worst_line(item) for item in worst(scored)[:show]])


def _table(name: str, groups: Mapping[str, Mapping[str, Any]]) -> list[str]:
    head = f"{name:16}{'n':>5}" + "".join(f"{column[:11]:>12}" for column in COLUMNS)
    rows = [
        (f"{key:16}{group['questions']:>5}", [_number(group.get(column)) for column in COLUMNS]) for key, group in groups.items()
    ]
    return [head, *(start + "".join(f"{cell:>12}" for cell in cells) for start, cells in rows)]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _worst_line(item: Scored) -> str:
    answer = (item.answer.get("error") or item.answer.get("answer") or "").replace("\n", " ")
    return f"  {item.failure:18} {item.question['id']:12} {item.question['question']}\n{'':34}→ {answer[:150]}"
