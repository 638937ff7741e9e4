"""A sentence whose figures are not its sources' figures, or lost their limits, has a problem."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qa.corpus import Corpus, load_corpus
from qa.types import Computed
from qa.verify import is_verbatim, mask_mobiles, verify_sentence

RENT = (
    "对新设立的人工智能企业，实缴注册资本1000万元以上的，经登记入库，在区内租赁办公用房自用的，"
    "按实际租金的50%给予补贴，补贴期限3年，每家企业每年最高补贴100万元。"
)
SOFTWARE = "企业年软件业务收入首次达到1000万元、2000万元、5000万元、1亿元企业，分别一次性奖励20万元、50万元、100万元、300万元。"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus(Path(__file__).parents[1] / "corpus")


@pytest.mark.parametrize(
    "sentence",
    [
        "按实际租金的50%补贴，期限三年，每家每年最高100万元。",
        "按实际租金的百分之五十补贴，每年不超过100万元。",
        "实缴注册资本须达到1000万元。",
        "实缴注册资本不低于1000万元的企业可以申请。",
        "没有数字的一句话。",
    ],
)
def test_true_sentences_pass(sentence: str) -> None:
    assert verify_sentence(sentence, [RENT]) == ()


@pytest.mark.parametrize(
    ("sentence", "figure"),
    [
        ("按实际租金的5%补贴。", "5%"),
        ("每家企业每年最高补贴10万元。", "10万元"),
        ("补贴期限5年。", "5年"),
        ("咨询电话：61885818。", "61885818"),
        ("依据第二十三条。", "第二十三条"),
        ("2023年12月31日前申请。", "2023年12月31日"),
        ("每年支持20家。", "20家"),
        ("每家企业每年最高补贴100万元，补贴500。", "500"),
        ("仅限一家企业，最多一家。", "一家"),
    ],
)
def test_a_figure_that_is_not_cited_is_a_problem(sentence: str, figure: str) -> None:
    problems = verify_sentence(sentence, [RENT])
    assert any(figure in problem for problem in problems)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("每年补贴100万元。", RENT),
        ("实缴注册资本1000万元的企业。", RENT),
        ("给予20万元资助。", "给予不超过20万元资助"),
        ("支持示范项目20个。", "每年择优支持20个左右示范项目"),
        ("评选30个方案。", "每年评选10—30个方案"),
        ("支持30种语言。", "支持30多种语言"),
    ],
)
def test_a_dropped_limit_is_a_problem(sentence: str, cited: str) -> None:
    assert verify_sentence(sentence, [cited])


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("最高给予100万元。", "认定后给予100万元奖励"),
        ("按最高50%补贴。", RENT),
        ("不低于100万元。", RENT),
    ],
)
def test_an_added_or_reversed_limit_is_a_problem(sentence: str, cited: str) -> None:
    assert verify_sentence(sentence, [cited])


def test_a_scope_that_no_source_says_is_a_problem() -> None:
    assert verify_sentence("一次性补贴最高100万元。", [RENT])
    assert verify_sentence("单个企业每年最高5万元。", ["单个企业年度最高不超过5万元"]) == ()


def test_the_limit_is_that_of_the_alike_place() -> None:
    cited = "总投资达到100万元的项目，给予补助。单个项目补助最高100万元。"
    assert verify_sentence("单个项目补助100万元。", [cited])
    assert verify_sentence("总投资达到100万元的项目给予补助。", [cited]) == ()


def test_the_questions_own_figures_may_be_repeated() -> None:
    assert verify_sentence("您的5600万元达到5000万元一档，奖励100万元。", [SOFTWARE], "今年收入5600万") == ()
    assert verify_sentence("您的5700万元达到5000万元一档，奖励100万元。", [SOFTWARE], "今年收入5600万")


def test_computed_results_count_when_their_operands_are_covered() -> None:
    cited = "按项目投入的20%给予资金支持，单个项目补助最高不超过500万元。"
    steps = (
        Computed("600万元", ("3000万元", "20%"), "3000万元×20%=600万元"),
        Computed("500万元", ("600万元", "500万元"), "超过上限，按500万元"),
    )
    sentence = "3000万元×20%=600万元，超过最高500万元，按500万元。"
    assert verify_sentence(sentence, [cited], "投了3000万元", steps) == ()
    assert verify_sentence(sentence, [cited], "投了2000万元", steps)
    assert verify_sentence(sentence, [cited], "投了3000万元", ())
    assert verify_sentence("最多40万元。", [cited], "投了200万元", (Computed("40万元", ("200万元", "20%"), ""),)) == ()


def test_a_table_row_is_read_with_its_unit() -> None:
    row = "智能物流增加值\t亿元\t11.4\t—\t25\t35"
    assert verify_sentence("2022年智能物流增加值35亿元。", [row, "指标\t2020年\t2022年"]) == ()
    assert verify_sentence("2022年智能物流增加值38亿元。", [row, "指标\t2020年\t2022年"])


def test_every_sentence_of_the_corpus_passes_against_its_paragraph(corpus: Corpus) -> None:
    for document in corpus:
        for paragraph in document.text.splitlines():
            for sentence in filter(str.strip, re.split("(?<=[。；])", paragraph)):
                assert verify_sentence(sentence, [paragraph]) == (), sentence
                assert is_verbatim(sentence, [paragraph]), sentence


def test_verbatim_slices_cut_no_number() -> None:
    assert is_verbatim("按实际租金的 50% 给予补贴", [RENT])
    assert not is_verbatim("0%给予补贴", [RENT])
    assert not is_verbatim("每年最高补贴10", [RENT])
    assert not is_verbatim("", [RENT])


def test_a_verbatim_slice_that_lost_its_qualifier_is_a_problem() -> None:
    cut = "补贴100万元。"
    assert is_verbatim(cut, [RENT])
    assert verify_sentence(cut, [RENT])


@pytest.mark.parametrize("number", ["18900000000", "189 0000 0000", "189-0000-0000", "１８９００００００００"])
def test_mobile_numbers_are_masked(number: str) -> None:
    masked = mask_mobiles(f"咨询电话：{number}；座机82529991")
    assert masked == "咨询电话：（手机号见原文）；座机82529991"
    assert verify_sentence(masked, [f"咨询电话：{number}；座机82529991"]) == ()
    assert is_verbatim(masked, [f"咨询电话：{number}；座机82529991"])


def test_longer_digit_runs_are_no_mobile_numbers() -> None:
    assert mask_mobiles("编号118900000000") == "编号118900000000"
