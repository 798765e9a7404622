"""``spillover backtest``: how good the forecasts of a panel would have been, in windows that are over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spillover.cli import exits
from spillover.cli.console import complain, put_json, tell
from spillover.cli.forecast import (
    TargetOption,
    UnitOption,
    asked_for,
    events_of,
    figures,
    horizons_from,
    month_from,
    step,
    stopping,
    usable_plots,
    usage,
)
from spillover.cli.progress import progress
from spillover.errors import Stopped

if TYPE_CHECKING:
    from spillover.forecasting.jobs import BacktestJob
    from spillover.forecasting.record import Record
    from spillover.runs import Run

_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


def backtest(
    case: Annotated[Path | None, typer.Option("--case", help="The case whose events are counted.")] = None,
    panel: Annotated[
        Path | None, typer.Option("--panel", help="Instead of a case: a file with unit, month and value.")
    ] = None,
    unit: Annotated[
        UnitOption | None, typer.Option("--unit", help="What is forecast; country by default. group: in each country.")
    ] = None,
    target: Annotated[TargetOption | None, typer.Option("--target", help="Deaths, by default, or events.")] = None,
    type: Annotated[
        list[str] | None, typer.Option("--type", help="Only state-based, non-state or one-sided; repeatable.")
    ] = None,
    actor: Annotated[list[str] | None, typer.Option("--actor", help="Only events of this actor; repeatable.")] = None,
    country: Annotated[
        list[str] | None, typer.Option("--country", help="Only these countries: AFG,PAK; repeatable.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option("--columns", help="Names of the file's columns: unit=place,month=when,value=dead.")
    ] = None,
    years: Annotated[
        str | None, typer.Option("--years", help="Whole years, as VIEWS has them: 2014-2022; the last five by default.")
    ] = None,
    origins: Annotated[
        str | None, typer.Option("--origins", help="Instead of years: last known months, such as 2019-10,2020-10.")
    ] = None,
    horizons: Annotated[
        str, typer.Option("--horizons", help="Months after the origin: 3-14 (a year from October), or 1,3,6.")
    ] = "3-14",
    apart: Annotated[
        str | None, typer.Option("--apart", help="Also means over windows up to this origin and after it, YYYY-MM.")
    ] = None,
    learning: Annotated[
        int | None, typer.Option("--learning", min=0, help="Windows before the first that weights are learnt on alone.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of all that is drawn at random.")] = 1,
    wrong: Annotated[int, typer.Option("--wrong", min=1, help="How many of the worst cells to show.")] = 10,
    out: Annotated[
        Path | None, typer.Option("--out", help="Keep windows and scores here; by default in the case's runs.")
    ] = None,
    plots: Annotated[Path | None, typer.Option("--plots", help="Write figures (PNG, SVG) into this folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with every number.")] = False,
) -> None:
    """Forecast the past from what was known before it, and score that beside simple baselines.

    A window is made from what was known at its origin alone, also the weights of the members. Ctrl-C keeps the windows
    that are done; the same command goes on from there.

    Examples:

        spillover backtest --case my-case --unit country --target deaths

        spillover backtest --panel panel.csv --years 2014-2022 --out backtest/ --plots figures/

        spillover backtest --case my-case --unit admin1 --origins 2019-06,2019-12,2020-06 --horizons 1-6 --learning 2
    """
    from spillover.forecasting.jobs import BACKTEST, BacktestJob, latest_years
    from spillover.forecasting.jobs import origins_of as of_years

    asked, folder = asked_for(case, panel, unit, target, type, actor, country, columns)
    if years is not None and origins is not None:
        raise typer.BadParameter("give either --years or --origins", param_hint="--origins")
    ahead, at = horizons_from(horizons), _origins(years, origins)
    parted = month_from(apart, "--apart") if apart is not None else None
    usable_plots(plots)
    with events_of(folder) as session, step("reading the data"):
        from spillover.forecasting.asked import given

        data = usage(lambda: given(asked, session))
    job = BacktestJob(asked, at or of_years(latest_years(data.panel)), ahead, learning, seed)
    run = job.run(data)
    kept = out or _in_case(folder, f"{BACKTEST}-{run.id}")
    try:
        with told() as report:
            made, files = job.carried_out(data, kept, places=job.places(folder), progress=report)
    except (Stopped, KeyboardInterrupt) as error:
        done = str(error.what) if isinstance(error, Stopped) else "stopped"
        stays = (
            f"; what is done is kept in {kept}" if kept is not None else ", and nothing is kept: name a folder, --out"
        )
        complain(f"{done}{stays}. Run the same command again to go on")
        raise typer.Exit(exits.INTERRUPTED) from None
    files |= figures(plots, data, known=made)
    for path in filter(None, (kept, plots)):
        tell(f"written to {path}")
    _record(job, run, made, files, kept, folder)
    from spillover.forecasting.months import name

    until = name(parted) if parted is not None else None
    if as_json:
        put_json(made.to_dict(wrong=wrong, apart=until) | {
            "run": run.id, "unit": data.panel.kind, "target": data.panel.target, "units": len(data.panel),
            "notes": list(data.panel.notes), "attribution": list(data.attribution),
        })  # fmt: skip
    else:
        from spillover.cli.backtest_page import page

        page(made, data, run.id, job.horizons, wrong=wrong, apart=until)


@contextmanager
def told() -> Iterator[Callable[[int, int, str], bool]]:
    """Progress by windows on standard error; how many there are is known when the work begins. Says no after Ctrl-C."""
    with ExitStack() as stack:
        pressed = stack.enter_context(stopping())
        reports: list[Any] = []

        def report(done: int, total: int, words: str) -> bool:
            if not reports:
                reports.append(stack.enter_context(progress(total, "windows")))
            reports[0](done, 0)
            return not pressed()

        yield report


def _origins(years: str | None, origins: str | None) -> tuple[int, ...]:
    """The origins asked for, in order of time; none where nothing was said."""
    from spillover.forecasting.jobs import origins_of

    if origins is not None:
        return tuple(sorted({month_from(part, "--origins") for part in origins.split(",")}))
    wanted: set[int] = set()
    for part in years.split(",") if years is not None else ():
        found = _YEARS.fullmatch(part.strip())
        first, last = (int(found[1]), int(found[2] or found[1])) if found is not None else (1, 0)
        if first > last:
            raise typer.BadParameter(f"{part!r} is no year or years such as 2014-2022", param_hint="--years")
        wanted.update(range(first, last + 1))
    return origins_of(sorted(wanted))


def _in_case(case: Path | None, name: str) -> Path | None:
    from spillover.runs import writable

    if case is None:
        tell("without --out no window is kept")
        return None
    folder = writable(case)
    if folder is None:
        tell("this case cannot be written, so no window is kept; name a folder, --out")
    return folder / name if folder is not None else None


def _record(
    job: BacktestJob, run: Run, made: Record, files: dict[str, str], kept: Path | None, case: Path | None
) -> None:
    """The run in the case's runs, and where the windows are elsewhere its scores there too."""
    from spillover.forecasting.jobs import BACKTEST, shared_scores
    from spillover.forecasting.saving import MANIFEST, write
    from spillover.runs import writable

    if kept is not None:
        write(kept / MANIFEST, run, files, job.places(case))
    folder = writable(case) if case is not None else None
    if folder is None:
        return
    there = folder / f"{BACKTEST}-{run.id}"
    if kept is not None and kept.resolve() != there.resolve():
        shared_scores(made, run, there, job.places(case))
    tell(f"recorded in {write(folder / f'{run.id}.json', run, files, job.places(case))}")
