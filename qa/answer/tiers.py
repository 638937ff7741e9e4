"""When a question brings a figure of its own: the tier it reaches, the threshold it passes, the sum a rate makes of it.

Everything here is worked out from the words of question and clause; where they leave more than one reading, nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer.asked_figures import Own, latest, own_figures
from qa.answer.bases import Based
from qa.answer.conditions import Judgement, Step, compared, holds, judge, match, pays_elsewhere, share_condition, steps_reached
from qa.answer.rules import Clause, Rate, Tiers
from qa.answer.wording import money, percent, written
from qa.qualifiers import Direction
from qa.quantities import Quantity
from qa.types import Computed

_CERTAIN = re.compile("稳|一定能|肯定能|准能|百分百|保证|就行|只要|就一定")


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
        if own := match(tiers.steps[0], figures):
            return _tier(own, tiers)
    if rules.rivals():
        return _branch(rules, figures)
    judgement = judge(rules, figures, question)
    if judgement.passed is False:
        return _result("no", judgement.steps)
    rate = _rate(rules, figures, question)
    steps = (*judgement.steps, rate) if rate else judgement.steps
    return _result(_verdict(judgement, question), steps) if steps else None


def _result(verdict: str | None, steps: Sequence[Step]) -> TierResult:
    distinct = {step.text: step for step in steps}
    return TierResult(verdict, "；".join(distinct) + "。", tuple(c for step in distinct.values() for c in step.computed))


def _verdict(judgement: Judgement, question: str) -> str | None:
    """Yes; but depends when a demanded figure is not brought, or certainty is asked for."""
    if judgement.passed is None:
        return None
    return "yes" if judgement.complete and not _CERTAIN.search(question) else "depends"


def _tier(own: Own, tiers: Tiers) -> TierResult | None:
    """The highest step reached, or that the lowest is not."""
    count = steps_reached(own, tiers)
    if count is None:
        return None
    figure, names = own.said, [written(step.quantity) for step in tiers.steps]
    operands = (own.quantity.text.strip(), *names[max(count - 1, 0) : count + 1])
    if not count:
        computed = Computed("未达到", operands, f"{figure}＜{names[0]}")
        return _result("no", [Step(f"您的{figure}未达到最低一档{names[0]}", (computed,))])
    award = tiers.awards[count - 1]
    above = f"、未达到{names[count]}" if count < len(names) else ""
    most = "最高" if award.direction is Direction.UPPER else ""
    text = f"您的{figure}达到{names[count - 1]}一档{above}，对应{tiers.noun}{most}{written(award)}"
    if tiers.differences:
        text += f"（原文另有“{tiers.differences}”的规定）"
    below = f"＜{names[count]}" if above else ""
    rule = f"{names[count - 1]}≤{figure}{below}，对应{written(award)}"
    return _result("yes", [Step(text, (Computed(written(award), operands, rule),))])


def _branch(rules: Clause, figures: Sequence[Own]) -> TierResult | None:
    """Of alternatives (1500万元及以下的 …；1500万元以上的 …) the one that the asker's figure falls into."""
    options = [(threshold, own) for threshold in rules.rivals() if (own := match(threshold.based, figures))]
    states = [holds(own, threshold) for threshold, own in options]
    if None in states or states.count(True) != 1:
        return None
    chosen, own = options[states.index(True)]
    amounts = [q for q in rules.quantities if q.kind == "amount" and chosen.unit.contains(q.span)]
    sums = [q for q in amounts if "最高" in q.qualifier]
    given = f"，{_ceiling(sums[0])}" if len(sums) == 1 else ""
    text = f"您的{own.said}属于{chosen.words}的情形{given}"
    return _result(None, [Step(text, (compared(own, chosen, True),))])


def _rate(rules: Clause, figures: Sequence[Own], question: str) -> Step | None:
    """The sum that the one fitting rate makes of the asker's figure; a share in the question may choose the rate."""
    candidates = list(rules.rates)
    share = share_condition(rules, question)
    prefix = None
    if share and len(candidates) == 2 and pays_elsewhere(rules, share.threshold):
        candidates = [rate for rate in candidates if (rate.unit == share.threshold.unit) == share.holds]
        prefix = share.step
    fitting = [(rate, own) for rate in candidates for base in rate.bases if (own := _base(base, figures))]
    rates = {rate.ratio.span for rate, _ in fitting}
    step = _product(fitting[0][1], fitting[0][0], rules) if len(rates) == 1 else None
    if step is None or prefix is None:
        return step or prefix
    return Step(f"{prefix.text}；{step.text}", (*prefix.computed, *step.computed))


def _base(base: Based, figures: Sequence[Own]) -> Own | None:
    """The asker's sum that a rate is taken of; none when it is not exact, or said per month."""
    fitting = [own for own in figures if own.quantity.unit == "元" and own.based.same_base(base)]
    own = latest(fitting) if fitting else None
    return own if own and own.exact and not own.monthly else None


def _product(own: Own, rate: Rate, rules: Clause) -> Step | None:
    """Figure times rate, held against the cap; None when a cap that may or may not belong to the rate would matter."""
    total = own.quantity.value * rate.ratio.value
    if rate.cap is None and any(total > cap.value for cap in rules.caps_behind(rate.ratio)):
        return None
    result, limited = money(total), rate.ratio.direction is Direction.UPPER
    formula = f"{own.said}×{percent(rate.ratio.value)}={result}"
    opening = f"按{_limit(rate.ratio)}{percent(rate.ratio.value)}计，{formula}" if limited else formula
    most = f"，即最多{result}" if limited else ""
    first = Computed(result, (own.quantity.text.strip(), rate.ratio.text.strip()), formula)
    if rate.cap is None:
        return Step(opening + most, (first,))
    cap = written(rate.cap)
    if total <= rate.cap.value:
        return Step(f"{opening}，没有超出{_ceiling(rate.cap)}的上限{most}", (first,))
    capped = Computed(cap, (result, rate.cap.text.strip()), f"{formula}，超过上限，按{cap}")
    return Step(f"{opening}，超出{_ceiling(rate.cap)}的上限，按{cap}计", (first, capped))


def _limit(quantity: Quantity) -> str:
    """The limiting word of a rate: 最高, 不超过, 不高于."""
    words = re.findall("不超过|不高于|最高", quantity.qualifier)
    return words[-1] if words else "最高"


def _ceiling(cap: Quantity) -> str:
    """单个项目最高500万元, from whatever the clause says before its cap."""
    return cap.qualifier.replace("最高不超过", "最高").replace("一次性", "") + written(cap)
