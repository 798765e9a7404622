"""How violence spreads, in the report: which events are measured, the page's data, and the page without scripts."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from report_sample import ACTORS, bare_reading, reading
from spread_sample import ARMY, BRIGADE, few, measured, selection, with_contagion

from spillover.publishing import spread as publishing
from spillover.publishing.report import page, render_report
from spillover.publishing.report.data import report_data
from spillover.publishing.report.plain import plain_page
from spillover.publishing.report.spread import CELLS, CHANGES, spread_data
from spillover.publishing.spread import groups_of, named, selection_of, spread_of
from spillover.spread import overview

needs_build = pytest.mark.skipif(
    not (Path(page.__file__).parent / "static" / "report.js").is_file(), reason="the front end is not built"
)
ISWAP, BOKO_HARAM = "islamic-state-west-africa", "boko-haram"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """The example's case: its events, and its article read."""
    from spillover.case import open_case
    from spillover.records import Options

    events, folder = EXAMPLES / "lake-chad-events.synthetic.csv", tmp_path_factory.mktemp("case")
    with open_case(folder) as opened:
        opened.add_events(events, Options(mapping=events.with_suffix(".toml")))
        yield opened


@pytest.fixture(scope="module")
def session(case):
    with case.events() as opened:
        yield opened


def about(*actors: str | None):
    """A reading whose statements have these subjects."""
    statements = [SimpleNamespace(subject=SimpleNamespace(actor=actor), object=None) for actor in actors]
    return SimpleNamespace(statements=statements)


def test_groups_that_statements_name_and_that_have_events_are_chosen(session):
    named = about(ISWAP, BOKO_HARAM, ISWAP, "tehrik-i-taliban-pakistan", "nigeria", None)
    assert groups_of(session, [named], "ucdp") == [ISWAP, BOKO_HARAM], "no state, nobody without events"
    chosen, record = selection_of(session, [named])
    assert chosen.words == "Islamic State West Africa Province and Boko Haram"
    assert len(selection_of(session, [about(ISWAP)])[0]) < len(chosen) < len(record) == 86


def test_an_organisation_is_there_by_its_factions_alone(session):
    assert groups_of(session, [about("islamic-state")], "ucdp", factions=True) == ["islamic-state"]
    assert groups_of(session, [about("islamic-state")], "ucdp", factions=False) == []


def test_without_such_groups_all_events_are_chosen(session):
    chosen, record = selection_of(session, [about("tehrik-i-taliban-pakistan"), bare_reading()])
    assert (chosen.words, len(chosen), record) == ("all actors", 86, None)


def test_many_groups_are_named_as_far_as_they_would_be_read(session):
    unknown = [*"abcdefgh"]
    assert named(session, unknown[:7]) == "a, b, c, d, e, f and g"
    assert named(session, unknown) == "a, b, c, d, e, f and 2 more groups that the documents name"
    assert named(session, [BOKO_HARAM, "a"]) == "Boko Haram and a"


def test_of_too_many_events_the_latest_years_are_measured(session, monkeypatch):
    monkeypatch.setattr(publishing, "MOST", 40)
    chosen, _ = selection_of(session, [])
    assert chosen.since.month == chosen.since.day == 1 and 0 < len(chosen) <= 40
    assert chosen.words == f"all actors (the latest {len(chosen)} of 86 events)"
    assert chosen.events["start"].min() >= chosen.since
    monkeypatch.setattr(publishing, "MOST", 2)
    assert 2 <= len(selection_of(session, [])[0]) <= 4, "the last year alone has more: by the day"


def test_without_single_events_nothing_is_measured():
    nothing = SimpleNamespace(of=lambda what: [])
    assert spread_of(nothing, [bare_reading()]) is None


def test_the_measures_of_the_chosen_events_with_progress_and_the_model_only_when_asked(session):
    told = []
    made = spread_of(session, [about(ISWAP)], progress=lambda *at: told.append(at))
    assert made.contagion is None and "contagion" not in made.skipped
    assert made.first_hits.risk == "where the record has violence by anybody"
    assert [done for done, *_ in told] == list(range(len(told)))
    asked = spread_of(session, [about("boko-haram")], factions=False, contagion=True)
    assert re.match(r"\d+ events can be used, and a contagion model needs 50", asked.skipped["contagion"])


def test_the_page_carries_it_small_and_as_json():
    data = report_data([reading()], spread=with_contagion())["spread"]
    text = json.dumps(data, allow_nan=False)
    assert json.loads(text) == data
    assert len(text) < 60_000
    assert (data["words"], data["events"], data["sources"]) == ("both groups", len(selection()), ["Made-up events 1.0"])
    assert data["countries"] == {"BFA": "Burkina Faso", "NER": "Niger"}
    assert (data["sections"][0]["measure"], data["sections"][-1]["measure"]) == ("lately", None)
    assert sum(data["tempo"]["events"]) == len(selection())
    assert len(data["tempo"]["events"]) == len(data["tempo"]["mean"]) == 36
    assert report_data([reading()])["spread"] is None


def test_same_overview_same_bytes():
    assert json.dumps(spread_data(measured())) == json.dumps(spread_data(overview(selection())))


