"""The catalog of a case's event data: one immutable Parquet a data set, named by its content, and a note beside it.

A set is there when its note is (``<id>.json``): the note is written last and whole, so a run that is killed leaves
the whole set or nothing. No database, no lock: many programs may read while one adds.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from spillover.errors import RecordsError
from spillover.files import sync_folder, unwritable, write_atomic
from spillover.records.normal import What

FORMAT = "spillover-set/1"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a set says something about, also where it has no row. ``countries``: ISO3, ``None`` for the whole world,
    empty for a sample, whose silence says nothing.

    ``start``, ``end``: days, ISO 8601, both inside.
    """

    countries: tuple[str, ...] | None
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class DataSet:
    """A set of the catalog. ``rows`` of the file = ``kept`` + the sum of ``skipped`` (reason → rows)."""

    id: str
    dataset: str
    name: str
    what: What
    family: str
    release: str | None
    licence: str
    attribution: str
    fatal_only: bool
    provisional: bool
    private: bool
    rank: int
    rows: int
    kept: int
    skipped: dict[str, int]
    notes: tuple[str, ...]
    coverage: Coverage
    source: str
    source_sha256: str
    source_size: int
    recipe: str
    imported_at: str
    spillover: str
    order: int = 0
    folder: Path = field(default=Path(), compare=False)

    @property
    def file(self) -> Path:
        """Its Parquet file."""
        return self.folder / f"{self.id}.parquet"

    @property
    def skipped_file(self) -> Path | None:
        """The rows that were left out, each with its reason; ``None`` where there is none."""
        path = self.folder / f"{self.id}.skipped.csv"
        return path if self.skipped else None

    @property
    def label(self) -> str:
        """Its name and release, as people say it."""
        return f"{self.name} {self.release}" if self.release else self.name

    def to_dict(self) -> dict[str, Any]:
        """The note's JSON form."""
        made = asdict(self)
        del made["folder"]
        return {"format": FORMAT, **made}


def damaged(entry: DataSet, error: Exception) -> RecordsError:
    """The error for a set whose Parquet file cannot be read."""
    return RecordsError(
        f"the data of this set are damaged ({str(error).splitlines()[0]})", where=str(entry.file),
        to_do=f"Remove it with 'spillover events remove {entry.id}' and add {entry.source} again",
    )  # fmt: skip


class Catalog:
    """The sets in a folder (``events/`` of a case)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def sets(self) -> list[DataSet]:
        """All sets, in the order in which they were added; :class:`RecordsError` where a note is damaged."""
        notes = sorted(self.folder.glob("*.json")) if self.folder.is_dir() else []
        found = [self._read(path) for path in notes]
        return sorted(found, key=lambda s: (s.order, s.imported_at, s.id))

    def find(self, reference: str) -> DataSet:
        """The set whose id starts with ``reference``, or whose data set, ``dataset@release`` or file has that name.

        :class:`RecordsError` where it is none, or not one alone.
        """
        sets = self.sets()
        fitting = [s for s in sets if len(reference) >= 4 and s.id.startswith(reference)]
        fitting = fitting or [
            s for s in sets if reference in (s.dataset, f"{s.dataset}@{s.release}", s.source, s.release)
        ]
        if len(fitting) == 1:
            return fitting[0]
        what = f"{len(fitting)} sets are called {reference!r}" if fitting else f"there is no set {reference!r}"
        listed = ", ".join(f"{s.id} ({s.label})" for s in fitting or sets) or "none"
        raise RecordsError(what, where=str(self.folder), to_do=f"Sets here: {listed}")

    def known(self, sha256: str, recipe: str) -> DataSet | None:
        """The set that the same bytes gave by the same recipe."""
        return next((s for s in self.sets() if (s.source_sha256, s.recipe) == (sha256, recipe)), None)

    def put(self, entry: DataSet, rows: Path, skipped: bytes | None) -> DataSet:
        """Take a finished Parquet file (moved from ``rows``) and its note into the catalog."""
        made = self._with_place(entry)
        note, listed = self.folder / f"{made.id}.json", self.folder / f"{made.id}.skipped.csv"
        try:
            rows.replace(made.file)
            sync_folder(self.folder)
            if skipped is not None:
                write_atomic(listed, skipped)
            text = json.dumps(made.to_dict(), ensure_ascii=False, indent=1)
            write_atomic(note, text.encode("utf-8", "replace"))
        except BaseException as error:
            if not note.exists():
                with contextlib.suppress(OSError):
                    made.file.unlink(missing_ok=True)
                    listed.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise unwritable(made.file, error) from error
            raise
        return made

    def _with_place(self, entry: DataSet) -> DataSet:
        orders = [s.order for s in self.sets()]
        values = {f.name: getattr(entry, f.name) for f in fields(entry)}
        return DataSet(**{**values, "folder": self.folder, "order": max(orders, default=0) + 1})

    def remove(self, entry: DataSet) -> None:
        """Take a set out: its note first, so that it is gone at once and whole."""
        try:
            (self.folder / f"{entry.id}.json").unlink()
            sync_folder(self.folder)
            for path in (entry.file, self.folder / f"{entry.id}.skipped.csv"):
                with contextlib.suppress(FileNotFoundError):
                    path.unlink()
        except OSError as error:
            raise unwritable(entry.file, error) from error

    def strays(self, but: Sequence[str] = ()) -> list[Path]:
        """Files of a set without its note: left by a run that was killed before it wrote that."""
        noted = {path.stem for path in self.folder.glob("*.json")} | set(but)
        found = sorted((*self.folder.glob("*.parquet"), *self.folder.glob("*.skipped.csv")))
        return [path for path in found if path.name.partition(".")[0] not in noted]

    def _read(self, path: Path) -> DataSet:
        try:
            raw = json.loads(path.read_text("utf-8"))
            if raw.pop("format", None) != FORMAT:
                raise ValueError("its format is another one")
            raw["coverage"] = Coverage(
                None if raw["coverage"]["countries"] is None else tuple(raw["coverage"]["countries"]),
                raw["coverage"]["start"], raw["coverage"]["end"],
            )  # fmt: skip
            found = DataSet(**{**raw, "notes": tuple(raw["notes"]), "folder": self.folder})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise RecordsError(
                f"the note of a data set is damaged ({type(error).__name__}: {error})", where=str(path),
                to_do="Delete this file and add the data set again",
            ) from error  # fmt: skip
        if not found.file.is_file():
            raise RecordsError(
                "the data of this set are missing", where=str(found.file),
                to_do=f"Delete {path.name} beside it and add {found.source} again",
            )  # fmt: skip
        return found
