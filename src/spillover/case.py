"""A case: a folder with everything that an analyst has on a matter.

::

    my-case/
      kb.sqlite        documents, statements, evidence (see knowledge/schema.sql)
      documents/       the original bytes, one file a document, named by their sha256
      events/          event data: a Parquet a data set, named by its content, and a note beside it
      runs/            run records
      lexicon.toml     the case's own actors and places, if there are any
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from spillover.errors import CaseError, DocumentError, SpilloverError
from spillover.files import unwritable
from spillover.knowledge import CaseActor, Changes, Hit, Store, StoredDocument, UnknownActor
from spillover.reading.folder import ReadingWork, Task, hash_of, read_many, reading_with
from spillover.reading.statement import Statement

if TYPE_CHECKING:
    from spillover.checking import Checks
    from spillover.lexicon import ActorInfo, Lexicon
    from spillover.reading import Reader
    from spillover.reading.document import Document
    from spillover.reading.reading import Reading
    from spillover.records import Added as AddedSet
    from spillover.records import Catalog, Crosswalk, Options, Session

_FOLDERS = ("documents", "events", "runs")
_OWN = frozenset({"kb.sqlite", "lexicon.toml", "downloads", *_FOLDERS})


@dataclass(frozen=True, slots=True)
class AddResult:
    """What adding a document did.

    ``new``: it was read and stored; else the same bytes had been read by the same rules before and nothing was written.
    ``changes``: what this reading says differently from an earlier one by other rules; ``None`` without an earlier one.
    """

    document: Document
    reading: Reading
    new: bool
    changes: Changes | None


class Case:
    """An open case; made by :func:`open_case`. A context manager, to be used from one thread."""

    def __init__(self, path: Path, store: Store) -> None:
        self.path, self.store = path, store
        self._reader: Reader | None = None
        self._lexicon: Lexicon | None = None

    def close(self) -> None:
        """Close the case's files."""
        self.store.close()

    def __enter__(self) -> Case:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def lexicon_path(self) -> Path | None:
        """The case's own lexicon, if it has one."""
        path = self.path / "lexicon.toml"
        return path if path.is_file() else None

    @property
    def lexicon(self) -> Lexicon:
        """The lexicon, with the case's own entries in front."""
        if self._lexicon is None:
            from spillover.lexicon import load_lexicon

            self._lexicon = load_lexicon(self.lexicon_path)
        return self._lexicon

    @property
    def reader(self) -> Reader:
        """The reader for this case; made at the first use, which takes a second or two."""
        if self._reader is None:
            from spillover.reading import Reader

            self._reader = Reader(case_lexicon=self.lexicon_path)
        return self._reader

    def add(self, source: str | Path | bytes, *, name: str | None = None, format: str | None = None) -> AddResult:
        """Read a document, given as a path or as its bytes, and store it with what it says.

        The same bytes by the same rules are not read twice. :class:`DocumentError` where it cannot be read.
        """
        from spillover.reading.documents import load

        source = Path(source) if isinstance(source, str) else source
        if (stored := self._stored(source)) is not None:
            return stored
        return self.put(self.reader.read(load(source, name=name, format=format)), source)

    def _stored(self, source: Path | bytes) -> AddResult | None:
        sha256 = hashlib.sha256(source).hexdigest() if isinstance(source, bytes) else hash_of(source)
        # without a hash the file cannot be read, and the loader says why
        found = sha256 and self.store.find_reading(sha256, "rules", self.reader.ruleset)
        if not sha256 or not found:
            return None
        self.store.use(sha256, found)
        return self._unchanged(sha256)

    def _unchanged(self, sha256: str) -> AddResult:
        reading = self.store.reading(sha256)
        return AddResult(reading.document, reading, False, self.store.changes(sha256))

    def put(self, reading: Reading, source: Path | bytes) -> AddResult:
        """Store a reading that was made elsewhere; ``source`` has the document's original bytes."""
        sha256 = reading.document.sha256
        if not self.store.add(reading, source, self.actor_infos([reading])).new:
            return self._unchanged(sha256)
        return AddResult(reading.document, reading, True, self.store.changes(sha256))

    def add_many(self, paths: Sequence[Path], *, jobs: int = 1) -> Iterator[tuple[Path, AddResult | SpilloverError]]:
        """Add documents one after the other, in order; what cannot be read comes back as its error.

        With more than one job, other processes read and this one stores; a script that asks for it needs the usual
        ``if __name__ == "__main__":``.
        """
        tasks = [Task(path, self._known(path)) for path in paths]
        build = ReadingWork(self.lexicon_path) if jobs > 1 else lambda: reading_with(self.reader)
        with closing(read_many(tasks, build, jobs=jobs)) as outcomes:
            for task, outcome in zip(tasks, outcomes, strict=True):
                if outcome.error is not None:
                    yield task.path, outcome.error
                elif outcome.value is not None:
                    yield task.path, self._put_or_error(outcome.value, task.path)
                elif task.known is not None:
                    yield task.path, self._unchanged(task.known[0])

    def _put_or_error(self, reading: Reading, path: Path) -> AddResult | DocumentError:
        try:
            return self.put(reading, path)
        except DocumentError as error:
            return error

    def _known(self, path: Path) -> tuple[str, str] | None:
        """Hash and rule set of the current reading of the document at ``path``, if there is one."""
        sha256 = hash_of(path)
        current = [r for r in self.store.readings(sha256) if r.current] if sha256 else []
        return (current[0].document, current[0].ruleset) if current else None

    def actor_infos(self, readings: Sequence[Reading]) -> dict[str, ActorInfo]:
        """What the lexicon says of all actors in the readings, by id."""
        ids = {m.ref for r in readings for m in r.mentions if m.type == "actor" and m.ref is not None}
        for reading in readings:
            for s in reading.statements:
                ids |= {role.actor for role in (s.subject, s.object) if role is not None and role.actor is not None}
        found = {id: self.lexicon.actor(id) for id in sorted(ids)}
        return {id: info for id, info in found.items() if info is not None}

    def statements(
        self,
        *,
        kind: str | None = None,
        status: str | None = None,
        actor: str | None = None,
        document: str | None = None,
        id: str | None = None,
    ) -> list[Statement]:
        """Statements of the current readings; see :meth:`Store.statements` for what can be asked."""
        return self.store.statements(kind=kind, status=status, actor=actor, document=document, id=id)

    def documents(self) -> list[StoredDocument]:
        """All documents, in the order in which they were added."""
        return self.store.documents()

    def reading(self, document: str) -> Reading:
        """The current reading of the document with that sha256."""
        return self.store.reading(document)

    # -- event data ---------------------------------------------------------------------------------------------------

    @property
    def catalog(self) -> Catalog:
        """The event data of the case."""
        from spillover.records import Catalog

        return Catalog(self.path / "events")

    def add_events(self, path: str | Path, options: Options | None = None) -> AddedSet:
        """Add a file of event data; :class:`~spillover.errors.RecordsError` where it cannot be used."""
        from spillover.records import add

        return add(self.catalog, Path(path), options)

    @property
    def crosswalk(self) -> Crosswalk:
        """Who is who in the data sets: the analyst's links first, then the lexicon."""
        from spillover.records import Crosswalk, link_from

        return Crosswalk(
            self.lexicon, [link_from(e.key, e.new) for e in self.store.edits("crosswalk").values() if e.new]
        )

    def events(self) -> Session:
        """The event data, open to queries; to be closed after use (a context manager)."""
        from spillover.records import open_session

        return open_session(self.catalog, self.crosswalk)

    def dates(self) -> dict[str, date]:
        """When documents were written, by their ids, where the analyst has said so."""
        return {key: date.fromisoformat(e.new) for key, e in self.store.edits("written").items() if e.new}

    def check(
        self,
        documents: Sequence[str] | None = None,
        *,
        factions: bool = True,
        progress: Callable[[int, int], None] | None = None,
    ) -> Checks:
        """Check the statements of the documents (by sha256; all by default) against the event data and each other."""
        from spillover.checking import check

        readings = [self.reading(d) for d in documents or [d.sha256 for d in self.documents()]]
        with self.events() as session:
            return check(readings, session, dates=self.dates(), factions=factions, progress=progress)

    def search(self, query: str, *, limit: int = 50) -> list[Hit]:
        """Full-text search over statements and documents: words, "phrases", prefix*, AND, OR, NOT."""
        return self.store.search(query, limit=limit)

    def actors(self) -> list[CaseActor]:
        """The actors that the statements name, those with most statements first."""
        return self.store.actors()

    def unknown_actors(self) -> list[UnknownActor]:
        """Names that the lexicon does not know: candidates for the case's own ``lexicon.toml``."""
        return self.store.unknown_actors()


def open_case(path: str | Path, *, create: bool = True, readonly: bool = False) -> Case:
    """Open the case in the folder ``path``, making it where there is none and ``create`` says so.

    ``readonly`` opens a case for looking only, also in a folder that cannot be written. :class:`CaseError` where the
    case is damaged, was written by a newer Spillover, cannot be written, or is no case.
    """
    path = Path(path)
    create = create and not readonly
    if path.exists() and not path.is_dir():
        raise CaseError("this is a file; a case is a folder", where=str(path), to_do="Name a folder, new or of a case")
    try:
        foreign = path.is_dir() and not (path / "kb.sqlite").exists() and _foreign(path)
        if create and foreign:
            raise CaseError(
                f"the folder has other files in it (such as {foreign}) and is not a case",
                where=str(path),
                to_do="Name a new or empty folder",
            )
        if create:
            for name in _FOLDERS:
                (path / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error
    return Case(path, Store.open(path, create=create, readonly=readonly))


def _foreign(path: Path) -> str | None:
    names = sorted(p.name for p in path.iterdir())
    return next((name for name in names if name not in _OWN and not name.startswith(".")), None)
