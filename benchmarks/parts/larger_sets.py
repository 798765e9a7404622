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
        out = {
            "micro F1": f["ties"]["micro"]["f1"],
            "micro P": f["ties"]["micro"]["p"],
            "micro R": f["ties"]["micro"]["r"],
        }
        out |= {"ties on other pairs": f["ties"]["ties_on_other_pairs"], "year": f["ties"]["year_accuracy"]}
        return out | {"micro F1, with events": f["with events"]["micro"]["f1"]}
    if larger.name == "plover":
        out = {f"{level} F1": f["all"][level]["f1"] for level in ("source", "target", "pair", "pair+event")}
        return out | {"pair+event F1, material": f["material"]["pair+event"]["f1"]}
    plain, relaxed = f["without weapon"], f["without weapon, relaxed"]
    out = {k: plain["micro"][v] / 100 for k, v in (("micro F1", "f1"), ("micro P", "p"), ("micro R", "r"))}
    out["micro F1, relaxed"] = relaxed["micro"]["f1"] / 100
    out["micro F1, with weapon"] = f["all roles"]["micro"]["f1"] / 100
    return out


def details(larger: Larger) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 within the set: by type of tie, or by role of an incident (0 to 1)."""
    f = larger.figures
    if larger.name == "ties":
        return {k: {**v, "p": v["p"], "r": v["r"], "f1": v["f1"]} for k, v in f["ties"]["per_type"].items() if v["n"]}
    if larger.name == "plover":
        return {k: {x: v[x] for x in ("p", "r", "f1")} for k, v in f["all"].items()}
    rows = f["without weapon"].items()
    return {k: {x: v[x] / 100 for x in ("p", "r", "f1")} for k, v in rows if k != "micro"}
