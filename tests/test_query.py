"""Questions as the pipeline understands them: input checked, characters converted, places, policies, what is asked."""

from __future__ import annotations

import re
import unicodedata

import pytest
from checks import one_clear_message
from hypothesis import given
from hypothesis import strategies as st
from told import LEXICON, parse

from qa.corpus import Corpus, load_corpus
from qa.errors import InputError
from qa.lexicon import Lexicon
from qa.query import normalise, parse_query
from qa.types import Asked

RENT = "在黄埔办AI公司，租房能补多少？"


@pytest.mark.parametrize(
    "question",
    ["", " \n\t ", "😀🎉😀", "？？！……", "\x00\x07\x1b", "\u200b\u200e\ufeff", "<>/&;", "—" * 50],
    ids=["empty", "white", "emoji", "marks", "control", "invisible", "html-marks", "dashes"],
)
def test_a_question_without_words_is_one_clear_sentence(question: str) -> None:
    with pytest.raises(InputError) as caught:
        normalise(question)
    one_clear_message(caught.value, "例如")


@pytest.mark.parametrize("question", ["租" * 100_000, "😀" * 100_000, "\x00" * 100_000])
def test_a_hundred_thousand_characters_are_refused_with_the_number(question: str) -> None:
    with pytest.raises(InputError) as caught:
        normalise(question)
    one_clear_message(caught.value, "100000", "2000")


def test_the_longest_question_is_a_setting() -> None:
    assert normalise("租" * 30, max_chars=30)
    with pytest.raises(InputError):
        normalise("租" * 31, max_chars=30)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("在黃埔辦AI公司，租房能補多少？", "在黄埔办AI公司，租房能补多少？"),
        ("黄埔\x00租房\x1b能补\u200b多少", "黄埔 租房 能补 多少"),
        ("  黄埔 \n 租房 ", "黄埔 租房"),
        ("ＡＩ公司５００万", "AI公司500万"),
        ("⼈⼯智能", "人工智能"),
        ("租房,能补1,000万元吗?", "租房，能补1,000万元吗？"),
    ],
)
def test_writing_is_made_alike(typed: str, read: str) -> None:
    assert normalise(typed) == read


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = normalise(text)
    except InputError as error:
        one_clear_message(error)
        return
    assert read == normalise(read)
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") for char in read)
    try:
        query = parse_query(text, LEXICON, ())
    except InputError as error:  # no Chinese character in it
        one_clear_message(str(error).split(" Please")[0])
        return
    assert query.raw == text
    assert query.text == read or not re.search("[㐀-鿿]", text)


@pytest.mark.parametrize(
    ("question", "region"),
    [
        ("声谷的租房补贴", "安徽/合肥/中国声谷"),
        ("我们在海淀，研发能补吗", "北京/海淀"),
        ("中关村的公司有什么支持", "北京/海淀"),
        ("马桥人工智能创新试验区有什么目标", "上海/闵行/马桥"),
        ("黄埔租房补多少", "广东/广州/黄埔"),
        ("广州开发区租房补多少", "广东/广州/黄埔"),
        ("广州黄埔区租房补多少", "广东/广州/黄埔"),
        ("我在蓉办公司", "四川/成都"),
        ("蓉城的房租补贴", "四川/成都"),
        ("我在蓉城，研发投入能补多少", "四川/成都"),
        ("山城的产业规模目标", "重庆"),
        ("在沪企业能拿多少", "上海"),
        ("在济南办公司有补贴吗", "山东/济南"),
        ("德清的智能物流", "浙江/湖州/德清"),
    ],
)
def test_nicknames_lead_to_regions(corpus: Corpus, question: str, region: str) -> None:
    query = parse(corpus, question)
    assert query.regions == (region,)
    assert query.uncovered == ()


def test_minhang_is_the_place_of_maqiao_and_of_shanghai(corpus: Corpus) -> None:
    regions = parse(corpus, "闵行的人工智能企业有什么支持").regions
    assert regions
    assert all(region.startswith("上海/闵行") for region in regions)


@pytest.mark.parametrize(
    ("question", "place"),
    [("南京的补贴", "江苏/南京"), ("我在宁波办AI公司，有房租补贴吗", "浙江/宁波"), ("厦门租房补多少", "福建/厦门")],
)
def test_a_place_without_documents_is_named_as_such(corpus: Corpus, question: str, place: str) -> None:
    query = parse(corpus, question)
    assert query.regions == ()
    assert query.uncovered == (place,)


@pytest.mark.parametrize("question", ["沪深交易所上市奖多少", "深交所上市奖多少", "云计算补贴", "在京东开店有补贴吗"])
def test_words_that_only_hold_the_name_of_a_place_are_none(corpus: Corpus, question: str) -> None:
    query = parse(corpus, question)
    assert query.regions == ()
    assert query.uncovered == ()


