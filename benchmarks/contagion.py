"""How fast the contagion models are, beside tick, hawkeslib, bstpp and etas where they are installed, all in one run.

    python benchmarks/contagion.py [--bstpp PYTHON] [--seed 1] [--json] [--quick]

Without space (``parts/temporal_speed.py``): 200,000 events × 10 groups, beside tick and hawkeslib. In space and time:
copies of the shared Pakistan file (a made-up world where it is absent), each moved to a place of its own, 40 groups in
all; N = 10,000, 100,000, 350,000 as dense as that file; with the days compressed until 350,000 events make 32 million
pairs; with a third of the copies twelve upon each other, 160 million. Each fit runs in a process of its own
(peak memory is that process's, with all that is imported; compilation is done before the clock starts). ``--bstpp``
names the Python of an environment that has bstpp; etas is on no package index. See docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from parts import temporal_speed
from spillover.case import open_case
from spillover.spread import select
from spillover.spread.contagion.catalogue import Catalogue, catalogue
from spillover.spread.contagion.cells import Cells
from spillover.spread.contagion.fit import Settings, fit
from spillover.spread.contagion.pairs import count_pairs, neighbours
from spillover.spread.contagion.worlds import world

GROUPS, LARGE = 40, 350_000
PAIRS, DENSE_PAIRS = 32e6, 160e6
BARS = {"large": (25.0, 1536.0), "dense": (120.0, 3072.0)}  # seconds, MiB
BSTPP_BAR, BSTPP_EVENTS, BSTPP_STEPS = 100.0, 1_000, 10_000


def pattern() -> tuple[Catalogue, str]:
    """What is copied: the shared Pakistan file, or a made-up world."""
    file = Path(os.environ.get("SPILLOVER_SHARED", Path(__file__).parents[2] / "shared")) / "data" / "ged_pakistan.csv"
    if not file.exists():
        return world(6_000, 0.4, np.random.default_rng(0), years=33)[0], "a made-up world"
    with tempfile.TemporaryDirectory() as folder, open_case(Path(folder) / "case") as case:
        case.add_events(file)
        with case.events() as session:
            return catalogue(select(session)), "ged_pakistan.csv"


def copies(base: Catalogue, events: int, seed: int, *, squeeze: float = 1.0, dense: float = 0.0) -> Catalogue:
    """So many events: copies of a catalogue, 25 degrees apart, each event moved by up to 5 days.

    ``squeeze``: by what the days are divided; ``dense``: share of the copies that lie twelve upon each other.
    """
    rng = np.random.default_rng(seed)
    number = int(np.ceil(events / len(base)))
    upon = int(number * dense)
    days = base.days / squeeze
    columns = []
    for n in range(number):
        spot = n // 12 if n < upon else n
        times = np.clip(base.times(rng) + rng.uniform(-5, 5, len(base)), 0, base.days) / squeeze
        lat = base.lat - base.lat.mean() - 50 + (spot // 14) * 16
        lon = base.lon - base.lon.mean() - 168 + (spot % 14) * 25
        columns.append((times, lat, lon, base.group * 7 + n * 3, base.mark))
    times, lat, lon, group, mark = (np.concatenate(column)[:events] for column in zip(*columns, strict=True))
    names = tuple(f"group {n + 1}" for n in range(GROUPS))
    made = replace(
        base, first=times, last=times, lat=lat, lon=lon, group=group % GROUPS, mark=mark,
        country=np.zeros(events, dtype=np.int64), groups=names, countries=("XXA",), days=days,
    )  # fmt: skip
    return made.at(times)


def number_of_pairs(data: Catalogue) -> int:
    """Pairs that a fit to it looks at."""
    settings = Settings()
    cells, shapes = Cells.of_points(data.lat, data.lon, settings.cell), settings.kernels()
    return int(count_pairs(neighbours(data.first, cells, shapes), cells, shapes).sum())


def one_fit(events: int, seed: int, squeeze: float, dense: float) -> dict[str, Any]:
    """Time and peak memory of a fit, in this process; both ways through the code are compiled before."""
    base, _ = pattern()
    for size in (2_000, 60_000):
        small = copies(base, size, seed)
        fit(small, small.first, replace(Settings(), most=2))
    data = copies(base, events, seed, squeeze=squeeze, dense=dense)
    begun = time.perf_counter()
    fitted = fit(data, data.first, Settings())
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "events": events, "pairs": number_of_pairs(data), "seconds": seconds, "mebibytes": peak,
        "iterations": fitted.iterations, "converged": fitted.converged,
    }  # fmt: skip


def apart(events: int, seed: int, squeeze: float = 1.0, dense: float = 0.0) -> dict[str, Any]:
    """The same in a process of its own."""
    command = [sys.executable, __file__, "--one", json.dumps([events, seed, squeeze, dense])]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def squeezes(base: Catalogue, events: int, seed: int) -> tuple[float, float]:
    """By what days are to be divided for 32 million pairs, and for 160 million with a third twelve times as dense."""
    found = []
    for dense, wanted in ((0.0, PAIRS), (1 / 3, DENSE_PAIRS)):
        low, high = 1.0, 100.0
        for _ in range(9):
            middle = float(np.sqrt(low * high))
            made = number_of_pairs(copies(base, events, seed, squeeze=middle, dense=dense))
            low, high = (middle, high) if made < wanted else (low, middle)
        found.append(high)
    return found[0], found[1]


def beside_bstpp(python: str | None, seed: int) -> dict[str, Any]:
    """Ours and bstpp's on the same 1,000 events in space and time."""
    if python is None:
        return {"none": "no environment with bstpp was named (--bstpp PYTHON)"}
    made, _ = world(BSTPP_EVENTS, 0.4, np.random.default_rng(seed), groups=1, years=3)
    fit(made, made.first, Settings())
    begun = time.perf_counter()
    fit(made, made.first, Settings())
    ours = time.perf_counter() - begun
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        np.savez(file.name, x=(made.lon - 70) * 95, y=(made.lat - 31) * 111, t=made.first)
        script = Path(__file__).parent / "parts" / "bstpp_peer.py"
        done = subprocess.run([python, str(script), file.name, str(BSTPP_STEPS)], capture_output=True, text=True)
    if done.returncode:
        return {"none": (done.stderr.strip().splitlines() or ["it failed"])[-1]}
    theirs = json.loads(done.stdout.strip().splitlines()[-1])
    return {"events": len(made), "seconds": ours, "seconds_bstpp": theirs["seconds"],
            "mebibytes_bstpp": theirs["mebibytes"], "times_faster": theirs["seconds"] / ours}  # fmt: skip


