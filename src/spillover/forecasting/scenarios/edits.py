"""What a scenario changes. Each edit says which parameter of the fitted model it moves, and by which assumption.

Every edit has a ``link``: how much of what is assumed passes on to the parameter. 0 changes nothing, 1 takes the
assumption at its word. What it means for a kind of edit stands in :meth:`words`, which is printed with every result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

HORIZON = 12  # months


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Of all edits. ``because``: the analyst's reason, in his or her words; printed with the result."""

    kind: ClassVar[str]
    on_ties: ClassVar[bool] = False
    """Whether it moves triggering, which is worth nothing where triggering cannot be told from slow waves."""
    link: float = 1.0
    because: str | None = None

    def groups(self) -> dict[str, str]:
        """The groups that it names, by their part in it."""
        named = {part: getattr(self, part, None) for part in ("group", "into", "source", "target", "like")}
        return {part: name for part, name in named.items() if name is not None}

    def says(self) -> str:
        """What is changed, without the reason."""
        raise NotImplementedError

    def words(self) -> str:
        """The assumption that links the edit to a parameter, in a sentence."""
        return self.says() + (f" Because: {self.because.rstrip('.')}." if self.because else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleBackground(Edit):
    """The background of a group times ``factor ** link``; ``before`` and ``after``: the numbers it was given as."""

    kind: ClassVar[str] = "scale_background"
    group: str
    factor: float
    before: float | None = None
    after: float | None = None

    @property
    def multiplier(self) -> float:
        """By which the background is multiplied."""
        return float(self.factor**self.link)

    def says(self) -> str:
        given = f" (from {self.before:,g} to {self.after:,g})" if self.before is not None else ""
        return (
            f"The background of {self.group}, the events that no recorded event set off, is multiplied by "
            f"{self.multiplier:.3g}: {self.factor:.3g}{given} to the power of the link {self.link:g}. A link of 1 "
            "assumes that they grow in proportion, 0 that they do not grow at all; the data do not tell which."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CutTie(Edit):
    """``target`` no longer answers to events of ``source``; with a link below 1, a part of the answer stays."""

    kind: ClassVar[str] = "cut_tie"
    on_ties: ClassVar[bool] = True
    source: str
    target: str

    def says(self) -> str:
        left = "none" if self.link == 1 else f"{1 - self.link:.0%}"
        return (
            f"Of what an event of {self.source} sets off in {self.target}, {left} is left (a link of 1 cuts the tie, "
            "0 leaves it as it is)."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTie(Edit):
    """``target`` answers to events of ``source``: as it does to those of ``like``, added to what there is; or what
    there is times ``factor ** link``. One of the two is given."""

    kind: ClassVar[str] = "add_tie"
    on_ties: ClassVar[bool] = True
    source: str
    target: str
    like: str | None = None
    factor: float | None = None

    def says(self) -> str:
        if self.like is not None:
            return (
                f"An event of {self.source} sets off in {self.target} what an event of {self.like} sets off there now, "
                f"times the link {self.link:g}, beside what it sets off there already."
            )
        factor = self.factor or 0.0
        return (
            f"What an event of {self.source} sets off in {self.target} is multiplied by {factor**self.link:.3g}: "
            f"{factor:.3g} to the power of the link {self.link:g}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Joins(Edit):
    """``group`` goes over to ``into``: its background, what sets it off, and with the link what its events set off."""

    kind: ClassVar[str] = "joins"
    on_ties: ClassVar[bool] = True
    group: str
    into: str

    def says(self) -> str:
        return (
            f"{self.group} joins {self.into}: its events are counted as {self.into}'s, and what set off its events "
            f"sets off {self.into}'s. With the link {self.link:g}, its events set off "
            + (
                f"what {self.into}'s do."
                if self.link == 1
                else f"a mixture of what its own and {self.into}'s do (1: as {self.into}'s, 0: as before)."
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Border(Edit):
    """The border term (how much of triggering crosses a border) times ``factor ** link``."""

    kind: ClassVar[str] = "border"
    on_ties: ClassVar[bool] = True
    factor: float

    def says(self) -> str:
        return (
            f"Triggering across a border is multiplied by {self.factor**self.link:.3g}: {self.factor:.3g} to the power "
            f"of the link {self.link:g}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCountry(Edit):
    """A group starts in a country, at a point: with a ``share`` of its background, moved there, or with ``per_year``
    events of its own. The point is ``lat``, ``lon`` (degrees), or that of ``where``, or the country's middle."""

    kind: ClassVar[str] = "new_country"
    group: str
    country: str
    share: float | None = None
    per_year: float | None = None
    where: str | None = None
    lat: float | None = None
    lon: float | None = None

    def says(self) -> str:
        at = f"({self.lat:.2f}, {self.lon:.2f})" if self.lat is not None and self.lon is not None else ""
        place = " ".join(w for w in (self.where, at) if w) or "its middle"
        how = (
            f"{(self.share or 0) * self.link:.0%} of its background moves there (a share of {self.share:.0%} times the "
            f"link {self.link:g})"
            if self.share is not None
            else f"{(self.per_year or 0) * self.link:g} background events a year are added there "
            f"({self.per_year:g} times the link {self.link:g})"
        )
        return (
            f"{self.group} starts in {self.country}, at {place}: {how}. What they set off follows the fit, which has "
            "not seen this place."
        )


@dataclass(frozen=True, slots=True)
class Scenario:
    """Edits, in the order in which they are made; without any, the system as it is. ``months``: the horizon."""

    title: str
    edits: tuple[Edit, ...] = ()
    months: int = HORIZON
    note: str | None = None
    source: str | None = None  # the file, for messages

    def linked(self, link: float) -> Scenario:
        """The same with that link in all edits."""
        return replace(self, edits=tuple(replace(edit, link=link) for edit in self.edits))
