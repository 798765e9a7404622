"""Does the contagion model find what is there, and nothing where nothing is? Made-up worlds; placebos of real files.

    python benchmarks/recovery.py [--worlds 50,50,10] [--events 4000,8000,20000] [--seed 1] [--json] [--quick]

Worlds (``spread/contagion/worlds.py``) have five groups and a spectral radius drawn between .3 and .9. Each is fitted
and calibrated with the defaults; shown are the median relative error of the corrected spectral radius and offspring per
event, the bias before and after, and how often the 90 % interval holds the truth. Worlds that drift without triggering
should show none. Placebos are those of the shared event files, where they are there. See docs/contagion.md.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from spillover.case import open_case
from spillover.spread import select
from spillover.spread.contagion import Contagion, Effort
from spillover.spread.contagion.catalogue import catalogue
from spillover.spread.contagion.fit import Settings, fit
from spillover.spread.contagion.placebos import KINDS, placebo
from spillover.spread.contagion.worlds import drifting, world

ERROR_BAR, COVER_BAR, PLACEBO_BAR, DITHER_BAR = 0.05, 0.80, 0.05, 0.10
FILES = {"Pakistan": "ged_pakistan.csv", "Central African Republic": "ged_car.geojson", "Myanmar": "ged_myanmar.csv",
         "Bangladesh": "ged_bangladesh_19_1.csv"}  # fmt: skip
ONLY_FIT = Effort(jitters=1, placebos=0, bandwidths=0, held_out=False)


def recovered(events: int, worlds: int, seed: int, effort: Effort = ONLY_FIT) -> dict[str, Any]:
    """Errors and coverage over so many worlds."""
    rows = []
    for n in range(worlds):
        rng = np.random.default_rng([seed, events, n])
        made, truth = world(events, rng.uniform(0.3, 0.9), rng)
        model = Contagion(effort=effort, seed=n).fit(made)
        for found, true in ((model.radius, truth.radius), (model.offspring, truth.offspring)):
            rows.append((found.raw / true - 1, found.value / true - 1, found.low <= true <= found.high))
    table = np.array(rows, dtype=float).reshape(worlds, 2, 3)
    return {
        "events": events, "worlds": worlds,
        **{
            name: {
                "median_error": float(np.median(np.abs(table[:, k, 1]))), "raw_bias": float(table[:, k, 0].mean()),
                "bias": float(table[:, k, 1].mean()), "covered": float(table[:, k, 2].mean()),
            }
            for k, name in enumerate(("radius", "offspring"))
        },
    }  # fmt: skip


def drifts(events: int, worlds: int, seed: int) -> dict[str, float]:
    """Mean offspring per event found where there is none."""
    return {
        drift: float(np.mean([
            fit(made, made.first, Settings()).offspring_per_event
            for made in (drifting(events, drift, np.random.default_rng([seed, n])) for n in range(worlds))
        ]))
        for drift in ("flat", "linear", "step", "tripling")
    }  # fmt: skip


def placebos(shared: Path, repeats: int, seed: int) -> dict[str, dict[str, Any]]:
    """Offspring per event in the placebos of the files that are there."""
    found = {}
    for name, file in FILES.items():
        if not (shared / "data" / file).exists():
            continue
        with tempfile.TemporaryDirectory() as folder, open_case(Path(folder) / "case") as case:
            case.add_events(shared / "data" / file)
            with case.events() as session:
                data = catalogue(select(session))
        settings, rng = Settings(), np.random.default_rng(seed)
        offspring = partial(_offspring, settings)
        found[name] = {
            "events": len(data), "as fitted": offspring(data.at(data.times(rng))),
            **{kind: [offspring(placebo(data, kind, settings.bandwidth, rng)) for _ in range(repeats)]
               for kind in KINDS},
        }  # fmt: skip
    return found


def _offspring(settings: Settings, data: Any) -> float:
    return fit(data, data.first, settings).offspring_per_event


def main() -> int:
    """Show the figures; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", default="50,50,10", help="how many of each size")
    parser.add_argument("--events", default="4000,8000,20000", help="their sizes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="two small worlds, to see that it runs")
    given = parser.parse_args()
    sizes = [int(n) for n in given.events.split(",")]
    numbers = [int(n) for n in given.worlds.split(",")]
    effort = ONLY_FIT
    if given.quick:
        sizes, numbers = [1500], [2]
        effort = Effort(jitters=1, rounds=(4, 6), placebos=0, bandwidths=0, held_out=False)
    shared = Path(os.environ.get("SPILLOVER_SHARED", Path(__file__).parents[2] / "shared"))
    figures: dict[str, Any] = {"recovery": []}
    missed = []
    for size, number in zip(sizes, numbers, strict=True):
        found = recovered(size, number, given.seed, effort)
        figures["recovery"].append(found)
        if not given.json:
            for name in ("radius", "offspring"):
                f = found[name]
                print(
                    f"{size:6,} events, {number} worlds, {name:9}: median error {f['median_error']:.3f}, bias "
                    f"{f['raw_bias']:+.3f} raw, {f['bias']:+.3f} corrected, 90 % interval covers {f['covered']:.2f}",
                    flush=True,
                )
        for name in ("radius", "offspring"):
            bad = found[name]["median_error"] > ERROR_BAR or (size < 10_000 and found[name]["covered"] < COVER_BAR)
            if bad and not given.quick:
                missed.append(f"{size:,} events: {name}")
    figures["drift"] = drifts(2000 if given.quick else 6000, 1 if given.quick else 10, given.seed)
    missed += [f"drift: {kind}" for kind, value in figures["drift"].items() if value > PLACEBO_BAR]
    figures["placebos"] = {} if given.quick else placebos(shared, 20, given.seed)
    for name, found in figures["placebos"].items():
        for kind in KINDS:
            bar = DITHER_BAR if kind == "dithered" else PLACEBO_BAR
            if float(np.mean(found[kind])) > bar:
                missed.append(f"{name}: {kind}")
    if given.json:
        print(json.dumps(figures | {"missed": missed}))
    else:
        print("no triggering, drift:", ", ".join(f"{k} {v:.3f}" for k, v in figures["drift"].items()))
        for name, found in figures["placebos"].items():
            shown = ", ".join(f"{k} {np.mean(found[k]):.3f} (at most {max(found[k]):.3f})" for k in KINDS)
            print(f"{name}, {found['events']:,} events, as fitted {found['as fitted']:.3f}; {shown}")
        print("bars missed: " + "; ".join(missed) if missed else "all bars held")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
