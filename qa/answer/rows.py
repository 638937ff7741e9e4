"""A table row as a sentence: its name, then the cells asked for under their headers."""

from __future__ import annotations

import re

from qa.articles import walk
from qa.corpus import Corpus
from qa.types import Node, NodeKind, Passage, Query, Span

_UNIT_HEADER = "单位"
_LIMIT = 150


def row_text(passage: Passage, corpus: Corpus, query: Query) -> tuple[str, tuple[Span, ...]]:
    """The row as a sentence, and the spans it is made of: cells, their headers, cells merged with it.

    A value and its unit stand in two cells and stay two: 智能物流增加值：2022年35（单位：亿元）。
    """
    document = corpus.documents[passage.document]
    table, row = _find(document.root, passage.span)
    text = document.text
    headers = _headers(table, row)
    cells = [(headers[i] if i < len(headers) else None, cell) for i, cell in enumerate(row.cells)]
    filled = [span.of(text) for span in row.filled]
    unit = next((c.of(text) for h, c in cells if h and h.of(text) == _UNIT_HEADER and c.of(text) != "—"), "")
    named = [(h.of(text) if h and len(h) else "", c.of(text), h, c) for h, c in cells if len(c) and c.of(text) not in ("—", unit)]
    wanted = [entry for entry in named if _asked_for(entry[0], query.text)] or named
    name = [entry for entry in named if entry not in wanted and not re.search(r"\d", entry[1]) and len(entry[1]) < 24]
    parts = [_cell(header, value) for header, value, _, _ in wanted]
    lead = "，".join([*(f for f in filled if len(f) < 24), *(value for _, value, _, _ in name)])
    sentence = (f"{lead}：" if lead else "") + "；".join(parts)
    spans = [span for entry in (*name, *wanted) for span in (entry[2], entry[3]) if span is not None and len(span)]
    spans += [span for span in row.filled if len(span) < 24]
    spans += [cell for header, cell in cells if header and header.of(text) == _UNIT_HEADER and unit]
    unit_note = f"（单位：{unit}）" if unit and any(re.fullmatch(r"[\d.]+", value) for _, value, _, _ in wanted) else ""
    return sentence[:_LIMIT].rstrip("；，") + unit_note + "。", tuple(sorted(dict.fromkeys(spans)))


def _cell(header: str, value: str) -> str:
    if re.fullmatch(r"[\d.]+", value) and re.search(r"\d{4}年", header):
        return f"{header}{value}"
    return f"{header}：{value}" if header else value


def _asked_for(header: str, question: str) -> bool:
    """Whether the question names the header: a year, or a word of it."""
    year = re.search(r"\d{4}", header)
    if year:
        return year.group() in question
    return len(header) >= 2 and (header in question or any(header[i : i + 2] in question for i in range(0, len(header) - 1, 2)))


def _headers(table: Node | None, row: Node) -> list[Span]:
    if table is None or table.children[0] is row or len(table.children[0].cells) != len(row.cells):
        return []  # cells merged across columns: which header belongs to which cell is not certain
    return list(table.children[0].cells)


def _find(root: Node, span: Span) -> tuple[Node | None, Node]:
    for node, path in walk(root):
        if node.kind is NodeKind.ROW and node.span == span:
            return path[-1], node
    return None, Node(NodeKind.ROW, "", span, span, cells=(span,))
