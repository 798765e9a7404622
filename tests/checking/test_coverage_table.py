"""Truth table of what the record covers: rough days and places, gaps, totals, releases, several data sets.

The record: synthetic events; the analyst says of each file what it covers, unless the row is about that.
"""

from __future__ import annotations

import pytest
from synthetic_events import (
    acled,
    acled_file,
    aec,
    aec_file,
    candidate_file,
    country_month,
    country_year,
    ged,
    ged_file,
    month_file,
    year_file,
)
from told import (
    AFG,
    BALOCHISTAN,
    IND,
    JUA,
    KP,
    NOWHERE,
    PAK,
    QUETTA,
    TTP,
    between,
    count,
    country,
    exact,
    month,
    nobody,
    region,
    year,
)
from truth_table import Case

PEOPLE = nobody("people")

# one attack that began on 30 January and ended on 2 February 2021, known to that span; one on 10 February
ACROSS = (ged_file(ged(1, "2021-01-30", "TTP", until="2021-02-02", date_prec=2), ged(2, "2021-02-10", "TTP")),)
# an attack of 5 May, and one that is only known to be of 2021
VAGUE_DAY = (
    ged_file(ged(1, "2021-05-05", "TTP"), ged(2, "2021-01-01", "TTP", until="2021-12-31", date_prec=5, civilians=9)),
)

DAYS = [
    Case("an event across the end of a month", "it begins in January, but may have been in February: at best, not "
         "surely",
         ACROSS, count("attacks", TTP, exact(1), time=month("2021-01")), "matches", (0, 1, 1), has=("date_estimated",)),
    Case("an event across the beginning of a month",
         "February has the one of the 10th surely; the other begins before it and is in the upper bound alone",
         ACROSS, count("attacks", TTP, exact(1), time=month("2021-02")), "matches", (1, 1, 2), has=("date_estimated",)),
    Case("two claimed where the second may be of the month before", "2 is within 1 to 2", ACROSS,
         count("attacks", TTP, exact(2), time=month("2021-02")), "matches", (1, 1, 2)),
    Case("both months together", "nothing is cut: both surely", ACROSS,
         count("attacks", TTP, exact(2), time=between("2021-01-01", "2021-02-28")), "matches", (2, 2, 2),
         lacks=("date_estimated",)),
    Case("an event known to the year, within the year", "the year has it whole", VAGUE_DAY,
         count("killed", None, exact(10), object=PEOPLE), "matches", (10, 10, 10), lacks=("date_estimated",)),
    Case("an event known to the year, in a month", "May has 1 dead surely, and 9 that may be of any month", VAGUE_DAY,
         count("killed", None, exact(10), object=PEOPLE, time=month("2021-05")), "matches", (1, 1, 10),
         has=("date_estimated", "deaths_range")),
    Case("an event known to the year, in the month it is dated to", "its first day is in January: at best 9, surely "
         "none",
         VAGUE_DAY, count("killed", None, exact(9), object=PEOPLE, time=month("2021-01")), "matches", (0, 9, 9),
         has=("date_estimated",)),
    Case("a period of one day", "the event of the 10th alone", ACROSS,
         count("attacks", TTP, exact(1), time=between("2021-02-10", "2021-02-10")), "matches", (1, 1, 1)),
    Case("a period that is still open", "'since February 2021' runs to the day on which the text was written", ACROSS,
         count("attacks", TTP, exact(1), time=between("2021-02-05", None)), "matches", (1, 1, 1), said="2021-03-01",
         period=("2021-02-05", "2021-03-01")),
    Case("ACLED, an event known to the month", "the 15th stands for February: it may lie in the period",
         (acled_file(acled(1, "2021-02-15", "TTP: Tehreek-i-Taliban Pakistan", dead=1, time_precision=3)),),
         count("attacks", TTP, exact(1), time=between("2021-02-10", "2021-02-20")), "matches", (0, 0, 1),
         has=("date_estimated",)),
]  # fmt: skip

# 2021: an exact one in Quetta, one in Mastung 45 km away, one known to the province, one to the country
WHERE = (
    ged_file(
        ged(1, "2021-03-01", "TTP", at="Quetta"),
        ged(2, "2021-03-02", "TTP", at="Mastung"),
        ged(3, "2021-03-03", "TTP", at="Quetta", where_prec=4),
        ged(4, "2021-03-04", "TTP", at="Pakistan", where_prec=6),
        ged(5, "2021-03-05", "TTP", at="Peshawar"),
        ged(6, "2021-03-06", "TTP", at="Gwadar", where_prec=5),
    ),
)

