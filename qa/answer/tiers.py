"""When a question brings a figure of its own: the tier it reaches, the threshold it passes, the sum a rate makes of it.

Everything here is worked out from the words of question and clause; where they leave more than one reading, nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from qa.answer.asked_figures import Own, alike, latest, own_figures, shares
from qa.answer.bases import Based
from qa.answer.rules import Clause, Rate, Threshold, Tiers
from qa.qualifiers import Direction
from qa.quantities import Quantity, measure
from qa.types import Computed

_CERTAIN = re.compile("稳|一定能|肯定能|准能|笔定|百分百|保证|就行|只要|就一定")


@dataclass(frozen=True, slots=True)
class TierResult:
    """`verdict`: yes, no, depends or None; `sentence` ends with 。; `computed` holds every step with its operands."""

    verdict: str | None
    sentence: str
    computed: tuple[Computed, ...]


def work_out(question: str, clause: str) -> TierResult | None:
    """What the asker's own figure means under a clause, or None when that is not certain.

    >>> work_out("今年收入5600万", "年收入首次达到5000万元、1亿元的，分别奖励100万元、300万元").sentence
    '您的5600万元达到5000万元一档、未达到1亿元，对应奖励100万元。'
    """
    rules, figures = Clause(clause), own_figures(question)
    for tiers in rules.tiers:
        if own := _match(tiers.steps[0], figures):
            return _tier(own, tiers)
    branch = _branch(rules, figures)
    if branch:
        return branch
    passed, steps = _conditions(rules, figures, question)
    if passed is False:
        return TierResult("no", _joined(steps), _computed(steps))
    rate = _rate(rules, figures, question)
    if rate:
        steps.append(rate)
    if not steps:
        return None
    return TierResult(_verdict(passed, rules, figures, question), _joined(steps), _computed(steps))


def _verdict(passed: bool | None, rules: Clause, figures: Sequence[Own], question: str) -> str | None:
    """Yes; but depends when a further figure is demanded that the question does not bring, or certainty is asked for."""
    if passed is None:
        return None
    open_ones = any(_match(threshold.based, figures) is None for threshold in rules.thresholds)
    return "depends" if open_ones or _CERTAIN.search(question) else "yes"


@dataclass(frozen=True, slots=True)
class _Step:
    """One worked-out statement."""

    text: str
    computed: tuple[Computed, ...]


def _joined(steps: Sequence[_Step]) -> str:
    return "；".join(step.text for step in steps) + "。"


def _computed(steps: Sequence[_Step]) -> tuple[Computed, ...]:
    return tuple(item for step in steps for item in step.computed)


def _match(base: Based, figures: Sequence[Own]) -> Own | None:
    """The asker's figure that measures what `base` measures, in the same unit."""
    kind, unit = base.quantity.kind, base.quantity.unit
    fitting = [own for own in figures if own.quantity.kind == kind and own.based.same_base(base)]
    if kind != "duration":
        fitting = [own for own in fitting if own.quantity.unit == unit]
    return latest(fitting) if fitting else None


def _tier(own: Own, tiers: Tiers) -> TierResult | None:
    """The highest step reached; None when the question leaves a step open or the steps do not rise."""
    bounds = [step.quantity.value for step in tiers.steps]
    reached = [own.reaches(bound, tiers.strict) for bound in bounds]
    if None in reached or bounds != sorted(bounds):
        return None
    count = sum(bool(value) for value in reached)
    said, names = _said(own.quantity), [_written(step.quantity) for step in tiers.steps]
    if not count:
        text = f"您的{said}未达到最低一档{names[0]}"
        return TierResult("no", text + "。", (Computed("未达到", (_slice(own), names[0]), f"{said}＜{names[0]}"),))
    award = tiers.awards[count - 1]
    above = f"、未达到{names[count]}" if count < len(names) else ""
    most = "最高" if award.direction is Direction.UPPER else ""
    text = f"您的{said}达到{names[count - 1]}一档{above}，对应{tiers.noun}{most}{_written(award)}"
    if tiers.differences:
        text += f"（原文另有“{tiers.differences}”的规定）"
    operands = (_slice(own), names[count - 1], *names[count : count + 1])
    rule = f"{names[count - 1]}≤{said}" + (f"＜{names[count]}" if above else "") + f"，对应{_written(award)}"
    return TierResult("yes", text + "。", (Computed(_written(award), operands, rule),))


