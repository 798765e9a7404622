"""Findings, outlook and data sets of the report in a real browser; the data are synthetic (``findings_payload``)."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from findings_payload import COVERAGE, NASTY, SQL, VERDICTS, checks, second_reading
from report_sample import ACTORS, reading
from test_report_page import AXE, CARD, CONTRAST

pytestmark = pytest.mark.browser
FINDINGS = checks()["findings"]
HERE = [f for f in FINDINGS if f["document"] == reading().document.id]
TESTED = [f for f in HERE if f["verdict"] != "untestable"]
CARDS = "#findings article.finding"


@pytest.fixture(scope="session")
def reports(tmp_path_factory):
    """``checked``: both documents; ``single``: one of them; ``none``: no event data; ``empty``: data, no findings."""
    from spillover.errors import SpilloverError
    from spillover.publishing.report import write_report

    folder = tmp_path_factory.mktemp("findings")
    nothing = checks() | {"findings": [], "outlook": {"entries": [], "sources": []}}
    both = [reading(), second_reading()]
    try:
        return {
            "checked": write_report(both, folder / "checked.html", actors=ACTORS, checks=checks()),
            "single": write_report([reading()], folder / "single.html", actors=ACTORS, checks=checks()),
            "none": write_report([reading()], folder / "none.html", actors=ACTORS),
            "empty": write_report([reading()], folder / "empty.html", actors=ACTORS, checks=nothing),
        }
    except SpilloverError as error:
        pytest.skip(str(error))


@pytest.fixture
def look(visit):
    """The report on both documents, unless another is named."""
    return lambda name="checked", **options: visit(name, **options)


def text(locator) -> str:
    return " ".join(locator.inner_text().split())


def found(watched, number: int):
    return watched.page.locator(f"#finding-fi_{number:010}")


@pytest.mark.parametrize("name", ["checked", "single", "none", "empty"])
def test_opens_without_a_complaint_or_a_request(look, name):
    watched = look(name)
    watched.page.locator("#findings").wait_for()
    for summary in watched.page.locator("#findings summary").all():
        summary.click()
    watched.assert_clean()


def test_every_verdict_is_told_in_words_with_a_shape(look):
    watched = look("single")
    chips = watched.page.locator(f"{CARDS} .top .verdict")
    told = Counter(chips.all_inner_texts())
    assert told == Counter(VERDICTS[f["verdict"]][0] for f in FINDINGS if f["verdict"] != "untestable")
    assert watched.page.locator(f"{CARDS} .top .verdict svg path").count() == chips.count()


def test_statements_carry_their_verdicts_in_list_table_and_card(look):
    watched = look()
    row = watched.page.locator("#statements .row", has_text="64 attacks")
    assert row.locator(".verdict").all_inner_texts() == ["Above", "Disagree"]
    cell = watched.page.locator("#table tbody tr", has_text="northern Benin").locator("[data-name=Check] .verdict")
    assert cell.all_inner_texts() == ["Matches", "Partly", "No record"]
    row.click()
    card = watched.page.locator(CARD)
    assert "Above the record" in text(card)
    assert "The claim is 64 attacks; the record has 44 (40 to 52)." in text(card)
    card.get_by_role("button", name="Numbers and query").first.click()
    assert watched.page.evaluate("document.activeElement.id") == "finding-fi_0000000001"
    assert "f=fi_0000000001" in watched.page.url
    watched.assert_clean()


def test_counts_filter_and_live_in_the_url(look):
    watched = look()
    page = watched.page
    assert page.locator(CARDS).count() == len(TESTED)
    button = page.locator("#findings .count", has_text="Matches")
    assert text(button.locator(".n")) == str(sum(f["verdict"] == "matches" for f in HERE))
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert page.locator(CARDS).count() == 3
    page.locator("#findings .count", has_text="Partly").click()
    assert page.locator(CARDS).count() == 4
    assert "verdict=matches%2Cpartly" in page.url
    assert page.locator("#statements .row").count() == 3, "the statements of the page are filtered along"
    again = look(fragment=page.url.split("#")[1])
    assert again.page.locator(CARDS).count() == 4
    again.page.locator("#findings").get_by_role("button", name="Clear filters").click()
    assert again.page.locator(CARDS).count() == len(TESTED)
    assert "verdict" not in again.page.url


def test_kind_actor_and_words_filter_too(look):
    watched = look()
    page = watched.page
    bar = page.locator("#findings .filters")
    bar.get_by_label("Kind of claim").select_option("presence")
    assert page.locator(CARDS).count() == 3
    bar.get_by_label("Search the findings").fill("LAST of them")
    assert page.locator(CARDS).all_inner_texts()[0].count("Borne out in part") == 1
    assert page.locator(CARDS).count() == 1
    page.locator("#findings").get_by_role("button", name="Clear filters").click()
    bar.get_by_label("Actor of the claim").select_option("sahel-emirate")
    assert page.locator(f"{CARDS} .top").all_inner_texts()[0].startswith("Was so already")
    bar.get_by_label("Search the findings").fill("nothing says this")
    assert page.get_by_text("No finding matches").is_visible()


def test_number_and_interval_are_drawn_and_told(look):
    card = found(look(), 1)
    plot = card.get_by_role("img", name="Claimed: 64. On record: 44 events (40 to 52).")
    assert plot.locator("rect.record").count() == 1
    assert "“64 attacks”" in text(card)
    assert "44 events (40 to 52)" in text(card)
    assert "UCDP counts only events in which somebody was killed." in card.locator(".caveats li").all_inner_texts()
    assert COVERAGE in text(card)
    assert "Period of the claim: Jan–Jun 2021" in text(card)
    assert (
        card.get_by_role("img", name="Events a month: Harmattan Brigades, Burkina Faso").locator(".period").count() == 1
    )


def test_forecast_has_before_after_and_the_day_it_was_said(look):
    card = found(look(), 11)
    rows = [text(row) for row in card.locator("table").first.locator("tbody tr").all()]
    assert rows[0].startswith("Before 1 Jan 2015 – 3 Sep 2021 0")
    assert rows[1].startswith("After 4 Sep 2021 – 31 Dec 2022 4")
    assert "2022-02-09 2022-11-24" in rows[1]
    assert "said on 2021-09-03" in text(card)
    assert card.locator("svg[role=img] line.said").count() == 1
    assert "the time after it was said" in text(card)
    assert "Brier score: 0.11 (0.04 to 0.20)" in text(card)
    card.get_by_text("As a table").click()
    assert card.locator(".rows tbody tr").count() == 60


def test_a_past_claim_was_not_said_at_the_end_of_its_period(look):
    card = found(look(), 1)
    assert "the claim’s period" in text(card)
    assert card.locator("line.said").count() == 0


def test_matched_events_unfold_with_their_parts(look):
    card = found(look(), 4)
    card.get_by_text("The 2 events of the record that fit best").click()
    rows = [text(row) for row in card.locator("details tbody tr").all()]
    assert rows[0].startswith("0.93 1.00 0.90 0.83 2021-02-14 Dori, BFA Harmattan Brigades against")
    assert rows[1] == "0.61 1.00 0.50 0.40 – – – – acled MLI4711"
    assert "1 comes from a data set under your own licence" in text(card)


def test_query_unfolds_and_is_copied(look):
    watched = look()
    card = found(watched, 1)
    assert not card.locator("pre").is_visible()
    card.get_by_text("The query behind the number").click()
    assert card.locator("pre").inner_text() == SQL
    assert "Run it as it stands: spillover events sql '...' --case CASE" in text(card)
    watched.page.evaluate(
        "void (navigator.clipboard.writeText = words => Promise.resolve(void (window.copied = words)))"
    )
    card.get_by_role("button", name="Copy the query").click()
    assert card.get_by_text("Query copied").is_visible()
    assert watched.page.evaluate("window.copied") == SQL
    card.get_by_role("button", name="Copy the command").click()
    quoted = SQL.replace("'", "'\\''")
    assert watched.page.evaluate("window.copied") == f"spillover events sql '{quoted}' --case CASE"
    watched.page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')))")
    card.get_by_role("button", name="Copy the query").click()
    card.get_by_text("Marked: press Ctrl+C").wait_for()
    assert watched.page.evaluate("getSelection().toString()") == SQL


def test_a_claim_leads_to_its_words_also_in_another_document(look):
    watched = look()
    found(watched, 1).get_by_role("button", name="show in the text").click()
    assert watched.page.locator(".seg.lit", has_text="there were").first.is_visible()
    watched.page.keyboard.press("Escape")
    others = [text(item) for item in found(watched, 2).locator(".told ul li").all()]
    assert others == [
        "Another author disagrees, 2021-09-03: “50 attacks”",
        "A lost source agrees, undated: “about 60 attacks”",
    ]
    found(watched, 2).get_by_role("button", name="“50 attacks”").click()
    assert watched.page.locator("h1").inner_text() == "A note from Niamey"
    assert watched.page.locator(".seg.lit", has_text="there were").first.is_visible()
    assert "doc=2" in watched.page.url
    watched.assert_clean()


def test_findings_of_one_document_or_of_all(look):
    watched = look(fragment="doc=2")
    page = watched.page
    assert page.locator(CARDS).count() == 1
    page.get_by_label("Findings of").select_option("all")
    assert page.locator(CARDS).count() == len([f for f in FINDINGS if f["verdict"] != "untestable"])
    assert "findings=all" in page.url
    assert "A note from Niamey" in text(found(watched, 22))


def test_a_link_to_a_finding_opens_at_it(look):
    watched = look(fragment="f=fi_0000000014")
    watched.page.wait_for_function("document.activeElement.id === 'finding-fi_0000000014'")
    assert found(watched, 14).bounding_box()["y"] < 900
    elsewhere = look(fragment="f=fi_0000000022&kind=tie")
    elsewhere.page.locator("#outlook").get_by_role("button", name="expansion into Togo").click()
    elsewhere.page.wait_for_function("document.activeElement.id === 'finding-fi_0000000011'")


def test_outlook_is_a_ledger_with_scores(look):
    watched = look()
    rows = [text(row) for row in watched.page.locator("#outlook table").first.locator("tbody tr").all()]
    assert rows[0] == (
        "Salma Ould Brahim 2021-09-03 date of the document expansion into Togo 2022-12-31 “likely” 55–80 % Came true "
        "Brier 0.11 (0.04 to 0.20)"
    )
    assert "not before this day" in rows[3]
    assert "no date given" in rows[3]
    assert rows[4] == "Salma Ould Brahim undated 2,000 fighters 2022-12-31 “could”, no number Pending –"
    sources = [text(row) for row in watched.page.locator("#outlook table").nth(1).locator("tbody tr").all()]
    assert sources == [
        "Salma Ould Brahim 4 3 1 too few have ended for a score (3 of at least 10)",
        "Institute for Security Studies 12 10 4 Brier 0.20 (0.10 to 0.30)",
    ]
    assert watched.page.get_by_text("0 is perfect").is_visible()


def test_untested_claims_stand_by_their_reason(look):
    watched = look("single")
    groups = watched.page.locator("#untested .groups > li")
    assert [text(g.locator("summary")) for g in groups.all()] == [
        "2 The claim names no place, and without one no event can be counted.",
        "2 What a group wants leaves no trace in event data.",
    ]
    groups.nth(1).get_by_role("button", name="the roads between them").click()
    assert watched.page.locator(".seg.lit", has_text="we").first.is_visible()
    watched.page.locator(CARD).get_by_role("button", name="What else could not be tested").click()
    watched.page.wait_for_function("document.activeElement.id === 'finding-fi_0000000018'")
    watched.page.keyboard.press("Escape")
    watched.page.locator("#findings .count", has_text="Untested").click()
    assert watched.page.locator(CARDS).count() == 0
    assert watched.page.get_by_text("4 claims could not be tested").is_visible()


def test_data_sets_are_named_with_licence_and_attribution(look):
    told = text(look().page.locator("#datasets"))
    for data_set in checks()["sets"]:
        for key in ("name", "coverage", "licence", "attribution"):
            assert data_set[key] in told
    assert "6,416 rows, 1 skipped" in told
    assert "137 rows have their bounds out of order" in told
    assert NASTY in told, "markup in the data stays words"


def test_exports_the_findings_that_are_shown(look, tmp_path):
    watched = look("single", fragment="verdict=matches", accept_downloads=True)
    wanted = [f for f in FINDINGS if f["verdict"] == "matches"]
    for name, button in (("x.csv", "Findings as CSV"), ("x.json", "Findings as JSON"), ("l.csv", "Forecasts as CSV")):
        with watched.page.expect_download() as download:
            watched.page.get_by_role("button", name=button).click()
        download.value.save_as(tmp_path / name)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "x.csv").read_text("utf-8-sig"))))
    assert sorted(r["id"] for r in rows) == sorted(f["id"] for f in wanted)
    assert {r["reason"][:4] for r in rows if r["statement"] == "st_0000000050"} == {"'=1+"}
    exported = json.loads((tmp_path / "x.json").read_text("utf-8"))
    assert sorted(exported, key=lambda f: f["id"]) == sorted(wanted, key=lambda f: f["id"])
    forecasts = list(csv.DictReader(io.StringIO((tmp_path / "l.csv").read_text("utf-8-sig"))))
    assert [f["finding"] for f in forecasts] == [e["finding"] for e in checks()["outlook"]["entries"]]


def test_without_event_data_it_says_how_to_add_them(look):
    watched = look("none")
    told = text(watched.page.locator("#findings"))
    assert "No event data in this case" in told
    assert "spillover events add FILE --case CASE spillover check --case CASE" in told
    for part in ("#outlook", "#untested", "#datasets", ".verdict"):
        assert watched.page.locator(part).count() == 0
    assert watched.page.locator("#table th", has_text="Check").count() == 0
    watched.page.locator("#findings").screenshot(path=_shot("findings-none"))


def test_event_data_without_findings(look):
    watched = look("empty")
    assert watched.page.get_by_text("No findings").is_visible()
    assert watched.page.get_by_text("No forecasts").is_visible()
    assert watched.page.locator("#datasets li").count() >= 2


def test_keyboard_reaches_everything(look):
    watched = look("single")
    page = watched.page
    page.locator("#findings .count", has_text="Above").focus()
    page.keyboard.press("Space")
    assert page.locator(CARDS).count() == 1
    found(watched, 1).locator("h3 button").focus()
    passed = []
    for _ in range(4):
        page.keyboard.press("Tab")
        passed.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert passed == [
        "there were 64 attacks by the HB in the first half of 2021, against 29 a year earlier.: show in the text",
        "As a table",
        "The 5 events of the record that fit best",
        "The query behind the number (SQL)",
    ]
    page.keyboard.press("Enter")
    assert found(watched, 1).locator("pre").is_visible()


@pytest.mark.parametrize("width", [320, 360, 768, 1024])
def test_no_sideways_scrolling_and_nothing_cut_off(look, width):
    watched = look("single", width=width, height=740)
    for summary in watched.page.locator("#findings summary, #untested summary").all():
        summary.click()
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
    wide = "[...document.querySelectorAll('.finding, .finding *')].filter(e => !e.closest('pre, thead, .sr')"
    wide += " && e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 90))"
    assert watched.page.evaluate(wide) == []
    watched.page.locator("#findings").screenshot(path=_shot(f"findings-{width}"))


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 360)])
def test_axe_finds_nothing(look, scheme, width):
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: python hatch_build.py --check")
    watched = look("single", scheme=scheme, width=width)
    for summary in watched.page.locator("#findings summary").all():
        summary.click()
    watched.page.evaluate(AXE.read_text("utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    result = watched.page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)
    grave = [f"{v['impact']} {v['id']}: {n['html'][:160]}" for v in result["violations"] for n in v["nodes"]]
    assert grave == [], "\n".join(grave)
    watched.assert_clean()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_verdicts_stand_out_from_their_ground(look, scheme):
    watched = look("single", scheme=scheme)
    for selector in (".verdict", ".finding .muted", ".caveats li", "#outlook td", "#datasets dd", "#untested li"):
        measured = watched.page.evaluate(CONTRAST, selector)
        assert measured, selector
        assert [(words, ratio) for words, ratio in measured if ratio < 4.5] == [], selector


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_are_kept_and_paper_carries_every_finding(look, scheme):
    watched = look("single", scheme=scheme)
    for part in ("findings", "untested", "outlook", "datasets"):
        watched.page.locator(f"#{part}").screenshot(path=_shot(f"{part}-{scheme}"))
    watched.page.emulate_media(media="print", color_scheme=scheme)
    colour = watched.page.evaluate("getComputedStyle(document.querySelector('.finding .reason')).color")
    assert colour == "rgb(0, 0, 0)"
    assert not watched.page.locator("#findings .filters").is_visible()
    watched.page.pdf(path=_shot(f"findings-print-{scheme}", "pdf"))


def test_without_scripts_findings_and_attributions_are_there(look):
    watched = look(java_script_enabled=False)
    told = text(watched.page.locator("#plain"))
    assert "Above the record 64 attacks 44 events (40 to 52)" in told
    assert "Synthetic data in the form of UCDP GED; no number in it is real." in told


def _shot(name: str, kind: str = "png") -> Path:
    folder = Path(__file__).resolve().parents[2] / "test-output" / "report"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.{kind}"
