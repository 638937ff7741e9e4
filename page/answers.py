"""The conversation as HTML: questions, answers with their markers, sources, thumbs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from page.exchange import Exchange
from page.html import button, el, join
from page.tools import tools_html
from qa.corpus import Corpus
from qa.places import short_name
from qa.quantities import find_quantities
from qa.types import Answer, Citation, Hit, Query, Refusal, Role, Sentence
from qa.verify import mask_mobiles

PHONE_NOTE = "文件所载，可能已变更"
_QUESTION_CHARS = 400  # of a question that are shown; more is no question
_QUOTE_CHARS = 90  # of a quote under the answer; the reader shows it whole
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_STRONG_KINDS = ("amount", "ratio", "telephone")
_VERDICTS = {"yes": "符合", "no": "不符合", "depends": "视情况而定"}
_LABELS = {Role.CONDITION: "条件", Role.CONTACT: "找谁办", Role.DEADLINE: "时间", Role.COMPUTED: "算一算"}
_REFUSALS = {
    Refusal.NO_EVIDENCE: "没有找到依据",
    Refusal.NOT_STATED: "文件没有写明",
    Refusal.PLACE_NOT_COVERED: "没有收录这个地方",
    Refusal.PREMISE: "与文件不符",
    Refusal.OUT_OF_DOMAIN: "不在资料范围内",
    Refusal.HOSTILE: "不能照办",
}
_NEAREST = 3


def conversation_html(conversation: Sequence[Exchange], corpus: Corpus) -> Markup:
    """All exchanges, oldest first."""
    return log_html([exchange_html(exchange, corpus) for exchange in conversation])


def log_html(exchanges: Sequence[Markup]) -> Markup:
    """Exchanges in a log, so that a screen reader says what is added."""
    return el("div", *exchanges, role="log", aria_label="对话")


def exchange_html(exchange: Exchange, corpus: Corpus) -> Markup:
    """A question and what has arrived of its answer."""
    question = exchange.question.strip()
    shown = question if len(question) <= _QUESTION_CHARS else f"{question[:_QUESTION_CHARS]}……（共{len(question)}字）"
    return el(
        "article",
        el("h2", el("span", "问：", class_="sr"), shown, class_="question"),
        el("div", *_answer(exchange, corpus), class_="answer", role="group", aria_label="回答"),
        class_="exchange",
        data_exchange=exchange.id,
    )


def waiting_html(question: str, message: str) -> Markup:
    """A question asked before the assistant is there."""
    asked = el("h2", el("span", "问：", class_="sr"), question.strip()[:_QUESTION_CHARS], class_="question")
    return log_html([el("article", asked, el("div", _working(message), class_="answer"), class_="exchange")])


def error_html(message: str) -> Markup:
    """Something failed; the message says what to do."""
    return el("p", message, class_="error", role="alert")


def _answer(exchange: Exchange, corpus: Corpus) -> list[Markup]:
    if exchange.error:
        retry = button("再试一次", class_="quiet", data_event="question", data_question=exchange.question[:_QUESTION_CHARS])
        return [error_html(exchange.error), retry]
    parts = [_carried(exchange), _verdict(exchange.answer), *_sentences(exchange)]
    if exchange.answer is None:
        return [*parts, _working(f"找到{len(exchange.found.hits)}条相关条文，正在核对原文…" if exchange.found else "正在查找条文…")]
    answer = exchange.answer
    parts += [_general(answer), _sources(answer.citations, answer.notes, corpus)]
    if not answer.sentences:
        parts.append(el("p", "没有找到能用原文证明的回答。可以换个说法，或说明是哪个地方的政策。"))
    if not answer.citations and answer.refusal in (Refusal.NO_EVIDENCE, Refusal.NOT_STATED):
        parts.append(_nearest(answer.hits, corpus))
    return [*parts, tools_html(exchange, answer, corpus)]


def _working(message: str) -> Markup:
    return el("p", el("span", class_="dots", aria_hidden="true"), message, class_="working")


def _carried(exchange: Exchange) -> Markup:
    """What was taken over from earlier turns, or from the region that is set."""
    query: Query | None = exchange.answer.query if exchange.answer else exchange.found.query if exchange.found else None
    if query is None:
        return Markup("")
    places = "、".join(short_name(path) for path in query.regions)
    if query.carried:
        named = [f"{what}（{places}）" if what == "地点" and places else what for what in query.carried]
        return el("p", "沿用上文的", "、".join(named), class_="carried", title=query.text)
    if exchange.region and query.regions == (exchange.region,) and short_name(exchange.region) not in exchange.question:
        return el("p", "按所选地区：", places, class_="carried")
    return Markup("")


def _verdict(answer: Answer | None) -> Markup:
    if answer is None:
        return Markup("")
    if answer.verdict in _VERDICTS:
        return el("p", _VERDICTS[answer.verdict], class_=f"badge {answer.verdict}")
    if answer.refusal in _REFUSALS:
        return el("p", _REFUSALS[answer.refusal], class_="badge refusal")
    return Markup("")


def _sentences(exchange: Exchange) -> list[Markup]:
    """Sentences in their order; neighbours with the same role form one block."""
    blocks: list[list[Sentence]] = []
    for sentence in exchange.sentences:
        if blocks and blocks[-1][0].role is sentence.role and (sentence.role is not Role.ROW or blocks[-1][0].label):
            blocks[-1].append(sentence)
        else:
            blocks.append([sentence])
    return [_block(block, exchange) for block in blocks]


def _block(block: Sequence[Sentence], exchange: Exchange) -> Markup:
    role = block[0].role
    if role is Role.ROW:
        return _table(block, exchange)
    lines = [el("p", *_with_markers(sentence, exchange)) for sentence in block]
    if role in (Role.COMPUTED, Role.WARNING):
        lines += _workings(block, exchange.answer)
    if role in _LABELS:
        return el("div", el("h3", _LABELS[role]), *lines, class_=f"extra {role}")
    return el("div", *lines, class_=role.value)


def _workings(block: Sequence[Sentence], answer: Answer | None) -> list[Markup]:
    """How the computed figures of these sentences were worked out."""
    said = "".join(sentence.text for sentence in block)
    rules = [computed.rule for computed in answer.computed if computed.result in said] if answer else []
    return [el("p", rule, class_="rule") for rule in dict.fromkeys(rules)]


def _table(rows: Sequence[Sentence], exchange: Exchange) -> Markup:
    """One row a place; the page's own words stand in the header only."""
    head = el("thead", el("tr", el("th", "地方", scope="col"), el("th", "文件怎么说", scope="col")))
    body = [el("tr", el("th", row.label, scope="row"), el("td", *_with_markers(row, exchange, label=False))) for row in rows]
    return el("table", head, el("tbody", *body), class_="rows")


