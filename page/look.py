"""How the page looks, and what the browser may load: theme, style sheet, script, headers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HERE = Path(__file__).parent
_FONTS = ("system-ui", "-apple-system", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "sans-serif")
_POLICY = (  # Gradio compiles its templates in the browser, hence unsafe-eval
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)
_HEADERS = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
# Before the first paint: the language for screen readers, and the colours the user chose last.
_HEAD = """<script>
document.documentElement.lang = "zh-CN";
try {
  const theme = localStorage.getItem("qa-theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.body.classList.toggle("dark", theme === "dark");
} catch (_) {}
</script>"""
# Saves the text as a file without it ever being written on the server.
DOWNLOAD = """(text) => {
  if (!text) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  link.download = "政策问答.md";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}"""


class Headers:
    """ASGI middleware: every page forbids the browser to load anything from another host."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; its answer gets the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def script() -> str:
    """The script of the conversation and of the reader: clicks become events of Gradio."""
    return (_HERE / "page.js").read_text("utf-8")


def launch_options() -> dict[str, Any]:
    """Options of `Blocks.launch` for the look and for staying on this machine."""
    fonts: list[str] = list(_FONTS)
    return {
        "theme": gr.themes.Base(font=fonts, font_mono=fonts),
        "css_paths": [_HERE / "style.css"],
        "head": _HEAD,
        "footer_links": [],
        "run_history": False,
        "share": False,
        "ssr_mode": False,
        "enable_monitoring": False,
        "quiet": True,
        "app_kwargs": {"middleware": [Middleware(Headers)]},
    }
