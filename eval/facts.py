"""Whether a passage holds a quote and whether an answer states a fact: the comparisons that all scores rest on."""

from __future__ import annotations

import re
from functools import lru_cache

from qa.readers import fold

PASSAGE_CHARS = 700  # a passage is read only so far
TRIGRAM_SHARE = 0.7
ANSWER_CHARS = 130
LONG_ANSWER_CHARS = 320
LONG_TYPES = frozenset(("list", "comparison", "open"))

_MARKER = re.compile(r"\s*[\[［【]注?(\d{1,2})[\]］】]")
_FIGURE = re.compile(r"\d+(?:\.\d+)?(?:%|万|亿)?")
_MEASURES = "平人户家个台辆件亩吨名套标千册册张次"  # 5万 before one of these is not money
_UNITS = "一二三四五六七八九"


def holds_quote(passage: str, quote: str) -> bool:
    """Whether a passage is right for a quote, read to its 700th character.

    Folded and verbatim, or all of the quote's figures (with %, 万, 亿) and 70% of its character trigrams.
    """
    read, wanted = _folded(passage[:PASSAGE_CHARS]), _folded(quote)
    if not wanted:
        return False
    return wanted in read or (_figures(wanted) <= _figures(read) and _trigram_share(read, wanted) >= TRIGRAM_SHARE)


@lru_cache(maxsize=20_000)
def _folded(text: str) -> str:
    return fold(text)


@lru_cache(maxsize=20_000)
def _figures(folded: str) -> frozenset[str]:
    return frozenset(_FIGURE.findall(re.sub(r"(?<=\d),(?=\d{3})", "", folded)))


@lru_cache(maxsize=20_000)
def _trigrams(folded: str) -> frozenset[str]:
    return frozenset(folded[i : i + 3] for i in range(len(folded) - 2))


def _trigram_share(read: str, wanted: str) -> float:
    grams = _trigrams(wanted)
    return len(grams & _trigrams(read)) / len(grams) if grams else 0.0


def plain(text: str) -> str:
    """An answer without bold and [1] or [注1] markers.

    Two figures that a marker or a line end kept apart stay apart, and two telephones that a space did.
    """
    bare = _MARKER.sub("\v", text.replace("**", "").replace("__", ""))
    bare = re.sub(r"(?<=\d{7}) +(?=\d{7})", "|", bare)
    return re.sub(r"(?<=\d)\s*[\v\n]\s*(?=\d)", "|", bare).replace("\v", "")


def read_part(text: str, type: str) -> str:
    """The part of an answer that is read: 130 characters, 320 for list, comparison and open; never half a number."""
    limit = LONG_ANSWER_CHARS if type in LONG_TYPES else ANSWER_CHARS
    bare = plain(text).strip()
    part = bare[:limit]
    return part.rstrip("0123456789.") if re.match(r"[\d.]", bare[limit : limit + 1]) else part


def states(text: str, fact: str) -> bool:
    """Whether a text states a fact: folded, 万元 equal to 万, and 5家 is not found inside 35家."""
    return re.search(_fact_pattern(fact), _folded(text)) is not None


@lru_cache(maxsize=20_000)
def _fact_pattern(fact: str) -> str:
    wanted = fold(fact)
    body = re.escape(wanted).replace("万元", "万")
    body = body.replace("万", "万元?")
    if wanted.endswith("万元"):
        body += f"(?![{_MEASURES}])"
    return _not_before(wanted[:1]) + body + _not_after(wanted[-1:])


def _not_before(first: str) -> str:
    if first.isdigit():
        return r"(?<!\d)(?<!\d\.)(?<!\d,)"
    if first in _UNITS:
        return "(?<![十百])"
    return f"(?<![{_UNITS}])" if first == "十" else ""


def _not_after(last: str) -> str:
    if last.isdigit():
        return r"(?!\d)(?!\.\d)(?!%)"
    return f"(?![{_UNITS}])" if last == "十" else ""
