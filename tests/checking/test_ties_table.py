"""Truth table of ties: splinters, mergers, alliances and names in the actor list; who fights whom in the events."""

from __future__ import annotations

import pytest
from synthetic_events import actor, actor_file, country_year, ged, ged_file, year_file
from told import ARMY, ISK, JUA, LEI, SHABAAB, TTP, by, forecast, group, state, stranger, told, year
from truth_table import Case

GOV = "Government of Pakistan"
TALIBAN = group("taliban", "the Taliban")
QUETTA_SHURA = group("quetta-shura", "the Quetta Shura")

ACTORS = actor_file(
    actor("TTP", full="Tehrik-i-Taliban Pakistan"),
    actor("Jamaat-ul-Ahrar", splinter_of="TTP"),
    actor("Lashkar-e-Islam", allied_with="TTP", joined="TTP"),
    actor("Taleban"),
    actor("IS"),
    actor("Al-Shabaab"),
)
LIST = (ACTORS,)
# the list, and events: the army against the TTP in 2018 and 2020, the TTP against IS in 2019
LIST_AND_EVENTS = (
    ACTORS,
    ged_file(
        ged(1, "2018-05-01", GOV, "TTP"), ged(2, "2020-05-01", GOV, "TTP"), ged(3, "2019-05-01", "TTP", "IS"),
    ),
)  # fmt: skip

