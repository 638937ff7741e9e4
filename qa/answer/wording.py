"""How worked-out figures are written in answers."""

from __future__ import annotations

import re
from decimal import Decimal

from qa.quantities import Quantity


def money(value: Decimal) -> str:
    """A sum in yuan as people write it.

    >>> money(Decimal(56_000_000)), money(Decimal(130_000_000)), money(Decimal(900))
    ('5600万元', '1.3亿元', '900元')
    """
    for size, name in ((Decimal(10**8), "亿"), (Decimal(10**4), "万")):
        if value >= size:
            return f"{(value / size).normalize():f}{name}元"
    return f"{value.normalize():f}元"


def percent(value: Decimal) -> str:
    """A fraction of 1 as a percentage: 0.015 -> 1.5%."""
    return f"{(value * 100).normalize():f}%"


def said(quantity: Quantity) -> str:
    """The asker's figure in plain writing: 5600万 -> 5600万元, 六千万 -> 6000万元, 31家 -> 31家."""
    return money(quantity.value) if quantity.kind == "amount" and quantity.unit == "元" else written(quantity)


def written(quantity: Quantity) -> str:
    """A clause's figure as it stands there, without white space."""
    return re.sub(r"\s", "", quantity.text)
