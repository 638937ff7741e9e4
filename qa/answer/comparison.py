"""Several places: one row a place, each from its own search, so that one place cannot crowd out the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.answer.draft import Draft, Outcome
from qa.corpus import Corpus
from qa.places import relation, short_name
from qa.types import Hit, Query, Refusal, Role

RowMaker = Callable[[str, int], Draft | None]  # region, characters -> the row of one place
ROW_CHARS = 110
_MOST_ROWS = 5


def compare(query: Query, make_row: RowMaker) -> Outcome:
    """A row for every place that the question names; a place without evidence says so."""
    limit = row_chars(len(query.regions))
    drafts: list[Draft] = []
    missing: list[str] = []
    for region in query.regions:
        row = make_row(region, limit)
        if row:
            drafts.append(row)
        else:
            missing.append(short_name(region))
    missing += [short_name(region) for region in query.uncovered]
    if missing:
        drafts.append(Draft(f"{'、'.join(missing)}：收录的文件里没有找到这一项。", role=Role.NOTICE))
    has_rows = any(draft.role is Role.ROW for draft in drafts)
    return Outcome(tuple(drafts), None if has_rows else Refusal.NO_EVIDENCE)


def by_place(hits: Sequence[Hit], corpus: Corpus, below: float, most: int = _MOST_ROWS) -> dict[str, list[Hit]]:
    """Hits grouped by the place where their document applies; places whose best hit scores near the best of all, in order.

    Args:
        hits: passages, best first.
        corpus: to know where a document applies.
        below: how far under the best score a place's best may be.
        most: places returned at most.
    """
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(corpus.documents[hit.passage.document].info.applies_to[0], []).append(hit)
    best = hits[0].score if hits else 0.0
    near = {place: group for place, group in groups.items() if group[0].score >= best - below}
    return dict(list(near.items())[:most])


def row_chars(rows: int) -> int:
    """Characters for each of several rows, so that all can be read in one look."""
    return min(max(320 // max(rows, 1) - 8, 48), ROW_CHARS)


def list_places(query: Query, rows: Sequence[Draft], searched: int) -> Outcome:
    """The rows of an open question, and how many places were searched or which place it is."""
    if query.which_places:
        closing = f"共查了{searched}个地方的文件，以上{len(rows)}个地方有相关条文。"
    else:
        closing = "各地规定不同，您的公司在哪里？告诉我城市或园区，可以查得更准。"
    return Outcome((*rows, Draft(closing, role=Role.NOTICE)))


def region_label(region: str, hit: Hit, corpus: Corpus) -> str:
    """The name of a row: the place where the document applies, or the place asked for when the document comes from above."""
    own = corpus.documents[hit.passage.document].info.applies_to[0]
    return short_name(own) if relation((region,), corpus.documents[hit.passage.document].info) in (0.8, 1.0) else short_name(region)
