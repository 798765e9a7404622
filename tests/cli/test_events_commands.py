"""``spillover events``, ``check``, ``outlook`` and ``actors link``: streams, exit codes, messages. Made-up events."""

from __future__ import annotations

import json

import pytest
from test_commands import run

HEADER = (
    "id,type_of_violence,side_a,side_a_new_id,side_b,side_b_new_id,where_prec,where_coordinates,adm_1,latitude,longitude,"
    "country,country_id,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low"
)


def row(id, day="2021-03-05", best=3):
    where = "1,Town,Province,12.0,13.0,Nigeria,475"
    return f"{id},3,Alpha,1,Civilians,9999,{where},1,{day},{day},0,0,{best},0,{best},{best},{best}"


@pytest.fixture
def events(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("\n".join([HEADER, row(1), row(2, "2021-04-01"), row(3, "not a day")]) + "\n", "utf-8")
    return path


@pytest.fixture
def case(tmp_path, events):
    assert run("events", "add", events, "--case", tmp_path / "case").exit_code == 0
    return tmp_path / "case"


def test_adding_says_what_was_kept_and_what_not(tmp_path, events):
    shown = run("events", "add", events, "--case", tmp_path / "c")
    assert "3 rows: 2 kept, 1 left out" in shown.stdout
    assert "date_start … is not a date (row 4)" in shown.stdout
    assert "CC BY 4.0" in shown.stdout
    again = run("events", "add", events, "--case", tmp_path / "c")
    assert again.exit_code == 0 and "is there already" in again.stdout


def test_what_a_set_covers_can_be_said_anew(case, events):
    assert run("events", "add", events, "--covers", "NGA,NER", "--to", "2022-12-31", "--case", case).exit_code == 0
    (line,) = run("events", "list", "--case", case, "--json").stdout.splitlines()
    coverage = json.loads(line)["coverage"]
    assert (coverage["countries"], coverage["end"]) == (["NER", "NGA"], "2022-12-31")


def test_json_has_every_row_accounted_for(tmp_path, events):
    (line,) = run("events", "add", events, "--case", tmp_path / "c", "--json").stdout.splitlines()
    made = json.loads(line)
    assert made["rows"] == made["kept"] + sum(made["skipped"].values()) == 3
    assert made["new"] is True


def test_one_bad_file_of_two_ends_with_one_and_of_one_with_three(tmp_path, events):
    odd = tmp_path / "odd.csv"
    odd.write_text("a,b\n1,2\n", "utf-8")
    both = run("events", "add", events, odd, "--case", tmp_path / "c")
    assert both.exit_code == 1 and "no data set has these columns" in both.stderr
    assert run("events", "add", odd, "--case", tmp_path / "c").exit_code == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--dates", "ymd"), "dmy or mdy"), (("--covers", "Narnia"), "alpha-3"), (("--from", "yesterday"), "no day"),
        (("--as", "ucdp-ged", "--map", "x.toml"), "without --map"),
    ],
)  # fmt: skip
def test_a_wrong_option_is_a_usage_error(tmp_path, events, options, message):
    result = run("events", "add", events, "--case", tmp_path / "c", *options)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


def test_list_show_and_remove(case):
    assert "ucdp-ged" in run("events", "list", "--case", case).stdout
    shown = run("events", "show", "ucdp-ged", "--case", case)
    assert "2 of 3" in shown.stdout and "Alpha" in shown.stdout
    refused = run("events", "remove", "ucdp-ged", "--case", case, input="n\n")
    assert refused.exit_code == 1
    assert run("events", "list", "--case", case).exit_code == 0
    assert run("events", "remove", "ucdp-ged", "--case", case, "--yes").exit_code == 0
    empty = run("events", "list", "--case", case)
    assert empty.exit_code == 1 and "spillover events add" in empty.stderr


def test_a_set_that_is_not_there_names_those_that_are(case):
    result = run("events", "show", "nothing", "--case", case)
    assert result.exit_code == 3
    assert "ucdp-ged" in result.stderr or "UCDP" in result.stderr


def test_a_set_is_written_out_and_comes_back_the_same(case, tmp_path):
    out = tmp_path / "normal.csv"
    assert run("events", "show", "ucdp-ged", "--case", case, "--out", out).exit_code == 0
    other = tmp_path / "other"
    assert run("events", "add", out, "--case", other).exit_code == 0
    ask = "select * exclude (set_id) from events order by id"
    answers = [run("events", "sql", ask, "--case", c, "--json").stdout for c in (case, other)]
    assert answers[0] == answers[1] != ""


