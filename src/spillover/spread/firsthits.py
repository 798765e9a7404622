"""First hits: when each place had its first event, how fast places were reached, and what raised the chance of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import h3
import numpy as np
import polars as pl

from spillover.errors import SpreadError
from spillover.spread.common import beside, left_form
from spillover.spread.hexagons import RESOLUTION, around
from spillover.spread.places import Level, noun, one_name, placed
from spillover.spread.selection import LeftOut, Selection
from spillover.spread.survival import Hazard, hazard, kaplan_meier
from spillover.spread.tables import plain, rows

RECENT = 6


@dataclass(frozen=True, slots=True)
class FirstHits:
    """First events by place.

    ``hits``: a row a place hit, first ones first: ``place`` (ISO 3166-2, H3 index, ISO3; else country and name),
    ``name``, ``country``, ``first``, ``id`` (of the event), ``group``, ``side_a``, ``side_b``, ``events`` (in all).
    ``by_group``: the same for each group and place. ``countries``: the same for each group and country.
    ``at_risk``: places watched; ``risk``: which ones they are; ``wider``: those that others hit are among them.
    ``curve``: share of them without an event, see :func:`~spillover.spread.survival.kaplan_meier`, with ``date``.
    ``half``: day on which half had been hit.
    ``hazard``: for cells, from the month after the first event on; ``None`` where there are too few first hits.
    """

    words_of: str
    level: Level
    resolution: int
    since: date
    until: date
    hits: pl.DataFrame
    by_group: pl.DataFrame
    countries: pl.DataFrame
    at_risk: int
    risk: str
    wider: bool
    curve: pl.DataFrame
    half: date | None
    hazard: Hazard | None
    left_out: LeftOut

    def words(self) -> str:
        """What was reached and when."""
        n, cell = self.hits.height, self.level == "cell"
        first, last = self.hits.row(0, named=True), self.hits.row(-1, named=True)
        what = noun(self.level, self.resolution, self.at_risk)
        if self.wider or cell:
            where = f"in {'or beside ' if cell else ''}which anybody's violence is on record"
            where = where if self.wider else "with such events or beside one"
            of = "the one" if self.at_risk == 1 else f"{n:,} of the {self.at_risk:,}"
            said = f"{of} {what} {where} had an event by {self.until}, the first"
        else:
            # all places with these events have one: how many of how many would say nothing
            said = f"the {f'first of the {n:,}' if n > 1 else 'one'} {what} with such events was hit"
        said = f"{self.words_of}: {said} on {first['first']}{self._named(first)}"
        said += f", the latest on {last['first']}{self._named(last)}." if n > 1 else "."
        if self.half is not None and n > 1:
            said += f" Half of these {self.at_risk:,} {what} had been hit by {self.half}."
        if self.hazard is not None:
            said += f" {self.hazard.words()}"
        return said

    def _named(self, row: dict[str, Any]) -> str:
        return "" if self.level == "cell" else f" ({row['name']})"

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        risk = self.hazard
        form = {
            "measure": "first_hits",
            "level": self.level, "resolution": self.resolution if self.level == "cell" else None, "since": self.since,
            "until": self.until, "hits": rows(self.hits), "by_group": rows(self.by_group),
            "countries": rows(self.countries), "at_risk": self.at_risk, "risk": self.risk, "curve": rows(self.curve),
            "half": self.half,
            "hazard": risk and {
                "neighbour": risk.neighbour, "neighbour_interval": risk.neighbour_interval, "year": risk.year,
                "year_interval": risk.year_interval, "months": risk.months, "place_months": risk.place_months,
                "hits": risk.hits, "steps": rows(risk.steps),
            },
            "left_out": left_form(self.left_out), "words": self.words(),
        }  # fmt: skip
        return {name: plain(value) for name, value in form.items()}


def first_hits(
    selection: Selection, *, level: Level = "admin1", resolution: int = RESOLUTION, record: Selection | None = None,
    recent: int = RECENT,
) -> FirstHits:  # fmt: skip
    """The first event of a selection in every place, within its window.

    ``record``: a wider choice of events (of all actors) that says which places there are; the selection's own where not
    given. Watched ("at risk") from the window's first day to its last, when those not hit are censored, are the places
    in which the record has an event of anybody within the selection's window; of cells those that touch such a one,
    too. Where the record is the selection itself every division is hit in the end, and the curve says only when. What
    was hit before the window is not known. ``recent``: months for which a cell counts as active after an event.

    First-order divisions that the record has under one code are one; where it has them under several names, it has the
    lexicon's. An event's day is its first; of several events on one day the first by its id is named.

    :class:`~spillover.errors.SpreadError` where no event has a usable day and place of the level, or for another level.
    """
    if recent < 1:
        raise SpreadError("a neighbour must count as active for a month at least", to_do="Give 1 month or more")
    events, left_out = placed(selection, level, resolution)
    if events.is_empty():
        raise SpreadError(
            f"no event has a usable day and a known {noun(level, resolution, 1)}{beside(left_out)}",
            to_do="Choose other events or another level",
        )
    wider = placed(record.within(selection.since, selection.until), level, resolution)[0] if record else events
    if level == "admin1":
        events = one_name(events, wider).with_columns(name=pl.coalesce("admin1", "admin1_code"))
    hits = _first(events, ["place"])
    seen = set(events["place"]) | set(wider["place"])
    whose = "where the record has violence by anybody" if record else "where these events are"
    if level == "cell":
        whose += ", and those that touch them"
    risk = sorted(around(seen)) if level == "cell" else sorted(seen)
    days = dict(hits.select("place", "first").iter_rows())
    last = (selection.until - selection.since).days
    times = np.array([(days[p] - selection.since).days if p in days else last for p in risk], dtype=np.int64)
    curve = kaplan_meier(times, np.array([p in days for p in risk]))
    curve = curve.with_columns(date=pl.lit(selection.since) + pl.duration(days="day"))
    half = curve.filter(pl.col("surviving") <= 0.5)
    in_countries = placed(selection, "country", resolution)[0]
    return FirstHits(
        selection.words, level, resolution, selection.since, selection.until, hits,
        _first(events, ["group", "place"]), _first(in_countries, ["group", "place"]), len(risk), whose, bool(record),
        curve, half["date"][0] if half.height else None,
        _hazard(events, selection, risk, recent) if level == "cell" else None, left_out,
    )  # fmt: skip


def _first(events: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """The first event for each key."""
    return (
        events.sort("start", "id").group_by(by, maintain_order=True)
        .agg(
            pl.col("name", "country").first(), pl.col("start").first().alias("first"), pl.col("id").first(),
            *([] if "group" in by else [pl.col("group").first()]), pl.col("side_a", "side_b").first(),
            pl.len().cast(pl.Int64).alias("events"),
        )
        .select("place", "name", "country", "first", "id", "group", "side_a", "side_b", "events")
        .sort("first", "id", "place")
    )  # fmt: skip


def _hazard(events: pl.DataFrame, selection: Selection, cells: list[str], recent: int) -> Hazard | None:
    row = {cell: i for i, cell in enumerate(cells)}
    zero = selection.since.year * 12 + selection.since.month
    months = selection.until.year * 12 + selection.until.month - zero + 1
    if months <= recent + 1:
        return None
    at = events["place"].replace_strict(row, return_dtype=pl.Int64).to_numpy()
    start = events["start"]
    month = (start.dt.year().cast(pl.Int64) * 12 + start.dt.month().cast(pl.Int64) - zero).to_numpy()
    active = np.zeros((len(cells), months), dtype=bool)
    active[at, month] = True
    first = np.where(active.any(axis=1), active.argmax(axis=1), months)
    neighbours = [np.array([row[n] for n in h3.grid_disk(c, 1) if n != c and n in row], dtype=np.int64) for c in cells]
    return hazard(first.astype(np.int64), neighbours, active, months=recent)
