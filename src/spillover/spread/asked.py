"""What an analyst asks for, held against what the data have: names that nobody bears, and the ones that are near."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from spillover.errors import SpreadError
from spillover.records.actors import likeness
from spillover.words import key

if TYPE_CHECKING:
    from spillover.records.session import Session

NEAR, NEAR_WORD = 0.5, 0.75
"""Likeness from which a name is offered, as a whole and by one word of it
(:func:`~spillover.records.actors.likeness`)."""
_OFFERED = 4


def check_actors(session: Session, names: Sequence[str]) -> None:
    """:class:`~spillover.errors.SpreadError` for a name that is neither in the lexicon nor in the event data; it says
    which names of the data, and which actors with events in them, come near.
    """
    sides = _column(session, "SELECT actor_a FROM events_all UNION SELECT actor_b FROM events_all")
    known, lexicon = {side.lower() for side in sides}, session.crosswalk.lexicon
    for name in names:
        if name.lower() in known or lexicon.actor(name) or lexicon.names(key(name)):
            continue
        ids = set(_column(session, "SELECT DISTINCT unnest(actor_ids) FROM events_all"))
        near = [*_near(name, sides), *(id for id, _ in session.crosswalk.candidates(name) if id in ids)]
        raise SpreadError(f"no actor is called {name!r}", to_do=_offer(near, "spillover actors lists those known"))


def check_divisions(session: Session, names: Sequence[str]) -> None:
    """:class:`~spillover.errors.SpreadError` for a first-order division of which there is no event."""
    known = _column(session, "SELECT admin1 FROM events_all UNION SELECT admin1_code FROM events_all")
    for name in names:
        if name not in known:
            to_do = _offer(_near(name, known), "Give its name as in the data, or its ISO 3166-2 code")
            raise SpreadError(f"there is no event in a first-order division {name!r}", to_do=to_do)


def _column(session: Session, sql: str) -> list[str]:
    return sorted({str(row[0]) for row in session.query(sql).rows if row[0]})


def _near(name: str, known: Iterable[str]) -> list[str]:
    """The names that are like it, whole or in one of their words: "Sind" is near "Sindh province"."""
    wanted, scored = " ".join(key(name)), []
    for other in known:
        words = key(other)
        whole, part = likeness(wanted, " ".join(words)), max((likeness(wanted, word) for word in words), default=0.0)
        if whole >= NEAR or part >= NEAR_WORD:
            scored.append((-max(whole, part), other))
    return [other for _, other in sorted(scored)[:_OFFERED]]


def _offer(near: list[str], otherwise: str) -> str:
    return f"Near: {', '.join(dict.fromkeys(near))}" if near else otherwise
