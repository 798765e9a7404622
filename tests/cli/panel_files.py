"""Small made-up panels in files: countries by months, most months quiet."""

from __future__ import annotations

import numpy as np
import polars as pl

from spillover.forecasting import months

COUNTRIES = ("AFG", "BFA", "CMR", "COD", "MLI", "NER", "NGA", "PAK", "SDN", "SOM", "SSD", "TCD")
START = months.parse("2014-01")


def table(units=COUNTRIES, span=72, *, busy=0.15, seed=1):
    """A row a country and month, in UCDP's names."""
    random = np.random.default_rng(seed)
    quiet = random.random((len(units), span)) > busy
    drawn = np.where(quiet, 0, random.poisson(3.0 * np.arange(len(units))[:, None] + 1, (len(units), span)))
    return pl.DataFrame(
        [
            {"country_iso3": unit, "year_month": months.name(START + t), "ucdp_fatalities_best": float(drawn[i, t])}
            for i, unit in enumerate(units)
            for t in range(span)
        ]
    )


def write(path, made=None):
    """Write it; the path."""
    (table() if made is None else made).write_csv(path)
    return path


def later(origin):
    """Rows after a month."""
    return pl.col("year_month") > origin
