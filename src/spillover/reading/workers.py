"""The same work on many things, on several processes: in order, one result at a time, whatever happens to a process.

A process that dies (out of memory, a fault in a library) costs the one thing that it was working on and is replaced.
When this program is killed, the processes see their pipe close and end by themselves.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from spillover.errors import LexiconError, ModelMissing, SpilloverError

T = TypeVar("T")
R = TypeVar("R")

# results that came early wait for their turn; a thing that takes very long holds up no more than this many others
WINDOW = 64
_FATAL = (ModelMissing, LexiconError)
_GRACE_SECONDS = 5.0


class Fault(SpilloverError):
    """An unforeseen error while working on one thing: a fault in Spillover or in a library it uses."""


@dataclass(frozen=True, slots=True)
class Result(Generic[T, R]):
    """What came of one task: ``value``, or ``error`` where there is none."""

    task: T
    value: R | None
    error: SpilloverError | None


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    task: int | None = None
    ready: bool = False


def run(
    tasks: Sequence[T], build: Callable[[], Callable[[T], R]], *, jobs: int = 1, ordered: bool = True
) -> Generator[Result[T, R], None, None]:
    """Do ``build()(task)`` for all tasks; the results in the tasks' order, or as they come where not ``ordered``.

    ``build`` is called once a process and must be picklable, as the tasks and values must be. With one job all is done
    in this process. An error that ``build`` raises is raised here, as nothing can be done without it, and so are a
    missing model and a malformed lexicon wherever they show.
    """
    results = _run_here(tasks, build) if jobs <= 1 or len(tasks) <= 1 else _run_on_pool(tasks, build, jobs, ordered)
    with contextlib.closing(results):
        for result in results:
            if isinstance(result.error, _FATAL):
                raise result.error
            yield result


def _run_on_pool(
    tasks: Sequence[T], build: Callable[[], Callable[[T], R]], jobs: int, ordered: bool
) -> Generator[Result[T, R], None, None]:
    pool = _Pool(tasks, build, min(jobs, len(tasks)), ordered)
    try:
        yield from pool.results()
        pool.finish()
    finally:
        pool.stop()


def _run_here(tasks: Sequence[T], build: Callable[[], Callable[[T], R]]) -> Generator[Result[T, R], None, None]:
    work = build() if tasks else None
    for task in tasks:
        assert work is not None
        value, error = _attempt(work, task)
        yield Result(task, value, error)


def _attempt(work: Callable[[T], R], task: T) -> tuple[R | None, SpilloverError | None]:
    try:
        return work(task), None
    except SpilloverError as error:
        return None, error
    except Exception as error:
        what = f"reading failed unexpectedly ({type(error).__name__}: {error})"
        return None, Fault(what, to_do="This is a fault in Spillover: please report it with the document")


class _Pool(Generic[T, R]):
    def __init__(self, tasks: Sequence[T], build: Callable[[], Callable[[T], R]], jobs: int, ordered: bool) -> None:
        self._tasks, self._build, self._ordered = tasks, build, ordered
        self._context = multiprocessing.get_context("spawn")
        self._next, self._emitted, self._early_deaths = 0, 0, 0
        self._workers: list[_Worker] = []
        for _ in range(jobs):
            self._workers.append(self._start())

    def _start(self) -> _Worker:
        here, there = self._context.Pipe()
        # not a daemon: a document's loader has child processes of its own
        process = self._context.Process(target=_serve, args=(there, self._build), daemon=False)
        with _interrupts_ignored():
            process.start()
        there.close()
        return _Worker(process, here)

    def results(self) -> Iterator[Result[T, R]]:
        waiting: dict[int, Result[T, R]] = {}
        done = 0
        while done < len(self._tasks):
            self._feed()
            for index, result in self._collect():
                done += 1
                if not self._ordered:
                    self._emitted += 1
                    yield result
                    continue
                waiting[index] = result
                while self._emitted in waiting:
                    self._emitted += 1
                    yield waiting.pop(self._emitted - 1)

    def _feed(self) -> None:
        for worker in self._workers:
            near = not self._ordered or self._next - self._emitted < WINDOW
            if worker.ready and worker.task is None and self._next < len(self._tasks) and near:
                worker.task, self._next = self._next, self._next + 1
                # a process that is gone already shows when its answer is awaited
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    worker.connection.send(self._tasks[worker.task])

    def _collect(self) -> Iterator[tuple[int, Result[T, R]]]:
        by_connection = {worker.connection: worker for worker in self._workers}
        for connection in wait(list(by_connection)):
            worker = by_connection[connection]  # type: ignore[index]
            try:
                kind, value = worker.connection.recv()
            except (EOFError, ConnectionResetError):
                yield from self._bury(worker)
                continue
            if kind == "ready":
                worker.ready, self._early_deaths = True, 0
            elif kind == "unfit":
                raise value
            else:
                assert worker.task is not None
                index, worker.task = worker.task, None
                yield index, Result(self._tasks[index], *value)

    def _bury(self, worker: _Worker) -> Iterator[tuple[int, Result[T, R]]]:
        worker.process.join(_GRACE_SECONDS)
        worker.connection.close()
        code = worker.process.exitcode
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        if worker.task is None:
            self._early_deaths += 1
            if self._early_deaths > 2:
                raise Fault(f"the reading processes end before they begin ({how})", to_do="Try again with --jobs 1")
        self._workers[self._workers.index(worker)] = self._start()
        if worker.task is not None:
            error = Fault(f"the process that read it died ({how})", to_do="Is there enough memory? Try fewer --jobs")
            yield worker.task, Result(self._tasks[worker.task], None, error)

    def finish(self) -> None:
        """Let the processes end by themselves."""
        for worker in self._workers:
            worker.connection.close()
        for worker in self._workers:
            worker.process.join(_GRACE_SECONDS)

    def stop(self) -> None:
        """End all processes, whatever they are doing."""
        for worker in self._workers:
            worker.connection.close()
            if worker.process.is_alive():
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join(_GRACE_SECONDS)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()


@contextlib.contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """A process started in here ignores Ctrl-C from its first moment: it is for the parent to stop in good order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)


def _serve(connection: Connection, build: Callable[[], Callable[[Any], Any]]) -> None:
    """A process's life: build once, then task in, result out, until the pipe closes."""
    try:
        work = build()
    except SpilloverError as error:
        connection.send(("unfit", error))
        return
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        connection.send(("ready", None))
        while True:
            connection.send(("done", _attempt(work, connection.recv())))
