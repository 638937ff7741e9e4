"""The command line of the stages that learn weights, and changes of a recipe: `own_steps=300 rate=1e-3`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

import torch

Recipe = TypeVar("Recipe", bound=Any)


def with_changes(recipe: Recipe, changes: Sequence[str]) -> Recipe:
    """A frozen recipe with some fields changed.

    Raises:
        SystemExit: a field is unknown.
    """
    kinds = {field.name: type(getattr(recipe, field.name)) for field in fields(recipe)}
    values: dict[str, Any] = {}
    for change in changes:
        name, _, value = change.partition("=")
        if name not in kinds:
            raise SystemExit(f"unknown setting {change!r}; known: {', '.join(kinds)}")
        values[name] = value.lower() in ("1", "true") if kinds[name] is bool else kinds[name](value)
    return replace(recipe, **values)


def stage_parser(description: str | None) -> argparse.ArgumentParser:
    """What every stage with a recipe takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--corpus", default="corpus")
    parser.add_argument("--questions", nargs="*", default=["eval/questions/train.jsonl"], help="our own, that may be learnt from")
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("settings", nargs="*", help="changes of the recipe, such as seed=1")
    return parser


def add_data(parser: argparse.ArgumentParser) -> None:
    """The folder of public text and pairs."""
    parser.add_argument("--data", default="../shared/data")


def add_device(parser: argparse.ArgumentParser) -> None:
    """Where a transformer is trained."""
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")


def add_body(parser: argparse.ArgumentParser) -> None:
    """What a stage takes that goes on from a pre-trained body."""
    parser.add_argument("--body", required=True, help="folder written by training.pretrain")
    add_device(parser)


def add_retrieval(parser: argparse.ArgumentParser, stage: str) -> None:
    """What a stage takes that learns from the passages our own search finds."""
    parser.add_argument("--static", default="models/encoder", help="encoder of the search that finds wrong passages")
    parser.add_argument("--index", default="index", help="index of the corpus; built when it is missing")
    parser.add_argument("--state", default=f"build/training/{stage}", help="folder of the checkpoints")


def run_stage(
    parser: argparse.ArgumentParser,
    arguments: Sequence[str] | None,
    recipe: Recipe,
    train: Callable[[argparse.Namespace, Recipe], None],
) -> None:
    """Read the command line, then train."""
    args = parser.parse_args(arguments)
    torch.set_num_threads(args.threads)
    train(args, with_changes(recipe, args.settings))
