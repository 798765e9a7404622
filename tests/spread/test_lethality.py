"""Deaths an event, the one-sided share and the power-law tail, against plain counts and a slow fit by scipy."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import made
from scipy.optimize import minimize_scalar
from scipy.special import zeta

from spillover.case import open_case
from spillover.errors import SpreadError
from spillover.spread.lethality import lethality
from spillover.spread.powerlaw import draw, fit, tail
from spillover.spread.selection import select


def slow_fit(values):
    """One tail after the other, each value of the distribution on its own."""
    best = None
    for start in sorted(set(values))[:-1]:
        tail = [v for v in values if v >= start]
        n, logs = len(tail), sum(np.log(v) for v in tail)
        alpha = minimize_scalar(
            lambda a, x=start, n=n, s=logs: n * np.log(zeta(a, x)) + a * s, bounds=(1.01, 8), method="bounded",
            options={"xatol": 1e-8},
        ).x  # fmt: skip
        distance = max(
            abs(sum(v <= x for v in tail) / len(tail) - (1 - zeta(alpha, x + 1) / zeta(alpha, start)))
            for x in range(start, max(values) + 1)
        )
        if best is None or distance < best[3]:
            best = (alpha, start, len(tail), distance)
    return best


@settings(max_examples=25)
@given(st.lists(st.integers(1, 25), min_size=5, max_size=40).filter(lambda v: len(set(v)) > 1))
def test_the_fit_equals_a_slow_one(values):
    found, (alpha, start, events, distance) = fit(np.array(values)), slow_fit(values)
    assert found.distance == pytest.approx(distance, abs=1e-5)
    if found.start == start:
        assert (found.events, found.exponent) == (events, pytest.approx(alpha, abs=1e-4))


@pytest.mark.parametrize("exponent, start", [(2.1, 1), (2.5, 5), (3.5, 12)])
def test_draws_follow_the_law_and_the_fit_finds_it(exponent, start):
    values = draw(exponent, start, 20_000, np.random.default_rng(1))
    for v in (start, start + 1, start + 4, 3 * start):
        assert (values >= v).mean() == pytest.approx(zeta(exponent, v) / zeta(exponent, start), abs=0.01)
    found = tail(values, resamples=40, random=np.random.default_rng(2))
    assert found.exponent == pytest.approx(exponent, abs=0.1)
    low, high = found.interval
    assert low - 0.02 < exponent < high + 0.02
    assert found.plausible


def test_a_body_that_is_no_power_law_is_cut_off():
    random = np.random.default_rng(3)
    values = np.concatenate([random.integers(1, 10, 3000), draw(2.4, 10, 2000, random)])
    found = fit(values)
    assert found.start in range(8, 16)
    assert found.exponent == pytest.approx(2.4, abs=0.15)


def test_counts_that_are_no_power_law_are_ruled_out():
    values = np.random.default_rng(4).poisson(6, 4000)
    found = tail(values[values > 0], resamples=60, random=np.random.default_rng(5))
    assert found is None or not found.plausible or found.start > 8


def test_by_hand():
    rows = [
        {"deaths": 4, "type": "one-sided"}, {"deaths": 0, "type": "state-based"}, {"deaths": 2, "type": "one-sided"},
        {"deaths": 2}, {"deaths": None}, {"deaths": 900, "date_prec": 5}, {"deaths": None, "date_prec": 5},
    ]  # fmt: skip
    found = lethality(made(rows))
    assert found.table.select("type", "events", "deaths", "without", "mean", "median", "greatest").rows() == [
        ("all", 4, 8, 1, 2.0, 2.0, 4), ("one-sided", 2, 6, 0, 3.0, 3.0, 4), ("state-based", 2, 2, 1, 1.0, 1.0, 2),
    ]  # fmt: skip
    assert (found.events_one_sided, found.deaths_one_sided) == (0.5, 0.75)
    assert found.left_out.reasons == {"only the year known, perhaps a sum over it": 2, "no number of deaths": 1}
    assert "2 rows of which only the year is known are left out: such a row may sum up" in found.words()
    assert found.tail is None
    assert "too few deadly events (under 50)" in found.words()
    assert found.words().startswith("all actors: 4 events with 8 deaths, 2.00 an event")


def test_one_event():
    found = lethality(made([{"deaths": 1}]))
    assert (
        "1 event with 1 death, 1.00 an event (95% interval 1.00 to 1.00), half of them with 1 death or fewer"
        in found.words()
    )


def test_none_one_sided_has_an_interval_of_its_own():
    found = lethality(made([{"deaths": 1}] * 40))
    assert found.events_one_sided_interval == pytest.approx((0, 0.0876), abs=1e-4)
    assert found.deaths_one_sided_interval is None
    assert "0% of the events (95% interval 0% to 9%) and 0% of the deaths" in found.words()


def test_nobody_died():
    found = lethality(made([{"deaths": 0}] * 60))
    assert (found.deaths_one_sided, found.deaths_one_sided_interval, found.tail) == (None, None, None)
    assert json.dumps(found.to_dict(), allow_nan=False)


def test_all_events_alike():
    assert lethality(made([{"deaths": 3}] * 80)).tail is None


@pytest.mark.parametrize("rows", [[], [{"deaths": None}], [{"date_prec": 5}]])
def test_no_deaths_known_is_refused(rows):
    with pytest.raises(SpreadError, match="number of deaths"):
        lethality(made(rows))


def test_the_same_seed_gives_the_same_answer():
    selection = made([{"deaths": int(d)} for d in draw(2.3, 1, 300, np.random.default_rng(6))])
    assert lethality(selection, resamples=30, seed=4).to_dict() == lethality(selection, resamples=30, seed=4).to_dict()


def test_the_interval_of_the_mean_covers_it():
    # of 60 samples with mean 5, a 95 % interval holds it in 57, give or take
    hits = 0
    for seed in range(60):
        deaths = np.random.default_rng(seed).poisson(5, 60)
        row = lethality(made([{"deaths": int(d)} for d in deaths]), resamples=200).table.row(0, named=True)
        hits += row["low"] <= 5 <= row["high"]
    assert hits >= 52


@pytest.mark.shared
def test_pakistan_against_its_file(shared, tmp_path):
    path = shared / "data" / "ged_pakistan.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["id"]]
    rows = [r for r in rows if not r["id"].startswith("#") and int(r["date_prec"]) < 5]
    deaths = sum(int(r["best"]) for r in rows)
    one_sided = [int(r["best"]) for r in rows if r["type_of_violence"] == "3"]
    case = open_case(tmp_path)
    case.add_events(path)
    with case.events() as session:
        found = lethality(select(session), resamples=40)
    whole = found.table.row(0, named=True)
    assert (whole["events"], whole["deaths"]) == (len(rows), deaths)
    assert found.events_one_sided == len(one_sided) / len(rows)
    assert found.deaths_one_sided == sum(one_sided) / deaths
    assert 2 < found.tail.exponent < 5
    assert found.tail.events >= 50
