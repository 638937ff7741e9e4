"""The page as a server: its headers, and `ask` and `search` over Gradio's API and over MCP."""

from __future__ import annotations

import asyncio
import socket
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from fakes import FakeAssistant
from gradio_client import Client
from gradio_client.exceptions import AppError

import app
from page.look import launch_options
from qa.corpus import Corpus


@pytest.fixture(scope="module")
def url(corpus: Corpus) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    demo = app.build(FakeAssistant(corpus))
    _, address, _ = demo.launch(
        server_name="127.0.0.1", server_port=port, prevent_thread_lock=True, mcp_server=True, **launch_options()
    )
    yield address
    demo.close(verbose=False)


def test_the_browser_may_load_from_this_host_only(url: str) -> None:
    with urllib.request.urlopen(url) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "http" not in policy
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_programs_can_ask_and_search(url: str) -> None:
    client = Client(url, verbose=False)
    row = client.predict(question="黄埔租房补多少", region="广东/广州/黄埔", history=["你好"], api_name="/ask")
    assert row["citations"][0]["article"] == "第二十三条"
    assert [hit["rank"] for hit in client.predict(question="租房", k=2, api_name="/search")] == [1, 2]
    with pytest.raises(AppError, match="请换个说法"):
        client.predict(question="出错", api_name="/ask")


def test_mcp_clients_find_two_tools_with_types(url: str) -> None:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def talk() -> tuple[dict[str, Any], str]:
        async with streamablehttp_client(f"{url}gradio_api/mcp/") as (read, write, _), ClientSession(read, write) as session:
            await session.initialize()
            tools = {tool.name: tool.inputSchema for tool in (await session.list_tools()).tools}
            answer = await session.call_tool("ask", {"question": "黄埔租房补多少"})
            return tools, str(answer.content)

    tools, answer = asyncio.run(talk())
    assert set(tools) == {"ask", "search"}
    assert tools["ask"]["required"] == ["question"]
    assert tools["search"]["properties"]["k"]["type"] == "integer"
    assert "第二十三条" in answer
