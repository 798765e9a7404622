"""The seed article against the shared records (issue 3): what must be kept apart is kept apart."""

from __future__ import annotations

import json

import pytest

DATA = ("ged_pakistan.csv", "country_year_25_1.csv", "country_month_25_1_to_2022.csv", "ucdp_actor_22_1.csv")


@pytest.fixture(params=[(), ("--dated", "2021-09-14")], ids=["no date", "dated"])
def findings(request, command, shared):
    events = [x for name in DATA for x in ("--events", shared / "data" / name)]
    article = shared / "gold" / "seed" / "article.txt"
    code, _, err = command("assess", article, "--case", "case", *events, *request.param)
    assert code == 0, err
    return [json.loads(line) for line in command("check", "--case", "case", "--json")[1].decode().splitlines()]


def test_the_count_is_never_called_false(findings):
    (count,) = [f for f in findings if f["kind"] == "count" and (f["claimed"] or {}).get("low") == 77]
    assert count["verdict"] == "untestable"
    assert "no single events of Afghanistan" in count["reason"]
    assert {"totals_only", "fatal_only"} <= {c["code"] for c in count["caveats"]}
    assert count["record"]["high"] > 77


def test_the_places_of_the_spill_over_are_kept_apart(findings):
    wanted = ("already_so", "ambiguous", "did_not", "did_not")
    spill = {f["place"]["place"]: f for f in findings if f["place"] and f["before"] and f["period"]["start"] >= "2021"}
    assert tuple(spill[p]["verdict"] for p in ("PAK", "RUS", "CHN", "central-asia")) == wanted
    assert spill["PAK"]["before"]["best"] > 0 and spill["PAK"]["after"]["best"] > 0
    assert spill["PAK"]["tempo"]["counts"]
    assert "cannot say whose" in spill["RUS"]["reason"]
    for place in ("CHN", "central-asia"):
        assert "2022-12-31, where the data end" in spill[place]["reason"]


def test_nothing_came_true_that_was_so_before(findings):
    assert not [f for f in findings if f["verdict"] == "came_true" and (f["before"]["best"] or f["before"]["years"])]
