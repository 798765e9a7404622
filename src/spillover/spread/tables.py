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
