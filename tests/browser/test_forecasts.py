"""What the record lets expect, drawn in the report, in a real browser; the events are the example's, made up."""

from __future__ import annotations

import csv
import io
import json

import pytest
from findings_payload import checks
from forecast_sample import made
from report_sample import ACTORS, reading
from test_report_page import AXE, CONTRAST

from spillover.publishing.report.forecasts import forecast_data

pytestmark = pytest.mark.browser
PART = "#forecasts"


@pytest.fixture(scope="session")
def data():
    return forecast_data(made())


@pytest.fixture(scope="session")
def reports(tmp_path_factory):
    """``whole``: with forecasts; ``none``: not asked for; ``why``: the reason why there are none."""
    from spillover.errors import SpilloverError
    from spillover.publishing.report import write_report

    folder = tmp_path_factory.mktemp("forecasts")
    found = {"whole": made(), "none": None, "why": "the record is too <b>short</b>"}
    try:
        return {
            name: write_report([reading()], folder / f"{name}.html", actors=ACTORS, checks=checks(), forecasts=ahead)
            for name, ahead in found.items()
        }
    except SpilloverError as error:
        pytest.skip(str(error))


@pytest.fixture
def look(visit):
    """The report with forecasts, unless another is named."""
    return lambda name="whole", **options: visit(name, **options)


def text(locator) -> str:
    return " ".join(locator.inner_text().split())


def test_a_fan_is_drawn_for_each_with_its_words(look, data):
    watched = look()
    fans = watched.page.locator(f"{PART} .fans figure")
    assert [text(name) for name in fans.locator("figcaption").all()] == [unit["name"] for unit in data["units"]]
    for fan in fans.all():
        assert fan.locator("path.band").count() == 3
        assert all(fan.locator(f"path.{line}").get_attribute("d") for line in ("history", "median"))
    first = data["units"][0]
    words = fans.first.get_by_role("img").get_attribute("aria-label")
    assert words.startswith(f"{first['name']}: deaths a month from 2024-01 to 2024-12, median ")
    watched.assert_clean()
    watched.page.locator(PART).scroll_into_view_if_needed()
    watched.shot("forecasts")


def test_its_numbers_stand_in_a_table(look, data):
    table = look().page.get_by_role("region", name="Forecasts in numbers").locator("table")
    rows = [text(row) for row in table.locator("tbody tr").all()]
    assert len(rows) == len(data["units"])
    for row, unit in zip(rows, data["units"], strict=True):
        assert row.startswith(
            f"{unit['name']} {unit['last']} {unit['expected']:.1f} {unit['median']} {unit['low90']} to "
        )


def test_the_back_test_and_what_it_got_most_wrong_are_always_beside_it(look, data):
    part = look().page.locator(PART)
    told = text(part)
    for sentence in data["record"]["said"]:
        assert sentence in told
    windows = part.get_by_role("region", name="Ratios by window").locator("tbody tr")
    assert [text(row.locator("th")) for row in windows.all()] == [f"{y}-01 to {y}-12" for y in (2021, 2022, 2023)]
    worse = sum(
        round(window[score], 2) > 1 for window in data["record"]["windows"] for score in data["record"]["scores"]
    )
    assert windows.locator("td.worse").count() == worse > 0
    wrong = part.get_by_role("region", name="Where forecasts were most wrong").locator("tbody tr")
    assert [int(text(row.locator("td").last)) for row in wrong.all()] == [
        c["happened"] for c in data["record"]["worst"]
    ]


def test_where_they_may_strike_next_has_its_chance_beside_that_of_any_other_pair(look, data):
    part = look().page.locator(PART)
    rows = part.get_by_role("region", name="Chances where a group was quiet").locator("tbody tr")
    assert rows.count() == len(data["onsets"]["rows"]) > 0
    for row, known in zip(rows.all(), data["onsets"]["rows"], strict=True):
        told = text(row)
        assert told.startswith(f"{known['group']} in {known['name']} ")
        assert f" {round(known['probability'] * 100)} % {round(known['base_rate'] * 100)} % " in told.replace(
            "\u00a0", " "
        )
    assert " ".join(data["onsets"]["said"].split()) in text(part)


def test_it_can_be_had_as_files(look, data):
    page = look().page
    with page.expect_download() as caught:
        page.get_by_role("button", name="What the record lets expect as CSV").click()
    rows = list(csv.DictReader(io.StringIO(caught.value.path().read_text("utf-8-sig"))))
    assert len(rows) == 12 * len(data["units"])
    assert [float(row["q95"]) for row in rows[:12]] == [month[-1] for month in data["units"][0]["quantiles"]]
    with page.expect_download() as caught:
        page.get_by_role("button", name="What the record lets expect as JSON").click()
    assert json.loads(caught.value.path().read_text("utf-8")) == data


def test_how_to_get_one_or_why_there_is_none_is_said(look):
    watched = look("none")
    assert "spillover assess … --forecast" in text(watched.page.locator(PART))
    assert watched.page.locator(f"{PART} figure").count() == 0
    watched = look("why")
    assert "the record is too <b>short</b>" in text(watched.page.locator(PART))
    watched.assert_clean()


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(look, scheme, width):
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: python hatch_build.py --check")
    watched = look(scheme=scheme, width=width)
    watched.page.locator(PART).wait_for()
    watched.page.evaluate(AXE.read_text("utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    result = watched.page.evaluate(f"tags => axe.run('{PART}', {{runOnly: tags}})", tags)
    assert [(v["id"], v["nodes"][0]["html"]) for v in result["violations"]] == []
    for selector in (f"{PART} td.worse", f"{PART} .fans figcaption", f"{PART} .lead"):
        measured = watched.page.evaluate(CONTRAST, selector)
        assert measured and min(ratio for _, ratio in measured) >= 4.5, selector


def test_no_table_hangs_over_the_paper(look):
    watched = look(width=720)
    watched.page.emulate_media(media="print")
    tables = watched.page.locator(f"{PART} table")
    assert tables.count() == 4
    assert max(box["x"] + box["width"] for box in (table.bounding_box() for table in tables.all())) <= 720


def test_it_fits_a_phone(look):
    watched = look(width=360)
    page = watched.page
    page.locator(PART).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    widths = page.locator(f"{PART} .fans svg").evaluate_all(
        "found => found.map(svg => svg.getBoundingClientRect().width)"
    )
    assert widths and min(widths) > 240
