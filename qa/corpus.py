"""The corpus in memory: documents with their text, tree and facts, and the front and back matter of their files."""

from __future__ import annotations

import bisect
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.articles import parse_tree
from qa.errors import CorpusError
from qa.manifest import DocumentInfo, FileInfo, Manifest, Stated, load_manifest
from qa.readers import ReadableText, fold, read_source, readable
from qa.spans import folded
from qa.types import Evidence, Node, Span


@dataclass(frozen=True, slots=True)
class Document:
    """One policy. `offset` is where its text begins in the readable text of its file."""

    info: DocumentInfo
    text: str
    root: Node
    offset: int
    lines: tuple[int, ...]  # source line of each line of the text

    @property
    def id(self) -> str:
        """The short stable id of the manifest."""
        return self.info.id

    def span_at(self, quote: str, line: int = 0) -> Span | None:
        """Where the document says `quote`; of several places the one nearest to the source line."""
        return folded(self.text).find(quote, self.line_offset(line))

    def line_offset(self, line: int) -> int:
        """The offset at which the paragraph of a 1-based source line begins."""
        index = max(bisect.bisect_right(self.lines, line) - 1, 0)
        offset = 0
        for _ in range(index):
            offset = self.text.index("\n", offset) + 1
        return offset


@dataclass(frozen=True, slots=True)
class MatterText:
    """Front or back matter: shown in the reader, never cited."""

    file: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """All documents by id, in the order of the manifest."""

    manifest: Manifest
    documents: dict[str, Document]
    files: dict[str, ReadableText]
    matter: tuple[MatterText, ...]
    folder: Path

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents.values())

    def source_span(self, evidence: Evidence) -> Span:
        """Where a span of a document stands in the source file, in code points."""
        document = self.documents[evidence.document]
        return self.files[document.info.file].source_span(evidence.span.shift(document.offset))

    def locate(self, stated: Stated, document: Document) -> Evidence | None:
        """The span that says a value of the manifest, in the document or in another one of the corpus."""
        file = stated.file or document.info.file
        near = [d for d in self if d.info.file == file and d.info.first_line <= stated.line <= d.info.last_line]
        for candidate in (*near, document):
            if span := candidate.span_at(stated.quote, stated.line):
                return Evidence(candidate.id, span)
        return None


def load_corpus(folder: str | Path) -> Corpus:
    """Read the manifest and every file it names.

    Raises:
        CorpusError: something is missing, damaged or inconsistent; the message says what and how to mend it.
    """
    folder = Path(folder)
    manifest = load_manifest(folder / "manifest.toml")
    files = {info.name: _read(folder, info) for info in manifest.files}
    documents = {info.id: _document(info, files[info.file]) for info in manifest.documents}
    matter = tuple(_matter(manifest.files, files))
    return Corpus(manifest, documents, files, matter, folder)


def _read(folder: Path, info: FileInfo) -> ReadableText:
    source = read_source(folder / "texts" / info.name)
    try:
        return readable(source, info.notes)
    except CorpusError as error:
        raise CorpusError(f"{info.name}：{error}") from error


def _document(info: DocumentInfo, file: ReadableText) -> Document:
    text, offset, lines = _slice(file, info.first_line, info.last_line)
    if not text.strip():
        raise CorpusError(
            f"{info.file} 第 {info.first_line}–{info.last_line} 行没有文字（{info.id}）。请改正 manifest.toml 中的 lines。"
        )
    return Document(info, text, parse_tree(text, _title_lines(text, info.title)), offset, lines)


def _slice(file: ReadableText, first: int, last: int) -> tuple[str, int, tuple[int, ...]]:
    """The text of source lines first..last, where it begins, and the source line of each of its lines."""
    begin = bisect.bisect_left(file.lines, first)
    end = bisect.bisect_right(file.lines, last)
    rows = file.text.split("\n")
    offset = sum(len(row) + 1 for row in rows[:begin])
    text = "\n".join(rows[begin:end]) + "\n" if end > begin else ""
    return text, offset, file.lines[begin:end]


def _title_lines(text: str, title: str) -> int:
    """How many lines at the start are the title: a title may stand on several lines."""
    wanted, seen = fold(title), ""
    for count, line in enumerate(text.split("\n"), start=1):
        seen += fold(line)
        if not wanted.startswith(seen):
            return max(count - 1, 1)
        if seen == wanted:
            return count
    return 1


def _matter(infos: Iterable[FileInfo], files: dict[str, ReadableText]) -> Iterator[MatterText]:
    for info in infos:
        for matter in info.matter:
            text, _, _ = _slice(files[info.name], matter.first_line, matter.last_line)
            yield MatterText(info.name, matter.kind, text)


def corpus_hash(folder: str | Path, names: Iterable[str] = ("manifest.toml", "lexicon.tsv", "lines.jsonl", "gaps.jsonl")) -> str:
    """16 hex digits over the texts, the manifest and the word lists; a missing optional file counts as empty."""
    folder = Path(folder)
    digest = hashlib.sha256()
    for path in (*sorted((folder / "texts").glob("*")), *(folder / name for name in names)):
        digest.update(path.name.encode())
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()[:16]
