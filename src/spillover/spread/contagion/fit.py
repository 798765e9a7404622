"""The fit: expectation-maximisation over pairs (Veen & Schoenberg 2008), with stochastic declustering of the background
(Zhuang, Ogata & Vere-Jones 2002) and tables instead of kernels.

Each E-step looks two numbers up for a pair and adds to two histograms; the M-step works on the histograms alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from spillover.spread.contagion.background import Background
from spillover.spread.contagion.borders import across
from spillover.spread.contagion.catalogue import Catalogue, Floats
from spillover.spread.contagion.cells import Cells
from spillover.spread.contagion.kernels import Kernels, kernels
from spillover.spread.contagion.pairs import CLASSES, Pairs, find_pairs

MANY = 100  # events of a group from which it counts for the spectral radius
_MANY_PAIRS = 200_000  # from which two cores are worth their while
_PARTS = 8  # whatever the number of cores: the same order of summing gives the same bytes
Progress = Callable[[int, float], bool | None]


@dataclass(frozen=True, slots=True)
class Settings:
    """What is chosen before a fit; docs/contagion.md says how each was chosen.

    ``cell``: km, the finest scale of kernel and background alike. ``longest``: days, the longest wait. ``bandwidth``:
    days, the standard deviation of the slow background's kernel, at least three times the longest wait.
    ``group_bandwidth``: that of a group's curve. ``reach``: km. ``prior``: how many events of its own the others'
    triggering is worth to a group (a gamma prior on the adjacency). ``tolerance``: mean change of an event's chance of
    being background at which the fit ends; ``most``: iterations. ``strict``: false lets the bandwidth be less than
    three times the longest wait, to see what that does.
    """

    cell: float = 5.0
    longest: float = 30.0
    bandwidth: float = 90.0
    group_bandwidth: float = 90.0
    sizes: tuple[float, ...] = (5.0, 15.0, 50.0)
    half_lives: tuple[float, ...] = (0.5, 2.0, 5.0, 12.0)
    scales: tuple[float, ...] = (0.0, 5.0, 12.0)
    reach: float = 30.0
    prior: float = 5.0
    tolerance: float = 1e-4
    most: int = 200
    strict: bool = True

    def __post_init__(self) -> None:
        if min(self.sizes) != self.cell or min(self.scales) != 0:
            raise ValueError("the finest background and the finest kernel are the same cell")
        if self.strict and self.bandwidth < 3 * self.longest:
            raise ValueError("the background's bandwidth is at least three times the longest wait")

    def kernels(self) -> Kernels:
        """The tables for these settings."""
        return kernels(
            longest=self.longest, reach=self.reach, cell=self.cell, half_lives=self.half_lives, scales=self.scales
        )


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is estimated. ``adjacency`` (M × M): events of group m that one of group g triggers, at the mean mark and
    without a border; ``marks`` (classes): how many times more an event of that class triggers, 1 on the mean of events;
    ``border``: factor for events across a border; ``waits``, ``distances``: weights of the kernels' components;
    ``mixture`` (M × C): of the background's components.
    """

    adjacency: Floats
    marks: Floats
    border: float
    waits: Floats
    distances: Floats
    mixture: Floats


