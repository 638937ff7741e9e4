"""Amounts, ratios and dates, and whether an answer's figures are proved."""

from __future__ import annotations

from typing import Any

import pytest
from eval_rows import OTHER, answer, citation, question
from hypothesis import given
from hypothesis import strategies as st

from eval.figures import figures, segments, unsupported, unsupported_by_any


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("最高500 万元，期限3年，10家", [(5e6,)]),
        ("500—1000万元", [(5e6,), (1e7,)]),
        ("100万、200万、1亿元", [(1e6,), (2e6,), (1e8,)]),
        ("5,000万元", [(5e7,)]),
        ("千亿元，二十万元", [(1e11,), (2e5,)]),
        ("50元/平方米，5万平方米，3万余平方米，10万台", [(50.0,)]),
        ("5万亿元，20余亿元，3万多元", [(5e12,), (2e9,), (3e4,)]),
        ("50%-80%", [(0.5,), (0.8,)]),
        ("50～80％", [(0.5,), (0.8,)]),
        ("百分之五十，三分之一", [(0.5,), (1 / 3,)]),
        ("3‰", [(0.003,)]),
        ("七成，六成五，五成半，三成员单位", [(0.7,), (0.65,), (0.55,)]),
        ("1:1", [(1.0, 1.0)]),
        ("2020年1月13日至2023年底", [(2020.0, 1.0, 13.0), (2023.0, 0.0, 0.0)]),
        ("2026-11-20", [(2026.0, 11.0, 20.0)]),
        ("2021—2023年", [(2023.0, 0.0, 0.0), (2021.0, 0.0, 0.0)]),
        ("电话65692245，第六条", []),
    ],
)
def test_figures_are_found_with_their_values(text: str, values: list[tuple[float, ...]]) -> None:
    found = sorted(figure.value for figure in figures(text))
    assert len(found) == len(values)
    assert all(mine == pytest.approx(theirs) for mine, theirs in zip(found, sorted(values), strict=True))


@given(st.integers(1, 9999), st.sampled_from(["万元", "亿元", "%", "万"]), st.text("的给予补贴最高，。 ", max_size=10))
def test_a_figure_is_found_wherever_it_stands(number: int, unit: str, around: str) -> None:
    assert len(figures(f"{around}{number}{unit}{around}")) == 1


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
