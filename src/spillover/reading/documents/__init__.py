"""Documents: any supported file to clean text with its blocks, its way back to the source, and its metadata.

load(source)     one file, or bytes, to a ``Document``
find(folder)     the documents of a folder, and what is skipped
Limits           what one document may cost
LoaderPool       the child process that parses, for callers who want one of their own
"""

from __future__ import annotations

from pathlib import Path

from spillover.errors import DocumentError
from spillover.reading.document import Document
from spillover.reading.documents.folder import Skipped, find
from spillover.reading.documents.limits import Limits
from spillover.reading.documents.parse import too_large
from spillover.reading.documents.pool import LoaderPool, shared_pool

__all__ = ["Limits", "LoaderPool", "Skipped", "find", "load"]


def load(
    source: Path | str | bytes,
    *,
    name: str | None = None,
    format: str | None = None,
    limits: Limits | None = None,
    pool: LoaderPool | None = None,
) -> Document:
    """Reads a file (a path) or its bytes. ``format`` is found out from content and name if it is not given.

    Parsing runs in a child process under ``limits``. Raises ``DocumentError`` and its kinds, each saying what is wrong
    with which file and what to do about it; no other document is touched by a failure.
    """
    limits = limits or Limits()
    if isinstance(source, bytes):
        data, where = source, name or "standard input"
        if len(data) > limits.input_bytes:
            raise too_large(len(data), where, limits)
    else:
        where = name or Path(source).name
        data = _read(Path(source), limits)
    try:
        return (pool or shared_pool()).load(data, name=where, format=format, limits=limits)
    except DocumentError as error:
        if isinstance(source, bytes) or name or error.where != where:
            raise
        # Two folders may hold files of one name: the message gives the path.
        raise type(error)(error.what, where=str(source), to_do=error.to_do) from None


def _read(path: Path, limits: Limits) -> bytes:
    try:
        if path.is_dir():
            raise DocumentError("this is a folder, not a document", where=str(path), to_do="Name a file in it.")
        if path.exists() and not path.is_file():
            raise DocumentError("this is not a regular file", where=str(path), to_do="Send it through standard input.")
        with path.open("rb") as file:
            # One byte over the limit is enough to know; a file may grow while it is read.
            data = file.read(limits.input_bytes + 1)
            size = max(len(data), path.stat().st_size)
    except FileNotFoundError as error:
        raise DocumentError("there is no such file", where=str(path), to_do="Check the path.") from error
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise DocumentError(
            f"the file cannot be read ({reason})", where=str(path), to_do="Check its permissions."
        ) from error
    if len(data) > limits.input_bytes:
        raise too_large(size, str(path), limits)
    return data
