"""What a figure measures (收入, 投资, 实缴资本 …), read from the words around it: only like is compared with like."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.quantities import Quantity
from qa.types import Span

# Longer words first: the head of a compound decides (贷款利息 is interest, not a loan).
_WORDS: tuple[tuple[str, str], ...] = (
    ("financing_cost", "利息(?:和|加|、)担保费用?|融资费用|担保费"),
    ("interest", "(?:金融机构)?(?:贷款|融资)?利息"),
    ("rate", "贷款利率|利率"),
    ("loan", "贷款(?:总额|额)?|贷了?(?=[\\d一二三四五六七八九十两百千])|贷到"),
    ("salary", "年薪|薪金|工资性?(?:年?收入|薪金)?|个人(?:年度)?收入|月薪"),
    ("tax", "个人所得税|个税|所得税|税(?=[\\d一二三四五六七八九十两百千])"),
    ("raised", "融资(?:总额|额)|股权(?:融资|投资)|创投(?!机构)|VC|所获投资额?|风险投资金额|风投|融资|融了|[ABC]轮"),
    ("agreed", "协议投资|投资协议|协议总?投资"),
    ("fixed", "固定资产(?:投资(?:总额|额)?|投入)?|固投"),
    ("soft_hard", "软硬件|软件(?:和|、|跟|加)?硬件"),
    ("equipment", "(?:研发)?设备(?:总价|购置)?|机器"),
    ("added", "新增部分|增量部分|多花|多投|多出"),
    ("research", "研发(?:费用|经费|投入|开支|支出)|加计扣除|[搞做]研发"),
    ("registered", "(?<!实缴)注册资本"),
    ("paid_in", "实缴(?:注册)?资本|实收资本|实缴(?!个|税|的个)"),
    ("in_place", "到位资金|实到资金|资金到位"),
    ("revenue", "收入|营收|营业额|销售额|卖了|流水"),
    ("rent", "租金|房租"),
    ("price", "购买价|办公用房|办公楼|写字楼"),
    ("test", "测试"),
    ("agents", "中介费|律师费|审计费"),
    ("service", "使用费|购买(?:企业)?服务(?:金额)?|服务(?:总费用|金额)"),
    ("contract", "合同额|合同"),
    ("granted", "拨付(?:经费|资金)?|到位经费|拨了|到账"),
    ("valuation", "估值"),
    ("users", "用户"),
    ("firms", "企业数量|(?<=[\\d十百千多余])家(?:AI|人工智能)?(?:公司|企业)"),
    ("stay", "进驻|入驻|进来|驻满"),
    (
        "invest",
        "投资总额|总投资|投资额|项目投入|实际投入|总投入|总投|投入|投资|投了|砸|投(?=[\\d一二三四五六七八九十两百千])",
    ),
    ("spend", "费用|支出|花费|花了|花掉|花(?=[\\d一二三四五六七八九十两百千])|成本|开销"),
)
_WORD = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _WORDS))
_PERSON = re.compile("人才|工资|个人|高管|薪|专家|博士|院士|工程师|他|她")
_GENERIC = frozenset({"invest", "spend"})
_OF_COUNTS, _OF_DURATIONS = frozenset({"firms", "users"}), frozenset({"stay"})
_STOP = re.compile(r"[，。；：！？、,;!?\n—]|且|而且|并且")


@dataclass(frozen=True, slots=True)
class Based:
    """A figure with what it measures: class names, the generic ones among them included."""

    quantity: Quantity
    bases: frozenset[str]

    @property
    def specific(self) -> frozenset[str]:
        """The classes that must agree; 投入 and 费用 fit any of their kind."""
        return self.bases - _GENERIC

    def same_base(self, other: Based) -> bool:
        """Whether both measure the same thing; False when either says nothing."""
        if not self.bases or not other.bases or self.specific != other.specific:
            return False
        return bool(self.specific) or bool(self.bases & other.bases)


def bases_in(text: str, behind: str = "", kind: str = "amount") -> frozenset[str]:
    """The classes named in a piece of text that a figure of this kind can measure.

    年收入 is a salary where the text or the words behind it speak of people.
    """
    found = {match.lastgroup or "" for match in _WORD.finditer(text)}
    if "revenue" in found and re.search("年收入", text) and _PERSON.search(text + behind):
        found = (found - {"revenue"}) | {"salary"}
    if kind in ("count", "duration"):
        return frozenset(found) & (_OF_COUNTS if kind == "count" else _OF_DURATIONS)
    return frozenset(found) - _OF_COUNTS - _OF_DURATIONS


def segment(text: str, at: Span, floor: int = 0) -> Span:
    """The piece between two punctuation marks that holds `at`, not before `floor`."""
    start = max((match.end() for match in _STOP.finditer(text, floor, at.start)), default=floor)
    stop = _STOP.search(text, at.end)
    return Span(start, stop.start() if stop else len(text))


def without_brackets(text: str) -> str:
    """The text with bracketed asides blanked out, offsets kept."""
    return re.sub(r"[(（][^()（）]*[)）]", lambda match: " " * len(match.group()), text)
