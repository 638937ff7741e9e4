"""The cases of a rule (一等奖、二等奖, 2020年 and 2023年, 5000万 and 1亿元), and sums that a question claims for the wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations, pairwise

from qa.answer.asked import YEAR
from qa.answer.asked_figures import own_figures
from qa.answer.bases import without_brackets
from qa.answer.conditions import match, steps_reached
from qa.answer.rules import Clause
from qa.quantities import Quantity, find_quantities, same

UNIT = re.compile(r"[；;。\n]")
_LISTED = re.compile(r"[、和及与]|以及")
_RESPECTIVELY = re.compile(
    r"([^，。；;]+)(?:[，,](?:按|根据|经)[^，。；;、\d]{2,12})?[，,]?[^，。；;、]{0,8}?分别[^，。；;\d]{0,16}(?=\d)"
)
_LEVELS = re.compile(r"(?:国家|省|市|区|县)级?(?:[、和或及](?:国家|省|市|区|县)级?)+(?!人民|政府|财政)")
_GRANTS = re.compile(r"给予|奖励|补助|资助|补贴|按|一次性|分别|最高|每|再")
_ANY_YEAR = re.compile(r"20\d\d")
_YEARS = re.compile(r"(20\d\d)年?\s*[-—－–~～至到]+\s*(20\d\d)")
_DUE = re.compile(
    r"(?:(?<![不没]用等)(?<![不没]必等)到|(?<!现)在|[做建干]成|定[在的]是?|目标年?[是为定])(20\d\d)(?!年?的?[一-鿿A-Za-z]{0,4}(?:规划|方案|计划|办法))"
    r"|(20\d\d)年?[底末初前]?(?:之前|以前)?(?:[才就要]|[全基][面本])*(?:建[成好]|完成|见效|实现|达到|做[到成]|铺|突破|收官)"
    r"|(20\d\d)年?起|(20\d\d)年?的(?:目标|规模|产值)|(20\d\d)年?[底末]?(?:才|就)(?![一-鿿]{0,4}(?:注册|成立|拿|领|申|投|来|入|落|评|有))"
)
_EACH = re.compile(r"每[一-鿿]{0,4}\d[名家个项次]")
_MARK = re.compile(r"[，。；？！、,;?!]")
_ALIKE = 0.35
_LONGEST = 10  # characters in which two cases may differ: 项目 against 企业年度补助总额


def other_case(question: str, stated: str, claimed: Sequence[Quantity]) -> bool:
    """A sum or a share is claimed for one case of a rule, and the clause gives it for the neighbouring case.

    二等奖那50万, where 一等奖、二等奖分别给予50万、25万元. Two cases are compared where their words differ: 一等 against 二等.

    Args:
        question: as asked.
        stated: the clauses that would answer.
        claimed: the figures that the question takes for granted.
    """
    for kind in ("amount", "ratio"):
        figures = [quantity for quantity in claimed if quantity.kind == kind]
        if not figures:
            continue
        for (one, its_sum), (other, other_sum) in combinations(list(cases(stated, kind)), 2):
            for mine, theirs in differences(one, other):
                for asked, unasked, right, wrong in ((mine, theirs, its_sum, other_sum), (theirs, mine, other_sum, its_sum)):
                    mixed = [q for q in figures if same(q, wrong) and not same(q, right)]
                    if any(_named_for(asked, unasked[-2:], q, question) for q in mixed):
                        return True
    return False


def _named_for(case: str, other: str, quantity: Quantity, question: str) -> bool:
    """Whether a figure is said of a case: named before it (and the other is not), or behind it in the same breath."""
    before = question[: quantity.span.start]
    if case in before:
        return other not in before
    at = question.find(case)
    return at >= 0 and other not in question and not _MARK.search(question[quantity.span.end : at])


def other_tier(question: str, stated: str, claimed: Sequence[Quantity]) -> bool:
    """The award of a tier is claimed that the asker's own figure does not reach (5000万, where 1亿元 is given 300万元)."""
    for tiers in Clause(stated).tiers:
        own = match(tiers.steps[0], own_figures(question))
        count = steps_reached(own, tiers) if own else None
        if count is None:
            continue
        given = tiers.awards[count - 1] if count else None
        others = [award for award in tiers.awards if given is None or not same(award, given)]
        if any(same(figure, award) for figure in claimed for award in others):
            return True
    return False


