"""Tables as JSON: rows with ISO days, and ``None`` for what is not known."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import polars as pl

Interval = tuple[float, float]
"""Low and high."""


def rows(table: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, ready for JSON."""
    return [{name: plain(value) for name, value in row.items()} for row in table.iter_rows(named=True)]


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: ``1 event``, ``1,200 events``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def rounded(number: float) -> str:
    """Three figures, no exponent: ``12,300``, ``4.56``."""
    if not number:
        return "0"
    places = max(2 - math.floor(math.log10(abs(number))), 0)
    exact = round(number, 2 - math.floor(math.log10(abs(number))))
    return f"{exact:,.{min(places, 3)}f}"


def tenths(number: float) -> str:
    """A count that need not be whole: one decimal, none from a hundred on: ``4.2``, ``1,230``, ``under 0.1``."""
    if 0 < number < 0.05:
        return "under 0.1"
    return f"{number:,.1f}" if 0 < number < 99.95 else f"{number:,.0f}"


def ratio(number: float) -> str:
    """A ratio to two decimals, three figures above ten; to more where it would read 1 and is not: ``1.0004``."""
    if number >= 9.995:
        return rounded(number)
    if number == 1:
        return "1.00"
    near = next((text for places in (2, 3, 4) if float(text := f"{number:.{places}f}") != 1), None)
    return near or ("just under 1" if number < 1 else "just over 1")


def percent(share: float) -> str:
    """Whole percents, but ``under 1%`` and ``over 99%`` where it is not quite none or all."""
    if 0 < share < 0.005:
        return "under 1%"
    return "over 99%" if 0.995 <= share < 1 else f"{share:.0%}"
