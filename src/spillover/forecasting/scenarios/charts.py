"""Charts of scenarios as plain data, for the web; the same form as :func:`spillover.spread.charts.chart`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from spillover.forecasting.scenarios.outcome import Outcome
from spillover.forecasting.scenarios.sensitivity import Sensitivity
from spillover.spread.charts import caption
from spillover.spread.tables import rows

ALL = "all groups"


def chart(result: Outcome | Sensitivity, *, group: str | None = None) -> dict[str, Any]:
    """The events per month with and without the edits, or the outcome by link: ``title``, ``caption``, ``note`` (the
    words), scales, ``marks`` and ``data``; ready for JSON. ``group``: of an outcome, this group alone."""
    if isinstance(result, Sensitivity):
        made = _filled(_specs()["sensitivity"], {"title": result.scenario.title})
        return made | {"caption": "", "note": result.words(), "data": {"table": rows(result.table)}}
    made = _filled(_specs()["outcome"], {"title": result.setting.scenario.title, "who": group or ALL})
    data = {"table": rows(monthly(result, group))}
    return made | {"caption": caption(result.setting.sources), "note": result.words(), "data": data}


def monthly(outcome: Outcome, group: str | None) -> pl.DataFrame:
    """The numbers by month, of all groups or one."""
    if group is None:
        return outcome.by("month")
    return outcome.by("group", "month").filter(pl.col("group") == group).drop("group")


@cache
def _specs() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("charts.toml").read_text(encoding="utf-8"))


def _filled(spec: dict[str, Any], fill: dict[str, str]) -> dict[str, Any]:
    """The spec with its title and labels filled in."""
    made = dict(spec)
    made["title"] = spec["title"].format(**fill)
    made["y"] = spec["y"] | {"label": spec["y"]["label"].format(**fill)}
    return made
