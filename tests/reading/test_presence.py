"""Presence: where a group is active, based, in control, or has cells."""

from __future__ import annotations

import pytest

from compact import codes, read, the

SAID = [
    ("The ELN is active in Arauca and Catatumbo.", "active", "national-liberation-army-colombia",
     ["geonames:3689718", "catatumbo"]),
    ("The ELN operates in Venezuela.", "active", "national-liberation-army-colombia", ["VEN"]),
    ("Al-Qaeda is present in Afghanistan.", "active", "al-qaeda", ["AFG"]),
    ("The TTP is based in eastern Afghanistan.", "base", "tehrik-i-taliban-pakistan", ["AFG"]),
    ("The TTP, which is based in Kunar, attacked a post.", "base", "tehrik-i-taliban-pakistan", ["AF-KNR"]),
    ("The Houthis have controlled Sanaa since 2014.", "control", "houthis", ["geonames:71137"]),
    ("Al-Shabaab controls large parts of southern Somalia.", "control", "al-shabaab", ["SOM"]),
    ("As per a UN report, al-Qaeda has established eight training camps in Afghanistan.", "base", "al-qaeda", ["AFG"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "type", "actor", "places"), SAID, ids=[t for t, *_ in SAID])
def test_where_a_group_is(text, type, actor, places):
    presence = the(read(text), "presence", type)
    assert presence.subject is not None
    assert (presence.subject.actor, codes(presence)) == (actor, places)


def test_presence_that_is_over():
    presence = the(read("The Islamic State no longer holds territory in Iraq."), "presence", "control")
    assert presence.phase == "ended"


def test_a_belief_about_presence_is_a_sourced_judgement():
    text = "Officials believe that a cell of Jemaah Islamiyah is active in Jakarta."
    presence = the(read(text), "presence", "cells")
    assert presence.subject is not None and presence.subject.actor == "jemaah-islamiyah"
    assert presence.status == "assessed"
    assert [a.surface for a in presence.attribution] == ["Officials"]


@pytest.mark.parametrize(
    "text", ["The book is based on interviews in Kabul.", "The court is based in The Hague.", "The volcano is active."]
)
def test_other_things_are_based_and_active_too(text):
    found = [s for s in read(text).statements if s.kind == "presence"]
    assert not any(s.subject and s.subject.kind == "group" for s in found)
