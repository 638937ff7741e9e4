"""One frozen `Config`: defaults < TOML file < environment (`QA_*`) < flags."""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, get_type_hints

from qa.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Config:
    """All settings. Every field can be set in `qa.toml`, as `QA_<FIELD>` in the environment, or by a flag."""

    corpus_dir: str = str(ROOT / "corpus")
    index_dir: str = str(ROOT / "index")
    feedback_db: str = str(ROOT / "index" / "feedback.sqlite3")

    encoder: str = str(ROOT / "models" / "encoder")  # folder or hub name that sentence-transformers can load; "" = none
    query_prompt: str = ""  # prompt name or text put before a question, for models that want one
    reranker: str = "learned"  # "learned", "" = none, else a CrossEncoder folder or hub name
    answerability: str = str(ROOT / "models" / "answerability")  # whether a passage or clause answers: folder; "" = none
    intent: str = str(ROOT / "models" / "intent")  # what is hostile, chat or another subject: folder; "" = none
    device: str = "cpu"
    backend: str = "torch"  # how transformers run: "torch" or "openvino" (on the CPU); the default encoder needs neither

    passage_chars: int = 500
    exact_below: int = 200_000  # passages; above it FAISS uses HNSW
    candidates: int = 60  # passages that each channel hands to the fusion
    results: int = 20  # passages in the final ranking

    lexical: bool = True
    dense: bool = True
    lines: bool = True  # plain-language lines as a field of their own
    gaps: bool = True  # known gaps: questions that the documents leave open
    thesaurus: bool = True
    region: bool = True
    verification: bool = True  # switched off only for ablation; the page always verifies

    generator: str = "extractive"  # "extractive", "transformers" or "openai"
    model: str = ""  # causal model: local folder or hub name, or the server's model name
    base_url: str = ""  # of an OpenAI-compatible server
    api_key_env: str = "OPENAI_API_KEY"
    max_new_tokens: int = 512
    timeout_s: float = 60.0

    max_question_chars: int = 2_000

    def hash(self) -> str:
        """12 hex digits that name these settings, without the paths of this machine."""
        values = {
            key: (Path(value).name if isinstance(value, str) and "/" in value else value) for key, value in asdict(self).items()
        }
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:12]


def load_config(path: str | Path | None = None, **flags: Any) -> Config:
    """Read the settings.

    Args:
        path: a TOML file; by default `qa.toml` in the working folder when it exists.
        **flags: settings that win over file and environment; None means not given.

    Raises:
        ConfigError: an unknown name, a value of the wrong type, or a file that cannot be read.
    """
    config = Config()
    file = Path(path) if path else Path("qa.toml")
    if file.exists():
        config = _apply(config, _read(file), str(file))
    elif path:
        raise ConfigError(f"找不到设置文件 {path}。请检查路径，或去掉 --config。")
    environment = {field.name: os.environ[key] for field in fields(Config) if (key := f"QA_{field.name.upper()}") in os.environ}
    config = _apply(config, environment, "环境变量 QA_*")
    return _apply(config, {key: value for key, value in flags.items() if value is not None}, "命令行")


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"设置文件 {file} 无法读取：{error}。请改正，或删除后使用默认设置。") from error


def _apply(config: Config, values: Mapping[str, Any], origin: str) -> Config:
    types = get_type_hints(Config)
    changes: dict[str, Any] = {}
    for key, value in values.items():
        if key not in types:
            raise ConfigError(f"{origin} 中有未知的设置 {key!r}。可用：{', '.join(sorted(types))}。")
        changes[key] = _convert(value, types[key], key, origin)
    return replace(config, **changes)


def _convert(value: Any, kind: type, key: str, origin: str) -> Any:
    try:
        if kind is bool:
            return value if isinstance(value, bool) else {"1": True, "true": True, "0": False, "false": False}[str(value).lower()]
        return kind(value)
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"{origin} 中 {key} = {value!r} 不是 {kind.__name__} 类型的值。") from error
