"""Drafts from what the real reader makes of sentences."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario_worlds import model

import spillover
from spillover.errors import SpreadError
from spillover.forecasting.scenarios import drafts, parse, run


@cache
def statements(text):
    return spillover.read(text.encode()).statements


@cache
def lexicon():
    return spillover.load_lexicon()


def drafted(text):
    return drafts(statements(text), lexicon=lexicon())


def edits(draft):
    return tomllib.loads(draft.toml)["edit"]


def test_a_shift_of_allegiance_is_a_group_that_joins():
    (draft,) = drafted("Boko Haram is likely to shift its allegiance to the Islamic State West Africa Province.")
    (edit,) = edits(draft)
    assert (edit["kind"], edit["group"], edit["into"]) == ("joins", "boko-haram", "islamic-state-west-africa")
    assert draft.open == 0 and "is likely to shift its allegiance" in draft.toml.split("title")[0]
    assert "“likely to” (55% to 80%); a scenario does not use it" in draft.toml
    assert parse(draft.toml).edits[0].because.startswith("Boko Haram is likely")


def test_growth_from_to_is_a_scaled_background():
    (draft,) = drafted("The TTP may grow from 1,500 to 10,000 fighters in two years.")
    (edit,) = edits(draft)
    assert (edit["kind"], edit["from"], edit["to"]) == ("scale_background", 1500, 10000)
    made = run(model(), parse(draft.toml), simulations=20)
    assert made.setting.scenario.edits[0].groups() == {"group": "TTP"}


def test_growth_starts_from_what_the_text_says_of_today():
    text = "Al-Shabaab has 5,000 to 7,000 fighters. Al-Shabaab may have 12,000 fighters by 2030."
    (draft,) = drafted(text)
    (edit,) = edits(draft)
    assert (edit["from"], edit["to"]) == (7000, 12000) and "its upper end" in draft.toml
    (alone,) = drafted("Al-Shabaab may have 12,000 fighters by 2030.")
    assert edits(alone)[0]["from"] == "?" and alone.open == 1


def test_a_spread_is_a_start_in_each_country_to_be_filled_in():
    (draft,) = drafted("Boko Haram is expected to spill over into Chad and Cameroon.")
    assert [(e["kind"], e["country"], e["per_year"]) for e in edits(draft)] == [
        ("new_country", "TCD", "?"), ("new_country", "CMR", "?"),
    ]  # fmt: skip
    assert draft.open == 2 and "fill in the 2 values" in draft.toml
    with pytest.raises(SpreadError, match="still to be filled in"):
        parse(draft.toml)
    assert len(parse(draft.toml.replace('"?"', "12")).edits) == 2


def test_a_region_is_for_the_analyst_to_choose_from():
    (draft,) = drafted("Boko Haram is expected to spread to the Sahel.")
    assert edits(draft)[0]["country"] == "?" and "Burkina Faso, Mali" in draft.toml


def test_a_town_has_its_country_and_its_point():
    (draft,) = drafted("If the army withdraws, Boko Haram could expand into Kano.")
    (edit,) = edits(draft)
    assert edit["country"] == "NGA" and edit["lat"] == pytest.approx(12.0, abs=0.1)


def test_a_condition_is_in_the_draft():
    (draft,) = drafted("If the army withdraws, Boko Haram could expand into Niger.")
    assert "# conditional, st_" in draft.toml and "# on the condition: If the army withdraws" in draft.toml


def test_a_part_of_a_group_is_not_taken_for_the_group():
    (draft,) = drafted("Some TTP commanders may join ISKP if the Taliban force them.")
    assert [(e["kind"], e["factor"]) for e in edits(draft)] == [("scale_background", "?")] * 2


@pytest.mark.parametrize(("text", "kind"), [
    ("ISWAP will ally with JNIM next year.", "add_tie"),
    ("ISWAP is expected to break with Boko Haram.", "cut_tie"),
    ("JNIM is likely to carry out attacks in Ghana.", "scale_background"),
    ("Al-Shabaab will probably recruit 3,000 fighters.", "scale_background"),
])  # fmt: skip
def test_other_kinds(text, kind):
    (draft,) = drafted(text)
    assert {e["kind"] for e in edits(draft)} == {kind}


@pytest.mark.parametrize("text", [
    "Boko Haram attacked Maiduguri in 2014.",
    "Boko Haram will not expand into Niger.",
    "Talks with the government may promote peace.",
])  # fmt: skip
def test_what_offers_none(text):
    assert drafted(text) == []


def test_what_is_said_twice_is_one_draft_with_both_quotations():
    text = "JNIM is likely to carry out attacks in Ghana. JNIM will attack villages."
    (draft,) = drafted(text)
    assert len(draft.statements) == 2 and all(s.evidence.quote in draft.toml for s in statements(text))


@given(st.text(min_size=1, max_size=80))
def test_whatever_the_words_the_draft_is_toml(words):
    (s,) = (s for s in statements("ISWAP will ally with JNIM next year.") if s.kind == "tie")
    odd = replace(
        s,
        evidence=replace(s.evidence, quote=words),
        condition=words,
        subject=replace(s.subject, surface=words, actor=None),
    )
    (draft,) = drafts([odd], lexicon=lexicon())
    assert len(tomllib.loads(draft.toml)["edit"]) == 2 and draft.name.endswith(".toml") and "/" not in draft.name
