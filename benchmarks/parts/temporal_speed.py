"""How fast the Hawkes fit without space is, against tick and hawkeslib, on the same simulated events in the same run.

    python -m parts.temporal_speed [--quick]        (from the folder benchmarks)

tick knows no free decay and is given the true one. Its ``HawkesExpKern`` with a likelihood and no penalty stops with an
error under its default solver on such events; it is timed with its SVRG solver, and once more as its compiled
likelihood and gradient under scipy's L-BFGS-B; the faster of the two is the peer. hawkeslib fits the decay too, by EM
to its default tolerance; how far that is below the optimum is among the figures. Compilation is not timed: a warm-up
call comes first. Times are the least of several rounds, all programs in turn in each.

Both peers are optional. tick is a wheel (it also needs numpydoc and six). hawkeslib has a source release only, made for
older tools: ``pip install 'cython<3' 'setuptools<81' wheel numpy scipy numba numdifftools`` and then
``pip install --no-build-isolation hawkeslib==0.2.2``; it then runs with numpy 2.4 as it is.
"""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spillover.spread.contagion.temporal import Simulated

DIMENSIONS, EVENTS, ROUNDS = 10, 200_000, 3
QUICK_EVENTS, QUICK_ROUNDS = 20_000, 2
HAWKESLIB_BAR, TICK_BAR = 0.3, 1.0
DECAY = 1.5


def made(events: int, seed: int = 5) -> tuple[Simulated, NDArray[np.float64]]:
    """About ``events`` events of ten groups, all tied to all, spectral radius 0.6; and the matrix."""
    from spillover.spread.contagion.temporal import simulate

    rng = np.random.default_rng(2)
    matrix = rng.uniform(0.02, 0.08, (DIMENSIONS, DIMENSIONS)) + 0.1 * np.eye(DIMENSIONS)
    matrix *= 0.6 / np.abs(np.linalg.eigvals(matrix)).max()
    baseline = rng.uniform(0.5, 1.5, DIMENSIONS)
    end = events / np.linalg.solve(np.eye(DIMENSIONS) - matrix, baseline).sum()
    return simulate(baseline, matrix, DECAY, end, seed), matrix


def measure(quick: bool) -> dict[str, Any]:
    """Seconds, ratios and distances from the optimum; where a peer cannot be imported, the reason instead."""
    from spillover.spread.contagion.temporal import TemporalHawkes

    rounds = QUICK_ROUNDS if quick else ROUNDS
    run, matrix = made(QUICK_EVENTS if quick else EVENTS)
    end = float(run.times[-1])  # tick's window ends with the last event
    fits: dict[str, Callable[[], Any]] = {
        "free": lambda: TemporalHawkes().fit(run.times, run.groups, DIMENSIONS, end),
        "given": lambda: TemporalHawkes(decay=DECAY).fit(run.times, run.groups, DIMENSIONS, end),
    }
    reasons: dict[str, str] = {}
    for name, peer in (("tick", _tick), ("hawkeslib", _hawkeslib)):
        try:
            fits |= peer(run, end)
        except ImportError as fault:
            reasons[name] = f"cannot be imported: {fault}"
    for ours in ("free", "given"):
        fits[ours]()
    seconds: dict[str, list[float]] = {name: [] for name in fits}
    found: dict[str, Any] = {}
    for _ in range(rounds):
        for name, fit in fits.items():
            begun = time.perf_counter()
            try:
                found[name] = fit()
            except RuntimeError as fault:  # tick's solvers give up on some data
                reasons[name] = str(fault).strip()
                continue
            seconds[name].append(time.perf_counter() - begun)
    least = {name: min(times) for name, times in seconds.items() if times}
    free, given = found["free"], found["given"]
    tick = min((least[name] for name in ("tick_svrg", "tick_lbfgs") if name in least), default=None)
    hawkeslib = least.get("hawkeslib")
    figures: dict[str, Any] = {
        "events": len(run.times),
        "dimensions": DIMENSIONS,
        "rounds": rounds,
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "seconds_free": least["free"],
        "seconds_given": least["given"],
        "seconds_tick_svrg": least.get("tick_svrg"),
        "seconds_tick_lbfgs": least.get("tick_lbfgs"),
        "seconds_tick": tick,
        "seconds_hawkeslib": hawkeslib,
        "ratio_tick": least["given"] / tick if tick else None,
        "ratio_hawkeslib": least["free"] / hawkeslib if hawkeslib else None,
        "bar_tick": TICK_BAR,
        "bar_hawkeslib": HAWKESLIB_BAR,
        "decay_true": DECAY,
        "decay_free": free.decay_,
        "decay_error": free.standard_errors_.decay,
        "log_likelihood_free": free.log_likelihood_,
        "log_likelihood_given": given.log_likelihood_,
        "worst_error_in_se": float(np.nanmax(np.abs((free.adjacency_ - matrix) / free.standard_errors_.adjacency))),
        "reasons": reasons,
    }
    for name in ("tick_svrg", "tick_lbfgs", "hawkeslib"):
        if name in found:
            figures |= {f"{name}_{key}": value for key, value in _apart(found[name], run, end, free, given).items()}
    return figures


