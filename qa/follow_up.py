"""What a follow-up leaves out is carried over from earlier turns: place, policy, topic and asked-for kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.types import Asked

_POINTS_BACK = re.compile(
    r"^(那|那么|如果|要是|假如|换成|换做|再|还有)|这个|这笔|这项|这些|这条|那个|那笔|那项|该|它|上面|刚才|刚说|呢[？?。!！]?$|同样"
)
_NEW_TOPIC = re.compile(r"^(算了|对了|另外|换个|不说|先不|顺便|再问|问个别的|回到|话说)")
_FILLER = re.compile(
    r"[\s，。？！、,.?!：:；;]|\d+(?:\.\d+)?[%‰万亿千百]*(?:元|块|个|家|名|年|成)?|[一二两三四五六七八九十百千万]+(?:元|块|年|成|家)|知道|明白|听说|对不对|好像|不错|没错|满足|符合|需要|要求|什么|啥|原来|哦|嗯|按|请问|我们|咱们|你们|公司|企业|政府|想|要|能不能|能|可以|会|的话|的|了|吗|呢|么|吧|啊|是|有|给|在|去|到|办|做|又|也|都|还|最|具体|大概|一般|这|那|个|怎么样|如何|如果|就|和|跟|与|对|要是"
)
_OWN_TOPIC_CHARS = 4  # content characters from which a turn stands on its own


@dataclass(frozen=True, slots=True)
class Topic:
    """One turn as the lexicon sees it; `content` is the text without places and kind words."""

    text: str
    regions: tuple[str, ...] = ()
    named: int = 0  # how many places the turn names; one name may stand for two regions
    policies: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    without_places: str = ""
    content: str = ""

    @property
    def stands_alone(self) -> bool:
        """Whether the turn names its own subject."""
        content = _FILLER.sub("", self.content)
        if _NEW_TOPIC.search(self.text):
            return len(content) >= 2
        if self.regions and self.asked and not _POINTS_BACK.search(self.text):
            return bool(content) and len(_FILLER.sub("", self.without_places)) >= _OWN_TOPIC_CHARS
        needed = _OWN_TOPIC_CHARS + (4 if _POINTS_BACK.search(self.text) else 0)
        return len(content) >= needed or (bool(self.policies) and len(content) >= 2)


def carry_over(history: Sequence[Topic], now: Topic) -> tuple[Topic, tuple[str, ...]]:
    """The turn with what it leaves out filled in from earlier turns, and what was carried (地点, 话题 …).

    >>> before = Topic("云岭租办公室能补多少", ("云岭",), without_places="  租办公室能补多少", content="租办公室能补")
    >>> carry_over([before], Topic("那云州呢？", ("云州",), without_places="那  呢？", content="那  呢？"))[0].text
    '云州 租办公室能补多少'
    """
    resolved = now
    carried: list[str] = []
    for before in _resolved_history(history):
        if not resolved.regions and before.regions:
            resolved = replace(resolved, regions=before.regions, named=before.named)
            carried.append("地点")
        if not now.stands_alone:
            subject = " ".join(before.without_places.split())
            if subject:
                resolved = _joined(subject, now, resolved)
                carried.append("话题")
            if not resolved.policies and before.policies and not now.regions:
                resolved = replace(resolved, policies=before.policies)
                carried.append("政策")
            if not resolved.asked and before.asked:
                resolved = replace(resolved, asked=before.asked)
                carried.append("问法")
    return resolved, tuple(carried)


def _joined(subject: str, now: Topic, resolved: Topic) -> Topic:
    """The earlier subject with what this turn says; a mere change of place (那云州呢) reads as if it had been asked there."""
    if now.regions and not _FILLER.sub("", now.content):
        places = "".join(char for char, rest in zip(now.text, now.without_places, strict=False) if rest == " ")
        return replace(resolved, text=f"{places} {subject}", without_places=subject)
    return replace(resolved, text=f"{subject} {now.text}", without_places=f"{subject} {now.without_places}")


def _resolved_history(history: Sequence[Topic]) -> tuple[Topic, ...]:
    """The history folded into one turn: the last subject, the last place."""
    state: Topic | None = None
    for turn in history:
        state = carry_over([state], turn)[0] if state else turn
    return (state,) if state else ()
