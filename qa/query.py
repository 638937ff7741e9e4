"""Stage 6. A question and the turns before it -> `Query`: places, policies, what is asked for, policy words.

No language model: places and policies come from the lexicon, everyday words are expanded by its synonyms, and what a
follow-up leaves out is carried over from earlier turns (`qa.follow_up`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from qa.errors import InputError
from qa.follow_up import Topic, carry_over
from qa.lexicon import Lexicon, find_mentions
from qa.manifest import DocumentInfo
from qa.places import find_places, is_covered, outermost
from qa.types import Asked, Query, Span, Turn

_WHICH_PLACES = re.compile(
    r"(哪些|哪几个|哪几座|哪个|哪座|什么|几个|各)(城市|地方|省市|省份|地区|园区|市|地儿|试验区)|哪里|哪儿|哪边|各地|(上|到|去)哪(?![年月天一个])"
)
_WHERE = re.compile("哪里|哪儿|哪边|[上到去]哪")  # after a turn that named a place these ask for a spot in it
_COMPARE = re.compile(r"对比|比较|相比|区别|差别|不同|哪个更|哪边更|谁更|哪家更|哪个高|哪个多|还是.{0,12}(好|高|多|划算)|分别|各自")
_TAG = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>|</?[A-Za-z][^<>]{0,200}>", re.DOTALL | re.IGNORECASE)
_MARKS = {",": "，", ";": "；", "?": "？", "!": "！"}
_LEAST_KIND = 0.5
_ABROAD = "海外/"
_FROM_ABROAD = re.compile("的?(?:回来|籍|专家|人才|博士|科学家|团队|技术|客户|市场|股市|上市)")
_ASIDE_BEFORE = re.compile(r"(?:从|来自|承接|对接|[像学]|仿照|参照|比照|总部(?:还?在|设在)|母公司在)(?:了|着)?$")
_ASIDE_AFTER = re.compile(r"(?:那样|似的|外溢)|[^，。？]{0,12}(?:搬|迁|挪|转移)(?:到|进|入|来|去)")
MONEY_NOUN = re.compile("补贴|奖励|补助|资助|贴息|奖金|报销|补多少|奖多少")
_HAN = re.compile(r"[㐀-鿿]")


def parse_query(
    question: str,
    lexicon: Lexicon,
    documents: Sequence[DocumentInfo],
    history: Sequence[Turn] = (),
    region: str = "",
    max_chars: int = 2000,
) -> Query:
    """Understand a question.

    Args:
        question: what the user typed last.
        lexicon: places, policies, synonyms.
        documents: the corpus' documents, to know which places are covered.
        history: earlier turns, oldest first.
        region: the region chosen on the page, used when the question names none.
        max_chars: longest question accepted.

    Raises:
        InputError: the question is empty, too long or has no words.
    """
    text = normalise(question, max_chars)
    if not _HAN.search(text):
        text = _in_chinese(text, lexicon)
    topics = [_topic(_readable_or_empty(turn.question), lexicon) for turn in history]
    now = _topic(text, lexicon)
    resolved, carried = carry_over(topics, now)
    asked_places = _WHERE.sub("", text) if resolved.regions else text
    which_places = bool(_WHICH_PLACES.search(asked_places)) and not now.regions
    carried_regions = () if which_places else resolved.regions  # 哪些城市 asks about all of them
    named = carried_regions or ((region,) if region and not which_places else ())
    regions = tuple(path for path in outermost(named) if is_covered(path, documents))
    if resolved.named == 1:  # one name that may mean two regions is one place
        regions = regions[-1:]
    uncovered = tuple(path for path in outermost(named) if path not in regions)
    return Query(
        raw=question,
        text=text,
        regions=regions,
        uncovered=uncovered,
        documents=_titled(resolved.text, documents) or _known(resolved.policies, documents),
        asked=_asked(resolved.asked, resolved.text),
        expansion=_expand(resolved.text, lexicon),
        everyday=tuple(mention.term for mention in find_mentions(resolved.text.lower(), lexicon.synonyms)),
        comparison=_is_comparison(text, now, (*regions, *uncovered)),
        which_places=which_places,
        search_text=resolved.text,
        subject=resolved.without_places or resolved.text,
        fresh=now.without_places,
        carried=tuple(item for item in carried if not (which_places and item == "地点")),
    )


def _in_chinese(text: str, lexicon: Lexicon) -> str:
    """The places and policy words that a question without Chinese characters names, as a question in Chinese.

    Raises:
        InputError: none is recognised; the hint is in both languages.
    """
    lowered = text.lower()
    places = [
        mention.targets[0][0].rsplit("/", 1)[-1] for mention in find_mentions(lowered, lexicon.places) if len(mention.term) > 2
    ]
    words = [
        target for mention in find_mentions(lowered, lexicon.synonyms) if len(mention.term) > 2 for target, _ in mention.targets[:2]
    ]
    if not words:
        raise InputError(
            "请用中文提问，例如：租办公室能补多少？ Please ask in Chinese, or name a city and a topic such as rent, talent or loan."
        )
    amount = "多少" if re.search(r"how (much|many)|amount|subsid|grant|reward", lowered) else ""
    return "".join(dict.fromkeys(places)) + "".join(dict.fromkeys(words)) + amount


def normalise(question: str, max_chars: int = 2000) -> str:
    """The question in simplified characters and NFKC, without control characters and superfluous white space.

    Raises:
        InputError: nothing is left, or it is too long.
    """
    if len(question) > max_chars:
        raise InputError(f"问题太长了（{len(question)}个字，最多{max_chars}个字）。请只写要问的那一件事。")
    text = _chinese_marks(unicodedata.normalize("NFKC", _TAG.sub(" ", question)))
    text = "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") else char for char in text)
    text = " ".join(_simplify(text).split())
    if not re.search(r"[㐀-鿿A-Za-z0-9]", text):
        raise InputError("没有读到问题。请用一句话写出想问的事，例如：租办公室能补多少？")
    return text


def _chinese_marks(text: str) -> str:
    """NFKC halves the width of ，；？！; clauses of a question end at the marks that Chinese text has. 1,000 stays."""
    return re.sub(r"(?<=[㐀-鿿\d%)”\"》A-Za-z])[,;?!](?!\d)", lambda mark: _MARKS[mark.group()], text)


def _readable_or_empty(question: str) -> str:
    try:
        return normalise(question)
    except InputError:
        return ""


@lru_cache(maxsize=1)
def _converter() -> object:
    import opencc

    return opencc.OpenCC("t2s")


def _simplify(text: str) -> str:
    if text.isascii():
        return text
    return str(_converter().convert(text))  # type: ignore[attr-defined]


def _topic(text: str, lexicon: Lexicon) -> Topic:
    places = _wanted(text, find_places(text, lexicon))
    policies = find_mentions(text, lexicon.policies)
    blanked = _blank(text, [span for span, _ in places])
    kinds = [mention for mention in find_mentions(blanked, lexicon.kindwords, _LEAST_KIND)]
    return Topic(
        text=text,
        regions=tuple(path for _, paths in places for path in paths),
        named=sum(len({path.split("/")[0] for path in paths}) for paths in {paths for _, paths in places}),
        policies=tuple(target for mention in policies for target, _ in mention.targets),
        asked=tuple(dict.fromkeys(Asked(target) for mention in kinds for target, _ in mention.targets)),
        without_places=blanked,
        content=_blank(blanked, [mention.span for mention in kinds]),
    )


def _wanted(text: str, places: list[tuple[Span, tuple[str, ...]]]) -> list[tuple[Span, tuple[str, ...]]]:
    """Places asked about: not where something comes from or what it is likened to, and one region where all names share it."""
    abroad = [place for place in places if place[1][0].startswith(_ABROAD)]
    if len(places) > 1 or abroad:  # 从德国请来的专家 asks for no place
        home = [place for place in places if place not in abroad]
        meant = [place for place in places if place in home or not _FROM_ABROAD.match(text[place[0].end :])]
        places = [place for place in meant if not _aside(text, place[0])] or home
    shared = set(places[0][1]).intersection(*(paths for _, paths in places)) if places else set()
    return [(span, tuple(shared)) for span, _ in places] if len(places) > 1 and shared else places


def _aside(text: str, span: Span) -> bool:
    """A place told in passing: 从云州挖来, 像云州那样, 总部在云州, 把云州的产线搬进青河."""
    return bool(_ASIDE_BEFORE.search(text[: span.start]) or _ASIDE_AFTER.match(text[span.end :]))


def _blank(text: str, spans: Iterable[Span]) -> str:
    chars = list(text)
    for span in spans:
        chars[span.start : span.end] = [" "] * len(span)
    return "".join(chars)


def _asked(kinds: tuple[Asked, ...], text: str) -> tuple[Asked, ...]:
    """What is asked for: a bare 补贴 or 奖励 asks how much, and 电话是多少 asks for no sum."""
    if not kinds and MONEY_NOUN.search(text):
        return (Asked.AMOUNT,)
    if Asked.TELEPHONE in kinds and not MONEY_NOUN.search(text):
        return tuple(kind for kind in kinds if kind is not Asked.AMOUNT)
    return kinds


def _known(policies: Iterable[str], documents: Sequence[DocumentInfo]) -> tuple[str, ...]:
    ids = {document.id for document in documents}
    return tuple(dict.fromkeys(policy for policy in policies if policy in ids))


def _titled(text: str, documents: Sequence[DocumentInfo]) -> tuple[str, ...]:
    """Documents whose title, short title or number stands in the text; a title inside a longer one found does not count."""
    plain = _joined(text)
    names: dict[str, list[str]] = {}
    for document in documents:
        for name in (document.title, document.short_title, document.number.value if document.number else ""):
            if name and _joined(name) in plain:
                names.setdefault(_joined(name), []).append(document.id)
    whole = [name for name in names if not any(name != other and name in other for other in names)]
    return tuple(dict.fromkeys(id for name in whole for id in names[name]))


def _joined(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).strip("《》")


def _is_comparison(text: str, now: Topic, regions: Sequence[str]) -> bool:
    return len(regions) >= 2 and (now.named >= 2 or bool(_COMPARE.search(text)))


def _expand(text: str, lexicon: Lexicon) -> tuple[tuple[str, float], ...]:
    """Policy words for the everyday words of the question, with the highest weight each is given."""
    words: dict[str, float] = {}
    for mention in find_mentions(text.lower(), lexicon.synonyms):
        for target, weight in mention.targets:
            words[target] = max(weight, words.get(target, 0.0))
    return tuple(words.items())
