"""The page: turns events of `qa` into components. `python app.py` or `qa serve` opens it."""

from __future__ import annotations

import argparse
import importlib.util
import os
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported: nothing leaves this machine
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import gradio as gr

from page import welcome
from page.actions import Actions, Conversation, Ready, check_question
from page.api import endpoints
from page.answers import error_html
from page.loading import Loading
from page.look import launch_options, script
from qa import Assistant, Config, QAError, load_config

_HIDDEN: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_ONE_AT_A_TIME: dict[str, Any] = {"concurrency_id": "assistant", "concurrency_limit": 1}  # tokenizers are not made for threads
_DOWNLOAD = """(text) => {
  if (!text) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  link.download = "政策问答.md";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}"""


def build(assistant: Assistant | Loading) -> gr.Blocks:
    """The page and its endpoints `ask` and `search`.

    Args:
        assistant: ready, or still loading; then the page is up at once and says so.
    """
    loading = assistant if isinstance(assistant, Loading) else Loading(lambda _: assistant)
    actions = Actions(loading)
    js = script()
    with gr.Blocks(title=welcome.TITLE, analytics_enabled=False, fill_width=True) as demo:
        talk = gr.State(())
        with gr.Row(elem_id="top"):
            header = gr.HTML(welcome.header_html(), js_on_load=js, apply_default_css=False)
            status = gr.HTML(welcome.status_html("正在载入…", "loading"), elem_id="status", js_on_load=None, apply_default_css=False)
        with gr.Row(elem_id="workspace"):
            with gr.Column(elem_id="talk"):
                chat = gr.HTML(welcome.loading_html(), elem_id="chat", js_on_load=js, apply_default_css=False)
                notice = gr.HTML("", elem_id="notice", js_on_load=None, apply_default_css=False)
                box, send, region, fresh, export = _composer()
            with gr.Column(elem_id="side"):
                reader = gr.HTML("", elem_id="reader", js_on_load=js, apply_default_css=False)
        markdown = gr.Textbox(visible="hidden")
        _wire_start(demo, actions, status, chat, reader, region)
        _wire_questions(actions, chat, box, send, region, talk, notice)
        _wire_reader(actions, (header, chat, reader), reader)
        _wire_tools(actions, chat, talk, fresh, export, markdown, notice)
        ask, search = endpoints(loading)
        gr.api(ask, api_name="ask", **_ONE_AT_A_TIME)
        gr.api(search, api_name="search", **_ONE_AT_A_TIME)
    return demo


def _composer() -> tuple[gr.Textbox, gr.Button, gr.Dropdown, gr.Button, gr.Button]:
    with gr.Column(elem_id="composer"):
        with gr.Row(elem_id="ask"):
            box = gr.Textbox(
                label="您的问题",
                placeholder="例如：在黄埔办AI公司，租房能补多少？",
                lines=1,
                max_lines=6,
                autofocus=True,
                container=False,
                elem_id="question",
            )
            send = gr.Button("提问", variant="primary", elem_id="send")
        with gr.Row(elem_id="options"):
            region = gr.Dropdown([("全部地区", "")], value="", label="公司所在地区", filterable=False, container=False, elem_id="region")
            fresh = gr.Button("新对话", size="sm", elem_id="fresh")
            export = gr.Button("导出记录", size="sm", elem_id="export")
    return box, send, region, fresh, export


def _wire_start(demo: gr.Blocks, actions: Actions, status: gr.HTML, chat: gr.HTML, reader: gr.HTML, region: gr.Dropdown) -> None:
    def start() -> Iterator[Any]:
        for step in actions.start():
            if isinstance(step, Ready):
                yield step.status, step.welcome, step.reader, gr.update(choices=step.regions)
            else:
                yield step, gr.skip(), gr.skip(), gr.skip()

    demo.load(start, None, [status, chat, reader, region], concurrency_limit=None, **_HIDDEN)