PLACES = [
    Case("a country", "all six are in Pakistan, however roughly known", WHERE, count("attacks", TTP, exact(6)),
         "matches", (6, 6, 6), lacks=("place_estimated",)),
    Case("a province", "1, 2 and 3 surely (known to the province or better); 6 is an estimated point in it: at best; "
         "4 may "
         "be there", WHERE, count("attacks", TTP, exact(4), BALOCHISTAN), "matches", (3, 4, 5), has=("place_estimated",
         )),
    Case("a province, too many", "6 is more than 5 and a tenth", WHERE, count("attacks", TTP, exact(6), BALOCHISTAN),
         "above_record"),
    Case("the other province", "5 surely, 4 perhaps", WHERE, count("attacks", TTP, exact(1), KP), "matches", (1, 1, 2)),
    Case("a town", "1 surely; 3 and 6 are known to its province alone and 4 to its country: perhaps; 2 is too far off",
         WHERE, count("attacks", TTP, exact(1), QUETTA), "matches", (1, 1, 4), has=("place_estimated",)),
    Case("two provinces together", "all but nothing: 1, 2, 3 and 5 surely, 6 at best, 4 perhaps", WHERE,
         count("attacks", TTP, exact(5), (BALOCHISTAN, KP)), "matches", (4, 5, 6)),
    Case("a place that the gazetteer lacks", "nothing is guessed", WHERE, count("attacks", TTP, exact(1), NOWHERE),
         "untestable", says=("gazetteer",)),
    Case("a region made of countries", "South Asia: Pakistan's six and one in India",
         (ged_file(*(ged(n, "2021-03-01", "TTP") for n in (1, 2)), ged(3, "2021-05-01", "IS", at="Srinagar"),
                   covers=("AFG", "BGD", "BTN", "IND", "LKA", "MDV", "NPL", "PAK")),),
         count("attacks", None, exact(3), region("south-asia")), "matches", (3, 3, 3), lacks=("region_approximate",)),
    Case("a region that is no set of countries", "Khorasan is taken as the countries in which it lies, which is said",
         (ged_file(ged(1, "2021-03-01", "TTP"), covers=("AFG", "IRN", "PAK", "TJK", "TKM", "UZB")),),
         count("attacks", TTP, exact(1), region("khorasan")), "matches", (1, 1, 1), has=("region_approximate",)),
    Case("a region made of provinces", "Sinai: 1 surely; 2 is known to the country alone and may be there; 3 is an "
         "estimated "
         "point in it", (ged_file(
             ged(1, "2021-03-01", "IS", at="el-Arish"), ged(2, "2021-03-02", "IS", at="Egypt", where_prec=6),
             ged(3, "2021-03-03", "IS", at="el-Arish", where_prec=5), covers=("EGY",)),),
         count("attacks", None, exact(2), region("sinai")), "matches", (1, 2, 3), has=("place_estimated",)),
]  # fmt: skip

ONE_2016, ONE_2020 = ged(1, "2016-06-01", "TTP"), ged(2, "2020-06-01", "TTP")
GAP = (
    ged_file(ONE_2016, start="2015-01-01", end="2017-12-31", name="ged_18_1_synthetic.csv"),
    ged_file(ONE_2020, start="2019-01-01", end="2021-12-31"),
)
PAKISTAN = (ged_file(ONE_2016, ONE_2020),)

