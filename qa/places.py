"""Region paths (province/city/park) and how documents and questions meet on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from qa.lexical import Tokenizer
from qa.lexicon import Lexicon, find_mentions
from qa.manifest import DocumentInfo
from qa.sounds import is_han, pinyin
from qa.types import Span

_LEAST_WEIGHT = 0.5
_BEFORE_SINGLE = "在来去到回赴是离 ，,。"
_LEADING = "在来去到回离进驻"
_AFTER_WORDS = ("企业", "公司", "高校", "注册", "落地", "发展", "创业")
_AFTER_SINGLE = "市省这那有办做搞内呢吗和跟与比的，,。 "


def within(region: str, area: str) -> bool:
    """Whether `region` is `area` or lies inside it."""
    return region == area or region.startswith(area + "/")


def find_places(text: str, lexicon: Lexicon) -> list[tuple[Span, tuple[str, ...]]]:
    """Places that a question names: where, and the region paths it may mean.

    A name of one character counts only where it stands like a word (在沪, 蓉这边), not inside 沪深交易所.
    """
    mentions = find_mentions(text, lexicon.places, _LEAST_WEIGHT, _stands)
    found = [(mention.span, tuple(path for path, _ in mention.targets)) for mention in mentions]
    return found or _misspelt(text, lexicon)


def _misspelt(text: str, lexicon: Lexicon) -> list[tuple[Span, tuple[str, ...]]]:
    """The first pair of loose characters that sounds like a place and shares a character with it: 福洲, 清岛."""
    names = _by_sound(tuple(lexicon.places))
    for pair in Tokenizer(lexicon.vocabulary()).loose_pairs(text):
        meant = [name for name in names.get(pinyin(pair), ()) if set(name) & set(pair)]
        targets = [path for name in meant for path, weight in lexicon.places[name] if weight >= _LEAST_WEIGHT]
        if targets:
            start = text.index(pair)
            return [(Span(start, start + 2), tuple(dict.fromkeys(targets)))]
    return []


@lru_cache(maxsize=4)
def _by_sound(names: tuple[str, ...]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for name in names:
        if len(name) == 2 and is_han(name):
            table.setdefault(pinyin(name), []).append(name)
    return table


def _stands(text: str, span: Span) -> bool:
    """Whether a name stands like a word: 在宁 does in 在宁企业, and does not in 在宁波."""
    before, after = text[span.start - 1 : span.start], text[span.end : span.end + 1]
    led = len(span) == 2 and text[span.start] in _LEADING
    if len(span) > 1 and not led:
        return True
    return (led or before in _BEFORE_SINGLE) and (not after or after in _AFTER_SINGLE or text.startswith(_AFTER_WORDS, span.end))


def relation(regions: Sequence[str], document: DocumentInfo) -> float:
    """How near a document stands to the regions of a question.

    Returns:
        1.0 same region, 0.9 the document comes from above and applies there, 0.8 it serves a part of the region, 0.0 else.
    """
    best = 0.0
    for region in regions:
        for own in document.regions:
            if own == region:
                best = max(best, 1.0)
            elif within(region, own):
                best = max(best, 0.9)
            elif within(own, region):
                best = max(best, 0.8)
    return best


def is_covered(region: str, documents: Iterable[DocumentInfo]) -> bool:
    """Whether any document applies in the region or in a part of it."""
    return any(relation((region,), document) > 0 for document in documents)


def outermost(regions: Iterable[str]) -> tuple[str, ...]:
    """Distinct regions in order, a region dropped when a narrower one inside it is named as well (云州云岭 -> 云岭)."""
    unique = tuple(dict.fromkeys(regions))
    return tuple(r for r in unique if not any(other != r and within(other, r) for other in unique))


def short_name(region: str) -> str:
    """What a person calls a region path: its last part."""
    return region.rsplit("/", 1)[-1]


def city_of(document: DocumentInfo) -> str:
    """The place under which a document is listed in comparisons: where it applies, two levels at most for cities."""
    return document.applies_to[0]
