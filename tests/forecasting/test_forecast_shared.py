"""Forecasts of real months, scored by the shared script beside its own baselines."""

import numpy as np
import pandas as pd
import pytest

from spillover.forecasting import months
from spillover.forecasting.backtest import backtest, origins
from spillover.forecasting.forecast import forecast
from spillover.forecasting.panels import from_file

pytestmark = [pytest.mark.shared, pytest.mark.slow]
FILE = "country_month_25_1_to_2022.csv"


def framed(drawn):
    at = pd.MultiIndex.from_arrays([drawn.unit, [months.name(int(m)) for m in drawn.month]], names=["unit", "month"])
    return pd.DataFrame(drawn.draws.astype(float), index=at)


def test_a_window_is_better_than_conflictology_by_the_shared_script(shared, script):
    """One window: a bound that luck does not cross. All nine are in docs/forecasting.md."""
    panel = from_file(shared / "data" / FILE)
    (window,) = backtest(panel, origins([2016]), learning=())
    actual = script.panel(shared / "data" / FILE, {})
    ours = script.summary(framed(window.forecast), actual)
    base = script.summary(script.baseline("conflictology12", actual, "2015-10", range(3, 15)), actual)
    assert ours["cells"] == base["cells"] == 123 * 12
    assert ours["crps"] < base["crps"] and ours["mis"] < base["mis"]
    assert ours["crps_log"] < 0.97 * base["crps_log"] and ours["ign"] < 0.8 * base["ign"]
    assert 0.85 < ours["cover90"] <= 1


def test_a_forecast_is_the_same_whether_or_not_the_file_goes_on(shared, tmp_path):
    origin = months.parse("2012-10")
    table = pd.read_csv(shared / "data" / FILE)
    wars = table[table.country_iso3.isin(["AFG", "IRQ", "SYR", "MLI", "CAF", "PAK", "MMR", "COL", "SOM", "YEM", "USA"])]
    later = wars.year_month > "2012-10"
    wars.to_csv(tmp_path / "whole.csv", index=False)
    wars[~later].to_csv(tmp_path / "cut.csv", index=False)
    made_up = wars.copy()
    made_up.loc[later, "ucdp_fatalities_best"] = -7
    made_up.to_csv(tmp_path / "wrong.csv", index=False)
    whole, cut, wrong = (
        forecast(from_file(tmp_path / f"{name}.csv", until=origin), origin, [3, 14])
        for name in ("whole", "cut", "wrong")
    )
    assert len(whole.weights.members) == 8
    assert np.array_equal(whole.draws, cut.draws) and np.array_equal(whole.draws, wrong.draws)
    asked = forecast(from_file(tmp_path / "whole.csv"), origin, [3, 14])
    assert np.array_equal(asked.draws, whole.draws)
