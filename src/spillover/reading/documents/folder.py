"""The documents of a folder, and what of it is left out, with the reasons."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from spillover.errors import DocumentError, UnsupportedFormat
from spillover.reading.documents.detect import detect, no_document

_HEAD = 1 << 13


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that is not read, and why."""

    path: Path
    reason: str


def find(folder: Path) -> tuple[list[Path], list[Skipped]]:
    """Documents in ``folder`` and its sub-folders, sorted by path; hidden, linked and unreadable ones are skipped.

    Raises ``DocumentError`` if ``folder`` itself is no folder or may not be listed.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DocumentError("there is no such folder", where=str(folder), to_do="Check the path.")
    documents: list[Path] = []
    skipped: list[Skipped] = []
    work = [folder]
    while work:
        current = work.pop()
        try:
            entries = sorted(os.scandir(current), key=lambda entry: entry.name)
        except OSError as error:
            if current == folder:
                raise DocumentError(
                    f"the folder cannot be listed ({_why(error)})", where=str(folder), to_do="Check its permissions."
                ) from error
            skipped.append(Skipped(current, f"the folder cannot be listed ({_why(error)})"))
            continue
        for entry in entries:
            path = current / entry.name
            try:
                if entry.name.startswith((".", "~$")):
                    skipped.append(Skipped(path, "hidden" if entry.name[0] == "." else "a lock file of Word"))
                elif entry.is_dir(follow_symlinks=False):
                    work.append(path)
                elif entry.is_dir():
                    skipped.append(Skipped(path, "a link to a folder"))
                elif reason := _reason(path):
                    skipped.append(Skipped(path, reason))
                else:
                    documents.append(path)
            except OSError as error:
                skipped.append(Skipped(path, f"cannot be read ({_why(error)})"))
    return sorted(documents), sorted(skipped, key=lambda item: item.path)


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _reason(path: Path) -> str | None:
    """Why a file is no document; raises ``OSError`` if it cannot be read."""
    if not path.is_file():
        return "not a regular file" if path.exists() else "a link that leads nowhere"
    if reason := no_document(path.name):
        return reason
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        return "empty"
    try:
        detect(head, path.name, whole=False)
    except UnsupportedFormat as error:
        return error.what
    return None