TABLE = [
    Case("a splinter", "the list has Jamaat-ul-Ahrar as a splinter of the TTP", LIST_AND_EVENTS,
         told("tie", "emerged_from", JUA, object=TTP), "matches", has=("ties_undated",), says=("splinter of",)),
    Case("a splinter the other way round", "the TTP did not split from its splinter", LIST_AND_EVENTS,
         told("tie", "emerged_from", TTP, object=JUA), "no_record", has=("absent_is_not_false",)),
    Case("founded", "the parent's view of a splinter", LIST_AND_EVENTS, told("tie", "founded", TTP, object=JUA),
         "matches"),
    Case("joined", "the list has Lashkar-e-Islam as joining the TTP", LIST_AND_EVENTS,
         told("tie", "joined", LEI, object=TTP), "matches"),
    Case("merged into", "joining is how the list has it", LIST_AND_EVENTS, told("tie", "merged_into", LEI, object=TTP),
         "matches"),
    Case("allied", "an alliance has no direction", LIST_AND_EVENTS, told("tie", "allied_with", TTP, object=LEI),
         "matches"),
    Case("allied, not in the list", "nothing is known of the two", LIST_AND_EVENTS,
         told("tie", "allied_with", LEI, object=SHABAAB), "no_record", has=("absent_is_not_false",)),
    Case("allied, while they fight", "the record has a fight between the two in that year", LIST_AND_EVENTS,
         told("tie", "allied_with", TTP, object=ISK, time=year(2019)), "contradicts"),
    Case("allied in another year", "no fight in 2016, and no alliance in the list", LIST_AND_EVENTS,
         told("tie", "allied_with", TTP, object=ISK, time=year(2016)), "no_record"),
    Case("an alliance denied", "the list has what is denied", LIST_AND_EVENTS,
         told("tie", "allied_with", LEI, object=TTP, polarity="negated"), "contradicts"),
    Case("an alliance denied that is not in the list", "a list that has none does not show that there is none",
         LIST_AND_EVENTS, told("tie", "allied_with", LEI, object=SHABAAB, polarity="negated"), "untestable"),
    Case("opponents", "two battles", LIST_AND_EVENTS, told("tie", "opposes", TTP, object=ARMY), "matches",
         says=("2 events between them",), has=("parent",)),
    Case("opponents in a year", "one of the battles", LIST_AND_EVENTS,
         told("tie", "opposes", TTP, object=ARMY, time=year(2020)), "matches", says=("1 events between them",)),
    Case("opponents, not seen", "no fight between the two", LIST_AND_EVENTS, told("tie", "opposes", LEI, object=ARMY),
         "no_record"),
    Case("opponents, not seen, where there are no events", "an actor list alone has no fights in it: its silence says "
         "nothing",
         LIST, told("tie", "opposes", LEI, object=TTP), "untestable"),
    Case("opponents, denied", "the record shows what is denied", LIST_AND_EVENTS,
         told("tie", "opposes", TTP, object=ARMY, polarity="negated"), "contradicts"),
    Case("opponents by yearly data", "a dyad of 2018, without the events behind it",
         (year_file(country_year("AFG", 2018, sb="Government of Afghanistan - Taleban")),),
         told("tie", "opposes", TALIBAN, object=state("afghanistan")),
         "matches", says=("1 years",)),
    Case("two names of one actor", "to the record both are the Taliban", LIST_AND_EVENTS,
         told("tie", "alias_of", TALIBAN, object=TALIBAN), "matches"),
    Case("two names that the list has for one actor", "UCDP's 233 was called Ansar al-Sunna for a time",
         (actor_file(actor("Ansar al-Islam", new="Ansar al-Sunna")), ged_file(ged(1, "2020-01-01", "TTP"))),
         told("tie", "alias_of", group("ansar-al-sunna"), object=group("ansar-al-islam")), "matches"),
    Case("two names, of two who fight each other", "they cannot be one", LIST_AND_EVENTS,
         told("tie", "alias_of", TTP, object=ISK), "contradicts"),
    Case("a part that the record does not tell from its whole", "UCDP has no Quetta Shura of its own", LIST_AND_EVENTS,
         told("tie", "affiliate_of", QUETTA_SHURA, object=TALIBAN), "untestable", says=("one actor",)),
    Case("an actor list alone", "it needs no events to have a splinter", LIST,
         told("tie", "emerged_from", JUA, object=TTP), "matches"),
    Case("no actor list", "events have no splinters", (ged_file(ged(1, "2020-01-01", "TTP")),),
         told("tie", "emerged_from", JUA, object=TTP), "untestable", says=("actor list",)),
    Case("a tie of no kind that is recorded", "nobody lists talks", LIST_AND_EVENTS,
         told("tie", "talks_with", TTP, object=ARMY), "untestable"),
    Case("a side that is nobody known", "there is nobody to look up", LIST_AND_EVENTS,
         told("tie", "joined", stranger("Zarghun Brigade"), object=TTP), "untestable", says=("Zarghun Brigade",)),
    Case("a splinter that is forecast, and in the list", "the list has no dates: it may have been so before",
         LIST_AND_EVENTS, forecast("tie", "emerged_from", JUA, object=TTP), "ambiguous", said="2020-06-01",
         says=("no dates",)),
    Case("a merger that is forecast, and not in the list", "not so to the end of 2021, to which the list goes",
         LIST_AND_EVENTS, forecast("tie", "joined", SHABAAB, object=TTP), "did_not", said="2020-06-01",
         says=("2021-12-31",)),
    Case("a merger that is forecast after the list's end", "the list cannot know", LIST_AND_EVENTS,
         forecast("tie", "joined", SHABAAB, object=TTP), "pending", said="2022-06-01"),
    Case("a merger that is forecast, the horizon beyond the list", "the list goes to 2021, the forecast to 2025",
         LIST_AND_EVENTS, forecast("tie", "joined", SHABAAB, object=TTP, time=by("2025-12-31")), "pending",
         said="2020-06-01"),
    Case("a turn against each other that is forecast", "they fought after the statement, dated, and never before",
         (ACTORS, ged_file(ged(1, "2021-05-01", "TTP", "Lashkar-e-Islam"), covers=("all",))),
         forecast("tie", "opposes", TTP, object=LEI), "came_true", said="2020-06-01", before=(0, 0, 0), after=(1, 1,
         1)),
]  # fmt: skip


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_tie(case: Case, open_record) -> None:
    case.check(open_record(case.files))


def test_rows_have_names_of_their_own() -> None:
    assert len({case.name for case in TABLE}) == len(TABLE)
