"""What all figures of forecasts share: style, words, titles and captions."""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from spillover.errors import ForecastError
from spillover.forecasting import months
from spillover.forecasting.panel import KINDS, Unit
from spillover.spread.charts import caption as sourced

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GREY = "#777777"
_STYLE: Any = {"font.size": 9, "axes.titlesize": 9, "axes.spines.top": False, "axes.spines.right": False}
_LETTERS_AN_INCH = 18.5
"""Of 7 pt, on the mean."""


@cache
def words() -> dict[str, Any]:
    """The words and colours of ``plots.toml``."""
    return tomllib.loads(files(__package__).joinpath("plots.toml").read_text(encoding="utf-8"))


def colours() -> dict[str, Any]:
    """The colours, by what they stand for."""
    found: dict[str, Any] = words()["colours"]
    return found


def usable() -> None:
    """:class:`~spillover.errors.ForecastError` where matplotlib is not installed."""
    if find_spec("matplotlib") is None:
        raise ForecastError("figures need matplotlib", to_do="Install it: pip install 'spillover[plots]'")


def fonts() -> list[str]:
    """The font that is set, then those installed for scripts that it may lack: matplotlib looks for a letter in all."""
    import matplotlib
    from matplotlib.font_manager import fontManager

    installed = {font.name for font in fontManager.ttflist}
    return [*matplotlib.rcParams["font.family"], *(name for name in words()["fonts"] if name in installed)]


def figure(
    size: tuple[float, float],
    title: str,
    caption: str,
    sources: Sequence[str],
    draw: Callable[[Figure], None],
    *,
    rows: int = 0,
) -> Figure:
    """A figure of that size (inches) with what ``draw`` puts on it, its title above and its caption below.

    ``rows``: room below the title for so many of :func:`legend`.
    """
    usable()
    import matplotlib
    from matplotlib.figure import Figure

    caption = " ".join(f"{caption} {sourced(sources)}".split())
    with matplotlib.rc_context(_STYLE | {"font.family": fonts()}):
        lines = textwrap.wrap(caption, int(size[0] * _LETTERS_AN_INCH), break_long_words=False)
        made = Figure(figsize=(size[0], size[1] + 0.13 * len(lines)), layout="constrained")
        draw(made)
        # ticks are made when they are drawn, by the style of that time
        for axes in made.axes:
            axes.tick_params(labelsize=7)
        made.suptitle(title + "\n " * rows, x=0.01, ha="left", fontsize=10, parse_math=False)
        # a dollar sign in a name would be read as mathematics
        made.supxlabel("\n".join(lines), fontsize=7, color="#444444", x=0.01, ha="left", parse_math=False)
    made.set_label(caption)
    return made


def legend(made: Figure, handles: Sequence[Any], labels: Sequence[str], across: int, **look: Any) -> None:
    """A legend of the whole figure below its title; an axes' own would be no wider than it."""
    drawn = made.legend(handles, labels, frameon=False, fontsize=7, ncols=across, borderpad=0, columnspacing=1.4,
                        loc="upper left", borderaxespad=0, bbox_to_anchor=(0.01, 1 - 0.27 / made.get_figheight()),
                        **{"handlelength": 1.8} | look)  # fmt: skip
    for text in drawn.get_texts():
        text.set_parse_math(False)


def caption_of(made: Figure) -> str:
    """The caption of a figure made here, in one line: what is drawn, of what and when, and how to read it."""
    return str(made.get_label())


def window(first: int, last: int) -> str:
    """``2021-01 to 2021-12``, or one month."""
    return months.name(first) if first == last else f"{months.name(first)} to {months.name(last)}"


def counted(kind: Unit, n: int) -> str:
    """``9 countries``."""
    one, many = KINDS[kind]
    return f"{n:,} {one if n == 1 else many}"


def together(names: Iterable[str]) -> str:
    """``a, b and c``."""
    *before, last = list(names)
    return f"{', '.join(before)} and {last}" if before else last


def whole_numbers(axis: Any) -> None:
    """No ticks of the axis between whole numbers, thousands parted."""
    axis.set_major_formatter(lambda x, _: f"{x:,.0f}" if abs(x - round(x)) < 1e-6 else "")
