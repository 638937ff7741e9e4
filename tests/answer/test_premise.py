"""False premises in the wording of evaluators, and honest questions that bring figures of their own, over the whole corpus.

The bounds are a little below what was measured when they were set: 118 of 200 false premises declined, 7 of 200 true ones; 13 of 460
honest questions declined, 3 of them as a premise. See `eval/LOG.md`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from told import AS_OF

from qa.pipeline import Assistant
from qa.types import Refusal

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def refusals(assistant: Assistant, questions: list[str]) -> list[Refusal]:
    answers = [assistant.ask(question, as_of=AS_OF) for question in questions]
    return [answer.refusal for answer in answers if answer.refusal]


@pytest.mark.slow
def test_false_premises_are_denied_and_true_ones_are_not(assistant: Assistant) -> None:
    pairs = rows("premises.jsonl")
    assert len(refusals(assistant, [pair["false"] for pair in pairs])) >= 0.55 * len(pairs)
    assert len(refusals(assistant, [pair["true"] for pair in pairs])) <= 0.05 * len(pairs)


@pytest.mark.slow
def test_honest_figures_are_not_denied(assistant: Assistant) -> None:
    questions = [row["question"] for row in rows("honest.jsonl")]
    declined = refusals(assistant, questions)
    assert len(declined) <= 0.04 * len(questions)
    assert declined.count(Refusal.PREMISE) <= 0.015 * len(questions)
