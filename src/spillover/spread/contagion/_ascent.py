"""How the fit of :mod:`spillover.spread.contagion.temporal` climbs: events, likelihood, steps, bounds, errors.

M groups; ``theta`` (M, M + 1) holds a target group's row of the adjacency and, last, its baseline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from os import cpu_count
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spillover.errors import SpreadError
from spillover.spread.contagion._recursions import Floats, Integers, along, state_at, sweep

_SHARES, _SMALLEST = (0.04, 0.2), 4000
"""Samples that the fit starts on, as shares of the events, and the fewest events of one."""
_PARTS, _WORK = 4, 3_000_000
"""Pieces of time that are swept side by side, and the number of products above which that pays. The pieces do not
depend on the number of cores, so that sums, and with them results, are the same everywhere."""
_LEAST = 1e-6
"""Smallest baseline, as a share of the group's mean rate."""
_SHRINK = 0.1
"""A baseline falls at most to this share in one step: from near 0 Newton's method comes back only by doublings."""

Progress = Callable[[int, float], bool | None]
"""Called once an iteration with its number and the log-likelihood per event of the events then in use; ``False`` stops
the fit."""


@dataclass(frozen=True, slots=True)
class Events:
    """Checked events in order of time."""

    times: Floats
    groups: Integers
    counts: Integers
    start: float
    end: float

    def only(self, present: Integers) -> Events:
        """With groups numbered anew, those without an event left out."""
        return Events(self.times, np.searchsorted(present, self.groups), self.counts[present], self.start, self.end)

    def part(self, share: float) -> Events:
        """A share of the events from the middle of the record, as if it had begun and ended there."""
        many = round(share * len(self.times))
        first = (len(self.times) - many) // 2
        times, groups = self.times[first : first + many], self.groups[first : first + many]
        counts = np.bincount(groups, minlength=len(self.counts))
        return Events(times, groups, counts, float(times[0]), float(times[-1]))


def checked(
    times: ArrayLike, groups: ArrayLike, n_groups: int | None, start: float, end: float | None, *, fewest: int
) -> Events:
    """The events in order, or :class:`~spillover.errors.SpreadError`; ``end``: by default the last one's time."""
    when, who = np.asarray(times), np.asarray(groups)
    if when.ndim != 1 or who.ndim != 1 or len(when) != len(who):
        raise SpreadError(
            f"times and groups differ in length or shape ({when.shape} and {who.shape})",
            to_do="Give one time and one group number for each event",
        )
    if len(when) < fewest:
        raise SpreadError(
            f"{len(when)} event{'s' * (len(when) != 1)} are too few for this model: it needs {fewest}",
            to_do="Choose more groups, countries or years",
        )
    try:
        when = when.astype(np.float64)
    except (TypeError, ValueError):
        raise SpreadError("the times are no numbers", to_do="Give times as days since a first day") from None
    if not np.isfinite(when).all():
        bad = int(np.flatnonzero(~np.isfinite(when))[0])
        raise SpreadError("a time is missing or infinite", where=f"event {bad}", to_do="Leave such events out")
    if who.dtype.kind not in "iu":
        raise SpreadError(f"group numbers of type {who.dtype} are no integers", to_do="Number the groups 0, 1, 2, …")
    many = int(who.max()) + 1 if n_groups is None else n_groups
    wrong = np.flatnonzero((who < 0) | (who >= many))
    if len(wrong):
        raise SpreadError(
            f"there is no group {who[wrong[0]]} among {many}",
            where=f"event {wrong[0]}",
            to_do="Number the groups 0, 1, 2, … and give n_groups accordingly",
        )
    stop = float(when.max()) if end is None else float(end)
    outside = np.flatnonzero((when < start) | (when > stop))
    if len(outside) or not start < stop < np.inf:
        raise SpreadError(
            f"{len(outside):,} events lie outside the window from day {start:g} to day {stop:g}"
            if len(outside)
            else f"the window from day {start:g} to day {stop:g} has no length",
            to_do="Give a start and an end that hold all the events",
        )
    order = np.argsort(when, kind="stable")
    sorted_groups = np.ascontiguousarray(who[order], dtype=np.int64)
    counts = np.bincount(sorted_groups, minlength=many).astype(np.int64)
    return Events(np.ascontiguousarray(when[order]), sorted_groups, counts, float(start), stop)


def compensator(events: Events, baseline: Floats, adjacency: Floats, decay: float) -> Floats:
    """Events expected in each group to the end of the window, given what has happened; (M,)."""
    state = np.empty((3, len(baseline)))
    state_at(events.times, events.groups, events.end, decay, state)
    expected: Floats = baseline * (events.end - events.start) + adjacency @ (events.counts - state[0])
    return expected


