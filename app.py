"""The page: turns events of `qa` into components. `python app.py` or `qa serve` opens it."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported: nothing leaves this machine
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

import gradio as gr

from page import welcome
from page.actions import Actions, Conversation, Ready, check_question
from page.answers import error_html
from page.api import endpoints
from page.loading import Loading
from page.look import DOWNLOAD, launch_options, script
from qa import Config, QAError, load_config

if TYPE_CHECKING:
    from qa import Assistant

_HIDDEN: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}  # events of the page are no API
_AT_ONCE: dict[str, Any] = {"queue": False, **_HIDDEN}
_IN_TURN: dict[str, Any] = {"concurrency_id": "assistant", "concurrency_limit": 1}  # tokenizers are not made for threads
_PLAIN: dict[str, Any] = {"apply_default_css": False, "js_on_load": None}


@dataclass(frozen=True, slots=True)
class Parts:
    """The components of the page that events read or change."""

    header: gr.HTML
    chat: gr.HTML
    notice: gr.HTML
    box: gr.Textbox
    send: gr.Button
    region: gr.Dropdown
    fresh: gr.Button
    export: gr.Button
    status: gr.HTML
    reader: gr.HTML
    talk: gr.State
    markdown: gr.Textbox


def build(assistant: Assistant | Loading, measured: Config | None = None) -> gr.Blocks:
    """The page and its endpoints `ask` and `search`.

    Args:
        assistant: ready, or still loading; then the page is up at once and says so.
        measured: settings that evaluators measure on a page of their own, /evaluator; None leaves it out.
    """
    loading = assistant if isinstance(assistant, Loading) else Loading(lambda _: assistant)
    actions = Actions(loading)
    with gr.Blocks(title=welcome.TITLE, analytics_enabled=False, fill_width=True) as demo:
        parts = _layout()
        _wire_start(demo, actions, parts)
        _wire_questions(actions, parts)
        _wire_reader(actions, parts)
        _wire_tools(actions, parts)
        ask, search = endpoints(loading)
        gr.api(ask, api_name="ask", **_IN_TURN)
        gr.api(search, api_name="search", **_IN_TURN)
    if measured:
        from eval.tab import evaluator_tab  # only evaluators need it

        with demo.route("评测", "/evaluator"):
            evaluator_tab(measured)
    return demo


def _layout() -> Parts:
    live: dict[str, Any] = {"apply_default_css": False, "js_on_load": script()}
    with gr.Row(elem_id="top"):
        header = gr.HTML(welcome.header_html(), **live)
    with gr.Row(elem_id="workspace"):
        with gr.Column(elem_id="talk"):
            chat = gr.HTML(welcome.loading_html(), elem_id="chat", **live)
            notice = gr.HTML("", elem_id="notice", **_PLAIN)
            with gr.Column(elem_id="composer"):
                with gr.Row(elem_id="ask"):
                    box = gr.Textbox(label="您的问题", placeholder="写下您的问题", max_lines=6, container=False, elem_id="question")
                    send = gr.Button("提问", variant="primary", elem_id="send")
                with gr.Row(elem_id="options"):
                    region = gr.Dropdown(
                        [("全部地区", "")], value="", label="公司所在地区", filterable=False, container=False, elem_id="region"
                    )
                    fresh = gr.Button("新对话", size="sm", elem_id="fresh")
                    export = gr.Button("导出记录", size="sm", elem_id="export")
                status = gr.HTML(welcome.status_html("正在载入…", "loading"), **_PLAIN)
        with gr.Column(elem_id="side"):
            reader = gr.HTML("", elem_id="reader", **live)
    return Parts(header, chat, notice, box, send, region, fresh, export, status, reader, gr.State(()), gr.Textbox(visible="hidden"))


def _wire_start(demo: gr.Blocks, actions: Actions, parts: Parts) -> None:
    def start() -> Iterator[Any]:
        for step in actions.start():
            if isinstance(step, Ready):
                yield step.status, step.welcome, step.reader, gr.update(choices=step.regions)
            else:
                yield step, gr.skip(), gr.skip(), gr.skip()

    demo.load(start, None, [parts.status, parts.chat, parts.reader, parts.region], concurrency_limit=None, **_HIDDEN)


def _wire_questions(actions: Actions, parts: Parts) -> None:
    def typed(question: str, region: str, conversation: Conversation) -> Iterator[Any]:
        try:
            question = check_question(question)
        except QAError as error:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip(), error_html(str(error))
            return
        for shown in actions.ask(question, region, conversation):
            yield shown.conversation, shown.html, shown.reader or gr.skip(), "", ""

    def clicked(region: str, conversation: Conversation, event: gr.EventData) -> Iterator[Any]:
        for shown in actions.ask(str(event.question), region, conversation):
            yield shown.conversation, shown.html, shown.reader or gr.skip(), gr.skip(), ""

    outputs = [parts.talk, parts.chat, parts.reader, parts.box, parts.notice]
    gr.on([parts.box.submit, parts.send.click], typed, [parts.box, parts.region, parts.talk], outputs, **_IN_TURN, **_HIDDEN)
    parts.chat.question(clicked, [parts.region, parts.talk], outputs, **_IN_TURN, **_HIDDEN)


def _wire_reader(actions: Actions, parts: Parts) -> None:
    def cite(event: gr.EventData) -> Any:
        return actions.cite(str(event.document), str(event.spans)) or gr.skip()

    def whole(event: gr.EventData) -> Any:
        return actions.cite(str(event.document), "") or gr.skip()

    def matter(event: gr.EventData) -> Any:
        return actions.matter(str(event.index), str(getattr(event, "spans", ""))) or gr.skip()

    for part in (parts.header, parts.chat, parts.reader):
        part.cite(cite, None, parts.reader, **_AT_ONCE)
        part.open(whole, None, parts.reader, **_AT_ONCE)
        part.matter(matter, None, parts.reader, **_AT_ONCE)
        part.catalogue(actions.catalogue, None, parts.reader, **_AT_ONCE)


def _wire_tools(actions: Actions, parts: Parts) -> None:
    def changed(change: Callable[[], Conversation]) -> Any:
        try:
            conversation = change()
        except QAError as error:
            return gr.skip(), gr.skip(), error_html(str(error))
        return conversation, actions.html(conversation), ""

    def vote(conversation: Conversation, event: gr.EventData) -> Any:
        return changed(lambda: actions.vote(str(event.exchange), event.helpful == "yes", conversation))

    def comment(conversation: Conversation, event: gr.EventData) -> Any:
        return changed(lambda: actions.comment(str(event.exchange), str(event.comment), conversation))

    outputs = [parts.talk, parts.chat, parts.notice]
    parts.chat.vote(vote, parts.talk, outputs, **_AT_ONCE)
    parts.chat.comment(comment, parts.talk, outputs, **_AT_ONCE)
    parts.fresh.click(lambda: changed(tuple), None, outputs, **_AT_ONCE)
    parts.export.click(actions.markdown, parts.talk, [parts.markdown, parts.notice], **_AT_ONCE).then(
        None, parts.markdown, js=DOWNLOAD
    )


def serve(
    config: Config, host: str = "127.0.0.1", port: int | None = None, open_browser: bool = False, evaluator: bool = False
) -> None:
    """Serve the page until it is stopped; the assistant loads meanwhile.

    Args:
        config: settings.
        host: address to bind to; by default only this machine can connect.
        port: by default the first free one from 7860.
        open_browser: open the page in the user's browser.
        evaluator: add the page for evaluators.

    Raises:
        QAError: the port is taken or the address is not this machine's.
    """
    from qa import load

    demo = build(Loading(lambda progress: load(config, progress)), config if evaluator else None)
    mcp = importlib.util.find_spec("mcp") is not None
    try:
        _, url, _ = demo.launch(
            server_name=host, server_port=port, inbrowser=open_browser, mcp_server=mcp, prevent_thread_lock=True, **launch_options()
        )
    except OSError as error:
        raise QAError(f"页面无法启动：{host} 的端口 {port or '7860 起'} 不可用。请用 --port 换一个端口，或检查 --host。") from error
    print(f"页面已打开：{url}　按 Ctrl+C 停止。", flush=True)  # noqa: T201 - the address is what the user waits for
    demo.block_thread()


def main(argv: Sequence[str] | None = None) -> int:
    """Open the page; returns when it is stopped.

    Args:
        argv: flags; those of this process when None.
    """
    parser = argparse.ArgumentParser(prog="app.py", description="打开问答页面；默认只有本机能访问。")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址；0.0.0.0 对局域网开放")
    parser.add_argument("--port", type=int, help="端口；默认从 7860 起找空闲的")
    parser.add_argument("--config", help="设置文件（TOML）")
    parser.add_argument("--open", action="store_true", help="同时在浏览器中打开")
    parser.add_argument("--evaluator", action="store_true", help="加上给评测者用的页面 /evaluator")
    flags = parser.parse_args(argv)
    try:
        serve(load_config(flags.config), flags.host, flags.port, flags.open, flags.evaluator)
    except QAError as error:
        print(f"错误：{error}", file=sys.stderr)  # noqa: T201 - one line instead of a traceback
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
