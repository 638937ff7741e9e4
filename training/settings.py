"""Changes of a recipe from the command line: `own_steps=300 rate=1e-3`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

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
