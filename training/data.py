"""What the stages read: public pairs and text (a folder of zstandard JSON lines) and this project's own questions.

Nothing of the data folder is committed; its sources and licences are listed in the model cards.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.corpus import Corpus
from qa.index import indexed_text
from qa.lexicon import load_lexicon
from qa.lines import load_lines
from qa.readers import fold
from qa.types import Passage

# How often a pair of a source is drawn, against 1 for a plain one. Real questions are few and nearest to the task; titles
# are many and say little; what asks for an article by its number teaches nothing.
SOURCE_WEIGHTS = {
    "lexicon": 4.0,
    "stard": 8.0, "jianwu-faq": 8.0, "policy-docs-faq": 8.0, "dureader-demo": 3.0, "crud-qa": 3.0,
    "cmrc2018-train": 1.5, "cmrc2018-trial": 1.5, "drcd-train": 1.5, "xquad-zh": 1.5,
    "policy-docs-lead": 1.5, "policy-docs-head": 1.5, "policy-docs-title": 1.5, "policy-docs-chapter": 1.0,
    "gov-reports-lead": 1.0, "gov-reports-head": 1.0, "gov-reports-title": 1.0,
    "csl": 0.7, "csl-kw": 0.7, "law-chapter": 0.4, "gd-zwfw-template": 0.4, "pawsx-zh-train": 0.15,
    "zhwiki-section": 0.25, "zhwiki-title": 0.08, "lawbench-1-1": 0.0, "lexeval-1-2": 0.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A question (or what stands for one) and a passage that answers it."""

    question: str
    passage: str
    source: str

    @property
    def weight(self) -> float:
        """How often this pair is drawn."""
        return SOURCE_WEIGHTS.get(self.source, 1.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """One of our own questions or lines, and the numbers of the passages that answer it (copies of a text are several)."""

    text: str
    passages: tuple[int, ...]
    place: str = ""  # what to put before a line so that one document answers it


def read_jsonl(path: str | Path) -> Iterator[dict[str, Any]]:
    """The objects of a .jsonl or .jsonl.zst file."""
    path = Path(path)
    with path.open("rb") as file:
        stream: Any = file
        if path.suffix == ".zst":
            import zstandard

            stream = zstandard.ZstdDecompressor().stream_reader(file)
        yield from map(json.loads, io.TextIOWrapper(stream, "utf-8"))


def read_pairs(data: str | Path) -> list[Pair]:
    """The public pairs that have a weight, in the order of the file."""
    pairs = (Pair(row["q"], row["p"], row["source"]) for row in read_jsonl(Path(data) / "pairs.jsonl.zst"))
    return [pair for pair in pairs if pair.weight > 0]


def lay_split(pairs: Sequence[Pair], held: int) -> tuple[list[Pair], list[Pair]]:
    """All pairs without those of `held` lay questions to statutes (STARD), chosen by their hash; and these.

    On lay questions that the encoder has not read one may choose what must not be chosen on the outside set.
    """
    lay = {pair.question for pair in pairs if pair.source == "stard"}
    chosen = set(sorted(lay, key=lambda question: hashlib.sha256(question.encode()).digest())[:held])
    held_out = [pair for pair in pairs if pair.source == "stard" and pair.question in chosen]
    return [pair for pair in pairs if pair.source != "stard" or pair.question not in chosen], held_out


def lexicon_pairs(path: str | Path) -> list[Pair]:
    """Everyday words with the policy words that they stand for, and nicknames of places with the places."""
    lexicon = load_lexicon(Path(path))
    tables = (lexicon.places, lexicon.synonyms)
    words = ((term, [target for target, _ in targets]) for table in tables for term, targets in table.items())
    return [Pair(term, " ".join(targets).replace("/", " "), "lexicon") for term, targets in words if targets]


def read_texts(data: str | Path, shares: dict[str, float], seed: int = 0) -> Iterator[str]:
    """Running text; `shares` says which part of text-NAME is kept, e.g. {"policy": 1.0, "news": 0.5}."""
    chance = random.Random(seed)
    for name, share in shares.items():
        for row in read_jsonl(Path(data) / f"text-{name}.jsonl.zst"):
            if chance.random() < share:
                yield f"{row.get('title', '')}\n{row['text']}"


def passage_texts(corpus: Corpus, passages: Sequence[Passage]) -> list[str]:
    """The text of each passage as the index embeds it."""
    return [indexed_text(passage, corpus) for passage in passages]


def own_lines(corpus: Corpus, passages: Sequence[Passage]) -> list[Asked]:
    """The corpus's plain-language lines; they name no place, so the place of their document goes beside them."""
    place = {document.id: document.info.short_title for document in corpus}
    return [Asked(line.text, (line.passage,), place[passages[line.passage].document]) for line in load_lines(corpus, passages)]


def own_questions(files: Iterable[str | Path], corpus: Corpus, passages: Sequence[Passage]) -> list[Asked]:
    """Rows of question files that some passage answers; earlier turns go before the question.

    Raises:
        ValueError: a file is a dev or test set.
    """
    folded = [fold(passage.text) for passage in passages]
    result = []
    for file in map(Path, files):
        if file.name.startswith(("dev", "test", "eval")):
            raise ValueError(f"{file} is held out: never train on dev, test or example questions")
        for row in read_jsonl(file):
            right = sorted({number for item in row["evidence"] for number in holders(item, corpus, passages, folded)})
            if right:
                result.append(Asked(question_text(row), tuple(right)))
    return result


def without(asked: Iterable[Asked], passages: Sequence[Passage], documents: Iterable[str]) -> list[Asked]:
    """What is left when no passage of some documents may be learnt from: for measuring on documents that are new."""
    hidden = frozenset(documents)
    return [item for item in asked if not any(passages[number].document in hidden for number in item.passages)]


def question_text(row: dict[str, Any]) -> str:
    """A question as it is searched: the user's earlier turns before it."""
    return " ".join([*row.get("history", ()), row["question"]])


def holders(item: dict[str, Any], corpus: Corpus, passages: Sequence[Passage], folded: Sequence[str]) -> list[int]:
    """Numbers of the passages that hold an evidence quote, folded; with `source` only those of that file.

    A quote that runs over a passage's end counts when 70% of its character trigrams stand in the passage.
    """
    quote = fold(item["quote"])
    source = item.get("source", "")
    here = [n for n, p in enumerate(passages) if not source or corpus.documents[p.document].info.file == source]
    exact = [number for number in here if quote in folded[number]]
    if exact:
        return exact
    grams = {quote[i : i + 3] for i in range(max(len(quote) - 2, 1))}
    return [number for number in here if sum(gram in folded[number] for gram in grams) >= 0.7 * len(grams)]
