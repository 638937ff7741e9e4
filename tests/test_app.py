"""The page without a browser: what is escaped, what is marked, what is exposed."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fakes import RENT, FakeAssistant
from hypothesis import given, settings
from hypothesis import strategies as st

import app
from page.actions import Actions, Conversation, Ready, answering, check_question
from page.answers import exchange_html, strong
from page.body import body_html
from page.exchange import Exchange
from page.facts import facts_html
from page.html import el
from page.loading import Loading
from page.look import launch_options, script
from page.reader import catalogue_html, document_html, matter_html, region_choices
from page.welcome import examples_of, header_html
from qa.config import Config
from qa.corpus import Corpus
from qa.errors import InputError, QAError
from qa.feedback import read_feedback
from qa.readers import fold
from qa.types import Sentence, Span

ATTACK = """<img src=x onerror=alert(1)><script>alert(2)</script>"'`${alert(3)}{{4}}"""


@pytest.fixture
def assistant(corpus: Corpus, tmp_path: Path) -> FakeAssistant:
    return FakeAssistant(corpus, Config(feedback_db=str(tmp_path / "feedback.sqlite3")))


@pytest.fixture
def actions(assistant: FakeAssistant) -> Actions:
    return Actions(Loading(lambda _: assistant))  # type: ignore[arg-type,return-value]


def answered(actions: Actions, question: str, conversation: Conversation = (), region: str = "") -> Conversation:
    return list(actions.ask(question, region, conversation))[-1].conversation


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


@given(st.text())
def test_text_and_attributes_are_escaped(text: str) -> None:
    element = el("p", text, title=text)
    inside = re.fullmatch(r'<p title="([^"<>]*)">([^<>]*)</p>', element, re.DOTALL)
    assert inside
    assert html.unescape(inside[1]) == text
    assert html.unescape(inside[2]) == text


def test_html_in_a_question_is_shown_as_text(actions: Actions, corpus: Corpus) -> None:
    for question in (ATTACK, ATTACK + "租房", ATTACK + "出错"):
        (exchange,) = answered(actions, question)
        markup = exchange_html(exchange, corpus)
        assert "<img" not in markup
        assert "<script" not in markup
        assert ATTACK in text_of(markup)


def test_html_in_an_answer_is_shown_as_text(actions: Actions, corpus: Corpus) -> None:
    (exchange,) = answered(actions, "租房补多少")
    markup = exchange_html(replace(exchange, sentences=(Sentence(ATTACK, label=ATTACK),)), corpus)
    assert "<img" not in markup
    assert "<script" not in markup


def test_a_very_long_question_is_cut_for_display(actions: Actions, corpus: Corpus) -> None:
    (exchange,) = answered(actions, "出错" * 50_000)
    assert len(exchange_html(exchange, corpus)) < 3_000


def test_markers_are_buttons_that_name_document_and_spans(actions: Actions, corpus: Corpus) -> None:
    (exchange,) = answered(actions, "黄埔租房补多少")
    markup = exchange_html(exchange, corpus)
    span = corpus.documents["huangpu-rules"].span_at(RENT)
    assert span
    button = re.search(r'<button [^>]*class="marker"[^>]*>\[1\]</button>', markup)
    assert button
    assert f'data-spans="{span.start}-{span.end}"' in button[0]
    assert 'data-document="huangpu-rules"' in button[0]
    assert "第二十三条" in button[0]


def test_figures_are_bold_and_text_is_kept() -> None:
    assert strong("按20%给予最高500万元") == "按<strong>20%</strong>给予最高<strong>500万元</strong>"
    assert strong("给予**最高500万元**补助") == "给予<strong>最高500万元</strong>补助"
    assert strong("a < b") == "a &lt; b"


def test_a_telephone_number_carries_its_note(actions: Actions, corpus: Corpus) -> None:
    (exchange,) = answered(actions, "黄埔租房补多少")
    assert "82111111" in text_of(exchange_html(exchange, corpus))
    assert text_of(exchange_html(exchange, corpus)).count("文件所载，可能已变更") == 1


def test_places_stand_in_a_table_with_a_marker_each(actions: Actions, corpus: Corpus) -> None:
    (exchange,) = answered(actions, "比较黄埔和成都")
    markup = exchange_html(exchange, corpus)
    assert re.findall(r'<th scope="row">(.*?)</th>', markup) == ["黄埔", "成都"]
    assert len(re.findall(r"<tr><th scope=\"row\">.*?class=\"marker\"", markup)) == 2


def test_what_was_carried_over_is_said(actions: Actions, corpus: Corpus) -> None:
    conversation = answered(actions, "黄埔租房补多少")
    conversation = answered(actions, "那补几年？", conversation)
    assert "沿用上文的地点（黄埔）、话题" in text_of(exchange_html(conversation[-1], corpus))


