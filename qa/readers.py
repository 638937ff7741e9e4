"""Stage 1. A source file -> readable text, with a map that leads every character back to the file.

Folded (NFKC, no white space), source and readable text are equal but for the removals that the manifest lists. Characters
are replaced one by one, white space is dropped or becomes a line end, nothing is reordered. One paragraph is one line; a
table row is one line whose cells are separated by tabs.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from qa.errors import CorpusError
from qa.marks import find_mark
from qa.types import NodeKind, Span

_TERMINAL = "。；：！？;:!?"
_RESPONSIBLE = re.compile(r"[（(](?:[^。]{0,8}(?:单位|部门|电话)[:：][^。]*|[^（()）]*(?:负责|委|局|政府|厅)[^（()）]*)[）)]$")
_LABELLED = re.compile(r"^[一-鿿]{2,8}[：:][^，。]+$")  # 咨询电话：65692245
_TELEPHONE_END = re.compile(r"电话[：:]?\d{7,12}$")
_CAPTION = re.compile(r"^[图表]\s?\d+")
_GLUED = re.compile(r"(?<=[。；）)])(?=[一二三四五六七八九十]{1,3}、[^，。；：]{2,20}$)")
_GLUED_ITEM = re.compile(r"(?<=[。；])(?=(?:\d{1,2}[.．](?!\d)|[（(]\d{1,2}[）)])[^\d])")
_GLUED_HEADINGS = re.compile(r"(?<=^[（(][一二三四五六七八九十][）)])(?:[^，。；]{4,24}?)(?=\d{1,2}[.．][^\d])")
_TITLE_CHARS = 45  # a line without a sentence end up to this length is a heading or a title, not a cut paragraph


def fold(text: str) -> str:
    """The form in which texts are compared: NFKC, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True, slots=True)
class Removal:
    """Extraction debris: the exact string on a source line (1-based), and why it goes."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadingNotes:
    """What the manifest says about one file: debris to remove, and lines where the general rules err (1-based)."""

    removals: tuple[Removal, ...] = ()
    keep_apart: frozenset[int] = frozenset()  # never join this line to the one before it
    join: frozenset[int] = frozenset()  # always join this line to the one before it


@dataclass(frozen=True, slots=True)
class ReadableText:
    """Readable text of one file.

    `origins[i]` is the offset in the source of `text[i]`; `lines[i]` the 1-based source line on which line i of the text
    begins; `joins` the offsets at which two halves of a cut paragraph meet; `removed` the source spans taken out.
    """

    text: str
    origins: Sequence[int]
    lines: tuple[int, ...]
    joins: tuple[int, ...]
    removed: tuple[Span, ...]

    def source_span(self, span: Span) -> Span:
        """Where a span of the readable text stands in the source file."""
        if not len(span):
            return Span(self.origins[span.start], self.origins[span.start])
        return Span(self.origins[span.start], self.origins[span.end - 1] + 1)


@dataclass(slots=True)
class _Line:
    """Characters with their source offsets, and the 1-based source line they begin on."""

    number: int
    chars: list[str] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    row: bool = False
    joins: list[int] = field(default_factory=list)

    def add(self, char: str, origin: int) -> None:
        self.chars.append(char)
        self.origins.append(origin)

    @property
    def text(self) -> str:
        return "".join(self.chars)


def read_source(path: Path) -> str:
    """The file's text.

    Raises:
        CorpusError: the file is missing, empty, binary or not UTF-8.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"语料文件 {path.name} 读不到（{error.strerror}）。请恢复该文件，或从 manifest.toml 中去掉它。"
        ) from error
    if not raw.strip():
        raise CorpusError(f"语料文件 {path.name} 是空的。请恢复该文件，或从 manifest.toml 中去掉它。")
    if b"\0" in raw:
        raise CorpusError(f"语料文件 {path.name} 是二进制文件，不是文本。请换成 UTF-8 编码的文本文件。")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"语料文件 {path.name} 不是 UTF-8 编码（第 {error.start} 字节）。请转换成 UTF-8 后重试。") from error


def readable(source: str, notes: ReadingNotes | None = None) -> ReadableText:
    """Turn a source into readable text.

    Args:
        source: the file's text as published.
        notes: removals and exceptions for this file.

    Raises:
        CorpusError: a removal of the notes does not stand where they say.
    """
    notes = notes or ReadingNotes()
    removed = _locate_removals(source, notes.removals)
    parts = (part for line in _logical_lines(source, removed) for part in _split_glued(line))
    return _assemble(_join_paragraphs(parts, notes), removed)


def _locate_removals(source: str, removals: Iterable[Removal]) -> tuple[Span, ...]:
    starts = [0, *(match.end() for match in re.finditer("\n", source))]
    spans: list[Span] = []
    for removal in removals:
        begin = starts[removal.line - 1] if removal.line <= len(starts) else len(source)
        end = source.find("\n", begin)
        at = source.find(removal.text, begin, (end if end >= 0 else len(source)))
        while at >= 0 and any(span.start == at for span in spans):
            at = source.find(removal.text, at + 1, (end if end >= 0 else len(source)))
        if at < 0:
            raise CorpusError(f"manifest.toml 中的 removal 与语料不符：第 {removal.line} 行没有 {removal.text!r}。请改正该条。")
        spans.append(Span(at, at + len(removal.text)))
    return tuple(sorted(spans))


