"""Source and readable text are the same but for white space and the manifest's removals, character by character."""

from __future__ import annotations

from pathlib import Path

import pytest
from checks import one_clear_message
from hypothesis import given
from hypothesis import strategies as st

from qa.corpus import Corpus, load_corpus
from qa.errors import CorpusError
from qa.readers import ReadableText, ReadingNotes, Removal, fold, read_source, readable
from qa.types import Span

SHIPPED = load_corpus(Path(__file__).parents[1] / "corpus")
FILES = sorted(SHIPPED.files)
SOURCES = {name: read_source(SHIPPED.folder / "texts" / name) for name in FILES}
MARKS = ("第三条 ", "一、", "（二）", "(3)", "4.", "5、", "●", "——", "专栏1 ", "附件2", "图1 ", "表 2")
WORDS = (
    "支持企业",
    "奖励",
    "智能 制造",
    "AI ",
    "5G",
    "500万元",
    " 30 %",
    "２０２２年",
    "⼈才",
    "㎡",
    "Figure 4",
    *"，。；：（）“〔",
)
SPACES = (" ", "\u3000", "\xa0", "\t", "")
LINES = st.builds(
    lambda start, words, end: start + "".join(words) + end,
    st.sampled_from((*MARKS, *SPACES, "")),
    st.lists(st.sampled_from((*WORDS, *SPACES)), max_size=12),
    st.sampled_from(("", "。", "，", " ", "\t", "：")),
)
PAGES = st.lists(LINES, max_size=12).map("\n".join)


def without(source: str, removed: tuple[Span, ...], span: Span) -> str:
    """A slice of the source with the removals left out."""
    return "".join(source[i] for i in range(span.start, span.end) if not any(gone.start <= i < gone.end for gone in removed))


def breaks_between(source: str, text: ReadableText) -> list[int]:
    """Offsets inside a line of the text, outside table rows, before which the source has a line end."""
    found, start = [], 0
    for line in text.text.split("\n"):
        if "\t" not in line:
            found += [i for i in range(start + 1, start + len(line)) if "\n" in source[text.origins[i - 1] : text.origins[i]]]
        start += len(line) + 1
    return found


def check(source: str, text: ReadableText) -> None:
    """What holds for every source."""
    assert fold(text.text) == fold(without(source, text.removed, Span(0, len(source))))
    assert len(text.origins) == len(text.text)
    assert all(a <= b for a, b in zip(text.origins, text.origins[1:], strict=False))
    lines = text.text.split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(text.lines)
    assert all(line.strip() for line in lines)
    for i, char in enumerate(text.text):
        if not char.isspace():
            assert fold(char) in fold(source[text.origins[i]])


@pytest.mark.parametrize("name", FILES)
def test_nothing_lost_nothing_added(name: str) -> None:
    check(SOURCES[name], SHIPPED.files[name])


@pytest.mark.parametrize("name", FILES)
def test_removed_is_what_the_manifest_lists(name: str) -> None:
    info = next(file for file in SHIPPED.manifest.files if file.name == name)
    assert sorted(removal.text for removal in info.notes.removals) == sorted(
        span.of(SOURCES[name]) for span in SHIPPED.files[name].removed
    )
    assert all(removal.reason for removal in info.notes.removals)


@given(st.data())
def test_a_span_leads_back_to_its_source(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FILES))
    text, source = SHIPPED.files[name], SOURCES[name]
    start = data.draw(st.integers(0, len(text.text) - 1))
    span = Span(start, min(start + data.draw(st.integers(1, 400)), len(text.text) - 1))
    origin = text.source_span(span)
    assert fold(span.of(text.text)) == fold(without(source, text.removed, origin))


@pytest.mark.parametrize("name", FILES)
def test_every_join_is_recorded_and_nothing_else(name: str) -> None:
    source, text = SOURCES[name], SHIPPED.files[name]
    crossed = {i + 1 if text.text[i] == " " else i for i in breaks_between(source, text)}
    assert crossed == set(text.joins)


def test_the_long_compilation_has_many_cut_paragraphs(corpus: Corpus) -> None:
    assert max(len(text.joins) for text in corpus.files.values()) > 200


@given(PAGES)
def test_any_page_keeps_every_character(source: str) -> None:
    check(source, readable(source))


