"""The overview: every measure that can be worked out, in the order of reading, and why the others are not there."""

from __future__ import annotations

import csv
import io
import json
import random
from datetime import date, timedelta

import polars as pl
import pytest
from made import made

from spillover.errors import CaseError, SpreadError, Stopped
from spillover.runs import Run, digest_of, writable
from spillover.spread import Overview, overview
from spillover.spread.contagion import Effort, catalogue
from spillover.spread.overview import TITLES
from spillover.spread.saving import checkpoint_of, guarded, save_plots, save_tables, selection_digest

TINY = Effort(jitters=2, rounds=(2, 3), placebos=1, bandwidths=2, held_out=False)


def events(n, *, days=730, seed=1, **fixed):
    draw = random.Random(seed)
    return [
        {
            "start": date(2019, 1, 1) + timedelta(draw.randrange(days)), "lat": 10 + draw.random(),
            "lon": 12 + draw.random(), "side_a": "Government of Nowhere", "side_b": draw.choice("AB"),
            "group": draw.choice("AB"), "country": "NGA", "admin1": draw.choice(("North", "South")),
            "admin1_code": None,
            "type": "state-based", "deaths": draw.randrange(5), **fixed,
        }
        for _ in range(n)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def whole() -> Overview:
    return overview(made(events(300), words="all actors"))


def test_all_measures_are_there_in_the_order_of_reading(whole):
    expected = [name for name in TITLES if name not in ("first_hits_countries", "contagion")]
    assert list(whole.measures()) == expected
    assert [s.measure for s in whole.sections()] == [*expected, ""]
    assert whole.skipped == {}
    assert [s.title for s in whole.sections()] == [*(TITLES[name] for name in expected), "Left out"]


def test_sections_do_not_say_the_choice_again(whole):
    for section in whole.sections():
        assert "all actors: " not in section.text.lower()
        assert section.text[0].isupper() or section.text[0].isdigit()
        assert section.text.endswith(".")


def test_json_holds_every_measure_and_no_number_that_json_has_not(whole):
    form = json.loads(json.dumps(whole.to_dict(), allow_nan=False))
    assert form["tempo"]["measure"] == "tempo"
    assert form["contagion"] is None
    assert form["selection"]["events"] == 300
    assert len(form["sections"]) == len(whole.sections())


def test_the_same_seed_gives_the_same():
    chosen = made(events(80))
    assert overview(chosen, seed=3).to_dict() == overview(chosen, seed=3).to_dict()


def test_first_hits_by_country_where_there_are_several():
    two = made([*events(40), *events(40, seed=2, country="NER")])
    found = overview(two).first_hits_countries
    assert found is not None and set(found.hits["place"]) == {"NGA", "NER"}


def test_the_record_says_which_places_there_were_to_reach():
    record = made([*events(100), *events(50, seed=2, admin1="East")])
    found = overview(made(events(100)), record=record).first_hits
    assert found is not None and (found.hits.height, found.at_risk) == (2, 3)


@pytest.mark.parametrize(
    ("days", "since", "footprint", "diffusion"),
    [(100, None, "month", "month"), (400, None, "quarter", "month"), (1500, None, "year", "quarter")],
)
def test_periods_fit_the_window(days, since, footprint, diffusion):
    found = overview(made(events(100, days=days)))
    assert found.footprint is not None and found.footprint.period == footprint
    assert found.diffusion is not None and found.diffusion.period == diffusion


# -- events with which not all can be done ----------------------------------------------------------------------------

ODD = {
    "one event": (events(1), {"lately", "front", "near_repeat", "diffusion"}),
    "19 events": (events(19), {"front", "near_repeat"}),
    "one day": (events(100, start=date(2020, 1, 1)), {"lately", "front", "near_repeat", "diffusion"}),
    "one point": (events(100, lat=10.0, lon=12.0), {"front", "near_repeat"}),
    "no coordinates": (events(100, lat=None, lon=None), {"footprint", "front", "near_repeat", "diffusion"}),
    "no day": (
        events(100, date_prec=5),
        {"tempo", "footprint", "first_hits", "front", "borders", "near_repeat", "diffusion", "lethality"},
    ),
    "no country": (events(100, country=None, admin1=None), {"first_hits", "borders"}),
    "no deaths known": (events(100, deaths=None), {"lethality"}),
    "nobody killed": (events(100, deaths=0), set()),
    "no sides": (events(100, side_a=None, side_b=None), {"actor_graph"}),
    "ends before it begins": ([{**e, "end": e["start"] - timedelta(3)} for e in events(100)], set()),
}


@pytest.mark.parametrize("kind", ODD)
def test_what_cannot_be_worked_out_is_said_and_costs_no_other(kind, tmp_path):
    rows, missing = ODD[kind]
    found = overview(made(rows))
    assert set(found.skipped) == missing
    said = found.sections()[-1].text
    for name in missing:
        assert f"{TITLES[name]} could not be worked out: {found.skipped[name]}." in said
    json.dumps(found.to_dict(), allow_nan=False)
    assert save_tables(found, tmp_path)


def test_no_event_is_an_error_that_names_the_choice():
    with pytest.raises(SpreadError, match="no event of Nobody from 2020-01-01 to 2020-12-31"):
        overview(made(since=date(2020, 1, 1), until=date(2020, 12, 31), words="Nobody"))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (events(49), "49 events can be used, and a contagion model needs 50"),
        (events(100, start=date(2020, 1, 1)), "within a year"),
        (events(100, days=40), "within a year"),
        (events(100, lat=None, lon=None), "no coordinates: 100"),
        (events(100, date_prec=4), "no usable day: 100"),
        ([{**e, "end": e["start"] - timedelta(3)} for e in events(100)], "ends before it begins: 100"),
    ],
)
def test_a_catalogue_refuses_what_nothing_can_be_fitted_to(rows, message):
    chosen = made(rows)
    with pytest.raises(SpreadError, match=message):
        catalogue(chosen)
    found = overview(chosen, contagion=TINY)
    assert found.contagion is None and message in found.skipped["contagion"]
    assert found.lethality is not None
    by_measure = {s.measure: s.text for s in found.sections()}
    assert message in by_measure["contagion"]
    assert "Contagion could not" not in by_measure[""]  # it is said once


