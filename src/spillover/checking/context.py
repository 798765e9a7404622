"""What every check needs: the session, who is who, when the document was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from spillover.checking.caveats import caveat
from spillover.checking.claims import Said, Where, Who, is_point, where, who
from spillover.checking.finding import Caveat, Finding, Verdict
from spillover.checking.query import Query, is_actor, source
from spillover.checking.tally import Chosen, Tally
from spillover.reading.statement import Place, Role, Statement
from spillover.records.catalog import DataSet

if TYPE_CHECKING:
    from spillover.reading.places import Gazetteer
    from spillover.records.session import Session


class Record:
    """The event data of a case, to be asked. ``factions``: whether an organisation counts with its factions."""

    def __init__(self, session: Session, *, factions: bool = True) -> None:
        self.session, self.factions = session, factions

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The gazetteer; read at the first town that is asked for."""
        from spillover.reading.places import Gazetteer

        return Gazetteer.load(self.session.crosswalk.lexicon.places)

    @cached_property
    def families(self) -> tuple[str, ...]:
        """The families of the sets, UCDP first."""
        found = {s.family for s in self.session.sets}
        return tuple(sorted(found, key=lambda f: (f != "ucdp", f)))

    def present(self, family: str) -> frozenset[str]:
        """The ids of the actors that occur in a family's data."""
        if family not in self._present:
            years = " UNION SELECT unnest(actor_ids) FROM dyad_years" if family == "ucdp" else ""
            rows = self.session.query(
                f"SELECT DISTINCT unnest(actor_ids) FROM {source(self.session, family)}{years}"
            ).rows
            self._present[family] = frozenset(row[0] for row in rows)
        return self._present[family]

    @cached_property
    def _present(self) -> dict[str, frozenset[str]]:
        return {}

    def tells_victims(self, family: str) -> bool:
        """Whether a family's events say who the dead were: on which side, and whether civilians."""
        if family not in self._victims:
            (row,) = self.session.query(f"SELECT count(deaths_civilians) FROM {source(self.session, family)}").rows
            self._victims[family] = row[0] > 0
        return self._victims[family]

    @cached_property
    def _victims(self) -> dict[str, bool]:
        return {}

    def tally(self, family: str) -> Tally:
        """The columns of a family's events that the commonest counts are worked out from."""
        if family not in self._tallies:
            self._tallies[family] = Tally(self.session, source(self.session, family))
        return self._tallies[family]

    @cached_property
    def _tallies(self) -> dict[str, Tally]:
        return {}

    def sets(self, family: str, *whats: str) -> list[DataSet]:
        """The sets of a family that are of one of these tables."""
        return [s for s in self.session.sets if s.family == family and s.what in (whats or ("events", "totals"))]


@dataclass(slots=True)
class Ask:
    """One statement put to one family of data sets; it collects what the finding will say."""

    record: Record
    family: str
    statement: Statement
    now: Said | None
    caveats: list[Caveat] = field(default_factory=list)

    @property
    def session(self) -> Session:
        """The session of the record."""
        return self.record.session

    @property
    def table(self) -> str:
        """The SQL table of the family's events."""
        return source(self.session, self.family)

    @property
    def label(self) -> str:
        """The family's name for people."""
        sets = self.record.sets(self.family, "events") or self.record.sets(self.family, "totals", "actor_ties")
        return "UCDP" if self.family == "ucdp" else sets[0].name

    def who(self, role: Role | None) -> Who | None:
        """The actor of a role, with the caveats that come with it."""
        found = who(
            role, self.session.crosswalk, self.family, self.record.present(self.family), factions=self.record.factions
        )
        if found is not None:
            if found.via is not None:
                info = self.session.crosswalk.lexicon.actor(found.via)
                self.note("parent", label=self.label, actor=found.name, parent=info.name if info else found.via)
            for name in found.shared:
                self.note("shared_name", label=self.label, name=name, actor=found.name)
        return found

    def where(self, places: Sequence[Place]) -> Where:
        """All places of the statement together."""
        found = where(tuple(places), self.record.gazetteer if any(is_point(p) for p in places) else None)
        if not found.exact:
            self.note("region_approximate", place=found.label, countries=", ".join(found.countries or ()))
        return found

    def covering(self, where: Where) -> list[DataSet]:
        """The sets that can tell of activity in a place: totals are by country, and know of no town."""
        return self.record.sets(self.family, *(("events", "totals") if where.whole else ("events",)))

    def sides(self, *actors: Who | None) -> list[tuple[str, str]]:
        """Conditions that each of these actors is on a side of an event, with their comments."""
        return [(_who_words(a), is_actor(a)) for a in actors if a is not None]

    def chosen(self, actors: Sequence[Who | None], where: Where) -> Chosen | None:
        """The events of these actors in whole countries; ``None`` where the place takes the query itself to decide."""
        if not where.whole or (where.codes is None and where.countries is not None):
            return None
        ids = [a.ids for a in actors if a is not None]
        return self.record.tally(self.family).choose(ids, where.codes)

    def note(self, code: str, **values: Any) -> None:
        """Add a caveat, once."""
        made = caveat(code, **values)
        if made not in self.caveats:
            self.caveats.append(made)

    def run(self, query: Query) -> dict[str, Any]:
        """The one row of a query."""
        return query.run(self.session)[0]

    def finding(self, verdict: Verdict, reason: str, **values: Any) -> Finding:
        """A finding on the statement with what was collected."""
        s = self.statement
        return Finding("", s.id, s.document, s.kind, verdict, reason, caveats=tuple(self.caveats), **values).named()


def _who_words(who: Who) -> str:
    more = f" with its factions {', '.join(who.factions)}" if who.factions else ""
    return f"{who.name}{more}, on either side"
