"""Checks that several tests share."""

from __future__ import annotations

import re

from qa.articles import walk
from qa.corpus import Document
from qa.errors import QAError
from qa.types import NodeKind, Passage


def one_clear_message(error: QAError | str, *words: str) -> None:
    """One line of Chinese that ends like a sentence and holds `words`."""
    text = str(error)
    assert "\n" not in text
    assert "Traceback" not in text
    assert re.search("[一-鿿]{4}", text), text
    assert text.endswith(("。", "？")), text
    assert len(text) < 300, text
    for word in words:
        assert word in text, f"{word!r} is not in {text!r}"


def check_tree(document: Document) -> None:
    """Children lie in their parents, in order and apart; headings begin their nodes; cells make up their rows."""
    text = document.text
    for node, _ in walk(document.root):
        assert 0 <= node.span.start <= node.span.end <= len(text)
        assert node.heading.start == node.span.start
        assert node.kind is NodeKind.ROOT or node.span.contains(node.heading)
        for child in node.children:
            assert node.span.contains(child.span), (document.id, node.label, child.label)
        for one, other in zip(node.children, node.children[1:], strict=False):
            assert one.span.end < other.span.start
            assert not text[one.span.end : other.span.start].strip()
        if node.kind is NodeKind.ROW:
            assert "\t".join(cell.of(text) for cell in node.cells) == node.span.of(text)
            assert all(len(cell) and cell.start < node.span.start for cell in node.filled)


def check_passages(document: Document, passages: list[Passage], limit: int) -> None:
    """Slices, in order, apart, within the limit, covering all but headings; context inside the document and before."""
    text = document.text
    covered = bytearray(len(text))
    last = 0
    for passage in passages:
        assert passage.text == passage.span.of(text)
        assert passage.text.strip()
        assert passage.span.start >= last
        assert passage.table or len(passage.text) <= limit
        last = passage.span.end
        covered[passage.span.start : passage.span.end] = b"\1" * len(passage.span)
        for span in passage.context:
            assert 0 <= span.start < span.end <= passage.span.start, (passage.id, span)
    for node, _ in walk(document.root):
        covered[node.heading.start : node.heading.end] = b"\1" * len(node.heading)
    lost = "".join(char for char, seen in zip(text, covered, strict=True) if not seen and not char.isspace())
    assert lost == "", f"{document.id}: in no passage: {lost[:80]!r}"
    ids = [passage.id for passage in passages]
    assert len(ids) == len(set(ids))
