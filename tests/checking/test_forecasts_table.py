"""Truth table of forecasts: what came, beside what was before.

``came_true`` only where the record shows the thing after the statement, attributable to the actor, and not before.
Active in the two years before is ``already_so``; so is active earlier and again after.
"""

from __future__ import annotations

from datetime import date

import pytest
from synthetic_events import acled, acled_file, country_year, ged, ged_file, year_file
from told import (
    AFG,
    ALMOST_CERTAIN,
    ARMY,
    BALOCHISTAN,
    CHN,
    ISK,
    KABUL,
    KP,
    LEI,
    LIKELY,
    MAY,
    NOWHERE,
    PAK,
    RUS,
    SOON,
    TJK,
    TTP,
    UZB,
    about,
    at_least,
    by,
    count,
    day,
    document,
    exact,
    forecast,
    in_range,
    month,
    nobody,
    region,
    told,
    year,
)
from truth_table import Case

from spillover.checking.claims import said

SAID = "2020-06-30"  # when the forecasts were made
GOV = "Government of Pakistan"


def pakistan(*events):
    """Pakistan, 2015 to 2021."""
    return (ged_file(*events),)


def world(*events, end="2023-12-31"):
    """The whole world, 2010 to 2023."""
    return (ged_file(*events, covers=("all",), start="2010-01-01", end=end, name="ged_24_1_synthetic.csv"),)


OTHERS = ged(90, "2016-01-01", "Taleban")  # somebody else, so that a file is not empty
BEFORE_LONG, BEFORE, AFTER = ged(1, "2015-06-01", "TTP"), ged(2, "2019-06-01", "TTP"), ged(3, "2021-06-01", "TTP")
ATTACK = forecast("event", "attack", TTP, PAK)


def attack(**values):
    """Told: the TTP will attack in Pakistan."""
    return forecast("event", "attack", TTP, PAK, **values)


