"""Chinese sets that nobody here wrote, through the unchanged pipeline: each set becomes a corpus of its own.

STARD (laymen's questions to statutes), CMRC 2018 dev and DRCD dev. BM25 (bm25s with jieba) stands beside in the same run.
The files are read where they lie and never copied into the repository.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import qa
from eval import metrics
from eval.facts import plain
from eval.peers import bm25
from qa.errors import InputError

CUTOFFS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class OutsideSet:
    """Passages by id; questions with the ids of their passages and, for reading sets, the reference answers."""

    name: str
    passages: Mapping[str, str]
    questions: tuple[tuple[str, frozenset[str], tuple[str, ...]], ...]


def read_sets(folder: Path) -> Iterator[OutsideSet]:
    """The sets of a folder, by the names of their files (`.jsonl` or `.jsonl.zst`).

    Raises:
        InputError: the folder holds none of them.
    """
    found = [set for set in (_stard(folder), _reading(folder, "cmrc2018-dev"), _reading(folder, "drcd-dev")) if set]
    if not found:
        raise InputError(f"{folder} 里没有 stard-200-*、cmrc2018-dev 或 drcd-dev（.jsonl 或 .jsonl.zst）。请检查 --data。")
    yield from found


def _stard(folder: Path) -> OutsideSet | None:
    passages, questions = _rows(folder, "stard-200-passages"), _rows(folder, "stard-200-questions")
    asked = tuple((row["question"], frozenset(row["relevant"]), ()) for row in questions)
    return OutsideSet("STARD", {row["id"]: row["text"] for row in passages}, asked) if passages and questions else None


def _reading(folder: Path, name: str) -> OutsideSet | None:
    rows = _rows(folder, name)
    ids: dict[str, str] = {}
    for row in rows:
        ids.setdefault(row["context"], f"p{len(ids):05}")
    asked = tuple((row["q"], frozenset((ids[row["context"]],)), (row["answer"],)) for row in rows)
    return OutsideSet(name, {id: text for text, id in ids.items()}, asked) if rows else None


def _rows(folder: Path, name: str) -> list[dict[str, Any]]:
    for path in (folder / f"{name}.jsonl", folder / f"{name}.jsonl.zst"):
        if path.exists():
            raw = path.read_bytes()
            text = _unpack(raw) if path.suffix == ".zst" else raw.decode()
            return [json.loads(line) for line in text.split("\n") if line.strip()]
    return []


def _unpack(raw: bytes) -> str:
    try:
        import zstandard
    except ImportError as error:
        raise InputError("读 .zst 文件需要 zstandard：pip install zstandard；或先用 zstd -d 解开。") from error
    with zstandard.ZstdDecompressor().stream_reader(raw) as stream:
        return stream.read().decode()


def sample(outside: OutsideSet, limit: int | None) -> OutsideSet:
    """At most `limit` questions, chosen by the hash of their text; all passages stay."""
    order = sorted(outside.questions, key=lambda item: hashlib.sha256(item[0].encode()).digest())
    return replace(outside, questions=tuple(order[:limit]))


def write_corpus(outside: OutsideSet, folder: Path) -> None:
    """The set as a corpus folder: one file, one document a passage, a constant title."""
    (folder / "texts").mkdir(parents=True)
    lines: list[str] = []
    entries = ['[[file]]\nname = "set.txt"\ntitle = "资料"\n']
    for id, text in outside.passages.items():
        lines += ["资料", re.sub(r"\s*\n\s*", " ", text).strip()]
        facts = {"id": id, "file": "set.txt", "title": "资料", "issued_by": "全国", "level": "国家", "kind": "资料"}
        rows = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in facts.items()]
        entries.append("\n".join(["[[document]]", *rows, f"lines = [{len(lines) - 1}, {len(lines)}]", "claimable = false", ""]))
    (folder / "texts" / "set.txt").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "manifest.toml").write_text("\n".join(entries), "utf-8")


def evaluate(outside: OutsideSet, config: qa.Config, read: bool = True) -> dict[str, Any]:
    """Retrieval of this system and of BM25, and, where the set has answers, exact match and F1 of the answer.

    Args:
        outside: the set; every question is asked against all its passages.
        config: settings; corpus and index go to a folder that is removed afterwards.
        read: whether to answer too (reading sets only).
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_corpus(outside, folder / "corpus")
        assistant = qa.load(replace(config, corpus_dir=str(folder / "corpus"), index_dir=str(folder / "index")))
        ids = list(outside.passages)
        words = bm25([outside.passages[id] for id in ids])
        ours = [(_ranking(assistant, question), relevant) for question, relevant, _ in outside.questions]
        theirs = [([ids[i] for i in words(question)], relevant) for question, relevant, _ in outside.questions]
        result = {
            "set": outside.name,
            "questions": len(ours),
            "passages": len(ids),
            "ours": _scores(ours),
            "bm25": _scores(theirs),
        }
        reading = [item for item in outside.questions if item[2]] if read else []
        return result | ({"reading": _reading_scores(assistant, reading)} if reading else {})


