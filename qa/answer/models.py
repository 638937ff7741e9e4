"""Language models behind one Protocol: causal models that transformers loads, and OpenAI-compatible servers.

No code that comes with a model is run, weights are safetensors only, and nothing is sent anywhere but to `config.base_url`.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from qa.config import Config
from qa.embed import require_weights
from qa.errors import ConfigError, GenerationError, ModelError

_WITHOUT = '或设 generator = "extractive"'
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat; `role` is system or user."""

    role: str
    content: str


class Generator(Protocol):
    """Messages -> the reply in pieces, as they come."""

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Pieces of one reply; closing the iterator ends generation."""
        ...


def load_generator(config: Config) -> Generator | None:
    """The language model that the settings name; None for "extractive".

    Raises:
        ConfigError: `generator` is unknown, or `model` or `base_url` is missing.
        ModelError: the model cannot be loaded. A server is not asked before the first question.
    """
    if config.generator == "extractive":
        return None
    if config.generator not in _LOADERS:
        raise ConfigError(f"未知的回答方式 generator = {config.generator!r}。可用：extractive、transformers、openai。")
    if not config.model:
        raise ConfigError(f"generator = {config.generator!r} 还需要 model。请在设置中写明模型的文件夹或名称，{_WITHOUT}。")
    return _LOADERS[config.generator](config)


class TransformersGenerator:
    """A causal model in this process. Greedy, so that the same question gets the same answer."""

    def __init__(self, model: Any, tokenizer: Any, max_new_tokens: int, timeout_s: float) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._max_new_tokens = max_new_tokens
        self._timeout_s = timeout_s

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """The reply in pieces; generation ends when the caller stops reading.

        Raises:
            GenerationError: the prompt is too long for the model, or generation fails or stalls.
        """
        from transformers import TextIteratorStreamer

        inputs = self._inputs(messages)
        streamer = TextIteratorStreamer(self._tokenizer, skip_prompt=True, timeout=self._timeout_s, skip_special_tokens=True)
        stop, failed = threading.Event(), list[Exception]()
        threading.Thread(target=self._generate, args=(inputs, streamer, stop, failed), daemon=True, name="generate").start()
        try:
            yield from streamer
        except queue.Empty as error:
            message = f"模型 {self._timeout_s:g} 秒没有写出新内容。请在设置中调大 timeout_s，换小一些的模型，{_WITHOUT}。"
            raise GenerationError(message) from error
        finally:
            stop.set()
        if failed:
            raise GenerationError(f"模型生成失败：{_first_line(failed[0])}。请换一个模型，{_WITHOUT}。") from failed[0]

    def _generate(self, inputs: Mapping[str, Any], streamer: Any, stop: threading.Event, failed: list[Exception]) -> None:
        import torch

        def stopped(ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
            return torch.full((ids.shape[0],), stop.is_set(), device=ids.device, dtype=torch.bool)

        greedy = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        try:
            self._model.generate(
                **inputs, **greedy, streamer=streamer, max_new_tokens=self._max_new_tokens, stopping_criteria=[stopped]
            )
        except Exception as error:  # it belongs to the reader of the stream, who waits in another thread
            failed.append(error)
            streamer.on_finalized_text("", stream_end=True)

    def _inputs(self, messages: Sequence[Message]) -> dict[str, Any]:
        encoded = self._encode([asdict(message) for message in messages])
        used, room = encoded["input_ids"].shape[1], getattr(self._model.config, "max_position_embeddings", None)
        if room and used + self._max_new_tokens > room:
            message = f"问题和原文共 {used} 个词元，加上 max_new_tokens = {self._max_new_tokens} 超出模型的上下文（{room}）"
            raise GenerationError(f"{message}。请换上下文更长的模型，{_WITHOUT}。")
        return {name: encoded[name].to(self._model.device) for name in ("input_ids", "attention_mask")}

    def _encode(self, chat: list[dict[str, str]]) -> Any:
        """By the tokenizer's chat template; a template that knows no system role gets one message, no template plain text."""
        text = "\n\n".join(message["content"] for message in chat)
        if not self._tokenizer.chat_template:
            return self._tokenizer(f"{text}\n\n回答：", return_tensors="pt")
        options = {"add_generation_prompt": True, "return_tensors": "pt", "return_dict": True, "enable_thinking": False}
        import jinja2

        try:
            return self._tokenizer.apply_chat_template(chat, **options)
        except jinja2.TemplateError:
            return self._tokenizer.apply_chat_template([{"role": "user", "content": text}], **options)


