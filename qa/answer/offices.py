"""Who leads, where an office sits, who pays and who receives, as a question presumes it and as the text says it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.answer.cases import UNIT
from qa.quantities import find_quantities, same

_LEAD = r"(?:牵头|挑头|负责|主管|兑现|解释|受理|审核|责任)"
_SUFFIX = r"(?:(?<![布格结的])局|(?<![省市区县党])委(?:员会)?|(?<![大餐展])厅|管委会)"
_OFFICE = rf"(?P<office>[省市区县]?[一-鿿]{{1,7}}?(?:{_SUFFIX}|办公室|财政|[省市区县]政府))"
_IN_CHARGE = (
    re.compile(rf"{_LEAD}(?:责任)?(?:单位|部门)?(?:是|就是|为|归)?{_OFFICE}"),
    re.compile(rf"(?:由|归|找|是|跟){_OFFICE}(?:来|去)?(?:的[一-鿿]{{0,3}})?{_LEAD}"),
    re.compile(rf"(?P<office>[省市区县][一-鿿]{{2,6}}?{_SUFFIX})来?(?:牵头|挑头)"),
)
_ASKS_WHO = re.compile(r"哪|谁|什么|几|啥|配合|还是|是不是|吗|么")
_ROLE = r"(?:牵头|责任|主管|配合|落实|咨询|兑现)[一-鿿]{0,4}(?:单位|部门)[:：]"
_NAMED = re.compile(rf"(?P<role>{_ROLE})(?P<offices>(?:(?!{_ROLE})[^；;。）)])*)")
_BRACKETED = re.compile(r"[（(]([^（()）]{4,80})(?:按职责[^（()）]{0,8})?负责[）)]")
_LED_BY = re.compile(r"由([^，。；、]{2,20}?)(?:负责)?(?:牵头|组织实施)")
HEARSAY = r"听说|据说|据我所知|听人讲|传言|说是|不是说|既然|打听到|我记得|看[到见](?:说)?|我看(?![中上好])|(?:网上|朋友|同行|人家|有人|别人|大家|都)[^，。？]{0,4}(?:说|讲|告诉)"
_CUE = re.compile(rf"{HEARSAY}|是不是|没错吧|吧[，。？?！、]|吧$|对吗|对不对|是吗|不是.{{0,10}}吗")
_ANY_OFFICE = re.compile(rf"[省市区县]?[一-鿿]{{2,6}}?{_SUFFIX}(?![员托])")
_NO_OFFICE = re.compile("[哪几啥谁各每俩]|什么|多个|部委|党委|常委")
_ANYONE = re.compile("部门|[市区县省]政府|小组|机构|单位|" + _ANY_OFFICE.pattern)
BREATH = re.compile("[，,。；;？?！!]")
_TAG_CHARS = 4  # 是吧, 没错吧: confirms what stands before it
_SHORTENED = 4  # characters that an everyday name leaves out between two of its own: 工信局 for 工业和信息化局
_EXPLAINS = re.compile(r"由([^，。；]{2,20})负责解释")
_SEAT = re.compile(
    r"(?:办公室|秘书处|办事处)(?:就?[设放挂]?在|[设放挂]到?)(?P<office>[省市区县]?[一-鿿]{1,7}?(?:局|委|厅|管委会|办))"
)
_SEATED = re.compile(r"(?:办公室|秘书处|办事处)(?:设在|设于)(?P<office>[^，。；]{2,20})")
_TO_US = re.compile(
    r"(?:给|补|奖|发|拨|打|归|划|付)(?:到|在|给|进|我?们?)?(?:我们?|咱们?|我司|本公司|公司|企业|个人|员工|学员|自己|老板|[一-鿿]{0,4}小(?:公司|厂|企业))"
)
_RECEIVER = re.compile(
    r"(?:给予|奖励|补贴)(?P<who>[一-鿿]{2,8}?)(?=每[一-鿿]|最高|不超过|一次性|\d)|(?:对|向)(?P<served>[一-鿿]{0,4}(?:机构|单位|中心|协会|高校|院校|载体))给予"
)
_ANYBODY = re.compile(
    r"企业$|公司$|其$|单位$|个人$|团队$|项目$|资金|补[助贴]|奖|支持|资助|一次|适当|相应|财政|租金|房租|每|最|按|不|予"
)
_KIN = {
    "载体": ("孵化", "园区"),
    "举办方": ("举办", "办会", "主办", "办"),
    "高校": ("大学", "学院"),
    "机构": ("平台", "基金"),
}
_BEARS_ALL = re.compile(r"(?:全部?|全额|都|统统)(?:是|由|归)?[^，。？]{0,3}[省市区县]级?(?:财政)?(?:承担|负担|来?出|掏|拿)")
_DIVIDED = re.compile(
    r"\d ?[:：] ?\d|各(?:承担|负担)|两级[^。]{0,12}(?:比例|分担|共担)|(?:共同|分别|联合)(?:承担|负担|出资|设立)|社会资本"
)


def wrong_office(question: str, passage: str) -> bool:
    """An office is said to lead (牵头单位省财政厅) where the passage names others, or names it as a helper only."""
    claimed = [match["office"] for rule in _IN_CHARGE for match in rule.finditer(question) if not _ASKS_WHO.search(match.group())]
    if not claimed:
        return False
    if explained := _EXPLAINS.search(passage):
        return "解释" in question and not any(_names(explained.group(1), office) for office in claimed)
    leading = _leaders(passage) if re.search("牵头|挑头", question) else ""
    leading = leading or _offices(passage)
    return bool(leading) and not all(_names(leading, office) for office in claimed)


def doubted_office(question: str, text: str) -> bool:
    """An office that the question asks to be confirmed (是市交通局挑头吧), where the text names others and not this one."""
    return bool(_ANYONE.search(text)) and any(_names_another(piece, text) for piece in doubted(question))


def unnamed_office(question: str, text: str) -> bool:
    """An office is named in passing, and the text names others and not this one."""
    return bool(_ANY_OFFICE.search(text)) and _names_another(question, text)


def _names_another(question: str, text: str) -> bool:
    """Whether a question names an office that the text does not."""
    offices = [match.group() for match in _ANY_OFFICE.finditer(question)]
    return any(not _NO_OFFICE.search(office) and not _names(text, office) for office in offices)


def doubted(question: str) -> Iterator[str]:
    """The pieces of a question that ask to be confirmed."""
    pieces = [piece for piece in BREATH.split(question) if piece]
    for number, piece in enumerate(pieces):
        if _CUE.search(piece):
            yield piece if len(piece) > _TAG_CHARS or not number else pieces[number - 1]


def other_seat(question: str, text: str) -> bool:
    """An office is said to sit with one department (办公室在市发改委), and the text seats it with another."""
    claimed, stated = _SEAT.search(question), _SEATED.search(text)
    return claimed is not None and stated is not None and not _names(stated["office"], claimed["office"])


def other_receiver(question: str, stated: str) -> bool:
    """A sum is expected by the asker, and the clause gives it to somebody in between: an incubator, a trainer, a host."""
    if not _TO_US.search(question):
        return False
    for clause in UNIT.split(stated):
        receiver = _RECEIVER.search(clause)
        who = (receiver["who"] or receiver["served"]) if receiver else ""
        if not who or _ANYBODY.search(who) or who[-2:] in question:
            continue
        if any(word in question for role, kin in _KIN.items() if role in who for word in kin):
            continue
        return any(same(figure, other) for figure in find_quantities(question) for other in find_quantities(clause))
    return False


def not_shared(question: str, stated: str) -> bool:
    """One side is said to bear all of it, and the clause divides it (市、区两级财政按照1:1承担)."""
    return bool(_BEARS_ALL.search(question) and _DIVIDED.search(stated))


def _offices(passage: str) -> str:
    """The offices that the passage names as responsible, without those that only help; "" when it names none."""
    named = [match["offices"] for match in _NAMED.finditer(passage) if not match["role"].startswith("配合")]
    return "".join((*named, *_BRACKETED.findall(passage), *_LED_BY.findall(passage)))


def _leaders(passage: str) -> str:
    """The offices that the passage has lead (牵头), apart from those that are merely responsible."""
    return "".join(match["offices"] for match in _NAMED.finditer(passage) if match["role"].startswith("牵头"))


def _names(text: str, office: str) -> bool:
    """Whether a text names an office, in full or as the everyday name shortens it; words before the name do not count."""
    return any(re.search(f"[一-鿿]{{0,{_SHORTENED}}}?".join(office[begin:]), text) for begin in range(max(len(office) - 2, 1)))
