"""Whether a passage answers a question: a classifier over both together, because the article may be there and the answer not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qa.embed import require_weights
from qa.errors import ModelError

QUESTION_PIECES, TEXT_PIECES = 48, 208


class Answerability:
    """A sequence-classification folder of transformers with one output, read as log odds."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self._model = model
        self._tokenizer = tokenizer

    def odds(self, question: str, text: str) -> float:
        """Log odds that the text answers the question; both are cut to what the model was trained on."""
        import torch

        asked = self._tokenizer(question, add_special_tokens=False)["input_ids"][:QUESTION_PIECES]
        read = self._tokenizer(text, add_special_tokens=False)["input_ids"][:TEXT_PIECES]
        begin, end = self._tokenizer.cls_token_id, self._tokenizer.sep_token_id
        with torch.inference_mode():
            return float(self._model(input_ids=torch.tensor([[begin, *asked, end, *read, end]])).logits[0, 0])


def load_answerability(name: str, backend: str = "torch") -> Answerability | None:
    """The model that the settings name; None for "". Code that comes with a model is never run.

    Raises:
        ModelError: the folder is missing or incomplete, or the name cannot be loaded.
        ConfigError: the backend is unknown or not installed.
    """
    if not name:
        return None
    require_weights(name)
    from transformers import AutoModelForSequenceClassification, AutoTokenizer
    from transformers.utils import logging

    from qa.backend import set_backend

    logging.disable_progress_bar()  # loading 12 MB needs no bar on the command line
    options: dict[str, Any] = {"trust_remote_code": False, "local_files_only": Path(name).exists()}
    try:
        tokenizer = AutoTokenizer.from_pretrained(name, **options)
        model = AutoModelForSequenceClassification.from_pretrained(name, use_safetensors=True, **options).eval()
    except Exception as error:
        reason = str(error).split("\n", 1)[0]
        raise ModelError(f'无法加载可答性模型 {name}：{reason}。请检查名称或文件夹，或设 answerability = ""。') from error
    set_backend(model, backend)
    return Answerability(model, tokenizer)
