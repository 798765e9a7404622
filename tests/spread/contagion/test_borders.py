"""How much of an event's triggering would fall across a border."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.stats import norm

from spillover.spread.contagion.borders import across
from spillover.spread.contagion.catalogue import KM
from spillover.spread.contagion.cells import Cells
from spillover.spread.contagion.fit import Settings
from spillover.spread.contagion.simulate import _moved

from .build import made_catalogue, some_parameters

SHAPES = Settings(reach=60.0).kernels()


def dense(lat: float = 31.0, border: float = 70.0, wide: float = 0.7):
    """An event in every cell around a point on a border that runs from north to south."""
    part = np.linspace(-wide, wide, 250)
    grid = np.stack(np.meshgrid(lat + part, border + part / np.cos(np.radians(lat)))).reshape(2, -1)
    cells = Cells.of_points(grid[0], (grid[1] + 180) % 360 - 180, 5)
    east = (cells.lon - border + 180) % 360 - 180
    return cells, made_catalogue(
        np.arange(len(cells)) * 1.0, lat=cells.lat, lon=cells.lon, country=(east > 0).astype(np.int64)
    ), east  # fmt: skip


@pytest.mark.parametrize(("lat", "border"), [(31.0, 70.0), (66.0, 180.0), (-17.0, 180.0)])
def test_it_is_the_share_of_the_kernel_beyond_the_border(lat, border):
    _, catalogue, east = dense(lat, border)
    cells = Cells.of_points(catalogue.lat, catalogue.lon, 5)
    found = across(cells, catalogue, SHAPES)
    middle = np.abs(catalogue.lat - lat) < 0.1
    km = np.abs(east) * KM * np.cos(np.radians(lat))
    assert (found[0] == 0).all()
    for k, scale in ((1, 5.0), (2, 12.0)):
        expected = norm.sf(km / scale)
        np.testing.assert_allclose(found[k][middle], expected[middle], atol=0.1)
        assert found[k][middle].mean() == pytest.approx(expected[middle].mean(), abs=0.015)


@pytest.mark.parametrize("reach", [8.0, 30.0])
def test_it_is_what_simulated_children_do(reach):
    _, catalogue, _ = dense()
    cells = Cells.of_points(catalogue.lat, catalogue.lon, 5)
    settings = Settings(reach=reach)
    event = int(np.argmin(np.abs(catalogue.lat - 31) + np.abs(catalogue.lon - 69.97)))
    weights = some_parameters(1, settings, seed=3)
    n = 20_000
    lat, lon = _moved(
        np.full(n, catalogue.lat[event]), np.full(n, catalogue.lon[event]), weights, settings, np.random.default_rng(1)
    )
    # a child's country is that of the nearest cell
    nearest = cKDTree(cells.xyz()).query(Cells(5.0, np.arange(n), lat, lon).xyz())[1]
    country = np.zeros(len(cells), dtype=np.int64)
    country[cells.of] = catalogue.country
    found = weights.distances @ across(cells, catalogue, settings.kernels())[:, event]
    assert found == pytest.approx((country[nearest] != catalogue.country[event]).mean(), abs=0.02)


def test_one_country_has_no_border():
    _, catalogue, _ = dense()
    one = replace(catalogue, country=np.zeros(len(catalogue), np.int64), countries=("XXA",))
    assert (across(Cells.of_points(one.lat, one.lon, 5), one, SHAPES) == 0).all()


def test_countries_far_apart_do_not_see_each_other():
    catalogue = made_catalogue([0.0, 1.0], lat=[31.0, 50.0], lon=[70.0, 10.0], country=[0, 1])
    assert (across(Cells.of_points(catalogue.lat, catalogue.lon, 5), catalogue, SHAPES) == 0).all()
