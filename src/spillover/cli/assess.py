"""``spillover assess``: documents in, a report out."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spillover.cli import exits
from spillover.cli.console import complain, put_json, put_text, tell
from spillover.cli.progress import progress
from spillover.cli.search import DEFAULT_CASE
from spillover.cli.sources import STDIN, collect, standard_input

if TYPE_CHECKING:
    from spillover.case import AddResult, Case
    from spillover.checking import Checks
    from spillover.cli.progress import Report
    from spillover.publishing.forecasts import Forecasts
    from spillover.spread import Overview

_ACTORS_SHOWN = 8


def assess(
    sources: Annotated[
        list[Path], typer.Argument(metavar="FILE|FOLDER|-...", help="Documents to read; - is standard input.")
    ],
    case: Annotated[
        Path, typer.Option("--case", help="The case to keep them in; made where there is none.")
    ] = DEFAULT_CASE,
    out: Annotated[Path | None, typer.Option("--out", help="The report; report.html in the case by default.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="The report's title; the document's by default.")] = None,
    events: Annotated[
        list[Path] | None,
        typer.Option("--events", help="Event data to check against, added to the case; may be repeated."),
    ] = None,
    dated: Annotated[
        str | None, typer.Option("--dated", help="When the document was written (YYYY-MM-DD), where it does not say.")
    ] = None,
    factions: Annotated[
        bool, typer.Option("--factions/--no-factions", help="Count an organisation with its factions, or alone.")
    ] = True,
    contagion: Annotated[
        bool, typer.Option("--contagion", help="Fit the contagion model to the events too: seconds to minutes.")
    ] = False,
    forecast: Annotated[
        bool, typer.Option("--forecast", help="Forecast the groups' deaths too, with a back-test: about a minute.")
    ] = False,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes; all cores by default.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The summary as one JSON object, with the report's path.")
    ] = False,
) -> None:
    """Read documents into a case, check what they say against its event data, and write a report: one HTML file that
    opens anywhere.

    The last line of the output is the path of the report.

    Examples:

        spillover assess article.txt

        spillover assess article.txt --events ged251.csv --events organizedviolencecy251.csv

        spillover assess article.txt --contagion --forecast

        spillover assess article.pdf reports/ --case my-case --out my-report.html --title "Who is who"
    """
    from spillover.case import open_case
    from spillover.cli.check import set_date
    from spillover.cli.events_add import add_files
    from spillover.records import Options

    if forecast:
        _can_forecast()
    with open_case(case) as opened:
        added = add_files(case, events, Options(), as_json=False, quiet=True) if events else exits.OK
        if added != exits.OK:
            complain("not all event data could be added; nothing was checked against those files")
        results, failed = _add(opened, sources, jobs)
        for name, reason in failed:
            complain(reason if Path(name).name in reason else f"{name}: {reason}")
        if not results:
            complain("nothing could be read, so there is no report")
            raise typer.Exit(exits.NONE_READ)
        if dated is not None:
            set_date(opened, [r.document.sha256 for r in results], dated, only=None)
        checks = _check(opened, results, factions)
        spread = _spread(opened, results, factions, contagion) if checks.sets else None
        ahead = _forecasts(opened, results, factions, spread is not None) if forecast else None
        report = _write(opened, results, checks, spread, ahead, out or case / "report.html", title)
        _summarise(opened, results, failed, checks, spread, ahead, report, as_json)
    raise typer.Exit(exits.code_for(len(results), len(failed)) or (exits.SOME_UNREAD if added else exits.OK))


def _add(case: Case, sources: list[Path], jobs: int | None) -> tuple[list[AddResult], list[tuple[str, str]]]:
    """What was read, and what failed and why."""
    from spillover.errors import DocumentError
    from spillover.reading.folder import worth

    results: list[AddResult] = []
    failed: list[tuple[str, str]] = []
    if STDIN in sources:
        try:
            results.append(case.add(standard_input(), name="standard input"))
        except DocumentError as error:
            failed.append(("standard input", str(error)))
    found = collect([s for s in sources if s != STDIN], apart_from=case.path)
    found.tell_left_out()
    failed += [(str(path), reason) for path, reason in found.failed]
    total = len(found.paths)
    try:
        with progress(total, "reading") as report:
            for path, result in case.add_many(found.paths, jobs=worth(total, jobs)):
                if isinstance(result, Exception):
                    failed.append((str(path), str(result)))
                else:
                    results.append(result)
                report(len(results) + len(failed), len(failed))
    except KeyboardInterrupt:
        complain(f"stopped; {len(results)} of {total} done; run again to go on")
        raise typer.Exit(exits.INTERRUPTED) from None
    return results, failed


def _check(case: Case, results: list[AddResult], factions: bool) -> Checks:
    """The findings on what was read, against the case's event data and against each other."""
    documents = list(dict.fromkeys(r.document.sha256 for r in results))
    total = sum(len(r.reading.statements) for r in results)
    with progress(total, "checking") as report:
        return case.check(documents, factions=factions, progress=lambda done, _: report(done, 0))