ONE_PLACE = [
    Case("came true", "one attack after, none before", pakistan(AFTER), ATTACK, "came_true", said=SAID, before=(0, 0,
         0),
         after=(1, 1, 1), has=("coverage_end",), lacks=("absent_is_not_false",), period=(SAID, "2021-12-31")),
    Case("already so, and again", "one a year before, one after", pakistan(BEFORE, AFTER), ATTACK, "already_so",
         said=SAID,
         before=(1, 1, 1), after=(1, 1, 1), says=("before",)),
    Case("already so, and no more", "active a year before: it was there, whatever came", pakistan(BEFORE), ATTACK,
         "already_so", said=SAID, before=(1, 1, 1), after=(0, 0, 0)),
    Case("already so, earlier and again", "five years before and one after: it is nothing new",
         pakistan(BEFORE_LONG, AFTER), ATTACK, "already_so", said=SAID, before=(1, 1, 1), after=(1, 1, 1)),
    Case("did not, active earlier", "five years before, nothing in the two years before, nothing after",
         pakistan(BEFORE_LONG), ATTACK, "did_not", said=SAID, before=(1, 1, 1), after=(0, 0, 0),
         has=("absent_is_not_false", "coverage_end"), says=("2021-12-31", "earlier")),
    Case("did not, never", "nothing at all, to the data's end", pakistan(OTHERS), ATTACK, "did_not", said=SAID,
         before=(0, 0, 0), after=(0, 0, 0), has=("absent_is_not_false", "coverage_end"), says=("2021-12-31",)),
    Case("already so, at the edge of recent", "729 days before is within two years", pakistan(ged(1, "2018-07-02",
         "TTP")),
         ATTACK, "already_so", said=SAID),
    Case("did not, past the edge of recent", "732 days before is not", pakistan(ged(1, "2018-06-29", "TTP")), ATTACK,
         "did_not", said=SAID),
    Case("pending, the data end before the statement", "the record cannot know", pakistan(BEFORE_LONG), ATTACK,
         "pending",
         said="2023-06-30", has=("coverage_end",)),
    Case("pending, the horizon lies beyond the data", "nothing to the end of 2021, the horizon is 2025",
         pakistan(OTHERS),
         attack(time=by("2025-12-31")), "pending", said=SAID, has=("coverage_end",), says=("2025-12-31", "2021-12-31")),
    Case("came true before the horizon", "the data end earlier, but it has happened", pakistan(AFTER),
         attack(time=by("2025-12-31")), "came_true", said=SAID),
    Case("did not, to the horizon", "the attack came in June 2021, the horizon was December 2020", pakistan(AFTER),
         attack(time=by("2020-12-31")), "did_not", said=SAID, before=(0, 0, 0), after=(0, 0, 0), lacks=("coverage_end",
         ),
         period=(SAID, "2020-12-31"), says=("2020-12-31",)),
    Case("no horizon in words", "'in the medium term' has no day: to the data's end", pakistan(AFTER),
         attack(time=SOON),
         "came_true", said=SAID, period=(SAID, "2021-12-31")),
    Case("shortly before the data's end", "nothing in 30 days says little, which is said", pakistan(OTHERS), ATTACK,
         "did_not", said="2021-12-01", has=("tempo_short",)),
    Case("not covered", "the file holds Pakistan alone", pakistan(AFTER), forecast("event", "attack", TTP, AFG),
         "untestable", said=SAID),
    Case("made before the data begin", "what was before is not known", pakistan(AFTER), ATTACK, "untestable",
         said="2012-06-30"),
    Case("the data begin half a year before", "an attack after, but what was in the two years before is not known",
         (ged_file(AFTER, start="2020-01-01"),), ATTACK, "ambiguous", said=SAID, before=(0, 0, 0), after=(1, 1, 1)),
    Case("a day in the same month, known to the month alone", "it may have been before the statement as well as after",
         pakistan(ged(1, "2020-06-15", "TTP", until="2020-07-14", date_prec=4)), ATTACK, "ambiguous", said=SAID),
    Case("known to the month, and one surely after", "the first may have been before: not new for sure",
         pakistan(ged(1, "2020-06-15", "TTP", until="2020-07-14", date_prec=4), AFTER), ATTACK, "ambiguous", said=SAID),
    Case("known to the country, before", "an event somewhere in Pakistan before is in the upper bound alone",
         pakistan(ged(1, "2019-06-01", "TTP", at="Pakistan", where_prec=6), ged(2, "2021-06-01", "TTP")),
         forecast("event", "attack", TTP, BALOCHISTAN), "came_true", said=SAID, before=(0, 0, 1), after=(1, 1, 1)),
    Case("in another province", "Balochistan's attack is not Khyber Pakhtunkhwa's", pakistan(AFTER),
         forecast("event", "attack", TTP, KP), "did_not", said=SAID, after=(0, 0, 0)),
    Case("against somebody", "an attack on civilians after is not a fight with the army", pakistan(AFTER),
         forecast("event", "attack", TTP, PAK, object=ARMY), "did_not", said=SAID, after=(0, 0, 0), has=("parent",)),
    Case("against somebody, and so it came", "a battle with the army after, attacks on civilians before",
         pakistan(BEFORE, ged(4, "2021-06-01", GOV, "TTP")), forecast("event", "attack", TTP, PAK, object=ARMY),
         "came_true", said=SAID, before=(0, 0, 0), after=(1, 1, 1)),
    Case("a clash", "an attack on civilians after is no clash", pakistan(AFTER), forecast("event", "clash", TTP, PAK),
         "did_not", said=SAID, after=(0, 0, 0)),
    Case("with its factions", "its faction's attack before makes it nothing new",
         pakistan(ged(1, "2019-06-01", "Jamaat-ul-Ahrar"), AFTER), ATTACK, "already_so", said=SAID, before=(1, 1, 1)),
    Case("without its factions", "its own is new", pakistan(ged(1, "2019-06-01", "Jamaat-ul-Ahrar"), AFTER), ATTACK,
         "came_true", said=SAID, factions=False, before=(0, 0, 0)),
    Case("presence", "active after, and not before", pakistan(AFTER), forecast("presence", "active", TTP, PAK),
         "came_true",
         said=SAID),
    Case("what it hits", "the record does not say that a market was hit", pakistan(AFTER),
         attack(object=nobody("markets", "thing")), "untestable", said=SAID),
    Case("nobody in particular", "somebody will attack: no actor to look for", pakistan(AFTER),
         forecast("event", "attack", nobody("militants"), PAK), "untestable", said=SAID),
    Case("a kind that is not recorded", "UCDP has no talks", pakistan(AFTER), forecast("event", "talks", TTP, PAK),
         "untestable", said=SAID),
    Case("that it will not", "that something will not happen is no forecast of what the record can show",
         pakistan(OTHERS), attack(polarity="negated"), "untestable", said=SAID, unscored=True),
    Case("if, then", "the record cannot tell whether the condition came about", pakistan(AFTER),
         told("event", "attack", TTP, place=PAK, status="conditional", condition="if talks fail"), "untestable",
         said=SAID,
         has=("uncertain_condition",)),
    Case("a document without a date", "taken as written after the newest day that it tells of, which is said",
         pakistan(AFTER), ATTACK, "came_true", said=SAID, said_how="not before", has=("no_date",)),
    Case("a document that tells of no date", "before and after what?", pakistan(AFTER), ATTACK, "untestable", said=None,
         says=("date",)),
    Case("ACLED, an agreement is no attack", "a strategic development after is not what was forecast",
         (acled_file(acled(1, "2021-06-01", "TTP: Tehreek-i-Taliban Pakistan", type="Strategic developments",
                           subtype="Agreement")),), ATTACK, "did_not", said=SAID, after=(0, 0, 0)),
    Case("ACLED beside GED", "ACLED has an attack without a death in 2019: to it, it was so before",
         (*pakistan(AFTER), acled_file(
             acled(1, "2019-06-01", "TTP: Tehreek-i-Taliban Pakistan", type="Explosions/Remote violence",
                   subtype="Remote explosive"), acled(2, "2021-06-02", "TTP: Tehreek-i-Taliban Pakistan", dead=1))),
         ATTACK, families={"ucdp": "came_true", "acled": "already_so"}, said=SAID),
]  # fmt: skip