def test_one_group_can_be_fitted():
    assert catalogue(made(events(60, group="A"))).groups == ("A",)


# -- the contagion model ----------------------------------------------------------------------------------------------


def test_the_contagion_model_stands_last_with_its_placebos():
    found = overview(made(events(120)), contagion=TINY)
    section = found.sections()[-2]
    assert (section.measure, section.left_out) == ("contagion", found.contagion.catalogue.left_out)
    assert "placebos" in section.text and section.text[0].isupper()
    assert {"contagion_spillover", "contagion_by_group"} <= set(found.tables())
    json.dumps(found.to_dict(), allow_nan=False)


def test_progress_counts_all_parts_and_can_stop_them(tmp_path):
    chosen, told = made(events(120)), []
    kept = tmp_path / "runs" / "parts.jsonl"

    def stop_late(done, total, what):
        told.append((done, total))
        return done < total - 3

    with pytest.raises(Stopped):
        overview(chosen, contagion=TINY, progress=stop_late, checkpoint=kept)
    assert {total for _, total in told} == {10 + TINY.parts}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    lines = kept.read_text().count("\n")
    assert lines > 5
    resumed = overview(chosen, contagion=TINY, checkpoint=kept)
    assert resumed.to_dict() == overview(chosen, contagion=TINY).to_dict()


def test_stopped_before_the_first_measure():
    with pytest.raises(Stopped, match="0 of 10"):
        overview(made(events(60)), progress=lambda *_: False)


# -- files ------------------------------------------------------------------------------------------------------------


def test_text_that_a_spreadsheet_would_run_is_guarded(tmp_path):
    hostile = overview(made(events(100, side_b='=HYPERLINK("x")', group="+A", admin1="@B")))
    for name in save_tables(hostile, tmp_path):
        for row in csv.reader(io.StringIO((tmp_path / name).read_text("utf-8"))):
            assert not [cell for cell in row if cell[:1] in "=+@\t\r" and cell], name
    assert "'=HYPERLINK" in (tmp_path / "actor_graph_edges.csv").read_text("utf-8")


def test_numbers_are_not_guarded():
    assert guarded(pl.DataFrame({"n": [-1.5], "t": ["-x"]})).rows() == [(-1.5, "'-x")]


def test_every_table_is_written(whole, tmp_path):
    written = save_tables(whole, tmp_path)
    assert set(written) == {f"{name}.csv" for name in whole.tables()} == {p.name for p in tmp_path.iterdir()}
    assert pl.read_csv(tmp_path / "tempo.csv").height == whole.tempo.table.height


def test_figures_are_the_same_bytes_each_time(whole, tmp_path):
    written = save_plots(whole, tmp_path / "a")
    assert set(written) >= {"tempo.png", "tempo.svg", "lately.png", "near_repeat.svg"}
    assert save_plots(whole, tmp_path / "b") == written


def test_a_folder_that_is_a_file_is_an_error_with_a_remedy(whole, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(CaseError, match="file stands where a folder"):
        save_tables(whole, tmp_path / "file")


def test_a_checkpoint_belongs_to_events_and_settings(tmp_path):
    one, two = made(events(60)), made(events(60, seed=2))
    names = {
        checkpoint_of(tmp_path, s, None, effort, seed)
        for s in (one, two)
        for effort in (TINY, Effort())
        for seed in (1, 2)
    }
    assert len(names) == 8
    assert selection_digest(one) == selection_digest(made(events(60))) != selection_digest(two)


# -- run records ------------------------------------------------------------------------------------------------------


def test_a_run_s_record_says_what_was_given_and_what_came_out(tmp_path):
    run = Run("spread", {"a.csv": "0" * 64}, {"since": None}, 1)
    path = run.write(tmp_path / "runs", {"result": digest_of({"x": 1})})
    form = json.loads(path.read_text("utf-8"))
    assert path.name == f"{run.id}.json"
    assert (form["seed"], form["parameters"], form["version"]) == (1, {"since": None}, run.version)
    before = path.read_bytes()
    assert run.write(tmp_path / "runs", {"result": digest_of({"x": 1})}).read_bytes() == before


def test_a_run_s_id_changes_with_all_that_was_given():
    given = [("spread", {}, {}, 1), ("check", {}, {}, 1), ("spread", {"a": "b"}, {}, 1), ("spread", {}, {"a": 1}, 1)]
    assert len({Run(*g).id for g in [*given, ("spread", {}, {}, 2)]}) == 5
    assert Run("spread", {}, {}, 1).id != Run("spread", {}, {}, 1, version="0").id


def test_runs_that_cannot_be_kept(tmp_path):
    (tmp_path / "runs").write_text("a file")
    assert writable(tmp_path) is None
