"""The command line. Nothing is imported here, so that a reading process, which loads this too, stays small."""

from __future__ import annotations


def main() -> None:
    """Run the command ``spillover`` on this process's arguments."""
    from spillover.cli.app import app

    app(prog_name="spillover")
