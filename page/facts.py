"""What is known about a document, each value with a way to the words that say it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from page.html import button, el, join
from qa.corpus import Corpus, Document
from qa.manifest import DocumentInfo, Stated
from qa.spans import folded
from qa.types import Evidence
from qa.validity import State, describe, validity_of


def facts_html(document: Document, corpus: Corpus, as_of: date) -> Markup:
    """Title, validity, number, dates, issuers, regions, kind and source of a document."""
    info = document.info
    validity = validity_of(document, corpus, as_of)
    issuers = [_stated(issuer, document, corpus) for issuer in info.issuers]
    rows = [
        ("发文字号", _stated(info.number, document, corpus)),
        ("印发日期", _stated(info.issued, document, corpus)),
        ("发文单位", _separated(issuers) if issuers else None),
        ("适用地区", "、".join(path.replace("/", " › ") for path in info.applies_to)),
        ("类别", f"{info.kind}（{_use(info, validity.state)}）"),
        ("规划期", f"{info.period[0]}–{info.period[1]}年" if info.period else None),
        ("来源", _url(info.url)),
    ]
    listed = [el("div", el("dt", name), el("dd", value)) for name, value in rows if value]
    evidence = validity.evidence
    state = el("p", describe(validity), *([" ", _proof(evidence)] if evidence else []), class_=f"state {validity.state}")
    return el("section", el("p", info.title, class_="full-title"), state, el("dl", *listed), class_="facts", aria_label="文件信息")


def _use(info: DocumentInfo, state: State) -> str:
    if not info.claimable:
        return "写目标和任务，不能凭它申领资金"
    return "已到期，能否继续申报请向主管部门核实" if state == "expired" else "可据此申报"


def _stated(stated: Stated | None, document: Document, corpus: Corpus) -> Markup | None:
    if stated is None:
        return None
    evidence = corpus.locate(stated, document)
    return join([stated.value, " ", _proof(evidence) if evidence else _proof_in_matter(stated, document, corpus)])


def _proof(evidence: Evidence) -> Markup:
    spans = f"{evidence.span.start}-{evidence.span.end}"
    return button("依据", class_="link", data_event="cite", data_document=evidence.document, data_spans=spans)


def _proof_in_matter(stated: Stated, document: Document, corpus: Corpus) -> Markup | None:
    """A notice or an imprint may say it, which is no document."""
    for index, matter in enumerate(corpus.matter):
        span = folded(matter.text).find(stated.quote) if matter.file == (stated.file or document.info.file) else None
        if span:
            return button("依据", class_="link", data_event="matter", data_index=index, data_spans=f"{span.start}-{span.end}")
    return None


def _separated(parts: Sequence[Markup | None]) -> Markup:
    return join([piece for part in parts for piece in ("、", part)][1:])


def _url(stated: Stated | None) -> str | None:
    """A link only where the text gives a web address."""
    if stated is None or not stated.value.startswith(("http://", "https://")):
        return stated.value if stated else None
    return el("a", stated.value, href=stated.value, target="_blank", rel="noopener noreferrer")
