"""Sensitivity to the link, figures and charts."""

from __future__ import annotations

import json

import pytest
from scenario_worlds import model, scenario

from spillover.errors import SpreadError
from spillover.forecasting.scenarios import Outcome, Sensitivity, chart, figure, run, sensitivity
from spillover.forecasting.scenarios.plots import FORMATS, save, usable

EDIT = 'kind = "scale_background"; group = "IS"; factor = 4'


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return run(model(), scenario(EDIT, title="A cost of $3 and $4"), simulations=100)


@pytest.fixture(scope="module")
def links() -> Sensitivity:
    return sensitivity(model(), scenario(EDIT), links=(0, 0.5, 1), simulations=100)


def test_the_outcome_grows_with_the_link(links):
    table = links.table
    assert table["link"].to_list() == [0, 0.5, 1] and table["difference"][0] == 0 and table["ratio"][0] == 1
    assert table["difference"].is_sorted() and table["difference"][2] > 2 * table["difference"][1] > 0
    assert "hangs on the link" in links.words() and json.dumps(links.to_dict())


def test_links_at_which_it_is_cut_are_not_compared():
    made = sensitivity(
        model(), scenario('kind = "add_tie"; from = "TTP"; to = "TTP"; factor = 6'), links=(0, 1), simulations=50
    )
    assert made.table["months"].to_list()[0] == 12 and made.table["radius"][1] >= 1
    assert "cut before the horizon" in made.words()


@pytest.mark.parametrize("given", [(), (0.5, 2.0)])
def test_links_out_of_range(given):
    with pytest.raises(SpreadError, match="links"):
        sensitivity(model(), scenario(EDIT), links=given)


@pytest.mark.parametrize("form", FORMATS)
def test_a_figure_is_the_same_each_time(outcome, links, tmp_path, form):
    paths = [tmp_path / f"{n}{form}" for n in "ab"]
    for path in paths:
        save(figure(outcome, links, group="IS"), usable(path))
    assert paths[0].read_bytes() == paths[1].read_bytes() and paths[0].stat().st_size > 1000


def test_a_figure_of_all_groups_alone(outcome):
    made = figure(outcome)
    assert len(made.axes) == 1 and "all groups" in made.axes[0].get_ylabel()


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(SpreadError, match="ending"):
        usable(tmp_path / "what.gif")


@pytest.mark.parametrize("group", [None, "IS"])
def test_a_chart_is_plain_data(outcome, group):
    made = chart(outcome, group=group)
    assert json.loads(json.dumps(made)) == made and made["title"] == "What if: A cost of $3 and $4"
    columns = set(made["data"]["table"][0])
    assert len(made["data"]["table"]) == 12
    for mark in made["marks"]:
        assert {mark[k] for k in ("x", "y", "y1", "y2") if k in mark} <= columns


def test_a_chart_of_the_links(links):
    made = chart(links)
    assert made["note"] == links.words() and len(made["data"]["table"]) == 3


def test_everything_is_ready_for_json(outcome):
    made = json.loads(json.dumps(outcome.to_dict(), allow_nan=False))
    assert made["what_if"] is True and made["scenario"]["edits"][0]["assumption"].startswith("The background of IS")
    assert len(made["by_month"]) == 12 and made["setting"]["cut"] is False
