"""Whether the shipped question sets are what they claim: what they cover, and that no question stands twice in other words.

What is asked for: at least one train question on every passage, three in three styles on every article of a document that can be
claimed, three test questions on every document; passages that say nothing to ask for are listed with the reason in
`eval/questions/unasked.jsonl`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.facts import holds_quote
from qa.corpus import Corpus
from qa.readers import fold
from qa.types import Passage

ALIKE = 0.6  # Jaccard of character trigrams
LEAST = 3  # questions and styles of a claimable article, test questions of a document
UNASKED = "unasked.jsonl"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is lacking; every list is empty when the sets are whole."""

    passages: tuple[str, ...]  # ids of passages without a train question
    articles: tuple[tuple[str, str, int, int], ...]  # document, article, questions, styles
    documents: tuple[tuple[str, int], ...]  # document, test questions
    alike: tuple[tuple[str, str], ...]  # ids of questions (or lines) that are nearly the same


def check_sets(
    sets: Mapping[str, Sequence[Row]], lines: Sequence[str], passages: Sequence[Passage], corpus: Corpus, unasked: Container[str]
) -> Coverage:
    """Look for gaps and repetitions.

    Args:
        sets: rows of "train", "dev" and "test".
        lines: the corpus's plain-language lines and known gaps, held against the questions.
        passages: of the corpus.
        corpus: the documents.
        unasked: ids of passages that nothing can be asked about.
    """
    passages = [passage for passage in passages if passage.id not in unasked]
    asked = {name: rows_by_passage(rows, passages, corpus) for name, rows in sets.items()}
    return Coverage(
        tuple(passage.id for passage in passages if not asked["train"][passage.id]),
        tuple(_thin_articles(asked["train"], passages, corpus)),
        tuple(_thin_documents(asked["test"], passages, corpus)),
        tuple(_repeated(sets, lines)),
    )


def rows_by_passage(rows: Iterable[Row], passages: Sequence[Passage], corpus: Corpus) -> dict[str, list[Row]]:
    """The questions whose evidence stands in each passage, by passage id."""
    folded = [fold(passage.text) for passage in passages]
    files = [corpus.documents[passage.document].info.file for passage in passages]
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for item in row["evidence"]:
            quote, file = fold(item["quote"]), item.get("source")
            here = [n for n in range(len(passages)) if file in (None, files[n])]
            exact = [n for n in here if quote in folded[n]]
            for n in exact or (n for n in here if holds_quote(passages[n].text, quote)):
                found[passages[n].id].append(row)
    return found


def _thin_articles(
    asked: Mapping[str, Sequence[Row]], passages: Sequence[Passage], corpus: Corpus
) -> Iterator[tuple[str, str, int, int]]:
    articles: dict[tuple[str, str], list[Row]] = {}
    for passage in passages:
        if corpus.documents[passage.document].info.claimable:
            articles.setdefault((passage.document, passage.article), []).extend(asked.get(passage.id, ()))
    for (document, article), rows in articles.items():
        questions, styles = len({row["id"] for row in rows}), len({row["style"] for row in rows})
        if min(questions, styles) < LEAST:
            yield document, article, questions, styles


def _thin_documents(asked: Mapping[str, Sequence[Row]], passages: Sequence[Passage], corpus: Corpus) -> Iterator[tuple[str, int]]:
    for document in corpus:
        ids = {row["id"] for passage in passages if passage.document == document.id for row in asked.get(passage.id, ())}
        if len(ids) < LEAST:
            yield document.id, len(ids)


def _repeated(sets: Mapping[str, Sequence[Row]], lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of texts that share most of their trigrams; lines are held against questions, not against lines."""
    texts = [(row["id"], "".join([*row.get("history", ()), row["question"]])) for rows in sets.values() for row in rows]
    questions = len(texts)
    texts += [(f"line {number}", line) for number, line in enumerate(lines, start=1)]
    grams = [_trigrams(text) for _, text in texts]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(grams):
        shared: dict[int, int] = defaultdict(int)
        for gram in own:
            for other in holders[gram]:
                shared[other] += 1
            if number < questions:
                holders[gram].append(number)
        for other, count in shared.items():
            if count > ALIKE * (len(own) + len(grams[other]) - count):
                yield texts[other][0], texts[number][0]


def _trigrams(text: str) -> frozenset[str]:
    folded = fold(text)
    return frozenset(folded[i : i + 3] for i in range(len(folded) - 2))


def read_unasked(folder: Path) -> dict[str, str]:
    """Passages that nothing can be asked about, with the reason, by passage id."""
    rows = [json.loads(line) for line in (folder / UNASKED).read_text("utf-8").splitlines() if line.strip()]
    return {row["passage"]: row["reason"] for row in rows}


def coverage_text(found: Coverage, unasked: Mapping[str, str]) -> str:
    """What is lacking, a line each."""
    lines = [
        f"没有训练题的段落：{len(found.passages)}（另有 {len(unasked)} 段没有可问的内容，见 {UNASKED}）",
        *(f"  {id}" for id in found.passages),
        f"可申领文件中不足 {LEAST} 题或 {LEAST} 种问法的条文：{len(found.articles)}",
        *(f"  {document} {article}：{questions} 题，{styles} 种问法" for document, article, questions, styles in found.articles),
        f"测试题不足 {LEAST} 道的文件：{len(found.documents)}",
        *(f"  {document}：{count} 题" for document, count in found.documents),
        f"几乎相同的题：{len(found.alike)}",
        *(f"  {one} ≈ {other}" for one, other in found.alike),
    ]
    return "\n".join(lines)
