"""Defaults < file < environment < flags; a wrong setting is named."""

from __future__ import annotations

import os
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest
from checks import one_clear_message

from qa.config import Config, load_config
from qa.errors import ConfigError


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without settings of this machine."""
    for key in os.environ:
        if key.startswith("QA_"):
            monkeypatch.delenv(key)
    monkeypatch.chdir(tmp_path)


def test_defaults_name_what_ships() -> None:
    config = load_config()
    assert config == Config()
    assert (Path(config.corpus_dir) / "manifest.toml").exists()
    assert config.generator == "extractive"
    assert config.verification


def test_file_environment_flags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "qa.toml").write_text("passage_chars = 300\nresults = 5\ndense = false\n", "utf-8")
    monkeypatch.setenv("QA_RESULTS", "7")
    config = load_config(candidates=9, encoder=None)
    assert (config.passage_chars, config.results, config.dense, config.candidates) == (300, 7, False, 9)
    assert config.encoder == Config().encoder
    assert load_config(results=8).results == 8


@pytest.mark.parametrize(("text", "value"), [("1", True), ("true", True), ("False", False), ("0", False)])
def test_switches_in_the_environment(monkeypatch: pytest.MonkeyPatch, text: str, value: bool) -> None:
    monkeypatch.setenv("QA_RERANKER", "")
    monkeypatch.setenv("QA_LEXICAL", text)
    config = load_config()
    assert config.lexical is value
    assert config.reranker == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("passage_size = 300", ("passage_size", "passage_chars")),
        ('results = "many"', ("results", "many")),
        ('dense = "perhaps"', ("dense", "perhaps")),
        ("results = ", ("qa.toml",)),
    ],
)
def test_wrong_settings(tmp_path: Path, content: str, words: tuple[str, ...]) -> None:
    (tmp_path / "qa.toml").write_text(content, "utf-8")
    with pytest.raises(ConfigError) as error:
        load_config()
    text = str(error.value)
    assert "\n" not in text
    assert all(word in text for word in words)


def test_a_file_that_is_not_there_or_not_readable(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load_config(tmp_path / "other.toml")
    one_clear_message(error.value, "other.toml", "请")
    (tmp_path / "qa.toml").write_bytes("results = 5 # 设置".encode("gbk"))
    with pytest.raises(ConfigError) as error:
        load_config()
    one_clear_message(error.value, "qa.toml", "请")


def test_an_unknown_flag() -> None:
    with pytest.raises(ConfigError):
        load_config(colour="red")


def test_the_hash_names_settings_not_places(tmp_path: Path) -> None:
    here, there = (replace(Config(), corpus_dir=str(tmp_path / place / "corpus")) for place in "ab")
    assert here.hash() == there.hash()
    assert replace(here, results=3).hash() != here.hash()
    assert len(here.hash()) == 12


def test_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Config().results = 3  # type: ignore[misc]
