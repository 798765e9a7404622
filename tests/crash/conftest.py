"""The command in a process of its own, with the quick reader, on a folder that takes a while."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

import quick
import spillover

DOCUMENTS = 250
# far more than anything here takes: whatever hangs ends, and says what it wrote
PATIENCE_SECONDS = 120


@pytest.fixture(scope="session")
def documents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    for n in range(DOCUMENTS):
        (folder / f"{n:04}.txt").write_text("".join(f"Alpha attacked B{n} {m}.\n" for m in range(30)))
    return folder


class Command:
    """``spillover ARGUMENTS``, whose output goes to files, as a full pipe would stop it."""

    def __init__(self, folder, arguments):
        self.out, self.errors = folder / "stdout", folder / "stderr"
        environment = {**os.environ, "PYTHONPATH": str(Path(spillover.__file__).parents[1])}
        command = [sys.executable, quick.__file__, *map(str, arguments)]
        with self.out.open("wb") as out, self.errors.open("wb") as errors:
            self.process = subprocess.Popen(command, stdout=out, stderr=errors, env=environment, start_new_session=True)

    def finish(self):
        """Exit code, standard output, standard error."""
        try:
            code = self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.end()
            raise AssertionError(f"did not end: {self.written()}") from None
        return code, *self.written()

    def written(self):
        """Standard output and standard error so far."""
        return self.out.read_text("utf-8", "replace"), self.errors.read_text("utf-8", "replace")

    def end(self):
        """End the command and all that it started, whatever they are doing."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def children(self):
        """The processes that it has started and that are alive."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def until(self, condition):
        """Wait until ``condition()`` holds; the command must not end before."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert self.process.poll() is None, self.finish()
            assert time.monotonic() < end, f"waited in vain: {self.written()}"
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.01)

    @staticmethod
    def still_alive(processes, seconds=10):
        """Those of the processes that run on; one that has ended but that nobody has asked after yet does not."""

        def alive(process):
            with contextlib.suppress(psutil.NoSuchProcess):
                return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
            return False

        end = time.monotonic() + seconds
        while (left := [p for p in processes if alive(p)]) and time.monotonic() < end:
            time.sleep(0.02)
        return left


@pytest.fixture
def start(tmp_path_factory):
    """Start a command; whatever is left of it is ended after the test."""
    started = []

    def run(*arguments):
        started.append(Command(tmp_path_factory.mktemp("command"), arguments))
        return started[-1]

    yield run
    for command in started:
        command.end()
