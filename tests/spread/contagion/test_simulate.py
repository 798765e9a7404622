"""Simulation: means, who set off whom and how far, what is cut, seeds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import kstest

from spillover.spread.contagion.attribute import attributed
from spillover.spread.contagion.catalogue import Catalogue
from spillover.spread.contagion.cells import Cells
from spillover.spread.contagion.fit import Parameters, Settings, fit
from spillover.spread.contagion.pairs import CLASSES
from spillover.spread.contagion.simulate import Events, Generator, as_catalogue, branch
from spillover.spread.contagion.worlds import drifting, world

from .build import arc, made_catalogue

SETTINGS = Settings()
MARKS = np.tile([0.4, 0.3, 0.2, 0.1], (2, 1))


def parameters(adjacency, *, border: float = 1.0, marks=(0.5, 1.0, 1.5, 2.0)) -> Parameters:
    adjacency = np.asarray(adjacency, dtype=float)
    return Parameters(
        adjacency, np.asarray(marks, dtype=float), border, np.array([0.2, 0.3, 0.3, 0.2]), np.array([0.5, 0.3, 0.2]),
        np.full((len(adjacency), 7), 1 / 7),
    )  # fmt: skip


def immigrants(n: int, seed: int = 1, *, days: float = 1.0, lat: float = 31.0, lon: float = 70.0) -> Events:
    rng = np.random.default_rng(seed)
    return Events(
        rng.uniform(0, days, n), np.full(n, lat), np.full(n, lon), rng.integers(2, size=n), rng.integers(4, size=n),
        np.zeros(n, np.int64), np.full(n, -1), False,
    )  # fmt: skip


def first_generation(events: Events, n: int) -> np.ndarray:
    return np.flatnonzero((events.parent >= 0) & (events.parent < n))


def test_children_are_as_many_as_the_columns_say():
    n = 20_000
    p = parameters([[0.30, 0.10], [0.05, 0.20]])
    start = immigrants(n)
    events = branch(start, p, SETTINGS, MARKS, until=1e6, rng=np.random.default_rng(2))
    child = first_generation(events, n)
    parent = events.parent[child]
    for mark in range(CLASSES):
        for group in range(2):
            own = (start.group == group) & (start.mark == mark)
            number = np.bincount(events.group[child[own[parent]]], minlength=2)
            mean = p.adjacency[:, group] * p.marks[mark]
            np.testing.assert_allclose(number / own.sum(), mean, atol=4.5 * np.sqrt(mean.max() / own.sum()))


def test_the_whole_of_it_is_what_the_matrix_says():
    n = 20_000
    p = parameters([[0.30, 0.10], [0.05, 0.40]], marks=np.ones(4))
    start = immigrants(n)
    events = branch(start, p, SETTINGS, MARKS, until=1e6, rng=np.random.default_rng(2))
    expected = np.linalg.inv(np.eye(2) - p.adjacency) @ np.bincount(start.group, minlength=2)
    np.testing.assert_allclose(np.bincount(events.group), expected, rtol=0.03)
    np.testing.assert_allclose(np.bincount(events.mark[n:], minlength=4) / (len(events) - n), MARKS[0], atol=0.02)


def test_parents_come_first_and_are_near():
    p = parameters([[0.5, 0.3], [0.2, 0.5]])
    events = branch(immigrants(500), p, SETTINGS, MARKS, until=1e4, rng=np.random.default_rng(3))
    child = np.flatnonzero(events.parent >= 0)
    parent = events.parent[child]
    assert len(child) > 500
    assert (parent < child).all()
    assert (events.parent[:500] == -1).all()
    wait = events.times[child] - events.times[parent]
    assert ((wait > 0) & (wait <= SETTINGS.longest)).all()
    for a, b in zip(child[:400], parent[:400], strict=True):
        assert arc(events.lat[[a, b]], events.lon[[a, b]])[0, 1] <= SETTINGS.reach * 1.001
    at_home = (events.lat[child] == events.lat[parent]).mean()
    assert at_home == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("at", [(0.0, 179.99), (65.0, -180.0), (89.7, 0.0), (-89.95, 40.0)])
def test_children_of_any_place_are_on_earth(at):
    p = parameters([[0.5, 0.3], [0.2, 0.5]])
    start = immigrants(300, lat=at[0], lon=at[1])
    events = branch(start, p, SETTINGS, MARKS, until=1e4, rng=np.random.default_rng(3))
    assert np.abs(events.lat).max() <= 90
    assert np.abs(events.lon).max() <= 180
    assert len(as_catalogue(events, empty(1e4))) == len(events)


def empty(days: float) -> Catalogue:
    return made_catalogue([], days=days, groups=("a", "b"), countries=("XXA",))


def test_nothing_happens_after_the_end():
    p = parameters([[0.5, 0.3], [0.2, 0.5]])
    events = branch(immigrants(3000, days=100), p, SETTINGS, MARKS, until=100.0, rng=np.random.default_rng(3))
    assert events.times.max() < 100


def test_what_has_no_end_is_cut_and_says_so():
    p = parameters([[1.2, 0.3], [0.2, 1.2]])
    events = branch(immigrants(50), p, SETTINGS, MARKS, until=1e9, rng=np.random.default_rng(3), most=5000)
    assert events.cut
    assert 50 < len(events) <= 5000
    calm = branch(
        immigrants(50), parameters(np.full((2, 2), 0.1)), SETTINGS, MARKS, until=1e9, rng=np.random.default_rng(3)
    )
    assert not calm.cut


def test_no_triggering_no_children():
    start = immigrants(100)
    events = branch(start, parameters(np.zeros((2, 2))), SETTINGS, MARKS, until=1e4, rng=np.random.default_rng(1))
    assert len(events) == 100
    np.testing.assert_array_equal(events.times, start.times)


@pytest.mark.parametrize("border", [0.0, 0.4, 2.5])
def test_children_across_a_border_are_the_factor_times_as_many(border):
    rng = np.random.default_rng(1)
    cells = Cells.of_points(rng.uniform(30.5, 31.5, 8000), rng.uniform(69.5, 70.5, 8000), 5)
    country = (cells.lon > 70).astype(np.int64)
    n = 20_000
    start = immigrants(n, lon=69.99)
    numbers = []
    for factor in (1.0, border):
        p = parameters([[0.5, 0.2], [0.2, 0.5]], border=factor)
        events = branch(start, p, SETTINGS, MARKS, until=1e6, rng=np.random.default_rng(2), known=(cells, country))
        child = first_generation(events, n)
        numbers.append(np.bincount(events.country[child], minlength=2))
    (home, away), (same, other) = numbers
    assert away > 1000
    assert other == pytest.approx(border * away, abs=4.5 * np.sqrt(max(border, 0.01) * away * 2))
    assert same == pytest.approx(home, abs=4.5 * np.sqrt(2 * home))


@pytest.fixture(scope="module")
def fitted():
    made, _ = world(700, 0.6, np.random.default_rng(3), groups=3, towns=30, years=6)
    return fit(made, made.first, Settings(tolerance=1e-3))


def test_draws_are_as_many_as_the_record(fitted):
    generator = Generator(fitted)
    numbers = [len(generator.draw(np.random.default_rng(seed))) for seed in range(20)]
    # waits beyond the window's end are lost, as they are in the record
    assert np.mean(numbers) == pytest.approx(len(fitted.catalogue), rel=0.08)
    groups = np.mean([np.bincount(generator.draw(np.random.default_rng(seed)).group) for seed in range(20)], axis=0)
    np.testing.assert_allclose(groups, np.bincount(fitted.catalogue.group), rtol=0.2)


def test_draws_lie_in_the_places_and_in_the_window_of_the_record(fitted):
    generator = Generator(fitted)
    start = generator.immigrants(np.random.default_rng(1))
    known = set(zip(fitted.cells.lat, fitted.cells.lon, strict=True))
    assert set(zip(start.lat, start.lon, strict=True)) <= known
    assert ((start.times >= 0) & (start.times <= fitted.catalogue.days)).all()
    drawn = generator.draw(np.random.default_rng(1))
    assert (drawn.groups, drawn.countries, drawn.days) == (
        fitted.catalogue.groups, fitted.catalogue.countries, fitted.catalogue.days,
    )  # fmt: skip
    assert (np.diff(drawn.first) >= 0).all()


def test_the_same_seed_draws_the_same(fitted):
    one, two, other = (Generator(fitted).draw(np.random.default_rng(seed)) for seed in (5, 5, 6))
    for name in ("first", "lat", "lon", "group", "mark", "country"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert len(one) != len(other) or (one.first != other.first).any()


def test_weights_say_what_each_event_stands_for(fitted):
    generator = Generator(fitted)
    weights = np.where(fitted.catalogue.group == 1, 3.0, 0.0)
    start = generator.immigrants(np.random.default_rng(1), weights)
    assert set(start.group.tolist()) == {1}
    assert len(start) == pytest.approx(weights.sum(), rel=0.15)
    assert len(generator.immigrants(np.random.default_rng(1), np.zeros(len(weights)))) == 0


def test_draws_follow_the_slow_waves():
    """A world that grows: so do its draws, and no one is taken for another's child."""
    made = drifting(1500, "linear", np.random.default_rng(1), years=10)
    found = fit(made, made.first, Settings(tolerance=1e-3))
    generator = Generator(found, parameters=replace(found.parameters, adjacency=np.zeros((5, 5))))
    drawn = generator.draw(np.random.default_rng(2), np.ones(len(made)))
    assert kstest((drawn.first / drawn.days) ** 2, "uniform").statistic < 0.06
    share = np.bincount(made.group, minlength=5) / len(made)
    np.testing.assert_allclose(np.bincount(drawn.group, minlength=5) / len(drawn), share, atol=0.05)


