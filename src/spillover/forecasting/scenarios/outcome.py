"""What came of a scenario: numbers of events with and without its edits, who began them, what is hit first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from spillover.errors import SpreadError
from spillover.forecasting.scenarios.carry import BACKGROUND, RECORDED, STARTED, Carried
from spillover.forecasting.scenarios.edits import Edit, Scenario
from spillover.spread.contagion.catalogue import KM, Catalogue, Floats, Ints
from spillover.spread.contagion.cells import snap
from spillover.spread.tables import counted, rows

KEYS = ("group", "country", "month")
CELL = 50.0  # km
ORIGINS = {BACKGROUND: "background", RECORDED: "recorded before", STARTED: "new place"}
_SYSTEMS = ("edited", "unedited")
_RARE = 0.02  # cells hit in fewer simulations are not listed
_CHUNK = 20_000_000


@dataclass(frozen=True, slots=True)
class Setting:
    """Of a run. ``months``: first days of the months, and the day after the last; ``radius``: spectral radius without
    and with the edits, ``explosive``: the share of the draws in which it is 1 or more; ``most``: events a simulation
    at which months are cut; ``faults``: why the fit does not describe the record, where it does not.
    """

    scenario: Scenario
    words_of: str
    sources: tuple[str, ...]
    months: tuple[date, ...]
    simulations: int
    seed: int
    recent: float
    radius: tuple[float, float]
    explosive: tuple[float, float]
    most: int
    told_apart: bool
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    groups: tuple[str, ...]
    countries: tuple[str, ...]

    @property
    def since(self) -> date:
        """The first day."""
        return self.months[0]

    @property
    def until(self) -> date:
        """The last day."""
        return self.months[-1] - timedelta(days=1)

    @property
    def cut(self) -> bool:
        """Whether months were cut because there were too many events."""
        return len(self.months) - 1 < self.scenario.months or (self.months[-1] - self.months[0]).days < 28

    @property
    def length(self) -> str:
        """How long was simulated, in words."""
        days, months = (self.months[-1] - self.months[0]).days, len(self.months) - 1
        return counted(days, "day") if days < 28 else counted(months, "month")


def table_of(carried: Sequence[Carried], setting: Setting) -> pl.DataFrame:
    """All events of all runs, a row each, groups and countries by number."""

    def joined(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in carried])

    edges = np.array([(m - setting.since).days for m in setting.months], dtype=float)
    row, column = snap(joined("lat"), joined("lon"), CELL)
    day = joined("day")
    return pl.DataFrame({
        "run": joined("run").astype(np.int32), "day": day.astype(np.float32),
        "month": (np.searchsorted(edges, day, side="right") - 1).clip(0, len(edges) - 2).astype(np.int16),
        "group": joined("group").astype(np.int16), "country": joined("country").astype(np.int16),
        "cell_row": row.astype(np.int32), "cell_column": column.astype(np.int32),
        "unedited": joined("unedited"), "edited": joined("edited"),
        "kind": joined("kind").astype(np.int8), "origin": joined("origin").astype(np.int16),
        "depth": joined("depth").clip(max=2).astype(np.int8),
    })  # fmt: skip


class Outcome:
    """Distributions over the simulations, with the edits and without them.

    Both systems run on the same random numbers, so that differences are those between two runs of one world; their
    intervals are narrower than those of the numbers themselves.
    """

    def __init__(self, setting: Setting, events: pl.DataFrame, record: Catalogue) -> None:
        self.setting, self.events, self._record = setting, events, record

    def by(self, *keys: str) -> pl.DataFrame:
        """Events by ``group``, ``country`` and ``month`` (its first day), as asked; without keys, all together.

        For the edited system ``mean``, ``median``, ``low50``, ``high50``, ``low90``, ``high90``; for the unedited one
        the same as ``unedited_mean`` …; ``difference`` (of means), ``difference_low`` and ``difference_high`` (90 % of
        the differences between two runs of one world), ``more`` (share of those in which the edited one has more),
        ``beyond`` (share of edited runs above the unedited system's 90 % interval).
        """
        wrong = [key for key in keys if key not in KEYS]
        if wrong:
            raise SpreadError(f"there is no {wrong[0]!r} to count by", to_do=f"Use {', '.join(KEYS)}")
        s, wanted = self.setting, [key for key in KEYS if key in keys]
        named = [key for key in wanted if key != "month"]
        found = self.events.select(named).unique().sort(named) if named else pl.DataFrame({"_": [0]})
        if "month" in wanted:
            every = pl.DataFrame({"month": np.arange(len(s.months) - 1, dtype=np.int16)})
            found = found.join(every, how="cross") if found.height else found.with_columns(month=pl.lit(0, pl.Int16))
        found = found.with_row_index("k")
        events = self.events.with_columns(_=pl.lit(0)) if not wanted else self.events
        on = wanted or ["_"]
        numbered = events.join(found, on=on, how="left").select("k", "run", *_SYSTEMS)
        parts = [
            _quantiles(*(_counts(numbered, system, at, min(at + step, found.height), s.simulations)
                         for system in _SYSTEMS))
            for step in [max(_CHUNK // s.simulations, 1)] for at in range(0, found.height, step)
        ]  # fmt: skip
        table = pl.concat(parts) if parts else _quantiles(np.zeros((0, 1)), np.zeros((0, 1)))
        return pl.concat([self._named(found.select(wanted)), table], how="horizontal")

    def _named(self, table: pl.DataFrame) -> pl.DataFrame:
        s = self.setting
        made = {"group": s.groups, "country": s.countries, "month": s.months}
        return table.with_columns(
            pl.Series(key, [made[key][n] for n in table[key]], dtype=pl.Date if key == "month" else pl.String)
            for key in table.columns
        )

    @cached_property
    def total(self) -> dict[str, float]:
        """The one row of :meth:`by` without keys."""
        return self.by().row(0, named=True)

    def counts(self, system: str = "edited", *, group: str | None = None) -> Ints:
        """Events in each simulation, of one group or of all."""
        events = self.events.filter(pl.col(system))
        if group is not None:
            events = events.filter(pl.col("group") == self.setting.groups.index(group))
        return np.asarray(np.bincount(events["run"].to_numpy(), minlength=self.setting.simulations), dtype=np.int64)

    @cached_property
    def origins(self) -> pl.DataFrame:
        """With whom chains began: for each ``system``, ``group`` and ``began`` (in its background, in its events
        ``recorded before``, or in a ``new place``) the mean numbers of events that began so themselves (``own``), these
        and what they set off directly (``direct``), and all with such a beginning (``total``), with 90 % intervals.

        ``direct_share``, ``total_share``: of all events of the system; ``direct_of_unedited``, ``total_of_unedited``:
        in shares of the unedited system's events, so that systems can be compared.
        """
        s = self.setting
        unedited = max(float(self.events["unedited"].sum()), 1.0) / s.simulations
        parts = []
        for system in _SYSTEMS:
            events = self.events.filter(pl.col(system))
            whole = max(events.height / s.simulations, 1e-12)
            # a recorded event is not one of those to come: only what it set off is
            each = events.group_by("origin", "kind", "run").agg(
                own=(pl.col("depth") == 0).sum(), direct=(pl.col("depth") <= 1).sum(), total=pl.len()
            )
            for (origin, kind), runs in each.sort("origin", "kind").group_by("origin", "kind", maintain_order=True):
                row: dict[str, Any] = {"system": system, "group": s.groups[origin], "began": ORIGINS[kind]}
                for name in ("own", "direct", "total"):
                    counts = np.zeros(s.simulations)
                    counts[runs["run"].to_numpy()] = runs[name].to_numpy()
                    low, high = np.quantile(counts, (0.05, 0.95), method="inverted_cdf")
                    row |= {name: float(counts.mean()), f"{name}_low": float(low), f"{name}_high": float(high)}
                for name in ("direct", "total"):
                    row |= {f"{name}_share": row[name] / whole, f"{name}_of_unedited": row[name] / unedited}
                parts.append(row)
        return pl.DataFrame(parts, schema=_ORIGINS)

    @cached_property
    def first_hits(self) -> pl.DataFrame:
        """First event of each group in each country: in which share of the simulations (``chance``,
        ``unedited_chance``), on which day (``median`` over all of them, with ``low`` and ``high``, 90 %; ``None`` past
        the horizon), ``recorded``: events there on record."""
        c, s = self._record, self.setting
        pairs = self.events.select("group", "country").unique().sort("group", "country")
        pairs = pairs.with_columns(recorded=pl.Series(
            [int(((c.group == g) & (c.country == k)).sum()) for g, k in pairs.iter_rows()], dtype=pl.Int64
        ))  # fmt: skip
        for system, prefix in (("edited", ""), ("unedited", "unedited_")):
            first = self.events.filter(pl.col(system)).group_by("group", "country", "run").agg(pl.col("day").min())
            days = {key: part["day"].to_numpy() for key, part in first.group_by("group", "country")}
            made = [_first(days.get(pair[:2], np.zeros(0)), s) for pair in pairs.iter_rows()]
            schema = {f"{prefix}{name}": pl.Float64 if name == "chance" else pl.Date for name in _FIRST}
            pairs = pairs.hstack(pl.DataFrame(made, schema=schema, orient="row"))
        named = self._named(pairs.select("group", "country"))
        return pl.concat([named, pairs.drop("group", "country")], how="horizontal")

    @cached_property
    def cells(self) -> pl.DataFrame:
        """Cells of 50 km by their middles (``lat``, ``lon``): the chance of an event in them with and without the
        edits, the ``difference``, and events there on record (``recorded``); those with a chance of 2 % or more."""
        s, c = self.setting, self._record
        key = ["cell_row", "cell_column"]
        hit = [
            self.events.filter(pl.col(system)).group_by(key).agg(
                (pl.col("run").n_unique() / s.simulations).alias(name), pl.col("country").mode().min()
            )
            for system, name in (("edited", "chance"), ("unedited", "unedited_chance"))
        ]  # fmt: skip
        row, column = snap(c.lat, c.lon, CELL)
        seen = pl.DataFrame({"cell_row": row.astype(np.int32), "cell_column": column.astype(np.int32)})
        table = (
            hit[0].join(hit[1], on=key, how="full", coalesce=True)
            .with_columns(pl.coalesce("country", "country_right").alias("country"))
            .with_columns(pl.col("chance", "unedited_chance").fill_null(0.0))
            .join(seen.group_by(key).len("recorded"), on=key, how="left")
            .filter(pl.max_horizontal("chance", "unedited_chance") >= _RARE)
            .sort(key)
        )  # fmt: skip
        middle = (table["cell_row"].to_numpy() + 0.5) * CELL / KM
        width = CELL / (KM * np.cos(np.radians(np.clip(middle, -89.5, 89.5))))
        return table.select(
            pl.Series("lat", middle.round(3)),
            pl.Series("lon", ((table["cell_column"].to_numpy() + 0.5) * width - 180).round(3)),
            pl.Series("country", [s.countries[n] for n in table["country"]], dtype=pl.String),
            pl.col("recorded").fill_null(0).cast(pl.Int64), "chance", "unedited_chance",
            difference=pl.col("chance") - pl.col("unedited_chance"),
        )  # fmt: skip

    def words(self) -> str:
        """The assumptions, the result in sentences with intervals, and what it is not."""
        from spillover.forecasting.scenarios.words import words

        return words(self)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: the words, the edits with their assumptions, the setting and all tables."""
        s = self.setting
        kept = {f.name: getattr(s, f.name) for f in fields(s) if f.name not in ("scenario", "groups", "countries")}
        return {
            "what_if": True,
            "words": self.words(),
            "scenario": {
                "title": s.scenario.title, "note": s.scenario.note, "horizon_months": s.scenario.months,
                "edits": [_edit(edit) for edit in s.scenario.edits],
            },
            "setting": kept | {"months": [m.isoformat() for m in s.months[:-1]], "until": s.until.isoformat(),
                               "cut": s.cut},
            "total": self.total,
            "by_month": rows(self.by("month")),
            "by_group": rows(self.by("group")),
            "by_group_country_month": rows(self.by(*KEYS)),
            "origins": rows(self.origins),
            "first_hits": rows(self.first_hits),
            "cells": rows(self.cells),
        }  # fmt: skip


def _edit(edit: Edit) -> dict[str, Any]:
    return {"kind": edit.kind, "assumption": edit.words(), **{k: v for k, v in asdict(edit).items() if v is not None}}


_ORIGINS = dict.fromkeys(("system", "group", "began"), pl.String) | dict.fromkeys(
    (*(f"{name}{end}" for name in ("own", "direct", "total") for end in ("", "_low", "_high")),
     "direct_share", "direct_of_unedited", "total_share", "total_of_unedited"), pl.Float64
)  # fmt: skip
_FIRST = ("chance", "median", "low", "high")


def _first(days: Floats, setting: Setting) -> tuple[float, date | None, date | None, date | None]:
    """Chance and dates of a first event, from the days of it in the simulations that had one."""
    every = np.full(setting.simulations, np.inf)
    every[: len(days)] = days
    middle, low, high = np.quantile(np.sort(every), (0.5, 0.05, 0.95), method="inverted_cdf")
    dates = [setting.since + timedelta(days=int(d)) if np.isfinite(d) else None for d in (middle, low, high)]
    return len(days) / setting.simulations, dates[0], dates[1], dates[2]


def _counts(numbered: pl.DataFrame, system: str, low: int, high: int, simulations: int) -> Floats:
    """Events by key and run (K × R)."""
    part = numbered.filter(pl.col(system) & pl.col("k").is_between(low, high - 1))
    at = (part["k"].to_numpy().astype(np.int64) - low) * simulations + part["run"].to_numpy()
    return np.asarray(np.bincount(at, minlength=(high - low) * simulations).reshape(high - low, simulations), float)


def _quantiles(edited: Floats, unedited: Floats) -> pl.DataFrame:
    """The columns of :meth:`Outcome.by` from numbers by key and run."""
    found: dict[str, Any] = {}
    ends = (("median", 0.5), ("low50", 0.25), ("high50", 0.75), ("low90", 0.05), ("high90", 0.95))
    for prefix, counts in (("", edited), ("unedited_", unedited)):
        found[f"{prefix}mean"] = counts.mean(axis=1)
        cut = np.quantile(counts, [share for _, share in ends], axis=1, method="inverted_cdf")
        found |= {f"{prefix}{name}": cut[n] for n, (name, _) in enumerate(ends)}
    gap = edited - unedited
    low, high = np.quantile(gap, (0.05, 0.95), axis=1, method="inverted_cdf")
    found |= {
        "difference": gap.mean(axis=1), "difference_low": low, "difference_high": high,
        "more": (gap > 0).mean(axis=1), "beyond": (edited > found["unedited_high90"][:, None]).mean(axis=1),
    }  # fmt: skip
    return pl.DataFrame(found)
