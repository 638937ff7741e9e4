"""A run: every question of a set through `qa.Assistant.ask` in one process, resumable, a failing row counted as 0.

```
eval/results/NAME/
  run.json        the stamp, written first: a run is resumed only under the same stamp
  answers.jsonl   one row a question, written as it is answered; scores and failure class are added at the end
  metrics.json    written last: all scores with the stamp and the command that made them
```
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import qa
from eval.files import read_json, rounded, write_json, write_rows
from eval.labels import Labels
from eval.report import Scored, all_slices, read_answers, score_all, summary
from eval.stamp import make_stamp
from qa.config import ROOT
from qa.errors import InputError
from qa.export import answer_json
from qa.index import build_index, is_current
from qa.types import Turn

RESULTS = ROOT / "eval" / "results"
Row = Mapping[str, Any]
Step = Callable[[int, int, Row], None]  # done, all, the newest answer row
Ask = Callable[[Row], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished run: its folder, every question with its scores, and what metrics.json says."""

    folder: Path
    scored: list[Scored]
    metrics: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """Facts of the corpus that scoring uses: where each document applies, and the labels of each question's evidence."""

    places: Mapping[str, frozenset[str]] = field(default_factory=dict)
    labels: Labels = field(default_factory=dict)


class Asker:
    """Asks the rows of a set; the assistant is loaded once something is to be asked."""

    def __init__(self, config: qa.Config, as_of: date | None = None, assistant: qa.Assistant | None = None) -> None:
        self.config = config
        self.as_of = as_of
        self.cold_start: float | None = None  # seconds from nothing to the first answer, without building an index
        self._assistant = assistant
        self._loading = 0.0

    def prepare(self) -> qa.Assistant:
        """Load the assistant; an index that is missing or stale is built first.

        Raises:
            QAError: corpus, index or model cannot be used. That is no failing row: the run stops.
        """
        if self._assistant is None:
            if not is_current(self.config):
                build_index(self.config, _say)
            begin = time.perf_counter()
            self._assistant = qa.load(self.config, _say)
            self._loading = time.perf_counter() - begin
        return self._assistant

    def __call__(self, row: Row) -> dict[str, Any]:
        """The answer row of a question; earlier turns are asked first, so that their answers are in the history."""
        assistant = self.prepare()
        turns: list[Turn] = []
        for earlier in row["history"]:
            turns.append(Turn(earlier, assistant.ask(earlier, turns, as_of=self.as_of)))
        begin = time.perf_counter()
        answer = assistant.ask(row["question"], turns, as_of=self.as_of)
        if self.cold_start is None:
            self.cold_start = self._loading + time.perf_counter() - begin
        return answer_json(answer, assistant.corpus, id=row["id"])


def _say(step: str, share: float) -> None:
    print(f"\r{step} {share:4.0%}", end="" if share < 1 else "\n", file=sys.stderr, flush=True)


def run_set(
    questions: Sequence[Row],
    folder: Path,
    ask: Asker,
    *,
    known: Known | None = None,
    step: Step | None = None,
    about: Mapping[str, Any] | None = None,
    fresh: bool = False,
) -> Finished:
    """Answer and score a set; rows that an interrupted run of the same stamp has answered are kept.

    Args:
        questions: checked rows.
        folder: where the results go.
        ask: how a row is answered.
        known: facts of the corpus for failure classes and slices.
        step: called after each question.
        about: further entries of metrics.json, such as the name of the set and the command.
        fresh: throw away what the folder holds.
    """
    stamp = stamp_of(ask)
    done = _same_questions(_begin(folder, stamp, fresh), questions)
    if any(question["id"] not in done for question in questions):
        ask.prepare()
    answers = answer_rows(questions, folder / "answers.jsonl", done, ask, step)
    return finish(
        folder,
        questions,
        answers,
        {"stamp": stamp, "cold_start_s": rounded(ask.cold_start), **(about or {})},
        known or Known(),
    )


def stamp_of(ask: Asker) -> dict[str, Any]:
    """The stamp of a run: what it is made with, and the date on which validity is judged."""
    return make_stamp(ask.config) | {"as_of": (ask.as_of or date.today()).isoformat()}