@pytest.mark.parametrize(
    ("question", "regions", "uncovered"),
    [
        ("株洲这边贷款，能像长沙那样补一半利息吗", (), ("湖南/株洲",)),
        ("我们总部在济南，青岛分公司的场景补助多少", (), ("山东/青岛",)),
        ("把深圳的产线搬进济南，落户补助多少", ("山东/济南",), ()),
        ("廊坊对承接北京外溢项目的企业有何支持", (), ("河北/廊坊",)),
        ("新加坡给AI公司多少补助", (), ("海外/新加坡",)),
        ("从德国请来的专家，黄埔给多少安家费", ("广东/广州/黄埔",), ()),
        ("请德国专家来讲课有补贴吗", (), ()),
    ],
)
def test_a_place_told_in_passing_is_not_asked_about(
    corpus: Corpus, question: str, regions: tuple[str, ...], uncovered: tuple[str, ...]
) -> None:
    query = parse(corpus, question)
    assert (query.regions, query.uncovered) == (regions, uncovered)


def test_the_region_of_the_page_counts_only_when_the_question_names_none(corpus: Corpus) -> None:
    assert parse(corpus, "租房能补多少", region="浙江/杭州").regions == ("浙江/杭州",)
    assert parse(corpus, "黄埔租房能补多少", region="浙江/杭州").regions == ("广东/广州/黄埔",)
    assert parse(corpus, "租房能补多少", region="火星").uncovered == ("火星",)


def test_every_policy_is_known_by_its_titles_and_its_number(corpus: Corpus) -> None:
    missed = []
    for document in corpus:
        info = document.info
        names = (info.title, info.short_title, *((info.number.value,) if info.number else ()))
        missed += [(info.id, name) for name in names if info.id not in parse(corpus, f"《{name}》的有效期到什么时候").documents]
    assert not missed


def test_a_policy_that_left_the_corpus_is_not_named(corpus: Corpus) -> None:
    question = "成都专项政策有什么补贴"
    rest = [document.info for document in corpus if document.id != "chengdu-policy"]
    assert parse(corpus, question).documents == ("chengdu-policy",)
    assert "chengdu-policy" not in parse_query(question, LEXICON, rest).documents


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("黄埔租房能补多少", Asked.AMOUNT),
        ("黄埔租房补贴的比例", Asked.RATIO),
        ("申请租房补贴要满足什么条件", Asked.CONDITION),
        ("怎么申请租房补贴", Asked.PROCEDURE),
        ("租房补贴找哪个部门", Asked.RESPONSIBLE),
        ("租房补贴什么时候截止", Asked.DEADLINE),
        ("咨询电话是多少", Asked.TELEPHONE),
        ("德清2022年的目标", Asked.TARGET),
    ],
)
def test_what_is_asked_for(corpus: Corpus, question: str, kind: Asked) -> None:
    assert kind in {
        Asked.TARGET if asked is Asked.PLAN and kind is Asked.TARGET else asked for asked in parse(corpus, question).asked
    }


def test_a_telephone_is_not_a_sum(corpus: Corpus) -> None:
    assert Asked.AMOUNT not in parse(corpus, "成都的咨询电话是多少").asked


@pytest.mark.parametrize("question", ["黄埔和成都租房补贴哪个多", "对比杭州、苏州的研发补助", "成都跟济南的上市奖励有什么区别"])
def test_comparisons(corpus: Corpus, question: str) -> None:
    query = parse(corpus, question)
    assert query.comparison
    assert len(query.regions) == 2
    assert not query.which_places


def test_a_comparison_with_a_place_without_documents_is_one(corpus: Corpus) -> None:
    query = parse(corpus, "黄埔和南京租房补贴哪个多")
    assert query.comparison
    assert query.regions == ("广东/广州/黄埔",)
    assert query.uncovered == ("江苏/南京",)


@pytest.mark.parametrize("question", ["哪些城市有租房补贴", "哪里对上市有奖励", "各地的算力补贴怎么样"])
def test_questions_for_places(corpus: Corpus, question: str) -> None:
    assert parse(corpus, question).which_places


def test_everyday_words_bring_policy_words_with_weights_up_to_one() -> None:
    words = dict(parse_query("租办公室能报销吗", LEXICON, ()).expansion)
    assert {"房租补贴", "办公用房"} & set(words)
    assert all(0 < weight <= 1 for weight in words.values())


def test_an_empty_lexicon_understands_words_only() -> None:
    query = parse_query(RENT, Lexicon(), ())
    assert (query.regions, query.uncovered, query.documents, query.expansion) == ((), (), (), ())
    assert query.asked == (Asked.AMOUNT,)  # 补多少 needs no word list
    assert query.search_text == query.text


def test_latin_capitals_do_not_hide_a_place(corpus: Corpus) -> None:
    assert parse(corpus, "<b>黄埔</b>租房<script>alert('x')</script>").regions == ("广东/广州/黄埔",)


def test_questions_on_other_policies_work_alike(invented: object) -> None:
    from pathlib import Path

    from qa.lexicon import load_lexicon

    folder = Path(str(invented))
    small = load_corpus(folder)
    query = parse(small, "雾城和云州租办公室封顶多少", lexicon=load_lexicon(folder / "lexicon.tsv"))
    assert query.regions == ("云岭/云州",)
    assert query.uncovered == ("雾城",)
    assert "租金补贴" in dict(query.expansion)
