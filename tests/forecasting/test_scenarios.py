"""Scenarios run on a small world: the unedited system, every kind of edit, and what is said of it."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from scenario_worlds import model, scenario, world
from scipy.stats import ks_2samp

from spillover.errors import SpreadError, Stopped
from spillover.forecasting.scenarios import Names, Outcome, run
from spillover.forecasting.scenarios.carry import Ground, carry
from spillover.forecasting.scenarios.system import System

DOUBLED = 'kind = "scale_background"; group = "IS"; factor = 2'


@pytest.fixture(scope="module")
def unedited() -> Outcome:
    return run(model(), scenario())


@pytest.fixture(scope="module")
def doubled() -> Outcome:
    return run(model(), scenario(DOUBLED))


def total(outcome: Outcome, system: str = "edited", group: str | None = None) -> float:
    return float(outcome.counts(system, group=group).mean())


def origin(outcome: Outcome, system: str, group: str, began: str = "background") -> dict[str, float]:
    found = outcome.origins.filter(
        (pl.col("system") == system) & (pl.col("group") == group) & (pl.col("began") == began)
    )
    return found.row(0, named=True)


# -- the unedited system --------------------------------------------------------------------------------------------


def test_without_edits_both_systems_are_the_same_event_for_event(unedited):
    assert (unedited.events["edited"] & unedited.events["unedited"]).all()
    assert unedited.total["difference_low"] == unedited.total["difference_high"] == unedited.total["more"] == 0


def test_a_scenario_that_changes_nothing_has_the_baseline_distribution():
    """Two-sample tests over seeds: their p-values are as even as chance has them (of counts, a little high)."""
    values = []
    for seed in range(20):
        one = run(model(), scenario(), simulations=100, seed=seed).counts("edited")
        other = run(model(), scenario(DOUBLED), simulations=100, seed=1000 + seed).counts("unedited")
        values.append(ks_2samp(one, other).pvalue)
    assert np.mean(np.array(values) < 0.1) <= 0.25 and np.mean(np.array(values) < 0.5) >= 0.2
    assert min(values) > 0.001


def test_the_level_is_that_of_the_last_year(unedited):
    times = model().calibration.fitted.times
    recent = int((times >= world().days - 365).sum())
    counts = unedited.counts("unedited")
    error = counts.std() / np.sqrt(len(counts))
    # a group whose events others set off more than all has no background below 0, which makes for a little more
    assert abs(counts.mean() - recent) < 4 * error + 0.03 * recent


@pytest.mark.parametrize("edits", [
    (DOUBLED, 'kind = "cut_tie"; from = "TTP"; to = "IS"'),
    ('kind = "joins"; group = "BLA"; into = "TTP"; link = 0.5', 'kind = "border"; factor = 0.2'),
    (
        'kind = "new_country"; group = "IS"; country = "IRN"; share = 0.5',
        'kind = "add_tie"; from = "IS"; to = "TTP"; factor = 5',
    ),
])  # fmt: skip
def test_the_edited_system_beside_another_is_what_it_is_by_itself(edits):
    """Simulated together on the same random numbers, or alone: the same distribution."""
    ground = Ground.of(model())
    names = Names(world().groups, world().countries)
    before = System.of(ground.fitted, names)
    after = before.edited(names.resolved(scenario(*edits))[0])
    together = carry(
        ground, before, after, strength=1.0, runs=400, days=365.0, rng=np.random.default_rng(1), most=10**6
    )
    assert together is not None
    # beside a system in which nothing happens there is nothing to share
    empty = replace(before, scale=np.zeros(3), adjacency=np.zeros((3, 3)))
    alone = carry(ground, empty, after, strength=1.0, runs=400, days=365.0, rng=np.random.default_rng(2), most=10**6)
    assert alone is not None
    for group in (None, 0, 1, 2):
        one, other = (
            np.bincount(c.run[c.edited & ((c.group == group) if group is not None else True)], minlength=400)
            for c in (together, alone)
        )
        assert ks_2samp(one, other).pvalue > 0.001, group


# -- bars -------------------------------------------------------------------------------------------------------------


def test_doubling_a_background_doubles_what_the_group_directly_causes(doubled):
    """The number, and so its share of the unedited system's events."""
    for name in ("own", "direct", "total"):
        edited, before = (origin(doubled, system, "IS")[name] for system in ("edited", "unedited"))
        assert edited / before == pytest.approx(2, abs=0.08), name
    edited, before = (origin(doubled, system, "IS") for system in ("edited", "unedited"))
    for name in ("direct", "total"):
        assert edited[f"{name}_of_unedited"] / before[f"{name}_of_unedited"] == pytest.approx(2, abs=0.08)
    more = doubled.total["mean"] / doubled.total["unedited_mean"]
    assert edited["direct_share"] == pytest.approx(2 * before["direct_share"] / more, rel=0.05)


