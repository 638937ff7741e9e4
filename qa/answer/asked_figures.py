"""The asker's own figures in a question: 今年收入5600万, 六成是本地造的; sums asked for or claimed are left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from qa.answer.bases import Based, bases_in, segment
from qa.answer.wording import said
from qa.qualifiers import Direction
from qa.quantities import Quantity, find_quantities, measure

_CLAIMED_BEFORE = re.compile("(?:补|奖|最[高多]|封顶|顶天|给|报销|领过?|能拿|拿|资助|支持|申请)[^，。；、？！]{0,5}$")
_CLAIMED_AFTER = re.compile("[的那笔资元块钱]{0,3}(?:奖|补|资助|支持|基金|经费|专项|封顶|优惠|券)")
_NOT_CLAIMED = re.compile("(?:拿[了到下]|给[^，。；、？！]{0,12}投)[^，。；、？！]{0,5}$")
_MONTHLY = re.compile("每个?月|月租|月付|一个月")
_LATEST = re.compile("今年|这次|本年|眼下|现在|首次|头一?[回次]|第一次|冲到|做到")
_POINTS_BACK = re.compile("[—\\s]*(?:这是|是|都是|这笔|就是)")
_SHARE = re.compile("占|是|都是|属于|来自")
_RATE_WORDS = re.compile("补|奖|报|给|按|支持|资助|补贴")
_BOUND = re.compile("(?:以上|以下|以内|之内|内)$|…")
_BELOW = re.compile("(?:不到|不足|将近|接近|近|快|差一?点|小于|低于)$")
_ABOVE = re.compile("(?:超过|突破|破|(?<![投花拿领贷])过了?|多于|不止|超)$")


@dataclass(frozen=True, slots=True)
class Own:
    """A figure of the asker with the interval that its writing leaves (5000多万: above 5000, below 6000)."""

    based: Based
    low: Decimal
    high: Decimal
    context: str

    @property
    def said(self) -> str:
        """The figure in plain writing, with 不到 where it is only approached."""
        return ("不到" if self.low < self.high == measure(self.quantity)[0] else "") + said(self.quantity)

    @property
    def quantity(self) -> Quantity:
        """The figure as it stands in the question."""
        return self.based.quantity

    @property
    def monthly(self) -> bool:
        """Whether the figure is said per month, while rates and caps count years."""
        return bool(_MONTHLY.search(_near(self)))

    @property
    def exact(self) -> bool:
        """Whether the figure is said to the point."""
        return self.low == self.high

    def reaches(self, bound: Decimal, strict: bool) -> bool | None:
        """Whether the figure is at least (strictly: more than) `bound`; None when its writing leaves that open.

        Just the bound itself is open too where more than it is asked for: 正好1亿元 against 超过1亿元.
        """
        if self.exact and self.low == bound:
            return None if strict else True
        if self.low >= bound:
            return True
        return False if self.high <= bound else None


def own_figures(question: str) -> tuple[Own, ...]:
    """The amounts, counts and durations of a question that are facts about the asker, each with what it measures."""
    kinds = ("amount", "count", "duration")
    quantities = [q for q in find_quantities(question) if q.kind in kinds and not _no_fact(q)]
    amounts = [q for q in quantities if q.kind == "amount"]
    result: list[Own] = []
    floor = 0
    for quantity in quantities:
        if not _claimed(quantity, question):
            earlier = result[-1].based.bases if result else frozenset()
            listed = bool(result) and bool(re.fullmatch(" *[、和跟] *", question[floor : quantity.span.start]))
            bases = earlier if listed else _bases(quantity, question, floor, earlier, len(amounts) == 1)
            result.append(_own(quantity, bases, question))
        floor = quantity.span.end
    return tuple(own for own in result if own.based.bases)


def _no_fact(quantity: Quantity) -> bool:
    """Whether it is the 一家 of 我们是一家公司, or a condition said again (1500万以内的项目)."""
    return (quantity.kind == "count" and quantity.spoken and quantity.value == 1) or bool(_BOUND.search(quantity.qualifier))


def _claimed(quantity: Quantity, question: str) -> bool:
    before, after = question[: quantity.span.start], question[quantity.span.end :]
    asked = _CLAIMED_BEFORE.search(before) and not _NOT_CLAIMED.search(before)
    return bool(asked or _CLAIMED_AFTER.match(after))


def _bases(quantity: Quantity, question: str, floor: int, earlier: frozenset[str], alone: bool) -> frozenset[str]:
    """From the words around the figure, a following 这是…, the figure before it, or the whole question."""
    piece = segment(question, quantity.span, floor)
    behind = question[quantity.span.start : piece.end]
    found = bases_in(question[piece.start : quantity.span.start], kind=quantity.kind) | bases_in(behind, kind=quantity.kind)
    if found:
        return found
    following = question[piece.end : piece.end + 30]
    if _POINTS_BACK.match(following):
        return bases_in(re.split("[，。；？！]", following)[0], kind=quantity.kind)
    if earlier and _LATEST.search(question[piece.start : piece.end]):
        return earlier
    return bases_in(question) if alone and quantity.kind == "amount" else frozenset()


def _own(quantity: Quantity, bases: frozenset[str], question: str) -> Own:
    value, _ = measure(quantity)
    step = _step(value)
    before = question[max(0, quantity.span.start - 4) : quantity.span.start]
    low = high = value
    about = quantity.direction is Direction.ABOUT and not re.search("[多余]", quantity.qualifier)
    if _BELOW.search(before):
        low = value - step
    elif re.search("[多余来]", quantity.text + quantity.qualifier) or _ABOVE.search(before):
        high = value + step
    elif about or re.search("大概|差不多|约|左右", before + quantity.qualifier):
        low, high = value - step, value + step
    return Own(Based(quantity, bases), low, high, question)


def _step(value: Decimal) -> Decimal:
    """One unit of the last digit that is said: 1000万 for 5000万, 100万 for 2300万."""
    step = Decimal(1)
    while value and value % (step * 10) == 0:
        step *= 10
    return step


def latest(figures: list[Own]) -> Own | None:
    """The one figure to compare; of several the one said to be this year's or the first time, else None."""
    if len({own.quantity.value for own in figures}) == 1:
        return figures[0]
    marked = [own for own in figures if _LATEST.search(_near(own))]
    return marked[0] if len(marked) == 1 else None


def _near(own: Own) -> str:
    piece = segment(own.context, own.quantity.span)
    return piece.of(own.context)


def shares(question: str) -> tuple[tuple[Quantity, str], ...]:
    """Shares that describe the asker (七成是AI公司, 只占三成), each with its piece of the question."""
    result = []
    for quantity in find_quantities(question):
        piece = segment(question, quantity.span).of(question)
        if quantity.kind == "ratio" and quantity.unit == "%" and _SHARE.search(piece) and not _RATE_WORDS.search(piece):
            result.append((quantity, piece))
    return tuple(result)


def alike(question_piece: str, clause_piece: str) -> bool:
    """Whether two pieces speak of the same thing: they share a pair of characters that is not a mere 企业 or 项目."""
    pairs = [_pairs(text.replace("AI", "人工智能").replace("公司", "企业")) for text in (question_piece, clause_piece)]
    return bool(pairs[0] & pairs[1] - {"企业", "项目"})


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1) if re.fullmatch("[一-鿿]{2}", text[i : i + 2])}
