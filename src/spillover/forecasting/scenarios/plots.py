"""Figures of scenarios with matplotlib, beside the unedited system: ``figure(outcome).savefig("what-if.png")``."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spillover.errors import SpreadError
from spillover.files import write_atomic
from spillover.forecasting.scenarios.charts import ALL, monthly
from spillover.forecasting.scenarios.outcome import Outcome
from spillover.forecasting.scenarios.sensitivity import Sensitivity
from spillover.spread.charts import caption
from spillover.spread.plots import GREY, RED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLE: Any = {"font.size": 9, "axes.titlesize": 9, "axes.spines.top": False, "axes.spines.right": False}


def figure(
    outcome: Outcome, sensitivity: Sensitivity | None = None, *, group: str | None = None, width: float = 6.5
) -> Figure:
    """Events per month with and without the edits (medians, 50 and 90 %), of all groups or of one; beside it, where it
    is given, the outcome by link. ``width``: inches. :class:`SpreadError` where matplotlib is not installed."""
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise SpreadError("figures need matplotlib", to_do="Install it: pip install 'spillover[plots]'") from None
    s = outcome.setting
    with matplotlib.rc_context(_STYLE):
        made = Figure(figsize=(width, 3.4), layout="constrained")
        ratios = (3,) if sensitivity is None else (3, 2)
        panels: Any = made.subplots(1, len(ratios), squeeze=False, width_ratios=ratios)
        _months(panels[0][0], outcome, group)
        if sensitivity is not None:
            _links(panels[0][1], sensitivity)
        made.suptitle(f"What if, no forecast: {s.scenario.title}", x=0.01, ha="left", fontsize=10, parse_math=False)
        if s.sources:
            made.supxlabel(caption(s.sources), fontsize=7, color=GREY, x=0.01, ha="left", parse_math=False)
    return made


FORMATS = (".png", ".svg", ".pdf")


def usable(path: Path) -> Path:
    """The path, where a figure can be written in its format; else :class:`SpreadError`, before the work."""
    if find_spec("matplotlib") is None:
        raise SpreadError("figures need matplotlib", to_do="Install it: pip install 'spillover[plots]'")
    if path.suffix.lower() not in FORMATS:
        raise SpreadError("no figure has that ending", where=str(path), to_do=f"Use {', '.join(FORMATS)}")
    return path


def save(made: Figure, path: Path) -> None:
    """Write the figure, by the ending of the path; the same figure gives the same bytes."""
    import matplotlib

    out, form = io.BytesIO(), path.suffix.lower().removeprefix(".")
    # without these a file has the time in it, and names of parts that are drawn anew each time
    dated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    with matplotlib.rc_context({"svg.hashsalt": "spillover"}):
        made.savefig(out, format=form, dpi=150, metadata=dated.get(form, {}))
    write_atomic(path, out.getvalue(), durable=False)


def _months(axes: Any, outcome: Outcome, group: str | None) -> None:
    table = monthly(outcome, group)
    at = table["month"].to_list()
    for prefix, color, name in (("unedited_", GREY, "without the edits"), ("", RED, "with them")):
        for share, alpha in (("90", 0.15), ("50", 0.25)):
            low, high = table[f"{prefix}low{share}"], table[f"{prefix}high{share}"]
            axes.fill_between(at, low, high, color=color, alpha=alpha, lw=0)
        axes.plot(at, table[f"{prefix}median"], color=color, marker=".", lw=1.2, label=f"{name} (median, 50 and 90 %)")
    axes.set_ylim(bottom=0)
    axes.set_ylabel(f"events per month, {group or ALL}", parse_math=False)
    axes.tick_params(axis="x", labelrotation=30)
    axes.legend(frameon=False, fontsize=7, loc="lower left", bbox_to_anchor=(0, 1))


def _links(axes: Any, result: Sensitivity) -> None:
    table = result.table
    axes.fill_between(table["link"], table["low90"], table["high90"], color=RED, alpha=0.2, lw=0)
    axes.plot(table["link"], table["mean"], color=RED, marker=".", lw=1.2, label="with the edits (mean, 90 %)")
    axes.plot(table["link"], table["unedited_mean"], color=GREY, lw=1.2, label="without them")
    axes.set_ylim(bottom=0)
    axes.set(xlabel="link assumed", ylabel="events to the horizon")
    axes.legend(frameon=False, fontsize=7, loc="lower left", bbox_to_anchor=(0, 1))
