"""Candidates from four channels: places, weights, switches, and threads."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa.config import Config
from qa.pipeline import Assistant, load
from qa.places import relation
from qa.retrieve import CHANNELS, Retriever
from qa.types import Query

RENT = "在黄埔办AI公司，租房能补多少？"


@pytest.fixture(scope="module")
def retriever(assistant: Assistant) -> Retriever:
    return assistant.ranking.retriever


def switched(retriever: Retriever, **flags: bool) -> Retriever:
    config = replace(retriever.config, **flags)
    return Retriever(config, retriever.corpus, retriever.index, retriever.tokenizer, retriever.encoder)


def test_candidates_are_distinct_and_scored_from_0_to_1(assistant: Assistant, retriever: Retriever) -> None:
    found = retriever.candidates(assistant.parse(RENT))
    assert len(set(found.numbers.tolist())) == len(found.numbers) > retriever.config.candidates
    assert found.scores.shape == (len(found.numbers), len(CHANNELS))
    assert (found.scores >= 0).all()
    assert (found.scores <= 1).all()
    assert np.allclose(retriever.channel_scores(assistant.parse(RENT)).max(axis=0), 1.0)


def test_the_region_leads_and_does_not_hide_the_rest(assistant: Assistant, retriever: Retriever) -> None:
    found = retriever.candidates(assistant.parse(RENT))
    documents = {retriever.index.passages[number].document for number in found.numbers}
    assert "huangpu-rules" in documents
    assert len(documents) > 5


def test_a_search_within_a_region_stays_there(assistant: Assistant, retriever: Retriever) -> None:
    found = retriever.candidates(assistant.parse(RENT), within=("四川/成都",))
    infos = [retriever.corpus.documents[retriever.index.passages[number].document].info for number in found.numbers]
    assert infos
    assert all(relation(("四川/成都",), info) > 0 for info in infos)
    assert not len(retriever.candidates(assistant.parse(RENT), within=("火星",)).numbers)


@pytest.mark.parametrize(
    ("flags", "empty"),
    [
        ({"lexical": False}, {"words", "line_words"}),
        ({"dense": False}, {"vectors", "line_vectors"}),
        ({"lines": False}, {"line_words", "line_vectors"}),
        ({"lexical": False, "lines": False}, {"words", "line_words", "line_vectors"}),
    ],
)
def test_a_channel_switched_off_scores_nothing(
    assistant: Assistant, retriever: Retriever, flags: dict[str, bool], empty: set[str]
) -> None:
    scores = switched(retriever, **flags).channel_scores(assistant.parse(RENT))
    assert {name for name, column in zip(CHANNELS, scores.T, strict=True) if not column.any()} == empty
    assert len(switched(retriever, **flags).candidates(assistant.parse(RENT)).numbers)


def test_everything_switched_off_finds_nothing_and_says_so(assistant: Assistant, retriever: Retriever) -> None:
    assert not len(switched(retriever, lexical=False, dense=False).candidates(assistant.parse(RENT)).numbers)


def test_policy_words_are_added_with_less_weight_and_only_with_the_thesaurus(assistant: Assistant, retriever: Retriever) -> None:
    query = assistant.parse("租办公室能报销多少")
    own, bare = retriever.terms(query), switched(retriever, thesaurus=False).terms(query)
    added = set(own) - set(bare)
    assert added
    assert all(0 < own[term] < 1 for term in added)


def test_what_was_carried_weighs_less_than_what_is_new(retriever: Retriever) -> None:
    text = "租房补贴 那申请条件呢"
    whole = retriever.terms(Query(text, text, search_text=text))
    carried = retriever.terms(Query(text, text, search_text=text, fresh="那申请条件呢", carried=("话题",)))
    assert carried["补贴"] < whole["补贴"]
    assert carried["条件"] == whole["条件"]


def test_coverage_is_a_share(assistant: Assistant, retriever: Retriever) -> None:
    coverage = retriever.coverage(assistant.parse(RENT))
    assert coverage.shape == (len(retriever.index.passages),)
    assert coverage.min() >= 0
    assert 0.3 < coverage.max() <= 1.0001


def test_absolute_scores_do_not_depend_on_the_place(assistant: Assistant, retriever: Retriever) -> None:
    here, there = assistant.parse("黄埔租房能补多少"), assistant.parse("成都租房能补多少")
    assert retriever.absolute(here, range(40)) == retriever.absolute(there, range(40))


def test_words_that_nobody_knows_find_little(assistant: Assistant, retriever: Retriever) -> None:
    found = retriever.absolute(assistant.parse("氦氖魑魅魍魉"), range(40))
    assert all(values["strict"] < 0.2 for values in found)


def test_threads_share_one_retriever(assistant: Assistant, invented: Path, tmp_path: Path) -> None:
    config = Config(corpus_dir=str(invented), index_dir=str(tmp_path / "index"))
    small = load(config)
    questions = [f"云州租办公室第{number}年补多少" for number in range(600)]
    alone = {question: small.search(question)[1] for question in questions[:20]}
    pause = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            together = dict(zip(questions, pool.map(lambda question: small.search(question)[1], questions), strict=True))
    finally:
        sys.setswitchinterval(pause)
    assert all(together[question] == hits for question, hits in alone.items())
