"""Truth table of counts: attacks, clashes, killed, wounded, casualties, arrests, and how numbers are worded.

The record: synthetic events in GED form, Pakistan 2015 to 2021, unless a row says otherwise.
"""

from __future__ import annotations

import pytest
from synthetic_events import acled, acled_file, ged, ged_file, gtd, gtd_file
from told import (
    ARMY,
    ISK,
    LEI,
    PAK,
    RUS,
    TTP,
    about,
    at_least,
    at_most,
    count,
    dozens,
    exact,
    hundreds,
    in_range,
    nobody,
    state,
    stranger,
    year,
)
from truth_table import Case

GOV = "Government of Pakistan"

# ten attacks of the TTP on civilians in 2021, one dead in each, and one attack in 2020
TEN = (ged_file(*(ged(n, f"2021-{n:02}-10", "TTP") for n in range(1, 11)), ged(11, "2020-05-01", "TTP")),)

# one battle and one massacre in 2021:
#   battle: army 3 dead, TTP 20 dead, 2 of unknown status: best 25, low 22, high 30
#   massacre by the TTP: 10 civilians dead: best 10, low 8, high 12
BATTLE_AND_MASSACRE = (
    ged_file(
        ged(1, "2021-03-05", GOV, "TTP", a_dead=3, b_dead=20, unknown=2, low=22, high=30),
        ged(2, "2021-04-10", "TTP", civilians=10, low=8, high=12),
    ),
)

# 100 deaths, all numbers certain
HUNDRED_DEAD = (ged_file(ged(1, "2021-06-01", "TTP", civilians=100)),)

ATTACKS = [
    Case("attacks, the number itself", "ten claimed, ten in the record", TEN, count("attacks", TTP, exact(10)),
         "matches", (10, 10, 10), has=("fatal_only",), lacks=("coverage_part", "provisional", "who_attacked"),
         period=("2021-01-01", "2021-12-31")),
    Case("attacks, a tenth above", "11 is 10 and a tenth: still within", TEN, count("attacks", TTP, exact(11)),
         "matches", (10, 10, 10)),
    Case("attacks, more than a tenth above", "12 is above 11; to be expected of a set that holds fatal events alone",
         TEN,
         count("attacks", TTP, exact(12)), "above_record", (10, 10, 10), has=("fatal_only",), says=("expected",)),
    Case("attacks, a tenth below", "9 is 10 less a tenth: still within", TEN, count("attacks", TTP, exact(9)),
         "matches"),
    Case("attacks, more than a tenth below", "8 is fewer than the record proves", TEN, count("attacks", TTP, exact(8)),
         "below_record", (10, 10, 10)),
    Case("attacks, none claimed where there are ten", "0 is fewer than the record proves", TEN,
         count("attacks", TTP, exact(0)), "below_record", (10, 10, 10)),
    Case("attacks, a year with one", "only the event of 2020 counts for 2020", TEN,
         count("attacks", TTP, exact(1), time=year(2020)), "matches", (1, 1, 1)),
    Case("attacks in a covered year without any", "2019 is covered and has nothing", TEN,
         count("attacks", TTP, exact(7), time=year(2019)), "no_record", (0, 0, 0), has=("absent_is_not_false",)),
    Case("no attacks claimed, none there", "0 against 0", TEN, count("attacks", TTP, exact(0), time=year(2019)),
         "matches", (0, 0, 0)),
    Case("attacks of nobody in particular", "the text names no subject: all actors' events are counted", TEN,
         count("attacks", None, exact(10)), "matches", (10, 10, 10), lacks=("any_actor",)),
    Case("attacks without a period", "nothing says from when to when", TEN,
         count("attacks", TTP, exact(10), time=None), "untestable", says=("period",)),
    Case("attacks without a number", "there is nothing to compare", TEN, count("attacks", TTP, None), "untestable"),
    Case("attacks that are planned", "what was only planned is not in event data", TEN,
         count("attacks", TTP, exact(10), phase="planned"), "untestable"),
    Case("attacks that are denied", "that there were not ten cannot be matched with a number of ten", TEN,
         count("attacks", TTP, exact(10), polarity="negated"), "untestable"),
    Case("attacks with the state on the other side",
         "the record does not say who attacked whom: the battle counts for both sides, with the caveat",
         BATTLE_AND_MASSACRE, count("attacks", TTP, exact(2)), "matches", (2, 2, 2), has=("who_attacked",
         "fatal_only")),
    Case("attacks on the army", "who was attacked is an actor: only the battle has both", BATTLE_AND_MASSACRE,
         count("attacks", TTP, exact(1), object=ARMY), "matches", (1, 1, 1), has=("parent",)),
    Case("clashes", "the massacre is no clash", BATTLE_AND_MASSACRE, count("clashes", TTP, exact(1)),
         "matches", (1, 1, 1)),
    Case("air strikes, UCDP", "UCDP does not say by what means", BATTLE_AND_MASSACRE,
         count("airstrikes", state("pakistan"), exact(3)), "untestable"),
]  # fmt: skip

