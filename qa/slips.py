"""Typing slips: a word that the corpus does not know, but that sounds like one it knows (姿助 -> 资助)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from qa.lexical import LexicalIndex, Tokenizer
from qa.sounds import is_han, sound


class SlipFinder:
    """Finds known words that sound like pairs of characters unknown to the corpus."""

    def __init__(self, tokenizer: Tokenizer, known: LexicalIndex) -> None:
        self._tokenizer = tokenizer
        self._known = known

    @cached_property
    def _by_sound(self) -> dict[str, set[str]]:
        table: dict[str, set[str]] = {}
        for word in self._known.words():
            if len(word) == 2 and is_han(word):
                table.setdefault(sound(word), set()).add(word)
        return table

    def mend(self, text: str) -> Iterator[str]:
        """Known words of two characters that sound like loose pairs of the text."""
        for pair in self._slips(text):
            yield from sorted(self._by_sound.get(sound(pair), ()))

    def repaired(self, text: str) -> str:
        """The text with each such pair replaced by the commonest known word that sounds like it."""
        for pair in self._slips(text):
            words = self._by_sound.get(sound(pair), ())
            if words:
                text = text.replace(pair, min(words, key=lambda word: (self._known.idf(word), word)))
        return text

    def _slips(self, text: str) -> list[str]:
        return [pair for pair in self._tokenizer.loose_pairs(text) if f"~{pair}" not in self._known]
