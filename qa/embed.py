"""Stage 4. Texts -> vectors, by any model that sentence-transformers can load from a folder or, when asked for, from a hub."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Texts -> float32 vectors of shape (n, dim), L2-normalised."""

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Vectors of shape (n, dim); `query` puts the model's question prompt before each text."""
        ...


class NoEncoder:
    """Stands in when dense retrieval is switched off: vectors of length zero."""

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """See `Encoder`."""
        return np.zeros((len(texts), 0), dtype=np.float32)


class SentenceEncoder:
    """A Sentence Transformers model; `prompt` is the name of one of its prompts, or a text put before questions."""

    def __init__(self, model: Any, prompt: str = "") -> None:
        self._model = model
        self._prompt = prompt

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """See `Encoder`."""
        options: dict[str, str] = {}
        if query and self._prompt:
            named = self._prompt in (self._model.prompts or {})
            options = {"prompt_name": self._prompt} if named else {"prompt": self._prompt}
        vectors = self._model.encode(
            list(texts), batch_size=64, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False, **options
        )
        return np.nan_to_num(np.asarray(vectors, dtype=np.float32))  # a text without known tokens has no direction


def load_encoder(name: str, prompt: str = "", device: str = "cpu", backend: str = "torch") -> Encoder:
    """Load an encoder; "" means none. Code that comes with a model is never run.

    Raises:
        ModelError: the folder is missing or incomplete, or the name cannot be loaded.
        ConfigError: the backend is unknown or not installed.
    """
    if not name:
        return NoEncoder()
    require_weights(name)
    from sentence_transformers import SentenceTransformer

    from qa.backend import set_backend

    try:
        model = SentenceTransformer(name, device=device, trust_remote_code=False, local_files_only=Path(name).exists())
    except Exception as error:
        raise ModelError(
            f'无法加载向量模型 {name}：{_first_line(error)}。请检查名称或文件夹，或设 encoder = "" 只用关键词检索。'
        ) from error
    set_backend(model, backend)
    return SentenceEncoder(model, prompt)


def require_weights(name: str) -> None:
    """Refuse a model folder without weights before a library answers with a traceback.

    Raises:
        ModelError: `name` looks like a folder and holds no safetensors file.
    """
    folder = Path(name)
    if folder.is_dir() and not any(folder.rglob("*.safetensors")):
        raise ModelError(f"模型文件夹 {name} 里没有权重（*.safetensors）。请恢复该文件夹，或在设置中换一个模型。")
    if not folder.exists() and (folder.is_absolute() or name.startswith(".") or name.count(os.sep) > 1):
        raise ModelError(f"找不到模型文件夹 {name}。请恢复该文件夹，或在设置中换一个模型。")


def model_hash(name: str) -> str:
    """12 hex digits that change when the model's files change; a hub name stands for itself."""
    folder = Path(name)
    digest = hashlib.sha256()
    if not name or not folder.is_dir():
        digest.update(name.encode())
    else:
        for file in sorted(path for path in folder.rglob("*") if path.suffix in (".safetensors", ".json")):
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
