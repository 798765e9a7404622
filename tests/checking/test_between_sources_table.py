"""Truth table of what is not in event data: strengths, aims and causes, held against other sources.

Documents are synthetic. A row lists documents with one statement each; the first statement is the one that is checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from synthetic_events import ged, ged_file
from told import (
    ISK,
    LEI,
    PAK,
    TTP,
    about,
    at_least,
    at_most,
    cited,
    count,
    document,
    exact,
    group,
    in_range,
    on,
    told,
    year,
)

from spillover.checking import Record, check_statement
from spillover.checking.sources import Sources

LONG = (
    "The mountains are quiet in winter and the roads are closed by snow until the end of April, which is why nobody "
    "in the "
    "valley expects visitors before then; the group is said to have some {} fighters there, though nobody has counted "
    "them."
)


def fighters(quantity, subject=ISK, **values):
    """Told: the group has so many fighters."""
    return told("strength", "fighters", subject, quantity=quantity, **values)


def aim(words, subject=ISK, **values):
    """Told: the group wants something."""
    return told("aim", "goal", subject, text=words, **values)


def cause(text, effect, type="promotes", **values):
    """Told: something promotes, or prevents, something else."""
    return told("cause", type, None, text=text, effect=effect, **values)


@dataclass(frozen=True, repr=False)
class Heard:
    """One row: documents as (house, when it was written, statement), the last item its text where that matters."""

    name: str
    why: str
    documents: tuple[Any, ...]
    verdict: str
    independent: int = 1
    others: int | None = None

    def __repr__(self) -> str:
        return self.name

    __str__ = __repr__


def doc(house, statement, written="2021-03-01", text=""):
    return document((statement,), house=house, written=written, text=text)


TABLE = [
    Heard("nobody else", "one source alone", (doc("A", fighters(exact(2000))),), "alone", 1, 0),
    Heard("another says the same", "2000, and between 1500 and 2200",
          (doc("A", fighters(exact(2000))), doc("B", fighters(in_range(1500, 2200)))), "agrees", 2, 1),
    Heard("another says otherwise", "2000, and at least 8000",
          (doc("A", fighters(exact(2000))), doc("B", fighters(at_least(8000)))), "disagrees", 1, 1),
    Heard("open ends meet", "at least 1000, and up to 5000",
          (doc("A", fighters(at_least(1000))), doc("B", fighters(at_most(5000)))), "agrees", 2, 1),
    Heard("a tenth is no quarrel", "about 2000 and 2300: 1800 to 2200, and a tenth",
          (doc("A", fighters(about(2000))), doc("B", fighters(exact(2300)))), "agrees", 2, 1),
    Heard("some say so, some otherwise", "one of two agrees: that is said, and so is the other",
          (doc("A", fighters(exact(2000))), doc("B", fighters(exact(2100))), doc("C", fighters(exact(9000)))), "agrees",
          2, 2),
    Heard("another group's strength", "it is not on the same thing",
          (doc("A", fighters(exact(2000))), doc("B", fighters(exact(2000), LEI))), "alone", 1, 0),
    Heard("years apart", "a strength of 2016 is not held against one of 2021",
          (doc("A", fighters(exact(2000)), "2021-03-01"), doc("B", fighters(exact(8000)), "2016-03-01")), "alone", 1,
          0),
    Heard("members and fighters", "both are how many it has",
          (doc("A", fighters(exact(2000))), doc("B", told("strength", "members", ISK, quantity=exact(2100)))), "agrees",
          2, 1),
    Heard("cells are not fighters", "the number of cells is another thing",
          (doc("A", fighters(exact(2000))), doc("B", told("strength", "cells", ISK, quantity=exact(2000)))), "alone", 1,
          0),
    Heard("the same text in two papers", "a copy is no confirmation",
          (doc("A", fighters(exact(2000)), text=LONG.format(2000)), doc("B", fighters(exact(2000)),
          text=LONG.format(2000))),
          "alone", 1, 0),
    Heard("the same text in two papers, and a third of its own", "two sources, not three",
          (doc("A", fighters(exact(2000)), text=LONG.format(2000)), doc("B", fighters(exact(2000)),
          text=LONG.format(2000)),
           doc("C", fighters(exact(2000)), text="A third paper has counted 2000 fighters on its own.")), "agrees", 2,
           1),
    Heard("the same source cited twice", "two papers that cite the UN have one source",
          (doc("A", fighters(exact(2000), attribution=cited("UN Monitoring Team"))),
           doc("B", fighters(exact(2000), attribution=cited("UN Monitoring Team")))), "alone", 1, 0),
    Heard("two sources cited", "the UN and an officer",
          (doc("A", fighters(exact(2000), attribution=cited("UN Monitoring Team"))),
           doc("B", fighters(exact(2000), attribution=cited("a Pakistani officer")))), "agrees", 2, 1),
    Heard("two sources in one text", "author and cited one agree, but the author may have it from there",
          (document((fighters(exact(2000)), fighters(exact(2050), attribution=cited("UN Monitoring Team"))), house="A",
                    written="2021-03-01"),), "agrees", 1, 1),
    Heard("twice in one text", "saying it again confirms nothing",
          (document((fighters(exact(2000)), fighters(exact(2000), quote="once more")), house="A", written="2021-03-01"),
          ),
          "alone", 1, 0),
    Heard("an aim, in other words", "most of the words that matter are the same",
          (doc("A", aim("to establish a caliphate in Central Asia")), doc("B", aim("establish a caliphate across "
          "Central Asia"))),
          "agrees", 2, 1),
    Heard("another aim", "nothing in common: neither for nor against",
          (doc("A", aim("to establish a caliphate in Central Asia")), doc("B", aim("to control the trade in timber"))),
          "alone", 1, 0),
    Heard("an aim that is denied", "the same words, the contrary",
          (doc("A", aim("to establish a caliphate")), doc("B", aim("to establish a caliphate", polarity="negated"))),
          "disagrees", 1, 1),
    Heard("a cause", "the same cause of the same effect",
          (doc("A", cause("poverty in the border districts", "recruitment")), doc("B",
          cause("poverty in border districts",
           "recruitment by the group"))), "agrees", 2, 1),
    Heard("a cause, the other way round", "one says that it promotes, one that it prevents",
          (doc("A", cause("poverty in the border districts", "recruitment")),
           doc("B", cause("poverty in the border districts", "recruitment", "prevents"))), "disagrees", 1, 1),
    Heard("a cause of something else", "the effect is another one",
          (doc("A", cause("poverty in the border districts", "recruitment")),
           doc("B", cause("poverty in the border districts", "emigration"))), "alone", 1, 0),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_sources(row: Heard, open_record) -> None:
    sources = Sources(row.documents, {d.document.id: on("2021-03-01") for d in row.documents} | _dates(row.documents))
    statement = row.documents[0].statements[0]
    (finding,) = check_statement(statement, Record(open_record(())), on("2021-03-01"), sources)
    told_it = f"{row.name}: {row.why}\n  {finding.verdict}: {finding.reason}"
    assert finding.verdict == row.verdict, told_it
    assert finding.independent == row.independent, told_it
    assert row.others is None or len(finding.others) == row.others, told_it


def _dates(documents):
    return {d.document.id: on(d.document.metadata.date.isoformat()) for d in documents if d.document.metadata.date}


def test_rows_have_names_of_their_own() -> None:
    assert len({row.name for row in TABLE}) == len(TABLE)


def test_counts_too_say_how_many_independent_sources_there_are(open_record) -> None:
    """A count is checked against the record, and beside it stands who else says so: copies once."""
    claim = count("attacks", TTP, exact(1))
    papers = (
        doc("A", claim, text=LONG.format("ten")),
        doc("B", count("attacks", TTP, exact(1)), text=LONG.format("ten")),
        doc("C", count("attacks", TTP, exact(1)), text="There was one attack of the group in the whole of the year."),
        doc("D", count("attacks", TTP, exact(30)), text="Others count thirty attacks in the same country and year."),
        doc(
            "E", count("attacks", TTP, exact(1), time=year(2015)), text="In another year there was one attack as well."
        ),
        doc(
            "F",
            count("attacks", group("al-shabaab"), exact(1)),
            text="Somebody else, too, is said to have attacked once.",
        ),
    )
    sources = Sources(papers, _dates(papers))
    session = open_record((ged_file(ged(1, "2021-03-05", "TTP")),))
    (finding,) = check_statement(papers[0].statements[0], Record(session), on("2022-01-15"), sources)
    assert finding.verdict == "matches"
    assert finding.independent == 2, "A and its copy B, and C"
    assert sorted((o.source, o.same) for o in finding.others) == [("C", True), ("D", False)]


def test_a_strength_needs_no_event_data(open_record) -> None:
    """Without event data, a strength is still held against other sources."""
    papers = (doc("A", fighters(exact(2000), place=PAK)), doc("B", fighters(exact(2000))))
    (finding,) = check_statement(
        papers[0].statements[0], Record(open_record(())), None, Sources(papers, _dates(papers))
    )
    assert finding.verdict == "agrees" and finding.sql is None and finding.record is None
