r"""Stage 4 (transformer). Piece numbers -> a small ModernBERT body that has learnt to fill in masked pieces.

Rows are stretches of one long stream: running text, then public and own pairs as `[CLS] question [SEP] passage [SEP]`, so that
the body learns to look for a masked word of the question in the passage and the other way round. The piece vectors may start
from those of the static encoder. The run ends after `minutes` or `steps`, whichever is first; a checkpoint is written every few
minutes, and a run that finds one goes on from it.

    python -m training.pretrain --tokenizer build/training/tokenizer.json --ids build/training/words.ids.npy \
        --start models/encoder --data ../shared/data --questions FIT.jsonl --out build/training/body
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import ModernBertConfig, ModernBertModel

from qa.chunk import make_passages
from qa.corpus import load_corpus
from training.contrast import cut
from training.data import own_lines, own_questions, passage_texts, read_pairs
from training.settings import add_device, run_stage, stage_parser
from training.static import scheduled
from training.tokenizer import SPECIAL

_CLS, _SEP, _MASK = (SPECIAL.index(name) for name in ("[CLS]", "[SEP]", "[MASK]"))
_MUON = 2.5  # its rate, in rates of AdamW


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings for two CPU cores; README.md has those for a GPU."""

    layers: int = 3
    width: int = 256
    heads: int = 4
    length: int = 128  # pieces of a row
    batch: int = 64  # rows
    rate: float = 2e-3
    masked: float = 0.25
    pair_share: float = 0.4  # of the rows
    minutes: float = 45.0
    steps: int = 1_000_000
    seed: int = 0


class MaskedModel(nn.Module):
    """A body with a head whose output vectors are the input vectors; only masked places are predicted."""

    def __init__(self, body: ModernBertModel) -> None:
        super().__init__()
        self.body = body
        self.head = nn.Sequential(
            nn.Linear(body.config.hidden_size, body.config.hidden_size), nn.GELU(), nn.LayerNorm(body.config.hidden_size)
        )
        self.bias = nn.Parameter(torch.zeros(body.config.vocab_size))

    def forward(self, rows: Tensor, masked: Tensor) -> Tensor:
        """The mean loss of the masked places; `rows` is (b, t) long, `masked` (b, t) bool.

        Only the masked pieces of the batch compete: the whole vocabulary costs as much as the body and teaches no more.
        """
        shown = rows.masked_fill(masked, _MASK)
        hidden = self.body(input_ids=shown).last_hidden_state[masked]  # (m, width)
        pieces, target = torch.unique(rows[masked], return_inverse=True)
        scores = self.head(hidden) @ piece_vectors(self.body)[pieces].T + self.bias[pieces]
        return nn.functional.cross_entropy(scores.float(), target)


def new_body(tokenizer: Tokenizer, recipe: Recipe) -> ModernBertModel:
    """A body with random weights, every layer attending to everything.

    ModernBERT (Warner et al. 2024) because it learns within minutes: its norms stand before the layers. A BERT body of this size
    had learnt nothing but frequencies after 250 steps, whatever the rate.
    """
    cls, sep, pad = (SPECIAL.index(name) for name in ("[CLS]", "[SEP]", "[PAD]"))
    return ModernBertModel(
        ModernBertConfig(
            vocab_size=tokenizer.get_vocab_size(), hidden_size=recipe.width, num_hidden_layers=recipe.layers,
            num_attention_heads=recipe.heads, intermediate_size=2 * recipe.width, max_position_embeddings=512,
            global_attn_every_n_layers=1, pad_token_id=pad, bos_token_id=cls, cls_token_id=cls, eos_token_id=sep, sep_token_id=sep,
        )
    )  # fmt: skip


def piece_vectors(body: ModernBertModel) -> Tensor:
    """The table of input vectors, (pieces, width)."""
    return body.embeddings.tok_embeddings.weight


def optimizers(model: nn.Module, rate: float) -> list[tuple[torch.optim.Optimizer, float]]:
    """Muon (Jordan 2024) for the matrices inside the layers, AdamW for the rest; each with its highest rate.

    After 150 steps the loss was 5.94 with Muon and 6.30 with AdamW alone.
    """
    inside = [p for name, p in model.named_parameters() if p.ndim == 2 and ".layers." in name]
    known = {id(p) for p in inside}
    rest = [p for p in model.parameters() if id(p) not in known]
    muon = torch.optim.Muon(inside, lr=_MUON * rate, weight_decay=0.01, adjust_lr_fn="match_rms_adamw")
    return [(muon, _MUON * rate), (torch.optim.AdamW(rest, lr=rate, weight_decay=0.01, fused=True), rate)]


def take_steps(stepped: Sequence[tuple[torch.optim.Optimizer, float]], model: nn.Module, loss: Tensor, factor: float) -> None:
    """One step of every optimizer at `factor` times its highest rate, gradients clipped to length 1."""
    for optimizer, highest in stepped:
        optimizer.zero_grad()
        for group in optimizer.param_groups:
            group["lr"] = highest * factor
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimizer, _ in stepped:
        optimizer.step()