def test_history_and_region_reach_the_assistant(actions: Actions, assistant: FakeAssistant, corpus: Corpus) -> None:
    conversation = answered(actions, "租房补多少", region="广东/广州/黄埔")
    conversation = answered(actions, "出错", conversation)
    answered(actions, "那补几年？", conversation)
    _, history, _ = assistant.asked[-1]
    assert [turn.question for turn in history] == ["租房补多少"]
    assert assistant.asked[0][2] == "广东/广州/黄埔"
    assert "按所选地区：黄埔" in text_of(exchange_html(conversation[0], corpus))


def test_an_error_is_shown_in_place_of_an_answer(actions: Actions, corpus: Corpus) -> None:
    (exchange,) = answered(actions, "出错")
    markup = exchange_html(exchange, corpus)
    assert 'role="alert"' in markup
    assert "请换个说法再问" in markup
    assert 'data-event="question"' in markup


def test_an_unexpected_error_is_logged_and_not_shown(corpus: Corpus, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(FakeAssistant):
        def stream(self, *_: object, **__: object) -> Iterator[object]:  # type: ignore[override]
            raise ValueError("secret detail")

    *_, exchange = answering(Broken(corpus), Exchange("租房"), ())  # type: ignore[arg-type]
    assert "secret" not in exchange.error
    assert "请重试" in exchange.error
    assert "secret detail" in caplog.text


def test_nothing_found_offers_what_is_nearest(actions: Actions, corpus: Corpus) -> None:
    (exchange,) = answered(actions, "火星")
    markup = exchange_html(exchange, corpus)
    assert "没有找到依据" in markup
    assert "最接近的条文" in markup
    assert markup.count('class="link"') == 3


def test_an_empty_question_gets_one_sentence() -> None:
    with pytest.raises(InputError, match="请先写下您的问题"):
        check_question(" \n\t")


@pytest.mark.parametrize("id", ["huangpu-rules", "hefei-pilot", "deqing-plan", "shenggu-support", "chengdu-rules"])
def test_the_reader_shows_the_whole_text(corpus: Corpus, id: str) -> None:
    document = corpus.documents[id]
    assert fold(text_of(body_html(document))) == fold(document.text)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_marks_are_exactly_the_cited_spans(corpus: Corpus, data: st.DataObject) -> None:
    document = corpus.documents["hefei-pilot"]
    start = data.draw(st.integers(0, len(document.text) - 2))
    span = Span(start, data.draw(st.integers(start + 1, min(start + 300, len(document.text)))))
    markup = body_html(document, [span])
    marked = "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", markup, re.DOTALL))
    assert fold(text_of(marked)) == fold(span.of(document.text))
    assert fold(text_of(markup)) == fold(document.text)
    assert markup.count('id="cited"') == (1 if span.of(document.text).strip() else 0)


def test_the_reader_says_where_the_citation_stands(corpus: Corpus) -> None:
    document = corpus.documents["huangpu-rules"]
    span = document.span_at(RENT)
    assert span
    shown = text_of(document_html(document, corpus, [span]))
    assert "引用处：第二十三条" in shown
    assert "广州市黄埔区" in shown
    assert "广东 › 广州 › 黄埔" in shown


def test_personal_numbers_stand_only_in_the_reader(actions: Actions, corpus: Corpus) -> None:
    document = corpus.documents["chengdu-rules"]
    number = re.search(r"1[3-9]\d{9}", document.text)
    assert number
    assert number[0] in text_of(body_html(document))
    assert "文件所载，可能已变更" in text_of(document_html(document, corpus))
    assistant = actions._loading.assistant()
    assert not any(number[0] in str(app.endpoints(actions._loading)[1](question, k=50)) for question in ("成都电话", number[0]))
    assert any(number[0] in hit.passage.text for hit in assistant.search(number[0], k=50)[1])


def test_every_stated_fact_leads_to_the_words_that_say_it(corpus: Corpus, actions: Actions) -> None:
    for document in corpus:
        facts = facts_html(document, corpus, date(2026, 1, 2))
        stated = [value for value in (document.info.number, document.info.issued, *document.info.issuers) if value]
        assert len(re.findall(r"依据", facts)) >= len(stated), document.id
        for index, spans in re.findall(r'data-event="matter" data-index="(\d+)" data-spans="([\d-]+)"', facts):
            marked = re.findall(r"<mark[^>]*>(.*?)</mark>", actions.matter(index, spans) or "")
            assert any(fold(text_of("".join(marked))) == fold(value.quote) for value in stated), document.id


def test_an_expired_policy_is_not_said_to_be_open(corpus: Corpus) -> None:
    facts = text_of(facts_html(corpus.documents["hangzhou-policies"], corpus, date(2026, 1, 2)))
    assert "已于2023年12月31日到期" in facts
    assert "可据此申报" not in facts
    assert "可据此申报" in text_of(facts_html(corpus.documents["hangzhou-policies"], corpus, date(2022, 1, 2)))


