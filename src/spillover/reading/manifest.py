"""What a run over a folder has finished, so that the next run goes on from there.

``.spillover-manifest.jsonl`` in the output folder: a line a finished document. A line is added after the document's
output is on the disk; a half-written last line, after a crash, counts as not there.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from spillover.files import unwritable, write_atomic
from spillover.reading.lines import to_line

NAME = ".spillover-manifest.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """A finished document. ``source`` and ``output`` are paths in their folders, ``size`` is the output's, in bytes."""

    source: str
    sha256: str
    ruleset: str
    selection: str
    output: str
    size: int
    statements: int
    rejected: int


class Manifest:
    """The manifest of the output folder ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self.entries: dict[str, Entry] = {}
        if self._path.is_file():
            for line in self._path.read_text("utf-8", errors="replace").splitlines():
                try:
                    entry = Entry(**json.loads(line))
                except (ValueError, TypeError):
                    continue
                self.entries[entry.source] = entry

    def rewrite(self) -> None:
        """Write all entries in order of their sources: what half a line was, or was overtaken by a later one, goes."""
        lines = [to_line(asdict(self.entries[source])) + "\n" for source in sorted(self.entries)]
        write_atomic(self._path, "".join(lines).encode())

    def add(self, entry: Entry) -> None:
        """Note that a document is finished."""
        self.entries[entry.source] = entry
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(to_line(asdict(entry)) + "\n")
        except OSError as error:
            raise unwritable(self._path, error) from error
