"""Onsets on the shared files: the figures of docs/onset.md, and nothing that the files do not show."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from spillover.case import open_case
from spillover.forecasting.months import parse
from spillover.forecasting.onset import chosen_groups, onset, onset_backtest, record_of, together

pytestmark = pytest.mark.shared
PAGE = (Path(__file__).resolve().parents[3] / "docs" / "onset.md").read_text("utf-8")
FILES = {
    "Pakistan": "ged_pakistan.csv", "Myanmar": "ged_myanmar.csv", "Central African Republic": "ged_car.geojson",
    "Bangladesh": "ged_bangladesh_19_1.csv",
}  # fmt: skip


@pytest.fixture(scope="module")
def records(shared, tmp_path_factory):
    found = {}
    for country, file in FILES.items():
        case = open_case(tmp_path_factory.mktemp("case"))
        case.add_events(shared / "data" / file)
        with case.events() as session:
            found[country] = record_of(session)
    return found


@pytest.fixture(scope="module")
def parts(records):
    return {country: onset_backtest(record) for country, record in records.items()}


def cell(tested, against):
    row = tested.skills.row(by_predicate=(pl.col("score") == "brier") & (pl.col("against") == against), named=True)
    return [f"{row[name]:+.3f}".replace("-", "−") for name in ("skill", "low", "high")]


def in_table(country):
    """The numbers of a row of the first table: cells, onsets, expected, and twice a skill with its interval."""
    (row,) = re.findall(rf"^\| {country} \|(.*)\|$", PAGE, re.MULTILINE)
    return re.findall(r"[+−]?[\d,.]*\d", row.replace("**", ""))


@pytest.mark.parametrize("country", FILES)
def test_the_figures_of_the_page(parts, country):
    made = parts[country]
    expected = [f"{made.cells.height:,}", str(int(made.cells["happened"].sum())),
                f"{made.cells['probability'].sum():.0f}"]  # fmt: skip
    assert in_table(country) == [*expected, *cell(made, "base_rate"), *cell(made, "neighbour_rate")]


def test_the_figures_of_all_files_together(parts):
    made = together(list(parts.values()))
    assert made.cells.height == sum(p.cells.height for p in parts.values())
    assert in_table("all four")[3:] == [*cell(made, "base_rate"), *cell(made, "neighbour_rate")]
    assert made.skill("brier", "base_rate")[1] > 0
    assert made.skill("log_score", "base_rate")[1] > 0 and made.skill("log_score", "neighbour_rate")[1] > 0


def test_a_forecast_of_2021_is_the_same_from_half_the_record(records, shared, tmp_path):
    case = open_case(tmp_path)
    case.add_events(shared / "data" / FILES["Pakistan"])
    from datetime import date

    from spillover.spread.selection import select

    with case.events() as session:
        half = record_of(select(session, until=date(2013, 12, 31)))
        groups = chosen_groups(session, ["Tehrik-i-Taliban Pakistan"])
    whole = onset(records["Pakistan"], "2013-12")
    assert whole.table.equals(onset(half, "2013-12").table)
    assert "TTP" in groups and "BLA" not in groups


def test_no_pair_had_the_group_there_lately(records):
    record = records["Myanmar"]
    made = onset(record, "2020-12")
    active = {
        (record.groups[g], record.places[record.place[e]])
        for e, g in zip(record.event, record.group, strict=True)
        if parse("2018-12") < record.month[e] <= parse("2020-12")
    }
    assert active and not active & set(made.table.select("group", "place").iter_rows())
