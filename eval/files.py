"""Small files of a run: JSON and JSON lines, written so that a reader sees the old file or the new one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from qa.errors import InputError

Row = Mapping[str, Any]


def read_json(path: Path) -> dict[str, Any]:
    """The metrics.json of a run.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} 读不到（{error}）。请先用 python -m eval run 跑完。") from error


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """JSON lines, written beside and swapped in."""
    beside = path.with_name(path.name + ".part")
    with beside.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    os.replace(beside, path)


def write_json(path: Path, value: Row) -> None:
    """Indented JSON with floats rounded to six places."""
    path.write_text(json.dumps(rounded(value), ensure_ascii=False, indent=1) + "\n", "utf-8")


def rounded(value: Any) -> Any:
    """The value with every float in it rounded to six places."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, Mapping):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list | tuple) else value
