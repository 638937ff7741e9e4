"""Verbatim text is found folded and answered as spans of the unfolded text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.readers import fold
from qa.spans import FoldedText, folded
from qa.types import Span

TEXTS = st.text("甲乙丙丁１2Ａb⼈，。 \n\t", max_size=60)


@given(TEXTS, st.data())
def test_every_slice_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    quote = text[start : data.draw(st.integers(start, len(text)))]
    span = FoldedText(text).find(quote, start)
    if not fold(quote):
        assert span is None
    else:
        assert span is not None
        assert fold(span.of(text)) == fold(quote)
        assert abs(span.start - start) <= len(quote)


@given(TEXTS, st.text("甲乙丙丁", min_size=1, max_size=4))
def test_found_exactly_when_the_folded_text_holds_it(text: str, quote: str) -> None:
    assert (FoldedText(text).find(quote) is not None) == (quote in fold(text))


def test_the_nearest_of_several_places() -> None:
    text = "奖励50万元。另给奖励50万元。再给奖励50万元。"
    starts = [0, 10, 20]
    places = [FoldedText(text).find("奖励50万元", near) for near in starts]
    assert [place.start for place in places if place] == [i for i in range(len(text)) if text.startswith("奖励50万元", i)]


def test_a_quote_runs_over_line_ends_and_widths() -> None:
    text = "给予 ５０ 万元\n奖励"
    span = folded(text).find("给予50万元奖励")
    assert span == Span(0, len(text))


def test_span_arithmetic() -> None:
    assert len(Span(3, 7)) == 4
    assert Span(3, 7).shift(2) == Span(5, 9)
    assert Span(3, 7).contains(Span(3, 7))
    assert not Span(3, 7).contains(Span(2, 4))
    assert Span(1, 3).of("甲乙丙丁") == "乙丙"
