"""How fast Spillover reads, and in how much memory, against the bare spaCy pipeline on the same texts in the same run.

    python benchmarks/reading.py [--documents 300] [--rounds 3] [--seed 1] [--texts DIR] [--json] [--quick]

The peer is the same model with all its default components, ``nlp.pipe`` over the same texts: what anybody who reads
text with spaCy pays before the first rule. Each side is warmed up, then the two take turns, round after round, in one
process with one thread; the median of the rounds is shown. Memory is each side's peak in a process of its own. The
folder is read from its files to its JSON Lines on one process and on two; the rate is that of the steady state, after
the first tenth of the documents, and the time with start-up stands beside it. See docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from parts.texts import own_texts, texts_of, words

if TYPE_CHECKING:
    from spacy.language import Language

    from spillover.reading.document import Document

BATCH = 128
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
SPEED_BAR, MEMORY_BAR, FOLDER_BAR = 0.75, 1.3, 1.7


@dataclass(slots=True)
class Figures:
    """Words a second, MiB, and their ratios."""

    documents: int
    words: int
    statements: int
    spacy: float
    reading: float
    speed_ratio: float
    spacy_mib: float
    spacy_singly_mib: float
    reading_mib: float
    whole_mib: float
    memory_ratio: float
    folder_one: float
    folder_two: float
    folder_ratio: float
    folder_one_seconds: float
    folder_two_seconds: float


def bare(nlp: Language, texts: list[str], batch: int = BATCH) -> None:
    """The peer: all components of the model over the texts."""
    for _ in nlp.pipe(texts, batch_size=batch):
        pass


def timed(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def speed(texts: list[str], documents: list[Document], rounds: int) -> tuple[float, float, int]:
    """Median seconds of the bare pipeline and of reading; the number of statements."""
    from spillover.reading import Reader
    from spillover.reading.language import load_model

    nlp, reader = load_model(), Reader()
    few, found = max(1, len(texts) // 20), 0

    def read(documents: list[Document]) -> None:
        nonlocal found
        found = sum(len(reader.read(document).statements) for document in documents)

    bare(nlp, texts[:few])
    read(documents[:few])
    peer, own = [], []
    for _ in range(rounds):
        peer.append(timed(lambda: bare(nlp, texts)))
        own.append(timed(lambda: read(documents)))
    return statistics.median(peer), statistics.median(own), found


def folder_rate(folder: Path, paths: list[Path], out: Path, jobs: int) -> tuple[float, float]:
    """Documents a second after the first tenth of them, and the seconds of the whole run."""
    from spillover.reading.folder import LinesWork, Summary, read_folder
    from spillover.reading.lines import Selection

    begun, first, at = time.perf_counter(), max(2, len(paths) // 10), 0.0

    def progress(summary: Summary) -> None:
        nonlocal at
        if summary.done == first:
            at = time.perf_counter()

    summary = read_folder(folder, paths, out, LinesWork(Selection()), Selection(), jobs=jobs, progress=progress)
    ended = time.perf_counter()
    if summary.failed:
        raise SystemExit(f"not all could be read: {summary.failed[0]}")
    return (len(paths) - first) / (ended - at), ended - begun


def memory(folder: Path, side: str) -> tuple[float, float]:
    """Peak MiB of a new process that does one side's work, and of it with its loader's process."""
    command = [sys.executable, __file__, "--side", side, "--texts", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=1800)
    own, with_children = json.loads(done.stdout)
    return own, with_children


def one_side(side: str, folder: Path) -> None:
    """In a process of its own: do the work, print the peak, and the peak with the loader's process."""
    paths, loader = sorted(folder.rglob("*.txt")), 0.0
    if side.startswith("spacy"):
        from spillover.reading.language import load_model

        bare(load_model(), [path.read_text("utf-8") for path in paths], BATCH if side == "spacy" else 1)
    else:
        from spillover.reading import Reader
        from spillover.reading.documents import load
        from spillover.reading.documents.pool import shared_pool

        reader = Reader()
        for path in paths:
            reader.read(load(path))
        loader = peak(shared_pool().worker_pid or os.getpid())
    own = peak(os.getpid())
    print(json.dumps([own, own + loader]))


