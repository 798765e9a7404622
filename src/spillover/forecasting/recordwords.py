"""What forecasts and back-tests come to, in the words that people read."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from spillover.forecasting.backtest import REFERENCE
from spillover.forecasting.record import OURS, SHOWN, Record
from spillover.spread.tables import counted

SCORE_NAMES = {"crps": "CRPS", "crps_log": "log-CRPS", "ign": "ignorance", "mis": "interval score"}


def quality(record: Record, id: str | None = None) -> Iterable[str]:
    """The windows, their ratios to conflictology 12, and how often the 90 % interval held; ``id``: of the run."""
    at = record.origins
    name = f"Back-test {id}: " if id is not None else ""
    yield f"{name}{counted(len(at), 'window')}, origins {at[0] if len(at) == 1 else f'{at[0]} to {at[-1]}'}."
    found = {r["score"]: r for r in _of_ours(record.geometric()).iter_rows(named=True)}
    ratios = [
        f"{SCORE_NAMES[s]} {ratio(found[s]['ratio'], found[s]['error'])}, below 1 in {found[s]['better']} of "
        f"{found[s]['windows']}"
        for s in SHOWN if s in found
    ]  # fmt: skip
    if ratios:
        yield f"Ratio to {REFERENCE} (geometric mean ± standard error; below 1 is better): {'; '.join(ratios)}."
    held = {
        r["split"]: r["cover90"]
        for r in record.coverage().filter(pl.col("forecast") == OURS).iter_rows(named=True)
    }  # fmt: skip
    active = f", {held['active']:.1%} in active units" if held.get("active") is not None else ""
    yield f"The 90 % interval held in {held['all']:.1%} of cells{active}."


def ratio(value: float | None, error: float | None) -> str:
    """A geometric mean with its standard error."""
    return "–" if value is None else f"{value:.3f}" + (f" ± {value * error:.3f}" if error is not None else "")


def count(value: float | None) -> str:
    """A count as people write it; a quantile between two counts with a digit after the point."""
    if value is None:
        return "–"
    return rounded(value, 0 if value == round(value) or value >= 100 else 1)


def expected(value: float) -> str:
    """An expected number, which is no count."""
    return rounded(value, 1 if value < 100 else 0)


def chance(share: float) -> str:
    """Whole percents of a chance that draws give: one under one or over 99 is never none or all."""
    return "<1 %" if 0 < share < 0.01 else ">99 %" if 0.99 < share < 1 else f"{rounded(100 * share, 0)} %"


def rounded(value: float, places: int) -> str:
    """A number to so many places, half of the last upwards, as in JavaScript and by hand."""
    return f"{Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def _of_ours(found: pl.DataFrame) -> pl.DataFrame:
    return found.filter((pl.col("split") == "all") & (pl.col("forecast") == OURS))
