"""Failures that were mended stay mended, and the question sets stay apart."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from eval.metrics import score
from eval.questions import load_questions
from qa import Turn
from qa.config import ROOT
from qa.export import answer_json
from qa.pipeline import Assistant
from qa.readers import fold

SETS = ROOT / "eval" / "questions"
ROWS = load_questions(SETS / "regression.jsonl").rows
ALIKE = 0.6


@pytest.mark.parametrize("row", ROWS, ids=[str(row["id"]) for row in ROWS])
def test_a_mended_failure_stays_mended(assistant: Assistant, row: dict[str, object]) -> None:
    history = [Turn(question) for question in row.get("history") or ()]  # type: ignore[attr-defined]
    answer = answer_json(assistant.ask(str(row["question"]), history, as_of=date(2026, 11, 20)), assistant.corpus)
    scores = score(row, answer)
    assert scores["refusal_right"] == 1.0, answer["answer"]
    assert scores["accuracy"] in (1.0, None), answer["answer"]


def test_no_question_of_one_set_is_nearly_one_of_another() -> None:
    sets = {name: load_questions(SETS / f"{name}.jsonl").rows for name in ("train", "dev", "test")}
    grams = [
        (name, str(row["id"]), trigrams(str(row["question"])))
        for name, rows in sets.items()
        for row in rows
        if not row.get("history")
    ]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, (_, _, own) in enumerate(grams):
        for gram in own:
            holders[gram].append(number)
    alike = {
        (grams[a][1], grams[b][1])
        for numbers in holders.values()
        if len(numbers) <= 40
        for a in numbers
        for b in numbers
        if a < b and grams[a][0] != grams[b][0] and jaccard(grams[a][2], grams[b][2]) > ALIKE
    }
    assert not alike


def trigrams(text: str) -> frozenset[str]:
    folded = fold(text)
    return frozenset(folded[i : i + 3] for i in range(len(folded) - 2))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / max(len(a | b), 1)
