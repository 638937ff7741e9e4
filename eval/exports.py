"""Exports for other tools: a BEIR folder, TREC qrels and run, CSV. Document ids are those of articles, not of passages."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.facts import holds_quote
from eval.report import Scored
from qa.corpus import Corpus
from qa.readers import fold
from qa.types import Passage

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the corpus: the passages of a document that share an article label."""

    id: str
    title: str
    texts: tuple[str, ...]

    def holds(self, quote: str) -> bool:
        """Whether one of its passages holds the quote, or the quote runs over the cut between two of them."""
        return any(holds_quote(text, quote) for text in self.texts) or fold(quote) in fold("".join(self.texts))


def article_id(document: str, article: str) -> str:
    """An id without white space: `wuhan-policies#三、`."""
    return re.sub(r"\s+", "_", f"{document}#{article or '-'}")


def articles_of(corpus: Corpus, passages: Iterable[Passage]) -> list[Article]:
    """The articles of a corpus in reading order."""
    texts: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for passage in passages:
        id = article_id(passage.document, passage.article)
        texts.setdefault(id, []).append(passage.text)
        titles[id] = f"{corpus.documents[passage.document].info.title} {passage.article}".strip()
    return [Article(id, titles[id], tuple(parts)) for id, parts in texts.items()]


def qrels_of(questions: Sequence[Row], articles: Sequence[Article]) -> dict[str, dict[str, int]]:
    """For each answerable question the articles that hold one of its quotes, with grade 1."""
    held: dict[str, list[str]] = {}
    for quote in {item["quote"] for question in questions for item in question["evidence"]}:
        held[quote] = [article.id for article in articles if article.holds(quote)]
    return {
        question["id"]: {id: 1 for item in question["evidence"] for id in held[item["quote"]]}
        for question in questions
        if question["evidence"]
    }


def run_of(answers: Mapping[str, Row]) -> dict[str, dict[str, float]]:
    """The ranking of each question over articles: an article stands where its first passage stands; score 1 / rank."""
    run: dict[str, dict[str, float]] = {}
    for id, answer in answers.items():
        ranked = dict.fromkeys(article_id(passage["document"], passage["article"]) for passage in answer.get("passages") or [])
        run[id] = {article: 1 / rank for rank, article in enumerate(ranked, start=1)}
    return run


def write_beir(
    folder: Path,
    questions: Sequence[Row],
    articles: Sequence[Article],
    qrels: Mapping[str, Mapping[str, int]],
    split: str,
) -> None:
    """corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv with its header, as BEIR reads them."""
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    _write_lines(folder / "corpus.jsonl", ({"_id": a.id, "title": a.title, "text": "\n".join(a.texts)} for a in articles))
    _write_lines(folder / "queries.jsonl", ({"_id": q["id"], "text": q["question"]} for q in questions))
    lines = [f"{query}\t{id}\t{grade}" for query, wanted in qrels.items() for id, grade in wanted.items()]
    (folder / "qrels" / f"{split}.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *lines]) + "\n", "utf-8")


def write_trec(folder: Path, qrels: Mapping[str, Mapping[str, int]], run: Mapping[str, Mapping[str, float]], tag: str) -> None:
    """qrels.txt (query 0 article grade) and run.txt (query Q0 article rank score tag)."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{query} 0 {id} {grade}\n" for query, wanted in qrels.items() for id, grade in wanted.items()]
    (folder / "qrels.txt").write_text("".join(lines), "utf-8")
    ranked = [(query, pair) for query, found in run.items() for pair in enumerate(found.items(), start=1)]
    tag = re.sub(r"\s+", "-", tag)
    lines = [f"{query} Q0 {id} {rank} {score:.6f} {tag}\n" for query, (rank, (id, score)) in ranked]
    (folder / "run.txt").write_text("".join(lines), "utf-8")


def write_csv(path: Path, scored: Sequence[Scored]) -> None:
    """One row a question: what was asked, what was answered, every score. Cells never begin a spreadsheet formula."""
    names = list(scored[0].scores) if scored else []
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                "id",
                "question",
                "type",
                "style",
                "region",
                "reference",
                "answer",
                "refused",
                "refusal",
                "failure",
                *names,
            ]
        )
        for item in scored:
            writer.writerow([_cell(value) for value in (*_columns(item), *(item.scores[name] for name in names))])


def _columns(item: Scored) -> tuple[Any, ...]:
    asked, answer = item.question, item.answer
    shown = answer.get("error") or answer.get("answer")
    head = (asked["id"], asked["question"], asked["type"], asked.get("style"), asked.get("region"), asked.get("answer"))
    return (*head, shown, answer.get("refused"), answer.get("refusal"), item.failure)


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value


def _write_lines(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