def test_shares_of_all_beginnings_add_up_to_one(doubled):
    shares = doubled.origins.group_by("system").agg(pl.col("total_share").sum())
    assert shares["total_share"].to_list() == pytest.approx([1.0, 1.0])


def test_a_spectral_radius_of_one_and_more_is_flagged_and_cut():
    made = run(model(), scenario('kind = "add_tie"; from = "TTP"; to = "TTP"; factor = 6'), simulations=100)
    s = made.setting
    assert s.radius[1] >= 1 > s.radius[0] and s.explosive[1] > 0.5 and s.cut
    assert made.words().startswith("Explosive:") and f"cut after {s.length} of 12 months" in made.words()
    assert f"{s.most:,} events" in made.words()
    assert made.events["day"].max() < (s.months[-1] - s.since).days
    assert made.events.height < s.most * s.simulations


def test_what_cannot_be_simulated_for_a_day_is_an_error():
    with pytest.raises(SpreadError, match="explodes"):
        run(model(), scenario('kind = "add_tie"; from = "TTP"; to = "TTP"; factor = 1000'), simulations=20)


def test_a_calm_system_is_not_flagged(unedited, doubled):
    for made in (unedited, doubled):
        assert "xplosive" not in made.words() and not made.setting.cut


# -- each kind of edit ------------------------------------------------------------------------------------------------


def test_scaling_a_background_to_nothing_leaves_what_others_set_off():
    made = run(model(), scenario('kind = "scale_background"; group = "BLA"; from = 100; to = 0'))
    assert total(made, "unedited", "BLA") > 20
    assert total(made, "edited", "BLA") < 0.15 * total(made, "unedited", "BLA")
    assert total(made, "edited", "TTP") == pytest.approx(total(made, "unedited", "TTP"), rel=0.05)


def test_a_cut_tie_takes_its_events_and_no_others():
    made = run(model(), scenario('kind = "cut_tie"; from = "TTP"; to = "IS"'))
    assert total(made, "edited", "IS") < 0.9 * total(made, "unedited", "IS")
    assert total(made, "edited", "BLA") == pytest.approx(total(made, "unedited", "BLA"), rel=0.02)
    assert made.total["more"] == 0 and made.total["difference_high"] <= 0


def test_half_a_cut_takes_half():
    gaps = [
        run(model(), scenario(f'kind = "cut_tie"; from = "TTP"; to = "IS"; link = {link}')).total["difference"]
        for link in (0.5, 1)
    ]
    assert gaps[0] / gaps[1] == pytest.approx(0.5, abs=0.12)


@pytest.mark.parametrize("how", ['like = "TTP"', "factor = 20"])
def test_an_added_tie_adds_events(how):
    made = run(model(), scenario(f'kind = "add_tie"; from = "BLA"; to = "IS"; {how}'), simulations=300)
    assert total(made, "edited", "IS") > 1.03 * total(made, "unedited", "IS")
    assert made.total["difference_low"] >= 0


def test_a_tie_like_another_s_is_as_strong():
    after = System.of(Ground.of(model()).fitted, Names(world().groups, world().countries)).edited(
        scenario('kind = "add_tie"; from = "BLA"; to = "IS"; like = "TTP"; link = 0.5')
    )
    fitted = model().calibration.parameters.adjacency
    assert after.adjacency[1, 2] == pytest.approx(fitted[1, 2] + 0.5 * fitted[1, 0])


@pytest.mark.parametrize("link", [0, 1])
def test_who_joins_is_gone_and_the_other_has_the_events(link):
    made = run(model(), scenario(f'kind = "joins"; group = "BLA"; into = "IS"; link = {link}'))
    assert total(made, "edited", "BLA") == 0 < total(made, "unedited", "BLA")
    both = total(made, "unedited", "BLA") + total(made, "unedited", "IS")
    assert total(made, "edited", "IS") == pytest.approx(both, rel=0.1)
    assert made.origins.filter((pl.col("system") == "edited") & (pl.col("group") == "BLA")).is_empty()


def test_groups_that_merge_with_no_change_of_ways_are_as_many_together():
    """A link of 0 changes the name alone."""
    made = run(model(), scenario('kind = "joins"; group = "BLA"; into = "TTP"; link = 0'), simulations=3000)
    gap = made.counts("edited") - made.counts("unedited")
    assert abs(gap.mean()) < 4 * gap.std() / np.sqrt(len(gap)) + 0.01 * made.total["mean"]


