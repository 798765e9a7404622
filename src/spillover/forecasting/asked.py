"""Which panel is asked for, from a file or from the events of a case; it is recorded, and can be made again."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spillover.errors import ForecastError
from spillover.forecasting.panel import Panel, Unit
from spillover.forecasting.panels import from_events, from_file
from spillover.forecasting.panels.coverage import family_of
from spillover.forecasting.panels.from_events import Target
from spillover.spread.asked import check_actors

if TYPE_CHECKING:
    from spillover.records import Session

VALUES = "values"
"""The name under which the digest of a panel stands among the inputs of a run."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A panel as it is asked for: of ``file``, with the names of its ``columns``, or of a case's events where there is
    no file; then the others say which, as in :func:`~spillover.forecasting.panels.from_events`."""

    file: Path | None = None
    unit: Unit | None = None
    target: Target = "deaths"
    types: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON; of a file its name alone, so that a record says the same wherever it lies."""
        if self.file is not None:
            return {"file": self.file.name, "unit": self.unit, "columns": dict(sorted(self.columns))}
        named = {"types": self.types, "actors": self.actors, "countries": self.countries}
        return {"unit": self.unit or "country", "target": self.target} | {k: sorted(set(v)) for k, v in named.items()}

    @classmethod
    def of(cls, given: Mapping[str, Any], file: Path | None = None) -> Asked:
        """What a record has; ``file``: where its file is now."""
        if "file" in given:
            return cls(file, given["unit"], columns=tuple(given["columns"].items()))
        named = (tuple(given[k]) for k in ("types", "actors", "countries"))
        return cls(None, given["unit"], given["target"], *named)

    def options(self, case: Path | None = None) -> str:
        """The options of a command that ask for it."""
        if self.file is not None:
            words = ["--panel", str(self.file), *(["--unit", self.unit] if self.unit else [])]
            words += ["--columns", ",".join(f"{k}={v}" for k, v in self.columns)] if self.columns else []
        else:
            words = ["--case", str(case), "--unit", self.unit or "country", "--target", self.target]
            for option, values in (("--type", self.types), ("--actor", self.actors), ("--country", self.countries)):
                words += [word for value in values for word in (option, value)]
        return shlex.join(words)


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """A panel, the SHA-256 of what it was made from, by name, what the makers of the data ask to be said, and the
    names of the data sets, for figures."""

    panel: Panel
    inputs: dict[str, str]
    attribution: tuple[str, ...]
    sources: tuple[str, ...] = ()


def given(asked: Asked, session: Session | None = None, until: int | None = None) -> Given:
    """The panel that is asked for, up to and with a month; ``session``: the events of the case, where it is of one.

    :class:`~spillover.errors.ForecastError` where it cannot be made, :class:`~spillover.errors.SpreadError` for an
    actor or type of violence that is unknown.
    """
    if asked.file is not None:
        path = asked.file
        panel = from_file(path, until=until, kind=asked.unit, **dict(asked.columns))  # type: ignore[arg-type]
        return _with_values(panel, {path.name: file_digest(path)}, (f"Data: {path.name}",), (path.name,))
    if session is None:
        raise ForecastError("this panel is of the events of a case", to_do="Name the case with --case")
    check_actors(session, asked.actors)
    family = family_of(session)
    panel = from_events(
        session, kind=asked.unit or "country", target=asked.target, types=asked.types, actors=asked.actors,
        countries=asked.countries, until=until,
    )  # fmt: skip
    sets = [s for s in session.of("events") if s.family == family]
    return _with_values(
        panel, {f"{s.id} {s.source}": s.source_sha256 for s in sets},
        tuple(dict.fromkeys(f"{s.label}: {s.licence}. {s.attribution}" for s in sets)),
        tuple(dict.fromkeys(s.label for s in sets)),
    )  # fmt: skip


def _with_values(
    panel: Panel, inputs: dict[str, str], attribution: tuple[str, ...], sources: tuple[str, ...]
) -> Given:  # fmt: skip
    return Given(panel, inputs | {VALUES: panel_digest(panel)}, attribution, sources)


def file_digest(path: Path) -> str:
    """SHA-256 of a file; :class:`~spillover.errors.ForecastError` where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ForecastError("it cannot be read", where=str(path), to_do="Look at the path") from error


def panel_digest(panel: Panel) -> str:
    """SHA-256 of all in a panel that a forecast can hang on: everything but names and notes."""
    found = hashlib.sha256(repr((panel.kind, panel.target, panel.start, panel.values.shape, panel.units)).encode())
    found.update(np.ascontiguousarray(panel.values, dtype="<f8").data)
    for mask in (panel.exists, panel.covered):
        if mask is not None:
            found.update(np.ascontiguousarray(mask, dtype=np.uint8).data)
    for name in sorted(panel.parts):
        found.update(name.encode())
        found.update(np.ascontiguousarray(panel.parts[name], dtype="<f8").data)
    for near in panel.neighbours:
        found.update(f"{len(near)} ".encode())
        found.update(np.ascontiguousarray(near, dtype="<i8").data)
    return found.hexdigest()