def start_from(body: ModernBertModel, tokenizer: Tokenizer, folder: str | Path) -> int:
    """Copy the static encoder's vectors of the pieces that both have, at the scale of a fresh table; returns how many."""
    from sentence_transformers import SentenceTransformer

    static = SentenceTransformer(str(folder), device="cpu", local_files_only=True)[0]
    theirs, table = static.tokenizer.get_vocab(), static.embedding.weight.detach()
    ours = tokenizer.get_vocab()
    shared = [piece for piece in ours if piece in theirs and ours[piece] >= len(SPECIAL)]
    weight = piece_vectors(body)
    rows = nn.functional.normalize(table[[theirs[piece] for piece in shared], : weight.shape[1]], dim=1)
    with torch.no_grad():
        weight[[ours[piece] for piece in shared]] = rows * (0.02 * weight.shape[1] ** 0.5)
    return len(shared)


def pair_stream(tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]], seed: int) -> NDArray[np.uint16]:
    """`[CLS] question [SEP] passage [SEP]` of all pairs in random order, (n,) uint16."""
    order = np.random.default_rng(seed).permutation(len(pairs))
    questions, passages = (cut(tokenizer, [pairs[number][side] for number in order]) for side in (0, 1))
    cls, sep = np.array([_CLS], dtype=np.uint16), np.array([_SEP], dtype=np.uint16)
    rows = range(len(pairs))
    return np.concatenate([part for n in rows for part in (cls, *questions.take([n], 64), sep, *passages.take([n], 192), sep)])


def draw_rows(streams: Sequence[NDArray[np.uint16]], recipe: Recipe, chance: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Random stretches, (b, t) long, `pair_share` of them of the second stream if there is one; and the places to mask, bool."""
    drawn = chance.random(recipe.batch) < recipe.pair_share * (len(streams) > 1)
    counts = (recipe.batch - int(drawn.sum()), int(drawn.sum()))
    rows = np.concatenate([_stretches(ids, n, recipe.length, chance) for ids, n in zip(streams, counts, strict=False)])
    rows[:, 0] = _CLS
    masked = (chance.random(rows.shape) < recipe.masked) & (rows >= len(SPECIAL))
    return torch.from_numpy(rows), torch.from_numpy(masked)


def _stretches(ids: NDArray[np.uint16], count: int, length: int, chance: np.random.Generator) -> NDArray[np.int64]:
    begin = chance.integers(0, max(len(ids) - length, 1), count)
    return ids[begin[:, None] + np.arange(length)[None, :]].astype(np.int64)


def public_texts(data: str | Path) -> list[tuple[str, str]]:
    """The public pairs, the better sources twice."""
    return [(pair.question, pair.passage) for pair in read_pairs(data) for _ in range(1 + (pair.weight > 1))]


def own_texts(corpus: str | Path, files: Sequence[str | Path], times: int = 3) -> list[tuple[str, str]]:
    """Our own questions and lines with the passages that answer them."""
    loaded = load_corpus(corpus)
    passages = make_passages(loaded, 500)
    texts = passage_texts(loaded, passages)
    asked = [*own_questions(files, loaded, passages), *own_lines(loaded, passages)]
    return [(f"{item.place} {item.text}".strip(), texts[item.passages[0]]) for item in asked for _ in range(times)]


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


def pretrain(model: MaskedModel, streams: Sequence[NDArray[np.uint16]], recipe: Recipe, out: Path, device: str) -> None:
    """Masked language modelling with bf16 arithmetic."""
    model.to(device)
    step = load_state(out, model)
    chance = np.random.default_rng([recipe.seed, step])
    stepped = optimizers(model, recipe.rate)
    begin = saved = time.time()
    while (passed := time.time() - begin) < recipe.minutes * 60 and step < recipe.steps:
        rows, masked = draw_rows(streams, recipe, chance)
        with torch.autocast(device, dtype=torch.bfloat16):
            loss = model(rows.to(device), masked.to(device))
        share = max(passed / (recipe.minutes * 60), step / recipe.steps)
        take_steps(stepped, model, loss, scheduled(step, 1_000_000) * (1 - 0.95 * share))
        step += 1
        if step % 50 == 0:
            print(f"{step} {passed:.0f} s loss {loss.item():.3f}", flush=True)
        if time.time() - saved > 180:
            save_state(out, model, step)
            saved = time.time()
    save_state(out, model, step)


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = stage_parser(__doc__)
    add_device(parser)
    parser.add_argument("--ids", required=True, help="piece numbers written by training.cooccurrence with the same tokenizer")
    parser.add_argument("--start", default="", help="static encoder whose vectors the pieces start from")
    parser.add_argument("--data", default="", help="folder of public pairs; none: running text only")
    parser.set_defaults(questions=[])
    run_stage(parser, arguments, Recipe(), train)


def train(args: argparse.Namespace, recipe: Recipe) -> None:
    """A fresh body, the streams, then the folder."""
    torch.manual_seed(recipe.seed)
    tokenizer = Tokenizer.from_file(args.tokenizer)
    body = new_body(tokenizer, recipe)
    if args.start:
        print(start_from(body, tokenizer, args.start), "pieces start from", args.start)
    streams = [np.load(args.ids)]
    if args.data:
        streams.append(pair_stream(tokenizer, [*public_texts(args.data), *own_texts(args.corpus, args.questions)], recipe.seed))
        print(len(streams[0]), "pieces of text,", len(streams[1]), "of pairs", flush=True)
    body.config.save_pretrained(args.out)
    pretrain(MaskedModel(body), streams, recipe, Path(args.out), args.device)


if __name__ == "__main__":
    main()
