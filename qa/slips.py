"""Typing slips: a word that the corpus does not know, but that sounds like one it knows (姿助 -> 资助, 标淮 -> 标准)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from qa.lexical import LexicalIndex, Tokenizer

_HAN = re.compile(r"[㐀-鿿]{2,}")
_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("hu", "h"))


class SlipFinder:
    """Finds known words that sound like, or differ by one look-alike character from, unknown pairs of characters."""

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
        """Known words of two characters that sound like pairs of the text unknown to the corpus."""
        for run in _HAN.findall(text):
            for i in range(len(run) - 1):
                pair = run[i : i + 2]
                if f"~{pair}" not in self._known and not self._tokenizer.is_word(pair):
                    yield from self._by_sound.get(_sound(pair), ())


@lru_cache(maxsize=20_000)
def _sound(word: str) -> str:
    """Toneless pinyin with the sounds that are often confused made equal."""
    from pypinyin import lazy_pinyin

    sound = " ".join(lazy_pinyin(word))
    for written, plain in _NEAR:
        sound = sound.replace(written, plain)
    return sound
