"""Comparing roles by whom they name."""

from __future__ import annotations

from spillover.reading.statement import Role


def same(a: Role, b: Role) -> bool:
    """Do two roles name the same one?"""
    if a.start == b.start and a.antecedent == b.antecedent:
        return True
    return a.actor is not None and a.actor == b.actor
