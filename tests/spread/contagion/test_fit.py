"""The fit: against the intensity as it is written down, its fixed point, and what must not matter."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from spillover.spread.contagion.attribute import attribute
from spillover.spread.contagion.catalogue import Catalogue
from spillover.spread.contagion.cells import Cells
from spillover.spread.contagion.fit import Parameters, Settings, excitation, fit, spectral_radius
from spillover.spread.contagion.pairs import CLASSES
from spillover.spread.contagion.simulate import Events, as_catalogue, branch
from spillover.spread.contagion.worlds import world

from .build import made_catalogue, naive_densities, naive_triggering, scattered, some_parameters

CLOSE = Settings(tolerance=1e-3)


@pytest.fixture(scope="module")
def known():
    """A small world, what is true of it, and a fit that has come to rest."""
    made, truth = world(700, 0.6, np.random.default_rng(3), groups=3, towns=30, years=6)
    return made, truth, fit(made, made.first, Settings(tolerance=1e-6, most=1000))


@pytest.mark.parametrize("countries", [1, 2])
def test_with_fixed_parameters_the_intensity_is_the_formula_s(countries):
    catalogue = scattered(150, 7, countries=countries)
    for settings in (Settings(most=1), Settings(most=1, longest=4.0, sizes=(5.0, 40.0), half_lives=(1.0,), reach=12.0)):
        fixed = some_parameters(3, settings, seed=1, border=0.3 if countries == 2 else 1.0)
        found = fit(catalogue, catalogue.first, settings, fixed=fixed)
        slow = naive_densities(catalogue, catalogue.first, np.full(150, 0.7), settings)
        slow = (slow * fixed.mixture[catalogue.group]).sum(axis=1)
        triggered = naive_triggering(catalogue, catalogue.first, settings, fixed)
        np.testing.assert_allclose(found.intensity, slow + triggered.sum(axis=1), rtol=1e-6)
        np.testing.assert_allclose(found.background, slow / (slow + triggered.sum(axis=1)), rtol=1e-6)
        share = triggered / found.intensity[:, None]
        code = (catalogue.group * CLASSES + catalogue.mark)[None, :] * 2
        code = code + (catalogue.country[:, None] != catalogue.country[None, :])
        expected = np.zeros_like(found.triggered_by)
        np.add.at(expected, (np.broadcast_to(catalogue.group[:, None], share.shape), code), share)
        np.testing.assert_allclose(found.triggered_by, expected, rtol=1e-6, atol=1e-12)


def test_fixed_parameters_stay_and_the_background_comes_to_rest():
    catalogue = scattered(150, 8)
    settings = Settings(tolerance=1e-7, most=1000)
    fixed = some_parameters(3, settings, seed=2)
    found = fit(catalogue, catalogue.first, settings, fixed=fixed)
    assert found.converged
    for name in ("adjacency", "marks", "border", "waits", "distances"):
        np.testing.assert_array_equal(getattr(found.parameters, name), getattr(fixed, name))
    slow = naive_densities(catalogue, catalogue.first, found.background, settings)
    slow = (slow * found.parameters.mixture[catalogue.group]).sum(axis=1)
    triggered = naive_triggering(catalogue, catalogue.first, settings, fixed).sum(axis=1)
    np.testing.assert_allclose(found.background, slow / (slow + triggered), atol=1e-4)


def test_at_rest_as_many_are_triggered_as_the_parameters_expect():
    """Without a prior the likelihood is flat at the estimate: for each entry, the triggered are those expected."""
    made, _ = world(500, 0.6, np.random.default_rng(5), groups=2, towns=20, years=5)
    settings = Settings(tolerance=1e-6, most=1000, prior=1e-9)
    found = fit(made, made.first, settings)
    p = found.parameters
    share = naive_triggering(made, made.first, settings, p) / found.intensity[:, None]
    by_group = np.zeros((2, 2))
    np.add.at(by_group, (made.group[:, None].repeat(len(made), 1), np.broadcast_to(made.group, share.shape)), share)
    each = p.marks[made.mark] * (p.waits @ settings.kernels().within(made.days - made.first))
    exposed = np.bincount(made.group, each, minlength=2)
    np.testing.assert_allclose(by_group, p.adjacency * exposed[None, :], rtol=1e-3, atol=1e-3)
    by_mark = np.bincount(made.mark, share.sum(axis=0), minlength=CLASSES)
    expected = np.bincount(made.mark, p.adjacency.sum(axis=0)[made.group] * each, minlength=CLASSES)
    np.testing.assert_allclose(by_mark, expected, rtol=1e-3, atol=1e-3)
    assert p.marks[made.mark].mean() == pytest.approx(1)
    assert found.offspring_per_event == pytest.approx((p.adjacency.sum(axis=0)[made.group] * p.marks[made.mark]).mean())


def test_a_second_fit_from_the_result_moves_nothing(known):
    made, _, found = known
    again = fit(made, made.first, found.settings, start=found.parameters)
    assert found.converged
    assert again.converged
    assert again.iterations <= found.iterations
    assert again.offspring_per_event == pytest.approx(found.offspring_per_event, abs=1e-4)
    np.testing.assert_allclose(again.parameters.adjacency, found.parameters.adjacency, atol=1e-3)
    np.testing.assert_allclose(again.background, found.background, atol=5e-3)


def test_other_starts_come_to_the_same(known):
    made, _, found = known
    weak = replace(found.parameters, adjacency=found.parameters.adjacency / 20, waits=found.parameters.waits[::-1])
    again = fit(made, made.first, Settings(), start=weak)
    assert again.offspring_per_event == pytest.approx(found.offspring_per_event, abs=0.02)


def test_the_default_tolerance_ends_near_the_point_of_rest(known):
    made, _, found = known
    assert fit(made, made.first, Settings()).offspring_per_event == pytest.approx(found.offspring_per_event, abs=0.02)


def test_what_is_not_background_is_attributed(known):
    _, _, found = known
    given = attribute(found)
    triggered = (1 - found.background).sum()
    assert given.offspring.sum() == pytest.approx(triggered, rel=1e-4)
    assert given.groups.sum() == pytest.approx(triggered, rel=1e-4)
    assert given.countries.sum() == pytest.approx(triggered, rel=1e-4)
    assert found.triggered_by.sum() == pytest.approx(triggered, rel=1e-4)
    assert ((found.background >= 0) & (found.background <= 1 + 1e-12)).all()
    np.testing.assert_allclose(found.components.sum(axis=1)[found.background > 0], 1)


def test_order_of_events_does_not_matter(known):
    made, _, _ = known
    one = fit(made, made.first, CLOSE)
    mixed = np.random.default_rng(1).permutation(len(made))
    two = fit(made.take(mixed), made.first[mixed], CLOSE)
    np.testing.assert_allclose(two.background, one.background[mixed], atol=1e-8)
    np.testing.assert_allclose(two.parameters.adjacency, one.parameters.adjacency, atol=1e-8)


def test_names_of_groups_do_not_matter(known):
    made, _, _ = known
    one = fit(made, made.first, CLOSE)
    new = np.array([2, 0, 1])
    two = fit(replace(made, group=new[made.group]), made.first, CLOSE)
    np.testing.assert_allclose(two.parameters.adjacency[np.ix_(new, new)], one.parameters.adjacency, atol=1e-8)
    np.testing.assert_allclose(two.parameters.mixture[new], one.parameters.mixture, atol=1e-8)
    assert two.spectral_radius == pytest.approx(one.spectral_radius)


@pytest.mark.parametrize("east", [-200.0, 110.0])
def test_the_same_world_elsewhere_gives_the_same(known, east):
    """Cells are cut anew there, at the date line as well; estimates may move by what that costs."""
    made, _, found = known
    lon = (made.lon + east + 180) % 360 - 180
    again = fit(replace(made, lon=lon), made.first, Settings())
    assert again.offspring_per_event == pytest.approx(found.offspring_per_event, abs=0.03)
    other = fit(replace(made, lat=-made.lat), made.first, Settings())
    assert other.offspring_per_event == pytest.approx(found.offspring_per_event, abs=0.03)


def test_later_by_some_days_in_a_longer_window_of_a_flat_world():
    """Nothing hangs on where time begins."""
    made = scattered(200, 9, days=300.0)
    late = replace(made, first=made.first + 5000, last=made.last + 5000, days=10_300.0)
    far = replace(made, first=made.first + 5000.37, last=made.last + 5000.37, days=10_300.0)
    one, two = fit(late, late.first, CLOSE), fit(far, far.first, CLOSE)
    assert two.offspring_per_event == pytest.approx(one.offspring_per_event, abs=1e-3)


def test_a_group_without_events_and_one_group_and_one_mark(known):
    made, _, _ = known
    with_one_more = replace(made, groups=(*made.groups, "silent"))
    found = fit(with_one_more, made.first, CLOSE)
    assert np.isfinite(found.parameters.adjacency).all()
    assert np.isfinite(found.parameters.mixture).all()
    assert found.parameters.adjacency[3, :3].sum() < 0.05  # what the others' triggering lends it
    assert found.offspring_per_event == pytest.approx(fit(made, made.first, CLOSE).offspring_per_event, abs=0.02)

    alone = replace(made, group=np.zeros(len(made), dtype=np.int64), groups=("all",))
    assert 0.3 < fit(alone, made.first, CLOSE).offspring_per_event < 0.8

    for mark in range(CLASSES):
        same = fit(replace(made, mark=np.full(len(made), mark)), made.first, CLOSE)
        assert same.parameters.marks[mark] == pytest.approx(1)
        assert np.isfinite(same.parameters.marks).all()


def test_a_world_is_found_again(known):
    """As fitted, before the correction: too low, but not by much."""
    _, truth, found = known
    assert 0.6 * truth.offspring < found.offspring_per_event < 1.15 * truth.offspring
    assert found.big.tolist() == [0, 1, 2]
    assert found.spectral_radius == pytest.approx(spectral_radius(found.matrix(), found.big))


def test_stronger_marks_are_found():
    rng = np.random.default_rng(11)
    settings, days, n = Settings(), 3000.0, 900
    strength = np.array([0.25, 0.5, 1.0, 2.25])
    p = Parameters(
        np.array([[0.5]]), strength, 1.0, np.array([0.25] * 4), np.array([0.6, 0.25, 0.15]), np.full((1, 7), 1 / 7)
    )
    at = rng.integers(40, size=n)
    towns = rng.uniform([30, 70], [34, 74], (40, 2))
    start = Events(
        rng.uniform(0, days, n), *towns[at].T, np.zeros(n, np.int64), rng.integers(4, size=n), np.zeros(n, np.int64),
        np.full(n, -1), False,
    )  # fmt: skip
    events = branch(start, p, settings, np.full((1, 4), 0.25), until=days, rng=rng)
    made = as_catalogue(events, made_catalogue([], days=days, groups=("a",), countries=("XXA",)))
    found = fit(made, made.first, settings).parameters.marks
    assert (np.diff(found) > 0).all()
    assert found[3] / found[0] > 3
    np.testing.assert_allclose(found, strength, atol=0.6)


def two_countries(border: float, seed: int, n: int = 2000) -> Catalogue:
    """Towns on both sides of a border that runs along 70° east; what is set off falls among them."""
    rng = np.random.default_rng(seed)
    settings, days = Settings(), 4000.0
    lat, lon = rng.uniform(30, 32, 400), rng.uniform(69.75, 70.25, 400)
    cells = Cells.of_points(lat, lon, settings.cell)
    country = (cells.lon > 70).astype(np.int64)
    p = Parameters(
        np.array([[0.6]]), np.ones(CLASSES), border, np.array([0.25] * 4), np.array([0.2, 0.2, 0.6]),
        np.full((1, 7), 1 / 7),
    )  # fmt: skip
    at = rng.integers(len(cells), size=n)
    start = Events(
        rng.uniform(0, days, n), cells.lat[at], cells.lon[at], np.zeros(n, np.int64), rng.integers(CLASSES, size=n),
        country[at], np.full(n, -1), False,
    )  # fmt: skip
    events = branch(start, p, settings, np.full((1, CLASSES), 0.25), until=days, rng=rng, known=(cells, country))
    return as_catalogue(events, made_catalogue([], days=days, groups=("a",), countries=("XXA", "XXB")))


def test_at_rest_a_border_is_counted_in_what_is_expected():
    made = two_countries(0.2, seed=1, n=200)
    settings = Settings(tolerance=1e-6, most=1000, prior=1e-9)
    found = fit(made, made.first, settings)
    p = found.parameters
    share = naive_triggering(made, made.first, settings, p) / found.intensity[:, None]
    inside = p.waits @ settings.kernels().within(made.days - made.first)
    each = p.adjacency[0, 0] * p.marks[made.mark] * inside
    crossed = share[made.country[:, None] != made.country[None, :]].sum()
    assert crossed == pytest.approx((each * found.outside_country).sum() * p.border, rel=5e-3)
    assert share.sum() == pytest.approx((each * (1 - found.outside_country * (1 - p.border))).sum(), rel=2e-3)


def test_a_mark_is_no_weaker_for_lying_at_a_border():
    """What the border holds back is the border's: of each mark as many are triggered as mark and border expect."""
    made = two_countries(0.2, seed=1, n=200)
    made = replace(made, mark=np.where(np.abs(made.lon - 70) < 0.1, 3, 0))
    settings = Settings(tolerance=1e-6, most=1000, prior=1e-9)
    found = fit(made, made.first, settings)
    p, across = found.parameters, found.outside_country
    assert across[made.mark == 3].mean() > 3 * across[made.mark == 0].mean()
    share = naive_triggering(made, made.first, settings, p) / found.intensity[:, None]
    inside = p.waits @ settings.kernels().within(made.days - made.first)
    expected = p.adjacency[0, 0] * p.marks[made.mark] * inside * (1 - across * (1 - p.border))
    by_mark = np.bincount(made.mark, share.sum(axis=0), minlength=CLASSES)
    np.testing.assert_allclose(by_mark, np.bincount(made.mark, expected, minlength=CLASSES), rtol=2e-3)


