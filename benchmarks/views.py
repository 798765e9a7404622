"""Our forecasts beside those of the VIEWS 2023/24 challenge, on its outcomes: state-based deaths by country and month.

    python benchmarks/views.py [--json] [--quick]

Windows 2018-2021, origin October of the year before, horizons 3-14; shared files only (with --quick, or where they are
absent, nothing is measured and it says so). Our target is made as near to theirs as these files allow: months to 2017
are all deaths of the country-month panel times the share of state-based deaths in that country and year (of the year
before for the year that the origin lies in), later months the challenge's own outcomes up to the origin. Theirs counts
an event in the month it ends, ours of before 2018 in the month it begins. See docs/forecasting.md.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from spillover.forecasting.backtest import origins
from spillover.forecasting.draws import Draws, Observed
from spillover.forecasting.files import read_forecasts, read_panel
from spillover.forecasting.forecast import forecast
from spillover.forecasting.panel import Panel
from spillover.forecasting.panels import from_file
from spillover.forecasting.scoring import baseline_forecast, score_forecasts
from spillover.forecasting.views import read_country_ids
from spillover.records.countries import gleditsch_ward

DATA = Path(os.environ.get("SPILLOVER_SHARED", Path(__file__).parents[2] / "shared")) / "data"
YEARS = range(2018, 2022)
THEIRS = {
    "VIEWS last, Poisson": "views_bm_last_poisson_{}.parquet",
    "VIEWS bootstrap": "views_bm_bootstrap_{}.parquet",
    "Pace, 15 draws": "views_pred_15draws_{}.parquet",
}
SCORES = ("crps", "crps_log", "ign", "mis", "cover90")


def state_based(actuals: Observed, origin: int) -> Panel:
    """State-based deaths by country and month up to an origin, for every country of the challenge."""
    every = from_file(DATA / "country_month_25_1_to_2022.csv", until=origin)
    last = origin // 12 - 1
    shares = share_of_state_based(last)
    units = actuals.units
    values = np.zeros((len(units), origin - every.start + 1))
    row = {unit: i for i, unit in enumerate(every.units)}
    for i, unit in enumerate(units):
        if unit in row:
            years = np.minimum((every.start + np.arange(values.shape[1])) // 12, last)
            values[i] = every.values[row[unit]] * np.array([shares.get((unit, int(year)), 1.0) for year in years])
    known = actuals.select(window=(actuals.window[0], origin)) if origin >= actuals.window[0] else None
    if known is not None:
        where = {unit: i for i, unit in enumerate(units)}
        values[[where[unit] for unit in known.unit.tolist()], known.month - every.start] = known.value
    values = np.round(values)
    return Panel("country", "deaths", units, every.start, values, np.ones(values.shape, bool), units)


def share_of_state_based(last: int) -> Mapping[tuple[str, int], float]:
    """Of all deaths, by ISO3 and year to the last."""
    iso3 = {country.gw: country.iso3 for country in gleditsch_ward()}
    kinds = [f"{kind}_total_deaths_best_cy" for kind in ("sb", "ns", "os")]
    table = pl.read_csv(DATA / "country_year_25_1.csv", columns=["country_id_cy", "year_cy", *kinds])
    found = {}
    for gw, year, *deaths in table.iter_rows():
        if year <= last and sum(deaths) and gw in iso3:
            found[iso3[gw], year] = deaths[0] / sum(deaths)
    return found


def window(year: int, actuals: Observed, names: Mapping[str, str]) -> list[dict[str, object]]:
    """A row a forecast: its scores, and their ratios to conflictology 12."""
    origin = origins([year])[0]
    ahead = range(3, 15)
    panel = state_based(actuals, origin)
    n = panel.values.shape[1]
    past = Observed(
        np.repeat(np.array(panel.units), n), np.tile(panel.start + np.arange(n), len(panel)), panel.values.ravel()
    )
    target = [origin + h for h in ahead]
    told: dict[str, Draws] = {"Spillover": forecast(panel, origin, ahead).to_draws()}
    told |= {name: baseline_forecast(name, past, origin, target) for name in ("conflictology12", "ewma", "zero")}
    for name, file in THEIRS.items():
        if (path := DATA / file.format(year)).exists():
            told[name] = read_forecasts(path).renamed(names)
    table = score_forecasts(told, actuals, baseline="conflictology12", window=(target[0], target[-1]))
    rows = []
    base = {score: float(table.cells["conflictology12"][score].mean()) for score in SCORES}
    for name in told:
        means = {score: float(table.cells[name][score].mean()) for score in SCORES}
        rows.append({"year": year, "forecast": name, "cells": len(table.unit), **means}
                    | {f"{score} ratio": means[score] / base[score] for score in SCORES[:4]})  # fmt: skip
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="measure nothing")
    asked = parser.parse_args()
    file = DATA / "views_cm_actuals_2018_2021.parquet"
    if asked.quick or not file.exists():
        print("nothing measured: it needs the shared files" + (", and --quick leaves it out" if asked.quick else ""))
        return
    ids = read_country_ids(DATA / "views_country_list.csv")
    raw = read_panel(file)
    actuals = replace(raw.renamed(ids.iso3), kind="country")
    rows = [row for year in YEARS for row in window(year, actuals, ids.iso3)]
    if asked.json:
        print(json.dumps(rows))
        return
    print(f"{'':22s} {'window':>6s} {'CRPS':>8s} {'log-CRPS':>8s} {'IGN':>6s} {'MIS':>8s} {'cover':>6s}  ratios")
    for row in rows:
        ratios = " ".join(f"{row[f'{score} ratio']:.3f}" for score in SCORES[:4])
        print(
            f"{row['forecast']:22s} {row['year']:6d} {row['crps']:8.3f} {row['crps_log']:8.4f} {row['ign']:6.3f} "
            f"{row['mis']:8.1f} {row['cover90']:6.3f}  {ratios}"
        )
    mean = {
        s: np.exp(np.mean([np.log(r[f"{s} ratio"]) for r in rows if r["forecast"] == "Spillover"])) for s in SCORES[:4]
    }
    print(
        "Spillover, geometric mean of the ratios to conflictology 12:", {s: round(float(v), 3) for s, v in mean.items()}
    )


if __name__ == "__main__":
    main()
