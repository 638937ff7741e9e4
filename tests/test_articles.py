"""The tree: spans that fit into each other, numbers that run as the manifest says, and the hard places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from checks import check_tree
from hypothesis import given
from test_readers import PAGES

from qa.articles import article_label, parse_tree, walk
from qa.corpus import Corpus, Document, load_corpus
from qa.manifest import DocumentInfo
from qa.marks import find_mark
from qa.readers import fold, readable
from qa.types import Node, NodeKind, Span

SHIPPED = load_corpus(Path(__file__).parents[1] / "corpus")
NUMBERED = (
    NodeKind.ANNEX,
    NodeKind.CHAPTER,
    NodeKind.PART,
    NodeKind.ARTICLE,
    NodeKind.SECTION,
    NodeKind.BOX,
    NodeKind.ITEM,
    NodeKind.SUBITEM,
)
INFO = DocumentInfo("made-up", "made-up.txt", 1, 9, "题", "题", (), "云岭", ("云岭",), "city", "政策措施", True)


def made_up(source: str) -> Document:
    """A document from any text."""
    text = readable(source).text
    return Document(INFO, text, parse_tree(text), 0, ())


def numbers(document: Document, kind: NodeKind, runs_on: bool) -> Iterator[list[tuple[int, str]]]:
    """Sequences of (number, line) that should each count 1, 2, 3 …

    A level that restarts has one sequence under each parent; one that runs on has one in the whole document, and one of its
    own inside each box and each annex.
    """
    sequences: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for node, path in walk(document.root):
        if node.kind is kind:
            line = node.span.of(document.text).split("\n")[0]
            mark = find_mark(line)
            assert mark is not None
            around = next((n for n in reversed(path) if n.kind in (NodeKind.BOX, NodeKind.ANNEX)), path[0]) if runs_on else path[-1]
            if mark.number is not None:
                sequences[id(around)].append((mark.number, line))
    yield from sequences.values()


def breaks(document: Document, kind: NodeKind, runs_on: bool) -> list[str]:
    """Lines whose number does not follow the one before."""
    found = []
    for sequence in numbers(document, kind, runs_on):
        before = [0, *(number for number, _ in sequence)]
        found += [line for last, (number, line) in zip(before, sequence, strict=False) if number != last + 1]
    return found


@pytest.mark.parametrize("id", SHIPPED.documents)
def test_numbers_run_as_the_manifest_says(id: str) -> None:
    document, manifest = SHIPPED.documents[id], SHIPPED.manifest
    for kind in NUMBERED:
        found = [fold(line) for line in breaks(document, kind, (id, kind.value) in manifest.runs_on)]
        listed = [fold(entry.text) for entry in manifest.exceptions if (entry.document, entry.kind) == (id, kind.value)]
        unlisted = [line[:40] for line in found if not line.startswith(tuple(listed))]
        assert unlisted == [], f"{kind.value}: out of sequence and not listed"
        idle = [text for text in listed if not any(line.startswith(text) for line in found)]
        assert idle == [], f"{kind.value}: listed as an exception, but in sequence"


def test_numbering_of_the_manifest_is_needed() -> None:
    """A level listed as running on would be out of sequence if it restarted; every exception has a reason."""
    for id, kind in SHIPPED.manifest.runs_on:
        assert breaks(SHIPPED.documents[id], NodeKind(kind), runs_on=False), (id, kind)
    assert all(entry.reason for entry in SHIPPED.manifest.exceptions)
    assert {entry.document for entry in SHIPPED.manifest.exceptions} <= set(SHIPPED.documents)


@pytest.mark.parametrize("id", SHIPPED.documents)
def test_trees_of_the_corpus(id: str) -> None:
    check_tree(SHIPPED.documents[id])


@given(PAGES.map(lambda page: "题\n" + page))
def test_the_tree_of_any_page(source: str) -> None:
    check_tree(made_up(source))


@given(PAGES.map(lambda page: "题\n" + page))
def test_every_line_is_reached(source: str) -> None:
    document = made_up(source)
    starts = {node.span.start for node, _ in walk(document.root)}
    offset = 0
    for line in document.text.split("\n")[:-1]:
        assert offset in starts
        offset += len(line) + 1


def rows(corpus: Corpus, *words: str) -> list[tuple[Document, Node, tuple[Node, ...]]]:
    return [
        (document, node, path)
        for document in corpus
        for node, path in walk(document.root)
        if node.kind is NodeKind.ROW and all(word in node.span.of(document.text) for word in words)
    ]


def test_a_target_is_read_with_its_header_and_unit(corpus: Corpus) -> None:
    """德清: 智能物流增加值 of 2022 is 35 亿元; the table repeats its header in its middle."""
    [(document, row, path)] = rows(corpus, "智能物流增加值")
    header = path[-1].children[0]
    cells = {head.of(document.text): cell.of(document.text) for head, cell in zip(header.cells, row.cells, strict=True)}
    assert document.info.applies_to == ("浙江/湖州/德清",)
    assert cells["2022年"] == "35"
    assert cells["单位"] == "亿元"
    assert cells["指标"] == "智能物流增加值"


def annex(corpus: Corpus, number: int) -> tuple[Document, list[Node]]:
    """The rows of an annex of 合肥's plan."""
    document = next(d for d in corpus if "附件2\n合肥市人工智能应用部分示范工程汇总表" in d.text)
    node = next(n for n, _ in walk(document.root) if n.kind is NodeKind.ANNEX and n.label == f"附件{number}")
    return document, [row for row, _ in walk(node) if row.kind is NodeKind.ROW]


