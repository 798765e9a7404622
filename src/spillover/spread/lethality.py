"""Lethality: deaths an event, how much of the violence is against civilians alone, and how heavy the tail is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from spillover.errors import SpreadError
from spillover.spread.common import Floats, beside, interval, left_form, less, wilson
from spillover.spread.powerlaw import FEWEST, Tail, tail
from spillover.spread.selection import MONTH, LeftOut, Selection
from spillover.spread.tables import Interval, counted, percent, plain, rounded, rows

YEAR_ONLY = "only the year known, perhaps a sum over it"


@dataclass(frozen=True, slots=True)
class Lethality:
    """``table``: all events, then by type of violence: ``type``, ``events``, ``deaths``, ``without`` (events that may
    not have killed anybody: best estimate 0), ``mean``, ``low``, ``high``, ``median``, ``greatest`` (deaths an event).

    ``events_one_sided``, ``deaths_one_sided``: shares that are one-sided violence, with intervals; the latter ``None``
    where nobody died, its interval also where all or none of it is: no resample is any other then. ``tail``: of deaths
    an event, ``None`` where it has fewer than 50 events.
    """

    words_of: str
    table: pl.DataFrame
    events_one_sided: float
    events_one_sided_interval: Interval
    deaths_one_sided: float | None
    deaths_one_sided_interval: Interval | None
    tail: Tail | None
    seed: int
    left_out: LeftOut

    def words(self) -> str:
        """Lethality in three or four sentences."""
        whole = self.table.row(0, named=True)
        low, high = self.events_one_sided_interval
        said = [
            f"{self.words_of}: {counted(whole['events'], 'event')} with {counted(whole['deaths'], 'death')}, "
            f"{rounded(whole['mean'])} an event (95% interval {rounded(whole['low'])} to {rounded(whole['high'])}), "
            f"half of them with {counted(round(whole['median']), 'death')} or fewer.",
            f"{percent(self.events_one_sided)} of the events (95% interval {percent(low)} to {percent(high)}) "
            + (
                "are one-sided violence."
                if self.deaths_one_sided is None
                else f"and {percent(self.deaths_one_sided)} of the deaths are one-sided violence."
            ),
            self._tail(),
            self._sums(),
        ]
        return " ".join(s for s in said if s)

    def _sums(self) -> str:
        if not (n := self.left_out.reasons.get(YEAR_ONLY, 0)):
            return ""
        verb = "is" if n == 1 else "are"
        return (
            f"{counted(n, 'row')} of which only the year is known {verb} left out: such a row may sum up many events."
        )

    def _tail(self) -> str:
        if self.tail is None:
            return f"There are too few deadly events (under {FEWEST}) in the tail to say how heavy it is."
        low, high = self.tail.interval
        if not self.tail.plausible:
            return "The deaths of the worst events do not follow a power law: its exponent would mislead."
        # with an exponent of 3 or less the variance has no limit
        heavy = "" if low > 3 else f"; a few events {'rule' if high <= 3 else 'may rule'} the mean"
        return (
            f"From {counted(self.tail.start, 'death')} on, deaths an event fit a power law with exponent "
            f"{self.tail.exponent:.2f} ({low:.2f} to {high:.2f}){heavy}."
        )

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        form = {
            "measure": "lethality", "seed": self.seed,
            "table": rows(self.table), "events_one_sided": self.events_one_sided,
            "events_one_sided_interval": self.events_one_sided_interval, "deaths_one_sided": self.deaths_one_sided,
            "deaths_one_sided_interval": self.deaths_one_sided_interval,
            "tail": self.tail and {
                "exponent": self.tail.exponent, "interval": self.tail.interval, "start": self.tail.start,
                "start_interval": self.tail.start_interval, "events": self.tail.events,
                "distance": self.tail.distance, "p": self.tail.p, "plausible": self.tail.plausible,
            },
            "left_out": left_form(self.left_out), "words": self.words(),
        }  # fmt: skip
        return {name: plain(value) for name, value in form.items()}


def lethality(selection: Selection, *, resamples: int = 500, seed: int = 1) -> Lethality:
    """Deaths an event by type of violence, the share of one-sided violence, and the tail.

    Deaths are the best estimates. Rows of which not even the month is known are left out, for such a row may sum up a
    year, and would be the worst event. The interval of the share of events is Wilson's; the others are percentiles
    of a bootstrap over events (Efron & Tibshirani 1993); where the tail's exponent is under 3 the variance of deaths an
    event has no limit, and they are too narrow. The tail's: see :mod:`spillover.spread.powerlaw`. Events in which
    nobody died count, but are no part of the tail.

    :class:`~spillover.errors.SpreadError` where no event has a number of deaths.
    """
    single = selection.usable(place=None, day=MONTH)[0]
    known = single.filter(pl.col("deaths").is_not_null())
    left_out = less(LeftOut(len(selection)), YEAR_ONLY, len(selection) - single.height)
    left_out = less(left_out, "no number of deaths", single.height - known.height)
    if known.is_empty():
        raise SpreadError(f"no event has a number of deaths{beside(left_out)}", to_do="Choose other events")
    random = np.random.default_rng(seed)
    deaths = known["deaths"].to_numpy().astype(float)
    one_sided = (known["type"] == "one-sided").fill_null(False).to_numpy()
    of_deaths = _shares(deaths, one_sided, resamples, random)
    share = float(deaths[one_sided].sum() / deaths.sum()) if deaths.sum() else None
    return Lethality(
        selection.words, _table(known, resamples, random), float(one_sided.mean()),
        wilson(int(one_sided.sum()), len(one_sided)), share, interval(of_deaths) if share not in (None, 0, 1) else None,
        tail(deaths.astype(np.int64), resamples=resamples, random=random), seed, left_out,
    )  # fmt: skip


def _shares(deaths: Floats, one_sided: Any, resamples: int, random: np.random.Generator) -> Floats:
    of_deaths = np.zeros(resamples)
    for i in range(resamples):
        at = random.integers(len(deaths), size=len(deaths))
        total = deaths[at].sum()
        of_deaths[i] = (deaths[at] * one_sided[at]).sum() / total if total else 0.0
    return of_deaths


def _table(known: pl.DataFrame, resamples: int, random: np.random.Generator) -> pl.DataFrame:
    found = []
    for kind in ("all", *known["type"].drop_nulls().unique().sort()):
        deaths = (known if kind == "all" else known.filter(type=kind))["deaths"].to_numpy().astype(float)
        n = len(deaths)
        low, high = interval([deaths[random.integers(n, size=n)].mean() for _ in range(resamples)])
        found.append((
            kind, n, int(deaths.sum()), int((deaths == 0).sum()), float(deaths.mean()), low, high,
            float(np.median(deaths)), int(deaths.max()),
        ))  # fmt: skip
    return pl.DataFrame(
        found, orient="row",
        schema={
            "type": pl.String, "events": pl.Int64, "deaths": pl.Int64, "without": pl.Int64, "mean": pl.Float64,
            "low": pl.Float64, "high": pl.Float64, "median": pl.Float64, "greatest": pl.Int64,
        },
    )  # fmt: skip