def _begin(folder: Path, stamp: Row, fresh: bool) -> dict[str, dict[str, Any]]:
    """Answers to keep: those of a run with the same stamp. Failed rows are asked again."""
    folder.mkdir(parents=True, exist_ok=True)
    answers, note = folder / "answers.jsonl", folder / "run.json"
    same = note.exists() and _ignoring_commit(json.loads(note.read_text("utf-8"))) == _ignoring_commit(stamp)
    kept = {} if fresh or not same or not answers.exists() else _whole_rows(answers)
    (folder / "metrics.json").unlink(missing_ok=True)
    write_json(note, stamp)
    write_rows(answers, kept.values())
    return kept


def _same_questions(done: Mapping[str, dict[str, Any]], questions: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Without the answers to questions that were reworded since."""
    asked = {row["id"]: (row["question"], row["history"]) for row in questions}
    before = {id: row.get("asked", {}) for id, row in done.items()}
    return {id: row for id, row in done.items() if asked.get(id) == (before[id].get("question"), before[id].get("history"))}


def _ignoring_commit(stamp: Row) -> dict[str, Any]:
    """The stamp by content: the hash of the code tells more than the commit."""
    return {key: value for key, value in stamp.items() if key not in ("commit", "changed")}


def _whole_rows(path: Path) -> dict[str, dict[str, Any]]:
    lines = path.read_text("utf-8").split("\n")
    if lines and lines[-1]:  # the process ended within a line
        path.write_text("\n".join([*lines[:-1], ""]), "utf-8")
    return {id: row for id, row in read_answers(path).items() if not row.get("error")}


def answer_rows(
    questions: Sequence[Row], path: Path, done: dict[str, dict[str, Any]], ask: Ask, step: Step | None = None
) -> dict[str, dict[str, Any]]:
    """Ask what is not done yet, adding each row to the file as it comes; any exception becomes an "error" row."""
    answers = dict(done)
    with path.open("a", encoding="utf-8") as file:
        for count, question in enumerate(questions, start=1):
            if question["id"] in answers:
                continue
            answers[question["id"]] = row = _ask_safely(question, ask) | {"asked": dict(question)}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()
            if step:
                step(count, len(questions), row)
    return answers


def _ask_safely(question: Row, ask: Ask) -> dict[str, Any]:
    try:
        return ask(question)
    except Exception as error:  # a failing row is counted, named in the report, and the others run
        return {"id": question["id"], "question": question["question"], "error": f"{type(error).__name__}: {error}"}


def finish(folder: Path, questions: Sequence[Row], answers: Mapping[str, Row], about: Row, known: Known) -> Finished:
    """Score the answers and write answers.jsonl (with scores) and metrics.json into the folder."""
    scored = score_all(questions, answers, known.places)
    rows = [{**item.answer, "asked": dict(item.question), "scores": item.scores, "failure": item.failure} for item in scored]
    write_rows(folder / "answers.jsonl", rows)
    about = {"name": folder.name, **about, "questions_hash": questions_hash(questions)}
    metrics = {**about, "overall": summary(scored), "slices": all_slices(scored, known.labels)}
    write_json(folder / "metrics.json", metrics)
    return Finished(folder, scored, metrics)


def questions_hash(questions: Sequence[Row]) -> str:
    """12 hex digits over the rows of a set, as they were asked and scored."""
    rows = json.dumps([dict(row) for row in questions], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(rows.encode()).hexdigest()[:12]


def read_run(folder: Path) -> Finished:
    """A finished run from its folder; scores are those that the run wrote.

    Raises:
        InputError: the folder holds no finished run.
    """
    metrics = read_json(folder / "metrics.json")
    rows = read_answers(folder / "answers.jsonl").values()
    try:
        scored = [Scored(row["asked"], row, row["scores"], row["failure"]) for row in rows]
    except KeyError as error:
        raise InputError(f"{folder} 里没有完整的运行结果（{error}）。请先用 python -m eval run 跑完。") from error
    return Finished(folder, scored, metrics)
