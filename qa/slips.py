"""Typing slips: a word that the corpus does not know, but that sounds like one it knows (姿助 -> 资助)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from qa.lexical import LexicalIndex, Tokenizer

_HAN = re.compile(r"[㐀-鿿]{2,}")
_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("hu", "h"))


class SlipFinder:
    """Finds known words that sound like pairs of characters unknown to the corpus."""

    def __init__(self, tokenizer: Tokenizer, known: LexicalIndex) -> None:
        self._tokenizer = tokenizer
        self._known = known

    @cached_property
    def _by_sound(self) -> dict[str, set[str]]:
        table: dict[str, set[str]] = {}
        for word in self._known.words():
            if len(word) == 2 and _HAN.fullmatch(word):
                table.setdefault(_sound(word), set()).add(word)
        return table

    def mend(self, text: str) -> Iterator[str]:
        """Known words of two characters that sound like loose pairs of the text."""
        for pair in self._slips(text):
            yield from sorted(self._by_sound.get(_sound(pair), ()))

    def repaired(self, text: str) -> str:
        """The text with each such pair replaced by the commonest known word that sounds like it."""
        for pair in self._slips(text):
            words = self._by_sound.get(_sound(pair), ())
            if words:
                text = text.replace(pair, min(words, key=lambda word: (self._known.idf(word), word)))
        return text

    def _slips(self, text: str) -> list[str]:
        return [pair for pair in self._tokenizer.loose_pairs(text) if f"~{pair}" not in self._known]


@lru_cache(maxsize=20_000)
def _sound(word: str) -> str:
    """Toneless pinyin with the sounds that are often confused made equal."""
    from pypinyin import lazy_pinyin

    sound = " ".join(lazy_pinyin(word))
    for written, plain in _NEAR:
        sound = sound.replace(written, plain)
    return sound
