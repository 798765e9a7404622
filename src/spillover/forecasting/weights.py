"""How much each member counts in the pool: as chosen beforehand, moved by how members did in windows that are over."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from spillover.forecasting.features import level
from spillover.forecasting.panel import SMALL, Panel, Unit
from spillover.forecasting.scores import BIN_EDGES

Floats = NDArray[np.float64]
Single = NDArray[np.float32]
Ints = NDArray[np.int64]

DRAWS = 1000
"""The ignorance score is of so many draws and a pseudo-draw a bin."""


@dataclass(frozen=True, slots=True)
class Weights:
    """``values``: bands of level × members, each row adding up to 1. ``windows``: how many it was learnt on."""

    members: tuple[str, ...]
    cuts: tuple[float, ...]
    values: Floats
    windows: int = 0

    def of(self, levels: Floats) -> Floats:
        """A row of weights for each level."""
        return self.values[np.searchsorted(self.cuts, levels, side="right")]

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        named = {name: [round(float(v), 6) for v in self.values[:, i]] for i, name in enumerate(self.members)}
        return {"cuts": list(self.cuts), "windows": self.windows, "weights": named}


@dataclass(frozen=True, slots=True)
class Marks:
    """How members did in a window, by band of level, for each month that is over.

    With X, X' draws of members i, j and y what came: ``distance`` (months × bands × members), the sum over cells of
    E|X − y|, and ``apart`` (months × bands × members × members) of E|X − X'|; ``log_distance`` and ``log_apart``, the
    same of log(1 + count): with them the CRPS of any pool of the members is known. ``chance`` (cells × members) of the
    bin that came, with ``cell_month`` and ``cell_band``. ``scale``: CRPS, log-CRPS and ignorance of the reference, a
    sum over the cells of each month (months × 3).
    """

    members: NDArray[np.str_]
    months: Ints
    distance: Floats
    apart: Floats
    log_distance: Floats
    log_apart: Floats
    chance: Single
    cell_month: Ints
    cell_band: Ints
    scale: Floats

    def until(self, origin: int) -> Marks | None:
        """Of the months up to and with the origin alone; ``None`` where there are none."""
        kept = self.months <= origin
        if not kept.any():
            return None
        cells = self.cell_month <= origin
        return Marks(
            self.members, self.months[kept], self.distance[kept], self.apart[kept], self.log_distance[kept],
            self.log_apart[kept], self.chance[cells], self.cell_month[cells], self.cell_band[cells], self.scale[kept],
        )  # fmt: skip


@cache
def _settings() -> dict[str, Any]:
    return tomllib.loads(files("spillover.forecasting.members").joinpath("members.toml").read_text("utf-8"))


def prior(names: Sequence[str], kind: Unit = "country") -> Weights:
    """The weights chosen beforehand for a kind of unit, over the members that there are."""
    settings = _settings()
    chosen = settings["small" if kind in SMALL else "weights"]
    table = np.array([chosen[name] for name in names], dtype=np.float64).T
    return Weights(tuple(names), tuple(settings["cuts"]), table / table.sum(axis=1, keepdims=True))


def bands(panel: Panel) -> Ints:
    """The band of level of each unit at the panel's last month."""
    return np.searchsorted(_settings()["cuts"], levels(panel), side="right")


def levels(panel: Panel) -> Floats:
    """The level of each unit at the panel's last month."""
    recent = panel.values[:, -120:]
    return level(recent, panel.end - recent.shape[1] + 1)[:, -1]


def learnt(names: Sequence[str], marks: Sequence[Marks], kind: Unit = "country") -> Weights:
    """The weights that would have scored best in windows that are over.

    Least CRPS + log-CRPS + ignorance, each as a ratio to the reference, plus a ridge towards :func:`prior`. Windows
    that had other members are passed over.
    """
    start = prior(names, kind)
    marks = [m for m in marks if tuple(m.members) == start.members]
    if not marks:
        return start
    ridge, rows = _settings()["ridge"], []
    scales = [m.scale.sum(axis=0) * len(marks) for m in marks]
    for band in range(len(start.cuts) + 1):
        k = len(names)
        linear, square = np.zeros(k), np.zeros((k, k))
        chances, shares = [], []
        for m, (plain, log, ignorance) in zip(marks, scales, strict=True):
            for straight, apart, scale in ((m.distance, m.apart, plain), (m.log_distance, m.log_apart, log)):
                if scale > 0:
                    linear += straight[:, band].sum(axis=0) / scale
                    square += apart[:, band].sum(axis=0) / scale
            inside = m.cell_band == band
            chances.append(m.chance[inside].astype(np.float64))
            shares.append(np.full(int(inside.sum()), 1 / ignorance))
        rows.append(_best(linear, square, np.concatenate(chances), np.concatenate(shares), start.values[band], ridge))
    return Weights(start.members, start.cuts, np.stack(rows), len(marks))


