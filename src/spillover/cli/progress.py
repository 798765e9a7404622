"""How far a long run is: a bar with counts and the time left on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from spillover.cli.console import tell

_SECONDS_BETWEEN_LINES = 10.0


class Report(Protocol):
    """Called after each document with the number of those done and of those among them that failed."""

    def __call__(self, done: int, failed: int) -> None: ...


@contextmanager
def progress(total: int, what: str) -> Iterator[Report]:
    """Show the progress of ``total`` documents on standard error."""
    if not sys.stderr.isatty():
        yield _Lines(total, what)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[failed]}"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total, failed="")

        def report(done: int, failed: int) -> None:
            bar.update(task, completed=done, failed=f"{failed} failed" if failed else "")

        yield report


class _Lines:
    def __init__(self, total: int, what: str) -> None:
        self._total, self._what = total, what
        self._begun = self._told = time.monotonic()

    def __call__(self, done: int, failed: int) -> None:
        now = time.monotonic()
        if now - self._told < _SECONDS_BETWEEN_LINES or done >= self._total:
            return
        self._told = now
        left = (now - self._begun) / done * (self._total - done)
        note = f", {failed} failed" if failed else ""
        tell(f"{self._what}: {done} of {self._total}{note}, about {_span(left)} left")


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