def measured(seed: int, bstpp: str | None, quick: bool) -> dict[str, Any]:
    """All figures of a run."""
    base, source = pattern()
    if quick:
        return {"source": source, "temporal": temporal_speed.measure(True), "growth": [apart(3_000, seed)]}
    plain, dense = squeezes(base, LARGE, seed)
    return {
        "source": source,
        "growth": [apart(n, seed) for n in (10_000, 100_000, LARGE)],
        "large": apart(LARGE, seed, plain),
        "dense": apart(LARGE, seed, dense, 1 / 3),
        "temporal": temporal_speed.measure(False),
        "bstpp": beside_bstpp(bstpp, seed),
    }


def missed_bars(figures: dict[str, Any]) -> list[str]:
    """Which bars do not hold."""
    missed = []
    for name, (seconds, mebibytes) in BARS.items():
        found = figures.get(name)
        if found and (found["seconds"] > seconds or found["mebibytes"] > mebibytes):
            missed.append(f"{name}: {found['seconds']:.1f} s, {found['mebibytes']:.0f} MiB")
    temporal = figures["temporal"]
    for peer in ("tick", "hawkeslib"):
        ratio = temporal[f"ratio_{peer}"]
        if ratio is not None and ratio > temporal[f"bar_{peer}"]:
            missed.append(f"{peer}: {ratio:.3f}")
    if figures.get("bstpp", {}).get("times_faster", BSTPP_BAR) < BSTPP_BAR:
        missed.append(f"bstpp: {figures['bstpp']['times_faster']:.0f} times faster")
    return missed


def show(figures: dict[str, Any]) -> None:
    """The figures for people."""
    named = [(f"{f['events']:,} events, as dense as {figures['source']}", f) for f in figures["growth"]]
    named += [(f"{name}: {figures[name]['events']:,} events", figures[name]) for name in BARS if name in figures]
    for title, f in named:
        print(
            f"{title}: {f['pairs'] / 1e6:.2f} M pairs, {f['seconds']:.2f} s, {f['iterations']} iterations, "
            f"peak {f['mebibytes']:.0f} MiB, {f['seconds'] / f['pairs'] * 1e6:.2f} s a million pairs"
        )
    t = figures["temporal"]
    print(f"without space, {t['events']:,} events × {t['dimensions']}: {t['seconds_free']:.3f} s with the decay free, "
          f"{t['seconds_given']:.3f} s with it given")  # fmt: skip
    for peer in ("tick", "hawkeslib"):
        ratio = t[f"ratio_{peer}"]
        told = t["reasons"].get(peer, "not measured")
        if ratio:
            told = f"{t[f'seconds_{peer}']:.2f} s, ratio {ratio:.3f} (bar {t[f'bar_{peer}']})"
        print(f"  {peer}: {told}")
    if "bstpp" in figures:
        b = figures["bstpp"]
        told = b.get("none") or (
            f"{b['events']:,} events, {b['seconds']:.3f} s against {b['seconds_bstpp']:.1f} s "
            f"({b['mebibytes_bstpp']:.0f} MiB): {b['times_faster']:.0f} times faster"
        )
        print(f"bstpp: {told}\netas: on no package index, not measured")


def main() -> int:
    """Show the figures; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bstpp", metavar="PYTHON", help="the Python of an environment that has bstpp")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it runs")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(one_fit(*json.loads(given.one))))
        return 0
    figures = measured(given.seed, given.bstpp, given.quick)
    missed = [] if given.quick else missed_bars(figures)
    if given.json:
        print(json.dumps(figures | {"missed": missed}))
    else:
        show(figures)
        print("bars missed: " + "; ".join(missed) if missed else "all bars held")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
