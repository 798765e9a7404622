"""Onset: the chance that an armed group strikes where it has been quiet, for each group and place."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from spillover.errors import ForecastError
from spillover.forecasting import months
from spillover.forecasting.onset.cells import Cells, Scope, came, cells
from spillover.forecasting.onset.features import names, spec
from spillover.forecasting.onset.logistic import Logistic, fit
from spillover.forecasting.onset.record import Level, Record, month_of, record_of
from spillover.records.session import Session
from spillover.spread.common import left_form, listed
from spillover.spread.selection import LeftOut, Selection
from spillover.spread.tables import counted, percent, plain, rows, tenths

Floats = NDArray[np.float64]
AHEAD = (1, 12)
REASONS, LEAST = 3, 0.1
"""How many reasons are told of a cell, and the least that one adds to the log-odds."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Learnt:
    """What is known at an origin of how onsets come about. ``base``, ``near``, ``far``: the rate over all cells of
    earlier windows, and those of cells with and without the group next door; ``windows``: how many, overlapping;
    ``cells``, ``onsets``: how many if they did not overlap; ``first``, ``last``: origins of the first and last."""

    model: Logistic
    base: float
    near: float
    far: float
    windows: int
    cells: float
    onsets: float
    first: int
    last: int


@dataclass(slots=True)
class Learner:
    """Forecasts of onsets from a record, origin by origin. Cells of earlier origins are kept and used again."""

    record: Record
    months_ahead: tuple[int, int]
    scope: Scope
    _kept: dict[int, Cells] = field(default_factory=dict)

    def cells(self, origin: int) -> Cells:
        """All cells of an origin, those included that are only learnt from."""
        if origin not in self._kept:
            self._kept[origin] = cells(self.record, origin, self.scope)
        return self._kept[origin]

    def learn(self, origin: int) -> Learnt | None:
        """What earlier windows teach that had wholly ended by the origin; ``None``: there is none with a cell."""
        s, last = settings(), origin - self.months_ahead[1]
        found = []
        for at in range(last, self.record.start + self.scope.quiet - 2, -int(s["step"])):
            then = self.cells(at)
            happened, known = came(self.record, then, self.months_ahead)
            if known.any():
                found.append((then.only(known), happened[known]))
        if not any(then.rested.any() for then, _ in found):
            return None
        found.reverse()
        y = np.concatenate([happened for _, happened in found])
        rested, near = (np.concatenate([getattr(then, of) for then, _ in found]) for of in ("rested", "near"))
        weight = min(1.0, s["step"] / (self.months_ahead[1] - self.months_ahead[0] + 1))
        each = max(1, math.ceil(int((y == 0).sum()) / s["most"]))
        kept = [(happened == 1) | (np.arange(len(then)) % each == 0) for then, happened in found]
        x = np.concatenate([_columns(then.only(rows)) for (then, _), rows in zip(found, kept, strict=True)])
        told = y[np.concatenate(kept)]
        model = fit(
            x, told, weight * np.where(told == 1, 1, each), ridge=s["ridge"], chance=s["chance"], hold=s["hold"],
            marks=1,
        )  # fmt: skip

        def rate(of: NDArray[np.bool_], before: float) -> float:
            n = s["cells"]
            return float((weight * y[of].sum() + before * n) / (weight * of.sum() + n))

        base = rate(rested, s["chance"])
        return Learnt(
            model, base, rate(rested & near, base), rate(rested & ~near, base), len(found),
            float(weight * rested.sum()), float(weight * y[rested].sum()), found[0][0].origin, found[-1][0].origin,
        )  # fmt: skip


@cache
def settings() -> dict[str, float]:
    """How onsets are learnt: ``settings.toml``."""
    return tomllib.loads(files(__package__).joinpath("settings.toml").read_text("utf-8"))


def scope_of(quiet: int) -> Scope:
    """The cells that are asked about; :class:`~spillover.errors.ForecastError` for less than a month."""
    if quiet < 1:
        raise ForecastError(f"{quiet} quiet months are too few", to_do="Ask for a month or more; 24 is usual")
    return Scope(quiet=quiet, rested=int(settings()["rested"]))


def checked(months_ahead: tuple[int, int]) -> tuple[int, int]:
    """First and last month ahead; :class:`~spillover.errors.ForecastError` where they are none."""
    first, last = months_ahead
    if not 1 <= first <= last <= months.LONGEST:
        raise ForecastError(
            f"{first} to {last} are no months ahead", to_do="Ask for a span such as 1 to 12, or 3 to 14"
        )
    return first, last