FIELDS = ["特色区域"] * 3 + ["公共安全"] * 2 + ["教育"] + ["大健康"] * 2 + ["智能制造"] * 3 + ["区块链应用"]
PROJECTS = [
    ("合肥骆岗中央公园智慧园区", "合肥滨投公司", "2021-2023年"),
    ("大众汽车集团（中国）智慧城市", "大众汽车集团（中国）、江淮汽车、逸驾智能科技有限公司", "2019-2023年"),
    ("自动驾驶5G示范运行线及智能网联汽车封闭道路测试场", "包河区政府", "2019-2022年"),
    ("电力“智能+”端云协同融合创新平台应用", "合肥中科类脑智能技术有限公司、国网安徽省电力公司", "2019-2020年"),
    ("智慧平安社区", "8-10个试点社区", "2019-2023年"),
    ("智慧学校", "科大讯飞股份有限公司", "2020-2023年"),
    ("智医助理辅助诊疗系统应用", "科大讯飞股份有限公司", "2020-2023年"),
    ("面向公众的数字健康服务系统应用", "安徽华米信息科技有限公司", "2019-2023年"),
    ("智能机器人矿山、医疗、军警领域应用", "安徽延达智能科技有限公司", "2020-2023年"),
    ("工业互联网人机交互管控应用", "中用科技有限公司", "2020-2021年"),
    ("物联网量子云应用", "合肥本源物联网科技有限公司", "2020-2022年"),
    ("基于模组加密的物联网数据可信平台应用", "合肥达朴汇联科技有限公司", "2020-2022年"),
]


def test_the_second_annex_row_by_row(corpus: Corpus) -> None:
    document, found = annex(corpus, 2)
    header, *body = found
    assert [cell.of(document.text) for cell in header.cells] == ["序号", "领域", "示范工程名称", "依托单位", "建设周期", "责任单位"]
    assert len(body) == 12
    for number, (row, field, project) in enumerate(zip(body, FIELDS, PROJECTS, strict=True), start=1):
        cells = [cell.of(document.text) for cell in row.cells]
        assert cells[0] == str(number)
        assert tuple(cells[2:5]) == project
        assert cells[5]
        merged = [span.of(document.text) for span in row.filled]
        assert (cells[1] or merged[0]) == f"人工智能+{field}"
        assert merged == ([] if cells[1] else [f"人工智能+{field}"])


def test_merged_cells_of_the_first_annex(corpus: Corpus) -> None:
    document, found = annex(corpus, 1)
    texts = [(row, row.span.of(document.text)) for row in found]
    chip = next(row for row, text in texts if "5.智能芯片" in text)
    assert [span.of(document.text) for span in chip.filled] == ["（二）聚力关键核心技术研发"]
    police = next(row for row, text in texts if "智能审讯系统" in text)
    assert [span.of(document.text) for span in police.filled] == ["（三）打造人工智能应用示范", "4.人工智能+公共安全"]


def test_an_article_stands_whole_with_its_three_sums(corpus: Corpus) -> None:
    """黄埔, 第十六条: an award for each class of national prize."""
    document = next(d for d in corpus if d.info.applies_to == ("广东/广州/黄埔",) and d.info.claimable)
    [article] = [node for node, _ in walk(document.root) if node.label == "第十六条"]
    text = article.span.of(document.text)
    assert [text.find(sum) > 0 for sum in ("一等奖的，给予200万元", "二等奖的，给予100万元", "三等奖的，给予50万元")] == [True] * 3
    assert "第十七条" not in text


def test_boxes_end_where_the_count_outside_goes_on(invented: Path) -> None:
    plan = load_corpus(invented).documents["yunzhou-plan"]
    labels = [(node.kind, node.label) for node, path in walk(plan.root) if any(n.kind is NodeKind.BOX for n in path)]
    assert labels == [(NodeKind.ITEM, "1"), (NodeKind.ITEM, "2")]
    assert breaks(plan, NodeKind.ITEM, runs_on=True) == []
    text = "题\n一、任务\n1.甲。\n专栏1 工程\n1.子。\n2.丑。\n2.乙。\n3.丙。\n"
    tree = made_up(text)
    [box] = [node for node, _ in walk(tree.root) if node.kind is NodeKind.BOX]
    assert [child.label for child in box.children] == ["1", "2"]


def test_cells_are_filled_down_but_not_at_the_end_of_a_row() -> None:
    document = made_up("题\n领域\t项目\t单位\n教育\t甲\t一局\n\t乙\t二局\n")
    assert document.text.count("\t") >= 4
    table = parse_tree("题\n领域\t项目\t备注\n教育\t甲\t注\n\t乙\t\n", 1).children[0]
    assert table.kind is NodeKind.TABLE
    last = table.children[-1]
    assert [span.of("题\n领域\t项目\t备注\n教育\t甲\t注\n\t乙\t\n") for span in last.filled] == ["教育"]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([(NodeKind.CHAPTER, "第二章"), (NodeKind.ARTICLE, "第六条")], "第六条"),
        ([(NodeKind.PART, "四"), (NodeKind.SECTION, "（二）"), (NodeKind.ITEM, "3")], "四（二）3"),
        ([(NodeKind.PART, "四"), (NodeKind.BOX, "专栏2"), (NodeKind.ITEM, "3")], "专栏23"),
        ([(NodeKind.ANNEX, "附件1"), (NodeKind.PART, "二")], "附件1二"),
        ([(NodeKind.HEADING, "租金")], ""),
    ],
)
def test_labels_as_a_reader_cites(labels: list[tuple[NodeKind, str]], expected: str) -> None:
    empty = Span(0, 0)
    assert article_label([Node(kind, label, empty, empty) for kind, label in labels]) == expected
