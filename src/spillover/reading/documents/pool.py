"""One long-lived process that parses documents for this one: started when needed, replaced when it dies or is late."""

from __future__ import annotations

import contextlib
import hashlib
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from spillover.errors import DamagedDocument, DocumentError, DocumentLimit
from spillover.reading.document import Document
from spillover.reading.documents import wire
from spillover.reading.documents.limits import Limits

DOCUMENTS_PER_WORKER = 500
_CHUNK = 1 << 16
_PACKAGE_ROOT = Path(__file__).resolve().parents[3]
_POOLS: weakref.WeakSet[LoaderPool] = weakref.WeakSet()


class _Late(Exception):
    """The worker did not finish in time."""


class _Gone(Exception):
    """The worker ended before it had answered."""


class _Unheard(_Gone):
    """The worker ended before it had the whole request: it was gone already, and the document is not to blame."""


class _Worker:
    """A running worker process and its pipes."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.documents = 0
        self.complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by stop)
        environment = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", PYTHONIOENCODING="utf-8")
        paths = [str(_PACKAGE_ROOT), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        try:
            # -P: a file in the current folder that is named as a library must not be imported as one.
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-W", "ignore", "-m", "spillover.reading.documents.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.complaints,
                env=environment,
            )
        except BaseException:
            self.complaints.close()
            raise
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.stdin, self.stdout = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.set_blocking(self.stdin, False)
        os.set_blocking(self.stdout, False)

    def alive(self) -> bool:
        return self.process.poll() is None

    def ask(self, parts: tuple[bytes, bytes], limits: Limits) -> bytes:
        """Sends a request and returns the answer's JSON; raises ``_Late``, ``_Gone`` or ``DocumentLimit``."""
        deadline = time.monotonic() + limits.seconds
        self.documents += 1
        try:
            for part in parts:
                self._write(part, deadline)
            self._read(wire.PREFIX.size + len(wire.RECEIVED), deadline)
        except _Gone as error:
            raise _Unheard from error
        size, _ = wire.PREFIX.unpack(self._read(wire.PREFIX.size, deadline))
        if size > limits.output_bytes:
            raise DocumentLimit(f"the parser answers with {size} bytes, more than {limits.output_bytes}")
        return self._read(size, deadline)

    def _write(self, part: bytes, deadline: float) -> None:
        view = memoryview(part)
        while view:
            _wait(self.stdin, selectors.EVENT_WRITE, deadline)
            try:
                view = view[os.write(self.stdin, view[: 16 * _CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError as error:
                raise _Gone from error

    def _read(self, size: int, deadline: float) -> bytes:
        parts: list[bytes] = []
        while size > 0:
            _wait(self.stdout, selectors.EVENT_READ, deadline)
            try:
                part = os.read(self.stdout, min(size, 16 * _CHUNK))
            except BlockingIOError:
                continue
            if not part:
                raise _Gone
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def complaint(self) -> str:
        """The last line that the worker wrote to its standard error."""
        with contextlib.suppress(OSError, ValueError):
            size = self.complaints.seek(0, os.SEEK_END)
            self.complaints.seek(max(0, size - 2000))
            lines = self.complaints.read().decode("utf-8", "replace").strip().splitlines()
            return lines[-1].strip() if lines else ""
        return ""

    def stop(self, *, at_once: bool = False) -> int | None:
        """Ends the process, reaps it and closes its pipes. In a copy made by ``fork`` only the copies are closed."""
        own = self.owner == os.getpid()
        for pipe in (self.process.stdin, self.process.stdout, self.complaints):
            if pipe is not None and (pipe is self.process.stdin or not own or at_once):
                with contextlib.suppress(OSError):
                    pipe.close()
        if not own:
            # Somebody else's child: it is neither to be killed nor waited for here.
            self.process.returncode = 0
            return None
        try:
            if at_once:
                self.process.kill()
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdout, self.complaints):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return self.process.returncode


def _wait(descriptor: int, event: int, deadline: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, event)
        if not selector.select(max(0.0, deadline - time.monotonic())) and time.monotonic() >= deadline:
            raise _Late


class LoaderPool:
    """Parses documents in a child process; may be used by several threads (one document at a time) and after ``fork``.

    The child lives for ``documents_per_worker`` documents, and is replaced after a crash or a time-out. It ends with
    ``close()``, with the ``with`` block, when the pool is collected, or when this process ends.
    """

    def __init__(self, *, documents_per_worker: int = DOCUMENTS_PER_WORKER) -> None:
        self._documents_per_worker = documents_per_worker
        self._lock = threading.RLock()
        self._slot: list[_Worker] = []
        self._closing = weakref.finalize(self, _stop_all, self._slot)
        _POOLS.add(self)

    def load(self, data: bytes, *, name: str, format: str | None = None, limits: Limits | None = None) -> Document:
        """Parses ``data``; raises the ``DocumentError`` that says why it cannot be read. The pool stays usable."""
        limits = limits or Limits()
        request = wire.request(data, name=name, format=format, limits=limits)
        with self._lock:
            worker = self._worker()
            try:
                try:
                    payload = worker.ask(request, limits)
                except _Unheard:
                    if worker.documents == 1:
                        raise  # a new process that hears nothing does not start at all
                    self._drop()
                    worker = self._worker()
                    payload = worker.ask(request, limits)
            except _Late:
                self._drop()
                what = f"reading it takes longer than {limits.seconds:g} seconds"
                raise DocumentLimit(what, where=name, to_do="Split it, or raise the limit on time.") from None
            except _Gone:
                raise self._crash(name, limits) from None
            except DocumentLimit as error:
                self._drop()
                raise DocumentLimit(error.what, where=name, to_do="Split it.") from None
            except BaseException:
                # Ctrl-C in the middle of an answer: the next document must not get the rest of this one.
                self._drop()
                raise
            if worker.documents >= self._documents_per_worker:
                self._drop(at_once=False)
        return wire.read_answer(payload, name=name, sha256=hashlib.sha256(data).hexdigest())

    @property
    def worker_pid(self) -> int | None:
        """Process id of the running child, ``None`` while there is none."""
        return self._slot[0].process.pid if self._slot else None

    def close(self) -> None:
        """Ends the child. The pool may be used again: it starts another one."""
        with self._lock:
            _stop_all(self._slot)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _worker(self) -> _Worker:
        if self._slot and (self._slot[0].owner != os.getpid() or not self._slot[0].alive()):
            self._drop()
        if not self._slot:
            self._slot.append(_Worker())
        return self._slot[0]

    def _drop(self, *, at_once: bool = True) -> int | None:
        return self._slot.pop().stop(at_once=at_once) if self._slot else None

    def _crash(self, name: str, limits: Limits) -> DocumentError:
        """Why the worker is gone, as an error of the document that it was reading."""
        worker = self._slot.pop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.process.wait(timeout=2)
        complaint, first = worker.complaint(), worker.documents <= 1
        code = worker.stop(at_once=True) or 0
        if code == -signal.SIGXCPU or code == -signal.SIGALRM:
            what = f"reading it takes longer than {limits.seconds:g} seconds"
            return DocumentLimit(what, where=name, to_do="Split it, or raise the limit on time.")
        if code > 0 and first:
            return DocumentError(
                f"the document reader's process does not start ({complaint or f'exit code {code}'})",
                where=name,
                to_do="Check the installation with `spillover doctor`.",
            )
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        return DamagedDocument(
            f"the parser {how} while reading it; it may need more than {limits.memory_bytes // 1024**2} MiB",
            where=name,
            to_do="Read it again; if it fails once more, save it as text.",
        )

    def _after_fork(self) -> None:
        """In the copy: the lock may be held by a thread that does not exist here, and the child is not ours."""
        self._lock = threading.RLock()
        _stop_all(self._slot)


def _stop_all(slot: list[_Worker]) -> None:
    while slot:
        slot.pop().stop()


def _forget_workers() -> None:
    for pool in list(_POOLS):
        pool._after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_workers)

_shared = LoaderPool()


def shared_pool() -> LoaderPool:
    """The pool that ``load`` uses."""
    return _shared
