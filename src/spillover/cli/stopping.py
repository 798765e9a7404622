"""Ctrl-C between two parts of long work, not in the middle of one.

Compiled code that is interrupted ends with a ``SystemError`` of its own, so the first Ctrl-C only leaves word; the
second one stops at once.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Gives a question: has Ctrl-C been pressed? A second one raises ``KeyboardInterrupt`` out of the block."""
    pressed: list[bool] = []

    def handle(*_: Any) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(True)
        # print may be at work at this very moment
        os.write(2, b"stopping after this part; Ctrl-C again stops at once\n")

    ours = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) in (
        signal.default_int_handler, None,
    )  # fmt: skip
    before = signal.signal(signal.SIGINT, handle) if ours else None
    try:
        yield lambda: bool(pressed)
    except SystemError as error:
        if pressed and _interrupted(error):
            raise KeyboardInterrupt from error
        raise
    finally:
        if ours:
            signal.signal(signal.SIGINT, before)


def _interrupted(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None