IS_PAK_BEFORE, IS_PAK_AFTER = ged(1, "2019-06-01", "IS"), ged(2, "2022-06-01", "IS")
IS_RUS_BEFORE, IS_RUS_AFTER = ged(3, "2019-06-01", "IS", at="Derbent"), ged(4, "2022-06-01", "IS", at="Derbent")
IS_TJK_AFTER = ged(5, "2022-06-01", "IS", at="Dushanbe")


def spread(*places, **values):
    """Told: IS-K will spread to these places."""
    return forecast("event", "expansion", ISK, places, **values)


UMBRELLA = [
    Case("spread to many places", "Pakistan had it before; in Russia 'IS' is outside the province's scope; Tajikistan "
         "is new "
         "and the province's; China has nothing to the data's end; the last place is not in the gazetteer",
         world(IS_PAK_BEFORE, IS_PAK_AFTER, IS_RUS_BEFORE, IS_RUS_AFTER, IS_TJK_AFTER),
         spread(PAK, RUS, TJK, CHN, NOWHERE),
         places={"PAK": "already_so", "RUS": "ambiguous", "TJK": "came_true", "CHN": "did_not", None: "untestable"},
         said=SAID, has=("shared_name", "umbrella"), says=("2023-12-31",)),
    Case("a shared name, after alone", "the record has it in Russia after, and cannot say whose it was",
         world(IS_RUS_AFTER),
         spread(RUS), "ambiguous", said=SAID, after=(0, 0, 0), has=("umbrella",)),
    Case("a shared name, before alone", "nothing in Russia after, under any name", world(IS_RUS_BEFORE), spread(RUS),
         "did_not", said=SAID, has=("umbrella",)),
    Case("a name that is its own there", "'IS' in Pakistan is the province's: no doubt about whose",
         world(IS_PAK_AFTER),
         spread(PAK), "came_true", said=SAID, has=("shared_name",), lacks=("umbrella",)),
    Case("a region", "Central Asia: new in Tajikistan", world(IS_TJK_AFTER), spread(region("central-asia")),
         "came_true",
         said=SAID),
    Case("without a place to spread to", "the text does not say where to", world(IS_TJK_AFTER),
         forecast("event", "expansion", ISK), "untestable", said=SAID),
]  # fmt: skip

KABUL_IS, KABUL_TALIBAN = "Government of Afghanistan - IS", "Government of Afghanistan - Taleban"


def years(**dyads):
    """Afghanistan by years, 2014 to 2022; ``y2021="…"``: dyads of a year."""
    return (
        year_file(
            *(country_year("AFG", y, sb=dyads.get(f"y{y}", "")) for y in range(2014, 2023)), country_year("CHN", 2018)
        ),
    )


