"""An overview in files: its tables as CSV, its figures as PNG and SVG, and where the contagion model's parts are kept.

The same overview gives the same bytes.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from spillover.errors import SpreadError
from spillover.files import unwritable, write_atomic
from spillover.runs import digest, digest_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from spillover.spread.contagion import Effort, Settings
    from spillover.spread.overview import Overview
    from spillover.spread.selection import Selection

FORMULA = r"^[=+\-@\t\r]"
"""How a cell begins that a spreadsheet would run."""
_DPI = 150


def save_tables(made: Overview, folder: Path) -> dict[str, str]:
    """Write all tables as ``<name>.csv``; file → SHA-256. A cell that a spreadsheet would run has a ' before it.

    :class:`~spillover.errors.CaseError` where the folder cannot be written.
    """
    return {
        name: _save(folder / name, guarded(table).write_csv().encode("utf-8", "replace"))
        for name, table in ((f"{name}.csv", table) for name, table in made.tables().items())
    }


def save_plots(made: Overview, folder: Path) -> dict[str, str]:
    """Write a figure of each measure that has one, as PNG and SVG; file → SHA-256.

    :class:`~spillover.errors.SpreadError` where matplotlib is not installed, :class:`~spillover.errors.CaseError` where
    the folder cannot be written.
    """
    from spillover.spread.charts import Measure
    from spillover.spread.plots import figure

    saved: dict[str, str] = {}
    for name, found in made.measures().items():
        if isinstance(found, Measure):
            drawn = figure(found, sources=made.selection.sources)
            for form in ("png", "svg"):
                saved[f"{name}.{form}"] = _save(folder / f"{name}.{form}", _drawn(drawn, form))
    return saved


def _drawn(figure: Figure, form: str) -> bytes:
    import matplotlib

    out = io.BytesIO()
    # without these an SVG has the time in it, and names of parts that are drawn anew each time
    with matplotlib.rc_context({"svg.hashsalt": "spillover"}):
        figure.savefig(out, format=form, dpi=_DPI, metadata={"Date": None} if form == "svg" else {})
    return out.getvalue()


def guarded(table: pl.DataFrame) -> pl.DataFrame:
    """A table for a CSV file: text that a spreadsheet would run is marked as text."""
    return table.with_columns(pl.col(pl.String).str.replace(FORMULA, "'${0}"))


def usable_folder(folder: Path, *, plots: bool = False) -> Path:
    """The folder, made where it is not there; :class:`~spillover.errors.CaseError` where it cannot be.

    ``plots``: :class:`~spillover.errors.SpreadError` where they cannot be made: known before the work, not after it.
    """
    if plots and find_spec("matplotlib") is None:
        raise SpreadError("figures need matplotlib", to_do="Install it: pip install 'spillover[plots]'")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder


def selection_digest(selection: Selection) -> str:
    """SHA-256 of the events chosen and their window."""
    window = f"{selection.since} {selection.until} {selection.words} "
    return digest(window.encode() + selection.events.write_json().encode("utf-8", "replace"))


def checkpoint_of(folder: Path, selection: Selection, settings: Settings | None, effort: Effort, seed: int) -> Path:
    """The file that keeps the parts of the contagion model of these events with these settings, by this code."""
    given: list[Any] = [selection_digest(selection), settings and asdict(settings), asdict(effort), seed, _code()]
    return folder / f"contagion-{digest_of(given)[:16]}.jsonl"


@cache
def _code() -> str:
    files = sorted((Path(__file__).parent / "contagion").glob("*.py"))
    return digest(json.dumps([[path.name, digest(path.read_bytes())] for path in files]).encode())


def _save(path: Path, data: bytes) -> str:
    write_atomic(path, data, durable=False)
    return digest(data)
