"""``spillover scenario``: what would follow if something were otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spillover.cli import exits
from spillover.cli.console import complain, put, put_json, put_text, table, tell
from spillover.cli.progress import progress
from spillover.cli.search import DEFAULT_CASE
from spillover.errors import Stopped

if TYPE_CHECKING:
    from spillover.case import Case
    from spillover.forecasting.scenarios import Outcome, Scenario, Sensitivity
    from spillover.records import Crosswalk
    from spillover.spread import Contagion, Selection

_HELP = """What would follow if something were otherwise: scenarios on the contagion model, never forecasts.

A scenario is a small TOML file: a group's background scaled, a tie cut or added, a group that joins another or starts
in a new country. It is simulated beside the system as it is.

Examples:

    spillover scenario drafts --case my-case --out scenarios/

    spillover scenario check scenarios/full-strength.toml

    spillover scenario run scenarios/full-strength.toml --case my-case --country PAK --since 2010-01-01
"""
scenario = typer.Typer(
    name="scenario", help=_HELP, no_args_is_help=True, add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


@scenario.command("run", no_args_is_help=True)
def run_scenario(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The scenario.")],
    case: Annotated[Path, typer.Option("--case", help="The case whose event data the model is fitted to.")] = (
        DEFAULT_CASE
    ),
    actor: Annotated[list[str] | None, typer.Option("--actor", help="Fit to events of this actor; repeatable.")] = None,
    type: Annotated[
        list[str] | None, typer.Option("--type", help="Fit to state-based, non-state or one-sided; repeatable.")
    ] = None,
    country: Annotated[str | None, typer.Option("--country", help="Fit to these countries: AFG,PAK.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Fit from this day on, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Fit to this day, where the scenario begins.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A coarser fit, sooner.")] = False,
    simulations: Annotated[int, typer.Option("--simulations", min=1, max=100_000, help="How many.")] = 1000,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Also the outcome over a range of the link that is assumed.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of all that is drawn at random.")] = 1,
    plot: Annotated[Path | None, typer.Option("--plot", help="Write a figure: FILE.png, .svg or .pdf.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with every number.")] = False,
) -> None:
    """Fit the contagion model to the case's events, and carry it forward with the scenario's edits and without.

    What the fit has worked out is kept in the case, so a second scenario on the same events is a matter of seconds.
    The result begins with what it is: a what-if, and not a forecast; with the assumption of every edit.

    Examples:

        spillover scenario run full-strength.toml --case my-case --country PAK --since 2010-01-01

        spillover scenario run full-strength.toml --case my-case --quick --sensitivity --plot what-if.png

        spillover scenario run full-strength.toml --case my-case --json > outcome.json
    """
    from spillover.case import open_case
    from spillover.cli.events_add import countries_from, day_from
    from spillover.forecasting.scenarios import figure, load, run
    from spillover.forecasting.scenarios import sensitivity as over_links
    from spillover.forecasting.scenarios.plots import save, usable
    from spillover.spread import select

    asked = load(file)
    if plot is not None:
        usable(plot)
    days = [day_from(said, option) for said, option in ((since, "--since"), (until, "--until"))]
    first, last = (date.fromisoformat(day) if day is not None else None for day in days)
    wanted = [code for code in countries_from(country, "--country") or () if code != "all"]
    with open_case(case, create=False, readonly=True) as opened, opened.events() as session:
        chosen = select(session, actors=actor or (), types=type or (), countries=wanted, since=first, until=last)
        _names_fit(asked, chosen, session.crosswalk)
        model = _fitted(case, chosen, quick=quick, seed=seed)
        options: dict[str, Any] = {"seed": seed, "crosswalk": session.crosswalk}
        with _told("simulating") as report:
            made = run(model, asked, simulations=simulations, progress=report, **options)
        links = None
        if sensitivity:
            with _told("other links") as report:
                links = over_links(model, asked, simulations=min(simulations, 400), progress=report, **options)
        id = _recorded(opened, file, chosen, made, links, quick=quick, seed=seed)
    if plot is not None:
        save(figure(made, links), plot)
        tell(f"written to {plot}")
    if as_json:
        put_json(made.to_dict() | {"run": id} | ({"sensitivity": links.to_dict()} if links else {}))
    else:
        _show(made, links)


@scenario.command("check", no_args_is_help=True)
def check_scenario(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The scenario.")],
    case: Annotated[
        Path | None, typer.Option("--case", help="Also whether the case's event data have its groups.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Read a scenario and print the assumption of each edit, without running it.

    Examples:

        spillover scenario check full-strength.toml

        spillover scenario check full-strength.toml --case my-case
    """
    from spillover.forecasting.scenarios import load
    from spillover.spread.tables import counted

    asked, notes = load(file), tuple[str, ...]()
    if case is not None:
        from spillover.case import open_case
        from spillover.spread import select

        with open_case(case, create=False, readonly=True) as opened, opened.events() as session:
            asked, notes = _names_fit(asked, select(session), session.crosswalk)
    if as_json:
        edits = [{"kind": edit.kind, "assumption": edit.words()} for edit in asked.edits]
        put_json({"title": asked.title, "horizon_months": asked.months, "edits": edits, "notes": list(notes)})
        return
    lines = [f"{n}. {edit.words()}" for n, edit in enumerate(asked.edits, 1)] or ["Nothing is changed."]
    put_text("\n".join([f"{asked.title}, over {counted(asked.months, 'month')}", *lines, *notes]) + "\n")