def peak(pid: int) -> float:
    """Peak MiB of a running process. Not ``ru_maxrss``: that begins with what the parent had when it started it."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def measure(texts: list[str], rounds: int) -> Figures:
    """All figures of one run."""
    from spillover.reading.documents import load

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "texts")
        folder.mkdir()
        for n, text in enumerate(texts):
            (folder / f"{n:05}.txt").write_text(text, "utf-8")
        paths = sorted(folder.iterdir())
        documents = [load(path) for path in paths]
        count = words(texts)
        spacy, reading, statements = speed(texts, documents, rounds)
        spacy_mib, _ = memory(folder, "spacy")
        singly_mib, _ = memory(folder, "spacy singly")
        reading_mib, whole_mib = memory(folder, "spillover")
        one, one_seconds = folder_rate(folder, paths, Path(place, "one"), 1)
        two, two_seconds = folder_rate(folder, paths, Path(place, "two"), 2)
    a_document = count / len(texts)
    return Figures(
        len(texts), count, statements, count / spacy, count / reading, spacy / reading, spacy_mib, singly_mib,
        reading_mib, whole_mib, reading_mib / spacy_mib, one * a_document, two * a_document, two / one, one_seconds,
        two_seconds,
    )  # fmt: skip


def table(f: Figures) -> str:
    """The figures for people."""

    def bar(ratio: float, sign: str, limit: float) -> str:
        met = ratio >= limit if sign == "≥" else ratio <= limit
        return f"{ratio:9.2f} ×   bar {sign} {limit:g}: {'met' if met else 'MISSED'}"

    rows = [
        f"{f.documents} documents, {f.words:,} words, {f.statements:,} statements; one thread a process",
        "",
        "one process, words a second",
        f"  bare spaCy pipeline           {f.spacy:9,.0f}",
        f"  Spillover, reading            {f.reading:9,.0f} {bar(f.speed_ratio, '≥', SPEED_BAR)}",
        "peak memory, MiB",
        f"  bare spaCy pipeline           {f.spacy_mib:9,.0f}",
        f"  … one text at a time          {f.spacy_singly_mib:9,.0f}",
        f"  Spillover, reading            {f.reading_mib:9,.0f} {bar(f.memory_ratio, '≤', MEMORY_BAR)}",
        f"  … with its loader's process   {f.whole_mib:9,.0f} {f.whole_mib / f.spacy_mib:9.2f} ×",
        "a folder, files to JSON Lines, words a second",
        f"  one process                   {f.folder_one:9,.0f} {f.folder_one / f.spacy:9.2f} × the bare pipeline",
        f"  two processes                 {f.folder_two:9,.0f} {bar(f.folder_ratio, '≥', FOLDER_BAR)}",
        f"  with start-up: {f.folder_one_seconds:.1f} s and {f.folder_two_seconds:.1f} s",
    ]
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--texts", type=Path, help="a folder of *.txt to measure on, instead of texts of our own")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a self-check on few texts; its figures mean nothing")
    parser.add_argument("--side", choices=["spacy", "spacy singly", "spillover"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    # before numpy is loaded: one thread on both sides, in this process and in those it starts
    os.environ.update(dict.fromkeys(THREADS, "1"))
    if options.side:
        one_side(options.side, options.texts)
        return
    if options.quick:
        options.documents, options.rounds = 20, 1
    texts = texts_of(options.texts) if options.texts else own_texts(options.documents, options.seed)
    figures = measure(texts[: options.documents] if options.quick else texts, options.rounds)
    if options.quick:
        wrong = [name for name, value in asdict(figures).items() if not value > 0]
        if wrong:
            raise SystemExit(f"not positive: {', '.join(wrong)}")
    print(json.dumps(asdict(figures), indent=1) if options.json else table(figures))


if __name__ == "__main__":
    main()
