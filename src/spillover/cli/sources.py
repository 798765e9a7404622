"""The documents that a command is given: files, folders, or standard input."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import typer

STDIN = Path("-")


@dataclass(slots=True)
class Sources:
    """``paths`` to read, and what was found but is not read, with the reason."""

    paths: list[Path] = field(default_factory=list)
    skipped: list[tuple[Path, str]] = field(default_factory=list)


def collect(given: Sequence[Path], *, apart_from: Path | None = None) -> Sources:
    """All documents that ``given`` names, those of a folder by name; nothing under ``apart_from``, our own output."""
    found = Sources()
    for path in given:
        if not path.is_dir():
            found.paths.append(path)
            continue
        from spillover.reading.documents import find

        paths, skipped = find(path)
        found.paths += [p for p in paths if not _under(p, apart_from)]
        found.skipped += [(s.path, s.reason) for s in skipped if not _under(s.path, apart_from)]
    found.paths = list(dict.fromkeys(found.paths))
    return found


def _under(path: Path, folder: Path | None) -> bool:
    return folder is not None and path.resolve().is_relative_to(folder.resolve())


def standard_input() -> bytes:
    """The bytes on standard input."""
    return sys.stdin.buffer.read()


def choices(values: list[str] | None, known: tuple[str, ...], option: str) -> tuple[str, ...]:
    """``values`` if all are ``known``; else a usage error that lists those that are."""
    for value in values or ():
        if value not in known:
            raise typer.BadParameter(f"{value!r} is none of {', '.join(known)}", param_hint=option)
    return tuple(values or ())
