"""Records of forecasts and back-tests, and folders that belong to one back-test alone.

A record has the form of :mod:`spillover.runs`, and in ``places`` where its inputs were, as seen from its own folder:
they are not part of what was given, so a record has the same id wherever its files are moved.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from spillover.errors import ForecastError
from spillover.files import write_atomic
from spillover.forecasting.asked import VALUES, file_digest
from spillover.forecasting.weights import Marks
from spillover.runs import FORMAT, Run, digest

MANIFEST = "manifest.json"
MARKS = ".marks.npz"
_MADE_WITH = ("numpy", "scipy", "numba", "lightgbm", "scikit-learn", "pyarrow")
_NO_PART = (
    "asked.py", "jobs.py", "onset", "panels", "plots", "recordwords.py", "repeating.py", "risk.py", "saving.py",
    "scenarios", "views.py",
)  # fmt: skip
"""What here no number of a forecast hangs on; panels are known by their values."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A record as it was read. ``outputs``: SHA-256 by name; ``places``: path by name of an input."""

    path: Path
    run: Run
    outputs: dict[str, str]
    places: dict[str, str]

    def place(self, name: str) -> Path | None:
        """Where an input was, by the record."""
        return self.path.parent / self.places[name] if name in self.places else None


def write(path: Path, run: Run, outputs: Mapping[str, str], places: Mapping[str, Path] | None = None) -> Path:
    """Write a record; the same run gives the same bytes. :class:`~spillover.errors.CaseError` where it cannot be."""
    seen = {name: _seen_from(path.parent, place) for name, place in (places or {}).items()}
    form = {"format": FORMAT, "id": run.id, **asdict(run), "outputs": dict(outputs), "places": seen}
    write_atomic(path, (json.dumps(form, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
    return path


def read(path: Path) -> Saved:
    """A record; :class:`~spillover.errors.ForecastError` where the file is none, or was changed by hand."""
    try:
        form = json.loads(path.read_bytes())
        if form["format"] != FORMAT:
            raise ValueError(form["format"])
        run = Run(form["command"], form["inputs"], form["parameters"], form["seed"], form["version"])
        saved = Saved(path, run, dict(form["outputs"]), dict(form.get("places", {})))
    except OSError as error:
        raise ForecastError("it cannot be read", where=str(path), to_do="Look at the path") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ForecastError(
            "this is no record of a run", where=str(path), to_do="Name one in a case's runs, or a manifest.json"
        ) from error
    if run.id != form["id"]:
        raise ForecastError(
            "the record was changed since it was written: its id is of other inputs or parameters", where=str(path),
            to_do="Run the command itself again",
        )  # fmt: skip
    return saved


def find(said: str, case: Path | None) -> Path:
    """The record that a user names: a file, a folder with a manifest, or the beginning of an id in a case's runs.

    :class:`~spillover.errors.ForecastError` where there is none, or several.
    """
    path = Path(said)
    if path.is_dir() and (path / MANIFEST).is_file():
        return path / MANIFEST
    if path.is_file():
        return path
    runs = case / "runs" if case is not None else None
    found = sorted(p for p in runs.glob("*.json") if p.stem.startswith(said)) if runs is not None and said else []
    if len(found) != 1:
        where = f"in {runs}" if runs is not None else "and no case is named"
        raise ForecastError(
            f"{len(found)} runs begin with {said!r} {where}" if found else f"there is no record {said!r} {where}",
            to_do="Name a record: an id of a case's run, runs/ID.json, or a manifest.json",
        )
    return found[0]


def claim(folder: Path, run: Run, places: Mapping[str, Path]) -> dict[str, str]:
    """Make a folder the back-test's own; what it has of it already, by name with SHA-256.

    :class:`~spillover.errors.ForecastError` where it has files of another run, or one that was changed since.
    """
    path = folder / MANIFEST
    if not path.is_file():
        there = sorted(p.name for p in folder.iterdir() if not p.name.startswith(".")) if folder.is_dir() else []
        if there:
            raise ForecastError(
                f"the folder has other files in it (such as {there[0]}) and no {MANIFEST}", where=str(folder),
                to_do="Name a new or empty folder",
            )  # fmt: skip
        write(path, run, {}, places)
        return {}
    saved = read(path)
    if saved.run.id != run.id:
        raise ForecastError(
            f"the folder belongs to another run: other {', '.join(differing(saved.run, run))}", where=str(folder),
            to_do="Name another folder, or ask for the same",
        )  # fmt: skip
    kept = {}
    for name, known in saved.outputs.items():
        if (folder / name).is_file():
            if file_digest(folder / name) != known:
                raise ForecastError(
                    "the file was changed since it was written", where=str(folder / name),
                    to_do="Remove it: the same command makes it anew",
                )  # fmt: skip
            kept[name] = known
    return kept


def differing(one: Run, other: Run) -> list[str]:
    """What two runs were given differently, for people."""
    words = ["command"] if one.command != other.command else []
    for name in sorted({*one.inputs, *other.inputs}):
        if one.inputs.get(name) != other.inputs.get(name):
            words.append("values of the panel" if name == VALUES else f"input {name}")
    for name in sorted({*one.parameters, *other.parameters}):
        if one.parameters.get(name) != other.parameters.get(name):
            words.append("code or packages of Spillover" if name == "made_by" else name)
    if one.seed != other.seed:
        words.append("seed")
    return words + (["version of Spillover"] if one.version != other.version else [])


def in_folder(folder: Path, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """The files of a back-test in its folder, with SHA-256; those that are ``known`` are not read again."""
    known = known or {}
    found = (p for p in folder.iterdir() if p.is_file() and p.name != MANIFEST and not p.name.startswith("."))
    return {path.name: known.get(path.name) or file_digest(path) for path in sorted(found)}


def marks(saved: Saved) -> tuple[Marks, ...]:
    """How members did in the windows of a back-test, from its folder.

    :class:`~spillover.errors.ForecastError` where a file is missing or was changed.
    """
    found = []
    for name in sorted(n for n in saved.outputs if n.endswith(MARKS)):
        path = saved.path.parent / name
        if file_digest(path) != saved.outputs[name]:
            raise ForecastError(
                "the file was changed since it was written", where=str(path),
                to_do="Remove it and run the back-test again",
            )  # fmt: skip
        with np.load(path, allow_pickle=False) as arrays:
            found.append(Marks(**{field.name: arrays[field.name] for field in fields(Marks)}))
    return tuple(found)


@cache
def made_by() -> dict[str, Any]:
    """What the numbers of a forecast hang on beside what is given: this code, and the packages that it calls."""
    here = Path(__file__).parent
    paths = (p for p in sorted(here.rglob("*")) if p.suffix in (".py", ".toml"))
    parts = [p for p in paths if p.relative_to(here).parts[0] not in _NO_PART]
    code = digest(json.dumps([[p.relative_to(here).as_posix(), digest(p.read_bytes())] for p in parts]).encode())
    return {"code": code, "packages": dict(_versions(_MADE_WITH))}


def _versions(names: Iterable[str]) -> Iterable[tuple[str, str | None]]:
    for name in names:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, None


def _seen_from(folder: Path, place: Path) -> str:
    try:
        return Path(os.path.relpath(place, folder)).as_posix()
    except ValueError:
        return place.resolve().as_posix()  # on another drive
