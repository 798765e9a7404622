"""``spillover assess``: documents in, a report out."""

from __future__ import annotations

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
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes; all cores by default.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The summary as one JSON object, with the report's path.")
    ] = False,
) -> None:
    """Read documents into a case and write a report on them: one HTML file that opens anywhere.

    The last line of the output is the path of the report.

    Examples:

        spillover assess article.txt

        spillover assess article.pdf reports/ --case my-case --out my-report.html --title "Who is who"
    """
    from spillover.case import open_case

    with open_case(case) as opened:
        results, failed = _add(opened, sources, jobs)
        for name, reason in failed:
            complain(reason if Path(name).name in reason else f"{name}: {reason}")
        if not results:
            complain("nothing could be read, so there is no report")
            raise typer.Exit(exits.NONE_READ)
        report = _write(opened, results, out or case / "report.html", title)
        _summarise(opened, results, failed, report, as_json)
    raise typer.Exit(exits.code_for(len(results), len(failed)))


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


def _write(case: Case, results: list[AddResult], path: Path, title: str | None) -> Path:
    from spillover.errors import CaseError, SpilloverError
    from spillover.publishing.report import write_report

    # the same bytes under two names are one document
    readings = list({r.document.sha256: r.reading for r in results}.values())
    first = results[0].document
    if title is None:
        title = first.metadata.title or Path(first.name).stem
        title += f" and {len(readings) - 1} more" if len(readings) > 1 else ""
    try:
        return write_report(readings, path, title=title, actors=case.actor_infos(readings))
    except SpilloverError as error:
        raise CaseError(error.what, where=error.where, to_do=error.to_do) from error


def _summarise(
    case: Case, results: list[AddResult], failed: list[tuple[str, str]], report: Path, as_json: bool
) -> None:
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
            "statements": kinds, "rejected": rejected, "actors": named,
        })  # fmt: skip
        return
    lines = [f"{len(results)} document{'s' * (len(results) != 1)} read, {sum(r.new for r in results)} new to the case"]
    lines.append(f"{counts(statements)} · {rejected} candidates rejected")
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
