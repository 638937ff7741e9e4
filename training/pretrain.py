r"""Stage 4 (transformer). Piece numbers -> a small BERT body that has learnt to fill in masked pieces.

The piece vectors may start from those of the static encoder. The run ends after `minutes` or `steps`, whichever is first;
a checkpoint is written every few minutes, and a run that finds one goes on from it.

    python -m training.pretrain --tokenizer build/training/tokenizer.json --ids build/training/words.ids.npy \
        --start models/encoder --out build/training/body
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from training.settings import with_changes
from training.static import scheduled, take_step
from training.tokenizer import SPECIAL

_CLS, _MASK = SPECIAL.index("[CLS]"), SPECIAL.index("[MASK]")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings for two CPU cores; README.md has those for a GPU."""

    layers: int = 3
    width: int = 256
    heads: int = 4
    length: int = 128  # pieces of a row
    batch: int = 64  # rows
    rate: float = 1e-3
    masked: float = 0.2
    minutes: float = 20.0
    steps: int = 1_000_000
    seed: int = 0


class MaskedModel(nn.Module):
    """A body with a head whose output vectors are the input vectors; only masked places are predicted."""

    def __init__(self, body: BertModel) -> None:
        super().__init__()
        self.body = body
        self.head = nn.Sequential(
            nn.Linear(body.config.hidden_size, body.config.hidden_size), nn.GELU(), nn.LayerNorm(body.config.hidden_size)
        )
        self.bias = nn.Parameter(torch.zeros(body.config.vocab_size))

    def forward(self, rows: Tensor, masked: Tensor) -> Tensor:
        """The mean loss of the masked places; `rows` is (b, t) long, `masked` (b, t) bool."""
        shown = torch.where(masked, torch.full_like(rows, _MASK), rows)
        hidden = self.body(input_ids=shown, attention_mask=(rows != 0).long()).last_hidden_state[masked]  # (m, width)
        scores = self.head(hidden) @ self.body.embeddings.word_embeddings.weight.T + self.bias
        return nn.functional.cross_entropy(scores.float(), rows[masked])


def new_body(tokenizer: Tokenizer, recipe: Recipe) -> BertModel:
    """A body with random weights."""
    return BertModel(
        BertConfig(
            vocab_size=tokenizer.get_vocab_size(), hidden_size=recipe.width, num_hidden_layers=recipe.layers,
            num_attention_heads=recipe.heads, intermediate_size=4 * recipe.width, max_position_embeddings=512, type_vocab_size=1,
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, pad_token_id=0,
        ),
        add_pooling_layer=False,
    )  # fmt: skip


def start_from(body: BertModel, tokenizer: Tokenizer, folder: str | Path) -> int:
    """Copy the static encoder's vectors of the pieces that both have, at the scale of BERT; returns how many."""
    from sentence_transformers import SentenceTransformer

    static = SentenceTransformer(str(folder), device="cpu", local_files_only=True)[0]
    theirs, table = static.tokenizer.get_vocab(), static.embedding.weight.detach()
    ours = tokenizer.get_vocab()
    shared = [piece for piece in ours if piece in theirs and ours[piece] >= len(SPECIAL)]
    weight = body.embeddings.word_embeddings.weight
    rows = nn.functional.normalize(table[[theirs[piece] for piece in shared], : weight.shape[1]], dim=1)
    with torch.no_grad():
        weight[[ours[piece] for piece in shared]] = rows * (0.02 * weight.shape[1] ** 0.5)
    return len(shared)


def draw_rows(ids: NDArray[np.uint16], recipe: Recipe, chance: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Random stretches of text, (b, t) long, and the places to mask, (b, t) bool."""
    begin = chance.integers(0, max(len(ids) - recipe.length, 1), recipe.batch)
    rows = ids[begin[:, None] + np.arange(recipe.length)[None, :]].astype(np.int64)
    rows[:, 0] = _CLS
    masked = (chance.random(rows.shape) < recipe.masked) & (rows >= len(SPECIAL))
    return torch.from_numpy(rows), torch.from_numpy(masked)


def save_state(folder: Path, model: nn.Module, step: int) -> None:
    """A checkpoint: weights, and how far the run is, written last."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: value.contiguous() for name, value in model.state_dict().items()}, folder / "state.safetensors")
    (folder / "state.json").write_text(json.dumps({"step": step}), "utf-8")


def load_state(folder: Path, model: nn.Module) -> int:
    """Take up a checkpoint; the number of its step, 0 when there is none."""
    from safetensors.torch import load_file

    if not (folder / "state.json").exists():
        return 0
    model.load_state_dict(load_file(folder / "state.safetensors"))
    return int(json.loads((folder / "state.json").read_text("utf-8"))["step"])


def pretrain(model: MaskedModel, ids: NDArray[np.uint16], recipe: Recipe, out: Path, device: str) -> None:
    """Masked language modelling with bf16 arithmetic."""
    model.to(device)
    step = load_state(out, model)
    chance = np.random.default_rng([recipe.seed, step])
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.rate, weight_decay=0.01)
    begin = saved = time.time()
    while (passed := time.time() - begin) < recipe.minutes * 60 and step < recipe.steps:
        rows, masked = draw_rows(ids, recipe, chance)
        with torch.autocast(device, dtype=torch.bfloat16):
            loss = model(rows.to(device), masked.to(device))
        share = max(passed / (recipe.minutes * 60), step / recipe.steps)
        take_step(optimizer, loss, recipe.rate * scheduled(step, 1_000_000) * (1 - 0.9 * share))
        step += 1
        if step % 50 == 0:
            print(f"{step} {passed:.0f} s loss {loss.item():.3f}", flush=True)
        if time.time() - saved > 180:
            save_state(out, model, step)
            saved = time.time()
    save_state(out, model, step)


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--ids", required=True, help="piece numbers written by training.cooccurrence with the same tokenizer")
    parser.add_argument("--start", default="", help="static encoder whose vectors the pieces start from")
    parser.add_argument("--out", required=True)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("settings", nargs="*", help="changes of the recipe, such as layers=4")
    args = parser.parse_args(arguments)
    recipe = with_changes(Recipe(), args.settings)
    torch.set_num_threads(args.threads)
    torch.manual_seed(recipe.seed)
    tokenizer = Tokenizer.from_file(args.tokenizer)
    body = new_body(tokenizer, recipe)
    if args.start:
        print(start_from(body, tokenizer, args.start), "pieces start from", args.start)
    pretrain(MaskedModel(body), np.load(args.ids), recipe, Path(args.out), args.device)


if __name__ == "__main__":
    main()
