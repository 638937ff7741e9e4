"""The parts of a language model's answer: whole sentences, the drafts they become, what is told to the model and follows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answer.draft import Draft, Outcome, Quote
from qa.answer.generate import Writer, make_draft, sentences, without_thinking
from qa.answer.models import Message
from qa.chunk import make_passages
from qa.corpus import load_corpus
from qa.types import Citation, Computed, Hit, Passage, Query, Refusal, Role

RENT = "云州租办公室能补多少？"
TODAY = date(2032, 1, 1)
CAP = "每家企业每年最高补贴66万元"


@settings(deadline=None)
@given(st.text(alphabet="甲乙。！\n[]12，<think>/”", max_size=60), st.lists(st.integers(1, 5), min_size=1, max_size=60))
def test_sentences_do_not_depend_on_how_the_reply_was_cut(reply: str, sizes: list[int]) -> None:
    pieces, begin = [], 0
    for size in sizes:
        pieces.append(reply[begin : begin + size])
        begin += size
    pieces.append(reply[begin:])
    assert "".join(without_thinking(pieces)) == "".join(without_thinking([reply]))
    assert list(sentences(pieces)) == list(sentences([reply]))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("甲。[1]乙！[2][3]丙", ["甲。[1]", "乙！[2][3]"]),
        ("甲。\n[1]\n\n乙[2]\n", ["甲。\n[1]", "乙[2]"]),
        ("最高100万元[1]", ["最高100万元[1]"]),
        ("达到1.5亿元的，奖励10", []),
        ("“甲。”[1]乙。", ["“甲。”[1]", "乙。"]),
        ("<think>甲。[1]", []),
        ("<think>甲。</think>乙。[1]", ["乙。[1]"]),
        ("", []),
    ],
)
def test_where_sentences_end(reply: str, expected: list[str]) -> None:
    assert list(sentences(reply)) == expected


@pytest.fixture(scope="module")
def passages(invented: Path) -> dict[str, Passage]:
    return {passage.id: passage for passage in make_passages(load_corpus(invented), 500)}


def test_drafts_lose_list_marks_and_telephones_get_a_caution(passages: dict[str, Passage]) -> None:
    evidence = [passages["yunzhou-measures/第二条"], passages["yunzhou-measures/第六条"]]
    listed = make_draft(f"2. 根据[1]，{CAP}[1]", evidence)
    assert listed
    assert listed.text == f"{CAP}。"
    called = make_draft("由市经济和信息化局负责解释，咨询电话：0999-87654321。[2]", evidence)
    assert called
    assert called.text.endswith("0999-87654321（文件所载，可能已变更）。")
    assert make_draft("[1]", evidence) is None


class Scripted:
    """A generator that says one thing and keeps what it was told."""

    def __init__(self, reply: str = "") -> None:
        self._reply = reply
        self.user = ""

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        self.user = messages[-1].content
        yield self._reply


def whole(passage: Passage) -> tuple[Quote, ...]:
    return (Quote(passage, (passage.span,)),)


def cited(passage: Passage) -> Citation:
    return Citation(1, passage, (passage.span,), (passage.text,))


def test_what_code_has_worked_out_is_told_to_the_model_and_goes_with_its_sentence(
    passages: dict[str, Passage], invented: Path
) -> None:
    talent = passages["yunzhou-measures/第三条"]
    step = Computed("7万元", ("60万", "50万元"), "50万元≤60万元＜80万元，对应7万元")
    plan = Outcome((Draft("甲。", whole(talent)), Draft("您的60万元对应7万元。", whole(talent), Role.COMPUTED, computed=(step,))))
    scripted = Scripted("年薪60万元的人工智能人才奖励7万元。[1]年薪达到80万元的奖励13万元。[1]")
    writer = Writer(scripted, load_corpus(invented), list(passages.values()))
    first, second = writer.drafts(Query("年薪60万", "年薪60万"), [Hit(talent, 1.0)], (), plan)
    assert "<核算>\n您的60万元对应7万元。\n</核算>" in scripted.user
    assert (first.computed, second.computed) == ((step,), ())
    assert writer.rest(Query("", ""), plan, [cited(talent)], TODAY).drafts == plan.drafts[1:]


def test_a_place_that_the_model_leaves_out_keeps_its_row(passages: dict[str, Passage], invented: Path) -> None:
    rent, vouchers = passages["yunzhou-measures/第二条"], passages["qinghe-rules/二"]
    closing = Draft("您的公司在哪里？", role=Role.NOTICE)
    rows = [Draft("甲。", whole(passage), Role.ROW, label) for passage, label in ((rent, "云州"), (vouchers, "青河高新区"))]
    plan = Outcome((*rows, closing))
    scripted = Scripted(f"云州：{CAP}。[1]")
    writer = Writer(scripted, load_corpus(invented), list(passages.values()))
    other = Hit(passages["yunzhou-measures/第三条"], 1.0)
    (row,) = writer.drafts(Query("", ""), [other], (), plan)
    assert (row.role, row.label, row.text) == (Role.ROW, "云州", f"{CAP}。")
    assert len(re.findall(r"<材料 \d+>", scripted.user)) == 2  # the rows are the evidence, so that their count stays true
    assert writer.rest(Query("", ""), plan, [cited(rent)], TODAY).drafts == (rows[1], closing)


def test_extras_are_those_of_the_document_that_the_model_cites(passages: dict[str, Passage], invented: Path) -> None:
    rent, plan = passages["yunzhou-measures/第二条"], passages["yunzhou-plan/一"]
    contact = Draft("市科技局。", whole(passages["yunzhou-measures/第六条"]), Role.CONTACT)
    planned = Outcome((Draft("甲。", whole(rent)), contact), verdict="yes", general=whole(rent))
    writer = Writer(Scripted(), load_corpus(invented), list(passages.values()))
    query = Query(RENT, RENT)
    same, other = (writer.rest(query, planned, [cited(passage)], TODAY) for passage in (rent, plan))
    assert (same.drafts, same.verdict, same.general) == ((contact,), "yes", planned.general)
    assert (other.verdict, other.general) == (None, ())
    assert all(draft.role in (Role.WARNING, Role.NOTICE) for draft in other.drafts)
    told = writer.rest(query, planned, [cited(rent), cited(passages["yunzhou-measures/第六条"])], TODAY)
    assert told.drafts == ()
    declined = Outcome((Draft("没有。", role=Role.NOTICE),), Refusal.NOT_STATED)
    assert writer.rest(query, declined, [], TODAY) is declined


def test_without_hits_or_with_a_decided_refusal_no_model_is_asked(passages: dict[str, Passage], invented: Path) -> None:
    writer = Writer(Scripted(), load_corpus(invented), list(passages.values()))
    hit = Hit(passages["yunzhou-measures/第二条"], 1.0)
    assert writer.takes(Outcome(()), [hit])
    assert writer.takes(Outcome((), Refusal.NOT_STATED), [hit])
    assert not writer.takes(Outcome(()), [])
    assert not any(
        writer.takes(Outcome((), refusal), [hit]) for refusal in (Refusal.HOSTILE, Refusal.OUT_OF_DOMAIN, Refusal.PREMISE)
    )


def test_evidence_of_other_places_is_not_shown_even_if_there_is_no_other(passages: dict[str, Passage], invented: Path) -> None:
    scripted = Scripted(f"{CAP}。[1]")
    writer = Writer(scripted, load_corpus(invented), list(passages.values()))
    query = Query(RENT, RENT, regions=("云岭/青河",))
    notice = Outcome((Draft("没有。", role=Role.NOTICE),), Refusal.NO_EVIDENCE)
    assert list(writer.drafts(query, [Hit(passages["yunzhou-measures/第二条"], 1.0)], (), notice)) == []
    assert scripted.user == ""
