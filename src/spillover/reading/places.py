"""Places: countries, provinces, towns and regions named in a text, resolved to codes and points.

Names are looked up word by word in the tables of :mod:`~spillover.reading.gazetteer_data`; which of them stand for
places is decided in the sentence (:mod:`~spillover.reading.placescan`), which place of that name in the document.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from spillover.lexicon import PlaceInfo
from spillover.reading.gazetteer_data import Row, Tables, tables, with_own
from spillover.reading.placescan import TOKEN, Index, PlaceMention, Scan, read_as, with_global
from spillover.reading.spelling import folded

__all__ = ["Gazetteer", "PlaceMention", "countries_of"]


class Gazetteer:
    """Finds place names and resolves them. One instance serves any number of documents; :meth:`load` keeps one."""

    def __init__(self, made: Tables) -> None:
        self._index = Index(made)

    @classmethod
    def load(cls, own: tuple[PlaceInfo, ...] = ()) -> Gazetteer:
        """The gazetteer with a case's ``own`` places in front of it; read once in a process."""
        return _loaded(own)

    # -- finding ------------------------------------------------------------------------------------------------------

    def find(self, text: str, skip: Sequence[tuple[int, int]] = ()) -> list[PlaceMention]:
        """The places of a sentence in order, without overlaps. ``skip``: spans (actors' names) that hold none."""
        low = folded(text)
        spans = [(m.start(), m.end()) for m in TOKEN.finditer(low)]
        keys = [low[s:e].replace(".", "") for s, e in spans]
        longest, demonym_first = self._index.longest, self._index.demonym_first
        hits = [n for n, key in enumerate(keys) if key in longest or key in demonym_first]
        scan = Scan(self._index, text, low, spans, keys)
        found: list[PlaceMention] = []
        floor = 0
        for n in hits:
            start = spans[n][0]
            if start < floor or any(s <= start < e for s, e in skip):
                continue
            mention = scan.at(n, floor, found)
            if mention is not None and not any(s < mention.end and mention.start < e for s, e in skip):
                found.append(mention)
                floor = mention.end
        found = scan.shared_levels(found)
        if "glob" in low or "world" in low:
            found = with_global(text, low, found)
        return found

    def demonyms_in(self, text: str) -> Counter[str]:
        """The countries (ISO 3166-1 alpha-3) whose demonyms the text uses, and how often: hints for :meth:`resolve`."""
        known = self._index.demonyms
        return Counter(known[w] for w in TOKEN.findall(folded(text)) if w in known)

    def row(self, code: str) -> Row | None:
        """The gazetteer's row of a code."""
        return self._index.by_code.get(code)

    # -- resolving ----------------------------------------------------------------------------------------------------

    def resolve(self, mentions: list[PlaceMention], hints: Mapping[str, int] | None = None) -> list[PlaceMention]:
        """Ambiguous names decided by the document's other places; ``mentions`` in the document's order and offsets.

        A name right before a country or province that holds one of its candidates ("Santa Ana, El Salvador") is that
        one; otherwise population (its decimal logarithm) weighs against how often a candidate's country is named
        without doubt. A small town in lower case, in a country that nothing else in the document speaks of, is taken
        for a word or a person and left out. ``hints``: further countries (ISO 3166-1 alpha-3, from demonyms or
        actors) and how often they are named.
        """
        votes: Counter[str] = Counter(dict(hints or {}))
        divisions: set[str] = set()
        for mention in mentions:
            countries = {row.country for row in self._candidates(mention)}
            if mention.level == "country":
                votes[mention.country or ""] += 2
            elif len(countries) == 1 and (one := countries.pop()):
                votes[one] += 1
            if mention.level == "admin1":
                divisions.add(mention.code)
        following = {id(a): b for a, b in pairwise(mentions) if 0 <= b.start - a.end <= 2}
        out = []
        for mention in mentions:
            rows = self._candidates(mention)
            if id(mention) not in following and rows and self._out_of_place(mention, rows, votes):
                continue
            if len(rows) < 2 or (mention.level in ("country", "region") and id(mention) not in following):
                out.append(mention)
                continue
            holder = following.get(id(mention))
            if (
                holder is not None
                and holder.level == "admin1"
                and not any(holder.code == r.parent or holder.country == r.country for r in rows)
            ):
                # a town of that name in that province which the gazetteer lacks: the province is what is known
                out.append(
                    replace(
                        mention,
                        code=holder.code,
                        level="admin1",
                        lat=holder.lat,
                        lon=holder.lon,
                        country=holder.country,
                    )
                )
                continue
            best = sorted(enumerate(rows), key=lambda r: (-self._weight(r[1], mention, votes, divisions, holder), r[0]))
            out.append(read_as(mention, [row for _, row in best]))
        return out

    def _out_of_place(self, mention: PlaceMention, rows: list[Row], votes: Counter[str]) -> bool:
        if (
            mention.level != "town"
            or not mention.surface[:1].islower()
            or any(r.curated or r.population >= 150_000 for r in rows)
        ):
            return False
        countries = {r.country or "" for r in rows}
        own = 1 if len(countries) == 1 else 0
        return sum(votes.values()) >= 4 and all(votes[c] <= own for c in countries)

    def _candidates(self, mention: PlaceMention) -> list[Row]:
        return [self._index.by_code[c] for c in mention.candidates or (mention.code,) if c in self._index.by_code]

    def _weight(
        self,
        row: Row,
        mention: PlaceMention,
        votes: Counter[str],
        divisions: set[str],
        holder: PlaceMention | None,
    ) -> float:
        if mention.level in ("country", "region") and row.level == mention.level:
            return 9.0
        weight = math.log10(max(row.population, 1) + 1) + 1.2 * math.log2(1 + votes[row.country or ""])
        weight += 1.0 if row.parent in divisions else 0.0
        weight += 0.7 if row.country and self._is_capital(row) else 0.0
        if row.level != mention.level:
            # a name that was read as a town stays one, unless only a division of that name lies in the countries named
            weight -= 20.0 if mention.level == "admin1" else 3.0
        if holder is not None and (
            holder.code in (row.country, row.parent) or (holder.level == "country" and holder.country == row.country)
        ):
            weight += 10.0
        return weight

    def _is_capital(self, row: Row) -> bool:
        at = self._index.capitals.get(row.country or "")
        return at is not None and self._index.rows[at].code == row.code


@lru_cache(maxsize=2)
def _loaded(own: tuple[PlaceInfo, ...]) -> Gazetteer:
    return Gazetteer(with_own(tables(), own) if own else tables())


def countries_of(mentions: Iterable[PlaceMention]) -> Counter[str]:
    """How often each country (ISO 3166-1 alpha-3) is meant, itself or by a place in it."""
    return Counter(m.country for m in mentions if m.country)
