"""The spread of violence in the part of the page that needs no script: what each measure says, and the tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spillover.publishing.report.markup import clean, html_table
from spillover.spread.tables import rounded


def spread_part(spread: dict[str, Any]) -> str:
    """The data of :func:`spillover.publishing.report.spread.spread_data` as plain HTML."""
    head = f"{spread['events']:,} events of {spread['words']}, {spread['since']} to {spread['until']}."
    parts = ["<h2>Spread</h2>", f"<p>{clean(head)}</p>"]
    for section in spread["sections"]:
        parts.append(f"<h3>{clean(section['title'])}</h3><p>{clean(section['text'])}</p>")
        parts += _tables(section["measure"], spread)
    if spread["contagion"] is None and "contagion" not in spread["skipped"]:
        parts.append("<p>There is no contagion model in this report: spillover assess … --contagion adds one.</p>")
    parts.append(f"<p>{clean('Data: ' + '; '.join(spread['sources']))}.</p>")
    return "".join(parts)


def _tables(measure: str | None, spread: dict[str, Any]) -> Iterator[str]:
    """The tables that belong to what a measure says."""
    countries, found = spread["countries"], spread.get(measure) if measure else None
    if measure == "first_hits" and spread["map"]:
        yield html_table(_HITS, (_hit(hit) for hit in reversed(spread["map"]["hits"])))
    if not found:
        return
    if measure == "lately":
        yield html_table(_CHANGES, (_change(row, countries) for row in found["rows"]))
    if measure == "tempo" and found["breaks"]:
        yield html_table(_BREAKS, (_break(row) for row in found["breaks"]))
    if measure == "near_repeat":
        yield html_table(_BANDS, (_band(cell) for cell in found["table"]))
    if measure == "contagion" and found["told_apart"]:
        for kind in ("country", "group"):
            columns = (f"From {kind}", f"To {kind}", "Share set off", "90 % interval", "Of events")
            yield html_table(columns, (_spill(row, countries) for row in found["spillover"][kind]["window"]))


_CHANGES = ("Where or who", "Events", "Expected", "Ratio (95 %)", "Flag")
_BREAKS = ("Tempo changed in", "Before", "After", "Support")
_HITS = ("Division", "Country", "First event", "By", "Events since")
_BANDS = ("Distance, km", "Time, days", "Pairs", "Expected", "Ratio", "p")


def _hit(hit: dict[str, Any]) -> tuple[Any, ...]:
    return hit["name"] or "unnamed", hit["country"] or "", hit["first"], hit["group"], hit["events"]


def _break(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["period"], rounded(row["before"]), rounded(row["after"]), f"{row['support']:.0%}"


def _change(row: dict[str, Any], countries: dict[str, str]) -> tuple[Any, ...]:
    name = "all events" if row["kind"] == "all" else countries.get(row["name"], row["name"] or "unknown")
    if row["ratio"] is None:
        ratio = "none before"
    else:
        high = "no limit" if row["wide_high"] is None else f"{row['wide_high']:.2f}"
        ratio = f"{row['ratio']:.2f} ({row['wide_low'] or 0:.2f} to {high})"
    flag = f"{row['flag']} than expected" if row["flag"] else "no clear change"
    return name, row["events"], rounded(row["expected"]), ratio, flag


def _band(cell: dict[str, Any]) -> tuple[Any, ...]:
    ratio = "" if cell["year_ratio"] is None else f"{cell['year_ratio']:.2f}"
    return cell["distance"], cell["time"], cell["pairs"], rounded(cell["year_expected"]), ratio, f"{cell['year_p']:.3f}"


def _spill(row: dict[str, Any], countries: dict[str, str]) -> tuple[Any, ...]:
    names = (countries.get(row[end], row[end]) for end in ("from", "to"))
    return *names, f"{row['share']:.1%}", f"{row['low']:.1%} to {row['high']:.1%}", row["events"]
