"""Catalogues: made from selections, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from made import made

from spillover.errors import SpreadError
from spillover.spread.contagion import Catalogue, catalogue
from spillover.spread.contagion.pairs import CLASSES

from .build import made_catalogue, scattered


def rows(n: int = 60, **given):
    return [{"start": date(2020, 1, 1) + timedelta(days=10 * k), **given} for k in range(n)]


def test_times_places_marks_and_window_of_a_selection():
    events = rows()
    for k, deaths in enumerate((0, 1, 2, 3, 9, 10, 5000)):
        events[k]["deaths"] = deaths
    events[7] |= {"deaths": None}
    events[8] |= {"end": events[8]["start"] + timedelta(days=5)}
    found = catalogue(made(events, since=date(2019, 12, 30), until=date(2021, 12, 31)))
    assert found.mark[:8].tolist() == [0, 1, 1, 2, 2, 3, 3, 0]
    assert found.days == 733
    assert found.begin == date(2019, 12, 30)
    assert found.first[0] == 2
    np.testing.assert_array_equal((found.last - found.first)[[0, 8]], [1, 6])
    assert found.countries == ("PAK",)


def test_what_cannot_be_used_is_left_out_and_counted():
    events = rows(70)
    start = events[0]["start"]
    events[0] |= {"date_prec": 3}
    events[1] |= {"where_prec": 4}
    events[2] |= {"lat": None}
    events[3] |= {"lon": None}
    events[4] |= {"end": start + timedelta(days=4 * 10 + 6)}
    events[5] |= {"end": start}
    found = catalogue(made(events))
    assert len(found) == 64
    assert found.left_out.of == 70
    assert found.left_out.reasons == {
        "no usable day": 1, "no usable point": 1, "no coordinates": 2, "ends before it begins": 1,
        "longer than six days": 1,
    }  # fmt: skip


def test_an_event_that_outlasts_the_window_ends_with_it():
    events = rows()
    events[-1]["end"] = events[-1]["start"] + timedelta(days=3)
    found = catalogue(made(events))
    assert found.last.max() == found.days == 10 * 59 + 1


def test_small_groups_are_put_together():
    events = [*rows(40, group="large"), *rows(31, group="middling"), *rows(29, group="small"), *rows(1, group="least")]
    found = catalogue(made(events))
    assert found.groups == ("large", "middling", "others")
    np.testing.assert_array_equal(np.bincount(found.group), [40, 31, 30])
    assert catalogue(made(rows(60, group="only"))).groups == ("only",)
    assert catalogue(made(events), fewest=1).groups == ("large", "middling", "small", "least")


def test_a_group_that_is_called_others_keeps_its_name_and_events():
    events = [*rows(40, group="others"), *rows(35, group="large"), *rows(20, group="small")]
    found = catalogue(made(events))
    assert len(set(found.groups)) == len(found.groups)
    assert np.bincount(found.group, minlength=len(found.groups)).sum() == 95


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (rows(49), "49 events can be used, and a contagion model needs 50"),
        ([], "0 events can be used"),
        (rows(60, lat=None), r"0 events can be used.*no coordinates: 60"),
        ([*rows(30, lon=None), *rows(40)], r"40 events can be used.*30 of 70 events left out \(no coordinates: 30\)"),
        (rows(60, end=date(2019, 12, 1)), r"0 events can be used.*ends before it begins: 60"),
        (rows(60, start=date(2020, 1, 1)), "all events lie within a year"),
        (rows(60, where_prec=5), "no usable point: 60"),
        (rows(60, date_prec=4), "no usable day: 60"),
        (rows(60, lat=float("nan")), "no coordinates: 60"),
        (rows(60, lat=91.0), "outside ±90, ±180"),
        (rows(60, lon=181.0), "outside ±90, ±180"),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_a_reason_and_what_to_do(events, said):
    with pytest.raises(SpreadError, match=said) as caught:
        catalogue(made(events))
    assert caught.value.to_do


COLUMNS = ("first", "last", "lat", "lon")


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_refused(column, wrong):
    good = scattered(60, 1)
    values = getattr(good, column).copy()
    values[7] = wrong
    with pytest.raises(SpreadError, match="no numbers"):
        replace(good, **{column: values})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"last": np.zeros(60) - 1}, "60 events end before they begin"),
        ({"lat": np.full(60, 90.5)}, "outside"),
        ({"lon": np.full(60, -180.5)}, "outside"),
        ({"days": 100.0}, "outside the window"),
        ({"days": np.nan}, "window"),
        ({"group": np.zeros(59, dtype=np.int64)}, "unlike lengths"),
        ({"group": np.full(60, 3)}, "group"),
        ({"group": np.full(60, -1)}, "group"),
        ({"country": np.full(60, 1)}, "country"),
        ({"mark": np.full(60, CLASSES)}, "mark"),
        ({"mark": np.full(60, -1)}, "mark"),
    ],
)
def test_columns_that_do_not_fit_are_refused(change, said):
    with pytest.raises(SpreadError, match=said) as caught:
        replace(scattered(60, 1), **change)
    assert caught.value.to_do


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (scattered(49, 1), "49 events can be used"),
        (scattered(60, 1, days=59.0), "within a year"),
        (made_catalogue(np.full(60, 12.0), last=np.full(60, 13.0), days=400), "within a year"),
        (made_catalogue([]), "0 events"),
    ],
)
def test_catalogues_that_cannot_be_fitted_are_refused(bad: Catalogue, said):
    with pytest.raises(SpreadError, match=said):
        bad.check()


def test_times_are_drawn_within_the_days_recorded():
    good = replace(scattered(500, 1), days=500.0)
    good = replace(good, last=good.first + np.random.default_rng(0).integers(0, 7, 500))
    times = good.times(np.random.default_rng(1))
    assert ((times >= good.first) & (times <= good.last)).all()
    np.testing.assert_array_equal(times, good.times(np.random.default_rng(1)))
    at = good.at(times)
    assert (np.diff(at.first) >= 0).all()
    np.testing.assert_array_equal(at.first, at.last)
    assert sorted(zip(at.first, at.lat, at.group, at.mark, strict=True)) == sorted(
        zip(times, good.lat, good.group, good.mark, strict=True)
    )


def test_until_keeps_what_was_over():
    good = scattered(200, 2)
    found = good.until(150.0)
    assert found.days == 150
    assert len(found) == (good.last <= 150).sum()
