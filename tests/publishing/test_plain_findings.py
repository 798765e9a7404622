"""Findings and data sets in the part of the page that needs no script."""

from __future__ import annotations

import html
from typing import Any

from report_sample import bare_reading, reading

from spillover.publishing.report.data import report_data
from spillover.publishing.report.plain import plain_page

NASTY = "</script><img src=x onerror=alert(1)> & '\""
VERDICTS = {"above_record": {"name": "Above the record", "short": "Above", "tone": "warn", "about": ""}}


def checks(**more: Any) -> dict[str, Any]:
    """One finding on the first statement of the sample; its numbers are invented."""
    (first, *_) = reading().statements
    finding = {
        "id": "fi_0000000001", "statement": first.id, "document": reading().document.id, "kind": "event", "place": None,
        "verdict": "above_record", "reason": "The claim is 64 attacks; the record has 44 (40 to 52).",
        "claimed": {"text": "64 attacks", "low": 64, "high": 64},
        "record": {"unit": "events", "low": 40, "best": 44, "high": 1052},
        "caveats": [{"code": "fatal_only", "text": "Only events in which somebody was killed."}],
    } | more  # fmt: skip
    data_set = {
        "id": "a1b2c3d4e5f6", "name": "An event data set", "release": "22.1", "coverage": "Mali, to 2021-12-31",
        "attribution": f"Cite it thus {NASTY}.", "licence": "CC BY 4.0",
    }  # fmt: skip
    return {"sets": [data_set], "findings": [finding], "words": {"verdicts": VERDICTS}}


def page(found: dict[str, Any] | None) -> str:
    return plain_page(report_data([reading(), bare_reading()], checks=found))


def test_a_finding_is_told_in_words_and_numbers():
    told = html.unescape(page(checks()))
    for words in (
        "<td>three commanders of the Dune Army met near Gao in March 2017</td><td></td><td>Above the record</td>",
        "<td>64 attacks</td><td>44 events (40 to 1,052)</td><td>The claim is 64 attacks; the record has 44 (40 to 52).",
        "Only events in which somebody was killed.",
        "<li>An event data set 22.1. Mali, to 2021-12-31. Cite it thus",
        "CC BY 4.0.</li>",
    ):
        assert words in told


def test_everything_is_escaped():
    place = {"surface": NASTY, "place": None}
    found = checks(reason=NASTY, verdict=NASTY, statement=NASTY, place=place, record=None, claimed=None)
    told = page(found)
    assert "<img" not in told
    assert "</script" not in told
    assert told.count(html.escape(NASTY)) == 5


def test_without_event_data_the_page_is_as_it_was():
    assert page(None) == plain_page(
        {k: v for k, v in report_data([reading(), bare_reading()]).items() if k != "checks"}
    )
    assert "Findings" not in page(None)


def test_no_findings_are_no_table():
    assert "No statement makes a claim that the event data can test." in page(checks() | {"findings": [], "sets": []})


def test_checks_go_into_the_data_as_they_are():
    found = checks()
    assert report_data([reading()], checks=found)["checks"] == found
    assert report_data([reading()])["checks"] is None
