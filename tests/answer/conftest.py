"""A tiny causal model, a scripted server, and an assistant over the invented policies that asks one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chat_server import ChatServer
from tiny_model import write_tiny_model

from qa.config import Config
from qa.pipeline import Assistant, load


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
