"""The larger sets of the shared folder: texts written by their own scripts, read here, scored by their own scripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parts.gold import scorer, shared

if TYPE_CHECKING:
    from spillover.reading import Reader

SETS = {
    "ties": ("eval_ties.py", "mapping_militants_dev.csv"),
    "plover": ("eval_plover.py", "plover_dev.txt"),
    "muc4": ("eval_muc4.py", "muc4_dev.jsonl"),
}


@dataclass(frozen=True, slots=True)
class Larger:
    """One set's figures as its script prints them. ``failed``: texts that could not be read, with the reason."""

    name: str
    texts: int
    words: int
    statements: int
    gate: int
    failed: tuple[str, ...]
    figures: dict[str, Any]


def run(reader: Reader, names: tuple[str, ...] = tuple(SETS)) -> Iterator[Larger]:
    """Read and score the sets that are there; one that is not is passed over, and the page says so."""
    for name in names:
        script, rows = shared() / "eval" / SETS[name][0], shared() / "data" / SETS[name][1]
        if script.is_file() and rows.is_file():
            yield _one(reader, name, script, rows)


def _one(reader: Reader, name: str, script: Path, rows: Path) -> Larger:
    from spillover.errors import DocumentError
    from spillover.reading.documents import load

    gate = scorer("statements_gate").gate
    with tempfile.TemporaryDirectory(prefix="spillover-accuracy-") as folder:
        texts, predicted = Path(folder, "texts"), Path(folder, "predicted")
        predicted.mkdir()
        _call(script, rows, "--prepare", texts)
        words = statements = violations = 0
        failed = []
        paths = sorted(texts.glob("*.txt"))
        for path in paths:
            try:
                reading = reader.read(load(path))
            except DocumentError as error:
                failed.append(str(error).replace(str(texts) + os.sep, ""))
                continue
            words += len(reading.document.text.split())
            statements += len(reading.statements)
            violations += len(gate([s.to_dict() for s in reading.statements], reading.document.text))
            (predicted / f"{path.stem}.jsonl").write_text(reading.to_json(), encoding="utf-8")
        figures = json.loads(_call(script, rows, predicted))
    return Larger(name, len(paths), words, statements, violations, tuple(failed), figures)


def _call(script: Path, *arguments: str | Path) -> str:
    command = [sys.executable, "-B", str(script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise SystemExit(f"{script.name} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def main_figures(larger: Larger) -> dict[str, float]:
    """The set's main figures, by the names that ``reference.toml`` has; shares from 0 to 1, counts as they are."""
    f = larger.figures
    if larger.name == "ties":
        ties = f["ties"]
        return {
            "micro F1": ties["micro"]["f1"],
            "micro P": ties["micro"]["p"],
            "micro R": ties["micro"]["r"],
            "ties on other pairs": ties["ties_on_other_pairs"],
            "pairs found": ties["pair_recall"],
            "type right, of the pairs found": ties["type_accuracy_given_pair"],
            f"year right, of {ties['year_asked']} pairs whose text has it": ties["year_accuracy"],
            "micro F1, violent events count as rivalry": f["with events"]["micro"]["f1"],
        }
    if larger.name == "plover":
        names = {"pair+event F1": "pair+event", "target F1": "target"}
        material = {"pair+event F1, material events alone": f["material"]["pair+event"]["f1"]}
        return {k: f["all"][v]["f1"] for k, v in names.items()} | material
    plain = f["without weapon"]["micro"]
    return {
        "micro F1": plain["f1"] / 100,
        "micro P": plain["p"] / 100,
        "micro R": plain["r"] / 100,
        "micro F1, spans may differ in extent": f["without weapon, relaxed"]["micro"]["f1"] / 100,
        "micro F1, weapon included": f["all roles"]["micro"]["f1"] / 100,
    }


_TIE_TYPES = {"aff": "affiliation", "all": "alliance", "mer": "merger", "riv": "rivalry", "spl": "split"}


def details(larger: Larger) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 (``p``, ``r``, ``f1``, 0 to 1) by type of tie, level of agreement, or role."""
    f = larger.figures
    if larger.name == "ties":
        return {_TIE_TYPES[k]: v for k, v in f["ties"]["per_type"].items() if k in _TIE_TYPES}
    if larger.name == "plover":
        return dict(f["all"])
    roles = {k: v for k, v in f["all roles"].items() if k != "micro"}
    return {k: {x: v[x] / 100 for x in ("p", "r", "f1")} for k, v in roles.items()}