def log_likelihood(events: Events, baseline: Floats, adjacency: Floats, decay: float) -> float:
    """Σ log λ at the events less the compensator to the end of the window (Ogata 1978), in nats."""
    rates, _ = along(events.times, events.groups, events.start, baseline, adjacency, decay)
    with np.errstate(divide="ignore"):
        return float(np.log(rates).sum() - compensator(events, baseline, adjacency, decay).sum())


@dataclass(slots=True)
class Point:
    """Log-likelihood at a point, with its gradient and its information by target; columns: adjacency, then baseline.

    ``gradient`` (M, M + 1), ``information`` (M, M + 1, M + 1), ``border`` (M, M + 1) with log β; ``slope`` and
    ``curvature`` of log β; ``true_border`` and ``true_curvature``: of the negative Hessian, the others being BHHH's.
    """

    value: float
    gradient: Floats
    information: Floats
    border: Floats
    slope: float
    curvature: float
    true_border: Floats
    true_curvature: float


@dataclass(slots=True)
class Step:
    """``move`` (M, M + 1) and ``turn`` (of log β), the ``gain`` they promise, and the bounds that were met."""

    move: Floats
    turn: float
    gain: float
    held: np.ndarray[Any, np.dtype[np.bool_]]


class Climb:
    """The way up: warm starts, steps, line search."""

    def __init__(
        self,
        events: Events,
        decay: float | None,
        tolerance: float,
        max_iterations: int,
        progress: Progress | None,
    ) -> None:
        self.events, self.decay, self.progress = events, decay, progress
        self.tolerance, self.max_iterations = tolerance, max_iterations
        self.free = decay is None
        self.steps = self.iterations = 0
        self.converged = self.stopped = self.at_edge = False
        self.value = -np.inf
        gaps = np.diff(events.times)
        typical = float(np.median(gaps[gaps > 0]))
        self.edges = -np.log(events.end - events.start), np.log(100 / typical)
        self.errors: tuple[Floats, float | None]

    def run(self) -> tuple[Floats, float]:
        """Estimates (M, M + 1) and log β."""
        n, m = len(self.events.times), len(self.events.counts)
        smallest = max(_SMALLEST, 100 * m)
        shares = [share for share in (max(s, smallest / n) for s in _SHARES) if share < 0.5]
        samples = [self.events.part(share) for share in dict.fromkeys(shares)] + [self.events]
        with _pool(self.events) as pool:
            if self.decay is None:
                theta, log_decay = self._grid(samples[0], pool)
            else:
                theta, log_decay = _cold(samples[0]), float(np.log(self.decay))
            for sample in samples:
                # a baseline near 0, as of a group not seen in the sample before, would come back only by doublings
                theta[:, -1] = np.maximum(theta[:, -1], _SHRINK * _rates(sample))
                theta, log_decay, point = self._ascend(sample, theta, log_decay, pool)
                if self.stopped:
                    break
            if sample is not self.events:
                point = evaluate(self.events, theta, log_decay, pool)
        self._note(theta, log_decay, point)
        return theta, log_decay

    def _grid(self, sample: Events, pool: ThreadPoolExecutor | None) -> tuple[Floats, float]:
        """The best of nine decays between ten per typical gap and five per window, after three steps at each."""
        low, high = -np.log((sample.end - sample.start) / 5), self.edges[1] - np.log(10)
        best, found = -np.inf, (_cold(sample), max(float(low), self.edges[0]))
        for log_decay in np.linspace(max(low, self.edges[0]), high, 9):
            theta = _cold(sample)
            for _ in range(3):
                point = evaluate(sample, theta, log_decay, pool)
                if point.value > best:
                    best, found = point.value, (theta, float(log_decay))
                theta = theta + best_step(point, theta, _lower(sample, theta), (0.0, 0.0)).move
        return found

    def _ascend(
        self, sample: Events, theta: Floats, log_decay: float, pool: ThreadPoolExecutor | None
    ) -> tuple[Floats, float, Point]:
        """Steps until one promises less than the tolerance; on a sample, than a nat: its own error is larger."""
        rough = sample is not self.events
        enough = max(1.0, self.tolerance) if rough else self.tolerance
        point = evaluate(sample, theta, log_decay, pool)
        for _ in range(12 if rough else self.max_iterations):
            self.steps += 1
            self.iterations += not rough
            if self.progress and self.progress(self.steps, point.value / len(sample.times)) is False:
                self.stopped = True
                break
            lower = _lower(sample, theta)
            step = best_step(point, theta, lower, self._turns(log_decay))
            if step.gain < enough:
                self.converged = not rough
                break
            scale = 1.0
            while scale > 1e-6:
                there = theta + scale * step.move
                there = np.where(step.held, lower, there) if scale == 1.0 else np.maximum(there, lower)
                ahead = evaluate(sample, there, log_decay + scale * step.turn, pool)
                if ahead.value > point.value + 1e-4 * scale * step.gain:
                    break
                scale *= 0.3
            else:  # no higher ground that doubles can tell apart
                self.converged = not rough and step.gain < 1e-9 * abs(point.value)
                break
            theta, log_decay, point = there, log_decay + scale * step.turn, ahead
        return theta, log_decay, point

    def _turns(self, log_decay: float) -> tuple[float, float]:
        """How far log β may go down and up in one step."""
        if not self.free:
            return 0.0, 0.0
        return max(-1.0, self.edges[0] - log_decay), min(1.0, self.edges[1] - log_decay)

    def _note(self, theta: Floats, log_decay: float, point: Point) -> None:
        low, high = self.edges
        self.value = point.value
        self.at_edge = self.free and not low + 1e-6 < log_decay < high - 1e-6
        held = (theta <= _bound(self.events)) & (point.gradient <= 0)
        self.errors = standard_errors(point, held, float(np.exp(log_decay)), self.free and not self.at_edge)