def _wire_questions(
    actions: Actions, chat: gr.HTML, box: gr.Textbox, send: gr.Button, region: gr.Dropdown, talk: gr.State, notice: gr.HTML
) -> None:
    def typed(question: str, area: str, conversation: Conversation) -> Iterator[Any]:
        try:
            question = check_question(question)
        except QAError as error:
            yield gr.skip(), gr.skip(), gr.skip(), error_html(str(error))
            return
        for talked, html in actions.ask(question, area, conversation):
            yield talked, html, "", ""

    def clicked(area: str, conversation: Conversation, event: gr.EventData) -> Iterator[Any]:
        for talked, html in actions.ask(str(event.question), area, conversation):
            yield talked, html, gr.skip(), ""

    outputs = [talk, chat, box, notice]
    gr.on([box.submit, send.click], typed, [box, region, talk], outputs, trigger_mode="once", **_ONE_AT_A_TIME, **_HIDDEN)
    chat.question(clicked, [region, talk], outputs, trigger_mode="once", **_ONE_AT_A_TIME, **_HIDDEN)


def _wire_reader(actions: Actions, parts: Sequence[gr.HTML], reader: gr.HTML) -> None:
    def cite(event: gr.EventData) -> Any:
        return actions.cite(str(event.document), str(event._data.get("spans", ""))) or gr.skip()

    def matter(event: gr.EventData) -> Any:
        return actions.matter(str(event.index)) or gr.skip()

    listen = partial(dict, outputs=reader, queue=False, **_HIDDEN)
    for part in parts:
        part.cite(cite, **listen())
        part.open(cite, **listen())
        part.matter(matter, **listen())
        part.catalogue(lambda: actions.catalogue(), **listen())


def _wire_tools(
    actions: Actions, chat: gr.HTML, talk: gr.State, fresh: gr.Button, export: gr.Button, markdown: gr.Textbox, notice: gr.HTML
) -> None:
    def changed(conversation: Conversation) -> tuple[Conversation, str, str]:
        return conversation, actions.html(conversation), ""

    def vote(conversation: Conversation, event: gr.EventData) -> Any:
        try:
            return changed(actions.vote(str(event.exchange), event.helpful == "yes", "", conversation))
        except QAError as error:
            return gr.skip(), gr.skip(), error_html(str(error))

    def comment(conversation: Conversation, event: gr.EventData) -> Any:
        try:
            return changed(actions.comment(str(event.exchange), str(event.comment), conversation))
        except QAError as error:
            return gr.skip(), gr.skip(), error_html(str(error))

    chat.vote(vote, talk, [talk, chat, notice], queue=False, **_HIDDEN)
    chat.comment(comment, talk, [talk, chat, notice], queue=False, **_HIDDEN)
    fresh.click(lambda: changed(()), None, [talk, chat, notice], queue=False, **_HIDDEN)
    export.click(actions.markdown, talk, markdown, queue=False, **_HIDDEN).then(None, markdown, None, js=_DOWNLOAD)


def main(argv: Sequence[str] | None = None) -> int:
    """Open the page; returns when it is stopped.

    Args:
        argv: flags; those of this process when None.
    """
    parser = argparse.ArgumentParser(prog="app.py", description="打开问答页面（默认只在本机可见）。")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址；0.0.0.0 对局域网开放")
    parser.add_argument("--port", type=int, default=None, help="端口；默认从 7860 起找一个空的")
    parser.add_argument("--config", default=None, help="设置文件（TOML）")
    parser.add_argument("--open", action="store_true", help="在浏览器中打开")
    flags = parser.parse_args(argv)
    config = load_config(flags.config)
    serve(config, flags.host, flags.port, flags.open)
    return 0


def serve(config: Config, host: str = "127.0.0.1", port: int | None = None, open_browser: bool = False) -> None:
    """Serve the page until it is stopped; the assistant loads meanwhile."""
    from qa import load

    demo = build(Loading(lambda progress: load(config, progress)))
    demo.launch(
        server_name=host, server_port=port, inbrowser=open_browser, mcp_server=importlib.util.find_spec("mcp") is not None, **launch_options()
    )


if __name__ == "__main__":
    raise SystemExit(main())
