"""A report and event data through the real command: findings, their queries, the report. The events are made up."""

from __future__ import annotations

import json

import pytest

import bundled

EXAMPLES = bundled.PATH.parent
ARTICLE = bundled.PATH
EVENTS = EXAMPLES / "lake-chad-events.synthetic.csv"
MAPPING = EXAMPLES / "lake-chad-events.synthetic.toml"
PLACES = EXAMPLES / "lake-chad.lexicon.toml"


@pytest.fixture
def assessed(command, tmp_path):
    assert command("events", "add", EVENTS, "--map", MAPPING, "--case", "case")[0] == 0
    (tmp_path / "case" / "lexicon.toml").write_bytes(PLACES.read_bytes())
    code, out, err = command("assess", ARTICLE, "--case", "case")
    assert code == 0, err
    return tmp_path / "case", out.decode(), err


def findings(command):
    code, out, err = command("check", "--case", "case", "--json")
    assert code == 0, err
    return [json.loads(line) for line in out.decode().splitlines()]


def test_each_query_runs_as_printed_and_gives_the_same_number(command, assessed):
    counted = [f for f in findings(command) if f["sql"] and f["kind"] == "count" and f["record"]]
    assert len(counted) >= 2
    for finding in counted:
        code, out, err = command("events", "sql", finding["sql"], "--case", "case", "--json")
        assert code == 0, err
        row = json.loads(out.decode().splitlines()[0])
        record = finding["record"]
        assert (row.get("low", 0), row["best"], row["high"]) == (record["low"], record["best"], record["high"])


def test_the_findings_are_those_of_the_report(command, assessed):
    case, out, _ = assessed
    report = (case / "report.html").read_text("utf-8")
    assert out.rstrip().endswith("report.html")
    data = json.loads(report.split('id="report-data">')[1].split("</script>")[0])
    assert {f["id"] for f in data["checks"]["findings"]} == {f["id"] for f in findings(command)}
    assert data["checks"]["sets"][0]["attribution"] in report
    assert len({f["verdict"] for f in data["checks"]["findings"]}) >= 6


def test_checking_twice_finds_the_same(command, assessed):
    assert findings(command) == findings(command)


def test_an_article_without_event_data_is_assessed_and_says_so(command):
    code, out, err = command("assess", ARTICLE, "--case", "bare")
    assert code == 0, err
    assert "there are no event data in the case" in out.decode()


def test_a_file_of_events_that_cannot_be_used_does_not_stop_the_report(command, tmp_path):
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n", "utf-8")
    code, _, err = command("assess", ARTICLE, "--events", "odd.csv", "--case", "case")
    assert "no data set has these columns" in err
    assert code == 1
    assert (tmp_path / "case" / "report.html").is_file()


def test_the_day_of_writing_is_kept_in_the_case(command, tmp_path):
    note = tmp_path / "note.txt"
    note.write_text("Boko Haram will attack Niger. ISWAP attacked Maiduguri in May 2021.\n", "utf-8")
    assert command("assess", note, "--events", EVENTS, "--case", "case", "--dated", "2020-01-01")[0] == 0
    code, out, err = command("outlook", "--case", "case", "--json")
    assert code == 0, err
    entries = json.loads(out)["entries"]
    assert [(e["said"], e["said_how"]) for e in entries] == [("2020-01-01", "set")] * len(entries)
    assert entries
