"""How fast event data come in and claims are checked, against DuckDB alone and against pandas, all in one run.

    python benchmarks/records.py [--rows 350000] [--checks 100] [--rounds 5] [--seed 1] [--json] [--quick]

A GED-shaped CSV is written (rows drawn from the shared files where they are, else made up). The peer of the import is
``COPY (SELECT * FROM read_csv(file)) TO 'x.parquet'`` in DuckDB, on the same file, in turns; the median ratio of the
rounds is shown. The checks are count statements of many actors, countries and periods put to the 350,000 rows; pandas
filters and counts the same (actor, country, days; low, best, high of the deaths) on a data frame that it has read
already. Memory is the peak of a process that does nothing but import the file, and of one that opens it and checks.
See docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parts.ged_shaped import real_files, write_like

if TYPE_CHECKING:
    from spillover.records import Session

IMPORT_BAR, CHECKS_BAR, PANDAS_BAR, MEMORY_BAR = 2.0, 2.0, 10.0, 1500
_ACTORS = (
    ("tehrik-i-taliban-pakistan", "TTP", "PAK", "Pakistan"), ("lashkar-e-jhangvi", "LeJ", "PAK", "Pakistan"),
    ("balochistan-liberation-army", "BLA", "PAK", "Pakistan"), ("arakan-army", "ULA", "MMR", "Myanmar (Burma)"),
    ("kachin-independence-organization", "KIO", "MMR", "Myanmar (Burma)"), ("taliban", "Taleban", "PAK", "Pakistan"),
)  # fmt: skip


@dataclass(slots=True)
class Figures:
    """Seconds, MiB and ratios; ``source``: what the rows were made from."""

    source: str
    rows: int
    mebibytes: float
    duckdb_copy: float
    importing: float
    import_ratio: float
    opening: float
    checks: int
    checking: float
    count_ms: float
    query_ms: float
    pandas_ms: float
    pandas_ratio: float
    same_numbers: int
    import_mib: float
    check_mib: float


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that ``work`` takes, and what it gives."""
    begun = time.perf_counter()
    found = work()
    return time.perf_counter() - begun, found


def copy(file: Path, folder: Path) -> None:
    """The peer of the import."""
    import duckdb

    with duckdb.connect() as db:
        db.execute(f"COPY (SELECT * FROM read_csv('{file}')) TO '{folder / 'peer.parquet'}' (FORMAT parquet)")


def importing(file: Path, folder: Path) -> None:
    """Our import, into an empty catalog."""
    from spillover.records import Catalog, add

    shutil.rmtree(folder / "events", ignore_errors=True)
    add(Catalog(folder / "events"), file)


def opened(folder: Path) -> Session:
    """A session over what was imported."""
    from spillover.lexicon import load_lexicon
    from spillover.records import Catalog, Crosswalk, open_session

    return open_session(Catalog(folder / "events"), Crosswalk(load_lexicon()))


def questions(count: int, seed: int) -> list[tuple[tuple[str, str, str, str], date, date]]:
    """(actor, first day, last day) of each claim."""
    drawn = random.Random(seed)
    found = []
    for n in range(count):
        start = date(2000, 1, 1) + timedelta(days=drawn.randrange(7000))
        found.append((_ACTORS[n % len(_ACTORS)], start, start + timedelta(days=drawn.choice((30, 120, 364)))))
    return found


def statement(n: int, actor: tuple[str, str, str, str], start: date, end: date) -> Any:
    """A count of killed, as the reader would give it."""
    from spillover.reading.statement import Evidence, Place, Quantity, Role, Statement, Time

    return Statement(
        id=f"st_{n:010}", kind="count", type="attacks", subject=Role(actor[1], 0, 1, actor[0], "group", "lexicon"),
        object=None, place=(Place(actor[3], 0, 1, actor[2], "country"),),
        time=Time("then", start.isoformat(), end.isoformat(), "day"),
        quantity=Quantity("50", 50, 50, "attack", "exact"), instrument=None, text=None, effect=None, condition=None,
        status="fact", phase="occurred", polarity="affirmed", likelihood=None, attribution=(),
        evidence=Evidence(0, 1, "x"), also=(), document="sha256:0", engine="benchmark", rule="count",
    )  # fmt: skip


def check_all(session: Session, asked: list[Any]) -> list[Any]:
    """All checks, each with its query, its bounds, caveats and tempo."""
    from spillover.checking import Record, check_statement
    from spillover.checking.claims import Said

    record, now = Record(session, factions=False), Said(date(2024, 1, 1), "document")
    return [check_statement(statement(n, *q), record, now)[0] for n, q in enumerate(asked)]


