"""The manifest: typed, checked, and every quote of it stands where it says."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from checks import one_clear_message
from invented import MANIFEST

from qa.corpus import Corpus
from qa.errors import CorpusError
from qa.manifest import load_manifest
from qa.readers import fold, read_source

FOLDER = Path(__file__).parents[1] / "corpus"
DATA = tomllib.loads((FOLDER / "manifest.toml").read_text("utf-8"))
COMPILATION = max(FOLDER.glob("texts/*"), key=lambda path: path.stat().st_size).name
LINES = {path.name: read_source(path).split("\n") for path in FOLDER.glob("texts/*")}


def quotes(value: Any, file: str = "") -> Iterator[tuple[str, str, int]]:
    """Every (file, quote, line) of the manifest."""
    if isinstance(value, dict):
        file = value.get("file") or (value.get("name", "") if "sha256" in value else "") or file
        if value.get("quote"):
            yield file, value["quote"], value.get("line", 0)
        for inner in value.values():
            yield from quotes(inner, file)
    elif isinstance(value, list):
        for inner in value:
            yield from quotes(inner, file)


def test_files_are_the_published_bytes() -> None:
    assert len(DATA["file"]) == len(LINES) == 5
    for entry in DATA["file"]:
        assert hashlib.sha256((FOLDER / "texts" / entry["name"]).read_bytes()).hexdigest() == entry["sha256"], entry["name"]


def test_every_quote_begins_on_its_line() -> None:
    wrong = []
    for file, quote, line in quotes(DATA):
        source = LINES[file]
        rest = fold("".join(source[line - 1 : line + 30])) if line else fold("".join(source))
        at = rest.find(fold(quote))
        if at < 0 or (line and at >= len(fold(source[line - 1]))):
            wrong.append((file, line, quote))
    assert wrong == []
    assert len(list(quotes(DATA))) > 120


def test_stated_values_are_found_in_the_corpus(corpus: Corpus) -> None:
    """A value is said by a document or, for what stands on a cover, by the front matter of its file."""
    for document in corpus:
        info = document.info
        for stated in (*info.issuers, info.number, info.issued, info.url):
            if stated is not None and (evidence := corpus.locate(stated, document)) is not None:
                assert fold(evidence.span.of(corpus.documents[evidence.document].text)) == fold(stated.quote)
            elif stated is not None:
                file = stated.file or info.file
                assert any(matter.file == file and fold(stated.quote) in fold(matter.text) for matter in corpus.matter), (
                    info.id,
                    stated,
                )
        for clause in info.general:
            assert document.span_at(clause.quote, clause.line) is not None, (info.id, clause)
        if info.validity.quote:
            assert fold(info.validity.quote) in fold("".join(LINES[info.file])), (info.id, info.validity.quote)


def test_repairs_stand_where_they_say() -> None:
    for entry in DATA["repair"]:
        near = fold("".join(LINES[entry["file"]][entry["line"] - 1 : entry["line"] + 2]))
        assert fold(entry["wrong"]) in near, entry


def test_the_compilation_holds_the_policies_of_its_contents(corpus: Corpus) -> None:
    contents = next(matter for matter in corpus.matter if matter.kind == "contents")
    listed = {}
    for line in contents.text.split("\n"):
        if match := re.match(r"[-\s]*(\d+)[.．]\s*(.+?)[.\s]*(\d{1,3})?$", line):
            listed[int(match.group(1))] = _plain(match.group(2))
    assert sorted(listed) == list(range(1, 34))
    compiled = [document for document in corpus if document.info.file == contents.file]
    assert len(compiled) == 33
    assert [document.info.first_line for document in compiled] == sorted(document.info.first_line for document in compiled)
    for number, document in enumerate(compiled, start=1):
        assert _plain(document.info.title) == listed[number], number


def _plain(title: str) -> str:
    """A title without brackets, dashes and the page number that the contents set behind it."""
    text = re.sub(r"\d{1,3}$", "", fold(title).rstrip("."))
    return re.sub(r"[()（）《》〈〉“”\"—–\-、.]", "", text)


def test_documents_in_all(corpus: Corpus) -> None:
    assert len(corpus.documents) == 38
    assert sorted(sum(d.info.file == name for d in corpus) for name in LINES) == [1, 1, 1, 2, 33]
    assert all(re.fullmatch(r"[a-z0-9-]{4,32}", id) for id in corpus.documents)


def test_ranges_tile_every_file(corpus: Corpus) -> None:
    for file in corpus.manifest.files:
        ranges = sorted(
            [(d.info.first_line, d.info.last_line) for d in corpus if d.info.file == file.name]
            + [(matter.first_line, matter.last_line) for matter in file.matter]
        )
        end = 0
        for first, last in ranges:
            assert first > end, f"{file.name}: line {first} belongs to two parts"
            assert not "".join(LINES[file.name][end : first - 1]).strip(), (
                f"{file.name}: lines {end + 1} to {first - 1} belong to nothing"
            )
            assert last >= first
            end = last
        assert not "".join(LINES[file.name][end:]).strip(), f"{file.name}: what follows line {end} belongs to nothing"


def test_kinds_levels_and_links(corpus: Corpus) -> None:
    ids = set(corpus.documents)
    for document in corpus:
        info = document.info
        assert not (info.claimable and re.search("规划|行动计划|行动方案|产业导则", info.kind)), info.id
        assert set(info.implements) <= ids
        assert not info.copy_of or info.copy_of in ids
        assert not info.validity.document or info.validity.document in ids
        assert all(part and part == part.strip() for region in info.regions for part in region.split("/"))
        assert info.title == info.title.strip() != ""
    assert len({document.info.title for document in corpus}) >= 37  # one policy is published twice


def write(folder: Path, text: str) -> Path:
    path = folder / "manifest.toml"
    path.write_text(text, "utf-8")
    return path


def test_defaults_of_a_small_manifest(tmp_path: Path) -> None:
    manifest = load_manifest(write(tmp_path, MANIFEST))
    plan = manifest.documents[1]
    assert plan.short_title == plan.title
    assert plan.applies_to == (plan.issued_by,) == plan.regions
    assert plan.validity.state == "not_stated"
    assert plan.period == (2031, 2033)
    assert plan.number is None
    assert manifest.documents[2].regions == ("云岭/青河/青河高新区", "云岭/青河")
    assert manifest.documents[0].validity.start == "2031-03-01"
    assert ("yunzhou-plan", "item") in manifest.runs_on


@pytest.mark.parametrize("key", ["id", "file", "lines", "title", "issued_by", "level", "kind", "claimable"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    head, _, tail = MANIFEST.partition("[[document]]")
    broken = head + "[[document]]" + re.sub(rf"^{key} = .*\n", "", tail, count=1, flags=re.M)
    with pytest.raises(CorpusError) as error:
        load_manifest(write(tmp_path, broken))
    one_clear_message(error.value, "manifest.toml", key, "请")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "yunzhou-plan"', 'id = "yunzhou-measures"', "两次"),
        ('name = "qinghe.txt"', 'name = "yunzhou.txt"', "两次"),
        ('file = "qinghe.txt"\nlines = [2, 10]', 'file = "other.txt"\nlines = [2, 10]', "other.txt"),
        ("lines = [2, 10]", "lines = [2]", "lines"),
        ("lines = [2, 10]", 'lines = "2-10"', "lines"),
        ("[[file]]", "[[file]", "无法读取"),
        ('name = "qinghe.txt"\n', "", "name"),
    ],
)
def test_a_manifest_that_contradicts_itself(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(CorpusError) as error:
        load_manifest(write(tmp_path, MANIFEST.replace(old, new)))
    one_clear_message(error.value, "manifest.toml", says, "请")


def test_no_manifest_at_all(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as error:
        load_manifest(tmp_path / "manifest.toml")
    one_clear_message(error.value, "manifest.toml", "请恢复")
    (tmp_path / "manifest.toml").write_bytes("标题".encode("gbk"))
    with pytest.raises(CorpusError) as error:
        load_manifest(tmp_path / "manifest.toml")
    one_clear_message(error.value, "manifest.toml", "请")