COVERAGE = [
    Case("wholly covered", "2020 lies within 2015 to 2021", PAKISTAN, count("attacks", TTP, exact(1), time=year(2020)),
         "matches", (1, 1, 1), lacks=("coverage_part",)),
    Case("before the data", "the data begin in 2015", PAKISTAN, count("attacks", TTP, exact(4), time=year(2012)),
         "untestable"),
    Case("after the data", "the data end with 2021", PAKISTAN, count("attacks", TTP, exact(4), time=year(2022)),
         "untestable", said="2023-01-15"),
    Case("another country", "the file holds Pakistan alone: that it has nothing of Afghanistan says nothing", PAKISTAN,
         count("attacks", TTP, exact(4), AFG, time=year(2020)), "untestable"),
    Case("partly covered, and more than there", "2020 to 2022: 2022 is not known, so nothing is above the record",
         PAKISTAN,
         count("attacks", TTP, exact(40), time=between("2020-01-01", "2022-12-31")), "untestable", said="2023-01-15",
         has=("coverage_part",)),
    Case("partly covered, and nothing there", "nothing in 2021, nothing known of 2022", PAKISTAN,
         count("attacks", TTP, exact(4), time=between("2021-01-01", "2022-12-31")), "untestable", said="2023-01-15"),
    Case("partly covered, and as many there", "what is covered has it already", PAKISTAN,
         count("attacks", TTP, exact(1), time=between("2020-01-01", "2022-12-31")), "matches", (1, 1, 1),
         said="2023-01-15", has=("coverage_part",)),
    Case("partly covered, and already more there", "the covered part alone proves more than 0", PAKISTAN,
         count("attacks", TTP, exact(0), time=between("2020-01-01", "2022-12-31")), "below_record", said="2023-01-15",
         has=("coverage_part",)),
    Case("one of two countries", "Pakistan is covered and Afghanistan is not", PAKISTAN,
         count("attacks", TTP, exact(40), (PAK, AFG), time=year(2020)), "untestable", says=("Afghanistan",)),
    Case("in the gap between two files", "2018 is in neither", GAP, count("attacks", TTP, exact(4), time=year(2018)),
         "untestable"),
    Case("across the gap", "2016 to 2020 without 2018", GAP,
         count("attacks", TTP, exact(40), time=between("2016-01-01", "2020-12-31")), "untestable",
         has=("coverage_part",)),
    Case("beside the gap", "2020 is covered whole", GAP, count("attacks", TTP, exact(4), time=year(2020)),
         "above_record", (1, 1, 1), lacks=("coverage_part",)),
    Case("without a place, an extract of a country", "the world is not covered by an extract of Pakistan", PAKISTAN,
         count("attacks", TTP, exact(40), (), time=year(2020)), "untestable"),
    Case("without a place, a file of the whole world", "nothing is lacking", (ged_file(ONE_2016, ONE_2020,
         covers=("all",)),),
         count("attacks", TTP, exact(40), (), time=year(2020)), "above_record", (1, 1, 1)),
    Case("a country without events in a file of the whole world", "its silence says something",
         (ged_file(ONE_2016, ONE_2020, covers=("all",)),),
         count("attacks", TTP, exact(4), country("UZB"), time=year(2020)), "no_record", (0, 0, 0)),
    Case("what a file covers by itself", "whole years from the first event to the last, of the countries in it: 2019 "
         "counts",
         (ged_file(ged(1, "2018-05-01", "TTP"), ged(2, "2020-05-01", "TTP"), covers=None, start=None, end=None),),
         count("attacks", TTP, exact(4), time=year(2019)), "no_record", (0, 0, 0)),
    Case("what a file covers by itself, and no more", "2017 is before its first year",
         (ged_file(ged(1, "2018-05-01", "TTP"), ged(2, "2020-05-01", "TTP"), covers=None, start=None, end=None),),
         count("attacks", TTP, exact(4), time=year(2017)), "untestable"),
    Case("a sample", "UCDP-AEC is a sample of events: what is not in it is not known not to have been",
         (aec_file(*(aec(n, f"2020-0{n}-01", "TTP") for n in (1, 2, 3))),),
         count("attacks", TTP, exact(40), time=year(2020)), "untestable"),
    Case("no event data at all", "there is nothing to check against", (), count("attacks", TTP, exact(4)), "untestable",
         says=("no event data",)),
]  # fmt: skip

# Afghanistan by month: 200 events and 900 dead (1000 at most) from January to April 2021
AFGHAN_MONTHS = (
    month_file(*(country_month("AFG", f"2021-0{n}", 50, 225, 250) for n in (1, 2, 3, 4)), country_month("AFG",
    "2020-12", 9, 9)),
)  # fmt: skip
JANUARY_TO_APRIL = between("2021-01-01", "2021-04-30")

