"""Across borders: how much of a group's violence, and of the ground it newly reaches, lies outside its core country."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from spillover.errors import SpreadError
from spillover.spread.common import Ints, interval, left_form, less, listed
from spillover.spread.hexagons import RESOLUTION, with_cell
from spillover.spread.selection import DAY, PLACE, LeftOut, Selection
from spillover.spread.tables import Interval, counted, plain, rows

MONTH = 4
"""The ``date_prec`` at which the month is known though the day is not (GED codebook 25.1)."""
FIRST_PART, FEWEST = 0.25, 5
"""The first part of a group's events, and the fewest events of it; also the fewest months for an interval."""


@dataclass(frozen=True, slots=True)
class Borders:
    """Events and newly hit cells outside the core country of the group whose they are.

    ``months``: a row a month of the window: ``month`` (its first day), ``events``, ``outside``, ``share`` (``None``:
    no events), ``cells`` (newly hit: the first event of a group in an H3 cell), ``cells_outside``, ``cells_share``.
    ``groups``: ``group``, ``core`` (ISO3), ``events``, ``outside``, ``share``, ``low``, ``high``, ``cells``,
    ``cells_outside``, ``first_outside`` (day), ``countries`` (how many); most events first. ``firsts``: the first event
    of each group in each country: ``group``, ``country``, ``core``, ``first``, ``id``, ``events``.
    ``share``, ``cells_share`` (``None``: no event with a usable point) and their intervals: over all groups; without
    intervals where there are fewer than five months of a group. ``core_given``: not taken from the events.
    ``cells_left_out``: events that count by country but not by cell.
    """

    words_of: str
    since: date
    until: date
    months: pl.DataFrame
    groups: pl.DataFrame
    firsts: pl.DataFrame
    core_given: bool
    share: float
    interval: Interval | None
    cells_share: float | None
    cells_interval: Interval | None
    resolution: int
    seed: int
    left_out: LeftOut
    cells_left_out: LeftOut

    def words(self) -> str:
        """How much lies across borders, and where it went first."""
        countries = sorted(self.firsts["country"].unique())
        events, outside = int(self.groups["events"].sum()), int(self.groups["outside"].sum())
        if len(countries) == 1:
            return (
                f"{self.words_of}: {counted(events, 'event')}, {'it is' if events == 1 else 'all'} in {countries[0]}. "
                "Whether there was none elsewhere or the data hold no other country cannot be seen from them."
            )
        low, high = map(_percent, self.interval or (0, 0))
        span = "" if self.interval is None else f"; 95 % interval {low} to {high}"
        core = f" ({self.groups['core'][0]}{self._by()})" if self.groups.height == 1 else f" of their group{self._by()}"
        said = (
            f"{self.words_of}: {outside:,} of {counted(events, 'event')} ({_percent(self.share)}{span}) "
            f"{'lies' if outside == 1 else 'lie'} outside the core country{core}"
        )
        if self.cells_share is not None:
            said += f", and {_percent(self.cells_share)} of the newly hit cells"
        seen = listed(countries) if len(countries) <= 6 else f"{len(countries)} in these events"
        return f"{said}.{self._abroad()} Only the countries in the data can be seen ({seen})."

    def _by(self) -> str:
        return "" if self.core_given else ", by the first events in the data"

    def _abroad(self) -> str:
        away = self.firsts.filter(pl.col("country") != pl.col("core"))
        if away.is_empty():
            return " No group has an event outside its own."
        first = away.row(0, named=True)
        return f" The first such event: {first['group']} in {first['country']} on {first['first']}."

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        form = {
            "measure": "borders", "seed": self.seed,
            "since": self.since, "until": self.until, "months": rows(self.months), "groups": rows(self.groups),
            "firsts": rows(self.firsts), "share": self.share, "interval": self.interval,
            "cells_share": self.cells_share, "cells_interval": self.cells_interval, "resolution": self.resolution,
            "left_out": left_form(self.left_out),
            "cells_left_out": left_form(self.cells_left_out), "words": self.words(),
        }  # fmt: skip
        return {name: plain(value) for name, value in form.items()}


def borders(
    selection: Selection, *, core: str | Mapping[str, str] | None = None, resolution: int = RESOLUTION,
    resamples: int = 500, seed: int = 1,
) -> Borders:  # fmt: skip
    """Events and newly hit cells outside the core country, by month and by group.

    ``core``: ISO3 for all groups, or by group. Else a group's core is the country with most of its first events: a
    quarter of them, at least five (the earlier country where two have as many). An event is where the data set has it;
    one of which only the country is known counts, but hits no cell. Intervals: a bootstrap over a group's months in
    which it has events, for events of one month are not independent.

    Where data sets cover different years, an event abroad can only be seen in the years of that country's data: choose
    a window that all of them cover.

    :class:`~spillover.errors.SpreadError` where no event has a usable month and a country, or ``core`` names a group
    without events.
    """
    events, left_out = selection.usable(place=None, day=MONTH)
    known = events.filter(pl.col("country").is_not_null())
    left_out = less(left_out, "no country", events.height - known.height)
    if known.is_empty():
        raise SpreadError(f"no event has a usable month and a country ({left_out})", to_do="Choose other events")
    known = known.sort("start", "id").with_columns(month=pl.col("start").dt.truncate("1mo"))
    known = known.join(_cores(known, core), on="group", maintain_order="left").with_columns(
        outside=pl.col("country") != pl.col("core")
    )
    fine = Selection(known, selection.since, selection.until, selection.words)
    points, cells_left_out = fine.usable(place=PLACE, day=DAY)
    new = with_cell(points, resolution).unique(["group", "cell"], keep="first", maintain_order=True)
    random = np.random.default_rng(seed)
    return Borders(
        selection.words, selection.since, selection.until, _months(known, new, selection),
        _groups(known, new, resamples, random), _firsts(known), core is not None, _share(known),
        _interval(known, resamples, random), _share(new) if new.height else None,
        _interval(new, resamples, random), resolution, seed, left_out, cells_left_out,
    )  # fmt: skip


