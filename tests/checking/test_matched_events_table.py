"""Truth table of single events: is one in the record that can be the one told of, and how well does it fit?

The score is the mean of the parts that the text gives: the day (1 if within, 0.2 less for each day off), the place (1
surely there, 0.9 by its coded place, 0.5 perhaps), the share of the named actors on its sides.
"""

from __future__ import annotations

import pytest
from synthetic_events import acled, acled_file, ged, ged_file
from told import (
    AFG,
    ARMY,
    BALOCHISTAN,
    ISK,
    KP,
    MOSCOW,
    PAK,
    QUETTA,
    RUS,
    TTP,
    between,
    day,
    month,
    nobody,
    told,
    year,
)
from truth_table import Case

GOV = "Government of Pakistan"
# 2021: an attack in Quetta on 10 March, a battle in Bannu on 1 June, one known to the week of 5 September in Quetta
RECORD = (
    ged_file(
        ged(1, "2021-03-10", "TTP"),
        ged(2, "2021-06-01", GOV, "TTP", at="Bannu", a_dead=2, b_dead=4),
        ged(3, "2021-09-05", "TTP", until="2021-09-11", date_prec=3),
    ),
)
RUSSIA = (
    ged_file(
        ged(1, "2024-03-22", "IS", at="Derbent", civilians=9), covers=("all",), start="2015-01-01", end="2024-12-31",
        name="ged_25_1_synthetic.csv",
    ),
)  # fmt: skip

