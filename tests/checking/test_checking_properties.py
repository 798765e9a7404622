"""Properties of checking that hold for any record: bounds in order, verdicts that move one way.

Records are drawn by Hypothesis: invented events with any dates, precision, places and deaths.
"""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthetic_events import ged, ged_file, imported
from told import (
    BALOCHISTAN,
    ISK,
    LEI,
    PAK,
    QUETTA,
    TTP,
    about,
    at_least,
    between,
    count,
    exact,
    forecast,
    in_range,
    nobody,
    on,
    told,
)
from truth_table import check_sql

from spillover.checking import Record, check_statement
from spillover.checking.claims import Claimed
from spillover.checking.counts import compare
from spillover.checking.finding import Number
from spillover.lexicon import load_lexicon
from spillover.records import Crosswalk, open_session

FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
DAYS = st.dates(date(2019, 1, 1), date(2021, 12, 31))
ORDER = ("below_record", "matches", "above_record")
_crosswalk: list[Crosswalk] = []


@st.composite
def events(draw, sides=("TTP", "IS", "Jamaat-ul-Ahrar", "Lashkar-e-Islam")):
    """Up to eight events in Pakistan, deaths with bounds in any order, days and places known well or roughly."""
    rows = []
    for id in range(1, draw(st.integers(1, 8)) + 1):
        start = draw(DAYS)
        end = min(start + timedelta(days=draw(st.sampled_from([0, 0, 0, 3, 6, 30, 200]))), date(2021, 12, 31))
        against = draw(st.sampled_from([None, None, "Government of Pakistan"]))
        one = draw(st.sampled_from(sides))
        dead = draw(st.tuples(*[st.integers(0, 30)] * 4))
        bounds = draw(st.tuples(st.integers(0, 200), st.integers(0, 200)))
        at, where_prec = draw(st.sampled_from([
            ("Quetta", 1), ("Quetta", 2), ("Mastung", 1), ("Quetta", 4), ("Gwadar", 5), ("Peshawar", 1), ("Pakistan",
            6),
        ]))  # fmt: skip
        rows.append(ged(
            id, start.isoformat(), against or one, one if against else None, at=at, until=end.isoformat(),
            where_prec=where_prec, a_dead=dead[0], b_dead=dead[1], civilians=dead[2], unknown=dead[3],
            low=bounds[0], high=bounds[1],
        ))  # fmt: skip
    return tuple(rows)


class Opened:
    """A session over drawn events, gone after use. Pakistan from 2015 to 2021 is covered."""

    def __init__(self, rows) -> None:
        self._rows = rows

    def __enter__(self):
        if not _crosswalk:
            _crosswalk.append(Crosswalk(load_lexicon()))
        self._folder = tempfile.TemporaryDirectory()
        self._session = open_session(imported((ged_file(*self._rows),), Path(self._folder.name)), _crosswalk[0])
        return self._session

    def __exit__(self, *_) -> None:
        self._session.close()
        self._folder.cleanup()


@st.composite
def periods(draw):
    one, two = sorted((draw(DAYS), draw(DAYS)))
    return between(one.isoformat(), two.isoformat())


@st.composite
def claims(draw):
    """A count of some kind, by somebody or nobody, in a country, a province or a town."""
    n = draw(st.integers(0, 300))
    type = draw(st.sampled_from(["attacks", "clashes", "killed", "casualties"]))
    victims = [None, nobody("people"), nobody("civilians"), nobody("soldiers"), TTP]
    return count(
        type, draw(st.sampled_from([None, TTP, ISK, LEI])),
        draw(st.sampled_from([exact(n), about(n), at_least(n), in_range(n, n + 20)])),
        draw(st.sampled_from([PAK, BALOCHISTAN, QUETTA])), time=draw(periods()),
        object=draw(st.sampled_from(victims)) if type == "killed" else None,
    )  # fmt: skip


@given(events(), st.lists(claims(), min_size=4, max_size=4))
@FEW
def test_bounds_are_in_order_and_the_sql_gives_them(rows, told_counts) -> None:
    """low <= best <= high in every finding, and the SQL as printed gives the same three numbers."""
    with Opened(rows) as session:
        record = Record(session)
        for claim in told_counts:
            for finding in check_statement(claim, record, on("2021-12-31")):
                if finding.record is not None:
                    assert finding.record.low <= finding.record.best <= finding.record.high, finding
                check_sql(finding, session)


