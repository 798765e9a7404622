"""How violence spreads, drawn in the report, in a real browser; the events are made up (``spread_sample``)."""

from __future__ import annotations

import copy
import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from findings_payload import checks
from report_sample import ACTORS, reading
from spread_sample import BRIGADE, few, measured, selection, with_contagion
from test_report_page import AXE, CONTRAST

from spillover.publishing.report.spread import spread_data

pytestmark = pytest.mark.browser
PART = "#spread"


@pytest.fixture(scope="session")
def made():
    return with_contagion()


@pytest.fixture(scope="session")
def data(made):
    return spread_data(made)


@pytest.fixture(scope="session")
def reports(tmp_path_factory, made):
    """``whole``: with the contagion model; ``short``: without; ``unsure``: a model that its placebos fail; ``few``:
    three events; ``none``: event data, but nothing measured; ``alone``: no event data."""
    from spillover.errors import SpilloverError
    from spillover.publishing.report import write_report

    folder = tmp_path_factory.mktemp("spread")
    unsure = copy.copy(made.contagion)
    unsure.placebos = dict.fromkeys(made.contagion.placebos, (unsure.offspring.raw,))
    found = {
        "whole": made, "short": measured(), "unsure": replace(made, contagion=unsure), "few": few(), "none": None,
    }  # fmt: skip
    try:
        written = {
            name: write_report([reading()], folder / f"{name}.html", actors=ACTORS, checks=checks(), spread=spread)
            for name, spread in found.items()
        }
        return written | {"alone": write_report([reading()], folder / "alone.html", actors=ACTORS)}
    except SpilloverError as error:
        pytest.skip(str(error))


@pytest.fixture
def look(visit):
    """The report with the contagion model, unless another is named."""
    return lambda name="whole", **options: visit(name, **options)


def text(locator) -> str:
    return " ".join(locator.inner_text().split())


def percent(share: float) -> str:
    return f"{100 * share:.{int(share < 0.1)}f} %".replace(".0 ", " ").replace(" ", "\u00a0")


def unfold(watched) -> None:
    for summary in watched.page.locator(f"{PART} summary").all():
        summary.click()


@pytest.mark.parametrize("name", ["whole", "short", "unsure", "few", "none", "alone"])
def test_opens_without_a_complaint_or_a_request(look, name):
    watched = look(name)
    watched.page.locator("#findings").wait_for()
    unfold(watched)
    watched.assert_clean()


def test_it_has_its_place_in_the_bar_and_in_the_page(look):
    watched = look()
    watched.page.get_by_role("navigation", name="Sections").get_by_role("button", name="Spread").click()
    assert watched.page.evaluate("document.activeElement.id") == "spread"
    assert f"{len(selection())} events, 2019-01-01 to 2021-12-31" in text(watched.page.locator(PART))
    for before, after in (("#outlook", PART), (PART, "#table")):
        boxes = [watched.page.locator(part).bounding_box()["y"] for part in (before, after)]
        assert boxes[0] < boxes[1]
    alone = look("alone")
    assert alone.page.locator(PART).count() == 0
    assert alone.page.get_by_role("navigation", name="Sections").get_by_role("button", name="Spread").count() == 0


def test_every_measure_is_told_in_words(look, made):
    told = text(look().page.locator(PART))
    for section in made.sections():
        assert " ".join(section.text.split()) in told, section.title
    assert "Data. Made-up events 1.0." in told


def test_what_changed_lately_is_a_table_with_ratios_drawn(look, data):
    part = look().page.locator(PART)
    table = part.get_by_role("region", name="What changed lately").locator("table")
    rows = [text(row) for row in table.locator("tbody tr:not(.head)").all()]
    whole = data["lately"]["rows"][0]
    assert rows[0].startswith(f"All events {whole['events']} ")
    assert f"{whole['ratio']:.2f} ({whole['wide_low']:.2f} to {whole['wide_high']:.2f})" in rows[0]
    assert len(rows) == len(data["lately"]["rows"])
    assert table.locator("svg circle").count() == sum(row["ratio"] is not None for row in data["lately"]["rows"])
    assert [text(head) for head in table.locator("tr.head").all()] == ["Countries", "First-order divisions", "Actors"]
    assert any(row.startswith(f"{BRIGADE} ") for row in rows), "markup in the data stays words"
    headers = table.get_by_role("columnheader").all_inner_texts()
    assert [name for name in headers if name] == ["Where or who", "Events, 4 weeks", "Expected", "Ratio (95 %)", "Flag"]


def test_tempo_is_drawn_with_its_changes_and_their_support(look, data):
    watched = look()
    part = watched.page.locator(PART)
    plot = part.get_by_role("img", name=f"Events by month: {len(selection())} from Jan 2019 to Dec 2021")
    tempo = data["tempo"]
    assert plot.locator("rect.bar").count() == sum(n > 0 for n in tempo["events"])
    assert plot.locator("line.break").count() == len(tempo["breaks"]) > 0
    assert sorted(plot.locator("text.support").all_text_contents()) == sorted(
        f"{round(b['support'] * 100)} %" for b in tempo["breaks"]
    )
    part.get_by_text("as a table").first.click()
    rows = part.get_by_role("group", name="Changes of tempo").locator("tbody tr")
    rows.first.wait_for()  # the table is made when the browser says that it was opened, a moment after the click
    assert rows.count() == len(tempo["breaks"])


