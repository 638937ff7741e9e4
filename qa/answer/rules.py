"""The rules with figures in a clause: tiers (达到A、B的，分别给予a、b), thresholds (1000万元以上), rates with caps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.answer.bases import Based, bases_in, segment, without_brackets
from qa.qualifiers import Direction
from qa.quantities import Quantity, find_quantities
from qa.types import Span

_UNIT_END = re.compile(r"[。；;\n]")
_GIVING = "给予|奖励|补助|补贴|资助|贴息|奖补|发放"
_PAID = f"{_GIVING}|配套|支持|扶持|补"
_BENEFIT_BEHIND = re.compile(rf"(?:元|的|一次性|资金|后|地方|项目|运营|建设){{0,3}}(?:{_PAID}|经费|资金)")
_REACHING = re.compile("(?:达到?|满|超过|突破|不低于|不少于)[^，。；、]{0,4}$")
_STRICT = re.compile("(?<!不)(?<!未)(?:超过|突破|大于|高于|多于|低于|小于|少于)|不足|不满")
_RATE_OPENS = re.compile("按照?|最高|不超过|不高于|给予|提供")
_MANNER = ("分级分类", "一次性")
_LISTED = re.compile(r" *(?:[(（][^()（）]*[)）])? *[、和及] *")
_LIMITING = re.compile("最高不超过|不得?[超低高少多大小][过于]|超过|突破|低于|至少")
_BEHIND_WORDS = ("以上", "以下", "以内")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A condition on a figure: at least or at most `based`, itself included unless `strict`."""

    based: Based
    upper: bool
    strict: bool
    unit: Span
    piece: str

    @property
    def words(self) -> str:
        """The condition as the clause writes it: 1000万元以上, “不超过2000万元”, after 达到 the figure alone."""
        quantity = self.based.quantity
        amount = re.sub(r"\s", "", quantity.text)
        behind = next((word for word in _BEHIND_WORDS if quantity.qualifier.endswith(word)), "")
        if behind:
            return amount + behind
        match = _LIMITING.search(self.piece)
        return f"“{match.group()}{amount}”" if match else amount


