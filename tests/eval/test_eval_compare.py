"""Paired tests and the questions that changed."""

from __future__ import annotations

import random

import pytest
from eval_rows import answer, question

from eval.ablate import SWITCHES, ablation_table, variants
from eval.compare import bootstrap_interval, compare, comparison_text, randomisation_p
from eval.report import score_all, summary
from qa.config import Config
from qa.errors import InputError


def test_no_difference_has_p_one() -> None:
    assert randomisation_p([0.0] * 20) == 1.0


def test_p_equals_the_exact_sign_test() -> None:
    """Eight wins and no loss: 2 of 256 sign patterns are as extreme."""
    assert randomisation_p([1.0] * 8, rounds=40_000) == pytest.approx(2 / 256, rel=0.15)


def test_p_is_never_zero_and_is_repeatable() -> None:
    assert randomisation_p([1.0] * 200) == randomisation_p([1.0] * 200) == pytest.approx(1 / 10_001)


def test_the_interval_holds_the_mean() -> None:
    gains = [random.Random(1).choice([-1.0, 0.0, 1.0, 1.0]) for _ in range(50)]
    low, high = bootstrap_interval(gains)
    assert low <= sum(gains) / len(gains) <= high


def runs() -> tuple[list, list]:  # type: ignore[type-arg]
    rows = [question(id=name) for name in "abc"]
    good, bad = answer(), answer(answer="不清楚。[1]")
    return score_all(rows, {"a": good, "b": bad, "c": good}), score_all(rows, {"a": good, "b": good, "c": bad})


def test_changed_questions_are_named_worse_first() -> None:
    differences, changes = compare(*runs())
    assert [(change.id, change.better) for change in changes] == [("c", False), ("b", True)]
    accuracy = next(difference for difference in differences if difference.metric == "accuracy")
    assert (accuracy.questions, accuracy.a, accuracy.b, accuracy.p) == (
        3,
        pytest.approx(2 / 3),
        pytest.approx(2 / 3),
        1.0,
    )
    assert "1 worse, 1 better" in comparison_text(("A", "B"), differences, changes)


def test_runs_without_a_common_question_are_refused() -> None:
    with pytest.raises(InputError):
        compare(runs()[0], score_all([question(id="z")], {}))


def test_ablation_switches_one_thing_at_a_time() -> None:
    config = Config()
    assert [name for name, variant in variants(config) if variant == config] == ["full"]
    assert all(len(changes) <= 1 for changes in SWITCHES.values())
    full, other = runs()
    table = ablation_table({"full": full, "no lines": other}, {"full": summary(full), "no lines": summary(other)})
    assert "| no lines |" in table
    assert "*" not in table
