"""Encoders: vectors of length one, folders that are incomplete, hashes that follow the weights."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from checks import one_clear_message

from qa.config import Config
from qa.embed import Encoder, NoEncoder, load_encoder, model_hash
from qa.errors import ModelError

SHIPPED = Path(Config().encoder)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(str(SHIPPED))


def test_vectors_have_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode(["对新设立的企业给予租金补贴", "人才奖励", "AI"])
    assert vectors.dtype == np.float32
    assert vectors.shape[0] == 3
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-3)


def test_what_means_the_same_is_nearer(encoder: Encoder) -> None:
    question = encoder.encode(["租办公室能补多少钱"], query=True)[0]
    near, far = encoder.encode(["租用办公用房的，给予房租补贴", "加强知识产权司法保护"])
    assert question @ near > question @ far


def test_texts_without_words_give_numbers(encoder: Encoder) -> None:
    assert np.isfinite(encoder.encode(["", " ", "\U0001f600"])).all()
    assert len(encoder.encode([])) == 0


def test_the_same_text_gives_the_same_vector_whatever_stands_beside_it(encoder: Encoder) -> None:
    alone = encoder.encode(["算力券"])[0]
    assert encoder.encode(["一段很长的文字" * 40, "算力券"])[1] == pytest.approx(alone, abs=1e-4)


def test_no_encoder() -> None:
    none = load_encoder("")
    assert isinstance(none, NoEncoder)
    assert none.encode(["甲", "乙"], query=True).shape == (2, 0)


def test_a_folder_without_weights(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "encoder", ignore=shutil.ignore_patterns("*.safetensors")))
    with pytest.raises(ModelError) as error:
        load_encoder(str(folder))
    one_clear_message(error.value, str(folder), "safetensors", "请")


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as error:
        load_encoder(str(tmp_path / "nowhere"))
    one_clear_message(error.value, "nowhere", "请")


@pytest.mark.parametrize("name", ["model.safetensors", "modules.json", "tokenizer.json"])
def test_damaged_files(tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "encoder"))
    file = next(folder.rglob(name))
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(ModelError) as error:
        load_encoder(str(folder)).encode(["算力券"])
    one_clear_message(error.value, str(folder), "请")


def test_the_hash_follows_the_files(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "encoder"))
    assert model_hash(str(folder)) == model_hash(str(SHIPPED))
    (folder / "modules.json").write_text("[]", "utf-8")
    assert model_hash(str(folder)) != model_hash(str(SHIPPED))
    assert len({model_hash(""), model_hash("some/name"), model_hash("other/name")}) == 3
