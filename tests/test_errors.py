"""The tree drawn in the module's docstring is the tree of classes."""

from __future__ import annotations

import inspect
import re

import qa.errors
from qa.errors import QAError


def classes() -> dict[str, str]:
    """Name -> name of its base, for all errors of the module."""
    found = inspect.getmembers(qa.errors, lambda value: inspect.isclass(value) and value.__module__ == qa.errors.__name__)
    return {name: value.__base__.__name__ for name, value in found}


def drawn() -> dict[str, str]:
    """The same from the drawing: depth is the column at which a name begins."""
    tree = (qa.errors.__doc__ or "").split("```")[1]
    parents: list[tuple[int, str]] = []
    result = {}
    for line in tree.strip("\n").split("\n"):
        match = re.search(r"[A-Za-z]+", line)
        assert match is not None
        while parents and parents[-1][0] >= match.start():
            parents.pop()
        result[match.group()] = parents[-1][1] if parents else "Exception"
        parents.append((match.start(), match.group()))
    return result


def test_the_drawing_is_the_tree() -> None:
    assert drawn() == classes()


def test_every_error_is_explained_and_is_one_of_ours() -> None:
    for name in classes():
        error = getattr(qa.errors, name)
        assert issubclass(error, QAError)
        assert error.__doc__
    tree = (qa.errors.__doc__ or "").split("```")[1]
    for line in tree.strip().split("\n")[1:]:
        assert re.search(r"Error\s{2,}\S", line), line
