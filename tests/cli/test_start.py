"""The command starts quickly: nothing heavy is imported before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import spillover

HEAVY = {"spacy", "thinc", "numpy", "polars", "pyarrow", "pandas", "trafilatura", "lxml", "pypdf", "pypdfium2", "docx"}


def modules_after(*command):
    environment = {**os.environ, "PYTHONPATH": str(Path(spillover.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command], capture_output=True, text=True, env=environment, check=True
    )
    return {line.rsplit("|")[-1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}, done.stdout


@pytest.mark.parametrize("command", [("--help",), ("--version",), ("schema",), ("read", "--help")])
def test_light_commands_import_nothing_heavy(command):
    imported, out = modules_after("-m", "spillover", *command)
    assert out and "typer" in imported
    assert not imported & (HEAVY | {"sqlite3", "multiprocessing"})


def test_the_package_itself_imports_next_to_nothing():
    imported, _ = modules_after("-c", "import spillover")
    assert not imported & (HEAVY | {"typer", "rich", "sqlite3", "json"})


def test_a_reading_process_does_not_load_the_command_line():
    imported, _ = modules_after("-c", "import spillover.cli, spillover.reading.workers")
    assert not imported & (HEAVY | {"typer", "rich"})
