"""Reading many documents: on several processes, with a count of what failed, going on where it was stopped."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Generic, TypeVar

from spillover.errors import SpilloverError
from spillover.files import sweep, unwritable, write_atomic
from spillover.reading import workers
from spillover.reading.lines import Selection
from spillover.reading.manifest import Entry, Manifest

if TYPE_CHECKING:
    from spillover.reading import Reader
    from spillover.reading.reading import Reading

R = TypeVar("R")

# below this many documents, starting processes takes longer than they save
FEW = 8


@dataclass(frozen=True, slots=True)
class Task:
    """One document to read. ``known``: hash and rule set of a reading that need not be done again."""

    path: Path
    known: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """A reading as JSON Lines, small enough to hand from process to process."""

    sha256: str
    ruleset: str
    data: bytes
    statements: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Outcome(Generic[R]):
    """What came of one document: a ``value``, an ``error``, or neither: it was done before."""

    path: Path
    value: R | None
    error: SpilloverError | None


@dataclass(frozen=True, slots=True)
class ReadingWork:
    """Builds what one process does: read a document, hand back its :class:`Reading`, ``None`` where it is known."""

    case_lexicon: Path | None = None
    engine: str = "rules"

    def __call__(self) -> Callable[[Task], Reading | None]:
        from spillover.reading import Reader

        return reading_with(Reader(case_lexicon=self.case_lexicon, engine=self.engine))


@dataclass(frozen=True, slots=True)
class LinesWork:
    """As :class:`ReadingWork`, but hands back the selected statements as :class:`Lines`."""

    selection: Selection
    case_lexicon: Path | None = None
    engine: str = "rules"

    def __call__(self) -> Callable[[Task], Lines | None]:
        read = ReadingWork(self.case_lexicon, self.engine)()

        def work(task: Task) -> Lines | None:
            reading = read(task)
            return None if reading is None else as_lines(reading, self.selection)

        return work


def reading_with(reader: Reader) -> Callable[[Task], Reading | None]:
    """Read documents with a reader that is there already."""
    from spillover.reading.documents import load

    def work(task: Task) -> Reading | None:
        if task.known is not None and task.known == (hash_of(task.path), reader.ruleset):
            return None
        return reader.read(load(task.path))

    return work


def hash_of(path: Path) -> str | None:
    """The sha256 of a file's bytes; ``None`` where it cannot be read (the loader will say why)."""
    # opening a pipe would wait for somebody to write into it
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def as_lines(reading: Reading, selection: Selection) -> Lines:
    """The selected statements of a reading as JSON Lines in UTF-8."""
    data = selection.lines(reading).encode()
    return Lines(reading.document.sha256, reading.ruleset, data, len(reading.statements), len(reading.rejected))


def worth(documents: int, jobs: int | None) -> int:
    """The number of processes for so many documents: ``jobs`` or all cores, and one alone where they are few."""
    return 1 if documents < FEW else min(jobs or os.cpu_count() or 1, documents)


def read_many(
    tasks: Sequence[Task],
    build: Callable[[], Callable[[Task], R | None]],
    *,
    jobs: int = 1,
    ordered: bool = True,
) -> Generator[Outcome[R], None, None]:
    """Read the documents; one that fails does not stop the rest."""
    with closing(workers.run(tasks, build, jobs=jobs, ordered=ordered)) as results:
        for result in results:
            yield Outcome(result.task.path, result.value, result.error)


@dataclass(slots=True)
class Summary:
    """What a run over a folder did; all paths are the documents' own."""

    total: int = 0
    read: int = 0
    before: int = 0
    statements: int = 0
    rejected: int = 0
    failed: list[tuple[Path, str]] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Documents that need no further run."""
        return self.read + self.before


def read_folder(
    folder: Path,
    paths: Sequence[Path],
    out: Path,
    build: Callable[[], Callable[[Task], Lines | None]],
    selection: Selection,
    *,
    jobs: int = 1,
    progress: Callable[[Summary], object] = lambda _: None,
    summary: Summary | None = None,
) -> Summary:
    """Read ``paths`` under ``folder`` and write one JSON Lines file each under ``out``.

    A document that an earlier run finished, with the same bytes, rule set and selection, is not read again. Each file
    appears whole. ``progress`` is called after each document; ``summary`` is filled as it goes, for a caller who wants
    to know how far it came when it was stopped.
    """
    summary = summary if summary is not None else Summary()
    summary.total = len(paths)
    names = output_names([PurePosixPath(path.relative_to(folder).as_posix()) for path in paths])
    try:
        out.mkdir(parents=True, exist_ok=True)
        for place in {(out / name).parent for name in names.values()} | {out}:
            sweep(place)
        manifest = Manifest(out)
        manifest.rewrite()
    except OSError as error:
        raise unwritable(out, error) from error
    tasks = []
    for path, source in zip(paths, names, strict=True):
        entry = _still_there(manifest.entries.get(str(source)), out, names[source], selection)
        tasks.append(Task(path, None if entry is None else (entry.sha256, entry.ruleset)))
    sources = dict(zip(paths, names, strict=True))
    for outcome in read_many(tasks, build, jobs=jobs, ordered=False):
        source = sources[outcome.path]
        if outcome.error is not None:
            summary.failed.append((outcome.path, str(outcome.error)))
        elif outcome.value is None:
            entry = manifest.entries[str(source)]
            summary.before += 1
            summary.statements, summary.rejected = (
                summary.statements + entry.statements,
                summary.rejected + entry.rejected,
            )
        else:
            lines, output = outcome.value, names[source]
            # the manifest knows the size, so a file that a power cut emptied is seen and read again
            write_atomic(out / output, lines.data, durable=False)
            manifest.add(Entry(
                str(source), lines.sha256, lines.ruleset, selection.key, str(output), len(lines.data), lines.statements,
                lines.rejected,
            ))  # fmt: skip
            summary.read += 1
            summary.statements, summary.rejected = (
                summary.statements + lines.statements,
                summary.rejected + lines.rejected,
            )
        progress(summary)
    # documents finish in any order; what is left behind does not depend on it
    summary.failed.sort()
    manifest.rewrite()
    return summary


def _still_there(entry: Entry | None, out: Path, name: PurePosixPath, selection: Selection) -> Entry | None:
    if entry is None or entry.selection != selection.key or entry.output != str(name):
        return None
    try:
        return entry if (out / name).stat().st_size == entry.size else None
    except OSError:
        return None


def output_names(sources: Sequence[PurePosixPath]) -> dict[PurePosixPath, PurePosixPath]:
    """A name of its own for each document's output: ``a/b.txt`` → ``a/b.jsonl``, or ``a/b.txt.jsonl`` where there is
    another ``a/b``. The same for the same set of documents, in whatever order.
    """
    long: set[PurePosixPath] = set()
    while True:
        names = {s: s.with_name(f"{s.name if s in long else s.stem}.jsonl") for s in sources}
        taken = Counter(names.values())
        clashing = {s for s in sources if taken[names[s]] > 1} - long
        if not clashing:
            return names
        long |= clashing