@scenario.command("drafts")
def draft_scenarios(
    case: Annotated[Path, typer.Option("--case", help="The case.")] = DEFAULT_CASE,
    out: Annotated[Path | None, typer.Option("--out", help="Write a file for each into this folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a draft.")] = False,
) -> None:
    """Draft scenarios from what the documents of a case forecast, or say would follow on a condition.

    What a text does not say stands as "?" in the draft; it has to be filled in before the scenario runs. A file that is
    there already is left as it is.

    Examples:

        spillover scenario drafts --case my-case

        spillover scenario drafts --case my-case --out scenarios/
    """
    from spillover.case import open_case
    from spillover.files import write_atomic
    from spillover.forecasting.scenarios import drafts

    with open_case(case, create=False, readonly=True) as opened:
        statements = opened.statements()
        made = drafts(statements, lexicon=opened.lexicon)
    for draft in made:
        if as_json:
            put_json({
                "title": draft.title, "file": draft.name, "open": draft.open, "statements": list(draft.statements),
                "toml": draft.toml,
            })  # fmt: skip
        elif out is None:
            put_text(f"# {draft.name}\n{draft.toml}\n")
        if out is not None:
            there = (out / draft.name).exists()
            if not there:
                write_atomic(out / draft.name, draft.toml.encode("utf-8"))
            tell(f"{out / draft.name}: {'there already, left as it is' if there else f'{draft.open} to fill in'}")
    ahead = {s.id for s in statements if s.status in ("forecast", "conditional")}
    used = {id for draft in made for id in draft.statements}
    if not made:
        complain(f"no scenario can be drafted from the {len(ahead)} forecasts and conditions of this case")
        raise typer.Exit(exits.SOME_UNREAD)
    tell(f"{len(made)} drafts from {len(used)} of {len(ahead)} forecasts and conditions; the others name no change")


def _names_fit(asked: Scenario, chosen: Selection, crosswalk: Crosswalk) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario with the names of the data; an error before the model is fitted where one is not in them."""
    from spillover.forecasting.scenarios import Names
    from spillover.spread.contagion import catalogue

    found = catalogue(chosen)
    return Names(found.groups, found.countries, crosswalk=crosswalk).resolved(asked)


def _fitted(case: Path, chosen: Selection, *, quick: bool, seed: int) -> Contagion:
    """The contagion model; its parts are kept in the case where that can be written."""
    from spillover.runs import writable
    from spillover.spread import QUICK, Contagion, Effort
    from spillover.spread.saving import checkpoint_of

    effort, folder = QUICK if quick else Effort(), writable(case)
    checkpoint = checkpoint_of(folder, chosen, None, effort, seed) if folder is not None else None
    with _told("fitting") as report:
        return Contagion(effort=effort, seed=seed).fit(
            chosen, progress=lambda done, total, _: report(done, total), checkpoint=checkpoint
        )


@contextmanager
def _told(what: str) -> Iterator[Callable[[int, int], bool]]:
    """Progress on standard error, which says ``False`` once Ctrl-C was pressed; how much there is to do is known when
    the work begins."""
    from spillover.cli.stopping import stoppable

    with ExitStack() as stack:
        pressed = stack.enter_context(stoppable())
        reports: list[Any] = []

        def report(done: int, total: int) -> bool:
            if not reports:
                reports.append(stack.enter_context(progress(total, what)))
            reports[0](done, 0)
            return not pressed()

        try:
            yield report
        except Stopped:
            raise KeyboardInterrupt from None


def _recorded(
    case: Case, file: Path, chosen: Selection, made: Outcome, links: Sensitivity | None, *, quick: bool, seed: int
) -> str:
    """Write the record of the run into the case, where that can be written; its id."""
    from spillover.runs import Run, digest, digest_of, writable
    from spillover.spread.saving import selection_digest

    inputs = {file.name: digest(file.read_bytes()), "events": selection_digest(chosen)}
    given = {"simulations": made.setting.simulations, "quick": quick, "sensitivity": links is not None,
             "lexicon": case.lexicon.digest}  # fmt: skip
    run = Run("scenario run", inputs, given, seed)
    folder = writable(case.path)
    if folder is None:
        tell("this case cannot be written, so there is no record of this run")
    else:
        form = made.to_dict() | ({"sensitivity": links.to_dict()} if links is not None else {})
        tell(f"recorded in {run.write(folder, {'result': digest_of(form)})}")
    return run.id


def _show(made: Outcome, links: Sensitivity | None) -> None:
    put_text(made.words() + "\n")
    if links is not None:
        put_text(f"\n{links.words()}\n")
    columns = ("month", "without: median", "90 %", "with: median", "90 %", "difference", "90 %")
    rows = (
        (
            f"{row['month']:%Y-%m-%d}", f"{row['unedited_median']:.0f}",
            f"{row['unedited_low90']:.0f} to {row['unedited_high90']:.0f}", f"{row['median']:.0f}",
            f"{row['low90']:.0f} to {row['high90']:.0f}", f"{row['difference']:+.1f}",
            f"{row['difference_low']:+.0f} to {row['difference_high']:+.0f}",
        )
        for row in made.by("month").iter_rows(named=True)
    )  # fmt: skip
    put_text("\n")
    put(table("Events by month", columns, rows, right=columns[1:]))
    if made.setting.sources:
        put_text(f"Data: {'; '.join(made.setting.sources)}\n")
