"""Truth table of presence, and of expansion that is told as having happened: was the actor there?"""

from __future__ import annotations

import pytest
from synthetic_events import acled, acled_file, country_year, ged, ged_file, year_file
from told import (
    AFG,
    BALOCHISTAN,
    CHN,
    ISK,
    KP,
    LEI,
    PAK,
    RUS,
    SHABAAB,
    TJK,
    TTP,
    UZB,
    between,
    nobody,
    told,
    year,
)
from truth_table import Case

DECEMBER = "2021-12-15"  # a day that the data reach: they end with 2021

# the TTP in Quetta in 2018 and 2020, and once somewhere in Pakistan in 2019
PAKISTAN = (
    ged_file(
        ged(1, "2018-05-01", "TTP"),
        ged(2, "2019-05-01", "TTP", at="Pakistan", where_prec=6),
        ged(3, "2020-05-01", "TTP"),
    ),
)
# the whole world by events, 2015 to 2023: "IS" in Pakistan and in Russia
WORLD = (
    ged_file(
        ged(1, "2019-05-01", "IS"), ged(2, "2019-06-01", "Government of Russia (Soviet Union)", "IS", at="Derbent"),
        covers=("all",), end="2023-12-31",
    ),
)  # fmt: skip
# the world by years alone, 2015 to 2022: IS against Afghanistan in 2018, nothing in Uzbekistan
YEARS = (
    year_file(
        country_year("AFG", 2018, sb="Government of Afghanistan - IS"),
        *(country_year("AFG", y) for y in (2015, 2016, 2017, 2019, 2020, 2021, 2022)),
        *(country_year("UZB", y) for y in range(2015, 2023)),
    ),
)

PRESENCE = [
    Case("active in a country", "three events up to the day on which it was written", PAKISTAN,
         told("presence", "active", TTP, place=PAK), "matches", (3, 3, 3), before=(3, 3, 3)),
    Case("active in a province", "two surely; the third is known to the country alone", PAKISTAN,
         told("presence", "active", TTP, place=BALOCHISTAN), "matches", (2, 2, 3)),
    Case("active where only the country is known", "the event somewhere in Pakistan is no proof of another province",
         PAKISTAN, told("presence", "active", TTP, place=KP), "no_record", (0, 0, 1), said=DECEMBER,
         has=("absent_is_not_false",)),
    Case("cells", "event data show violence, not cells: said in a caveat", PAKISTAN,
         told("presence", "cells", TTP, place=PAK), "matches", has=("activity_not_bases",)),
    Case("a base where nothing happened", "that there was no violence does not deny a base", PAKISTAN,
         told("presence", "base", LEI, place=PAK), "no_record", (0, 0, 0), said=DECEMBER,
         has=("activity_not_bases", "absent_is_not_false")),
    Case("active after the data's end", "a text of January 2022 speaks of days that the data do not reach", PAKISTAN,
         told("presence", "active", LEI, place=PAK), "untestable", said="2022-01-15"),
    Case("active in a year", "one event in 2020", PAKISTAN, told("presence", "active", TTP, place=PAK, time=year(2020)),
         "matches", (1, 1, 1), period=("2020-01-01", "2020-12-31")),
    Case("active in a year without events", "2021 is covered and has nothing", PAKISTAN,
         told("presence", "active", TTP, place=PAK, time=year(2021)), "no_record", (0, 0, 0)),
    Case("active before it could be seen", "the events come after the claim: nothing to 2016", PAKISTAN,
         told("presence", "active", TTP, place=PAK), "no_record", (0, 0, 0), said="2016-06-01", says=("later",)),
    Case("active in a country that is not covered", "the file holds Pakistan alone", PAKISTAN,
         told("presence", "active", TTP, place=AFG), "untestable"),
    Case("active in one of two countries", "there is an event in one: that is enough for both together", PAKISTAN,
         told("presence", "active", TTP, place=(PAK, AFG)), "matches", (3, 3, 3)),
    Case("absent in the covered one of two countries", "nothing in Pakistan, nothing known of Afghanistan", PAKISTAN,
         told("presence", "active", SHABAAB, place=(PAK, AFG)), "untestable"),
    Case("without a place", "nothing is said of where", PAKISTAN, told("presence", "active", TTP), "untestable"),
    Case("nobody in particular", "the text names no actor", PAKISTAN,
         told("presence", "active", nobody("militants"), place=PAK), "untestable"),
    Case("IS-K in Pakistan", "UCDP's one 'IS' there is the province's", WORLD,
         told("presence", "active", ISK, place=PAK), "matches", (1, 1, 1), has=("shared_name",)),
    Case("IS-K in Russia", "'IS' is there, but outside the province's own scope: the record cannot say whose it was",
         WORLD,
         told("presence", "active", ISK, place=RUS), "untestable", has=("umbrella",)),
    Case("IS-K in China", "nothing there under any name, and the whole world is covered", WORLD,
         told("presence", "active", ISK, place=CHN), "no_record", (0, 0, 0)),
    Case("by yearly data", "no single events, but the year 2018 has IS in Afghanistan", YEARS,
         told("presence", "active", ISK, place=AFG), "matches", (0, 0, 0)),
    Case("by yearly data, nothing", "the yearly data are of the whole world", YEARS,
         told("presence", "active", ISK, place=UZB), "no_record", (0, 0, 0)),
    Case("ACLED, an event without a death", "any event of the actor shows that it was there",
         (acled_file(acled(1, "2021-03-01", "TTP: Tehreek-i-Taliban Pakistan", type="Strategic developments",
                           subtype="Non-violent transfer of territory")),),
         told("presence", "active", TTP, place=PAK), "matches", (1, 1, 1)),
]  # fmt: skip

