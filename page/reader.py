"""The source reader: one document with its facts, front and back matter, or the list of all documents."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from page.answers import PHONE_NOTE
from page.body import body_html, headings, plain_html
from page.facts import facts_html
from page.html import button, el, join
from qa.articles import article_label, walk
from qa.corpus import Corpus, Document
from qa.places import short_name
from qa.types import Span
from qa.validity import validity_of

_PHONE = re.compile(r"(?<![\d.])(?:0\d{2,3}-?)?\d{7,8}(?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)")
_MATTER = {"cover": "封面", "contents": "目录", "preface": "编写说明", "notice": "印发通知", "back": "封底"}


def document_html(document: Document, corpus: Corpus, cited: Sequence[Span] = (), as_of: date | None = None) -> Markup:
    """A document as a whole: title, facts, table of contents, text with the cited spans marked."""
    info = document.info
    where = _article_at(document, cited[0]) if cited else ""
    shown = el("p", "引用处：", el("b", where or "正文"), " ", button("回到引用处", class_="link", data_do="cited"), class_="at")
    phones = (
        el("p", f"文中的电话、联系人为{PHONE_NOTE}，办理前请核实。", class_="caution") if _PHONE.search(document.text) else None
    )
    inner = (facts_html(document, corpus, as_of or date.today()), phones, shown if cited else None, _contents(document))
    return _view(info.short_title, *inner, el("div", body_html(document, cited), class_="text", lang="zh-CN"))


def matter_html(corpus: Corpus, index: int, cited: Sequence[Span] = ()) -> Markup:
    """Front or back matter of a file, the spans that state a fact marked."""
    matter = corpus.matter[index]
    title = next(file.title for file in corpus.manifest.files if file.name == matter.file)
    name = _MATTER.get(matter.kind, matter.kind)
    note = el("p", f"{title}（{name}）。这部分只供查阅，回答不引用它。", class_="caution")
    return _view(name, note, el("div", plain_html(matter.text, cited), class_="text", lang="zh-CN"))


def catalogue_html(corpus: Corpus, as_of: date | None = None) -> Markup:
    """All documents by region, then the front and back matter of the files."""
    today = as_of or date.today()
    provinces: dict[str, list[Document]] = {}
    for document in corpus:
        provinces.setdefault(document.info.issued_by.split("/")[0], []).append(document)
    groups = [
        el("section", el("h3", province), el("ul", *(_entry(document, corpus, today) for document in documents)))
        for province, documents in provinces.items()
    ]
    compiled = f"，资料截至{corpus.manifest.compiled.value}" if corpus.manifest.compiled else ""
    lead = el("p", f"收录{len(corpus.documents)}份文件{compiled}。点开任何一份可看全文。", class_="lead")
    return _view("全部文件", lead, *groups, _matter_list(corpus), back=False)


def region_choices(corpus: Corpus) -> list[tuple[str, str]]:
    """(label, region path) of every region that a document is from or for, with the regions above; first: all."""
    paths: dict[str, None] = {}
    for document in corpus:
        for region in document.info.regions:
            parts = region.split("/")
            paths |= dict.fromkeys("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
    provinces = [path for path in paths if "/" not in path]
    ordered = sorted(paths, key=lambda path: (provinces.index(path.split("/")[0]), path))
    return [("全部地区", ""), *((path.replace("/", " › "), path) for path in ordered)]


def _view(title: str, *parts: str | None, back: bool = True) -> Markup:
    """The frame of every view; `data-view` makes each one new, so that the same click works twice."""
    catalogue = button("全部文件", class_="quiet", data_event="catalogue") if back else None
    close = button("关闭", class_="quiet close", data_do="close", aria_label="关闭原文，回到对话")
    bar = el("header", el("h2", title, id="reader-title", tabindex="-1"), catalogue, close)
    return el("div", bar, el("div", join(parts), class_="page"), class_="view", data_view=str(time.monotonic_ns()))


def _contents(document: Document) -> Markup | None:
    entries = headings(document)
    if len(entries) < 3:
        return None
    items = [el("li", button(title, class_="link", data_do="jump", data_to=f"at-{span.start}")) for span, title in entries]
    return el("details", el("summary", "目录"), el("ol", *items), class_="contents")


def _article_at(document: Document, span: Span) -> str:
    inside = [(*path, node) for node, path in walk(document.root) if node.span.start <= span.start < node.span.end]
    return article_label(max(inside, key=len)) if inside else ""


def _entry(document: Document, corpus: Corpus, as_of: date) -> Markup:
    info = document.info
    state = validity_of(document, corpus, as_of).state
    tags = [short_name(info.applies_to[0]), info.kind, *(["已到期"] if state == "expired" else [])]
    line = el("span", *(el("i", tag, class_="tag") for tag in tags), class_="tags")
    return el("li", button(el("b", info.title), line, class_="entry", data_event="open", data_document=info.id))


def _matter_list(corpus: Corpus) -> Markup | None:
    titles = {file.name: file.title for file in corpus.manifest.files}
    items = [
        el("li", button(f"{titles[m.file]}：{_MATTER.get(m.kind, m.kind)}", class_="link", data_event="matter", data_index=i))
        for i, m in enumerate(corpus.matter)
    ]
    return el("section", el("h3", "封面、目录与通知"), el("ul", *items)) if items else None
