"""Stage 5. Passages and lines -> FAISS and BM25 on disk, built beside the live index and swapped in atomically.

```
index/
  current.json            names the generation in use; replaced last, atomically
  <hash>-<random>/        one generation
    passages.jsonl  lines.jsonl  gaps.jsonl  bm25-text/  bm25-lines/  text.faiss  lines.faiss  gaps.faiss
    manifest.json         written last: hashes of corpus, settings and model, sizes of the files
```
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.chunk import make_passages
from qa.config import Config
from qa.corpus import Corpus, corpus_hash, load_corpus
from qa.embed import Encoder, Vectors, load_encoder, model_hash
from qa.errors import IndexFileError
from qa.gaps import Gap, load_gaps
from qa.lexical import LexicalIndex, Tokenizer
from qa.lexicon import load_lexicon
from qa.lines import Line, load_lines
from qa.types import Passage, Span

VERSION = 4
Progress = Callable[[str, float], None]
_REPAIR = "请运行 qa index --force 重新建立索引。"


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that retrieval reads: passages, lines that point to passages, known gaps, their vectors and BM25 tables."""

    passages: tuple[Passage, ...]
    lines: tuple[Line, ...]
    gaps: tuple[Gap, ...]
    text_lexical: LexicalIndex
    line_lexical: LexicalIndex
    text_vectors: Any  # faiss.Index over passages
    line_vectors: Any  # faiss.Index over lines
    gap_vectors: Any  # faiss.Index over gaps
    hash: str


def index_hash(config: Config) -> str:
    """16 hex digits over all that an index depends on: corpus, passage length, encoder."""
    parts = [VERSION, corpus_hash(config.corpus_dir), config.passage_chars, model_hash(config.encoder), config.exact_below]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def is_current(config: Config) -> bool:
    """Whether the live index belongs to today's corpus, settings and model."""
    return _hash_of(_current_generation(config)) == index_hash(config)


def index_exists(config: Config) -> bool:
    """Whether there is a live index, current or not."""
    return bool(_current_generation(config))


def build_index(config: Config, progress: Progress | None = None) -> Path:
    """Build a generation beside the live one and make it the live one; the old generation is removed afterwards.

    Args:
        config: settings.
        progress: called with a Chinese name of the step and the share done, 0 to 1.

    Returns:
        The folder of the new generation.
    """
    report = progress or (lambda step, share: None)
    root = Path(config.index_dir)
    root.mkdir(parents=True, exist_ok=True)
    name = index_hash(config)
    work = Path(tempfile.mkdtemp(prefix=".build-", dir=root))
    try:
        _write_generation(work, config, report)
        target = root / f"{name}-{work.name.removeprefix('.build-')}"  # a name of its own: the live one stays until the swap
        os.replace(work, target)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    _write_json(root / "current.json", {"generation": target.name})
    for old in root.iterdir():
        if old.is_dir() and old != target and ((old / "manifest.json").exists() or _is_abandoned(old)):
            shutil.rmtree(old, ignore_errors=True)
    report("完成", 1.0)
    return target


def _is_abandoned(folder: Path) -> bool:
    """A build that was killed leaves its folder; one older than an hour is nobody's."""
    return folder.name.startswith(".build-") and time.time() - folder.stat().st_mtime > 3600


def _write_generation(folder: Path, config: Config, report: Progress) -> None:
    report("读取语料", 0.02)
    corpus = load_corpus(config.corpus_dir)
    passages = make_passages(corpus, config.passage_chars)
    lines, gaps = load_lines(corpus, passages), load_gaps(corpus)
    texts = [indexed_text(passage, corpus) for passage in passages]
    report("建立词表", 0.08)
    tokenizer = Tokenizer(load_lexicon(Path(config.corpus_dir) / "lexicon.tsv").vocabulary())
    LexicalIndex.build([tokenizer.tokens(text) for text in texts]).save(folder / "bm25-text")
    LexicalIndex.build([tokenizer.tokens(line.text) for line in lines] or [[]]).save(folder / "bm25-lines")
    encoder = load_encoder(config.encoder, config.query_prompt, config.device, config.backend)
    _save_vectors(folder / "text.faiss", _encode(encoder, texts, report, 0.2, 0.6), config.exact_below)
    line_vectors = _encode(encoder, [line.text for line in lines], report, 0.6, 0.85, query=True)
    _save_vectors(folder / "lines.faiss", line_vectors, config.exact_below)
    gap_vectors = _encode(encoder, [gap.text for gap in gaps], report, 0.85, 0.95, query=True)
    _save_vectors(folder / "gaps.faiss", gap_vectors, config.exact_below)
    _write_jsonl(folder / "passages.jsonl", (_passage_row(passage) for passage in passages))
    _write_jsonl(folder / "lines.jsonl", ({"text": line.text, "passage": line.passage} for line in lines))
    _write_jsonl(folder / "gaps.jsonl", (asdict(gap) for gap in gaps))
    files = {str(path.relative_to(folder)): path.stat().st_size for path in sorted(folder.rglob("*")) if path.is_file()}
    _write_json(
        folder / "manifest.json",
        {"version": VERSION, "hash": index_hash(config), "encoder": Path(config.encoder).name, "files": files},
    )