DENIED = [
    Case("not active, though it was", "the record shows what is denied", PAKISTAN,
         told("presence", "active", TTP, place=PAK, polarity="negated"), "contradicts", (3, 3, 3)),
    Case("not active, and nothing seen", "the record, too, has nothing; it is not more than that", PAKISTAN,
         told("presence", "active", LEI, place=PAK, polarity="negated"), "matches", (0, 0, 0), said=DECEMBER,
         has=("absent_is_not_false",)),
    Case("not active, where only a part is covered", "nothing in Pakistan, nothing known of Afghanistan: it proves "
         "nothing",
         PAKISTAN, told("presence", "active", SHABAAB, place=(PAK, AFG), polarity="negated"), "untestable"),
    Case("not active, where 'IS' was", "the record has somebody of that name there and cannot say whose it was", WORLD,
         told("presence", "active", ISK, place=RUS, polarity="negated"), "untestable", has=("umbrella",)),
]  # fmt: skip

EXPANSION = [
    Case("spread to one place", "it was there by then", PAKISTAN, told("event", "expansion", TTP, place=PAK),
         "matches"),
    Case("spread to several places", "each place has a verdict of its own", WORLD,
         told("event", "expansion", ISK, place=(PAK, RUS, CHN)),
         places={"PAK": "matches", "RUS": "untestable", "CHN": "no_record"}),
    Case("spread to a place outside the data", "one of the places is not covered", PAKISTAN,
         told("event", "expansion", TTP, place=(PAK, TJK)), places={"PAK": "matches", "TJK": "untestable"}),
    Case("spread since a day", "only what came since then counts: one event of 2020", PAKISTAN,
         told("event", "expansion", TTP, place=PAK, time=between("2020-01-01", None)), "matches", (1, 1, 1)),
]  # fmt: skip

TABLE = [*PRESENCE, *DENIED, *EXPANSION]


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_presence(case: Case, open_record) -> None:
    case.check(open_record(case.files))


def test_rows_have_names_of_their_own() -> None:
    assert len({case.name for case in TABLE}) == len(TABLE)
