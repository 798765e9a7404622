"""What UCDP calls the sides of an event."""

from __future__ import annotations

import polars as pl


def is_state(name: pl.Expr) -> pl.Expr:
    """Whether a side is a state, by UCDP's way to name it."""
    return name.str.starts_with("Government of")


def is_named(name: pl.Expr) -> pl.Expr:
    """Whether a side is known: UCDP writes ``XXX…`` for one that is not."""
    return ~name.str.starts_with("XXX") & (name.str.to_lowercase() != "civilians")