@dataclass(frozen=True, slots=True)
class Tiers:
    """Aligned lists: whoever reaches `steps[i]` is given `awards[i]`."""

    steps: tuple[Based, ...]
    awards: tuple[Quantity, ...]
    strict: bool
    noun: str
    differences: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of a base that is paid, up to `cap`; `bases` holds the alternatives of 实际研发投入或总投入."""

    ratio: Quantity
    bases: tuple[Based, ...]
    cap: Quantity | None
    unit: Span


class Clause:
    """A clause with its figures, cut into units at 。 and ；."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.open = without_brackets(text)
        self.quantities = find_quantities(text)
        stops = [0, *(match.end() for match in _UNIT_END.finditer(text)), len(text)]
        self.units = tuple(Span(a, b) for a, b in pairwise(stops) if b > a)
        self.tiers = tuple(self._tiers())
        listed = {id(q) for tiers in self.tiers for q in (*(step.quantity for step in tiers.steps), *tiers.awards)}
        self._free = [q for q in self.quantities if id(q) not in listed]
        self.thresholds = tuple(self._thresholds())
        self.shares = tuple(self._shares())
        self.rates = tuple(self._rates())

    def unit_of(self, quantity: Quantity) -> Span:
        """The unit that holds a figure."""
        return next(unit for unit in self.units if unit.contains(quantity.span))

    def alternatives(self) -> list[list[Threshold]]:
        """The thresholds, those joined by 或 in one unit together: one of them is enough."""
        groups: list[list[Threshold]] = []
        for threshold in self.thresholds:
            last = groups[-1][-1] if groups else None
            between = self.text[last.based.quantity.span.end : threshold.based.quantity.span.start] if last else ""
            if last and last.unit == threshold.unit and "或" in between:
                groups[-1].append(threshold)
            else:
                groups.append([threshold])
        return groups

    def rivals(self) -> list[Threshold]:
        """Thresholds on one base in different units and opposite directions: each opens a case of its own."""
        return [
            t
            for t in self.thresholds
            if any(o.based.same_base(t.based) and o.upper != t.upper and o.unit != t.unit for o in self.thresholds)
        ]

    def _piece(self, quantity: Quantity) -> Span:
        earlier = [q.span.end for q in self.quantities if q.span.end <= quantity.span.start]
        return segment(self.open, quantity.span, max(earlier, default=0))

    def _before(self, quantity: Quantity) -> str:
        return self.open[self._piece(quantity).start : quantity.span.start]

    def _tiers(self) -> Iterator[Tiers]:
        for unit in self.units:
            runs = self._runs([q for q in self.quantities if unit.contains(q.span) and q.kind in ("amount", "count")])
            if len(runs) != 2 or len(runs[0]) != len(runs[1]):
                continue
            steps, awards = runs
            between = self.text[steps[-1].span.end : awards[0].span.start]
            before = self._before(steps[0])
            if "分别" in between and _REACHING.search(before) and awards[0].kind == "amount":
                bases = bases_in(before, kind=steps[0].kind)
                yield Tiers(
                    tuple(Based(q, bases) for q in steps),
                    tuple(awards),
                    bool(_STRICT.search(before)),
                    self._noun(between + self.text[awards[-1].span.end : unit.end]),
                    self._differences(),
                )

    def _runs(self, quantities: Sequence[Quantity]) -> list[list[Quantity]]:
        """Lists of two or more figures with nothing but 、 between them."""
        runs: list[list[Quantity]] = []
        for quantity in quantities:
            between = self.text[runs[-1][-1].span.end : quantity.span.start] if runs else ""
            if runs and _LISTED.fullmatch(between) and runs[-1][-1].kind == quantity.kind:
                runs[-1].append(quantity)
            else:
                runs.append([quantity])
        return [run for run in runs if len(run) > 1]

    def _noun(self, text: str) -> str:
        match = re.search("一次性奖励|奖励|补助|补贴|资助", text)
        return match.group() if match else "金额"

    def _differences(self) -> str:
        match = re.search("晋级补差|差额补足|差额奖励|差额", self.text)
        return match.group() if match else ""

    def _thresholds(self) -> Iterator[Threshold]:
        for quantity in self._free:
            if quantity.kind not in ("amount", "count", "duration") or self._is_benefit(quantity):
                continue
            before = self._before(quantity)
            upper = quantity.direction is Direction.UPPER
            lower = quantity.direction is Direction.LOWER or (not upper and bool(_REACHING.search(before)))
            behind = self.open[quantity.span.end : quantity.span.end + 16]
            bases = bases_in(before, behind, quantity.kind) or self._bases_behind(quantity)
            if (upper or lower) and bases and "…" not in quantity.qualifier:
                strict = bool(_STRICT.search(before)) and not quantity.qualifier.endswith(_BEHIND_WORDS)
                yield Threshold(Based(quantity, bases), upper, strict, self.unit_of(quantity), before)

    def _bases_behind(self, quantity: Quantity) -> frozenset[str]:
        behind = self.open[quantity.span.end : quantity.span.end + 24].replace(" ", "")[:10]
        return bases_in(quantity.text + re.split("[，；。]", behind)[0], kind=quantity.kind)

    def _is_benefit(self, quantity: Quantity) -> bool:
        before, behind = self._before(quantity), self.open[quantity.span.end : quantity.span.end + 12]
        return bool(re.search(_GIVING, before) or "最高" in quantity.qualifier or _BENEFIT_BEHIND.match(behind))

    def _shares(self) -> Iterator[Threshold]:
        """Conditions on a share: 占主营业务收入60%以上的企业, 购置本地设备超过50%的."""
        for quantity in self._free:
            if quantity.kind != "ratio" or quantity.unit != "%" or not quantity.direction:
                continue
            before, behind = self._before(quantity), self.open[quantity.span.end : quantity.span.end + 8]
            if re.search(f"按|{_GIVING}|不高于", before) or re.match(rf"的?(?:比例|标准|{_GIVING}|风险)", behind):
                continue
            upper = quantity.direction is Direction.UPPER
            piece = self.open[self._piece(quantity).start : quantity.span.end + 12]
            yield Threshold(Based(quantity, frozenset()), upper, bool(_STRICT.search(before)), self.unit_of(quantity), piece)

    def _rates(self) -> Iterator[Rate]:
        conditions = {id(share.based.quantity) for share in self.shares}
        for quantity in self._free:
            paid = quantity.kind == "ratio" and quantity.unit == "%" and id(quantity) not in conditions
            unit = self.unit_of(quantity)
            around = self.open[max(unit.start, quantity.span.start - 30) : min(unit.end, quantity.span.end + 25)]
            if not paid or not re.search(_PAID, around) or "年利率" in self.text[quantity.span.end : quantity.span.end + 6]:
                continue
            bases = tuple(Based(quantity, found) for found in self._rate_bases(quantity, unit) if found)
            if bases:
                yield Rate(quantity, bases, self._cap(quantity), unit)

    def _rate_bases(self, quantity: Quantity, unit: Span) -> list[frozenset[str]]:
        """What the share is taken of: behind the last 按, or, with nothing there (按50%), in the piece before it."""
        before = self.open[unit.start : quantity.span.start]
        phrases = [phrase.strip() for phrase in _RATE_OPENS.split(re.split("[，、]", before)[-1])]
        phrase = next((phrase for phrase in reversed(phrases) if phrase), "")
        if bases_in(phrase):
            return [bases_in(alternative) for alternative in phrase.split("或")]
        pieces = [piece for piece in re.split("[，、]", before)[:-1] if bases_in(piece)]
        return [bases_in(pieces[-1])] if pieces and (not phrase or phrase in _MANNER) else []

    def _cap(self, ratio: Quantity) -> Quantity | None:
        """The first limited sum behind the rate, in the same sentence."""
        behind = self.caps_behind(ratio)
        rates = [q.span.start for q in self.quantities if q.kind == "ratio" and q.span.start > ratio.span.end]
        return next((q for q in behind if all(q.span.start < start for start in rates)), None)

    def caps_behind(self, ratio: Quantity) -> list[Quantity]:
        """All limited sums behind a rate in its sentence, also those behind another rate."""
        stop = self.text.find("。", ratio.span.end)
        end = stop if stop >= 0 else len(self.text)
        later = [q for q in self.quantities if ratio.span.end <= q.span.start < end]
        return [q for q in later if q.kind == "amount" and q.direction is Direction.UPPER]