BOUNDS = [
    Case("about 120 of 100", "about 120 is 108 to 132; 108 is within 110", HUNDRED_DEAD,
         count("killed", None, about(120), object=nobody("people")), "matches", (100, 100, 100)),
    Case("about 125 of 100", "about 125 is 112.5 to 137.5; all of it above 110", HUNDRED_DEAD,
         count("killed", None, about(125), object=nobody("people")), "above_record"),
    Case("about 82 of 100", "about 82 is 73.8 to 90.2; 90.2 is within 90", HUNDRED_DEAD,
         count("killed", None, about(82), object=nobody("people")), "matches"),
    Case("about 80 of 100", "about 80 is 72 to 88; all of it under 90", HUNDRED_DEAD,
         count("killed", None, about(80), object=nobody("people")), "below_record"),
    Case("at least 110 of 100", "110 is 100 and a tenth", HUNDRED_DEAD,
         count("killed", None, at_least(110), object=nobody("people")), "matches"),
    Case("at least 111 of 100", "even the least is above 110", HUNDRED_DEAD,
         count("killed", None, at_least(111), object=nobody("people")), "above_record"),
    Case("at least 5 of 100", "at least 5 does not deny 100: never below the record", HUNDRED_DEAD,
         count("killed", None, at_least(5), object=nobody("people")), "matches"),
    Case("at most 500 of 100", "up to 500 does not claim more than 100: never above the record", HUNDRED_DEAD,
         count("killed", None, at_most(500), object=nobody("people")), "matches"),
    Case("at most 90 of 100", "90 is 100 less a tenth", HUNDRED_DEAD,
         count("killed", None, at_most(90), object=nobody("people")), "matches"),
    Case("at most 89 of 100", "even the most is under 90", HUNDRED_DEAD,
         count("killed", None, at_most(89), object=nobody("people")), "below_record"),
    Case("between 50 and 95 of 100", "95 reaches into 90 to 110", HUNDRED_DEAD,
         count("killed", None, in_range(50, 95), object=nobody("people")), "matches"),
    Case("between 50 and 80 of 100", "80 is under 90", HUNDRED_DEAD,
         count("killed", None, in_range(50, 80), object=nobody("people")), "below_record"),
    Case("between 115 and 300 of 100", "115 is above 110", HUNDRED_DEAD,
         count("killed", None, in_range(115, 300), object=nobody("people")), "above_record"),
    Case("dozens of 100", "24 and more", HUNDRED_DEAD, count("killed", None, dozens(), object=nobody("people")),
         "matches"),
    Case("hundreds of 100", "200 and more is above 110", HUNDRED_DEAD,
         count("killed", None, hundreds(), object=nobody("people")), "above_record"),
]  # fmt: skip

