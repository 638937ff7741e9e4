"""Stage 3. The tree of a document -> passages, each one span of the text with the context that it needs.

An article with its items is one passage up to `passage_chars`; a longer one is split at its items, a longer item at its
sentences (langchain-text-splitters without overlap, so that offsets add up). A table row is a passage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from langchain_text_splitters import RecursiveCharacterTextSplitter

from qa.articles import article_label, walk
from qa.corpus import Corpus, Document
from qa.types import Node, NodeKind, Passage, Span

_SEPARATORS = ["\n", "。", "；", "，", "、", ""]
_SHORT_CHARS = 60  # paragraphs of this length do not stand alone
_LEAVES = (NodeKind.PARAGRAPH, NodeKind.BULLET, NodeKind.HEADING)
_CONTAINERS = (NodeKind.ROOT, NodeKind.ANNEX, NodeKind.CHAPTER, NodeKind.PART, NodeKind.TABLE)


def make_passages(corpus: Corpus, passage_chars: int) -> list[Passage]:
    """Passages of all documents, in reading order.

    Args:
        corpus: the documents.
        passage_chars: up to this many characters an article stays one passage.
    """
    return [passage for document in corpus for passage in document_passages(document, passage_chars)]


def document_passages(document: Document, passage_chars: int) -> list[Passage]:
    """Passages of one document; ids are the document's id, the article's label and a count."""
    general = _general_spans(document)
    used: dict[str, int] = {}
    passages: list[Passage] = []
    for span, nodes in _pieces(document.root, (), document.text, passage_chars):
        label = article_label(nodes)
        stem = f"{document.id}/{label or '0'}"
        used[stem] = used.get(stem, 0) + 1
        passages.append(
            Passage(
                id=stem if used[stem] == 1 else f"{stem}#{used[stem]}",
                document=document.id,
                article=label or _fallback_label(nodes, document.text),
                path=tuple(
                    node.heading.of(document.text) for node in nodes if len(node.heading) and not span.contains(node.heading)
                ),
                span=span,
                text=span.of(document.text),
                context=_context(span, nodes, document.text),
                table=bool(nodes) and nodes[-1].kind is NodeKind.ROW,
                general=next((kind for at, kind in general if span.start <= at.start < span.end), ""),
            )
        )
    return passages


Piece = tuple[Span, tuple[Node, ...]]


def _pieces(node: Node, path: tuple[Node, ...], text: str, limit: int) -> Iterator[Piece]:
    """Spans to become passages, with the nodes from the root to the one they belong to."""
    nodes = (*path, node) if node.kind is not NodeKind.ROOT else path
    if not node.children:
        if node.kind is not NodeKind.ROOT:
            yield from _leaf(node, nodes, text, limit)
        return
    if node.kind is NodeKind.TABLE:
        yield from ((row.span, (*nodes, row)) for row in node.children)
        return
    if _stays_whole(node, text, limit):
        yield node.span, nodes
        return
    yield from _own_text(node, nodes, text, limit)
    for group in _groups(node.children, text, limit, alone=node.kind is not NodeKind.ARTICLE):
        if len(group) == 1:
            yield from _pieces(group[0], nodes, text, limit)
        else:
            yield Span(group[0].span.start, group[-1].span.end), nodes


def _stays_whole(node: Node, text: str, limit: int) -> bool:
    """An article, a section or an item with its parts; a part or chapter only when all below it is a single paragraph."""
    if len(node.span) > limit or any(child.kind is NodeKind.TABLE for child in node.children):
        return False
    if node.kind in _CONTAINERS:
        return node.kind is NodeKind.PART and len(node.children) == 1 and node.children[0].kind is NodeKind.PARAGRAPH
    if node.kind in (NodeKind.SECTION, NodeKind.HEADING) and all(child.kind is NodeKind.PARAGRAPH for child in node.children):
        return sum(len(child.span) > _SHORT_CHARS for child in node.children) <= 1  # several long ones: several benefits
    return True


def _own_text(node: Node, nodes: tuple[Node, ...], text: str, limit: int) -> Iterator[Piece]:
    """What stands between a node's heading and its first child; the heading alone when it is a sentence of an article."""
    if node.kind is NodeKind.ROOT:
        return
    own = Span(node.span.start, node.children[0].span.start - 1)
    sentence = node.kind is NodeKind.ARTICLE and "，" in node.heading.of(text)
    if sentence or text[node.heading.end : own.end].strip():
        yield from ((span, nodes) for span in _split(own, text, limit))


