"""Retrieval of passages on a question file: dense alone, BM25 alone, and the plain sum of their z-scores.

python -m training.evaluate --model models/encoder --questions eval/questions/dev.jsonl
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.chunk import make_passages
from qa.corpus import load_corpus
from qa.lexical import LexicalIndex, Tokenizer
from qa.lexicon import load_lexicon
from qa.lines import load_lines
from qa.readers import fold
from training.data import holders, lay_split, passage_texts, question_text, read_jsonl, read_pairs

LEXICAL = (0.5, 0.25, 0.1)  # weights of BM25 beside vectors; lay questions to statutes want a quarter (README.md)
Scores = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Scores]


@dataclass(frozen=True)
class Bench:
    """Questions with right passages, and the BM25 scores, which no model changes. q questions, p passages, l lines."""

    questions: tuple[str, ...]
    styles: tuple[str, ...]
    right: NDArray[np.bool_]  # (q, p)
    texts: tuple[str, ...]
    lines: tuple[str, ...]
    owners: NDArray[np.int64]  # (l,) passage number of each line
    lexical: Scores  # (q, p)
    lexical_lines: Scores  # (q, p), best line of each passage


def load_bench(corpus_dir: str, files: Iterable[str | Path], documents: Sequence[str] = (), passage_chars: int = 500) -> Bench:
    """Read the corpus and question files; questions without evidence are left out, or without any in `documents` if given."""
    corpus = load_corpus(corpus_dir)
    passages = make_passages(corpus, passage_chars)
    folded = [fold(passage.text) for passage in passages]
    wanted = np.array([not documents or passage.document in documents for passage in passages])
    rows = [row for file in files for row in read_jsonl(file) if row["evidence"]]
    right = np.zeros((len(rows), len(passages)), dtype=bool)
    for number, row in enumerate(rows):
        right[number, [holder for item in row["evidence"] for holder in holders(item, corpus, passages, folded)]] = True
    kept = np.asarray(right[:, wanted].any(axis=1) | (not documents), dtype=bool)
    rows, right = [row for row, keep in zip(rows, kept.tolist(), strict=True) if keep], right[kept]
    lines = load_lines(corpus, passages)
    owners = np.array([line.passage for line in lines], dtype=np.int64)
    questions, texts = tuple(map(question_text, rows)), tuple(passage_texts(corpus, passages))
    words = Tokenizer(load_lexicon(corpus.folder / "lexicon.tsv").vocabulary())
    lexical, lexical_lines = _lexical(words, questions, [texts, [line.text for line in lines]])
    return Bench(
        questions, tuple(row["style"] for row in rows), right, texts, tuple(line.text for line in lines), owners,
        lexical, _best_line(lexical_lines, owners, len(texts)),
    )  # fmt: skip


def load_outside(folder: str | Path) -> list[Bench]:
    """Sets that nobody here wrote, those that the folder holds.

    Laymen's legal questions against statute articles (stard-200) and the questions of CMRC 2018 dev against its passages:
    nothing of ours helps there.
    """
    folder = Path(folder)
    benches = []
    if (folder / "stard-200-passages.jsonl.zst").exists():
        passages = {row["id"]: row["text"] for row in read_jsonl(folder / "stard-200-passages.jsonl.zst")}
        asked = [(row["question"], set(row["relevant"])) for row in read_jsonl(folder / "stard-200-questions.jsonl.zst")]
        benches.append(_outside("stard-200", passages, asked))
    if (folder / "cmrc2018-dev.jsonl.zst").exists():
        rows = list(read_jsonl(folder / "cmrc2018-dev.jsonl.zst"))
        benches.append(
            _outside("cmrc2018-dev", {row["context"]: row["context"] for row in rows}, [(r["q"], {r["context"]}) for r in rows])
        )
    return benches


def load_held(data: str | Path, held: int) -> Bench:
    """Lay questions that `training.static --held` leaves out, against all statute articles of the training pairs."""
    pairs = [pair for pair in read_pairs(data) if pair.source == "stard"]
    articles = {pair.passage: pair.passage for pair in pairs}
    relevant: dict[str, set[str]] = {}
    for pair in lay_split(pairs, held)[1]:
        relevant.setdefault(pair.question, set()).add(pair.passage)
    return _outside(f"stard, {held} held out", articles, list(relevant.items()))


def _outside(name: str, passages: dict[str, str], asked: Sequence[tuple[str, set[str]]]) -> Bench:
    questions, texts = tuple(question for question, _ in asked), tuple(passages.values())
    right = np.array([[id in relevant for id in passages] for _, relevant in asked])
    lexical = _lexical(Tokenizer(), questions, [texts])[0]
    return Bench(questions, (name,) * len(asked), right, texts, (), np.zeros(0, dtype=np.int64), lexical, lexical)


def _lexical(tokenizer: Tokenizer, questions: Sequence[str], collections: Sequence[Sequence[str]]) -> list[Scores]:
    asked = [dict.fromkeys(tokenizer.tokens(question), 1.0) for question in questions]
    indexes = [LexicalIndex.build([tokenizer.tokens(text) for text in texts] or [[]]) for texts in collections]
    return [np.stack([index.scores(terms) for terms in asked]) for index in indexes]


def _best_line(scores: Scores, owners: NDArray[np.int64], passages: int) -> Scores:
    """(q, l) -> (q, passages): the best line of each passage, the worst score where a passage has none."""
    best = np.full((len(scores), passages), scores.min(initial=0.0), dtype=np.float32)
    if len(owners):
        np.maximum.at(best.T, owners, scores.T)
    return best


def zscores(scores: Scores) -> Scores:
    """Scores of each question with mean 0 and standard deviation 1."""
    mean, deviation = scores.mean(axis=1, keepdims=True), scores.std(axis=1, keepdims=True)
    return np.asarray((scores - mean) / np.maximum(deviation, 1e-6), dtype=np.float32)


def channels(bench: Bench, encode: Encode) -> dict[str, Scores]:
    """Scores of shape (q, p) by name of the channel; `encode` returns L2-normalised vectors."""
    questions = encode(bench.questions)
    dense = questions @ encode(bench.texts).T
    words, vectors = zscores(bench.lexical), zscores(dense)
    result = {"bm25": bench.lexical, "dense": dense, "bm25+dense": words + vectors}
    result |= {f"{weight} bm25+dense": weight * words + vectors for weight in LEXICAL}
    if len(bench.lines):
        line = _best_line(questions @ encode(bench.lines).T, bench.owners, len(bench.texts))
        words = words + zscores(bench.lexical_lines)
        vectors = vectors + zscores(line)
        result |= {"bm25, lines": words, "dense, lines": vectors, "bm25+dense, lines": words + vectors}
    return result


def ranks(scores: Scores, right: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The rank, from 1, of the best right passage of each question; a question without one ranks last."""
    best = np.where(right, scores, -np.inf).max(axis=1, keepdims=True)
    rank = (scores > best).sum(axis=1) + 1
    return np.asarray(np.where(right.any(axis=1), rank, scores.shape[1]), dtype=np.int64)