YEARLY = [
    Case("by years, came true", "IS in Afghanistan in 2022, not before and not in 2020", years(y2022=KABUL_IS),
         spread(AFG),
         "came_true", said=SAID, years_after=(2022,), has=("years_only",)),
    Case("by years, already so", "2019 is within two years before", years(y2019=KABUL_IS, y2022=KABUL_IS), spread(AFG),
         "already_so", said=SAID),
    Case("by years, the year of the statement alone", "2020 as a whole may be before or after June",
         years(y2020=KABUL_IS),
         spread(AFG), "ambiguous", said=SAID, has=("years_only",), says=("2020",)),
    Case("by years, the year of the statement and after", "it may have been so before June", years(y2020=KABUL_IS,
         y2021=KABUL_IS), spread(AFG), "ambiguous", said=SAID),
    Case("by years, did not", "others are there, IS is not, to the end of 2022", years(y2021=KABUL_TALIBAN),
         spread(AFG),
         "did_not", said=SAID, says=("2022-12-31",)),
    Case("by years, a country without dyads", "nothing in China to the end of 2022", years(), spread(CHN), "did_not",
         said=SAID, says=("2022-12-31",)),
    Case("by years, a town", "a year of a country is nothing on a town", years(y2022=KABUL_IS),
         forecast("event", "expansion", ISK, KABUL),
         "untestable", said=SAID),
    Case("years beside events", "the events of 2021 are there one by one: the year is not counted beside them",
         (*pakistan(AFTER), year_file(country_year("PAK", 2021, os="TTP - Civilians"), country_year("PAK", 2014))),
         ATTACK,
         "came_true", said=SAID, after=(1, 1, 1), years_after=()),
]  # fmt: skip

SCORES = [
    # likely: 0.55 to 0.80, middle 0.675
    Case("likely, and so it came", "(1 - 0.675)^2 = 0.1056; 0.04 at 0.80, 0.2025 at 0.55", pakistan(AFTER),
         attack(likelihood=LIKELY), "came_true", said=SAID, score=("Brier", (0.1056, 0.04, 0.2025))),
    Case("likely, and it did not", "0.675^2 = 0.4556; 0.3025 at 0.55, 0.64 at 0.80", pakistan(OTHERS),
         attack(likelihood=LIKELY), "did_not", said=SAID, score=("Brier", (0.4556, 0.3025, 0.64))),
    Case("almost certain, and it did not", "0.97^2 = 0.9409; 0.9025 at 0.95, 0.9801 at 0.99", pakistan(OTHERS),
         attack(likelihood=ALMOST_CERTAIN), "did_not", said=SAID, score=("Brier", (0.9409, 0.9025, 0.9801))),
    Case("may", "a possibility without a number has no score", pakistan(AFTER), attack(likelihood=MAY), "came_true",
         said=SAID, unscored=True),
    Case("likely, and so before", "what was so before is neither a hit nor a miss", pakistan(BEFORE, AFTER),
         attack(likelihood=LIKELY), "already_so", said=SAID, unscored=True),
    Case("likely, and still open", "it has not ended", pakistan(OTHERS), attack(likelihood=LIKELY,
         time=by("2025-12-31")),
         "pending", said=SAID, unscored=True),
]  # fmt: skip

# after 30 June 2020: fifteen attacks in 2021 with two civilians dead in each, and a battle with 5 of the TTP dead;
# before it: one attack
FIFTEEN = pakistan(
    *(ged(n, f"2021-01-{n:02}", "TTP", civilians=2) for n in range(1, 16)),
    ged(20, "2021-03-01", GOV, "TTP", b_dead=5),
    ged(21, "2020-01-01", "TTP", civilians=50),
)  # fmt: skip


def number(type, quantity, subject=TTP, until="2021-12-31", **values):
    """Told: there will be so many in Pakistan by then."""
    return count(type, subject, quantity, time=by(until), status="forecast", **values)


