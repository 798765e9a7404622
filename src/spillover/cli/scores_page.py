"""The page that ``spillover scores`` prints: means, ratios, splits, calibration, and where it was most wrong."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from spillover.cli.console import printable, put, put_text, stdout, table
from spillover.forecasting import months
from spillover.forecasting.scoring import SPLITS
from spillover.spread.tables import counted, rounded

if TYPE_CHECKING:
    from spillover.forecasting.scores import Reliability
    from spillover.forecasting.scoring import ScoreTable

_SHOWN = ("crps", "crps_log", "ign", "mis", "cover90", "cover50", "twcrps", "brier1", "brier25")
_RATIOS = ("crps", "crps_log", "ign", "mis", "twcrps", "brier25")
_FEW = ("crps", "crps_log", "ign", "mis", "cover90")
_CHANCES = {"p1": "one death or more", "p25": "25 deaths or more"}
_WIDTH = 100


def page(
    made: ScoreTable, forecast: str, actuals: str, *, by: Literal["unit", "month", "horizon"] | None, wrong: int,
    seed: int,
) -> None:  # fmt: skip
    """Print a table of scores; ``forecast`` and ``actuals``: how the files are called."""
    from rich.text import Text

    first, last = (months.name(int(end)) for end in (made.month.min(), made.month.max()))
    units = counted(len(set(made.unit.tolist())), "unit")
    draws = counted(made.sizes[made.names[0]], "draw")
    head = f"{forecast} against {actuals}: {counted(len(made), 'cell')} ({units}, {first} to {last}), {draws} each"
    put(Text(printable(head), style="bold"))
    means = made.table()
    whole = means.filter(pl.col("split") == "all")
    _put("Mean scores", ("forecast", *_SHOWN), ((r["forecast"], *_numbers(r, _SHOWN)) for r in _rows(whole)))
    if made.baseline is not None:
        _ratios(made, seed)
    _splits(made, means)
    if by is not None:
        part = made.table(by)
        rows = ((r[by], r["forecast"], f"{r['cells']:,}", *_numbers(r, _FEW)) for r in _rows(part))
        _put(f"By {by}", (by, "forecast", "cells", *_FEW), rows, left=(by, "forecast"))
    _calibration(made)
    _wrong(made, wrong)
    put_text("\n")
    for note in made.notes:
        put_text(textwrap.fill(printable(note), min(_WIDTH, stdout().width)) + "\n")


def _ratios(made: ScoreTable, seed: int) -> None:
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in _rows(made.intervals(seed=seed)):
        found.setdefault(row["forecast"], {})[row["score"]] = row
    rows = (
        (name, *(_between(scores[s]["ratio"], scores[s]["ratio_low"], scores[s]["ratio_high"]) for s in _RATIOS))
        for name, scores in found.items()
        if name != made.baseline
    )
    _put(f"Ratio to {made.baseline}, below 1 is better; 90 % intervals over resampled units", ("forecast", *_RATIOS),
         rows)  # fmt: skip


def _splits(made: ScoreTable, means: pl.DataFrame) -> None:
    name = made.names[0]
    ratios = [s for s in ("crps", "crps_log", "ign", "mis") if made.baseline is not None]
    rows = (
        (SPLITS[r["split"]], f"{r['cells']:,}", *_numbers(r, _FEW), *_numbers(r, [f"{s}_ratio" for s in ratios]))
        for r in _rows(means.filter(pl.col("forecast") == name))
    )
    columns = ("cells of", "cells", *_FEW, *(f"{s} ratio" for s in ratios))
    _put(f"{name}, by kind of cell", columns, rows, left=("cells of",))


def _calibration(made: ScoreTable) -> None:
    name = made.names[0]
    for chance, what in _CHANCES.items():
        found = made.reliability(name, chance)
        _put(f"{name}: the chance of {what}, as it was said and as it came; {_parts(found)}",
             ("said", "came", "90 %", "cells"),
             ((f"{said:.0%}", f"{seen:.0%}", f"{low:.0%} – {high:.0%}", f"{n:,}") for said, seen, low, high, n in zip(
                 found.said, found.seen, found.low, found.high, found.cases, strict=True)), left=())  # fmt: skip
    shares = " ".join(f"{share:.0%}" for share in made.pit_shares(name))
    put_text(f"\n{name}, PIT by tenths (10 % each where it is calibrated): {shares}\n")


def _parts(found: Reliability) -> str:
    return (
        f"Brier {found.brier:.4f} = reliability {found.reliability:.4f} − resolution {found.resolution:.4f} "
        f"+ uncertainty {found.uncertainty:.4f} {'−' if found.within < 0 else '+'} within bins {abs(found.within):.4f}"
    )


def _wrong(made: ScoreTable, n: int) -> None:
    found = made.most_wrong(n)
    rows = (
        (r["unit"], r["month"], _count(r["happened"]), _count(r["median"]),
         f"{_count(r['low90'])} – {_count(r['high90'])}", _number(r["crps"]), f"{r['share']:.1%}")
        for r in _rows(found)
    )  # fmt: skip
    columns = ("unit", "month", "came", "median", "90 %", "crps", "of its whole CRPS")
    _put(f"Where {made.names[0]} was most wrong", columns, rows, left=("unit", "month"))


def _put(
    title: str, columns: Iterable[str], rows: Iterable[Iterable[Any]], *, left: tuple[str, ...] = ("forecast",)
) -> None:
    names = tuple(columns)
    put_text(f"\n{printable(title)}\n")
    put(table(None, names, rows, right=[name for name in names if name not in left]))


def _rows(frame: pl.DataFrame) -> Iterable[dict[str, Any]]:
    return frame.iter_rows(named=True)


def _numbers(row: dict[str, Any], names: Iterable[str]) -> list[str]:
    return [_number(row[name]) for name in names]


def _number(value: float | None) -> str:
    return "–" if value is None else rounded(value)


def _count(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) or value >= 100 else f"{value:,.1f}"


def _between(value: float | None, low: float | None, high: float | None) -> str:
    span = "" if low is None or high is None else f" ({low:.2f} – {high:.2f})"
    return "–" if value is None else f"{value:.3f}{span}"
