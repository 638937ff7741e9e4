"""What stands under an answer: copy, thumbs and a comment."""

from __future__ import annotations

from markupsafe import Markup

from page.exchange import Exchange
from page.html import button, el
from qa.corpus import Corpus
from qa.export import conversation_markdown
from qa.types import Answer
from qa.verify import mask_mobiles


def tools_html(exchange: Exchange, answer: Answer, corpus: Corpus) -> Markup:
    """The foot of an answer: copy, thumbs, seconds, and after a thumb a line for a comment."""
    copied = mask_mobiles(conversation_markdown([answer], corpus))
    copy = button("复制", class_="quiet", data_do="copy", data_text=copied, aria_label="复制问题、回答和出处")
    seconds = answer.seconds.get("total")
    spent = el("span", f"{seconds:.2f} 秒" if seconds is not None else "", class_="spent")
    return el("footer", copy, *_thumbs(exchange), spent, _comment(exchange), class_="tools")


def _thumbs(exchange: Exchange) -> list[Markup]:
    def thumb(label: str, helpful: bool) -> Markup:
        pressed = "true" if exchange.helpful is helpful else "false"
        value = "yes" if helpful else "no"
        return button(label, class_="quiet", data_event="vote", data_exchange=exchange.id, data_helpful=value, aria_pressed=pressed)

    return [thumb("有帮助", True), thumb("没帮助", False)]


def _comment(exchange: Exchange) -> Markup:
    if exchange.helpful is None:
        return Markup("")
    if exchange.comment:
        return el("p", "谢谢，已记下您的意见（只存在本机）。", class_="thanks", role="status")
    name = f"comment-{exchange.id}"
    asked = "哪里好？" if exchange.helpful else "哪里不对，或缺了什么？"
    return el(
        "form",
        el("label", f"谢谢！{asked}（可不填，只存在本机）", for_=name),
        el("input", type="text", id=name, name="comment", maxlength=2000, autocomplete="off"),
        el("button", "提交", type="submit", class_="quiet"),
        data_event="comment",
        data_exchange=exchange.id,
    )