@given(events(), claims(), st.lists(st.integers(0, 5000), min_size=2, max_size=6))
@FEW
def test_a_larger_number_never_fits_again(rows, claim, numbers) -> None:
    """Raising the number of a count moves its verdict from below over matching to above, and never back."""
    from dataclasses import replace

    with Opened(rows) as session:
        record, verdicts = Record(session), []
        for n in sorted(numbers):
            (finding,) = check_statement(replace(claim, quantity=exact(n)), record, on("2021-12-31"))
            verdicts.append(finding.verdict)
        ranks = [ORDER.index(v) for v in verdicts if v in ORDER]
        assert ranks == sorted(ranks), verdicts
        if "above_record" in verdicts:
            assert set(verdicts[verdicts.index("above_record") :]) == {"above_record"}


@given(
    st.lists(st.integers(0, 1000), min_size=3, max_size=3).map(sorted), st.integers(0, 2000), st.integers(0, 2000),
)  # fmt: skip
def test_a_number_against_bounds(bounds, low, more) -> None:
    """The rule itself: what overlaps the record's bounds, a tenth to either side, matches; nothing else does."""
    found = Number("events", *bounds)
    verdict = compare(Claimed("", low, low + more), found)
    fits = low <= bounds[2] * 1.1 and low + more >= bounds[0] * 0.9
    if bounds[2] == 0 and low + low + more > 0:
        assert verdict == "no_record"
    else:
        assert (verdict == "matches") == fits
        if verdict == "above_record":
            assert low > bounds[2]
        if verdict == "below_record":
            assert low + more < bounds[0]


@given(events(), DAYS, st.sampled_from([TTP, ISK, LEI]), st.sampled_from([PAK, BALOCHISTAN, QUETTA]), st.booleans())
@FEW
def test_nothing_comes_true_that_was_there_before(rows, written, actor, place, factions) -> None:
    """``came_true`` only with something after and nothing attributable before; ``did_not`` only with nothing after."""
    with Opened(rows) as session:
        claim = forecast("event", "attack", actor, place)
        (finding,) = check_statement(claim, Record(session, factions=factions), on(written.isoformat()))
        check_sql(finding, session)
        before, after = finding.before, finding.after
        if finding.verdict == "untestable":
            return
        assert before is not None and after is not None
        for activity in (before, after):
            assert activity.low <= activity.best <= activity.high
        if finding.verdict == "came_true":
            assert after.best and not before.best
            # the same, from the rows themselves: nothing of the actor has surely ended there before, or may have begun
            assert not _there_by(rows, written, actor, place, factions)
        if finding.verdict == "did_not":
            assert not after.best
        if before.best and after.best:
            assert finding.verdict == "already_so"


def _there_by(rows, written, actor, place, factions) -> bool:
    """Whether one of the events, by its coded place, can have been there by that day: worked out without SQL."""
    names = {TTP: {"TTP", *(["Jamaat-ul-Ahrar"] if factions else [])}, ISK: {"IS"}, LEI: {"Lashkar-e-Islam"}}[actor]
    for row in map(dict, rows):
        inside = {
            PAK: True, BALOCHISTAN: row["adm_1"] == "Balochistan province",
            QUETTA: row["where_coordinates"] == "Quetta" and int(row["where_prec"]) <= 2,
        }[place]  # fmt: skip
        if names & {row["side_a"], row["side_b"]} and inside and row["date_start"][:10] <= written.isoformat():
            return True
    return False


@given(events(), DAYS, st.sampled_from(["presence", "event"]), st.sampled_from([PAK, BALOCHISTAN, QUETTA]))
@FEW
def test_absence_is_called_no_record_only_where_there_is_none(rows, day, kind, place) -> None:
    """``no_record`` of a presence means that not one event of the actor is there by its coded place."""
    with Opened(rows) as session:
        claim = told(kind, "active" if kind == "presence" else "expansion", TTP, place=place)
        (finding,) = check_statement(claim, Record(session), on(day.isoformat()))
        check_sql(finding, session)
        assert finding.verdict in ("matches", "no_record")
        assert finding.record is not None
        assert (finding.verdict == "no_record") == (finding.record.best == 0)


@pytest.mark.parametrize("status", ["forecast", "fact"])
def test_the_same_statement_has_the_same_finding(status, open_record) -> None:
    """Checking is a function of statement and record: the same id twice."""
    session = open_record((ged_file(ged(1, "2021-03-05", "TTP")),))
    claim = count("attacks", TTP, exact(1), status=status)
    one, two = (check_statement(claim, Record(session), on("2020-06-30")) for _ in range(2))
    assert [f.id for f in one] == [f.id for f in two] and one[0].id.startswith("fi_")
