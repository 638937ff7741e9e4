"""Language models for real: a tiny causal model in this process and behind `transformers serve`, and what goes wrong."""

from __future__ import annotations

import shutil
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest
from chat_server import ChatServer
from checks import one_clear_message
from tiny_model import TEMPLATE, write_tiny_model

from qa.answer.models import Generator, Message, load_generator
from qa.config import Config
from qa.errors import ConfigError, GenerationError, ModelError, QAError

CHAT = (Message("system", "只依据材料回答。"), Message("user", "租金补贴最高多少？"))


def local(folder: Path, **changes: object) -> Config:
    return replace(Config(generator="transformers", model=str(folder), max_new_tokens=12), **changes)  # type: ignore[arg-type]


def remote(url: str, **changes: object) -> Config:
    return replace(Config(generator="openai", model="scripted", base_url=url, timeout_s=5.0), **changes)  # type: ignore[arg-type]


def generator(config: Config) -> Generator:
    loaded = load_generator(config)
    assert loaded is not None
    return loaded


def failing(config: Config) -> GenerationError:
    with pytest.raises(GenerationError) as error:
        list(generator(config).stream(CHAT))
    return error.value


@pytest.fixture(params=["transformers", "transformers serve", "scripted server"])
def any_generator(request: pytest.FixtureRequest, tiny_model: Path, server: ChatServer) -> Generator:
    if request.param == "transformers":
        return generator(local(tiny_model))
    if request.param == "transformers serve":
        return generator(remote(request.getfixturevalue("serve"), model=str(tiny_model), max_new_tokens=12, timeout_s=20.0))
    server.says("按实际租金的45%给予补贴。[1]")
    return generator(remote(server.url))


@pytest.mark.slow
def test_every_generator_streams_the_same_pieces_twice_and_can_be_left(any_generator: Generator) -> None:
    first = list(any_generator.stream(CHAT))
    assert len(first) > 1
    assert "".join(first)
    assert all(isinstance(piece, str) for piece in first)
    assert "".join(any_generator.stream(CHAT)) == "".join(first)
    left = any_generator.stream(CHAT)
    next(left)
    left.close()  # type: ignore[attr-defined]


def test_extractive_needs_no_model() -> None:
    assert load_generator(Config()) is None


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (TEMPLATE, "system: 只依据材料回答。\nuser: 租金补贴最高多少？\nassistant: "),
        (None, "只依据材料回答。\n\n租金补贴最高多少？\n\n回答："),
        (
            "{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}<u>{{ messages[0].content }}",
            "<u>只依据材料回答。\n\n租金补贴最高多少？",
        ),
    ],
    ids=["chat template", "no template", "template without system role"],
)
def test_the_prompt_follows_the_tokenizer(template: str | None, expected: str, tmp_path: Path) -> None:
    loaded = generator(local(write_tiny_model(tmp_path / "model", template)))
    encoded = loaded._inputs(CHAT)  # type: ignore[attr-defined]
    assert loaded._tokenizer.decode(encoded["input_ids"][0]) == expected  # type: ignore[attr-defined]
    assert "".join(loaded.stream(CHAT))


def test_a_prompt_longer_than_the_context(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "model", context=16)
    one_clear_message(failing(local(folder)), "上下文（16）", "max_new_tokens = 12")


def test_a_model_that_fails_while_it_writes(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = generator(local(tiny_model))

    def fail(**_: object) -> None:
        raise RuntimeError("out of memory\nsecond line")

    monkeypatch.setattr(loaded._model, "generate", fail)  # type: ignore[attr-defined]
    with pytest.raises(GenerationError) as error:
        list(loaded.stream(CHAT))
    one_clear_message(error.value, "out of memory")


def test_a_model_that_stalls(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = generator(local(tiny_model, timeout_s=0.1))
    monkeypatch.setattr(loaded._model, "generate", lambda **_: time.sleep(0.5))  # type: ignore[attr-defined]
    with pytest.raises(GenerationError) as error:
        list(loaded.stream(CHAT))
    one_clear_message(error.value, "0.1 秒", "timeout_s")


@pytest.mark.parametrize("missing", ["*.safetensors", "tokenizer*", "config.json"])
def test_a_model_folder_that_lacks_a_file(missing: str, tiny_model: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_model, tmp_path / "model", ignore=shutil.ignore_patterns(missing)))
    with pytest.raises(ModelError) as error:
        load_generator(local(folder))
    one_clear_message(error.value, str(folder), "请")


def test_damaged_weights_and_no_folder(tiny_model: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_model, tmp_path / "model"))
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    for broken in (folder, tmp_path / "nowhere"):
        with pytest.raises(ModelError) as error:
            load_generator(local(broken))
        one_clear_message(error.value, str(broken), "请")


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (Config(generator="magic"), ("magic", "extractive")),
        (Config(generator="transformers"), ("model",)),
        (Config(generator="openai", base_url="http://127.0.0.1:1/v1"), ("model",)),
        (Config(generator="openai", model="m"), ("base_url",)),
        (Config(generator="openai", model="m", base_url="127.0.0.1:8000"), ("base_url", "127.0.0.1:8000")),
    ],
)
def test_settings_that_name_no_model(config: Config, words: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError) as error:
        load_generator(config)
    one_clear_message(error.value, *words)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"status": 500}, ("HTTP 500", "日志")),
        ({"status": 503}, ("HTTP 503",)),
        ({"status": 404}, ("没有模型 scripted", "base_url")),
        ({"status": 401}, ("HTTP 401", "OPENAI_API_KEY", "没有设置")),
        ({"status": 429}, ("HTTP 429",)),
        ({"pause_s": 1.5}, ("0.2 秒", "timeout_s")),
        ({"cut_off": True}, ("中断",)),
        ({"html": True}, ("没有返回内容", "/v1")),
    ],
    ids=lambda value: str(value),
)
def test_every_failure_of_a_server_is_one_sentence(
    options: dict[str, object], words: tuple[str, ...], server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    server.says("最高", **options)
    one_clear_message(failing(remote(server.url, timeout_s=0.2 if "pause_s" in options else 5.0)), "模型服务器 127.0.0.1:", *words)


def test_a_server_that_is_down() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://user:secret@127.0.0.1:{probe.getsockname()[1]}/v1"
    message = failing(remote(url))
    one_clear_message(message, "连不上", "127.0.0.1:", "extractive")
    assert "secret" not in str(message)


def test_the_key_comes_from_the_named_variable_and_no_proxy_is_used(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "key-1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    script = server.says("好。")
    assert "".join(generator(remote(server.url, api_key_env="MY_KEY", max_new_tokens=77)).stream(CHAT)) == "好。"
    assert script.keys == ["Bearer key-1"]
    assert script.requests[0]["max_tokens"] == 77
    assert script.requests[0]["messages"] == [{"role": m.role, "content": m.content} for m in CHAT]


def test_a_refused_key_is_not_shown(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key-2")
    server.says("", status=401)
    error: QAError = failing(remote(server.url))
    one_clear_message(error, "不被接受")
    assert "key-2" not in str(error)
