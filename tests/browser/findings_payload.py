"""Findings made by hand on the sample reading. Synthetic: the group, the sources and every number are invented."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from report_sample import SampleReading, document, reading

from spillover.reading.document import Block
from spillover.reading.statement import Statement

GED, SECRET = "a1b2c3d4e5f6", "0f1e2d3c4b5a"
COVERAGE = "UCDP GED 22.1 (synthetic): Mali, Burkina Faso, Niger, 1989-01-01 to 2021-12-31"
ATTACKS, ATTACKS_BEFORE = "st_dda889941c", "st_92ecf93ec8"
SOLDIERS, CIVILIANS, ACTIVE = "st_e2d1debcaf", "st_7dc0f70f8f", "st_21b3c5bb0a"
SPILL, BACKING, SIZE, SIZE_SOON = "st_79c9dbf001", "st_3055c2025f", "st_4850c2b4f0", "st_88712322dc"
DENIED, STRIKE, MERGER, PORTS = "st_74c759474c", "st_2d637d91f9", "st_f2e5fff1bb", "st_516ac14eb6"
NASTY = "</script><script>alert(1)</script> <b>bold</b>"
SQL = (
    "WITH claim AS (SELECT DATE '2021-01-01' AS first, DATE '2021-06-30' AS last)\n"
    "SELECT count(*) AS events FROM events, claim\n"
    "WHERE actor = 'Harmattan Brigades' AND date_start BETWEEN claim.first AND claim.last"
)
FATAL = {"code": "fatal_only", "text": "UCDP counts only events in which somebody was killed."}
LATE = {"code": "late_reports", "text": "Events of the last months are often added in a later release."}
VERDICTS = {
    "matches": ("Matches the record", "Matches", "good", "The claim lies within what the record has."),
    "partly": ("Borne out in part", "Partly", "warn", "Some of the claim is in the record, some is not."),
    "above_record": ("Above the record", "Above", "warn", "The claim is more than the record has."),
    "below_record": ("Below the record", "Below", "warn", "The claim is less than the record has."),
    "no_record": ("Not in the record", "No record", "neutral", "The record has nothing of it, which is no proof."),
    "contradicts": ("Against the record", "Contradicts", "bad", "The record has what the claim denies."),
    "came_true": ("Came true", "Came true", "good", "It came after it was said, and was not so before."),
    "already_so": ("Was so already", "Already so", "neutral", "It was so before it was said."),
    "ambiguous": ("Cannot be decided", "Ambiguous", "warn", "The record can be read both ways."),
    "did_not": ("Did not come", "Did not", "bad", "Its time has passed and the record has nothing of it."),
    "pending": ("Still open", "Pending", "open", "Its time has not passed, or the data do not reach so far."),
    "agrees": ("Sources agree", "Agree", "good", "An independent source says the same."),
    "disagrees": ("Sources disagree", "Disagree", "bad", "Another source says otherwise."),
    "alone": ("One source alone", "Alone", "open", "No other source in the case speaks of it."),
    "untestable": ("Could not be tested", "Untested", "neutral", "No event data can speak to such a claim."),
}
BLANK: dict[str, Any] = {
    "place": None, "claimed": None, "record": None, "before": None, "after": None, "period": None, "sets": [],
    "coverage": "", "caveats": [], "sql": None, "events": [], "tempo": None, "others": [], "independent": 1,
    "score": None,
}  # fmt: skip
SAID = "2021-09-03"
SECOND_TEXT = "A note from Niamey says there were 50 attacks by the Harmattan Brigades up to June 2021."


def second_reading() -> SampleReading:
    """Another source, with one count of its own."""
    name = hashlib.sha256(SECOND_TEXT.encode()).hexdigest()
    about = replace(document().metadata, title="A note from Niamey", author="Another author", url=None)
    blocks = (Block(0, len(SECOND_TEXT), "paragraph"),)
    doc = replace(
        document(), sha256=name, name="note.txt", text=SECOND_TEXT, blocks=blocks, metadata=about, warnings=()
    )
    data = next(s for s in reading().statements if s.id == ATTACKS).to_dict()
    quote = "there were 50 attacks by the Harmattan Brigades up to June 2021"
    at = SECOND_TEXT.index(quote)
    who = SECOND_TEXT.index("the Harmattan")
    data |= {"id": "st_0000000050", "document": doc.id, "attribution": []}
    data["evidence"] = {"start": at, "end": at + len(quote), "quote": quote}
    data["subject"] |= {"surface": "the Harmattan Brigades", "start": who, "end": who + 22, "antecedent": None}
    data["quantity"] |= {"surface": "50", "low": 50.0, "high": 50.0}
    return SampleReading(doc, (Statement.from_dict(data),), ())


def checks() -> dict[str, Any]:
    """``payload.checks`` for the two readings: every verdict is there."""
    findings = _findings()
    verdicts = {k: dict(zip(("name", "short", "tone", "about"), v, strict=True)) for k, v in VERDICTS.items()}
    return {"sets": _sets(), "findings": findings, "outlook": _outlook(), "words": {"verdicts": verdicts}}


def _finding(number: int, statement: str, kind: str, verdict: str, reason: str, **more: Any) -> dict[str, Any]:
    own = {"id": f"fi_{number:010}", "statement": statement, "document": document().id, "kind": kind}
    return BLANK | own | {"verdict": verdict, "reason": reason} | more


def _record(low: int, best: int, high: int, unit: str = "events") -> dict[str, Any]:
    checked = {"sets": [GED], "coverage": COVERAGE, "caveats": [FATAL], "sql": SQL}
    return {"record": {"unit": unit, "low": low, "best": best, "high": high}} | checked


def _claimed(text: str, low: float | None, high: float | None) -> dict[str, Any]:
    return {"text": text, "low": low, "high": high}


def _stretch(start: str | None, end: str | None, n: int, first: str | None, last: str | None) -> dict[str, Any]:
    return {"start": start, "end": end, "low": n, "best": n, "high": n + n // 5, "first": first, "last": last}


def _event(number: int, day: str, score: float) -> dict[str, Any]:
    return {
        "id": str(59550 + number), "dataset": "ucdp-ged", "date_start": day, "date_end": day, "place": "Dori",
        "country": "BFA", "lat": 14.03, "lon": -0.03, "actor_a": "Harmattan Brigades",
        "actor_b": "Government of Burkina Faso", "deaths_low": 20, "deaths_best": 22, "deaths_high": 25, "score": score,
        "parts": {"time": 1.0, "place": 0.9, "actor": round(score - 0.1, 2)},
    }  # fmt: skip


def _withheld() -> dict[str, Any]:
    kept = {"id": "MLI4711", "dataset": "acled", "score": 0.61, "parts": {"time": 1.0, "place": 0.5, "actor": 0.4}}
    return dict.fromkeys(_event(1, "", 0.5)) | kept


def _tempo(place: str, counts: list[int], start: str = "2018-01") -> dict[str, Any]:
    deaths = [3 * n for n in counts]
    own = {"actor": "Harmattan Brigades", "place": place, "unit": "month" if "-" in start else "year"}
    return own | {"start": start, "counts": counts, "deaths": deaths}


def _findings() -> list[dict[str, Any]]:
    months = [0, 0, 1, 0, 2, 1, 0, 3, 2, 2, 4, 3, 2, 4, 5, 3, 6, 4, 5, 2, 3, 5, 4, 6] + [5, 4, 6, 7, 5, 8, 6, 9] * 3
    other = second_reading()
    half = {"start": "2021-01-01", "end": "2021-06-30"}
    day = {"start": "2021-02-14", "end": "2021-02-14"}
    year = {"start": "2022-01-01", "end": "2022-12-31"}
    said = {
        "statement": "st_0000000050", "document": other.document.id, "source": "Another author", "date": "2021-09-03",
        "text": "50 attacks", "same": False,
    }  # fmt: skip
    gone = {"statement": "st_gone", "document": "sha256:gone", "source": "A lost source", "date": None}
    no_place = "The claim names no place, and without one no event can be counted."
    opinion = "What a group wants leaves no trace in event data."
    return [
        _finding(1, ATTACKS, "count", "above_record", "The claim is 64 attacks; the record has 44 (40 to 52).",
                 claimed=_claimed("64 attacks", 64, 64), period=half, tempo=_tempo("Burkina Faso", months),
                 events=[_event(i, f"2021-0{i}-11", 0.9 - i / 20) for i in range(1, 6)], **_record(40, 44, 52)),
        _finding(2, ATTACKS, "count", "disagrees", "Another source says 50 for the same months.",
                 claimed=_claimed("64 attacks", 64, 64), period=half, independent=1,
                 others=[said, gone | {"text": "about 60 attacks", "same": True}]),
        _finding(3, ATTACKS_BEFORE, "count", "matches", "The claim is 29 attacks; the record has 27 to 31.",
                 claimed=_claimed("29 attacks", 29, 29), period={"start": "2020-01-01", "end": "2020-06-30"},
                 **_record(27, 29, 31)),
        _finding(4, SOLDIERS, "count", "matches", "One event fits: 22 deaths (20 to 25) near Dori that day.",
                 claimed=_claimed("23 soldiers", 23, 23), period=day,
                 events=[_event(4, "2021-02-14", 0.93), _withheld()], **_record(20, 22, 25, "deaths")),
        _finding(5, CIVILIANS, "count", "below_record", "The record has more civilian deaths that day than claimed.",
                 claimed=_claimed("at least 11 civilians", 11, None), period=day, **_record(700, 900, 1100, "deaths")),
        *[_finding(6 + i, ACTIVE, "presence", verdict, reason, place={"surface": place, "place": code},
                   period={"start": "2020-05-01", "end": None},
                   tempo=_tempo(place, [*months[:28], *[0] * 6], "2019-01") if tempo else None, **_record(n, n, n))
          for i, (verdict, reason, place, code, n, tempo) in enumerate([
              ("matches", "The record has 12 events of the group there since then.", "Burkina Faso", "BFA", 12, True),
              ("partly", "The record has events there, the last of them in 2020.", "Niger", "NER", 3, False),
              ("no_record", "The record has no event of the group there.", "northern Benin", "BEN", 0, False)])],
        _finding(10, DENIED, "event", "contradicts", "The record gives the bombing to the group that denies it.",
                 **_record(1, 1, 1)),
        _finding(11, SPILL, "event", "came_true", "No event before it was said, 4 after.",
                 place={"surface": "Togo", "place": "TGO"}, period=year,
                 before=_stretch("2015-01-01", SAID, 0, None, None),
                 after=_stretch("2021-09-04", "2022-12-31", 4, "2022-02-09", "2022-11-24"),
                 tempo=_tempo("Togo", [0] * 49 + [1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0]),
                 score={"name": "Brier", "value": 0.11, "low": 0.04, "high": 0.2}, **_record(4, 4, 4)),
        _finding(12, SPILL, "event", "ambiguous", "One event there, by a group that the record leaves unnamed.",
                 place={"surface": "Ghana", "place": "GHA"}, period=year,
                 before=_stretch(None, SAID, 0, None, None), after=_stretch("2021-09-04", None, 1, "2022-05-02", None),
                 tempo=_tempo("Ghana", [0, 0, 0, 0, 1], "2018"), **_record(0, 1, 1)),
        _finding(13, BACKING, "tie", "already_so", "The record has both fighting side by side since 2019.",
                 before=_stretch("2015-01-01", SAID, 6, "2019-03-02", "2021-05-06"), **_record(6, 6, 6)),
        _finding(14, MERGER, "tie", "did_not", "Both act under their own names to the end of the data.",
                 after=_stretch("2021-09-04", "2021-12-31", 9, "2021-09-09", "2021-12-20"), **_record(9, 9, 9)),
        _finding(15, SIZE_SOON, "strength", "pending", "The data end before the day that the claim names.",
                 claimed=_claimed("2,000 fighters", 2000, 2000), caveats=[LATE]),
        _finding(16, SIZE, "strength", "alone", "No other source in the case gives the group's strength in 2019.",
                 claimed=_claimed("800 to 1,200 fighters", 800, 1200)),
        _finding(17, STRIKE, "event", "agrees", "Two independent sources tell of the strike.", independent=2,
                 others=[gone | {"text": f"an air strike near Labbezanga {NASTY}", "same": True}]),
        _finding(18, "st_0e439cce74", "aim", "untestable", opinion),
        _finding(19, "st_a3e8618866", "aim", "untestable", opinion),
        _finding(20, PORTS, "event", "untestable", no_place),
        _finding(21, "st_not_here", "count", "untestable", no_place),
        _finding(22, "st_0000000050", "count", "matches", "=1+1 begins this reason, which a spreadsheet must not run.",
                 claimed=_claimed("50 attacks", 50, 50), document=other.document.id, **_record(40, 44, 52)),
    ]  # fmt: skip


def _sets() -> list[dict[str, Any]]:
    common = {"what": "events", "fatal_only": True, "provisional": False, "notes": []}
    ged = {
        "id": GED, "dataset": "ucdp-ged", "name": "Sample of a georeferenced event data set", "release": "22.1",
        "rows": 6416, "skipped": 1, "coverage": "Mali, Burkina Faso, Niger, 1989-01-01 to 2021-12-31",
        "licence": "CC BY 4.0", "attribution": "Synthetic data in the form of UCDP GED; no number in it is real.",
        "notes": ["137 rows have their bounds out of order: kept as they are"],
    }  # fmt: skip
    own = {
        "id": SECRET, "dataset": "acled", "name": "Sample under the user's own licence", "release": None, "rows": 1,
        "skipped": 0, "coverage": "Mali, 2021-01-01 to 2021-12-31", "licence": "the user's own",
        "attribution": f"Synthetic. {NASTY}", "fatal_only": False, "provisional": True,
    }  # fmt: skip
    return [common | ged, common | own]


def _outlook() -> dict[str, Any]:
    brier = {"name": "Brier", "value": 0.11, "low": 0.04, "high": 0.2}
    likely = {"cue": "likely", "low": 0.55, "high": 0.8}

    def entry(number: int, statement: str, what: str, verdict: str, **more: Any) -> dict[str, Any]:
        own = {"finding": f"fi_{number:010}", "statement": statement, "source": "Salma Ould Brahim", "said": SAID}
        rest = {"said_how": "document", "what": what, "horizon": "2022-12-31", "likelihood": None, "verdict": verdict}
        return own | rest | {"score": None} | more

    return {
        "entries": [
            entry(11, SPILL, "expansion into Togo", "came_true", likelihood=likely, score=brier),
            entry(12, SPILL, "expansion into Ghana", "ambiguous", likelihood=likely),
            entry(13, BACKING, "Sahel Emirate supports", "already_so"),
            entry(14, MERGER, "merger with the Azawak Front", "did_not", horizon=None,
                  source="Institute for Security Studies", said_how="not before"),
            entry(15, SIZE_SOON, "2,000 fighters", "pending", said=None,
                  likelihood={"cue": "could", "low": None, "high": None}),
        ],
        "sources": [
            {"source": "Salma Ould Brahim", "forecasts": 4, "ended": 3, "came_true": 1, "score": None,
             "note": "too few have ended for a score (3 of at least 10)"},
            {"source": "Institute for Security Studies", "forecasts": 12, "ended": 10, "came_true": 4,
             "score": {"name": "Brier", "value": 0.2, "low": 0.1, "high": 0.3}, "note": None},
        ],
    }  # fmt: skip
