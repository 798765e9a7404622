"""Which events a report measures: those of the groups that its documents are about, where the case has any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from spillover.records.source import text

if TYPE_CHECKING:
    from spillover.publishing.report import ReadingLike
    from spillover.records import Session
    from spillover.spread import Overview, Selection
    from spillover.spread.overview import Progress

MOST = 20_000
"""Latest events that are measured: more would keep a report waiting for minutes."""
_NAMED = 6
"""Groups that are named; what is said of more of them would not be read."""


def spread_of(
    session: Session,
    readings: Sequence[ReadingLike],
    *,
    factions: bool = True,
    contagion: bool = False,
    seed: int = 1,
    progress: Progress | None = None,
    kept: Path | None = None,
) -> Overview | None:
    """All measures of the events that the documents are about; ``None`` where the case has no single events.

    ``contagion``: with the contagion model, at its quickest, which takes from seconds to minutes; without it the other
    measures take about a second. ``kept``: the folder where the parts of the model are kept, so that the same call goes
    on where it stopped. ``factions``, ``seed``, ``progress`` as in :func:`~spillover.spread.select` and
    :func:`~spillover.spread.overview`.
    """
    from spillover.spread import overview

    chosen = selection_of(session, readings, factions=factions)
    if chosen is None:
        return None
    selection, record = chosen
    effort, checkpoint = None, None
    if contagion:
        from spillover.spread.contagion import QUICK
        from spillover.spread.saving import checkpoint_of

        effort = QUICK
        checkpoint = kept and checkpoint_of(kept, selection, None, effort, seed)
    return overview(
        selection, contagion=effort, seed=seed, record=record, progress=progress, checkpoint=checkpoint
    )  # fmt: skip


def selection_of(
    session: Session, readings: Sequence[ReadingLike], *, factions: bool = True
) -> tuple[Selection, Selection | None] | None:
    """The events of the groups that statements name, all together, and those of everybody on the same days; all events
    where there are none of those groups; ``None`` where there are none at all.

    Governments and their forces are no groups here: they are a side of most events. Of more than :data:`MOST` events
    the latest are taken, by whole years.
    """
    from spillover.spread import select

    family = _family(session)
    if family is None:
        return None
    groups = groups_of(session, readings, family, factions=factions)
    chosen = select(session, actors=groups, factions=factions, family=family)
    if not len(chosen):
        return None
    if groups:
        chosen = replace(chosen, words=named(session, groups))
    chosen = _latest(chosen)
    return chosen, select(session, since=chosen.since, family=family) if groups else None


def groups_of(
    session: Session, readings: Sequence[ReadingLike], family: str, *, factions: bool = True
) -> list[str]:  # fmt: skip
    """The lexicon's groups that statements name and that have events in that family of data sets, most named first;
    with ``factions`` also those whose factions have some.
    """
    sql = "SELECT DISTINCT unnest(actor_ids) FROM events_all WHERE superseded_by IS NULL AND family = "
    there = {str(row[0]) for row in session.query(sql + text(family)).rows}
    return [id for id in groups_named(session, readings) if with_factions(session, id, factions) & there]


def groups_named(session: Session, readings: Sequence[ReadingLike]) -> list[str]:
    """The lexicon's groups that statements name, most named first."""
    named: Counter[str] = Counter()
    for reading in readings:
        for s in reading.statements:
            named.update({role.actor for role in (s.subject, s.object) if role is not None and role.actor})
    lexicon = session.crosswalk.lexicon
    groups = {id for id in named if (info := lexicon.actor(id)) is not None and info.kind == "group"}
    return sorted(groups, key=lambda id: (-named[id], id))


def with_factions(session: Session, group: str, factions: bool = True) -> set[str]:
    """A group's id, and its factions' where they count."""
    return {group, *(session.crosswalk.branches(group) if factions else ())}


def _family(session: Session) -> str | None:
    """The data sets that are counted: UCDP's where there are any, else the first; each counts by rules of its own."""
    families = [s.family for s in session.of("events")]
    return "ucdp" if "ucdp" in families else next(iter(families), None)


def _latest(chosen: Selection) -> Selection:
    if len(chosen) <= MOST:
        return chosen
    day: date = chosen.events["start"][-MOST]
    since = date(day.year + 1, 1, 1)
    late = chosen.within(since if since < chosen.until else day)
    return replace(late, words=f"{chosen.words} (the latest {len(late):,} of {len(chosen):,} events)")


def name_of(session: Session, group: str) -> str:
    """The lexicon's name of a group."""
    info = session.crosswalk.lexicon.actor(group)
    return info.name if info else group


def named(session: Session, groups: Sequence[str]) -> str:
    """The lexicon's groups in words, most named first."""
    from spillover.spread.common import listed

    names = [name_of(session, group) for group in groups]
    rest = len(names) - _NAMED
    return listed(names if rest < 2 else [*names[:_NAMED], f"{rest} more groups that the documents name"])
