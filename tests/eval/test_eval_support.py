"""Whether an answer's figures are proved."""

from __future__ import annotations

from typing import Any

import pytest
from eval_rows import OTHER, answer, citation, question

from eval.support import segments, unsupported, unsupported_by_any


def missing(text: str, **changes: Any) -> list[str]:
    return [figure.text for figure in unsupported(question(), answer(answer=text, **changes))[0]]


def test_a_figure_needs_the_passage_that_its_own_piece_cites() -> None:
    both = [citation(), citation(2, OTHER)]
    assert missing("每年最高100万元。[1]最高500万元补助。[2]", citations=both) == []
    assert missing("每年最高100万元。[2]", citations=both) == ["100万元"]
    assert missing("最高500万元", citations=both) == ["500万元"]
    assert missing("每年最高100万元。[3]", citations=both) == ["100万元"]


def test_headings_title_and_context_prove_too() -> None:
    cites = [citation(path=["规划（2018-2025年）"], context=["对符合条件的，给予最高30万元："])]
    assert missing("2018年起，最高30万元。[1]", citations=cites) == []


def test_a_table_header_gives_its_unit_to_bare_numbers() -> None:
    cites = [citation(text="产业规模\t500", context=["指标（亿元）\t2025"])]
    assert missing("2025年达到500亿元。[1]", citations=cites) == []
    assert missing("2025年达到500万元。[1]", citations=cites) == ["500万元"]


def test_what_the_user_typed_proves() -> None:
    asked = question(question="投了800万能补多少", history=["我们年收入2000万元"])
    assert unsupported(asked, answer(answer="您投入800万元、收入2000万元。", citations=[])) == ([], 2)


def test_notes_prove_what_stands_before_their_marker_but_not_for_a_reader_without_them() -> None:
    row = answer(answer="有效期至2023年12月31日。[注1]", notes=[citation(1, "有效期至2023年12月31日。")])
    assert unsupported(question(), row)[0] == []
    assert len(unsupported_by_any(question(), row)[0]) == 1


@pytest.mark.parametrize(
    ("computed", "sound"),
    [
        ({"result": "400万元", "operands": ["800万元", "50%"], "rule": "×"}, True),
        ({"result": "100万元", "operands": ["800万元", "50%", "100万元"], "rule": "最高"}, True),
        ({"result": "500万元", "operands": ["800万元", "50%"], "rule": "×"}, False),
        ({"result": "240万元", "operands": ["800万元", "30%"], "rule": "×"}, False),
        ({"result": "400万元", "operands": [], "rule": ""}, False),
    ],
)
def test_sums_need_stated_operands_and_a_result_that_follows(computed: dict[str, Any], sound: bool) -> None:
    asked = question(question="租金800万能补多少")
    row = answer(answer=f"约{computed['result']}。", computed=[computed])
    assert (unsupported(asked, row)[0] == []) is sound


def test_pieces_end_behind_their_markers() -> None:
    assert list(segments("1. 甲。[1][2]乙\n丙[注1]。")) == [
        ("甲。", ("1", "2")),
        ("乙", ()),
        ("丙", ("注1",)),
        ("。", ()),
    ]


@pytest.mark.parametrize(
    ("operands", "sound"),
    [
        (["2020年1月", "4年"], True),
        (["2019年", "四年", "30日"], True),
        (["4年"], False),
        (["2021年", "4年"], False),
        (["2022年1月", "4年"], False),
        (["100万元"], False),
    ],
)
def test_a_date_follows_from_a_date_and_a_period(operands: list[str], sound: bool) -> None:
    cites = [citation(text="2020年1月印发，成办函〔2019〕15号，自印发之日起30日后施行，有效期四年；2021年；最高100万元。")]
    row = answer(answer="2024年1月到期。", citations=cites, computed=[{"result": "2024年1月", "operands": operands, "rule": "+"}])
    assert (unsupported(question(), row)[0] == []) is sound
