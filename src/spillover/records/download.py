"""Releases of event data, downloaded from UCDP: ``fetch`` ends with a CSV file that is whole, or with a clear error.

::

    downloads/ucdp-ged-25.1.csv                  the data
              ucdp-ged-25.1.csv.download.json    where they came from, and the hashes
              ucdp-ged-25.1.csv.part, .part.json a download that was cut; the next one goes on with it
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from spillover.errors import RecordsError
from spillover.files import sync_folder, unwritable, write_atomic
from spillover.records import api, downloads
from spillover.records.csvcheck import cut_short, no_table
from spillover.records.downloads import Source
from spillover.records.http import Interrupted, NotThere, Patience, Token, Unreachable, Web, shown
from spillover.records.transfer import Part, Progress, State, alone, transfer
from spillover.records.unpack import ZIP_MAGICS, unpack

_ADD = "spillover events add FILE"


@dataclass(frozen=True, slots=True)
class Download:
    """A release on disk.

    ``path``: the CSV file. ``sha256`` and ``size`` (bytes): of what was downloaded, which may be a zip; of the CSV file
    where it came from the API. ``resumed``: an earlier try was continued. ``already``: it was there, and nothing was
    fetched.
    """

    path: Path
    url: str
    sha256: str
    size: int
    resumed: bool
    already: bool = False


def fetch(
    dataset: str,
    release: str,
    folder: Path,
    *,
    base: str | None = None,
    url: str | None = None,
    token: str | None = None,
    sha256: str | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
    patience: Patience | None = None,
) -> Download:
    """Download ``release`` of ``dataset`` (see :func:`downloads.datasets`) into ``folder``, or find it there.

    ``url``: ask this address instead of UCDP's. ``base``: in place of UCDP's scheme and host, for a mirror. ``token``:
    read UCDP's API with it, where it has the data set and no ``url`` is given; it is sent to the API's host alone.
    ``sha256``: what the downloaded bytes must have. ``limit``: bytes to download at most, else the data set's own.

    :class:`RecordsError` where it cannot be had, each time with what to do; a download that was cut is kept and goes on
    with the next call. CaseError where ``folder`` cannot be written.
    """
    source = downloads.find(dataset, release, url=url, base=base)
    wanted = _checked_hash(sha256)
    work = _Work(source, folder / source.file_name, wanted, limit, progress, patience or Patience())
    with alone(work.target):
        if (ready := work.ready()) is not None:
            return ready
        return work.from_api(source.api_url, token) if token and source.api_url else work.from_file()


@dataclass(frozen=True, slots=True)
class _Record:
    """What is kept beside a file that is ready."""

    dataset: str
    release: str
    url: str
    sha256: str
    size: int
    csv_sha256: str
    modified: str | None


@dataclass(frozen=True, slots=True)
class _Work:
    source: Source
    target: Path
    wanted: str | None
    limit: int | None
    progress: Progress | None
    patience: Patience

    @property
    def _record_path(self) -> Path:
        return self.target.with_name(self.target.name + ".download.json")

    def ready(self) -> Download | None:
        """The file that an earlier call made, if it is still as it was and from where it would be fetched now."""
        try:
            record = _Record(**json.loads(self._record_path.read_text("utf-8")))
            same = record.csv_sha256 == _hash(self.target)
        except (OSError, ValueError, TypeError):
            return None
        places = [shown(url) for url in (*self.source.urls, self.source.api_url) if url]
        if not same or record.url not in places or self.wanted not in (None, record.sha256):
            return None
        return Download(self.target, record.url, record.sha256, record.size, resumed=False, already=True)

    def from_file(self) -> Download:
        """Ask the addresses in turn."""
        part, reasons = Part(self.target), []
        limit = self.source.bytes if self.limit is None else self.limit
        with Web(self.source.name, self.patience) as web:
            for url in self.source.urls:
                try:
                    state, resumed = transfer(
                        web, url, part, limit=limit, patience=self.patience, progress=self.progress
                    )
                except NotThere as error:
                    reasons.append(f"{shown(url)}: {error}")
                except Interrupted as cut:
                    raise self._stopped(cut, url, part.path, part.size(), part.resumable(url)) from cut
                else:
                    return self._finish(part, state, resumed)
        raise self._missing(reasons)

    def from_api(self, url: str, token: str) -> Download:
        """Read the API's pages."""
        rows = api.Rows(self.target, url)
        resumed = bool(rows.state.rows)
        limit = self.source.unpacked_bytes if self.limit is None else self.limit
        with Web(self.source.name, self.patience, Token(url, downloads.table("api")["token_header"], token)) as web:
            try:
                api.fetch_rows(web, rows, limit=limit, patience=self.patience, progress=self.progress)
            except NotThere as error:
                raise self._missing([f"{shown(url)}: {error}"]) from error
            except Interrupted as cut:
                raise self._stopped(cut, url, rows.path, rows.state.bytes, True) from cut
        digest = self._hash_checked(rows.path, rows.drop)
        made = self._keep(url, digest, rows.path.stat().st_size, None, resumed, lambda: _move(rows.path, self.target))
        rows.drop()
        return made

    def _finish(self, part: Part, state: State, resumed: bool) -> Download:
        """Make the part that is complete the file that is ready; a part that is no data is no use and goes."""
        digest = self._hash_checked(part.path, part.drop)
        size = part.size()
        try:
            made = self._keep(state.url, digest, size, state.modified, resumed, lambda: self._put(part.path))
        except RecordsError:
            part.drop()
            raise
        part.drop()
        return made

    def _hash_checked(self, path: Path, drop: Callable[[], None]) -> str:
        try:
            digest = _hash(path)
        except OSError as error:
            raise unwritable(path, error) from error
        if self.wanted not in (None, digest):
            drop()
            raise RecordsError(
                f"the file has the sha256 {digest}, not {self.wanted}; it was removed",
                where=self.source.name,
                to_do="Compare the hash you gave with its origin; if it is right, the file was changed on its way",
            )
        return digest

    def _put(self, path: Path) -> None:
        """Check what was downloaded, and put it in its place as a CSV file."""
        with path.open("rb") as file:
            head = file.read(4096)
        if head.startswith(ZIP_MAGICS):
            limit = self.source.unpacked_bytes
            unpack(path, self.target, member=self.source.member, limit=limit, where=self.source.name)
            return
        if (wrong := no_table(head) or cut_short(path)) is not None:
            raise RecordsError(
                wrong, where=self.source.name, to_do=f"Look at the address in a browser, or add a file by hand: {_ADD}"
            )
        _move(path, self.target)

    def _keep(
        self, url: str, digest: str, size: int, modified: str | None, resumed: bool, put: Callable[[], None]
    ) -> Download:
        try:
            put()
            record = _Record(
                self.source.dataset, self.source.release, shown(url), digest, size, _hash(self.target), modified
            )
        except OSError as error:
            raise unwritable(self.target, error) from error
        write_atomic(self._record_path, (json.dumps(asdict(record), indent=2) + "\n").encode())
        return Download(self.target, record.url, digest, size, resumed)

    def _missing(self, reasons: list[str]) -> RecordsError:
        known = ", ".join(self.source.known)
        return RecordsError(
            f"there is no such file ({'; '.join(reasons)})",
            where=self.source.name,
            to_do=f"Releases known to this version: {known}. Look for the address on UCDP's download page and give it "
            f"with --url, or download the file by hand and run: {_ADD}",
        )

    def _stopped(self, cut: Interrupted, url: str, path: Path, size: int, goes_on: bool) -> RecordsError:
        by_hand = f"download {shown(url)} where there is a network, bring the file here and run: {_ADD}"
        if isinstance(cut, Unreachable) and not size:
            to_do = f"Check the network and its proxy settings, or {by_hand}"
            return RecordsError(str(cut), where=self.source.name, to_do=to_do)
        kept = f"{cut}; {size} bytes are kept in {path}"
        if size and goes_on:
            to_do = f"Run the same command again, and it goes on from there; or {by_hand}"
        elif size:
            to_do = (
                "Run the same command again; it begins anew, as the server does not say whether its file has changed"
            )
        else:
            kept, to_do = f"{cut}; nothing was received", f"Run the same command again later; or {by_hand}"
        return RecordsError(kept, where=self.source.name, to_do=to_do)


def _checked_hash(sha256: str | None) -> str | None:
    if sha256 is None:
        return None
    if not re.fullmatch(r"[0-9a-f]{64}", sha256.strip().lower()):
        raise RecordsError(f"{sha256[:80]!r} is no sha256", to_do="It has 64 characters of 0-9 and a-f")
    return sha256.strip().lower()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _move(path: Path, target: Path) -> None:
    """The whole file into its place, brought to the disk first."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())
    path.replace(target)
    sync_folder(target.parent)