KILLED = [
    Case("everybody killed", "25 and 10; low 22 and 8, high 30 and 12", BATTLE_AND_MASSACRE,
         count("killed", None, exact(35), object=nobody("people")), "matches", (30, 35, 42), has=("deaths_range",),
         lacks=("fatal_only",)),
    Case("everybody killed, at the upper edge", "the record's own high is 42; 46 is within a tenth of it (46.2)",
         BATTLE_AND_MASSACRE, count("killed", None, exact(46), object=nobody("people")), "matches"),
    Case("everybody killed, beyond the upper edge", "47 is above 46.2", BATTLE_AND_MASSACRE,
         count("killed", None, exact(47), object=nobody("people")), "above_record"),
    Case("everybody killed, at the lower edge", "the record's own low is 30; 27 is a tenth less", BATTLE_AND_MASSACRE,
         count("killed", None, exact(27), object=nobody("people")), "matches"),
    Case("everybody killed, beyond the lower edge", "26 is under 27", BATTLE_AND_MASSACRE,
         count("killed", None, exact(26), object=nobody("people")), "below_record"),
    Case("civilians killed", "10 civilians, and 2 of unknown status that may have been some", BATTLE_AND_MASSACRE,
         count("killed", None, exact(10), object=nobody("civilians")), "matches", (10, 10, 12), has=("victims_unknown",
         )),
    Case("civilians killed, by the unit", "the unit says that they were civilians", BATTLE_AND_MASSACRE,
         count("killed", None, exact(10, "civilians")), "matches", (10, 10, 12)),
    Case("civilians killed, too many", "12 and a tenth is 13.2", BATTLE_AND_MASSACRE,
         count("killed", None, exact(14), object=nobody("civilians")), "above_record"),
    Case("an actor's own fighters killed", "20 of the TTP's, and 2 of unknown status", BATTLE_AND_MASSACRE,
         count("killed", state("pakistan"), exact(21), object=TTP), "matches", (20, 20, 22), has=("victims_unknown",)),
    Case("an actor's own fighters killed, too few", "15 is under 18", BATTLE_AND_MASSACRE,
         count("killed", None, exact(15), object=TTP), "below_record"),
    Case("soldiers of a force killed", "the army is the state's side in the record: 3, and 2 of unknown status",
         BATTLE_AND_MASSACRE, count("killed", TTP, exact(4), object=ARMY), "matches", (3, 3, 5), has=("parent",)),
    Case("'soldiers' killed, more than all dead", "the record has no word for soldiers, but they cannot be more than "
         "all",
         BATTLE_AND_MASSACRE, count("killed", TTP, exact(60), object=nobody("soldiers")), "above_record", (0, 35, 42)),
    Case("'soldiers' killed, fewer than all dead", "the record does not tell them from others", BATTLE_AND_MASSACRE,
         count("killed", TTP, exact(5), object=nobody("soldiers")), "untestable"),
    Case("'soldiers' killed where nobody was", "there were no deaths at all in 2019", BATTLE_AND_MASSACRE,
         count("killed", TTP, exact(5), object=nobody("soldiers"), time=year(2019)), "no_record", (0, 0, 0)),
    Case("killed by the TTP", "without its own 20: 5 and 10 at best, 10 and 12 at most; at least the massacre's 8, as "
         "those of unknown status may be its own",
         BATTLE_AND_MASSACRE, count("killed", TTP, exact(15), object=nobody("people")), "matches", (8, 15, 22)),
    Case("killed by the state", "the battle alone, without its own 3; the TTP's massacre is not its",
         BATTLE_AND_MASSACRE,
         count("killed", state("pakistan"), exact(22), object=nobody("people")), "matches", (17, 22, 27)),
    Case("killed by the government, the lexicon's other name for the state",
         "'the Pakistani government' and Pakistan are one side in the record", BATTLE_AND_MASSACRE,
         count("killed", state("government-of-pakistan"), exact(22), object=nobody("people")), "matches", (17, 22, 27)),
    Case("killed where the bounds are out of order", "best 9, low 12, high 4 as in some releases: 4 to 12",
         (ged_file(ged(1, "2021-03-05", "TTP", civilians=9, low=12, high=4)),),
         count("killed", None, exact(12), object=nobody("people")), "matches", (4, 9, 12), has=("deaths_range",)),
    Case("killed, unclear code", "a coder's remark stands in the row", (
         ged_file(ged(1, "2021-03-05", "TTP", civilians=9, status="Check location")),),
         count("killed", None, exact(9), object=nobody("people")), "matches", (9, 9, 9), has=("status_unclear",)),
]  # fmt: skip

