"""The documents' own bytes, as files named by their hash: ``documents/<sha256>`` of the case folder."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import BinaryIO

from spillover.errors import DocumentError
from spillover.files import unwritable, write_atomic, write_atomic_from


def hash_file(path: Path) -> str:
    """The sha256 of a file's bytes, without holding them all in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep(folder: Path, sha256: str, source: Path | bytes) -> int:
    """Put the bytes of ``source`` into ``folder`` under their hash, if they are not there yet; their number.

    :class:`DocumentError` where the bytes do not have that hash: the file was changed after it was read.
    """
    target = folder / sha256
    try:
        if target.is_file():
            return target.stat().st_size
        if isinstance(source, bytes):
            _same(hashlib.sha256(source).hexdigest(), sha256, "standard input")
            write_atomic(target, source)
        else:
            write_atomic_from(target, lambda file: _copy(source, sha256, file))
        return target.stat().st_size
    except OSError as error:
        raise unwritable(target, error) from error


def _copy(source: Path, sha256: str, file: BinaryIO) -> None:
    with source.open("rb") as original:
        shutil.copyfileobj(original, file, 1 << 20)
    file.flush()
    _same(hash_file(Path(file.name)), sha256, str(source))


def _same(found: str, wanted: str, where: str) -> None:
    if found != wanted:
        raise DocumentError(
            "the document was changed while it was being read", where=where, to_do="Run the command again"
        )