def _best(linear: Floats, square: Floats, chance: Floats, share: Floats, start: Floats, ridge: float) -> Floats:
    """The convex problem of :func:`learnt` in one band."""

    def loss(w: Floats) -> tuple[float, Floats]:
        mixed = chance @ w
        off = w - start
        value = linear @ w - 0.5 * w @ square @ w - share @ np.log2(mixed) + ridge * off @ off
        slope = linear - square @ w - (share / mixed) @ chance / np.log(2) + 2 * ridge * off
        return float(value), slope

    whole = {"type": "eq", "fun": lambda w: w.sum() - 1, "jac": np.ones_like}
    bounds = [(0.0, 1.0)] * len(start)
    found = minimize(loss, start, jac=True, bounds=bounds, constraints=whole, method="SLSQP", options={"ftol": 1e-12})
    best = np.maximum(found.x, 0)
    return np.asarray(best / best.sum())


def marks_of(
    made: Mapping[str, Single], band: Ints, months: Ints, actual: Floats, reference: Floats,
    known: NDArray[np.bool_] | None = None,
) -> Marks:  # fmt: skip
    """How members did. ``made``: units × horizons × levels each; ``band``: of each unit; ``months``: of each horizon;
    ``actual``: units × horizons; ``reference``: the three scores of a baseline, units × horizons × 3; ``known``: units
    × horizons, where it is known what came, ``None`` for everywhere: other cells do not count."""
    units, horizons = actual.shape
    known = np.ones(actual.shape, dtype=bool) if known is None else known
    k, n = len(made), len(_settings()["cuts"]) + 1
    distance, apart = np.zeros((horizons, n, k)), np.zeros((horizons, n, k, k))
    log_distance, log_apart = np.zeros_like(distance), np.zeros_like(apart)
    chance = np.empty((units, horizons, k), np.float32)
    for h in range(horizons):
        x = np.stack([np.sort(values[:, h], axis=1) for values in made.values()], axis=1).astype(np.float64)
        for straight, between, drawn, came in (
            (distance, apart, x, actual[:, h]),
            (log_distance, log_apart, np.log1p(x), np.log1p(actual[:, h])),
        ):
            b, a = _moments(drawn, came)
            np.add.at(straight[h], band[known[:, h]], b[known[:, h]])
            np.add.at(between[h], band[known[:, h]], a[known[:, h]])
        chance[:, h] = _chance(x, actual[:, h])
    scale = (reference * known[:, :, None]).sum(axis=0)
    return Marks(
        np.array(list(made)), months, distance, apart, log_distance, log_apart, chance[known],
        np.tile(months, (units, 1))[known], np.repeat(band[:, None], horizons, axis=1)[known], scale,
    )  # fmt: skip


def _chance(x: Floats, actual: Floats) -> Single:
    """Each member's chance of the bin that came, as the ignorance score reckons it from :data:`DRAWS` draws."""
    came = np.searchsorted(BIN_EDGES, actual, side="right") - 1
    hit = (np.searchsorted(BIN_EDGES, x, side="right") - 1 == came[:, None, None]).mean(axis=2)
    chance: Single = ((hit * DRAWS + 1) / (DRAWS + len(BIN_EDGES))).astype(np.float32)
    return chance


@numba.njit(cache=True, parallel=True)
def _moments(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """E|X − y| (cells × members) and E|X − X'| (cells × members × members); x: cells × members × sorted values."""
    cells, members, m = x.shape
    straight, between = np.zeros((cells, members)), np.zeros((cells, members, members))
    for c in numba.prange(cells):
        for i in range(members):
            total = 0.0
            for q in range(m):
                total += abs(x[c, i, q] - y[c])
            straight[c, i] = total / m
            for j in range(i, members):
                between[c, i, j] = _energy(x[c, i], x[c, j])
                between[c, j, i] = between[c, i, j]
    return straight, between


@numba.njit(cache=True)
def _energy(a: Floats, b: Floats) -> float:
    """E|A − B| as the integral of F(1 − G) + G(1 − F)."""
    i = j = 0
    total, last = 0.0, min(a[0], b[0])
    while i < a.size or j < b.size:
        first = j >= b.size or (i < a.size and a[i] <= b[j])
        here = a[i] if first else b[j]
        f, g = i / a.size, j / b.size
        total += (here - last) * (f * (1 - g) + g * (1 - f))
        last = here
        if first:
            i += 1
        else:
            j += 1
    return total
