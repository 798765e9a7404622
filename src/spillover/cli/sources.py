"""The documents that a command is given: files, folders, or standard input."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import typer

from spillover.cli.console import printable, tell

STDIN = Path("-")


_NAMES_SHOWN = 5
# how the reason begins or goes on where something is a document, or may hold some, but is out of reach
_OUT_OF_REACH = "cannot be "


@dataclass(slots=True)
class Sources:
    """``paths`` to read; with reasons, ``failed``: out of reach, and ``left_out``: no documents."""

    paths: list[Path] = field(default_factory=list)
    failed: list[tuple[Path, str]] = field(default_factory=list)
    left_out: list[tuple[Path, str]] = field(default_factory=list)

    def tell_left_out(self) -> None:
        """Say on standard error how many files were left out, and why."""
        by_reason: dict[str, list[str]] = {}
        for path, reason in self.left_out:
            by_reason.setdefault(reason, []).append(printable(path.name))
        for reason, names in by_reason.items():
            more = ", …" if len(names) > _NAMES_SHOWN else ""
            tell(f"left out, {len(names)} ({reason}): {', '.join(names[:_NAMES_SHOWN])}{more}")


def collect(given: Sequence[Path], *, apart_from: Path | None = None) -> Sources:
    """All documents that ``given`` names, those of a folder by path; nothing under ``apart_from``, our own output."""
    found = Sources()
    for path in given:
        if not path.is_dir():
            found.paths.append(path)
            continue
        from spillover.reading.documents import find

        paths, skipped = find(path)
        found.paths += [p for p in paths if not _under(p, apart_from)]
        for s in skipped:
            if not _under(s.path, apart_from):
                (found.failed if _OUT_OF_REACH in s.reason else found.left_out).append((s.path, s.reason))
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
