"""Figures in files: PNG and SVG of each that can be drawn, and their captions. The same figures give the same bytes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from spillover.files import write_atomic
from spillover.forecasting.draws import Draws, Observed
from spillover.forecasting.panel import Panel
from spillover.forecasting.plots.calibration import pit, reliability
from spillover.forecasting.plots.common import caption_of, usable
from spillover.forecasting.plots.fans import fan
from spillover.forecasting.plots.maps import Points, risk_map, unplaced
from spillover.forecasting.plots.windows import over_time
from spillover.forecasting.scoring import ScoreTable
from spillover.runs import digest
from spillover.spread.saving import usable_folder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CAPTIONS = "captions.json"
_DPI = 150


def save_plots(
    folder: Path,
    *,
    panel: Panel | None = None,
    forecast: Draws | None = None,
    table: ScoreTable | None = None,
    windows: pl.DataFrame | None = None,
    origin: int | None = None,
    actuals: Observed | None = None,
    points: Points | None = None,
    baseline: str = "conflictology12",
    sources: Sequence[str] = (),
) -> dict[str, str]:
    """Write the figures of what is given; file → SHA-256, with ``captions.json``: the caption by the figure's name.

    ``fan`` and ``risk_map`` need a panel and a forecast, the map also units of which it is known where they are;
    ``pit`` and ``reliability`` a table of scores; ``over_time`` the scores by window, with their ``baseline``. Files
    of these names that are there are replaced, others are left. All are drawn before the first is written.

    :class:`~spillover.errors.ForecastError` where matplotlib is not installed or a figure cannot be drawn,
    :class:`~spillover.errors.CaseError` where the folder cannot be written.
    """
    usable()
    usable_folder(folder)
    made: dict[str, Callable[[], Figure]] = {}
    if panel is not None and forecast is not None:
        made["fan"] = lambda: fan(panel, forecast, origin=origin, actuals=actuals, sources=sources)
        if unplaced(panel, forecast.units, points) is None:
            made["risk_map"] = lambda: risk_map(panel, forecast, points=points, sources=sources)
    if table is not None:
        made["pit"] = lambda: pit(table, sources=sources)
        made["reliability"] = lambda: reliability(table, sources=sources)
    if windows is not None:
        made["over_time"] = lambda: over_time(windows, baseline=baseline, sources=sources)
    files: dict[str, bytes] = {}
    captions: dict[str, str] = {}
    for name, draw in made.items():
        drawn = draw()
        captions[name] = caption_of(drawn)
        files |= {f"{name}.{form}": rendered(drawn, form) for form in ("png", "svg")}
    files[CAPTIONS] = (json.dumps(captions, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    for file, data in files.items():
        write_atomic(folder / file, data, durable=False)
    return {file: digest(data) for file, data in files.items()}


def rendered(made: Figure, form: str) -> bytes:
    """The bytes of a figure as ``png`` or ``svg``, the same each time, with its caption as the description."""
    import matplotlib

    out, said = io.BytesIO(), {"Description": caption_of(made)}
    # without these an SVG has the time in it, and names of parts that are drawn anew each time
    dated: dict[str, Any] = {"Date": None} if form == "svg" else {}
    with matplotlib.rc_context({"svg.hashsalt": "spillover"}):
        made.savefig(out, format=form, dpi=_DPI, metadata=dated | said)
    return out.getvalue()
