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
from spillover.files import unwritable

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
        try:
            lines = path.read_text("utf-8").splitlines() if path.exists() else []
            parts = [part for line in lines if (part := _parsed(line)) is not None]
            if parts and parts[0].get("of") != digest:
                raise SpreadError(
                    "this checkpoint belongs to other events, settings or another seed", where=str(path),
                    to_do="Name another file, or remove it",
                )  # fmt: skip
            self._kept = {part["key"]: part["value"] for part in parts[1:]}
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8")
            for part in parts or [{"of": digest}]:
                self._write(part)
        except OSError as error:
            raise unwritable(path, error) from error

    def _write(self, part: dict[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(part) + "\n")
            self._file.flush()

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
    return found if isinstance(found, dict) else None
