"""Long work in small numbered parts, each with a random generator of its own: to be told of, stopped, and taken up.

A part depends on the seed, its name and its number alone. With a checkpoint (a file of JSON lines) what is done is not
done again; a line that was cut off by a crash is left out.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from spillover.errors import SpreadError, Stopped
from spillover.files import unwritable, write_atomic

Progress = Callable[[int, int, str], bool | None]


class Parts:
    """Parts of a run. ``what``: all that their results depend on; a checkpoint of anything else is refused."""

    def __init__(
        self, seed: int, total: int, what: bytes, *, progress: Progress | None = None, checkpoint: Path | None = None
    ) -> None:
        self.seed, self.total, self.done, self._progress = seed, total, 0, progress
        self._kept: dict[str, Any] = {}
        self._file: TextIO | None = None
        if checkpoint is not None:
            self._open(checkpoint, hashlib.sha256(what).hexdigest())

    def _open(self, path: Path, digest: str) -> None:
        head = json.dumps({"of": digest})
        try:
            found = path.read_text("utf-8", errors="replace") if path.exists() else ""
            lines = found.splitlines()
            if lines[1:] or not head.startswith(found.rstrip("\n")):
                self._check(path, lines[0], head)
            parts = [part for line in lines[1:] if (part := _parsed(line)) is not None]
            self._kept = {part["key"]: part["value"] for part in parts}
            whole = "".join(line + "\n" for line in (head, *map(json.dumps, parts)))
            if found != whole:
                write_atomic(path, whole.encode())
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise unwritable(path, error) from error

    @staticmethod
    def _check(path: Path, first: str, head: str) -> None:
        if first == head:
            return
        checkpoint = first.startswith(head[:8])
        what = "this checkpoint belongs to other events, settings or another seed"
        raise SpreadError(
            what if checkpoint else "this file is no checkpoint, and is left as it is", where=str(path),
            to_do="Name another file, or remove it" if checkpoint else "Name another file",
        )  # fmt: skip

    def _write(self, part: dict[str, Any]) -> None:
        if self._file is None:
            return
        try:
            self._file.write(json.dumps(part) + "\n")
            self._file.flush()
        except OSError as error:
            raise unwritable(Path(self._file.name), error) from error

    def close(self) -> None:
        """Close the checkpoint."""
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> Parts:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __call__(self, name: str, number: int, compute: Callable[[np.random.Generator], Any]) -> Any:
        """The part's result: kept, or computed now. :class:`Stopped` where progress says ``False``."""
        key = f"{name}/{number}"
        if self._progress is not None and self._progress(self.done, self.total, name) is False:
            raise Stopped(f"stopped at {name}, {self.done} of {self.total} parts done", to_do="Run it again to go on")
        if key not in self._kept:
            value = compute(np.random.default_rng([self.seed, zlib.crc32(name.encode()), number]))
            self._kept[key] = value
            self._write({"key": key, "value": value})
        self.done += 1
        return self._kept[key]


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and {"key", "value"} <= found.keys() else None
