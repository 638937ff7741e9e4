"""The pipeline put together: `load` a corpus with its index, then `ask`, `stream` or `search`.

One path: the page, the command line, the API and the evaluation all call `Assistant.stream` or `Assistant.ask`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from qa.answer import decline
from qa.answer.clause_model import CLAUSE_FEATURES, ClauseModel
from qa.answer.draft import Outcome
from qa.answer.found import load_found
from qa.answer.generate import Writer
from qa.answer.models import load_generator
from qa.answer.plan import Answerer
from qa.answerability import load_answerability
from qa.config import Config
from qa.copies import find_copies
from qa.corpus import Corpus, load_corpus
from qa.embed import load_encoder
from qa.errors import InputError
from qa.index import Progress, build_index, index_exists, load_index
from qa.intent import IntentModel, load_intent
from qa.lexical import Tokenizer
from qa.lexicon import Lexicon, load_lexicon
from qa.places import relation
from qa.query import parse_query
from qa.ranking import Ranking
from qa.rerank import RANKER_FILE, load_reranker, load_weights
from qa.retrieve import Retriever
from qa.types import Answer, Done, Event, Found, Hit, Query, Refusal, Turn
from qa.verifier import Verifier


def load(config: Config | None = None, progress: Progress | None = None) -> Assistant:
    """Open the corpus and its index; a missing index is built first.

    Args:
        config: settings; the defaults when None.
        progress: called while an index is built, with the step and the share done.

    Raises:
        QAError: corpus, index or model cannot be used; the message says the remedy.
    """
    config = config or Config()
    generator = load_generator(config)
    if not index_exists(config):
        build_index(config, progress)
    corpus = load_corpus(config.corpus_dir)
    index = load_index(config, corpus)
    lexicon = load_lexicon(Path(config.corpus_dir) / "lexicon.tsv")
    encoder = load_encoder(config.encoder if config.dense else "", config.query_prompt, config.device, config.backend)
    retriever = Retriever(config, corpus, index, Tokenizer(lexicon.vocabulary()), encoder)
    ranking = Ranking(
        retriever, load_reranker(config.reranker, retriever, config.device, config.backend), find_copies(index.passages)
    )
    read = load_answerability(config.answerability)
    clauses = ClauseModel(load_weights(RANKER_FILE, "clause", CLAUSE_FEATURES), read.clause)
    answerer = Answerer(ranking, clauses, load_found(RANKER_FILE, retriever, read.passage))
    writer = Writer(generator, corpus, index.passages) if generator else None
    return Assistant(config, corpus, lexicon, ranking, answerer, load_intent(config.intent), writer)


class Assistant:
    """Answers questions from one corpus. Safe to share between threads: it holds no state of a conversation."""

    def __init__(
        self,
        config: Config,
        corpus: Corpus,
        lexicon: Lexicon,
        ranking: Ranking,
        answerer: Answerer,
        intents: IntentModel | None,
        writer: Writer | None = None,
    ) -> None:
        self.config = config
        self.corpus = corpus
        self._lexicon = lexicon
        self.ranking = ranking
        self._answerer = answerer
        self._intents = intents
        self._writer = writer
        self._documents = tuple(document.info for document in corpus)

    def ask(self, question: str, history: Sequence[Turn] = (), *, region: str = "", as_of: date | None = None) -> Answer:
        """Answer one question.

        Args:
            question: what the user typed last.
            history: earlier turns, oldest first.
            region: a region path chosen beforehand, used when the question names no place.
            as_of: the date on which validity is judged; today when None.

        Raises:
            InputError: the question is empty, too long or has no words.
        """
        for event in self.stream(question, history, region=region, as_of=as_of):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a stream ends with Done")

    def search(
        self, question: str, history: Sequence[Turn] = (), *, region: str = "", k: int = 20
    ) -> tuple[Query, tuple[Hit, ...]]:
        """The query as understood and the ranking, without an answer."""
        query = self.parse(question, history, region)
        return query, tuple(self.ranking.rank(query, most=k))

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, region: str = "", as_of: date | None = None
    ) -> Iterator[Event]:
        """`Found`, then a `Delta` for every sentence that has passed verification, then `Done`; see `ask`."""
        as_of = as_of or date.today()
        clock = _Clock()
        query = self.parse(question, history, region)
        clock.lap("query")
        outcome = decline.before_search(query, self.corpus, self._intents)
        if outcome and outcome.refusal in (Refusal.CHAT, Refusal.HOSTILE):
            query = replace(query, carried=())  # a greeting or an attack carries nothing over
        hits = self.ranking.rank(query, most=self.config.results)
        clock.lap("retrieve")
        yield Found(query, tuple(hits))
        outcome = outcome or self._answerer.answer(query, hits, as_of)
        clock.lap("answer")
        verifier = Verifier(self.corpus, query.text, self.config.verification)
        if self._writer and self._writer.takes(outcome, hits):
            yield from verifier.pass_through(self._writer.drafts(query, hits, history, outcome))
            outcome = self._writer.rest(query, outcome, verifier.citations, as_of)
            clock.lap("generate")
        yield from verifier.pass_through(outcome.drafts)
        clock.lap("verify")
        yield Done(self._finish(question, query, hits, outcome, verifier, as_of, clock))

    def parse(self, question: str, history: Sequence[Turn] = (), region: str = "") -> Query:
        """The question as the pipeline understands it; see `ask`."""
        query = parse_query(question, self._lexicon, self._documents, history, region, self.config.max_question_chars)
        return replace(query, recent=self._recent(query, history, region)) if query.carried else query

    def _recent(self, query: Query, history: Sequence[Turn], region: str) -> str:
        """The document of the best passage of the turn before, unless that serves another place; "" when there is none."""
        try:
            before = parse_query(history[-1].question, self._lexicon, self._documents, history[:-1], region)
        except InputError:  # a turn without words was answered with a hint and left nothing to go on from
            return ""
        hits = self.ranking.rank(before, most=1)
        document = hits[0].passage.document if hits else ""
        fits = document and (not query.regions or relation(query.regions, self.corpus.documents[document].info))
        return document if fits else ""

    def _finish(
        self, question: str, query: Query, hits: Sequence[Hit], outcome: Outcome, verifier: Verifier, as_of: date, clock: _Clock
    ) -> Answer:
        return Answer(
            question=question,
            sentences=tuple(verifier.sentences),
            citations=tuple(verifier.citations),
            hits=tuple(hits),
            query=query,
            as_of=as_of,
            refusal=verifier.refusal(outcome.refusal),
            verdict=outcome.verdict,
            computed=tuple(verifier.computed),
            notes=tuple(verifier.notes),
            general=tuple(verifier.cite_aside(quote) for quote in outcome.general),
            seconds=clock.seconds(),
            config_hash=self.config.hash(),
            generator=self.config.generator,
        )


class _Clock:
    """Seconds per stage."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._laps[name] = now - self._last
        self._last = now

    def seconds(self) -> dict[str, float]:
        return {**self._laps, "total": time.perf_counter() - self._start}