def _load_transformers(config: Config) -> TransformersGenerator:
    require_weights(config.model)
    from transformers import AutoModelForCausalLM, AutoTokenizer

    options: dict[str, Any] = {"trust_remote_code": False, "local_files_only": Path(config.model).is_dir()}
    try:
        tokenizer = AutoTokenizer.from_pretrained(config.model, **options)
        model = AutoModelForCausalLM.from_pretrained(config.model, dtype="auto", use_safetensors=True, **options)
        model = model.to(config.device).eval()
    except Exception as error:
        raise ModelError(
            f"无法加载语言模型 {config.model}：{_first_line(error)}。请检查 model 的名称或文件夹，{_WITHOUT}。"
        ) from error
    return TransformersGenerator(model, tokenizer, config.max_new_tokens, config.timeout_s)


class OpenAIGenerator:
    """A server that speaks the chat-completions protocol: vLLM, llama.cpp, Ollama, `transformers serve`, a cloud service."""

    def __init__(self, config: Config) -> None:
        import openai

        local = urlsplit(config.base_url).hostname in _LOOPBACK
        self._config = config
        self._client = openai.OpenAI(
            base_url=config.base_url,
            api_key=os.environ.get(config.api_key_env) or "none",  # local servers want none, the client wants one
            timeout=config.timeout_s,
            max_retries=0,
            http_client=openai.DefaultHttpxClient(trust_env=False) if local else None,  # no proxy on the way to this machine
        )

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """The reply in pieces; the connection is closed when the caller stops reading.

        Raises:
            GenerationError: the server cannot be reached, refuses, stalls or breaks off.
        """
        begun = False
        try:
            with self._open(messages) as reply:
                for chunk in reply:
                    begun = True
                    if chunk.choices and (piece := chunk.choices[0].delta.content):
                        yield piece
        except Exception as error:  # the client lets some errors of its HTTP library through
            raise GenerationError(_server_sentence(error, self._config, begun)) from error
        if not begun:
            raise GenerationError(f"{_server(self._config)} 没有返回内容。请检查 base_url（通常以 /v1 结尾），{_WITHOUT}。")

    def _open(self, messages: Sequence[Message]) -> Any:
        chat: Any = [asdict(message) for message in messages]
        return self._client.chat.completions.create(
            model=self._config.model, messages=chat, stream=True, temperature=0, max_tokens=self._config.max_new_tokens
        )


def _load_openai(config: Config) -> OpenAIGenerator:
    if urlsplit(config.base_url).scheme not in ("http", "https") or not urlsplit(config.base_url).hostname:
        raise ConfigError(f"base_url = {config.base_url!r} 不是地址。请写成 http://127.0.0.1:8000/v1 这样，{_WITHOUT}。")
    return OpenAIGenerator(config)


_LOADERS: Mapping[str, Callable[[Config], Generator]] = {"transformers": _load_transformers, "openai": _load_openai}


def _server(config: Config) -> str:
    """The server without any name and password of its address."""
    return f"模型服务器 {urlsplit(config.base_url).netloc.rpartition('@')[2]}"


def _server_sentence(error: Exception, config: Config, begun: bool) -> str:
    """What went wrong at the server, before or after its reply had begun, and the remedy."""
    status = getattr(error, "status_code", None)
    if status in (401, 403):
        key = "不被接受" if os.environ.get(config.api_key_env) else "没有设置"
        return f"{_server(config)} 拒绝访问（HTTP {status}），环境变量 {config.api_key_env} 中的密钥{key}。请改正密钥，{_WITHOUT}。"
    if status == 404:
        return f"{_server(config)} 上没有模型 {config.model}，或地址不对。请检查 model 和 base_url（通常以 /v1 结尾）。"
    if status == 429:
        return f"{_server(config)} 请求过多或额度已用完（HTTP 429）。请稍后再试，{_WITHOUT}。"
    if status:
        return f"{_server(config)} 出错（HTTP {status}）：{_first_line(error)}。请查看服务器日志后再试，{_WITHOUT}。"
    if "Timeout" in type(error).__name__:
        return f"{_server(config)} 在 {config.timeout_s:g} 秒内没有回答。请稍后再试，在设置中调大 timeout_s，{_WITHOUT}。"
    if begun:
        return f"{_server(config)} 的回答中断了：{_first_line(error)}。请稍后再试，{_WITHOUT}。"
    return f"连不上{_server(config)}。请确认它已启动、base_url 正确，{_WITHOUT}。"


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:160].rstrip("。.")
