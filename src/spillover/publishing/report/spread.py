"""The part of the report's data that holds the spread of violence: what the page draws, and what each measure says.

Its types for the front end are in ``frontend/src/lib/spreadtypes.ts``. Long tables are cut; ``of`` says how long they
are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from spillover.publishing.report.spillover import spillover_data
from spillover.records.countries import names as country_names
from spillover.spread.charts import banded, outlined
from spillover.spread.hexagons import cell_size
from spillover.spread.tables import plain, rows

if TYPE_CHECKING:
    from spillover.spread import Contagion, FirstHits, Footprint, Lately, NearRepeat, Overview, Selection, Tempo

CHANGES, CELLS, HITS = 8, 250, 30
"""Rows kept: of each table of what changed lately, of active cells, of first hits."""
LEAST = 0.5
"""Fewest events to be expected of a row of what changed lately that had none."""


def spread_data(made: Overview) -> dict[str, Any]:
    """An overview as the page carries it. The same overview gives the same bytes."""
    s = made.selection
    where = sorted(s.events["country"].drop_nulls().unique())
    return {
        "words": s.words, "since": plain(s.since), "until": plain(s.until), "events": len(s),
        "sources": list(s.sources), "seed": made.seed,
        "sections": [{"title": p.title, "text": p.text, "measure": p.measure or None} for p in made.sections()],
        "skipped": dict(made.skipped),
        "countries": {code: country_names().get(code, code) for code in where},
        "lately": _lately(made.lately) if made.lately else None,
        "tempo": _tempo(made.tempo) if made.tempo else None,
        "map": _map(s, made.footprint, made.first_hits, made.lately),
        "near_repeat": _near_repeat(made.near_repeat) if made.near_repeat else None,
        "contagion": _contagion(made.contagion) if made.contagion else None,
    }  # fmt: skip


def _lately(found: Lately) -> dict[str, Any]:
    columns = ("kind", "name", "country", "events", "deaths", "before", "expected", "ratio", "wide_low", "wide_high")
    parts = [("country", found.countries, "country"), ("division", found.divisions, "admin1"),
             ("actor", found.actors, "actor")]  # fmt: skip
    kept = [{name: found.whole.get(name) for name in (*columns, "flag", "status")} | {"kind": "all", "name": "all"}]
    for kind, table, name in parts if found.countries.height > 1 else parts[1:]:
        named = table.with_columns(kind=pl.lit(kind), name=pl.col(name))
        if "country" not in named.columns:
            named = named.with_columns(country=pl.lit(None, dtype=pl.String))
        # rows of which nothing was to be expected, and nothing came, say nothing
        named = named.filter((pl.col("events") > 0) | (pl.col("expected") >= LEAST) | pl.col("flag").is_not_null())
        order = [pl.col("flag").is_null(), -pl.col("events"), -pl.col("before"), pl.col("name")]
        kept += named.sort(order).head(CHANGES).select(*columns, "flag", "status").to_dicts()
    return {
        "as_of": plain(found.as_of), "since": plain(found.since), "before_since": plain(found.before_since),
        "provisional": found.provisional, "rows": [_short(row) for row in kept],
        "of": {kind: table.height for kind, table, _ in parts},
    }  # fmt: skip


def _tempo(found: Tempo) -> dict[str, Any]:
    table = found.table
    return {
        "by": found.by, "half_life": found.half_life, "near": found.near, "start": plain(table["period"][0]),
        "periods": [plain(day) for day in table["period"]] if found.by == "week" else None,
        "events": table["events"].to_list(), "deaths": table["deaths"].to_list(),
        "mean": [round(value, 2) for value in table["events_mean"]],
        # rounded as in the words, which JavaScript would do otherwise
        "breaks": [_short(row) | {"support": round(row["support"], 2)} for row in rows(found.breaks)],
    }  # fmt: skip


def _map(
    s: Selection, ground: Footprint | None, hits: FirstHits | None, lately: Lately | None
) -> dict[str, Any] | None:
    """Active cells, those newly active first, then those with most events; where each division was first hit; and the
    middle of each country's events."""
    if ground is None:
        return None
    fresh = lately.cells["cell"].to_list() if lately else []
    cells = ground.cells.with_columns(fresh=pl.col("cell").is_in(fresh))
    kept = outlined(cells.sort("fresh", descending=True, maintain_order=True).head(CELLS), "cell")
    usable = s.usable()[0]
    middles = usable.drop_nulls("country").group_by("country").agg(
        pl.col("lat").median(), pl.col("lon").median(), events=pl.len()
    )  # fmt: skip
    return {
        "km2": round(cell_size(ground.resolution)), "of": ground.cells.height,
        "cells": [
            {
                "ring": [[round(lon, 2), round(lat, 2)] for lon, lat in row["outline"][:-1]],
                **{name: plain(row[name]) for name in ("events", "deaths", "first", "last", "fresh")},
            }
            for row in kept.iter_rows(named=True)
        ],
        "hits": _hits(hits, usable) if hits else [], "hits_of": hits.hits.height if hits else 0,
        "at_risk": hits.at_risk if hits else 0, "risk": hits.risk if hits else "",
        "middles": [_short(row) for row in middles.sort("country").to_dicts()],
    }  # fmt: skip


def _hits(hits: FirstHits, usable: pl.DataFrame) -> list[dict[str, Any]]:
    """The places hit last, each at its first event; without a point where that has no usable one."""
    points = usable.unique("id", keep="first", maintain_order=True).select("id", "lat", "lon")
    columns = ("name", "country", "first", "group", "events", "lat", "lon")
    found = hits.hits.tail(HITS).join(points, on="id", how="left", maintain_order="left")
    return [_short(row) for row in rows(found.select(columns))]


def _near_repeat(found: NearRepeat) -> dict[str, Any]:
    columns = ("distance", "time", "pairs", "expected", "ratio", "p", "year_expected", "year_ratio", "year_p")
    return {
        "permutations": found.permutations, "events": found.events, "mixed": found.mixed,
        "table": [_short(row) for row in rows(banded(found).select(columns))],
    }  # fmt: skip


def _contagion(found: Contagion) -> dict[str, Any]:
    o, r = found.offspring, found.radius
    return {
        "events": len(found.catalogue), "told_apart": found.told_apart, "faults": list(found.residuals.faults),
        "bandwidth": found.settings.bandwidth,
        "offspring": _short({"value": o.value, "low": o.low, "high": o.high, "raw": o.raw}),
        "wide": [round(end, 4) for end in found.wide],
        "radius": _short({"value": r.value, "low": r.low, "high": r.high}),
        "placebos": {kind: [round(value, 4) for value in values] for kind, values in found.placebos.items()},
        "spillover": spillover_data(found),
    }  # fmt: skip


def _short(row: dict[str, Any]) -> dict[str, Any]:
    """A row with numbers to four decimals, more than a page shows."""
    return {name: round(value, 4) if isinstance(value, float) else plain(value) for name, value in row.items()}
