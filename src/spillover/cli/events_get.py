"""``spillover events get``: a release of event data from UCDP into a case."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from spillover.cli.console import tell
from spillover.cli.search import DEFAULT_CASE

_SECONDS_BETWEEN_LINES = 10.0


def get(
    dataset: Annotated[
        str,
        typer.Argument(metavar="DATASET", help="ucdp-ged, ucdp-candidate, ucdp-country-year or ucdp-actor."),
    ],
    release: Annotated[str, typer.Option("--release", help="The release, such as 25.1; monthly ones as 23.0.10.")],
    case: Annotated[
        Path, typer.Option("--case", help="The case to keep it in; made where there is none.")
    ] = DEFAULT_CASE,
    url: Annotated[
        str | None, typer.Option("--url", help="Ask this address, of a zip or CSV file, instead of UCDP's own.")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            envvar="SPILLOVER_UCDP_TOKEN",
            help="Read UCDP's API with this token instead of its download page. It is sent to the API's host alone; in "
            "the environment variable other users of the machine do not see it.",
        ),
    ] = None,
    sha256: Annotated[
        str | None, typer.Option("--sha256", metavar="HEX", help="Take the downloaded file only if it has this hash.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="What was added as one JSON object.")] = False,
) -> None:
    """Download a release of event data and add it to a case.

    A download that was stopped goes on where it was: run the same command again. A release that is there already is
    not downloaded again. Without a network, download the file elsewhere and run: spillover events add FILE

    Examples:

        spillover events get ucdp-ged --release 25.1

        spillover events get ucdp-candidate --release 23.0.10 --case my-case

        spillover events get ucdp-ged --release 25.1 --url https://mirror.example/ged251-csv.zip --sha256 9f86d081…

        SPILLOVER_UCDP_TOKEN=… spillover events get ucdp-ged --release 25.1
    """
    from spillover.case import open_case
    from spillover.cli.events_add import add_file
    from spillover.records.download import fetch
    from spillover.records.downloads import datasets, find

    if dataset not in (known := datasets()):
        raise typer.BadParameter(f"{dataset!r} is none of {', '.join(known)}", param_hint="DATASET")
    title = find(dataset, release, url=url).name
    # before anything lies in its folder, which would be taken for something else than a case
    open_case(case).close()
    with _progress(f"downloading {title}") as report:
        made = fetch(dataset, release, case / "downloads", url=url, token=token or None, sha256=sha256, progress=report)
    how = (
        "is there already"
        if made.already
        else "downloaded, going on with what was there"
        if made.resumed
        else "downloaded"
    )
    tell(f"{title}: {how} ({made.size / 1e6:.1f} MB from {made.url}, sha256 {made.sha256})")
    add_file(case, made.path, dataset=dataset, release=release, as_json=as_json)


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """Show on standard error how many bytes there are: a bar on a terminal, a line now and then elsewhere."""
    if not sys.stderr.isatty():
        yield _Lines(what)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        begun = False

        def report(done: int, total: int | None) -> None:
            nonlocal begun
            if begun:
                bar.update(task, completed=done, total=total)
            else:
                # what an earlier run got says nothing of today's rate
                bar.reset(task, completed=done, total=total)
            begun = True

        yield report


class _Lines:
    def __init__(self, what: str) -> None:
        self._what, self._told = what, time.monotonic()
        self._begun: tuple[float, int] | None = None

    def __call__(self, done: int, total: int | None) -> None:
        now = time.monotonic()
        began, before = self._begun = self._begun or (now, done)
        if now - self._told < _SECONDS_BETWEEN_LINES:
            return
        self._told = now
        rate = max(done - before, 0) / max(now - began, 1e-9)
        of = f" of {total / 1e6:.1f}" if total else ""
        left = f", about {_span((total - done) / rate)} left" if total and rate else ""
        tell(f"{self._what}: {done / 1e6:.1f}{of} MB, {rate / 1e6:.1f} MB/s{left}")


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
