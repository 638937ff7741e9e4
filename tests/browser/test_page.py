"""What a user does on the page, done in a real browser."""

from __future__ import annotations

import itertools
import threading
from pathlib import Path

import pytest
from conftest import Browser, Serve, foreign
from fakes import RENT, FakeAssistant
from selenium.webdriver.common.keys import Keys

from page.loading import Loading
from qa.corpus import Corpus
from qa.errors import QAError
from qa.feedback import read_feedback

pytestmark = pytest.mark.browser

_IN_VIEW = """
const mark = arguments[0].getBoundingClientRect(), frame = document.querySelector('#reader .page').getBoundingClientRect();
return mark.height > 0 && mark.top >= frame.top && mark.bottom <= frame.bottom && mark.left >= 0 && mark.right <= innerWidth;
"""
_CONTRAST = """
const light = (rgb) => { const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
const behind = (node) => { for (; node; node = node.parentElement) { const c = parse(getComputedStyle(node).backgroundColor);
  if (c.length === 3 || c[3] === 1) return c.slice(0, 3); } return [255, 255, 255]; };
return [...document.querySelectorAll(arguments[0])].filter((node) => node.offsetParent && node.textContent.trim()).map((node) => {
  const a = light(parse(getComputedStyle(node).color).slice(0, 3)), b = light(behind(node));
  return [node.className || node.tagName, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]; });
"""
# What is copied or saved is kept in the page, where the test can read it.
_CATCH = """
window.caught = {};
URL.createObjectURL = (blob) => { blob.text().then((text) => (caught.saved = text)); return "blob:x"; };
HTMLAnchorElement.prototype.click = function () { caught.name = this.download; };
navigator.clipboard.writeText = (text) => { caught.copied = text; return Promise.resolve(); };
"""


def cited_text(page: Browser) -> str:
    return str(page.run("return [...document.querySelectorAll('#reader mark')].map((mark) => mark.textContent).join('')"))


def test_a_question_is_answered_and_its_source_is_one_click_away(page: Browser) -> None:
    page.ask("在黄埔办AI公司租房能补多少")
    assert "50%" in page.wait(".exchange .answer").text
    page.all(".exchange .marker")[1].click()
    page.until(lambda: cited_text(page).startswith("对新设立的人工智能企业"))
    page.all(".exchange .marker")[0].click()
    page.until(lambda: cited_text(page) == RENT)
    page.until(lambda: page.run(_IN_VIEW, page.wait("#cited")))
    facts = page.wait("#reader .facts").get_attribute("textContent")
    assert facts
    assert "人工智能产业发展" in facts
    assert "广东 › 广州 › 黄埔" in facts
    assert "第二十三条" in page.wait("#reader .at").text


def test_the_whole_pipeline_answers_its_examples(blank: Browser, real_url: str, corpus: Corpus) -> None:
    blank.open(real_url)
    examples = [button.text for button in blank.all(".example")]
    for question in examples:
        blank.ask(question)
    assert len(blank.all(".exchange .tools")) == len(examples)
    assert not blank.all(".error")
    blank.all(".exchange .marker")[0].click()
    blank.until(lambda: "黄埔" in blank.wait("#reader-title").text and cited_text(blank))
    marks = blank.run("return [...document.querySelectorAll('#reader mark')].map((mark) => mark.textContent)")
    assert isinstance(marks, list)
    assert all(mark in corpus.documents["huangpu-rules"].text for mark in marks)
    blank.until(lambda: blank.run(_IN_VIEW, blank.wait("#cited")))


def test_sentences_arrive_one_by_one(page: Browser) -> None:
    page.wait("#question textarea").send_keys("黄埔租房" + Keys.ENTER)
    seen: set[int] = set()
    page.until(lambda: seen.add(len(page.all(".exchange .answer p .marker"))) or page.all(".tools"))
    assert len(seen) >= 2


def test_html_in_a_question_is_shown_as_text(page: Browser) -> None:
    attack = "<img src=x onerror=\"document.title='bad'\"><script>document.title='bad'</script>租房${1+1}{{2}}"
    page.ask(attack)
    assert attack in page.wait(".exchange .question").text
    assert not page.all("#chat img, #chat script")
    assert page.driver.title != "bad"


