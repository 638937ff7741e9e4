"""The shipped question sets cover what they claim to cover, and the check sees what is lacking."""

from __future__ import annotations

import pytest

from eval.cli import main
from eval.sets import check_sets, coverage_text, read_unasked
from qa.chunk import make_passages
from qa.config import ROOT
from qa.corpus import Corpus, load_corpus
from qa.types import Passage

QUESTIONS = ROOT / "eval" / "questions"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus(ROOT / "corpus")


@pytest.fixture(scope="module")
def passages(corpus: Corpus) -> list[Passage]:
    return list(make_passages(corpus, 500))


def row(id: str, question: str, passage: Passage, style: str = "formal") -> dict[str, object]:
    return {"id": id, "question": question, "style": style, "evidence": [{"quote": passage.text[:60]}]}


def test_the_shipped_sets_are_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sets"]) == 0
    assert "几乎相同的题：0" in capsys.readouterr().out


def test_every_reason_names_a_passage(passages: list[Passage]) -> None:
    assert set(read_unasked(QUESTIONS)) <= {passage.id for passage in passages}


def test_what_is_lacking_is_named(corpus: Corpus, passages: list[Passage]) -> None:
    first = next(passage for passage in passages if corpus.documents[passage.document].info.claimable)
    few = [row("a", "租房补多少", first), row("b", "房租给多少钱", first, "colloquial")]
    found = check_sets({"train": few, "dev": [], "test": few}, [], passages[:40], corpus, ())
    assert first.id not in found.passages
    assert passages[1].id in found.passages
    assert (first.document, first.article, 2, 2) in found.articles
    assert (first.document, 2) in found.documents
    assert first.article in coverage_text(found, {})


def test_a_passage_with_a_reason_lacks_nothing(corpus: Corpus, passages: list[Passage]) -> None:
    found = check_sets({"train": [], "dev": [], "test": []}, [], passages[:3], corpus, {p.id for p in passages[:3]})
    assert not found.passages
    assert not found.articles


def test_nearly_the_same_words_are_found_across_sets_and_lines(corpus: Corpus, passages: list[Passage]) -> None:
    train = [row("a", "在黄埔办公司租房能补多少钱", passages[0])]
    test = [
        row("b", "在黄埔办公司租房能补多少", passages[0]),
        {**row("c", "换个地方", passages[0]), "history": ["在黄埔办公司租房能补多少钱"]},
    ]
    found = check_sets({"train": train, "dev": [], "test": test}, ["在黄埔办公司租房能补多少钱呢", "别的话"], passages, corpus, ())
    assert ("a", "b") in found.alike
    assert ("a", "line 1") in found.alike
    assert not any("line 2" in pair for pair in found.alike)