def test_the_catalogue_lists_every_document_and_matter(corpus: Corpus) -> None:
    markup = catalogue_html(corpus)
    assert set(re.findall(r'data-document="([^"]+)"', markup)) == set(corpus.documents)
    assert markup.count('data-event="matter"') == len(corpus.matter)
    assert all(fold(text_of(matter_html(corpus, i))).endswith(fold(matter.text)) for i, matter in enumerate(corpus.matter))


def test_regions_are_offered_with_those_above(corpus: Corpus) -> None:
    choices = dict((path, label) for label, path in region_choices(corpus))
    assert choices[""] == "全部地区"
    assert choices["广东/广州/黄埔"] == "广东 › 广州 › 黄埔"
    assert "广东" in choices


def test_bad_targets_of_clicks_change_nothing(actions: Actions) -> None:
    assert actions.cite("no-such-document", "1-2") is None
    assert actions.cite("huangpu-rules", "x-y 9-3 999999999-9999999999") is not None
    assert actions.matter("-1") is None
    assert actions.matter("99") is None
    assert actions.vote("unknown", True, ()) == ()


def test_votes_and_comments_are_stored(actions: Actions, assistant: FakeAssistant, corpus: Corpus) -> None:
    conversation = answered(actions, "黄埔租房补多少")
    conversation = actions.vote(conversation[0].id, False, conversation)
    conversation = actions.comment(conversation[0].id, "少了条件", conversation)
    (stored,) = read_feedback(assistant.config.feedback_db)
    assert (stored.helpful, stored.comment, stored.passages[0]) == (False, "少了条件", "huangpu-rules/第二十三条")
    assert 'aria-pressed="true"' in exchange_html(conversation[0], corpus)
    assert "已记下" in exchange_html(conversation[0], corpus)


def test_the_export_holds_questions_answers_and_quotes(actions: Actions) -> None:
    conversation = answered(actions, "比较", answered(actions, "黄埔租房补多少"))
    markdown, notice = actions.markdown(conversation)
    assert notice == ""
    assert "## 黄埔租房补多少" in markdown
    assert f"> {RENT}" in markdown
    assert "资料截至2022年1月" in markdown
    assert actions.markdown(())[0] == ""
    assert "先提一个问题" in actions.markdown(())[1]


def test_the_page_is_up_while_the_assistant_loads(assistant: FakeAssistant) -> None:
    gate = threading.Event()

    def load(report: object) -> FakeAssistant:
        report("计算向量", 0.5)  # type: ignore[operator]
        gate.wait(10)
        return assistant

    steps = Actions(Loading(load)).start()  # type: ignore[arg-type]
    assert "正在载入" in str(next(steps))
    assert "计算向量 50%" in str(next(steps))
    gate.set()
    *_, ready = steps
    assert isinstance(ready, Ready)
    assert "资料截至2022年1月 · 38份文件" in ready.status
    assert len(ready.regions) > 20


def test_a_failed_load_says_what_to_do() -> None:
    def load(_: object) -> FakeAssistant:
        raise QAError("索引已损坏。请运行 qa index --force。")

    actions = Actions(Loading(load))  # type: ignore[arg-type]
    *_, ready = actions.start()
    assert isinstance(ready, Ready)
    assert "qa index --force" in ready.welcome
    assert "载入失败" in ready.status
    *_, shown = actions.ask("租房", "", ())
    assert "qa index --force" in shown.html
    assert "qa index --force" in actions.catalogue()


def test_only_ask_and_search_are_exposed(assistant: FakeAssistant) -> None:
    demo = app.build(assistant)  # type: ignore[arg-type]
    named = demo.get_api_info()["named_endpoints"]
    assert set(named) == {"/ask", "/search"}
    assert [p["parameter_name"] for p in named["/ask"]["parameters"]] == ["question", "region", "history"]
    assert [p["parameter_name"] for p in named["/search"]["parameters"]] == ["question", "region", "k"]


def test_the_api_answers_with_the_row_of_a_batch_run(actions: Actions) -> None:
    ask, search = app.endpoints(actions._loading)
    row = ask("租房补多少", history=["黄埔"])
    assert row["citations"][0]["article"] == "第二十三条"
    assert row["passages"][0]["rank"] == 1
    assert [hit["rank"] for hit in search("租房", k=3)] == [1, 2, 3]
    with pytest.raises(app.gr.Error, match="请换个说法"):
        ask("出错")


def test_nothing_names_another_host(corpus: Corpus) -> None:
    options = launch_options()
    theme = options["theme"]
    style = Path(options["css_paths"][0]).read_text("utf-8")
    assert theme._stylesheets == []
    assert "http" not in "".join(theme._font_css)
    assert not re.search(r"https?:|//[a-z]+\.|@import", style + script() + options["head"] + header_html())
    assert options["share"] is False
    assert app.os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"


def test_examples_come_with_the_corpus(corpus: Corpus) -> None:
    assert 4 <= len(examples_of(corpus)) <= 8
