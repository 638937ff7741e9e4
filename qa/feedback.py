"""Thumbs and comments on answers, kept in one SQLite file on this machine."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from qa.errors import QAError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    id TEXT PRIMARY KEY,
    created TEXT NOT NULL,
    helpful INTEGER NOT NULL,
    comment TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    history TEXT NOT NULL,
    region TEXT NOT NULL,
    passages TEXT NOT NULL,
    config_hash TEXT NOT NULL
)
"""
_COLUMNS = ("id", "created", "helpful", "comment", "question", "answer", "history", "region", "passages", "config_hash")
_UPSERT = (
    f"INSERT INTO feedback ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
    "ON CONFLICT(id) DO UPDATE SET helpful = excluded.helpful, comment = excluded.comment"
)
_WAIT_S = 10.0  # for another writer to finish
_MOST_CHARS = 2_000  # of a comment


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a user said of one answer.

    `passages` are the ids of the cited passages, `history` the user's earlier questions, oldest first.
    """

    question: str
    answer: str
    helpful: bool
    comment: str = ""
    history: tuple[str, ...] = ()
    region: str = ""
    passages: tuple[str, ...] = ()
    config_hash: str = ""
    id: str = ""
    created: str = ""  # UTC, ISO 8601; set when it is saved


def save_feedback(path: str | Path, feedback: Feedback) -> str:
    """Store feedback; a second one with the same id replaces its thumb and comment.

    Args:
        path: the SQLite file; it and its folder are made on first use.
        feedback: without an id it gets one.

    Returns:
        The id.

    Raises:
        QAError: the file cannot be written.
    """
    identity = feedback.id or uuid.uuid4().hex
    created = feedback.created or datetime.now(UTC).isoformat(timespec="seconds")
    lists = (json.dumps(feedback.history, ensure_ascii=False), feedback.region, json.dumps(feedback.passages, ensure_ascii=False))
    comment = feedback.comment.strip()[:_MOST_CHARS]
    row = (identity, created, int(feedback.helpful), comment, feedback.question, feedback.answer, *lists, feedback.config_hash)
    try:
        with closing(_open(Path(path))) as connection, connection:
            connection.execute(_UPSERT, row)
    except (OSError, sqlite3.Error) as error:
        raise QAError(f"反馈没有存下：{error}。请检查 {path} 是否可写。") from error
    return identity


def read_feedback(path: str | Path) -> Iterator[Feedback]:
    """All feedback, oldest first; nothing when the file does not exist yet."""
    if not Path(path).exists():
        return
    with closing(_open(Path(path))) as connection:
        rows = connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM feedback ORDER BY created, rowid").fetchall()
    for row in rows:
        value = dict(zip(_COLUMNS, row, strict=True))
        value |= {"helpful": bool(value["helpful"])} | {key: tuple(json.loads(value[key])) for key in ("history", "passages")}
        yield Feedback(**value)


def _open(path: Path) -> sqlite3.Connection:
    """A connection of its own for every call: SQLite's lock makes several threads and processes safe."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_WAIT_S)
    connection.execute(_SCHEMA)
    return connection