@dataclass(slots=True)
class Fitted:
    """A fit, with what it says of each event. ``background`` (N): chance that it was not triggered; ``intensity`` (N):
    events a day and cell; ``inside`` (N): share of the triggering of an event that lies in the window;
    ``outside_country`` (N): share that lies across a border; ``components`` (N × C): from which of the background's
    components an event is, if it is the background's.
    """

    catalogue: Catalogue
    times: Floats
    cells: Cells
    settings: Settings
    parameters: Parameters
    background: Floats
    intensity: Floats
    triggered_by: Floats  # (M, groups × classes × 2): expected numbers of triggered events, by who triggered them
    converged: bool
    iterations: int
    trace: list[float] = field(default_factory=list)
    inside: Floats = field(default_factory=lambda: np.zeros(0))
    outside_country: Floats = field(default_factory=lambda: np.zeros(0))
    components: Floats = field(default_factory=lambda: np.zeros((0, 0)))

    def offspring(self) -> Floats:
        """Events that each event triggers in all, expected (N)."""
        p, c = self.parameters, self.catalogue
        whole = p.adjacency.sum(axis=0)[c.group] * p.marks[c.mark]
        return np.asarray(whole * (1 - self.outside_country * (1 - p.border)))

    @property
    def offspring_per_event(self) -> float:
        """Expected number of events that an event triggers, on the mean of all events."""
        return float(self.offspring().mean())

    @property
    def spectral_radius(self) -> float:
        """Of the matrix of offspring between groups of at least 100 events; at 1 and above, violence feeds itself."""
        return spectral_radius(self.matrix(), self.big)

    @property
    def big(self) -> NDArray[np.int64]:
        """The groups with at least 100 events."""
        return np.flatnonzero(np.bincount(self.catalogue.group, minlength=len(self.catalogue.groups)) >= MANY)

    def matrix(self) -> Floats:
        """Expected offspring in group m of an average event of group g (M × M), with the groups' own marks."""
        p, c = self.parameters, self.catalogue
        n = len(c.groups)
        each = p.marks[c.mark] * (1 - self.outside_country * (1 - p.border))
        mean = np.bincount(c.group, each, minlength=n) / np.maximum(np.bincount(c.group, minlength=n), 1)
        return np.asarray(p.adjacency * mean[None, :])


def spectral_radius(matrix: Floats, groups: NDArray[np.int64]) -> float:
    """Spectral radius over some of the groups; 0 over none."""
    if not len(groups):
        return 0.0
    return float(np.abs(np.linalg.eigvals(matrix[np.ix_(groups, groups)])).max())


def fit(
    catalogue: Catalogue,
    times: Floats,
    settings: Settings,
    *,
    fixed: Parameters | None = None,
    start: Parameters | None = None,
    progress: Progress | None = None,
) -> Fitted:
    """Fit to the catalogue with its events at ``times``. ``fixed``: triggering stays so, the background alone is
    fitted.

    ``progress`` is told the iteration and the change; where it returns ``False`` the fit stops, not converged.
    """
    shapes = settings.kernels()
    cells = Cells.of_points(catalogue.lat, catalogue.lon, settings.cell)
    n_groups = len(catalogue.groups)
    pairs = find_pairs(times, catalogue.group, catalogue.mark, catalogue.country, cells, shapes, n_groups)
    background = Background(
        catalogue, times, cells, settings.sizes, settings.bandwidth / 2, settings.group_bandwidth / 2
    )
    outside = across(cells, catalogue, shapes)
    parameters = fixed or start or _start(catalogue, shapes, len(background.components))
    weights = np.full(len(catalogue), 0.7)
    trace: list[float] = []
    converged, n = False, 0
    intensity = inside = slow = np.zeros(len(catalogue))
    parts = np.zeros((len(catalogue), len(background.components)))
    triggered = np.zeros((n_groups, n_groups * CLASSES * 2))
    for n in range(1, settings.most + 1):
        densities = background.densities(weights)
        parts = densities * parameters.mixture[catalogue.group]
        slow = parts.sum(axis=1)
        intensity, by_shape, triggered = _expect(pairs, catalogue, parameters, shapes, slow)
        updated = np.where(intensity > 0, slow / np.maximum(intensity, 1e-300), 1.0)
        mixture = _mixture(parts, updated, slow, catalogue.group, n_groups)
        inside = parameters.waits @ shapes.within(catalogue.days - times)
        moved = replace(parameters, mixture=mixture)
        if fixed is None:
            moved = _maximise(moved, catalogue, by_shape, triggered, inside, outside, shapes, settings.prior)
        change = float(np.abs(updated - weights).mean())
        parameters, weights = moved, updated
        trace.append(change)
        if progress is not None and progress(n, change) is False:
            break
        if change < settings.tolerance:
            converged = True
            break
    return Fitted(
        catalogue, times, cells, settings, parameters, weights, intensity, triggered, converged, n, trace, inside,
        parameters.distances @ outside,
        np.divide(parts, slow[:, None], out=np.zeros_like(parts), where=slow[:, None] > 0),
    )  # fmt: skip


