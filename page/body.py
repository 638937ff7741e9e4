"""The text of a document as HTML: headings, paragraphs and tables from its tree, cited spans in <mark>."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from markupsafe import Markup

from page.html import el, join
from qa.articles import walk
from qa.corpus import Document
from qa.types import Node, NodeKind, Span

_LEVELS = {
    NodeKind.ANNEX: "h3",
    NodeKind.CHAPTER: "h3",
    NodeKind.PART: "h3",
    NodeKind.SECTION: "h4",
    NodeKind.BOX: "h4",
    NodeKind.HEADING: "h4",
    NodeKind.ARTICLE: "h4",
}
_SENTENCE_ENDS = ("。", "；", "，", "：")
_Line = tuple[Span, Node | None, Node | None]  # the line, the node that begins on it, the table that it is a row of


def body_html(document: Document, cited: Sequence[Span] = ()) -> Markup:
    """The whole document, `cited` spans marked; the first mark has the id `cited`."""
    marks = sorted(span for span in cited if len(span))
    blocks: list[Markup] = []
    for table, lines in groupby(_lines(document), key=lambda line: line[2]):
        if table is not None:
            blocks.append(_table(table, document.text, marks))
        else:
            blocks += [_line(span, node, document, marks) for span, node, _ in lines]
    return _first_named(join(blocks))


def plain_html(text: str, cited: Sequence[Span] = ()) -> Markup:
    """Text that has no tree, a paragraph a line; marked like a document."""
    return _first_named(join(el("p", _marked(text, line, cited)) for line in _spans(text)))


def _first_named(markup: Markup) -> Markup:
    return Markup(markup.replace(Markup("<mark>"), Markup('<mark id="cited" tabindex="-1">'), 1))


def headings(document: Document) -> list[tuple[Span, str]]:
    """The headings of the document's upper levels, for its table of contents."""
    kinds = (NodeKind.ANNEX, NodeKind.CHAPTER, NodeKind.PART)
    found = [node for node, _ in walk(document.root) if node.kind in kinds and len(node.heading)]
    if len(found) < 3:
        found = [
            node
            for node, _ in walk(document.root)
            if node.kind in (*kinds, NodeKind.ARTICLE, NodeKind.SECTION) and len(node.heading)
        ]
    return [(node.heading, node.heading.of(document.text).strip()) for node in found]


def _lines(document: Document) -> Iterator[_Line]:
    starting: dict[int, Node] = {}
    rows: dict[int, Node] = {}
    for node, path in walk(document.root):
        if node.kind is NodeKind.ROW:
            rows[node.span.start] = path[-1]
        elif len(node.heading):
            starting.setdefault(node.span.start, node)
    for span in _spans(document.text):
        yield span, starting.get(span.start), rows.get(span.start)


def _spans(text: str) -> Iterator[Span]:
    """The lines that are not empty."""
    at = 0
    for line in text.split("\n"):
        if line.strip():
            yield Span(at, at + len(line))
        at += len(line) + 1


def _line(span: Span, node: Node | None, document: Document, marks: Sequence[Span]) -> Markup:
    if document.root.heading.contains(span):
        return el("p", _marked(document.text, span, marks), class_="doc-title")
    if node is None:
        return el("p", _marked(document.text, span, marks))
    place = f"at-{span.start}"
    whole = node.heading.contains(span)
    if whole and node.kind in _LEVELS and (node.children or not document.text[: span.end].endswith(_SENTENCE_ENDS)):
        return el(_LEVELS[node.kind], _marked(document.text, span, marks), id=place)
    return el("p", _marked(document.text, span, marks, None if whole else node.heading), id=place, class_="item")


def _table(table: Node, text: str, marks: Sequence[Span]) -> Markup:
    rows = [
        el("tr", *(el("th" if i == 0 else "td", _marked(text, cell, marks)) for cell in row.cells))
        for i, row in enumerate(table.children)
    ]
    return el("div", el("table", *rows), class_="scroll", tabindex=0, role="region", aria_label="表格")


def _marked(text: str, span: Span, marks: Sequence[Span], heading: Span | None = None) -> Markup:
    """The slice `span`, its cited parts in <mark>, its heading in <b>."""
    edges = {span.start, span.end}
    for other in (*marks, *([heading] if heading else [])):
        edges |= {edge for edge in (other.start, other.end) if span.start < edge < span.end}
    cuts = sorted(edges)
    pieces: list[str] = []
    for start, end in pairwise(cuts):
        piece: str = text[start:end]
        if heading and heading.contains(Span(start, end)):
            piece = el("b", piece)
        if any(mark.contains(Span(start, end)) for mark in marks):
            piece = el("mark", piece)
        pieces.append(piece)
    return join(pieces)
