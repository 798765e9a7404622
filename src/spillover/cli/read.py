"""``spillover read``: documents to statements."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spillover.cli import exits
from spillover.cli.console import complain, put, put_text, tell
from spillover.cli.progress import progress
from spillover.cli.sources import STDIN, Sources, choices, collect, standard_input

if TYPE_CHECKING:
    from spillover.reading.lines import Selection
    from spillover.reading.reading import Reading


def read(
    sources: Annotated[
        list[Path], typer.Argument(metavar="FILE|FOLDER|-", help="Documents to read; - is standard input.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, nothing else.")] = False,
    text: Annotated[
        bool, typer.Option("--text", help="The clean text that all offsets count in, nothing else.")
    ] = False,
    rejected: Annotated[
        bool, typer.Option("--rejected", help="The candidates that failed the evidence gate, with the reason, instead.")
    ] = False,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Only this kind (tie, event, count …); may be repeated.")
    ] = None,
    status: Annotated[
        list[str] | None, typer.Option("--status", help="Only this status (fact, assessed …); may be repeated.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write a JSON Lines file a document into this folder.")
    ] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes; all cores by default.")] = None,
    case: Annotated[
        Path | None, typer.Option("--case", help="Keep what is read in this case, and use its lexicon.")
    ] = None,
) -> None:
    """Read documents into statements, each with the words that say it.

    Examples:

        spillover read article.txt

        spillover read article.html --json --kind tie --kind event

        spillover read reports/ --out statements/ --jobs 4

        cat article.txt | spillover read - --text

    A folder that was stopped half-way goes on where it was: run the same command again.
    """
    from spillover.reading.lines import Selection
    from spillover.reading.statement import KINDS, STATUSES

    selection = Selection(choices(kind, KINDS, "--kind"), choices(status, STATUSES, "--status"), rejected)
    if STDIN in sources and (len(sources) > 1 or out is not None):
        raise typer.BadParameter("standard input is read alone and without --out", param_hint="-")
    if text:
        if len(sources) != 1 or sources[0].is_dir() or out or as_json or rejected or case or kind or status:
            raise typer.BadParameter("it shows one document, without other options", param_hint="--text")
        _show_text(sources[0])
    elif out is not None:
        if case is not None or as_json:
            raise typer.BadParameter("it goes without --case and --json", param_hint="--out")
        _read_to_folder(sources, out, selection, jobs)
    elif STDIN in sources:
        _show(_read_stdin(case), selection, as_json)
    else:
        _read_and_show(collect(sources, apart_from=case), selection, as_json, jobs, case)


def _show_text(source: Path) -> None:
    from spillover.reading.documents import load

    document = load(standard_input(), name="standard input") if source == STDIN else load(source)
    put_text(document.text)
    _warn(document.name, document.warnings)


def _read_stdin(case: Path | None) -> Reading:
    data = standard_input()
    if case is not None:
        from spillover.case import open_case

        with open_case(case) as opened:
            return opened.add(data, name="standard input").reading
    from spillover.reading import Reader
    from spillover.reading.documents import load

    return Reader().read(load(data, name="standard input"))


def _read_and_show(found: Sources, selection: Selection, as_json: bool, jobs: int | None, case: Path | None) -> None:
    """Statements to standard output as they come, in the order of the documents."""
    from spillover.reading.folder import worth

    done, total = 0, len(found.paths)
    failed = list(found.failed)
    found.tell_left_out()
    try:
        with progress(total, "reading") as report:
            for path, result in _readings(found.paths, worth(total, jobs), case):
                if isinstance(result, Exception):
                    failed.append((path, str(result)))
                else:
                    _show(result, selection, as_json)
                    done += 1
                report(done + len(failed), len(failed))
    except KeyboardInterrupt:
        complain(f"stopped; {done} of {total} done; run again to go on")
        raise typer.Exit(exits.INTERRUPTED) from None
    _end(done, failed)


def _readings(paths: list[Path], jobs: int, case: Path | None) -> Any:
    if case is not None:
        from spillover.case import open_case

        with open_case(case) as opened:
            for path, result in opened.add_many(paths, jobs=jobs):
                yield path, result if isinstance(result, Exception) else result.reading
        return
    from spillover.reading.folder import ReadingWork, Task, read_many

    for outcome in read_many([Task(path) for path in paths], ReadingWork(), jobs=jobs):
        yield outcome.path, outcome.error or outcome.value


def _read_to_folder(given: list[Path], out: Path, selection: Selection, jobs: int | None) -> None:
    from spillover.reading.folder import LinesWork, Summary, read_folder, worth

    found = collect(given, apart_from=out)
    found.tell_left_out()
    folder = given[0] if len(given) == 1 and given[0].is_dir() else _common(found.paths)
    total, summary = len(found.paths), Summary()
    try:
        with progress(total, "reading") as report:
            read_folder(
                folder, found.paths, out, LinesWork(selection), selection, jobs=worth(total, jobs), summary=summary,
                progress=lambda s: report(s.done + len(s.failed), len(s.failed)),
            )  # fmt: skip
    except KeyboardInterrupt:
        complain(f"stopped; {summary.done} of {total} done; run again to go on")
        raise typer.Exit(exits.INTERRUPTED) from None
    before = f" ({summary.before} done before)" if summary.before else ""
    tell(
        f"{summary.done} of {total} documents read{before}: {summary.statements} statements, "
        f"{summary.rejected} rejected candidates, in {out}"
    )
    _end(summary.done, [*found.failed, *summary.failed])


def _common(paths: list[Path]) -> Path:
    import os

    return Path(os.path.commonpath([path.parent for path in paths])) if paths else Path()


def _show(reading: Reading, selection: Selection, as_json: bool) -> None:
    _warn(reading.document.name, reading.document.warnings)
    if as_json:
        put_text(selection.lines(reading))
        return
    from spillover.cli.tables import counts, rejected_table, statement_table

    name = reading.document.name
    if selection.rejected:
        rejects = selection.rejects(reading)
        put(rejected_table(rejects, name), f"{len(rejects)} candidates rejected")
        return
    statements = selection.statements(reading)
    put(statement_table(statements, name), f"{counts(statements)} · {len(reading.rejected)} candidates rejected")


def _warn(name: str, warnings: tuple[str, ...]) -> None:
    for warning in warnings:
        tell(f"{name}: {warning}")


def _end(done: int, failed: list[tuple[Path, str]]) -> None:
    if not done and not failed:
        complain("there is no document here")
        raise typer.Exit(exits.NONE_READ)
    for path, reason in sorted(failed):
        # most reasons begin with the document's name already
        complain(reason if path.name in reason else f"{path}: {reason}")
    if failed and done + len(failed) > 1:
        complain(f"{len(failed)} of {done + len(failed)} documents could not be read")
    raise typer.Exit(exits.code_for(done, len(failed)))
