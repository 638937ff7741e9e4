"""Whether an answer's figures are proved: by the passages it cites, by what the user typed, or by sound sums."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from eval.figures import Figure, durations, figures, spoken
from qa.readers import fold

Row = Mapping[str, Any]

_BARE_YEAR = re.compile(r"(?<![\d.])((?:19|20)\d{2})(?![\d.%])")
_HEADER_UNIT = re.compile(r"[(（](?:单位[:：])?(万元|亿元|%)[)）]")
_BARE = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.%])")
_SEGMENT = re.compile(r".*?(?:\s*\[注?\d{1,2}\])+|.+", re.DOTALL)
_MARK = re.compile(r"\[(注?\d{1,2})\]")
_LIST_MARK = re.compile(r"^\s*(?:[-*•]\s*)?\d{1,2}[、.．)）]\s*(?!\d{1,2}[%月日]|\.)")


def source_figures(texts: Iterable[str]) -> list[Figure]:
    """Every figure that sources state: as in `figures`, durations, bare years, and bare numbers under a header such as （万元）."""
    found: list[Figure] = []
    texts = [fold(text) for text in texts]
    units = set(_HEADER_UNIT.findall("\n".join(texts)))
    for text in texts:
        found += figures(text)
        found += durations(text)
        found += [Figure("date", (float(year), 0.0, 0.0), year) for year in _BARE_YEAR.findall(text)]
        found += [figure for unit in units for number in _BARE.findall(text) for figure in figures(number + unit)]
    return found


def supported(figure: Figure, sources: Iterable[Figure]) -> bool:
    """Whether some source figure says this one."""
    return any(figure.supported_by(source) for source in sources)


def segments(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """An answer cut behind its markers and at line ends: each piece with the markers ("1", "注1") that stand behind it."""
    for line in text.replace("**", "").split("\n"):
        for match in _SEGMENT.finditer(_LIST_MARK.sub("", line)):
            if piece := _MARK.sub("", match.group()).strip():
                yield piece, tuple(_MARK.findall(match.group()))


def citation_texts(citation: Row) -> list[str]:
    """What a cited passage says: text, quote, title, headings, and context (lead-in, table header) where it is given."""
    context = citation.get("context") or []
    parts = [citation.get("text", ""), citation.get("quote", ""), citation.get("title", ""), *citation.get("path", [])]
    return [part for part in (*parts, *([context] if isinstance(context, str) else context)) if part]


def unsupported(question: Row, answer: Row) -> tuple[list[Figure], int]:
    """Figures of an answer that nothing proves, and how many figures it has.

    A figure stands in a passage that its own piece of the answer cites ([1] in `citations`, [注1] in `notes`), in what the
    user typed, or in `computed` with sound operands. A piece without a marker has the user's words and `computed` only.
    """
    cited = _by_marker(answer)
    typed = _typed(question, answer)
    sums = _sound_sums(answer, [*typed, *(figure for found in cited.values() for figure in found)])
    missing, count = [], 0
    for piece, markers in segments(answer.get("answer") or ""):
        known = [*typed, *sums, *(figure for marker in markers for figure in cited.get(marker, []))]
        found = figures(piece)
        count += len(found)
        missing += [figure for figure in found if not supported(figure, known)]
    return missing, count


def unsupported_by_any(question: Row, answer: Row) -> tuple[list[Figure], int]:
    """As `unsupported`, read without markers: a figure may stand in any of `citations`, and `notes` prove nothing."""
    known = [
        *_typed(question, answer),
        *source_figures(text for item in answer.get("citations") or [] for text in citation_texts(item)),
    ]
    known += _sound_sums(answer, known)
    found = [figure for piece, _ in segments(answer.get("answer") or "") for figure in figures(piece)]
    return [figure for figure in found if not supported(figure, known)], len(found)


def _by_marker(answer: Row) -> dict[str, list[Figure]]:
    cited = {str(item.get("marker")): source_figures(citation_texts(item)) for item in answer.get("citations") or []}
    return cited | {f"注{item.get('marker')}": source_figures(citation_texts(item)) for item in answer.get("notes") or []}


def _typed(question: Row, answer: Row) -> list[Figure]:
    texts = [question.get("question", ""), *question.get("history", [])]
    said = [figure for text in texts for figure in spoken(text)]
    return source_figures(texts) + said + figures(str(answer.get("as_of") or ""))


def _sound_sums(answer: Row, known: list[Figure]) -> list[Figure]:
    return [
        figure for item in answer.get("computed") or [] if is_sound(item, known) for figure in figures(str(item.get("result", "")))
    ]


def is_sound(computed: Row, known: list[Figure]) -> bool:
    """Whether every operand is stated, and the result follows from the operands.

    An amount or a ratio follows when it is an operand, or a sum, difference or product of some; a date when it is an
    operand, or a date among the operands moved by the durations among them.
    """
    texts = [str(operand) for operand in computed.get("operands") or []]
    operands = [figure for text in texts for figure in (*figures(text), *spoken(text), *durations(text))]
    results = figures(str(computed.get("result", "")))
    if not operands or not results or not all(supported(operand, known) for operand in operands):
        return False
    values = _reachable([operand.value[0] for operand in operands if operand.kind in ("amount", "ratio")])
    return all(_follows_date(result, operands) if result.kind == "date" else _follows(result, values) for result in results)


def _follows(result: Figure, values: set[float]) -> bool:
    return any(math.isclose(result.value[0], value, rel_tol=1e-3) for value in values)


def _follows_date(result: Figure, operands: Sequence[Figure]) -> bool:
    dates = [operand for operand in operands if operand.kind == "date"]
    months = sum(operand.value[0] for operand in operands if operand.kind == "duration")
    days = sum(operand.value[1] for operand in operands if operand.kind == "duration")
    return supported(result, dates) or any(_within(result, date, months, days) for date in dates if months or days)


def _within(result: Figure, date: Figure, months: float, days: float) -> bool:
    """Whether a date lies where another one, known to the year, month or day, comes to after so many months and days."""
    year, month, day = date.value
    earliest = 12 * year + (month or 1) - 1 + months + ((day or 1) - 1 + days - 1) // 31
    latest = 12 * year + (month or 12) - 1 + months + ((day or 31) - 1 + days) // 28
    given = (12 * result.value[0] + (result.value[1] or 1) - 1, 12 * result.value[0] + (result.value[1] or 12) - 1)
    return given[0] <= latest and given[1] >= earliest


def _reachable(values: list[float]) -> set[float]:
    reached = set(values)
    for size in (2, 3, 4):
        for chosen in combinations(values, size):
            reached |= {sum(chosen), math.prod(chosen), 2 * max(chosen) - sum(chosen)}
    products = [a * b for a, b in combinations(values, 2)]
    return reached | {a + b for a, b in combinations(products, 2)} | {a + b for a in products for b in values}
