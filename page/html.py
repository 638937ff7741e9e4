"""HTML elements whose text and attributes are always escaped."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

_VOID = frozenset({"br", "input", "hr"})


def el(name: str, /, *children: str | None, **attributes: str | int | bool | None) -> Markup:
    """An element. A plain string is escaped, `Markup` is kept, None is left out.

    Args:
        name: the tag.
        *children: text or elements.
        **attributes: `class_` is class, `data_span` is data-span; None and False are left out.

    >>> el("p", "a < b", class_="x", hidden=True)
    Markup('<p class="x" hidden>a &lt; b</p>')
    """
    written = Markup("").join(
        _attribute(key, value) for key, value in attributes.items() if value is not None and value is not False
    )
    opening = Markup("<{}{}>").format(Markup(name), written)
    return opening if name in _VOID else opening + join(children) + Markup("</{}>").format(Markup(name))


def button(*children: str | None, **attributes: str | int | bool | None) -> Markup:
    """A button that submits nothing: `data_event` sends it to Python, `data_do` to the page's script."""
    return el("button", *children, type="button", **attributes)


def join(parts: Iterable[str | None]) -> Markup:
    """Parts one after another, escaped where they are plain text."""
    return Markup("").join(escape(part) for part in parts if part is not None)


def _attribute(key: str, value: str | int | bool) -> Markup:
    name = Markup(key.rstrip("_").replace("_", "-"))
    return Markup(" {}").format(name) if value is True else Markup(' {}="{}"').format(name, value)
