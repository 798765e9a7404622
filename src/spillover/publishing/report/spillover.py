"""The spill-over table as the page carries it: who set off how many of whose events, by year and over the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from spillover.spread.contagion import Contagion
    from spillover.spread.contagion.catalogue import Floats, Ints

NAMES, ROWS = 8, 60
"""Names kept in a matrix, and rows of the table by year."""
_NORMAL = 1.645


def spillover_data(model: Contagion) -> dict[str, Any]:
    """``group`` and ``country``: ``names`` (those with most events, and ``of`` how many), ``window`` and ``years``:
    rows from → to with the events of ``to`` and the share of them that ``from`` set off.
    """
    c, fitted = model.catalogue, model.calibration
    return {
        "group": _kind(model, "group", c.groups, c.group, fitted.groups),
        "country": _kind(model, "country", c.countries, c.country, fitted.countries),
    }


def _kind(model: Contagion, kind: str, names: tuple[str, ...], of: Ints, errors: Floats) -> dict[str, Any]:
    counts = np.bincount(of, minlength=len(names))
    order = sorted(range(len(names)), key=lambda n: (-int(counts[n]), names[n]))[:NAMES]
    kept = [names[n] for n in order]
    table = model.spillover.filter(pl.col("kind") == kind)
    near = table.filter(pl.col("from").is_in(kept) & pl.col("to").is_in(kept))
    # what the calibration is off by in all years together, for years are not off independently
    off = _NORMAL * errors.sum(axis=1).std(axis=0, ddof=1)
    number = {name: n for n, name in enumerate(names)}
    window = []
    for a, b, triggered in near.group_by("from", "to", maintain_order=True).agg(pl.col("triggered").sum()).iter_rows():
        half, events = float(off[number[a], number[b]]), int(counts[number[b]])
        window.append(_row(None, a, b, triggered, max(triggered - half, 0.0), triggered + half, events))
    years = near.sort(["triggered", "year", "from", "to"], descending=[True, False, False, False]).head(ROWS)
    return {
        "names": [{"name": names[n], "events": int(counts[n])} for n in order], "of": len(names),
        "window": sorted(window, key=lambda row: -row["triggered"]),
        "years": [
            _row(y, a, b, t, low, high, n)
            for y, a, b, t, low, high, n in years.sort("year", "from", "to")
            .select("year", "from", "to", "triggered", "low", "high", "events").iter_rows()
        ],
        "years_of": table.height,
    }  # fmt: skip


def _row(year: int | None, a: str, b: str, triggered: float, low: float, high: float, events: int) -> dict[str, Any]:
    share, share_low, share_high = (round(min(x / events, 1.0), 4) for x in (triggered, low, high))
    return {
        "year": year, "from": a, "to": b, "triggered": round(triggered, 2), "events": events, "share": share,
        "low": share_low, "high": share_high,
    }  # fmt: skip
