"""Cells and who is near whom: against great-circle distances between all of them, at date line and poles too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.spread.contagion.catalogue import KM
from spillover.spread.contagion.cells import Cells, numbered, snap

from .build import arc

latitudes = st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, -89.99, 0.0, 89.99, 90.0]))
longitudes = st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, -179.999, 0.0, 179.999, 180.0]))
points = st.lists(st.tuples(latitudes, longitudes), min_size=1, max_size=30)
sizes = st.sampled_from([3.0, 5.0, 15.0, 50.0])


def close(middle: tuple[float, float], n: int, wide: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points around a place, in degrees of a great circle; over the date line and the poles where it lies there."""
    rng = np.random.default_rng(seed)
    up, east = rng.uniform(-wide, wide, (2, n))
    lat = middle[0] + up
    lon = middle[1] + east / max(np.cos(np.radians(middle[0])), 0.02)
    over = np.abs(lat) > 90
    lat = np.where(over, np.sign(lat) * 180 - lat, lat)
    return lat, (np.where(over, lon + 180, lon) + 180) % 360 - 180


@given(points, sizes)
def test_the_middle_of_a_cell_lies_in_the_cell(found, size):
    lat, lon = np.array(found).T
    cells = Cells.of_points(lat, lon, size)
    again = Cells.of_points(cells.lat[cells.of], cells.lon[cells.of], size)
    np.testing.assert_array_equal(again.of, cells.of)
    np.testing.assert_allclose(again.lat, cells.lat, atol=1e-9)
    np.testing.assert_allclose(again.lon, cells.lon, atol=1e-9)


@given(points, sizes)
def test_middles_are_places_on_earth(found, size):
    lat, lon = np.array(found).T
    cells = Cells.of_points(lat, lon, size)
    assert np.abs(cells.lat).max() <= 90
    assert np.abs(cells.lon).max() <= 180


@given(points, sizes)
def test_no_point_is_farther_from_the_middle_of_its_cell_than_a_corner(found, size):
    lat, lon = np.array(found).T
    cells = Cells.of_points(lat, lon, size)
    for n, cell in enumerate(cells.of):
        apart = arc(np.array([lat[n], cells.lat[cell]]), np.array([lon[n], cells.lon[cell]]))[0, 1]
        # rows next to a pole are wedges: there a cell is wider at its far edge
        assert apart <= size * np.sqrt(0.5) * (1.01 if abs(lat[n]) < 80 else 2.5)


def test_the_two_names_of_the_date_line_are_one_place():
    cells = Cells.of_points(np.full(2, 51.3), np.array([180.0, -180.0]), 5)
    assert len(cells) == 1


@pytest.mark.parametrize("middle", [(0, 0), (34, 70), (-17, 180), (66, -180), (89.6, 20), (90, 0), (-90, 0)])
@pytest.mark.parametrize("reach", [4.0, 30.0, 75.0])
def test_near_cells_are_those_within_reach(middle, reach):
    cells = Cells.of_points(*close(middle, 120, 0.6, seed=1), 5)
    begins, other, distance = cells.near(reach)
    true = arc(cells.lat, cells.lon)
    one = np.repeat(np.arange(len(cells)), np.diff(begins))
    expected = {(a, b) for a, b in np.argwhere(true <= reach - 1e-3)}
    allowed = {(a, b) for a, b in np.argwhere(true <= reach + 1e-3)}
    found = set(zip(one.tolist(), other.tolist(), strict=True))
    assert len(found) == len(one)
    assert expected <= found <= allowed
    np.testing.assert_allclose(distance, true[one, other], atol=1e-2)


def test_each_cell_is_near_itself():
    cells = Cells.of_points(*close((34, 70), 50, 2, seed=2), 5)
    begins, other, distance = cells.near(3)
    np.testing.assert_array_equal(np.repeat(np.arange(len(cells)), np.diff(begins)), other)
    assert (distance == 0).all()


def test_cells_are_as_wide_as_high_at_every_latitude():
    for lat in (0.0, 30.0, 60.0, 75.0):
        row, column = snap(np.full(100_001, lat), np.linspace(0, 40, 100_001), 5.0)
        assert len(set(row.tolist())) == 1
        wide = 40 * KM * np.cos(np.radians(lat)) / len(set(column.tolist()))
        assert wide == pytest.approx(5.0, rel=0.02)


@settings(max_examples=50)
@given(points, st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_shifted_cells_are_no_larger(found, shift):
    lat, lon = np.array(found).T
    row, column = snap(lat, lon, 50.0, shift=shift)
    number, first = numbered(row, column)
    for k in range(len(first)):
        inside = np.flatnonzero(number == k)
        assert np.ptp(lat[inside]) * KM <= 50 + 1e-6


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 3)), min_size=1, max_size=40))
def test_numbers_are_those_of_distinct_combinations(rows):
    a, b, c = np.array(rows, dtype=np.int64).T
    number, first = numbered(a, b, c)
    assert len(set(number.tolist())) == len(set(rows)) == len(first)
    assert sorted(set(number.tolist())) == list(range(len(first)))
    for k, row in enumerate(rows):
        assert rows[first[number[k]]] == row


def test_no_points_no_cells():
    cells = Cells.of_points(np.zeros(0), np.zeros(0), 5)
    assert len(cells) == 0