def test_a_border_that_lets_more_through():
    names = Names(world().groups, world().countries)
    ground = Ground.of(model())
    before = System.of(ground.fitted, names)
    crossings = []
    for factor in (0.0, 3.0):
        after = before.edited(scenario(f'kind = "border"; factor = {factor}'))
        assert after.border == pytest.approx(factor * before.border)
        made = run(model(), scenario(f'kind = "border"; factor = {factor}'))
        crossings.append(made.total["difference"])
    assert crossings[0] < 0 < crossings[1]


def test_a_group_starts_in_a_new_country_with_a_part_of_its_background():
    made = run(model(), scenario('kind = "new_country"; group = "IS"; country = "Iran"; share = 0.4'))
    there = made.by("group", "country").filter((pl.col("country") == "IRN") & (pl.col("group") == "IS"))
    assert there["unedited_mean"].to_list() == [0] and there["mean"][0] > 15
    moved = origin(made, "edited", "IS", "new place")["own"]
    stayed, whole = (origin(made, s, "IS")["own"] for s in ("edited", "unedited"))
    assert moved / whole == pytest.approx(0.4, abs=0.03) and (moved + stayed) / whole == pytest.approx(1, abs=0.02)
    assert made.total["difference"] == pytest.approx(0, abs=0.03 * made.total["mean"])
    hit = made.first_hits.filter((pl.col("country") == "IRN") & (pl.col("group") == "IS")).row(0, named=True)
    assert hit["chance"] > 0.99 and hit["unedited_chance"] == 0 == hit["recorded"] and hit["median"] is not None
    assert made.cells.filter(pl.col("country") == "IRN")["difference"].max() > 0.9
    assert "IS in IRN in 100% of the simulations" in made.words()


def test_events_of_its_own_in_a_country_that_the_model_knows():
    edit = 'kind = "new_country"; group = "IS"; country = "PAK"; per_year = 36.5; lat = 30.2; lon = 67.0'
    made = run(model(), scenario(edit, 'kind = "scale_background"; group = "IS"; factor = 2'))
    assert origin(made, "edited", "IS", "new place")["own"] == pytest.approx(2 * 36.5, rel=0.05)
    assert "IS is no newcomer there" in made.words()


def test_a_start_goes_along_when_the_group_joins_another():
    edit = 'kind = "new_country"; group = "IS"; country = "IRN"; per_year = 50'
    made = run(model(), scenario(edit, 'kind = "joins"; group = "IS"; into = "TTP"'), simulations=200)
    assert set(made.by("group", "country").filter(pl.col("country") == "IRN")["group"]) >= {"TTP"}
    assert total(made, "edited", "IS") == 0


@pytest.mark.parametrize("edit", [
    'kind = "scale_background"; group = "IS"; factor = 9',
    'kind = "cut_tie"; from = "TTP"; to = "IS"',
    'kind = "add_tie"; from = "BLA"; to = "IS"; like = "TTP"',
    'kind = "border"; factor = 9',
    'kind = "new_country"; group = "IS"; country = "IRN"; share = 0.4',
    'kind = "new_country"; group = "IS"; country = "IRN"; per_year = 40',
])  # fmt: skip
def test_a_link_of_nothing_changes_nothing(edit):
    made = run(model(), scenario(edit + "; link = 0"), simulations=50)
    assert made.events["edited"].equals(made.events["unedited"])


# -- seeds, progress, tables ------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes():
    one, again, other = (
        json.dumps(run(model(), scenario(DOUBLED), simulations=60, seed=seed).to_dict()) for seed in (7, 7, 8)
    )
    assert one == again != other


@pytest.mark.parametrize("n", [1, 7, 51, 130])
def test_any_number_of_simulations(n):
    made = run(model(), scenario(DOUBLED), simulations=n)
    assert made.setting.simulations == n == len(made.counts()) and made.events["run"].max() < n


def test_progress_is_told_and_can_stop_the_work():
    told = []
    run(model(), scenario(), simulations=100, progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 100) and all(a < b for (a, _), (b, _) in pairwise(told))
    with pytest.raises(Stopped):
        run(model(), scenario(), simulations=100, progress=lambda done, _: done < 50)


