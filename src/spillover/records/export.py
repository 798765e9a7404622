"""A set written out in the normal form, as CSV or Parquet; importing it again gives the same rows."""

from __future__ import annotations

from pathlib import Path

from spillover.errors import RecordsError
from spillover.files import unwritable
from spillover.records.catalog import DataSet, damaged
from spillover.records.importing import as_os_error, connect
from spillover.records.source import text

FORMATS = {".csv": "FORMAT csv, HEADER true", ".parquet": "FORMAT parquet"}


def export(entry: DataSet, path: Path) -> Path:
    """Write the rows of a set to ``path``, a CSV or Parquet file by its ending; the path.

    :class:`RecordsError` for another ending; :class:`~spillover.errors.CaseError` where it cannot be written.
    """
    import duckdb

    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise RecordsError(
            f"no export to {path.suffix or 'a file without an ending'}", to_do="Name a .csv or .parquet file"
        )
    part = path.with_name(f".{path.name}.part")
    rows = f"(SELECT * FROM read_parquet({text(str(entry.file))}))"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with connect() as db:
            db.execute(f"COPY {rows} TO {text(str(part))} ({form})")
        part.replace(path)
    except (duckdb.Error, OSError) as error:
        part.unlink(missing_ok=True)
        if isinstance(error, duckdb.Error) and str(part) not in str(error):
            raise damaged(entry, error) from error
        raise unwritable(path, as_os_error(error)) from error
    return path
