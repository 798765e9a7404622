"""Simulation: background events, and what they set off, generation by generation (Hawkes & Oakes 1974)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from spillover.spread.contagion.background import UNSEEN, Component
from spillover.spread.contagion.catalogue import KM, Catalogue, Floats, Ints
from spillover.spread.contagion.cells import Cells, numbered, snap
from spillover.spread.contagion.fit import Fitted, Parameters, Settings
from spillover.spread.contagion.placebos import fold, matern


@dataclass(frozen=True, slots=True)
class Events:
    """Simulated events, in no order. ``parent``: position of the event that set it off, −1 for the background's."""

    times: Floats
    lat: Floats
    lon: Floats
    group: Ints
    mark: Ints
    country: Ints
    parent: Ints
    cut: bool  # whether it was stopped because there were too many

    def __len__(self) -> int:
        return len(self.times)


def branch(
    immigrants: Events,
    parameters: Parameters,
    settings: Settings,
    marks: Floats,
    *,
    until: float,
    rng: np.random.Generator,
    known: tuple[Cells, Ints] | None = None,
    most: int = 2_000_000,
) -> Events:
    """The immigrants and all that they set off before ``until`` (days).

    ``marks`` (M × classes): how often an event of a group falls into each class. ``known``: cells and their countries,
    to say in which country an event lies; without them it stays in that of its parent. The simulation is cut where
    there are more than ``most`` events, as there will be where each sets off one or more.
    """
    bound = max(parameters.border, 1.0) if known is not None else 1.0
    tree = cKDTree(known[0].xyz()) if known is not None else None
    generations, now, offset, total, cut = [immigrants], immigrants, 0, len(immigrants), False
    whole = parameters.adjacency.sum(axis=0)
    while len(now):
        mean = whole[now.group] * parameters.marks[now.mark] * bound
        number = rng.poisson(mean)
        if total + number.sum() > most:
            cut = True
            break
        at = np.repeat(np.arange(len(now)), number)
        wait = _waits(len(at), parameters, settings, rng)
        alive = now.times[at] + wait < until
        at, wait = at[alive], wait[alive]
        lat, lon = _moved(now.lat[at], now.lon[at], parameters, settings, rng)
        country = now.country[at]
        if tree is not None and known is not None:
            country = known[1][tree.query(Cells(settings.cell, at, lat, lon).xyz())[1]]
            away = country != now.country[at]
            kept = rng.random(len(at)) * bound < np.where(away, parameters.border, 1.0)
            at, wait, lat, lon, country = at[kept], wait[kept], lat[kept], lon[kept], country[kept]
        group = _pick(parameters.adjacency[:, now.group[at]].T, rng)
        now = Events(
            now.times[at] + wait, lat, lon, group, _pick(marks[group], rng), country, at + offset, False
        )  # fmt: skip
        offset = total
        total += len(now)
        generations.append(now)
    names = ("times", "lat", "lon", "group", "mark", "country", "parent")
    joined = {name: np.concatenate([getattr(g, name) for g in generations]) for name in names}
    return Events(**joined, cut=cut)


def _pick(shares: Floats, rng: np.random.Generator) -> Ints:
    """A column for each row, in proportion to its shares."""
    cumulated = np.cumsum(shares, axis=1)
    drawn = rng.random(len(shares)) * cumulated[:, -1]
    return np.asarray((cumulated <= drawn[:, None]).sum(axis=1).clip(max=shares.shape[1] - 1), dtype=np.int64)


def _waits(n: int, parameters: Parameters, settings: Settings, rng: np.random.Generator) -> Floats:
    rate = np.log(2) / np.array(settings.half_lives)
    k = rng.choice(len(rate), n, p=parameters.waits)
    inside = -np.expm1(-rate * settings.longest)
    return np.asarray(-np.log1p(-rng.random(n) * inside[k]) / rate[k])