GTD_ONE = (gtd_file(gtd(1, 2020, 3, 5, "Tehrik-i-Taliban Pakistan (TTP)", dead=6, wounded=40)),)

OTHER_NUMBERS = [
    Case("casualties, fewer than the dead", "dead and wounded together cannot be fewer than the dead", HUNDRED_DEAD,
         count("casualties", TTP, exact(50)), "below_record", (100, 100, 100)),
    Case("casualties, more than the dead", "the wounded are not in the record: 300 can be", HUNDRED_DEAD,
         count("casualties", TTP, exact(300)), "untestable"),
    Case("wounded, UCDP", "UCDP records the dead alone", HUNDRED_DEAD, count("wounded", TTP, exact(40)), "untestable"),
    Case("wounded, GTD", "GTD records 40", GTD_ONE, count("wounded", TTP, exact(40), time=year(2020)), "matches",
         (40, 40, 40)),
    Case("wounded, GTD, far more", "400 against 40", GTD_ONE, count("wounded", TTP, exact(400), time=year(2020)),
         "above_record"),
    Case("arrested", "event data of this kind do not record arrests", HUNDRED_DEAD, count("arrested", TTP, exact(12)),
         "untestable", says=("arrests",)),
    Case("displaced", "nor displacement", HUNDRED_DEAD, count("displaced", TTP, exact(5000)), "untestable"),
    Case("civilians killed, GTD", "GTD does not say how many of the dead were civilians: it is no zero", GTD_ONE,
         count("killed", None, exact(3), object=nobody("civilians"), time=year(2020)), "untestable"),
    Case("civilians killed, GTD, more than all dead", "but more civilians than dead there cannot be", GTD_ONE,
         count("killed", None, exact(30), object=nobody("civilians"), time=year(2020)), "above_record", (0, 6, 6)),
]  # fmt: skip

T = "TTP: Tehreek-i-Taliban Pakistan"
ACLED_FIVE = (
    acled_file(
        acled(1, "2021-02-01", T, "Military Forces of Pakistan (2018-2022)", dead=4),
        acled(2, "2021-02-02", T, "Civilians (Pakistan)", type="Violence against civilians", subtype="Attack", dead=2),
        acled(3, "2021-02-03", T, "Civilians (Pakistan)", type="Violence against civilians", subtype="Attack"),
        acled(4, "2021-02-04", "Military Forces of Pakistan (2018-2022)", T, type="Explosions/Remote violence",
              subtype="Air/drone strike", dead=7),
        acled(5, "2021-02-05", T, type="Strategic developments", subtype="Agreement"),
    ),
)  # fmt: skip

ACLED_NUMBERS = [
    Case("attacks, ACLED", "an agreement is no attack; an attack without a death counts: four, no fatal-only caveat",
         ACLED_FIVE, count("attacks", TTP, exact(4)), "matches", (4, 4, 4), lacks=("fatal_only", "who_attacked")),
    Case("clashes, ACLED", "battles alone", ACLED_FIVE, count("clashes", TTP, exact(1)), "matches", (1, 1, 1)),
    Case("air strikes, ACLED", "one, of the state's forces", ACLED_FIVE,
         count("airstrikes", state("pakistan"), exact(1)), "matches", (1, 1, 1)),
    Case("civilians killed, ACLED", "ACLED's fatalities are not divided: 2 of 13 is not known to be too many or too "
         "few",
         ACLED_FIVE, count("killed", None, exact(2), object=nobody("civilians")), "untestable"),
    Case("an actor's own fighters killed, ACLED", "nor does it say on which side they fell", ACLED_FIVE,
         count("killed", None, exact(9), object=TTP), "untestable"),
    Case("killed by the TTP, ACLED", "of 13 dead some may be its own: 5 is neither too few nor too many", ACLED_FIVE,
         count("killed", TTP, exact(5), object=nobody("people")), "matches", (0, 13, 13), has=("deaths_range",)),
    Case("killed by the TTP, ACLED, too many", "15 is more than 13 and a tenth", ACLED_FIVE,
         count("killed", TTP, exact(15), object=nobody("people")), "above_record"),
    Case("everybody killed, ACLED", "whoever they were, there were 13", ACLED_FIVE,
         count("killed", None, exact(5), object=nobody("people")), "below_record", (13, 13, 13)),
    Case("wounded, ACLED", "ACLED records the dead alone", ACLED_FIVE, count("wounded", TTP, exact(4)), "untestable"),
]  # fmt: skip

