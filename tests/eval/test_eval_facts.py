"""Passages that hold a quote, answers that state a fact."""

from __future__ import annotations

import pytest
from eval_rows import PASSAGE, QUOTE
from hypothesis import given
from hypothesis import strategies as st

from eval.facts import holds_quote, plain, read_part, states


def test_a_quote_is_held_verbatim_however_it_is_spaced_or_wide() -> None:
    assert holds_quote("按实际租⾦的 ５０％给予\n补贴", "按实际租金的50% 给予补贴")


def test_a_passage_is_read_to_its_700th_character() -> None:
    assert holds_quote("前" * (700 - len(QUOTE)) + QUOTE, QUOTE)
    assert not holds_quote("前" * (701 - len(QUOTE)) + "金" * len(QUOTE) + QUOTE, QUOTE)


def test_seventy_percent_of_the_trigrams_hold_only_with_all_figures() -> None:
    assert holds_quote(PASSAGE.replace("自用的", "自己用的"), QUOTE)
    assert not holds_quote(PASSAGE.replace("50%", "30%"), QUOTE)
    assert not holds_quote(PASSAGE.replace("100万元", "100亿元"), QUOTE)
    assert not holds_quote("补贴50%，100万元", QUOTE)


def test_an_empty_quote_is_held_by_nothing() -> None:
    assert not holds_quote(PASSAGE, " ")


@given(st.text(min_size=1, max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_every_text_holds_its_own_slices(quote: str, before: str, after: str) -> None:
    assert holds_quote(before + quote + after, quote) == bool(quote.split()) or not quote.isprintable()


@pytest.mark.parametrize(
    ("text", "fact", "stated"),
    [
        ("最高 500 万元。", "500万元", True),
        ("最高500万。", "500万元", True),
        ("最高500万元。", "500万", True),
        ("面积5万平方米", "5万元", False),
        ("共35家企业", "5家", False),
        ("共5家企业", "5家", True),
        ("比例为10.5%", "5%", False),
        ("1500万元", "500万元", False),
        ("1,500万元", "500万元", False),
        ("2025年", "2025", True),
        ("20251年", "2025", False),
        ("约50%", "50", False),
        ("期限十三年", "三年", False),
        ("前三年", "三年", True),
        ("统一一次性奖励", "一次性奖励", True),
        ("二十家", "十家", False),
        ("最高５００万元", "500万", True),
        ("1：1", "1:1", True),
    ],
)
def test_facts(text: str, fact: str, stated: bool) -> None:
    assert states(text, fact) is stated


def test_bold_and_markers_are_not_read() -> None:
    assert plain("最高**500万元**[1][12]，期限[注1]3年【2】") == "最高500万元，期限3年"


def test_figures_kept_apart_by_a_marker_stay_apart() -> None:
    assert not states(plain("到2023[1]\n5家"), "20235家")
    assert states(plain("咨询电话：61881111 61882222"), "61882222")
    assert states(plain("到2023[1]\n5家"), "5家")
    assert not states(plain("共3\n5家"), "35家")


@pytest.mark.parametrize(("type", "limit"), [("amount", 130), ("list", 320), ("comparison", 320), ("open", 320), ("plan", 130)])
def test_an_answer_is_read_only_so_far(type: str, limit: int) -> None:
    assert states(read_part("甲" * (limit - 3) + "50%", type), "50%")
    assert not states(read_part("甲" * (limit - 2) + "50%", type), "50%")


def test_a_number_is_never_cut_in_two() -> None:
    assert not states(read_part("甲" * 128 + "5000万元", "amount"), "50")
