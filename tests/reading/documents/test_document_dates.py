"""Dates of publication: only what the document states as such."""

from __future__ import annotations

from datetime import date

import pytest

from spillover.reading.documents.bylines import byline
from spillover.reading.documents.dates import line_date, parse_date
from spillover.reading.documents.parse import parse

DAY = date(2021, 9, 12)
BODY = "Gunmen attacked the convoy on 3 August 2020 near the river, and officials said that two soldiers were killed."


@pytest.mark.parametrize(
    "line",
    [
        "KABUL, Sept. 12, 2021 – Gunmen attacked",
        "KABUL, Afghanistan (AP) — Sept 12, 2021 — Gunmen attacked",
        "MAIDUGURI, 12 September 2021 – Four months after",
        "12 September 2021",
        "Sunday, September 12th, 2021",
        "Sept. 12, 2021, 10:30 a.m.",
        "Published: 12 September 2021",
        "Posted on 2021-09-12T10:00:00Z",
        "By Jane Doe | Sept. 12, 2021",
        "kabul, 12 sept 2021 (afp) -- gunmen attacked",
    ],
)
def test_lines_that_date_a_document(line: str) -> None:
    assert line_date(line) == DAY
    document = parse(f"The Title of the Report\n\n{line}\n\n{BODY}".encode(), name="a.txt")
    assert (document.metadata.date, document.metadata.date_source) == (DAY, "dateline")


@pytest.mark.parametrize(
    "line",
    [
        "KABUL, Sept. 12 – Gunmen attacked",
        "On 12 September 2021 the group attacked – and lost.",
        "In Kabul, Sept. 12, 2021 – the day of the attack – was quiet.",
        "The attack of 12 September 2021 was the worst.",
        "May 2021",
        "31 February 2021",
        "12 September 3021",
        "Room 12, March 4",
    ],
)
def test_lines_that_do_not(line: str) -> None:
    assert line_date(line) is None
    document = parse(f"The Title of the Report\n\n{line}\n\n{BODY}".encode(), name="a.txt")
    assert (document.metadata.date, document.metadata.date_source) == (None, None)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2021-09-12T08:00:00+04:30", DAY),
        ("20210912", DAY),
        ("Sun, 12 Sep 2021 10:00:00 GMT", DAY),
        ("13/09/2021", date(2021, 9, 13)),
        ("09/13/2021", date(2021, 9, 13)),
        ("12/09/2021", None),
        ("2021-13-45", None),
        ("September 2021", None),
        ("", None),
    ],
)
def test_dates_in_metadata(value: str, day: date | None) -> None:
    assert parse_date(value) == day


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Sana Whitfield", "Sana Whitfield"),
        ("BY SANA WHITFIELD", "SANA WHITFIELD"),
        ("By Sana Whitfield and Omar al-Masri", "Sana Whitfield and Omar al-Masri"),
        ("Author: Ruth Adamu-Keller", "Ruth Adamu-Keller"),
        ("By the river, gunmen attacked.", None),
        ("By September the group had left the valley", None),
        ("By Monday", None),
    ],
)
def test_bylines(line: str, name: str | None) -> None:
    assert byline(line) == name
