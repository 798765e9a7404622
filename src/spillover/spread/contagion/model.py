"""The contagion model: fit, score, simulate, summary.

    model = Contagion(seed=1).fit(selection)
    print(model.summary())

The estimate is never given without its placebos, its residuals and the gain on events held out.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from spillover.errors import SpreadError
from spillover.spread.contagion.attribute import Attribution, attribute, years
from spillover.spread.contagion.calibrate import Calibration, Interval, calibrate, estimates
from spillover.spread.contagion.catalogue import Catalogue, Floats, catalogue
from spillover.spread.contagion.fit import Fitted, Settings, fit
from spillover.spread.contagion.heldout import Gain, held_out_gain
from spillover.spread.contagion.memo import Parts, Progress
from spillover.spread.contagion.placebos import KINDS, placebo
from spillover.spread.contagion.residuals import Residuals, bursts, rescaled
from spillover.spread.contagion.simulate import Generator
from spillover.spread.contagion.summary import summary
from spillover.spread.selection import Selection

_HELD_OUT = 0.2  # share of the window whose events are held out, where no cut-off is given
_NORMAL = 1.645
_OWN = 999  # the number of the part that is the record itself, beside those that are simulated


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is computed. ``jitters``: draws of the times within the days recorded; ``rounds``: simulated catalogues
    a round of the calibration; ``placebos``: of each kind; ``bandwidths``: simulated catalogues for half and for twice
    the bandwidth, below 2 none; ``held_out``: whether the gain is worked out.
    """

    jitters: int = 5
    rounds: tuple[int, ...] = (8, 8, 24)
    placebos: int = 5
    bandwidths: int = 8
    held_out: bool = True

    def __post_init__(self) -> None:
        if self.jitters < 1 or self.placebos < 0:
            raise ValueError("jitters: at least one; placebos: none or more")
        if not self.rounds or min(self.rounds) < 1 or self.rounds[-1] < 2:
            raise ValueError("rounds: at least one catalogue in each, and two in the last")

    @property
    def parts(self) -> int:
        """How many parts that makes."""
        bandwidths = 2 * (1 + self.bandwidths) if self.bandwidths > 1 else 0
        return self.jitters + sum(self.rounds) + 3 * self.placebos + bandwidths + self.held_out


QUICK = Effort(jitters=2, rounds=(6, 12), placebos=2, bandwidths=4)


