"""Charts of the measures as plain data, for the web: what to draw, and the rows to draw it from."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import h3
import numpy as np
import polars as pl

from spillover.errors import SpreadError
from spillover.spread.common import middle
from spillover.spread.firsthits import FirstHits
from spillover.spread.footprint import LEAST, Footprint
from spillover.spread.hexagons import cell_size, outline
from spillover.spread.lately import Lately
from spillover.spread.nearrepeat import NearRepeat
from spillover.spread.tables import rounded, rows
from spillover.spread.tempo import Tempo

Measure = Tempo | Footprint | FirstHits | NearRepeat | Lately
SHOWN = 12
"""Most rows a table of a chart names; a chart of more cannot be read in a report."""


def chart(result: Measure, *, sources: Sequence[str] = ()) -> dict[str, Any]:
    """A chart of a measure: ``title``, ``caption`` (the sources), ``note`` (the measure's words), scales (``x``, ``y``,
    ``color``), ``marks`` and ``data``, rows by table; ready for JSON. The marks stand in ``charts.toml``.

    :class:`~spillover.errors.SpreadError` for another measure.
    """
    match result:
        case Tempo():
            spec, data = _specs()["tempo"], {"table": rows(result.table), "breaks": rows(result.breaks)}
            fill: dict[str, Any] = {"by": result.by, "half_life": result.half_life}
        case Footprint():
            cells = outlined(result.cells, "cell")
            spec, data = _specs()["footprint"], {"cells": rows(cells), "periods": rows(centres(result))}
            fill = {"km2": rounded(cell_size(result.resolution)), "period": result.period}
        case FirstHits():
            spec, fill = _specs()["first_hits"]["cell" if result.level == "cell" else "division"], {}
            hits = outlined(result.hits, "place") if result.level == "cell" else latest(result)
            data = {"hits": rows(hits)}
        case NearRepeat():
            spec, data, fill = _specs()["near_repeat"], {"table": rows(banded(result))}, {}
        case Lately():
            spec, data = _specs()["lately"], {"table": rows(compared(result))}
            fill = {"weeks": ((result.as_of - result.since).days + 1) // 7, "as_of": result.as_of}
        case _:
            raise SpreadError(f"there is no chart of {type(result).__name__}", to_do="Use its tables")
    filled: dict[str, Any] = _filled(spec, fill | {"words": result.words_of})
    return filled | {"caption": caption(sources), "note": result.words(), "data": data}


def caption(sources: Sequence[str]) -> str:
    """Where the data are from."""
    return f"Data: {'; '.join(sources)}" if sources else ""


@cache
def _specs() -> dict[str, Any]:
    return tomllib.loads(files("spillover.spread").joinpath("charts.toml").read_text(encoding="utf-8"))


def _filled(spec: Any, fill: dict[str, Any]) -> Any:
    if isinstance(spec, str):
        return spec.format(**fill)
    if isinstance(spec, dict):
        return {key: _filled(value, fill) for key, value in spec.items()}
    return [_filled(value, fill) for value in spec] if isinstance(spec, list) else spec


def outlined(table: pl.DataFrame, column: str) -> pl.DataFrame:
    """A table of H3 cells with their ``outline``: corners as [longitude, latitude], on one side of the antimeridian."""
    points = np.array([h3.cell_to_latlng(cell) for cell in table[column]]).reshape(-1, 2)
    _, about = middle(points[:, 0], points[:, 1]) if len(points) else (0.0, 0.0)
    corners = [[list(corner) for corner in outline(cell, about)] for cell in table[column]]
    return table.with_columns(outline=pl.Series(corners, dtype=pl.List(pl.List(pl.Float64))))


def centres(result: Footprint) -> pl.DataFrame:
    """The centre in each period with :data:`~spillover.spread.footprint.LEAST` events, for that of a few wanders;
    longitudes as in the map of its cells."""
    about = result.whole.lon or 0.0
    table = result.periods.filter(pl.col("lon").is_not_null() & (pl.col("events") >= LEAST))
    return table.select("period", "events", "lat", lon=about + (pl.col("lon") - about + 180) % 360 - 180)


def latest(result: FirstHits) -> pl.DataFrame:
    """The places hit last, up to 30, with the window's first day."""
    return result.hits.select("name", "country", "first", "events", since=pl.lit(result.since)).tail(30)


def banded(result: NearRepeat) -> pl.DataFrame:
    """The Knox table with bands in words, and a label with a star for p ≤ .05 in both nulls."""

    def band(low: str, high: str) -> pl.Expr:
        return pl.when(pl.col(low) == 0).then(pl.format("up to {}", _number(high))).otherwise(
            pl.format("{} to {}", _number(low), _number(high))
        )  # fmt: skip

    star = pl.when((pl.col("p") <= 0.05) & (pl.col("year_p") <= 0.05)).then(pl.lit("*")).otherwise(pl.lit(""))
    ratio = pl.col("year_ratio").round(2).cast(pl.String)
    return result.table.with_columns(
        distance=band("km_from", "km_to"),
        time=band("days_from", "days_to"),
        label=pl.concat_str(ratio, star).fill_null("none expected"),
    )


def _number(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64).cast(pl.String).str.strip_suffix(".0")


def compared(result: Lately) -> pl.DataFrame:
    """What the figure of :class:`~spillover.spread.lately.Lately` names: all, then countries (where several),
    divisions and actors, flagged ones first, then those with most events; those with a ratio alone."""
    columns = ("name", "kind", "events", "expected", "ratio", "wide_low", "wide_high", "flag", "change")
    whole = pl.DataFrame([result.whole], schema=dict.fromkeys(["whole"], pl.String) | _types(result.divisions))
    parts = [whole.with_columns(name=pl.lit("all"), kind=pl.lit("all"))]
    if result.countries.height > 1:
        parts.append(result.countries.with_columns(name="country", kind=pl.lit("country")))
    parts.append(result.divisions.with_columns(name="admin1", kind=pl.lit("division")))
    parts.append(result.actors.with_columns(name="actor", kind=pl.lit("actor")))
    room = [1, *[max(1, (SHOWN - 1) // (len(parts) - 1))] * (len(parts) - 1)]
    return pl.concat(
        part.filter(pl.col("ratio").is_not_null())
        .with_columns(change=pl.col("flag").fill_null("none"))
        .sort([pl.col("flag").is_null(), "events", "before", "name"], descending=[False, True, True, False])
        .head(n)
        .select(columns)
        for part, n in zip(parts, room, strict=True)
    )


def _types(table: pl.DataFrame) -> dict[str, Any]:
    return {name: dtype for name, dtype in table.schema.items() if name not in ("country", "admin1")}
