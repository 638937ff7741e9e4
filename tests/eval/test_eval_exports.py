"""BEIR, TREC and CSV, and agreement of the exported run with trec_eval's reading of it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from eval_rows import OTHER, PASSAGE, QUOTE, answer, question, unanswerable

from eval.exports import Article, article_id, qrels_of, run_of, write_beir, write_csv, write_trec
from eval.report import score_all

ARTICLES = [
    Article("huangpu#第1条", "细则 第1条", (PASSAGE,)),
    Article("huangpu#第2条", "细则 第2条", (OTHER,)),
    Article("other#六", "办法 六", (QUOTE[:20], QUOTE[20:])),
]
ROWS = [question(), unanswerable(id="q2")]


def test_ids_are_of_articles_and_hold_no_white_space() -> None:
    assert article_id("huangpu", "四 （二）\t3") == "huangpu#四_（二）_3"


def test_a_quote_over_the_cut_of_an_article_is_found() -> None:
    assert qrels_of(ROWS, ARTICLES) == {"q1": {"huangpu#第1条": 1, "other#六": 1}}


def test_beir_folder(tmp_path: Path) -> None:
    write_beir(tmp_path, ROWS, ARTICLES, qrels_of(ROWS, ARTICLES), "dev")
    lines = (tmp_path / "qrels" / "dev.tsv").read_text("utf-8").splitlines()
    assert lines[0] == "query-id\tcorpus-id\tscore"
    assert lines[1] == "q1\thuangpu#第1条\t1"
    corpus = [json.loads(line) for line in (tmp_path / "corpus.jsonl").read_text("utf-8").splitlines()]
    assert set(corpus[0]) == {"_id", "title", "text"}
    assert len(corpus) == 3
    queries = [json.loads(line)["_id"] for line in (tmp_path / "queries.jsonl").read_text("utf-8").splitlines()]
    assert queries == ["q1", "q2"]


def test_trec_files_are_read_by_trec_eval(tmp_path: Path) -> None:
    pytrec_eval = pytest.importorskip("pytrec_eval")
    write_trec(tmp_path, qrels_of(ROWS, ARTICLES), run_of({"q1": answer()}), "our run")
    with (tmp_path / "qrels.txt").open(encoding="utf-8") as qrels, (tmp_path / "run.txt").open(encoding="utf-8") as run:
        evaluator = pytrec_eval.RelevanceEvaluator(pytrec_eval.parse_qrel(qrels), {"recip_rank", "recall.5"})
        scores = evaluator.evaluate(pytrec_eval.parse_run(run))["q1"]
    assert scores == {"recip_rank": 1.0, "recall_5": 0.5}


def test_csv_has_a_row_a_question_and_starts_no_formula(tmp_path: Path) -> None:
    scored = score_all([question(question="=1+1")], {"q1": answer()})
    write_csv(tmp_path / "a.csv", scored)
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["question"] == "'=1+1"
    assert rows[0]["accuracy"] == "1.0"
    assert len(rows) == 1