NUMBERS = [
    Case("a range, right", "16 came; (16-10)^3 + (20-16)^3 over 3 x 10^2 = 280/300", FIFTEEN,
         number("attacks", in_range(10, 20)), "came_true", (16, 16, 16), said=SAID, score=("CRPS", (0.9333, 0.9333,
         0.9333)),
         period=(SAID, "2021-12-31")),
    Case("a range, too high", "16 is below 30 to 60: a third of the width of 30, and 14", FIFTEEN,
         number("attacks", in_range(30, 60)), "did_not", (16, 16, 16), said=SAID, score=("CRPS", (24.0, 24.0, 24.0)),
         has=("fatal_only",)),
    Case("a range, too low", "16 is above 3 to 6: a third of 3, and 10", FIFTEEN, number("attacks", in_range(3, 6)),
         "did_not", said=SAID, score=("CRPS", (11.0, 11.0, 11.0))),
    Case("one number", "off by 4", FIFTEEN, number("attacks", exact(20)), "did_not", said=SAID,
         score=("CRPS", (4.0, 4.0, 4.0))),
    Case("at least so many", "no upper end, no distribution, no score", FIFTEEN,
         number("attacks", at_least(10)), "came_true", said=SAID,
         unscored=True),
    Case("clashes", "the battle alone, the massacres are no clashes", FIFTEEN, number("clashes", exact(1)), "came_true",
         (1, 1, 1), said=SAID),
    Case("civilians killed", "30 civilians; the 5 of the TTP are none", FIFTEEN,
         number("killed", about(30), object=nobody("civilians")), "came_true", (30, 30, 30), said=SAID),
    Case("its own fighters killed", "5", FIFTEEN, number("killed", exact(5), subject=None, object=TTP), "came_true",
         (5, 5, 5), said=SAID),
    Case("everybody killed", "30 and 5", FIFTEEN, number("killed", in_range(30, 40), subject=None,
         object=nobody("people")),
         "came_true", (35, 35, 35), said=SAID),
    Case("a number by a day beyond the data", "16 to the end of 2021, the horizon is 2023", FIFTEEN,
         number("attacks", in_range(10, 20), until="2023-12-31"), "pending", (16, 16, 16), said=SAID, unscored=True,
         has=("coverage_end",)),
    Case("a number that is to fall in a later period", "in January 2021 alone: 15", FIFTEEN,
         count("attacks", TTP, exact(15), time=month("2021-01"), status="forecast"), "came_true", (15, 15, 15),
         said=SAID,
         period=("2021-01-01", "2021-01-31")),
    Case("a number without a horizon", "by when?", FIFTEEN,
         count("attacks", TTP, exact(15), time=SOON, status="forecast"), "untestable", said=SAID),
    Case("a number in a country that is not covered", "Afghanistan is not in the file", FIFTEEN,
         number("attacks", exact(15), place=AFG), "untestable", said=SAID),
    Case("a number of what is not recorded", "UCDP has no displaced", FIFTEEN, number("displaced", exact(15)),
         "untestable",
         said=SAID),
    Case("a number that is denied", "that there will not be so many is no number", FIFTEEN,
         number("attacks", exact(15), polarity="negated"), "untestable", said=SAID, unscored=True),
    Case("somebody known, and nothing came", "Lashkar-e-Islam did nothing: no attack against ten forecast", FIFTEEN,
         number("attacks", exact(10), subject=LEI), "did_not", (0, 0, 0), said=SAID, score=("CRPS", (10.0, 10.0,
         10.0))),
]  # fmt: skip

TABLE = [*ONE_PLACE, *UMBRELLA, *YEARLY, *SCORES, *NUMBERS]


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_forecast(case: Case, open_record) -> None:
    case.check(open_record(case.files))


def test_rows_have_names_of_their_own() -> None:
    assert len({case.name for case in TABLE}) == len(TABLE)


@pytest.mark.parametrize(
    ("why", "statements", "written", "analyst", "expected"),
    [
        ("it says so itself", (), "2021-03-11", None, ("2021-03-11", "document")),
        ("the analyst says so, before all else", (), "2021-03-11", date(2021, 3, 10), ("2021-03-10", "set")),
        ("not before the newest day that it tells of",
         (told("event", "attack", TTP, time=day("2021-02-03")), told("event", "attack", TTP, time=day("2020-12-31"))),
         None,
         None, ("2021-02-03", "not before")),
        ("the end of a year may lie ahead of the writer, its beginning does not",
         (told("event", "attack", TTP, time=year(2021)),),
         None, None, ("2021-01-01", "not before")),
        ("what lies in the future is no day that it tells of",
         (told("event", "attack", TTP, time=day("2020-02-03")), forecast("event", "attack", TTP,
         time=day("2030-01-01")),
          told("event", "attack", TTP, time=day("2029-01-01"), phase="planned")), None, None, ("2020-02-03",
          "not before")),
        ("nothing tells", (told("event", "attack", TTP),), None, None, None),
    ],
    ids=lambda v: v if isinstance(v, str) and " " in v else "",
)  # fmt: skip
def test_when_a_document_was_written(why, statements, written, analyst, expected) -> None:
    found = said(document(statements, text="a synthetic text", written=written), analyst)
    assert (found and (found.day.isoformat(), found.how)) == expected, why


def test_each_place_has_its_own_numbers(open_record) -> None:
    """What was found for one place does not leak into the next."""
    case = Case("", "", world(IS_PAK_BEFORE, IS_TJK_AFTER), spread(PAK, TJK, UZB), said=SAID)
    found = {f.place["place"]: f for f in case.findings(open_record(case.files)) if f.place}
    assert {code: (f.before.best, f.after.best) for code, f in found.items() if f.before and f.after} == {
        "PAK": (1, 0), "TJK": (0, 1), "UZB": (0, 0),
    }  # fmt: skip
    assert "absent_is_not_false" not in {c.code for c in found["PAK"].caveats}
