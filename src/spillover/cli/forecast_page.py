"""The page that ``spillover forecast`` prints: who is most at risk, what was left out, how good such forecasts were."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

from spillover.cli.console import printable, put, put_text, stdout, table
from spillover.forecasting import months
from spillover.forecasting.forecast import listed
from spillover.forecasting.jobs import without
from spillover.forecasting.panel import KINDS
from spillover.forecasting.recordwords import count, quality
from spillover.forecasting.risk import at_risk
from spillover.spread.tables import counted, rounded

if TYPE_CHECKING:
    from spillover.forecasting.asked import Given
    from spillover.forecasting.forecast import Forecast
    from spillover.forecasting.record import Record
    from spillover.forecasting.saving import Saved

_WIDTH = 100


def page(
    made: Forecast, data: Given, known: tuple[Saved, Record, bool] | None, *, run_weights: str | None, top: int,
    command: str,
) -> None:  # fmt: skip
    """Print a forecast. ``run_weights``: the back-test that weights were learnt on; ``command``: what makes one."""
    from rich.text import Text

    first, last = months.name(min(made.months)), months.name(max(made.months))
    when = first if first == last else f"{first} to {last}"
    head = (
        f"{made.target.capitalize()} by {KINDS[made.kind][0]}, {when} (horizons {listed(made.horizons)}), "
        f"from what was known at the end of {months.name(made.origin)}: {counted(len(made.units), 'unit')}, "
        f"{counted(int(made.draws.shape[2]), 'draw')} each"
    )
    put(Text(printable(head), style="bold"))
    rows = (
        (r["unit"], r["name"] if r["name"] != r["unit"] else "", rounded(r["expected"]), count(r["median"]),
         f"{count(r['low90'])} – {count(r['high90'])}", f"{r['p1']:.0%}", f"{r['p25']:.0%}")
        for r in at_risk(made, top).iter_rows(named=True)
    )  # fmt: skip
    columns = ("unit", "name", "expected in all", "median", "90 %", "≥ 1", "≥ 25")
    put_text("\nMost at risk\n")
    put(table(None, columns, rows, right=columns[2:]))
    paragraph(
        f"Expected in all: {made.target} of all these months. Median, 90 % interval and chances of so many "
        f"{made.target} or more: of one of these months, taken at random."
    )
    heading("How this was made")
    for line in (_weights(made, run_weights), *_left_out(made), *made.notes):
        paragraph(line)
    heading("How good such forecasts have been")
    if known is None:
        paragraph("No back-test of this panel is known, so nothing is said of it. This makes one:")
        put_text(f"    {printable(command)}\n")
        if " --out " in command:
            paragraph("Then name its folder: the same command with --weights backtest/.")
    else:
        saved, record, same = known
        for line in quality(record, saved.run.id):
            paragraph(line)
        scored = saved.run.parameters["horizons"]
        if not set(made.horizons) <= set(scored):
            paragraph(f"It is of horizons {listed(scored)}; nothing is known of the others that are forecast here.")
        if later := [o for o in record.origins if months.parse(o) >= made.origin]:
            paragraph(f"Of its windows {len(later)} look ahead from {months.name(made.origin)} or later, as this does.")
        if not same:
            paragraph("The data have changed since; the same command makes it again.")
    put_text("\n" + "".join(f"{printable(line)}\n" for line in data.attribution))


def heading(title: str) -> None:
    """The title of a part."""
    put_text(f"\n{printable(title)}\n")


def paragraph(text: str) -> None:
    """Text in lines that fit."""
    put_text(textwrap.fill(printable(text), min(_WIDTH, stdout().width)) + "\n")


def _weights(made: Forecast, run: str | None) -> str:
    members = f"{len(made.weights.members)} members"
    if run is None:
        return f"Pool of {members}, weighted as chosen beforehand (as shipped)."
    n = made.weights.windows
    if not n:
        return (
            f"Pool of {members}, weighted as chosen beforehand (as shipped): no window of back-test {run} was over by "
            "then and had the same members."
        )
    until = months.name(made.origin)
    return (
        f"Pool of {members}, weights learnt on {counted(n, 'window')} of back-test {run}, months up to {until} alone."
    )


def _left_out(made: Forecast) -> Iterable[str]:
    lacking = without(made)
    if lacking:
        yield f"Members left out, as the panel has too little to learn from: {', '.join(lacking)}."