@pytest.mark.parametrize(("border", "low", "high"), [(0.2, 0.1, 0.4), (1.0, 0.7, 1.4)])
def test_a_border_that_holds_back_is_found(border, low, high):
    made = two_countries(border, seed=4)
    found = fit(made, made.first, CLOSE)
    assert low < found.parameters.border < high
    assert 0 < found.outside_country.mean() < 0.5
    one_country = fit(replace(made, country=np.zeros(len(made), np.int64), countries=("XXA",)), made.first, CLOSE)
    assert one_country.parameters.border == 1


def test_progress_stops_the_fit(known):
    made, _, _ = known
    told = []

    def progress(iteration: int, change: float) -> bool:
        told.append((iteration, change))
        return iteration < 4

    found = fit(made, made.first, Settings(), progress=progress)
    assert [n for n, _ in told] == [1, 2, 3, 4]
    assert found.iterations == 4
    assert not found.converged
    assert found.trace == [change for _, change in told]
    assert not fit(made, made.first, Settings(most=3)).converged


def test_a_fit_carried_over_to_its_own_catalogue_says_the_same(known):
    made, _, found = known
    rate, carried = excitation(made, found)
    triggered = naive_triggering(made, made.first, found.settings, found.parameters).sum(axis=1)
    np.testing.assert_allclose(rate, triggered, rtol=1e-6, atol=1e-15)
    assert carried.offspring_per_event == pytest.approx(found.offspring_per_event)


def test_all_on_one_point_and_all_at_one_time():
    rng = np.random.default_rng(1)
    point = made_catalogue(rng.uniform(0, 500, 120), days=500.0)
    found = fit(point, point.first, CLOSE)
    assert found.converged
    assert 0 <= found.offspring_per_event < 0.5
    at_once = made_catalogue(np.full(80, 20.0), days=100.0, lat=rng.uniform(30, 31, 80))
    found = fit(at_once, at_once.first, CLOSE)
    assert found.offspring_per_event < 0.2
    np.testing.assert_allclose(found.background, 1)


def test_on_two_cores_it_is_the_same(known, monkeypatch):
    made, _, _ = known
    one = fit(made, made.first, CLOSE)
    module = sys.modules[fit.__module__]
    monkeypatch.setattr(module, "_MANY_PAIRS", 0)
    two = fit(made, made.first, CLOSE)
    np.testing.assert_allclose(two.background, one.background, atol=1e-9)
    np.testing.assert_allclose(two.triggered_by, one.triggered_by, atol=1e-9)
