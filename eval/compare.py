"""Two runs side by side: differences with a paired randomisation test, and the questions that changed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.report import Scored
from qa.errors import InputError

METRICS = (
    "hit@1", "hit@5", "hit@20", "mrr@10", "ndcg@10", "accuracy", "citation_recall", "citation_precision", "number_support",
    "refusal_right", "kind_right", "verdict_right",
)  # fmt: skip
ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric of two runs over the questions that both scored: means, B - A, two-sided p, 95% interval of B - A."""

    metric: str
    questions: int
    a: float
    b: float
    p: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Change:
    """A question that is right in one run only (answered rightly, or rightly declined)."""

    id: str
    question: str
    better: bool
    a: Scored
    b: Scored


def compare(a: Sequence[Scored], b: Sequence[Scored]) -> tuple[list[Difference], list[Change]]:
    """Compare run B with run A over the questions that both hold.

    Raises:
        InputError: the runs share no question.
    """
    pairs = _pairs(a, b)
    if not pairs:
        raise InputError("这两次运行没有相同的题目，无法比较。请选同一套题的两次运行。")
    return [difference for name in METRICS if (difference := _difference(name, pairs))], _changes(pairs)


def _pairs(a: Sequence[Scored], b: Sequence[Scored]) -> list[tuple[Scored, Scored]]:
    others = {item.question["id"]: item for item in b}
    return [(item, others[item.question["id"]]) for item in a if item.question["id"] in others]


def _difference(name: str, pairs: Sequence[tuple[Scored, Scored]]) -> Difference | None:
    values = [(x, y) for one, two in pairs if (x := one.scores.get(name)) is not None and (y := two.scores.get(name)) is not None]
    if not values:
        return None
    gains = [y - x for x, y in values]
    low, high = bootstrap_interval(gains)
    means = [sum(column) / len(values) for column in zip(*values, strict=True)]
    return Difference(name, len(values), means[0], means[1], randomisation_p(gains), low, high)


def randomisation_p(gains: Sequence[float], rounds: int = ROUNDS, seed: int = 0) -> float:
    """Two-sided p of Fisher's paired randomisation test (Smucker et al. 2007): signs of the differences flipped at random.

    Args:
        gains: score of B minus score of A, one a question.
        rounds: random sign patterns; the observed one counts as one more, so p is never 0.
        seed: of the random numbers.
    """
    changed = [gain for gain in gains if gain]
    observed = abs(sum(changed)) - 1e-12
    chance = random.Random(seed)
    extreme = sum(abs(sum(gain if chance.random() < 0.5 else -gain for gain in changed)) >= observed for _ in range(rounds))
    return (extreme + 1) / (rounds + 1)


def bootstrap_interval(gains: Sequence[float], rounds: int = 2_000, seed: int = 0) -> tuple[float, float]:
    """95% percentile interval of the mean difference over questions drawn with replacement (Efron 1979)."""
    chance = random.Random(seed)
    means = sorted(sum(chance.choices(gains, k=len(gains))) / len(gains) for _ in range(rounds))
    return means[int(0.025 * rounds)], means[int(0.975 * rounds) - 1]


def _changes(pairs: Sequence[tuple[Scored, Scored]]) -> list[Change]:
    changed = [(one, two) for one, two in pairs if bool(one.failure) != bool(two.failure)]
    changes = [Change(one.question["id"], one.question["question"], bool(one.failure), one, two) for one, two in changed]
    return sorted(changes, key=lambda change: (change.better, change.id))


def comparison_text(names: tuple[str, str], differences: Sequence[Difference], changes: Sequence[Change]) -> str:
    """The comparison for a terminal or for Markdown."""
    lines = [f"| metric | n | {names[0]} | {names[1]} | Δ | 95% | p |", "|---|---|---|---|---|---|---|"]
    lines += [
        f"| {d.metric} | {d.questions} | {d.a:.3f} | {d.b:.3f} | {d.b - d.a:+.3f} | {d.low:+.3f} … {d.high:+.3f} | {d.p:.4f} |"
        for d in differences
    ]
    worse = sum(not change.better for change in changes)
    lines += ["", f"{len(changes)} questions changed: {worse} worse, {len(changes) - worse} better"]
    return "\n".join(lines + [_change_line(change) for change in changes])


def _change_line(change: Change) -> str:
    sign = "+" if change.better else "-"
    was, now = _shown(change.a.answer), _shown(change.b.answer)
    return f"{sign} {change.id} {change.question}\n    A {change.a.failure or 'ok'}: {was}\n    B {change.b.failure or 'ok'}: {now}"


def _shown(answer: Mapping[str, Any]) -> str:
    return str(answer.get("error") or answer.get("answer") or "").replace("\n", " ")[:120]
