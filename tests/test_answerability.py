"""The answerability model: what is read, and what is refused with one clear sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from checks import one_clear_message
from tiny_model import write_tiny_classifier

from qa.answerability import QUESTION_PIECES, TEXT_PIECES, load_answerability
from qa.config import Config
from qa.errors import ModelError
from qa.pipeline import load

LONG = "云州企业租房补贴" * 400


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_classifier(tmp_path_factory.mktemp("classifier"))


def test_odds_depend_on_both_and_long_texts_are_cut(folder: Path) -> None:
    model = load_answerability(str(folder))
    assert model is not None
    odds = model.odds("租房补多少", "按租金的50%给予补贴")
    assert odds == model.odds("租房补多少", "按租金的50%给予补贴")
    assert odds != model.odds("租房补多少", "按设备的20%给予补贴")
    assert odds != model.odds("何时到账", "按租金的50%给予补贴")
    assert model.odds(LONG, LONG) == model.odds(LONG[:QUESTION_PIECES], LONG[: TEXT_PIECES * 2])
    assert isinstance(model.odds("", ""), float)


def test_none_is_configured() -> None:
    assert load_answerability("") is None


def test_a_model_that_is_not_there_or_has_no_weights(tmp_path: Path) -> None:
    for name in (tmp_path / "nothing", tmp_path):
        with pytest.raises(ModelError) as caught:
            load_answerability(str(name))
        one_clear_message(caught.value, "模型文件夹")


def test_a_damaged_model_names_the_setting(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelError) as caught:
        load_answerability(str(tmp_path))
    one_clear_message(caught.value, "answerability")


def test_the_pipeline_answers_with_any_classifier_and_with_none(invented: Path, tmp_path: Path, folder: Path) -> None:
    for name in (str(folder), ""):
        config = Config(corpus_dir=str(invented), index_dir=str(tmp_path / "index"), encoder="", answerability=name)
        assert load(config).ask("青河高新区算力券发多少").citations
