"""How good and how fast forecasts are, on the shared country-month panel (a made-up one where it is absent).

    python benchmarks/forecasting.py [--accuracy] [--seed 1] [--json] [--quick]

Speed, each in a process of its own (peak memory is that process's, imports included): the whole back-test (windows
2014-2022 and the four before them that weights are learnt on), one fresh forecast of twelve months for all countries,
and made-up months of 13,000 cells of PRIO-GRID with their neighbours; beside a floor in the same process, drawing and
scoring conflictology 12 on the same cells. ``--accuracy``: what each member and each group of features adds, over
windows to 2017 and after, as ratios to conflictology 12 with their standard errors. See docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from spillover.forecasting import baselines, months, newyear, scores, weights
from spillover.forecasting.backtest import REFERENCE, backtest, origins, outcome
from spillover.forecasting.forecast import forecast, made_of
from spillover.forecasting.panel import Panel
from spillover.forecasting.panels import from_file, grid
from spillover.forecasting.pool import pool

YEARS, EARLIER, CHOSEN_TO = range(2014, 2023), range(2010, 2014), 2017
HORIZONS = range(3, 15)
CELLS = 13_000
BARS = {"backtest": (420.0, 3072.0), "fresh": (30.0, 3072.0), "grid": (180.0, 4096.0)}  # seconds, MiB
SCORES: dict[str, Callable[..., Any]] = {
    "CRPS": scores.crps, "log-CRPS": scores.crps_log, "IGN": scores.ign, "MIS": scores.mis,
}  # fmt: skip


def country_months(quick: bool) -> tuple[Panel, str]:
    """The shared panel, or a made-up one of its size."""
    file = Path(os.environ.get("SPILLOVER_SHARED", Path(__file__).parents[2] / "shared")) / "data"
    file /= "country_month_25_1_to_2022.csv"
    if file.exists() and not quick:
        return from_file(file), file.name
    return made_up(25 if quick else 123, 408, 0.5), "a made-up panel"


def made_up(units: int, n: int, busy: float, seed: int = 0) -> Panel:
    """Units whose level wanders, some of them never above nothing; the last month is 2022-12."""
    random = np.random.default_rng(seed)
    walk = np.cumsum(random.normal(0, 0.3, (units, n)), axis=1)
    walk += np.where(random.random(units) < busy, 1.0, -8.0)[:, None]
    values = random.poisson(np.exp(np.clip(walk, -8, 6)) * random.gamma(0.7, 1 / 0.7, (units, n))).astype(float)
    names = tuple(f"U{i:05d}" for i in range(units))
    start = months.parse("2022-12") - n + 1
    return Panel("other", "deaths", names, start, values, np.ones(values.shape, bool), names)


def gridded(count: int) -> Panel:
    """Made-up months of as many cells of PRIO-GRID, with their neighbours."""
    cells = grid.land(None)[:count]
    made = made_up(count, 400, 0.05)
    return replace(made, kind="priogrid", units=tuple(map(str, cells)), neighbours=grid.neighbours(cells))


def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(what: str, quick: bool, seed: int) -> dict[str, Any]:
    """Seconds and MiB of one piece of work, in this process; ``floor``: seconds for conflictology on the same cells."""
    if what == "grid":
        panel, source = gridded(500 if quick else CELLS), "a made-up grid"
    else:
        panel, source = country_months(quick)
    years = YEARS[-2:] if quick else YEARS
    at = origins(years) if what == "backtest" else (panel.end,)
    ahead = HORIZONS if what == "backtest" else range(1, 13)

    def work() -> None:
        if what == "backtest":
            list(backtest(panel, at, ahead, seed=seed))
        else:
            forecast(panel, panel.end, ahead, seed=seed)

    def floor() -> None:
        for origin in at:
            seen = panel.until(origin)
            drawn = baselines.draw(REFERENCE, seen.values, ahead).reshape(-1, 1000)
            scores.crps(drawn, np.zeros(len(drawn)))

    forecast(made_up(20, 120, 0.8), months.parse("2022-12"), [1])  # compiled before the clock starts
    took = timed(work)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"what": what, "source": source, "units": len(panel), "seconds": took, "MiB": peak, "floor": timed(floor)}


def apart(what: str, quick: bool, seed: int) -> dict[str, Any]:
    """:func:`measure` in a process of its own."""
    command = [sys.executable, __file__, "--measure", what, "--seed", str(seed), *(["--quick"] if quick else [])]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def accuracy(seed: int, quick: bool) -> list[dict[str, Any]]:
    """Ratios to conflictology 12 of pools with more and fewer parts, window by window."""
    panel, source = country_months(quick)
    print(f"accuracy on {source}", file=sys.stderr)
    rows = []
    for name, given in {"whole": panel, "without types and civilians": replace(panel, parts={})}.items():
        rows += windows(given, name, seed, members_too=name == "whole")
    others, same = newyear.OTHERS, newyear.SAME
    newyear.OTHERS = newyear.SAME = 1.0
    rows += windows(panel, "Januaries weighted like other months", seed, members_too=False)
    newyear.OTHERS, newyear.SAME = others, same
    return rows


def windows(panel: Panel, name: str, seed: int, *, members_too: bool) -> list[dict[str, Any]]:
    rows, marks = [], []
    for year in (*EARLIER, *YEARS):
        origin = origins([year])[0]
        made, seen, each = made_of(panel, origin, HORIZONS, marks=marks, draws=1000, seed=seed, workers=None)
        came = outcome(panel, made)
        drawn = baselines.draw(REFERENCE, seen.values, HORIZONS)
        reference = {s: score(drawn.reshape(-1, 1000), came.ravel()) for s, score in SCORES.items()}
        three = np.stack([reference[s] for s in ("CRPS", "log-CRPS", "IGN")], axis=1).reshape(*came.shape, 3)
        levels, past = weights.levels(seen), [k for m in marks if (k := m.until(origin))]
        marks.append(weights.marks_of(each, weights.bands(seen), np.array(made.months), came, three))
        if year not in YEARS:
            continue
        pools = {name: made.draws}
        if members_too:
            prior = weights.prior(tuple(each))
            pools["weights as chosen, none learnt"] = pool(each, prior.of(levels), seen.values)
            pools["equal weights"] = pool(each, np.full((len(seen), len(each)), 1 / len(each)), seen.values)
            for left in groups(tuple(each)):
                rest = {m: v for m, v in each.items() if m not in left}
                chosen = weights.learnt(tuple(rest), [only(m, tuple(rest)) for m in past])
                pools[f"without {', '.join(left)}"] = pool(rest, chosen.of(levels), seen.values)
        for label, draws in pools.items():
            found = {s: score(draws.reshape(-1, 1000), came.ravel()).mean() for s, score in SCORES.items()}
            rows.append({"pool": label, "year": year} | {s: found[s] / reference[s].mean() for s in SCORES})
    return rows


def groups(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """What is left out, kind by kind."""
    kinds = dict.fromkeys(name.rsplit(" ", 1)[0] for name in names)
    return [tuple(n for n in names if n.startswith(kind)) for kind in kinds]


def only(marks: weights.Marks, names: tuple[str, ...]) -> weights.Marks:
    """Marks of some of the members."""
    at = [list(marks.members).index(name) for name in names]
    pair = np.ix_(at, at)
    return replace(
        marks, members=marks.members[at], distance=marks.distance[..., at], log_distance=marks.log_distance[..., at],
        apart=marks.apart[..., pair[0], pair[1]], log_apart=marks.log_apart[..., pair[0], pair[1]],
        chance=marks.chance[:, at],
    )  # fmt: skip


def show(rows: list[dict[str, Any]]) -> None:
    for title, years in (
        (f"to {CHOSEN_TO}", range(2014, CHOSEN_TO + 1)),
        ("after", range(CHOSEN_TO + 1, 2023)),
        ("all", YEARS),
    ):
        print(
            f"\nwindows {title} ({years[0]}-{years[-1]}): geometric mean of the ratios to {REFERENCE} ± standard error"
        )
        for name in dict.fromkeys(row["pool"] for row in rows):
            cells = []
            for score in SCORES:
                logs = np.log([row[score] for row in rows if row["pool"] == name and row["year"] in years])
                ratio = np.exp(logs.mean())
                cells.append(f"{score} {ratio:.3f} ± {ratio * logs.std(ddof=1) / len(logs) ** 0.5:.3f}")
            print(f"  {name:48s} {'  '.join(cells)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accuracy", action="store_true", help="what each part adds (minutes)")
    parser.add_argument("--measure", choices=list(BARS), help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="small made-up panels: does it run?")
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(measure(asked.measure, asked.quick, asked.seed)))
        return
    if asked.accuracy:
        rows = accuracy(asked.seed, asked.quick)
        print(json.dumps(rows)) if asked.json else show(rows)
        return
    found = [apart(what, asked.quick, asked.seed) for what in BARS]
    if asked.json:
        print(json.dumps(found))
        return
    for row in found:
        seconds, most = BARS[row["what"]]
        print(
            f"{row['what']}: {row['source']}, {row['units']:,} units: {row['seconds']:.1f} s (at most {seconds:.0f}), "
            f"{row['MiB']:,.0f} MiB (at most {most:,.0f}), {row['seconds'] / row['floor']:.1f} × the floor "
            f"({row['floor']:.2f} s)"
        )


if __name__ == "__main__":
    main()