def indexed_text(passage: Passage, corpus: Corpus) -> str:
    """What is searched: title, regions, headings, lead-in and the text, damaged words repaired."""
    document = corpus.documents[passage.document]
    context = " ".join(span.of(document.text) for span in passage.context)
    regions = " ".join(dict.fromkeys(part for path in document.info.regions for part in path.split("/")))
    text = f"{document.info.title} {document.info.short_title} {regions}\n{context}\n{passage.text}"
    for repair in corpus.manifest.repairs:
        if repair.file == document.info.file and repair.wrong in text:
            text = text.replace(repair.wrong, repair.right)
    return text


def _encode(encoder: Encoder, texts: Sequence[str], report: Progress, begin: float, end: float, query: bool = False) -> Vectors:
    parts: list[Vectors] = []
    step = 512
    for i in range(0, len(texts), step):
        report("计算向量", begin + (end - begin) * i / max(len(texts), 1))
        parts.append(encoder.encode(texts[i : i + step], query=query))
    return np.concatenate(parts) if parts else encoder.encode([])


def _save_vectors(path: Path, vectors: Vectors, exact_below: int) -> None:
    import faiss

    dim = vectors.shape[1] if vectors.ndim == 2 else 0
    exact = len(vectors) < exact_below
    index: Any = faiss.IndexFlatIP(dim) if exact else faiss.IndexHNSWFlat(dim, 32, faiss.METRIC_INNER_PRODUCT)
    if dim and len(vectors):
        index.add(np.ascontiguousarray(vectors))
    faiss.write_index(index, str(path))


def load_index(config: Config, corpus: Corpus) -> Index:
    """Read the live index.

    Raises:
        IndexFileError: it is missing, stale or damaged; the message names the command that mends it.
    """
    generation = _current_generation(config)
    if not generation:
        raise IndexFileError("还没有索引。请运行 qa index 建立索引。")
    if _hash_of(generation) != index_hash(config):
        raise IndexFileError("索引与当前的语料、设置或模型不一致。请运行 qa index 更新索引。")
    folder = Path(config.index_dir) / generation
    _check_files(folder)
    try:
        return _read_generation(folder, generation, corpus)
    except IndexFileError:
        raise
    except Exception as error:
        raise IndexFileError(f"索引已损坏（{type(error).__name__}）。{_REPAIR}") from error


def _check_files(folder: Path) -> None:
    try:
        files = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    except (OSError, ValueError, KeyError) as error:
        raise IndexFileError(f"索引不完整（manifest.json 读不到）。{_REPAIR}") from error
    for name, size in files.items():
        path = folder / name
        if not path.exists() or path.stat().st_size != size:
            raise IndexFileError(f"索引已损坏（{name} 缺失或长度不对）。{_REPAIR}")


def _read_generation(folder: Path, generation: str, corpus: Corpus) -> Index:
    import faiss

    passages = tuple(_passage(row) for row in _read_jsonl(folder / "passages.jsonl"))
    for passage in passages:
        if passage.span.of(corpus.documents[passage.document].text) != passage.text:
            raise IndexFileError(f"索引与语料不符（{passage.id}）。{_REPAIR}")
    return Index(
        passages=passages,
        lines=tuple(Line(row["text"], row["passage"]) for row in _read_jsonl(folder / "lines.jsonl")),
        gaps=tuple(Gap(**row) for row in _read_jsonl(folder / "gaps.jsonl")),
        text_lexical=LexicalIndex.load(folder / "bm25-text"),
        line_lexical=LexicalIndex.load(folder / "bm25-lines"),
        text_vectors=faiss.read_index(str(folder / "text.faiss")),
        line_vectors=faiss.read_index(str(folder / "lines.faiss")),
        gap_vectors=faiss.read_index(str(folder / "gaps.faiss")),
        hash=_hash_of(generation),
    )


def _current_generation(config: Config) -> str:
    try:
        return str(json.loads((Path(config.index_dir) / "current.json").read_text("utf-8"))["generation"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _hash_of(generation: str) -> str:
    return generation.partition("-")[0]


def _passage_row(passage: Passage) -> dict[str, Any]:
    return {
        "id": passage.id,
        "document": passage.document,
        "article": passage.article,
        "path": passage.path,
        "span": [passage.span.start, passage.span.end],
        "text": passage.text,
        "context": [[span.start, span.end] for span in passage.context],
        "table": passage.table,
        "general": passage.general,
    }


def _passage(row: dict[str, Any]) -> Passage:
    return Passage(
        id=row["id"],
        document=row["document"],
        article=row["article"],
        path=tuple(row["path"]),
        span=Span(*row["span"]),
        text=row["text"],
        context=tuple(Span(*span) for span in row["context"]),
        table=row["table"],
        general=row["general"],
    )


def _write_jsonl(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file)


def _write_json(path: Path, value: dict[str, Any]) -> None:
    """Write beside, flush to disk, then replace: a reader sees the old file or the new one, never a part."""
    beside = path.with_name(path.name + ".part")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
