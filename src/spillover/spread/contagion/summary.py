"""The contagion model in words. The first sentence says what the fit can be trusted with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spillover.spread.contagion.calibrate import Interval
    from spillover.spread.contagion.model import Contagion

CANNOT_TELL = "no triggering can be told from slow local waves here"
_NAMES = {"shuffled": "times shuffled within group", "dithered": "times moved by up to 180 days",
          "smoothed": "times drawn from the smoothed local rate"}  # fmt: skip


def summary(model: Contagion) -> str:
    """A paragraph on a fitted model."""
    if not model.told_apart:
        return f"{model.words[:1].upper()}{model.words[1:]}: {CANNOT_TELL}."
    faults = model.residuals.faults
    parts = []
    if faults:
        parts.append(f"The fit does not describe this record well: {'; '.join(faults)}. What follows is to be read so.")
    parts += [_strength(model), _shape(model), _beside(model), _limits(model)]
    return " ".join(parts)


def _strength(model: Contagion) -> str:
    o, r = model.offspring, model.radius
    begin, end = model.window
    return (
        f"{model.words[:1].upper()}{model.words[1:]}, {begin} to {end}, {len(model.catalogue):,} events: an event is "
        f"followed by {_number(o.value)} others that it can be said to have set off, itself or through another group's "
        f"answer (90 % interval {_number(o.low)} to {_number(o.high)}; over half and twice the background's bandwidth "
        f"{_number(model.wide[0])} to {_number(model.wide[1])}; as fitted, before the correction for bias, "
        f"{_number(o.raw)}). The spectral radius over groups with 100 events or more is {_number(r.value)} "
        f"({_number(r.low)} to {_number(r.high)}): {_fate(r)}"
    )


def _fate(radius: Interval) -> str:
    if radius.high < 1:
        return "below 1, bursts die out."
    if radius.low <= 1:
        return "1 is within the interval, so that bursts may feed themselves."
    return "above 1, so that bursts feed themselves and the rate grows without end while that lasts."


def _shape(model: Contagion) -> str:
    wait = model.typical_wait
    said = (
        f"Half of what is set off comes within {wait:.1f} days"
        if wait >= 1
        else "Half of what is set off comes within a day"
    )
    if model.in_same_cell is None:
        said += f"; no reach is given, for {model.no_reach}."
    else:
        said += f", and {model.in_same_cell:.0%} of it in the same cell of {model.settings.cell:g} km."
    if len(model.catalogue.countries) > 1:
        said += f" Across a border it is {model.calibration.parameters.border:.2f} times as strong."
    return said


def _beside(model: Contagion) -> str:
    found = ", ".join(f"{sum(v) / len(v):.3f} ({_NAMES[k]})" for k, v in model.placebos.items() if v)
    said = f"Beside it: in placebos without triggering the model finds {found}, against {model.offspring.raw:.3f}."
    if not model.residuals.faults:
        said += " Bursts and rescaled times are as the fit makes them."
    if model.gain is not None:
        return f"{said} {model.gain.words()}"
    return f"{said} There is no figure on events held out: {model.no_gain}."


def _limits(model: Contagion) -> str:
    left = model.catalogue.left_out
    said = "This is association in time and space, not proof of cause; an event's group is a party to it, "
    said += "not who began it."
    return f"{said} {str(left)[:1].upper()}{str(left)[1:]}." if left.of else said


def _number(value: float) -> str:
    return f"{value:.2f}"
