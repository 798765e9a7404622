"""Chances of onsets: on made-up worlds with and without something to learn."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from onset_worlds import event, selection, spreading

from spillover.errors import ForecastError
from spillover.forecasting.onset import onset, onset_backtest, record_of, together
from spillover.forecasting.onset.logistic import fit


@pytest.fixture(scope="module")
def world():
    return record_of(spreading(reach=0.5))


@pytest.fixture(scope="module")
def tested(world):
    return onset_backtest(world)


def test_a_forecast_has_each_pair_once_with_its_chances(world):
    made = onset(world, "2015-06")
    assert made.table.columns == ["group", "place", "name", "country", "probability", "base_rate", "neighbour_rate",
                                  "near", "raises", "lowers"]  # fmt: skip
    assert made.table.height == made.table.unique(["group", "place"]).height > 50
    assert made.table["probability"].is_between(0, 1, closed="none").all()
    assert made.table["probability"].is_sorted(descending=True)
    assert made.table["base_rate"].n_unique() == 1 and made.table["neighbour_rate"].n_unique() == 2
    assert made.learnt.last <= made.origin - 12
    assert made.window == "2015-07 to 2016-06"


def test_where_violence_moves_next_door_the_model_says_so(world):
    made = onset(world, "2018-12")
    near = made.table.filter("near")["probability"].mean()
    far = made.table.filter(~pl.col("near"))["probability"].mean()
    assert near > 2 * far and made.learnt.near > made.learnt.far
    top = made.table.row(0, named=True)
    assert any("near" in reason or "next door" in reason for reason in top["raises"])


def test_a_world_that_can_be_learnt_has_skill_with_an_interval_above_nothing(tested):
    value, low, high = tested.skill("brier", "base_rate")
    assert 0 < low < value < high
    assert "better" in tested.words()
    assert tested.skill("log_score", "base_rate")[1] > 0


def test_a_world_without_anything_to_learn_shows_no_skill():
    tested = onset_backtest(spreading(3, groups=8, side=4, reach=0.3, random=1.0))
    value, low, high = tested.skill("brier", "base_rate")
    assert low < 0 < high or high <= 0
    assert value < 0.08
    assert "cannot be told from 0" in tested.words() or "worse" in tested.words()


def test_what_is_said_comes_about_as_often(tested):
    assert tested.cells["probability"].sum() == pytest.approx(tested.cells["happened"].sum(), rel=0.35)


def test_scores_are_the_mean_of_the_cells(tested):
    p, o = tested.cells["probability"].to_numpy(), tested.cells["happened"].to_numpy().astype(float)
    b = tested.cells["base_rate"].to_numpy()
    row = tested.scores.row(0, named=True)
    assert row["forecast"] == "onset" and row["brier"] == pytest.approx(((p - o) ** 2).mean())
    assert tested.skill("brier", "base_rate")[0] == pytest.approx(1 - ((p - o) ** 2).sum() / ((b - o) ** 2).sum())
    assert tested.worst["brier"].to_list() == sorted((p - o) ** 2, reverse=True)[:10]
    assert tested.origins["onsets"].sum() == o.sum() and tested.origins["cells"].sum() == len(o)


def test_a_back_test_says_what_the_forecast_said_then(world, tested):
    for origin in ("2008-12", "2014-12"):
        then = onset(world, origin).table.sort("group", "place")
        kept = tested.cells.filter(origin=origin).sort("group", "place")
        assert kept["probability"].to_list() == then["probability"].to_list()
        assert kept["base_rate"].to_list() == then["base_rate"].to_list()
        assert kept["neighbour_rate"].to_list() == then["neighbour_rate"].to_list()


def test_windows_as_asked(world):
    made = onset_backtest(world, months_ahead=(3, 14), first="2012-01", last="2018-12")
    # from October to the calendar year after the next month but one
    assert made.origins["origin"].to_list() == [f"{year}-10" for year in range(2011, 2018)]
    shorter = onset(world, "2015-10", months_ahead=(1, 3)).table
    longer = onset(world, "2015-10", months_ahead=(1, 12)).table
    assert shorter["probability"].sum() < longer["probability"].sum()


def test_the_interval_follows_the_seed_and_nothing_else_does(world, tested):
    again = onset_backtest(world, seed=2)
    assert again.cells.equals(tested.cells) and again.skills["low"].equals(tested.skills["low"])
    assert not again.skills["wide_low"].equals(tested.skills["wide_low"])
    assert onset_backtest(world).to_dict() == tested.to_dict()


def test_some_groups_are_told_of_as_among_all(world):
    every = onset(world, "2015-06").table
    some = onset(world, "2015-06", groups={"G1", "G3"}).table
    assert some["group"].unique().sort().to_list() == ["G1", "G3"]
    assert some.equals(every.filter(pl.col("group").is_in(["G1", "G3"])))
    assert "no group that is asked about" in onset(world, "2015-06", groups=()).words()


def test_json_is_plain(world, tested):
    for made in (onset(world), tested):
        form = made.to_dict()
        assert json.loads(json.dumps(form, allow_nan=False)) == form
    assert onset(world).to_dict()["window"] == "2020-01 to 2020-12"


def test_back_tests_together_are_of_all_their_forecasts(tested):
    other = onset_backtest(spreading(5, groups=3))
    both = together([tested, other])
    assert both.cells.height == tested.cells.height + other.cells.height
    assert both.left_out.of == tested.left_out.of + other.left_out.of
    with pytest.raises(ForecastError, match="one kind"):
        together([tested, onset_backtest(spreading(5, groups=3), quiet=12)])


def test_countries_in_a_made_up_world():
    """Two wars that go over to the country next door, in turn, and a far country that is at war with itself."""
    neighbours = ["MLI", "BFA", "NER", "NGA", "TCD", "SDN"]
    rows = []
    for k in range(5):
        for month in range(48 * k, 48 * k + 60):
            if month >= 240:
                break
            of = event(len(rows), _day(month), country=neighbours[k], side_b="Walkers", lat=15, lon=5.0 * k)
            rows.append(of)
            rows.append(
                of | {"id": str(len(rows)), "country": neighbours[k + 1], "side_b": "Others", "lon": 5.0 * k + 5}
            )
    rows += [event(10_000 + m, _day(m), country="PHL", side_b="Far", lat=10, lon=122) for m in range(240)]
    made = onset(selection(rows), "2018-12", place="country")
    assert made.level == "country" and set(made.table["place"]) <= {*neighbours, "PHL"}
    far = made.table.filter(group="Far")["probability"]
    assert far.max() < made.table.filter(pl.col("group") != "Far")["probability"].max()
    assert "Sudan" in " ".join(made.table["name"])
    assert made.table.filter(pl.col("near") & (pl.col("group") == "Far")).is_empty()


def _day(month):
    from datetime import date

    return date(2000 + month // 12, month % 12 + 1, 10)


def test_what_cannot_be_done_is_said(world):
    with pytest.raises(ForecastError, match="2030-01 is outside the months of the record, 2000-01 to 2019-12"):
        onset(world, "2030-01")
    with pytest.raises(ForecastError, match="nothing can be learnt by 2000-06"):
        onset(world, "2000-06")
    with pytest.raises(ForecastError, match="5 to 2 are no months ahead"):
        onset(world, months_ahead=(5, 2))
    with pytest.raises(ForecastError, match="quiet months"):
        onset(world, quiet=0)
    with pytest.raises(ForecastError, match="no year in which"):
        onset_backtest(world, last="2001-12")


def test_where_nothing_ever_happened_the_chances_are_small_and_above_none():
    rows = [event(i, _day(i)) for i in range(120)]
    rows += [event(1000 + i, _day(i), "P1", side_b="Beta", lon=71) for i in range(120)]
    made = onset(selection(rows), "2009-12")
    assert made.table.height == 2 and made.table["probability"].is_between(1e-4, 0.03).all()
    tested = onset_backtest(selection(rows))
    assert tested.cells["happened"].sum() == 0
    assert tested.skill("brier", "base_rate")[1:] == (None, None)
    assert "cannot be told from 0" in tested.words()


def test_the_regression_finds_what_made_the_data():
    draw = np.random.default_rng(1)
    x = draw.normal(size=(20_000, 2)) * [1, 10] + [5, 0]
    y = (draw.random(20_000) < 1 / (1 + np.exp(2 - x[:, 0] + 5 - 0.1 * x[:, 1]))).astype(float)
    found = fit(x, y, np.ones(len(y)), ridge=1e-3, chance=0.1, hold=1e-3)
    np.testing.assert_allclose(found.weights, [1, 1], atol=0.08)
    assert found.chance(x).mean() == pytest.approx(y.mean(), abs=1e-4)
    held = fit(x, y, np.ones(len(y)), ridge=1e9, chance=0.03, hold=1e9)
    np.testing.assert_allclose(held.chance(x), 0.03, rtol=1e-3)


def test_of_very_many_pairs_a_part_stands_for_all(world, monkeypatch):
    from spillover.forecasting.onset import forecast

    every, few = onset(world, "2015-06"), forecast.settings() | {"most": 1_500}
    monkeypatch.setattr(forecast, "settings", lambda: few)
    part = onset(world, "2015-06")
    assert part.learnt.base == every.learnt.base and part.learnt.onsets == every.learnt.onsets
    assert not part.table.equals(every.table)
    assert part.table["probability"].sum() == pytest.approx(every.table["probability"].sum(), rel=0.15)
