"""How a transformer runs: by torch, or compiled by OpenVINO, faster on a CPU with the same results (`python -m training.speed`).

The backends of sentence-transformers are not used, because with version 6 neither can be installed beside what stands here: its ONNX
extra wants transformers 4, its OpenVINO extra brings a torchvision that does not load with a CPU build of torch.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from qa.errors import ConfigError, ModelError

BACKENDS = ("torch", "openvino")
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_OPTIONS = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}  # left to itself it takes bf16: other scores


def set_backend(model: torch.nn.Module, backend: str) -> None:
    """Let the transformers in a model, if it holds any, run on a backend; on a CPU in float32, because half precision is slow there.

    Args:
        model: of transformers or sentence-transformers; changed in place.
        backend: one of `BACKENDS`.

    Raises:
        ConfigError: there is no such backend, or it is not installed.
        ModelError: the model cannot be converted.
    """
    if backend not in BACKENDS:
        raise ConfigError(f"没有名为 {backend!r} 的后端。backend 可设为 {' 或 '.join(BACKENDS)}。")
    if all(weights.device.type == "cpu" for weights in model.parameters()):
        model.float()
    if backend == "torch":
        return
    try:
        import openvino  # noqa: F401
    except ImportError as error:
        raise ConfigError(
            'backend = "openvino" 需要先安装：.venv/bin/pip install openvino。不想安装，请设 backend = "torch"。'
        ) from error
    for transformer in _transformers(model):
        try:
            transformer.forward = _Compiled(transformer)
        except Exception as error:
            reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
            raise ModelError(f'OpenVINO 无法转换该模型：{reason}。请设 backend = "torch"。') from error


def _transformers(module: torch.nn.Module) -> Iterator[Any]:
    """The outermost models of the transformers library."""
    from transformers import PreTrainedModel

    if isinstance(module, PreTrainedModel):
        yield module
    else:
        for child in module.children():
            yield from _transformers(child)


class _Compiled:
    """Takes what the forward function of a model takes, and gives the first of its outputs."""

    def __init__(self, model: Any) -> None:
        import openvino

        self._names = [name for name in _INPUTS if name in inspect.signature(model.forward).parameters]
        example = tuple(_default(name, torch.zeros(2, 8, dtype=torch.long)) for name in self._names)
        with torch.inference_mode(), _quiet():
            output = model(**dict(zip(self._names, example, strict=True)))
            self._type, self._first = type(output), next(iter(output))
            traced = openvino.convert_model(
                _Positional(model, self._names, self._first),
                example_input=example,
                input=[openvino.PartialShape([-1, -1])] * len(example),
            )
        threads = {"INFERENCE_NUM_THREADS": torch.get_num_threads()}
        self._compiled = openvino.Core().compile_model(traced, "CPU", _OPTIONS | threads)

    def __call__(self, input_ids: torch.Tensor, **given: Any) -> Any:
        inputs = [input_ids, *(_default(name, input_ids) if given.get(name) is None else given[name] for name in self._names[1:])]
        # A request of its own for each call, because threads may ask at the same time.
        found = self._compiled.infer_new_request([tensor.numpy(force=True) for tensor in inputs])
        return self._type(**{self._first: torch.from_numpy(found[0]).to(input_ids.device)})


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the tracer's warnings of sizes that it takes for constants (tests/test_backend.py tries several), and of loss functions."""
    from transformers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity_error()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logging.set_verbosity(before)


def _default(name: str, like: torch.Tensor) -> torch.Tensor:
    return torch.ones_like(like) if name == "attention_mask" else torch.zeros_like(like)


class _Positional(torch.nn.Module):
    """A model as OpenVINO traces it: inputs by their order, one output."""

    def __init__(self, model: Any, names: list[str], output: str) -> None:
        super().__init__()
        self._model, self._names, self._output = model, names, output

    def forward(self, *inputs: torch.Tensor) -> Any:
        return self._model(**dict(zip(self._names, inputs, strict=True)))[self._output]
