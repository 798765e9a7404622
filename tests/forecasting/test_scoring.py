"""Score tables: shared cells, means and ratios, splits, intervals, the worst cells; against the shared script."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover import ForecastError
from spillover.forecasting import baselines, months, scores
from spillover.forecasting.files import Draws, Observed, read_forecasts, read_panel, write_forecasts
from spillover.forecasting.scoring import RATIOS, SPLITS, baseline_forecast, score_forecasts

JAN = months.parse("2021-01")
OCT = months.parse("2020-10")


def grid(units, span, draw, *, first=JAN, m=20, seed=0):
    """A forecast of every unit in ``span`` months; ``draw(random, unit's place, m)`` gives the draws of a cell."""
    random = np.random.default_rng(seed)
    cells = [(u, first + t) for u in units for t in range(span)]
    rows = [draw(random, units.index(u), m) for u, _ in cells]
    return Draws([u for u, _ in cells], [t for _, t in cells], np.array(rows, float))


def came(units, span, value, *, first=JAN, seed=1):
    random = np.random.default_rng(seed)
    cells = [(u, first + t) for u in units for t in range(span)]
    return Observed([u for u, _ in cells], [t for _, t in cells], [value(random, units.index(u)) for u, _ in cells])


UNITS = [f"U{i}" for i in range(12)]


def poisson(scale):
    return lambda random, i, m: random.poisson(scale * i, m)


@pytest.fixture(scope="module")
def made():
    """A good forecast and one that says twice as much, of twelve units whose deaths rise from 0."""
    actual = came(UNITS, 6, lambda random, i: random.poisson(4 * i))
    past = came(UNITS, 24, lambda random, i: random.poisson(i) * (i > 3), first=OCT - 23, seed=2)
    both = {"good": grid(UNITS, 6, poisson(4)), "double": grid(UNITS, 6, poisson(8), seed=3)}
    return score_forecasts(both, actual, baseline="double", history=past, origin=OCT)


def cell(table, **where):
    (row,) = table.filter(*(pl.col(k) == v for k, v in where.items())).iter_rows(named=True)
    return row


def test_means_are_those_of_the_cells(made):
    row = cell(made.table(), split="all", forecast="good")
    assert row["cells"] == len(made) == 72
    for name in scores.NAMES:
        assert row[name] == pytest.approx(made.cells["good"][name].mean())
    below = cell(made.table(), split="all", forecast="double")
    for name in RATIOS:
        # nothing is divided by a mean of 0
        assert row[f"{name}_ratio"] == (pytest.approx(row[name] / below[name]) if below[name] else None)
    assert below["brier1"] == 0 < below["brier25"]
    assert row["crps_ratio"] < 0.8
    assert cell(made.table(), split="all", forecast="double")["crps_ratio"] == 1


def test_the_splits_are_what_they_say(made):
    assert tuple(made.splits) == tuple(SPLITS)
    masks = made.splits
    assert set(made.unit[masks["active"]]) == {f"U{i}" for i in range(4, 12)}
    assert np.array_equal(masks["quiet"], ~masks["active"])
    assert np.array_equal(masks["deadly"], made.actual > 0)
    assert np.array_equal(masks["onsets"], masks["quiet"] & masks["deadly"]) and masks["onsets"].any()
    assert set(UNITS) - set(made.unit[masks["without_two_largest"]]) == {"U10", "U11"}
    assert any("U11 and U10" in note for note in made.notes)


def test_without_a_history_or_deaths_there_are_fewer_splits():
    table = score_forecasts({"f": grid(["A", "B"], 2, poisson(1))}, came(["A", "B"], 2, lambda *_: 0))
    assert tuple(table.splits) == ("all", "deadly", "without_two_largest")
    assert table.splits["without_two_largest"].all() and not table.splits["deadly"].any()
    row = cell(table.table(), split="deadly")
    assert row["cells"] == 0 and row["crps"] is None
    assert any("none was given" in note for note in table.notes)


def test_only_the_24_months_up_to_the_origin_make_a_unit_active():
    history = Observed(["A", "A", "B", "B", "C", "C"], [OCT - 24, OCT, OCT - 23, OCT, OCT, OCT + 1], [9, 0, 1, 0, 0, 9])
    forecast = grid(["A", "B", "C", "D"], 1, poisson(1))
    actual = came(["A", "B", "C", "D"], 1, lambda *_: 1)
    table = score_forecasts({"f": forecast}, actual, history=history, origin=OCT)
    assert table.unit[table.splits["active"]].tolist() == ["B"]
    assert table.unit[table.splits["quiet"]].tolist() == ["A", "C"]
    assert any("1 units are not in the history" in note and "D" in note for note in table.notes)
    later = score_forecasts({"f": forecast}, actual, history=history)
    assert later.unit[later.splits["active"]].tolist() == ["C"]
    assert any("No origin was given" in note and "2020-12" in note for note in later.notes)


def test_what_is_not_scored_is_told_with_its_reason():
    actual = came(["A", "B"], 4, lambda *_: 1)
    sets = {"f": grid(["A", "B", "C"], 6, poisson(1)), "g": grid(["A"], 6, poisson(1))}
    table = score_forecasts(sets, actual)
    assert table.unscored == {"f": 14, "g": 2}
    assert table.notes[:3] == (
        "f: 10 of 18 cells have no outcome and are not scored: 2021-01 to 2021-06, of A, B, C.",
        "f: 4 of 18 cells have an outcome but are not in every forecast, and are not scored: 2021-01 to 2021-04, of B.",
        "g: 2 of 6 cells have no outcome and are not scored: 2021-05 to 2021-06, of A.",
    )
    # what was not asked for is not missed
    asked = score_forecasts(sets, actual, units=["A"], window=(JAN, JAN + 3))
    assert asked.unscored == table.unscored and not any("not scored" in note for note in asked.notes)


def test_forecasts_that_lack_the_same_are_told_of_together():
    sets = {name: grid(["A", "B"], 6, poisson(1)) for name in ("f", "g")}
    (told,) = (n for n in score_forecasts(sets, came(["A", "B"], 4, lambda *_: 1)).notes if "not scored" in n)
    assert told == "f, g: 4 of 12 cells have no outcome and are not scored: 2021-05 to 2021-06, of A, B."


def test_an_origin_among_the_forecast_months_is_refused():
    forecast, actual = {"f": grid(["A"], 3, poisson(1))}, came(["A"], 3, lambda *_: 1)
    for late in (JAN, JAN + 5):
        with pytest.raises(ForecastError, match="2021-01 is not after the origin 2021-0"):
            score_forecasts(forecast, actual, origin=late)
    assert len(score_forecasts(forecast, actual, origin=JAN, window=(JAN + 1, JAN + 2))) == 2


def test_by_unit_month_and_horizon(made):
    by_unit = made.table("unit")
    assert by_unit["unit"].unique().sort().to_list() == sorted(UNITS)
    assert cell(by_unit, unit="U3", forecast="good")["cells"] == 6
    assert cell(by_unit, unit="U0", forecast="good")["crps"] == 0
    assert cell(by_unit, unit="U0", forecast="good")["crps_ratio"] is None
    month, horizon = made.table("month"), made.table("horizon")
    assert month["month"].unique().sort().to_list() == [f"2021-0{k}" for k in range(1, 7)]
    assert horizon["horizon"].unique().sort().to_list() == [3, 4, 5, 6, 7, 8]
    assert horizon.drop("horizon").equals(month.drop("month"))
    for table in (by_unit, month):
        for name in ("good", "double"):
            part = table.filter(pl.col("forecast") == name)
            whole = (part["crps"] * part["cells"]).sum() / part["cells"].sum()
            assert whole == pytest.approx(cell(made.table(), split="all", forecast=name)["crps"])


def test_horizons_need_an_origin():
    table = score_forecasts({"f": grid(["A"], 2, poisson(1))}, came(["A"], 2, lambda *_: 0))
    with pytest.raises(ForecastError, match="horizons count from an origin"):
        table.table("horizon")


def test_intervals_hold_the_mean_and_the_ratio(made):
    table = made.intervals(seed=4)
    assert table.height == 2 * len(scores.NAMES)
    for row in table.iter_rows(named=True):
        assert row["low"] <= row["mean"] <= row["high"], row
        if row["forecast"] == "good" and row["score"] in ("crps", "mis", "ign", "crps_log"):
            assert row["ratio_low"] < row["ratio"] < row["ratio_high"] < 1
    one = cell(table, forecast="double", score="crps")
    assert (one["ratio_low"], one["ratio"], one["ratio_high"]) == (1, 1, 1)
    assert table.equals(made.intervals(seed=4)) and not table.equals(made.intervals(seed=5))


def test_intervals_are_wider_where_units_differ_than_where_months_do(made):
    width = [
        row["high"] - row["low"]
        for block in ("unit", "month")
        for row in [cell(made.intervals(block=block), forecast="good", score="crps")]
    ]
    assert width[0] > width[1]


def test_too_few_blocks_have_no_interval():
    both = {"f": grid(["A", "B"], 8, poisson(1)), "g": grid(["A", "B"], 8, poisson(2))}
    table = score_forecasts(both, came(["A", "B"], 8, lambda *_: 1), baseline="g")
    assert table.intervals()["low"].null_count() == 2 * len(scores.NAMES)
    assert cell(table.intervals(block="month"), forecast="f", score="crps")["low"] is not None


def test_the_interval_of_a_mean_covers_it_about_as_often_as_it_says():
    """Units with means of their own, months alike: what resampling units is for."""
    random, held, runs = np.random.default_rng(9), 0, 60
    for run in range(runs):
        level = random.gamma(2, 5, 30)
        units = [f"{i:02d}" for i in range(30)]
        actual = Observed(np.repeat(units, 4), np.tile(JAN + np.arange(4), 30), np.repeat(level, 4))
        zero = Draws(actual.unit, actual.month, np.zeros((120, 2)))
        row = cell(score_forecasts({"zero": zero}, actual).intervals(resamples=200, seed=run), score="crps")
        held += row["low"] <= 10 <= row["high"]
    assert held / runs > 0.75


def test_the_worst_cells_come_first_with_what_was_said_and_what_came(made):
    worst = made.most_wrong(5, "double")
    assert worst.columns == ["unit", "month", "happened", "median", "low90", "high90", "crps", "share"]
    assert worst["crps"].to_list() == sorted(made.cells["double"]["crps"], reverse=True)[:5]
    row = worst.row(0, named=True)
    at = np.flatnonzero((made.unit == row["unit"]) & (made.month == months.parse(row["month"])))
    assert row["happened"] == made.actual[at] and row["low90"] <= row["median"] <= row["high90"]
    assert made.most_wrong(1000)["share"].sum() == pytest.approx(1)
    assert made.most_wrong(0).height == 0


def test_only_shared_cells_are_scored_and_the_others_counted():
    wide, narrow = grid(["A", "B", "C"], 3, poisson(1)), grid(["A", "B"], 2, poisson(1), first=JAN + 1)
    actual = came(["A", "B", "C", "D"], 4, lambda *_: 1)
    table = score_forecasts({"wide": wide, "narrow": narrow}, actual)
    assert list(zip(table.unit.tolist(), (table.month - JAN).tolist(), strict=True)) == [
        ("A", 1), ("A", 2), ("B", 1), ("B", 2),
    ]  # fmt: skip
    lacks = table.missing["wide"]
    assert (set(lacks.unit), len(lacks)) == ({"D"}, 3)
    assert {name: len(found) for name, found in table.missing.items()} == {"wide": 3, "narrow": 4}
    assert table.unscored == {"wide": 5, "narrow": 0}
    some = score_forecasts({"wide": wide}, actual, units=["A"], window=(JAN, JAN))
    assert (len(some), len(some.missing["wide"])) == (1, 0)


def test_where_nothing_is_shared_it_says_why():
    forecast = grid(["A"], 2, poisson(1))
    with pytest.raises(ForecastError, match=r"no unit and month .* \(f: A, 2021-01 to 2021-02; outcomes: 7, 2021-01"):
        score_forecasts({"f": forecast}, came(["7"], 2, lambda *_: 1))
    with pytest.raises(ForecastError, match="none of the units and months asked for"):
        score_forecasts({"f": forecast}, came(["A"], 2, lambda *_: 1), units=["Z"])
    with pytest.raises(ValueError, match="not among the forecasts"):
        score_forecasts({"f": forecast}, came(["A"], 2, lambda *_: 1), baseline="g")


def test_ensembles_of_different_sizes_are_told():
    both = {"f": grid(["A"], 2, poisson(1), m=15), "g": grid(["A"], 2, poisson(1), m=100)}
    table = score_forecasts(both, came(["A"], 2, lambda *_: 1))
    assert any("f 15, g 100" in note for note in table.notes)


def test_everything_as_json_and_as_a_table_of_cells(made):
    form = json.loads(json.dumps(made.to_dict(by="horizon", wrong=3)))
    good = form["forecasts"]["good"]
    assert (form["cells"], form["units"], form["months"]) == (72, 12, ["2021-01", "2021-06"])
    assert good["scores"]["all"]["crps"] == pytest.approx(made.cells["good"]["crps"].mean())
    assert len(good["most_wrong"]) == 3 and len(good["pit"]) == 10 and sum(good["pit"]) == pytest.approx(1)
    assert set(good["reliability"]) == {"p1", "p25"} and len(form["by_horizon"]) == 12
    table = made.per_cell()
    assert table.height == 144 and set(scores.NAMES) | set(scores.SUMMARIES) < set(table.columns)


def test_reliability_is_of_the_chances_that_were_said(made):
    found = made.reliability("good", "p25")
    assert found.brier == pytest.approx(made.cells["good"]["brier25"].mean())
    assert found.cases.sum() == 72


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(random):
    forecast, actual = grid(UNITS[:3], 2, poisson(3)), came(UNITS[:3], 2, lambda r, i: r.poisson(3 * i))
    order = list(range(6))
    random.shuffle(order)
    turned = Observed(actual.unit[order], actual.month[order], actual.value[order])
    random.shuffle(order)
    one, other = (
        score_forecasts({"f": forecast}, actual),
        score_forecasts({"f": forecast.take(np.array(order))}, turned),
    )
    assert one.to_dict() == other.to_dict()


def test_a_baseline_of_every_unit_and_month_sees_nothing_after_the_origin():
    past = came(["AFG", "PAK", "X"], 30, lambda random, i: 1 + i, first=OCT - 20)
    changed = Observed(past.unit, past.month, np.where(past.month > OCT, 10**6, past.value))
    for name in baselines.NAMES:
        one, other = (baseline_forecast(name, p, OCT, {OCT + 5, OCT + 3}, draws=50) for p in (past, changed))
        assert np.array_equal(one.draws, other.draws) and one.draws.shape == (6, 50)
        assert list(zip(one.unit.tolist(), (one.month - OCT).tolist(), strict=True)) == [
            (u, h) for u in ("AFG", "PAK", "X") for h in (3, 5)
        ]
    assert (baseline_forecast("conflictology12", past, OCT, [OCT + 1]).draws == [[1], [2], [3]]).all()


def test_a_baseline_that_cannot_be_drawn():
    past = came(["a", "b"], 30, lambda *_: 1, first=OCT - 20)
    for name, origin, ahead, said in (
        ("zero", OCT, [OCT], "2020-10 is not after the origin 2020-10"), ("zero", OCT + 99, [OCT + 100], "no month"),
        ("neighbours12", OCT, [OCT + 1], "what they border on"),
    ):  # fmt: skip
        with pytest.raises(ForecastError, match=said):
            baseline_forecast(name, past, origin, ahead)
    with pytest.raises(ValueError, match="no baseline 'prophet'"):
        baseline_forecast("prophet", past, OCT, [OCT + 1])


def same(mine, theirs):
    for name in ("crps", "crps_log", "ign", "mis", "cover90", "cover50"):
        assert mine[name] == pytest.approx(theirs[name], rel=1e-9), name


@pytest.mark.shared
def test_views_files_have_the_scores_of_the_shared_script(shared, script):
    path = shared / "data" / "views_cm_actuals_2018_2021.parquet"
    if not path.is_file():
        pytest.skip("no VIEWS files in the shared folder")
    actual, their_actual = read_panel(path), script.panel(path, {})
    for file in ("views_bm_last_poisson_2018.parquet", "views_pred_15draws_2020.parquet"):
        forecast = script.forecasts(path.parent / file, {})
        mine = score_forecasts({"f": read_forecasts(path.parent / file)}, actual).table()
        same(cell(mine, split="all"), script.cells(*_matched(forecast, their_actual)).mean())


@pytest.mark.shared
def test_what_is_written_here_has_the_same_scores_there(shared, script, tmp_path):
    panel = shared / "data" / "country_month_25_1_to_2022.csv"
    if not panel.is_file():
        pytest.skip("no country-month panel in the shared folder")
    actual, path = read_panel(panel), tmp_path / "f.parquet"
    write_forecasts(baseline_forecast("ewma", actual, OCT, range(OCT + 3, OCT + 15)), path)
    made = score_forecasts({"f": read_forecasts(path)}, actual, history=actual, origin=OCT)
    assert len(made) == 123 * 12 and not len(made.missing["f"])
    theirs = script.cells(*_matched(script.forecasts(path, {}), script.panel(panel, {}))).mean()
    same(cell(made.table(), split="all"), theirs)


def _matched(forecast, actual):
    at = forecast.index.intersection(actual.index)
    return forecast.loc[at].to_numpy(), actual.loc[at].to_numpy()