@contextmanager
def _pool(events: Events) -> Iterator[ThreadPoolExecutor | None]:
    """Threads, where there is work for them: the compiled passes run without the interpreter's lock."""
    if _many_parts(events) == 1 or (cpu_count() or 1) == 1:
        yield None
    else:
        with ThreadPoolExecutor(min(_PARTS, cpu_count() or 1), thread_name_prefix="hawkes") as pool:
            yield pool


def _many_parts(events: Events) -> int:
    return _PARTS if len(events.times) * (len(events.counts) + 2) ** 2 > _WORK else 1


def _rates(events: Events) -> Floats:
    """Events a day by group; a group without any is taken to have had half a one."""
    rates: Floats = np.maximum(events.counts, 0.5) / (events.end - events.start)
    return rates


def _cold(events: Events) -> Floats:
    """Half of the events spontaneous, the others triggered by all groups alike; (M, M + 1)."""
    m = len(events.counts)
    theta = np.empty((m, m + 1))
    theta[:, :m] = 0.5 * (np.maximum(events.counts, 0.5) / len(events.times))[:, None]
    theta[:, m] = 0.5 * _rates(events)
    return theta


def _bound(events: Events) -> Floats:
    m = len(events.counts)
    bound = np.zeros((m, m + 1))
    bound[:, -1] = _LEAST * _rates(events)
    return bound


def _lower(events: Events, theta: Floats) -> Floats:
    """Where a single step may lead at most."""
    lower = _bound(events)
    lower[:, -1] = np.maximum(lower[:, -1], _SHRINK * theta[:, -1])
    return lower


def evaluate(events: Events, theta: Floats, log_decay: float, pool: ThreadPoolExecutor | None) -> Point:
    """Log-likelihood and derivatives at ``theta``, the pieces of time side by side where there is a ``pool``."""
    m = len(events.counts)
    width = (m + 5) // 4 * 4
    decay = float(np.exp(log_decay))
    adjacency, baseline = np.ascontiguousarray(theta[:, :m]), np.ascontiguousarray(theta[:, m])
    parts = _many_parts(events)
    cuts = [len(events.times) * p // parts for p in range(parts + 1)]
    # a part begins with the first event of its time: the state before it then holds all that is earlier
    cuts[1:-1] = [int(np.searchsorted(events.times, events.times[c])) for c in cuts[1:-1]]

    def one(p: int) -> tuple[float, Floats, Floats, Floats]:
        gradient, information, drift = np.zeros((m, width)), np.zeros((m, width, width)), np.zeros((m, width))
        value = sweep(
            events.times, events.groups, cuts[p], cuts[p + 1], baseline, adjacency, decay, gradient, information, drift
        )
        return value, gradient, information, drift

    found = list(pool.map(one, range(parts)) if pool and parts > 1 else map(one, range(parts)))
    value, gradient, information, drift = found[0]
    for more in found[1:]:
        value += more[0]
        gradient += more[1]
        information += more[2]
        drift += more[3]
    state = np.empty((3, m))
    state_at(events.times, events.groups, events.end, decay, state)
    r, s, q = state
    length, exposure = events.end - events.start, events.counts - r
    value -= baseline.sum() * length + (adjacency @ exposure).sum()
    gradient[:, :m] -= exposure
    gradient[:, m] -= length
    slope = gradient[:, m + 1].sum() - (adjacency @ s).sum()
    return Point(
        float(value),
        gradient[:, : m + 1],
        information[:, : m + 1, : m + 1],
        information[:, : m + 1, m + 1],
        float(slope),
        float(information[:, m + 1, m + 1].sum()),
        information[:, : m + 1, m + 1] - drift[:, : m + 1] + np.append(s, 0.0),
        float(information[:, m + 1, m + 1].sum() - drift[:, m + 1].sum() + (adjacency @ (s - q)).sum()),
    )


def _scaled(point: Point) -> tuple[Floats, Floats, Floats]:
    """1/√diagonal (0 where the events say nothing), the information and the border in these units."""
    diagonal = np.einsum("mkk->mk", point.information)
    scale = np.where(diagonal > 0, 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1)), 0.0)
    return scale, point.information * scale[:, :, None] * scale[:, None, :], point.border * scale


