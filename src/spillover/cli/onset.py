"""``spillover onset``: where armed groups may strike that were quiet there, and how good such chances have been."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from spillover.cli import exits
from spillover.cli.console import complain, printable, put, put_json, put_text, stdout, table, tell
from spillover.cli.search import DEFAULT_CASE
from spillover.errors import ForecastError, SpreadError

if TYPE_CHECKING:
    from collections.abc import Collection

    from spillover.case import Case
    from spillover.forecasting.onset import Onset, OnsetBacktest, Record
    from spillover.records import DataSet

Place = Literal["admin1", "country"]
_WIDTH, _ROWS = 100, 20


def onset(
    case: Annotated[Path, typer.Option("--case", help="The case.")] = DEFAULT_CASE,
    origin: Annotated[
        str | None, typer.Option("--origin", help="The last month that is known, YYYY-MM; by default that of the data.")
    ] = None,
    place: Annotated[Place, typer.Option("--place", help="First-order divisions, or countries.")] = "admin1",
    ahead: Annotated[str, typer.Option("--ahead", help="Months after the origin: 1-12, 3-14.")] = "1-12",
    quiet: Annotated[int, typer.Option("--quiet", min=1, help="Months without the group in the place.")] = 24,
    actor: Annotated[
        list[str] | None,
        typer.Option("--actor", help="Only of this group: an id, or a name of it or in the data; repeatable."),
    ] = None,
    backtest: Annotated[
        bool, typer.Option("--backtest", help="How good such forecasts have been, a year at a time.")
    ] = False,
    since: Annotated[
        str | None, typer.Option("--since", help="With --backtest: only windows that begin then or later, YYYY-MM.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the intervals of a back-test.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with every number.")] = False,
) -> None:
    """The chance that a group strikes where it was not active in the last 24 months, in the next 12, with reasons.

    For early warning: of armed groups and provinces or countries, from what the event data had by the origin and
    nothing after it. Look at --backtest before you rely on a number.

    Examples:

        spillover onset --case my-case

        spillover onset --case my-case --origin 2020-12 --actor tehrik-i-taliban-pakistan

        spillover onset --case my-case --backtest --ahead 3-14

        spillover onset --case my-case --place country --json
    """
    from spillover.case import open_case
    from spillover.forecasting import months

    if backtest and actor:
        raise typer.BadParameter("a back-test is of all groups", param_hint="--actor")
    if since is not None and not backtest:
        raise typer.BadParameter("--since belongs to --backtest", param_hint="--since")
    try:
        span = months.parse_horizons(ahead)
        if span != tuple(range(span[0], span[-1] + 1)):
            raise ForecastError(f"{ahead!r} has gaps", to_do="Give a span such as 1-12")
        at, first = (None if said is None else months.parse(said) for said in (origin, since))
    except ForecastError as error:
        raise typer.BadParameter(str(error)) from error
    with open_case(case, create=False, readonly=True) as opened:
        record, groups, sets = _read(opened, place, actor or [])
        lexicon = opened.lexicon.digest
    asked: dict[str, Any] = {"months_ahead": (span[0], span[-1]), "quiet": quiet}
    made = _made(record, at, first, groups, asked, seed, backtest=backtest)
    asked |= {"origin": at, "since": first, "place": place, "actors": actor or [], "lexicon": lexicon}
    _put(case, made, sets, seed, asked, as_json=as_json)


def _read(case: Case, place: Place, actors: list[str]) -> tuple[Record, Collection[str] | None, list[DataSet]]:
    """The record, the groups that are asked about, and the sets that it is from."""
    from spillover.forecasting.onset import chosen_groups, record_of
    from spillover.spread.asked import check_actors

    with case.events() as session:
        if not session.of("events"):
            complain("there are no event data in this case; add some with 'spillover events add FILE'")
            raise typer.Exit(exits.SOME_UNREAD)
        try:
            check_actors(session, actors)
        except SpreadError as error:
            raise typer.BadParameter(str(error), param_hint="--actor") from error
        try:
            record = record_of(session, place)
        except ForecastError as error:
            complain(str(error))
            raise typer.Exit(exits.SOME_UNREAD) from error
        groups = chosen_groups(session, actors) if actors else None
        return record, groups, [s for s in session.of("events") if s.label in record.sources]


def _made(
    record: Record, at: int | None, first: int | None, groups: Collection[str] | None, asked: dict[str, Any],
    seed: int, *, backtest: bool,
) -> Onset | OnsetBacktest:  # fmt: skip
    from spillover.forecasting.onset import onset as foretell
    from spillover.forecasting.onset import onset_backtest

    try:
        if backtest:
            return onset_backtest(record, first=first, last=at, seed=seed, **asked)
        return foretell(record, at, groups=groups, **asked)
    except ForecastError as error:
        complain(str(error))
        raise typer.Exit(exits.SOME_UNREAD) from error


def _put(
    case: Path, made: Onset | OnsetBacktest, sets: list[DataSet], seed: int, asked: dict[str, Any], *, as_json: bool
) -> None:
    """Show it, and leave a record of the run."""
    from spillover.runs import Run, digest_of, writable

    form = made.to_dict()
    inputs = {f"{entry.id} {entry.source}": entry.source_sha256 for entry in sets}
    run = Run("onset", inputs, asked | {"measure": form["measure"]}, seed)
    attribution = [f"{entry.label}: {entry.licence}. {entry.attribution}" for entry in sets]
    if as_json:
        put_json(form | {"run": run.id, "attribution": attribution})
    else:
        put_text(textwrap.fill(printable(made.words()), min(_WIDTH, stdout().width)) + "\n")
        _tables(made)
        put_text("\n" + "".join(f"{line}\n" for line in attribution))
    folder = writable(case)
    if folder is None:
        tell("this case cannot be written, so there is no record of this run")
    else:
        tell(f"recorded in {run.write(folder, {'result': digest_of(form)})}")


def _tables(made: Onset | OnsetBacktest) -> None:
    from spillover.forecasting.onset import Onset

    if not isinstance(made, Onset):
        _tested(made)
    elif not made.table.is_empty():
        cells = (
            (r["group"], r["name"], f"{r['probability']:.1%}", f"{r['base_rate']:.1%}", f"{r['neighbour_rate']:.1%}",
             "; ".join(r["raises"]), "; ".join(r["lowers"]))
            for r in made.table.head(_ROWS).iter_rows(named=True)
        )  # fmt: skip
        columns = ("group", "place", "chance", "base rate", "neighbours", "raised by", "lowered by")
        more = f"{_ROWS} of {made.table.height:,}" if made.table.height > _ROWS else None
        put(table(more, columns, cells, right=columns[2:5]))


def _tested(made: OnsetBacktest) -> None:
    skills = (
        (r["score"].replace("_", " "), r["against"].replace("_", " "), f"{r['skill']:+.3f}",
         _span(r["low"], r["high"]), _span(r["wide_low"], r["wide_high"]))
        for r in made.skills.iter_rows(named=True)
    )  # fmt: skip
    columns: tuple[str, ...] = ("score", "against", "skill", "95% interval", "by resampling groups and years")
    put(table(None, columns, skills, right=("skill",)))
    r = made.reliability
    bins = (
        (f"{n:,}", f"{p:.1%}", f"{o:.1%}", f"{low:.1%} – {high:.1%}")
        for n, p, o, low, high in zip(r.cases, r.said, r.seen, r.low, r.high, strict=True)
    )
    columns = ("pairs", "chance said", "share that came", "90% interval")
    put(table("Reliability", columns, bins, right=columns))
    worst = (
        (w["origin"], w["group"], w["name"], f"{w['probability']:.1%}", "came" if w["happened"] else "did not come")
        for w in made.worst.iter_rows(named=True)
    )
    put(table("Where it was most wrong", ("origin", "group", "place", "chance", "outcome"), worst, right=("chance",)))


def _span(low: float | None, high: float | None) -> str:
    return "too few" if low is None or high is None else f"{low:+.3f} to {high:+.3f}"
