"""Finding verbatim text: quotes are matched folded (NFKC, no white space) and answered as spans of the unfolded text."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from qa.types import Span


class FoldedText:
    """A text in folded form with a map back to its own offsets."""

    def __init__(self, text: str) -> None:
        self.length = len(text)
        chars: list[str] = []
        origins: list[int] = []
        for i, char in enumerate(text):
            for plain in unicodedata.normalize("NFKC", char):
                if not plain.isspace():
                    chars.append(plain)
                    origins.append(i)
        self.text = "".join(chars)
        self._origins = origins

    def find(self, quote: str, near: int = 0) -> Span | None:
        """The occurrence of `quote` that begins nearest to offset `near`, or None.

        Args:
            quote: text to find, compared folded.
            near: an offset of the unfolded text.
        """
        needle = _fold(quote)
        if not needle:
            return None
        best: Span | None = None
        at = self.text.find(needle)
        while at >= 0:
            span = Span(self._origins[at], self._origins[at + len(needle) - 1] + 1)
            if best is None or abs(span.start - near) < abs(best.start - near):
                best = span
            at = self.text.find(needle, at + 1)
        return best


def _fold(text: str) -> str:
    return "".join(plain for char in text for plain in unicodedata.normalize("NFKC", char) if not plain.isspace())


@lru_cache(maxsize=256)
def folded(text: str) -> FoldedText:
    """A cached `FoldedText`; documents are searched many times."""
    return FoldedText(text)
