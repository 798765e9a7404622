"""Who set off what: sums by year, group and country, against every pair."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from spillover.spread.contagion.attribute import attribute, attributed, years
from spillover.spread.contagion.fit import Settings, fit
from spillover.spread.contagion.simulate import Events

from .build import made_catalogue, naive_triggering, scattered, some_parameters


def test_years_are_the_calendar_s():
    catalogue = made_catalogue([0.0, 1.999, 2.0, 2.0 + 365.999, 2.0 + 366, 732.0], days=733.0, begin=date(2019, 12, 30))
    assert years(catalogue, catalogue.first).tolist() == [0, 0, 1, 1, 2, 2]
    assert years(catalogue, np.array([733.0])).tolist() == [2]


def test_tables_are_the_sums_over_every_pair():
    catalogue = replace(scattered(200, 3, days=800.0, countries=2), begin=date(2018, 6, 1))
    settings = Settings(tolerance=1e-6, most=1000)
    fixed = some_parameters(3, settings, seed=1, border=0.2)
    fitted = fit(catalogue, catalogue.first, settings, fixed=fixed)
    found = attribute(fitted)
    share = naive_triggering(catalogue, catalogue.first, settings, fitted.parameters) / fitted.intensity[:, None]
    year = years(catalogue, catalogue.first)
    groups, countries = np.zeros((3, 3, 3)), np.zeros((3, 2, 2))
    for i, j in np.argwhere(share > 0):
        groups[year[i], catalogue.group[j], catalogue.group[i]] += share[i, j]
        countries[year[i], catalogue.country[j], catalogue.country[i]] += share[i, j]
    np.testing.assert_allclose(found.groups, groups, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(found.countries, countries, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(found.offspring, share.sum(axis=0), rtol=1e-6, atol=1e-12)
    assert found.groups.sum() == pytest.approx((1 - fitted.background).sum(), rel=1e-3)
    assert countries[:, 0, 1].sum() + countries[:, 1, 0].sum() > 0


def test_known_parents_are_counted_in_the_child_s_year():
    like = made_catalogue([], days=731.0, begin=date(2020, 1, 1), groups=("a", "b"), countries=("XXA", "XXB"))
    events = Events(
        np.array([10.0, 364.0, 367.0, 368.0]), np.zeros(4), np.zeros(4), np.array([0, 1, 1, 0]), np.zeros(4, np.int64),
        np.array([0, 0, 1, 1]), np.array([-1, 0, 1, 1]), False,
    )  # fmt: skip
    found = attributed(events, like)
    assert found.groups.shape == (2, 2, 2)
    assert found.groups[0].tolist() == [[0, 1], [0, 0]]
    assert found.groups[1].tolist() == [[0, 0], [1, 1]]
    assert found.countries[1].tolist() == [[0, 2], [0, 0]]
    assert found.offspring.tolist() == [1, 2, 0, 0]
