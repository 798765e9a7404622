"""Catalogues made by hand or at random, and the intensity as it is written down: every pair, no tables of pairs."""

from __future__ import annotations

from typing import Any

import numpy as np

from spillover.spread.contagion.catalogue import Catalogue
from spillover.spread.contagion.cells import Cells, snap
from spillover.spread.contagion.fit import Parameters, Settings
from spillover.spread.contagion.pairs import CLASSES

RADIUS = 6371.0088


def made_catalogue(times: Any, **given: Any) -> Catalogue:
    """A catalogue of events at these times; one place, one group, one death, one country where not given."""
    times = np.asarray(times, dtype=float)
    n = len(times)

    def column(name: str, default: float, kind: type) -> np.ndarray:
        return np.broadcast_to(np.asarray(given.pop(name, default), dtype=kind), n).copy()

    columns = {
        "first": times, "last": np.asarray(given.pop("last", times), dtype=float), "lat": column("lat", 31.5, float),
        "lon": column("lon", 70.0, float), "group": column("group", 0, np.int64), "mark": column("mark", 1, np.int64),
        "country": column("country", 0, np.int64),
    }  # fmt: skip
    whole = {
        "groups": tuple(f"group {k + 1}" for k in range(int(columns["group"].max(initial=0)) + 1)),
        "countries": tuple(f"XX{'ABCDEFGH'[k]}" for k in range(int(columns["country"].max(initial=0)) + 1)),
        "days": max(float(columns["last"].max(initial=1)), 1.0),
    }
    return Catalogue(**(columns | whole | given))


def scattered(
    n: int, seed: int, *, groups: int = 3, towns: int = 10, days: float = 400.0, countries: int = 1, wide: float = 0.25
) -> Catalogue:
    """Events anyhow: in no order, in towns within ``wide`` degrees of each other, times to a quarter of a day."""
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(31, 31 + wide, towns), rng.uniform(70, 70 + wide, towns)
    town = rng.integers(towns, size=n)
    times = np.where(rng.random(n) < 0.3, np.floor(rng.uniform(0, days, n) * 4) / 4, rng.uniform(0, days, n))
    return made_catalogue(
        times, lat=lat[town], lon=lon[town], group=rng.integers(groups, size=n), mark=rng.integers(CLASSES, size=n),
        country=(lon[town] > 70 + wide / 2).astype(int) if countries > 1 else 0, days=days,
        groups=tuple(f"group {k + 1}" for k in range(groups)), countries=("XXA", "XXB")[:countries],
    )  # fmt: skip


def arc(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Great-circle distances between all points, km, by the haversine formula."""
    phi, theta = np.radians(lat), np.radians(lon)
    a = np.sin((phi[:, None] - phi[None, :]) / 2) ** 2
    a += np.cos(phi)[:, None] * np.cos(phi)[None, :] * np.sin((theta[:, None] - theta[None, :]) / 2) ** 2
    return 2 * RADIUS * np.arcsin(np.sqrt(np.clip(a, 0, 1)))


def some_parameters(groups: int, settings: Settings, seed: int = 0, border: float = 1.0) -> Parameters:
    """Parameters anyhow."""
    rng = np.random.default_rng(seed)
    marks = rng.uniform(0.5, 2, CLASSES)
    return Parameters(
        rng.uniform(0.01, 0.5, (groups, groups)) / groups, marks, border,
        rng.dirichlet(np.ones(len(settings.half_lives))), rng.dirichlet(np.ones(len(settings.scales))),
        rng.dirichlet(np.ones(2 * len(settings.sizes) + 1), groups),
    )  # fmt: skip


def naive_triggering(catalogue: Catalogue, times: np.ndarray, settings: Settings, parameters: Parameters) -> np.ndarray:
    """Triggered intensity at each event from each (N × N): the tables' kernel, pair by pair."""
    shapes = settings.kernels()
    cells = Cells.of_points(catalogue.lat, catalogue.lon, settings.cell)
    distance = arc(cells.lat, cells.lon)[np.ix_(cells.of, cells.of)]
    same = cells.of[:, None] == cells.of[None, :]
    wait = times[:, None] - times[None, :]
    found = np.zeros((len(times), len(times)))
    for i, j in np.argwhere((wait > 0) & (wait < settings.longest) & (distance <= settings.reach)):
        t = np.searchsorted(shapes.wait_edges, wait[i, j], side="right") - 1
        d = 0 if same[i, j] else max(round(distance[i, j] / shapes.distance_step), 1)
        strength = parameters.adjacency[catalogue.group[i], catalogue.group[j]] * parameters.marks[catalogue.mark[j]]
        if catalogue.country[i] != catalogue.country[j]:
            strength *= parameters.border
        found[i, j] = strength * (parameters.waits @ shapes.wait[:, t]) * (parameters.distances @ shapes.space[:, d])
    return found


def naive_densities(catalogue: Catalogue, times: np.ndarray, weights: np.ndarray, settings: Settings) -> np.ndarray:
    """The background's components at each event (N × C), by looking at every other event."""
    cells = Cells.of_points(catalogue.lat, catalogue.lon, settings.cell)
    n, days = len(times), catalogue.days
    other = ~np.eye(n, dtype=bool)
    group = catalogue.group[:, None] == catalogue.group[None, :]
    wait = np.abs(times[:, None] - times[None, :])

    def curve(bandwidth: float) -> np.ndarray:
        tau = bandwidth / 2
        x = wait / tau
        inside = 1 - (2 + times / tau) * np.exp(-times / tau) / 4
        inside -= (2 + (days - times) / tau) * np.exp(-(days - times) / tau) / 4
        return other * group * (1 + x) * np.exp(-x) / (4 * tau) * (weights / inside)[None, :]

    of_group = curve(settings.group_bandwidth).sum(axis=1)
    total = (other * group) @ weights
    share = np.divide(of_group, total, out=np.zeros(n), where=total > 0)
    local, fixed = [], []
    for size in settings.sizes:
        shifts = [(0, 0)] if size == settings.cell else [(0, 0), (0.5, 0), (0, 0.5), (0.5, 0.5)]
        same = np.zeros((n, n))
        for shift in shifts:
            row, column = snap(cells.lat, cells.lon, size, shift=shift)
            row, column = row[cells.of], column[cells.of]
            same += (row[:, None] == row[None, :]) & (column[:, None] == column[None, :])
        same /= len(shifts) * (size / settings.cell) ** 2
        local.append((same * curve(settings.bandwidth)).sum(axis=1))
        fixed.append((same * other * group) @ weights * share)
    in_cell = (other * (cells.of[:, None] == cells.of[None, :])) @ weights
    popularity = (in_cell + 0.5) / (other @ weights + 0.5 * len(cells))
    return np.stack([*local, *fixed, total * share * popularity], axis=1)
