"""What a question takes for granted and the article contradicts: a sum, another figure, an office."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from qa.answer.asked import has
from qa.answer.cases import other_case, other_tier, other_year, year_denied
from qa.answer.claimed import GRANTED_AFTER, claimed_figures, is_counted, is_presumed
from qa.answer.offices import HEARSAY, doubted_office, not_shared, other_receiver, other_seat, unnamed_office, wrong_office
from qa.answer.presumed import not_free, not_lent, other_level, other_of_the_same, paid_in_parts, paid_once, turned_round
from qa.quantities import Quantity, covered, find_quantities

_GRANTED_BEFORE = re.compile(r"(最高|封顶|顶格|上限|补贴|补助|补|奖励|奖|资助|给到|给|贴|按|报销|拨)[^，。？?；、\d]{0,6}$")
_CLAIM = re.compile(
    r"(是|对|行|能[^，。]{0,4})?吧[，。！？!?]*$|[是对]吗|是真的吗|不是[^，。]{2,24}[吗嘛么]|吧[，,]|的规定|的?(具体)?依据|"
    + HEARSAY
)
_SIZE = re.compile("基金(?:的?总?规模|盘子)?(?:是|有|为)?$")
_AREAS = ("平方公里", "平方米", "亩")
_ROUNDING, _ABOUT = Decimal("0.02"), Decimal("0.3")
_VAGUE = re.compile("[来多余几近]|出头|左右|上下|不到")
_YEARLY_MONTH = re.compile("(?:每年|年年|一般|都是|都在)[^，。？]{0,6}$")
_WHOLE = re.compile(r"(?:全额|全部?(减免|免除|报销|返还)|全[报包补贴免退])(?![^，。？]{0,4}(?:吗|么|还是))")
_WHOLE_STATED = re.compile(r"全额|全部|全免|等额|100%")


def contradicted(question: str, passage: str, stated: str, around: str) -> bool:
    """Whether the question states a figure or an office that the text contradicts.

    Args:
        question: as asked.
        passage: the best passage.
        stated: its clauses that would answer.
        around: every found part of its article.
    """
    figures = claimed_figures(question, stated)
    return (
        _not_whole(question, stated)
        or _granted_missing(question, figures, stated, around)
        or _claim_missing(question, figures, stated, around)
        or _figure_denied(question, figures, stated, stated + around)
        or doubted_office(question, passage + around)
        or wrong_office(question, passage)
        or unnamed_office(question, passage + around)
        or other_seat(question, around or passage)
        or other_receiver(question, stated)
        or not_shared(question, stated)
        or paid_once(question, stated, around)
        or paid_in_parts(question, around)
        or not_free(question, stated)
        or not_lent(question, stated)
        or other_level(question, stated)
        or turned_round(question, stated + around)
        or other_of_the_same(question, around, figures)
        or other_case(question, stated, figures)
        or other_tier(question, stated, figures)
        or other_year(question, around, figures)
        or year_denied(question, stated, around)
    )


def _not_whole(question: str, clause: str) -> bool:
    """All of it is expected (全额补), and the clause gives a share."""
    return bool(_WHOLE.search(question)) and has(clause, ("ratio",)) and not _WHOLE_STATED.search(clause)


def _claim_missing(question: str, claimed: Sequence[Quantity], clause: str, around: str) -> bool:
    """A figure that the question asserts (承诺是5年吧) where the clause, or else its article, states another of the same kind and unit."""
    if not clause or not _CLAIM.search(question):
        return False
    kinds = ("amount", "ratio", "count", "duration")
    text = clause if has(clause, kinds) else around
    return _other_stated(claimed, text, kinds, text) or _other_stated(claimed, around, ("duration",), around)


def _figure_denied(question: str, claimed: Sequence[Quantity], clause: str, around: str) -> bool:
    """A sum, a share or a period that the question takes for granted without any such word (连补5年，第4年要重新交材料吗)."""
    presumed = [quantity for quantity in claimed if is_presumed(quantity, question)]
    counted = [quantity for quantity in presumed if quantity.unit in _AREAS or is_counted(quantity, question)]
    sized = [quantity for quantity in claimed if _SIZE.search(question[: quantity.span.start])]
    return bool(clause) and (
        _other_stated(presumed, clause, ("amount", "ratio", "duration"), around)
        or _other_stated(sized, clause, ("amount",), clause)
        or _other_stated(counted, clause, ("count",), around)
        or _other_stated(
            [q for q in claimed if q.unit == "月" and _YEARLY_MONTH.search(question[: q.span.start])], clause, ("date",), around
        )
    )


def _other_stated(claimed: Sequence[Quantity], clause: str, kinds: Sequence[str], text: str) -> bool:
    """Whether `text` lacks a claimed figure of which the clause states another, of the same kind and unit."""
    stated = {(quantity.kind, quantity.unit) for quantity in find_quantities(clause) if quantity.kind in kinds}
    return any((q.kind, q.unit) in stated and not covered(q, [text]) and not _rounded(q, text) for q in claimed)


def _rounded(quantity: Quantity, text: str) -> bool:
    """Whether a text holds a figure that a speaker would round to this one: 88亿 for 88.1亿, 十来 for 12."""
    allowed = _ABOUT if _VAGUE.search(quantity.text + quantity.qualifier) else _ROUNDING
    return any(
        (q.kind, q.unit) == (quantity.kind, quantity.unit) and abs(q.value - quantity.value) <= allowed * q.value
        for q in find_quantities(text)
    )


def _granted_missing(question: str, claimed: Sequence[Quantity], clause: str, around: str) -> bool:
    """A sum that the question takes for granted (最高能补到一百万), where the clause, or else its article, names another."""
    for quantity in claimed:
        before, after = question[: quantity.span.start], question[quantity.span.end :]
        granted = _GRANTED_BEFORE.search(before) or GRANTED_AFTER.match(after)
        if quantity.kind not in ("amount", "ratio") or not granted:
            continue
        text = clause if has(clause, (quantity.kind,)) else around
        if (has(text, (quantity.kind,)) or GRANTED_AFTER.match(after)) and not covered(quantity, [text]):
            return True
    return False
