"""How much of an event's triggering would fall across a border, were the border nothing."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from spillover.spread.contagion.catalogue import KM, Catalogue, Floats
from spillover.spread.contagion.cells import Cells
from spillover.spread.contagion.kernels import Kernels

_ANGLES = 12
_QUANTILES = (0.1, 0.3, 0.5, 0.7, 0.9)


def across(cells: Cells, catalogue: Catalogue, kernels: Kernels) -> Floats:
    """Share of each component's mass around an event that lies in another country (L × N).

    A point belongs to the country of the nearest known cell: without shapes of countries, as near as events tell.
    """
    found = np.zeros((len(kernels.scales), len(catalogue)))
    if len(catalogue.countries) < 2:
        return found
    country = np.zeros(len(cells), dtype=np.int64)
    country[cells.of] = catalogue.country
    tree = cKDTree(cells.xyz())
    angles = np.arange(_ANGLES) * 2 * np.pi / _ANGLES
    for k, scale in enumerate(kernels.scales):
        if scale == 0:
            continue
        share = np.zeros(len(cells))
        whole = -np.expm1(-(kernels.reach**2) / (2 * scale**2))
        for quantile in _QUANTILES:
            distance = scale * np.sqrt(-2 * np.log1p(-quantile * whole))
            for angle in angles:
                lat = np.clip(cells.lat + distance * np.sin(angle) / KM, -90, 90)
                lon = cells.lon + distance * np.cos(angle) / (KM * np.cos(np.radians(np.clip(cells.lat, -89, 89))))
                there = Cells(cells.size, cells.of, lat, lon).xyz()
                share += country[tree.query(there)[1]] != country
        found[k] = (share / (_ANGLES * len(_QUANTILES)))[cells.of]
    return found