def _apart(theirs: tuple[Any, Any, float], run: Simulated, end: float, free: Any, given: Any) -> dict[str, float]:
    """How far a peer's answer is from ours, which ends at the optimum: parameters, and nats of log-likelihood."""
    from spillover.spread.contagion.temporal import TemporalHawkes

    baseline, matrix, decay = theirs
    ours = given if decay == DECAY else free
    there = TemporalHawkes()
    there.baseline_, there.adjacency_, there.decay_ = np.asarray(baseline), np.asarray(matrix), decay
    below = ours.log_likelihood_ - there.score(run.times, run.groups, end) * len(run.times)
    return {
        "nats_below": float(below),
        "baseline_apart": float(np.abs(there.baseline_ / ours.baseline_ - 1).max()),
        "matrix_apart": float(np.abs(there.adjacency_ - ours.adjacency_).max() / ours.adjacency_.max()),
        "decay_apart": abs(decay / ours.decay_ - 1),
    }


def _tick(run: Simulated, end: float) -> dict[str, Callable[[], Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from tick.hawkes import HawkesExpKern, ModelHawkesExpKernLogLik
    from scipy.optimize import minimize

    by_group = [np.ascontiguousarray(run.times[run.groups == k]) for k in range(DIMENSIONS)]
    start = np.append(
        [0.5 * len(times) / end for times in by_group], np.full(DIMENSIONS * DIMENSIONS, 0.5 / DIMENSIONS)
    )
    bounds = [(1e-10, None)] * DIMENSIONS + [(0, None)] * DIMENSIONS**2

    def svrg() -> tuple[Any, Any, float]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            learner = HawkesExpKern(
                DECAY, gofit="likelihood", penalty="none", solver="svrg", step=1e-2, max_iter=30, random_state=1
            ).fit(by_group)
        return learner.baseline, learner.adjacency, DECAY

    def lbfgs() -> tuple[Any, Any, float]:
        model = ModelHawkesExpKernLogLik(DECAY, n_threads=2).fit(by_group)
        found = minimize(lambda x: (model.loss(x), model.grad(x)), start, jac=True, method="L-BFGS-B", bounds=bounds).x
        return found[:DIMENSIONS], found[DIMENSIONS:].reshape(DIMENSIONS, DIMENSIONS), DECAY

    return {"tick_svrg": svrg, "tick_lbfgs": lbfgs}


def _hawkeslib(run: Simulated, end: float) -> dict[str, Callable[[], Any]]:
    from hawkeslib import MultivariateExpHawkesProcess

    def em() -> tuple[Any, Any, float]:
        np.random.seed(1)  # its EM begins at random
        process = MultivariateExpHawkesProcess()
        process.fit(run.times, run.groups, end)
        baseline, matrix, decay = process.get_params()
        return baseline, matrix.T, float(decay)

    return {"hawkeslib": em}


if __name__ == "__main__":
    print(json.dumps(measure("--quick" in sys.argv[1:]), indent=1))