TOTALS = [
    Case("attacks where there are totals alone", "200 events of all actors: the totals do not say whose", AFGHAN_MONTHS,
         count("attacks", TTP, exact(77), AFG, time=JANUARY_TO_APRIL), "untestable", (0, 200, 200),
         has=("totals_only", "fatal_only")),
    Case("killed, fewer than the totals", "300 of at most 1000 by anybody: can be", AFGHAN_MONTHS,
         count("killed", TTP, exact(300), AFG, time=JANUARY_TO_APRIL, object=PEOPLE), "untestable", (0, 900, 1000),
         has=("totals_only",)),
    Case("killed, more than the totals", "1200 is more than all dead by all actors and a tenth", AFGHAN_MONTHS,
         count("killed", TTP, exact(1200), AFG, time=JANUARY_TO_APRIL, object=PEOPLE), "above_record", (0, 900, 1000),
         has=("totals_only",)),
    Case("totals of another country", "they are of Afghanistan", AFGHAN_MONTHS,
         count("killed", TTP, exact(1200), time=JANUARY_TO_APRIL, object=PEOPLE), "untestable", lacks=("totals_only",)),
    Case("totals that do not reach the period", "they end in April", AFGHAN_MONTHS,
         count("killed", TTP, exact(90000), AFG, object=PEOPLE), "untestable", lacks=("totals_only",)),
    Case("totals of a country for a town", "a country's total is not a town's", AFGHAN_MONTHS,
         count("attacks", TTP, exact(77), QUETTA, time=JANUARY_TO_APRIL), "untestable", lacks=("totals_only",)),
    Case("years and months are not added", "30 dead by the year and 900 by the month are the same dead: the months "
         "count",
         (*AFGHAN_MONTHS, year_file(country_year("AFG", 2021, sb="Government of Afghanistan - Taleban", dead=800),
                                    country_year("PAK", 2021, os="TTP - Civilians"))),
         count("killed", None, exact(5000), AFG, time=JANUARY_TO_APRIL, object=PEOPLE), "above_record",
         (900, 900, 1000)),
]  # fmt: skip

# October 2023: the candidate file has 1, 2 and 3; the yearly release confirms 1 (with more dead) and 2, drops 3, adds 4
CANDIDATES = candidate_file(
    *(ged(n, f"2023-10-0{n}", "TTP", civilians=2) for n in (1, 2, 3)), start="2023-10-01", end="2023-10-31"
)
YEARLY = ged_file(
    ged(1, "2023-10-01", "TTP", civilians=5), ged(2, "2023-10-02", "TTP", civilians=2),
    ged(4, "2023-10-09", "TTP", civilians=2), start="2023-01-01", end="2023-12-31", name="ged_24_1_synthetic.csv",
)  # fmt: skip
OCTOBER = month("2023-10")
# two yearly releases: the newer one revised 1, withdrew 2, added 4; 3 stayed
OLDER = ged_file(*(ged(n, f"2020-0{n}-01", "TTP", civilians=10) for n in (1, 2, 3)), end="2020-12-31",
                 name="ged_21_1_synthetic.csv")  # fmt: skip
NEWER = ged_file(ged(1, "2020-01-01", "TTP", civilians=15), ged(3, "2020-03-01", "TTP", civilians=10),
                 ged(4, "2020-04-01", "TTP", civilians=10))  # fmt: skip

RELEASES = [
    Case("provisional rows", "the candidate file alone: three, all provisional", (CANDIDATES,),
         count("attacks", TTP, exact(3), time=OCTOBER), "matches", (3, 3, 3), said="2024-01-01", has=("provisional",)),
    Case("a coder's remark", "one of the provisional rows is still to be checked",
         (candidate_file(ged(1, "2023-10-01", "TTP"), ged(2, "2023-10-02", "TTP", status="Check deaths"),
                         start="2023-10-01", end="2023-10-31"),),
         count("attacks", TTP, exact(2), time=OCTOBER), "matches", (2, 2, 2), said="2024-01-01",
         has=("provisional", "status_unclear")),
    Case("the yearly release replaces the candidates", "1, 2 and 4: 3 was withdrawn, and none is counted twice",
         (CANDIDATES, YEARLY), count("attacks", TTP, exact(3), time=OCTOBER), "matches", (3, 3, 3), said="2025-01-01",
         lacks=("provisional",)),
    Case("the yearly release's deaths count", "5, 2 and 2: not 7, 4 and 4, and not 2 for the first", (CANDIDATES,
         YEARLY),
         count("killed", None, exact(9), time=OCTOBER, object=PEOPLE), "matches", (9, 9, 9), said="2025-01-01"),
    Case("a month that the yearly release does not reach", "the candidates of 2024 stay, provisional",
         (YEARLY, candidate_file(ged(9, "2024-01-05", "TTP"), start="2024-01-01", end="2024-01-31",
                                 name="GEDEvent_v24_0_1.csv")),
         count("attacks", TTP, exact(1), time=month("2024-01")), "matches", (1, 1, 1), said="2025-01-01",
         has=("provisional",)),
    Case("two releases of the same events", "the newer one alone: 15, 10 and 10", (OLDER, NEWER),
         count("killed", None, exact(35), time=year(2020), object=PEOPLE), "matches", (35, 35, 35)),
    Case("two releases, whichever was added first", "the release counts, not the order", (NEWER, OLDER),
         count("killed", None, exact(35), time=year(2020), object=PEOPLE), "matches", (35, 35, 35)),
    Case("two releases, the number of attacks", "1, 3 and 4", (OLDER, NEWER),
         count("attacks", TTP, exact(3), time=year(2020)), "matches", (3, 3, 3)),
]  # fmt: skip

