"""Region paths: found in questions, and meeting documents from above and from below."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import LEXICON

from qa.corpus import Corpus
from qa.lexicon import Lexicon
from qa.places import find_places, is_covered, outermost, relation, short_name, within

PATHS = sorted({path for targets in LEXICON.places.values() for path, weight in targets if weight >= 0.5})
paths = st.sampled_from(PATHS)


def found(text: str) -> list[tuple[str, ...]]:
    return [regions for _, regions in find_places(text, LEXICON)]


@given(paths, paths, paths)
def test_within_is_an_order(a: str, b: str, c: str) -> None:
    assert within(a, a)
    assert not (within(a, b) and within(b, a)) or a == b
    assert within(a, c) or not (within(a, b) and within(b, c))


def test_a_common_beginning_is_not_a_region() -> None:
    assert not within("江苏/南京东", "江苏/南京")


def sure_places(lexicon: Lexicon) -> list[str]:
    return [term for term, targets in lexicon.places.items() if len(term) > 1 and all(weight >= 0.7 for _, weight in targets)]


@pytest.mark.parametrize("frame", ["{}有什么补贴", "我在{}办公司", "来{}创业", "公司在{}，租房能补多少"])
def test_every_place_is_found_whatever_stands_before_it(frame: str) -> None:
    plain = [term for term in sure_places(LEXICON) if term[0] not in "在来去到回离落驻赴进"]
    alone = {term: [regions for _, regions in find_places(term, LEXICON)] for term in plain}
    lost = [term for term in plain if alone[term] and found(frame.format(term)) != alone[term]]
    assert not lost


@pytest.mark.parametrize("text", ["沪深交易所", "京东", "渝新欧班列", "杭帮菜", "粤语", "京剧", "宁可"])
def test_one_character_inside_a_word_is_no_place(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(("text", "path"), [("在沪企业", "上海"), ("蓉这边", "四川/成都"), ("渝有什么补贴", "重庆")])
def test_one_character_alone_is_a_place(text: str, path: str) -> None:
    assert found(text) == [(path,)]


def test_spans_name_the_place(corpus: Corpus) -> None:
    text = "黄埔和成都的补贴"
    assert [span.of(text) for span, _ in find_places(text, LEXICON)] == ["黄埔", "成都"]


def test_a_place_meets_documents_from_above_and_below(corpus: Corpus) -> None:
    shenggu = corpus.documents["shenggu-support"].info
    anhui = corpus.documents["anhui-bases"].info
    hefei = corpus.documents["hefei-pilot"].info
    assert relation(("安徽/合肥/中国声谷",), shenggu) == 1.0
    assert 0 < relation(("安徽/合肥",), anhui) < 1
    assert 0 < relation(("安徽/合肥",), shenggu) < 1
    assert 0 < relation(("安徽/合肥/庐阳",), hefei) < 1
    assert relation(("四川/成都",), hefei) == 0
    assert relation(("四川/成都", "安徽/合肥"), hefei) == 1.0
    assert relation((), hefei) == 0


def test_every_document_is_reached_from_its_regions(corpus: Corpus) -> None:
    for document in corpus:
        for region in document.info.regions:
            assert relation((region,), document.info) == 1.0
            assert is_covered(region, [document.info])


def test_coverage_is_asked_of_the_documents_given(corpus: Corpus) -> None:
    infos = [document.info for document in corpus]
    assert is_covered("四川/成都/武侯", infos)
    assert is_covered("四川", infos)
    assert not is_covered("江苏/南京", infos)
    assert not is_covered("四川/成都", [info for info in infos if not info.id.startswith("chengdu")])


@given(st.lists(paths, max_size=6))
def test_outermost_keeps_the_narrowest_once(regions: list[str]) -> None:
    kept = outermost(regions)
    assert len(set(kept)) == len(kept)
    assert set(kept) <= set(regions)
    assert outermost(kept) == kept
    assert not any(a != b and within(a, b) for a in kept for b in kept)
    assert all(any(within(path, region) for path in kept) for region in regions)


def test_the_short_name_is_the_last_part() -> None:
    assert short_name("安徽/合肥/中国声谷") == "中国声谷"
    assert short_name("上海") == "上海"
