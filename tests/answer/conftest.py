"""A tiny causal model, a scripted server, and an assistant over the invented policies that asks one of them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
from chat_server import ChatServer
from tiny_model import write_tiny_model

from qa.config import Config
from qa.pipeline import Assistant, load

_SERVE = "from transformers.cli.transformers import main; main()"


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as running:
        yield running


@pytest.fixture(scope="session")
def invented_config(invented: Path, tmp_path_factory: pytest.TempPathFactory) -> Config:
    return Config(corpus_dir=str(invented), index_dir=str(tmp_path_factory.mktemp("invented-index")), encoder="")


@pytest.fixture
def asking(invented_config: Config, server: ChatServer) -> Callable[..., Assistant]:
    """Loads an assistant that asks the scripted server."""

    def make(**changes: Any) -> Assistant:
        return load(replace(invented_config, generator="openai", model="scripted", base_url=server.url, timeout_s=5.0, **changes))

    return make


@pytest.fixture(scope="session")
def serve(tiny_model: Path) -> Iterator[str]:
    """The base_url of `transformers serve` with the tiny model, on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-c",
        _SERVE,
        "serve",
        str(tiny_model),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--device",
        "cpu",
    ]
    quiet = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    process = subprocess.Popen(command, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _wait_until_up(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.communicate(timeout=10)


def _wait_until_up(url: str, process: subprocess.Popen[bytes], limit_s: float = 60.0) -> None:
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"transformers serve ended: {process.communicate()[1].decode()[-400:]}")
        try:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=1).close()
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    pytest.fail("transformers serve did not come up")