def _logical_lines(source: str, removed: Sequence[Span]) -> Iterator[_Line]:
    """Source lines without debris and superfluous white space; the cells of a row that has one cell a line put together."""
    gone = {offset for span in removed for offset in range(span.start, span.end)}
    row: _Line | None = None
    offset = last_row = 0
    for number, raw in enumerate(source.split("\n"), start=1):
        kept = [(char, offset + i) for i, char in enumerate(raw) if offset + i not in gone]
        offset += len(raw) + 1
        whole_row = "\t" in raw.strip() or (raw.startswith("\t") and last_row == number - 1)
        if whole_row and raw.strip():
            last_row = number
        if raw.startswith("\t") and not whole_row:  # one cell a line
            row = row or _Line(number, row=True)
            if row.chars or row.joins:
                row.add("\t", kept[0][1])
            row.joins = [1]  # the row has begun, even if its first cell is empty
            _extend(row, kept[1:])
        elif row and raw.strip() and not _begins_part(raw):  # a cell continued on a line of its own
            _extend(row, kept)
        else:
            if row and row.text.strip():
                yield _finish_row(row)
            row = None
            yield from _plain_line(number, kept, whole_row)
    if row and row.text.strip():
        yield _finish_row(row)


def _begins_part(raw: str) -> bool:
    mark = find_mark(raw.strip())
    return mark is not None and mark.kind in (NodeKind.ANNEX, NodeKind.CHAPTER, NodeKind.PART)


def _finish_row(row: _Line) -> _Line:
    row.joins = []
    return row


def _plain_line(number: int, kept: Sequence[tuple[str, int]], row: bool) -> Iterator[_Line]:
    if not "".join(char for char, _ in kept).strip():
        return
    line = _Line(number, row=row)
    if not line.row:
        _extend(line, kept)
        yield line
        return
    cell: list[tuple[str, int]] = []
    for char, origin in kept:
        if char == "\t":
            _extend(line, cell)
            line.add("\t", origin)
            cell = []
        else:
            cell.append((char, origin))
    _extend(line, cell)
    yield line


def _extend(line: _Line, chars: Sequence[tuple[str, int]]) -> None:
    """Append characters in readable form: letters and digits normalised, white space kept only between Latin words."""
    pending = -1
    for char, origin in chars:
        if char.isspace() or char in "\ufeff\u200b\u200c\u200d":
            pending = origin if pending < 0 else pending
            continue
        for plain in _plain(char):
            if pending >= 0 and line.chars and (_needs_space(line.chars[-1], plain) or _after_mark(line, plain)):
                line.add(" ", pending)
            pending = -1
            line.add(plain, origin)


def _plain(char: str) -> str:
    """NFKC for letters, digits and compatibility ideographs; brackets, quotes and list marks keep their character."""
    category = unicodedata.category(char)
    code = ord(char)
    compatibility = 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF or 0x3300 <= code <= 0x33FF
    if compatibility or category in ("Lu", "Ll", "Nd", "Lm") or char in "％＋＆＠":
        return unicodedata.normalize("NFKC", char)
    return char


def _needs_space(before: str, after: str) -> bool:
    return before.isascii() and after.isascii() and before.isalnum() and after.isalnum()


def _after_mark(line: _Line, char: str) -> bool:
    """3. 5G 车联网 must not become 3.5G."""
    return char.isdigit() and len(line.chars) <= 3 and re.fullmatch(r"\d{1,2}[.．]", line.text) is not None


def _join_paragraphs(lines: Iterable[_Line], notes: ReadingNotes) -> list[_Line]:
    result: list[_Line] = []
    for line in lines:
        if result and _is_continued(result[-1], line, notes):
            before = result[-1]
            if _needs_space(before.chars[-1], line.chars[0]) and not (before.chars[-1] + line.chars[0]).isdigit():
                before.add(" ", line.origins[0])
            before.joins.append(len(before.chars))
            before.chars += line.chars
            before.origins += line.origins
        else:
            result.append(line)
    return result


def _is_continued(before: _Line, line: _Line, notes: ReadingNotes) -> bool:
    """Whether `line` is the second half of the paragraph `before`, cut by a page end."""
    if before.row or line.row or line.number in notes.keep_apart:
        return False
    if line.number in notes.join:
        return True
    text, following = before.text, line.text
    if find_mark(following) or _CAPTION.match(following) or _CAPTION.match(text):
        return False
    if text[-1] in "，、," or (text[-1] in "：:" and following[0].isdigit()):
        return True
    if text[-1] in _TERMINAL or _RESPONSIBLE.search(text) or _TELEPHONE_END.search(text):
        return False
    if _LABELLED.match(following) and _LABELLED.match(text):
        return False
    return not _is_title(text)


def _is_title(text: str) -> bool:
    if len(text) > _TITLE_CHARS:
        return False
    mark = find_mark(text)
    if mark and mark.kind in (NodeKind.PART, NodeKind.SECTION, NodeKind.ITEM, NodeKind.BOX):
        return "。" not in text
    return not re.search("[，。；：、,;]" if mark else "[，。；：,;]", text)


def _split_glued(line: _Line) -> Iterator[_Line]:
    """A heading or list mark glued to the end of a sentence begins a line of its own."""
    if line.row:
        yield line
        return
    text = line.text
    cuts = {match.start() for pattern in (_GLUED, _GLUED_ITEM) for match in pattern.finditer(text)}
    cuts |= {match.end() for match in _GLUED_HEADINGS.finditer(text)}
    bounds = [0, *sorted(cuts - {0}), len(text)]
    for begin, end in pairwise(bounds):
        yield _Line(line.number, line.chars[begin:end], line.origins[begin:end])


def _assemble(lines: Sequence[_Line], removed: tuple[Span, ...]) -> ReadableText:
    chars: list[str] = []
    origins = array("l")
    joins: list[int] = []
    for line in lines:
        joins += [len(chars) + join for join in line.joins]
        chars += line.chars
        origins.extend(line.origins)
        chars.append("\n")
        origins.append((origins[-1] + 1) if origins else 0)
    return ReadableText("".join(chars), origins, tuple(line.number for line in lines), tuple(joins), removed)
