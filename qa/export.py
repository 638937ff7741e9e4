"""An answer as the JSON object of a batch run, and a conversation as Markdown with quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qa.corpus import Corpus
from qa.types import Answer, Citation, Hit, Role
from qa.verify import mask_mobiles


def answer_json(answer: Answer, corpus: Corpus, id: str = "") -> dict[str, Any]:
    """The row of one question.

    Args:
        answer: what `ask` returned.
        corpus: for titles, file names and source offsets.
        id: the question's id.
    """
    return {
        "id": id,
        "question": answer.question,
        "answer": answer.text,
        "refused": answer.refused,
        "refusal": answer.refusal.value if answer.refusal else None,
        "verdict": answer.verdict,
        "computed": [
            {"result": c.result, "operands": list(c.operands), "rule": c.rule, "marker": c.marker} for c in answer.computed
        ],
        "citations": [citation_json(citation, corpus) for citation in answer.citations],
        "notes": [citation_json(citation, corpus) for citation in (*answer.notes, *answer.general)],
        "passages": [_passage_json(rank, hit) for rank, hit in enumerate(answer.hits, start=1)],
        "carried": list(answer.query.carried),
        "as_of": answer.as_of.isoformat(),
        "generator": answer.generator,
        "config": answer.config_hash,
        "seconds": {key: round(value, 6) for key, value in answer.seconds.items()},
    }


def citation_json(citation: Citation, corpus: Corpus) -> dict[str, Any]:
    """One citation; `spans` are code points of the source file."""
    from qa.types import Evidence

    passage = citation.passage
    document = corpus.documents[passage.document]
    spans = [corpus.source_span(Evidence(passage.document, span)) for span in citation.spans]
    return {
        "marker": citation.marker,
        "document": passage.document,
        "title": document.info.title,
        "article": passage.article,
        "path": list(passage.path),
        "source": document.info.file,
        "spans": [[span.start, span.end] for span in spans],
        "quote": "……".join(citation.quotes),
        "quotes": list(citation.quotes),
        "text": passage.text,
        "context": [span.of(document.text) for span in passage.context],
    }


def _passage_json(rank: int, hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        "rank": rank,
        "id": passage.id,
        "document": passage.document,
        "article": passage.article,
        "text": passage.text,
        "score": round(hit.score, 4),
        "copies": list(hit.copies),
    }


def conversation_markdown(answers: Sequence[Answer], corpus: Corpus) -> str:
    """A conversation for a colleague: questions, answers, and every quote with its title and article."""
    parts: list[str] = []
    for answer in answers:
        parts.append(f"## {answer.question}\n")
        parts += [f"{line}\n" for line in answer.text.split("\n")]
        for prefix, citations in (("", answer.citations), ("注", answer.notes)):
            parts += [_quote_markdown(prefix, citation, corpus) for citation in citations]
        parts.append(f"\n（查询日期：{answer.as_of.isoformat()}）\n")
    return "\n".join(parts)


def _quote_markdown(prefix: str, citation: Citation, corpus: Corpus) -> str:
    title = corpus.documents[citation.passage.document].info.title
    quoted = "\n".join(f"> {line}" for quote in citation.quotes for line in mask_mobiles(quote).split("\n"))
    return f"[{prefix}{citation.marker}]《{title}》{citation.passage.article}\n\n{quoted}\n"


def answer_lines(answer: Answer, corpus: Corpus) -> list[str]:
    """The answer for a terminal: sentences, then each citation on a line, with its policy's title."""
    lines = [answer.text, ""]
    for prefix, citations in (("", answer.citations), ("注", answer.notes)):
        for citation in citations:
            title = corpus.documents[citation.passage.document].info.title
            article = citation.passage.article
            quotes = mask_mobiles("……".join(citation.quotes)).removeprefix(article).lstrip()
            lines.append(f"[{prefix}{citation.marker}]《{title}》{article}：{quotes}")
    return lines


__all__ = ["Role", "answer_json", "answer_lines", "citation_json", "conversation_markdown"]
