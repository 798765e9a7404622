"""The real reader, the real loaders and the real command: nothing is put in anything's place here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import spillover
from spillover.reading import Reader


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader()


@pytest.fixture
def command(tmp_path):
    """``spillover ARGUMENTS`` in a process of its own, in an empty folder: exit code, standard output and error."""

    def run(*arguments, stdin=b"", **environment):
        done = subprocess.run(
            [sys.executable, "-m", "spillover", *map(str, arguments)],
            input=stdin, capture_output=True, timeout=240, cwd=tmp_path, check=False,
            env={**os.environ, "PYTHONPATH": str(Path(spillover.__file__).parents[1]), **environment},
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr.decode("utf-8")

    return run
