"""What the estimate leaves out, found by simulation: indirect inference (Gouriéroux, Monfort & Renault 1993).

The background takes part of the triggered events for itself, the more so the longer their waits: an estimate is too
low, and more data do not help. So catalogues are simulated from the fit and fitted again, and the parameters from which
they are simulated are moved until the refits, on the mean, say what the fit to the real catalogue said. The spread of
the refits around that gives the interval. Percentiles of a plain bootstrap would lie around the wrong place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from spillover.spread.contagion.attribute import attribute, attributed
from spillover.spread.contagion.catalogue import Catalogue, Floats
from spillover.spread.contagion.fit import Fitted, Parameters, fit, spectral_radius
from spillover.spread.contagion.simulate import Generator, as_catalogue

LARGEST = 0.98  # spectral radius from which catalogues are simulated: beyond 1 they have no end
_UNSURE = 0.15  # standard error of the correction, as a share of it: no background is quite what it is taken for
_STEP = 2.0  # no parameter is moved by more than this factor in one round
Draw = Callable[[str, int, Callable[[np.random.Generator], dict[str, Any]]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Interval:
    """``value``: corrected for bias; ``raw``: as fitted; ``low``, ``high``: 90 %."""

    value: float
    low: float
    high: float
    raw: float

    @property
    def bias(self) -> float:
        """Of the raw estimate; below 0 where it is too low."""
        return self.raw - self.value


@dataclass(frozen=True, slots=True)
class Calibration:
    """``fitted``: the fit with its triggering set to ``parameters``, from which catalogues can be drawn; ``truth``: the
    estimates' values in it; ``refits`` (B × 2): spectral radius and offspring per event in the last round; ``ratio``,
    ``spread``: by which factor each estimate is corrected, and its standard deviation after that.
    """

    fitted: Fitted
    parameters: Parameters
    truth: Floats
    refits: Floats
    groups: Floats  # (B, Y, M, M): true minus refitted numbers of triggered events, corrected
    countries: Floats
    bursts: Floats  # (B, K): what the residuals are compared with
    rounds: int

    def interval(self, raw: float, which: int) -> Interval:
        """The corrected value of an estimate of the fit (0: spectral radius, 1: offspring per event), with 90 %."""
        mean, b = self.refits[:, which].mean(), len(self.refits)
        if mean <= 0:
            return Interval(raw, 0.0, raw, raw)
        slope = self.truth[which] / mean
        value = float(self.truth[which] + (raw - mean) * slope)
        # two over b: for the mean of these refits, and for the rounds that came before
        chance = float(self.refits[:, which].std(ddof=1) * slope * np.sqrt(1 + 2 / b))
        spread = float(np.hypot(chance, _UNSURE * (value - raw))) * _student(b - 1)
        return Interval(value, max(value - spread, 0.0), value + spread, raw)


def _student(freedom: int) -> float:
    from scipy.stats import t

    return float(t.ppf(0.95, freedom))


def estimates(fitted: Fitted, like: Fitted | None = None) -> Floats:
    """Spectral radius and offspring per event; the radius over the groups that are big in ``like``."""
    return np.array([spectral_radius(fitted.matrix(), (like or fitted).big), fitted.offspring_per_event])


def calibrate(
    fitted: Fitted, draw: Draw, statistics: Callable[[Catalogue], Floats], rounds: tuple[int, ...] = (8, 8, 24)
) -> Calibration:
    """Find the parameters whose catalogues, fitted, give what was fitted. ``rounds``: catalogues in each.

    ``draw`` gets a name, a number and what to compute from a random generator: it may keep and return what it has.
    ``statistics``: of a catalogue, kept for the residuals.
    """
    raw, settings = estimates(fitted), fitted.settings
    parameters = fitted.parameters
    base = fitted
    made: list[dict[str, Any]] = []
    for n, size in enumerate(rounds):
        base = fitted if n == 0 else fit(fitted.catalogue, fitted.times, settings, fixed=parameters, start=parameters)
        generator = Generator(base)
        last = n == len(rounds) - 1
        compute = partial(_refit, generator, fitted, statistics, last)
        made = [draw(f"round {n + 1}", b, compute) for b in range(size)]
        if not last:
            parameters = _moved(parameters, base, fitted, raw, made)
    truth = estimates(base)
    refits = np.array([m["estimates"] for m in made])
    slope = truth[1] / max(refits[:, 1].mean(), 1e-12)
    return Calibration(
        base, parameters, truth, refits,
        np.array([np.array(m["true_groups"]) - slope * np.array(m["groups"]) for m in made]),
        np.array([np.array(m["true_countries"]) - slope * np.array(m["countries"]) for m in made]),
        np.array([m["bursts"] for m in made]), len(rounds),
    )  # fmt: skip


def _refit(
    generator: Generator,
    fitted: Fitted,
    statistics: Callable[[Catalogue], Floats],
    last: bool,
    rng: np.random.Generator,
) -> dict[str, Any]:
    events = generator.events(rng)
    catalogue = as_catalogue(events, fitted.catalogue)
    again = fit(catalogue, catalogue.first, fitted.settings, start=fitted.parameters)
    found: dict[str, Any] = {
        "estimates": estimates(again, fitted).tolist(),
        "waits": (again.offspring_per_event * again.parameters.waits).tolist(),
        "distances": again.parameters.distances.tolist(),
    }
    if last:
        true, seen = attributed(events, fitted.catalogue), attribute(again)
        found |= {
            "true_groups": true.groups.tolist(), "groups": seen.groups.tolist(),
            "true_countries": true.countries.tolist(), "countries": seen.countries.tolist(),
            "bursts": statistics(catalogue).tolist(),
        }  # fmt: skip
    return found


def _moved(parameters: Parameters, base: Fitted, fitted: Fitted, raw: Floats, made: list[dict[str, Any]]) -> Parameters:
    """Parameters moved by as much as the refits fell short: strength, and weights of waits and distances."""
    got = np.mean([m["estimates"] for m in made], axis=0)
    now = estimates(base)
    strength = float(np.clip(raw[1] / max(got[1], 1e-9), 1 / _STEP, _STEP))
    strength = min(strength, LARGEST / max(now[0], 1e-9))
    waits = _step(
        parameters.waits * now[1], fitted.parameters.waits * raw[1], np.mean([m["waits"] for m in made], axis=0)
    )
    distances = _step(
        parameters.distances, fitted.parameters.distances, np.mean([m["distances"] for m in made], axis=0)
    )
    return replace(parameters, adjacency=parameters.adjacency * strength, waits=waits, distances=distances)


def _step(now: Floats, wanted: Floats, got: Floats) -> Floats:
    """Weights moved by the ratio of wanted and got, drawn to 1 where both are next to nothing."""
    small = 0.01 * wanted.sum()
    found = now * np.clip((wanted + small) / (got + small), 1 / _STEP, _STEP)
    return np.asarray(found / found.sum())
