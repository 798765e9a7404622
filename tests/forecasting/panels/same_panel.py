"""When two panels are the same."""

from __future__ import annotations

import numpy as np

from spillover.forecasting.panel import Panel


def assert_same(one: Panel, other: Panel, *, notes: bool = True) -> None:
    """Equal in every field; without ``notes`` in all but those."""
    fields = ("kind", "target", "units", "names", "start", *(("notes",) if notes else ()))
    for name in fields:
        assert getattr(one, name) == getattr(other, name), name
    for name in ("values", "exists"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    assert one.parts.keys() == other.parts.keys()
    for name in one.parts:
        np.testing.assert_array_equal(one.parts[name], other.parts[name], err_msg=name)
    assert [list(near) for near in one.neighbours] == [list(near) for near in other.neighbours]


def assert_sound(panel: Panel) -> None:
    """What holds for every panel."""
    shape = (len(panel), panel.values.shape[1])
    assert panel.values.shape == panel.exists.shape == shape
    assert panel.values.dtype == np.float64 and panel.exists.dtype == np.bool_
    assert np.isfinite(panel.values).all() and (panel.values >= 0).all()
    assert not panel.values[~panel.exists].any()
    assert len(set(panel.units)) == len(panel.names) == len(panel)
    assert panel.exists.any(axis=1).all()
    for part in panel.parts.values():
        assert part.shape == shape and not part[~panel.exists].any()
    assert len(panel.neighbours) in (0, len(panel))
    for i, near in enumerate(panel.neighbours):
        assert i not in near and list(near) == sorted(set(near))
        assert all(i in panel.neighbours[j] for j in near)
