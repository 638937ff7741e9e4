"""Which way of answering fits the question: one place, a comparison, several places, or declining."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.answer import comparison, decline, notes
from qa.answer.asked import asks_for_figures, asks_for_money, has
from qa.answer.clause_model import ClauseModel
from qa.answer.draft import Draft, Outcome
from qa.answer.extract import Pick, answer_draft, extras, pick_clauses
from qa.answer.found import FoundModel
from qa.answer.tiers import work_out
from qa.answer.verdict import judge
from qa.corpus import Document
from qa.places import relation, short_name
from qa.ranking import Ranking
from qa.types import Hit, Query, Refusal, Role

_OPEN_BELOW = 4.0  # how far under the best a place may score and still answer an open question
_WHICH_BELOW = 4.5
_OPEN_DEPTH = 80
_SUMS = ("amount", "ratio")


class Answerer:
    """Turns a ranking into drafts; holds the model of clauses and the one of declining."""

    def __init__(self, ranking: Ranking, clauses: ClauseModel, found: FoundModel) -> None:
        self._ranking = ranking
        self._retriever = ranking.retriever
        self._corpus = ranking.retriever.corpus
        self._clauses = clauses
        self._found = found

    def answer(self, query: Query, hits: Sequence[Hit], as_of: date) -> Outcome:
        """Drafts for a question whose passages have been ranked."""
        if not hits:
            return decline.declining(Refusal.NO_EVIDENCE, None, query, self._corpus)
        if query.comparison and len(query.regions) + len(query.uncovered) >= 2:
            return comparison.compare(query, lambda region, limit: self._row(query, region, limit))
        validity = (query, self._meant(query, hits), self._corpus, self._retriever.index.passages, as_of)
        if denied := notes.validity_denied(*validity):
            return decline.declining(Refusal.PREMISE, denied, query, self._corpus)
        if drafts := notes.validity_answer(*validity):
            unknown = notes.end_unstated(query, self._meant(query, hits), self._corpus, as_of)
            return Outcome(tuple(drafts), Refusal.NOT_STATED if unknown else None)
        picks = self._pick(query, hits)
        refusal = self._refusal(query, hits, picks) or self._elsewhere(query, picks)
        if not query.regions and not query.documents and refusal in (None, Refusal.NOT_STATED):
            several = self._several_places(query)
            if several:
                return several
        if refusal is not None:
            draft = answer_draft(picks, self._corpus, query) if picks else None
            return decline.declining(refusal, draft, query, self._corpus)
        return self._single(query, picks, as_of)

    def _meant(self, query: Query, hits: Sequence[Hit]) -> Document:
        """The document that a question about validity means: the one it names, else the best one of its place."""
        found = [self._corpus.documents[hit.passage.document] for hit in hits]
        if len(query.documents) == 1:
            return self._corpus.documents[query.documents[0]]
        return next((document for document in found if relation(query.regions, document.info)), found[0])

    def _pick(self, query: Query, hits: Sequence[Hit], limit: int | None = None) -> list[Pick]:
        options = {"limit": limit} if limit else {}
        return pick_clauses(query, hits, self._retriever, self._clauses, **options)

    def _refusal(self, query: Query, hits: Sequence[Hit], picks: Sequence[Pick]) -> Refusal | None:
        return decline.decide(query, hits, picks, self._corpus, self._found.judge(query, hits, picks))

    def _elsewhere(self, query: Query, picks: Sequence[Pick]) -> Refusal | None:
        """No evidence, when the best clause stands in the policy of a place that was not asked about."""
        if not (query.regions and picks and self._retriever.config.region) or query.documents:
            return None
        info = self._corpus.documents[picks[0].clause.passage.document].info
        return None if relation(query.regions, info) else Refusal.NO_EVIDENCE

    def _single(self, query: Query, picks: list[Pick], as_of: date) -> Outcome:
        draft = answer_draft(picks, self._corpus, query)
        drafts = [draft]
        passage = picks[0].clause.passage
        worked = work_out(query.text, "".join(pick.clause.text for pick in sorted(picks, key=lambda pick: pick.spans[0].start)))
        verdict = worked.verdict if worked else None
        if worked:
            drafts.append(Draft(worked.sentence, draft.quotes, Role.COMPUTED, computed=worked.computed))
        if verdict is None and (judged := judge(query, "".join(pick.clause.text for pick in picks))):
            verdict, sentence = judged
            drafts.append(Draft(sentence, draft.quotes, Role.COMPUTED))
        drafts += extras(query, picks)
        document = self._corpus.documents[passage.document]
        drafts += notes.warnings(document, self._corpus, self._retriever.index.passages, as_of, query)
        drafts += notes.differing_copies([pick.clause for pick in picks], self._ranking.differing(passage), self._corpus)
        general = tuple(notes.general_clauses(document, self._retriever.index.passages))
        return Outcome(tuple(drafts), verdict=verdict, general=general)

    def _several_places(self, query: Query) -> Outcome | None:
        """Rows for a question that names no place and that several places answer."""
        hits = self._ranking.rank(query, most=_OPEN_DEPTH)
        groups = comparison.by_place(hits, self._corpus, _WHICH_BELOW if query.which_places else _OPEN_BELOW)
        limit = comparison.row_chars(len(groups))
        rows = [row for place, group in groups.items() if (row := self._row_from(query, group, limit, short_name(place)))]
        stated = [row for row in rows if has(row.text, _SUMS)]
        if (
            asks_for_figures(query) and len(stated) >= 2
        ):  # places that name a sum answer better than those that only promise support
            rows = stated
        if len(rows) < 2 and not (query.which_places and rows):
            return None
        searched = len({path for document in self._corpus for path in document.info.applies_to})
        return comparison.list_places(query, rows, searched)

    def _row(self, query: Query, region: str, limit: int) -> Draft | None:
        """The row of one place from its own search, or None when nothing there fits."""
        hits = self._ranking.rank(query, within=(region,), most=8)
        picks = self._pick(query, hits) if hits else []
        if not hits or self._refusal(query, hits, picks) in (Refusal.OUT_OF_DOMAIN, Refusal.NO_EVIDENCE):
            return None
        hits = self._payable(query, hits, picks)
        return self._row_from(query, hits, limit, comparison.region_label(region, hits[0], self._corpus))

    def _payable(self, query: Query, hits: list[Hit], picks: Sequence[Pick]) -> list[Hit]:
        """Where money is asked for and a plan would answer without any sum: the near passages with a sum that can be claimed."""
        told = picks[0].clause.passage if picks else hits[0].passage
        if not asks_for_money(query) or self._corpus.documents[told.document].info.claimable or has(told.text, _SUMS):
            return hits
        near = [hit for hit in hits if hit.score >= hits[0].score - _OPEN_BELOW and has(hit.passage.text, _SUMS)]
        return [hit for hit in near if self._corpus.documents[hit.passage.document].info.claimable] or hits

    def _row_from(self, query: Query, hits: Sequence[Hit], limit: int, label: str) -> Draft | None:
        picks = self._pick(query, hits, limit)
        return answer_draft(picks, self._corpus, query, Role.ROW, label) if picks else None
