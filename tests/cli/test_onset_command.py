"""``spillover onset``: what is on which stream, bad input, the record of a run. Made-up events."""

from __future__ import annotations

import json
from datetime import date

import pytest
from test_commands import run
from test_start import modules_after

HEADER = (
    "id,type_of_violence,side_a,side_a_new_id,side_b,side_b_new_id,where_prec,where_coordinates,adm_1,latitude,longitude,"
    "country,country_id,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low"
)


def rows():
    """Two groups that move from one division to the next every 27 months, and come again."""
    for month in range(240):
        for k, side in enumerate(("Alpha", "Beta")):
            at = (month // 27 + 2 * k) % 4
            day = date(2000 + month // 12, month % 12 + 1, 10)
            yield [2 * month + k, 1, "Government of Nigeria", 1, side, 2 + k, 1, "Town", f"D{at} state", 9 + at, 8 + at,
                   "Nigeria", 475, 1, day, day, 0, 0, 0, 0, 1, 1, 1]  # fmt: skip


def made_in(folder, events):
    lines = [",".join(map(str, row)) for row in events]
    (folder / "events.csv").write_text("\n".join([HEADER, *lines]) + "\n", "utf-8")
    added = run("events", "add", folder / "events.csv", "--case", folder / "case")
    assert added.exit_code == 0, added.stderr
    return folder / "case"


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return made_in(tmp_path_factory.mktemp("onset"), rows())


def onset(case, *arguments):
    return run("onset", "--case", case, *arguments)


def said(result):
    """Standard error as one line, without the frame around a usage error."""
    return " ".join(result.stderr.replace("│", " ").split())


def test_a_page_with_words_a_table_and_the_sources(case):
    result = onset(case, "--origin", "2015-06")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("all actors, as known at the end of 2015-06:")
    assert "raised by" in result.stdout and "Alpha" in result.stdout
    assert "Uppsala" in result.stdout.splitlines()[-1]
    assert "recorded in" in result.stderr


def test_json_is_one_object_with_a_record_of_the_run(case):
    result = onset(case, "--json", "--origin", "2015-06", "--ahead", "3-14", "--quiet", 12)
    (line,) = result.stdout.splitlines()
    made = json.loads(line)
    assert (made["measure"], made["origin"], made["window"], made["quiet"]) == (
        "onset", "2015-06", "2015-09 to 2016-08", 12,
    )  # fmt: skip
    assert {"group", "place", "probability", "base_rate", "neighbour_rate", "raises"} <= set(made["cells"][0])
    record = json.loads((case / "runs" / f"{made['run']}.json").read_text("utf-8"))
    assert record["command"] == "onset" and record["parameters"]["months_ahead"] == [3, 14]
    assert record["inputs"] and record["outputs"]
    assert onset(case, "--json", "--origin", "2015-06", "--ahead", "3-14", "--quiet", 12).stdout == result.stdout


def test_what_came_later_changes_nothing(case, tmp_path):
    then = date(2015, 6, 30)
    other = [row if row[14] <= then else [*row[:6], 9, *row[7:8], "Elsewhere state", 6, 5, *row[11:]] for row in rows()]
    other = [row if row[14] <= then else [*row[:4], "Newcomers", 9, 6 if row[0] % 2 else 1, *row[7:]] for row in other]
    changed = made_in(tmp_path, other)
    forecasts = [json.loads(onset(c, "--origin", "2015-06", "--json").stdout) for c in (case, changed)]
    # a run is known by its files, which are others
    assert forecasts[0].pop("run") != forecasts[1].pop("run")
    assert forecasts[0]["cells"] and forecasts[0] == forecasts[1]


def test_one_group_by_its_name_in_the_data(case):
    made = json.loads(onset(case, "--json", "--actor", "beta").stdout)
    assert {cell["group"] for cell in made["cells"]} == {"Beta"}


def test_a_back_test_shows_skill_reliability_and_where_it_was_wrong(case):
    result = onset(case, "--backtest", "--since", "2010-01")
    assert result.exit_code == 0, result.stderr
    for part in ("95% interval", "Reliability", "Where it was most wrong", "neighbour rate"):
        assert part in result.stdout
    made = json.loads(onset(case, "--backtest", "--since", "2010-01", "--json").stdout)
    assert made["origins"][0]["origin"] == "2009-12" and made["measure"] == "onset_backtest"
    earlier = json.loads(onset(case, "--backtest", "--origin", "2012-12", "--json").stdout)
    assert earlier["origins"][-1]["origin"] == "2011-12"


def test_groups_that_were_never_quiet_in_the_one_country_teach_nothing(case):
    result = onset(case, "--place", "country", "--json")
    assert result.exit_code == 1 and not result.stdout
    assert "no pair of a group and a place was quiet for 24 months" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--origin", "June"), "'June' is not a month"),
        (("--ahead", "0-3"), "gives no horizons"),
        (("--ahead", "1,5"), "has gaps"),
        (("--actor", "Nobody at all"), "no actor is called"),
        (("--since", "2010-01"), "--since belongs to --backtest"),
        (("--backtest", "--actor", "Beta"), "a back-test is of all groups"),
    ],
)
def test_what_is_asked_wrongly_is_a_usage_error(case, arguments, words):
    result = onset(case, *arguments)
    assert result.exit_code == 2 and not result.stdout
    assert words in said(result)


def test_what_is_not_there_is_said(case, tmp_path):
    result = onset(case, "--origin", "2030-01")
    assert result.exit_code == 1 and "outside the months of the record" in result.stderr
    result = onset(case, "--origin", "2000-03")
    assert result.exit_code == 1 and "nothing can be learnt by 2000-03" in result.stderr
    from spillover.case import open_case

    open_case(tmp_path / "empty").close()
    result = onset(tmp_path / "empty")
    assert result.exit_code == 1 and "there are no event data" in result.stderr


def test_help_has_examples_and_loads_nothing_heavy():
    assert "spillover onset --case my-case --backtest" in " ".join(run("onset", "--help").stdout.split())
    imported, _ = modules_after("-m", "spillover", "onset", "--help")
    assert not imported & {"polars", "numpy", "scipy", "spacy"}