def test_tables_agree_with_each_other(doubled):
    for keys in (("group",), ("country",), ("month",), ("group", "country", "month")):
        table = doubled.by(*keys)
        assert table["mean"].sum() == pytest.approx(doubled.total["mean"])
        assert table["difference"].sum() == pytest.approx(doubled.total["difference"])
        for prefix in ("", "unedited_"):
            ordered = [table[f"{prefix}{c}"] for c in ("low90", "low50", "median", "high50", "high90")]
            assert all((a <= b).all() for a, b in pairwise(ordered))
        assert table["more"].is_between(0, 1).all() and table["beyond"].is_between(0, 1).all()
    assert doubled.by("month")["month"].to_list() == list(doubled.setting.months[:-1])
    assert str(doubled.setting.since) == "2022-01-01" and str(doubled.setting.until) == "2022-12-31"
    with pytest.raises(SpreadError, match="no 'week'"):
        doubled.by("week")


def test_intervals_hold_the_uncertainty_of_triggering(unedited):
    """The draws of the strength differ, and stronger triggering goes with less background: the mean stays."""
    by_run = unedited.counts("unedited")
    draws = by_run.reshape(50, 20).mean(axis=1)
    assert abs(np.corrcoef(np.arange(50), draws)[0, 1]) < 0.5
    own = unedited.events.filter(pl.col("depth") == 0)["run"].to_numpy()
    background = np.bincount(own, minlength=1000).reshape(50, 20).mean(axis=1)
    assert background[:10].mean() < 0.9 * background[-10:].mean()


# -- words ------------------------------------------------------------------------------------------------------------


def test_the_words_say_what_it_is_and_by_which_assumption(doubled):
    said = doubled.words()
    assert "what-if, not a forecast" in said and "Assumption 1: The background of IS" in said
    assert "multiplied by 2: 2 to the power of the link 1" in said
    assert f"{doubled.total['unedited_median']:,.0f} events" in said and "90 %" in said
    assert "365 days before 2022-01-01" in said and "Deaths are not simulated" in said


def test_a_model_that_cannot_tell_triggering_says_so_of_ties_alone():
    blind = copy.copy(model())
    blind.placebos = {"shuffled": (1.0,)}
    assert not blind.told_apart
    said = run(blind, scenario(DOUBLED, 'kind = "cut_tie"; from = "TTP"; to = "IS"'), simulations=50).words()
    assert said.startswith("In this record triggering cannot be told from slow local waves.")
    assert "without an effect that can be vouched for: 2 (cut_tie)" in said
    assert "vouched for" not in run(blind, scenario(DOUBLED), simulations=50).words()


def test_other_names_of_a_group_are_found_and_noted():
    made = run(
        model(), scenario('kind = "scale_background"; group = "Tehrik-i-Taliban Pakistan"; factor = 2'), simulations=50
    )
    assert "Tehrik-i-Taliban Pakistan is 'TTP' in these data." in made.words()
    assert made.setting.scenario.edits[0].groups() == {"group": "TTP"}


def test_a_group_without_recent_events_is_noted():
    short = run(model(), scenario('kind = "scale_background"; group = "BLA"; factor = 2'), simulations=20, recent=15.0)
    assert "edit 1 " in short.words() and "15 days before" in short.words()


# -- errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("edits", "what"), [
    (['kind = "scale_background"; group = "TTPP"; factor = 2'], r"edit 1 \(scale_background\).*no group 'TTPP'.*'TTP'"),
    (['kind = "cut_tie"; from = "IS"; to = "Hizb"'], r"edit 1.*no group 'Hizb'.*'TTP', 'IS', 'BLA'"),
    ([DOUBLED, 'kind = "new_country"; group = "IS"; country = "Pakistn"; share = 0.1'], "Did you mean Pakistan"),
    (['kind = "new_country"; group = "IS"; country = "IRN"; where = "Kabul"; share = 0.1'], "no point .* 'Kabul'"),
    (['kind = "joins"; group = "IS"; into = "BLA"', DOUBLED], "edit 2.*IS has joined BLA"),
    (['kind = "joins"; group = "TTP"; into = "Tehrik-i-Taliban Pakistan"'], "one group"),
])  # fmt: skip
def test_edits_that_do_not_fit_the_model(edits, what):
    with pytest.raises(SpreadError, match=what):
        run(model(), scenario(*edits), simulations=10)


def test_a_border_needs_two_countries():
    ground = Ground.of(model())
    system = replace(System.of(ground.fitted, Names(world().groups)), countries=("PAK",))
    with pytest.raises(SpreadError, match="no border"):
        system.edited(scenario('kind = "border"; factor = 2'))


@pytest.mark.parametrize("given", [{"simulations": 0}, {"recent": 0.0}, {"recent": float("nan")}])
def test_settings_that_make_no_sense(given):
    with pytest.raises(SpreadError):
        run(model(), scenario(), **given)
