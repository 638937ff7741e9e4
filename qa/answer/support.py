"""Where a passage supports a sentence that somebody else has put into words: the clauses with its figures and its wording."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.clauses import Clause, clauses_of
from qa.quantities import Quantity, covers, find_quantities
from qa.readers import fold
from qa.types import Passage, Span

_MOST = 3  # clauses quoted from one passage
_SHARE = 0.2  # of the sentence's trigrams, without which a clause must bring a figure; our own written answers have more


def supporting_spans(sentence: str, passage: Passage) -> tuple[Span, ...]:
    """The clauses of a passage that a sentence rests on, in reading order; empty when it does not rest on this passage.

    Clauses are taken one by one, each time the one that brings most of the figures and trigrams still to be found.
    """
    figures, trigrams = list(find_quantities(sentence)), _trigrams(sentence)
    whole, chosen = len(trigrams) or 1, list[Clause]()
    left = list(clauses_of(passage))
    while left and len(chosen) < _MOST:
        best = max(left, key=lambda clause: _gain(clause, figures, trigrams, whole))
        found = _covered(best, figures)
        if not found and len(trigrams & _trigrams(best.text)) < _SHARE * whole:
            break
        chosen.append(best)
        left.remove(best)
        figures = [figure for figure in figures if figure not in found]
        trigrams = trigrams - _trigrams(best.text)
    return tuple(sorted(clause.span for clause in chosen))


def _gain(clause: Clause, figures: Sequence[Quantity], trigrams: frozenset[str], whole: int) -> float:
    return len(_covered(clause, figures)) + len(trigrams & _trigrams(clause.text)) / whole


def _covered(clause: Clause, figures: Sequence[Quantity]) -> list[Quantity]:
    return [figure for figure in figures if covers(figure, clause.text)]


def _trigrams(text: str) -> frozenset[str]:
    folded = fold(text)
    return frozenset(folded[i : i + 3] for i in range(len(folded) - 2))