def against_pandas(file: Path, session: Session, asked: list[Any], found: list[Any]) -> tuple[float, float, float, int]:
    """Milliseconds of ours, of the printed query and of pandas, and in how many all three gave the same numbers."""
    import pandas as pd

    from spillover.checking import Record
    from spillover.checking.finding import Days

    frame = pd.read_csv(file, parse_dates=["date_start", "date_end"], low_memory=False)
    tally = Record(session).tally("ucdp")

    def ours(actor: tuple[str, str, str, str], start: date, end: date) -> dict[str, Any]:
        return tally.choose([(actor[0],)], (actor[2],)).counted(Days(start.isoformat(), end.isoformat()), toll=False)

    own = statistics.median(timed(lambda q=q: ours(*q))[0] for q in asked)
    printed = statistics.median(timed(lambda f=f: session.query(f.sql))[0] for f in found)
    times, same = [], 0
    for (actor, start, end), finding in zip(asked, found, strict=True):
        a, b = pd.Timestamp(start), pd.Timestamp(end)

        def counted(name: str = actor[1], country: str = actor[3], a: Any = a, b: Any = b) -> tuple[int, int, int]:
            sides = (frame["side_a"] == name) | (frame["side_b"] == name)
            mine = frame[sides & (frame["country"] == country) & (frame["date_end"] >= a) & (frame["date_start"] <= b)]
            best = mine[(mine["date_start"] >= a) & (mine["date_start"] <= b)]
            sure = mine[(mine["date_start"] >= a) & (mine["date_end"] <= b)]
            return len(sure), len(best), len(mine)

        seconds, numbers = timed(counted)
        times.append(seconds)
        row = session.query(finding.sql).dicts()[0]
        record = finding.record
        same += numbers == (record.low, record.best, record.high) == (row["low"], row["best"], row["high"])
    return own * 1000, printed * 1000, statistics.median(times) * 1000, same


def peak(side: str, file: Path, folder: Path) -> float:
    """MiB that a process of its own takes at most."""
    command = [sys.executable, __file__, "--side", side, "--file", str(file), "--folder", str(folder)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure(rows: int, checks: int, rounds: int, seed: int) -> Figures:
    """All figures, in one run."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        file = folder / "events.csv"
        source = write_like(file, rows, seed, real_files())
        # both are warmed up: the first run reads the file from the disk and loads the libraries
        copy(file, folder)
        importing(file, folder)
        sides = (lambda: copy(file, folder)), (lambda: importing(file, folder))
        pairs = [(timed(sides[0])[0], timed(sides[1])[0]) for _ in range(rounds)]
        opening, session = timed(lambda: opened(folder))
        asked = questions(checks, seed)
        checking, found = timed(lambda: check_all(session, asked))
        own, printed, pandas, same = against_pandas(file, session, asked, found)
        session.close()
        return Figures(
            source, rows, file.stat().st_size / 2**20, statistics.median(p for p, _ in pairs),
            statistics.median(o for _, o in pairs), statistics.median(o / p for p, o in pairs), opening, checks,
            checking,
            own, printed, pandas, pandas / own, same, peak("import", file, folder), peak("check", file, folder),
        )  # fmt: skip


def one_side(side: str, file: Path, folder: Path) -> None:
    """The peak memory of this process, on standard output."""
    if side == "import":
        importing(file, folder / "alone")
    else:
        with opened(folder) as session:
            check_all(session, questions(100, 1))
    status = Path("/proc/self/status")
    if status.is_file():
        # the high-water mark of this program alone: ru_maxrss goes on from the process that started it
        print(next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024)
    else:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def table(f: Figures) -> str:
    """The figures for people."""

    def bar(value: float, sign: str, limit: float, unit: str) -> str:
        met = value >= limit if sign == "≥" else value <= limit
        return f"{value:9.2f} {unit}   bar {sign} {limit:g}: {'met' if met else 'MISSED'}"

    return "\n".join([
        f"{f.rows:,} rows, {f.mebibytes:.0f} MiB ({f.source})", "",
        "importing, seconds",
        f"  DuckDB, CSV to Parquet        {f.duckdb_copy:9.2f}",
        f"  Spillover, import             {f.importing:9.2f} {bar(f.import_ratio, '≤', IMPORT_BAR, '×')}",
        "checking, seconds",
        f"  opening the event data        {f.opening:9.2f}",
        f"  {f.checks} checks                    {f.checking:9.2f}",
        f"  both                          {bar(f.checking + f.opening, '≤', CHECKS_BAR, 's')}",
        "a filter and count, milliseconds",
        f"  pandas                        {f.pandas_ms:9.2f}",
        f"  Spillover, the printed query  {f.query_ms:9.2f}",
        f"  Spillover, in a check         {f.count_ms:9.2f} {bar(f.pandas_ratio, '≥', PANDAS_BAR, '× as fast')}",
        f"  the same numbers in           {f.same_numbers:9} of {f.checks}",
        "peak memory, MiB",
        f"  importing                     {bar(f.import_mib, '≤', MEMORY_BAR, 'MiB')}",
        f"  opening and checking          {bar(f.check_mib, '≤', MEMORY_BAR, 'MiB')}",
    ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=350_000)
    parser.add_argument("--checks", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a self-check on few rows; its figures mean nothing")
    parser.add_argument("--side", choices=["import", "check"], help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        one_side(options.side, options.file, options.folder)
        return
    if options.quick:
        options.rows, options.checks, options.rounds = 5000, 12, 1
    figures = measure(options.rows, options.checks, options.rounds, options.seed)
    if options.quick:
        wrong = [name for name, value in asdict(figures).items() if not value]
        if wrong or figures.same_numbers < figures.checks:
            same = f"the same numbers in {figures.same_numbers} of {figures.checks}"
            raise SystemExit(f"wrong: {', '.join(wrong)}; {same}")
    print(json.dumps(asdict(figures), indent=1) if options.json else table(figures))


if __name__ == "__main__":
    main()