TABLE = [
    Case("day, place and actor", "all three fit", RECORD,
         told("event", "attack", TTP, place=QUETTA, time=day("2021-03-10")), "matches", events=("1",),
         has=("fatal_only",)),
    Case("a day off", "0.8 for the day, 1 for place and actor: 0.93", RECORD,
         told("event", "attack", TTP, place=QUETTA, time=day("2021-03-11")), "matches", events=("1",), says=("0.93",)),
    Case("three days off", "0.4 for the day is too little, whatever the rest", RECORD,
         told("event", "attack", TTP, place=QUETTA, time=day("2021-03-13")), "partly", events=("1",), says=("time",)),
    Case("four days off", "outside what a report may be off", RECORD,
         told("event", "attack", TTP, place=QUETTA, time=day("2021-03-14")), "no_record", events=(),
         has=("absent_is_not_false",)),
    Case("known to the week, within it", "8 September is one of the days on which it can have been", RECORD,
         told("event", "attack", TTP, place=QUETTA, time=day("2021-09-08")), "matches", events=("3",)),
    Case("known to the month", "an attack in Quetta in March 2021", RECORD,
         told("event", "attack", TTP, place=QUETTA, time=month("2021-03")), "matches", events=("1",)),
    Case("known to the year", "an attack of the TTP in Khyber Pakhtunkhwa in 2021", RECORD,
         told("event", "attack", TTP, place=KP, time=year(2021)), "matches", events=("2",)),
    Case("no date", "the place and the actor fit, but any of them can be meant", RECORD,
         told("event", "attack", TTP, place=KP), "partly", events=("2",), says=("date",)),
    Case("another actor", "nothing of the actor is there; what others did then is shown", RECORD,
         told("event", "attack", ISK, place=QUETTA, time=day("2021-03-10")), "no_record", events=("1",)),
    Case("both actors", "the battle has both on its sides", RECORD,
         told("event", "clash", TTP, object=ARMY, place=PAK, time=day("2021-06-01")), "matches", events=("2",),
         has=("parent",)),
    Case("a clash, where there was a massacre", "what was one-sided is no clash", RECORD,
         told("event", "clash", TTP, place=QUETTA, time=day("2021-03-10")), "no_record", events=()),
    Case("an execution, where there was a battle", "what was a battle is no execution", RECORD,
         told("event", "execution", TTP, place=KP, time=day("2021-06-01")), "no_record", events=()),
    Case("one actor of two", "only the attacker is on a side: 0.5 for the actors, 0.83 in all", RECORD,
         told("event", "attack", ISK, object=TTP, place=QUETTA, time=day("2021-03-10")), "matches", events=("1",),
         says=("0.83",)),
    Case("what was hit is no actor", "a market is on no side: it is left out of the score", RECORD,
         told("event", "bombing", TTP, object=nobody("a market", "thing"), place=QUETTA, time=day("2021-03-10")),
         "matches",
         events=("1",)),
    Case("nobody named", "the day and the place fit", RECORD,
         told("event", "attack", nobody("gunmen"), place=QUETTA, time=day("2021-03-10")), "matches", events=("1",)),
    Case("a province", "the event known to its town is surely in the province", RECORD,
         told("event", "attack", TTP, place=BALOCHISTAN, time=day("2021-03-10")), "matches", events=("1",)),
    Case("an event that may have been there", "known to the country alone: 0.5 for the place, 0.83 in all",
         (ged_file(ged(1, "2021-03-10", "TTP", at="Pakistan", where_prec=6)),),
         told("event", "attack", TTP, place=QUETTA, time=day("2021-03-10")), "matches", events=("1",), says=("0.83",)),
    Case("the day alone", "that somebody did something in the world that day is not enough to match", RECORD,
         told("event", "attack", None, time=day("2021-03-10"), place=PAK), "matches", events=("1",)),
    Case("neither when nor where", "any event at all would do", RECORD, told("event", "attack", TTP), "untestable"),
    Case("neither when nor who", "any event of the country would do", RECORD, told("event", "attack", None, place=PAK),
         "untestable"),
    Case("planned", "what was only planned is not in event data", RECORD,
         told("event", "attack", TTP, place=QUETTA, time=day("2021-03-10"), phase="planned"), "untestable",
         says=("planned",)),
    Case("foiled", "nor what was foiled", RECORD,
         told("event", "attack", TTP, place=QUETTA, time=day("2021-03-10"), phase="foiled"), "untestable",
         says=("foiled",)),
    Case("denied", "that it did not happen cannot be matched with an event", RECORD,
         told("event", "attack", TTP, place=QUETTA, time=day("2021-03-10"), polarity="negated"), "untestable"),
    Case("a kind that is not recorded", "UCDP has no arrests", RECORD,
         told("event", "arrest", TTP, place=QUETTA, time=day("2021-03-10")), "untestable", says=("arrest",)),
    Case("outside the data's years", "2022 is not covered", RECORD,
         told("event", "attack", TTP, place=QUETTA, time=day("2022-03-10")), "untestable", said="2022-06-01"),
    Case("outside the data's country", "Afghanistan is not covered", RECORD,
         told("event", "attack", TTP, place=AFG, time=day("2021-03-10")), "untestable"),
    Case("partly covered, and nothing", "December 2021 is covered, January 2022 is not", RECORD,
         told("event", "attack", ISK, place=PAK, time=between("2021-12-15", "2022-01-15")),
         "untestable", said="2022-06-01"),
    Case("a name that the actor shares", "'IS' attacked in Russia that day; the record cannot say that it was IS-K: "
         "it is "
         "shown, and does not match", RUSSIA, told("event", "attack", ISK, place=RUS, time=day("2024-03-22")), "partly",
         events=("1",), said="2024-06-01", has=("umbrella",)),
    Case("a shared name elsewhere", "nothing within 25 km of Moscow under any name", RUSSIA,
         told("event", "attack", ISK, place=MOSCOW, time=day("2024-03-22")), "no_record", events=(), said="2024-06-01"),
    Case("ACLED, an arrest", "ACLED records arrests",
         (acled_file(acled(1, "2021-03-10", "Police Forces of Pakistan (2018-2022)", "TTP: Tehreek-i-Taliban Pakistan",
                           type="Strategic developments", subtype="Arrests")),),
         told("event", "arrest", None, object=TTP, place=QUETTA, time=day("2021-03-10")), "matches"),
]  # fmt: skip


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_event(case: Case, open_record) -> None:
    case.check(open_record(case.files))


def test_rows_have_names_of_their_own() -> None:
    assert len({case.name for case in TABLE}) == len(TABLE)


def test_rows_of_a_licensed_set_are_not_shown(open_record) -> None:
    """ACLED's and GTD's rows may not be passed on: the finding has the event's id, and nothing of what it says."""
    case = TABLE[-1]
    (finding,) = case.findings(open_record(case.files))
    (shown,) = finding.events
    assert shown.id and shown.place is None and shown.actor_a is None and shown.deaths_best is None
