"""Only what passed reaches an answer: false figures dropped, citations numbered and merged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.draft import Draft, Quote
from qa.chunk import make_passages
from qa.corpus import Corpus
from qa.types import Computed, Passage, Refusal, Role, Span
from qa.verifier import Verifier
from qa.verify import MASK

RENT = "按实际租金的50%给予补贴，补贴期限3年，每家企业每年最高补贴100万元"


@pytest.fixture(scope="module")
def rent(corpus: Corpus) -> Quote:
    return quote(corpus, "huangpu-rules", RENT)


def quote(corpus: Corpus, document: str, text: str) -> Quote:
    span = corpus.documents[document].span_at(text)
    assert span is not None
    passage = next(p for p in make_passages(corpus, 500) if p.document == document and p.span.contains(span))
    return Quote(passage, (span,))


def test_a_verbatim_sentence_passes_and_is_cited(corpus: Corpus, rent: Quote) -> None:
    verifier = Verifier(corpus, "租房")
    (delta,) = verifier.pass_through([Draft(RENT + "。", (rent,))])
    assert delta.sentence.markers == (1,)
    assert delta.citations == tuple(verifier.citations)
    assert "".join(verifier.citations[0].quotes) == rent.spans[0].of(corpus.documents["huangpu-rules"].text)
    assert verifier.refusal(None) is None


@pytest.mark.parametrize(
    "false", ["最高补贴200万元。", "按实际租金的60%给予补贴。", "补贴期限5年。", "补贴100万元。", "2027年截止。", "电话82111111。"]
)
def test_a_false_figure_reaches_nothing(corpus: Corpus, rent: Quote, false: str) -> None:
    verifier = Verifier(corpus, "租房")
    assert list(verifier.pass_through([Draft(false, (rent,))])) == []
    assert (verifier.sentences, verifier.citations, verifier.computed) == ([], [], [])
    assert verifier.problems
    assert verifier.refusal(None) is Refusal.NO_EVIDENCE


def test_a_false_sentence_does_not_stop_the_others(corpus: Corpus, rent: Quote) -> None:
    verifier = Verifier(corpus, "租房")
    drafts = [Draft("最高补贴200万元。", (rent,)), Draft("补贴期限3年。", (rent,)), Draft("补贴期限9年。", (rent,))]
    assert [delta.sentence.text for delta in verifier.pass_through(drafts)] == ["补贴期限3年。"]


def test_a_claim_without_a_quote_is_not_shown(corpus: Corpus) -> None:
    verifier = Verifier(corpus, "租房")
    assert list(verifier.pass_through([Draft("可以补贴。")])) == []
    (delta,) = verifier.pass_through([Draft("您的公司在哪里？", role=Role.NOTICE)])
    assert delta.sentence.markers == ()
    assert verifier.refusal(None) is Refusal.NO_EVIDENCE


def test_spans_of_one_passage_share_a_marker(corpus: Corpus, rent: Quote) -> None:
    span = rent.spans[0]
    verifier = Verifier(corpus, "租房")
    parts = [Quote(rent.passage, (Span(span.start, span.start + 9),)), Quote(rent.passage, (Span(span.end - 5, span.end),))]
    list(verifier.pass_through([Draft("租金。", (part,)) for part in parts]))
    assert [sentence.markers for sentence in verifier.sentences] == [(1,), (1,)]
    (citation,) = verifier.citations
    assert len(citation.spans) == len(citation.quotes) == 2


def test_markers_count_in_the_order_of_use_and_notes_apart(corpus: Corpus, rent: Quote) -> None:
    other = quote(corpus, "chengdu-policy", "按融资额的1%给予最高350万元奖励")
    verifier = Verifier(corpus, "")
    drafts = [Draft("租金。", (rent,)), Draft("奖励。", (other, rent)), Draft("注意。", (other,), Role.WARNING, aside=True)]
    list(verifier.pass_through(drafts))
    assert [sentence.markers for sentence in verifier.sentences] == [(1,), (2, 1), (1,)]
    assert [citation.passage.document for citation in verifier.citations] == ["huangpu-rules", "chengdu-policy"]
    assert [citation.passage.document for citation in verifier.notes] == ["chengdu-policy"]


def test_a_sum_worked_out_must_rest_on_what_stands_there(corpus: Corpus, rent: Quote) -> None:
    verifier = Verifier(corpus, "每年租金80万，补多少")
    sound = Computed("40万元", ("80万", "50%"), "80万×50%=40万元")
    unsound = Computed("45万元", ("90万", "50%"), "90万×50%=45万元")
    assert list(verifier.pass_through([Draft("可补45万元。", (rent,), Role.COMPUTED, computed=(unsound,))])) == []
    (delta,) = verifier.pass_through([Draft("可补40万元。", (rent,), Role.COMPUTED, computed=(sound,))])
    assert delta.sentence.role is Role.COMPUTED
    assert [computed.marker for computed in verifier.computed] == [1]


def test_mobiles_are_masked(corpus: Corpus) -> None:
    found = quote(corpus, "chengdu-rules", "15828037142")
    verifier = Verifier(corpus, "电话")
    (delta,) = verifier.pass_through([Draft("咨询电话：15828037142。", (found,))])
    assert "15828037142" not in delta.sentence.text
    assert MASK in delta.sentence.text


def test_switched_off_everything_with_a_quote_passes(corpus: Corpus, rent: Quote) -> None:
    verifier = Verifier(corpus, "租房", enabled=False)
    assert len(list(verifier.pass_through([Draft("最高补贴200万元。", (rent,)), Draft("没有引文。")]))) == 1
    assert verifier.problems


@given(ends=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), min_size=1, max_size=5))
def test_quotes_are_slices_however_spans_overlap(corpus: Corpus, rent: Quote, ends: list[tuple[int, int]]) -> None:
    passage: Passage = rent.passage
    spans = [Span(passage.span.start + a, min(passage.span.start + a + n, passage.span.end)) for a, n in ends]
    verifier = Verifier(corpus, "")
    list(verifier.pass_through([Draft("租金。", (Quote(passage, (span,)),)) for span in spans]))
    text = corpus.documents[passage.document].text
    (citation,) = verifier.citations
    assert citation.quotes == tuple(span.of(text) for span in citation.spans)
    assert all(any(kept.contains(span) for kept in citation.spans) for span in spans)
