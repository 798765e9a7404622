"""The figures of a back-test: ratios and their geometric means by hand, calibration, files."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from spillover.errors import ForecastError
from spillover.forecasting import months, record
from spillover.forecasting.backtest import Window, backtest
from spillover.forecasting.draws import Draws, Observed
from spillover.forecasting.panel import Panel
from spillover.forecasting.record import OURS, Record

START = months.parse("2014-01")


def frame(means):
    """``means``: (origin, forecast, score) → mean; all cells, ten of them."""
    return pl.DataFrame(
        [
            {"origin": o, "first": o, "last": o, "split": "all", "forecast": f, "score": s, "cells": 10, "mean": mean}
            for (o, f, s), mean in means.items()
        ]
    )


def made(means):
    return Record(frame(means), pl.DataFrame())


def panel(units=8, span=60, *, seed=3, neighbours=()):
    random = np.random.default_rng(seed)
    values = np.where(random.random((units, span)) < 0.3, random.poisson(5, (units, span)), 0).astype(float)
    return Panel("other", "deaths", tuple(f"U{i}" for i in range(units)), START, values, np.ones(values.shape, bool),
                 tuple(f"Unit {i}" for i in range(units)), neighbours=neighbours)  # fmt: skip


# -- over windows -----------------------------------------------------------------------------------------------------


def test_the_geometric_mean_and_its_error_by_hand():
    ratios = {"2018-10": 0.8, "2019-10": 0.9, "2020-10": 1.25}
    means = {(o, "conflictology12", "crps"): 4.0 for o in ratios} | {
        (o, OURS, "crps"): 4 * r for o, r in ratios.items()
    }
    (row,) = made(means).geometric().filter(pl.col("forecast") == OURS).to_dicts()
    logs = [math.log(r) for r in ratios.values()]
    assert row["ratio"] == pytest.approx((0.8 * 0.9 * 1.25) ** (1 / 3))
    assert row["error"] == pytest.approx(np.std(logs, ddof=1) / math.sqrt(3))
    assert (row["windows"], row["better"]) == (3, 2)


def test_of_a_single_window_there_is_no_error():
    (row,) = made({("a", OURS, "ign"): 1.0, ("a", "conflictology12", "ign"): 2.0}).geometric().filter(
        pl.col("forecast") == OURS
    ).to_dicts()  # fmt: skip
    assert (row["ratio"], row["error"], row["windows"]) == (0.5, None, 1)


def test_where_the_reference_is_0_or_missing_there_is_no_ratio_and_fewer_windows():
    means = {("a", OURS, "mis"): 3.0, ("a", "conflictology12", "mis"): 0.0, ("b", OURS, "mis"): 3.0,
             ("b", "conflictology12", "mis"): 6.0, ("c", OURS, "mis"): None,
             ("c", "conflictology12", "mis"): None}  # fmt: skip
    of = made(means)
    assert of.ratios().filter(pl.col("forecast") == OURS)["ratio"].to_list() == [None, 0.5, None]
    assert of.geometric().filter(pl.col("forecast") == OURS)["windows"].to_list() == [1]


def test_ratios_to_another_baseline():
    of = made({("a", OURS, "crps"): 3.0, ("a", "conflictology12", "crps"): 4.0, ("a", "ewma", "crps"): 2.0})
    assert of.names == (OURS, "conflictology12", "ewma")
    assert of.geometric("ewma").filter(pl.col("forecast") == OURS)["ratio"].to_list() == [1.5]


def test_coverage_is_the_mean_over_windows_and_pit_over_cells():
    means = {("a", OURS, "cover90"): 0.8, ("b", OURS, "cover90"): 1.0}
    means |= {(o, OURS, score): 0.1 for o in "ab" for score in record.TENTHS}
    of = made(means)
    (row,) = of.coverage().to_dicts()
    assert (row["cover90"], row["lowest"]) == (pytest.approx(0.9), 0.8)
    assert of.pit() == pytest.approx([0.1] * 10)


# -- of windows -------------------------------------------------------------------------------------------------------


def test_a_perfect_forecast_scores_0_and_the_worst_cell_is_named():
    whole = panel()
    origin = START + 47
    at = np.arange(origin + 1, origin + 4)
    came = whole.values[:, at - START]
    unit, month = np.repeat(np.array(whole.units), 3), np.tile(at, len(whole))
    said = np.repeat(came.reshape(-1, 1), 20, axis=1)
    said[4] += 50
    window = Window(origin, Draws(unit, month, said), Observed(unit, month, came.ravel()), {}, None)
    of = record.scored(window, whole)
    worst = of.worst.row(0, named=True)
    assert (worst["unit"], worst["name"], worst["month"]) == ("U1", "Unit 1", months.name(int(at[1])))
    assert (worst["crps"], worst["share"]) == (50.0, 1.0) and of.worst["crps"][1] == 0
    crps = of.means("crps").row(0, named=True)
    assert crps[OURS] == pytest.approx(50 / 24) and crps["zero"] == pytest.approx(came.mean())
    assert "neighbours12" not in crps


def test_windows_together_are_their_rows_and_shares_of_the_whole():
    whole = panel(neighbours=tuple(np.array([(i + 1) % 8]) for i in range(8)))
    origins = [START + 35, START + 41]
    parts = [record.scored(w, whole) for w in backtest(whole, origins, (1, 2, 3), learning=[])]
    of = record.together(parts)
    assert of.origins == tuple(map(months.name, origins)) and "neighbours12" in of.names
    assert of.scores.height == sum(part.scores.height for part in parts)
    assert of.worst["crps"].is_sorted(descending=True) and of.worst.height == 48
    assert of.worst["share"].sum() == pytest.approx(1)
    assert len(of.cells) == 48 and sum(of.pit()) == pytest.approx(1)
    assert of.pit() == pytest.approx(of.cells.pit_shares())


def test_without_a_window_there_is_no_record():
    with pytest.raises(ValueError, match="no window"):
        record.together([])


# -- files ------------------------------------------------------------------------------------------------------------


def test_what_is_written_is_read_and_the_same_bytes_again(tmp_path):
    whole = panel()
    of = record.together(record.scored(w, whole) for w in backtest(whole, [START + 35], (1, 2), learning=[]))
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        record.save(of, tmp_path / folder)
    for name in (record.SCORES, record.WORST):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    again = record.load(tmp_path / "a")
    assert again.scores.equals(of.scores) and again.worst.equals(of.worst) and again.cells is None
    assert again.to_dict() == of.to_dict()


def test_a_folder_without_scores_or_with_damaged_ones_is_an_error(tmp_path):
    with pytest.raises(ForecastError, match="no scores of a back-test"):
        record.load(tmp_path)
    for name in (record.SCORES, record.WORST):
        (tmp_path / name).write_bytes(b"no Parquet")
    with pytest.raises(ForecastError, match="Run the same back-test again"):
        record.load(tmp_path)


def test_every_number_is_ready_for_json():
    import json

    whole = panel()
    form = record.together(
        record.scored(w, whole) for w in backtest(whole, [START + 35], (1, 2), learning=[])
    ).to_dict()
    assert json.loads(json.dumps(form, allow_nan=False)) == form