def _branch(rules: Clause, figures: Sequence[Own]) -> TierResult | None:
    """Of alternatives (1500万元及以下的 …；1500万元以上的 …) the one that the asker's figure falls into."""
    for threshold in rules.thresholds:
        rivals = [t for t in rules.thresholds if t.based.same_base(threshold.based) and t.upper != threshold.upper]
        rivals = [t for t in rivals if t.unit != threshold.unit]
        own = _match(threshold.based, figures)
        if not rivals or not own:
            continue
        states = [_holds(own, t) for t in (threshold, *rivals)]
        if None in states or states.count(True) != 1:
            return None
        chosen = (threshold, *rivals)[states.index(True)]
        sums = [q for q in rules.quantities if chosen.unit.contains(q.span) and q.kind == "amount" and "最高" in q.qualifier]
        given = f"，{_ceiling(sums[0])}" if len(sums) == 1 else ""
        text = f"您的{_said(own.quantity)}属于{chosen.words}的情形{given}"
        return TierResult(None, text + "。", (_compared(own, chosen, True),))
    return None


def _conditions(rules: Clause, figures: Sequence[Own], question: str) -> tuple[bool | None, list[_Step]]:
    """Whether every condition that the question speaks of holds, and the working; None when it speaks of none."""
    judged: list[tuple[bool, _Step]] = []
    for threshold in rules.thresholds:
        own = _match(threshold.based, figures)
        holds = _holds(own, threshold) if own else None
        if own and holds is not None:
            judged.append((holds, _Step(_judged(own, threshold, holds), (_compared(own, threshold, holds),))))
    share = _share(rules, question)
    if share and not _other_rate(rules, share[0]):
        judged.append(share[1:])
    failed = [step for holds, step in judged if not holds]
    if failed:
        return False, failed
    return (True if judged else None), [step for _, step in judged]


def _holds(own: Own, threshold: Threshold) -> bool | None:
    bound, _ = measure(threshold.based.quantity)
    if not threshold.upper:
        return own.reaches(bound, threshold.strict)
    if own.exact and own.low == bound:
        return not threshold.strict
    reached = own.reaches(bound, strict=False)
    return None if reached is None else not reached


def _judged(own: Own, threshold: Threshold, holds: bool) -> str:
    said, words = _said(own.quantity), threshold.words
    if threshold.upper:
        return f"您的{said}{'符合' if holds else '不符合'}{words}的要求"
    return f"您的{said}{'达到' if holds else '未达到'}{words}的要求"


def _compared(own: Own, threshold: Threshold, holds: bool) -> Computed:
    words = "达到" if holds else "未达到"
    if threshold.upper:
        words = "符合" if holds else "不符合"
    bound = _written(threshold.based.quantity)
    return Computed(words, (_slice(own), bound), f"{_said(own.quantity)}与{threshold.words}相比，{words}")


def _share(rules: Clause, question: str) -> tuple[Threshold, bool, _Step] | None:
    """The one condition on a share that the question answers."""
    said = [(q, t) for q, piece in shares(question) for t in rules.shares if alike(piece, t.piece)]
    if len(said) != 1 or len(rules.shares) != 1:
        return None
    quantity, threshold = said[0]
    bound = threshold.based.quantity.value
    holds = quantity.value > bound if threshold.strict or threshold.upper else quantity.value >= bound
    holds = not holds if threshold.upper else holds
    written, words = _percent(quantity.value), threshold.words
    text = f"您的占比{written}{'达到' if holds else '未达到'}{words}的要求"
    step = Computed("达到" if holds else "未达到", (quantity.text, threshold.based.quantity.text), f"{written}与{words}相比")
    return threshold, holds, _Step(text, (step,))


