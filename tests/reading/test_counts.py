"""Counts: casualties and incidents with their bounds, their doers and those it was done to."""

from __future__ import annotations

import pytest

from compact import numbers, read, the, triples

SAID = [
    ("Al-Shabaab killed 12 soldiers.", "killed", 12, 12, "exact"),
    ("Twelve soldiers were killed by al-Shabaab.", "killed", 12, 12, "exact"),
    ("At least 12 soldiers were killed.", "killed", 12, None, "at_least"),
    ("More than 100 people were killed.", "killed", 100, None, "at_least"),
    ("Up to 200 people were killed.", "killed", None, 200, "at_most"),
    ("About 300 people were killed.", "killed", 300, 300, "about"),
    ("Some 1,200 people were killed.", "killed", 1200, 1200, "about"),
    ("Between 500 and 600 people were killed.", "killed", 500, 600, "range"),
    ("The militia killed 30 to 40 people.", "killed", 30, 40, "range"),
    ("Dozens of people were killed.", "killed", 24, None, "vague"),
    ("Hundreds of people were killed.", "killed", 200, None, "vague"),
    ("Thousands of people were killed.", "killed", 2000, None, "vague"),
    ("Tens of thousands of people were displaced.", "displaced", 20000, None, "vague"),
    ("More than two million people have been displaced.", "displaced", 2_000_000, None, "at_least"),
    ("At least seven soldiers were wounded.", "wounded", 7, None, "at_least"),
    ("Police arrested 47 people.", "arrested", 47, 47, "exact"),
    ("Gunmen abducted more than 100 students.", "abducted", 100, None, "at_least"),
    ("Hamas released 33 hostages.", "released", 33, 33, "exact"),
    ("The bombing left 12 people dead.", "killed", 12, 12, "exact"),
    ("At least 100 people died in the fighting.", "killed", 100, None, "at_least"),
]


@pytest.mark.parametrize(("text", "type", "low", "high", "bound"), SAID, ids=[t for t, *_ in SAID])
def test_how_many_with_the_bound_that_the_words_give(text, type, low, high, bound):
    count = the(read(text), "count", type)
    assert count.quantity is not None
    assert (count.quantity.low, count.quantity.high, count.quantity.bound) == (low, high, bound)


def test_dead_and_wounded_of_one_attack_are_two_counts():
    got = numbers(read("Militants attacked a base, killing at least 12 soldiers and wounding 30 civilians."))
    assert got == {("killed", 12, None), ("wounded", 30, 30)}


def test_each_kind_of_victim_is_counted_on_its_own():
    got = numbers(read("At least three soldiers and five rebels were killed in the clash."))
    assert got == {("killed", 3, None), ("killed", 5, 5)}


def test_the_doer_of_the_killing_is_the_doer_of_the_attack():
    reading = read("Militants from al-Shabaab attacked a base in Lower Shabelle, killing 12 soldiers.")
    assert triples(reading, "count") == {("killed", "al-shabaab", "soldiers")}


def test_the_killed_are_the_object_also_in_the_passive():
    reading = read("Nearly 50 civilians were killed by al-Shabaab in 2022.")
    assert triples(reading, "count") == {("killed", "al-shabaab", "civilians")}


INCIDENTS = [
    ("There have been 77 attacks by ISKP in Afghanistan.", "attacks", "islamic-state-khorasan", 77),
    ("The Islamic State carried out 145 attacks in Syria.", "attacks", "islamic-state", 145),
    ("ACLED recorded 1,245 attacks by al-Shabaab.", "attacks", "al-shabaab", 1245),
    ("The United States carried out three airstrikes against al-Shabaab.", "airstrikes", "united-states", 3),
]


@pytest.mark.parametrize(("text", "type", "actor", "number"), INCIDENTS, ids=[t for t, *_ in INCIDENTS])
def test_how_many_attacks(text, type, actor, number):
    count = the(read(text), "count", type)
    assert count.subject is not None and count.quantity is not None
    assert (count.subject.actor, count.quantity.low, count.quantity.high) == (actor, number, number)


def test_a_count_keeps_its_period_and_its_source():
    count = the(
        read("According to the UN, the Houthis have carried out more than 100 attacks since November 2023."),
        "count",
        "attacks",
    )
    assert count.time is not None
    assert (count.time.start, count.time.end) == ("2023-11-01", None)
    assert [a.name for a in count.attribution] == ["United Nations"]


@pytest.mark.parametrize(
    "text",
    [
        "The group was founded 12 years ago.",
        "The town lies 40 km from the border.",
        "Article 5 of the treaty was discussed.",
        "The 35-year-old commander spoke to reporters.",
    ],
)
def test_other_numbers_count_nobody(text):
    assert numbers(read(text)) == set()
