"""How words sound, for slips of the input method."""

from __future__ import annotations

import re
from functools import lru_cache

_HAN = re.compile(r"[㐀-鿿]+")
_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("hu", "h"))


@lru_cache(maxsize=20_000)
def pinyin(word: str) -> str:
    """Toneless pinyin."""
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(word))


def sound(word: str) -> str:
    """Toneless pinyin with the sounds that are often confused made equal."""
    heard = pinyin(word)
    for written, plain in _NEAR:
        heard = heard.replace(written, plain)
    return heard


def is_han(text: str) -> bool:
    """Whether a text is Chinese characters only."""
    return _HAN.fullmatch(text) is not None
