"""How likely an answer was found: known gaps and answerability move it, and every set of weights is there."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from qa.answer.found import SECTIONS, SIGNALS, FoundModel, load_found
from qa.pipeline import Assistant
from qa.rerank import RANKER_FILE


@pytest.fixture(scope="module")
def found(assistant: Assistant) -> FoundModel:
    return load_found(RANKER_FILE, assistant.ranking.retriever, None)


def values(found: FoundModel, assistant: Assistant, question: str) -> dict[str, float]:
    query = assistant.parse(question)
    hits = assistant.ranking.rank(query, most=10)
    signals, _ = found.signals(query, hits, ())
    return dict(zip(SIGNALS, signals.tolist(), strict=True))


def test_signals_are_finite_and_named(found: FoundModel, assistant: Assistant) -> None:
    seen = values(found, assistant, "黄埔租办公室能补多少")
    assert np.isfinite(list(seen.values())).all()
    assert seen["bias"] == 1.0
    assert seen["answerability"] == 0.0
    assert seen["line"] > seen["gap"]


def test_a_known_gap_is_nearer_than_any_line(found: FoundModel, assistant: Assistant) -> None:
    gap = next(gap for gap in assistant.ranking.retriever.index.gaps if gap.document == "huangpu-rules" and gap.subject)
    seen = values(found, assistant, f"黄埔 {gap.text}")
    assert seen["gap"] > seen["line"]


def test_gaps_lower_and_lines_raise_the_probability() -> None:
    weights = json.loads(RANKER_FILE.read_text("utf-8"))
    assert set(SECTIONS) <= set(weights)
    for section, unknown in SECTIONS.items():
        assert all(weights[section][name] == 0.0 for name in unknown)
    assert weights["stated"]["gap"] < 0 < weights["stated"]["line"]
    assert weights["stated"]["answerability"] > 0


def test_without_gaps_nothing_is_near(assistant: Assistant) -> None:
    retriever = assistant.ranking.retriever
    query = assistant.parse("黄埔租办公室能补多少")
    assert retriever.nearest(query, "huangpu-rules") is not None
    before = retriever.config
    try:
        retriever.config = replace(before, gaps=False)
        assert retriever.nearest(query, "huangpu-rules") is None
    finally:
        retriever.config = before