def _start(catalogue: Catalogue, shapes: Kernels, n_components: int) -> Parameters:
    n = len(catalogue.groups)
    adjacency = np.full((n, n), 0.02 / n) + np.eye(n) * 0.3
    k, m = len(shapes.half_lives), len(shapes.scales)
    return Parameters(
        adjacency, np.ones(CLASSES), 1.0, np.full(k, 1 / k), np.full(m, 1 / m),
        np.full((n, n_components), 1 / n_components),
    )  # fmt: skip


def _expect(
    pairs: Pairs, catalogue: Catalogue, parameters: Parameters, shapes: Kernels, slow: Floats
) -> tuple[Floats, Floats, Floats]:
    """Intensity at each event; expected numbers of triggered events by shape (T × D) and by who triggered them."""
    shape, parent = tables(parameters, shapes)
    one_pass, parts = (_one_pass_parallel, _PARTS) if len(pairs) > _MANY_PAIRS else (_one_pass, 1)
    intensity, by_shape, by_parent = one_pass(
        pairs.begins, pairs.shape, pairs.parent, catalogue.group, shape.ravel(), parent, slow, parts
    )
    return intensity, by_shape.reshape(shape.shape), by_parent


def tables(parameters: Parameters, shapes: Kernels) -> tuple[Floats, Floats]:
    """What a pair looks up: the kernel by wait × distance, and the strength by later group × code of the earlier."""
    shape = np.outer(parameters.waits @ shapes.wait, parameters.distances @ shapes.space)
    factor = np.outer(parameters.marks, [1.0, parameters.border]).ravel()
    return shape, np.kron(parameters.adjacency, factor[None, :])


def _sums(begins, shape_code, parent_code, group, shape, parent, slow, parts):  # type: ignore[no-untyped-def]
    n = len(group)
    intensity = np.empty(n)
    by_shape = np.zeros((parts, len(shape)))
    by_parent = np.zeros((parts, parent.shape[0], parent.shape[1]))
    cuts = np.searchsorted(begins, np.arange(parts + 1) * (begins[n] / parts))
    cuts[0], cuts[parts] = 0, n
    for part in prange(parts):
        shape_sum, parent_sum = by_shape[part], by_parent[part]
        for event in range(cuts[part], cuts[part + 1]):
            row = parent[group[event]]
            total = slow[event]
            for pair in range(begins[event], begins[event + 1]):
                total += shape[shape_code[pair]] * row[parent_code[pair]]
            intensity[event] = total
            if total <= 0:
                continue
            scale = 1 / total
            sums = parent_sum[group[event]]
            for pair in range(begins[event], begins[event + 1]):
                share = shape[shape_code[pair]] * row[parent_code[pair]] * scale
                shape_sum[shape_code[pair]] += share
                sums[parent_code[pair]] += share
    return intensity, by_shape.sum(axis=0), by_parent.sum(axis=0)


_one_pass = njit(cache=True, nogil=True, fastmath=True)(_sums)
_one_pass_parallel = njit(parallel=True, cache=True, nogil=True, fastmath=True)(_sums)


