"""The places that an event can hit: countries, divisions and cells, each with a key, a name and who belongs where."""

from __future__ import annotations

from typing import Literal, get_args

import polars as pl

from spillover.errors import SpreadError
from spillover.records.places import division_name
from spillover.spread.common import less
from spillover.spread.hexagons import cell_size, checked, with_cell
from spillover.spread.selection import DAY, PLACE, LeftOut, Selection
from spillover.spread.tables import rounded

Level = Literal["country", "admin1", "admin2", "cell"]
_NAMES = {"country": ("country", "countries"), "admin1": ("first-order division", "first-order divisions"),
          "admin2": ("second-order division", "second-order divisions")}  # fmt: skip


def placed(selection: Selection, level: Level, resolution: int) -> tuple[pl.DataFrame, LeftOut]:
    """Events with a usable day and place, with the columns ``place`` (a key) and ``name``.

    A first-order division is known by its ISO 3166-2 code, so that one renamed stays one place, else by its country and
    name; a second-order one by its first-order one and name. Divisions are the data's: an event has one where the
    coders gave it, points are needed for cells only, and countries where no place is known are no countries.
    """
    if level not in get_args(Level):
        raise SpreadError(f"there is no level {level!r}", to_do=f"Use one of {', '.join(get_args(Level))}")
    if level == "cell":
        checked(resolution)
        events, left_out = selection.usable(day=DAY)
        events = with_cell(events, resolution)
        return events.with_columns(place="cell", name="cell"), left_out
    events, left_out = selection.usable(place=None)
    admin1 = pl.coalesce("admin1_code", pl.concat_str([pl.col("country").fill_null("?"), "admin1"], separator=" "))
    key, name = {
        "country": (pl.col("country"), pl.col("country")),
        "admin1": (admin1, pl.coalesce("admin1", "admin1_code")),
        # a point as coarse as a first-order division has no second-order one
        "admin2": (
            pl.when(pl.col("where_prec").fill_null(1) <= PLACE).then(
                pl.concat_str([admin1, "admin2"], separator=", ")
            ),
            pl.col("admin2"),
        ),
    }[level]  # fmt: skip
    events = events.with_columns(place=key, name=name)
    known = events.filter(pl.col("place").is_not_null())
    return known, less(left_out, f"no known {_NAMES[level][0]}", events.height - known.height)


def one_name(events: pl.DataFrame, record: pl.DataFrame) -> pl.DataFrame:
    """Events with one name for each first-order division that has a code: that of the record, or the lexicon's where
    the record has several, for divisions are renamed, merged and written in several ways."""
    names = record.drop_nulls(["admin1", "admin1_code"]).group_by("admin1_code").agg(pl.col("admin1").n_unique())
    several = names.filter(pl.col("admin1") > 1)["admin1_code"]
    known = {code: name for code in several if (name := division_name(code))}
    return events.with_columns(
        admin1=pl.col("admin1_code").replace_strict(known, default=pl.col("admin1"), return_dtype=pl.String)
    )


def noun(level: Level, resolution: int, number: int = 2) -> str:
    """What such places are called."""
    if level != "cell":
        return _NAMES[level][number != 1]
    return f"cell{'s' if number != 1 else ''} of {rounded(cell_size(resolution))} km²"
