"""`ask` and `search` for programs (Gradio's API) and for MCP clients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from page.loading import Loading, error_message
from qa.export import answer_json
from qa.types import Turn
from qa.verify import mask_mobiles

_MOST_RESULTS = 50


def endpoints(loading: Loading) -> tuple[Callable[..., dict[str, Any]], Callable[..., list[dict[str, Any]]]]:
    """The two functions, bound to an assistant."""

    def ask(question: str, region: str = "", history: list[str] | None = None) -> dict[str, Any]:
        """Answer a question about Chinese government AI-industry policies, every sentence with verbatim citations.

        Args:
            question: the question, in everyday Chinese, e.g. 在黄埔办AI公司租房能补多少
            region: optional region path that leads the ranking, e.g. 广东/广州/黄埔
            history: optional earlier questions of the same user, oldest first; a follow-up takes over their place and topic

        Returns:
            answer with [1] markers, refused, citations (title, article, quote, source), the ranking of passages, seconds
        """
        try:
            assistant = loading.assistant()
            turns = tuple(Turn(earlier) for earlier in history or ())
            row = answer_json(assistant.ask(question, turns, region=region or ""), assistant.corpus)
        except Exception as error:
            raise gr.Error(error_message(error), print_exception=False) from error
        return _masked_row(row)

    def search(question: str, region: str = "", k: int = 10) -> list[dict[str, Any]]:
        """Find the articles of Chinese government AI-industry policies that fit a question, best first, without an answer.

        Args:
            question: what to look for, in everyday Chinese or in the policies' own words
            region: optional region path that leads the ranking, e.g. 广东/广州/黄埔
            k: number of passages, 1 to 50

        Returns:
            passages with rank, document, title, article, headings above, verbatim text and score
        """
        try:
            assistant = loading.assistant()
            _, hits = assistant.search(question, region=region or "", k=max(1, min(int(k), _MOST_RESULTS)))
            documents = assistant.corpus.documents
            rows = [
                {
                    "rank": rank,
                    "id": hit.passage.id,
                    "document": hit.passage.document,
                    "title": documents[hit.passage.document].info.title,
                    "article": hit.passage.article,
                    "path": list(hit.passage.path),
                    "text": hit.passage.text,
                    "score": round(hit.score, 4),
                }
                for rank, hit in enumerate(hits, start=1)
            ]
        except Exception as error:
            raise gr.Error(error_message(error), print_exception=False) from error
        return [_masked_row(row) for row in rows]

    return ask, search


def _masked_row(row: dict[str, Any]) -> dict[str, Any]:
    """The same row with personal mobile numbers masked: those stand in the source reader only."""
    return {key: _masked(value) for key, value in row.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask_mobiles(value)
    if isinstance(value, list):
        return [_masked(item) for item in value]
    return _masked_row(value) if isinstance(value, dict) else value