def _ranking(assistant: qa.Assistant, question: str) -> list[str]:
    return list(dict.fromkeys(hit.passage.document for hit in assistant.search(question)[1]))


def _scores(found: Sequence[tuple[Sequence[str], frozenset[str]]]) -> dict[str, float]:
    flags = [[id in relevant for id in ranking] for ranking, relevant in found]
    scores = {f"hit@{k}": metrics.mean(metrics.hit(right, k) for right in flags) or 0.0 for k in CUTOFFS}
    return scores | {"mrr@10": metrics.mean(metrics.reciprocal_rank(right, 10) for right in flags) or 0.0}


def _reading_scores(assistant: qa.Assistant, asked: Sequence[tuple[str, frozenset[str], tuple[str, ...]]]) -> dict[str, float]:
    answers = []
    for question, _, references in asked:
        sentences = assistant.ask(question).sentences
        answers.append((plain(sentences[0].text) if sentences else "", references))
    return {
        "exact_match": metrics.mean(max(exact_match(text, wanted) for wanted in references) for text, references in answers) or 0.0,
        "f1": metrics.mean(max(overlap_f1(text, wanted) for wanted in references) for text, references in answers) or 0.0,
        "answer_held": metrics.mean(float(any(_bare(r) in _bare(text) for r in references)) for text, references in answers) or 0.0,
    }


def exact_match(answer: str, reference: str) -> float:
    """CMRC 2018's exact match: equal without punctuation, white space and case."""
    return float(_bare(answer) == _bare(reference))


def overlap_f1(answer: str, reference: str) -> float:
    """CMRC 2018's F1 (Cui et al. 2019): from the longest common substring, in characters and Latin words.

    DRCD is scored the same way, as CMRC's authors do.
    """
    given, wanted = _tokens(answer), _tokens(reference)
    common = longest_common(given, wanted)
    return 2 * common / (len(given) + len(wanted)) if common else 0.0


def longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest run of tokens that both share."""
    best, row = 0, [0] * (len(other) + 1)
    for token in one:
        row = [0, *(row[j] + 1 if token == their else 0 for j, their in enumerate(other))]
        best = max(best, *row)
    return best


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def _tokens(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+|[^\W_]", text.lower())


def external_table(results: Sequence[Mapping[str, Any]]) -> str:
    """Markdown: our retrieval and BM25's row by row, then the reader's scores; held: the answer's sentence holds the reference."""
    names = ("hit@1", "hit@5", "hit@10", "mrr@10")
    lines = ["| set | system | questions | " + " | ".join(names) + " | EM | F1 | held |", "|---" * 10 + "|"]
    for result in results:
        for system in ("ours", "bm25"):
            reading = result.get("reading", {}) if system == "ours" else {}
            cells = [f"{result[system][name]:.3f}" for name in names]
            cells += [f"{reading[name]:.3f}" if reading else "–" for name in ("exact_match", "f1", "answer_held")]
            lines.append(f"| {result['set']} | {system} | {result['questions']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