def test_everything_works_by_keyboard(page: Browser) -> None:
    page.ask("黄埔租房补多少")
    marker = page.wait(".exchange .marker")
    page.run("arguments[0].focus()", marker)
    outline = page.run("return getComputedStyle(arguments[0]).outlineStyle", marker)
    marker.send_keys(Keys.ENTER)
    page.until(lambda: cited_text(page) == RENT)
    page.until(lambda: page.run("return document.activeElement.id") == "cited")
    assert outline != "none"
    page.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    page.until(lambda: page.run("return document.activeElement === arguments[0]", marker))


def test_a_phone_shows_the_source_as_a_sheet(page: Browser) -> None:
    page.resize(390, 844)
    page.ask("在黄埔办AI公司租房能补多少")
    assert not page.wait("#reader").is_displayed()
    page.all(".exchange .marker")[0].click()
    page.until(lambda: page.run(_IN_VIEW, page.wait("#cited")))
    assert page.run("return document.documentElement.scrollWidth <= innerWidth")
    assert page.run(
        "return [...document.querySelectorAll('#chat, #reader .page')].every((box) => box.scrollWidth <= box.clientWidth)"
    )
    page.wait("#reader .close").click()
    page.until(lambda: not page.wait("#reader").is_displayed())
    assert page.run("return document.activeElement.className") == "marker"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_dark(blank: Browser, scheme: str) -> None:
    blank.prefer(scheme)
    blank.open()
    assert blank.run("return document.body.classList.contains('dark')") is (scheme == "dark")
    blank.ask("黄埔租房补多少")
    blank.wait("#cited")
    chat, reader = ("p, h2, h3, button, q, strong".replace(", ", f", {part} ") for part in ("#chat", "#reader"))
    measured = blank.run(_CONTRAST, f"#chat {chat}, #reader {reader}, #reader mark, .top button, #composer button, .status")
    assert isinstance(measured, list)
    assert len(measured) > 30
    assert [entry for entry in measured if entry[1] < 4.5] == []


def test_the_choice_of_colours_is_kept(page: Browser) -> None:
    page.wait("[data-do=theme]").click()
    assert page.run("return document.body.classList.contains('dark')")
    page.open()
    assert page.run("return document.body.classList.contains('dark')")


def test_a_follow_up_says_what_it_took_over(page: Browser) -> None:
    page.ask("黄埔租房补多少")
    page.ask("那补几年？")
    assert "沿用上文的地点（黄埔）" in page.wait(".exchange:last-child .carried").text
    page.wait("#fresh").click()
    page.wait(".welcome .example")
    assert not page.all(".exchange")


def test_an_example_asks_its_question(page: Browser) -> None:
    example = page.wait(".example")
    question = example.text
    example.click()
    page.wait(".exchange .tools")
    assert page.wait(".exchange .question").text.endswith(question)


def test_the_chosen_region_reaches_the_answer(page: Browser) -> None:
    page.wait("#region input").click()
    option = next(
        o for o in page.all("#region [role=option], ul[role=listbox] li") if o.text.strip().endswith("广东 › 广州 › 黄埔")
    )
    option.click()
    page.ask("租房能补多少")
    assert "按所选地区：黄埔" in page.wait(".exchange .carried").text


def test_all_documents_can_be_read_whole(page: Browser, corpus: Corpus) -> None:
    page.wait(".top [data-event=catalogue]").click()
    page.until(lambda: len(page.all("#reader .entry")) == len(corpus.documents))
    page.wait("#reader [data-document=hefei-pilot].entry").click()
    page.until(lambda: page.all("#reader table"))
    assert len(page.all("#reader .text tr")) > 50
    page.wait("#reader [data-event=catalogue]").click()
    page.wait("#reader [data-event=matter]").click()
    page.until(lambda: "回答不引用它" in page.wait("#reader .page").text)


