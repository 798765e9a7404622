"""How good forecasts of PRIO-GRID cells are, on the shared events of Pakistan, Myanmar and Central Africa.

    python benchmarks/cells.py [--hindsight] [--years 2010-2023] [--json] [--quick]

Deaths a month, every event where its file puts it (``SIMPLE``); windows from October of the year before, horizons 3-14,
weights learnt on the two windows before; ratios to conflictology 12 and to neighbours 12 on 1,000 draws, with geometric
means over the windows to 2017, on which members and weights of cells were chosen, and after. ``--hindsight`` adds what
the same forecasts would score if the chance of anything had been set right afterwards, by the window's own outcome: a
logistic regression of what came on the log-odds that had been given, which no forecast could have known. Shared files
only (with --quick a made-up grid: does it run?). See docs/forecasting.md.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from spillover.case import open_case
from spillover.forecasting import baselines, months, scores
from spillover.forecasting.backtest import backtest, origins
from spillover.forecasting.onset.logistic import fit
from spillover.forecasting.panel import Panel
from spillover.forecasting.panels import SIMPLE, from_events, grid

DATA = Path(os.environ.get("SPILLOVER_SHARED", Path(__file__).parents[2] / "shared")) / "data"
FILES = {"Pakistan": "ged_pakistan.csv", "Myanmar": "ged_myanmar.csv", "Central African Republic": "ged_car.geojson"}
BEFORE, CHOSEN_TO = ("conflictology12", "neighbours12"), 2017
SCORES = {"CRPS": scores.crps, "log-CRPS": scores.crps_log, "IGN": scores.ign, "MIS": scores.mis}


def panels(quick: bool) -> Iterator[tuple[str, Panel]]:
    """A panel a country; made up, of 30 cells, where the shared files are absent."""
    if quick or not DATA.exists():
        print("a made-up grid" + ("" if quick else ": the shared files are absent"), file=sys.stderr)
        yield "made up", made_up()
        return
    for name, file in FILES.items():
        with tempfile.TemporaryDirectory() as folder, open_case(Path(folder) / "case") as case:
            case.add_events(DATA / file)
            with case.events() as session:
                yield name, from_events(session, kind="priogrid", target="deaths", rules=SIMPLE)


def made_up() -> Panel:
    """Cells whose rates differ and stay; the last month is 2021-12."""
    random = np.random.default_rng(0)
    cells = sorted(grid.land(["TLS", "BTN", "RWA", "BDI"]))
    rates = random.gamma(0.2, 2.0, len(cells))[:, None]
    values = random.poisson(np.broadcast_to(rates, (len(cells), 200))).astype(float)
    start = months.parse("2021-12") - 199
    return Panel(
        "priogrid", "deaths", tuple(map(str, cells)), start, values, np.ones(values.shape, bool),
        neighbours=grid.neighbours(cells),
    )  # fmt: skip


def windows(name: str, panel: Panel, years: list[int], hindsight: bool) -> Iterator[dict[str, Any]]:
    """A row a window: ratios of the mean scores to both baselines, cells, and cells with a death."""
    learning = origins([min(years) - 2, min(years) - 1])
    for window in backtest(panel, origins(years), learning=learning):
        seen, came = panel.until(window.origin), window.actual.value
        ahead = [month - window.origin for month in sorted(set(window.forecast.month.tolist()))]
        told = {"": window.forecast.draws.astype(float)}
        if hindsight:
            told["hindsight "] = set_right(told[""], came)
        row = {"place": name, "year": years[0] + (window.origin - origins(years)[0]) // 12, "cells": came.size,
               "with deaths": int((came > 0).sum()), "expected": float((told[""] > 0).mean(axis=1).sum())}  # fmt: skip
        for baseline in BEFORE:
            drawn = baselines.draw(baseline, seen.values, ahead, neighbours=seen.neighbours).reshape(-1, 1000)
            base = {score: of(drawn, came).mean() for score, of in SCORES.items()}
            for which, draws in told.items():
                for score, of in SCORES.items():
                    row[f"{which}{score} to {baseline}"] = float(of(draws, came).mean() / base[score])
        yield row


def set_right(draws: NDArray[np.float64], came: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same draws, with the chance of anything as a regression on what came would have it: level and slope."""
    count = draws.shape[1]
    chance = np.clip((draws > 0).mean(axis=1), 0.5 / count, 1 - 0.5 / count)
    given = logit(chance)[:, None]
    after = fit(given, (came > 0).astype(float), np.ones(len(came)), ridge=1e-3, chance=0.5, hold=1e-3).chance(given)
    out = np.zeros_like(draws)
    for row, (old, new) in enumerate(zip(draws, after, strict=True)):
        some, wanted = old[old > 0], round(new * count)
        if wanted:
            some = some if some.size else np.ones(1)
            out[row, count - wanted :] = some[((np.arange(wanted) + 0.5) / wanted * some.size).astype(int)]
    return out


def show(rows: list[dict[str, Any]]) -> None:
    """Geometric means by place, to the years that were chosen on and after."""
    told = ("", "hindsight ") if any(key.startswith("hindsight") for key in rows[0]) else ("",)
    print("".ljust(58) + "".join(f"{score:>10s}" for score in SCORES))
    for place in dict.fromkeys(row["place"] for row in rows):
        for words, inside in (
            (f"to {CHOSEN_TO}", lambda year: year <= CHOSEN_TO),
            (f"after {CHOSEN_TO}", lambda year: year > CHOSEN_TO),
            ("all", lambda year: True),
        ):
            kept = [row for row in rows if row["place"] == place and inside(row["year"])]
            for which, baseline in ((which, baseline) for baseline in BEFORE for which in told if kept):
                label = f"{place}, {words} ({len(kept)}), {which}to {baseline}"
                logs = {score: [np.log(row[f"{which}{score} to {baseline}"]) for row in kept] for score in SCORES}
                print(label.ljust(58) + "".join(f"{np.exp(np.mean(found)):10.3f}" for found in logs.values()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hindsight", action="store_true", help="beside it, chances set right afterwards")
    parser.add_argument("--years", default="2010-2023", help="windows, as far as the events go")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a small made-up grid: does it run?")
    asked = parser.parse_args()
    first, last = (int(year) for year in asked.years.split("-"))
    rows = []
    for name, panel in panels(asked.quick):
        last_whole = min(last, (panel.end + 1) // 12 - 1)
        years = list(range(max(first, last_whole - 1) if asked.quick else first, last_whole + 1))
        for row in windows(name, panel, years, asked.hindsight):
            print(f"{name} {row['year']}", file=sys.stderr)
            rows.append(row)
    print(json.dumps(rows)) if asked.json else show(rows)


if __name__ == "__main__":
    main()
