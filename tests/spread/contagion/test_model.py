"""The model as it is used: what it finds, says, keeps and refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from made import made
from real import CAR, PAKISTAN, real

from spillover.errors import SpreadError, Stopped
from spillover.spread.contagion import Catalogue, Contagion, Effort, Settings, catalogue, held_out_gain
from spillover.spread.contagion import model as module
from spillover.spread.contagion.fit import fit
from spillover.spread.contagion.placebos import KINDS, placebo
from spillover.spread.contagion.worlds import drifting, world

from .build import made_catalogue, scattered

SETTINGS = Settings(tolerance=1e-3)
SMALL = Effort(jitters=2, rounds=(3, 4), placebos=2, bandwidths=2)
LEAST = Effort(jitters=1, rounds=(2, 2), placebos=1, bandwidths=0, held_out=False)


@pytest.fixture(scope="module")
def case() -> tuple[Catalogue, float, Contagion]:
    found, truth = world(1300, 0.6, np.random.default_rng(3), groups=3, towns=40, years=8)
    days = np.ceil(found.days)
    first = np.floor(found.first)
    found = replace(found, first=first, last=first + 1, days=days, begin=date(2010, 3, 1))
    return found, truth.offspring, Contagion(SETTINGS, effort=SMALL, seed=1).fit(found)


@pytest.fixture(scope="module")
def drift() -> Contagion:
    found = drifting(1300, "tripling", np.random.default_rng(3), groups=3, years=8)
    return Contagion(SETTINGS, effort=SMALL, seed=1).fit(found)


def spread_out(n: int = 120, **given):
    """Rows of a selection: bursts of three days, one a month, in a handful of towns."""
    rows = []
    for k in range(n):
        start = date(2015, 1, 1) + timedelta(days=30 * (k // 3) + k % 3)
        rows.append({"start": start, "lat": 31.0 + 0.4 * (k // 3 % 4), "group": "IS" if k // 3 % 2 else "TTP", **given})
    return rows


# -- what it finds ----------------------------------------------------------------------------------------------------


def test_a_world_s_triggering_is_found_and_told_apart(case):
    _, truth, model = case
    assert model.offspring.low < truth < model.offspring.high
    assert model.offspring.value == pytest.approx(truth, rel=0.3)
    assert 0 < model.radius.value < 1
    assert model.wide[0] <= model.offspring.low <= model.offspring.high <= model.wide[1]
    assert model.told_apart
    assert set(model.placebos) == set(KINDS)
    assert all(len(found) == 2 and max(found) < 0.15 for found in model.placebos.values())
    assert model.gain is not None
    assert model.gain.nats > 0
    assert 0.2 < model.typical_wait < 8
    assert 0.4 < model.in_same_cell < 0.95


def test_drift_is_not_taken_for_triggering(drift):
    assert not drift.told_apart
    assert drift.offspring.raw < 0.05
    assert drift.summary() == "These events: no triggering can be told from slow local waves here."


def test_fit_gives_itself_back_and_takes_days_for_jitter(case):
    found, _, model = case
    assert len(model.fits) == 2
    assert (model.fits[0].times != model.fits[1].times).any()
    assert model.window == (date(2010, 3, 1), date(2010, 3, 1) + timedelta(days=found.days - 1))


def test_score_is_the_gain_from_a_day_on(case):
    found, _, model = case
    cutoff = date(2015, 1, 1)
    expected = held_out_gain(found, (cutoff - found.begin).days, SETTINGS, seed=1).nats
    assert model.score(found, cutoff) == expected


def test_a_cutoff_of_its_own(case):
    found, _, _ = case
    model = Contagion(SETTINGS, effort=replace(LEAST, held_out=True)).fit(found, cutoff=date(2014, 6, 1))
    assert model.gain.cutoff == (date(2014, 6, 1) - found.begin).days
    late = Contagion(SETTINGS, effort=replace(LEAST, held_out=True)).fit(found, cutoff=date(2030, 1, 1))
    assert late.gain is None
    assert "50 are needed" in late.no_gain
    assert late.no_gain in late.summary()


def test_simulated_catalogues_are_seeded_and_of_the_record_s_size(case):
    found, _, model = case
    two = model.simulate(2)
    assert [len(c) for c in two] == [len(c) for c in model.simulate(2)]
    assert len(two[0]) != len(two[1])
    np.testing.assert_array_equal(model.simulate(1, seed=7)[0].first, model.simulate(1, seed=7)[0].first)
    assert np.mean([len(c) for c in model.simulate(8)]) == pytest.approx(len(found), rel=0.25)


# -- tables -----------------------------------------------------------------------------------------------------------


def test_the_table_of_who_set_off_what(case):
    found, _, model = case
    table = model.spillover
    assert set(table["kind"].unique()) == {"group", "country"}
    assert ((table["low"] <= table["triggered"]) & (table["triggered"] <= table["high"])).all()
    for name in ("share", "share_low", "share_high"):
        assert table[name].is_between(0, 1).all()
    assert (table["triggered"] <= table["events"]).all()
    assert table["year"].is_between(2010, 2018).all()
    assert set(table.filter(pl.col("kind") == "group")["from"].unique()) <= set(found.groups)
    whole = table.filter(pl.col("kind") == "country")["triggered"].sum()
    # what an event set off within the window, corrected as the estimate is
    assert whole / len(found) == pytest.approx(model.offspring.value, rel=0.1)
    by_group = model.by_group()
    assert by_group["events"].sum() == len(found)
    assert by_group["triggered"].sum() == pytest.approx(
        table.filter(pl.col("kind") == "group")["triggered"].sum(), rel=1e-9
    )


def test_two_countries_have_a_border_factor_and_arrows():
    rng = np.random.default_rng(1)
    found, _ = world(900, 0.6, rng, groups=2, towns=30, years=6)
    near = replace(found, lon=70 + (found.lon - 69.5) / 20)
    near = replace(near, country=(near.lon > 70).astype(np.int64), countries=("XXA", "XXB"))
    model = Contagion(SETTINGS, effort=LEAST).fit(near)
    pairs = set(model.spillover.filter(pl.col("kind") == "country").select("from", "to").iter_rows())
    assert pairs == {(a, b) for a in ("XXA", "XXB") for b in ("XXA", "XXB")}
    assert model.to_dict()["border_factor"] == model.calibration.parameters.border > 0


# -- kept, told, stopped ----------------------------------------------------------------------------------------------


def plain(model: Contagion) -> str:
    return json.dumps(model.to_dict(), allow_nan=False, sort_keys=True)


def test_the_same_seed_says_the_same(case, drift):
    found, _, model = case
    assert plain(Contagion(SETTINGS, effort=SMALL, seed=1).fit(found)) == plain(model)
    assert plain(drift) != plain(model)
    again = Contagion(SETTINGS, effort=LEAST, seed=1).fit(found)
    assert plain(Contagion(SETTINGS, effort=LEAST, seed=2).fit(found)) != plain(again)


def test_json_has_all_that_the_summary_says(case, drift):
    _, _, model = case
    for one in (model, drift):
        told = json.loads(plain(one))
        assert told["summary"] == one.summary()
        assert told["told_apart"] is one.told_apart
        assert set(told["placebos"]) == set(KINDS)
        assert told["seed"] == 1
        assert told["settings"]["bandwidth"] == 90


def test_progress_is_told_of_every_part(case):
    found, _, _ = case
    for effort in (LEAST, SMALL, replace(LEAST, jitters=3, bandwidths=3, rounds=(2, 3, 2))):
        told = []
        Contagion(SETTINGS, effort=effort).fit(found, progress=lambda *a, told=told: told.append(a))
        assert [done for done, _, _ in told] == list(range(effort.parts))
        assert {total for _, total, _ in told} == {effort.parts}


@pytest.mark.parametrize("stop", [0, 1, 4, 9, 15])
def test_stopped_and_taken_up_is_as_if_never_stopped(case, tmp_path, monkeypatch, stop):
    found, _, model = case
    path = tmp_path / "fit.jsonl"
    with pytest.raises(Stopped, match=f"{stop} of {SMALL.parts} parts done"):
        Contagion(SETTINGS, effort=SMALL, seed=1).fit(found, checkpoint=path, progress=lambda done, *_: done < stop)
    assert len(path.read_text().splitlines()) == stop + 1
    again = Contagion(SETTINGS, effort=SMALL, seed=1).fit(found, checkpoint=path)
    assert plain(again) == plain(model)
    kept = path.read_text()

    def never(*_, **__):
        raise AssertionError("computed again")

    for name in ("placebo", "held_out_gain"):
        monkeypatch.setattr(module, name, never)
    monkeypatch.setattr(module.Generator, "events", never)
    assert plain(Contagion(SETTINGS, effort=SMALL, seed=1).fit(found, checkpoint=path)) == plain(model)
    assert path.read_text() == kept


def test_a_torn_checkpoint_costs_its_last_part_alone(case, tmp_path):
    found, _, _ = case
    path = tmp_path / "fit.jsonl"
    whole = plain(Contagion(SETTINGS, effort=LEAST).fit(found, checkpoint=path))
    path.write_text(path.read_text()[:-9])
    assert plain(Contagion(SETTINGS, effort=LEAST).fit(found, checkpoint=path)) == whole


def test_a_checkpoint_of_anything_else_is_refused(case, tmp_path):
    found, _, _ = case
    path = tmp_path / "fit.jsonl"
    cutoff = date(2016, 1, 1)
    Contagion(SETTINGS, effort=LEAST, seed=1).fit(found, cutoff=cutoff, checkpoint=path)
    lon = found.lon.copy()
    lon[3] += 1e-9
    others = {
        "place": (replace(found, lon=lon), {}, cutoff),
        "window": (replace(found, days=found.days + 100), {}, cutoff),
        "begin": (replace(found, begin=found.begin + timedelta(days=31)), {}, cutoff + timedelta(days=31)),
        "groups": (replace(found, groups=("a", "b", "c")), {}, cutoff),
        "countries": (replace(found, countries=("XXZ",)), {}, cutoff),
        "seed": (found, {"seed": 2}, cutoff),
        "effort": (found, {"effort": replace(LEAST, placebos=2)}, cutoff),
        "settings": (found, {"settings": replace(SETTINGS, prior=4.0)}, cutoff),
        "cutoff": (found, {}, cutoff + timedelta(days=1)),
    }
    for name, (data, change, day) in others.items():
        other = Contagion(**({"settings": SETTINGS, "effort": LEAST, "seed": 1} | change))
        with pytest.raises(SpreadError, match="belongs to other events, settings or another seed"):
            other.fit(data, cutoff=day, checkpoint=path)
            pytest.fail(f"another {name} was not seen")


# -- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (spread_out(48), "48 events can be used"),
        (spread_out(120, lat=None), "no coordinates: 120"),
        ([*spread_out(90, lon=None), *spread_out(30)], "no coordinates: 90"),
        (spread_out(120, start=date(2015, 1, 1), end=date(2015, 1, 1)), "all events lie within"),
        (spread_out(120, end=date(2014, 1, 1)), "ends before it begins: 120"),
        ([], "0 events can be used"),
    ],
)
def test_selections_that_cannot_be_fitted_are_refused(rows, said):
    with pytest.raises(SpreadError, match=said) as caught:
        Contagion(SETTINGS, effort=LEAST).fit(made(rows))
    assert caught.value.to_do


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (scattered(49, 1), "49 events"),
        (made_catalogue(np.full(80, 3.0), last=np.full(80, 4.0), days=900), "all events lie within"),
    ],
)
def test_catalogues_that_cannot_be_fitted_are_refused(data, said):
    with pytest.raises(SpreadError, match=said):
        Contagion(SETTINGS, effort=LEAST).fit(data)


def test_one_group_in_one_place_has_no_reach_but_a_fit():
    model = Contagion(SETTINGS, effort=LEAST).fit(made(spread_out(150, lat=31.5, group="IS"), words="IS"))
    assert model.no_reach == "all events lie in one cell"
    assert model.in_same_cell is None
    assert model.catalogue.groups == ("IS",)
    json.dumps(model.to_dict(), allow_nan=False)
    assert model.summary().startswith("IS")


def test_some_without_coordinates_or_with_dates_reversed_are_counted():
    rows = spread_out(150)
    for k in range(10):
        rows[k] |= {"lat": None}
        rows[20 + k] |= {"end": rows[20 + k]["start"] - timedelta(days=2)}
    model = Contagion(SETTINGS, effort=LEAST).fit(made(rows, words="IS and TTP"))
    assert len(model.catalogue) == 130
    assert model.to_dict()["left_out"]["reasons"] == {"no coordinates": 10, "ends before it begins": 10}
    assert model.words == "IS and TTP"
    assert model.sources == ("a made-up set",)


@pytest.mark.parametrize(("coarse", "told"), [(61, False), (59, True)])
def test_where_most_places_are_coarse_no_reach_is_given(coarse, told):
    rows = [*spread_out(150 - coarse), *spread_out(coarse, where_prec=4)]
    model = Contagion(SETTINGS, effort=LEAST).fit(made(rows))
    assert (model.no_reach is None) is told
    assert (model.in_same_cell is None) is not told
    if not told:
        assert model.no_reach == "41% of the events have no usable point"
        assert model.to_dict()["share_in_same_cell"] is None


def test_a_group_that_is_silent_and_a_group_of_one():
    found, _ = world(600, 0.5, np.random.default_rng(5), groups=2, towns=30, years=6)
    group = found.group.copy()
    group[100] = 3
    model = Contagion(SETTINGS, effort=LEAST).fit(replace(found, group=group, groups=("a", "b", "silent", "one")))
    json.dumps(model.to_dict(), allow_nan=False)
    assert np.isfinite([model.offspring.value, model.radius.value]).all()


def test_without_placebos_nothing_is_claimed(case):
    found, _, _ = case
    model = Contagion(SETTINGS, effort=replace(LEAST, placebos=0)).fit(found)
    assert not model.told_apart


@pytest.mark.parametrize(
    "wrong", [{"jitters": 0}, {"rounds": ()}, {"rounds": (4, 1)}, {"rounds": (0, 4)}, {"placebos": -1}]
)
def test_too_little_effort_is_refused(wrong):
    with pytest.raises(ValueError, match=r"jitters|rounds|placebos"):
        replace(LEAST, **wrong)


# -- the shared record ------------------------------------------------------------------------------------------------


@pytest.mark.shared
@pytest.mark.parametrize("file", [PAKISTAN, CAR])
def test_placebos_of_the_record_find_next_to_nothing(shared, file):
    data = catalogue(real(shared, file))
    drawn = data.at(data.times(np.random.default_rng(1)))
    found = fit(drawn, drawn.first, Settings()).offspring_per_event
    worst = 0.0
    for kind, most in (("shuffled", 0.05), ("dithered", 0.10), ("smoothed", 0.05)):
        mean = np.mean([
            fit(p, p.first, Settings()).offspring_per_event
            for p in (placebo(data, kind, Settings().bandwidth, np.random.default_rng([1, n])) for n in range(3))
        ])  # fmt: skip
        assert mean <= most
        worst = max(worst, float(mean))
    assert found > 3 * worst
