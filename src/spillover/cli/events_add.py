"""``spillover events add``: files of event data into a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spillover.cli import exits
from spillover.cli.console import complain, put_json, put_text, tell
from spillover.cli.search import DEFAULT_CASE

if TYPE_CHECKING:
    from spillover.case import Case
    from spillover.records import Added, DataSet, Options

_REASONS_SHOWN = 8
_ROWS_SHOWN = 3


def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV, XLSX, GeoJSON or Parquet files.")],
    case: Annotated[Path, typer.Option("--case", help="The case; made where there is none.")] = DEFAULT_CASE,
    dataset: Annotated[
        str | None,
        typer.Option("--as", help="Which data set it is, where the columns do not tell: ucdp-ged, acled, gtd …"),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", help="A TOML file that says which column is what (docs/events.md).")
    ] = None,
    release: Annotated[str | None, typer.Option("--release", help="Its release, such as 25.1.")] = None,
    covers: Annotated[
        str | None,
        typer.Option("--covers", help="Countries that it covers, also those without an event: AFG,PAK or all."),
    ] = None,
    start: Annotated[str | None, typer.Option("--from", help="First day that it covers, YYYY-MM-DD.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day that it covers, YYYY-MM-DD.")] = None,
    dates: Annotated[str | None, typer.Option("--dates", help="dmy or mdy, where 03/04/2021 could be either.")] = None,
    swap: Annotated[
        bool,
        typer.Option("--swap-coordinates", help="Latitude stands in the longitude's column and the other way round."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a file.")] = False,
) -> None:
    """Add event data to a case. What a file is is seen by its columns; every row left out is counted, with the reason.

    Examples:

        spillover events add ged251.csv --case my-case

        spillover events add acled-export.xlsx ged_pakistan.csv --case my-case

        spillover events add own.csv --map own.toml --case my-case
    """
    options = _options(dataset, mapping, release, covers, start, end, dates, swap)
    raise typer.Exit(add_files(case, files, options, as_json=as_json))


def add_file(case: Path, path: Path, *, dataset: str | None, release: str | None, as_json: bool) -> None:
    """Add one file that is known to be of a data set; ends the command."""
    raise typer.Exit(add_files(case, [path], _options(dataset, None, release), as_json=as_json))


def add_files(case: Path, files: list[Path], options: Options, *, as_json: bool, quiet: bool = False) -> int:
    """Add files one after the other; the exit code. A file that cannot be used is said and the next one tried.

    ``quiet``: a line on standard error instead of all that there is to say.
    """
    from spillover.case import open_case
    from spillover.errors import RecordsError

    done = 0
    with open_case(case) as opened:
        for path in files:
            try:
                added = opened.add_events(path, options)
            except RecordsError as error:
                complain(str(error))
                continue
            done += 1
            if not quiet:
                _show(opened, path, added, as_json)
            else:
                skipped = sum(added.entry.skipped.values())
                tell(f"{path.name}: {added.entry.label}, {added.entry.kept:,} rows, {skipped:,} left out")
    return exits.code_for(done, len(files) - done)


def _options(
    dataset: str | None, mapping: Path | None, release: str | None, covers: str | None = None, start: str | None = None,
    end: str | None = None, dates: str | None = None, swap: bool = False,
) -> Options:  # fmt: skip
    from spillover.records import Options

    if dataset is not None and mapping is not None:
        raise typer.BadParameter("it goes without --map", param_hint="--as")
    if dates not in (None, "dmy", "mdy"):
        raise typer.BadParameter("it is dmy or mdy", param_hint="--dates")
    return Options(
        dataset=dataset, mapping=mapping, release=release, dates=dates, swap=swap,
        covers=countries_from(covers, "--covers"),
        start=day_from(start, "--from"), end=day_from(end, "--to"),
    )  # fmt: skip


def countries_from(said: str | None, option: str) -> tuple[str, ...] | None:
    """ISO3 codes of an option, ``("all",)`` for all."""
    if said is None or said.strip().lower() == "all":
        return None if said is None else ("all",)
    from spillover.records.countries import names

    codes = tuple(code.strip().upper() for code in said.split(",") if code.strip())
    if unknown := [code for code in codes if code not in names()]:
        raise typer.BadParameter(f"{unknown[0]!r} is no ISO 3166-1 alpha-3 code such as PAK", param_hint=option)
    return codes


def day_from(said: str | None, option: str) -> str | None:
    """The day of an option, ISO 8601."""
    from datetime import date

    try:
        return None if said is None else date.fromisoformat(said).isoformat()
    except ValueError:
        raise typer.BadParameter(f"{said!r} is no day such as 2021-12-31", param_hint=option) from None


def _show(case: Case, path: Path, added: Added, as_json: bool) -> None:
    entry = added.entry
    if as_json:
        put_json({**summary(entry), "new": added.new})
        return
    if not added.new:
        put_text(f"{path.name}: is there already, as set {entry.id} ({entry.label})\n")
        return
    skipped = sum(entry.skipped.values())
    lines = [f"{path.name}: set {entry.id}, {entry.label}",
             f"  {entry.rows:,} rows: {entry.kept:,} kept, {skipped:,} left out"]  # fmt: skip
    for reason, count in list(entry.skipped.items())[:_REASONS_SHOWN]:
        rows = [r.row for r in added.rejects if _same(r.reason, reason)][:_ROWS_SHOWN]
        where = (
            f" (row{'s' * (len(rows) > 1)} {', '.join(str(r) for r in rows)}{' …' if count > len(rows) else ''})"
            if rows
            else ""
        )
        lines.append(f"    {count:,} {reason}{where}")
    if entry.skipped_file is not None and skipped > 1:
        lines.append(f"    all of them: {entry.skipped_file}")
    lines.append(f"  covers {_covers(entry)}")
    lines += [f"  note: {note}" for note in entry.notes]
    lines.append(f"  {entry.licence}. {entry.attribution}")
    put_text("\n".join(lines) + "\n")
    if entry.release is None and entry.dataset == "ucdp-ged":
        tell(
            f"{path.name}: the file does not say its release; --release 25.1 would, so that a newer one can replace it"
        )


def _same(reason: str, kind: str) -> bool:
    from spillover.records.importing import kind_of

    return kind_of(reason) == kind


def _covers(entry: DataSet) -> str:
    from spillover.checking.coverage import described

    return described([entry]).partition(": ")[2]


def summary(entry: DataSet) -> dict[str, Any]:
    """A set for ``--json``."""
    made = entry.to_dict()
    for name in ("format", "recipe", "order", "rank", "spillover"):
        made.pop(name)
    return {**made, "file": str(entry.file), "skipped_file": str(entry.skipped_file) if entry.skipped_file else None}