@dataclass(frozen=True, slots=True)
class Onset:
    """Chances of onsets after an origin.

    ``table``: a row a cell, the likeliest first: ``group``, ``place`` (key), ``name``, ``country`` (ISO3),
    ``probability`` of an event or more in the window, ``base_rate``, ``neighbour_rate`` (what the two baselines say),
    ``near`` (active next door in the last year), ``raises``, ``lowers`` (the features that do so most, in words).
    ``weights``: ``feature``, ``weight`` (log-odds a standard deviation). ``first``, ``last``: months of the window.
    """

    words_of: str
    level: Level
    origin: int
    months_ahead: tuple[int, int]
    quiet: int
    table: pl.DataFrame
    weights: pl.DataFrame
    learnt: Learnt
    sources: tuple[str, ...]
    left_out: LeftOut

    @property
    def window(self) -> str:
        """The months in which onsets are foretold."""
        return " to ".join(months.name(self.origin + h) for h in self.months_ahead)

    def words(self) -> str:
        """How many onsets are to be expected, which are the likeliest, and on how much that rests."""
        head = f"{self.words_of}, as known at the end of {months.name(self.origin)}"
        if self.table.is_empty():
            return f"{head}: no group that is asked about has been quiet for {self.quiet} months in any place."
        expected = tenths(float(self.table["probability"].sum()))
        cells = counted(self.table.height, "pair of a group and a place", "pairs of a group and a place")
        top = [f"{r['group']} in {r['name']} ({percent(r['probability'])})" for r in rows(self.table.head(_SHOWN))]
        k = self.learnt
        return (
            f"{head}: {cells} quiet for {self.quiet} months; about {expected} of them are expected to see the group's "
            f"violence in {self.window}. Likeliest: {listed(top)}. A pair like any other has a chance of "
            f"{percent(k.base)}; with the group next door {percent(k.near)}, else {percent(k.far)}. Learnt from about "
            f"{tenths(k.onsets)} onsets after origins from {months.name(k.first)} to {months.name(k.last)}, all of "
            "whose windows had ended: from so few, a chance is a matter of degree. New groups, and places without an "
            "event so far, are not among the pairs."
        )

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        k = self.learnt
        form = {
            "measure": "onset", "kind": self.level, "origin": months.name(self.origin),
            "months_ahead": list(self.months_ahead), "window": self.window, "quiet": self.quiet,
            "cells": rows(self.table), "weights": rows(self.weights),
            "learnt": {
                "base_rate": k.base, "neighbour_rate": k.near, "no_neighbour_rate": k.far, "windows": k.windows,
                "cells": k.cells, "onsets": k.onsets, "first": months.name(k.first), "last": months.name(k.last),
            },
            "left_out": left_form(self.left_out), "words": self.words(),
        }  # fmt: skip
        return {name: plain(value) for name, value in form.items()}


def onset(
    source: Session | Selection | Record,
    origin: int | str | None = None,
    *,
    place: Level = "admin1",
    months_ahead: tuple[int, int] = AHEAD,
    quiet: int = 24,
    groups: Collection[str] | None = None,
) -> Onset:
    """The chance of each group to strike, in the months ahead, in each place in which it was quiet.

    ``source``: the session of a case, a selection, or a record of either. ``origin``: the last month that is known
    (``YYYY-MM`` or its number), by default the record's last; nothing after it is looked at. ``place``: first-order
    divisions, or countries. ``months_ahead``: first and last month of the window. ``quiet``: months. ``groups``: only
    these, by the data's names, are told of; the model learns from all. Nothing is drawn at random.

    Cells are those of :func:`~spillover.forecasting.onset.cells.cells`; an onset is an event, of any type, with the
    group on either side. :class:`~spillover.errors.ForecastError` where the origin is outside the record, or nothing
    can be learnt by then.
    """
    record = record_of(source, place)
    ahead, scope = checked(months_ahead), scope_of(quiet)
    at = record.end if origin is None else month_of(origin)
    if not record.start <= at <= record.end:
        raise ForecastError(
            f"{months.name(at)} is outside the months of the record, {months.name(record.start)} to "
            f"{months.name(record.end)}", to_do="Choose a month within",
        )  # fmt: skip
    learner = Learner(record, ahead, scope)
    learnt = learner.learn(at)
    if learnt is None:
        raise ForecastError(
            f"nothing can be learnt by {months.name(at)}: no pair of a group and a place was quiet for {quiet} months "
            f"with a window of {ahead[0]} to {ahead[1]} months after it", to_do="Choose a later origin, or more data",
        )  # fmt: skip
    now = learner.cells(at)
    now = now.only(now.rested)
    if groups is not None:
        now = now.only(np.array([record.groups[g] in groups for g in now.group], dtype=bool))
    weights = pl.DataFrame({"feature": names(), "weight": learnt.model.weights[:-1]})
    return Onset(
        record.words, record.level, at, ahead, quiet, _table(record, now, learnt), weights, learnt, record.sources,
        record.left_until(at),
    )  # fmt: skip


def chances(of: Cells, learnt: Learnt) -> dict[str, Floats]:
    """Of each cell the chance, and what the two baselines say."""
    return {
        "probability": learnt.model.chance(_columns(of)),
        "base_rate": np.full(len(of), learnt.base),
        "neighbour_rate": np.where(of.near, learnt.near, learnt.far),
    }


def described(record: Record, of: Cells, learnt: Learnt) -> pl.DataFrame:
    """A row a cell: who, where, and the chances."""
    return pl.DataFrame(
        {
            "group": [record.groups[g] for g in of.group], "place": [record.places[p] for p in of.place],
            "name": [record.names[p] for p in of.place], "country": [record.countries[p] for p in of.place],
            **chances(of, learnt), "near": of.near,
        },
        schema_overrides=dict.fromkeys(("group", "place", "name", "country"), pl.String),
    )  # fmt: skip


def _columns(of: Cells) -> Floats:
    """Features, and whether the cell was quiet for less than is asked."""
    return np.column_stack([of.x, ~of.rested]).astype(np.float64)


def _table(record: Record, of: Cells, learnt: Learnt) -> pl.DataFrame:
    x = _columns(of)
    parts, high = learnt.model.parts(x)[:, :-1], x[:, :-1] > learnt.model.mean[:-1]
    told = [list(spec().values())[j] for j in range(parts.shape[1])]

    def reasons(sign: int) -> list[list[str]]:
        found = []
        for part, up in zip(parts * sign, high, strict=True):
            order = [j for j in np.argsort(-part, kind="stable")[:REASONS] if part[j] >= LEAST]
            found.append([told[j]["high" if up[j] else "low"] for j in order])
        return found

    return (
        described(record, of, learnt)
        .with_columns(
            pl.Series("raises", reasons(1), dtype=pl.List(pl.String)),
            pl.Series("lowers", reasons(-1), dtype=pl.List(pl.String)),
        )
        .sort("probability", "group", "place", descending=[True, False, False])
    )
