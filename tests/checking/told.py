"""Statements as a text would tell them, built by hand: ``killed(ttp, 25, of="civilians", when=year(2021))``.

Also the documents that they stand in (``document``), for the checks between sources.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import replace
from datetime import date
from typing import Any

from spillover.checking.claims import Said
from spillover.reading.document import Document, Metadata
from spillover.reading.reading import Reading
from spillover.reading.statement import (
    Attribution,
    Evidence,
    Likelihood,
    Place,
    Quantity,
    Role,
    Statement,
    Time,
)

_number = itertools.count(1)

# -- who ---------------------------------------------------------------------------------------------------------------


def group(actor: str, surface: str | None = None) -> Role:
    """A group of the lexicon."""
    return Role(surface or actor, 0, 1, actor, "group", "lexicon")


def force(actor: str, surface: str | None = None) -> Role:
    """A state's force of the lexicon."""
    return Role(surface or actor, 0, 1, actor, "state_force", "lexicon")


def state(actor: str) -> Role:
    """A state of the lexicon."""
    return Role(actor, 0, 1, actor, "state", "lexicon")


def nobody(surface: str, kind: Any = "unknown") -> Role:
    """Words that name no actor: "gunmen", "civilians", "soldiers", "a market"."""
    return Role(surface, 0, 1, None, kind, None)


def stranger(surface: str) -> Role:
    """A name that was recognised as an organisation's and that the lexicon does not have."""
    return Role(surface, 0, 1, None, "group", "ner")


TTP = group("tehrik-i-taliban-pakistan", "the TTP")
ISK = group("islamic-state-khorasan", "IS-K")
JUA = group("jamaat-ul-ahrar", "Jamaat-ul-Ahrar")
LEI = group("lashkar-e-islam", "Lashkar-e-Islam")
SHABAAB = group("al-shabaab", "al-Shabaab")
ARMY = force("pakistan-army", "the Pakistan Army")

# -- where -------------------------------------------------------------------------------------------------------------

_COUNTRY_NAMES = {
    "PAK": "Pakistan", "AFG": "Afghanistan", "RUS": "Russia", "CHN": "China", "TJK": "Tajikistan", "UZB": "Uzbekistan",
    "IND": "India", "NGA": "Nigeria", "EGY": "Egypt", "SOM": "Somalia",
}  # fmt: skip


def country(code: str) -> Place:
    """A country by its ISO 3166-1 code."""
    return Place(_COUNTRY_NAMES[code], 0, 1, code, "country", 0.0, 0.0)


def province(code: str, name: str) -> Place:
    """A first-order division by its ISO 3166-2 code."""
    return Place(name, 0, 1, code, "admin1", 0.0, 0.0)


def region(slug: str) -> Place:
    """A region of the gazetteer."""
    return Place(slug, 0, 1, slug, "region", 0.0, 0.0)


PAK, AFG, RUS, CHN, TJK, UZB, IND = (country(c) for c in ("PAK", "AFG", "RUS", "CHN", "TJK", "UZB", "IND"))
BALOCHISTAN, KP = province("PK-BA", "Balochistan"), province("PK-KP", "Khyber Pakhtunkhwa")
QUETTA = Place("Quetta", 0, 1, "geonames:1167528", "town", 30.1841, 67.0014)
KABUL = Place("Kabul", 0, 1, "geonames:1138958", "town", 34.5281, 69.1723)
NOWHERE = Place("Zarghunabad", 0, 1, None, "town")
MOSCOW = Place("Moscow", 0, 1, "geonames:524901", "town", 55.752, 37.6178)

# -- when --------------------------------------------------------------------------------------------------------------


def year(number: int) -> Time:
    """All of a year."""
    return Time(str(number), f"{number}-01-01", f"{number}-12-31", "year")


def month(text: str) -> Time:
    """A month, "2021-03"."""
    first = date.fromisoformat(f"{text}-01")
    last = date.fromordinal((first.replace(day=28).toordinal()) + 4).replace(day=1).toordinal() - 1
    return Time(text, first.isoformat(), date.fromordinal(last).isoformat(), "month")


def day(text: str) -> Time:
    """One day."""
    return Time(text, text, text, "day")


