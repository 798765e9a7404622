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
from spillover.spread.common import Ints, beside, interval, left_form, less, listed, wilson
from spillover.spread.hexagons import RESOLUTION, with_cell
from spillover.spread.selection import DAY, MONTH, PLACE, LeftOut, Selection
from spillover.spread.tables import Interval, counted, percent, plain, rows

FIRST_PART, FEWEST_FIRST = 1 / 3, 20
"""The first part of a group's events that its core country is taken from, and the fewest events of it."""
FEWEST = 5
"""Fewest months for an interval."""
NO_CORE = "its group has no core country"
_FIRST = f"its first third of events, {FEWEST_FIRST} at least"


@dataclass(frozen=True, slots=True)
class Borders:
    """Events and newly hit cells outside the core country of the group whose they are.

    ``groups``: ``group``, ``core`` (ISO3; ``None``: none can be named), ``core_events`` of its first ``core_of`` events
    are in it (``None``: it was given), ``events``, ``outside``, ``share``, ``low``, ``high``, ``cells`` (newly hit: the
    first event of a group in an H3 cell), ``cells_outside``, ``first_outside`` (day), ``countries`` (how many); most
    events first. ``firsts``: the first event of each group in each country: ``group``, ``country``, ``core``,
    ``first``, ``id``, ``events``. All else is of groups with a core alone. ``months``: a row a month of the window:
    ``month`` (its first day), ``events``, ``outside``, ``share`` (``None``: no events), ``cells``, ``cells_outside``,
    ``cells_share``. ``share``, ``cells_share`` (``None``: no event, or none with a usable point) and their intervals:
    over all groups; without intervals where there are fewer than five months of a group. ``cells_left_out``: events
    that count by country but not by cell.
    """

    words_of: str
    since: date
    until: date
    months: pl.DataFrame
    groups: pl.DataFrame
    firsts: pl.DataFrame
    share: float | None
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
        if {*countries, *self.groups["core"]} == {countries[0]}:
            n = int(self.groups["events"].sum())
            return (
                f"{self.words_of}: {counted(n, 'event')}, {'all ' if n > 1 else ''}in {countries[0]}. An event across "
                "a border can only be seen where other countries are in the data and among those chosen."
            )
        seen = listed(countries) if len(countries) <= 6 else f"{len(countries)} countries"
        limits = f"Only countries in the data and among those chosen can be seen; these events are in {seen}."
        if self.share is None:
            return f"{self.words_of}: {self._coreless()} {limits}"
        told = self.groups.filter(pl.col("core").is_not_null())
        events, outside = int(told["events"].sum()), int(told["outside"].sum())
        span = "" if self.interval is None else f"; 95% interval {' to '.join(map(percent, self.interval))}"
        said = (
            f"{self.words_of}: {outside:,} of {counted(events, 'event')} ({percent(self.share)}{span}) "
            f"{'lies' if outside == 1 else 'lie'} outside the core country{self._core(told)}"
        )
        if self.cells_share is not None:
            said += f", and {percent(self.cells_share)} of the newly hit cells"
        return " ".join(filter(None, (f"{said}.", self._abroad(), self._coreless(), limits)))

    def _core(self, told: pl.DataFrame) -> str:
        """Which country it is, or how it was chosen."""
        if self.groups.height > 1:
            given = told["core_of"].is_null()
            if given.all():
                return " of their group (as given)"
            return f" of their group ({'as given, else ' if given.any() else ''}the one with over half of {_FIRST})"
        row = told.row(0, named=True)
        if row["core_of"] is None:
            return f" ({row['core']}, as given)"
        return f" ({row['core']}, with {row['core_events']:,} of the first {counted(row['core_of'], 'event')})"

    def _coreless(self) -> str:
        """The groups for which no core country can be named, and why."""
        without = self.groups.filter(pl.col("core").is_null())
        if without.is_empty():
            return ""
        events = counted(int(without["events"].sum()), "event")
        if self.groups.height > 1:
            return (
                f"For {counted(without.height, 'group')} with {events} no core country can be named: none has over "
                f"half of {_FIRST}."
            )
        row = without.row(0, named=True)
        return (
            f"{events} in {counted(row['countries'], 'country', 'countries')}; no core country can be named, for none "
            f"has over half of the first {counted(row['core_of'], 'event')}."
        )

    def _abroad(self) -> str:
        away = self.firsts.filter(pl.col("country") != pl.col("core"))
        if away.is_empty():
            return ""
        first = away.row(0, named=True)
        return f"The first such event: {first['group']} in {first['country']} on {first['first']}."

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

    ``core``: ISO3 for all groups, or by group. Else a group's core is the country with over half of its first events:
    a third of them, at least 20, all where it has fewer. Where no country has, none is named, and the group is left out
    of the shares. An event is where the data set has it; one of which only the country is known counts, but hits no
    cell. Intervals: a bootstrap over a group's months in which it has events, for events of one month are not
    independent; where none or all is outside, Wilson's for as many months.

    Where data sets cover different years, an event abroad can only be seen in the years of that country's data: choose
    a window that all of them cover.

    :class:`~spillover.errors.SpreadError` where no event has a usable month and a country, or ``core`` names a group
    without events.
    """
    events, left_out = selection.usable(place=None, day=MONTH)
    known = events.filter(pl.col("country").is_not_null())
    left_out = less(left_out, "no country", events.height - known.height)
    if known.is_empty():
        raise SpreadError(f"no event has a usable month and a country{beside(left_out)}", to_do="Choose other events")
    known = known.sort("start", "id").with_columns(month=pl.col("start").dt.truncate("1mo"))
    known = known.join(_cores(known, core), on="group", maintain_order="left").with_columns(
        outside=pl.col("country") != pl.col("core")
    )
    told = known.filter(pl.col("core").is_not_null())
    left_out = less(left_out, NO_CORE, known.height - told.height)
    fine = Selection(known, selection.since, selection.until, selection.words)
    points, cells_left_out = fine.usable(place=PLACE, day=DAY)
    new = with_cell(points, resolution).unique(["group", "cell"], keep="first", maintain_order=True)
    told_new = new.filter(pl.col("core").is_not_null())
    random = np.random.default_rng(seed)
    return Borders(
        selection.words, selection.since, selection.until, _months(told, told_new, selection),
        _groups(known, new, resamples, random), _firsts(known), _share(told),
        _interval(told, resamples, random), _share(told_new), _interval(told_new, resamples, random), resolution, seed,
        left_out, cells_left_out,
    )  # fmt: skip


def _cores(events: pl.DataFrame, core: str | Mapping[str, str] | None) -> pl.DataFrame:
    """``group``, ``core``, and where it was not given ``core_events`` of its first ``core_of`` events."""
    groups = events["group"].unique(maintain_order=True).to_list()
    given = dict.fromkeys(groups, core) if isinstance(core, str) else dict(core or {})
    if unknown := sorted(set(given) - set(groups)):
        raise SpreadError(f"there are no events of {listed(unknown)}", to_do="Name groups as the events have them")
    found: list[tuple[str, str | None, int | None, int | None]] = []
    for (group,), own in events.group_by("group", maintain_order=True):
        if (name := str(group)) in given:
            found.append((name, given[name], None, None))
            continue
        first = own.head(max(math.ceil(own.height * FIRST_PART), FEWEST_FIRST))
        most, n = first["country"].value_counts().sort("count", "country", descending=[True, False]).row(0)
        found.append((name, most if 2 * n > first.height else None, n, first.height))
    schema = {"group": pl.String, "core": pl.String, "core_events": pl.Int64, "core_of": pl.Int64}
    return pl.DataFrame(found, schema=schema, orient="row")


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
    has_core = pl.col("core").is_not_null()
    table = events.group_by("group", maintain_order=True).agg(
        pl.col("core", "core_events", "core_of").first(), events=pl.len().cast(pl.Int64),
        outside=pl.when(has_core.first()).then(pl.col("outside").sum().cast(pl.Int64)),
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
        table.with_columns(pl.col("cells").fill_null(0), pl.when(has_core).then(pl.col("cells_outside").fill_null(0)))
        .select(
            "group", "core", "core_events", "core_of", "events", "outside", "share", "low", "high", "cells",
            "cells_outside", "first_outside", "countries",
        )
        .sort("events", descending=True, maintain_order=True)
    )  # fmt: skip


def _firsts(events: pl.DataFrame) -> pl.DataFrame:
    return events.group_by(["group", "country"], maintain_order=True).agg(
        pl.col("core").first(), pl.col("start").first().alias("first"), pl.col("id").first(),
        pl.len().cast(pl.Int64).alias("events"),
    )  # fmt: skip


def _share(events: pl.DataFrame) -> float | None:
    return int(events["outside"].sum()) / events.height if events.height else None


def _interval(events: pl.DataFrame, resamples: int, random: np.random.Generator) -> Interval | None:
    """Interval of the share outside, from resampled months of groups; Wilson's where no resample is any other."""
    told = events.drop_nulls("outside")
    months = told.group_by(["group", "month"], maintain_order=True).agg(pl.len(), pl.col("outside").sum())
    if months.height < FEWEST:
        return None
    number: Ints = months["len"].to_numpy().astype(np.int64)
    away: Ints = months["outside"].to_numpy().astype(np.int64)
    if away.sum() in (0, number.sum()):
        return wilson(months.height if away.sum() else 0, months.height)
    at = random.integers(months.height, size=(resamples, months.height))
    return interval(away[at].sum(axis=1) / number[at].sum(axis=1))
