"""Tempo: events and deaths by month or week, how they vary, against the year before, and when the tempo changed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Literal, get_args

import numpy as np
import polars as pl
from scipy import stats

from spillover.errors import SpreadError
from spillover.spread.breaks import change_points, support
from spillover.spread.common import Floats, Ints, beside, interval, left_form
from spillover.spread.selection import DAY, MONTH, LeftOut, Selection
from spillover.spread.tables import Interval, counted, percent, plain, ratio, rounded, rows

By = Literal["month", "week"]
_EVERY = {"month": "1mo", "week": "1w"}
HALF_LIFE = {"month": 6.0, "week": 13.0}
FEWEST_PERIODS, FEWEST_WAITS = 12, 20
"""Below these, no Fano factor or change points, and no burstiness: their intervals would span all they can be."""
_FIRM = 0.5  # share of resamples that have a change point


@dataclass(frozen=True, slots=True)
class Bursts:
    """How bursty the waits between days with events are: −1 regular, 0 as by chance, 1 all at once.

    ``plain``: (σ − μ)/(σ + μ) of Goh & Barabási 2008 (EPL 81:48002). ``finite``: its form for short series of Kim & Jo
    2016 (Phys. Rev. E 94:032311, eq. 22), with its bootstrap ``interval`` over waits. ``left_out``: days not known.
    """

    waits: int
    plain: float
    finite: float
    interval: Interval
    left_out: LeftOut


@dataclass(frozen=True, slots=True)
class Tempo:
    """Counts by period.

    ``table``: ``period`` (its first day), ``whole`` (the window holds all of it), ``events``, ``deaths`` (known best
    estimates; ``without_deaths`` events have none), and their exponentially weighted means ``events_mean`` and
    ``deaths_mean``, whose weights halve every ``half_life`` periods.
    ``years``: ``year``, ``since``, ``until``, ``events``, ``before`` (on the same days of the year before), ``ratio``,
    ``low``, ``high``. ``fano``: variance / mean of the counts of whole periods; 1 for events that come by chance.
    ``breaks``: ``period`` (the first of the new level), ``before`` and ``after`` (events a period), ``support`` (share
    of resamples with a change point at most ``near`` periods away).
    """

    words_of: str
    by: By
    since: date
    until: date
    half_life: float
    table: pl.DataFrame
    years: pl.DataFrame
    fano: float | None
    fano_interval: Interval | None
    bursts: Bursts | None
    breaks: pl.DataFrame
    near: int
    without_deaths: int
    seed: int
    left_out: LeftOut

    def words(self) -> str:
        """The tempo in one to three sentences."""
        events, deaths = int(self.table["events"].sum()), int(self.table["deaths"].sum())
        said = [
            f"{self.words_of}: {counted(events, 'event')}{self._undated()} and {counted(deaths, 'death')} from "
            f"{self.since} to {self.until}{self._change()}.",
            self._year(),
            self._variation(),
        ]
        return " ".join(s for s in said if s)

    def _undated(self) -> str:
        n = self.left_out.events
        return f" ({n:,} more {'is' if n == 1 else 'are'} of no known {self.by})" if n else ""

    def _change(self) -> str:
        if self.fano is None:
            return f"; too few {self.by}s or events to say how they vary"
        if self.breaks.is_empty():
            return f"; no change of tempo can be told from chance by {self.by}"
        last = self.breaks.row(-1, named=True)
        when = f"{last['period']:%B %Y}" if self.by == "month" else f"the week of {last['period']}"
        changed = "last changed" if last["support"] >= _FIRM else "may last have changed"
        return (
            f"; the tempo {changed} in {when}, from {rounded(last['before'])} to {rounded(last['after'])} events a "
            f"{self.by} (in {percent(last['support'])} of resamples)"
        )

    def _year(self) -> str:
        if self.years.is_empty():
            return ""
        last = self.years.row(-1, named=True)
        head = (
            f"{last['since']} to {last['until']} had {counted(last['events'], 'event')}, the same days a year earlier "
        )
        if last["ratio"] is None:
            return f"{head}{'none too' if not last['events'] else 'none'}."
        low, high = last["low"], last["high"]
        clear = low > 1 or (high is not None and high < 1)
        top = "more" if high is None else ratio(high)
        doubt = "" if clear else "; that may be chance"
        span = f"95% interval {ratio(low)} to {top}{doubt}"
        return f"{head}{last['before']:,}: a ratio of {ratio(last['ratio'])} ({span})."

    def _variation(self) -> str:
        if self.fano is None or self.fano_interval is None:
            return ""
        low, high = self.fano_interval
        return (
            f"Counts by {self.by} vary {ratio(self.fano)} times as much as by chance at a constant rate "
            f"(Fano factor, 95% interval {ratio(low)} to {ratio(high)})."
        )

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        bursts = self.bursts
        form = {
            "measure": "tempo", "seed": self.seed,
            "by": self.by, "since": self.since, "until": self.until, "half_life": self.half_life,
            "table": rows(self.table), "years": rows(self.years), "fano": self.fano,
            "fano_interval": self.fano_interval, "breaks": rows(self.breaks), "near": self.near,
            "bursts": bursts and {
                "waits": bursts.waits, "plain": bursts.plain, "finite": bursts.finite, "interval": bursts.interval,
                "left_out": left_form(bursts.left_out),
            },
            "without_deaths": self.without_deaths, "left_out": left_form(self.left_out),
            "words": self.words(),
        }  # fmt: skip
        return {name: plain(value) for name, value in form.items()}


def tempo(
    selection: Selection, *, by: By = "month", half_life: float | None = None, shortest: int = 3, near: int = 2,
    resamples: int = 200, seed: int = 1,
) -> Tempo:  # fmt: skip
    """Events and deaths by calendar month or ISO week (from Monday), with zeros, over the window.

    ``half_life``: of the moving mean, in periods (6 months or 13 weeks where not given). ``shortest``: fewest periods
    between change points. ``near``: how far off, in periods, a resample's change point still supports one found.

    An event counts whole in the period of its first day, as in UCDP's own monthly files. By month, events of which only
    the month is known count too. The year-on-year ratio's interval is the exact conditional one of two Poisson counts
    (Przyborowski & Wilenski 1940; Clopper–Pearson on the share), with both counts divided by the quasi-Poisson
    dispersion of their months where that is over 1 (McCullagh & Nelder 1989, § 4.5). The Fano factor's is a circular
    block bootstrap (Politis & Romano 1992) with blocks of n^⅓ periods. Change points: see
    :mod:`spillover.spread.breaks`. Periods that the window cuts are shown, but count for neither.

    :class:`~spillover.errors.SpreadError` where there is no event with a usable day, or for another period.
    """
    if by not in get_args(By):
        raise SpreadError(f"there is no tempo by {by!r}", to_do="Use month or week")
    half_life = HALF_LIFE[by] if half_life is None else half_life
    if half_life <= 0 or shortest < 1:
        raise SpreadError("the half-life and the shortest segment must be above zero", to_do="Choose larger ones")
    events, left_out = selection.usable(place=None, day=MONTH if by == "month" else DAY)
    if events.is_empty():
        raise SpreadError(f"no event has a usable {by}{beside(left_out)}", to_do="Choose other events or other days")
    random = np.random.default_rng(seed)
    table = _table(events, selection, by, half_life)
    whole = table.filter("whole")
    counts = whole["events"].to_numpy().astype(np.int64)
    enough = len(counts) >= FEWEST_PERIODS and counts.sum() >= FEWEST_PERIODS
    found = change_points(counts, shortest=shortest) if enough else np.empty(0, dtype=np.int64)
    share = support(counts, found, shortest=shortest, near=near, resamples=resamples, random=random)
    return Tempo(
        selection.words, by, selection.since, selection.until, half_life, table, _years(events, selection),
        fano(counts) if enough else None, _fano_interval(counts, resamples, random) if enough else None,
        _bursts(selection, resamples, random), _levels(whole, found, share), near,
        events["deaths"].null_count(), seed, left_out,
    )  # fmt: skip


def fano(counts: Ints) -> float:
    """Variance (n − 1) over mean of counts; 0 where all are 0."""
    mean = counts.mean()
    return float(counts.var(ddof=1) / mean) if mean else 0.0


def burstiness(waits: Floats) -> tuple[float, float]:
    """Goh & Barabási's burstiness of waits, and Kim & Jo's for n waits. Their n events on a circle have n waits."""
    r, n = float(waits.std() / waits.mean()), len(waits)
    finite = (math.sqrt(n + 1) * r - math.sqrt(n - 1)) / ((math.sqrt(n + 1) - 2) * r + math.sqrt(n - 1))
    return (r - 1) / (r + 1), finite


def ratio_interval(now: float, before: float, cover: float = 0.95) -> tuple[float | None, float | None]:
    """Interval of the ratio of two Poisson means from their counts; ``None``: no limit."""
    if not now and not before:
        return None, None
    tail = (1 - cover) / 2
    low = float(stats.beta.ppf(tail, now, before + 1)) if now else 0.0
    high = float(stats.beta.ppf(1 - tail, now + 1, before)) if before else 1.0
    return low / (1 - low), high / (1 - high) if high < 1 else None


def _table(events: pl.DataFrame, selection: Selection, by: By, half_life: float) -> pl.DataFrame:
    every = _EVERY[by]
    first = pl.select(pl.lit(selection.since).dt.truncate(every)).item()
    table = pl.DataFrame({"period": pl.date_range(first, selection.until, every, eager=True)})
    last = pl.col("period").dt.offset_by(every).dt.offset_by("-1d")
    counts = events.group_by(pl.col("start").dt.truncate(every).alias("period")).agg(
        events=pl.len().cast(pl.Int64), deaths=pl.col("deaths").sum().cast(pl.Int64)
    )
    zeros = table.join(counts, on="period", how="left", maintain_order="left").with_columns(
        pl.col("events", "deaths").fill_null(0),
        whole=(pl.col("period") >= selection.since) & (last <= selection.until),
    )
    return zeros.select(
        "period", "whole", "events", "deaths",
        events_mean=pl.col("events").ewm_mean(half_life=half_life),
        deaths_mean=pl.col("deaths").ewm_mean(half_life=half_life),
    )  # fmt: skip


def _levels(whole: pl.DataFrame, found: Ints, share: Floats) -> pl.DataFrame:
    """The change points with the mean before and after."""
    counts, edges = whole["events"].to_numpy(), [0, *found.tolist(), whole.height]
    means = [float(counts[a:b].mean()) for a, b in pairwise(edges)] if len(found) else []
    return pl.DataFrame(
        {
            "period": whole["period"].gather(found), "before": means[:-1], "after": means[1:],
            "support": share,
        },
        schema={"period": pl.Date, "before": pl.Float64, "after": pl.Float64, "support": pl.Float64},
    )  # fmt: skip


def _fano_interval(counts: Ints, resamples: int, random: np.random.Generator) -> Interval:
    n = len(counts)
    block = max(round(n ** (1 / 3)), 1)
    starts = random.integers(n, size=(resamples, -(-n // block)))
    index = (starts[:, :, None] + np.arange(block)).reshape(resamples, -1)[:, :n] % n
    return interval([fano(counts[i]) for i in index])


def _bursts(selection: Selection, resamples: int, random: np.random.Generator) -> Bursts | None:
    events, left_out = selection.usable(place=None)
    days = events["start"].unique().sort().to_physical().to_numpy()
    waits = np.diff(days).astype(float)
    if len(waits) < FEWEST_WAITS:
        return None
    again = waits[random.integers(len(waits), size=(resamples, len(waits)))]
    simple, finite = burstiness(waits)
    return Bursts(len(waits), simple, finite, interval([burstiness(w)[1] for w in again]), left_out)


def _year_before(day: date) -> date:
    # the 29th of February has the 28th before it
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _years(events: pl.DataFrame, selection: Selection) -> pl.DataFrame:
    """Each calendar year (what of it lies in the window) against the same days a year before, where both are."""
    found = []
    for year in range(selection.since.year + 1, selection.until.year + 1):
        since, until = date(year, 1, 1), min(date(year, 12, 31), selection.until)
        if _year_before(since) < selection.since:
            since = selection.since.replace(year=year, day=min(selection.since.day, 28)) + timedelta(
                days=max(selection.since.day - 28, 0)
            )
        if since > until:
            continue
        now, before = _by_month(events, since, until), _by_month(events, _year_before(since), _year_before(until))
        over = _quasi(now, before)
        a, b = int(now.sum()), int(before.sum())
        low, high = ratio_interval(a / over, b / over)
        found.append((year, since, until, a, b, a / b if b else None, low, high))
    return pl.DataFrame(
        found, orient="row",
        schema={
            "year": pl.Int64, "since": pl.Date, "until": pl.Date, "events": pl.Int64, "before": pl.Int64,
            "ratio": pl.Float64, "low": pl.Float64, "high": pl.Float64,
        },
    )  # fmt: skip


def _by_month(events: pl.DataFrame, since: date, until: date) -> Ints:
    months = (until.year - since.year) * 12 + until.month - since.month + 1
    days = events.filter(pl.col("start").is_between(since, until))["start"]
    at = (days.dt.year() - since.year).cast(pl.Int64) * 12 + days.dt.month().cast(pl.Int64) - since.month
    return np.bincount(at.to_numpy(), minlength=months).astype(np.int64)


def _quasi(*spans: Ints) -> float:
    """Pearson's X² over its degrees of freedom, at least 1; 1 where there are too few months to say."""
    used = [s for s in spans if s.sum() and len(s) > 1]
    free = sum(len(s) - 1 for s in used)
    return max(sum(float(((s - s.mean()) ** 2).sum() / s.mean()) for s in used) / free, 1.0) if free > 2 else 1.0