def _spread(case: Case, results: list[AddResult], factions: bool, contagion: bool) -> Overview | None:
    """How the violence of the groups that were read about moves."""
    from spillover.publishing.spread import spread_of
    from spillover.runs import writable

    kept = writable(case.path) if contagion else None
    with ExitStack() as stack:
        reports: list[Report] = []

        def report(done: int, total: int, _: str) -> None:
            # how much there is to do is known when the work begins
            if not reports:
                reports.append(stack.enter_context(progress(total, "measuring")))
            reports[0](done, 0)

        session = stack.enter_context(case.events())
        readings = [r.reading for r in results]
        try:
            return spread_of(session, readings, factions=factions, contagion=contagion, progress=report, kept=kept)
        except KeyboardInterrupt:
            complain("stopped; the documents are read, but no report is written; run the same command again to go on")
            raise typer.Exit(exits.INTERRUPTED) from None


def _can_forecast() -> None:
    """An error where the packages of the extra are missing: before the work, not after it."""
    from spillover.errors import ForecastError
    from spillover.forecasting.extra import extra_trees, lightgbm

    try:
        lightgbm(), extra_trees()
    except ForecastError as error:
        raise typer.BadParameter(str(error), param_hint="--forecast") from error


def _forecasts(case: Case, results: list[AddResult], factions: bool, events: bool) -> Forecasts | str:
    """What may come of the groups that were read about, or why that cannot be said; ``events``: whether the case has
    single ones."""
    from spillover.cli.backtest import told
    from spillover.errors import ForecastError, Stopped
    from spillover.publishing.forecasts import forecasts_of

    if not events:
        return "the case has no single events; totals by country or year do not tell whose they are"
    tell("forecasting, and scoring such forecasts of earlier years")
    try:
        with case.events() as session, told() as report:
            return forecasts_of(session, case.path, [r.reading for r in results], factions=factions, progress=report)
    except (Stopped, KeyboardInterrupt):
        complain("stopped; what is done is kept, but no report is written; run the same command again to go on")
        raise typer.Exit(exits.INTERRUPTED) from None
    except ForecastError as error:
        return str(error)


def _write(
    case: Case, results: list[AddResult], checks: Checks, spread: Overview | None, ahead: Forecasts | str | None,
    path: Path, title: str | None,
) -> Path:  # fmt: skip
    from spillover.checking import outlook
    from spillover.errors import CaseError, SpilloverError
    from spillover.publishing.checks import checks_data
    from spillover.publishing.report import write_report

    # the same bytes under two names are one document
    readings = list({r.document.sha256: r.reading for r in results}.values())
    first = results[0].document
    if title is None:
        title = first.metadata.title or Path(first.name).stem
        title += f" and {len(readings) - 1} more" if len(readings) > 1 else ""
    try:
        found = checks_data(checks, outlook(readings, checks), readings)
        return write_report(
            readings, path, title=title, actors=case.actor_infos(readings), checks=found, spread=spread,
            forecasts=ahead,
        )  # fmt: skip
    except SpilloverError as error:
        raise CaseError(error.what, where=error.where, to_do=error.to_do) from error