def _leaf(node: Node, nodes: tuple[Node, ...], text: str, limit: int) -> Iterator[Piece]:
    yield from ((span, nodes) for span in _split(node.span, text, limit))


def _split(span: Span, text: str, limit: int) -> Iterator[Span]:
    if len(span) <= limit:
        yield span
        return
    splitter = RecursiveCharacterTextSplitter(
        _SEPARATORS, keep_separator="end", chunk_size=limit, chunk_overlap=0, strip_whitespace=False
    )
    start = span.start
    for part in splitter.split_text(span.of(text)):
        end = start + len(part)
        if text[start:end] != part:
            raise AssertionError("a split part is not the next slice of the text")
        yield Span(start, start + len(part.rstrip("\n")))
        start = end


def _groups(children: Sequence[Node], text: str, limit: int, alone: bool) -> Iterator[list[Node]]:
    """Neighbouring leaves that belong together: a lead-in with its bullets, short paragraphs; the rest one by one."""
    group: list[Node] = []
    for child in children:
        leaf = child.kind in _LEAVES and not child.children
        size = child.span.end - group[0].span.start if group else 0
        if group and leaf and size <= limit and (not alone or _belongs(group[-1], child, text)):
            group.append(child)
            continue
        if group:
            yield group
        group = [child] if leaf else []
        if not leaf:
            yield [child]
    if group:
        yield group


def _belongs(before: Node, node: Node, text: str) -> bool:
    lead_in = text[before.span.end - 1] in "：:"
    bullets = before.kind is NodeKind.BULLET and node.kind is NodeKind.BULLET and len(node.span) <= _SHORT_CHARS
    short = before.kind is NodeKind.PARAGRAPH and node.kind is NodeKind.PARAGRAPH and len(node.span) <= _SHORT_CHARS
    return lead_in or bullets or short


def _context(span: Span, nodes: Sequence[Node], text: str) -> tuple[Span, ...]:
    """Headings above, the lead-in sentence that ends with a colon, the table header and merged cells; outermost first."""
    spans = [node.heading for node in nodes if len(node.heading) and not span.contains(node.heading)]
    for parent in nodes:
        before = [child for child in parent.children if child.span.end <= span.start]
        own_end = parent.children[0].span.start - 1 if parent.children else parent.span.end
        own = Span(parent.heading.end, own_end)
        if own.end > own.start and own.end <= span.start and text[own.end - 1] in "：:":
            spans.append(own)
        if before and before[-1].kind is NodeKind.PARAGRAPH and text[before[-1].span.end - 1] in "：:":
            spans.append(before[-1].span)
    row = nodes[-1] if nodes else None
    if row is not None and row.kind is NodeKind.ROW:
        spans += [*_header(nodes[-2], row), *row.filled]
    return tuple(dict.fromkeys(sorted(spans)))


def _header(table: Node, row: Node) -> Iterator[Span]:
    """The cells of the nearest header row above: a table may repeat its header in the middle."""
    headers = [other for other in table.children if other.span == table.children[0].span]
    for header in headers:
        if header.span != row.span:
            yield from (cell for cell in header.cells if len(cell))


def _fallback_label(nodes: Sequence[Node], text: str) -> str:
    for node in reversed(nodes):
        if node.kind in (NodeKind.HEADING, NodeKind.BOX):
            return node.label
        if node.kind is NodeKind.TABLE:
            return "表"
    return "正文"


def _general_spans(document: Document) -> list[tuple[Span, str]]:
    spans = [(document.span_at(clause.quote, clause.line), clause.kind) for clause in document.info.general]
    return [(span, kind) for span, kind in spans if span is not None]


def lead_nodes(document: Document) -> list[Node]:
    """All nodes of a document in reading order; for the reader and the command line."""
    return [node for node, _ in walk(document.root)]
