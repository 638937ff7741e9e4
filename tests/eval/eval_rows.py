"""Small question and answer rows for the tests of `eval`."""

from __future__ import annotations

from typing import Any

QUOTE = "在区内租赁办公用房自用的，按实际租金的50%给予补贴，每家企业每年最高补贴100万元"
PASSAGE = f"第六条 办公用房补贴。{QUOTE}，补贴期限3年。"
OTHER = "第七条 对新引进的研发机构，按其研发投入给予最高500万元补助。"


def question(**changes: Any) -> dict[str, Any]:
    """An answerable row about rent."""
    row = {"id": "q1", "question": "租房能补多少", "history": [], "type": "amount", "style": "colloquial", "region": "广州",
           "evidence": [{"source": "a.txt", "quote": QUOTE}], "correction": [], "must_have": [["50%"], ["100万元", "100万"]],
           "answer": "按租金的50%，每年最高100万元。"}  # fmt: skip
    return row | changes


def unanswerable(**changes: Any) -> dict[str, Any]:
    """A row with a false premise, set right by the rent clause."""
    row = {
        "type": "unanswerable",
        "refusal": "premise",
        "evidence": [],
        "must_have": [],
        "correction": [{"quote": QUOTE}],
    }
    return question(**(row | changes))


def citation(marker: int = 1, text: str = PASSAGE, **changes: Any) -> dict[str, Any]:
    """A citation of the rent clause."""
    return {"marker": marker, "document": "huangpu", "title": "细则", "article": "第六条", "path": ["第二章"], "source": "a.txt",
            "spans": [[0, 1]], "quote": text, "text": text, "context": []} | changes  # fmt: skip


def passages(*texts: str) -> list[dict[str, Any]]:
    """A ranking of texts."""
    return [
        {"rank": i, "id": f"p{i}", "document": "huangpu", "article": f"第{i}条", "text": text, "score": 1 / i}
        for i, text in enumerate(texts, start=1)
    ]


def answer(**changes: Any) -> dict[str, Any]:
    """A right answer to `question()`."""
    row = {"id": "q1", "question": "租房能补多少", "answer": "按实际租金的50%补贴，每年最高**100万元**。[1]", "refused": False,
           "refusal": None, "verdict": None, "computed": [], "citations": [citation()], "notes": [], "passages": passages(PASSAGE, OTHER),
           "seconds": {"total": 0.1}}  # fmt: skip
    return row | changes