def _moved(
    lat: Floats, lon: Floats, parameters: Parameters, settings: Settings, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    scale = np.array(settings.scales)[rng.choice(len(settings.scales), len(lat), p=parameters.distances)]
    whole = -np.expm1(-(settings.reach**2) / (2 * np.maximum(scale, 1e-9) ** 2))
    distance = scale * np.sqrt(-2 * np.log1p(-rng.random(len(lat)) * whole))
    angle = rng.random(len(lat)) * 2 * np.pi
    moved = np.clip(lat + distance * np.sin(angle) / KM, -89.9, 89.9)
    east = lon + distance * np.cos(angle) / (KM * np.cos(np.radians(np.clip(lat, -89, 89))))
    return moved, (east + 180) % 360 - 180


class Generator:
    """Draws catalogues from a fit: its background, smoothed as the fit smooths it, and its triggering."""

    def __init__(self, fitted: Fitted, *, parameters: Parameters | None = None) -> None:
        self.fitted = fitted
        self.parameters = parameters or fitted.parameters
        c = fitted.catalogue
        n = len(c.groups)
        self.marks = np.full((n, len(self.parameters.marks)), 1e-9)
        np.add.at(self.marks, (c.group, c.mark), 1.0)
        country = np.zeros(len(fitted.cells), dtype=np.int64)
        country[fitted.cells.of] = c.country
        self.known = (fitted.cells, country) if len(c.countries) > 1 else None
        self.country_of_cell = country
        settings = fitted.settings
        local = [Component(size, True) for size in settings.sizes] + [Component(size, False) for size in settings.sizes]
        self.components = [*local, Component(None, False)]
        self._layers = {size: self._layer(size) for size in settings.sizes if size > settings.cell}

    def _layer(self, size: float) -> tuple[Ints, Ints, Ints]:
        """For each known cell its cell in a layer; the known cells in order of it; where each begins."""
        of, _ = numbered(*snap(self.fitted.cells.lat, self.fitted.cells.lon, size))
        return of, np.argsort(of, kind="stable").astype(np.int64), np.concatenate([[0], np.cumsum(np.bincount(of))])

    def immigrants(self, rng: np.random.Generator, weights: Floats | None = None) -> Events:
        """Background events. ``weights`` (N): how many each event stands for; by default its chance of being one.

        Each is drawn from the component that the event it stands for is most likely from: what lies alone moves to
        another cell, what lies among others stays there. Drawn by the mixture's weights alone, towns would be thinned.
        """
        f, c = self.fitted, self.fitted.catalogue
        weights = f.background if weights is None else weights
        of = np.repeat(np.arange(len(c)), rng.poisson(weights))
        group = c.group[of]
        component = _pick(f.components[of], rng)
        local = np.array([x.local for x in self.components])[component]
        cell = self._places(f.cells.of[of], component, rng)
        times = f.times[of].copy()
        other = np.flatnonzero(~local)
        times[other] = f.times[self._same_group(group[other], weights, rng)]
        tau = np.where(local, f.settings.bandwidth, f.settings.group_bandwidth) / 2
        times = fold(times + matern(len(of), 1.0, rng) * tau, c.days)
        return Events(
            times, f.cells.lat[cell], f.cells.lon[cell], group, _pick(self.marks[group], rng),
            self.country_of_cell[cell], np.full(len(of), -1), False,
        )  # fmt: skip

    def _places(self, cell: Ints, component: Ints, rng: np.random.Generator) -> Ints:
        found = cell.copy()
        popularity = UNSEEN + np.bincount(
            self.fitted.cells.of, self.fitted.background, minlength=len(self.fitted.cells)
        )
        popularity /= popularity.sum()
        for k, part in enumerate(self.components):
            at = np.flatnonzero(component == k)
            if part.size is None:
                found[at] = rng.choice(len(popularity), len(at), p=popularity)
            elif part.size > self.fitted.settings.cell:
                of, order, begins = self._layers[part.size]
                row = of[cell[at]]
                found[at] = order[begins[row] + (rng.random(len(at)) * (begins[row + 1] - begins[row])).astype(int)]
        return found

    def _same_group(self, group: Ints, weights: Floats, rng: np.random.Generator) -> Ints:
        """For each, an event of its group, in proportion to the weights."""
        order = np.argsort(self.fitted.catalogue.group, kind="stable")
        cumulated = np.concatenate([[0.0], np.cumsum(weights[order])])
        begins = np.searchsorted(self.fitted.catalogue.group[order], np.arange(len(self.fitted.catalogue.groups) + 1))
        low, high = cumulated[begins[group]], cumulated[begins[group + 1]]
        at = np.searchsorted(cumulated, low + rng.random(len(group)) * (high - low), side="right") - 1
        return np.asarray(order[np.clip(at, 0, len(order) - 1)])

    def draw(self, rng: np.random.Generator, weights: Floats | None = None, *, most: int = 2_000_000) -> Catalogue:
        """A simulated catalogue of the same window."""
        return as_catalogue(self.events(rng, weights, most=most), self.fitted.catalogue)

    def events(self, rng: np.random.Generator, weights: Floats | None = None, *, most: int = 2_000_000) -> Events:
        """Simulated events of the same window, with who set off whom."""
        return branch(
            self.immigrants(rng, weights), self.parameters, self.fitted.settings, self.marks,
            until=self.fitted.catalogue.days, rng=rng, known=self.known, most=most,
        )  # fmt: skip


def as_catalogue(events: Events, like: Catalogue) -> Catalogue:
    """Simulated events as a catalogue with the groups, countries and window of another."""
    made = replace(
        like, first=events.times, last=events.times, lat=events.lat, lon=events.lon, group=events.group,
        mark=events.mark, country=events.country,
    )  # fmt: skip
    return made.at(events.times)
