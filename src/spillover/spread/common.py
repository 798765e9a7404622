"""What several measures share: distances on the globe, bootstrap intervals, reasons, lists in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from spillover.spread.selection import LeftOut
from spillover.spread.tables import Interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
EARTH = 6371.0088
"""Mean radius of the earth in km (IUGG)."""


def less(left: LeftOut, reason: str, events: int) -> LeftOut:
    """The count of events left out, with a further reason."""
    return LeftOut(left.of, left.reasons | {reason: left.reasons.get(reason, 0) + events}) if events else left


def left_form(left: LeftOut) -> dict[str, object]:
    """The JSON form of a count of events left out."""
    return {"of": left.of, "reasons": dict(left.reasons)}


def beside(left: LeftOut) -> str:
    """The count of events left out in brackets, after what it explains; empty where there are none."""
    return f" ({left})" if left.events else ""


def wilson(number: int, of: int, cover: float = 0.95) -> Interval:
    """The score interval of a proportion (Wilson 1927, JASA 22:209), which says something of none and of all, too."""
    z, share = float(ndtri((1 + cover) / 2)), number / of
    middle, half = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    low, high = (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)
    return (0.0 if number == 0 else low), (1.0 if number == of else high)


def interval(values: Sequence[float] | Floats, cover: float = 0.95) -> Interval:
    """The percentile interval of bootstrap values (Efron & Tibshirani 1993, ch. 13)."""
    low, high = np.quantile(np.asarray(values, dtype=float), [(1 - cover) / 2, (1 + cover) / 2])
    return float(low), float(high)


def listed(names: Sequence[str]) -> str:
    """Names as in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def sphere(lat: Floats, lon: Floats) -> Floats:
    """Degrees → unit vectors, shape (n, 3): chords between them order as distances do."""
    p, q = np.radians(lat), np.radians(lon)
    return np.column_stack([np.cos(p) * np.cos(q), np.cos(p) * np.sin(q), np.sin(p)])


def chord(km: float) -> float:
    """The chord of the unit sphere under an arc of ``km``."""
    return 2 * math.sin(min(km / (2 * EARTH), math.pi / 2))


def km_from(lat: float, lon: float, lats: Floats, lons: Floats) -> Floats:
    """Great-circle distances (km) of points to one point, by the haversine formula."""
    p, q = np.radians(lats), math.radians(lat)
    half = np.sin((p - q) / 2) ** 2 + np.cos(p) * math.cos(q) * np.sin(np.radians(lons - lon) / 2) ** 2
    return np.asarray(2 * EARTH * np.arcsin(np.sqrt(np.clip(half, 0, 1))), dtype=float)


def middle(lats: Floats, lons: Floats) -> tuple[float, float]:
    """The centre of points (degrees): the direction of the mean of their unit vectors, right across 180° east too."""
    x, y, z = sphere(lats, lons).mean(axis=0)
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))
