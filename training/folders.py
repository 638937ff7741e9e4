"""Model folders: the body that pre-training left, and what transformers and sentence-transformers load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing
from torch import Tensor
from transformers import ModernBertConfig

from training.tokenizer import SPECIAL

MOST_PIECES = 256


def body_weights(folder: str | Path) -> tuple[ModernBertConfig, dict[str, Tensor]]:
    """Configuration and weights of a body written by training.pretrain."""
    state = load_file(Path(folder) / "state.safetensors")
    weights = {name.removeprefix("body."): value for name, value in state.items() if name.startswith("body.")}
    return ModernBertConfig.from_pretrained(str(folder)), weights


def save_folder(model: Any, tokenizer: Tokenizer, out: Path, pairs: bool = True) -> None:
    """Weights in fp16, configuration, and a tokenizer; with `pairs` it puts `[CLS] question [SEP] text [SEP]` together."""
    from transformers import PreTrainedTokenizerFast

    model.to("cpu", torch.float16).save_pretrained(out)
    model.float()
    if pairs:
        special = [(name, SPECIAL.index(name)) for name in ("[CLS]", "[SEP]")]
        tokenizer.post_processor = TemplateProcessing(
            single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=special
        )
    names = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token", "mask_token"), SPECIAL, strict=True))
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=MOST_PIECES, model_input_names=["input_ids", "attention_mask"], **names
    ).save_pretrained(out)