def test_thumbs_and_comments_are_stored(page: Browser, feedback_db: Path) -> None:
    page.ask("黄埔租房补多少，要写意见")
    page.wait("[data-event=vote][data-helpful=no]").click()
    page.wait(".tools form input").send_keys("漏了<b>条件</b>" + Keys.ENTER)
    page.wait(".tools .thanks")
    stored = [f for f in read_feedback(feedback_db) if "要写意见" in f.question]
    assert [(f.helpful, f.comment) for f in stored] == [(False, "漏了<b>条件</b>")]


def test_an_answer_can_be_copied_and_the_conversation_exported(page: Browser) -> None:
    page.run(_CATCH)
    page.wait("#export").click()
    assert "先提一个问题" in page.wait("#notice .error").text
    page.ask("黄埔租房补多少")
    page.wait("[data-do=copy]").click()
    page.until(lambda: page.wait("[data-do=copy]").text == "已复制")
    page.wait("#export").click()
    page.until(lambda: page.run("return caught.saved && caught.name"))
    assert page.run("return caught.name") == "政策问答.md"
    assert RENT in str(page.run("return caught.copied"))
    assert RENT in str(page.run("return caught.saved"))


def test_errors_and_nothing_found_are_clear(page: Browser) -> None:
    page.wait("#question textarea").send_keys("   " + Keys.ENTER)
    page.until(lambda: "请先写下您的问题" in page.wait("#notice .error").text)
    page.ask("出错")
    assert "请换个说法再问" in page.wait(".exchange:last-child .error").text
    page.ask("火星")
    assert "没有找到依据" in page.wait(".exchange:last-child .badge").text
    page.wait(".nearest button").click()
    page.wait("#cited")


def test_the_page_is_up_while_the_assistant_loads(blank: Browser, serve: Serve, corpus: Corpus) -> None:
    gate = threading.Event()

    def load(report: object) -> FakeAssistant:
        report("计算向量", 0.5)  # type: ignore[operator]
        gate.wait(30)
        return FakeAssistant(corpus)

    blank.driver.get(serve(Loading(load)))  # type: ignore[arg-type]
    blank.until(lambda: "计算向量 50%" in blank.wait(".status").text)
    blank.wait("#question textarea").send_keys("黄埔租房补多少" + Keys.ENTER)
    assert "载入后马上回答" in blank.wait(".exchange .working").text
    gate.set()
    blank.wait(".exchange .tools")
    assert "资料截至2022年1月" in blank.wait(".status.ready").text


def test_a_failed_load_says_what_to_do(blank: Browser, serve: Serve) -> None:
    def load(_: object) -> FakeAssistant:
        raise QAError("索引已损坏。请运行 qa index --force。")

    blank.driver.get(serve(Loading(load)))  # type: ignore[arg-type]
    assert "qa index --force" in blank.wait("#chat .error").text
    blank.wait(".top [data-event=catalogue]").click()
    assert "qa index --force" in blank.wait("#reader .error").text


def test_a_screen_reader_finds_its_way(page: Browser) -> None:
    page.ask("黄埔租房补多少")
    page.wait("#cited")
    assert page.run("return document.documentElement.lang") == "zh-CN"
    assert page.driver.title == "人工智能产业政策问答"
    assert len(page.all("h1")) == 1
    controls = page.all("#top button, #workspace button, textarea, #workspace input")
    unnamed = [control for control in controls if control.is_displayed() and not control.accessible_name]
    assert [element.get_attribute("outerHTML") for element in unnamed] == []
    assert page.wait(".status").get_attribute("role") == "status"
    levels = [int(h.tag_name[1]) for h in page.all("h1, h2, h3, h4")]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_foreign_hosts_are_told_from_this_machine() -> None:
    own = ["http://127.0.0.1:7860/x", "ws://localhost:1/", "data:image/png;base64,x", "blob:http://127.0.0.1/1", "http://[::1]:1/"]
    others = ["https://fonts.googleapis.com/css", "http://10.0.0.1/", "https://127.0.0.1.example.com/"]
    assert foreign(own + others) == others
