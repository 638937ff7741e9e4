"""Charts as inline SVG: no script, no outside host, every text escaped; colours come from the page's CSS variables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

_LABEL, _BAR, _VALUE, _ROW = 150, 360, 110, 24  # px


def bars(values: Sequence[tuple[str, float, str]], title: str, top: float = 1.0) -> str:
    """Horizontal bars.

    Args:
        values: label, length (0..top), and the text written behind the bar.
        title: read by screen readers.
        top: the length of a full bar.
    """
    parts = []
    for row, (label, value, note) in enumerate(values):
        y, width = row * _ROW, _BAR * min(max(value / top, 0.0), 1.0) if top else 0.0
        parts.append(
            f'<text x="{_LABEL - 8}" y="{y + 16}" text-anchor="end" class="label">{escape(label)}</text>'
            f'<rect x="{_LABEL}" y="{y + 4}" width="{_BAR}" height="{_ROW - 8}" class="track"/>'
            f'<rect x="{_LABEL}" y="{y + 4}" width="{width:.1f}" height="{_ROW - 8}" class="bar"/>'
            f'<text x="{_LABEL + _BAR + 8}" y="{y + 16}" class="note">{escape(note)}</text>'
        )
    return _svg(parts, _LABEL + _BAR + _VALUE, max(len(values), 1) * _ROW, title)


def histogram(seconds: Sequence[float], title: str, columns: int = 24) -> str:
    """How many questions took how long: equal columns from 0 to the 99th percentile, the rest in the last one."""
    if not seconds:
        return ""
    end = sorted(seconds)[min(len(seconds) - 1, math.ceil(0.99 * len(seconds)) - 1)] or 1e-9
    counts = [0] * columns
    for value in seconds:
        counts[min(int(value / end * columns), columns - 1)] += 1
    width, height, step = 520, 120, 520 / columns
    parts = [
        f'<rect x="{i * step + 1:.1f}" y="{height - height * count / max(counts):.1f}" width="{step - 2:.1f}" '
        f'height="{height * count / max(counts):.1f}" class="bar"/>'
        for i, count in enumerate(counts)
    ]
    for share in (0.0, 0.5, 1.0):
        anchor = "start" if share == 0 else "end" if share == 1 else "middle"
        parts.append(
            f'<text x="{width * share:.0f}" y="{height + 16}" text-anchor="{anchor}" class="note">{end * share:.3f} s</text>'
        )
    return _svg(parts, width, height + 22, title)


def grouped(rows: Mapping[str, Mapping[str, float | None]], columns: Sequence[str], title: str) -> str:
    """One group of bars a row, one bar a column; used for ablations and comparisons."""
    values = [
        (f"{name} · {column}" if len(columns) > 1 else name, value, f"{value:.3f}")
        for column in columns
        for name, row in rows.items()
        if (value := row.get(column)) is not None
    ]
    return bars(values, title)


def _svg(parts: Sequence[str], width: float, height: float, title: str) -> str:
    head = f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(title, quote=True)}">'
    return f"{head}<title>{escape(title)}</title>{''.join(parts)}</svg>"