def _solved(information: Floats, held: Any, right: Floats) -> Floats:
    """Solutions (M, K, …) over the parameters that are not ``held``, 0 for those."""
    free = ~held
    matrix = information * (free[:, :, None] & free[:, None, :])
    index = np.arange(held.shape[1])
    matrix[:, index, index] += np.where(held, 1.0, 1e-10)  # groups that always act together cannot be told apart
    solved: Floats = np.linalg.solve(matrix, np.where(held[:, :, None], 0.0, right))
    return solved


def best_step(point: Point, theta: Floats, lower: Floats, turns: tuple[float, float]) -> Step:
    """The step that maximises the quadratic model above ``lower``, with log β moving within ``turns``.

    The border is that of the Hessian where the model then has a maximum, which saves half of the steps; else BHHH.
    """
    if turns != (0.0, 0.0):
        step, peaked = _quadratic(point, point.true_border, point.true_curvature, theta, lower, turns)
        if peaked:
            return step
    return _quadratic(point, point.border, point.curvature, theta, lower, turns)[0]


def _quadratic(
    point: Point, border: Floats, curvature: float, theta: Floats, lower: Floats, turns: tuple[float, float]
) -> tuple[Step, bool]:
    """The active set: what would cross its bound is held there, what would leave it again is let go, once each.

    Second: whether the model was one with a maximum in log β all along.
    """
    scale, information, _ = _scaled(point)
    border = border * scale
    mute = scale == 0
    unit = np.where(mute, 1.0, scale)
    gap = np.where(mute, 0.0, (lower - theta) / unit)
    gradient = point.gradient * scale
    held = mute | ((gap >= 0) & (gradient <= 0))
    released = np.zeros_like(held)
    turn, move, peaked = 0.0, np.zeros_like(theta), True
    for _ in range(60):
        fixed = np.where(held, gap, 0.0)
        right = gradient - np.einsum("mkl,ml->mk", information, fixed)
        solved = _solved(information, held, np.stack([right, border], axis=2))
        straight, sideways = solved[:, :, 0], solved[:, :, 1]
        if turns != (0.0, 0.0):
            open_border = np.where(held, 0.0, border)
            left = curvature - (open_border * sideways).sum()
            peaked = peaked and left > 1e-10 * point.curvature
            pull = point.slope - (border * fixed).sum() - (open_border * straight).sum()
            turn = float(np.clip(pull / max(left, 1e-10 * point.curvature, 1e-300), *turns))
        move = np.where(held, fixed, straight - sideways * turn)
        crossing = ~held & (move < gap)
        if crossing.any():
            held = held | crossing
            continue
        push = gradient - np.einsum("mkl,ml->mk", information, move) - border * turn
        leaving = held & ~mute & ~released & (push > 1e-9)
        if not leaving.any():
            break
        held, released = held & ~leaving, released | leaving
    move = np.maximum(move, gap)
    bent = np.einsum("mk,mkl,ml->", move, information, move) + 2 * turn * (border * move).sum()
    gain = (gradient * move).sum() + point.slope * turn - 0.5 * (bent + curvature * turn**2)
    return Step(move * scale, turn, float(gain), held), peaked


def standard_errors(point: Point, held: Any, decay: float, free: bool) -> tuple[Floats, float | None]:
    """Standard errors (M, M + 1) and that of β, from the information over the parameters that are not ``held``."""
    scale, information, border = _scaled(point)
    held = held | (scale == 0)
    m, k = held.shape
    inverse = _solved(information, held, np.broadcast_to(np.eye(k), (m, k, k)))
    variance = np.einsum("mkk->mk", inverse).copy()
    error = None
    if free:
        open_border = np.where(held, 0.0, border)
        sideways = np.einsum("mkl,ml->mk", inverse, open_border)
        left = point.curvature - (open_border * sideways).sum()
        if left > 0:
            variance += sideways**2 / left
            error = float(decay / np.sqrt(left))
    good = ~held & (variance > 0)
    errors: Floats = np.where(good, np.sqrt(np.where(good, variance, 1)) * scale, np.nan)
    return errors, error
