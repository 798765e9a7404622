"""Forecasts in the part of the page that needs no script: the units, how good such forecasts were, and where not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spillover.forecasting.recordwords import chance, count, expected
from spillover.publishing.report.markup import clean, html_table

LIMITS = "Made from the record alone: no plan, offensive or ceasefire is known to it before the events are."


def forecast_part(found: dict[str, Any]) -> str:
    """The data of :func:`spillover.publishing.report.forecasts.forecast_data` as plain HTML."""
    head = "<h2>Forecasts</h2>"
    if found["reason"] is not None:
        return f"{head}<p>{clean('There is no forecast: ' + found['reason'])}</p>"
    first, last = found["months"][0], found["months"][-1]
    said = (
        f"{found['target'].capitalize()} a month by {found['kind']}, {first} to {last}, from what the record of "
        f"{found['about']} tells at the end of {found['origin']}; {found['draws']:,} draws each. {LIMITS}"
    )
    target = found["target"]
    parts = [
        head, f"<p>{clean(said)}</p>",
        html_table(
            ("Who", "Last in the record", f"Expected {target} in all", "Median of a month", "90 % interval",
             "1 or more", "25 or more"),
            (_unit(unit) for unit in found["units"]),
        ),
    ]  # fmt: skip
    parts.append("<p>Interval and chances are of one of these months, taken at random.</p>")
    if found["renamed"] is not None:
        parts.append(f"<p>{clean(found['renamed'])}</p>")
    if found["of"] > len(found["units"]):
        parts.append(f"<p>The first {len(found['units'])} of {found['of']:,}.</p>")
    if found["absent"]:
        parts.append(f"<p>{clean('In the documents, but not forecast: ' + found['absent'])}.</p>")
    record = found["record"]
    parts.append("<h3>How good such forecasts have been</h3>")
    parts += [f"<p>{clean(sentence)}</p>" for sentence in record["said"]]
    parts.append("<h3>Where they were most wrong</h3>")
    parts.append(html_table(("Who", "Month", "Median", "90 % interval", "What came"), map(_wrong, record["worst"])))
    parts += _onsets(found["onsets"])
    parts += [f"<p>{clean(line)}</p>" for line in (*found["notes"], *found["attribution"])]
    return "".join(parts)


def _onsets(found: dict[str, Any]) -> Iterator[str]:
    yield "<h3>Where they may strike next</h3>"
    if found["reason"] is not None:
        yield f"<p>{clean(found['reason'])}</p>"
        return
    said = (
        f"Chance of an event in {found['window']} where a group had none in the {found['quiet']} months before, in any "
        f"of {found['of']:,} such pairs of a group and a place; {expected(found['expected'])} are expected to see one."
    )
    yield f"<p>{clean(said)}</p>"
    rows = (
        (row["group"], row["name"], *(chance(row[rate]) for rate in ("probability", "base_rate")),
         "; ".join(row["raises"]))
        for row in found["rows"]
    )  # fmt: skip
    yield html_table(("Group", "Place", "Chance", "Of a pair like any other", "Raised by"), rows)
    yield f"<p>{clean(found['said'])}</p>"


def _unit(unit: dict[str, Any]) -> tuple[str, ...]:
    return (
        unit["name"], unit["last"] or "never", expected(unit["expected"]), count(unit["median"]), _interval(unit),
        *(chance(unit[name]) for name in ("p1", "p25")),
    )  # fmt: skip


def _wrong(cell: dict[str, Any]) -> tuple[str, ...]:
    return cell["name"], cell["month"], count(cell["median"]), _interval(cell), count(cell["happened"])


def _interval(row: dict[str, Any]) -> str:
    return f"{count(row['low90'])} to {count(row['high90'])}"
