"""Does triggering foretell? Gain in log-likelihood per event over a tuned rolling local Poisson, on later events.

The baseline is hard: a rate per group that is the weighted sum of its past events near by (own cell, 15 km, 50 km,
anywhere), fading with a half-life; weights and half-life are those with the greatest likelihood before the cut-off.
The model is the same sum, with its own best weights and half-life, and the fitted triggering added. Nothing after the
cut-off reaches a parameter; both see each event of the past when it has happened.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spillover.errors import SpreadError
from spillover.spread.contagion.catalogue import FEWEST, Catalogue, Floats
from spillover.spread.contagion.cells import Cells, numbered, snap
from spillover.spread.contagion.fit import Fitted, Parameters, Settings, excitation, fit

HALF_LIVES = (15.0, 30.0, 60.0, 120.0, 240.0, 480.0, 960.0)  # days
_SHIFTS = ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5))
_WEEK = 7.0


@dataclass(frozen=True, slots=True)
class Gain:
    """``nats``: mean gain per event with its 90 % interval from a bootstrap of weeks; ``events``: how many were held
    out; ``half_life`` (baseline) and ``model_half_life``: days, as tuned; ``share``: of the model's rate after the
    cut-off that is triggering.
    """

    nats: float
    interval: tuple[float, float]
    events: int
    cutoff: float
    half_life: float
    model_half_life: float
    share: float

    def words(self) -> str:
        """What it comes to."""
        low, high = self.interval
        head = (
            f"On {self.events:,} later events the model gains {self.nats:+.3f} nats an event "
            f"({low:+.3f} to {high:+.3f}) over a tuned rolling local Poisson"
        )
        if low > 0:
            return f"{head}: knowing what has just happened near by helps, a little, to say where and when the next is."
        if high < 0:
            return f"{head}: for foretelling, the triggering does harm here."
        return f"{head}: no better and no worse that can be told."

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


def held_out_gain(
    catalogue: Catalogue,
    cutoff: float,
    settings: Settings,
    *,
    every: float = 91.0,
    seed: int = 0,
    resamples: int = 1000,
) -> Gain:
    """The gain on the events after day ``cutoff`` of the window; both sides learn anew ``every`` so many days.

    :class:`SpreadError` where there are fewer than 50 events before or after it.
    """
    rng = np.random.default_rng(seed)
    whole = catalogue.at(catalogue.times(rng))
    later = whole.first >= cutoff
    if (~later).sum() < FEWEST or later.sum() < FEWEST:
        raise SpreadError(
            f"{int((~later).sum()):,} events before and {int(later.sum()):,} after day {cutoff:g}; {FEWEST} are needed "
            "in each",
            to_do="Choose another cut-off",
        )
    weeks = int(np.ceil((catalogue.days - cutoff) / _WEEK))
    sums, counts = np.zeros(weeks), np.zeros(weeks)
    start: Parameters | None = None
    triggering = expected = 0.0
    half_lives = []
    for begin in np.arange(cutoff, catalogue.days, every):
        end = min(begin + every, catalogue.days)
        past = replace(whole.take(whole.first < begin), days=float(begin))
        learnt = fit(past, past.first, settings, start=start)
        start = learnt.parameters
        seen = replace(whole.take(whole.first < end), days=float(end))
        base = _tuned(seen, settings, begin, None)
        triggered = _triggering(seen, learnt, begin)
        model = _tuned(seen, settings, begin, triggered)
        now = seen.first >= begin
        difference = np.log(model.rate[now]) - np.log(base.rate[now])
        week = ((seen.first[now] - cutoff) // _WEEK).astype(np.int64)
        sums += np.bincount(week, difference, minlength=weeks)
        counts += np.bincount(week, minlength=weeks)
        covered = np.bincount(((np.arange(begin, end) - cutoff) // _WEEK).astype(np.int64), minlength=weeks)
        sums -= (model.expected - base.expected) * covered / covered.sum()
        triggering += model.weights[-1] * triggered[1][1]
        expected += model.expected
        half_lives.append((base.half_life, model.half_life))
    drawn = rng.integers(weeks, size=(resamples, weeks))
    boot = sums[drawn].sum(axis=1) / np.maximum(counts[drawn].sum(axis=1), 1)
    low, high = np.quantile(boot, [0.05, 0.95])
    tuned = np.median(half_lives, axis=0)
    return Gain(
        float(sums.sum() / counts.sum()), (float(low), float(high)), int(later.sum()), cutoff, float(tuned[0]),
        float(tuned[1]), float(triggering / expected),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Tuned:
    """``rate`` (N) at all events; ``expected``: number after the cut-off; ``weights`` of the parts; log-likelihood."""

    rate: Floats
    expected: float
    weights: Floats
    half_life: float
    log_likelihood: float


def _triggering(catalogue: Catalogue, learnt: Fitted, cutoff: float) -> tuple[Floats, Floats]:
    """Triggered intensity at each event; expected triggered events before and after the cut-off."""
    rate, fitted = excitation(catalogue, learnt)
    shapes, waits = learnt.settings.kernels(), learnt.parameters.waits
    until_cut = waits @ shapes.within(cutoff - catalogue.first)
    until_end = waits @ shapes.within(catalogue.days - catalogue.first)
    whole = fitted.offspring()
    return rate, np.array([whole @ until_cut, whole @ (until_end - until_cut)])


def _tuned(catalogue: Catalogue, settings: Settings, cutoff: float, extra: tuple[Floats, Floats] | None) -> _Tuned:
    return max(
        (_weighted(catalogue, settings, cutoff, half_life, extra) for half_life in HALF_LIVES),
        key=lambda t: t.log_likelihood,
    )


def _weighted(
    catalogue: Catalogue, settings: Settings, cutoff: float, half_life: float, extra: tuple[Floats, Floats] | None
) -> _Tuned:
    """Best weights before the cut-off, by expectation-maximisation: the likelihood is concave in them."""
    parts = _past(catalogue, settings, half_life)
    rate = np.log(2) / half_life
    until_cut = -np.expm1(-rate * np.clip(cutoff - catalogue.first, 0, None)).sum()
    until_end = -np.expm1(-rate * (catalogue.days - catalogue.first)).sum()
    exposure = np.full((parts.shape[1], 2), [until_cut, until_end - until_cut])
    # the first events of a group have no past: a constant rate for all
    floor = np.full((len(catalogue), 1), 1e-3 / len(catalogue))
    parts = np.hstack([parts, floor])
    scale = floor[0, 0] * len(Cells.of_points(catalogue.lat, catalogue.lon, settings.cell)) * len(catalogue.groups)
    exposure = np.vstack([exposure, [scale * cutoff, scale * (catalogue.days - cutoff)]])
    if extra is not None:
        parts = np.hstack([parts, extra[0][:, None]])
        exposure = np.vstack([exposure, extra[1]])
    learning = catalogue.first < cutoff
    weights, log_likelihood = _best_weights(np.ascontiguousarray(parts[learning]), np.maximum(exposure[:, 0], 1e-12))
    return _Tuned(parts @ weights, float(weights @ exposure[:, 1]), weights, half_life, log_likelihood)


@njit(cache=True, nogil=True, fastmath=True)
def _best_weights(parts, exposure):  # type: ignore[no-untyped-def]
    """Weights of the parts with the greatest Poisson likelihood, and that; by expectation-maximisation."""
    n, k = parts.shape
    weights = np.full(k, 1.0 / k)
    before = -np.inf
    for _ in range(500):
        sums = np.zeros(k)
        value = 0.0
        for i in range(n):
            total = 0.0
            for c in range(k):
                total += parts[i, c] * weights[c]
            value += np.log(total)
            for c in range(k):
                sums[c] += parts[i, c] * weights[c] / total
        for c in range(k):
            value -= weights[c] * exposure[c]
            weights[c] = sums[c] / exposure[c]
        if value - before < 1e-3:
            break
        before = value
    return weights, value


def _past(catalogue: Catalogue, settings: Settings, half_life: float) -> NDArray[np.float64]:
    """Rates from each group's past: own cell, wider cells, anywhere (N × C), events a day and cell."""
    cells = Cells.of_points(catalogue.lat, catalogue.lon, settings.cell)
    found = []
    for size in settings.sizes:
        shifts = _SHIFTS if size > settings.cell else _SHIFTS[:1]
        area = max((size / settings.cell) ** 2, 1.0)
        each = [
            _fading(
                *_rows(catalogue, numbered(*snap(cells.lat[cells.of], cells.lon[cells.of], size, shift=s))[0]),
                catalogue.first, half_life,
            )
            for s in shifts
        ]  # fmt: skip
        found.append(sum(each) / (area * len(shifts)))
    anywhere = _fading(*_rows(catalogue, np.zeros(len(catalogue), dtype=np.int64)), catalogue.first, half_life)
    return np.stack([*found, anywhere / len(cells)], axis=1)


def _rows(catalogue: Catalogue, cell: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    row, _ = numbered(catalogue.group, cell)
    order = np.lexsort((catalogue.first, row)).astype(np.int64)
    return order, np.concatenate([[0], np.cumsum(np.bincount(row))]).astype(np.int64)


@njit(cache=True, nogil=True)
def _fading(order, begins, times, half_life):  # type: ignore[no-untyped-def]
    """Rate at each event from those before it in its row, fading with the half-life."""
    rate = np.log(2.0) / half_life
    found = np.zeros(len(times))
    for row in range(len(begins) - 1):
        total, previous = 0.0, 0.0
        for k in range(begins[row], begins[row + 1]):
            event = order[k]
            total *= np.exp(-rate * (times[event] - previous))
            found[event] = total * rate
            total += 1.0
            previous = times[event]
    return found
