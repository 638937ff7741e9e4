"""The pipelines that most tutorials build, measured on the same questions: dense only, BM25, and their ensemble.

All three share the chunks of RecursiveCharacterTextSplitter (500 characters, overlap 50, default separators) and, where
they need one, the encoder that ships here. Each system runs in a process of its own, so that memory can be told apart.
"""

from __future__ import annotations

import json
import logging
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import qa
from eval import metrics
from eval.questions import Row
from qa.config import ROOT
from qa.embed import load_encoder
from qa.manifest import load_manifest
from qa.readers import read_source

Search = Callable[[str], list[str]]  # question -> texts, best first
DEPTH = 20
CHUNK_CHARS, CHUNK_OVERLAP = 500, 50
RRF_RANK = 60  # EnsembleRetriever's `c`


@dataclass(frozen=True, slots=True)
class Measured:
    """One system: scores over the answerable questions, seconds, and the peak memory of its process in MiB."""

    system: str
    questions: int
    hit1: float
    hit5: float
    mrr: float
    index_s: float
    question_s: float
    memory_mib: float


def chunks(config: qa.Config) -> list[str]:
    """All files of the corpus in chunks of the customary size."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARS, chunk_overlap=CHUNK_OVERLAP)
    folder = Path(config.corpus_dir)
    files = load_manifest(folder / "manifest.toml").files
    return [chunk for file in files for chunk in splitter.split_text(read_source(folder / "texts" / file.name))]


def dense(texts: Sequence[str], config: qa.Config) -> Callable[[str], list[int]]:
    """FAISS over the chunks' vectors, inner product of normalised vectors."""
    import faiss

    encoder = load_encoder(config.encoder, config.query_prompt, config.device)
    vectors = encoder.encode(texts)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return lambda question: [int(i) for i in index.search(encoder.encode([question], query=True), DEPTH)[1][0]]


def bm25(texts: Sequence[str]) -> Callable[[str], list[int]]:
    """BM25 over jieba's words (bm25s with its default parameters)."""
    import bm25s
    import jieba

    jieba.setLogLevel(logging.WARNING)
    retriever = bm25s.BM25()
    retriever.index([jieba.lcut(text) for text in texts], show_progress=False)

    def search(question: str) -> list[int]:
        scores = retriever.get_scores(jieba.lcut(question))
        return [int(i) for i in np.argsort(-scores, kind="stable")[:DEPTH]]

    return search


def ensemble(rankings: Sequence[Sequence[int]]) -> list[int]:
    """LangChain's EnsembleRetriever with equal weights: reciprocal rank fusion (Cormack et al. 2009), c = 60."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, number in enumerate(ranking, start=1):
            scores[number] = scores.get(number, 0.0) + 1 / len(rankings) / (RRF_RANK + rank)
    return sorted(scores, key=lambda number: -scores[number])


def _dense_only(config: qa.Config) -> Search:
    texts = chunks(config)
    search = dense(texts, config)
    return lambda question: [texts[i] for i in search(question)]


def _bm25_only(config: qa.Config) -> Search:
    texts = chunks(config)
    search = bm25(texts)
    return lambda question: [texts[i] for i in search(question)]


def _ensemble(config: qa.Config) -> Search:
    texts = chunks(config)
    one, other = bm25(texts), dense(texts, config)
    return lambda question: [texts[i] for i in ensemble([one(question), other(question)])]


def _ours(config: qa.Config) -> Search:
    """This system's ranking; the index is built anew in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        assistant = qa.load(replace(config, index_dir=folder))
    return lambda question: [hit.passage.text for hit in assistant.search(question, k=DEPTH)[1]]


SYSTEMS: dict[str, Callable[[qa.Config], Search]] = {
    "FAISS": _dense_only,
    "BM25 (jieba)": _bm25_only,
    "BM25 + FAISS": _ensemble,
    "ours": _ours,
}


def measure(system: str, config: qa.Config, questions: Sequence[Row]) -> Measured:
    """Build a system in this process and ask it every answerable question that stands alone (no earlier turns)."""
    rows = [row for row in questions if metrics.answerable(row) and not row["history"]]
    begin = time.perf_counter()
    search = SYSTEMS[system](config)
    built = time.perf_counter()
    found = [[{"text": text} for text in search(row["question"])] for row in rows]
    asked = time.perf_counter()
    scores = [metrics.retrieval_scores(row, {"passages": passages}) for row, passages in zip(rows, found, strict=True)]
    hit1, hit5, mrr = (metrics.mean(score[name] for score in scores) or 0.0 for name in ("hit@1", "hit@5", "mrr@10"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(system, len(rows), hit1, hit5, mrr, built - begin, (asked - built) / max(len(rows), 1), memory)


def measure_apart(arguments: Sequence[str]) -> list[Measured]:
    """Measure every system in a process of its own.

    Args:
        arguments: of `python -m eval peers`, without `--only`.
    """
    results = []
    for system in SYSTEMS:
        command = [sys.executable, "-m", "eval", "peers", *arguments, "--only", system]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise qa.QAError(f"系统 {system} 没有跑完（见上面的错误）。请改正后重试。")
        results.append(Measured(**json.loads(done.stdout.splitlines()[-1])))
    return results


def peers_table(results: Sequence[Measured]) -> str:
    """Markdown: one row a system."""
    lines = [
        "| system | hit@1 | hit@5 | MRR@10 | index (s) | question (s) | memory (MiB) |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r.system} | {r.hit1:.3f} | {r.hit5:.3f} | {r.mrr:.3f} | {r.index_s:.1f} | {r.question_s:.4f} | {r.memory_mib:.0f} |"
        for r in results
    ]
    return "\n".join(lines)


def peers_json(results: Sequence[Measured]) -> list[dict[str, Any]]:
    """The table as plain rows."""
    return [asdict(result) for result in results]