def _summarise(
    case: Case, results: list[AddResult], failed: list[tuple[str, str]], checks: Checks, spread: Overview | None,
    ahead: Forecasts | str | None, report: Path, as_json: bool,
) -> None:  # fmt: skip
    from spillover.cli.tables import counts

    statements = [s for r in results for s in r.reading.statements]
    named: dict[str, int] = {}
    for s in statements:
        for id in {role.actor for role in (s.subject, s.object) if role is not None and role.actor}:
            named[id] = named.get(id, 0) + 1
    actors = sorted(named, key=lambda id: (-named[id], id))
    rejected = sum(len(r.reading.rejected) for r in results)
    for result in results:
        for warning in result.document.warnings:
            tell(f"{result.document.name}: {warning}")
    if as_json:
        kinds: dict[str, int] = {}
        for s in statements:
            kinds[s.kind] = kinds.get(s.kind, 0) + 1
        put_json({
            "case": str(case.path), "report": str(report), "documents": len(results),
            "new": sum(r.new for r in results), "failed": [{"document": n, "reason": r} for n, r in failed],
            "statements": kinds, "rejected": rejected, "actors": named, "events": [s.id for s in checks.sets],
            "verdicts": _verdicts(checks),
            "spread": None if spread is None else {
                "words": spread.selection.words, "since": str(spread.selection.since),
                "until": str(spread.selection.until), "events": len(spread.selection), "skipped": spread.skipped,
            },
            "forecast": ahead if ahead is None or isinstance(ahead, str) else {
                "about": ahead.about, "units": list(ahead.shown), "backtest": ahead.run,
            },
        })  # fmt: skip
        return
    lines = [f"{len(results)} document{'s' * (len(results) != 1)} read, {sum(r.new for r in results)} new to the case"]
    lines.append(f"{counts(statements)} · {rejected} candidates rejected")
    if checks.sets:
        lines.append(f"checked against {', '.join(s.label for s in checks.sets)}: {_verdict_line(checks)}")
    else:
        lines.append("not checked: there are no event data in the case (--events FILE adds some)")
    if spread is not None:
        lines.append(_spread_line(spread))
    if ahead is not None:
        lines.append(_forecast_line(ahead))
    if actors:
        names = [f"{(case.lexicon.actor(id) or _Nameless(id)).name} ({named[id]})" for id in actors[:_ACTORS_SHOWN]]
        more = f" and {len(actors) - _ACTORS_SHOWN} more" if len(actors) > _ACTORS_SHOWN else ""
        lines.append(f"{len(actors)} actors: {', '.join(names)}{more}")
    for result in results:
        if result.changes:
            c = result.changes
            lines.append(
                f"{result.document.name}: since the last reading {len(c.added)} statements added, "
                f"{len(c.removed)} removed, {len(c.changed)} changed"
            )
    put_text("\n".join([*lines, str(report)]) + "\n")


class _Nameless:
    """An actor that the lexicon does not have goes by its id."""

    def __init__(self, id: str) -> None:
        self.name = id


def _verdicts(checks: Checks) -> dict[str, int]:
    """Findings by verdict, the most frequent first."""
    counts: dict[str, int] = {}
    for finding in checks.findings:
        counts[finding.verdict] = counts.get(finding.verdict, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _spread_line(spread: Overview) -> str:
    said = f"spread measured over {len(spread.selection):,} events of {spread.selection.words}"
    if why := spread.skipped.get("contagion"):
        return f"{said}, without contagion: {why}"
    return said if spread.contagion is not None else f"{said}; --contagion adds how far one event sets off others"


def _forecast_line(ahead: Forecasts | str) -> str:
    if isinstance(ahead, str):
        return f"no forecast: {ahead}"
    months, windows = len(ahead.made.months), len(ahead.record.origins)
    return f"forecast of {ahead.about}, {months} months; back-test {ahead.run} has {windows} windows"


def _verdict_line(checks: Checks) -> str:
    from spillover.publishing.checks import verdict_words

    words = verdict_words()
    return ", ".join(f"{n} {words[v]['short'].lower()}" for v, n in _verdicts(checks).items())