def test_long_tables_are_cut_and_their_length_stated():
    made = measured()
    rows = made.lately.divisions.vstack(made.lately.divisions).vstack(made.lately.divisions)
    names = [f"division {n}" for n in range(rows.height)]
    many = rows.with_columns(admin1=pl.Series(names), events=pl.Series(range(10, 10 + rows.height)))
    found = spread_data(replace(made, lately=replace(made.lately, divisions=many)))["lately"]
    shown = [row for row in found["rows"] if row["kind"] == "division"]
    assert len(shown) == CHANGES < found["of"]["division"] == rows.height
    assert [row["events"] for row in shown] == sorted((row["events"] for row in shown), reverse=True)
    cells = pl.concat([made.footprint.cells] * 20)
    found = spread_data(replace(made, footprint=replace(made.footprint, cells=cells)))["map"]
    assert len(found["cells"]) == min(CELLS, cells.height) < found["of"] == cells.height


def test_flagged_rows_stand_first_and_empty_ones_are_left_out():
    made = measured()
    divisions = made.lately.divisions.with_columns(flag=pl.when(pl.col("events") == 0).then(pl.lit("fewer")))
    found = spread_data(replace(made, lately=replace(made.lately, divisions=divisions)))["lately"]
    flags = [row["flag"] for row in found["rows"] if row["kind"] == "division"]
    assert flags == sorted(flags, key=lambda flag: flag is None)
    nothing = made.lately.divisions.with_columns(
        events=pl.lit(0), expected=pl.lit(0.1), flag=pl.lit(None, dtype=pl.String)
    )
    found = spread_data(replace(made, lately=replace(made.lately, divisions=nothing)))["lately"]
    assert not [row for row in found["rows"] if row["kind"] == "division"]


def test_first_hits_have_the_place_of_the_event():
    data = spread_data(measured())["map"]
    events = {(row["admin1"], str(row["start"])): row for row in selection().events.iter_rows(named=True)}
    for hit in data["hits"]:
        assert (hit["lat"], hit["lon"]) == pytest.approx(
            tuple(events[hit["name"], hit["first"]][at] for at in ("lat", "lon")), abs=1e-3
        )
    assert {m["country"] for m in data["middles"]} == {"BFA", "NER"}


def test_spill_over_of_the_window_is_that_of_the_years_together():
    model = with_contagion().contagion
    found = spread_data(with_contagion())["contagion"]
    for kind in ("country", "group"):
        table = found["spillover"][kind]
        whole = {(row["from"], row["to"]): row for row in table["window"]}
        years = model.spillover.filter(pl.col("kind") == kind)
        assert set(whole) == set(years.select("from", "to").iter_rows())
        for (a, b), row in whole.items():
            there = years.filter((pl.col("from") == a) & (pl.col("to") == b))
            assert row["triggered"] == pytest.approx(there["triggered"].sum(), abs=0.01)
            assert 0 <= row["low"] <= row["share"] <= row["high"] <= 1
            assert row["events"] == next(n["events"] for n in table["names"] if n["name"] == b)
        assert sum(n["events"] for n in table["names"]) == found["events"]
        assert table["years_of"] == years.height == len(table["years"])
    assert {n["name"] for n in found["spillover"]["group"]["names"]} == {BRIGADE, ARMY}
    assert set(found["placebos"]) == {"shuffled", "dithered", "smoothed"}


def test_without_scripts_the_words_and_tables_are_there():
    told = html.unescape(plain_page(report_data([reading()], actors=ACTORS, spread=with_contagion())))
    made = with_contagion()
    for section in made.sections():
        assert f"<h3>{section.title}</h3><p>{section.text}</p>" in told
    whole = made.lately.whole
    assert f"<td>all events</td><td>{whole['events']}</td>" in told
    assert "<td>Burkina Faso</td><td>Niger</td>" in told and "<td>up to 1</td><td>1 to 7</td>" in told
    assert told.count("<td>Tillabéri") >= 2
    assert "Data: Made-up events 1.0." in told
    assert "--contagion adds one" not in told
    assert "--contagion adds one" in plain_page(report_data([reading()], spread=measured()))


def test_what_cannot_be_told_apart_is_no_table():
    model = with_contagion().contagion
    unsure = spread_data(with_contagion())
    unsure["contagion"] = unsure["contagion"] | {"told_apart": False}
    assert model.told_apart
    assert "Share set off" not in plain_page(report_data([reading()]) | {"spread": unsure})


def test_everything_is_escaped():
    told = plain_page(report_data([reading()], spread=with_contagion()))
    assert BRIGADE not in told and html.escape(BRIGADE) in told


@pytest.mark.parametrize("events", [1, 3])
def test_few_events_are_no_error(events):
    made = few(events)
    told = html.unescape(plain_page(report_data([reading()], spread=made)))
    assert f"near repeats need 20 events, {0 if events == 1 else 3} can be used" in told
    assert spread_data(made)["near_repeat"] is None


def test_events_without_a_place_have_no_map():
    chosen = selection()
    nowhere = chosen.events.with_columns(lat=pl.lit(None, dtype=pl.Float64), lon=pl.lit(None, dtype=pl.Float64))
    data = spread_data(overview(replace(chosen, events=nowhere)))
    assert data["map"] is None and data["tempo"] is not None
    assert "footprint" in data["skipped"]


@needs_build
def test_the_page_with_it_is_as_safe_as_without():
    text = render_report([reading()], actors=ACTORS, spread=with_contagion())
    assert BRIGADE not in text
    data = re.search(r'<script type="application/json" id="report-data">(.*?)</script>', text, re.DOTALL).group(1)
    assert json.loads(data)["spread"] == spread_data(with_contagion())
    assert date.fromisoformat(json.loads(data)["spread"]["since"]) == selection().since