def test_the_map_has_cells_first_hits_and_arrows_across_the_border(look, data):
    part = look().page.locator(PART)
    svg = part.get_by_role("img", name="Map of")
    assert svg.locator("path.cell").count() == len(data["map"]["cells"])
    assert svg.locator("path.cell.fresh").count() == sum(cell["fresh"] for cell in data["map"]["cells"])
    assert svg.locator("path.hit").count() == len(data["map"]["hits"]) == 4
    assert sorted(svg.locator("text.country").all_text_contents()) == ["Burkina Faso", "Niger"]
    assert svg.locator("path.arrow").count() == 2
    across = [r for r in data["contagion"]["spillover"]["country"]["window"] if r["from"] != r["to"]]
    assert sorted(svg.locator("text.share").all_text_contents()) == sorted(percent(r["share"]) for r in across)
    assert "Burkina Faso → Niger" in text(part) and "Niger to Burkina Faso: " in svg.get_attribute("aria-label")
    frame = svg.bounding_box()
    for mark in (*svg.locator("path.cell").all(), *svg.locator("path.hit").all(), *svg.locator("path.arrow").all()):
        box = mark.bounding_box()
        assert frame["x"] <= box["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"]
        assert frame["y"] <= box["y"] and box["y"] + box["height"] <= frame["y"] + frame["height"]


def test_near_repeats_are_a_table_of_bands(look, data):
    table = look().page.locator(PART).get_by_role("region", name="Near repeats by distance and time").locator("table")
    assert table.locator("tbody td").count() == len(data["near_repeat"]["table"]) == 25
    nearest = data["near_repeat"]["table"][0]
    assert text(table.locator("tbody td").first).startswith(f"{nearest['year_ratio']:.2f}".rstrip("0")[:3])
    assert f"{nearest['pairs']} / " in text(table.locator("tbody td").first)
    clear = sum(c["p"] <= 0.05 and c["year_p"] <= 0.05 for c in data["near_repeat"]["table"])
    assert table.get_by_text("*", exact=True).count() == clear > 0


def test_the_estimate_stands_beside_its_placebos_on_one_axis(look, made):
    plot = look().page.locator(PART).get_by_role("img", name="Events that one event sets off")
    o = made.contagion.offspring
    assert f"{o.value:.2f} ({o.low:.2f} to {o.high:.2f}" in plot.get_attribute("aria-label")
    for words in ("times shuffled within group", "moved by up to 180 days", "smoothed local rate"):
        assert words in plot.get_attribute("aria-label")
    assert plot.locator("circle").count() == 2 + sum(len(found) for found in made.contagion.placebos.values())
    x = [float(circle.get_attribute("cx")) for circle in plot.locator("circle").all()]
    assert max(x[2:]) < float(plot.locator("line.half").get_attribute("x1")) < x[1] < x[0] + 100
    assert (plot.locator("line.thick").count(), plot.locator("line.thin").count()) == (1, 1)


def test_who_set_off_whose_events_by_kind_and_year(look, data):
    watched = look()
    part = watched.page.locator(PART)
    matrix = part.get_by_role("region", name="Who set off whose events").locator("table")
    countries = data["contagion"]["spillover"]["country"]
    assert [text(row).split(" ")[0] for row in matrix.locator("tbody tr").all()] == [
        {"BFA": "Burkina", "NER": "Niger"}[n["name"]] for n in countries["names"]
    ]
    assert matrix.locator("tbody td strong").count() == len(countries["window"])
    part.get_by_role("button", name="Groups").click()
    assert BRIGADE in text(matrix) and "Burkina" not in text(matrix)
    part.get_by_role("button", name="Countries").click()
    part.get_by_label("Years").select_option("2021")
    rows = [r for r in countries["years"] if r["year"] == 2021]
    assert matrix.locator("tbody td strong").count() == len(rows)
    arrows = part.get_by_role("img", name="Map of").locator("path.arrow")
    assert arrows.count() == sum(r["from"] != r["to"] for r in rows), "the map's arrows follow the year"
    assert "Across borders, 2021: " in text(part)
    part.get_by_text("As a table").last.click()
    shown = part.get_by_role("group", name="Who set off whose events, by year").locator("tbody tr")
    shown.first.wait_for()
    assert shown.count() == len(rows)
    watched.assert_clean()


def test_without_the_model_it_says_how_to_get_it(look):
    told = text(look("short").page.locator(PART))
    assert "No contagion model in this report" in told and "spillover assess … --contagion" in told
    assert "No arrows across borders: they come from the contagion model, which is not in this report." in told


