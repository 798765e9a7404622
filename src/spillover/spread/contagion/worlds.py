"""Made-up worlds whose triggering is known: what the model is tried on. They share no code with its background.

A world has towns of very unequal size, groups with home regions, and rates that rise and fall slowly, for a group and
for each of its towns. Upon these come the triggered events, or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from spillover.spread.contagion.catalogue import Catalogue, Floats
from spillover.spread.contagion.fit import Parameters, Settings, spectral_radius
from spillover.spread.contagion.simulate import Events, as_catalogue, branch

Drift = Literal["flat", "linear", "step", "tripling"]
_YEAR = 365.25
_MARKS = np.array([0.25, 0.35, 0.3, 0.1])
_STRENGTH = np.array([0.8, 0.9, 1.1, 1.6])


@dataclass(frozen=True, slots=True)
class Truth:
    """What a world was made with: spectral radius, offspring per event, share of its events that were triggered."""

    radius: float
    offspring: float
    share: float


@dataclass(frozen=True, slots=True)
class _Map:
    lat: Floats
    lon: Floats
    chance: Floats  # groups × towns


def _map(groups: int, towns: int, rng: np.random.Generator) -> _Map:
    lat, lon = rng.uniform(28, 35, towns), rng.uniform(66, 73, towns)
    size = rng.pareto(1.2, towns) + 0.2
    home = rng.uniform([28, 66], [35, 73], (groups, 2))
    near = np.exp(-((lat[None, :] - home[:, :1]) ** 2 + (lon[None, :] - home[:, 1:]) ** 2) / 8) * size
    return _Map(lat, lon, near / near.sum(axis=1, keepdims=True))


def _empty(groups: int, days: float) -> Catalogue:
    nothing, whole = np.zeros(0), np.zeros(0, dtype=np.int64)
    names = tuple(f"group {n + 1}" for n in range(groups))
    return Catalogue(nothing, nothing, nothing, nothing, whole, whole, whole, names, ("XXA",), days)


def world(
    events: int,
    radius: float,
    rng: np.random.Generator,
    *,
    groups: int = 5,
    towns: int = 150,
    years: float = 20,
    settings: Settings | None = None,
) -> tuple[Catalogue, Truth]:
    """A world of about so many events, whose triggering has that spectral radius, and what is true of it.

    The waves have periods of 1.5 to 6 years and a standard deviation of 1.1 in the logarithm of the rate: so much for
    a group and as much again for each of its towns.
    """
    settings = settings or Settings()
    days = years * _YEAR
    adjacency = rng.gamma(1.0, 0.15, (groups, groups)) + np.diag(rng.uniform(0.6, 1.4, groups))
    adjacency *= radius / np.abs(np.linalg.eigvals(adjacency)).max()
    known = _map(groups, towns, rng)
    immigrants = _immigrants(events, adjacency, known, days, rng)
    strength = _STRENGTH / (_MARKS @ _STRENGTH)
    parameters = Parameters(
        adjacency, strength, 1.0, np.array([0.2, 0.3, 0.3, 0.2]), np.array([0.6, 0.25, 0.15]), np.ones((groups, 7)) / 7
    )
    marks = np.tile(_MARKS, (groups, 1))
    made = branch(immigrants, parameters, settings, marks, until=days, rng=rng)
    catalogue = as_catalogue(made, _empty(groups, days))
    each = strength[catalogue.mark]
    number = np.bincount(catalogue.group, minlength=groups)
    matrix = adjacency * (np.bincount(catalogue.group, each, minlength=groups) / np.maximum(number, 1))[None, :]
    return catalogue, Truth(
        spectral_radius(matrix, np.flatnonzero(number >= 100)),
        float((adjacency.sum(axis=0)[catalogue.group] * each).mean()),
        float((made.parent >= 0).mean()),
    )


def _immigrants(events: int, adjacency: Floats, known: _Map, days: float, rng: np.random.Generator) -> Events:
    groups, towns = known.chance.shape
    whole = np.linalg.inv(np.eye(groups) - adjacency)
    share = rng.dirichlet(np.full(groups, 4.0))
    rate = np.maximum(np.linalg.solve(whole, share * events), 0.02 * events / whole.sum(axis=0).mean() / groups)
    rate *= events / (whole @ rate).sum()
    grid = np.linspace(0, days, 2000)
    times, group, town = [], [], []
    for g in range(groups):
        of_group = _wave(grid, rng)
        number = np.bincount(rng.choice(towns, rng.poisson(rate[g]), p=known.chance[g]), minlength=towns)
        for t in np.flatnonzero(number):
            cumulated = np.cumsum(np.exp(of_group + _wave(grid, rng)))
            times.append(np.interp(rng.random(number[t]), cumulated / cumulated[-1], grid))
            group.append(np.full(number[t], g))
            town.append(np.full(number[t], t))
    where = np.concatenate(town)
    n = len(where)
    return Events(
        np.concatenate(times), known.lat[where], known.lon[where], np.concatenate(group).astype(np.int64),
        rng.choice(len(_MARKS), n, p=_MARKS), np.zeros(n, dtype=np.int64), np.full(n, -1), False,
    )  # fmt: skip


def _wave(grid: Floats, rng: np.random.Generator) -> Floats:
    """Four sines with periods of 1.5 to 6 years."""
    period, phase = rng.uniform(1.5, 6.0, 4) * _YEAR, rng.uniform(0, 2 * np.pi, 4)
    return np.asarray(0.8 / np.sqrt(2) * np.sin(2 * np.pi * grid[:, None] / period + phase).sum(axis=1))


def drifting(events: int, drift: Drift, rng: np.random.Generator, *, groups: int = 5, years: float = 20) -> Catalogue:
    """A world without any triggering, whose rates drift.

    ``linear``: they grow from nothing; ``step``: fourfold at half of the window; ``tripling``: each town's triples, at
    a time of its own; ``flat``: they do not.
    """
    days = years * _YEAR
    known = _map(groups, 150, rng)
    group = rng.choice(groups, events, p=rng.dirichlet(np.full(groups, 4.0))).astype(np.int64)
    town = np.array([rng.choice(len(known.lat), p=known.chance[g]) for g in group])
    u = rng.random(events)
    if drift == "linear":
        part = np.sqrt(u)
    elif drift == "step":
        part = np.where(rng.random(events) < 0.8, 0.5 + 0.5 * u, 0.5 * u)
    elif drift == "tripling":
        at = rng.random(len(known.lat))[town]
        mass = u * (at + 3 * (1 - at))
        part = np.where(mass < at, mass, at + (mass - at) / 3)
    else:
        part = u
    times = part * days
    made = Events(
        times, known.lat[town], known.lon[town], group, rng.choice(len(_MARKS), events, p=_MARKS),
        np.zeros(events, dtype=np.int64), np.full(events, -1), False,
    )  # fmt: skip
    return as_catalogue(made, _empty(groups, days))
