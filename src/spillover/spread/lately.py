"""What changed lately: the last weeks against the year before them, by country, division, actor and cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import h3
import numpy as np
import polars as pl

from spillover.errors import SpreadError
from spillover.spread.common import left_form, listed
from spillover.spread.hexagons import RESOLUTION, with_cell
from spillover.spread.places import one_name
from spillover.spread.rates import adjusted, dispersion, ratio_p
from spillover.spread.selection import LeftOut, Selection
from spillover.spread.tables import counted, plain, ratio, rows, tenths
from spillover.spread.tempo import ratio_interval

FALSE = 0.05
"""Share of the flags in a table that may be false (Benjamini and Hochberg 1995)."""
LEAST = 3
"""Shortest span before, in lengths of the recent one; a shorter one sets no standard."""
_NAMED = 3


def telling(low: float | None, high: float | None) -> bool:
    """Whether an interval of a ratio says anything: one that reaches from under a tenth to over ten does not."""
    return low is not None and (low >= 0.1 or (high is not None and high <= 10))


@dataclass(frozen=True, slots=True)
class Lately:
    """``whole``, and a row each of ``countries``, ``divisions`` and ``actors`` with events in either span: ``events``
    and ``deaths`` of the recent weeks, ``before`` and ``deaths_before`` of those before, ``expected`` events at that
    rate, ``ratio`` of the rates with its exact 95 % interval (``low``, ``high``; null: no limit), ``dispersion``, an
    interval with clustering allowed for (``wide_low``, ``wide_high``), ``p`` with it too, ``adjusted`` for the number
    of rows, ``flag`` ("more", "fewer" or null), ``status`` ("new": none before, "silent": none lately, "ongoing") and
    ``earlier``: has events before both spans.

    ``cells``: newly active H3 cells, none in the weeks before: ``cell``, ``lat``, ``lon``, ``country``, ``admin1``,
    ``events``, ``deaths``, ``first``, ``earlier``. ``new_before``: how many such there were in each recent-sized span
    of the weeks before, latest first, as far as the data go back.
    """

    words_of: str
    as_of: date
    since: date
    before_since: date
    whole: dict[str, Any]
    countries: pl.DataFrame
    divisions: pl.DataFrame
    actors: pl.DataFrame
    cells: pl.DataFrame
    new_before: tuple[int, ...]
    asked: int
    resolution: int
    provisional: bool
    left_out: LeftOut
    without_place: LeftOut

    @property
    def emerging(self) -> pl.DataFrame:
        """Actors with events lately and none in the weeks before."""
        return self.actors.filter(pl.col("status") == "new").sort(["events", "actor"], descending=[True, False])

    @property
    def silent(self) -> pl.DataFrame:
        """Actors with events in the weeks before and none lately; flagged where that is more than chance."""
        return self.actors.filter(pl.col("status") == "silent").sort(["before", "actor"], descending=[True, False])

    def words(self) -> str:
        """All together, what is flagged, what is new, and how far the data can be trusted."""
        said = [self._whole(), self._flags("more"), self._flags("fewer"), self._new(), self._caveat()]
        return " ".join(s for s in said if s)

    def _whole(self) -> str:
        w, weeks = self.whole, ((self.as_of - self.since).days + 1) // 7
        came = f"{counted(w['events'], 'event')} with {counted(w['deaths'], 'death')}" if w["events"] else "no events"
        was = "was" if w["events"] == 1 else "were"
        said = f"{self.words_of}: in the {counted(weeks, 'week')} to {self.as_of} there {was} {came}"
        if w["ratio"] is None:
            return f"{said}; there were none in the weeks before."
        change = f"{w['flag']} than chance gives" if w["flag"] else "no clear change"
        said += f"; at the rate of the weeks before, {tenths(w['expected'])} were to be expected"
        if not telling(w["wide_low"], w["wide_high"]):
            return f"{said}: too few to tell a change."
        high = "more" if w["wide_high"] is None else ratio(w["wide_high"])
        span = f"95% interval, with clustering allowed for, {ratio(w['wide_low'])} to {high}"
        return f"{said} (ratio {ratio(w['ratio'])}; {span}): {change}."

    def _flags(self, flag: str) -> str:
        named = []
        for table, column in ((self.countries, "country"), (self.divisions, "admin1"), (self.actors, "actor")):
            if column == "country" and table.height < 2:
                continue
            found = table.filter(pl.col("flag") == flag).sort("adjusted", maintain_order=True)
            named += [
                f"{row[column]} ({row['events']:,} against {tenths(row['expected'])})"
                for row in found.head(_NAMED).iter_rows(named=True)
            ]
            if found.height > _NAMED:
                named.append(f"{found.height - _NAMED:,} more {_PLURAL[column]}")
        return f"Clearly {flag} than expected: {listed(named)}." if named else ""

    def _new(self) -> str:
        never = self.cells.filter(~pl.col("earlier")).height
        said = f"{counted(self.cells.height, 'cell')} newly active"
        if never:
            said += f", {f'{never:,} of them ' if self.cells.height > 1 else ''}for the first time in these data"
        if self.new_before:
            low, high = min(self.new_before), max(self.new_before)
            spans = counted(len(self.new_before), "span")
            said += f" ({low:,} to {high:,} in the {spans} of that length before)" if high > low else ""
        new = self.emerging
        if new.height:
            names = new["actor"].head(_NAMED).to_list()
            rest = [f"{new.height - _NAMED:,} more"] if new.height > _NAMED else []
            said += f"; actors with no event in the weeks before: {listed([*names, *rest])}"
        return f"{said}."

    def _caveat(self) -> str:
        said = []
        weeks = (self.since - self.before_since).days / 7
        if weeks < self.asked:
            said.append(f"The data reach back {weeks:.0f} of the {self.asked:,} weeks asked for.")
        if self.provisional:
            said.append(
                "Some of these data are provisional: events of the last weeks are still added and corrected after "
                "release, so a fall may be a delay in reporting."
            )
        return " ".join(said)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "measure": "lately", "as_of": plain(self.as_of), "since": plain(self.since),
            "before_since": plain(self.before_since), "whole": plain(self.whole), "countries": rows(self.countries),
            "divisions": rows(self.divisions), "actors": rows(self.actors), "cells": rows(self.cells),
            "new_before": list(self.new_before), "resolution": self.resolution, "provisional": self.provisional,
            "left_out": left_form(self.left_out), "without_place": left_form(self.without_place),
            "words": self.words(),
        }  # fmt: skip


_PLURAL = {"country": "countries", "admin1": "divisions", "actor": "actors"}


def lately(
    selection: Selection,
    *,
    weeks: int = 4,
    before: int = 52,
    as_of: date | None = None,
    resolution: int = RESOLUTION,
) -> Lately:
    """The last ``weeks`` up to ``as_of`` (the last day of the window) against the ``before`` weeks before them.

    Rates are compared exactly, given the sum of both counts (:mod:`~spillover.spread.rates`). Events come in clusters,
    so for ``p`` and flags both counts are first divided by the dispersion of the row's counts over spans of ``weeks``
    in the weeks before; a flag is an ``adjusted`` p of at most :data:`FALSE` in its table. An event counts for both its
    sides; civilians and sides not identified ("XXX…") are no actors. First-order divisions under one code are one;
    where the data have it under several names, it has the lexicon's.

    Where the window begins later than ``before`` weeks ask for, the span before is shortened, and the words say so.
    :class:`~spillover.errors.SpreadError` where less than :data:`LEAST` times ``weeks`` is left of it, or ``as_of`` is
    outside the window.
    """
    if weeks < 1 or before < LEAST * weeks:
        raise SpreadError(
            f"{before} weeks are no standard for {weeks}", to_do=f"Compare 1 week or more with {LEAST} times as many"
        )
    as_of = as_of or selection.until
    if not selection.since <= as_of <= selection.until:
        raise SpreadError(
            f"{as_of} is not within {selection.since} to {selection.until}", to_do="Choose a day that the data cover"
        )
    since = as_of - timedelta(7 * weeks - 1)
    start = max(since - timedelta(7 * before), selection.since)
    if (since - start).days < LEAST * 7 * weeks:
        raise SpreadError(
            f"there are {max((since - start).days, 0)} days of data before the last {weeks} weeks",
            to_do=f"Add event data of the months before: {LEAST * weeks} weeks at least",
        )
    events, left_out = selection.within(until=as_of).usable(place=None)
    spans = _Spans(as_of, since, start, 7 * weeks)
    events = spans.marked(one_name(events, events))
    sides = pl.concat([events.with_columns(actor=pl.col(side)) for side in ("side_a", "side_b")])
    actor = pl.col("actor")
    sides = sides.filter(actor.is_not_null() & ~actor.str.contains(r"^(Civilians|XXX\d*)$")).unique(
        ["set_id", "id", "actor"], maintain_order=True
    )
    _, without = selection.within(start, as_of).usable()
    cells = with_cell(events.join(selection.usable()[0], on=["set_id", "id"], how="semi"), resolution)
    whole = spans.table(events.with_columns(whole=pl.lit("all")), ["whole"], whole=True)
    return Lately(
        selection.words, as_of, since, start, whole.row(0, named=True),
        spans.table(events, ["country"]), spans.table(events, ["country", "admin1"]), spans.table(sides, ["actor"]),
        _new_cells(cells), spans.new_before(cells, selection.since), before, resolution,
        any("candidate" in source.lower() for source in selection.sources), left_out, without,
    )  # fmt: skip


_TABLE: dict[str, Any] = {
    "events": pl.Int64, "deaths": pl.Int64, "before": pl.Int64, "deaths_before": pl.Int64, "expected": pl.Float64,
    "ratio": pl.Float64, "low": pl.Float64, "high": pl.Float64, "dispersion": pl.Float64, "wide_low": pl.Float64,
    "wide_high": pl.Float64, "p": pl.Float64, "adjusted": pl.Float64, "flag": pl.String, "status": pl.String,
    "earlier": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Spans:
    """The recent span, ``since`` to ``as_of``, of ``size`` days, and the one before, from ``start``."""

    as_of: date
    since: date
    start: date
    size: int

    def marked(self, events: pl.DataFrame) -> pl.DataFrame:
        """Events with ``span`` (0 recent, 1 before, 2 earlier) and ``block``, recent-sized, counted backwards."""
        day = pl.col("start")
        return events.with_columns(
            span=pl.when(day >= self.since).then(0).when(day >= self.start).then(1).otherwise(2),
            block=(pl.lit(self.since) - day).dt.total_days().sub(1).floordiv(self.size),
        )

    def table(self, events: pl.DataFrame, by: Sequence[str], *, whole: bool = False) -> pl.DataFrame:
        """A row for each unit with events in either span; the order is by events, most first."""
        recent, before = pl.col("span") == 0, pl.col("span") == 1
        deaths = pl.col("deaths").fill_null(0).cast(pl.Int64)
        units = (
            events.drop_nulls(by)
            .group_by(by)
            .agg(
                events=recent.sum().cast(pl.Int64),
                deaths=deaths.filter(recent).sum(),
                before=before.sum().cast(pl.Int64),
                deaths_before=deaths.filter(before).sum(),
                earlier=(pl.col("span") == 2).any(),
                blocks=pl.col("block").filter(before),
            )
            .filter(pl.col("events") + pl.col("before") > 0)
            .sort(["events", "before", *by], descending=[True, True, *[False] * len(by)])
        )
        out = [{**row, **self._compared(row)} for row in units.iter_rows(named=True)]
        if whole and not out:
            out = [
                {"whole": "all", "events": 0, "deaths": 0, "before": 0, "deaths_before": 0, "expected": 0.0, "p": 1.0}
            ]
        for row, p in zip(out, adjusted(np.array([row["p"] for row in out])).tolist(), strict=True):
            row["adjusted"] = p
            row["flag"] = None if p > FALSE else "more" if row["events"] > row["expected"] else "fewer"
        return pl.DataFrame(out, schema=dict.fromkeys(by, pl.String) | _TABLE)

    def _compared(self, row: dict[str, Any]) -> dict[str, Any]:
        """The rates of one unit."""
        events, before, days = row["events"], row["before"], (self.since - self.start).days
        exposure = self.size / days
        blocks = np.bincount(row["blocks"], minlength=days // self.size)[: days // self.size]
        over = dispersion(blocks.astype(np.float64))
        ends = [
            None if end is None else end / exposure
            for end in (*ratio_interval(events, before), *ratio_interval(events / over, before / over))
        ]
        return {
            "expected": before * exposure, "ratio": events / before / exposure if before else None,
            "dispersion": over, "p": ratio_p(events / over, before / over, exposure),
            "status": "ongoing" if events and before else "new" if events else "silent",
        } | dict(zip(("low", "high", "wide_low", "wide_high"), ends, strict=True))  # fmt: skip

    def new_before(self, cells: pl.DataFrame, first: date) -> tuple[int, ...]:
        """Newly active cells of each recent-sized span before, as far as as many days lie before it."""
        length, found = self.since - self.start, []
        for k in range(1, length.days // self.size + 1):
            since = self.since - timedelta(k * self.size)
            if since - length < first:
                break
            day = pl.col("start")
            now = cells.filter(day.is_between(since, since + timedelta(self.size - 1)))
            past = cells.filter(day.is_between(since - length, since - timedelta(1)))
            found.append(now.join(past, on="cell", how="anti")["cell"].n_unique())
        return tuple(found)


def _new_cells(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells with events lately and none in the weeks before."""
    recent = pl.col("span") == 0
    found = (
        cells.group_by("cell")
        .agg(
            country=pl.col("country").filter(recent).first(),
            admin1=pl.col("admin1").filter(recent).drop_nulls().first(),
            events=recent.sum().cast(pl.Int64),
            deaths=pl.col("deaths").filter(recent).sum().cast(pl.Int64),
            first=pl.col("start").filter(recent).min(),
            before=(pl.col("span") == 1).any(),
            earlier=(pl.col("span") == 2).any(),
        )
        .filter((pl.col("events") > 0) & ~pl.col("before"))
        .sort(["events", "cell"], descending=[True, False])
    )
    places = [h3.cell_to_latlng(cell) for cell in found["cell"]]
    return found.with_columns(
        lat=pl.Series([lat for lat, _ in places], dtype=pl.Float64),
        lon=pl.Series([lon for _, lon in places], dtype=pl.Float64),
    ).select("cell", "lat", "lon", "country", "admin1", "events", "deaths", "first", "earlier")