class Contagion:
    """A marked, multivariate, space–time Hawkes process with a slow local background, and what belongs beside it.

    After :meth:`fit`: ``offspring`` (events that an event triggers, on the mean), ``radius`` (spectral radius over
    groups with 100 events or more), both :class:`Interval`; ``wide``: interval of the offspring over half and twice the
    bandwidth; ``placebos``: offspring found in each placebo; ``residuals``; ``gain`` or ``no_gain`` (why there is
    none); ``spillover``: from → to, by year.
    """

    offspring: Interval
    radius: Interval
    wide: tuple[float, float]
    placebos: dict[str, tuple[float, ...]]
    residuals: Residuals
    gain: Gain | None
    no_gain: str | None
    spillover: pl.DataFrame
    fits: list[Fitted]
    calibration: Calibration

    def __init__(self, settings: Settings | None = None, *, effort: Effort | None = None, seed: int = 1) -> None:
        self.settings, self.effort, self.seed = settings or Settings(), effort or Effort(), seed
        self.words = "these events"
        self.sources: tuple[str, ...] = ()

    def fit(
        self,
        data: Selection | Catalogue,
        *,
        cutoff: date | None = None,
        progress: Progress | None = None,
        checkpoint: Path | None = None,
    ) -> Contagion:
        """Fit to a selection. ``cutoff``: first day of the events held out; by default those of the last fifth.

        ``progress`` is told parts done, parts in all and what is being done; where it returns ``False`` the work stops
        (:class:`~spillover.errors.Stopped`). With a ``checkpoint`` the same call goes on where it stopped.
        :class:`SpreadError` where there are fewer than 50 usable events, or all lie within a year.
        """
        if isinstance(data, Selection):
            self.words, self.sources = data.words, data.sources
            data = catalogue(data)
        self.catalogue = data.check()
        held_out = (cutoff - data.begin).days if cutoff is not None else round((1 - _HELD_OUT) * data.days)
        what = json.dumps([asdict(self.settings), asdict(self.effort), self.seed, held_out]).encode() + _bytes(data)
        with Parts(self.seed, self.effort.parts, what, progress=progress, checkpoint=checkpoint) as parts:
            self._jitter(parts)
            self.calibration = calibrate(
                self.fits[0], parts, partial(bursts, cell=self.settings.cell), self.effort.rounds
            )
            self.offspring, self.radius = self._interval(1), self._interval(0)
            self.spillover = self._spillover()
            self.wide = self._wide(parts)
            self.placebos = {
                kind: tuple(parts(kind, n, partial(self._placebo, kind)) for n in range(self.effort.placebos))
                for kind in KINDS
            }
            self.residuals = self._residuals()
            self._hold_out(parts, held_out)
        return self

    # -- what the fit consists of -------------------------------------------------------------------------------------

    def _jitter(self, parts: Parts) -> None:
        """Fits to several draws of the times; the draws are kept, not the fits."""
        self.fits = []
        for n in range(self.effort.jitters):
            times = np.array(parts("fit", n, lambda rng: self.catalogue.times(rng).tolist()))
            drawn = self.catalogue.at(times)
            self.fits.append(fit(drawn, drawn.first, self.settings))

    def _interval(self, which: int) -> Interval:
        """The calibrated interval, widened by what the draws of the times differ."""
        raw = np.array([estimates(f)[which] for f in self.fits])
        found = self.calibration.interval(float(raw.mean()), which)
        slope = found.value / max(found.raw, 1e-12)
        between = _NORMAL * slope * float(raw.std(ddof=1)) if len(raw) > 1 else 0.0
        half = float(np.hypot(found.high - found.value, between))
        return replace(found, low=max(found.value - half, 0.0), high=found.value + half)

    def _wide(self, parts: Parts) -> tuple[float, float]:
        """The interval over half and twice the bandwidth, each calibrated on the same simulations."""
        low, high = self.offspring.low, self.offspring.high
        if self.effort.bandwidths < 2:
            return low, high
        for factor in (0.5, 2.0):
            bandwidth = self.settings.bandwidth * factor
            other = replace(self.settings, bandwidth=bandwidth, group_bandwidth=bandwidth, strict=False)
            name = f"bandwidth {bandwidth:g} days"
            raw = float(parts(name, _OWN, partial(self._own, other)))
            again = [parts(name, n, partial(self._again, other)) for n in range(self.effort.bandwidths)]
            mean = float(np.mean(again))
            if mean <= 0:
                continue
            slope = self.calibration.truth[1] / mean
            value = float(self.calibration.truth[1] + (raw - mean) * slope)
            half = float(_NORMAL * np.std(again, ddof=1) * slope)
            low, high = min(low, value - half), max(high, value + half)
        return max(low, 0.0), high

    def _own(self, settings: Settings, _: np.random.Generator) -> float:
        return fit(self.fits[0].catalogue, self.fits[0].times, settings).offspring_per_event

    def _again(self, settings: Settings, rng: np.random.Generator) -> float:
        made = Generator(self.calibration.fitted).draw(rng)
        return fit(made, made.first, settings, start=self.fits[0].parameters).offspring_per_event

    def _placebo(self, kind: Any, rng: np.random.Generator) -> float:
        made = placebo(self.catalogue, kind, self.settings.bandwidth, rng)
        return fit(made, made.first, self.settings).offspring_per_event

    def _residuals(self) -> Residuals:
        first, simulated = self.fits[0], self.calibration.bursts
        return Residuals(
            rescaled(first), tuple(bursts(first.catalogue, self.settings.cell).tolist()),
            tuple(simulated.mean(axis=0).tolist()), tuple(simulated.std(axis=0, ddof=1).tolist()),
        )  # fmt: skip

    def _hold_out(self, parts: Parts, held_out: float) -> None:
        self.gain, self.no_gain = None, "it was not asked for"
        if not self.effort.held_out:
            return

        def compute(rng: np.random.Generator) -> dict[str, Any]:
            try:
                return held_out_gain(self.catalogue, held_out, self.settings, seed=int(rng.integers(2**31))).to_dict()
            except SpreadError as error:
                return {"error": error.what}

        found = parts("held-out events", 0, compute)
        if "error" in found:
            self.no_gain = found["error"]
        else:
            self.gain, self.no_gain = Gain(**{**found, "interval": tuple(found["interval"])}), None

    # -- what it says -------------------------------------------------------------------------------------------------

    @property
    def told_apart(self) -> bool:
        """Whether triggering can be told from slow local waves: the interval over bandwidths does not reach 0, no
        placebo comes to half of the estimate, and the estimate is above each by more than chance (one-sided 5 %).
        Without placebos it cannot.
        """
        if not all(self.placebos.values()):
            return False
        chance = float(self.calibration.refits[:, 1].std(ddof=1))
        return self.wide[0] > 0 and all(
            mean < self.offspring.raw / 2 and mean + _NORMAL * np.hypot(chance, spread) < self.offspring.raw
            for mean, spread in self._placebo_moments()
        )

    def _placebo_moments(self) -> list[tuple[float, float]]:
        """Mean and standard deviation of the offspring found in each kind of placebo."""
        return [
            (float(np.mean(found)), float(np.std(found, ddof=1)) if len(found) > 1 else 0.0)
            for found in self.placebos.values()
            if found
        ]

    def summary(self) -> str:
        """A paragraph as an analyst would write it; its first sentence says so where the fit cannot be trusted."""
        return summary(self)

    def score(self, data: Selection | Catalogue, cutoff: date) -> float:
        """Gain in nats per event over the tuned rolling local Poisson, on the events of ``data`` from ``cutoff`` on."""
        found = catalogue(data) if isinstance(data, Selection) else data
        return held_out_gain(found, (cutoff - found.begin).days, self.settings, seed=self.seed).nats

    def simulate(self, n: int = 1, *, seed: int | None = None) -> list[Catalogue]:
        """Catalogues drawn from the calibrated fit, over the same window."""
        rng = np.random.default_rng(self.seed if seed is None else seed)
        generator = Generator(self.calibration.fitted)
        return [generator.draw(rng) for _ in range(n)]

    def _spillover(self) -> pl.DataFrame:
        """Triggered events by year, from → to, corrected, with 90 % intervals, and their share of the events there."""
        slope = self.calibration.truth[1] / max(float(self.calibration.refits[:, 1].mean()), 1e-12)
        found = [attribute(f) for f in self.fits]
        c = self.catalogue
        year = years(c, self.fits[0].times)
        first = c.begin.year
        rows = []
        for kind, names, of, errors in (
            ("group", c.groups, self.fits[0].catalogue.group, self.calibration.groups),
            ("country", c.countries, self.fits[0].catalogue.country, self.calibration.countries),
        ):
            mean = np.mean([_table(a, kind) for a in found], axis=0) * slope
            events = np.zeros((mean.shape[0], len(names)))
            np.add.at(events, (year, of), 1.0)
            for y, a, b in np.argwhere((mean >= 0.05) & (events[:, None, :] > 0)):
                n = events[y, b]
                value = min(float(mean[y, a, b]), n)
                half = _NORMAL * _spread(value, n, errors[:, y, a, b], self.offspring)
                low, high = max(value - half, 0.0), min(value + half, n)
                rows.append((kind, first + int(y), names[a], names[b], value, low, high, int(n)))
        table = pl.DataFrame(
            rows, orient="row",
            schema={"kind": pl.String, "year": pl.Int32, "from": pl.String, "to": pl.String, "triggered": pl.Float64,
                    "low": pl.Float64, "high": pl.Float64, "events": pl.Int32},
        )  # fmt: skip
        return table.with_columns(
            pl.min_horizontal(1.0, pl.col(name) / pl.col("events")).alias(
                f"share_{name}" if name != "triggered" else "share"
            )
            for name in ("triggered", "low", "high")
        )

    def by_group(self) -> pl.DataFrame:
        """Events that each group's events triggered, by year: ``year``, ``group``, ``events``, ``per_event``."""
        c, f = self.catalogue, self.fits[0]
        counted = pl.DataFrame(
            {"year": years(c, f.times) + c.begin.year, "group": [c.groups[g] for g in f.catalogue.group]}
        )
        events = counted.group_by("year", "group").len("events").with_columns(pl.col("year").cast(pl.Int32))
        caused = (
            self.spillover.filter(pl.col("kind") == "group").group_by("year", "from").agg(pl.col("triggered").sum())
            .rename({"from": "group"})
        )  # fmt: skip
        return (
            events.join(caused, on=["year", "group"], how="left").with_columns(pl.col("triggered").fill_null(0.0))
            .with_columns((pl.col("triggered") / pl.col("events")).alias("per_event")).sort("group", "year")
        )  # fmt: skip

    @property
    def typical_wait(self) -> float:
        """Median wait from an event to one that it triggers, days; calibrated."""
        return self.settings.kernels().median_wait(self.calibration.parameters.waits)

    @property
    def in_same_cell(self) -> float | None:
        """Share of triggered events in the cell of the one that triggered them; ``None`` where places cannot tell."""
        if self.no_reach is not None:
            return None
        shapes = self.settings.kernels()
        return 1 - shapes.share_beyond(self.calibration.parameters.distances)

    @property
    def no_reach(self) -> str | None:
        """Why no reach is given, where none is."""
        left = self.catalogue.left_out
        coarse = left.reasons.get("no usable point", 0) + left.reasons.get("no coordinates", 0)
        if left.of and coarse > left.of * 0.4:
            return f"{coarse / left.of:.0%} of the events have no usable point"
        if len(self.fits[0].cells) < 2:
            return "all events lie in one cell"
        return None

    @property
    def window(self) -> tuple[date, date]:
        """First and last day."""
        return self.catalogue.begin, self.catalogue.begin + timedelta(days=round(self.catalogue.days) - 1)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: all numbers of the summary, the tables, the settings and the seed."""
        c, p = self.catalogue, self.calibration.parameters
        return {
            "summary": self.summary(),
            "told_apart": self.told_apart,
            "events": len(c),
            "left_out": asdict(c.left_out),
            "window": [d.isoformat() for d in self.window],
            "offspring_per_event": asdict(self.offspring) | {"wide": list(self.wide)},
            "spectral_radius": asdict(self.radius),
            "placebos": {kind: list(found) for kind, found in self.placebos.items()},
            "residuals": self.residuals.to_dict(),
            "held_out": self.gain.to_dict() if self.gain else {"none": self.no_gain},
            "typical_wait_days": self.typical_wait,
            "share_in_same_cell": self.in_same_cell,
            "no_reach": self.no_reach,
            "groups": list(c.groups),
            "adjacency": p.adjacency.tolist(),
            "marks": p.marks.tolist(),
            "border_factor": p.border if len(c.countries) > 1 else None,
            "spillover": self.spillover.to_dicts(),
            "by_group": self.by_group().to_dicts(),
            "settings": asdict(self.settings),
            "effort": asdict(self.effort),
            "seed": self.seed,
            "sources": list(self.sources),
        }


def _spread(value: float, events: float, errors: Floats, offspring: Interval) -> float:
    """Standard deviation of a number of triggered events: as simulated, at least that of so many events each of which
    was triggered or not, and with it the share by which the whole is unsure.
    """
    chance = max(float(errors.std(ddof=1)), float(np.sqrt(value * (1 - value / events))), 0.5)
    whole = (offspring.high - offspring.low) / (2 * _NORMAL * max(offspring.value, 1e-9))
    return float(np.hypot(chance, whole * value))


def _table(found: Attribution, kind: str) -> Floats:
    return found.groups if kind == "group" else found.countries


def _bytes(data: Catalogue) -> bytes:
    columns = (data.first, data.last, data.lat, data.lon, data.group, data.mark, data.country)
    rest = (data.groups, data.countries, data.days, data.begin)
    return b"".join(np.ascontiguousarray(column).tobytes() for column in columns) + repr(rest).encode()
