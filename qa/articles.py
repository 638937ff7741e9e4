"""Stage 2. Readable text of one document -> its tree of chapters, articles, items and tables.

The list mark at the start of a line gives the level; a line without a mark is a heading, a run-in heading or a paragraph.
Boxes (专栏) have no end mark: they end where the numbering outside them goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qa.marks import Mark, find_mark
from qa.types import Node, NodeKind, Span

_RANK = {
    NodeKind.ROOT: 0,
    NodeKind.ANNEX: 1,
    NodeKind.CHAPTER: 2,
    NodeKind.PART: 3,
    NodeKind.ARTICLE: 4,
    NodeKind.SECTION: 5,
    NodeKind.ITEM: 6,
    NodeKind.SUBITEM: 7,
    NodeKind.BOX: 8,
    NodeKind.HEADING: 9,
    NodeKind.TABLE: 9,
    NodeKind.BULLET: 10,
    NodeKind.PARAGRAPH: 11,
    NodeKind.ROW: 11,
}
_NUMBERED = (NodeKind.PART, NodeKind.ARTICLE, NodeKind.SECTION, NodeKind.ITEM, NodeKind.SUBITEM)
_HEADING_CHARS = 40  # a heading with a mark, up to its first sentence end
_RUN_IN_CHARS = 22  # a heading without a mark that opens its own paragraph
_TITLE_CHARS = 30  # a heading without a mark on a line of its own


@dataclass(slots=True)
class _Draft:
    """A node under construction; `end` is set when the next sibling or the end of the text is reached."""

    kind: NodeKind
    label: str
    start: int
    heading: Span
    number: int | None = None
    end: int = 0
    children: list[_Draft] = field(default_factory=list)
    cells: tuple[Span, ...] = ()
    filled: tuple[Span, ...] = ()

    def last_number(self, kind: NodeKind) -> int:
        """The number of the last descendant of this kind outside boxes, 0 when there is none."""
        for child in reversed(self.children):
            if child.kind is kind and child.number is not None:
                return child.number
            if child.kind is not NodeKind.BOX and (number := child.last_number(kind)):
                return number
        return 0

    def freeze(self) -> Node:
        children = tuple(child.freeze() for child in self.children)
        return Node(self.kind, self.label, self.heading, Span(self.start, self.end), children, self.cells, self.filled)


def parse_tree(text: str, title_lines: int = 1) -> Node:
    """The tree of one document.

    Args:
        text: readable text; one paragraph or table row a line.
        title_lines: how many lines at the start are the document's title.
    """
    root = _Draft(NodeKind.ROOT, "", 0, Span(0, 0), end=len(text.rstrip("\n")))
    stack = [root]
    for index, line in enumerate(_lines(text)):
        if index < title_lines:
            root.heading = Span(0, line.end)
            continue
        draft = _draft(text, line)
        _close(stack, draft)
        _open(stack, draft)
    _set_ends(root, root.end)
    _fill_tables(root, text)
    return root.freeze()


def _lines(text: str) -> Iterator[Span]:
    for match in re.finditer(r"[^\n]+", text):
        yield Span(match.start(), match.end())


def _draft(text: str, line: Span) -> _Draft:
    content = line.of(text)
    if "\t" in content:
        return _Draft(NodeKind.ROW, "", line.start, Span(line.start, line.start), cells=_cells(content, line.start))
    if mark := find_mark(content):
        return _marked(content, line, mark)
    if content.startswith("图"):  # a caption is no heading of what follows
        return _Draft(NodeKind.PARAGRAPH, "", line.start, Span(line.start, line.start))
    if title := _run_in_title(content):
        return _Draft(NodeKind.HEADING, title, line.start, Span(line.start, line.start + len(title) + 1))
    if _is_heading(content):
        return _Draft(NodeKind.HEADING, content.rstrip("：:"), line.start, line)
    return _Draft(NodeKind.PARAGRAPH, "", line.start, Span(line.start, line.start))


def _marked(content: str, line: Span, mark: Mark) -> _Draft:
    stop = content.find("。")
    if stop < 0 and len(content) <= _TITLE_CHARS * 2:
        length = len(content)
    elif 0 <= stop - len(mark.text) <= _HEADING_CHARS:
        length = stop + 1
    else:
        length = len(mark.text)
    if mark.kind is NodeKind.BULLET:
        length = len(mark.text)
    return _Draft(mark.kind, _label(mark, content), line.start, Span(line.start, line.start + length), mark.number)


def _label(mark: Mark, content: str) -> str:
    text = mark.text.strip("-－ ")
    if mark.kind in (NodeKind.PART, NodeKind.ITEM):
        return text.rstrip("、.． ")
    if mark.kind in (NodeKind.SECTION, NodeKind.SUBITEM):
        return "（" + text.strip("（()）") + "）"
    return text


def _run_in_title(content: str) -> str:
    """智能机器人基地。依托…… -> 智能机器人基地."""
    stop = content.find("。")
    title = content[:stop] if 1 < stop <= _RUN_IN_CHARS and len(content) > stop + 10 else ""
    return "" if re.search("[，；：、]", title) and len(title) > 12 else title


def _is_heading(content: str) -> bool:
    return len(content) <= _TITLE_CHARS and not re.search(r"[，。；,;]|[）)]$|[：:].", content)


def _close(stack: list[_Draft], draft: _Draft) -> None:
    """Leave the nodes that `draft` does not belong to."""
    box = next((i for i, node in enumerate(stack) if node.kind is NodeKind.BOX), None)
    if box is not None and _continues_inside(stack[box], draft):
        inside = stack[box + 1 :]
        while inside and _RANK[inside[-1].kind] >= _RANK[draft.kind]:
            inside.pop()
            stack.pop()
        return
    if box is not None and _RANK[draft.kind] <= _RANK[NodeKind.BOX]:
        del stack[box:]
    rank = _RANK[draft.kind]
    while len(stack) > 1 and _RANK[stack[-1].kind] >= rank:
        stack.pop()


def _continues_inside(box: _Draft, draft: _Draft) -> bool:
    """Whether a line after a box's title still belongs to the box: an item does when it continues the box's own count."""
    if draft.kind not in (NodeKind.ITEM, NodeKind.SUBITEM):
        return _RANK[draft.kind] > _RANK[NodeKind.BOX]
    return draft.number == box.last_number(draft.kind) + 1


def _open(stack: list[_Draft], draft: _Draft) -> None:
    if draft.kind is NodeKind.ROW and stack[-1].kind is not NodeKind.TABLE:
        table = _Draft(NodeKind.TABLE, "", draft.start, Span(draft.start, draft.start))
        stack[-1].children.append(table)
        stack.append(table)
    elif draft.kind is not NodeKind.ROW and stack[-1].kind is NodeKind.TABLE:
        stack.pop()
    stack[-1].children.append(draft)
    if draft.kind not in (NodeKind.PARAGRAPH, NodeKind.ROW, NodeKind.BULLET):
        stack.append(draft)


def _set_ends(node: _Draft, end: int) -> None:
    node.end = end
    starts = [child.start for child in node.children[1:]]
    for child, stop in zip(node.children, [*(start - 1 for start in starts), end], strict=False):
        _set_ends(child, stop)


def _cells(content: str, offset: int) -> tuple[Span, ...]:
    cells: list[Span] = []
    position = offset
    for cell in content.split("\t"):
        cells.append(Span(position, position + len(cell)))
        position += len(cell) + 1
    return tuple(cells)


def _fill_tables(node: _Draft, text: str) -> None:
    """Give every row the cells above that were merged into its empty ones (context, not text)."""
    if node.kind is NodeKind.TABLE:
        _fill(node.children, text)
    for child in node.children:
        _fill_tables(child, text)


def _fill(rows: Sequence[_Draft], text: str) -> None:
    above: list[Span] = []
    for row in rows:
        filled: list[Span] = []
        last = max((i for i, cell in enumerate(row.cells) if len(cell)), default=0)
        for i, cell in enumerate(row.cells):
            if len(cell):
                right = above[1:] if i == 0 and cell.of(text).isdigit() else []  # a running number ends no merged cell
                above = [*above[:i], *([Span(0, 0)] * (i - len(above[:i]))), cell, *right]
            elif i < last and i < len(above) and len(above[i]):
                filled.append(above[i])
        row.filled = tuple(filled)


def walk(node: Node, path: tuple[Node, ...] = ()) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Every node with its ancestors, outermost first, in reading order."""
    yield node, path
    for child in node.children:
        yield from walk(child, (*path, node))


def article_label(path: Sequence[Node]) -> str:
    """How a reader would cite the node at the end of `path`: 第六条, 四（二）3.

    >>> article_label([])
    ''
    """
    labels = [node.label for node in path if node.kind in _NUMBERED or node.kind in (NodeKind.ANNEX, NodeKind.BOX)]
    for i, node in enumerate(path):
        if node.kind in (NodeKind.ARTICLE, NodeKind.BOX):  # numbered through the document: what stands above adds nothing
            labels = [node.label, *(inner.label for inner in path[i + 1 :] if inner.kind in _NUMBERED)]
    return "".join(labels)