def _with_markers(sentence: Sentence, exchange: Exchange, label: bool = True) -> list[str]:
    lead = [el("b", f"{sentence.label}：")] if label and sentence.label else []
    citations = {c.marker: c for c in (exchange.notes if sentence.aside else exchange.citations)}
    markers = [marker_button(citations[m], sentence.aside) for m in sentence.markers if m in citations]
    phone = any(q.kind == "telephone" for q in find_quantities(sentence.text)) and "可能已变更" not in sentence.text
    return [*lead, strong(sentence.text), *([el("span", f"（{PHONE_NOTE}）", class_="note")] if phone else []), *markers]


def strong(text: str) -> Markup:
    """A sentence with its key figures bold: those marked **so**, else every amount, ratio and telephone number."""
    if _BOLD.search(text):
        parts = _BOLD.split(text)
        return join(el("strong", part) if i % 2 else part for i, part in enumerate(parts))
    pieces: list[str] = []
    at = 0
    for quantity in find_quantities(text):
        if quantity.kind in _STRONG_KINDS and quantity.span.start >= at:
            pieces += [text[at : quantity.span.start], el("strong", quantity.span.of(text))]
            at = quantity.span.end
    return join([*pieces, text[at:]])


def marker_button(citation: Citation, aside: bool = False) -> Markup:
    """[1], a button that shows the quote in the source reader."""
    name = f"注{citation.marker}" if aside else str(citation.marker)
    return button(
        f"[{name}]", class_="marker", aria_label=f"出处{name}：{citation.passage.article}，在原文中查看", **_target(citation)
    )


def _target(citation: Citation) -> dict[str, str | int | bool | None]:
    spans = " ".join(f"{span.start}-{span.end}" for span in citation.spans)
    quote = mask_mobiles("……".join(citation.quotes))
    return {"data_event": "cite", "data_document": citation.passage.document, "data_spans": spans, "title": quote[:160]}


def _general(answer: Answer) -> Markup:
    """还要注意: the clauses that govern the whole document, verbatim."""
    if not answer.general:
        return Markup("")
    items = [el("li", mask_mobiles("……".join(citation.quotes)), " ", _article_link(citation)) for citation in answer.general]
    return el("details", el("summary", f"还要注意（{len(items)}条）"), el("ul", *items), class_="general")


def _article_link(citation: Citation) -> Markup:
    article = citation.passage.article
    return button(article, class_="link", aria_label=f"在原文中查看{article}", **_target(citation))


def _sources(citations: Sequence[Citation], notes: Sequence[Citation], corpus: Corpus) -> Markup:
    if not citations and not notes:
        return Markup("")
    items = [_source(c, corpus, str(c.marker)) for c in citations] + [_source(c, corpus, f"注{c.marker}") for c in notes]
    return el("section", el("h3", "出处"), el("ol", *items), class_="sources", aria_label="出处")


def _source(citation: Citation, corpus: Corpus, name: str) -> Markup:
    info = corpus.documents[citation.passage.document].info
    quote = mask_mobiles("……".join(citation.quotes))
    shown = quote if len(quote) <= _QUOTE_CHARS else quote[:_QUOTE_CHARS] + "…"
    title = el("span", el("b", info.short_title), " ", citation.passage.article, class_="where")
    line = button(
        el("span", name, class_="number", aria_hidden="true"), title, el("q", shown), class_="source", **_target(citation)
    )
    return el("li", line)


def _nearest(hits: Sequence[Hit], corpus: Corpus) -> Markup:
    """Nothing was found: what stands nearest may still help."""
    items = []
    for hit in hits[:_NEAREST]:
        info = corpus.documents[hit.passage.document].info
        citation = Citation(0, hit.passage, (hit.passage.span,), (hit.passage.text,))
        items.append(el("li", button(f"{info.short_title} {hit.passage.article}", class_="link", **_target(citation))))
    return el("section", el("h3", "最接近的条文"), el("ul", *items), class_="nearest") if items else Markup("")
