"""The process that parses documents: ``python -m spillover.reading.documents.worker``, spoken to over its pipes.

It may be killed at any time; it keeps nothing. It ends when its input ends, when its parent is gone, and on any limit.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from typing import BinaryIO

from spillover.errors import DamagedDocument, DocumentError, DocumentLimit
from spillover.reading.documents import wire
from spillover.reading.documents.limits import Limits

_PARENT_CHECK_SECONDS = 1.0


def main() -> None:
    """Answers one request after the other until standard input ends."""
    # A library that prints must not write into an answer: answers have a descriptor of their own.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = sys.stdin.buffer
    # Ctrl-C reaches the whole process group; it is for the parent to decide.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    while len(prefix := requests.read(wire.PREFIX.size)) == wire.PREFIX.size:
        head_size, data_size = wire.PREFIX.unpack(prefix)
        name, form, limits = wire.read_request(requests.read(head_size))
        data = requests.read(data_size)
        # The parent may now blame the document for what happens to this process.
        _send(answers, wire.RECEIVED)
        payload = _answer(data, name, form, limits)
        _send(answers, payload)


def _send(answers: BinaryIO, payload: bytes) -> None:
    answers.write(wire.PREFIX.pack(len(payload), 0))
    answers.write(payload)
    answers.flush()


def _answer(data: bytes, name: str, form: str | None, limits: Limits) -> bytes:
    from spillover.reading.documents.parse import parse

    _limit(limits)
    try:
        payload = wire.answer(parse(data, name=name, format=form, limits=limits))
        if len(payload) > limits.output_bytes:
            raise DocumentLimit(
                f"the parsed document has {len(payload)} bytes, more than {limits.output_bytes}",
                where=name,
                to_do="Split it.",
            )
        return payload
    except DocumentError as error:
        return wire.refusal(error)
    except MemoryError:
        what = f"reading it takes more than {limits.memory_bytes // 1024**2} MiB of memory"
        return wire.refusal(DocumentLimit(what, where=name, to_do="Split it, or raise the limit."))
    # Parsers of foreign formats raise anything on hostile input; the parent is told what, and lives.
    except Exception as error:
        what = f"the parser failed on it ({type(error).__name__}: {str(error)[:200]})"
        return wire.refusal(DamagedDocument(what, where=name, to_do="Fetch or save it again, or save it as text."))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit(limits: Limits) -> None:
    """Limits for one document. The kernel keeps them, so that a parser stuck in C code is ended too."""
    # The parent's own clock comes first; this is for a parent that is gone or stopped.
    signal.setitimer(signal.ITIMER_REAL, 1.5 * limits.seconds + 2)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _soft(resource.RLIMIT_AS, limits.memory_bytes)
        used = time.process_time()
        _soft(resource.RLIMIT_CPU, int(used + limits.seconds) + 2)


def _soft(what: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _end_with_parent(parent: int) -> None:
    """The end of input says that the parent is gone, unless a copy of the parent still holds the pipe open."""
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_SECONDS)
    os._exit(0)


if __name__ == "__main__":
    main()
