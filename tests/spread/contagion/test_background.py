"""The slow background: against every pair of events, at the window's edges, and its mass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.spread.contagion import background as module
from spillover.spread.contagion.background import Background, kernel
from spillover.spread.contagion.catalogue import KM, Catalogue
from spillover.spread.contagion.cells import Cells
from spillover.spread.contagion.fit import Settings

from .build import made_catalogue, naive_densities, scattered

SETTINGS = Settings(bandwidth=120.0, group_bandwidth=200.0)


def background_of(catalogue: Catalogue, settings: Settings = SETTINGS) -> Background:
    cells = Cells.of_points(catalogue.lat, catalogue.lon, settings.cell)
    tau, of_group = settings.bandwidth / 2, settings.group_bandwidth / 2
    return Background(catalogue, catalogue.first, cells, settings.sizes, tau, of_group)


def test_the_kernel_is_a_density_with_the_bandwidth_for_a_standard_deviation():
    days = np.linspace(-4000, 4000, 800_001)
    values = kernel(days, SETTINGS.bandwidth / 2)
    assert np.trapezoid(values, days) == pytest.approx(1, abs=1e-6)
    assert np.sqrt(np.trapezoid(values * days**2, days)) == pytest.approx(SETTINGS.bandwidth, rel=1e-4)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(2, 120), st.floats(5, 2000), st.sampled_from([0.05, 0.5, 3.0]))
def test_densities_are_those_summed_over_every_other_event(seed, n, days, wide):
    catalogue = scattered(n, seed, days=days, wide=wide)
    weights = np.random.default_rng(seed).uniform(0, 1, n)
    found = background_of(catalogue).densities(weights)
    expected = naive_densities(catalogue, catalogue.first, weights, SETTINGS)
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-15)


def test_on_two_cores_it_is_the_same(monkeypatch):
    catalogue = scattered(300, 1)
    weights = np.random.default_rng(1).uniform(0, 1, 300)
    one = background_of(catalogue).densities(weights)
    monkeypatch.setattr(module, "_MANY", 0)
    np.testing.assert_allclose(background_of(catalogue).densities(weights), one, rtol=1e-12)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(0, 39))
def test_an_event_never_counts_for_itself(seed, event):
    catalogue = scattered(40, seed)
    weights = np.random.default_rng(seed).uniform(0.1, 1, 40)
    slow = background_of(catalogue)
    more = weights.copy()
    more[event] = 5
    before, after = slow.densities(weights), slow.densities(more)
    np.testing.assert_allclose(after[event], before[event], rtol=1e-6)


def test_events_without_weight_leave_no_trace():
    catalogue = scattered(80, 3)
    weights = np.random.default_rng(1).uniform(0.1, 1, 80)
    weights[40:] = 0
    # in cells that the others have too, or there were more cells to spread over
    cells = Cells.of_points(catalogue.lat, catalogue.lon, 5)
    assert set(cells.of[40:].tolist()) <= set(cells.of[:40].tolist())
    whole = background_of(catalogue).densities(weights)[:40]
    few = background_of(catalogue.take(np.arange(40))).densities(weights[:40])
    np.testing.assert_allclose(few, whole, rtol=1e-9)


def test_order_does_not_matter():
    catalogue = scattered(120, 4)
    weights = np.random.default_rng(1).uniform(0.1, 1, 120)
    mixed = np.random.default_rng(2).permutation(120)
    found = background_of(catalogue.take(mixed)).densities(weights[mixed])
    np.testing.assert_allclose(found, background_of(catalogue).densities(weights)[mixed], rtol=1e-9)


def probed(times: list[float], weights: list[float], probes: np.ndarray, days: float) -> np.ndarray:
    """Densities at other times (without weight) in the place of some events."""
    every = np.concatenate([times, probes])
    catalogue = made_catalogue(every, days=days)
    return background_of(catalogue).densities(np.concatenate([weights, np.zeros(len(probes))]))[len(times) :]


@pytest.mark.parametrize("times", [[0.0, 0.0], [1000.0, 999.0], [500.0, 20.0, 990.0], [3.0, 400.0, 401.0, 800.0]])
def test_the_mass_over_time_is_that_of_the_weights(times):
    """All of it lies in the window: what would fall outside is given to the inside."""
    weights = np.linspace(0.3, 1.0, len(times)).tolist()
    probes = np.linspace(0, 1000, 2001)
    found = np.trapezoid(probed(times, weights, probes, 1000.0), probes, axis=0)
    local, of_group, anywhere = found[:3], found[3:6], found[6]
    area = (np.array(SETTINGS.sizes) / SETTINGS.cell) ** 2
    np.testing.assert_allclose(local * area, sum(weights), rtol=1e-3)
    np.testing.assert_allclose(of_group * area, sum(weights), rtol=1e-3)
    assert anywhere == pytest.approx(sum(weights), rel=1e-3)


@pytest.mark.parametrize("lat", [2.0, 31.0, 60.0])
def test_the_mass_over_cells_is_that_of_the_weights(lat):
    """One event without weight in each cell for 90 km around some events with weight."""
    high, wide = 2 * 90 / KM, 2 * 90 / KM / np.cos(np.radians(lat))
    part = np.linspace(-0.5, 0.5, 400)
    grid = np.stack(np.meshgrid(lat + part * high, 70 + part * wide)).reshape(2, -1)
    cells = Cells.of_points(grid[0], grid[1], 5)
    rng = np.random.default_rng(1)
    n = 30
    own_lat, own_lon = lat + rng.uniform(-0.1, 0.1, n), 70 + rng.uniform(-0.1, 0.1, n)
    catalogue = made_catalogue(
        np.concatenate([np.linspace(100, 900, n), np.full(len(cells), 400.0)]), days=1000.0,
        lat=np.concatenate([own_lat, cells.lat]), lon=np.concatenate([own_lon, cells.lon]),
    )  # fmt: skip
    weights = np.concatenate([rng.uniform(0.2, 1, n), np.zeros(len(cells))])
    found = background_of(catalogue).densities(weights)[n:].sum(axis=0)
    times = np.append(catalogue.first[:n], 400.0)
    one_place = made_catalogue(times, days=1000.0)
    true = background_of(one_place).densities(np.append(weights[:n], 0.0))[-1]
    np.testing.assert_allclose(found[:3], true[0], rtol=0.04)
    np.testing.assert_allclose(found[3:], true[6], rtol=0.04)


def test_a_group_of_one_event_has_no_background_of_its_own():
    catalogue = replace(scattered(30, 1, groups=2), group=np.array([1] + [0] * 29))
    found = background_of(catalogue).densities(np.ones(30))
    assert np.isfinite(found).all()
    assert (found[0] == 0).all()


def test_a_border_of_wide_cells_is_no_edge():
    """Two towns 6 km apart see each other wherever the borders of the 50-km cells run between them."""
    seen = []
    for lat in np.linspace(30, 31, 40):
        catalogue = made_catalogue([100.0, 110.0], lat=[lat, lat + 6 / KM], days=1000.0)
        seen.append(background_of(catalogue).densities(np.ones(2))[0, 2])
    assert min(seen) >= 0.5 * max(seen) > 0