def _other_rate(rules: Clause, threshold: Threshold) -> bool:
    """Whether another unit pays without this condition, so that failing it is no refusal."""
    return any(rate.unit != threshold.unit for rate in rules.rates)


def _rate(rules: Clause, figures: Sequence[Own], question: str) -> _Step | None:
    """The sum that the one fitting rate makes of the asker's figure."""
    candidates = list(rules.rates)
    prefix: _Step | None = None
    share = _share(rules, question)
    if share and len(candidates) == 2 and _other_rate(rules, share[0]):
        threshold, holds, prefix = share
        candidates = [rate for rate in candidates if (rate.unit == threshold.unit) == holds]
    fitting = [(rate, own) for rate in candidates for base in rate.bases if (own := _match_amount(base, figures))]
    if len(candidates) > 1 and len({rate.ratio.span for rate, _ in fitting}) > 1:
        return None
    if not fitting or not fitting[0][1].exact or fitting[0][1].monthly:
        return prefix
    step = _product(fitting[0][1], fitting[0][0], rules)
    if step is None:
        return prefix
    return _Step(f"{prefix.text}；{step.text}", (*prefix.computed, *step.computed)) if prefix else step


def _match_amount(base: Based, figures: Sequence[Own]) -> Own | None:
    fitting = [own for own in figures if own.quantity.kind == "amount" and own.based.same_base(base)]
    return latest(fitting) if fitting else None


def _product(own: Own, rate: Rate, rules: Clause) -> _Step | None:
    """Figure times rate, held against the cap; None when a cap that may or may not belong to the rate would matter."""
    total = own.quantity.value * rate.ratio.value
    said, percent, result = _said(own.quantity), _percent(rate.ratio.value), money(total)
    limited = rate.ratio.direction is Direction.UPPER
    word = re.sub("^.*(最高|不超过|不高于).*$", r"\1", rate.ratio.qualifier) if limited else ""
    opening = f"按{word}{percent}计，" if limited else ""
    formula = f"{said}×{percent}={result}"
    first = Computed(result, (_slice(own), rate.ratio.text.strip()), formula)
    if rate.cap is None and any(total > cap.value for cap in rules.caps_behind(rate.ratio)):
        return None
    if rate.cap is None:
        return _Step(opening + formula + (f"，即最多{result}" if limited else ""), (first,))
    cap, ceiling = _written(rate.cap), _ceiling(rate.cap)
    if total <= rate.cap.value:
        most = f"，即最多{result}" if limited else ""
        return _Step(f"{opening}{formula}，没有超出{ceiling}的上限{most}", (first,))
    capped = Computed(cap, (result, rate.cap.text.strip()), f"{formula}，超过上限，按{cap}")
    return _Step(f"{opening}{formula}，超出{ceiling}的上限，按{cap}计", (first, capped))


def _ceiling(cap: Quantity) -> str:
    """单个项目最高500万元, from whatever the clause says before its cap."""
    return cap.qualifier.replace("最高不超过", "最高").replace("一次性", "") + _written(cap)


def _said(quantity: Quantity) -> str:
    """The asker's figure in plain writing: 5600万 -> 5600万元, 六千万 -> 6000万元."""
    return money(quantity.value) if quantity.kind == "amount" and quantity.unit == "元" else quantity.text.strip()


def _slice(own: Own) -> str:
    return own.quantity.text.strip()


def _written(quantity: Quantity) -> str:
    return re.sub(r"\s", "", quantity.text)


def _percent(value: Decimal) -> str:
    return f"{(value * 100).normalize():f}%"


def money(value: Decimal) -> str:
    """A sum in yuan as people write it.

    >>> money(Decimal(56_000_000)), money(Decimal(130_000_000)), money(Decimal(900))
    ('5600万元', '1.3亿元', '900元')
    """
    for size, name in ((Decimal(10**8), "亿"), (Decimal(10**4), "万")):
        if value >= size:
            return f"{(value / size).normalize():f}{name}元"
    return f"{value.normalize():f}元"