IS_IN_RUSSIA = (ged_file(ged(1, "2021-03-05", "IS", at="Derbent"), ged(2, "2021-04-05", "IS"), covers=("all",)),)

SUBJECTS = [
    Case("an actor that the lexicon lacks", "a recognised name of nobody known: candidates are offered, nothing is "
         "guessed",
         TEN, count("attacks", stranger("Tehrik-e-Taliban Waziristan"), exact(3)), "untestable", says=("candidates",)),
    Case("an actor that the data sets have no name for", "the lexicon knows it, UCDP's actors do not include it", TEN,
         count("attacks", stranger("Zarghun Brigade"), exact(3)), "untestable", says=("Zarghun Brigade",)),
    Case("an actor known, and absent here", "Lashkar-e-Islam is UCDP's 399; the covered year has nothing of it", TEN,
         count("attacks", LEI, exact(3)), "no_record", (0, 0, 0), has=("absent_is_not_false",)),
    Case("gunmen, fewer than all", "they may be anybody: 5 of 10 can be theirs", TEN,
         count("attacks", nobody("gunmen"), exact(5)), "untestable", has=("any_actor",)),
    Case("gunmen, more than all", "more than all actors together", TEN, count("attacks", nobody("gunmen"), exact(50)),
         "above_record", (10, 10, 10), has=("any_actor",)),
    Case("gunmen where there is nothing", "nobody at all in 2019", TEN,
         count("attacks", nobody("gunmen"), exact(5), time=year(2019)), "no_record", (0, 0, 0), has=("any_actor",)),
    Case("a force stands for its state", "UCDP has no actor for the army: it is looked up as Pakistan",
         BATTLE_AND_MASSACRE,
         count("clashes", ARMY, exact(1)), "matches", (1, 1, 1), has=("parent",)),
    Case("IS-K in Pakistan", "UCDP's one 'IS' in Pakistan since 2015 is the province's: attributable, with the caveat",
         (ged_file(ged(1, "2021-03-05", "IS"), ged(2, "2021-04-05", "IS"), ged(3, "2014-04-05", "IS")),),
         count("attacks", ISK, exact(2)), "matches", (2, 2, 2), has=("shared_name",), lacks=("umbrella",)),
    Case("IS-K in Russia", "'IS' attacked there, outside the province's scope: that it did not is no more known than "
         "that "
         "it did", IS_IN_RUSSIA, count("attacks", ISK, exact(1), RUS), "untestable", has=("umbrella",)),
    Case("IS-K in Russia, in a year without 'IS'", "nothing under any such name", IS_IN_RUSSIA,
         count("attacks", ISK, exact(1), RUS, time=year(2020)), "no_record", (0, 0, 0), lacks=("umbrella",)),
    Case("IS-K in Russia and Pakistan, more than its own", "one is its own; with the other it can be two", IS_IN_RUSSIA,
         count("attacks", ISK, exact(2), (RUS, PAK)), "untestable", has=("umbrella",)),
    Case("IS-K in Russia and Pakistan, its own", "one in Pakistan is what was claimed", IS_IN_RUSSIA,
         count("attacks", ISK, exact(1), (RUS, PAK)), "matches", (1, 1, 1)),
    Case("IS-K in Russia and Pakistan, more than all of that name", "ten are more than its own and the others together",
         IS_IN_RUSSIA, count("attacks", ISK, exact(10), (RUS, PAK)), "above_record", (1, 1, 1)),
]  # fmt: skip

TABLE = [*ATTACKS, *BOUNDS, *KILLED, *OTHER_NUMBERS, *ACLED_NUMBERS, *SUBJECTS]


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_count(case: Case, open_record) -> None:
    case.check(open_record(case.files))


def test_rows_have_names_of_their_own() -> None:
    assert len({case.name for case in TABLE}) == len(TABLE)