def between(start: str | None, end: str | None) -> Time:
    """From one day to another; ``None`` where the words leave it open."""
    return Time("then", start, end, "day")


def by(end: str) -> Time:
    """A horizon: "by the end of 2022"."""
    return Time(f"by {end}", None, end, "day")


SOON = Time("in the medium term", None, None, None)

# -- how many ----------------------------------------------------------------------------------------------------------


def exact(n: float, unit: str | None = None) -> Quantity:
    return Quantity(f"{n:g}", n, n, unit, "exact")


def about(n: float, unit: str | None = None) -> Quantity:
    return Quantity(f"about {n:g}", n, n, unit, "about")


def at_least(n: float, unit: str | None = None) -> Quantity:
    return Quantity(f"at least {n:g}", n, None, unit, "at_least")


def at_most(n: float, unit: str | None = None) -> Quantity:
    return Quantity(f"up to {n:g}", None, n, unit, "at_most")


def in_range(low: float, high: float, unit: str | None = None) -> Quantity:
    return Quantity(f"between {low:g} and {high:g}", low, high, unit, "range")


def dozens(unit: str | None = None) -> Quantity:
    return Quantity("dozens", 24, None, unit, "vague")


def hundreds(unit: str | None = None) -> Quantity:
    return Quantity("hundreds", 200, None, unit, "vague")


LIKELY = Likelihood("likely", 0.55, 0.80)
ALMOST_CERTAIN = Likelihood("almost certain", 0.95, 0.99)
MAY = Likelihood("may")

# -- statements --------------------------------------------------------------------------------------------------------


def told(kind: Any, type: str, subject: Role | None = None, **values: Any) -> Statement:
    """A statement; whatever is not given is absent, said as a fact, and affirmed. ``place`` may be one place."""
    place = values.pop("place", ())
    quote = values.pop("quote", f"{kind} {type}")
    made: dict[str, Any] = {
        "object": None, "time": None, "quantity": None, "instrument": None, "text": None, "effect": None,
        "condition": None, "status": "fact", "phase": "occurred", "polarity": "affirmed", "likelihood": None,
        "attribution": (), "also": (), "document": "sha256:synthetic", "engine": "by hand", "rule": "by hand",
    }  # fmt: skip
    made |= values
    return Statement(
        id=f"st_{next(_number):06}", kind=kind, type=type, subject=subject,
        place=(place,) if isinstance(place, Place) else tuple(place), evidence=Evidence(0, len(quote), quote), **made,
    )  # fmt: skip


def count(type: str, subject: Role | None, quantity: Quantity | None, place: Any = PAK, **values: Any) -> Statement:
    """A count, in Pakistan in 2021 unless said otherwise."""
    values.setdefault("time", year(2021))
    return told("count", type, subject, quantity=quantity, place=place, **values)


def forecast(kind: Any, type: str, subject: Role | None, place: Any = (), **values: Any) -> Statement:
    """A forecast; without ``time`` it has no horizon."""
    return told(kind, type, subject, place=place, status="forecast", **values)


def cited(name: str) -> tuple[Attribution, ...]:
    """A source that the text names."""
    return (Attribution(name, name, "said"),)


# -- documents ---------------------------------------------------------------------------------------------------------


def document(
    statements: tuple[Statement, ...], *, text: str = "", house: str | None = None, written: str | None = None
) -> Reading:
    """A document with these statements. ``house``: who published it; ``written``: the date that it bears.

    Without ``text``, the houses' texts have no words in common.
    """
    text = text or " ".join((house or "nobody") * n for n in range(1, 12))
    digest = hashlib.sha256(f"{house} {written} {text}".encode()).hexdigest()
    about_it = Metadata(
        title=house, publisher=house, date=date.fromisoformat(written) if written else None, date_source=None
    )
    doc = Document(digest, f"{house or digest[:8]}.txt", "txt", text, (), (), about_it)
    return Reading(doc, tuple(replace(s, document=doc.id) for s in statements), (), (), "by hand", "by hand")


def on(text: str, how: Any = "document") -> Said:
    """The day on which a document was written."""
    return Said(date.fromisoformat(text), how)