def test_what_its_placebos_fail_is_not_drawn_as_arrows(look):
    watched = look("unsure")
    told = text(watched.page.locator(PART))
    assert "no triggering can be told from slow local waves here" in told.lower()
    assert "Who set off whose events is not shown" in told
    assert watched.page.locator(f"{PART} path.arrow").count() == 0
    assert watched.page.get_by_role("img", name="Events that one event sets off").is_visible()


def test_few_or_no_events_are_said_so(look):
    told = text(look("few").page.locator(PART))
    assert "Could not be worked out: near repeats need 20 events" in told
    told = text(look("none").page.locator(PART))
    assert "No events to measure" in told
    look("none").page.locator(PART).screenshot(path=_shot("spread-none"))


def test_exports_what_it_shows(look, data, tmp_path):
    watched = look(accept_downloads=True)
    buttons = {
        "lately.csv": "What changed lately as CSV", "spill.csv": "Who set off whose events as CSV",
        "all.json": "Spread as JSON",
    }  # fmt: skip
    for name, button in buttons.items():
        with watched.page.expect_download() as download:
            watched.page.get_by_role("button", name=button).click()
        download.value.save_as(tmp_path / name)
    assert json.loads((tmp_path / "all.json").read_text("utf-8")) == data
    rows = list(csv.DictReader(io.StringIO((tmp_path / "lately.csv").read_text("utf-8-sig"))))
    assert [int(r["events"]) for r in rows] == [r["events"] for r in data["lately"]["rows"]]
    spill = list(csv.DictReader(io.StringIO((tmp_path / "spill.csv").read_text("utf-8-sig"))))
    table = data["contagion"]["spillover"]["country"]
    assert len(spill) == len(table["window"]) + len(table["years"])
    assert spill[0]["year"] == "all"


def test_keyboard_reaches_everything(look):
    page = look().page
    page.locator(PART).focus()
    passed: list[str] = []
    for _ in range(16):
        page.keyboard.press("Tab")
        passed.append(
            page.evaluate("(e => e.getAttribute('aria-label') ?? e.textContent.trim())(document.activeElement)")
        )
    assert [name for name in passed if name][:7] == [
        "What changed lately as CSV", "Spread as JSON", "What changed lately", passed[3],
        "First hits, the latest first", "Near repeats by distance and time", "Countries",
    ]  # fmt: skip
    assert "as a table" in passed[3]
    page.get_by_role("button", name="Groups").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("button", name="Groups").get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("width", [320, 360, 768, 1024])
def test_no_sideways_scrolling_and_nothing_cut_off(look, width):
    watched = look(width=width, height=740)
    unfold(watched)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
    wide = f"[...document.querySelectorAll('{PART} *')].filter(e => !e.closest('.scroll-x, .rows, .sr')"
    wide += " && e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 90))"
    assert watched.page.evaluate(wide) == []
    watched.page.locator(PART).screenshot(path=_shot(f"spread-{width}"))


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 360)])
@pytest.mark.parametrize("name", ["whole", "none"])
def test_axe_finds_nothing(look, name, scheme, width):
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: python hatch_build.py --check")
    watched = look(name, scheme=scheme, width=width)
    unfold(watched)
    watched.page.evaluate(AXE.read_text("utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    result = watched.page.evaluate(f"tags => axe.run('{PART}', {{runOnly: tags}})", tags)
    grave = [f"{v['impact']} {v['id']}: {n['html'][:160]}" for v in result["violations"] for n in v["nodes"]]
    assert grave == [], "\n".join(grave)
    watched.assert_clean()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(look, scheme):
    watched = look(scheme=scheme)
    for selector in (f"{PART} td", f"{PART} .muted", f"{PART} dd", f"{PART} .flag"):
        measured = watched.page.evaluate(CONTRAST, selector)
        assert measured, selector
        assert [(words, ratio) for words, ratio in measured if ratio < 4.5] == [], selector


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_are_kept_and_paper_carries_it(look, scheme):
    watched = look(scheme=scheme)
    watched.page.locator(PART).screenshot(path=_shot(f"spread-{scheme}"))
    watched.page.emulate_media(media="print", color_scheme=scheme)
    part = watched.page.locator(PART)
    assert not part.get_by_role("button", name="Spread as JSON").is_visible()
    assert not part.get_by_label("Years").is_visible()
    colour = watched.page.evaluate(f"getComputedStyle(document.querySelector('{PART} .words')).color")
    assert colour == "rgb(0, 0, 0)"
    watched.page.pdf(path=_shot(f"spread-print-{scheme}", "pdf"))


def test_without_scripts_words_and_tables_are_there(look, made):
    told = text(look(java_script_enabled=False).page.locator("#plain"))
    for section in made.sections():
        assert " ".join(section.text.split()) in told, section.title
    assert "Burkina Faso Niger" in told
    assert "up to 1 1 to 7" in told


def _shot(name: str, kind: str = "png") -> Path:
    folder = Path(__file__).resolve().parents[2] / "test-output" / "report"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.{kind}"
