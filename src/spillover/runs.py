"""Run records: what a run was given and what came out of it, so that two runs can be compared and one repeated.

A record is ``runs/<id>.json`` of a case. The id depends on what was given alone, so the same run has the same record.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from spillover import __version__
from spillover.files import write_atomic

FORMAT = "spillover-run/1"


@dataclass(frozen=True)
class Run:
    """What a run was given. ``inputs``: name → SHA-256; ``parameters``: ready for JSON."""

    command: str
    inputs: dict[str, str]
    parameters: dict[str, Any]
    seed: int
    version: str = __version__

    @cached_property
    def id(self) -> str:
        """Sixteen hexadecimal digits that change with anything that was given."""
        return digest(json.dumps(asdict(self), sort_keys=True).encode())[:16]

    def write(self, folder: Path, outputs: Mapping[str, str]) -> Path:
        """Write the record; ``outputs``: name → SHA-256. :class:`~spillover.errors.CaseError` where it cannot be."""
        form = {"format": FORMAT, "id": self.id, **asdict(self), "outputs": dict(outputs)}
        path = folder / f"{self.id}.json"
        write_atomic(path, (json.dumps(form, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
        return path


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_of(value: Any) -> str:
    """SHA-256 of a value's JSON."""
    return digest(json.dumps(value, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def writable(case: Path) -> Path | None:
    """The folder of a case's run records, made where it is not there; ``None`` where it cannot be written."""
    folder = case / "runs"
    try:
        folder.mkdir(exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None
