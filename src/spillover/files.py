"""Files that are whole or not there: written beside their place, brought to the disk, then renamed into it."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from spillover.errors import CaseError

_TEMPORARY = ".spillover-{pid}-{n}.tmp"
_STALE_SECONDS = 3600.0
_counter = itertools.count()


def write_atomic(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write ``data`` to ``path``; after a crash the file is the old one or the new one, never a part of it.

    ``durable=False`` does not wait for the disk: enough where a power cut costs no more than doing the work again.
    """
    write_atomic_from(path, lambda file: file.write(data), durable=durable)


def write_atomic_from(path: Path, fill: Callable[[BinaryIO], object], *, durable: bool = True) -> None:
    """As :func:`write_atomic`, with the bytes that ``fill`` writes to the open file it is given."""
    temporary = path.with_name(_TEMPORARY.format(pid=os.getpid(), n=next(_counter)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            fill(file)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.replace(path)
        if durable:
            sync_folder(path.parent)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise unwritable(path, error) from error
        raise


def sync_folder(folder: Path) -> None:
    """Bring a folder's list of names to the disk, where the system can (a rename is not safe before that)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sweep(folder: Path) -> int:
    """Remove what a killed run left half written in ``folder``; the number of files removed.

    Only files older than an hour, as another run may be writing here now.
    """
    removed = 0
    for path in folder.glob(_TEMPORARY.format(pid="*", n="*")):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                path.unlink()
                removed += 1
    return removed


def unwritable(path: Path, error: OSError) -> CaseError:
    """The error to show when ``path`` could not be written, with what to do about it."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        what, to_do = "the disk is full", "Free some space and run the same command again; what was written is whole"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        what, to_do = "no permission to write here", "Choose a folder you may write to, or change its permissions"
    elif error.errno in (errno.EEXIST, errno.ENOTDIR, errno.EISDIR):
        what, to_do = "a file stands where a folder should be, or the other way round", "Choose another path"
    else:
        what, to_do = f"cannot be written ({error.strerror or error})", "Check the disk and the path"
    return CaseError(what, where=str(path), to_do=to_do)
