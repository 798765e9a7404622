"""``spillover spread``: how the violence of a selection spreads, measured, and what it sets off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from spillover.cli import exits
from spillover.cli.console import complain, put_json, put_text, tell
from spillover.cli.progress import progress
from spillover.cli.search import DEFAULT_CASE
from spillover.cli.stopping import stoppable
from spillover.errors import SpreadError, Stopped

if TYPE_CHECKING:
    from spillover.case import Case
    from spillover.records import DataSet
    from spillover.runs import Run
    from spillover.spread import Effort, Overview, Selection, Settings

By = Literal["month", "week"]
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_WEEKS = 4


def spread(
    case: Annotated[Path, typer.Option("--case", help="The case.")] = DEFAULT_CASE,
    actor: Annotated[
        list[str] | None,
        typer.Option("--actor", help="Only events of this actor: an id, or a name of it or in the data; repeatable."),
    ] = None,
    type: Annotated[
        list[str] | None, typer.Option("--type", help="Only state-based, non-state or one-sided; repeatable.")
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option("--country", help="Only in these countries: AFG,PAK; repeatable.")
    ] = None,
    admin1: Annotated[
        list[str] | None,
        typer.Option("--admin1", help="Only in this first-order division, by name or ISO 3166-2 code; repeatable."),
    ] = None,
    since: Annotated[str | None, typer.Option("--since", help="From then on: YYYY-MM-DD, YYYY-MM or YYYY.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="To then, all of it: YYYY-MM-DD, YYYY-MM, YYYY.")] = None,
    factions: Annotated[
        bool, typer.Option("--factions/--no-factions", help="Count an organisation with its factions, or alone.")
    ] = True,
    by: Annotated[By, typer.Option("--by", help="Tempo by month or by week.")] = "month",
    lately: Annotated[bool, typer.Option("--lately", help="Only what changed lately, with its tables.")] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="With --lately: the last day; by default that of the data.")
    ] = None,
    weeks: Annotated[
        int | None, typer.Option("--weeks", min=1, help="With --lately: how many weeks are recent; 4 by default.")
    ] = None,
    contagion: Annotated[
        bool, typer.Option("--contagion/--no-contagion", help="Fit the contagion model (minutes), or leave it out.")
    ] = True,
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer simulations and placebos: coarser intervals, sooner.")
    ] = False,
    bandwidth: Annotated[
        float | None, typer.Option("--bandwidth", help="Contagion: days that the slow background is smoothed over.")
    ] = None,
    longest: Annotated[
        float | None, typer.Option("--longest", help="Contagion: the longest wait, days; at most a third of that.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of all that is drawn at random.")] = 1,
    plots: Annotated[Path | None, typer.Option("--plots", help="Write figures (PNG, SVG) into this folder.")] = None,
    tables: Annotated[Path | None, typer.Option("--tables", help="Write all tables (CSV) into this folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with every number.")] = False,
) -> None:
    """Measure how violence spreads: tempo, ground covered, first hits, borders, near repeats, lethality, what changed
    lately; and how far one event sets off others, with placebos.

    A measure that cannot be worked out costs no other; the last part says why. Ctrl-C keeps what the contagion model
    has worked out: the same command goes on from there.

    Examples:

        spillover spread --case my-case --no-contagion

        spillover spread --case my-case --actor tehrik-i-taliban-pakistan --since 2007 --quick

        spillover spread --case my-case --country PAK --type state-based --plots figures/ --tables tables/

        spillover spread --case my-case --lately --as-of 2021-12-31 --weeks 8
    """
    from spillover.case import open_case

    if not lately and (as_of is not None or weeks is not None):
        raise typer.BadParameter("--as-of and --weeks belong to --lately")
    window = _day(since, "--since"), _day(until, "--until", last=True)
    if window[0] and window[1] and window[0] > window[1]:
        raise typer.BadParameter(f"the window ends ({window[1]}) before it begins ({window[0]})", param_hint="--until")
    asked: dict[str, Any] = {
        "actors": actor or [], "types": type or [], "countries": _countries(country), "admin1": admin1 or [],
        "since": window[0], "until": window[1], "factions": factions,
    }  # fmt: skip
    recent: dict[str, Any] = {"as_of": _day(as_of, "--as-of", last=True), "weeks": weeks or _WEEKS} if lately else {}
    effort, settings = _effort(contagion and not lately, quick), _settings(bandwidth, longest)
    _folders(plots, tables)
    with open_case(case, create=False, readonly=True) as opened:
        selection, record, sets = _chosen(opened, asked)
        run = _run(opened, selection, sets, asked | recent, by, effort, settings, seed)
    made = _recent(selection, recent, seed) if lately else _measured(
        case, selection, effort=effort, settings=settings, seed=seed, record=record, by=by
    )  # fmt: skip
    form = made.lately.to_dict() if lately and made.lately is not None else made.to_dict()
    written = _written(made, plots, tables)
    if as_json:
        put_json(form | {"run": run.id, "attribution": [_attribution(entry) for entry in sets]})
    else:
        _show(made, sets, with_tables=lately)
    _record(case, run, form, written)


def _day(said: str | None, option: str, *, last: bool = False) -> date | None:
    """The first day of what was said, or its last."""
    from calendar import monthrange

    if said is None:
        return None
    try:
        found = _DAY.fullmatch(said)
        if found is None:
            raise ValueError(said)
        year, month, day = (None if part is None else int(part) for part in found.groups())
        month = month if month is not None else 12 if last else 1
        first = date(year or 0, month, 1)
        return first.replace(day=day if day is not None else monthrange(first.year, month)[1] if last else 1)
    except ValueError:
        what = f"{said!r} is no day, month or year such as 2021-03-31, 2021-03 or 2021"
        raise typer.BadParameter(what, param_hint=option) from None


def _countries(said: list[str] | None) -> list[str]:
    from spillover.cli.events_add import countries_from

    return [code for value in said or () for code in countries_from(value, "--country") or () if code != "all"]


def _effort(contagion: bool, quick: bool) -> Effort | None:
    if not contagion:
        return None
    from spillover.spread import QUICK, Effort

    return QUICK if quick else Effort()


def _settings(bandwidth: float | None, longest: float | None) -> Settings | None:
    if bandwidth is None and longest is None:
        return None
    from spillover.spread import Settings

    chosen: dict[str, Any] = {} if bandwidth is None else {"bandwidth": bandwidth, "group_bandwidth": bandwidth}
    chosen |= {} if longest is None else {"longest": longest}
    for option, value in (("--bandwidth", bandwidth), ("--longest", longest)):
        if value is not None and not 1 <= value <= 3650:
            raise typer.BadParameter("it must be 1 to 3650 days", param_hint=option)
    try:
        return Settings(**chosen)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--bandwidth / --longest") from None


def _folders(plots: Path | None, tables: Path | None) -> None:
    if plots is None and tables is None:
        return
    from spillover.spread.saving import usable_folder

    try:
        for folder in filter(None, (plots, tables)):
            usable_folder(folder, plots=folder is plots)
    except SpreadError as error:
        raise typer.BadParameter(str(error), param_hint="--plots") from error


def _chosen(case: Case, asked: dict[str, Any]) -> tuple[Selection, Selection | None, list[DataSet]]:
    """The events asked for, those of everybody in the same places where actors or types were asked for, and the sets
    that they are from."""
    from spillover.spread import select
    from spillover.spread.asked import check_actors, check_divisions

    with case.events() as session:
        if not session.of("events"):
            complain("there are no event data in this case; add some with 'spillover events add FILE'")
            raise typer.Exit(exits.SOME_UNREAD)
        try:
            check_actors(session, asked["actors"])
            check_divisions(session, asked["admin1"])
            selection = select(session, **asked)
        except SpreadError as error:
            raise typer.BadParameter(str(error)) from error
        if not len(selection):
            complain(f"there is no event of {selection.words} from {selection.since} to {selection.until}")
            raise typer.Exit(exits.SOME_UNREAD)
        narrow = asked["actors"] or asked["types"]
        record = select(session, **asked | {"actors": (), "types": ()}) if narrow else None
        return selection, record, [s for s in session.of("events") if s.label in selection.sources]


def _recent(selection: Selection, recent: dict[str, Any], seed: int) -> Overview:
    from spillover.spread import Overview
    from spillover.spread import lately as early_warning

    try:
        return Overview(selection, seed, lately=early_warning(selection, **recent))
    except SpreadError as error:
        complain(str(error))
        raise typer.Exit(exits.SOME_UNREAD) from error


def _measured(case: Path, selection: Selection, *, effort: Effort | None, seed: int, **options: Any) -> Overview:
    """All measures, with progress; what Ctrl-C leaves of the contagion model is kept in the case, where it can be."""
    from spillover.runs import writable
    from spillover.spread import overview
    from spillover.spread.saving import checkpoint_of

    checkpoint = None
    if effort is not None and (folder := writable(case)) is not None:
        checkpoint = checkpoint_of(folder, selection, options["settings"], effort, seed)
        if checkpoint.exists():
            tell(f"what {checkpoint} has of an earlier run is taken from there")
    try:
        with _told() as report:
            return overview(selection, contagion=effort, seed=seed, progress=report, checkpoint=checkpoint, **options)
    except (KeyboardInterrupt, Stopped):
        kept = checkpoint is not None and checkpoint.exists()
        where = f"what the contagion model has worked out is kept in {checkpoint}; " if kept else ""
        complain(f"stopped; {where}run the same command again to go on")
        raise typer.Exit(exits.INTERRUPTED) from None


@contextmanager
def _told() -> Iterator[Callable[[int, int, str], bool]]:
    """Progress on standard error; how much there is to do is known when the work begins. Says no after Ctrl-C."""
    with ExitStack() as stack:
        pressed = stack.enter_context(stoppable())
        reports: list[Any] = []

        def report(done: int, total: int, _: str) -> bool:
            if not reports:
                reports.append(stack.enter_context(progress(total, "measuring")))
            reports[0](done, 0)
            return not pressed()

        yield report


def _run(
    case: Case, selection: Selection, sets: list[DataSet], asked: dict[str, Any], by: By, effort: Effort | None,
    settings: Settings | None, seed: int,
) -> Run:  # fmt: skip
    from dataclasses import asdict

    from spillover.runs import Run
    from spillover.spread.saving import selection_digest

    inputs = {f"{entry.id} {entry.source}": entry.source_sha256 for entry in sets} | {
        "events": selection_digest(selection)
    }
    parameters = {name: value.isoformat() if isinstance(value, date) else value for name, value in asked.items()}
    parameters |= {
        "by": by, "contagion": None if effort is None else asdict(effort),
        "settings": None if settings is None else asdict(settings), "lexicon": case.lexicon.digest,
    }  # fmt: skip
    return Run("spread", inputs, parameters, seed)


def _written(made: Overview, plots: Path | None, tables: Path | None) -> dict[str, str]:
    """The files asked for, with their hashes."""
    from spillover.spread.saving import save_plots, save_tables

    written: dict[str, str] = {}
    if tables is not None:
        written |= save_tables(made, tables)
    if plots is not None:
        written |= save_plots(made, plots)
    for folder in dict.fromkeys(filter(None, (tables, plots))):
        tell(f"written to {folder}")
    return written


def _record(case: Path, run: Run, form: dict[str, Any], written: dict[str, str]) -> None:
    from spillover.runs import digest_of, writable

    folder = writable(case)
    if folder is None:
        tell("this case cannot be written, so there is no record of this run")
        return
    tell(f"recorded in {run.write(folder, {'result': digest_of(form), **written})}")


def _attribution(entry: DataSet) -> str:
    return f"{entry.label}: {entry.licence}. {entry.attribution}"


def _show(made: Overview, sets: list[DataSet], *, with_tables: bool) -> None:
    from spillover.cli.spread_page import page

    page(made, with_tables=with_tables)
    put_text("\n" + "".join(f"{_attribution(entry)}\n" for entry in sets))
