"""Panels from the shared files: against each other and against what they say of themselves."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from spillover.case import open_case
from spillover.errors import ForecastError
from spillover.forecasting.months import name, parse
from spillover.forecasting.panels import SIMPLE, VIEWS, from_events, from_file, grid

pytestmark = pytest.mark.shared
COUNTRY_MONTH = "country_month_25_1_to_2022.csv"


@pytest.fixture(scope="module")
def countries(shared):
    return from_file(shared / "data" / COUNTRY_MONTH)


@pytest.fixture(scope="module")
def record(shared, tmp_path_factory):
    case = open_case(tmp_path_factory.mktemp("case"))
    for file in ("ged_pakistan.csv", "ged_myanmar.csv", "ged_car.geojson", "ged_bangladesh_19_1.csv"):
        case.add_events(shared / "data" / file)
    with case.events() as opened:
        yield opened


def of(panel, unit, first, last, part=None):
    series = panel.values if part is None else panel.parts[part]
    return series[panel.units.index(unit), parse(first) - panel.start : parse(last) - panel.start + 1]


def test_the_country_month_file_as_it_is(countries):
    assert (countries.kind, countries.target, countries.values.shape) == ("country", "deaths", (123, 408))
    assert (name(countries.start), name(countries.end)) == ("1989-01", "2022-12")
    assert set(countries.parts) == {"events", "civilians", "state_based_events", "non_state_events", "one_sided_events",
                                    "high", "peak"}  # fmt: skip
    assert "48 months at its head (1985-01 to 1988-12)" in countries.notes[0] and len(countries.notes) == 1
    assert of(countries, "RWA", "1994-04", "1994-04").tolist() == [741_096]
    assert of(countries, "ETH", "2022-08", "2022-08").tolist() == [159_566]
    assert countries.exists.all()


def test_the_country_month_file_up_to_an_origin(shared, countries):
    cut = from_file(shared / "data" / COUNTRY_MONTH, until=parse("2013-10"))
    np.testing.assert_array_equal(cut.values, countries.until(parse("2013-10")).values)
    assert cut.units == countries.units


def test_the_actuals_of_views(shared):
    panel = from_file(shared / "data" / "views_cm_actuals_2018_2021.parquet")
    assert (panel.kind, panel.values.shape, name(panel.start), name(panel.end)) == (
        "country", (191, 48), "2018-01", "2021-12",
    )  # fmt: skip
    assert panel.units[:2] == ("1", "2") and not panel.notes


def test_myanmar_by_month_is_the_country_month_file(record, countries):
    panel = from_events(record)
    # 24.1 differs from 25.1 in 2020 and 2021 alone
    ours, theirs = (of(p, "MMR", "1989-01", "2019-12") for p in (panel, countries))
    np.testing.assert_array_equal(ours, theirs)
    # and has one more event without deaths in January 2019
    for part in ("state_based_events", "non_state_events", "one_sided_events", "civilians", "events"):
        np.testing.assert_array_equal(*(of(p, "MMR", "1989-01", "2018-12", part) for p in (panel, countries)))


def test_pakistan_by_month_is_the_country_month_file_but_for_revisions(record, countries):
    ours, theirs = (of(p, "PAK", "1989-01", "2021-12") for p in (from_events(record), countries))
    years = np.flatnonzero((ours != theirs).reshape(-1, 12).any(axis=1)) + 1989
    assert len(years) <= 10 and {2009, 2012} <= set(years.tolist())
    assert abs(ours.sum() / theirs.sum() - 1) < 0.01


def test_the_actuals_of_views_count_an_event_in_the_month_in_which_it_ends(shared, record):
    actuals = from_file(shared / "data" / "views_cm_actuals_2018_2021.parquet")
    with (shared / "data" / "views_country_list.csv").open(encoding="utf-8") as file:
        number = {row["name"]: row["country_id"] for row in csv.DictReader(file)}
    # fractions are rounding: no cell is further from a whole number than that
    assert np.abs(actuals.values - actuals.values.round()).max() < 1e-6
    theirs = actuals.values[actuals.units.index(number["Pakistan"])].round()
    ends, starts = (
        of(from_events(record, types=["state-based"], countries=["PAK"], rules=rules), "PAK", "2018-01", "2021-12")
        for rules in (VIEWS, None)
    )
    np.testing.assert_array_equal(ends, theirs)
    assert (starts != theirs).sum() == 4


@pytest.mark.parametrize("file", ["ged_pakistan.csv", "ged_myanmar.csv", "ged_bangladesh_19_1.csv"])
def test_cells_are_those_of_the_files(shared, file):
    with (shared / "data" / file).open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["id"]]
    lat, lon = (np.array([float(row[c]) for row in rows]) for c in ("latitude", "longitude"))
    assert grid.gid(lat, lon).tolist() == [int(float(row["priogrid_gid"])) for row in rows]


def test_cells_of_the_central_african_republic(shared, record):
    features = json.loads((shared / "data" / "ged_car.geojson").read_text("utf-8"))["features"]
    cells = [int(f["properties"]["priogrid_gid"]) for f in features]
    lon, lat = np.array([f["geometry"]["coordinates"] for f in features]).T
    assert grid.gid(lat, lon).tolist() == cells
    panel = from_events(record, kind="priogrid", target="events", rules=SIMPLE, countries=["CAF"])
    sums = dict(zip(panel.units, panel.values.sum(axis=1), strict=True))
    assert {cell: n for cell, n in sums.items() if n} == {str(c): cells.count(c) for c in set(cells)}


def test_each_event_is_in_each_kind_of_panel_or_counted(record):
    whole = from_events(record, target="events").values.sum()
    for kind in ("admin1", "priogrid", "group"):
        panel = from_events(record, kind=kind, target="events")
        left = sum(int(note.split()[2].replace(",", "")) for note in panel.notes if note.startswith("left out: "))
        assert panel.values.sum() + left == whole


def test_from_a_sample_no_zero_can_be_told(shared, tmp_path):
    case = open_case(tmp_path / "case")
    case.add_events(shared / "data" / "aec_train.csv")
    with case.events() as opened, pytest.raises(ForecastError, match="from a sample no zero can be told"):
        from_events(opened)


def test_a_monthly_release_of_the_whole_world(shared, tmp_path):
    case = open_case(tmp_path / "case")
    case.add_events(shared / "data" / "ged_candidate_2023_10.csv")
    with case.events() as opened:
        panel = from_events(opened, target="events")
    assert (name(panel.start), name(panel.end), len(panel)) == ("2023-10", "2023-10", 196)
    # 31 events start in September, one in August and one in February
    assert panel.values.sum() == 2_391 - 33
    assert any(note.startswith("left out: 33 events") for note in panel.notes)
