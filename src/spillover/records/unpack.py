"""The one CSV file in a zip, unpacked without trust: what the zip says of itself is checked, then what comes out.

Refused: names that lead out of a folder, links and devices, encryption, more than one fitting file or none, a zip in
the zip, more members or a larger directory than a release can have, and bombs, by size and by ratio while unpacking.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from spillover.errors import RecordsError
from spillover.files import unwritable, write_atomic_from
from spillover.records.downloads import table

# how a zip begins, and an empty one
ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
_CHUNK = 1 << 16
_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 0xFFFF
_END64 = b"PK\x06\x07"
_END64_SIZE = 20
_LARGEST_DIRECTORY = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# what the zip module raises for a damaged archive
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError, KeyError)
_BY_HAND = "Unpack it by hand if you trust it, look at what is in it, then run: spillover events add FILE"
_AGAIN = "Download it again; if that does not help, give another address with --url"


def unpack(archive: Path, target: Path, *, member: re.Pattern[str], limit: int, where: str) -> None:
    """Write the only file in ``archive`` whose name fits ``member`` to ``target``, whole or not at all.

    ``limit``: bytes that it may unpack to. :class:`RecordsError` for a zip that is damaged or hostile, CaseError where
    ``target`` cannot be written.
    """
    try:
        file = archive.open("rb")
    except OSError as error:
        raise unwritable(archive, error) from error
    with file:
        _check_directory(file, where)
        try:
            opened = zipfile.ZipFile(file)
        except DAMAGE as error:
            raise _damaged(error, where) from error
        with opened:
            info = _choose(opened.infolist(), member, where)
            _check_member(info, limit, where)
            chunks = _chunks(opened, info, limit, where)
            write_atomic_from(target, lambda out: out.writelines(chunks))


def _check_directory(file: BinaryIO, where: str) -> None:
    """Before zipfile reads the whole directory into memory: it may claim to be as large as the file."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_SIZE - _END64_SIZE - _LONGEST_COMMENT))
    tail = file.read()
    file.seek(0)
    # the same choice as zipfile's: an end without comment, else the last one
    at = len(tail) - _END_SIZE
    if at < 0 or tail[at : at + 4] != _END or tail[-2:] != b"\0\0":
        at = tail.rfind(_END)
    if at < 0 or at + _END_SIZE > len(tail):
        raise _refused("the zip file is not whole: it has no end", where, _AGAIN)
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    if tail[max(0, at - _END64_SIZE) : at][:4] == _END64 or directory > _LARGEST_DIRECTORY:
        raise _refused("the zip file is made for more or larger files than a release has", where, _BY_HAND)


def _choose(infos: list[zipfile.ZipInfo], member: re.Pattern[str], where: str) -> zipfile.ZipInfo:
    most = table("unpacking")["members"]
    if len(infos) > most:
        raise _refused(f"the zip file has {len(infos)} files in it; a release has one to a few", where, _BY_HAND)
    for info in infos:
        # zipfile itself turns "\" into "/" on Windows alone, and cuts names at a NUL
        name = info.orig_filename
        if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name) or ".." in re.split(r"[/\\]", name):
            raise _refused(
                f"the zip file has a file named {_plain(name)}, which leads out of a folder", where, _BY_HAND
            )
        mode = info.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _refused(f"{_plain(name)} in the zip file is a link or device, not a file", where, _BY_HAND)
        if name.lower().endswith(".zip"):
            raise _refused(f"there is a zip file in the zip file: {_plain(name)}", where, _BY_HAND)
    fitting = [info for info in infos if member.fullmatch(_base(info)) and not info.is_dir() and not _of_macos(info)]
    if len(fitting) != 1:
        names = ", ".join(_plain(info.orig_filename) for info in (fitting or infos)[:5]) or "nothing"
        found = (
            f"{len(fitting)} files that could be the data ({names})" if fitting else f"no fitting CSV file ({names})"
        )
        raise _refused(f"the zip file has {found}", where, _BY_HAND)
    return fitting[0]


def _check_member(info: zipfile.ZipInfo, limit: int, where: str) -> None:
    if info.flag_bits & 0x1:
        raise _refused(f"{_plain(info.filename)} in the zip file is encrypted", where, _BY_HAND)
    if info.compress_type not in _METHODS:
        raise _refused(f"the zip file is packed by a method that is not read ({info.compress_type})", where, _BY_HAND)
    _check_size(info.file_size, info, limit, where)


def _chunks(opened: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int, where: str) -> Iterator[bytes]:
    size = 0
    try:
        with opened.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                if not size and chunk.startswith(ZIP_MAGICS):
                    raise _refused(f"{_plain(info.filename)} in the zip file is a zip file itself", where, _BY_HAND)
                size += len(chunk)
                _check_size(size, info, limit, where)
                yield chunk
    except DAMAGE as error:
        raise _damaged(error, where) from error
    if size != info.file_size:
        raise _refused(f"{size} bytes came out of the zip file, {info.file_size} were announced", where, _AGAIN)


def _check_size(size: int, info: zipfile.ZipInfo, limit: int, where: str) -> None:
    rules = table("unpacking")
    over_ratio = size > rules["ratio_from_bytes"] and size > rules["ratio"] * info.compress_size
    if size > limit or over_ratio:
        reason = f"more than {limit / 1e6:.0f} MB" if size > limit else f"more than {rules['ratio']} times its size"
        raise _refused(f"the zip file unpacks to {reason}; it looks like a zip bomb", where, _BY_HAND)


def _base(info: zipfile.ZipInfo) -> str:
    return info.filename.rpartition("/")[2]


def _of_macos(info: zipfile.ZipInfo) -> bool:
    """The shadow files that macOS puts beside each file of a zip."""
    return info.filename.startswith("__MACOSX/") or _base(info).startswith("._")


def _plain(name: str) -> str:
    """A hostile name, safe for a terminal."""
    return repr("".join(c if c.isprintable() else "?" for c in name[:80]))


def _refused(what: str, where: str, to_do: str) -> RecordsError:
    return RecordsError(what, where=where, to_do=to_do)


def _damaged(error: Exception, where: str) -> RecordsError:
    reason = "".join(c if c.isprintable() else "?" for c in str(error)[:120]) or type(error).__name__
    return _refused(f"the zip file is damaged or not whole ({reason})", where, _AGAIN)
