"""Queries as named steps (WITH … AS), so that a reader can follow them; they run as they are printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from spillover.records.source import text

if TYPE_CHECKING:
    from spillover.checking.claims import Where, Who
    from spillover.checking.finding import Days
    from spillover.records.session import Session


@dataclass(slots=True)
class Query:
    """Steps by name, each with a comment that says what it does, and the SELECT at the end."""

    steps: list[tuple[str, str, str]] = field(default_factory=list)
    select: str = ""

    def step(self, name: str, about: str, sql: str) -> None:
        """Add a step; later ones can use it by its name."""
        self.steps.append((name, about, sql))

    def sql(self) -> str:
        """The whole query."""
        made = [f"-- {about}\n{name} AS (\n    {sql}\n)" for name, about, sql in self.steps]
        return ("WITH\n" + ",\n".join(made) + "\n" if made else "") + self.select

    def run(self, session: Session) -> list[dict[str, Any]]:
        """The rows that it gives."""
        return session.query(self.sql()).dicts()


def source(session: Session, family: str) -> str:
    """The table of a family's events, each of them once."""
    if {s.family for s in session.of("events")} <= {family}:
        return "events"
    # what another family has as well is no reason to leave it out here
    return f"(SELECT * FROM events_all WHERE family = {text(family)} AND superseded_by IS NULL) AS events"


def listed(ids: tuple[str, ...]) -> str:
    """Ids as an SQL list."""
    return "[" + ", ".join(text(id) for id in ids) + "]"


def is_actor(who: Who, *, side: str = "actor_ids") -> str:
    """SQL that an actor, or one of its factions, is on a side."""
    return f"list_has_any({side}, {listed(who.ids)})"


def shares_name(who: Who) -> str:
    """SQL that a side bears a name that the actor shares with others; ``false`` where it shares none."""
    if not who.shared:
        return "false"
    names = ", ".join(text(name) for name in who.shared)
    return f"(actor_a IN ({names}) OR actor_b IN ({names}))"


def between(days: Days, first: str, last: str) -> str:
    """SQL that the day ``first`` is not before a period and the day ``last`` not after it."""
    rules = [f"{first} >= DATE '{days.start}'"] if days.start is not None else []
    rules += [f"{last} <= DATE '{days.end}'"] if days.end is not None else []
    return " AND ".join(rules) or "true"


def surely_within(days: Days) -> str:
    """SQL that an event lies in a period with all the days on which it can have been."""
    return between(days, "date_start", "date_end")


def begins_within(days: Days) -> str:
    """SQL that an event begins in a period: UCDP's own rule for which month or year counts it."""
    return between(days, "date_start", "date_start")


def perhaps_within(days: Days) -> str:
    """SQL that an event can have been in a period."""
    return between(days, "date_end", "date_start")


def selection(
    query: Query, table: str, sides: list[tuple[str, str]], place: Where, days: Days | None, columns: tuple[str, ...]
) -> None:
    """The steps ``actor`` and ``period``; rows of the last have ``sure`` and ``best`` beside the event's columns.

    ``sides``: comment and SQL of each condition on the actors. ``columns``: what is asked of the events, beside their
    days.
    """
    about = "; ".join(words for words, _ in sides) or "all actors"
    rules = " AND ".join(f"({sql})" for _, sql in sides) or "true"
    picked = ", ".join(("date_start", "date_end", *columns))
    query.step(
        "actor", f"{about}; in {place.label}: surely (here), by the place given (placed), perhaps (all rows)",
        f"SELECT {picked}, coalesce({place.sure}, false) AS here, coalesce({place.best}, false) AS placed\n"
        f"    FROM {table} WHERE {rules} AND {place.maybe}",
    )  # fmt: skip
    if days is None:
        query.step("period", "at any time", "SELECT *, here AS sure, placed AS best FROM actor")
        return
    span = f"from {days.start or 'the beginning'} to {days.end or 'the end of the data'}"
    query.step(
        "period", f"{span}: surely with all its days (sure), by its first day (best), perhaps (all rows)",
        f"SELECT *, here AND {surely_within(days)} AS sure, placed AND {begins_within(days)} AS best FROM actor\n"
        f"    WHERE {perhaps_within(days)}",
    )  # fmt: skip
