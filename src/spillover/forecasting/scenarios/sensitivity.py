"""How much of the outcome hangs on the link: the same scenario over a range of links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from spillover.errors import SpreadError
from spillover.forecasting.scenarios.carry import RECENT
from spillover.forecasting.scenarios.edits import Scenario
from spillover.forecasting.scenarios.run import Progress, run
from spillover.records.actors import Crosswalk
from spillover.spread.contagion import Contagion
from spillover.spread.tables import rounded, rows

LINKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_COLUMNS = ("mean", "median", "low90", "high90", "unedited_mean", "difference", "difference_low", "difference_high",
            "more", "beyond")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """``table``: for each ``link`` (in all edits) the columns of :meth:`Outcome.by` that say how many events there are
    in all, ``ratio`` to the unedited system, the edited system's spectral ``radius``, and the ``months`` that were
    simulated: fewer than asked for where they were cut."""

    scenario: Scenario
    table: pl.DataFrame

    def words(self) -> str:
        """The range of outcomes in a sentence or two."""
        whole = self.table.filter(pl.col("months") == self.scenario.months)
        if whole.is_empty():
            return "Whatever the link, the simulations are cut before the horizon."
        first, last = whole.row(0, named=True), whole.row(-1, named=True)
        said = (
            f"The result hangs on the link, which is assumed: from {rounded(first['mean'])} events at "
            f"{first['link']:g} to {rounded(last['mean'])} at {last['link']:g} (90 % of simulations "
            f"{last['low90']:,.0f} to {last['high90']:,.0f}); the unedited system has {rounded(last['unedited_mean'])}."
        )
        if whole.height < self.table.height:
            said += " At other links the simulations are cut before the horizon."
        return said

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"words": self.words(), "table": rows(self.table)}


def sensitivity(
    model: Contagion,
    scenario: Scenario,
    *,
    links: Sequence[float] = LINKS,
    simulations: int = 400,
    seed: int = 1,
    recent: float = RECENT,
    crosswalk: Crosswalk | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """The scenario run at each of the links, between 0 and 1, in place of those of its edits."""
    wrong = [link for link in links if not 0 <= link <= 1]
    if wrong or not links:
        raise SpreadError(f"links {', '.join(f'{v:g}' for v in wrong) or 'none'}", to_do="Give links from 0 to 1")
    found = []
    for n, link in enumerate(links):
        done = n * simulations

        def told(ready: int, _: int, done: int = done) -> bool | None:
            return progress(done + ready, simulations * len(links)) if progress is not None else None

        made = run(
            model, scenario.linked(link), simulations=simulations, seed=seed, recent=recent, crosswalk=crosswalk,
            progress=told,
        )  # fmt: skip
        row = {name: made.total[name] for name in _COLUMNS}
        ratio = row["mean"] / row["unedited_mean"] if row["unedited_mean"] else None
        found.append({"link": float(link), **row, "ratio": ratio, "radius": made.setting.radius[1],
                      "months": len(made.setting.months) - 1})  # fmt: skip
    schema: Any = {"link": pl.Float64, **dict.fromkeys((*_COLUMNS, "ratio", "radius"), pl.Float64), "months": pl.Int64}
    return Sensitivity(scenario, pl.DataFrame(found, schema=schema))
