"""The facts about the corpus, as `corpus/manifest.toml` states them: typed, every value with the quote that says it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from qa.errors import CorpusError
from qa.readers import ReadingNotes, Removal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stated:
    """A value and where a text says it; `file` is empty when that is the document's own file."""

    value: str
    quote: str
    line: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class ValidityRule:
    """What the text says about validity; see `qa.validity` for the states computed from it."""

    state: str = "not_stated"
    start: str = ""  # from = "2020-01-13"
    end: str = ""
    years: float = 0
    issued_earliest: str = ""
    issued_latest: str = ""
    document: str = ""  # linked: the document of this corpus that it follows
    named: str = ""  # linked: the title of a document outside this corpus
    quote: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class GeneralClause:
    """A clause that governs the whole document; its kind is scope, no_double, repayment, inclusive_bounds or another."""

    kind: str
    quote: str
    line: int


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """One policy, before its text is read. Lines are 1-based source lines, inclusive."""

    id: str
    file: str
    first_line: int
    last_line: int
    title: str
    short_title: str
    aliases: tuple[str, ...]
    issued_by: str
    applies_to: tuple[str, ...]
    level: str
    kind: str
    claimable: bool
    issuers: tuple[Stated, ...] = ()
    number: Stated | None = None
    issued: Stated | None = None
    url: Stated | None = None
    implements: tuple[str, ...] = ()
    copy_of: str = ""
    validity: ValidityRule = ValidityRule()
    period: tuple[int, int] | None = None
    general: tuple[GeneralClause, ...] = ()

    @property
    def regions(self) -> tuple[str, ...]:
        """Region paths that the document belongs to: where it applies, then who issued it."""
        return tuple(dict.fromkeys((*self.applies_to, self.issued_by)))


@dataclass(frozen=True, slots=True)
class Matter:
    """Front or back matter of a file: notice, cover, contents, preface, back."""

    kind: str
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One source file."""

    name: str
    title: str
    original_name: str = ""
    sha256: str = ""
    matter: tuple[Matter, ...] = ()
    notes: ReadingNotes = field(default_factory=ReadingNotes)


@dataclass(frozen=True, slots=True)
class Repair:
    """A damaged word, repaired in the indexed form only."""

    file: str
    line: int
    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class NumberingException:
    """A place where the source itself breaks its own numbering."""

    document: str
    kind: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole of `manifest.toml`."""

    files: tuple[FileInfo, ...]
    documents: tuple[DocumentInfo, ...]
    compiled: Stated | None = None
    repairs: tuple[Repair, ...] = ()
    runs_on: frozenset[tuple[str, str]] = frozenset()  # (document, node kind) whose numbers run on through the document
    exceptions: tuple[NumberingException, ...] = ()


def load_manifest(path: Path) -> Manifest:
    """Read and check `manifest.toml`.

    Raises:
        CorpusError: the file is missing, is no TOML, lacks a key, or names a file or document twice or not at all.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise CorpusError(f"找不到语料清单 {path.name}（应在 {path.parent}）。请恢复该文件。") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"语料清单 {path.name} 无法读取：{error}。请改正后重试。") from error
    try:
        manifest = _manifest(data)
    except (KeyError, TypeError, ValueError) as error:
        raise CorpusError(f"语料清单 {path.name} 缺少或写错了 {error}。请改正后重试。") from error
    _check(manifest, path)
    return manifest


def _manifest(data: Mapping[str, Any]) -> Manifest:
    numbering = data.get("numbering", [])
    return Manifest(
        files=tuple(_file(entry, data) for entry in data["file"]),
        documents=tuple(_document(entry) for entry in data["document"]),
        compiled=_optional(_stated, data.get("compiled")),
        repairs=tuple(Repair(e["file"], e.get("line", 0), e["wrong"], e["right"]) for e in data.get("repair", [])),
        runs_on=frozenset((e["document"], e["kind"]) for e in numbering if e["mode"] == "runs_on"),
        exceptions=tuple(
            NumberingException(e["document"], e["kind"], x["text"], x["reason"]) for e in numbering for x in e.get("exceptions", [])
        ),
    )


def _file(entry: Mapping[str, Any], data: Mapping[str, Any]) -> FileInfo:
    name = entry["name"]
    starts = {_lines(document)[0] for document in data["document"] if document["file"] == name}
    notes = ReadingNotes(
        removals=tuple(Removal(e["line"], e["text"], e["reason"]) for e in data.get("removal", []) if e["file"] == name),
        keep_apart=frozenset(starts | set(entry.get("keep_apart", []))),
        join=frozenset(entry.get("join", [])),
    )
    matter = tuple(Matter(e["kind"], *_lines(e)) for e in entry.get("matter", []))
    return FileInfo(name, entry["title"], entry.get("original_name", ""), entry.get("sha256", ""), matter, notes)


def _lines(entry: Mapping[str, Any]) -> tuple[int, int]:
    match entry["lines"]:
        case [int(first), int(last)]:
            return first, last
        case other:
            raise ValueError(f"lines = {other!r}，应为 [首行, 末行]")


def _document(entry: Mapping[str, Any]) -> DocumentInfo:
    first, last = _lines(entry)
    period = entry.get("period")
    return DocumentInfo(
        id=entry["id"],
        file=entry["file"],
        first_line=first,
        last_line=last,
        title=entry["title"],
        short_title=entry.get("short_title", entry["title"]),
        aliases=tuple(entry.get("aliases", [])),
        issued_by=entry["issued_by"],
        applies_to=tuple(entry.get("applies_to", [entry["issued_by"]])),
        level=entry["level"],
        kind=entry["kind"],
        claimable=entry["claimable"],
        issuers=tuple(_stated(issuer) for issuer in entry.get("issuers", [])),
        number=_optional(_stated, entry.get("document_number")),
        issued=_optional(_stated, entry.get("issue_date")),
        url=_optional(_stated, entry.get("source_url")),
        implements=tuple(entry.get("implements", [])),
        copy_of=entry.get("copy_of", ""),
        validity=_validity(entry.get("validity", {})),
        period=(int(period["from"]), int(period["to"])) if period else None,
        general=tuple(GeneralClause(e["kind"], e["quote"], e["line"]) for e in entry.get("general", [])),
    )


def _validity(entry: Mapping[str, Any]) -> ValidityRule:
    known = {
        key: entry[key]
        for key in ("state", "years", "issued_earliest", "issued_latest", "document", "named", "quote", "line")
        if key in entry
    }
    return ValidityRule(start=entry.get("from", entry.get("start", "")), end=entry.get("to", ""), **known)


def _stated(entry: Mapping[str, Any]) -> Stated:
    return Stated(entry["value"], entry["quote"], entry["line"], entry.get("file", ""))


def _optional(build: Callable[[Mapping[str, Any]], T], entry: Mapping[str, Any] | None) -> T | None:
    return build(entry) if entry else None


def _check(manifest: Manifest, path: Path) -> None:
    names = {file.name for file in manifest.files}
    for what, values in (("文件", [f.name for f in manifest.files]), ("文件标识", [d.id for d in manifest.documents])):
        if twice := _first_duplicate(values):
            raise CorpusError(f"语料清单 {path.name} 中{what} {twice!r} 出现了两次。请改正后重试。")
    for document in manifest.documents:
        if document.file not in names:
            raise CorpusError(f"语料清单 {path.name} 中 {document.id} 所在的文件 {document.file!r} 没有列出。请改正后重试。")


def _first_duplicate(values: Iterable[str]) -> str:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return ""
