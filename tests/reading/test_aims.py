"""Aims: goals, ideology, targets and capability, in the source's own words."""

from __future__ import annotations

import pytest

from compact import read, the

GOALS = [
    ("The ELN seeks to replace the government with a Marxist state.",
     "replace the government with a Marxist state"),
    ("The TTP wants to impose its interpretation of sharia.", "impose its interpretation of sharia"),
    ("Al-Shabaab aims to overthrow the Somali government.", "overthrow the Somali government"),
    ("Russia is seeking to expand its influence in the Sahel.", "expand its influence in the Sahel"),
    ("Al-Shabaab, which seeks to impose Islamic law in Somalia, attacked a base.", "impose Islamic law in Somalia"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), GOALS, ids=[t for t, _ in GOALS])
def test_goals_in_the_words_of_the_text(text, words):
    assert the(read(text), "aim", "goal").text == words


def test_what_a_group_only_wants_has_not_happened():
    reading = read("Al-Shabaab aims to overthrow the Somali government and attack its soldiers.")
    assert not [s for s in reading.statements if s.kind == "event" and s.status == "fact" and s.phase == "occurred"]


def test_capability_with_its_source():
    aim = the(
        read("ISKP has the capability to strike targets in the West, General Michael Kurilla warned."),
        "aim",
        "capability",
    )
    assert aim.subject is not None and aim.subject.actor == "islamic-state-khorasan"
    assert aim.text is not None and "strike targets in the West" in aim.text
    assert [a.name for a in aim.attribution] == ["Michael Kurilla"]


def test_being_able_to_attack_is_no_attack():
    reading = read("ISKP has the capability to attack foreign embassies in Kabul.")
    assert not [s for s in reading.statements if s.kind == "event"]


def test_ideology_of_an_apposition():
    aim = the(read("The ELN is a Marxist guerrilla group."), "aim", "ideology")
    assert aim.text is not None and "Marxist" in aim.text
