"""A server on loopback that speaks the chat-completions protocol over server-sent events and says what it was told to say."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass
class Script:
    """What the server does with every request: a status other than 200, a pause, pieces of a reply, an end cut off."""

    pieces: Sequence[str] = ()
    status: int = 200
    pause_s: float = 0.0
    cut_off: bool = False
    html: bool = False
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def system(self) -> str:
        return str(self.requests[-1]["messages"][0]["content"])

    @property
    def user(self) -> str:
        return str(self.requests[-1]["messages"][-1]["content"])


class ChatServer:
    """`with ChatServer() as server`: `server.url` is the base_url, `server.script` what it does and what it was asked."""

    def __init__(self) -> None:
        self.script = Script()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> ChatServer:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.shutdown()
        self._http.server_close()

    def says(self, reply: str, size: int = 2, **options: Any) -> Script:
        """Answer every request with `reply`, `size` characters at a time."""
        self.script = Script([reply[i : i + size] for i in range(0, len(reply), size)], **options)
        return self.script

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                server.script.requests.append(json.loads(body))
                server.script.keys.append(self.headers.get("Authorization", ""))
                with suppress(BrokenPipeError, ConnectionResetError):  # the client may have gone
                    self._answer(server.script)

            def _answer(self, script: Script) -> None:
                if script.status != 200:
                    error = json.dumps({"error": {"message": "内部错误\n第二行", "type": "server_error"}}).encode()
                    return self._send(script.status, "application/json", error)
                if script.html:
                    return self._send(200, "text/html", b"<!doctype html><title>hello</title>")
                self._send(200, "text/event-stream", b"", length=1 << 20 if script.cut_off else None)
                for piece in script.pieces:
                    self._event({"choices": [{"index": 0, "delta": {"content": piece}}]})
                server_wait.wait(script.pause_s)
                if not script.cut_off:
                    self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                    self.wfile.write(b"data: [DONE]\n\n")

            def _send(self, status: int, kind: str, body: bytes, length: int | None = None) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                if body or length:
                    self.send_header("Content-Length", str(length or len(body)))
                self.end_headers()
                self.wfile.write(body)

            def _event(self, data: dict[str, Any]) -> None:
                chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", **data}
                self.wfile.write(f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode())

            def log_message(self, *_: Any) -> None:
                pass

        server_wait = threading.Event()
        return Handler