def _mixture(parts: Floats, weights: Floats, slow: Floats, group: NDArray[np.int64], n_groups: int) -> Floats:
    """Weights of the background's components per group, drawn a little towards those of all groups together."""
    share = parts * (weights / np.maximum(slow, 1e-300))[:, None]
    of_group = np.stack([np.bincount(group, share[:, c], minlength=n_groups) for c in range(parts.shape[1])], axis=1)
    pooled = of_group.sum(axis=0) / max(of_group.sum(), 1e-300)
    found = of_group + 20 * pooled[None, :]
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _maximise(
    start: Parameters, catalogue: Catalogue, by_shape: Floats, triggered: Floats, inside: Floats, outside: Floats,
    shapes: Kernels, prior: float, inner: int = 20,
) -> Parameters:  # fmt: skip
    """All parameters from the histograms; each in turn, for they are factors of one product."""
    n = len(catalogue.groups)
    numbers = triggered.reshape(n, n, CLASSES, 2)
    waits, distances = start.waits, start.distances
    for _ in range(inner):
        waits, distances = _shape_weights(by_shape, waits, distances, shapes)
    gone = distances @ outside  # share across a border
    marks, border = start.marks, start.border
    cell = catalogue.group * CLASSES + catalogue.mark
    home = np.bincount(cell, inside * (1 - gone), minlength=n * CLASSES).reshape(n, CLASSES)
    away = np.bincount(cell, inside * gone, minlength=n * CLASSES).reshape(n, CLASSES)
    of_mark = np.bincount(catalogue.mark, minlength=CLASSES)
    adjacency = start.adjacency
    for _ in range(inner):
        exposed = ((home + border * away) * marks[None, :]).sum(axis=1)
        adjacency = _shrunk(numbers.sum(axis=(2, 3)), exposed, prior)
        whole = adjacency.sum(axis=0)
        expected = (whole[:, None] * (home + border * away)).sum(axis=0)
        marks = (numbers.sum(axis=(0, 1, 3)) + prior) / (expected + prior)
        marks = marks * (of_mark.sum() / (of_mark @ marks))
        crossed = float((whole[:, None] * away * marks[None, :]).sum())
        border = float((numbers[..., 1].sum() + prior) / (crossed + prior)) if len(catalogue.countries) > 1 else 1.0
    return replace(start, adjacency=adjacency, marks=marks, border=border, waits=waits, distances=distances)


def _shrunk(triggered: Floats, exposed: Floats, prior: float) -> Floats:
    """The adjacency, each entry drawn towards that of all groups together, within groups and between them apart.

    The mean of a gamma posterior whose prior is worth ``prior`` events: a group with few has what the others have.
    """
    n = len(exposed)
    own = np.eye(n, dtype=bool)
    total = max(float(exposed.sum()), 1e-12)
    within = triggered[own].sum() / total
    between = triggered[~own].sum() / (total * max(n - 1, 1))
    return np.asarray((triggered + prior * np.where(own, within, between)) / (exposed + prior)[None, :])


def _shape_weights(by_shape: Floats, waits: Floats, distances: Floats, shapes: Kernels) -> tuple[Floats, Floats]:
    """One step of the mixtures' own expectation-maximisation, on bins of wait × distance."""
    total = by_shape.sum()
    if total <= 0:
        return waits, distances
    in_wait, in_space = by_shape.sum(axis=1), by_shape.sum(axis=0)

    def step(weights: Floats, table: Floats, counts: Floats) -> Floats:
        mixed = weights @ table
        ratio = np.divide(counts, mixed, out=np.zeros_like(counts), where=mixed > 0)
        found = weights * (table @ ratio)
        return np.asarray(found / found.sum())

    return step(waits, shapes.wait, in_wait), step(distances, shapes.space, in_space)


def excitation(catalogue: Catalogue, learnt: Fitted) -> tuple[Floats, Fitted]:
    """What a fit says of another catalogue: the triggered intensity at its events, and the fit carried over to it."""
    shapes = learnt.settings.kernels()
    cells = Cells.of_points(catalogue.lat, catalogue.lon, learnt.settings.cell)
    times = catalogue.first
    pairs = find_pairs(times, catalogue.group, catalogue.mark, catalogue.country, cells, shapes, len(catalogue.groups))
    rate, _, by_parent = _expect(pairs, catalogue, learnt.parameters, shapes, np.zeros(len(catalogue)))
    carried = replace(
        learnt, catalogue=catalogue, times=times, cells=cells, background=np.zeros(len(catalogue)), intensity=rate,
        triggered_by=by_parent, outside_country=learnt.parameters.distances @ across(cells, catalogue, shapes),
        inside=learnt.parameters.waits @ shapes.within(catalogue.days - times),
    )  # fmt: skip
    return np.asarray(rate), carried
