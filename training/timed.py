"""Training for a while: steps until the time is over, with checkpoints that a later run goes on from."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from torch import Tensor, nn

from training.pretrain import load_state, optimizers, save_state, take_steps
from training.static import scheduled

_SAVED_EVERY = 180.0  # seconds


def timed(folder: Path, model: nn.Module, minutes: float, rate: float, loss_of: Callable[[int], Tensor]) -> None:
    """Steps until the time is over, a checkpoint every three minutes and one at the end; a finished stage is skipped.

    Args:
        folder: of the checkpoint.
        model: what is trained, in place.
        minutes: wall-clock time.
        rate: highest learning rate of AdamW; see `optimizers`.
        loss_of: the loss of a step, by its number.
    """
    step = load_state(folder, model)
    if (folder / "finished").exists():
        return
    stepped = optimizers(model, rate)
    begin = saved = time.time()
    while (passed := time.time() - begin) < minutes * 60:
        loss = loss_of(step)
        take_steps(stepped, model, loss, scheduled(step, 1_000_000) * (1 - 0.95 * passed / (minutes * 60)))
        step += 1
        if step % 20 == 0:
            print(f"{folder.name} {step} {passed:.0f} s loss {loss.item():.3f}", flush=True)
        if time.time() - saved > _SAVED_EVERY:
            save_state(folder, model, step)
            saved = time.time()
    save_state(folder, model, step)
    (folder / "finished").touch()