def other_year(question: str, around: str, claimed: Sequence[Quantity]) -> bool:
    """A figure is claimed for the year named, and the article gives it for another year only.

    2020年就到300亿, where 到2020年…突破100亿元 and 到2023年…突破300亿元.
    """
    asked = set(YEAR.findall(question))
    if len(asked) != 1:
        return False
    spoken = list(_by_year(around))
    own = [quantity for year, quantity in spoken if year in asked]
    others = [quantity for year, quantity in spoken if year not in asked]
    return any(
        quantity.kind in ("amount", "count", "ratio")
        and any(same(quantity, other) for other in others)
        and any((quantity.kind, quantity.unit) == (q.kind, q.unit) for q in own)
        and not any(same(quantity, q) for q in own)
        for quantity in claimed
    )


def year_denied(question: str, stated: str, around: str) -> bool:
    """A year is claimed for an aim (2030年才建成), and the text has other years only."""
    spans = [set(_YEARS.findall(part)) for part in (question, stated)]
    if all(spans):
        return not spans[0] & spans[1]
    claimed = {int(year) for match in _DUE.finditer(question) for year in match.groups() if year}
    text = stated + around
    known = {int(year) for year in _ANY_YEAR.findall(text)}
    for begin, end in _YEARS.findall(text):
        known.update(range(int(begin), int(end)))
    return bool(_ANY_YEAR.search(stated)) and bool(claimed) and not claimed & known


def _by_year(text: str) -> Iterator[tuple[str, Quantity]]:
    """The figures of a text, each with the year that was named last before it."""
    years = list(YEAR.finditer(text))
    ends = [*(year.start() for year in years[1:]), len(text)]
    for year, end in zip(years, ends, strict=False):
        yield from ((year.group(), quantity) for quantity in find_quantities(text[year.end() : end]))


def cases(stated: str, kind: str = "amount") -> Iterator[tuple[str, Quantity]]:
    """The cases of a rule with the figure of each: lists with 分别, and pieces of a sentence with one figure each."""
    for unit in UNIT.split(stated):
        figures = [quantity for quantity in find_quantities(unit) if quantity.kind == kind]
        found = _RESPECTIVELY.search(unit)
        if found:
            given = _one_list([quantity for quantity in figures if quantity.span.start >= found.end()], unit)
            levels = [_LISTED.split(levels.group()) for levels in _LEVELS.finditer(found.group(1))]
            labels = _LISTED.split(found.group(1))[-len(given) :]
            if fitting := next((names for names in levels if len(names) == len(given) > 1), None):
                yield from ((name.removesuffix("级") + "级", quantity) for name, quantity in zip(fitting, given, strict=True))
            elif 1 < len(given) == len(labels):
                yield from zip(_trimmed(labels), given, strict=True)
        else:
            begin = 0
            for quantity in figures:
                yield _label(unit[begin : quantity.span.start]), quantity
                begin = quantity.span.end


def _label(text: str) -> str:
    """The last piece before a sum, with the one before it where it only says 给予 (获得二等奖的，给予100万元)."""
    pieces = [piece for piece in re.split(r"[，,：:、]", _EACH.sub("", without_brackets(text).replace(" ", ""))) if piece]
    kept = pieces[-2:] if pieces and _GRANTS.match(pieces[-1]) else pieces[-1:]
    return "".join(kept)


def _one_list(figures: Sequence[Quantity], text: str) -> list[Quantity]:
    """The first sums that nothing but 、 or 和 separates."""
    listed = list(figures[:1])
    for before, after in pairwise(figures):
        if not re.fullmatch(r"\s*[、和及]\s*", text[before.span.end : after.span.start]):
            break
        listed.append(after)
    return listed


def _trimmed(labels: Sequence[str]) -> list[str]:
    """Labels without what stands before the first and behind the last: 大赛一等奖、二等奖、三等奖的项目."""
    size = min(map(len, labels)) + 1
    return [labels[0][-size:], *labels[1:-1], labels[-1][:size]]


def differences(one: str, other: str) -> Iterator[tuple[str, str]]:
    """The short stretches in which two parallel labels differ, a character more where one alone says nothing."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < _ALIKE:  # what differs stands near the sums, so a longer label is read from its end
        size = min(len(one), len(other)) + 2
        one, other = one[-size:], other[-size:]
        matcher.set_seqs(one, other)
    if matcher.ratio() < _ALIKE and min(len(one), len(other)) > 3:
        return
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "replace" and not re.search(r"\d", one[a:b] + other[c:d]) and max(b - a, d - c) <= _LONGEST:
            more = 1 if min(b - a, d - c) == 1 and one[b : b + 1] == other[d : d + 1] else 0
            yield one[a : b + more], other[c : d + more]
            if max(b - a, d - c) > 2:  # 核心产业规模超300亿元，带动相关产业规模2000亿元
                yield one[b - 2 : b], other[d - 2 : d]