def test_sql_answers_in_three_forms(case):
    ask = "select id, deaths_best from events order by id"
    assert "2 rows" in run("events", "sql", ask, "--case", case).stdout
    assert json.loads(run("events", "sql", ask, "--case", case, "--json").stdout.splitlines()[0]) == {
        "id": "1", "deaths_best": 3,
    }  # fmt: skip
    assert run("events", "sql", ask, "--case", case, "--csv").stdout == "id,deaths_best\n1,3\n2,3\n"
    assert run("events", "sql", "-", "--case", case, "--csv", input=ask).stdout == "id,deaths_best\n1,3\n2,3\n"
    cut = run("events", "sql", ask, "--case", case, "--limit", 1)
    assert "1 rows" in cut.stdout and "more than 1" in cut.stderr


@pytest.mark.parametrize(
    "query",
    [
        "drop table events", "delete from events", "select 1; select 2", "select * from read_csv('/etc/passwd')",
        "copy events to 'out.csv'", "attach 'other.db'", "install httpfs", "set memory_limit = '100GB'",
        "select nothing from nowhere",
        "selec", "select * from 'http://127.0.0.1:9/x.csv'", "pragma database_list", "create table t as select 1", "",
        "select getenv('HOME')", "load 'x'", "export database 'x'", "checkpoint", "call duckdb_settings()",
    ],
)  # fmt: skip
def test_a_query_reads_the_event_data_and_nothing_else(case, query):
    result = run("events", "sql", query, "--case", case)
    assert result.exit_code == 2, result.stdout
    assert "SQL" in result.stderr
    assert run("events", "sql", "select count(*) as n from events", "--case", case, "--csv").stdout == "n\n2\n"


def test_a_query_that_takes_too_long_is_stopped(case):
    ask = "select count(*) from range(100000000) a, range(100000) b where a.range = b.range + 1 and random() > 2"
    result = run("events", "sql", ask, "--case", case, "--seconds", 0.5)
    assert result.exit_code == 2 and "stopped after" in result.stderr


def test_a_link_is_kept_used_and_taken_back(case):
    ask = "select list_contains(actor_ids, 'boko-haram') as known from events"
    before = run("events", "sql", ask, "--case", case, "--csv").stdout
    assert "False" in before
    assert run("actors", "link", "ucdp", "Alpha", "boko-haram", "--case", case, "--note", "a test").exit_code == 0
    assert "False" not in run("events", "sql", ask, "--case", case, "--csv").stdout
    assert run("actors", "link", "ucdp", "Alpha", "--undo", "--case", case).exit_code == 0
    assert run("events", "sql", ask, "--case", case, "--csv").stdout == before


def test_a_link_without_an_actor_shows_candidates(case):
    shown = run("actors", "link", "ucdp", "Boko Haram faction", "--case", case, "--json")
    assert "boko-haram" in {json.loads(line)["actor"] for line in shown.stdout.splitlines()}
    wrong = run("actors", "link", "ucdp", "Alpha", "boko-harem", "--case", case)
    assert wrong.exit_code == 2 and "boko-haram" in wrong.stderr


def test_actors_still_takes_a_name(case):
    assert "boko-haram" in run("actors", "boko haram").stdout


def test_check_and_outlook_of_a_case(case, tmp_path):
    article = tmp_path / "article.txt"
    article.write_text("Alpha attacked Beta.\nGamma may attack Beta.", "utf-8")
    assert run("read", article, "--case", case).exit_code == 0
    found = [json.loads(line) for line in run("check", "--case", case, "--json").stdout.splitlines()]
    assert found and all(f["verdict"] and f["reason"] for f in found)
    assert run("check", "--case", case).exit_code == 0
    few = run("check", "--case", case, "--verdict", "came_true")
    assert few.exit_code == 1 and "no such finding" in few.stderr
    assert run("check", "--case", case, "--verdict", "true").exit_code == 2
    assert run("outlook", "--case", case).exit_code in (0, 1)


def test_dated_needs_a_day_and_one_document(case, tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"Alpha attacked Beta. {name}", "utf-8")
        run("read", tmp_path / name, "--case", case)
    assert run("check", "--case", case, "--dated", "soon").exit_code == 2
    assert "--document" in run("check", "--case", case, "--dated", "2021-01-01").stderr
    assert run("check", "--case", case, "--dated", "2021-01-01", "--document", "a.txt").exit_code == 0
