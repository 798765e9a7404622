"""One file over HTTP into ``<name>.part``, going on where an earlier try ended.

Beside the part lies ``<name>.part.json`` with what the server said of the file. A part is continued only where that
holds a validator (a strong ETag, or Last-Modified: RFC 9110, section 13.1.5) and the server confirms it.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from spillover.errors import RecordsError
from spillover.files import unwritable, write_atomic
from spillover.records.http import Interrupted, NotThere, Patience, Web, persistently

Progress = Callable[[int, int | None], None]
"""Called with the number of bytes there, and of all bytes where that is known."""

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)", re.IGNORECASE)


@dataclass(slots=True)
class State:
    """What the server said of the file that a part is of: where it was asked for, its validators and its length."""

    url: str
    etag: str | None = None
    modified: str | None = None
    total: int | None = None

    @property
    def validator(self) -> str | None:
        """What If-Range may hold: a weak ETag does not promise the same bytes."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


class Part:
    """A file on its way: the bytes got so far, and their :class:`State`."""

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(target.name + ".part")
        self._state = target.with_name(target.name + ".part.json")

    def size(self) -> int:
        """The number of bytes there."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def state(self, url: str) -> State | None:
        """What is known of the part, if it is of ``url``."""
        try:
            state = State(**json.loads(self._state.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        texts = all(isinstance(text, str | None) for text in (state.etag, state.modified))
        return state if texts and state.url == url and isinstance(state.total, int | None) else None

    def keep(self, state: State) -> None:
        """Write ``state`` beside the part."""
        write_atomic(self._state, json.dumps(asdict(state)).encode(), durable=False)

    def drop(self) -> None:
        """Remove the part and what was known of it."""
        for path in (self._state, self.path):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()

    def resumable(self, url: str) -> bool:
        """Whether the next try goes on with these bytes."""
        state = self.state(url)
        return bool(state and state.validator and self.size())


def transfer(
    web: Web, url: str, part: Part, *, limit: int, patience: Patience, progress: Progress | None
) -> tuple[State, bool]:
    """Get the whole of ``url`` into ``part``; what the server said of it, and whether an earlier part was continued.

    :class:`Interrupted` where the connection broke too often (the part stays), :class:`NotThere` where there is no such
    file, :class:`RecordsError` where it is longer than ``limit`` bytes, and CaseError where it cannot be written.
    """
    before = part.size() if part.resumable(url) else 0
    run = _Run(web, url, part, limit, patience, progress)
    state = persistently(run.attempt, patience, part.size)
    return state, bool(before) and not run.anew


class _Run:
    def __init__(
        self, web: Web, url: str, part: Part, limit: int, patience: Patience, progress: Progress | None
    ) -> None:
        self._web, self._url, self._part, self._limit = web, url, part, limit
        self._patience, self._progress = patience, progress
        self.anew = False

    def attempt(self) -> State:
        """One exchange, from the first byte that is missing to the end."""
        state = self._part.state(self._url)
        have = self._part.size()
        if state is not None and have and have == state.total:
            return state
        if state is None or state.validator is None or (state.total is not None and have > state.total):
            have = 0
        headers = {"Accept-Encoding": "identity"}
        if have and state is not None and state.validator:
            headers |= {"Range": f"bytes={have}-", "If-Range": state.validator}
        with self._web.get(self._url, headers) as response:
            if response.status_code == 200:
                self.anew = self.anew or bool(have)
                return self._receive(response, self._fresh(response), 0)
            if response.status_code == 206 and have and state is not None and _continues(response, state, have):
                whole = response.headers["content-range"].rpartition("/")[2].strip()
                state.total = int(whole) if whole.isdecimal() else state.total
                return self._receive(response, state, have)
        if not have:
            raise self._web.error(
                f"the server answered {response.status_code} to a request for the whole file",
                "Try later, or give another address with --url",
            )
        # another range than the one asked for, or of another file: from the beginning
        self.anew = True
        with self._writing():
            self._part.drop()
        return self.attempt()

    def _fresh(self, response: httpx.Response) -> State:
        """The state of a file that begins anew; the old bytes go first, as they must never meet the new state."""
        said = response.headers
        if "text/html" in said.get("content-type", "").lower():
            raise NotThere(f"{response.url.host} answered with a web page (HTML) instead of a data file")
        if said.get("content-encoding", "identity").lower() != "identity":
            raise self._web.error(
                f"{response.url.host} sends the file packed as {said['content-encoding'][:20]!r}, unasked",
                "Download it in a browser, then run: spillover events add FILE",
            )
        length = said.get("content-length", "")
        state = State(
            self._url, said.get("etag"), said.get("last-modified"), int(length) if length.isdecimal() else None
        )
        if state.total is not None:
            self._check_size(state.total, state.total)
        with self._writing():
            self._part.path.parent.mkdir(parents=True, exist_ok=True)
            self._part.path.write_bytes(b"")
        self._part.keep(state)
        return state

    def _receive(self, response: httpx.Response, state: State, have: int) -> State:
        pace = _Pace(self._patience, have)
        try:
            with self._writing(), self._part.path.open("ab") as file:
                for chunk in response.iter_raw():
                    have += len(chunk)
                    self._check_size(have, state.total)
                    file.write(chunk)
                    if self._progress is not None:
                        self._progress(have, state.total)
                    pace.check(have)
        except RecordsError:
            with self._writing():
                self._part.drop()
            raise
        if state.total is not None and have < state.total:
            raise Interrupted(f"the server ended after {have} of {state.total} bytes")
        if state.total is None:
            state.total = have
            self._part.keep(state)
        return state

    def _check_size(self, size: int, total: int | None) -> None:
        if size <= self._limit and (total is None or size <= total):
            return
        if size > self._limit:
            what = f"the file is larger than the limit of {self._limit / 1e6:.1f} MB; nothing is kept of it"
            raise self._web.error(
                what, "Look at the address in a browser; a file of the right size can be added by hand"
            )
        what = f"the server sent more than the {total} bytes it had announced; nothing is kept of it"
        raise self._web.error(what, "Try later, or give another address with --url")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise unwritable(self._part.path, error) from error


def _continues(response: httpx.Response, state: State, have: int) -> bool:
    """Whether a partial answer begins at our end, and is of the same file as far as it says."""
    found = _RANGE.fullmatch(response.headers.get("content-range", "").strip())
    if not found or int(found[1]) != have or (state.etag and response.headers.get("etag", state.etag) != state.etag):
        return False
    return found[3] == "*" or state.total is None or int(found[3]) == state.total


class _Pace:
    """Ends an exchange that is alive in name only."""

    def __init__(self, patience: Patience, have: int) -> None:
        self._patience, self._since, self._had = patience, time.monotonic(), have

    def check(self, have: int) -> None:
        now = time.monotonic()
        if now - self._since < self._patience.window:
            return
        if have - self._had < self._patience.least:
            raise Interrupted(f"the server sent {have - self._had} bytes in {now - self._since:.0f} seconds")
        self._since, self._had = now, have


@contextmanager
def alone(target: Path) -> Iterator[None]:
    """Keep other processes from downloading to ``target`` meanwhile (not on Windows, which has no such lock)."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    lock = target.with_name(f".{target.name}.lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        file = lock.open("ab")
    except OSError as error:
        raise unwritable(lock, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RecordsError(
                "another process is downloading this", where=str(target), to_do="Wait for it, or stop it, and try again"
            ) from error
        except OSError:
            pass  # a file system without locks
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                lock.unlink()
