"""What a run was made with: commit, code, settings, corpus and models. Two runs with one stamp give the same answers."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Any

from qa.config import ROOT, Config
from qa.corpus import corpus_hash
from qa.embed import model_hash
from qa.rerank import RANKER_FILE


def make_stamp(config: Config, root: Path = ROOT) -> dict[str, Any]:
    """Commit ("" outside git), whether the working tree differs from it, and hashes of code, settings, corpus, models."""
    return {
        "commit": _git(root, "rev-parse", "--short=12", "HEAD"),
        "changed": bool(_git(root, "status", "--porcelain", "--", "qa", "corpus", "models")),
        "code": code_hash(root / "qa"),
        "config": config.hash(),
        "corpus": corpus_hash(config.corpus_dir),
        "models": {name: model_hash(path) for name, path in _models(config).items() if path},
    }


def _models(config: Config) -> dict[str, str]:
    reranker = str(RANKER_FILE.parent) if config.reranker == "learned" else config.reranker
    return {
        "encoder": config.encoder,
        "reranker": reranker,
        "answerability": config.answerability,
        "intent": config.intent,
        "generator": config.model,
    }


def code_hash(folder: Path) -> str:
    """12 hex digits over every Python file of a package."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