@given(PAGES, st.data())
def test_spans_of_any_page_lead_back(source: str, data: st.DataObject) -> None:
    text = readable(source)
    whole = [i for i in range(1, len(text.text)) if text.origins[i] != text.origins[i - 1]]  # ㎡ is two characters of one
    if len(whole) < 2:
        return
    start, end = sorted((data.draw(st.sampled_from(whole)), data.draw(st.sampled_from(whole))))
    span = Span(start, end)
    assert fold(source[slice(text.source_span(span).start, text.source_span(span).end)]) == fold(span.of(text.text))


@given(PAGES)
def test_reading_twice_changes_nothing_in_a_line(source: str) -> None:
    first = [line for line in readable(source).text.split("\n") if "\t" not in line]
    for line in first:
        assert readable(line).text.replace("\n", "") == line


CELLS = st.lists(st.text("甲乙丙 12", max_size=6), min_size=2, max_size=5)


@given(CELLS.filter(lambda cells: bool(cells[0].strip() and cells[-1].strip())))
def test_a_row_with_tabs_keeps_its_cells(cells: list[str]) -> None:
    row = "\t".join(cells)
    text = readable(f"标题\n{row}\n")
    assert len(text.text.split("\n")[1].split("\t")) == len(cells)


def test_a_row_with_one_cell_a_line() -> None:
    source = "附件\n\n\t序号\n\t领域\n\t单位\n\n\t1\n\t智能\n\t甲公司、\n乙公司\n\n\t2\n\t\n\t丙公司\n"
    assert readable(source).text == "附件\n序号\t领域\t单位\n1\t智能\t甲公司、乙公司\n2\t\t丙公司\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("奖励 200 万元，占 30 % 。", "奖励200万元，占30%。"),
        ("⼈⼯智能企业。", "人工智能企业。"),
        ("建设 Open AI Lab 平台。", "建设Open AI Lab平台。"),
        ("３００万元〔2021〕5 号“双创”。", "300万元〔2021〕5号“双创”。"),
        ("3. 5G 车联网。", "3. 5G车联网。"),
        ("对获得国家级奖项的企业，给予一次性\n\n奖励 50 万元。", "对获得国家级奖项的企业，给予一次性奖励50万元。"),
        ("由市科技局受理材料并组织评审，联系电话：0571-8888\n\n9999。", "由市科技局受理材料并组织评审，联系电话：0571-88889999。"),
        ("由市科技局受理材料并组织评审，联系电话：\n\n15800000000）", "由市科技局受理材料并组织评审，联系电话：15800000000）"),
    ],
)
def test_readable_form(source: str, expected: str) -> None:
    assert readable(source).text == expected + "\n"


def test_a_heading_glued_to_a_sentence_begins_a_line() -> None:
    text = readable("对企业给予奖励。九、强化组织保障\n（一）统筹。").text
    assert text == "对企业给予奖励。\n九、强化组织保障\n（一）统筹。\n"


def test_a_marked_line_is_never_joined() -> None:
    assert readable("对符合条件的下列各类企业和机构给予奖励，\n（一）甲类企业。").text.count("\n") == 2


def test_notes_join_and_keep_apart() -> None:
    source = "对符合条件的企业给予奖励，\n并予以公示。"
    assert readable(source).text.count("\n") == 1
    assert readable(source, ReadingNotes(keep_apart=frozenset({2}))).text.count("\n") == 2
    assert readable("奖励。\n公示。", ReadingNotes(join=frozenset({2}))).text == "奖励。公示。\n"


def test_a_removal_takes_out_exactly_its_string() -> None:
    text = readable("甲[x]乙\n丙[x]", ReadingNotes(removals=(Removal(1, "[x]", "debris"),)))
    assert fold(text.text) == "甲乙丙[x]"
    assert text.removed == (Span(1, 4),)


@pytest.mark.parametrize("removal", [Removal(1, "[y]", ""), Removal(2, "[x]", ""), Removal(9, "[x]", "")])
def test_a_removal_that_stands_nowhere_is_refused(removal: Removal) -> None:
    with pytest.raises(CorpusError) as error:
        readable("甲[x]乙\n丙", ReadingNotes(removals=(removal,)))
    one_clear_message(error.value, "removal", "请")


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "读不到"), (b"", "空"), (b" \n\n", "空"), ("政策".encode("gbk"), "UTF-8"), (b"\x89PNG\0\0", "二进制")],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "policy.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CorpusError) as error:
        read_source(path)
    one_clear_message(error.value, "policy.txt", says, "请")


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "policy.txt"
    path.write_bytes("\ufeff政策".encode())
    assert read_source(path) == "政策"
