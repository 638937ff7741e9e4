"""Near-copies of passages: collapsed only when every figure, qualifier and department agrees, else kept with the difference."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.quantities import find_quantities
from qa.readers import fold
from qa.types import Passage

_ALIKE = 0.85
_LEAST_CHARS = 30
_OFFICE = re.compile(r"(?![由和及与])[一-鿿]{1,12}?(?:局|委|厅|办|政府|管委会|集团)")


@dataclass(frozen=True, slots=True)
class Copies:
    """Numbers of passages that say the same (`same`), and pairs that are alike but differ in a fact (`different`)."""

    same: dict[int, tuple[int, ...]]
    different: dict[int, tuple[int, ...]]

    def twins(self, number: int) -> tuple[int, ...]:
        """Passages that say the same as this one."""
        return self.same.get(number, ())


def find_copies(passages: Sequence[Passage]) -> Copies:
    """Compare passages that share rare character trigrams.

    Two passages are alike when the Jaccard index of their trigrams is at least 0.85.
    """
    grams = [_trigrams(passage.text) for passage in passages]
    same: dict[int, list[int]] = defaultdict(list)
    different: dict[int, list[int]] = defaultdict(list)
    for a, b in _pairs(grams):
        if len(grams[a] & grams[b]) >= _ALIKE * len(grams[a] | grams[b]):
            table = same if facts(passages[a].text) == facts(passages[b].text) else different
            table[a].append(b)
            table[b].append(a)
    return Copies({k: tuple(v) for k, v in same.items()}, {k: tuple(v) for k, v in different.items()})


def _pairs(grams: Sequence[frozenset[str]]) -> set[tuple[int, int]]:
    """Pairs that share one of the rarest trigrams of either."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(grams):
        for gram in own:
            holders[gram].append(number)
    pairs: set[tuple[int, int]] = set()
    for own in grams:
        for gram in sorted(own, key=lambda g: (len(holders[g]), g))[:8]:
            numbers = [n for n in holders[gram] if len(holders[gram]) <= 12]
            pairs.update((a, b) for a in numbers for b in numbers if a < b)
    return pairs


def _trigrams(text: str) -> frozenset[str]:
    folded = fold(text)
    return frozenset(folded[i : i + 3] for i in range(len(folded) - 2)) if len(folded) >= _LEAST_CHARS else frozenset()


@lru_cache(maxsize=4096)
def facts(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The figures with their qualifiers and the offices of a text; what must agree before two texts count as one."""
    figures = tuple(f"{q.qualifier}{q.kind}{q.value}{q.unit}" for q in find_quantities(text))
    return figures, tuple(sorted(set(_OFFICE.findall(text))))
