"""Thresholds of a clause held against the asker's figures: 达到, 未达到, or open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer.asked_figures import Own, alike, latest, shares
from qa.answer.bases import Based
from qa.answer.rules import Clause, Threshold, Tiers
from qa.answer.wording import percent, written
from qa.quantities import measure
from qa.types import Computed


@dataclass(frozen=True, slots=True)
class Step:
    """One worked-out statement without its full stop, and the figures it computed."""

    text: str
    computed: tuple[Computed, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """`passed` is None when the question speaks of no condition; `complete` when it leaves none open."""

    passed: bool | None
    complete: bool
    steps: tuple[Step, ...]


def match(base: Based, figures: Sequence[Own]) -> Own | None:
    """The asker's figure that measures what `base` measures, in the same unit."""
    kind, unit = base.quantity.kind, base.quantity.unit
    fitting = [own for own in figures if own.quantity.kind == kind and own.based.same_base(base)]
    if kind != "duration":
        fitting = [own for own in fitting if own.quantity.unit == unit]
    return latest(fitting) if fitting else None


def steps_reached(own: Own, tiers: Tiers) -> int | None:
    """How many steps of rising tiers a figure reaches; None when its writing leaves one open or the steps do not rise."""
    bounds = [step.quantity.value for step in tiers.steps]
    reached = [own.reaches(bound, tiers.strict) for bound in bounds]
    return None if None in reached or bounds != sorted(bounds) else sum(map(bool, reached))


def judge(rules: Clause, figures: Sequence[Own], question: str) -> Judgement:
    """Hold every condition that the question brings a figure for against that figure.

    Of alternatives (A万元以上或B万元以上) one that holds is enough, and one that fails decides nothing.
    """
    passed: list[Step] = []
    failed: list[Step] = []
    complete = True
    for group in rules.alternatives():
        judged = [_judged(own, threshold) for threshold in group if (own := match(threshold.based, figures))]
        known = [item for item in judged if item is not None]
        holding = [step for holds, step in known if holds]
        if holding:
            passed += holding
        elif known and len(known) == len(group):
            failed += [step for _, step in known]
        else:
            complete = False
    share = share_condition(rules, question)
    if share and not pays_elsewhere(rules, share.threshold):
        (passed if share.holds else failed).append(share.step)
    if failed:
        return Judgement(False, complete, tuple(failed))
    return Judgement(True if passed else None, complete, tuple(passed))


def holds(own: Own, threshold: Threshold) -> bool | None:
    """Whether a condition holds; None when the writing of the figure leaves it open."""
    bound, _ = measure(threshold.based.quantity)
    if not threshold.upper:
        return own.reaches(bound, threshold.strict)
    if own.exact and own.low == bound:
        return not threshold.strict
    reached = own.reaches(bound, strict=False)
    return None if reached is None else not reached


def compared(own: Own, threshold: Threshold, result: bool) -> Computed:
    """The comparison as a computed figure."""
    words = _verdict(threshold, result)
    operands = (own.quantity.text.strip(), written(threshold.based.quantity))
    return Computed(words, operands, f"{own.said}与{threshold.words}相比，{words}")


def _judged(own: Own, threshold: Threshold) -> tuple[bool, Step] | None:
    result = holds(own, threshold)
    if result is None:
        return None
    text = f"您的{own.said}{_verdict(threshold, result)}{threshold.words}的要求"
    return result, Step(text, (compared(own, threshold, result),))


def _verdict(threshold: Threshold, result: bool) -> str:
    if threshold.upper:
        return "符合" if result else "不符合"
    return "达到" if result else "未达到"


@dataclass(frozen=True, slots=True)
class Share:
    """A condition on a share (占主营业务收入60%以上) that the question answers."""

    threshold: Threshold
    holds: bool
    step: Step


def share_condition(rules: Clause, question: str) -> Share | None:
    """The one condition on a share, when the question has one share that speaks of the same thing."""
    matches = [(q, t) for q, piece in shares(question) for t in rules.shares if alike(piece, t.piece)]
    if len(matches) != 1 or len(rules.shares) != 1:
        return None
    quantity, threshold = matches[0]
    bound = threshold.based.quantity.value
    if quantity.direction or (quantity.value == bound and threshold.strict):
        return None
    result = quantity.value <= bound if threshold.upper else quantity.value >= bound
    words = _verdict(threshold, result)
    text = f"您的占比{percent(quantity.value)}{words}{threshold.words}的要求"
    operands = (quantity.text.strip(), written(threshold.based.quantity))
    rule = f"{percent(quantity.value)}与{threshold.words}相比，{words}"
    return Share(threshold, result, Step(text, (Computed(words, operands, rule),)))


def pays_elsewhere(rules: Clause, threshold: Threshold) -> bool:
    """Whether another unit pays without this condition, so that failing it is no refusal."""
    return any(rate.unit != threshold.unit for rate in rules.rates)