ACLED_TTP = "TTP: Tehreek-i-Taliban Pakistan"
# UCDP has two lethal attacks; ACLED has the same two and three without a death
SIDE_BY_SIDE = (
    ged_file(ged(1, "2021-03-01", "TTP", at="Quetta"), ged(2, "2021-04-01", "TTP", at="Peshawar")),
    acled_file(
        acled(1, "2021-03-01", ACLED_TTP, "Civilians (Pakistan)", at="Quetta", dead=1),
        acled(2, "2021-04-01", ACLED_TTP, "Civilians (Pakistan)", at="Peshawar", dead=1),
        *(acled(n, f"2021-06-0{n}", ACLED_TTP, at="Bannu", type="Explosions/Remote violence",
        subtype="Remote explosive")
          for n in (3, 4, 5)),
    ),
)  # fmt: skip
# TTP and its faction: 4 of its own, 3 of Jamaat-ul-Ahrar
FACTIONS = (
    ged_file(
        *(ged(n, f"2021-0{n}-01", "TTP") for n in (1, 2, 3, 4)),
        *(ged(n, f"2021-0{n}-01", "Jamaat-ul-Ahrar") for n in (5, 6, 7)),
    ),
)

SEVERAL = [
    Case("ACLED beside GED", "each house's number on its own: 2 against 5, and only UCDP's is fatal events alone",
         SIDE_BY_SIDE, count("attacks", TTP, exact(5)), families={"ucdp": "above_record", "acled": "matches"},
         numbers={"ucdp": (2, 2, 2), "acled": (5, 5, 5)}, has=("fatal_only",)),
    Case("ACLED beside GED, wounded", "neither records them: one finding says so", SIDE_BY_SIDE,
         count("wounded", TTP, exact(5)), "untestable"),
    Case("ACLED beside GED, one of them covers the time", "ACLED's export begins in 2018: UCDP alone is asked of 2016",
         (ged_file(ged(1, "2016-03-01", "TTP")), acled_file(acled(1, "2021-03-01", ACLED_TTP, dead=1),
         start="2018-01-01")),
         count("attacks", TTP, exact(1), time=year(2016)), families={"ucdp": "matches"}),
    Case("with factions", "4 and 3; the caveat has the number without them", FACTIONS, count("attacks", TTP, exact(7)),
         "matches", (7, 7, 7), has=("factions",)),
    Case("without factions", "4 of its own", FACTIONS, count("attacks", TTP, exact(4)), "matches", (4, 4, 4),
         factions=False, lacks=("factions",)),
    Case("without factions, the number with them", "7 is more than 4", FACTIONS, count("attacks", TTP, exact(7)),
         "above_record", (4, 4, 4), factions=False),
    Case("a faction alone", "its parent's attacks are not its", FACTIONS, count("attacks", JUA, exact(3)), "matches",
         (3, 3, 3), lacks=("factions",)),
    Case("factions that did nothing in the period", "April has the organisation's own alone: no caveat is called for",
         FACTIONS, count("attacks", TTP, exact(1), time=month("2021-04")), "matches", (1, 1, 1), lacks=("factions",)),
    Case("two files of one house", "both are named; an event in both counts once",
         (ged_file(ged(1, "2020-03-01", "TTP"), ged(2, "2021-01-01", "TTP"), end="2021-12-31", name="ged_21_1_a.csv"),
          ged_file(ged(2, "2021-01-01", "TTP"), ged(3, "2021-02-01", "TTP"), start="2021-01-01",
          name="ged_21_1_b.csv")),
         count("attacks", TTP, exact(3), time=between("2020-01-01", "2021-12-31")), "matches", (3, 3, 3),
         has=("mixed_sets",)),
    Case("India and its part of Kashmir", "IS in Kashmir counts for India", (
         ged_file(ged(1, "2018-03-01", "IS", at="Srinagar"), covers=("IND",)),),
         count("attacks", None, exact(1), IND, time=year(2018)), "matches", (1, 1, 1)),
]  # fmt: skip

TABLE = [*DAYS, *PLACES, *COVERAGE, *TOTALS, *RELEASES, *SEVERAL]


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_coverage(case: Case, open_record) -> None:
    case.check(open_record(case.files))


def test_rows_have_names_of_their_own() -> None:
    assert len({case.name for case in TABLE}) == len(TABLE)
