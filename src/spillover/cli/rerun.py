"""``spillover rerun``: a recorded forecast or back-test once more, and whether it gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from spillover.cli import exits
from spillover.cli.backtest import told
from spillover.cli.console import complain, printable, put, put_json, put_text, table, tell
from spillover.cli.forecast import events_of, step
from spillover.cli.search import DEFAULT_CASE
from spillover.errors import Stopped

if TYPE_CHECKING:
    from spillover.forecasting.repeating import Outputs, Repeat


def rerun(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The id of a run, or a record: runs/ID.json, a manifest.")],
    case: Annotated[Path | None, typer.Option("--case", help="The case of the run.")] = None,
    panel: Annotated[
        Path | None, typer.Option("--panel", help="The panel file, where it is not where the record says.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Keep what comes out in this folder, new or empty.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Repeat a run of forecast or backtest from its record, and compare what comes out, byte by byte.

    What was read must still be the same: of a file it is enough that the same values come up to the origin. The exit
    code is 0 where all is equal, 1 where something is not, 3 where the run cannot be repeated.

    Examples:

        spillover rerun 3f0c2a9b17de4c55 --case my-case

        spillover rerun forecast.manifest.json

        spillover rerun backtest/manifest.json --panel data/panel.csv --json
    """
    from spillover.forecasting.repeating import repeat_of
    from spillover.forecasting.saving import find, read

    known = case if case is not None else DEFAULT_CASE if DEFAULT_CASE.is_dir() else None
    asked = repeat_of(read(find(run, known)), case=case, panel=panel)
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise typer.BadParameter("name a new or empty folder", param_hint="--out")
    with events_of(asked.case) as session, step("reading the data"):
        data = asked.given(session)
    for note in asked.notes(data):
        tell(note)
    with TemporaryDirectory() as temporary:
        try:
            with told() as report:
                came = asked.outputs(data, out or Path(temporary), progress=report)
        except Stopped:
            raise KeyboardInterrupt from None
    if out is not None:
        tell(f"written to {out}")
    _show(asked, came, as_json=as_json)


def _show(asked: Repeat, came: Outputs, *, as_json: bool) -> None:
    equal = [name for name, known in came.known.items() if came.made.get(name) == known]
    other = [name for name in came.known if name not in equal]
    if as_json:
        both = {name: {"recorded": known, "now": came.made.get(name)} for name, known in came.known.items()}
        run = asked.saved.run
        put_json({"run": run.id, "command": run.command, "equal": not other, "outputs": both})
    else:
        rows = ((name, "equal" if name in equal else "not equal") for name in came.known)
        put(table(None, ("output", ""), rows))
        put_text(printable(
            f"Run {asked.saved.run.id} ({asked.saved.run.command}): "
            + ("all outputs are equal to the byte" if not other else f"{len(other)} of {len(came.known)} are not equal")
        ) + "\n")  # fmt: skip
    if other:
        complain(f"not the same as recorded: {', '.join(other)}")
        raise typer.Exit(exits.SOME_UNREAD)
