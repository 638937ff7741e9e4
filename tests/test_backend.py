"""Backends of transformers: OpenVINO gives what torch gives, for every kind of model that the settings can name."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from checks import one_clear_message
from tiny_model import write_tiny_classifier

from qa.backend import set_backend
from qa.config import ROOT, Config
from qa.embed import load_encoder
from qa.errors import ConfigError, ModelError
from qa.pipeline import Assistant, load
from qa.rerank import CrossReranker, load_reranker

TOLERANCE = 1e-4
QUESTIONS = ("租房补多少", "", "云州企业租房补贴何时到账？" * 3, "云州企业租房补贴" * 60)
TEXTS = ("按租金的50%给予补贴", "按设备的20%给予补贴，最高100万元。", "云州" * 400)


@pytest.fixture(scope="module", params=["bert", "modernbert"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny_classifier(tmp_path_factory.mktemp("classifier"), request.param))


def test_vectors_are_the_same_with_padding_between(folder: str) -> None:
    vectors = [load_encoder(folder, backend=backend).encode([*QUESTIONS, *TEXTS]) for backend in ("torch", "openvino")]
    assert vectors[0].shape == (7, 16)
    np.testing.assert_allclose(vectors[1], vectors[0], atol=TOLERANCE)


def test_a_cross_encoder_ranks_the_same(folder: str, assistant: Assistant) -> None:
    retriever = assistant.ranking.retriever
    query = assistant.parse("在黄埔办AI公司，租房能补多少？")
    candidates = retriever.candidates(query)
    rerankers = [load_reranker(folder, retriever, backend=backend) for backend in ("torch", "openvino")]
    assert all(isinstance(reranker, CrossReranker) for reranker in rerankers)
    plain, compiled = (reranker.score(query, candidates) for reranker in rerankers)
    np.testing.assert_allclose(compiled, plain, atol=TOLERANCE)


def test_the_whole_pipeline_answers_the_same(invented: Path, tmp_path: Path, folder: str) -> None:
    answers = []
    for backend in ("torch", "openvino"):
        settings = {"encoder": folder, "reranker": folder, "backend": backend}
        answers.append(
            load(Config(corpus_dir=str(invented), index_dir=str(tmp_path / "index"), **settings)).ask("青河高新区算力券发多少")
        )
    assert answers[0].citations
    assert [(answer.text, answer.citations) for answer in answers[:1]] == [
        (answer.text, answer.citations) for answer in answers[1:]
    ]


def test_the_static_encoder_that_ships_needs_neither() -> None:
    plain, compiled = (load_encoder(str(ROOT / "models" / "encoder"), backend=name).encode(TEXTS) for name in ("torch", "openvino"))
    np.testing.assert_array_equal(compiled, plain)


def test_threads_may_ask_at_the_same_time(folder: str) -> None:
    encoder = load_encoder(folder, backend="openvino")
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: encoder.encode([text])[0], [*QUESTIONS, *TEXTS] * 5))
    np.testing.assert_allclose(together, np.tile(encoder.encode([*QUESTIONS, *TEXTS]), (5, 1)), atol=TOLERANCE)


def test_an_unknown_backend_is_one_clear_sentence(folder: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_encoder(folder, backend="onnx")
    one_clear_message(caught.value, "openvino")


def test_a_backend_that_is_not_installed_names_the_remedy(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(ConfigError) as caught:
        load_encoder(folder, backend="openvino")
    one_clear_message(caught.value, "pip install openvino")


def test_a_model_that_cannot_be_converted_names_the_remedy(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import openvino

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("operation aten::strange is not supported\nmore about it")

    monkeypatch.setattr(openvino, "convert_model", refuse)
    with pytest.raises(ModelError) as caught:
        load_encoder(folder, backend="openvino")
    one_clear_message(caught.value, "torch")


def test_half_precision_is_not_computed_with_on_a_cpu() -> None:
    halves = torch.nn.Linear(2, 2, dtype=torch.float16)
    set_backend(halves, "torch")
    assert halves.weight.dtype == torch.float32


def test_a_model_without_a_transformer_stays_as_it_is() -> None:
    linear = torch.nn.Linear(2, 2)
    before = linear.forward
    set_backend(linear, "openvino")
    assert linear.forward == before
