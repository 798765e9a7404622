"""All measures of a selection at once, in the order in which an analyst reads them.

::

    made = overview(selection, contagion=QUICK)
    for section in made.sections():
        print(section.title, section.text, sep="\\n")
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from spillover.errors import SpreadError, Stopped
from spillover.spread.actorgraph import ActorGraph, actor_graph
from spillover.spread.borders import Borders, borders
from spillover.spread.calendar import Period
from spillover.spread.diffusion import Diffusion, diffusion
from spillover.spread.firsthits import FirstHits, first_hits
from spillover.spread.footprint import Footprint, footprint
from spillover.spread.front import Front, front
from spillover.spread.lately import Lately, lately
from spillover.spread.lethality import Lethality, lethality
from spillover.spread.nearrepeat import NearRepeat, near_repeat
from spillover.spread.selection import LeftOut, Selection
from spillover.spread.tables import plain
from spillover.spread.tempo import By, Tempo, tempo

if TYPE_CHECKING:
    from spillover.spread.contagion import Contagion, Effort, Settings

Progress = Callable[[int, int, str], bool | None]
"""Told parts done, parts in all and what is being done; ``False`` stops the work."""

TITLES = {
    "lately": "What changed lately", "tempo": "Tempo", "footprint": "Footprint", "first_hits": "First hits",
    "first_hits_countries": "First hits by country", "front": "Front", "borders": "Across borders",
    "near_repeat": "Near repeats", "diffusion": "Diffusion", "lethality": "Lethality", "actor_graph": "Who fights whom",
    "contagion": "Contagion",
}  # fmt: skip
"""The measures, by their fields in :class:`Overview`, in the order of reading."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the overview: ``text`` in words, ``left_out``: events that the measure could not use. ``measure``: its
    field in :class:`Overview`; empty for what is about all of them."""

    title: str
    text: str
    left_out: LeftOut | None = None
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """Each measure, ``None`` where it could not be worked out or was not asked for; ``skipped``: measure → why not.

    ``first_hits``: by first-order division; ``first_hits_countries``: by country, where events are in several.
    """

    selection: Selection
    seed: int
    lately: Lately | None = None
    tempo: Tempo | None = None
    footprint: Footprint | None = None
    first_hits: FirstHits | None = None
    first_hits_countries: FirstHits | None = None
    front: Front | None = None
    borders: Borders | None = None
    near_repeat: NearRepeat | None = None
    diffusion: Diffusion | None = None
    lethality: Lethality | None = None
    actor_graph: ActorGraph | None = None
    contagion: Contagion | None = None
    skipped: dict[str, str] = field(default_factory=dict)

    def measures(self) -> dict[str, Any]:
        """The measures that were worked out, in the order of reading."""
        return {name: found for name in TITLES if (found := getattr(self, name)) is not None}

    def sections(self) -> list[Section]:
        """What each measure says; last what could not be worked out, and the events left out."""
        made = [
            Section(TITLES[name], _said(name, found, self.selection.words), _left_out(name, found), name)
            for name, found in self.measures().items()
        ]
        if why := self.skipped.get("contagion"):
            made.append(Section(TITLES["contagion"], f"There is no contagion model: {why}.", measure="contagion"))
        return [*made, Section("Left out", self._missing(made))]

    def _missing(self, made: list[Section]) -> str:
        """Measures without a result and why, then events left out, the same ones said once."""
        told = {section.measure for section in made}
        said = [
            f"{TITLES[name]} could not be worked out: {why}." for name, why in self.skipped.items() if name not in told
        ]
        by_count: dict[str, list[str]] = {}
        for section in made:
            if section.left_out is not None and section.left_out.events:
                by_count.setdefault(str(section.left_out), []).append(section.title)
        said += [f"{', '.join(titles)}: {count}." for count, titles in by_count.items()]
        return " ".join(said) or "Every measure could use every event."

    def tables(self) -> dict[str, pl.DataFrame]:
        """All tables, by measure and what they hold (``tempo``, ``tempo_years`` …)."""
        made: dict[str, pl.DataFrame] = {}
        for name, found in self.measures().items():
            if name == "contagion":
                made |= {"contagion_spillover": found.spillover, "contagion_by_group": found.by_group()}
                continue
            for f in fields(found):
                if isinstance(value := getattr(found, f.name), pl.DataFrame):
                    made[name if f.name == "table" else f"{name}_{f.name}"] = value
        return made

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        s, found = self.selection, self.measures()
        return {
            "measure": "overview",
            "selection": {
                "words": s.words, "since": plain(s.since), "until": plain(s.until), "events": len(s),
                "sources": list(s.sources),
            },
            "seed": self.seed, "skipped": dict(self.skipped),
            **{name: found[name].to_dict() if name in found else None for name in TITLES},
            "sections": [{"title": s.title, "text": s.text, "measure": s.measure or None} for s in self.sections()],
        }  # fmt: skip


def overview(
    selection: Selection, *, contagion: Effort | None = None, settings: Settings | None = None, seed: int = 1,
    record: Selection | None = None, by: By = "month", progress: Progress | None = None,
    checkpoint: Path | None = None,
) -> Overview:  # fmt: skip
    """All measures of a selection. What cannot be worked out is in ``skipped``, and costs no other measure.

    ``contagion``: how much of the contagion model is computed (:data:`~spillover.spread.contagion.QUICK`: seconds;
    ``Effort()``: several times that; ``None``: no model), with ``settings``. ``record``: events of all actors in the
    same places and days, which say where there was anything to reach (:func:`~spillover.spread.firsthits.first_hits`).
    ``by``: of the tempo. The footprint is by year, in windows under three years by quarter and under nine months by
    month; diffusion by quarter, in windows under two years by month. The rest has the defaults of each measure.

    ``progress`` and ``checkpoint`` as in :meth:`~spillover.spread.contagion.model.Contagion.fit`.
    :class:`~spillover.errors.SpreadError` where there are no events; :class:`~spillover.errors.Stopped` where progress
    says ``False``.
    """
    if not len(selection):
        raise SpreadError(
            f"there is no event of {selection.words} from {selection.since} to {selection.until}",
            to_do="Choose other actors, places or days",
        )
    work = _work(selection, record, by, seed)
    total = len(work) + (contagion.parts if contagion is not None else 0)
    found: dict[str, Any] = {}
    skipped: dict[str, str] = {}
    for done, (name, measure) in enumerate(work.items()):
        _tell(progress, done, total, TITLES[name].lower())
        found[name] = _tried(name, measure, skipped)
    if contagion is not None:
        told = partial(_tell, progress, before=len(work), of=total) if progress is not None else None
        fitted = partial(_contagion, selection, settings, contagion, seed, told, checkpoint)
        found["contagion"] = _tried("contagion", fitted, skipped)
    return Overview(selection, seed, **found, skipped=skipped)


def _work(selection: Selection, record: Selection | None, by: By, seed: int) -> dict[str, Callable[[], Any]]:
    """What is worked out, by its field."""
    long: Period = "year" if selection.days >= 3 * 365 else "quarter" if selection.days >= 270 else "month"
    short: Period = "quarter" if selection.days >= 2 * 365 else "month"
    work: dict[str, Callable[[], Any]] = {
        "lately": partial(lately, selection),
        "tempo": partial(tempo, selection, by=by, seed=seed),
        "footprint": partial(footprint, selection, period=long, seed=seed),
        "first_hits": partial(first_hits, selection, record=record),
        "front": partial(front, selection, seed=seed),
        "borders": partial(borders, selection, seed=seed),
        "near_repeat": partial(near_repeat, selection, seed=seed),
        "diffusion": partial(diffusion, selection, period=short, seed=seed),
        "lethality": partial(lethality, selection, seed=seed),
        "actor_graph": partial(actor_graph, selection, seed=seed),
    }
    if selection.events["country"].drop_nulls().n_unique() > 1:
        work["first_hits_countries"] = partial(first_hits, selection, level="country", record=record)
    return work


def _tried(name: str, measure: Callable[[], Any], skipped: dict[str, str]) -> Any:
    try:
        return measure()
    except Stopped:
        raise
    except SpreadError as error:
        skipped[name] = error.what
        return None


def _contagion(
    selection: Selection, settings: Settings | None, effort: Effort, seed: int, progress: Progress | None,
    checkpoint: Path | None,
) -> Contagion:  # fmt: skip
    # loaded here, for it is half of what this part takes to load
    from spillover.spread.contagion import Contagion

    return Contagion(settings, effort=effort, seed=seed).fit(selection, progress=progress, checkpoint=checkpoint)


def _tell(
    progress: Progress | None, done: int, total: int, what: str, *, before: int = 0, of: int | None = None
) -> None:
    """Progress in the whole of the work, where a part of it counts for itself."""
    if progress is not None and progress(before + done, of or total, what) is False:
        raise Stopped(f"stopped at {what}, {before + done} of {of or total} parts done", to_do="Run it again to go on")


def _said(name: str, found: Any, words: str) -> str:
    """What a measure says, without the choice of events, which stands above all of them."""
    said: str = found.summary() + _found_beside(found) if name == "contagion" else found.words()
    for head in (words, words[:1].upper() + words[1:]):
        said = said.replace(f"{head}: ", "", 1)
    return said[:1].upper() + said[1:]


def _found_beside(model: Contagion) -> str:
    """Where triggering cannot be told from slow waves, the figures that it hangs on; else they are in the summary."""
    if model.told_apart:
        return ""
    kinds = ", ".join(f"{sum(v) / len(v):.3f} ({kind})" for kind, v in model.placebos.items() if v)
    return (
        f" As fitted, an event sets off {model.offspring.raw:.3f} others; in placebos without triggering the model "
        f"finds {kinds}."
    )


def _left_out(name: str, found: Any) -> LeftOut:
    left: LeftOut = found.catalogue.left_out if name == "contagion" else found.left_out
    return left
