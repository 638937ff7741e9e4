"""What stands on the page before the first question: title, status, examples."""

from __future__ import annotations

from markupsafe import Markup

from page.html import button, el
from qa.corpus import Corpus

TITLE = "人工智能产业政策问答"
_EXAMPLES = "examples.txt"  # beside the corpus, one question a line


def header_html() -> Markup:
    """The top of the page: its name and the two buttons that are always there."""
    name = el("div", el("h1", TITLE), el("p", "用平常话提问，每一句回答都能点开原文", class_="tagline"), class_="name")
    documents = button("全部文件", class_="quiet", data_event="catalogue", aria_controls="reader")
    names = (el("span", "深色", class_="dark-name"), el("span", "浅色", class_="light-name"))
    theme = button(*names, class_="quiet", data_do="theme", aria_label="切换浅色或深色")
    return el("div", name, el("nav", documents, theme, aria_label="页面"), class_="top")


def status_html(message: str, state: str) -> Markup:
    """One line on what the page is doing: loading, ready or failed."""
    return el("p", el("span", class_="dot", aria_hidden="true"), message, class_=f"status {state}", role="status")


def loading_html() -> Markup:
    """The conversation's place while nothing is loaded."""
    return el("div", el("h2", "您想查什么？"), el("p", "资料正在载入，几秒钟就好；现在就可以先写问题。"), class_="welcome")


def welcome_html(corpus: Corpus) -> Markup:
    """What the page can do, with questions to try."""
    ways = el(
        "p", "能拿多少、什么条件、找谁办、到什么时候。说清公司在哪里、想办什么事，答得更准；也可以接着追问，或让我比较几个城市。"
    )
    examples = [el("li", button(line, class_="example", data_event="question", data_question=line)) for line in examples_of(corpus)]
    tried = el("ul", *examples, class_="examples", aria_label="例题") if examples else None
    return el("div", el("h2", "您想查什么？"), ways, tried, class_="welcome")


def examples_of(corpus: Corpus) -> list[str]:
    """The example questions that come with the corpus; none when it brings none."""
    path = corpus.folder / _EXAMPLES
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
