"""Where a question was lost along the pipeline: one failure class a question, "" when nothing is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eval import metrics
from eval.facts import plain, read_part

CLASSES = {
    "error": "出错",
    "not_retrieved": "没有检索到",
    "wrongly_declined": "不该拒答",
    "not_cited": "检索到而没有引用",
    "wrong_place": "答了别的地方",
    "too_late": "答案在截取长度之后",
    "wrong_figure": "数字不对或缺少",
    "incomplete": "答得不全",
    "wrong_verdict": "能否享受判断错",
    "should_decline": "该拒答而作答",
    "wrong_kind": "拒答理由不对",
    "not_corrected": "没有给出更正的依据",
    "unsupported_number": "数字没有依据",
}

Row = Mapping[str, Any]


def failure_class(question: Row, answer: Row, scores: metrics.Scores, places: Mapping[str, frozenset[str]] | None = None) -> str:
    """The first thing that went wrong, in pipeline order.

    Args:
        question: the question row.
        answer: the answer row.
        scores: `metrics.score` of both.
        places: the region paths that each document id applies to; without it another document counts as another place.
    """
    if metrics.failed(answer):
        return "error"
    lost = _answerable(question, answer, scores, places or {}) if metrics.answerable(question) else _unanswerable(answer, scores)
    if lost or scores["number_support"] in (None, 1.0):
        return lost
    return "unsupported_number"


def _answerable(question: Row, answer: Row, scores: metrics.Scores, places: Mapping[str, frozenset[str]]) -> str:
    if scores["accuracy"] and not metrics.declined(answer):
        return "wrong_verdict" if scores["verdict_right"] == 0 else ""
    if not scores["hit@20"] and not scores["citation_recall"]:
        return "not_retrieved"
    if metrics.declined(answer):
        return "wrongly_declined"
    if not scores["citation_recall"]:
        return "wrong_place" if _elsewhere(question, answer, places) else "not_cited"
    if not metrics.missing_groups(question, plain(answer["answer"])):
        return "too_late"
    missing = metrics.missing_groups(question, read_part(answer["answer"], question["type"]))
    return "wrong_figure" if any(char.isdigit() for group in missing for char in group[0]) else "incomplete"


def _elsewhere(question: Row, answer: Row, places: Mapping[str, frozenset[str]]) -> bool:
    """Whether everything cited belongs to other places than the passages that hold the evidence."""
    held = zip(answer["passages"], metrics.found_quotes(question, answer), strict=True)
    right = [_places(passage["document"], places) for passage, numbers in held if numbers]
    cited = [_places(item["document"], places) for item in answer["citations"]]
    pairs = [(one, other) for mine in cited for one in mine for theirs in right for other in theirs]
    return bool(cited and right) and not any(
        (one + "/").startswith(other + "/") or (other + "/").startswith(one + "/") for one, other in pairs
    )


def _places(document: str, places: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return places.get(document, frozenset((document,)))


def _unanswerable(answer: Row, scores: metrics.Scores) -> str:
    if not metrics.declined(answer):
        return "should_decline"
    if scores["kind_right"] == 0:
        return "wrong_kind"
    return "not_corrected" if scores["correction"] == 0 else ""
