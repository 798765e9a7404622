"""Writing to the two streams: data to standard output, messages to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_WIDTH_OF_FILES = 160


def complain(message: str) -> None:
    """An error message on standard error."""
    print(f"spillover: {message}", file=sys.stderr, flush=True)


def tell(message: str) -> None:
    """A message on standard error that is no error."""
    print(message, file=sys.stderr, flush=True)


def put_text(text: str) -> None:
    """Exactly ``text`` on standard output, in UTF-8 whatever the terminal's own encoding, with no line end added."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()


def put_json(value: Any) -> None:
    """``value`` as JSON in one line on standard output."""
    from spillover.reading.lines import to_line

    put_text(to_line(value) + "\n")


def put_pretty_json(value: Any) -> None:
    """``value`` as indented JSON on standard output."""
    put_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def put(*renderables: RenderableType) -> None:
    """Tables and styled text on standard output."""
    console = stdout()
    for renderable in renderables:
        console.print(renderable)


def stdout() -> Console:
    """A rich console on standard output; wide where that is no terminal, so that nothing is cut."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDTH_OF_FILES)
    return console


def table(
    title: str | None,
    columns: Iterable[str],
    rows: Iterable[Iterable[Any]],
    *,
    right: Sequence[str] = (),
    whole: Sequence[str] = (),
) -> Any:
    """A table of plain text: markup in a cell is shown, not obeyed. Columns in ``whole`` keep their words unbroken."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for column in columns:
        justify = "right" if column in right else "left"
        made.add_column(column, justify=justify, overflow="fold", no_wrap=column in whole)  # type: ignore[arg-type]
    for row in rows:
        made.add_row(*(Text(printable(str("" if cell is None else cell))) for cell in row))
    return made


def printable(text: str) -> str:
    """``text`` without the control characters that would steer a terminal, marks of writing direction included."""
    bidi = range(0x202A, 0x202F), range(0x2066, 0x206A)
    return "".join(
        c
        if c == "\n" or (c.isprintable() and not any(ord(c) in r for r in bidi))
        else ("\ufffd" if ord(c) < 32 else " ")
        for c in text.encode("utf-8", "replace").decode("utf-8")
    )
