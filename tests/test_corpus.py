"""The corpus in memory: documents cut out of their files, traced back to them, and whole in every damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from checks import one_clear_message
from hypothesis import given
from hypothesis import strategies as st
from invented import MANIFEST, MEASURES, PLAN, without_document

from qa.corpus import Corpus, corpus_hash, load_corpus
from qa.errors import CorpusError
from qa.readers import fold, read_source
from qa.types import Evidence, Span

SHIPPED = load_corpus(Path(__file__).parents[1] / "corpus")
SOURCES = {name: read_source(SHIPPED.folder / "texts" / name) for name in SHIPPED.files}


@pytest.fixture
def copy(invented: Path, tmp_path: Path) -> Path:
    """The invented corpus, to be damaged."""
    return Path(shutil.copytree(invented, tmp_path / "corpus"))


def test_every_document_begins_with_its_title(corpus: Corpus) -> None:
    for document in corpus:
        assert document.root.heading.start == 0
        heading = fold(document.root.heading.of(document.text))
        assert heading[:4] == fold(document.info.title)[:4] or fold(document.info.title) in fold(document.text[:200]), document.id


def test_documents_and_matter_are_all_of_their_files(corpus: Corpus) -> None:
    for name, file in corpus.files.items():
        parts = [document.text for document in corpus if document.info.file == name]
        parts += [matter.text for matter in corpus.matter if matter.file == name]
        assert sum(map(len, parts)) == len(file.text)
        for document in corpus:
            if document.info.file == name:
                assert file.text[document.offset : document.offset + len(document.text)] == document.text


@given(st.data())
def test_source_spans_of_any_document(data: st.DataObject) -> None:
    document = SHIPPED.documents[data.draw(st.sampled_from(sorted(SHIPPED.documents)))]
    start = data.draw(st.integers(0, len(document.text) - 2))
    span = Span(start, data.draw(st.integers(start + 1, min(start + 80, len(document.text) - 1))))
    origin = SHIPPED.source_span(Evidence(document.id, span))
    source = origin.of(SOURCES[document.info.file])
    for removal in SHIPPED.files[document.info.file].removed:
        if origin.start < removal.end and removal.start < origin.end:
            return
    assert fold(source) == fold(span.of(document.text))


@given(st.data())
def test_quotes_are_found_near_their_line(data: st.DataObject) -> None:
    document = SHIPPED.documents[data.draw(st.sampled_from(sorted(SHIPPED.documents)))]
    index = data.draw(st.integers(0, len(document.lines) - 1))
    line = document.text.split("\n")[index]
    span = document.span_at(line, document.lines[index])
    assert span is not None
    assert fold(span.of(document.text)) == fold(line)
    if document.lines.count(document.lines[index]) == 1:  # no heading was glued to this line
        assert not document.text[document.line_offset(document.lines[index]) : span.start].strip()


def test_a_telephone_number_behind_a_page_end_stands_whole(corpus: Corpus) -> None:
    holders = [document for document in corpus if "15828037142" in document.text]
    assert len(holders) == 1
    paragraph = next(line for line in holders[0].text.split("\n") if "15828037142" in line)
    assert "成华区经济和科学技术局，咨询电话：15828037142）" in paragraph
    assert paragraph.startswith("2.对优质中小型人工智能创新企业入驻产业集聚区")
    assert paragraph.endswith("）")


def test_the_invented_corpus_reads_like_any_other(invented: Path) -> None:
    corpus = load_corpus(invented)
    assert list(corpus.documents) == ["yunzhou-measures", "yunzhou-plan", "qinghe-rules"]
    rules = corpus.documents["qinghe-rules"]
    assert rules.text.startswith("青河高新区算力券发放实施细则\n一、支持对象。")
    assert "使用本区算力中心的企业和高校" in rules.text
    assert "bookmark" not in rules.text
    assert "13万元一次性奖励" in corpus.documents["yunzhou-measures"].text
    issued = rules.info.issued
    assert issued is not None
    assert corpus.locate(issued, rules) is None  # stands in the notice above the documents
    assert [matter.text for matter in corpus.matter] == ["发布日期：2031年5月6日\n"]


def test_a_corpus_without_one_document(copy: Path) -> None:
    (copy / "manifest.toml").write_text(without_document(MANIFEST, "yunzhou-plan"), "utf-8")
    corpus = load_corpus(copy)
    assert list(corpus.documents) == ["yunzhou-measures", "qinghe-rules"]
    assert PLAN[:20] not in corpus.documents["yunzhou-measures"].text


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "读不到"), (b"", "空"), ((MEASURES + PLAN).encode("gb18030"), "UTF-8"), (b"\x7fELF\0\1", "二进制")],
)
def test_a_damaged_file_gives_one_sentence(copy: Path, content: bytes | None, says: str) -> None:
    path = copy / "texts" / "yunzhou.txt"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CorpusError) as error:
        load_corpus(copy)
    one_clear_message(error.value, "yunzhou.txt", says, "请")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('text = "[bookmark: x1]"', 'text = "[bookmark: x2]"', ("qinghe.txt", "removal")),
        ("lines = [2, 10]", "lines = [200, 210]", ("qinghe.txt", "200", "lines")),
    ],
)
def test_a_manifest_that_does_not_fit_the_text(copy: Path, old: str, new: str, words: tuple[str, ...]) -> None:
    (copy / "manifest.toml").write_text(MANIFEST.replace(old, new), "utf-8")
    with pytest.raises(CorpusError) as error:
        load_corpus(copy)
    one_clear_message(error.value, *words, "请改正")


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as error:
        load_corpus(tmp_path / "nowhere")
    one_clear_message(error.value, "manifest.toml", "nowhere", "请")


@pytest.mark.parametrize(
    "name", ["texts/yunzhou.txt", "texts/qinghe.txt", "manifest.toml", "lexicon.tsv", "lines.jsonl", "gaps.jsonl"]
)
def test_the_hash_follows_every_file(copy: Path, name: str) -> None:
    before = corpus_hash(copy)
    assert before == corpus_hash(str(copy))
    path = copy / name
    path.write_text((path.read_text("utf-8") if path.exists() else "") + "\n# more\n", "utf-8")
    assert corpus_hash(copy) != before


def test_the_hash_does_not_depend_on_the_place(invented: Path, copy: Path) -> None:
    assert corpus_hash(invented) == corpus_hash(copy)