def _cores(events: pl.DataFrame, core: str | Mapping[str, str] | None) -> pl.DataFrame:
    """``group`` and ``core``."""
    groups = events["group"].unique(maintain_order=True).to_list()
    if isinstance(core, str):
        return pl.DataFrame({"group": groups, "core": [core] * len(groups)})
    given = dict(core or {})
    if unknown := sorted(set(given) - set(groups)):
        raise SpreadError(f"there are no events of {listed(unknown)}", to_do="Name groups as the events have them")
    found = []
    for (group,), own in events.group_by("group", maintain_order=True):
        first = own.head(max(math.ceil(own.height * FIRST_PART), FEWEST))
        ranked = first.group_by("country", maintain_order=True).len().sort("len", descending=True, maintain_order=True)
        found.append((group, given.get(str(group), ranked["country"][0])))
    return pl.DataFrame(found, schema={"group": pl.String, "core": pl.String}, orient="row")


def _months(events: pl.DataFrame, new: pl.DataFrame, selection: Selection) -> pl.DataFrame:
    first = selection.since.replace(day=1)
    table = pl.DataFrame({"month": pl.date_range(first, selection.until, "1mo", eager=True)})
    for source, number, away, share in ((events, "events", "outside", "share"),
                                        (new, "cells", "cells_outside", "cells_share")):  # fmt: skip
        counts = source.group_by("month").agg(
            pl.len().cast(pl.Int64).alias(number), pl.col("outside").sum().cast(pl.Int64).alias(away)
        )
        table = table.join(counts, on="month", how="left", maintain_order="left").with_columns(
            pl.col(number, away).fill_null(0)
        )
        table = table.with_columns(pl.when(pl.col(number) > 0).then(pl.col(away) / pl.col(number)).alias(share))
    return table


def _groups(events: pl.DataFrame, new: pl.DataFrame, resamples: int, random: np.random.Generator) -> pl.DataFrame:
    cells = new.group_by("group").agg(
        cells=pl.len().cast(pl.Int64), cells_outside=pl.col("outside").sum().cast(pl.Int64)
    )
    table = events.group_by("group", maintain_order=True).agg(
        pl.col("core").first(), events=pl.len().cast(pl.Int64), outside=pl.col("outside").sum().cast(pl.Int64),
        share=pl.col("outside").mean(), first_outside=pl.col("start").filter("outside").min(),
        countries=pl.col("country").n_unique().cast(pl.Int64),
    )  # fmt: skip
    limits = [
        (group, *(_interval(own, resamples, random) or (None, None)))
        for (group,), own in events.group_by("group", maintain_order=True)
    ]
    ends = pl.DataFrame(limits, schema={"group": pl.String, "low": pl.Float64, "high": pl.Float64}, orient="row")
    table = table.join(ends, on="group", maintain_order="left").join(
        cells, on="group", how="left", maintain_order="left"
    )
    return (
        table.with_columns(pl.col("cells", "cells_outside").fill_null(0))
        .select(
            "group", "core", "events", "outside", "share", "low", "high", "cells", "cells_outside", "first_outside",
            "countries",
        )
        .sort("events", descending=True, maintain_order=True)
    )  # fmt: skip


def _firsts(events: pl.DataFrame) -> pl.DataFrame:
    return events.group_by(["group", "country"], maintain_order=True).agg(
        pl.col("core").first(), pl.col("start").first().alias("first"), pl.col("id").first(),
        pl.len().cast(pl.Int64).alias("events"),
    )  # fmt: skip


def _share(events: pl.DataFrame) -> float:
    return int(events["outside"].sum()) / events.height


def _interval(events: pl.DataFrame, resamples: int, random: np.random.Generator) -> Interval | None:
    """Interval of the share outside, from resampled months of groups."""
    months = events.group_by(["group", "month"], maintain_order=True).agg(pl.len(), pl.col("outside").sum())
    if months.height < FEWEST:
        return None
    number: Ints = months["len"].to_numpy().astype(np.int64)
    away: Ints = months["outside"].to_numpy().astype(np.int64)
    at = random.integers(months.height, size=(resamples, months.height))
    return interval(away[at].sum(axis=1) / number[at].sum(axis=1))


def _percent(share: float) -> str:
    """Whole percents, but ``under 1%`` and ``over 99%`` where it is not quite none or all."""
    if 0 < share < 0.005:
        return "under 1%"
    return "over 99%" if 0.995 <= share < 1 else f"{share:.0%}"
