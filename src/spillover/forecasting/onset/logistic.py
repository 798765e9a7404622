"""Logistic regression that is held near a starting point, by Newton's method: ten features need nothing larger."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit, logit

Floats = NDArray[np.float64]
_STEPS, _NEAR, _SMALL = 100, 1e-12, 1e-6


@dataclass(frozen=True, slots=True)
class Logistic:
    """``mean``, ``scale`` of each feature where it was learnt; ``weights`` of the features in those units."""

    intercept: float
    weights: Floats
    mean: Floats
    scale: Floats

    def chance(self, x: Floats) -> Floats:
        """Chance of each row."""
        return np.asarray(expit(self.intercept + self.parts(x).sum(axis=1)), dtype=np.float64)

    def parts(self, x: Floats) -> Floats:
        """What each feature adds to the log-odds of each row, against the mean row's: rows × features."""
        return np.asarray((x - self.mean) / self.scale * self.weights, dtype=np.float64)


def fit(x: Floats, y: Floats, weight: Floats, *, ridge: float, chance: float, hold: float, marks: int = 0) -> Logistic:
    """The weights with the greatest likelihood, less ``ridge`` / 2 times the sum of their squares (le Cessie & van
    Houwelingen 1992, Applied Statistics 41:191) and ``hold`` / 2 times the square of the way from the intercept to the
    log-odds of ``chance``. Features are put in standard deviations first.

    ``x``: rows × features; ``y``: 0 or 1; ``weight``: of each row, above 0. ``marks``: so many of the last features are
    0 or 1, stay as they are and are held to 0 as loosely as the intercept. ``ridge`` and ``hold`` must be above 0: then
    there is one answer, also where nothing ever happened.
    """
    n = x.shape[1] - marks
    mean, scale = np.zeros(x.shape[1]), np.ones(x.shape[1])
    mean[:n], scale[:n] = x[:, :n].mean(axis=0), np.maximum(x[:, :n].std(axis=0), _SMALL)
    z = np.column_stack([np.ones(len(x)), (x - mean) / scale])
    penalty = np.concatenate([[hold], np.full(n, ridge), np.full(marks, hold)])
    start = np.zeros(z.shape[1])
    start[0] = logit(chance)
    beta = start.copy()
    loss = _loss(z, y, weight, penalty, beta - start, beta)
    for _ in range(_STEPS):
        p = expit(z @ beta)
        slope = z.T @ (weight * (p - y)) + penalty * (beta - start)
        curve = (z * (weight * p * (1 - p))[:, None]).T @ z + np.diag(penalty)
        step = cho_solve(cho_factor(curve), slope)
        size = 1.0
        while (new := _loss(z, y, weight, penalty, beta - size * step - start, beta - size * step)) > loss:
            size /= 2
            if size < _SMALL:
                return Logistic(float(beta[0]), beta[1:], mean, scale)
        beta = beta - size * step
        if loss - new < _NEAR * (abs(loss) + 1):
            break
        loss = new
    return Logistic(float(beta[0]), beta[1:], mean, scale)


def _loss(z: Floats, y: Floats, weight: Floats, penalty: Floats, away: Floats, beta: Floats) -> float:
    eta = z @ beta
    return float(weight @ (np.logaddexp(0, eta) - y * eta) + penalty @ away**2 / 2)
