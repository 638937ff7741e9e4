"""Each way to lose a question has its class."""

from __future__ import annotations

from typing import Any

import pytest
from eval_rows import OTHER, answer, citation, passages, question, unanswerable

from eval.classes import failure_class
from eval.metrics import score

PLACES = {"huangpu": frozenset({"广东/广州/黄埔"}), "gz": frozenset({"广东/广州"}), "bj": frozenset({"北京"})}


@pytest.mark.parametrize(
    ("asked", "given", "expected"),
    [
        (question(), answer(), ""),
        (question(), {}, "error"),
        (question(), answer(error="x"), "error"),
        (question(), answer(passages=passages(OTHER), citations=[citation(1, OTHER)]), "not_retrieved"),
        (question(), answer(refused=True, answer="没有写明。"), "wrongly_declined"),
        (question(), answer(refused=True), "wrongly_declined"),
        (question(), answer(citations=[citation(1, OTHER)]), "not_cited"),
        (question(), answer(citations=[citation(1, OTHER, document="gz")]), "not_cited"),
        (question(), answer(citations=[citation(1, OTHER, document="bj")]), "wrong_place"),
        (question(), answer(answer="甲" * 130 + "50%，100万元。[1]"), "too_late"),
        (question(), answer(answer="按租金的50%。[1]"), "wrong_figure"),
        (question(must_have=[["自用"]]), answer(answer="按租金补。[1]"), "incomplete"),
        (question(verdict="yes"), answer(verdict="no"), "wrong_verdict"),
        (question(), answer(answer="50%，100万元，另加900万元。[1]"), "unsupported_number"),
        (unanswerable(), answer(refused=True, refusal="premise"), ""),
        (unanswerable(), answer(), "should_decline"),
        (unanswerable(), answer(refused=True, refusal="chat"), "wrong_kind"),
        (unanswerable(), answer(refused=True, refusal="premise", citations=[], answer="没有。"), "not_corrected"),
    ],
)
def test_classes(asked: dict[str, Any], given: dict[str, Any], expected: str) -> None:
    assert failure_class(asked, given, score(asked, given), PLACES) == expected
