"""A tiny causal model for tests that need a real one: nothing of it makes sense, all of it works."""

from __future__ import annotations

from pathlib import Path

from invented import TEXTS

from qa.answer.prompt import RULES

TEMPLATE = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}"


def write_tiny_model(folder: Path, template: str | None = TEMPLATE, context: int = 8192) -> Path:
    """A Llama of one layer with random weights and a byte-pair tokenizer trained on the invented policies."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    special = ["<s>", "</s>"]
    trainer = trainers.BpeTrainer(vocab_size=900, special_tokens=special, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator([*TEXTS.values(), RULES], trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>")
    fast.chat_template = template
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    torch.manual_seed(0)
    settings = LlamaConfig(vocab_size=len(fast), max_position_embeddings=context, bos_token_id=0, eos_token_id=1, **sizes)
    LlamaForCausalLM(settings).save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder


def write_tiny_classifier(folder: Path, architecture: str = "bert") -> Path:
    """A BERT or ModernBERT of one layer with random weights and one output, over single characters."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import AutoConfig, AutoModelForSequenceClassification, PreTrainedTokenizerFast

    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    characters = sorted({char for text in (*TEXTS.values(), "租房补多少何时到账设备") for char in text if not char.isspace()})
    tokenizer = Tokenizer(models.WordLevel({piece: n for n, piece in enumerate([*special.values(), *characters])}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=128, **special).save_pretrained(folder)
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "pad_token_id": 0}
    config = AutoConfig.for_model(architecture, vocab_size=len(characters) + 4, num_labels=1, initializer_range=0.5, **sizes)
    AutoModelForSequenceClassification.from_config(config).save_pretrained(folder)
    return folder
