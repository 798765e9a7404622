"""The page that ``spillover backtest`` prints: scores by window, means over windows, calibration, the worst cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from spillover.cli.console import printable, put, put_text, table
from spillover.cli.forecast_page import heading, paragraph
from spillover.forecasting import months
from spillover.forecasting.backtest import REFERENCE
from spillover.forecasting.forecast import listed
from spillover.forecasting.panel import KINDS
from spillover.forecasting.record import OURS, SHOWN, SPLITS, Record
from spillover.forecasting.recordwords import SCORE_NAMES, count, quality, ratio
from spillover.spread.tables import counted, rounded

if TYPE_CHECKING:
    from spillover.forecasting.asked import Given

_SPLITS = {
    "all": "all", "active": "active units", "onsets": "onsets", "without_two_largest": "without the two largest"
}  # fmt: skip


def page(made: Record, data: Given, run: str, horizons: Sequence[int], *, wrong: int, apart: str | None = None) -> None:
    """Print a back-test; ``wrong``: how many of the worst cells; ``apart``: an origin that parts the windows."""
    from rich.text import Text

    panel = data.panel
    cells = int(made.scores.filter(split="all").unique("origin")["cells"].sum())
    head = (
        f"Back-test of {panel.target} by {KINDS[panel.kind][0]}: {counted(len(made.origins), 'window')}, horizons "
        f"{listed(horizons)}, {cells:,} cells; the panel has {counted(len(panel), 'unit')}, "
        f"{months.name(panel.start)} to {months.name(panel.end)}"
    )
    put(Text(printable(head), style="bold"))
    for line in quality(made):
        paragraph(line)
    for score in SHOWN:
        _windows(made, score)
    means = made.geometric()
    _over_windows(means, made.names)
    _against_each(made)
    _splits(made, means)
    if apart is not None:
        _apart(made, apart)
    _calibration(made)
    _wrong(made, wrong)
    heading("How this was made")
    paragraph(
        f"Ratios are of mean scores in a window; ± is a standard error, s/√n of the logs over windows. {OURS} is the "
        "pool of members, its weights as shipped, moved by earlier windows that had the same members."
    )
    if short := _short(made, max(horizons)):
        paragraph(short)
    for note in panel.notes:
        paragraph(note)
    put_text("\n" + "".join(f"{printable(line)}\n" for line in data.attribution) + f"Run {run}\n")


def _short(made: Record, furthest: int) -> str:
    """The windows that are not over: they count in every mean over windows as much as whole ones."""
    ends = made.scores.unique("origin").sort("origin").select("origin", "last").iter_rows()
    found = [o for o, last in ends if months.parse(last) < months.parse(o) + furthest]
    return f"Not over, and counted like whole windows: those from {', '.join(found)}." if found else ""


def _windows(made: Record, score: str) -> None:
    """Mean scores of a window, ours with its ratio to the reference."""
    means = made.means(score)
    names = [n for n in made.names if n in means.columns]
    rows = (
        (r["origin"], f"{r['first']} – {r['last']}", *(_number(r[n]) for n in names), _ratio(r[OURS], r.get(REFERENCE)))
        for r in means.iter_rows(named=True)
    )
    _put(f"Mean {SCORE_NAMES[score]} by window", ("origin", "months", *names, "ratio"), rows, left=("origin", "months"))


def _over_windows(means: pl.DataFrame, names: Sequence[str]) -> None:
    found = _found(means.filter(pl.col("split") == "all"), "forecast")
    rows = ((name, *(_mean(found.get((name, s))) for s in SHOWN)) for name in names if name != REFERENCE)
    _put(
        f"Ratio to {REFERENCE}, geometric mean over windows; below 1 is better", ("forecast", *map(_word, SHOWN)), rows
    )


def _against_each(made: Record) -> None:
    rows = []
    for name in made.names:
        if name != OURS:
            every = made.geometric(name).filter((pl.col("forecast") == OURS) & (pl.col("split") == "all"))
            found = _found(every, "forecast")
            rows.append((name, *(_mean(found.get((OURS, s))) for s in SHOWN)))
    _put(f"{OURS} against each baseline, geometric mean over windows", ("baseline", *map(_word, SHOWN)), rows,
         left=("baseline",))  # fmt: skip


def _splits(made: Record, means: pl.DataFrame) -> None:
    found = _found(means.filter(pl.col("forecast") == OURS), "split")
    cells = dict(
        made.scores.filter((pl.col("forecast") == OURS) & (pl.col("score") == "crps"))
        .group_by("split").agg(pl.col("cells").sum()).iter_rows()
    )  # fmt: skip
    held = {(r["split"], r["forecast"]): r["cover90"] for r in made.coverage().iter_rows(named=True)}
    rows = (
        (_SPLITS[s], f"{cells.get(s, 0):,}", *(_mean(found.get((s, score))) for score in SHOWN),
         _percent(held.get((s, OURS))), _percent(held.get((s, REFERENCE))))
        for s in SPLITS
    )  # fmt: skip
    columns = ("cells of", "cells", *map(_word, SHOWN), "90 % held", f"of {REFERENCE}")
    _put(f"{OURS} by kind of cell, ratio to {REFERENCE}", columns, rows, left=("cells of",))
    paragraph(
        "Active: a death or event in the 24 months up to the origin. Onsets: months with one in units that were not "
        "active, chosen by what came, so that misses show and false alarms do not. The two: those that had most."
    )


def _apart(made: Record, origin: str) -> None:
    rows = []
    for part, words in zip(made.parted(origin), (f"to {origin}", f"after {origin}"), strict=True):
        found = _found(part.geometric().filter((pl.col("forecast") == OURS) & (pl.col("split") == "all")), "forecast")
        held = {r["split"]: r["cover90"] for r in part.coverage().filter(pl.col("forecast") == OURS).to_dicts()}
        rows.append((words, len(part.origins), *(_mean(found.get((OURS, s))) for s in SHOWN),
                     _percent(held.get("all")), _percent(held.get("active"))))  # fmt: skip
    columns = ("origins", "windows", *map(_word, SHOWN), "90 % held", "in active units")
    _put(f"{OURS}, windows apart, ratio to {REFERENCE}", columns, rows, left=("origins",))


def _calibration(made: Record) -> None:
    shares = " ".join(f"{share:.0%}" for share in made.pit())
    heading(f"PIT of {OURS} by tenths (10 % each where it is calibrated): {shares}")


def _wrong(made: Record, n: int) -> None:
    rows = (
        (r["unit"], r["name"] if r["name"] != r["unit"] else "", r["month"], r["origin"], count(r["happened"]),
         count(r["median"]), f"{count(r['low90'])} – {count(r['high90'])}", _number(r["crps"]), f"{r['share']:.1%}")
        for r in made.worst.head(n).iter_rows(named=True)
    )  # fmt: skip
    left = ("unit", "name", "month", "origin")
    _put("Where we were most wrong", (*left, "came", "median", "90 %", "CRPS", "of our whole CRPS"), rows, left=left)


def _found(frame: pl.DataFrame, by: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row[by], row["score"]): row for row in frame.iter_rows(named=True)}


def _put(
    title: str, columns: Iterable[str], rows: Iterable[Iterable[Any]], *, left: tuple[str, ...] = ("forecast",)
) -> None:
    names = tuple(columns)
    heading(title)
    put(table(None, names, rows, right=[name for name in names if name not in left]))


def _word(score: str) -> str:
    return SCORE_NAMES[score]


def _mean(row: dict[str, Any] | None) -> str:
    return "–" if row is None else ratio(row["ratio"], row["error"])


def _number(value: float | None) -> str:
    return "–" if value is None else rounded(value)


def _ratio(value: float | None, below: float | None) -> str:
    return "–" if value is None or not below else f"{value / below:.3f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"
