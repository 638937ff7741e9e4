"""README's tables are those of metrics.json, and metrics.json belongs to today's settings, corpus and models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.markdown import blocks, fill_blocks, readme_block
from eval.stamp import make_stamp
from qa.config import ROOT, Config

README = ROOT / "README.md"
SHOWN = sorted(blocks(README.read_text("utf-8"))) if README.exists() else []


@pytest.mark.parametrize("name", SHOWN)
def test_readme_shows_todays_numbers(name: str) -> None:
    metrics = json.loads((ROOT / "eval" / "results" / name / "metrics.json").read_text("utf-8"))
    assert blocks(README.read_text("utf-8"))[name] == readme_block(metrics)
    today = make_stamp(Config())
    assert {key: metrics["stamp"][key] for key in ("config", "corpus", "models")} == {
        key: today[key] for key in ("config", "corpus", "models")
    }


def test_blocks_are_filled_by_name(tmp_path: Path) -> None:
    text = "前\n<!-- eval dev -->\n旧\n<!-- /eval -->\n中\n<!-- eval other -->\n留\n<!-- /eval -->\n后"
    filled = fill_blocks(text, {"dev": "`命令`\n\n| 新 |"})
    assert blocks(filled) == {"dev": "`命令`\n\n| 新 |", "other": "留"}
    assert fill_blocks(filled, {"dev": "`命令`\n\n| 新 |"}) == filled