def test_draws_of_a_record_at_the_date_line():
    rng = np.random.default_rng(4)
    n = 200
    made = made_catalogue(
        rng.uniform(0, 900, n), lat=-17 + rng.uniform(-0.2, 0.2, n),
        lon=(180 + rng.uniform(-0.2, 0.2, n) + 180) % 360 - 180, days=900.0,
    )  # fmt: skip
    found = fit(made, made.first, Settings(tolerance=1e-3))
    for seed in range(5):
        drawn = Generator(found).draw(np.random.default_rng(seed))
        assert len(drawn) > 100
        assert np.abs(np.abs(drawn.lon) - 180).max() < 2


def test_two_countries_are_drawn_with_their_borders():
    rng = np.random.default_rng(4)
    n = 300
    lon = 70 + rng.uniform(-0.2, 0.2, n)
    made = made_catalogue(
        rng.uniform(0, 900, n), lat=31 + rng.uniform(-0.2, 0.2, n), lon=lon, country=(lon > 70), days=900.0
    )
    generator = Generator(fit(made, made.first, Settings(tolerance=1e-3)))
    events = generator.events(np.random.default_rng(1))
    west = events.lon < 69.9
    assert (events.country[west] == 0).mean() > 0.95
    assert attributed(events, made).countries.sum() == (events.parent >= 0).sum()