def summary(rank: NDArray[np.int64]) -> tuple[float, float, float]:
    """hit@1, hit@5 and MRR@10."""
    if not len(rank):
        return 0.0, 0.0, 0.0
    return float((rank <= 1).mean()), float((rank <= 5).mean()), float(np.where(rank <= 10, 1 / rank, 0).mean())


def table(bench: Bench, encode: Encode) -> str:
    """A Markdown table: one row a channel, hit@1 / hit@5 / MRR@10 over all questions and by style."""
    styles = sorted(set(bench.styles))
    heads = ["channel", f"all ({len(bench.styles)})", *(f"{style} ({bench.styles.count(style)})" for style in styles)]
    rows = [heads, ["---"] * len(heads)]
    for name, scores in channels(bench, encode).items():
        rank = ranks(scores, bench.right)
        groups = [np.ones(len(rank), dtype=bool), *(np.array(bench.styles) == style for style in styles)]
        rows.append([name, *(" / ".join(f"{value:.3f}" for value in summary(rank[group])) for group in groups)])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def folder_encoder(folder: str) -> Encode:
    """The encoder of a model folder, as the application loads it; "hashing" is the baseline that learnt nothing."""
    from qa.embed import load_encoder

    return hashed_ngrams if folder == "hashing" else load_encoder(folder).encode


def hashed_ngrams(texts: Sequence[str]) -> Scores:
    """Character n-grams of one to three hashed into 4,096 dimensions, L2-normalised: (n, 4096)."""
    from sklearn.feature_extraction.text import HashingVectorizer

    hashing = HashingVectorizer(analyzer="char", ngram_range=(1, 3), n_features=4096, dtype=np.float32)
    return np.asarray(hashing.transform(texts).toarray())


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="models/encoder", help='folder, or "hashing" for a baseline')
    parser.add_argument("--corpus", default="corpus")
    parser.add_argument("--questions", nargs="+", default=["eval/questions/dev.jsonl"])
    parser.add_argument("--documents", nargs="*", default=[], help="only questions that these documents answer")
    parser.add_argument("--external", default="", help="the folder of stard-200 and cmrc2018-dev, measured too when given")
    parser.add_argument("--data", default="", help="folder of public pairs, for --held")
    parser.add_argument("--held", type=int, default=0, help="lay questions that the model was trained without")
    args = parser.parse_args(arguments)
    benches = [load_bench(args.corpus, args.questions, args.documents), *(load_outside(args.external) if args.external else [])]
    benches += [load_held(args.data, args.held)] if args.held else []
    encode = folder_encoder(args.model)
    print("hit@1 / hit@5 / MRR@10\n\n" + "\n\n".join(table(bench, encode) for bench in benches))


if __name__ == "__main__":
    main()
