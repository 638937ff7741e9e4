"""`qa show`: the list of documents, one document, or one article, as text or JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from qa.articles import article_label, walk
from qa.config import Config
from qa.corpus import Corpus, Document, load_corpus
from qa.errors import InputError
from qa.readers import fold
from qa.validity import describe, validity_of


def show(config: Config, document_id: str | None = None, article: str | None = None, as_json: bool = False) -> str:
    """What to print.

    Args:
        config: names the corpus.
        document_id: a document; all are listed when None.
        article: the label of an article of it, such as 第六条; the whole document when None.
        as_json: JSON instead of text.

    Raises:
        InputError: no such document or article; the message lists what there is.
    """
    corpus = load_corpus(config.corpus_dir)
    if document_id is None:
        rows = [_facts(document, corpus) for document in corpus]
        return _dump(rows) if as_json else "\n".join(f"{r['id']:24s} {r['region']:16s} {r['kind']}  {r['title']}" for r in rows)
    document = corpus.documents.get(document_id)
    if document is None:
        raise InputError(f"没有标识为 {document_id!r} 的文件。可用：{'、'.join(corpus.documents)}。")
    text = _article(document, article) if article else document.text
    if as_json:
        return _dump({**_facts(document, corpus), "article": article, "text": text})
    facts = _facts(document, corpus)
    return f"{facts['title']}\n{facts['region']}  {facts['validity']}\n\n{text.strip()}"


def _article(document: Document, label: str) -> str:
    labels: list[str] = []
    for node, path in walk(document.root):
        own = article_label((*path, node))
        if own and fold(own) == fold(label) and article_label(path) != own:
            return node.span.of(document.text)
        labels.append(own)
    known = "、".join(dict.fromkeys(name for name in labels if name))
    raise InputError(f"{document.id} 里没有 {label!r}。可用：{known[:400]}。")


def _facts(document: Document, corpus: Corpus) -> dict[str, Any]:
    info = document.info
    return {
        "id": info.id,
        "title": info.title,
        "short_title": info.short_title,
        "region": info.applies_to[0],
        "issued_by": info.issued_by,
        "level": info.level,
        "kind": info.kind,
        "claimable": info.claimable,
        "number": info.number.value if info.number else None,
        "issued": info.issued.value if info.issued else None,
        "validity": describe(validity_of(document, corpus, date.today())),
        "file": info.file,
    }


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
